//! `cargo xtask bench`: the data layer beside its peers, in one Chromium.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::OPTIMISE;
use crate::step::{execute, step};
use crate::test::hands;
use crate::{Failed, root, tools};

/// Every contender, in the order of the tables: the limits, ours, the peers.
const ALL: [&str; 10] =
    ["packed", "objects", "dianbu", "dexie", "rxdb", "pouchdb", "tinybase", "yjs", "automerge", "loro"];
const OURS: &str = "dianbu";
const USAGE: &str = "\
cargo xtask bench [--only NAME,...] [--rows N,...] [--rounds N] [--write]
cargo xtask bench --app [--rows N]
cargo xtask bench --page [--write]";
/// Where the figures of the page stand in the documents.
const PAGE: &str = "docs/browsers.md";

/// What is to be measured.
struct Plan {
    contenders: String,
    rows: String,
    rounds: String,
    write: bool,
}

impl Plan {
    fn read(args: &[&str]) -> Result<Self, Failed> {
        let (contenders, rows, rounds) = (ALL.join(","), "10000,100000".to_owned(), "3".to_owned());
        let mut plan = Self { contenders, rows, rounds, write: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if *arg == "--write" {
                plan.write = true;
                continue;
            }
            let value = (*args.next().ok_or(USAGE)?).to_owned();
            match *arg {
                "--only" => plan.contenders = value,
                "--rows" => plan.rows = value,
                "--rounds" => plan.rounds = value,
                _ => return Err(USAGE.into()),
            }
        }
        match plan.contenders.split(',').find(|name| !ALL.contains(name)) {
            Some(unknown) => Err(format!("{unknown} is none of {}", ALL.join(", ")).into()),
            None => Ok(plan),
        }
    }
}

/// The real app on a slow processor: what a person waits for, and what stays in memory.
fn app(rows: Option<&str>) -> Result<(), Failed> {
    tools::packages(&[("chromium", "chromium")])?;
    let mut node = hands()?;
    node.arg("measure/app.js").arg(target_folder().join("bench/app.json"));
    if let Some(rows) = rows {
        node.env("ROWS", rows);
    }
    step("measuring the app", || execute(&mut node))
}

/// How the page loads on a slow phone, and what Lighthouse says of it.
fn page(write: bool) -> Result<(), Failed> {
    tools::packages(&[("chromium", "chromium")])?;
    let mut node = hands()?;
    node.arg("measure/page.js").args(write.then(|| root().join(PAGE)));
    step("measuring the page", || execute(&mut node))
}

pub(crate) fn bench(args: &[&str]) -> Result<(), Failed> {
    match args {
        ["--app"] => return app(None),
        ["--app", "--rows", rows] => return app(Some(rows)),
        ["--page"] => return page(false),
        ["--page", "--write"] => return page(true),
        _ => {}
    }
    let plan = Plan::read(args)?;
    tools::packages(&[("chromium", "chromium")])?;
    let folder = root().join("tests/bench");
    tools::npm(&folder)?;
    let target = target_folder();
    let ours = target.join("bench/ours");
    if plan.contenders.split(',').any(|name| name == OURS) {
        step("building the data layer (release)", || build(&target, &ours))?;
    }
    let measured = target.join("bench/measured.json");
    step("measuring", || {
        let mut node = Command::new("node");
        node.current_dir(&folder).arg("run.js").arg(&measured);
        node.args(["--contenders", &plan.contenders, "--rows", &plan.rows, "--rounds", &plan.rounds]).arg("--ours");
        node.arg(&ours).env("CHROMIUM", env::var_os("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into()));
        execute(&mut node)
    })?;
    let mut report = Command::new("node");
    report.current_dir(&folder).arg("report.js").arg(&measured);
    if plan.write {
        report.arg(root().join("docs"));
    }
    execute(&mut report)
}

/// The data layer as an example of the package, made as the app is made: release profile, wasm-bindgen, wasm-opt.
fn build(target: &Path, ours: &Path) -> Result<(), Failed> {
    let path = tools::builders()?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--example", "bench", "--target", "wasm32-unknown-unknown"]);
    execute(cargo.current_dir(root()))?;
    let mut bindgen = Command::new("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(ours);
    bindgen.arg(target.join("wasm32-unknown-unknown/release/examples/bench.wasm"));
    execute(bindgen.env("PATH", &path))?;
    let wasm = ours.join("bench_bg.wasm");
    let mut optimise = Command::new("wasm-opt");
    optimise.args(OPTIMISE).arg(&wasm).arg("-o").arg(&wasm);
    execute(optimise.env("PATH", &path))
}

fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
