//! Erasing for good (G5): what was ever written to a row, or to one field of it, is dropped, and so is what still comes.
//!
//! An erasure is a write like any other, to the cell [`ERASED`]: without an element the whole row, with the number of a
//! field as its element that field alone. It drops the shown values, those beside them and the past, and cannot be taken
//! back, so the same row comes out in whatever order it and the other writes arrive. The logs of the devices still hold
//! what was dropped; the book remembers up to which stamp, so that they can be cut (protocol §6.4).

use minicbor::Encoder;

use super::digest::{Fate, Tally};
use super::id::{DevId, Dot, RowId, Stamp};
use super::op::{Batch, CellWrite, RowWrite};
use super::row::{Cell, Row, Written};
use super::state::Book;
use super::value::Value;
use crate::domain::record::KindId;

/// Field that says what is erased of its row. It comes after all others.
pub const ERASED: u16 = u16::MAX;

/// Up to which stamp each device wrote something that is erased; by ascending device.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Erased(Vec<(DevId, Stamp)>);

impl Erased {
    /// The last stamp of a device.
    pub fn last(&self, dev: DevId) -> Option<Stamp> {
        self.iter().find(|(of, _)| *of == dev).map(|(_, stamp)| stamp)
    }

    /// Every device with its last stamp.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (DevId, Stamp)> + '_ {
        self.0.iter().copied()
    }

    /// A device wrote something at this moment.
    pub fn note(&mut self, Dot { stamp, dev }: Dot) {
        let at = self.0.partition_point(|(of, _)| *of < dev);
        match self.0.get_mut(at) {
            Some((of, last)) if *of == dev => *last = stamp.max(*last),
            _ => self.0.insert(at, (dev, stamp)),
        }
    }
}

/// The write that erases a row, or some fields of it.
pub fn erasing(kind: KindId, id: RowId, fields: Option<&[u16]>) -> RowWrite {
    let cell = |elem| CellWrite { field: ERASED, elem, value: Value::Bool(true), bases: Vec::new() };
    let cells = match fields {
        None => vec![cell(None)],
        Some(fields) => fields.iter().map(|field| cell(Some(field.to_be_bytes().to_vec()))).collect(),
    };
    RowWrite { kind, id, cells }
}

/// The field that an element of [`ERASED`] is about.
pub fn field_of(elem: &[u8]) -> Option<u16> {
    elem.try_into().ok().map(u16::from_be_bytes)
}

/// Whether a cell of a row is one of those that an erasure drops.
fn is_about(erasure: &Cell, field: u16) -> bool {
    let whole = erasure.elem.is_none();
    field != ERASED && (whole || erasure.elem.as_deref() == Some(&field.to_be_bytes()))
}

impl Row {
    /// What is erased of it.
    fn erasures(&self) -> &[Cell] {
        let from = self.cells.partition_point(|cell| cell.field < ERASED);
        self.cells.get(from..).unwrap_or_default()
    }

    /// Whether all of it is erased.
    pub fn is_erased(&self) -> bool {
        self.erasures().first().is_some_and(|cell| cell.elem.is_none())
    }

    /// Whether anything of it is.
    pub(super) fn has_erasures(&self) -> bool {
        !self.erasures().is_empty()
    }

    /// Whether a field is erased: what is written to it is dropped.
    pub fn drops(&self, field: u16) -> bool {
        self.erasures().iter().any(|erasure| is_about(erasure, field))
    }

    /// Drops what an erasure is about that came just now.
    pub(super) fn shed(&mut self, tally: &mut Tally<'_>) {
        let Self { cells, past, ghosts } = self;
        let from = cells.partition_point(|cell| cell.field < ERASED);
        let erasures = cells.split_off(from);
        let stays = |field: u16| !erasures.iter().any(|erasure| is_about(erasure, field));
        let mut drop = |fate, field, elem: &Option<Vec<u8>>, written: &Written| {
            tally.take(fate, field, elem.as_deref(), written);
            tally.drop_mark(written.mark);
        };
        for cell in cells.iter().filter(|cell| !stays(cell.field)) {
            cell.live.iter().for_each(|written| drop(Fate::Live, cell.field, &cell.elem, written));
        }
        for it in past.iter().filter(|past| !stays(past.field)) {
            drop(Fate::Past, it.field, &it.elem, &it.written);
        }
        for ghost in ghosts.iter().filter(|ghost| !stays(ghost.field)) {
            tally.take_ghost(ghost.field, ghost.elem.as_deref(), ghost.dot);
        }
        cells.retain(|cell| stays(cell.field));
        past.retain(|past| stays(past.field));
        ghosts.retain(|ghost| stays(ghost.field));
        cells.extend(erasures);
    }
}

impl Book {
    /// Whether all of a row is erased.
    pub fn is_erased(&self, kind: KindId, id: RowId) -> bool {
        // The third bit of the summary: `Row::encode`.
        self.packed_row(kind, id).and_then(|bytes| bytes.first()).is_some_and(|summary| summary & 4 != 0)
    }

    /// Up to which stamp each device wrote something that is erased, as far as it was ever applied here.
    pub fn erased(&self) -> &Erased {
        &self.erased
    }

    /// Takes what is erased out of operations that are kept. The writes stay as empty ones, so that whoever applies them
    /// drops them as well and notes their stamps. False if nothing was to be taken out.
    pub fn redact(&self, batch: &mut Batch) -> bool {
        let mut changed = false;
        for row in batch.ops.iter_mut().flat_map(|op| &mut op.rows) {
            // The second and third bit of the summary: `Row::encode`.
            let touched =
                self.packed_row(row.kind, row.id).and_then(|bytes| bytes.first()).is_some_and(|b| b & 0b1100 != 0);
            let Some(kept) = touched.then(|| self.row(row.kind, row.id)).flatten() else { continue };
            for cell in row.cells.iter_mut().filter(|cell| kept.drops(cell.field)) {
                let (value, elem) = (std::mem::take(&mut cell.value), cell.elem.take());
                changed |= !value.is_nil() || elem.is_some();
            }
        }
        changed
    }
}

/// A name for what is erased: who says it has nothing of that any more says it with this. None while nothing is.
pub fn mark(erased: &Erased) -> Option<[u8; 16]> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes);
    let mut done = encoder.map(erased.iter().len() as u64).is_ok();
    for (dev, stamp) in erased.iter() {
        done &= encoder.bytes(&dev.0).and_then(|e| e.u64(stamp.0)).is_ok();
    }
    debug_assert!(done, "writing to memory cannot fail");
    let mut mark = [0; 16];
    mark.copy_from_slice(&dianbu_crypto::sha256(&bytes)[..16]);
    (erased.iter().len() > 0).then_some(mark)
}
