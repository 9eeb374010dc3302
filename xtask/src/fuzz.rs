//! `cargo xtask fuzz`: searches for bytes that a decoder cannot take, guided by coverage.
//!
//! The stable compiler can instrument code; only its sanitizers need another one, and what they watch for is not in this
//! code, which has no unsafe part. Everything lies in `target/fuzz`: the instrumented build, the corpus as it grows,
//! and what was found.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{execute, output, step};
use crate::{Failed, root};

/// Counters at every edge, and the operands of comparisons, for the engine to go by.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";
/// Inputs that are searched are not longer, in bytes. What memory a decoder takes is measured by the byte.
const LONGEST: usize = 1 << 16;
/// Inputs that are kept with the project are not longer, in bytes,
const LONGEST_KEPT: usize = 1 << 10;
/// and of each decoder not more than so many.
const MOST_KEPT: usize = 36;

/// What is asked for.
struct Asked {
    only: Option<String>,
    minutes: u64,
    keep: bool,
}

pub(crate) fn fuzz(args: &[&str]) -> Result<(), Failed> {
    let mut asked = Asked { only: None, minutes: 10, keep: false };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match (*arg, rest.clone().next()) {
            ("--keep", _) => asked.keep = true,
            ("--only", Some(name)) => asked.only = Some((*name).to_owned()),
            ("--minutes", Some(minutes)) => asked.minutes = minutes.parse()?,
            _ => return Err("cargo xtask fuzz [--only NAME] [--minutes N] [--keep]".into()),
        }
        if *arg != "--keep" {
            rest.next();
        }
    }
    let engine = build()?;
    let folder = root().join("target/fuzz");
    let mut rows = Vec::new();
    for name in names()?.into_iter().filter(|name| asked.only.as_ref().is_none_or(|only| only == name)) {
        if asked.keep {
            step(&format!("keeping what {name} needs"), || keep(&engine, &folder, &name))?;
        } else {
            rows.push(step(&format!("{name}, {} minutes", asked.minutes), || search(&engine, &folder, &name, &asked))?);
        }
    }
    if rows.is_empty() && !asked.keep {
        return Err("no decoder has this name; they are the folders of tests/fuzz/corpus".into());
    }
    if asked.keep {
        return Ok(());
    }
    println!("\n| decoder | inputs run | minutes | most memory of a decoder | found |\n|---|---:|---:|---:|---|");
    for row in &rows {
        println!("{row}");
    }
    if rows.iter().all(|row| row.ends_with("| nothing |")) {
        Ok(())
    } else {
        Err("something was found: see target/fuzz/found".into())
    }
}

/// The instrumented program, and the seeds.
fn build() -> Result<PathBuf, Failed> {
    let version = output("rustc", &["-vV"]).unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not tell its host")?;
    let folder = root().join("target/fuzz");
    step("building the decoders", || {
        let mut cargo = Command::new("cargo");
        // With a target named, what runs at build time is not instrumented.
        cargo.args(["build", "--package", "dianbu-fuzz", "--features", "engine", "--bin", "fuzz", "--profile", "fuzz"]);
        cargo.args(["--target", host]).env("RUSTFLAGS", INSTRUMENTED).env("CARGO_TARGET_DIR", &folder);
        execute(cargo.current_dir(root()))
    })?;
    step("writing the seeds", || {
        let seeds = folder.join("seeds");
        let mut cargo = Command::new("cargo");
        cargo.args(["run", "--quiet", "--package", "dianbu-fuzz", "--bin", "seeds", "--"]).arg(seeds);
        execute(cargo.current_dir(root()))
    })?;
    Ok(folder.join(host).join("fuzz").join(format!("fuzz{}", std::env::consts::EXE_SUFFIX)))
}

/// The decoders: each has a folder.
fn names() -> Result<Vec<String>, Failed> {
    let folders = fs::read_dir(kept())?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = folders.collect();
    names.sort();
    Ok(names)
}

fn kept() -> PathBuf {
    root().join("tests/fuzz/corpus")
}

fn engine(program: &Path, name: &str) -> Command {
    let mut command = Command::new(program);
    command.env("DIANBU_FUZZ", name).current_dir(root());
    command
}

/// Runs one decoder; its row of the table.
fn search(program: &Path, folder: &Path, name: &str, asked: &Asked) -> Result<String, Failed> {
    let (corpus, found) = (folder.join("corpus").join(name), folder.join("found").join(name));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    let mut command = engine(program, name);
    command.arg(format!("-max_total_time={}", asked.minutes * 60)).arg(format!("-max_len={LONGEST}"));
    command.args(["-print_final_stats=1", "-timeout=20", "-rss_limit_mb=4096"]);
    command.arg(format!("-artifact_prefix={}/", found.display()));
    command.args([&corpus, &folder.join("seeds").join(name), &kept().join(name)]);
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    let (mut runs, mut memory, mut last) = (String::new(), 0_u64, Vec::new());
    for line in BufReader::new(child.stderr.take().ok_or("no output")?).lines() {
        let line = line?;
        let number =
            |begin: &str| line.strip_prefix(begin).and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
        runs = number("stat::number_of_executed_units:").unwrap_or(runs);
        memory = number("most memory of a decoder:").and_then(|bytes| bytes.parse().ok()).unwrap_or(memory);
        last.push(line);
        last.drain(..last.len().saturating_sub(40));
    }
    let fine = child.wait()?.success();
    if !fine {
        for line in &last {
            println!("    {line}");
        }
    }
    let found = if fine { "nothing" } else { "see above" };
    Ok(format!("| {name} | {runs} | {} | {} KiB | {found} |", asked.minutes, memory.div_ceil(1024)))
}

/// Of the fewest short inputs that reach what all of them reach, some of every length take the place of those in the
/// project. What once was a finding stays.
fn keep(program: &Path, folder: &Path, name: &str) -> Result<(), Failed> {
    let (kept, chosen) = (kept().join(name), folder.join("chosen").join(name));
    if chosen.exists() {
        fs::remove_dir_all(&chosen)?;
    }
    fs::create_dir_all(&chosen)?;
    let mut command = engine(program, name);
    command.args(["-set_cover_merge=1".to_owned(), format!("-max_len={LONGEST_KEPT}")]);
    command.args([&chosen, &folder.join("corpus").join(name), &folder.join("seeds").join(name), &kept]);
    execute(command.stderr(Stdio::null()))?;
    let files = |folder: &Path| -> Result<Vec<PathBuf>, Failed> {
        Ok(fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect())
    };
    let once = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("once-"));
    for old in files(&kept)?.iter().filter(|path| !once(path)) {
        fs::remove_file(old)?;
    }
    let mut new = files(&chosen)?;
    new.sort_by_key(|path| (fs::metadata(path).map_or(0, |found| found.len()), path.clone()));
    for new in new.iter().step_by(new.len().div_ceil(MOST_KEPT).max(1)) {
        fs::copy(new, kept.join(new.file_name().unwrap_or_default()))?;
    }
    Ok(())
}
