//! The commands that check and move vaults: `verify`, `backup`, `restore`.

use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::process::ExitCode;

use dianbu::remote::Connection;
use dianbu::sync::invite::Invitation;
use dianbu_endpoint::vault::{self, Location, Outcome};
use lexopt::{Arg, Parser, ValueExt as _};

use crate::say;

pub(crate) const HELP: &str = "
dianbu-endpoint verify  [--data DIR | --bucket URL] [--link LINK] [--find TEXT]
dianbu-endpoint backup  [--data DIR | --bucket URL] [--link LINK] --to FOLDER
dianbu-endpoint restore --from FOLDER (--data DIR | --bucket URL)

  检查、备份、恢复账簿；只读，恢复时只写入空处。backup 的文件夹本身就是数据文件夹，再次运行只复制新的。
  Check, back up and restore vaults. Nothing is changed where they are read, and restore overwrites nothing.
  A backup is a data folder itself; running backup again copies only what is new.

  --data DIR           数据文件夹 data folder of an endpoint (it may be running), or a backup
  --bucket URL         桶 bucket of any S3 service, such as https://s3.example.com/shop
  --prefix PREFIX      名字前缀 what stands before every name
  --region REGION      地区 region of the bucket (us-east-1)
  --key, --secret      密钥 keys of the bucket; better in DIANBU_ACCESS_KEY, DIANBU_SECRET_KEY
  --link LINK          邀请链接，检查全部内容 an invitation: checks everything; - reads it from standard input,
                       better than on a command line that others see. Alone it also says where the bucket is
  --find TEXT          列出内容里有这段文字的对象，例如抹去客户以后（要有 --link）
                       names every object whose content holds this text, such as after an erasure (needs --link)
";

/// What was asked for.
#[derive(Default)]
struct Asked {
    data: Option<PathBuf>,
    bucket: Option<String>,
    prefix: String,
    region: String,
    key: Option<String>,
    secret: Option<String>,
    link: Option<String>,
    find: Option<String>,
    folder: Option<PathBuf>,
}

/// Whether the first word names one of these commands.
pub(crate) fn is_ours(first: Option<&std::ffi::OsStr>) -> bool {
    first.is_some_and(|first| first == "verify" || first == "backup" || first == "restore")
}

/// Carries out a command. 0: all is well; 1: something is wrong, or it could not be done; 2: the command is not right.
pub(crate) async fn run(parser: Parser) -> ExitCode {
    let (command, asked) = match asked(parser) {
        Ok(Some(asked)) => asked,
        Ok(None) => return say(HELP),
        Err(error) => {
            eprintln!("命令不对：{error}。用 --help 查看用法。\nThe command is not right: {error}. See --help.");
            return ExitCode::from(2);
        }
    };
    match carry_out(&command, asked).await {
        Ok(outcome) => {
            say(&outcome.to_string());
            if outcome.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn asked(mut parser: Parser) -> Result<Option<(String, Asked)>, lexopt::Error> {
    let (mut asked, mut command) = (Asked::default(), None);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Value(value) if command.is_none() => command = Some(value.string()?),
            Arg::Long("data") => asked.data = Some(parser.value()?.into()),
            Arg::Long("bucket") => asked.bucket = Some(parser.value()?.string()?),
            Arg::Long("prefix") => asked.prefix = parser.value()?.string()?,
            Arg::Long("region") => asked.region = parser.value()?.string()?,
            Arg::Long("key") => asked.key = Some(parser.value()?.string()?),
            Arg::Long("secret") => asked.secret = Some(parser.value()?.string()?),
            Arg::Long("link") => asked.link = Some(parser.value()?.string()?),
            Arg::Long("find") if command.as_deref() == Some("verify") => asked.find = Some(parser.value()?.string()?),
            Arg::Long("to") if command.as_deref() == Some("backup") => asked.folder = Some(parser.value()?.into()),
            Arg::Long("from") if command.as_deref() == Some("restore") => asked.folder = Some(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    let command = command.unwrap_or_default();
    match (command.as_str(), &asked) {
        ("verify", Asked { find: Some(_), link: None, .. }) => Err("--link LINK?".into()),
        ("backup", Asked { folder: None, .. }) => Err("--to FOLDER?".into()),
        ("restore", Asked { folder: None, .. }) => Err("--from FOLDER?".into()),
        ("restore", Asked { data: None, bucket: None, .. }) | (_, Asked { data: Some(_), bucket: Some(_), .. }) => {
            Err("--data DIR? --bucket URL?".into())
        }
        (_, Asked { data: None, bucket: None, link: None, .. }) => Err("--data DIR? --bucket URL? --link LINK?".into()),
        _ => Ok(Some((command, asked))),
    }
}

async fn carry_out(command: &str, asked: Asked) -> Result<Outcome, Box<dyn std::error::Error>> {
    let link = asked.link.as_deref().map(link).transpose()?;
    let at = location(&asked, link.as_ref())?;
    let folder = asked.folder.unwrap_or_default();
    Ok(match command {
        "verify" => vault::verify(&at, link.as_ref(), asked.find.as_deref()).await?,
        "backup" => vault::backup(&at, folder, link.as_ref()).await?,
        _ => vault::restore(folder, &at).await?,
    })
}

/// The invitation that was named; `-` stands for the first line of standard input.
fn link(text: &str) -> Result<Invitation, Box<dyn std::error::Error>> {
    if text != "-" {
        return Ok(vault::invitation(text)?);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(vault::invitation(&line)?)
}

/// Where the vault lies; the invitation says it too, with keys.
fn location(asked: &Asked, link: Option<&Invitation>) -> Result<Location, Box<dyn std::error::Error>> {
    if let Some(path) = &asked.data {
        return Ok(Location::Folder { path: path.clone(), prefix: asked.prefix.clone() });
    }
    let known = link.map(|link| link.connection.clone());
    let Some(url) = &asked.bucket else { return Ok(Location::Bucket(known.unwrap_or_default())) };
    let (endpoint, bucket) = url.trim_end_matches('/').rsplit_once('/').ok_or("--bucket https://HOST/BUCKET?")?;
    let key = |given: &Option<String>, name: &str, known: Option<String>| {
        given.clone().or_else(|| std::env::var(name).ok()).or(known).unwrap_or_default()
    };
    Ok(Location::Bucket(Connection {
        endpoint: endpoint.to_owned(),
        bucket: bucket.to_owned(),
        region: asked.region.clone(),
        prefix: asked.prefix.clone(),
        access_key: key(&asked.key, "DIANBU_ACCESS_KEY", known.as_ref().map(|known| known.access_key.clone())),
        secret_key: key(&asked.secret, "DIANBU_SECRET_KEY", known.map(|known| known.secret_key)),
    }))
}
