//! `cargo xtask read FILE`: what an import would take, by the code that the screen runs.

use std::io::Write;

use dianbu::exchange::read::lines;
use dianbu::exchange::text::host_gb18030;

use crate::Failed;

pub(crate) fn read(file: &str) -> Result<(), Failed> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let mut out = std::io::stdout().lock();
    for line in lines(&bytes, &host_gb18030)? {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
