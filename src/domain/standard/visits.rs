//! What reception records come to (S7): where visitors are lost, and which way of receiving them succeeds.

use std::collections::BTreeMap;

use super::reception;
use crate::book::{Book, Row};
use crate::domain::record::Key;

/// The outcome of a visitor who bought.
pub const BOUGHT: &str = "bought";

/// Visitors who left without buying, by the stage at which they left.
pub fn losses(book: &Book) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (_, row) in book.rows(reception::ID) {
        if !bought(&row) && !row.text(reception::STAGE).is_empty() {
            *counts.entry(row.text(reception::STAGE).to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Visitors who bought, and all visitors, by the value of a field.
pub fn success(book: &Book, by: Key<String>) -> BTreeMap<String, (usize, usize)> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (_, row) in book.rows(reception::ID) {
        let key = row.text(by);
        if !key.is_empty() {
            let (sold, all) = counts.entry(key.to_owned()).or_default();
            *sold += usize::from(bought(&row));
            *all += 1;
        }
    }
    counts
}

/// Whether the visitor bought.
pub fn bought(row: &Row) -> bool {
    row.text(reception::OUTCOME) == BOUGHT
}
