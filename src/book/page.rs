//! Pages and the base: the book as it sleeps between two starts, and as a snapshot travels.
//!
//! ```text
//! page = [ version, kind, id, row, id, row, … ]      row as in row/packed.rs
//! base = [ version, lsn, [device, staff | null, …], [device, opn, stamp, …],
//!          [undertaking, device, first stamp, last stamp, rows, …], digest, [device, stamp, …] ]
//! ```
//! The last list says up to which stamp each device wrote something that is erased. The base says for which place of the tail the pages are true; that of a snapshot is for place 0. Author places in
//! the rows are places in its table.

use minicbor::{Decoder, Encoder, decode};

use super::digest::Digest;
use super::glance::byte_string;
use super::id::{DevId, Dot, RowId, Stamp};
use super::row::Author;
use super::state::{Book, PAGE_BYTES, Reached, Undertaking};
use super::table::{Packed, Page, Slot};

const VERSION: u8 = 1;
/// Version 2 carries the digest, version 3 what is erased.
const BASE_VERSION: u8 = 3;

/// The changed pages and the base, taken at one moment.
#[derive(Debug)]
pub struct Checkpoint {
    /// Page numbers with their bytes.
    pub pages: Vec<(u32, Vec<u8>)>,
    /// The base.
    pub base: Vec<u8>,
    /// For each page its changes as they were, and where in it each row lies.
    taken: Vec<(u64, Vec<(u32, u32)>)>,
}

type Encoded = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

impl Book {
    /// How many pages changed since they were last written.
    pub fn changed_pages(&self) -> usize {
        self.pages.iter().filter(|page| page.changes != page.written).count()
    }

    /// What a checkpoint at this place of the tail has to write; new rows are [counted](Book::count_some) with it. Call [`Book::checkpointed`] when it is written.
    pub fn checkpoint(&mut self, lsn: u64) -> Checkpoint {
        while self.count_some() {}
        self.split_large_pages();
        let mut checkpoint = Checkpoint { pages: Vec::new(), base: Vec::new(), taken: Vec::new() };
        for (number, page) in (0_u32..).zip(&self.pages) {
            if page.changes != page.written {
                let mut bytes = Vec::with_capacity(page.size + page.rows.len() * 20 + 16);
                let mut places = Vec::with_capacity(page.rows.len());
                let done = self.write_page(page, &mut Encoder::new(&mut bytes), &mut places);
                debug_assert!(done.is_ok(), "writing to memory cannot fail");
                checkpoint.pages.push((number, bytes));
                checkpoint.taken.push((page.changes, places));
            }
        }
        checkpoint.base = self.base(lsn);
        checkpoint
    }

    /// The base alone, for this place of the tail.
    pub fn base(&self, lsn: u64) -> Vec<u8> {
        let mut base = Vec::new();
        let done = self.write_base(lsn, &mut Encoder::new(&mut base));
        debug_assert!(done.is_ok(), "writing to memory cannot fail");
        base
    }

    /// The checkpoint is durable: its pages are clean, unless they changed again meanwhile. The rows of a clean page lie
    /// in the page from now on.
    pub fn checkpointed(&mut self, checkpoint: Checkpoint) {
        for ((number, bytes), (changes, places)) in checkpoint.pages.into_iter().zip(checkpoint.taken) {
            let Some(page) = self.pages.get_mut(number as usize) else { continue };
            page.written = changes;
            let Some(table) = self.tables.get_mut(&page.kind).filter(|_| page.changes == changes) else { continue };
            page.bytes = bytes;
            for (row, (from, to)) in page.rows.iter().zip(places) {
                if let Some(slot) = table.slots.get_mut(*row as usize) {
                    slot.packed = Packed::InPage(from, to);
                }
            }
        }
    }

    /// Rows that grew past twice the size of a page move their younger half to a new one.
    fn split_large_pages(&mut self) {
        for number in 0..self.pages.len() {
            let Some(page) = self.pages.get_mut(number) else { return };
            if page.size <= PAGE_BYTES * 2 || page.rows.len() < 2 {
                continue;
            }
            let (kind, moved) = (page.kind, page.rows.split_off(page.rows.len() / 2));
            page.changes += 1;
            let to = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
            let mut size = 0;
            if let Some(table) = self.tables.get_mut(&kind) {
                for place in &moved {
                    if let Some(slot) = table.slots.get_mut(*place as usize) {
                        // It leaves the bytes of its old page.
                        slot.packed = Packed::Own(slot.bytes(&self.pages).into());
                        slot.page = to;
                        size += slot.size();
                    }
                }
            }
            if let Some(page) = self.pages.get_mut(number) {
                page.size -= size;
            }
            self.pages.push(Page { kind, rows: moved, size, changes: 1, ..Page::default() });
        }
    }

    fn write_page(&self, page: &Page, e: &mut Encoder<&mut Vec<u8>>, places: &mut Vec<(u32, u32)>) -> Encoded {
        e.array(page.rows.len() as u64 * 2 + 2)?.u8(VERSION)?.u16(page.kind)?;
        let slots = self.tables.get(&page.kind).map_or(&[][..], |table| &table.slots);
        for slot in page.rows.iter().filter_map(|place| slots.get(*place as usize)) {
            let row = slot.bytes(&self.pages);
            e.bytes(&slot.id.0)?.bytes(row)?;
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let end = e.writer().len();
            places.push((place(end - row.len()), place(end)));
        }
        Ok(())
    }

    fn write_base(&self, lsn: u64, e: &mut Encoder<&mut Vec<u8>>) -> Encoded {
        e.array(7)?.u8(BASE_VERSION)?.u64(lsn)?.array(self.authors.len() as u64 * 2)?;
        for author in &self.authors {
            e.bytes(&author.dev.0)?;
            match author.by {
                Some(by) => e.bytes(&by.0)?,
                None => e.null()?,
            };
        }
        e.array(self.frontier.len() as u64 * 3)?;
        for (dev, reached) in &self.frontier {
            e.bytes(&dev.0)?.u64(reached.opn)?.u64(reached.stamp.0)?;
        }
        e.array(self.undertakings.len() as u64 * 5)?;
        for (id, it) in &self.undertakings {
            e.bytes(&id.0)?.bytes(&it.dev.0)?.u64(it.stamps.0.0)?.u64(it.stamps.1.0)?.u64(it.rows)?;
        }
        e.bytes(&self.digest().0.to_be_bytes())?.array(self.erased.iter().len() as u64 * 2)?;
        for (dev, stamp) in self.erased.iter() {
            e.bytes(&dev.0)?.u64(stamp.0)?;
        }
        Ok(())
    }

    /// Opens a book from its checkpoint: the base and all pages. Returns it with the place of the tail from which
    /// operations are still to be applied.
    pub fn open(base: &[u8], pages: &[(u32, Vec<u8>)]) -> Result<(Self, u64), decode::Error> {
        Self::start(base, pages.to_vec())
    }

    /// The same, keeping the pages as they are instead of a copy.
    pub fn start(base: &[u8], pages: Vec<(u32, Vec<u8>)>) -> Result<(Self, u64), decode::Error> {
        let (mut book, lsn) = Self::begin(base)?;
        for (number, bytes) in pages {
            book.turn_page(number, bytes)?;
        }
        Ok((book, lsn))
    }

    /// The same in steps: a book without its pages, which are to follow one by one.
    pub fn begin(base: &[u8]) -> Result<(Self, u64), decode::Error> {
        let mut book = Self::default();
        let lsn = book.read_base(&mut Decoder::new(base))?;
        Ok((book, lsn))
    }

    /// Takes in the next page of a book that was [begun](Self::begin).
    pub fn turn_page(&mut self, number: u32, bytes: Vec<u8>) -> Result<(), decode::Error> {
        if number as usize != self.pages.len() {
            return Err(decode::Error::message("a page is missing"));
        }
        self.read_page(number, bytes)
    }

    fn read_base(&mut self, d: &mut Decoder<'_>) -> Result<u64, decode::Error> {
        version(d, BASE_VERSION)?;
        let lsn = d.u64()?;
        for _ in 0..count(d)? / 2 {
            let dev = dev(d)?;
            let by = if d.datatype()? == minicbor::data::Type::Null {
                d.null()?;
                None
            } else {
                Some(row_id(d)?)
            };
            self.authors.push(Author { dev, by });
        }
        for _ in 0..count(d)? / 3 {
            self.frontier.insert(dev(d)?, Reached { opn: d.u64()?, stamp: Stamp(d.u64()?) });
        }
        for _ in 0..count(d)? / 5 {
            let (id, dev) = (row_id(d)?, dev(d)?);
            let stamps = (Stamp(d.u64()?), Stamp(d.u64()?));
            self.undertakings.insert(id, Undertaking { dev, stamps, rows: d.u64()? });
        }
        let digest = d.bytes()?.try_into().map_err(|_| decode::Error::message("digest of another length"))?;
        self.counted = Digest(u128::from_be_bytes(digest));
        for _ in 0..count(d)? / 2 {
            let dev = dev(d)?;
            self.erased.note(Dot { stamp: Stamp(d.u64()?), dev });
        }
        Ok(lsn)
    }

    fn read_page(&mut self, number: u32, bytes: Vec<u8>) -> Result<(), decode::Error> {
        let mut d = Decoder::new(&bytes);
        let rows = usize::try_from(version(&mut d, VERSION)?.saturating_sub(2) / 2).unwrap_or(usize::MAX);
        let kind = d.u16()?;
        let mut at = d.position();
        // An id alone takes 17 bytes and its row one, so a count that lies cannot make much room; it fails below.
        let room = rows.min(bytes.len() / 18);
        let mut page = Page { kind, rows: Vec::with_capacity(room), ..Page::default() };
        let table = self.tables.entry(kind).or_default();
        table.reserve(room);
        for _ in 0..rows {
            let (id, from, to) = read_slot(&bytes, &mut at).ok_or_else(decode::Error::end_of_input)?;
            page.size += (to - from) as usize;
            let place = table.insert_new(Slot { id, page: number, packed: Packed::InPage(from, to) });
            page.rows.push(place.ok_or_else(|| decode::Error::message("a row stands on two pages"))?);
        }
        page.bytes = bytes;
        table.filling = Some(number);
        self.pages.push(page);
        Ok(())
    }
}

/// Id and place of the next row of a page.
fn read_slot(page: &[u8], at: &mut usize) -> Option<(RowId, u32, u32)> {
    let id = RowId::from_slice(byte_string(page, at)?)?;
    let length = byte_string(page, at)?.len();
    let place = |at: usize| u32::try_from(at).ok();
    Some((id, place(*at - length)?, place(*at)?))
}

fn version(d: &mut Decoder<'_>, known: u8) -> Result<u64, decode::Error> {
    let length = count(d)?;
    if d.u8()? == known { Ok(length) } else { Err(decode::Error::message("page of an unknown version")) }
}

fn count(d: &mut Decoder<'_>) -> Result<u64, decode::Error> {
    d.array()?.ok_or_else(|| decode::Error::message("array without a length"))
}

fn dev(d: &mut Decoder<'_>) -> Result<DevId, decode::Error> {
    DevId::from_slice(d.bytes()?).ok_or_else(|| decode::Error::message("id of another length"))
}

fn row_id(d: &mut Decoder<'_>) -> Result<RowId, decode::Error> {
    RowId::from_slice(d.bytes()?).ok_or_else(|| decode::Error::message("id of another length"))
}
