//! `cargo xtask test`: host tests, browser tests, journeys through the release build.

use std::env;
use std::process::Command;
use std::time::Instant;

use crate::step::{execute, follow, step};
use crate::{Failed, build, garage, root, run, tools};

/// Passed and failed.
#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// Reads the closing lines of cargo's and Node's test runners.
    fn read(&mut self, line: &str) {
        let number = |text: &str| text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0);
        if let Some(rest) = line.strip_prefix("test result: ") {
            let part =
                |name: &str| rest.split(['.', ';']).map(str::trim).find(|part| part.ends_with(name)).map_or(0, number);
            self.passed += part(" passed");
            self.failed += part(" failed");
        }
        for (sign, to) in [("# pass ", &mut self.passed), ("# fail ", &mut self.failed)] {
            *to += line.strip_prefix(sign).map_or(0, number);
        }
    }
}

/// Runs one part; its output is shown, its counts are added, its failure does not keep the others from running.
fn part(what: &str, all: &mut Vec<(String, Count, bool)>, command: &mut Command) -> Result<(), Failed> {
    let mut count = Count::default();
    let passed = step(what, || follow(command, |line| count.read(line)))?;
    all.push((what.to_owned(), count, passed));
    Ok(())
}

pub(crate) fn test(args: &[&str]) -> Result<(), Failed> {
    let (only, name) = match args {
        [] => (None, None),
        ["s3"] => return s3(),
        ["--engines", which] => return engines(which),
        [only @ ("host" | "browser" | "e2e")] => (Some(*only), None),
        [only @ ("host" | "browser" | "e2e"), name] => (Some(*only), Some(*name)),
        _ => {
            return Err("cargo xtask test [host|browser|e2e|s3] [NAME]\ncargo xtask test --engines all|NAME,...".into());
        }
    };
    let begin = Instant::now();
    let runs = |part: &str| only.is_none_or(|only| only == part);
    let mut all = Vec::new();
    tools::packages(&[
        ("chromium", "chromium"),
        ("chromedriver", "chromium-driver"),
        ("rclone", "rclone"),
        ("s3cmd", "s3cmd"),
        ("aws", "awscli"),
    ])?;
    fonts()?;
    if runs("host") {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--workspace", "--no-fail-fast"]).args(name).current_dir(root());
        part("host tests", &mut all, &mut cargo)?;
    }
    if runs("browser") {
        part("browser tests", &mut all, &mut browser(name)?)?;
    }
    if runs("e2e") {
        part("journeys", &mut all, &mut journeys(name)?)?;
    }
    report(&all, begin)
}

/// What the app asks of a bucket, asked of a server of others.
fn s3() -> Result<(), Failed> {
    let (begin, mut all) = (Instant::now(), Vec::new());
    let garage = garage::Garage::start()?;
    for (what, in_host) in [("a bucket in the path", false), ("a bucket in the host", true)] {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--package", "dianbu-endpoint", "--test", "conformance", "--no-fail-fast", "--"]);
        // What the server honours is printed, in order.
        cargo.args(["--nocapture", "--test-threads=1"]).current_dir(root());
        garage.tell(&mut cargo, in_host);
        part(what, &mut all, &mut cargo)?;
    }
    report(&all, begin)
}

/// The engines, each with what it needs of Debian.
const ENGINES: [(&str, &[(&str, &str)]); 3] = [
    ("chromium", &[("chromium", "chromium"), ("chromedriver", "chromium-driver")]),
    ("firefox", &[("firefox-esr", "firefox-esr")]),
    ("webkit", &[("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")]),
];

/// Firefox's driver, which Debian does not have.
const GECKODRIVER: &str = "0.37.1";

/// The main journeys on `all` engines, or on those that are named.
fn engines(which: &str) -> Result<(), Failed> {
    let (begin, mut all) = (Instant::now(), Vec::new());
    let names = ENGINES.map(|(name, _)| name);
    let wanted: Vec<&str> = if which == "all" { names.to_vec() } else { which.split(',').collect() };
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(name)) {
        return Err(format!("{unknown} is none of {}", names.join(", ")).into());
    }
    for (_, packages) in ENGINES.iter().filter(|(name, _)| wanted.contains(name)) {
        tools::packages(packages)?;
    }
    fonts()?;
    let mut node = hands()?;
    if wanted.contains(&"firefox") {
        let bin = tools::cargo_tool("geckodriver", "geckodriver", GECKODRIVER, &["--locked", "--debug"])?;
        node.env("GECKODRIVER", bin.join("geckodriver"));
    }
    node.args(["--test", "--test-reporter=tap", "engines/journeys.js"]).env("DIANBU_ENGINES", wanted.join(","));
    part("journeys on engines", &mut all, &mut node)?;
    report(&all, begin)
}

/// Chinese text needs a font to be looked at.
fn fonts() -> Result<(), Failed> {
    let found = crate::step::output("fc-list", &[":lang=zh"]).is_some_and(|list| !list.is_empty());
    if found { Ok(()) } else { tools::install(&["fonts-noto-cjk"]) }
}

fn browser(name: Option<&str>) -> Result<Command, Failed> {
    tools::target()?;
    let runner = tools::bindgen()?.join("wasm-bindgen-test-runner");
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--target", "wasm32-unknown-unknown", "--test", "browser"]).args(name).current_dir(root());
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    cargo.env("CHROMEDRIVER", env::var_os("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".into()));
    Ok(cargo)
}

fn journeys(name: Option<&str>) -> Result<Command, Failed> {
    let mut node = hands()?;
    // One after the other: each starts browsers of its own.
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]);
    if let Some(name) = name {
        node.arg(format!("--test-name-pattern={name}"));
    }
    Ok(node)
}

/// What uses the real app in a real browser: the release build, the endpoint, the packages and the browser at hand.
pub(crate) fn hands() -> Result<Command, Failed> {
    let folder = root().join("tests/e2e");
    tools::npm(&folder)?;
    let dist = build::build()?;
    let endpoint = run::endpoint(false)?;
    let mut node = Command::new("node");
    node.current_dir(folder).env("DIANBU_DIST", dist).env("DIANBU_ENDPOINT", endpoint);
    node.env("CHROMIUM", env::var_os("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into()));
    Ok(node)
}

/// Takes the pictures of the app that its manifest and the README show.
pub(crate) fn pictures() -> Result<(), Failed> {
    execute(hands()?.arg("pictures.js"))
}

fn report(all: &[(String, Count, bool)], begin: Instant) -> Result<(), Failed> {
    println!();
    let (mut passed, mut failed) = (0, 0);
    for (what, count, fine) in all {
        println!("{what}: {} passed, {} failed", count.passed, count.failed);
        passed += count.passed;
        // A part that broke before it could count has still failed.
        failed += if *fine { count.failed } else { count.failed.max(1) };
    }
    println!("in {:.0} s", begin.elapsed().as_secs_f32());
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { Ok(()) } else { Err("tests failed".into()) }
}
