//! `cargo xtask check`: format, lints on both targets, documentation; warnings are errors.

use std::process::Command;

use crate::step::{command, execute, step};
use crate::{Failed, root, tools};

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

pub(crate) fn check() -> Result<(), Failed> {
    tools::target()?;
    let cargo = |args: &[&str]| command("cargo", args, &root());
    step("format", || cargo(&["fmt", "--all", "--check"]))?;
    let strict: &[&str] = &["--", "--deny", "warnings"];
    step("lints on the host", || cargo(&[&["clippy", "--workspace", "--all-targets"], strict].concat()))?;
    step("lints in the browser", || {
        cargo(&[&["clippy", "--lib", "--bins", "--test", "browser"], &WASM[..], strict].concat())
    })?;
    step("lints of the app in parts", || {
        cargo(&[&["clippy", "--lib", "--bins", "--features", "split"], &WASM[..], strict].concat())
    })?;
    let docs = |args: &[&str]| {
        execute(Command::new("cargo").args(args).env("RUSTDOCFLAGS", "--deny warnings").current_dir(root()))
    };
    step("documentation", || docs(&["doc", "--workspace", "--no-deps"]))?;
    step("documentation of the screens", || docs(&[&["doc", "--no-deps", "--lib"], &WASM[..]].concat()))
}
