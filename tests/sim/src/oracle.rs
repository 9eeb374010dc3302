//! The naive oracle: it keeps every operation and says what a book that has them must show.

use std::collections::{BTreeMap, BTreeSet};

use dianbu::book::DevId;
use dianbu::book::{Book, Dot, Op, RowId, Value};

use crate::check::{Check, Violation};
use crate::erase::{erasures, is_erased};
use crate::rules::SHOWN;

/// A cell: kind, row, field, element.
pub type CellName = (u16, RowId, u16, Option<Vec<u8>>);
/// Writes by cell.
pub type Cells = BTreeMap<CellName, Vec<(Dot, Value)>>;

/// What a book shows, the shown value first, and what it keeps of the past, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shape {
    /// Unsuperseded values.
    pub live: Cells,
    /// Superseded values.
    pub past: Cells,
}

/// What these operations together demand: a write is superseded exactly if another names it as seen.
pub fn demanded<'o>(ops: impl Iterator<Item = (DevId, &'o Op)>) -> Shape {
    let ops: Vec<_> = ops.collect();
    let erasures = erasures(ops.iter().map(|(_, op)| *op));
    let (mut superseded, mut all) = (BTreeSet::new(), Vec::new());
    for (dev, op) in ops {
        let dot = Dot { stamp: op.stamp, dev };
        for row in &op.rows {
            // A row that is erased whole is not shown at all.
            let whole = erasures.contains(&(row.kind, row.id, None));
            for cell in row.cells.iter().filter(|cell| !whole && !is_erased(&erasures, row, cell.field)) {
                let name: CellName = (row.kind, row.id, cell.field, cell.elem.clone());
                superseded.extend(cell.bases.iter().map(|base| (name.clone(), *base)));
                all.push((name, dot, cell.value.clone()));
            }
        }
    }
    let mut shape = Shape::default();
    for (name, dot, value) in all {
        let gone = superseded.contains(&(name.clone(), dot));
        let to = if gone { &mut shape.past } else { &mut shape.live };
        to.entry(name).or_default().push((dot, value));
    }
    for values in shape.live.values_mut() {
        values.sort_by_key(|(dot, _)| std::cmp::Reverse(*dot));
    }
    for values in shape.past.values_mut() {
        values.sort_by_key(|(dot, _)| *dot);
    }
    shape
}

/// What a book shows and keeps.
pub fn shown(book: &Book) -> Shape {
    let mut shape = Shape::default();
    let rows = |kind| book.rows(kind).chain(book.deleted(kind)).map(move |(id, row)| (kind, id, row));
    for (kind, id, row) in SHOWN.into_iter().flat_map(rows) {
        for cell in row.cells.iter().filter(|cell| !cell.live.is_empty()) {
            let values = cell.live.iter().map(|w| (book.dot(w.mark), w.value.clone())).collect();
            shape.live.insert((kind, id, cell.field, cell.elem.clone()), values);
        }
        for past in &row.past {
            let name = (kind, id, past.field, past.elem.clone());
            shape.past.entry(name).or_default().push((book.dot(past.written.mark), past.written.value.clone()));
        }
    }
    shape
}

/// Compares a book with what its operations demand.
pub fn compare(book: &Book, demanded: &Shape, whose: &str) -> Vec<Violation> {
    let shape = shown(book);
    let mut violations = Vec::new();
    let mut violate = |check, what: String| violations.push(Violation { check, what });
    let names: BTreeSet<_> = demanded.live.keys().chain(shape.live.keys()).collect();
    for name in names {
        let (wanted, there) = (demanded.live.get(name), shape.live.get(name));
        if wanted != there {
            violate(Check::Kept, format!("{whose}: {name:?} shows {there:?} instead of {wanted:?}"));
        }
    }
    if shape.past != demanded.past && violations.is_empty() {
        violations.push(Violation { check: Check::Kept, what: format!("{whose}: the past differs") });
    }
    let two =
        |values: &Vec<(Dot, Value)>| values.iter().any(|(_, value)| Some(value) != values.first().map(|(_, v)| v));
    let conflicts = demanded.live.iter().filter(|(_, values)| two(values)).map(|(name, _)| (name.0, name.1));
    let deleted = |(kind, id): &(u16, RowId)| book.deleted(*kind).any(|(other, _)| other == *id);
    let wanted: BTreeSet<_> = conflicts.filter(|row| !deleted(row)).collect();
    let told = SHOWN.into_iter().flat_map(|kind| book.conflicts(kind).map(move |(id, _)| (kind, id)));
    let told: BTreeSet<_> = told.collect();
    if told != wanted && violations.is_empty() {
        let what = format!("{whose}: conflicts in {told:?} instead of {wanted:?}");
        violations.push(Violation { check: Check::Conflict, what });
    }
    violations
}
