//! `cargo xtask size`: the bytes of the first load, as they travel, against the budget.

use std::fs;

use crate::build::{brotli, build, files};
use crate::{Failed, root};

/// Budgets in bytes: everything of the first load, and the wasm in it.
const ALL: usize = 350 * 1024;
const WASM: usize = 300 * 1024;
/// The wasm is still over its budget. Until it is within, it may only become smaller: every gain lowers this figure,
/// and a build above it fails.
const CEILING: usize = 985 * 1024;
/// What a browser does not fetch to show the app.
const LATER: [&str; 4] = [".br", ".gz", ".png", "_headers"];
/// Where the table stands in the documents.
const DOCUMENT: &str = "docs/size.md";
const MARKS: (&str, &str) = ("<!-- sizes -->\n", "<!-- end of sizes -->");

pub(crate) fn size(write: bool) -> Result<(), Failed> {
    let dist = build()?;
    let mut table = String::from("| file | bytes | brotli |\n|---|---:|---:|\n");
    let (mut all, mut wasm) = (0, 0);
    for file in files(&dist)?.into_iter().filter(|file| !LATER.iter().any(|end| file.ends_with(end))) {
        let bytes = fs::read(dist.join(&file))?;
        let packed = brotli(&bytes)?.len();
        table.push_str(&format!("| {} | {} | {packed} |\n", plain(&file), bytes.len()));
        all += packed;
        if file.ends_with(".wasm") {
            wasm += packed;
        }
    }
    table.push_str(&format!("| **all** | | **{all}** of {ALL} |\n| **wasm** | | **{wasm}** of {WASM} |\n"));
    println!("{table}");
    if write {
        document(&table)?;
    }
    if wasm > CEILING {
        return Err(format!("the wasm grew past {CEILING} bytes: find out what made it grow").into());
    }
    if all > ALL || wasm > WASM {
        println!("over the budget by {} bytes, below the ceiling of {CEILING}", wasm.saturating_sub(WASM));
    } else {
        println!("within the budget");
    }
    Ok(())
}

/// A file's name without the hash of its content, which changes with every build.
fn plain(file: &str) -> String {
    let is_hash = |part: &&str| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match file.split(['-', '_', '.']).find(is_hash) {
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
