//! Segments: batches of operations, and what they make of a book.

use dianbu::book::{Batch, Book};
use dianbu::sync::object::Kind;

use super::snapshot;
use crate::memory::limited;
use crate::team::founder;

/// A batch, as it lies in the local tail and in a segment.
pub(super) fn run(data: &[u8]) {
    let Ok(batch) = limited(data.len(), || Batch::decode(data)) else { return };
    assert_eq!(Batch::decode(&batch.encode()).ok().as_ref(), Some(&batch), "encoded and decoded again it is another");
    assert_eq!(founder().through_the_seal(Kind::Segment, data).as_deref(), Some(data), "the seal changes the body");
    let mut book = Book::default();
    book.apply(&batch);
    let standing = book.standing();
    book.apply(&batch);
    assert_eq!(book.standing(), standing, "what is applied is skipped");
    assert_eq!(book.count_digest(), Some(book.digest()), "the digest follows every write");
    snapshot::look(&book);
    // The book sleeps and wakes.
    let checkpoint = book.checkpoint(1);
    let (awake, _) = Book::open(&checkpoint.base, &checkpoint.pages).expect("what was written is read");
    assert_eq!(awake.standing(), standing);
    assert_eq!(awake.count_digest(), Some(awake.digest()));
}
