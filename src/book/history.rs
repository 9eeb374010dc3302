//! What happened to a row (G4), and taking it back.

use super::erase::ERASED;
use super::id::{DevId, RowId, Stamp};
use super::op::{CellWrite, RowWrite};
use super::row::{DELETED, Mark, Row, order};
use super::state::Book;
use super::value::Value;
use crate::domain::record::KindId;

/// One change of one cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// When and by whom.
    pub mark: Mark,
    /// Field.
    pub field: u16,
    /// Element of a set.
    pub elem: Option<Vec<u8>>,
    /// What was there; nil at the first write.
    pub before: Value,
    /// What was written.
    pub after: Value,
    /// Whether the written value is still the shown one.
    pub shown: bool,
}

/// The writes of one device between two stamps: one user action, or one undertaking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Device.
    pub dev: DevId,
    /// First and last stamp.
    pub stamps: (Stamp, Stamp),
}

impl Book {
    /// The history of a row, newest first.
    pub fn history(&self, kind: KindId, id: RowId) -> Vec<Event> {
        let Some(row) = self.row(kind, id) else { return Vec::new() };
        let mut events = Vec::new();
        for cell in &row.cells {
            let past = row.past.iter().filter(|past| past.field == cell.field && past.elem == cell.elem);
            let mut writes: Vec<_> = past.map(|past| &past.written).chain(&cell.live).collect();
            writes.sort_by_key(|written| order(&self.authors, written.mark));
            let mut before = &Value::Nil;
            for written in writes {
                events.push(Event {
                    mark: written.mark,
                    field: cell.field,
                    elem: cell.elem.clone(),
                    before: before.clone(),
                    after: written.value.clone(),
                    shown: cell.live.first() == Some(written),
                });
                before = &written.value;
            }
        }
        events.sort_by_key(|event| std::cmp::Reverse((order(&self.authors, event.mark), event.field)));
        events
    }

    /// Takes a user action or an undertaking back: cells that still show what it wrote get their earlier value, and
    /// rows that it created go to the recycle bin. What somebody changed since stays.
    ///
    /// `rows` names the rows to look at; all rows if it is none.
    pub fn revert(&self, span: Span, rows: Option<&[(KindId, RowId)]>) -> Vec<RowWrite> {
        let mut writes = Vec::new();
        let mut look = |kind, id, row: &Row| writes.extend(self.revert_row(span, kind, id, row));
        match rows {
            Some(rows) => {
                for (kind, id) in rows {
                    if let Some(row) = self.row(*kind, *id) {
                        look(*kind, *id, &row);
                    }
                }
            }
            None => {
                for (kind, table) in &self.tables {
                    for slot in &table.slots {
                        look(*kind, slot.id, &Row::decode(slot.bytes(&self.pages)).unwrap_or_default());
                    }
                }
            }
        }
        writes
    }

    fn revert_row(&self, span: Span, kind: KindId, id: RowId, row: &Row) -> Option<RowWrite> {
        let within = |mark: Mark| {
            let dot = self.dot(mark);
            dot.dev == span.dev && (span.stamps.0..=span.stamps.1).contains(&dot.stamp)
        };
        // What is erased does not come back.
        let own =
            |cell: &&super::row::Cell| cell.field != ERASED && cell.live.iter().any(|written| within(written.mark));
        if !row.cells.iter().any(|cell| own(&cell)) {
            return None;
        }
        let untouched = row.cells.iter().flat_map(|cell| &cell.live).all(|written| within(written.mark));
        if untouched && row.past.iter().all(|past| within(past.written.mark)) {
            let bases = row.cell(DELETED, None).map(|cell| cell.live.iter().map(|w| self.dot(w.mark)).collect());
            let cell = CellWrite {
                field: DELETED,
                elem: None,
                value: Value::Bytes(Vec::new()),
                bases: bases.unwrap_or_default(),
            };
            return (!row.is_deleted()).then(|| RowWrite { kind, id, cells: vec![cell] });
        }
        let cells: Vec<_> = row
            .cells
            .iter()
            .filter(own)
            .map(|cell| {
                let bases = cell.live.iter().map(|w| w.mark).filter(|mark| within(*mark)).map(|mark| self.dot(mark));
                let past = row.past.iter().rev().filter(|past| past.field == cell.field && past.elem == cell.elem);
                let earlier = past.map(|past| &past.written).find(|written| !within(written.mark));
                CellWrite {
                    field: cell.field,
                    elem: cell.elem.clone(),
                    value: earlier.map_or(Value::Nil, |written| written.value.clone()),
                    bases: bases.collect(),
                }
            })
            .collect();
        (!cells.is_empty()).then_some(RowWrite { kind, id, cells })
    }

    /// Edits that were made elsewhere while the row was being deleted here, and are offered back: fields whose shown
    /// value the deletion did not see.
    pub fn missed_by_deletion(&self, row: &Row) -> Vec<u16> {
        let Value::Bytes(frontier) = row.value(DELETED) else { return Vec::new() };
        let deleter = row.cell(DELETED, None).and_then(|cell| cell.live.first()).map(|written| self.dot(written.mark));
        let seen = |dev: DevId, stamp: Stamp| {
            deleter.is_some_and(|deleter| deleter.dev == dev && stamp <= deleter.stamp)
                || frontier.chunks_exact(24).any(|entry| {
                    entry.get(..16) == Some(&dev.0)
                        && entry.get(16..).and_then(|s| s.try_into().ok()).map(u64::from_be_bytes) >= Some(stamp.0)
                })
        };
        let fields = row.cells.iter().filter(|cell| cell.field != DELETED);
        fields
            .filter(|cell| cell.live.iter().map(|w| self.dot(w.mark)).any(|dot| !seen(dot.dev, dot.stamp)))
            .map(|cell| cell.field)
            .collect()
    }
}
