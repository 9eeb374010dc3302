//! The book: all rows, and how operations change them.

use std::collections::BTreeMap;

use super::digest::{Digest, Tally};
use super::erase::Erased;
use super::glance::refers;
use super::id::{DevId, Dot, RowId, Stamp};
use super::op::{Batch, Op, OpRef, RowWrite};
use super::row::{Author, Mark, Row};
use super::table::{Packed, Page, Slot, Table};
use crate::domain::record::{Key, KindId};

/// Rows of a page together, about. Large pages read much faster than small ones; a changed one is written whole.
pub(super) const PAGE_BYTES: usize = 512 * 1024;

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
    /// That of all rows but the fresh ones.
    pub(super) counted: Digest,
    /// New rows that are counted when there is time, by their kind and place.
    pub(super) fresh: Vec<(KindId, u32)>,
    pub(super) erased: Erased,
}

impl Book {
    /// Applies the operations of one device that are not applied yet; the others are skipped. Returns what changed.
    pub fn apply(&mut self, batch: &Batch) -> Touched {
        let mut touched = Touched::new();
        for op in batch.ops.iter().map(Op::as_ref) {
            self.apply_op(batch.dev, op, &mut touched);
        }
        touched
    }

    /// Applies one operation of a device unless it is applied already, and notes what changed.
    pub fn apply_op(&mut self, dev: DevId, op: OpRef<'_>, touched: &mut Touched) {
        if op.opn <= self.reached(dev).opn {
            return;
        }
        let author = self.author(Author { dev, by: op.by });
        let (mark, dot) = (Mark { stamp: op.stamp, author }, Dot { stamp: op.stamp, dev });
        touched.reserve(op.rows.len());
        for write in op.rows {
            let bytes = self.written(write, mark, dot);
            self.keep(write.kind, write.id, bytes);
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

    /// The row after a write, packed.
    fn written(&mut self, write: &RowWrite, mark: Mark, dot: Dot) -> Box<[u8]> {
        let before = self.row(write.kind, write.id);
        // A new row is counted whole, later.
        let counted = self.packing(write).is_some_and(|packed| !matches!(packed, Packed::Fresh(_)));
        let mut tally = Tally::new(write.kind, write.id, &self.authors, counted.then_some(self.counted));
        let plain = before.is_none().then(|| Row::encode_fresh(&write.cells, mark)).flatten();
        let bytes = plain.unwrap_or_else(|| {
            let mut row = before.unwrap_or_default();
            for cell in &write.cells {
                row.write(cell, mark, dot, &mut tally);
            }
            row.encode()
        });
        let Tally { digest, dropped, .. } = tally;
        self.counted = digest.unwrap_or(self.counted);
        for dot in dropped {
            self.erased.note(dot);
        }
        bytes
    }

    fn packing(&self, write: &RowWrite) -> Option<&Packed> {
        self.tables.get(&write.kind)?.slot(write.id).map(|slot| &slot.packed)
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
                page.size = page.size + bytes.len() - slot.size();
                page.changes += 1;
            }
            let fresh = matches!(slot.packed, Packed::Fresh(_));
            slot.packed = if fresh { Packed::Fresh(bytes) } else { Packed::Own(bytes) };
            return;
        }
        let size = bytes.len();
        let filling = table.filling.filter(|page| self.pages.get(*page as usize).is_some_and(|p| p.size < PAGE_BYTES));
        let number = filling.unwrap_or_else(|| {
            self.pages.push(Page { kind, ..Page::default() });
            u32::try_from(self.pages.len() - 1).unwrap_or(u32::MAX)
        });
        table.filling = Some(number);
        let place = table.insert(Slot { id, page: number, packed: Packed::Fresh(bytes) });
        self.fresh.push((kind, place));
        if let Some(page) = self.pages.get_mut(number as usize) {
            page.rows.push(place);
            page.size += size;
            page.changes += 1;
        }
    }

    /// A row, deleted or not; none if nothing was ever written to it.
    pub fn row(&self, kind: KindId, id: RowId) -> Option<Row> {
        // Bytes in memory were encoded or checked here, so a row that cannot be read is a fault of the program.
        let slot = self.tables.get(&kind)?.slot(id)?;
        Some(Row::decode(slot.bytes(&self.pages)).unwrap_or_default())
    }

    /// A row that is not deleted.
    pub fn live(&self, kind: KindId, id: RowId) -> Option<Row> {
        self.row(kind, id).filter(|row| !row.is_deleted())
    }

    /// The rows of a kind that are not deleted, in the order they came.
    pub fn rows(&self, kind: KindId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        self.slots(kind, |summary| summary & 1 == 0)
    }

    /// The rows, not deleted, whose field refers to a row; no other is unpacked.
    pub fn referring(&self, key: Key<RowId>, to: RowId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        let mut stamps = Vec::new();
        let all = self.packed(key.kind).filter(|(_, row)| row.first().is_some_and(|bits| bits & 1 == 0));
        let own = all.filter(move |(_, row)| refers(row, key.field, &mut stamps) == Some(to));
        own.map(|(id, row)| (id, Row::decode(row).unwrap_or_default()))
    }

    /// The recycle bin of a kind.
    pub fn deleted(&self, kind: KindId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        self.slots(kind, |summary| summary & 5 == 1)
    }

    /// The rows of a kind with two values to choose from.
    pub fn conflicts(&self, kind: KindId) -> impl Iterator<Item = (RowId, Row)> + '_ {
        self.slots(kind, |summary| summary & 3 == 2)
    }

    fn slots(&self, kind: KindId, wanted: impl Fn(u8) -> bool + 'static) -> impl Iterator<Item = (RowId, Row)> + '_ {
        let packed = self.packed(kind).filter(move |(_, row)| row.first().is_some_and(|summary| wanted(*summary)));
        packed.map(|(id, row)| (id, Row::decode(row).unwrap_or_default()))
    }

    /// The rows of a kind as they lie in memory, deleted ones too.
    pub(super) fn packed(&self, kind: KindId) -> impl ExactSizeIterator<Item = (RowId, &[u8])> {
        self.packed_from(kind, 0)
    }

    /// The same from a place on.
    pub(super) fn packed_from(&self, kind: KindId, from: usize) -> impl ExactSizeIterator<Item = (RowId, &[u8])> {
        let slots = self.tables.get(&kind).and_then(|table| table.slots.get(from..)).unwrap_or_default();
        slots.iter().map(|slot| (slot.id, slot.bytes(&self.pages)))
    }

    /// The place of a row among those of its kind.
    pub(super) fn place(&self, kind: KindId, id: RowId) -> Option<u32> {
        self.tables.get(&kind)?.place(id)
    }

    /// The rows of a kind in the order they came, deleted ones too.
    pub fn ids(&self, kind: KindId) -> impl ExactSizeIterator<Item = RowId> {
        self.packed(kind).map(|(id, _)| id)
    }

    /// A row as it lies in memory, deleted or not.
    pub(super) fn packed_row(&self, kind: KindId, id: RowId) -> Option<&[u8]> {
        self.tables.get(&kind)?.slot(id).map(|slot| slot.bytes(&self.pages))
    }

    /// How many rows of a kind are not deleted.
    pub fn count(&self, kind: KindId) -> usize {
        self.packed(kind).filter(|(_, row)| row.first().is_some_and(|summary| summary & 1 == 0)).count()
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
