//! `cargo xtask sim`: the simulator in its optimised profile.

use std::process::Command;

use crate::step::execute;
use crate::{Failed, root};

pub(crate) fn sim(args: &[&str]) -> Result<(), Failed> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--profile", "sim", "--package", "dianbu-sim", "--"]).args(args);
    execute(cargo.current_dir(root()))
}
