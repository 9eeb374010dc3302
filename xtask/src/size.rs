//! `cargo xtask size`: the bytes of the first load, as they travel, against the budget.
//!
//! The first load is what a browser fetches at the very first visit until the first screen can be used: the page, its
//! script and style, and the main part of the code. Every further part is fetched in the
//! background, or when somebody goes there sooner; it is listed and has a ceiling of its own.

use std::fs;
use std::path::Path;

use crate::build::{brotli, build, files};
use crate::{Failed, root};

/// Budgets in bytes: everything of the first load, and the wasm in it.
const ALL: usize = 350 * 1024;
const WASM: usize = 300 * 1024;
/// The code of the parts that come later, all together. It is no promise to anybody, but should not grow unseen.
const LATER: usize = 1_230 * 1024;
/// What a browser does not fetch to show the app.
const NOT_FETCHED: [&str; 5] = [".br", ".gz", ".png", ".webp", "_headers"];
/// Where the table stands in the documents.
const DOCUMENT: &str = "docs/size.md";
const MARKS: (&str, &str) = ("<!-- sizes -->\n", "<!-- end of sizes -->");

/// One file: its name without hashes, its bytes, and as they travel.
struct Weight {
    name: String,
    bytes: usize,
    packed: usize,
}

pub(crate) fn size(write: bool) -> Result<(), Failed> {
    let dist = build()?;
    let is_part =
        |name: &str| name.ends_with("scan.js") || name.ends_with(".wasm") && !name.ends_with("dianbu_bg.wasm");
    let (later, now): (Vec<_>, Vec<_>) = weigh(&dist)?.into_iter().partition(|file| is_part(&file.name));

    let sum = |files: &[Weight], ending: &str| -> usize {
        files.iter().filter(|file| file.name.ends_with(ending)).map(|file| file.packed).sum()
    };
    let (all, wasm, rest) = (sum(&now, ""), sum(&now, ".wasm"), sum(&later, ""));
    let table = [
        lines("First load", &now),
        format!("| **all** | | **{all}** of {ALL} |\n| **wasm** | | **{wasm}** of {WASM} |\n"),
        lines("\nIn the background", &later),
        format!("| **all** | | **{rest}** of {LATER} |\n"),
    ]
    .concat();
    println!("{table}");
    if write {
        document(&table)?;
    }
    let budgets = [("the first load", all, ALL), ("its wasm", wasm, WASM), ("what comes later", rest, LATER)];
    match budgets.iter().find(|(_, is, may)| is > may) {
        Some((what, is, may)) => Err(format!("{what} has {is} bytes, {} over its budget", is - may).into()),
        None => {
            println!("within the budget");
            Ok(())
        }
    }
}

/// Every file that a browser fetches.
fn weigh(dist: &Path) -> Result<Vec<Weight>, Failed> {
    let fetched = files(dist)?.into_iter().filter(|file| !NOT_FETCHED.iter().any(|end| file.ends_with(end)));
    fetched
        .map(|file| {
            let bytes = fs::read(dist.join(&file))?;
            Ok(Weight { name: plain(&file), bytes: bytes.len(), packed: brotli(&bytes)?.len() })
        })
        .collect()
}

fn lines(heading: &str, files: &[Weight]) -> String {
    let line = |file: &Weight| format!("| {} | {} | {} |\n", file.name, file.bytes, file.packed);
    format!("{heading}:\n\n| file | bytes | brotli |\n|---|---:|---:|\n{}", files.iter().map(line).collect::<String>())
}

/// A file's name without the hash of its content, which changes with every build.
fn plain(file: &str) -> String {
    let is_hash = |part: &&str| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match file.split(['-', '_', '.', '/']).find(is_hash) {
        Some(hash) => file.replace(&format!("-{hash}"), ""),
        None => file.to_owned(),
    }
}

fn document(table: &str) -> Result<(), Failed> {
    let path = root().join(DOCUMENT);
    let text = fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(MARKS.0).ok_or("docs/size.md has no place for the table")?;
    let (_, after) = rest.split_once(MARKS.1).ok_or("docs/size.md has no end of the table")?;
    Ok(fs::write(path, format!("{before}{}{table}{}{after}", MARKS.0, MARKS.1))?)
}
