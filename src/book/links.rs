//! Who refers to whom: the dealings of a customer, the branches of an organisation, found without a scan.

use super::glance::refers;
use super::id::{RowId, Stamp};
use super::state::Book;
use super::table::IdMap;
use crate::domain::record::Key;

/// The rows of one kind by the row that one of their fields refers to, in the order they came.
#[derive(Debug)]
pub struct Links {
    key: Key<RowId>,
    /// What each row refers to, to find its old place when that changes.
    targets: IdMap<RowId>,
    rows: IdMap<Vec<RowId>>,
    /// So many rows are read, in the order they came.
    read: usize,
    /// Moments of the row that is being read.
    stamps: Vec<Stamp>,
}

impl Links {
    /// Reads the references of every row of the field's kind.
    pub fn new(book: &Book, key: Key<RowId>) -> Self {
        let mut links = Self::empty(key);
        links.read_on(book, usize::MAX);
        links
    }

    /// Before anything was read.
    pub fn empty(key: Key<RowId>) -> Self {
        Self { key, targets: IdMap::default(), rows: IdMap::default(), read: 0, stamps: Vec::new() }
    }

    /// The field that refers.
    pub fn key(&self) -> Key<RowId> {
        self.key
    }

    /// Reads so many rows more, in the order they came. False when all are read.
    pub fn read_on(&mut self, book: &Book, most: usize) -> bool {
        let before = self.read;
        for (id, row) in book.packed_from(self.key.kind, before).take(most) {
            self.read += 1;
            self.put(id, row);
        }
        self.read > before
    }

    /// Follows a change of a row of the field's kind, unless that is still to be read.
    pub fn update(&mut self, book: &Book, id: RowId) {
        let is_read = book.place(self.key.kind, id).is_some_and(|at| (at as usize) < self.read);
        if let Some(row) = book.packed_row(self.key.kind, id).filter(|_| is_read) {
            self.put(id, row);
        }
    }

    fn put(&mut self, id: RowId, row: &[u8]) {
        let is_deleted = row.first().is_none_or(|bits| bits & 1 == 1);
        let target = refers(row, self.key.field, &mut self.stamps).filter(|_| !is_deleted);
        if self.targets.get(&id).copied() == target {
            return;
        }
        let old = match target {
            Some(target) => {
                self.rows.entry(target).or_default().push(id);
                self.targets.insert(id, target)
            }
            None => self.targets.remove(&id),
        };
        if let Some(rows) = old.and_then(|old| self.rows.get_mut(&old)) {
            rows.retain(|other| *other != id);
        }
    }

    /// The row that a row refers to.
    pub fn of(&self, id: RowId) -> Option<RowId> {
        self.targets.get(&id).copied()
    }

    /// The rows that refer to a row; deleted ones are left out.
    pub fn to(&self, target: RowId) -> &[RowId] {
        self.rows.get(&target).map_or(&[], Vec::as_slice)
    }
}
