//! The standards of the shop: what is shipped, with what the shop wrote over it, and the published editions.
//!
//! A shipped standard is there without any row. Its text is frozen as an edition when the first check uses it, so
//! that a check can be read after the app's text has changed. An edition is named by what it says: two devices that
//! freeze or publish the same text write the same row, and nothing that was published can become something else.

use super::document::{Document, Text};
use super::shipped::Shipped;
use super::{check, edition, standard};
use crate::book::{Book, Draft, Row, RowId, RowWrite};
use crate::domain::record::Stored;
use crate::words::{Lang, Words};

/// A published text of a standard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edition {
    /// Its row, which is there once a check or the shop needs it.
    pub id: RowId,
    /// The standard.
    pub standard: RowId,
    /// 1, 2, 3 …
    pub number: i64,
    /// What it says.
    pub text: Document,
    /// When it was published, in milliseconds since 1970; none for a shipped one.
    pub at: Option<i64>,
    /// What changed.
    pub why: String,
}

/// A standard as the shop has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standard {
    /// Its row.
    pub id: RowId,
    /// Its name.
    pub name: Text,
    /// What it is for.
    pub purpose: Text,
    /// Not offered any more.
    pub retired: bool,
    /// Being edited, not published yet.
    pub draft: Option<Document>,
    /// The published text, for new checks; none for one that was never published.
    pub current: Option<Edition>,
}

impl Standard {
    /// A standard by its id; none if the shop has deleted it or never had it.
    pub fn find(book: &Book, id: RowId) -> Option<Self> {
        let row = book.row(standard::ID, id);
        let shipped = Shipped::find(id);
        if row.as_ref().map_or(shipped.is_none(), Row::is_deleted) {
            return None;
        }
        let row = row.unwrap_or_default();
        Some(Self {
            id,
            name: over(row.text(standard::NAME), shipped.map(|shipped| shipped.name)),
            purpose: over(row.text(standard::PURPOSE), shipped.map(|shipped| shipped.purpose)),
            retired: row.get(standard::RETIRED) == Some(true),
            draft: Document::read(row.text(standard::DRAFT)),
            current: current(book, id, &row),
        })
    }

    /// All standards: the shipped ones in their order, then the shop's own by name.
    pub fn all(book: &Book) -> Vec<Self> {
        let shipped = Shipped::ALL.iter().filter_map(|shipped| Self::find(book, shipped.id()));
        let own = book.rows(standard::ID).map(|(id, _)| id).filter(|id| Shipped::find(*id).is_none());
        let mut own: Vec<_> = own.filter_map(|id| Self::find(book, id)).collect();
        own.sort_by(|a, b| a.name.zh.cmp(&b.name.zh));
        shipped.chain(own).collect()
    }

    /// The text to read or to edit: the draft, else what is published.
    pub fn text(&self) -> Document {
        let published = self.current.as_ref().map(|edition| edition.text.clone());
        self.draft.clone().or(published).unwrap_or_default()
    }

    /// Publishes the draft as the next edition: freezes its text, and clears the draft. None if there is nothing new
    /// to publish.
    pub fn publish(&self, book: &Book, why: &str, now_ms: i64) -> Option<Vec<RowWrite>> {
        let text = self.draft.clone()?;
        if self.current.as_ref().is_some_and(|current| current.text == text) {
            return None;
        }
        let number = editions(book, self.id).map(|edition| edition.number).max().unwrap_or(0);
        let number = number.max(self.current.as_ref().map_or(0, |current| current.number)) + 1;
        let next = Edition {
            id: edition_id(self.id, number, &text),
            standard: self.id,
            number,
            text,
            at: Some(now_ms),
            why: why.trim().to_owned(),
        };
        let mut row = Draft::open(book, standard::ID, self.id);
        row.set(standard::EDITION, &number).clear(standard::DRAFT);
        Some([next.freeze(book), row.write()].into_iter().flatten().collect())
    }
}

impl Edition {
    /// The write that puts the edition into the book; none if it is there already.
    pub fn freeze(&self, book: &Book) -> Option<RowWrite> {
        if book.row(edition::ID, self.id).is_some() {
            return None;
        }
        let mut row = Draft::new(edition::ID, self.id);
        row.set(edition::STANDARD, &self.standard).set(edition::NUMBER, &self.number);
        row.set(edition::TEXT, &self.text.write());
        if let Some(at) = self.at {
            row.set(edition::AT, &at);
        }
        if !self.why.is_empty() {
            row.set(edition::WHY, &self.why);
        }
        row.write()
    }

    /// The edition that a check was made by (S2); if its row has not arrived yet, the current one.
    pub fn of_check(book: &Book, row: &Row) -> Option<Self> {
        let named = row.get(check::BY_TEXT).and_then(|id| Self::read(id, &book.row(edition::ID, id)?));
        named.or_else(|| Standard::find(book, row.get(check::STANDARD)?)?.current)
    }

    fn read(id: RowId, row: &Row) -> Option<Self> {
        Some(Self {
            id,
            standard: row.get(edition::STANDARD)?,
            number: row.get(edition::NUMBER)?,
            text: Document::read(row.text(edition::TEXT))?,
            at: row.get(edition::AT),
            why: row.text(edition::WHY).to_owned(),
        })
    }
}

/// The name of a standard, even of a deleted one.
pub fn name(book: &Book, id: RowId) -> Text {
    let row = book.row(standard::ID, id).unwrap_or_default();
    over(row.text(standard::NAME), Shipped::find(id).map(|shipped| shipped.name))
}

/// What the shop wrote, for both languages, over what is shipped.
fn over(own: &str, shipped: Option<Words>) -> Text {
    if own.is_empty() { shipped.map(Text::from).unwrap_or_default() } else { Text::own(Lang::Zh, own) }
}

/// The frozen editions of a standard.
pub fn editions(book: &Book, of: RowId) -> impl Iterator<Item = Edition> + '_ {
    let rows = book.rows(edition::ID).filter(move |(_, row)| row.get(edition::STANDARD) == Some(of));
    rows.filter_map(|(id, row)| Edition::read(id, &row))
}

/// The text for new checks: what the shop published last, else what is shipped. Two texts that were published under
/// one number on two devices are both kept; the later one counts on every device.
fn current(book: &Book, id: RowId, row: &Row) -> Option<Edition> {
    let published = row.get(standard::EDITION).and_then(|number| {
        editions(book, id).filter(|edition| edition.number == number).max_by_key(|edition| (edition.at, edition.id))
    });
    published.or_else(|| {
        let shipped = Shipped::find(id)?;
        let (number, text) = (shipped.number, shipped.document());
        let id_of = edition_id(id, number, &text);
        Some(Edition { id: id_of, standard: id, number, text, at: None, why: String::new() })
    })
}

fn edition_id(standard: RowId, number: i64, text: &Document) -> RowId {
    id_of_text(standard, number, &text.write())
}

fn id_of_text(standard: RowId, number: i64, text: &str) -> RowId {
    RowId::shipped(&format!("edition/{standard}/{number}/{text}"))
}

/// Whether a row is an edition as [`Edition::freeze`] writes one that was not published: the text under the id that follows
/// from it, and nothing else. It can neither alter an edition that is there nor become the one for new checks.
pub fn is_frozen(row: &RowWrite) -> bool {
    let value = |field: u16| row.cells.iter().find(|cell| cell.field == field && cell.elem.is_none());
    let standard = value(edition::STANDARD.field).and_then(|cell| RowId::read(&cell.value));
    let number = value(edition::NUMBER.field).and_then(|cell| cell.value.int());
    let text = value(edition::TEXT.field).and_then(|cell| cell.value.text());
    match (standard, number, text) {
        (Some(standard), Some(number), Some(text)) if row.kind == edition::ID && row.cells.len() == 3 => {
            row.id == id_of_text(standard, number, text)
        }
        _ => false,
    }
}
