//! The release app in `dist/`: style, Trunk, wasm-opt, the precache list, compressed files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::step::{execute, step};
use crate::{Failed, root, tools};

/// What a browser does not need to start offline: files, and how names of others begin.
const LEFT_OUT: [&str; 6] =
    ["sw.js", "precache.js", "_headers", "icons/seal-512.png", "icons/shortcut-", "screenshots/"];

/// For the smallest wasm that starts soon. Taking the structure apart lets the second go find what the first could not.
/// A browser compiles each function when it is first called, so the smallest of them are made part of their callers. The features are those that the compiler uses by itself, which all browsers that the app
/// supports have.
pub(crate) const OPTIMISE: [&str; 14] = [
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--always-inline-max-function-size=9",
    "--strip-debug",
    "--strip-producers",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// Builds the release app and returns its folder.
pub(crate) fn build() -> Result<PathBuf, Failed> {
    let path = tools::builders()?;
    let dist = root().join("dist");
    step("building the app (release)", || {
        // Trunk empties the folder itself, but keeps what it did not make.
        if dist.exists() {
            fs::remove_dir_all(&dist)?;
        }
        // It would warn that it finds no Rust: the code comes by a hook.
        let args = ["build", "--release", "--offline", "--log", "error"];
        execute(Command::new("trunk").args(args).env("PATH", &path).current_dir(root()))
    })?;
    step("wasm-opt -Oz", || optimise(&dist, &path))?;
    step("esbuild --minify", || minify(&dist))?;
    step("precache list and compressed files", || {
        name_by_content(&dist)?;
        precache(&dist)?;
        compress(&dist)
    })?;
    Ok(dist)
}

/// The picture that the page begins with.
const SEAL: &str = "icons/seal.svg";

/// Puts the picture into the page: then it is there with the first frame, before any of the code.
fn with_seal(html: &str, svg: &str) -> Result<String, Failed> {
    let signs = [("%", "%25"), ("#", "%23"), ("\"", "'"), ("<", "%3C"), (">", "%3E"), ("\n", "")];
    let svg = signs.iter().fold(svg.to_owned(), |svg, (sign, written)| svg.replace(sign, written));
    let picture = format!("<img src=\"{SEAL}\"");
    if !html.contains(&picture) {
        return Err(format!("index.html has no {picture}").into());
    }
    Ok(html.replace(&picture, &format!("<img src=\"data:image/svg+xml,{svg}\"")))
}

/// Gives the folder of the code a name that follows from what is in it, so that it may be kept for ever. The files in
/// it call each other by relative names, which stay.
fn name_by_content(dist: &Path) -> Result<(), Failed> {
    let code = dist.join("code");
    let mut all = Sha256::new();
    for file in files(&code)? {
        all.update(&file);
        all.update(Sha256::digest(fs::read(code.join(file))?));
    }
    let hash = hex(&all.finalize());
    let name = format!("code-{}", hash.get(..16).unwrap_or(&hash));
    fs::rename(&code, dist.join(&name))?;
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?.replace("code/", &format!("{name}/"));
    let html = with_seal(&html, &fs::read_to_string(dist.join(SEAL))?)?;
    Ok(fs::write(index, html)?)
}

/// What is made of many files: one style sheet, one script that reads codes; both without the spaces.
pub(crate) fn bundle() -> Result<(), Failed> {
    let packages = tools::npm(&root().join("xtask/npm"))?;
    let sources = ["style/main.css", "script/scan.js"];
    let args = [
        "--bundle",
        "--minify",
        "--format=esm",
        "--log-level=warning",
        "--outdir=target/generated",
        "--entry-names=[name]",
    ];
    let mut esbuild = Command::new(packages.join(".bin/esbuild"));
    execute(esbuild.args(sources).args(args).env("NODE_PATH", &packages).current_dir(root()))
}

/// The bindings without spaces and long names.
fn minify(dist: &Path) -> Result<(), Failed> {
    let esbuild = tools::npm(&root().join("xtask/npm"))?.join(".bin/esbuild");
    for script in files(&dist.join("code"))?.iter().filter(|file| file.ends_with(".js")) {
        let file = dist.join("code").join(script);
        let mut run = Command::new(&esbuild);
        run.arg(&file).args(["--minify", "--format=esm", "--log-level=warning", "--allow-overwrite"]);
        execute(run.arg(format!("--outfile={}", file.display())))?;
    }
    Ok(())
}

/// Makes the wasm smaller. It takes minutes, so what was made of the same bytes before is taken again.
fn optimise(dist: &Path, path: &std::ffi::OsStr) -> Result<(), Failed> {
    let kept = root().join("target/wasm-opt");
    fs::create_dir_all(&kept)?;
    for wasm in files(dist)?.iter().filter(|file| file.ends_with(".wasm")) {
        let file = dist.join(wasm);
        let made = Sha256::new_with_prefix(fs::read(&file)?).chain_update(OPTIMISE.concat()).finalize();
        let made = kept.join(hex(&made));
        if !made.exists() {
            let part = made.with_extension("part");
            let mut run = Command::new("wasm-opt");
            run.arg(&file).args(OPTIMISE).arg("-o").arg(&part);
            // It warns of names that it does not know and is told to strip; only a failure is worth reading.
            let done = run.env("PATH", path).output().map_err(|error| format!("wasm-opt: {error}"))?;
            if !done.status.success() {
                return Err(format!("wasm-opt failed on {wasm}:\n{}", String::from_utf8_lossy(&done.stderr)).into());
            }
            fs::rename(part, &made)?;
        }
        fs::copy(made, file)?;
    }
    Ok(())
}

/// Every file below a folder, relative and sorted.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>, Failed> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                all.push(path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    all.sort();
    Ok(all)
}

/// Writes the list of files that the service worker keeps, with their hashes.
fn precache(dist: &Path) -> Result<(), Failed> {
    let mut version = Sha256::new();
    let mut lines = String::new();
    for file in files(dist)?.into_iter().filter(|file| !LEFT_OUT.iter().any(|left| file.starts_with(left))) {
        let hash = hex(&Sha256::digest(fs::read(dist.join(&file))?));
        version.update(&file);
        version.update(&hash);
        lines.push_str(&format!("    [{file:?}, {hash:?}],\n"));
    }
    version.update(fs::read(dist.join("sw.js"))?);
    let version = hex(&version.finalize());
    let short = version.get(..16).unwrap_or(&version);
    Ok(fs::write(
        dist.join("precache.js"),
        format!("self.PRECACHE = {{\n  version: {short:?},\n  files: [\n{lines}  ],\n}};\n"),
    )?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a `.br` and a `.gz` beside every file that gains by it; a server may send them as they are.
fn compress(dist: &Path) -> Result<(), Failed> {
    for file in files(dist)? {
        let bytes = fs::read(dist.join(&file))?;
        let packed = brotli(&bytes)?;
        if packed.len() < bytes.len() * 9 / 10 {
            fs::write(dist.join(format!("{file}.br")), packed)?;
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            gzip.write_all(&bytes)?;
            fs::write(dist.join(format!("{file}.gz")), gzip.finish()?)?;
        }
    }
    Ok(())
}

/// Brotli at its best, as a server sends a file that was compressed beforehand.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Failed> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params)?;
    Ok(packed)
}
