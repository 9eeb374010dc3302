//! A shop with a book of its own, into which files are imported as the screen imports them.
#![allow(dead_code)] // each suite uses its part

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use dianbu::book::{Book, DevId, RowId, RowWrite, Span};
use dianbu::domain::record::Kind;
use dianbu::exchange::import::{Duplicates, Line, Outcome, Planner};
use dianbu::exchange::mapping::Mapping;
use dianbu::exchange::open;
use dianbu::exchange::text::host_gb18030;
use dianbu::session::{Act, Session};
use dianbu::store::memory::Memory;
use dianbu::store::{Loaded, Store};
use dianbu::words::Lang;

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The store in memory is always ready.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the store in memory never waits"),
    }
}

/// A device with its book.
pub(crate) struct Shop {
    session: Session<Memory>,
    clock: Cell<u64>,
}

/// An import: what became of every row, and what it wrote.
pub(crate) struct Imported {
    pub(crate) lines: Vec<Line>,
    pub(crate) span: Span,
    /// Ids of the rows by their numbers, had they become new records.
    pub(crate) id: fn(u64, u32) -> RowId,
    pub(crate) at: u64,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let store = Memory::default();
        let loaded: Loaded = now(store.load()).unwrap();
        Self { session: Session::open(store, DevId([7; 16]), &loaded).unwrap(), clock: Cell::new(0) }
    }

    pub(crate) fn read<R>(&self, read: impl FnOnce(&Book) -> R) -> R {
        self.session.with(read)
    }

    pub(crate) fn save(&self, rows: &[RowWrite]) -> Span {
        self.clock.set(self.clock.get() + 1);
        now(self.session.save(rows, Act { now_ms: self.clock.get(), ..Act::default() })).unwrap().span
    }

    /// Imports a file by the mapping that is guessed.
    pub(crate) fn import(&self, bytes: &[u8], duplicates: Duplicates) -> Imported {
        let source = open(bytes, &host_gb18030, Lang::Zh).unwrap();
        let at = self.clock.get() + 1;
        let (lines, writes) = self.read(|book| {
            let mapping = Mapping::guess(book, &source.sheet);
            let mut planner = Planner::new(book, &source.sheet, mapping, duplicates);
            let plan = |(number, cells): &(u32, Vec<String>)| planner.row(book, *number, cells, row_id(at, *number));
            let lines: Vec<_> = source.sheet.rows.iter().map(plan).collect();
            (lines, planner.finish().0.collect::<Vec<_>>())
        });
        Imported { lines, span: self.save(&writes), id: row_id, at }
    }

    /// Takes an undertaking back.
    pub(crate) fn undo(&self, span: Span) {
        let writes = self.read(|book| book.revert(span, None));
        self.save(&writes);
    }

    pub(crate) fn count(&self, kind: &Kind) -> usize {
        self.read(|book| book.count(kind.id))
    }
}

impl Imported {
    /// The record that a row of the file became.
    pub(crate) fn record(&self, row: u32) -> RowId {
        (self.id)(self.at, row)
    }

    pub(crate) fn count(&self, of: impl Fn(&Outcome) -> bool) -> usize {
        self.lines.iter().filter(|line| of(&line.outcome)).count()
    }
}

fn row_id(at: u64, row: u32) -> RowId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&at.to_be_bytes());
    id[8..12].copy_from_slice(&row.to_be_bytes());
    RowId(id)
}
