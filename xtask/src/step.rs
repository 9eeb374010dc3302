//! One step: what it does, how long it took.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Failed;

/// Says what is done, does it, says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    println!("— {what} …");
    let begin = Instant::now();
    let result = work();
    let seconds = begin.elapsed().as_secs_f32();
    match &result {
        Ok(_) => println!("  {what}: done in {seconds:.1} s"),
        Err(_) => println!("  {what}: failed after {seconds:.1} s"),
    }
    result
}

/// Runs a command in a folder; a failure is an error that names it.
pub(crate) fn command(program: impl AsRef<OsStr>, args: &[&str], folder: &Path) -> Result<(), Failed> {
    execute(Command::new(program.as_ref()).args(args).current_dir(folder))
}

/// Runs a prepared command.
pub(crate) fn execute(command: &mut Command) -> Result<(), Failed> {
    let status = command.status().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}").into()) }
}

/// Runs a prepared command, shows its output and hands every line to `each`.
pub(crate) fn follow(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool, Failed> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        each(&line);
    }
    Ok(child.wait()?.success())
}

/// What a command prints, trimmed; none if it cannot be run.
pub(crate) fn output(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program.as_ref()).args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
