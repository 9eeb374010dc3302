//! Erasing a person for good (G5): what goes with a record, and what goes of others that speak of the same person.
//!
//! What *belongs* to the record goes whole: its key persons, dealings, tasks. What only names it, such as a complaint,
//! stays for the shop's figures, without the reference and without its personal fields. So does what names nobody but
//! holds the same telephone number. What was written in many words stays unless it is asked for: no program can tell
//! whom it is about, and mending it would leave the earlier text in its history.

use std::collections::BTreeSet;

use super::phone::Phone;
use super::record::{Field, Flags, Kind, KindId, Shape, Stored};
use super::width::narrowed;
use super::{KINDS, kind};
use crate::book::{Book, Row, RowId, RowWrite, erase};

#[cfg(test)]
mod tests;

/// What is erased of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Kind of the row.
    pub kind: KindId,
    /// The row.
    pub id: RowId,
    /// The fields that go; none if all of it does.
    pub fields: Option<Vec<u16>>,
}

/// How many rows of a kind go, and how many lose some of their fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Count {
    /// The kind.
    pub kind: &'static Kind,
    /// Rows that go.
    pub whole: usize,
    /// Rows that stay without some of their fields.
    pub partly: usize,
}

/// What an erasure takes, the record itself first. Rows in the recycle bin are among it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// Row by row.
    pub parts: Vec<Part>,
}

/// What the erasure of a record takes. Of one that is erased already: what has come since, from devices that did not
/// know yet.
pub fn plan(book: &Book, of: KindId, id: RowId) -> Plan {
    let row = book.row(of, id).unwrap_or_default();
    let itself = (!row.is_erased()).then_some(Part { kind: of, id, fields: None });
    let subject = Subject { kind: of, id, phones: phones(of, &row) };
    let others = KINDS.iter().flat_map(|kind| subject.parts(book, kind));
    Plan { parts: itself.into_iter().chain(others).collect() }
}

/// Records of a kind that are erased and still named by others: something has come since.
pub fn named_after(book: &Book, of: KindId) -> BTreeSet<RowId> {
    let named = |kind: &'static Kind| {
        let rows =
            rows(book, kind, of).flat_map(move |(_, row)| references(kind, of).flat_map(move |f| all(&row, f.id)));
        rows.filter(|id| book.is_erased(of, *id)).collect::<Vec<_>>()
    };
    KINDS.iter().flat_map(|kind| named(kind)).collect()
}

/// Whether somebody who was asked to type a name typed it: letters may be wide or narrow, large or small, and spaces
/// do not count.
pub fn is_named(typed: &str, name: &str) -> bool {
    let plain = |text: &str| narrowed(text).to_lowercase().split_whitespace().collect::<String>();
    plain(typed) == plain(name)
}

impl Plan {
    /// The same, with what was written in many words on the rows that would stay, and on what belongs to them: the words
    /// of a complaint and its log.
    pub fn with_words(mut self, book: &Book) -> Self {
        let partly: Vec<_> = self.parts.iter().filter(|part| part.fields.is_some()).map(|p| (p.kind, p.id)).collect();
        for part in &mut self.parts {
            if let (Some(fields), Some(row)) = (&mut part.fields, book.row(part.kind, part.id)) {
                fields.extend(words(part.kind, &row));
            }
        }
        let belonging = KINDS.iter().flat_map(|kind| wordy(book, kind, &partly)).collect::<Vec<_>>();
        self.parts.extend(belonging);
        self
    }

    /// Counts by kind, in the order of the kinds; kinds of which nothing goes are left out.
    pub fn counts(&self) -> Vec<Count> {
        let count = |kind: &&'static Kind| {
            let parts = || self.parts.iter().filter(|part| part.kind == kind.id);
            let whole = parts().filter(|part| part.fields.is_none()).count();
            Count { kind, whole, partly: parts().count() - whole }
        };
        KINDS.iter().map(count).filter(|count| count.whole + count.partly > 0).collect()
    }

    /// The writes that erase all of it, to be saved as one action.
    pub fn writes(&self) -> Vec<RowWrite> {
        self.parts.iter().map(|part| erase::erasing(part.kind, part.id, part.fields.as_deref())).collect()
    }
}

/// Whom an erasure is about.
struct Subject {
    kind: KindId,
    id: RowId,
    /// As they are kept.
    phones: Vec<String>,
}

impl Subject {
    /// What goes of the rows of a kind.
    fn parts(&self, book: &Book, kind: &'static Kind) -> Vec<Part> {
        let itself = |id: RowId| (kind.id, id) == (self.kind, self.id);
        let others = rows(book, kind, self.kind).filter(|(id, _)| !itself(*id));
        others.filter_map(|(id, row)| self.part(kind, id, &row)).collect()
    }

    fn part(&self, kind: &'static Kind, id: RowId, row: &Row) -> Option<Part> {
        let naming: Vec<_> =
            references(kind, self.kind).filter(|field| all(row, field.id).contains(&self.id)).collect();
        if naming.iter().any(|field| field.flags.has(Flags::OWNED)) {
            return Some(Part { kind: kind.id, id, fields: None });
        }
        let of_it = !naming.is_empty() || self.is_called_by(kind, row);
        // Another customer, such as a branch, keeps what is said of itself.
        let personal = kind.with(Flags::PERSONAL).filter(|_| of_it && kind.id != self.kind);
        let fields = naming.into_iter().chain(personal).map(|field| field.id).filter(|field| !row.drops(*field));
        let fields: Vec<_> = fields.collect();
        (!fields.is_empty()).then_some(Part { kind: kind.id, id, fields: Some(fields) })
    }

    /// Whether a row names nobody, and holds one of the telephone numbers.
    fn is_called_by(&self, kind: &'static Kind, row: &Row) -> bool {
        let nobody = references(kind, self.kind).all(|field| all::<RowId>(row, field.id).is_empty());
        nobody && phones(kind.id, row).iter().any(|phone| self.phones.contains(phone))
    }
}

/// The fields of a row in which much is written or shown, as far as anything was.
fn words(of: KindId, row: &Row) -> Vec<u16> {
    let long =
        kind(of).into_iter().flat_map(Kind::fields).filter(|field| matches!(field.shape, Shape::Long | Shape::Photos));
    long.map(|field| field.id).filter(|id| row.cells.iter().any(|cell| cell.field == *id) && !row.drops(*id)).collect()
}

/// The rows of a kind that belong to one of these, with what is written in them.
fn wordy(book: &Book, kind: &'static Kind, owners: &[(KindId, RowId)]) -> Vec<Part> {
    let owned = kind.with(Flags::OWNED).filter_map(|field| match field.shape {
        Shape::Ref(of) if owners.iter().any(|owner| owner.0 == of) => Some((of, field.id)),
        _ => None,
    });
    let part = |of, field, id, row: &Row| {
        let belongs = all(row, field).into_iter().any(|id| owners.contains(&(of, id)));
        let fields = words(kind.id, row);
        (belongs && !fields.is_empty()).then_some(Part { kind: kind.id, id, fields: Some(fields) })
    };
    owned.flat_map(|(of, field)| rows(book, kind, of).filter_map(move |(id, row)| part(of, field, id, &row))).collect()
}

/// The fields of a kind that refer to another one.
fn references(kind: &'static Kind, to: KindId) -> impl Iterator<Item = &'static Field> {
    kind.fields().filter(move |field| field.shape == Shape::Ref(to))
}

/// The rows of a kind that may name one of another, those in the recycle bin too.
fn rows(book: &Book, kind: &'static Kind, to: KindId) -> impl Iterator<Item = (RowId, Row)> {
    let may = references(kind, to).next().is_some();
    may.then(|| book.rows(kind.id).chain(book.deleted(kind.id))).into_iter().flatten()
}

/// All values that stand in a field beside each other.
fn all<T: Stored>(row: &Row, field: u16) -> Vec<T> {
    row.cell(field, None)
        .into_iter()
        .flat_map(|cell| &cell.live)
        .filter_map(|written| T::read(&written.value))
        .collect()
}

/// The telephone numbers of a person that stand in a row. What is no number, such as "none", says nothing of whose it is.
fn phones(of: KindId, row: &Row) -> Vec<String> {
    let fields = kind(of).into_iter().flat_map(|kind| kind.with(Flags::PERSONAL));
    let read = |field: &Field| match field.shape {
        Shape::Phone => all(row, field.id),
        Shape::Phones => row.words(field.id).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    fields.flat_map(read).filter(|phone: &String| !Phone::from_stored(phone).doubtful).collect()
}
