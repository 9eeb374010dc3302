//! The book: all rows, and how operations change them.

use std::collections::BTreeMap;

use super::digest::{Digest, Tally};
use super::id::{DevId, Dot, RowId, Stamp};
use super::op::{Batch, Op};
use super::row::{Author, Mark, Row};
use super::table::{Page, Slot, Table};
use crate::domain::record::KindId;

/// Rows of a page together, about. Large pages read much faster than small ones; a changed one is written whole.
pub(super) const PAGE_BYTES: usize = 256 * 1024;

/// How far a device's operations have been applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reached {
    /// Last operation.
    pub opn: u64,
    /// Its stamp.
    pub stamp: Stamp,
}

/// An undertaking of many operations, such as an import, so that it can be undone as one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Undertaking {
    /// Device.
    pub dev: DevId,
    /// First and last stamp.
    pub stamps: (Stamp, Stamp),
    /// Rows written.
    pub rows: u64,
}

/// Rows that an operation changed.
pub type Touched = Vec<(KindId, RowId)>;

/// The state of the whole vault, in memory.
#[derive(Debug, Default)]
pub struct Book {
    pub(super) tables: BTreeMap<KindId, Table>,
    pub(super) pages: Vec<Page>,
    pub(super) authors: Vec<Author>,
    pub(super) frontier: BTreeMap<DevId, Reached>,
    pub(super) undertakings: BTreeMap<RowId, Undertaking>,
    pub(super) digest: Digest,
}

impl Book {
    /// Applies the operations of one device that are not applied yet; the others are skipped. Returns what changed.
    pub fn apply(&mut self, batch: &Batch) -> Touched {
        let mut touched = Touched::new();
        for op in &batch.ops {
            if op.opn > self.reached(batch.dev).opn {
                self.apply_op(batch.dev, op, &mut touched);
            }
        }
        touched
    }

    fn apply_op(&mut self, dev: DevId, op: &Op, touched: &mut Touched) {
        let author = self.author(Author { dev, by: op.by });
        let (mark, dot) = (Mark { stamp: op.stamp, author }, Dot { stamp: op.stamp, dev });
        for write in &op.rows {
            let mut row = self.row(write.kind, write.id).unwrap_or_default();
            let frontier = &self.frontier;
            let mut tally = Tally::new(write.kind, write.id, &self.authors, self.digest);
            for cell in &write.cells {
                let arrived = |base: Dot| frontier.get(&base.dev).is_some_and(|reached| reached.stamp >= base.stamp);
                row.write(cell, mark, dot, &mut tally, arrived);
            }
            self.digest = tally.digest;
            self.keep(write.kind, write.id, row.encode());
            touched.push((write.kind, write.id));
        }
        if let Some(id) = op.batch {
            let stamps = (op.stamp, op.stamp);
            let whole = self.undertakings.entry(id).or_insert(Undertaking { dev, stamps, rows: 0 });
            whole.stamps.1 = op.stamp;
            whole.rows += op.rows.len() as u64;
        }
        self.frontier.insert(dev, Reached { opn: op.opn, stamp: op.stamp });
    }

    fn author(&mut self, author: Author) -> u32 {
        let place = self.authors.iter().position(|other| *other == author).unwrap_or_else(|| {
            self.authors.push(author);
            self.authors.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn keep(&mut self, kind: KindId, id: RowId, bytes: Box<[u8]>) {
        let table = self.tables.entry(kind).or_default();
        if let Some(slot) = table.slot_mut(id) {
            if let Some(page) = self.pages.get_mut(slot.page as usize) {
                page.size = page.size + bytes.len() - slot.bytes.len();
                page.changes += 1;
            }
            slot.bytes = bytes;
            return;
        }
        let size = bytes.len();
        let filling = table.filling.filter(|page| self.pages.get(*page as usize).is_some_and(|p| p.size < PAGE_BYTES));
        let number = filling.unwrap_or_else(|| {
            self.pages.push(Page { kind, ..Page::default() });
            u32::try_from(self.pages.len() - 1).unwrap_or(u32::MAX)
        });
        table.filling = Some(number);
        let place = table.insert(Slot { id, bytes, page: number });
        if let Some(page) = self.pages.get_mut(number as usize) {
            page.rows.push(place);
            page.size += size;
            page.changes += 1;
        }
    }

    /// A row, deleted or not; none if nothing was ever written to it.
    pub fn row(&self, kind: KindId, id: RowId) -> Option<Row> {
        // Bytes in memory were encoded or checked here, so a row that cannot be read is a fault of the program.
        self.tables.get(&kind)?.slot(id).map(|slot| Row::decode(&slot.bytes).unwrap_or_default())
    }

    /// A row that is not deleted.
    pub fn live(&self, kind: KindId, id: RowId) -> Option<Row> {
        self.row(kind, id).filter(|row| !row.is_deleted())
    }

    /// The rows of a kind that are not deleted, in the order they came.
    pub fn rows(&self, kind: KindId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        self.slots(kind, |summary| summary & 1 == 0)
    }

    /// The recycle bin of a kind.
    pub fn deleted(&self, kind: KindId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        self.slots(kind, |summary| summary & 1 == 1)
    }

    /// The rows of a kind with two values to choose from.
    pub fn conflicts(&self, kind: KindId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        self.slots(kind, |summary| summary & 3 == 2)
    }

    fn slots(&self, kind: KindId, wanted: impl Fn(u8) -> bool + 'static) -> impl Iterator<Item = (RowId, Row)> + '_ {
        let slots = self.tables.get(&kind).map_or(&[][..], |table| &table.slots);
        slots
            .iter()
            .filter(move |slot| slot.bytes.first().is_some_and(|summary| wanted(*summary)))
            .map(|slot| (slot.id, Row::decode(&slot.bytes).unwrap_or_default()))
    }

    /// How many rows of a kind are not deleted.
    pub fn count(&self, kind: KindId) -> usize {
        let slots = self.tables.get(&kind).map_or(&[][..], |table| &table.slots);
        slots.iter().filter(|slot| slot.bytes.first().is_some_and(|summary| summary & 1 == 0)).count()
    }

    /// The author of a write.
    pub fn author_of(&self, mark: Mark) -> Option<Author> {
        self.authors.get(mark.author as usize).copied()
    }

    /// The write as every device names it.
    pub fn dot(&self, mark: Mark) -> Dot {
        Dot { stamp: mark.stamp, dev: self.author_of(mark).map_or(DevId::default(), |author| author.dev) }
    }

    /// How far a device's operations have been applied.
    pub fn reached(&self, dev: DevId) -> Reached {
        self.frontier.get(&dev).copied().unwrap_or_default()
    }

    /// How far every device's operations have been applied.
    pub fn frontier(&self) -> &BTreeMap<DevId, Reached> {
        &self.frontier
    }

    /// The undertakings, such as imports, by id.
    pub fn undertakings(&self) -> &BTreeMap<RowId, Undertaking> {
        &self.undertakings
    }
}
