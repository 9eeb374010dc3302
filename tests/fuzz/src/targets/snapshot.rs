//! Snapshots: a manifest with a book's base, and a part with its pages; packs, which look the same from outside.

use std::io::{Cursor, Read};

use dianbu::book::row::EXTRA;
use dianbu::book::{Batch, Book, CellWrite, DevId, Finder, Op, Roll, RowId, RowWrite, Stamp, Value};
use dianbu::domain::KINDS;
use dianbu::exchange::export;
use dianbu::sync::object::Kind;
use dianbu::sync::wire::{Manifest, Objects, Pages};

use super::{body, sealed_body};
use crate::memory::limited;
use crate::team::founder;

/// Two bytes say how long the manifest is; the part follows.
pub(super) fn run(data: &[u8]) {
    let Some((length, rest)) = data.split_first_chunk::<2>() else { return };
    let Some((manifest, part)) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))) else { return };
    let _ = body::<Objects>(part);
    let Some(Pages(pages)) = sealed_body(Kind::Segment, part) else { return };
    let Some(manifest) = sealed_body::<Manifest>(Kind::Manifest, manifest) else { return };
    let pages: Vec<(u32, Vec<u8>)> = (0..).zip(pages.into_iter().map(Vec::from)).collect();
    let Ok((mut book, lsn)) = limited(data.len(), || Book::open(&manifest.base, &pages)) else { return };
    assert!(Book::open(&book.base(lsn), &pages).is_ok_and(|(again, _)| again.standing() == book.standing()));
    look(&book);
    // A book whose rows are not what it says is not adopted.
    if book.count_digest() == Some(book.digest()) {
        write(&mut book);
    }
}

/// Reads everything that screens read of a book, looks for photos, and writes all of it into an archive.
pub(super) fn look(book: &Book) {
    let _ = book.photos_of(founder().identity.dev());
    let roll = Roll::new(book);
    let _ = roll.list(&dianbu::book::roll::Filter::default(), dianbu::book::roll::Sort::Changed);
    for kind in KINDS {
        let finder = Finder::of(book, kind);
        let _ = finder.find("li", 9);
        for (id, row) in book.rows(kind.id) {
            let _ = (book.history(kind.id, id), row.created(), row.elements(EXTRA).count());
        }
    }
    let mut archive =
        zip::ZipArchive::new(Cursor::new(export::Archive::default().finish(book))).expect("an archive opens");
    for place in 0..archive.len() {
        let mut text = String::new();
        archive.by_index(place).expect("a file").read_to_string(&mut text).expect("text");
    }
}

/// Writes to every row; the digest keeps up, and the book sleeps and wakes.
fn write(book: &mut Book) {
    let dev = DevId([0xee; 16]);
    if book.reached(dev).opn > 0 {
        return;
    }
    let cell = |field, elem| CellWrite { field, elem, value: Value::Text("改".into()), bases: Vec::new() };
    let ids = |kind: u16| book.rows(kind).chain(book.deleted(kind)).map(|(id, _)| (kind, id)).collect::<Vec<_>>();
    let rows: Vec<RowWrite> = KINDS
        .iter()
        .flat_map(|kind| ids(kind.id))
        .chain([(1, RowId([0xee; 16]))])
        .map(|(kind, id)| RowWrite { kind, id, cells: vec![cell(1, None), cell(9, Some(b"vip".to_vec()))] })
        .collect();
    let op = Op { opn: 1, stamp: Stamp(u64::MAX), by: None, batch: None, rows };
    book.apply(&Batch { dev, ops: vec![op] });
    assert_eq!(book.count_digest(), Some(book.digest()), "the digest follows every write");
}
