//! The app's code for the browser: compiled, cut into its parts, bound to JavaScript. Trunk runs it as a hook, between
//! reading `public/index.html` and writing `dist/`.
//!
//! ```text
//! cargo build          one wasm with everything, and its relocations
//! wasm_split           code/split_PART.wasm, code/chunk_N.wasm (what parts share), the main part
//! wasm-bindgen         code/dianbu_bg.wasm from the main part, code/dianbu.js
//! ```

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::execute;
use crate::{Failed, root, tools};

/// The cutting follows the relocations; the flag adds to those in `.cargo/config.toml`.
const RELOCATIONS: &str = r#"target.wasm32-unknown-unknown.rustflags=["-Clink-args=--emit-relocs"]"#;

/// Makes the folder `code/` in the folder that Trunk is filling.
pub(crate) fn code() -> Result<(), Failed> {
    let staging = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let staging = staging.ok_or("this is a hook of Trunk: use `trunk build`, `trunk serve` or `cargo xtask build`")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let whole = compile(release)?;
    let folder = staging.join("code");
    let main = cut(&whole, &folder)?;
    let bindgen = tools::bindgen()?.join("wasm-bindgen");
    // The linker's exports stay: the parts reach each other through its table.
    let options = ["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "dianbu", "--out-dir"];
    execute(Command::new(bindgen).arg(&main).args(options).arg(&folder))?;
    Ok(fs::remove_file(main)?)
}

/// The whole program.
fn compile(release: bool) -> Result<PathBuf, Failed> {
    tools::target()?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--bin", "dianbu", "--features", "split", "--target", "wasm32-unknown-unknown"]);
    cargo.args(["--config", RELOCATIONS]).args(release.then_some("--release"));
    execute(cargo.current_dir(root()))?;
    let profile = if release { "release" } else { "debug" };
    Ok(tools::output_folder().join("wasm32-unknown-unknown").join(profile).join("dianbu.wasm"))
}

/// Cuts the program at the functions that `ui/later.rs` declares; returns the main part.
fn cut(whole: &Path, folder: &Path) -> Result<PathBuf, Failed> {
    let bytes = fs::read(whole)?;
    let main = folder.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./dianbu.js";
    options.link_name = "./__wasm_split.js";
    wasm_split_cli_support::transform(options).map_err(|error| format!("cutting the app: {error:?}"))?;
    Ok(main)
}
