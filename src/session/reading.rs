//! Reading a book from its store, a piece at a time.

use std::vec;

use crate::book::{Batch, Book};
use crate::store::{Loaded, META_BASE, StoreError};

/// A book while it is read, a page or an entry of the tail at a time.
pub(super) struct Reading {
    pub(super) book: Book,
    pub(super) base: u64,
    pub(super) applied: u64,
    /// Operations of the tail.
    pub(super) since: u64,
    pub(super) rebuilt: u64,
    pages: vec::IntoIter<(u32, Vec<u8>)>,
    pub(super) tail: vec::IntoIter<(u64, Vec<u8>)>,
}

impl Reading {
    pub(super) fn new(loaded: Loaded) -> Result<Self, StoreError> {
        let base = loaded.meta.iter().find(|(name, _)| name == META_BASE);
        let (book, base, pages) = match base {
            Some((_, base)) => {
                let (book, base) = Book::begin(base).map_err(|_| damaged("pages"))?;
                (book, base, loaded.pages)
            }
            None => (Book::default(), 0, Vec::new()),
        };
        let (pages, tail, rebuilt) = (pages.into_iter(), loaded.tail.into_iter(), loaded.state.rebuilt);
        Ok(Self { book, base, applied: base, since: 0, rebuilt, pages, tail })
    }

    /// Reads the next piece. False when nothing is left to read.
    pub(super) fn step(&mut self) -> Result<bool, StoreError> {
        if let Some((number, page)) = self.pages.next() {
            self.book.turn_page(number, page).map_err(|_| damaged("pages"))?;
            return Ok(true);
        }
        let applied = self.applied;
        let Some((lsn, bytes)) = self.tail.find(|(lsn, _)| *lsn > applied) else { return Ok(false) };
        if lsn != applied + 1 {
            return Err(damaged(&format!("place {} of the tail is missing", applied + 1)));
        }
        let batch = Batch::decode(&bytes).map_err(|_| damaged(&format!("place {lsn} of the tail")))?;
        self.since += batch.ops.len() as u64;
        self.book.apply(&batch);
        self.applied = lsn;
        Ok(true)
    }
}

/// Which piece, not why: the reasons of a decoder tell nobody what to do, and weigh more than the rest of this.
fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}
