//! Pages before they are trusted: opened and counted anew, one after the other, so that others have a turn between.

use crate::book::{Book, Digest};
use crate::sync::fault::Fault;

/// Pages by their numbers.
type Pages = Vec<(u32, Vec<u8>)>;

/// Pages that are being checked.
#[derive(Debug)]
pub(super) struct Check {
    book: Book,
    pages: Pages,
    /// Pages that the book has, and those of them that are counted.
    opened: usize,
    counted: usize,
    digest: Digest,
}

impl Check {
    pub(super) fn new(base: &[u8], pages: Pages) -> Result<Self, Fault> {
        let (book, _) = Book::begin(base).map_err(|_| Fault::Malformed)?;
        Ok(Self { book, pages, opened: 0, counted: 0, digest: Digest::default() })
    }

    /// Checks the next page. False when all are.
    pub(super) fn step(&mut self) -> Result<bool, Fault> {
        if let Some((number, page)) = self.pages.get(self.opened) {
            self.book.turn_page(*number, page.clone()).map_err(|_| Fault::Malformed)?;
            self.opened += 1;
        } else if self.counted < self.opened {
            let page = self.book.count_page(self.counted).ok_or(Fault::FalseSnapshot)?;
            self.digest.0 = self.digest.0.wrapping_add(page.0);
            self.counted += 1;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The book and its pages, when all is checked; none if the rows do not give the digest that the base says.
    pub(super) fn done(self) -> Option<(Book, Pages)> {
        (self.digest == self.book.digest()).then_some((self.book, self.pages))
    }
}
