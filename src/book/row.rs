//! A row: cells that keep every concurrent value, and what was there before.
//!
//! A write names the writes that its author saw (its *bases*). Those are superseded; what was not seen stays beside
//! it. The shown value is the latest of the unsuperseded ones; two different ones are a conflict that a person can
//! see and settle. A superseded write moves to the row's past, which is its history (G4).
//!
//! Operations of different devices may arrive in any order, so a base can be named before it has arrived. It is then
//! noted as a *ghost* and goes straight to the past when it comes. Together this makes the state independent of the
//! order of arrival, see `tests/book.rs`.

mod packed;

use super::digest::{Fate, Tally};
use super::erase::ERASED;
use super::id::{DevId, Dot, RowId, Stamp};
use super::op::CellWrite;
use super::value::Value;
use crate::domain::record::{Key, Set, Stored};
use crate::guard::Guard;

/// Field that says whether the row is deleted: any value but nil is a deletion, and holds the frontier it saw.
pub const DELETED: u16 = 0;
/// Field that holds the shop's own fields (G3): one element per field, named by its row id.
pub const EXTRA: u16 = 60_000;

/// Who wrote: a device and, if one was chosen there, a staff member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Author {
    /// Device.
    pub dev: DevId,
    /// Staff member.
    pub by: Option<RowId>,
}

/// One write as kept in a row: when, and the author's place in the book's table of authors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// When.
    pub stamp: Stamp,
    /// Place in the book's authors.
    pub author: u32,
}

/// A value with the write that put it there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The write.
    pub mark: Mark,
    /// The value.
    pub value: Value,
}

/// One field, or one element of a field that holds a set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Field.
    pub field: u16,
    /// Element of a set.
    pub elem: Option<Vec<u8>>,
    /// Unsuperseded values, the shown one first. Empty only while all that is known of the cell is in the past.
    pub live: Vec<Written>,
}

/// A superseded value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Past {
    /// Field.
    pub field: u16,
    /// Element of a set.
    pub elem: Option<Vec<u8>>,
    /// What was there, and by which write.
    pub written: Written,
}

/// A write that is superseded and has not arrived.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Ghost {
    pub(super) field: u16,
    pub(super) elem: Option<Vec<u8>>,
    pub(super) dot: Dot,
}

/// A row as read from the book.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Row {
    /// Cells in the order of field and element.
    pub cells: Vec<Cell>,
    /// Superseded values, oldest first.
    pub past: Vec<Past>,
    pub(super) ghosts: Vec<Ghost>,
}

impl Cell {
    /// The shown value.
    pub fn shown(&self) -> &Value {
        self.live.first().map_or(&Value::Nil, |written| &written.value)
    }

    /// Whether a person can see two different values.
    pub fn is_conflict(&self) -> bool {
        self.live.iter().any(|written| written.value != *self.shown())
    }
}

/// The table of authors as the order needs it.
pub(super) fn order(authors: &[Author], mark: Mark) -> (Stamp, DevId) {
    (mark.stamp, authors.get(mark.author as usize).map_or(DevId::default(), |author| author.dev))
}

impl Row {
    /// A cell, if anything was ever written to it.
    pub fn cell(&self, field: u16, elem: Option<&[u8]>) -> Option<&Cell> {
        self.place(field, elem).ok().and_then(|place| self.cells.get(place))
    }

    fn place(&self, field: u16, elem: Option<&[u8]>) -> Result<usize, usize> {
        self.cells.binary_search_by(|cell| (cell.field, cell.elem.as_deref()).cmp(&(field, elem)))
    }

    /// The shown value of a field that holds one.
    pub fn value(&self, field: u16) -> &Value {
        self.cell(field, None).map_or(&Value::Nil, Cell::shown)
    }

    /// The shown value in its own type; none if nothing is there.
    pub fn get<T: Stored>(&self, key: Key<T>) -> Option<T> {
        T::read(self.value(key.field))
    }

    /// The text of a field, empty if nothing is there.
    pub fn text(&self, key: Key<String>) -> &str {
        self.value(key.field).text().unwrap_or_default()
    }

    /// The elements of a field that holds a set, with their values.
    pub fn set(&self, key: Key<Set>) -> impl Iterator<Item = (&[u8], &Value)> {
        self.elements(key.field)
    }

    /// The elements of a field by its number.
    pub fn elements(&self, field: u16) -> impl Iterator<Item = (&[u8], &Value)> {
        self.cells
            .iter()
            .filter(move |cell| cell.field == field && !cell.shown().is_nil())
            .filter_map(|cell| Some((cell.elem.as_deref()?, cell.shown())))
    }

    /// The elements of a field as texts: tags, phones, keys of a dictionary.
    pub fn words(&self, field: u16) -> impl Iterator<Item = &str> {
        self.elements(field).filter_map(|(elem, _)| std::str::from_utf8(elem).ok())
    }

    /// Whether the row lies in the recycle bin, or is erased.
    pub fn is_deleted(&self) -> bool {
        !self.value(DELETED).is_nil() || self.is_erased()
    }

    /// Cells with two different values to choose from.
    pub fn conflicts(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.is_conflict())
    }

    /// When the row was last written.
    pub fn changed(&self) -> Option<Mark> {
        self.cells.iter().flat_map(|cell| &cell.live).map(|written| written.mark).max_by_key(|mark| mark.stamp)
    }

    /// When the row was first written.
    pub fn created(&self) -> Option<Mark> {
        let live = self.cells.iter().flat_map(|cell| &cell.live).map(|written| written.mark);
        live.chain(self.past.iter().map(|past| past.written.mark)).min_by_key(|mark| mark.stamp)
    }

    /// The writes that are superseded and have not arrived.
    pub(super) fn ghosts(&self) -> impl Iterator<Item = (u16, Option<&[u8]>, Dot)> {
        self.ghosts.iter().map(|ghost| (ghost.field, ghost.elem.as_deref(), ghost.dot))
    }

    /// Applies one write; the tally follows what changes.
    pub(super) fn write(&mut self, write: &CellWrite, mark: Mark, dot: Dot, tally: &mut Tally<'_>) {
        let authors = tally.authors;
        let elem = write.elem.as_deref();
        if self.drops(write.field) && Guard::Erased.stands() {
            return tally.dropped.push(dot);
        }
        let place = self.place(write.field, elem).unwrap_or_else(|place| {
            self.cells.insert(place, Cell { field: write.field, elem: write.elem.clone(), live: Vec::new() });
            place
        });
        let known = |written: &Written| order(authors, written.mark) == (dot.stamp, dot.dev);
        if self.cells.get(place).is_some_and(|cell| cell.live.iter().any(known)) {
            return; // an operation writes a cell once
        }
        // An erasure is never superseded.
        for base in write.bases.iter().filter(|_| write.field != ERASED) {
            let Some(cell) = self.cells.get_mut(place) else { return };
            let named = cell.live.iter().position(|written| order(authors, written.mark) == (base.stamp, base.dev));
            if let Some(at) = named {
                let written = cell.live.remove(at);
                tally.take(Fate::Live, write.field, elem, &written);
                self.retire(write, written, tally);
            } else if !self.is_past(write.field, elem, *base, authors) && Guard::Ghosts.stands() {
                let ghost = Ghost { field: write.field, elem: write.elem.clone(), dot: *base };
                if let Err(at) = self.ghosts.binary_search(&ghost) {
                    self.ghosts.insert(at, ghost);
                    tally.add_ghost(write.field, elem, *base);
                }
            }
        }
        let written = Written { mark, value: write.value.clone() };
        let ghost = Ghost { field: write.field, elem: write.elem.clone(), dot };
        if let Ok(at) = self.ghosts.binary_search(&ghost) {
            self.ghosts.remove(at);
            tally.take_ghost(write.field, elem, dot);
            self.retire(write, written, tally);
        } else if let Some(cell) = self.cells.get_mut(place) {
            tally.add(Fate::Live, write.field, elem, &written);
            let at = cell.live.partition_point(|other| order(authors, other.mark) > order(authors, mark));
            cell.live.insert(at, written);
            // Without bases the latest write would win, seen or not.
            let lost = if Guard::Bases.stands() { Vec::new() } else { cell.live.split_off(1) };
            for written in lost {
                tally.take(Fate::Live, write.field, elem, &written);
                self.retire(write, written, tally);
            }
        }
        if write.field == ERASED {
            self.shed(tally);
        }
    }

    /// Whether a write was superseded before. What is neither shown nor past has not come, or never will because its
    /// author was not allowed to write it: that must not depend on what came first.
    fn is_past(&self, field: u16, elem: Option<&[u8]>, dot: Dot, authors: &[Author]) -> bool {
        self.past.iter().any(|past| {
            past.field == field
                && past.elem.as_deref() == elem
                && order(authors, past.written.mark) == (dot.stamp, dot.dev)
        })
    }

    fn retire(&mut self, write: &CellWrite, written: Written, tally: &mut Tally<'_>) {
        let authors = tally.authors;
        tally.add(Fate::Past, write.field, write.elem.as_deref(), &written);
        let rank = |field: u16, elem: Option<&[u8]>, mark| (order(authors, mark), field, elem.map(<[u8]>::to_vec));
        let own = rank(write.field, write.elem.as_deref(), written.mark);
        let at = self.past.partition_point(|past| rank(past.field, past.elem.as_deref(), past.written.mark) < own);
        self.past.insert(at, Past { field: write.field, elem: write.elem.clone(), written });
    }
}
