//! A digest of the book: the sum, in any order, of a hash for everything that it keeps.
//!
//! Two devices that have applied the same operations must hold the same rows. The digest tells whether they do with
//! sixteen bytes; it is always taken from one's own rows, never from what another device says.
//!
//! ```text
//! digest = sum over all entries of the first 16 bytes of SHA-256(entry), as big-endian numbers, modulo 2^128
//! entry  = "dianbu cell" ‖ state ‖ kind (2) ‖ row (16) ‖ field (2) ‖ element ‖ device (16) ‖ stamp (8) ‖ content
//! state   = 0 shown or beside it · 1 superseded · 2 superseded before it came
//! element = 0, or 1 ‖ length (4) ‖ bytes
//! content = for states 0 and 1: (0, or 1 ‖ staff member (16)) ‖ CBOR of the value
//! ```

use std::collections::BTreeMap;

use dianbu_crypto::sha256;
use minicbor::{Decode, Encode, Encoder};

use super::id::{DevId, Dot, RowId};
use super::row::{Author, Mark, Row, Written};
use super::state::{Book, Reached};
use super::table::Packed;
use crate::domain::record::KindId;

/// New rows that are counted in one go: about a millisecond of work.
const FRESH_AT_ONCE: usize = 200;

/// The digest of a book or of a part of it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Digest(pub u128);

/// Where a book stands: after which operations, and what it holds then. Equal places with unequal digests are two
/// books that should be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(array)]
pub struct Standing {
    /// First half of the SHA-256 of the CBOR map from device to last operation applied, by ascending device.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub place: [u8; 16],
    /// The digest, big-endian.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub digest: [u8; 16],
}

/// What becomes of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    Live = 0,
    Past = 1,
    Ghost = 2,
}

/// The sum over one row, while it changes.
pub(super) struct Tally<'a> {
    pub(super) authors: &'a [Author],
    /// None where nothing is counted.
    pub(super) digest: Option<Digest>,
    /// Writes that an erasure dropped.
    pub(super) dropped: Vec<Dot>,
    row: [u8; 18],
    /// Bytes that are hashed, kept to spare allocations.
    buffer: Vec<u8>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(kind: u16, id: RowId, authors: &'a [Author], digest: Option<Digest>) -> Self {
        let mut row = [0; 18];
        row[..2].copy_from_slice(&kind.to_be_bytes());
        row[2..].copy_from_slice(&id.0);
        Self { authors, digest, dropped: Vec::new(), row, buffer: Vec::new() }
    }

    pub(super) fn add(&mut self, fate: Fate, field: u16, elem: Option<&[u8]>, written: &Written) {
        self.count(u128::wrapping_add, fate, (field, elem), self.dot(written.mark), Some(written));
    }

    pub(super) fn take(&mut self, fate: Fate, field: u16, elem: Option<&[u8]>, written: &Written) {
        self.count(u128::wrapping_sub, fate, (field, elem), self.dot(written.mark), Some(written));
    }

    pub(super) fn add_ghost(&mut self, field: u16, elem: Option<&[u8]>, dot: Dot) {
        self.count(u128::wrapping_add, Fate::Ghost, (field, elem), dot, None);
    }

    pub(super) fn take_ghost(&mut self, field: u16, elem: Option<&[u8]>, dot: Dot) {
        self.count(u128::wrapping_sub, Fate::Ghost, (field, elem), dot, None);
    }

    /// Everything that a row keeps.
    pub(super) fn add_row(&mut self, row: &Row) {
        for cell in &row.cells {
            for written in &cell.live {
                self.add(Fate::Live, cell.field, cell.elem.as_deref(), written);
            }
        }
        for past in &row.past {
            self.add(Fate::Past, past.field, past.elem.as_deref(), &past.written);
        }
        for (field, elem, dot) in row.ghosts() {
            self.add_ghost(field, elem, dot);
        }
    }

    /// An erasure drops this write.
    pub(super) fn drop_mark(&mut self, mark: Mark) {
        self.dropped.push(self.dot(mark));
    }

    fn dot(&self, mark: Mark) -> Dot {
        let author = self.authors.get(mark.author as usize);
        Dot { stamp: mark.stamp, dev: author.map_or(DevId::default(), |author| author.dev) }
    }

    fn count(
        &mut self,
        into: fn(u128, u128) -> u128,
        fate: Fate,
        (field, elem): (u16, Option<&[u8]>),
        dot: Dot,
        written: Option<&Written>,
    ) {
        let Some(Digest(sum)) = self.digest else { return };
        let buffer = &mut self.buffer;
        buffer.clear();
        buffer.extend_from_slice(b"dianbu cell");
        buffer.push(fate as u8);
        buffer.extend_from_slice(&self.row);
        buffer.extend_from_slice(&field.to_be_bytes());
        buffer.push(u8::from(elem.is_some()));
        if let Some(elem) = elem {
            buffer.extend_from_slice(&u32::try_from(elem.len()).unwrap_or(u32::MAX).to_be_bytes());
            buffer.extend_from_slice(elem);
        }
        buffer.extend_from_slice(&dot.dev.0);
        buffer.extend_from_slice(&dot.stamp.0.to_be_bytes());
        if let Some(written) = written {
            let by = self.authors.get(written.mark.author as usize).and_then(|author| author.by);
            buffer.push(u8::from(by.is_some()));
            buffer.extend_from_slice(&by.unwrap_or_default().0[..if by.is_some() { 16 } else { 0 }]);
            let done = Encoder::new(&mut *buffer).encode(&written.value).is_ok();
            debug_assert!(done, "writing to memory cannot fail");
        }
        let hash = sha256(buffer);
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        self.digest = Some(Digest(into(sum, u128::from_be_bytes(half))));
    }
}

impl Book {
    /// The digest. It is kept up to date with every operation; new rows are counted into it when it is asked for, or
    /// before that by [`Book::count_some`].
    pub fn digest(&self) -> Digest {
        let fresh = |sum, (kind, place): &(KindId, u32)| self.plus(*kind, *place, sum).unwrap_or(sum);
        self.fresh.iter().fold(self.counted, fresh)
    }

    /// Counts some new rows. An import brings many at once, and nobody who waits for it waits for the digest. False when
    /// all are counted.
    pub fn count_some(&mut self) -> bool {
        for _ in 0..FRESH_AT_ONCE {
            let Some((kind, place)) = self.fresh.pop() else { return false };
            self.counted = self.plus(kind, place, self.counted).unwrap_or(self.counted);
            if let Some(slot) = self.tables.get_mut(&kind).and_then(|table| table.slots.get_mut(place as usize))
                && let Packed::Fresh(bytes) = &mut slot.packed
            {
                slot.packed = Packed::Own(std::mem::take(bytes));
            }
        }
        true
    }

    /// A sum and what the row at a place gives to it; none if the row cannot be read or names an author who is not there.
    fn plus(&self, kind: KindId, place: u32, sum: Digest) -> Option<Digest> {
        let slot = self.tables.get(&kind)?.slots.get(place as usize)?;
        let row = Row::decode(slot.bytes(&self.pages)).ok()?;
        let known = |written: &Written| (written.mark.author as usize) < self.authors.len();
        let live = row.cells.iter().flat_map(|cell| &cell.live);
        if !live.chain(row.past.iter().map(|past| &past.written)).all(known) {
            return None;
        }
        let mut tally = Tally::new(kind, slot.id, &self.authors, Some(sum));
        tally.add_row(&row);
        tally.digest
    }

    /// The digest counted anew from every row; none if a row cannot be read or names an author who is not there.
    pub fn count_digest(&self) -> Option<Digest> {
        let sum = |sum: Digest, page| Some(Digest(sum.0.wrapping_add(self.count_page(page)?.0)));
        (0..self.pages.len()).try_fold(Digest::default(), sum)
    }

    /// What the rows of one page give to it. Every row lies on one page.
    pub fn count_page(&self, page: usize) -> Option<Digest> {
        let Some(page) = self.pages.get(page) else { return Some(Digest::default()) };
        page.rows.iter().try_fold(Digest::default(), |sum, place| self.plus(page.kind, *place, sum))
    }

    /// Where the book stands, to be compared with where others stand.
    pub fn standing(&self) -> Standing {
        Standing { place: place(&self.frontier), digest: self.digest().0.to_be_bytes() }
    }
}

/// Names a frontier with sixteen bytes.
fn place(frontier: &BTreeMap<DevId, Reached>) -> [u8; 16] {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes);
    let mut done = encoder.map(frontier.len() as u64).is_ok();
    for (dev, reached) in frontier {
        done &= encoder.bytes(&dev.0).and_then(|e| e.u64(reached.opn)).is_ok();
    }
    debug_assert!(done, "writing to memory cannot fail");
    let mut half = [0; 16];
    half.copy_from_slice(&sha256(&bytes)[..16]);
    half
}
