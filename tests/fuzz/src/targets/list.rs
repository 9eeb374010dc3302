//! Files of other programs: lists and contacts, from their bytes to the plan of an import.

use std::sync::OnceLock;

use dianbu::book::{Batch, Book, Op, RowId, Stamp};
use dianbu::exchange::import::{Duplicates, Planner};
use dianbu::exchange::mapping::Mapping;
use dianbu::exchange::sheet::Sheet;
use dianbu::exchange::text::{decode, host_gb18030};
use dianbu::exchange::{csv, open, vcard};
use dianbu::words::Lang;

use crate::memory::limited;
use crate::team::founder;

/// The lists of which a plan is made have no more rows: each looks for its twins.
const PLANNED: usize = 200;

/// A list, whatever its encoding and delimiter.
pub(super) fn csv(data: &[u8]) {
    let Ok((text, _)) = limited(data.len(), || decode(data, &host_gb18030)) else { return };
    let Ok(sheet) = limited(text.len(), || Sheet::of_csv(&text)) else { return };
    if sheet.header.is_empty() {
        return assert!(sheet.rows.is_empty(), "rows without a header");
    }
    write(&sheet);
    plan(&sheet);
}

/// What we write reads back: a list has a header without tricks, from which the delimiter is known, and rows as long.
fn write(sheet: &Sheet) {
    let columns = sheet.header.len().max(2);
    let row = |cells: &[String]| -> Vec<String> {
        cells.iter().cloned().chain(std::iter::repeat_n(String::new(), columns)).take(columns).collect()
    };
    let mut all = vec![vec!["列".to_owned(); columns]];
    all.extend([&sheet.header].into_iter().chain(sheet.rows.iter().map(|(_, cells)| cells)).map(|cells| row(cells)));
    let mut file = csv::Writer::new();
    for row in &all {
        file.row(row.iter().map(String::as_str));
    }
    let (text, _) = decode(&file.finish(), &host_gb18030).expect("our own text");
    let cells = |row: csv::Row| row.cells().map(str::to_owned).collect::<Vec<_>>();
    let again: Result<Vec<_>, _> = csv::Rows::new(&text).and_then(|rows| rows.map(|row| row.map(cells)).collect());
    assert_eq!(again.as_ref(), Ok(&all), "written and read again it is another");
}

/// Contacts.
pub(super) fn vcard(data: &[u8]) {
    let Ok((text, _)) = decode(data, &host_gb18030) else { return };
    let cards = limited(text.len(), || vcard::read(&text, &host_gb18030));
    if cards.cards.is_empty() || !vcard::is_vcard(&text) {
        return;
    }
    let source = open(data, &host_gb18030, Lang::Zh).expect("it is a file of contacts");
    let _ = source.remark(Lang::En);
    plan(&source.sheet);
}

/// A book with the shop's own lists in it.
fn book() -> &'static Sample {
    static BOOK: OnceLock<Sample> = OnceLock::new();
    BOOK.get_or_init(|| {
        let mut book = Book::default();
        let mut number = 0;
        let rows = dianbu::domain::sample::rows(Lang::Zh, jiff::civil::date(2026, 11, 27), 0, || {
            number += 1;
            RowId([number; 16])
        });
        let op = Op { opn: 1, stamp: Stamp(1), by: None, batch: None, rows };
        book.apply(&Batch { dev: founder().identity.dev(), ops: vec![op] });
        Sample(book)
    })
}

/// A book that is only read.
struct Sample(Book);

fn plan(sheet: &Sheet) {
    let Sample(book) = book();
    let mapping = Mapping::guess(book, sheet);
    let mut planner = Planner::new(book, sheet, mapping, Duplicates::Fill);
    for (number, cells) in sheet.rows.iter().take(PLANNED) {
        let mut id = [1; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let _ = planner.row(book, *number, cells, RowId(id));
    }
    let rows = planner.finish().0.collect::<Vec<_>>();
    // What is planned can be saved, shared and read.
    let op = Op { opn: 2, stamp: Stamp(2), by: None, batch: None, rows };
    let batch = Batch { dev: founder().identity.dev(), ops: vec![op] };
    assert_eq!(Batch::decode(&batch.encode()).ok(), Some(batch), "encoded and decoded again it is another");
}
