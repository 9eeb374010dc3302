//! The project's own commands: `cargo xtask run`, `test`, `check`, `size`, `bench`, `read FILE`, `sim`, `fuzz`,
//! `pictures`, `build`, `tables`.
//!
//! Each installs what it needs, says what it does and how long it took, and skips what is there already.
#![allow(clippy::print_stdout, reason = "a command line talks on its standard output")]

mod bench;
mod build;
mod check;
mod code;
mod fuzz;
mod garage;
mod read;
mod run;
mod sim;
mod size;
mod step;
mod tables;
mod test;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

/// What went wrong and what to do, for the person at the command line.
type Failed = Box<dyn std::error::Error>;

const HELP: &str = "\
cargo xtask run [--listen ADDR]             builds the app and serves it with the bundled endpoint
cargo xtask test [host|browser|e2e] [NAME]  runs every test, or a part of them
cargo xtask test s3                         the tests of a bucket against Garage, which is installed if it is missing
cargo xtask test --engines all|NAME,...     the main journeys on chromium, firefox and webkit
cargo xtask check                           format, lints on both targets, documentation
cargo xtask size [--write]                  bytes of the first load against the budget; --write updates docs/size.md
cargo xtask read FILE                       what an import would take from a CSV or vCard file, as JSON lines
cargo xtask bench [--only NAME,...] [--rows N,...] [--write]
                                            the data layer beside its peers; --write updates docs/performance.md
cargo xtask bench --app [--rows N]          the real app on a processor four times slower, with 100,000 customers
cargo xtask bench --page [--write]          how the page loads on a slow phone, and Lighthouse; --write updates docs/browsers.md
cargo xtask sim [--seeds N] [--from S]      runs the simulator; --guards N, --tell S: see docs/reliability.md
cargo xtask fuzz [--only NAME] [--minutes N]
                                            searches for bytes that a decoder cannot take; --keep: see docs/reliability.md
cargo xtask pictures                        the pictures of the app in public/screenshots, anew
cargo xtask build                           the release app, in dist/
cargo xtask bundle                          style and scripts of many files, as a step of the build
cargo xtask code                            the app's code in its parts, as a step of the build
cargo xtask tables                          generated tables, anew from their sources";

/// The folder of the whole project.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap_or_default()
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["run", rest @ ..] => run::run(rest),
        ["test", rest @ ..] => test::test(rest),
        ["check"] => check::check(),
        ["size"] => size::size(false),
        ["size", "--write"] => size::size(true),
        ["read", file] => read::read(file),
        ["bench", rest @ ..] => bench::bench(rest),
        ["sim", rest @ ..] => sim::sim(rest),
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["pictures"] => test::pictures(),
        ["build"] => build::build().map(drop),
        ["bundle"] => build::bundle(),
        ["code"] => code::code(),
        ["tables"] => tables::run(&root()).map_err(Into::into),
        _ => Err(HELP.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
