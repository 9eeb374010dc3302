//! Names in a file, and the entries of the dictionaries that they mean.

use std::collections::HashMap;

use crate::book::{Book, RowWrite};
use crate::domain::lists::List;
use crate::words::Lang;

/// The entries by every name they go by. A name that a dictionary does not have becomes a new entry (G2).
#[derive(Debug, Default)]
pub(super) struct Choices {
    lists: HashMap<&'static str, HashMap<String, String>>,
    added: Vec<RowWrite>,
}

impl Choices {
    /// The key of the entry that a name means; none for a name that the dictionary does not have.
    pub(super) fn known(&mut self, book: &Book, list: List, name: &str) -> Option<String> {
        let names = self.lists.entry(list.key).or_insert_with(|| names(book, list));
        names.get(&name.trim().to_lowercase()).cloned()
    }

    /// The key of the entry that a name means, whatever its case.
    pub(super) fn key(&mut self, book: &Book, list: List, name: &str) -> String {
        let name = name.trim();
        let names = self.lists.entry(list.key).or_insert_with(|| names(book, list));
        let key = names.entry(name.to_lowercase()).or_insert_with(|| {
            self.added.extend(book.add_entry(list, name));
            name.to_owned()
        });
        key.clone()
    }

    /// The writes of the new entries.
    pub(super) fn added(self) -> Vec<RowWrite> {
        self.added
    }
}

/// Keys and labels of a list in every language; of two entries with one name the first is meant.
fn names(book: &Book, list: List) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for (lang, _) in Lang::ALL {
        for choice in book.entries(list, lang) {
            for name in [&choice.key, &choice.label] {
                names.entry(name.to_lowercase()).or_insert_with(|| choice.key.clone());
            }
        }
    }
    names
}
