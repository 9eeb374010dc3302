//! A draft: a row being edited, with what its author saw.
//!
//! The bases of a write are what stood on the screen when the person began, not what the book holds when she saves:
//! a change that arrived in between was not seen and must not be lost.

use std::collections::BTreeMap;

use super::id::{Dot, RowId};
use super::op::{CellWrite, RowWrite};
use super::row::{Cell, DELETED, EXTRA, Row};
use super::state::Book;
use super::value::Value;
use crate::domain::record::{Key, KindId, Set, Stored};

type CellKey = (u16, Option<Vec<u8>>);

/// A row being edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    kind: KindId,
    id: RowId,
    seen: Row,
    dots: BTreeMap<CellKey, Vec<Dot>>,
    changes: BTreeMap<CellKey, Value>,
    settled: Vec<CellKey>,
}

impl Draft {
    /// A new row.
    pub fn new(kind: KindId, id: RowId) -> Self {
        Self { kind, id, seen: Row::default(), dots: BTreeMap::new(), changes: BTreeMap::new(), settled: Vec::new() }
    }

    /// A row of the book as it stands now; a new one if it is not there.
    pub fn open(book: &Book, kind: KindId, id: RowId) -> Self {
        let seen = book.row(kind, id).unwrap_or_default();
        let dots = |cell: &Cell| cell.live.iter().map(|written| book.dot(written.mark)).collect();
        let dots = seen.cells.iter().map(|cell| ((cell.field, cell.elem.clone()), dots(cell))).collect();
        Self { kind, id, seen, dots, changes: BTreeMap::new(), settled: Vec::new() }
    }

    /// Kind of the row.
    pub fn kind(&self) -> KindId {
        self.kind
    }

    /// Id of the row.
    pub fn id(&self) -> RowId {
        self.id
    }

    /// The row as it was when the draft was opened.
    pub fn seen(&self) -> &Row {
        &self.seen
    }

    /// The value as the draft has it.
    pub fn value(&self, field: u16, elem: Option<&[u8]>) -> &Value {
        let changed = self.changes.get(&(field, elem.map(<[u8]>::to_vec)));
        changed.or_else(|| self.seen.cell(field, elem).map(Cell::shown)).unwrap_or(&Value::Nil)
    }

    /// The value in its own type.
    pub fn get<T: Stored>(&self, key: Key<T>) -> Option<T> {
        T::read(self.value(key.field, None))
    }

    /// The elements of a field that holds a set, as the draft has them.
    pub fn elements(&self, field: u16) -> Vec<(Vec<u8>, Value)> {
        let seen = self.seen.cells.iter().filter(|cell| cell.field == field);
        let mut all: BTreeMap<Vec<u8>, Value> =
            seen.filter_map(|cell| Some((cell.elem.clone()?, cell.shown().clone()))).collect();
        for ((changed, elem), value) in &self.changes {
            if let (true, Some(elem)) = (*changed == field, elem) {
                all.insert(elem.clone(), value.clone());
            }
        }
        all.into_iter().filter(|(_, value)| !value.is_nil()).collect()
    }

    /// Sets a field by its typed key.
    pub fn set<T: Stored>(&mut self, key: Key<T>, value: &T) -> &mut Self {
        self.put(key.field, None, value.store())
    }

    /// Adds an element to a set or changes its value.
    pub fn add(&mut self, key: Key<Set>, elem: &[u8], value: Value) -> &mut Self {
        self.put(key.field, Some(elem.to_vec()), value)
    }

    /// Clears a field.
    pub fn clear<T>(&mut self, key: Key<T>) -> &mut Self {
        self.put(key.field, None, Value::Nil)
    }

    /// Sets one of the shop's own fields (G3).
    pub fn set_extra(&mut self, field: RowId, value: Value) -> &mut Self {
        self.put(EXTRA, Some(field.0.to_vec()), value)
    }

    /// Sets a cell. A value equal to the one seen takes the change back, unless it settles a conflict.
    pub fn put(&mut self, field: u16, elem: Option<Vec<u8>>, value: Value) -> &mut Self {
        let same = self.seen.cell(field, elem.as_deref()).map_or(&Value::Nil, Cell::shown) == &value;
        let key = (field, elem);
        if same && !self.settled.contains(&key) {
            self.changes.remove(&key);
        } else {
            self.changes.insert(key, value);
        }
        self
    }

    /// Chooses one of the values of a conflict: it is written even when it is the one already shown.
    pub fn settle(&mut self, field: u16, elem: Option<Vec<u8>>, value: Value) -> &mut Self {
        self.settled.push((field, elem.clone()));
        self.put(field, elem, value)
    }

    /// Moves the row to the recycle bin. The deletion says what it saw of every device, so that an edit made
    /// elsewhere meanwhile is found and offered back.
    pub fn delete(&mut self, book: &Book) -> &mut Self {
        let mut frontier = Vec::new();
        for (dev, reached) in book.frontier() {
            frontier.extend_from_slice(&dev.0);
            frontier.extend_from_slice(&reached.stamp.0.to_be_bytes());
        }
        self.put(DELETED, None, Value::Bytes(frontier))
    }

    /// Takes the row out of the recycle bin.
    pub fn restore(&mut self) -> &mut Self {
        self.put(DELETED, None, Value::Nil)
    }

    /// Whether anything would be written.
    pub fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Fields that would be written.
    pub fn changed_fields(&self) -> impl Iterator<Item = u16> {
        self.changes.keys().map(|(field, _)| *field)
    }

    /// What would be written: field, element of a set, value.
    pub fn changes(&self) -> impl Iterator<Item = (u16, Option<Vec<u8>>, &Value)> {
        self.changes.iter().map(|((field, elem), value)| (*field, elem.clone(), value))
    }

    /// The write, with its bases; none if nothing changed.
    pub fn write(&self) -> Option<RowWrite> {
        let cells: Vec<_> = self
            .changes
            .iter()
            .map(|(key, value)| CellWrite {
                field: key.0,
                elem: key.1.clone(),
                value: value.clone(),
                bases: self.dots.get(key).cloned().unwrap_or_default(),
            })
            .collect();
        (!cells.is_empty()).then_some(RowWrite { kind: self.kind, id: self.id, cells })
    }
}
