//! Tools: what is missing is installed, in a folder of the user's that all clones share.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{command, execute, output, step};
use crate::{Failed, root};

const TRUNK: &str = "0.21.14";

/// Programs that do not tell their version.
const SILENT: [&str; 2] = ["WebKitWebDriver", "Xvfb"];

/// The tools of the release build, as the search path of its commands.
pub(crate) fn builders() -> Result<OsString, Failed> {
    target()?;
    // Trunk's own debug build works as well and takes a third of the time.
    let trunk = cargo_tool("trunk", "trunk", TRUNK, &["--locked", "--debug"])?;
    let bindgen = bindgen()?;
    let npm = npm(&root().join("xtask/npm"))?.join(".bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let all = [npm, trunk, bindgen].into_iter().chain(env::split_paths(&path));
    Ok(env::join_paths(all)?)
}

/// Where cargo puts what it builds.
pub(crate) fn output_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The target that browsers run.
pub(crate) fn target() -> Result<(), Failed> {
    let installed = output("rustup", &["target", "list", "--installed"]).unwrap_or_default();
    if installed.lines().any(|line| line == "wasm32-unknown-unknown") {
        return Ok(());
    }
    step("installing the target wasm32-unknown-unknown", || {
        command("rustup", &["target", "add", "wasm32-unknown-unknown"], &root())
    })
}

/// wasm-bindgen's command line, of exactly the version that the app is built with.
pub(crate) fn bindgen() -> Result<PathBuf, Failed> {
    let version = locked("wasm-bindgen")?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &version, &["--debug"])
}

/// The version of a dependency in the lock file.
fn locked(name: &str) -> Result<String, Failed> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let entry = format!("name = \"{name}\"\nversion = \"");
    let found = lock.split_once(&entry).and_then(|(_, rest)| rest.split_once('"'));
    found.map(|(version, _)| version.to_owned()).ok_or_else(|| format!("{name} is not in Cargo.lock").into())
}

/// Where tools are kept: one folder for each version, shared by all clones of this user.
fn cache() -> Result<PathBuf, Failed> {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = base.or_else(home).ok_or("neither HOME nor XDG_CACHE_HOME is set")?;
    Ok(base.join("dianbu/tools"))
}

/// The folder of a program from crates.io. It is installed unless it is there in the version wanted.
pub(crate) fn cargo_tool(package: &str, program: &str, version: &str, options: &[&str]) -> Result<PathBuf, Failed> {
    let folder = cache()?.join(format!("{package}-{version}"));
    let bin = folder.join("bin");
    let is = |program: &Path| output(program, &["--version"]).is_some_and(|text| text.contains(version));
    if is(&bin.join(program)) {
        return Ok(bin);
    }
    step(&format!("installing {package} {version} (some minutes, once)"), || {
        // Away from the project, whose settings are for the app.
        let cache = cache()?;
        fs::create_dir_all(&cache)?;
        let build = cache.join(format!("build-{package}"));
        let root = folder.to_string_lossy().into_owned();
        let mut install = Command::new("cargo");
        install.args(["install", package, "--version", version, "--root", &root, "--force"]).args(options);
        execute(install.env("CARGO_TARGET_DIR", &build).current_dir(&cache))?;
        // Only the program is needed again.
        Ok(fs::remove_dir_all(build)?)
    })?;
    if is(&bin.join(program)) { Ok(bin) } else { Err(format!("{program} {version} does not run").into()) }
}

/// The packages of a folder with a lock file, in its `node_modules`.
pub(crate) fn npm(folder: &Path) -> Result<PathBuf, Failed> {
    let modules = folder.join("node_modules");
    let done = modules.join(".installed");
    let lock = fs::read(folder.join("package-lock.json"))?;
    if fs::read(&done).ok().as_ref() == Some(&lock) {
        return Ok(modules);
    }
    step(&format!("npm ci in {}", folder.display()), || {
        let hint = |error| format!("npm: {error}. Install Node.js 20 or newer with its npm.");
        command("npm", &["ci"], folder).map_err(hint)?;
        Ok(fs::write(&done, &lock)?)
    })?;
    Ok(modules)
}

/// Debian's packages, each with a program that shows that it is there.
pub(crate) fn packages(wanted: &[(&str, &str)]) -> Result<(), Failed> {
    let is_there = |program: &str| {
        let folders = env::var_os("PATH").unwrap_or_default();
        let found = env::split_paths(&folders).any(|folder| folder.join(program).is_file());
        found && (SILENT.contains(&program) || output(program, &["--version"]).is_some())
    };
    let missing: Vec<_> =
        wanted.iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// Installs packages where the system's package manager is Debian's and may be used; says which ones where not.
pub(crate) fn install(missing: &[&str]) -> Result<(), Failed> {
    let advice = || format!("Please install with your system's package manager: {}", missing.join(", "));
    let sudo: &[&str] = match output("id", &["-u"]).as_deref() {
        Some("0") => &[],
        _ if output("sudo", &["-n", "true"]).is_some() => &["sudo", "-n"],
        _ => return Err(advice().into()),
    };
    let apt = |args: &[&str]| {
        let all: Vec<_> = sudo.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]).collect();
        let (program, rest) = all.split_first().ok_or_else(advice)?;
        command(program, &[rest, args].concat(), &root())
    };
    step(&format!("installing {}", missing.join(", ")), || {
        apt(&["update", "--quiet"]).and_then(|()| apt(&[&["install", "--yes", "--quiet"], missing].concat()))
    })
    .map_err(|error| format!("{error}\n{}", advice()).into())
}
