//! Rows of one kind, packed, and the pages they sleep in.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::id::RowId;

/// A row as it lies in memory.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) id: RowId,
    pub(super) page: u32,
    pub(super) packed: Packed,
}

/// Where the bytes of a row are.
#[derive(Debug)]
pub(super) enum Packed {
    /// In its page as it was read or written last, between these places.
    InPage(u32, u32),
    /// By themselves, since the row was written later.
    Own(Box<[u8]>),
    /// The same, of a row that is new and not counted into the digest yet.
    Fresh(Box<[u8]>),
}

impl Slot {
    /// The row's bytes.
    pub(super) fn bytes<'a>(&'a self, pages: &'a [Page]) -> &'a [u8] {
        match &self.packed {
            Packed::Own(bytes) | Packed::Fresh(bytes) => bytes,
            Packed::InPage(from, to) => {
                let page = pages.get(self.page as usize).map(|page| page.bytes.as_slice()).unwrap_or_default();
                page.get(*from as usize..*to as usize).unwrap_or_default()
            }
        }
    }

    /// How many bytes.
    pub(super) fn size(&self) -> usize {
        match &self.packed {
            Packed::Own(bytes) | Packed::Fresh(bytes) => bytes.len(),
            Packed::InPage(from, to) => (to - from) as usize,
        }
    }
}

/// What is kept for each row, to be found by its id.
pub(super) type IdMap<V> = HashMap<RowId, V, BuildHasherDefault<IdHasher>>;

/// Rows of one kind in the order they came.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) slots: Vec<Slot>,
    index: IdMap<u32>,
    /// Page that takes new rows.
    pub(super) filling: Option<u32>,
}

impl Table {
    pub(super) fn place(&self, id: RowId) -> Option<u32> {
        self.index.get(&id).copied()
    }

    pub(super) fn slot(&self, id: RowId) -> Option<&Slot> {
        self.slots.get(*self.index.get(&id)? as usize)
    }

    pub(super) fn slot_mut(&mut self, id: RowId) -> Option<&mut Slot> {
        self.slots.get_mut(*self.index.get(&id)? as usize)
    }

    /// Room for so many further rows.
    pub(super) fn reserve(&mut self, rows: usize) {
        self.slots.reserve(rows);
        self.index.reserve(rows);
    }

    /// Adds a row; returns its place, or none if its id is there already.
    pub(super) fn insert_new(&mut self, slot: Slot) -> Option<u32> {
        let place = u32::try_from(self.slots.len()).ok()?;
        if self.index.insert(slot.id, place).is_some() {
            return None;
        }
        self.slots.push(slot);
        Some(place)
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
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.0 = self.0.rotate_left(5) ^ u64::from_le_bytes(*word);
        }
        for byte in rest {
            self.0 = self.0.rotate_left(5) ^ u64::from(*byte);
        }
    }
    fn write_usize(&mut self, _: usize) {
        // The length, which all ids share.
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
    /// The page as it was read or written last; rows that did not change since lie in it.
    pub(super) bytes: Vec<u8>,
}
