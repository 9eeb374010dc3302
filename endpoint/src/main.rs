//! The command: `dianbu-endpoint serve`, and those of [`commands`].

mod commands;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use dianbu_endpoint::{Config, Error, Keys, Log, Running, serve};
use lexopt::{Arg, Parser, ValueExt as _};

const HELP: &str = "\
店簿的存储端：一个文件夹，用 S3 访问，同时提供应用。
The endpoint of the shop book: a folder reached through S3, which also serves the app.

dianbu-endpoint serve --listen ADDR --data DIR [--app DIST] [--bucket NAME]
                      [--log FILE|-] [--max-object BYTES] [--max-objects COUNT]

  --listen ADDR        监听地址 address to listen on, such as 127.0.0.1:8080
  --data DIR           数据文件夹 folder of objects and credentials, made if missing
  --app DIST           构建好的应用 folder of the built app
  --bucket NAME        桶名 name of the bucket (dianbu)
  --log FILE           访问日志 one line per request, - for standard output
  --max-object BYTES   单个对象上限 longest object (16777216)
  --max-objects COUNT  对象数上限 most objects (200000)

DIANBU_ACCESS_KEY, DIANBU_SECRET_KEY: 密钥；不设则首次启动时生成，保存在 DIR/credentials。
Keys; if not set, they are made at first start and kept in DIR/credentials.
";

/// What the command line asks for.
enum Asked {
    Help,
    Version,
    Serve(Box<Config>),
}

#[tokio::main]
async fn main() -> ExitCode {
    if commands::is_ours(std::env::args_os().nth(1).as_deref()) {
        return commands::run(Parser::from_env()).await;
    }
    let config = match asked(Parser::from_env()) {
        Ok(Asked::Serve(config)) => config,
        Ok(Asked::Help) => return say(&format!("{HELP}{}", commands::HELP)),
        Ok(Asked::Version) => {
            return say(concat!("dianbu-endpoint ", env!("CARGO_PKG_VERSION"), "\n"));
        }
        Err(error) => {
            eprintln!("命令不对：{error}。用 --help 查看用法。\nThe command is not right: {error}. See --help.");
            return ExitCode::from(2);
        }
    };
    match run(*config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the process is told to stop.
async fn run(mut config: Config) -> Result<(), Error> {
    config.keys = given_keys(std::env::var_os("DIANBU_ACCESS_KEY"), std::env::var_os("DIANBU_SECRET_KEY"))?;
    let keys = match &config.keys {
        Some(_) => "DIANBU_ACCESS_KEY".to_owned(),
        None => config.data.join("credentials").display().to_string(),
    };
    let bucket = config.bucket.clone();
    // Whoever starts us may stop us at any moment from here on.
    let stop = stop_signal().map_err(|source| Error::Data { path: config.data.clone(), source })?;
    let running: Running = serve(config).await?;
    say(&format!("店簿 http://{} · 桶 bucket {bucket} · 密钥 keys {keys}\n", running.addr()));
    stop.await;
    running.shutdown().await;
    Ok(())
}

fn asked(mut parser: Parser) -> Result<Asked, lexopt::Error> {
    let (mut command, mut listen, mut data) = (None, None, None);
    let mut config = Config::new("", "");
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("help") | Arg::Short('h') => return Ok(Asked::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Asked::Version),
            Arg::Value(value) if command.is_none() && value == "serve" => command = Some(value),
            Arg::Long("listen") => listen = Some(parser.value()?.string()?),
            Arg::Long("data") => data = Some(parser.value()?),
            Arg::Long("app") => config.app = Some(parser.value()?.into()),
            Arg::Long("bucket") => config.bucket = parser.value()?.string()?,
            Arg::Long("log") => {
                let file = parser.value()?;
                config.log = if file == "-" { Log::Stdout } else { Log::File(file.into()) };
            }
            Arg::Long("max-object") => config.max_object = parser.value()?.parse()?,
            Arg::Long("max-objects") => config.max_objects = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    match (command, listen, data) {
        (Some(_), Some(listen), Some(data)) => {
            Ok(Asked::Serve(Box::new(Config { listen, data: data.into(), ..config })))
        }
        (None, _, _) => Err("serve? verify? backup? restore?".into()),
        (_, None, _) => Err("--listen ADDR?".into()),
        (_, _, None) => Err("--data DIR?".into()),
    }
}

/// Both halves of the keys, or neither.
fn given_keys(access: Option<OsString>, secret: Option<OsString>) -> Result<Option<Keys>, Error> {
    match (access, secret) {
        (None, None) => Ok(None),
        (Some(access), Some(secret)) => match (access.into_string(), secret.into_string()) {
            (Ok(access_key), Ok(secret_key)) => Ok(Some(Keys { access_key, secret_key })),
            _ => Err(Error::GivenKeys),
        },
        _ => Err(Error::GivenKeys),
    }
}

/// Waits for Ctrl+C or, on Unix, SIGTERM.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl+C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

/// Prints; a closed pipe is no reason to fail.
fn say(text: &str) -> ExitCode {
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}
