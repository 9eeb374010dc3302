//! The roll of customers: what their list sorts and filters by, kept beside the rows so that a hundred thousand of
//! them are looked through without reading one.

use std::collections::HashMap;

use jiff::civil::Date;

use super::confirm;
use super::id::{RowId, Stamp};
use super::row::Row;
use super::state::Book;
use crate::domain::customer::customer;
use crate::domain::pinyin::name_key;

/// What a list shows. Nothing chosen shows everybody but the retired (C19).
#[expect(clippy::struct_excessive_bools, reason = "each is a filter of its own")]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Keys of grades; any of them.
    pub grades: Vec<String>,
    /// Keys of natures (C5); any of them.
    pub natures: Vec<String>,
    /// With two values of a field to choose from.
    pub clash: bool,
    /// With a tag.
    pub tagged: bool,
    /// Without a next step (C23).
    pub adrift: bool,
    /// Retired (C19).
    pub retired: bool,
    /// With a section last confirmed before this moment, in milliseconds since 1970 (C3).
    pub confirmed_before: Option<u64>,
}

/// The order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// By pinyin of the name.
    #[default]
    Name,
    /// Last changed first.
    Changed,
    /// By the date of the next step, the soonest first; those without one last.
    Next,
}

/// The customers, ready for lists.
#[derive(Debug, Default)]
pub struct Roll {
    entries: Vec<Entry>,
    places: HashMap<RowId, usize>,
    /// Places of the entries in the order of names.
    by_name: Vec<usize>,
}

#[expect(clippy::struct_excessive_bools, reason = "each answers a filter of its own")]
#[derive(Debug)]
struct Entry {
    id: RowId,
    live: bool,
    key: Box<str>,
    grade: Box<str>,
    nature: Box<str>,
    clash: bool,
    tagged: bool,
    adrift: bool,
    retired: bool,
    next: Option<Date>,
    spent: i64,
    changed: Stamp,
    confirmed: Stamp,
}

impl Roll {
    /// Reads every customer.
    pub fn new(book: &Book) -> Self {
        let mut roll = Self::default();
        for (id, row) in book.rows(customer::ID) {
            roll.put(entry(id, &row));
        }
        roll.sort();
        roll
    }

    /// Follows the change of customers.
    pub fn update(&mut self, book: &Book, ids: impl IntoIterator<Item = RowId>) {
        for id in ids {
            if let Some(row) = book.row(customer::ID, id) {
                self.put(entry(id, &row));
            }
        }
        self.sort();
    }

    fn put(&mut self, entry: Entry) {
        if let Some(old) = self.places.get(&entry.id).and_then(|place| self.entries.get_mut(*place)) {
            *old = entry;
        } else {
            self.places.insert(entry.id, self.entries.len());
            self.by_name.push(self.entries.len());
            self.entries.push(entry);
        }
    }

    /// What is nearly in order already is sorted in nearly one pass.
    fn sort(&mut self) {
        let entries = &self.entries;
        let key = |place: &usize| entries.get(*place).map(|entry| (&entry.key, entry.id));
        self.by_name.sort_by(|a, b| key(a).cmp(&key(b)));
    }

    fn named(&self) -> impl Iterator<Item = &Entry> {
        self.by_name.iter().filter_map(|place| self.entries.get(*place)).filter(|entry| entry.live)
    }

    /// The customers that a filter shows, in order.
    pub fn list(&self, filter: &Filter, sort: Sort) -> Vec<RowId> {
        let mut shown: Vec<_> = self.named().filter(|entry| entry.passes(filter, false)).collect();
        match sort {
            Sort::Name => {}
            Sort::Changed => shown.sort_by_key(|entry| std::cmp::Reverse(entry.changed)),
            Sort::Next => shown.sort_by_key(|entry| (entry.next.is_none(), entry.next)),
        }
        shown.into_iter().map(|entry| entry.id).collect()
    }

    /// Whether a filter shows a customer that was searched for: a search finds the retired too.
    pub fn passes(&self, id: RowId, filter: &Filter) -> bool {
        self.entry(id).is_some_and(|entry| entry.passes(filter, true))
    }

    fn entry(&self, id: RowId) -> Option<&Entry> {
        self.places.get(&id).and_then(|place| self.entries.get(*place)).filter(|entry| entry.live)
    }

    /// Whether anybody is on it.
    pub fn is_empty(&self) -> bool {
        !self.entries.iter().any(|entry| entry.live)
    }

    /// What each customer's card says was spent in all, in fen; those who spent nothing are left out.
    pub fn spent(&self) -> impl Iterator<Item = (RowId, i64)> {
        let spenders = self.entries.iter().filter(|entry| entry.live && entry.spent > 0);
        spenders.map(|entry| (entry.id, entry.spent))
    }
}

impl Entry {
    fn passes(&self, filter: &Filter, searched: bool) -> bool {
        let any = |keys: &[String], own: &str| keys.is_empty() || keys.iter().any(|key| key == own);
        any(&filter.grades, &self.grade)
            && any(&filter.natures, &self.nature)
            && (!filter.clash || self.clash)
            && (!filter.tagged || self.tagged)
            && (!filter.adrift || self.adrift)
            && (filter.retired == self.retired || (searched && !filter.retired))
            && filter.confirmed_before.is_none_or(|moment| self.confirmed.ms() < moment)
    }
}

fn entry(id: RowId, row: &Row) -> Entry {
    let changed = row.changed().map_or(Stamp::default(), |mark| mark.stamp);
    let next = row.get(customer::NEXT_DAY);
    Entry {
        id,
        live: !row.is_deleted(),
        key: name_key(row.text(customer::NAME)).into(),
        grade: row.text(customer::GRADE).into(),
        nature: row.text(customer::NATURE).into(),
        clash: row.conflicts().next().is_some(),
        tagged: row.elements(customer::TAGS.field).next().is_some(),
        adrift: next.is_none() && row.text(customer::NEXT_STEP).is_empty(),
        retired: !row.text(customer::RETIRED).is_empty(),
        next,
        spent: row.get(customer::SPENT).unwrap_or_default(),
        changed,
        confirmed: confirm::oldest(row).unwrap_or(changed),
    }
}
