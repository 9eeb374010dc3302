//! `cargo xtask run`: the app with the bundled endpoint on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::step::{command, step};
use crate::{Failed, build, root, tools};

const LISTEN: &str = "127.0.0.1:8080";
const BUCKET: &str = "dianbu";

pub(crate) fn run(args: &[&str]) -> Result<(), Failed> {
    let listen = match args {
        [] => LISTEN,
        ["--listen", address] => address,
        _ => return Err("cargo xtask run [--listen ADDR]".into()),
    };
    let dist = build::build()?;
    let endpoint = endpoint(true)?;
    let data = root().join("data");
    let mut serving = Command::new(endpoint)
        .args(["serve", "--listen", listen, "--bucket", BUCKET, "--data"])
        .arg(&data)
        .arg("--app")
        .arg(&dist)
        .stdout(Stdio::inherit())
        .spawn()?;
    // The keys are made at the first start.
    let keys = (0..100).find_map(|_| {
        sleep(Duration::from_millis(50));
        keys(&data)
    });
    if let Some((key, secret)) = keys {
        let address = format!("http://{listen}");
        let endpoint = encoded(&address);
        println!("\n店簿 Dianbu\n  open here:                {address}/");
        println!(
            "  open with the bucket set:  {address}/#/connect?endpoint={endpoint}&bucket={BUCKET}&key={}&secret={}",
            encoded(&key),
            encoded(&secret),
        );
        println!("  data:                      {}\n  stop with Ctrl-C\n", data.display());
    }
    let status = serving.wait()?;
    if status.success() { Ok(()) } else { Err(format!("the endpoint stopped: {status}").into()) }
}

/// Builds the endpoint and returns its program.
pub(crate) fn endpoint(release: bool) -> Result<PathBuf, Failed> {
    let (profile, folder): (&[&str], _) = if release { (&["--release"], "release") } else { (&[], "debug") };
    step("building the endpoint", || {
        command("cargo", &[&["build", "--package", "dianbu-endpoint"], profile].concat(), &root())
    })?;
    Ok(tools::output_folder().join(folder).join(format!("dianbu-endpoint{}", std::env::consts::EXE_SUFFIX)))
}

/// The endpoint's keys, from the environment or from its folder.
fn keys(data: &Path) -> Option<(String, String)> {
    let own = |name: &str| std::env::var(name).ok();
    if let (Some(key), Some(secret)) = (own("DIANBU_ACCESS_KEY"), own("DIANBU_SECRET_KEY")) {
        return Some((key, secret));
    }
    let text = fs::read_to_string(data.join("credentials")).ok()?;
    let value = |name: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(name))?;
        Some(line.split_once('=')?.1.trim().to_owned())
    };
    Some((value("aws_access_key_id")?, value("aws_secret_access_key")?))
}

/// Percent-encoded for a link.
fn encoded(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
