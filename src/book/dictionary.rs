//! Dictionaries as the shop has them (G2): what is shipped, with what the shop renamed, reordered, retired and added.

use super::id::RowId;
use super::op::RowWrite;
use super::row::Row;
use super::state::Book;
use super::{Draft, Value};
use crate::domain::lists::List;
use crate::domain::team::{entry, extra};
use crate::words::Lang;

/// One choice of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What the book keeps.
    pub key: String,
    /// What people read.
    pub label: String,
    /// The entry above it, for lists of two levels; empty at the top.
    pub under: String,
    /// Not offered any more, still readable.
    pub retired: bool,
    order: i64,
}

/// A field that the shop added (G3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extra {
    /// Its row, and the element under which records keep its value.
    pub id: RowId,
    /// Its name.
    pub name: String,
    /// A key of the list `FIELD_SHAPE`.
    pub shape: String,
    /// What may be chosen, for a choice.
    pub choices: Vec<String>,
}

impl Book {
    /// Every entry of a list in the shop's order, retired ones included.
    pub fn entries(&self, list: List, lang: Lang) -> Vec<Choice> {
        let shipped = (0_i64..).zip(list.entries).map(|(n, shipped)| {
            let row = self.live(entry::ID, list.row_of(shipped.key));
            choice(shipped.key, shipped.words.r#in(lang), shipped.under, n * 10, row.as_ref())
        });
        let added = self.rows(entry::ID).filter(|(_, row)| row.text(entry::LIST) == list.key).filter_map(|(_, row)| {
            let key = row.text(entry::KEY);
            list.shipped(key).is_none().then(|| choice(key, key, "", 1_000_000, Some(&row)))
        });
        let mut all: Vec<_> = shipped.chain(added).collect();
        all.sort_by(|a, b| (a.order, &a.label).cmp(&(b.order, &b.label)));
        all
    }

    /// What people read for a key. A key that no list knows is shown as it is.
    pub fn label(&self, list: List, key: &str, lang: Lang) -> String {
        let row = self.live(entry::ID, list.row_of(key));
        let named = row.map(|row| row.text(entry::NAME).to_owned()).filter(|name| !name.is_empty());
        named.unwrap_or_else(|| list.shipped(key).map_or(key, |shipped| shipped.words.r#in(lang)).to_owned())
    }

    /// The key for what a person or a file wrote: a key or a label in either language, whatever its case.
    pub fn key_of(&self, list: List, text: &str) -> Option<String> {
        let same = |other: &str| other.to_lowercase() == text.trim().to_lowercase();
        let found = |lang| self.entries(list, lang).into_iter().find(|choice| same(&choice.key) || same(&choice.label));
        found(Lang::Zh).or_else(|| found(Lang::En)).map(|choice| choice.key)
    }

    /// The write that adds an entry. Its key is its first name, so two devices that add the same one add one.
    pub fn add_entry(&self, list: List, name: &str) -> Option<RowWrite> {
        let mut draft = Draft::open(self, entry::ID, list.row_of(name));
        draft.set(entry::LIST, &list.key.to_owned()).set(entry::KEY, &name.to_owned());
        draft.set(entry::NAME, &name.to_owned()).restore().write()
    }

    /// The fields that the shop added to a kind, in its order.
    pub fn extras(&self, kind_key: &str) -> Vec<Extra> {
        let own = self.rows(extra::ID).filter(|(_, row)| {
            row.text(extra::OF) == kind_key
                && row.get(extra::RETIRED) != Some(true)
                && !row.text(extra::NAME).is_empty()
        });
        let mut all: Vec<_> = own
            .map(|(id, row)| {
                let choices = row.words(extra::CHOICES.field).map(str::to_owned).collect();
                let (name, shape) = (row.text(extra::NAME).to_owned(), row.text(extra::SHAPE).to_owned());
                (row.get(extra::ORDER).unwrap_or(i64::MAX), Extra { id, name, shape, choices })
            })
            .collect();
        all.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
        all.into_iter().map(|(_, extra)| extra).collect()
    }
}

fn choice(key: &str, label: &str, under: &str, order: i64, row: Option<&Row>) -> Choice {
    let own = |text: Option<&str>, other: &str| text.filter(|text| !text.is_empty()).unwrap_or(other).to_owned();
    Choice {
        key: key.to_owned(),
        label: own(row.map(|row| row.text(entry::NAME)), label),
        under: own(row.map(|row| row.text(entry::UNDER)), under),
        retired: row.and_then(|row| row.get(entry::RETIRED)) == Some(true),
        order: row.and_then(|row| row.value(entry::ORDER.field).int()).unwrap_or(order),
    }
}

/// Whether a value stands for something to show.
pub(super) fn is_shown(value: &Value) -> bool {
    !value.is_nil() && *value != Value::Text(String::new())
}
