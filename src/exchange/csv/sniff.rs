//! Which sign divides the cells.

use super::reader;

/// So many rows are looked at.
const ROWS: usize = 20;

/// The delimiter of a list, and the list without the line `sep=;` by which some programs name it.
pub(super) fn delimiter(text: &str) -> (u8, &str) {
    if let Some(rest) = text.strip_prefix("sep=") {
        let mut rest = rest.chars();
        let named = rest.next().and_then(|sign| u8::try_from(sign).ok()).filter(|sign| b",;\t|".contains(sign));
        if let Some(named) = named {
            let rest = rest.as_str();
            let rest = rest.strip_prefix('\r').unwrap_or(rest);
            return (named, rest.strip_prefix('\n').unwrap_or(rest));
        }
    }
    // On equal terms the comma is meant.
    let best = [b'\t', b';', b','].into_iter().max_by_key(|sign| fit(text, *sign));
    (best.unwrap_or(b','), text)
}

/// How well a delimiter divides the first rows: how many have as many cells as the header, if that has more than one, and
/// how many cells that is.
fn fit(text: &str, delimiter: u8) -> (usize, usize) {
    let rows = reader(text, delimiter).into_records();
    let lengths: Vec<usize> = rows.take(ROWS).map_while(Result::ok).map(|row| row.len()).collect();
    match lengths.first() {
        Some(columns @ 2..) => (lengths.iter().filter(|length| *length == columns).count(), *columns),
        _ => (0, 0),
    }
}
