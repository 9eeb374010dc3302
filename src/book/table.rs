//! Rows of one kind, packed, and the pages they sleep in.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::id::RowId;

/// A row as it lies in memory.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) id: RowId,
    pub(super) bytes: Box<[u8]>,
    pub(super) page: u32,
}

/// Rows of one kind in the order they came.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) slots: Vec<Slot>,
    index: HashMap<RowId, u32, BuildHasherDefault<IdHasher>>,
    /// Page that takes new rows.
    pub(super) filling: Option<u32>,
}

impl Table {
    pub(super) fn slot(&self, id: RowId) -> Option<&Slot> {
        self.slots.get(*self.index.get(&id)? as usize)
    }

    pub(super) fn slot_mut(&mut self, id: RowId) -> Option<&mut Slot> {
        self.slots.get_mut(*self.index.get(&id)? as usize)
    }

    /// Adds a row that is not there yet; returns its place.
    pub(super) fn insert(&mut self, slot: Slot) -> u32 {
        let place = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.index.insert(slot.id, place);
        self.slots.push(slot);
        place
    }
}

/// Row ids are random, so their own bytes are nearly the hash; the multiplication spreads the rare ones that are not.
#[derive(Debug, Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.0 = self.0.rotate_left(5) ^ u64::from_le_bytes(word);
        }
    }
}

/// A page of the checkpoint: which rows it holds, and whether they changed since it was written.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) kind: u16,
    /// Places in the table of the kind.
    pub(super) rows: Vec<u32>,
    /// Bytes of the rows, about.
    pub(super) size: usize,
    /// Counts the changes; the page is clean when it equals `written`.
    pub(super) changes: u64,
    pub(super) written: u64,
}
