//! Checks as the screens and the reports read them (S3, S6, S10).

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::document::{Document, Text};
use super::scoring::{Answer, Answers, Tally};
use super::shelf::{Edition, Standard};
use super::{check, edition};
use crate::book::{Book, Draft, PhotoRef, Row, RowId, RowWrite, Stamp, Value};

/// The key of quick ticks in the dictionary `USE` (S6).
pub const QUICK: &str = "quick";
/// The key of a self-check (S3).
pub const SELF_CHECK: &str = "self_check";

/// A check as its row says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// Its row.
    pub id: RowId,
    /// The standard.
    pub standard: RowId,
    /// The frozen text it was made by.
    pub text: Option<RowId>,
    /// Number of that text.
    pub number: i64,
    /// A key of the dictionary `USE`.
    pub usage: String,
    /// When it began, in milliseconds since 1970.
    pub at: i64,
    /// Who is checked.
    pub staff: Option<RowId>,
    /// When it was completed.
    pub done: Option<i64>,
    /// Percent, once it is completed; none if nothing in it counts.
    pub score: Option<i64>,
}

impl Check {
    /// Reads a row; none if it names no standard.
    pub fn read(id: RowId, row: &Row) -> Option<Self> {
        Some(Self {
            id,
            standard: row.get(check::STANDARD)?,
            text: row.get(check::BY_TEXT),
            number: row.get(check::EDITION).unwrap_or_default(),
            usage: row.text(check::USE).to_owned(),
            at: row.get(check::AT).unwrap_or_default(),
            staff: row.get(check::STAFF),
            done: row.get(check::DONE),
            score: row.get(check::SCORE),
        })
    }

    /// All checks, newest first.
    pub fn all(book: &Book) -> Vec<Self> {
        let mut all: Vec<_> = book.rows(check::ID).filter_map(|(id, row)| Self::read(id, &row)).collect();
        all.sort_by_key(|check| (std::cmp::Reverse(check.at), check.id));
        all
    }

    /// Whether it is a self-check; everything else but quick ticks is somebody else's look.
    pub fn is_own(&self) -> bool {
        self.usage == SELF_CHECK
    }

    /// The check to lay beside this one (S3): the latest completed one of the same standard and person in the same
    /// week, where one is her own and the other is not. `day` says on which day a moment fell.
    pub fn counterpart<'a>(&self, all: &'a [Self], day: impl Fn(i64) -> Option<Date>) -> Option<&'a Self> {
        let week = |check: &Self| day(check.at).map(|day| (day.iso_week_date().year(), day.iso_week_date().week()));
        let fits = |other: &&Self| {
            other.standard == self.standard
                && other.staff == self.staff
                && other.is_own() != self.is_own()
                && other.usage != QUICK
                && other.done.is_some()
                && week(other) == week(self)
        };
        let wanted = self.staff.is_some() && self.usage != QUICK && self.done.is_some();
        all.iter().filter(fits).filter(|_| wanted).max_by_key(|other| other.at)
    }
}

/// What a check asks: its edition's text, or its steps for quick ticks (S6).
pub fn document(book: &Book, row: &Row) -> Document {
    let text = Edition::of_check(book, row).map(|edition| edition.text).unwrap_or_default();
    if row.text(check::USE) == QUICK { text.by_step() } else { text }
}

/// The answers of a check.
pub fn answers(document: &Document, row: &Row) -> Answers {
    let read = |(elem, value): (&[u8], &Value)| {
        let key = std::str::from_utf8(elem).ok()?;
        Some((key.to_owned(), Answer::read(&document.item(key)?.kind, value)?))
    };
    row.set(check::ANSWERS).filter_map(read).collect()
}

/// The note on an item of a check.
pub fn note(row: &Row, key: &str) -> String {
    let cell = row.cell(check::NOTES.field, Some(key.as_bytes()));
    cell.and_then(|cell| cell.shown().text()).unwrap_or_default().to_owned()
}

/// The photos that show what failed in an item of a check.
pub fn photos(row: &Row, key: &str) -> Vec<PhotoRef> {
    let cell = row.cell(check::PHOTOS.field, Some(key.as_bytes()));
    cell.and_then(|cell| PhotoRef::all(cell.shown().text()?)).unwrap_or_default()
}

/// What begins a check: its row as far as it is known, and the frozen text if it is not in the book yet.
pub fn start(book: &Book, standard: &Standard, id: RowId, fill: impl FnOnce(&mut Draft)) -> Option<Vec<RowWrite>> {
    let edition = standard.current.as_ref()?;
    let mut row = Draft::new(check::ID, id);
    row.set(check::STANDARD, &standard.id).set(check::EDITION, &edition.number).set(check::BY_TEXT, &edition.id);
    fill(&mut row);
    Some([edition.freeze(book), row.write()].into_iter().flatten().collect())
}

/// The write of one answer. On a completed check the score follows in the same transaction (S4); the reason was
/// asked before.
pub fn answer(book: &Book, id: RowId, key: &str, answer: Option<&Answer>) -> Option<RowWrite> {
    let row = book.row(check::ID, id)?;
    let document = document(book, &row);
    let mut draft = Draft::open(book, check::ID, id);
    draft.add(check::ANSWERS, key.as_bytes(), answer.map_or(Value::Nil, Answer::store));
    if row.get(check::DONE).is_some() {
        let mut now = answers(&document, &row);
        now.remove(key);
        now.extend(answer.map(|answer| (key.to_owned(), answer.clone())));
        put_score(&mut draft, &Tally::of(&document, &now));
    }
    draft.write()
}

/// The write that completes a check: when, and the score.
pub fn complete(book: &Book, id: RowId, now_ms: i64) -> Option<RowWrite> {
    let row = book.row(check::ID, id)?;
    let document = document(book, &row);
    let mut draft = Draft::open(book, check::ID, id);
    draft.set(check::DONE, &now_ms);
    put_score(&mut draft, &Tally::of(&document, &answers(&document, &row)));
    draft.write()
}

/// Puts the score of a tally into a check.
pub fn put_score(draft: &mut Draft, tally: &Tally) {
    match tally.percent() {
        Some(percent) => draft.set(check::SCORE, &percent),
        None => draft.clear(check::SCORE),
    };
}

/// When each item was last changed after completion (S4).
pub fn edited_after(row: &Row) -> BTreeMap<String, crate::book::Mark> {
    let done = row.cell(check::DONE.field, None).and_then(|cell| cell.live.first()).map(|written| written.mark.stamp);
    let Some(done) = done else { return BTreeMap::new() };
    let mut last: BTreeMap<String, crate::book::Mark> = BTreeMap::new();
    let cells = row
        .cells
        .iter()
        .filter(|cell| [check::ANSWERS, check::NOTES, check::PHOTOS].map(|key| key.field).contains(&cell.field));
    for cell in cells {
        let (Some(elem), Some(written)) = (&cell.elem, cell.live.first()) else { continue };
        let (Ok(key), true) = (std::str::from_utf8(elem), written.mark.stamp > done) else { continue };
        let mark = last.entry(key.to_owned()).or_insert(written.mark);
        if mark.stamp < written.mark.stamp {
            *mark = written.mark;
        }
    }
    last
}

/// How often an item failed (S10).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failures {
    /// The standard.
    pub standard: RowId,
    /// The item's text in its latest edition.
    pub text: Text,
    /// Completed checks in which it failed, and in which it was answered.
    pub failed: usize,
    /// Completed checks in which it was answered.
    pub answered: usize,
}

/// The items that failed in completed checks, most often first. Items are known by their key through all editions.
pub fn most_failed(book: &Book, of: impl Fn(&Check) -> bool) -> Vec<Failures> {
    let mut texts: HashMap<(RowId, bool), Document> = HashMap::new();
    let mut found: BTreeMap<(RowId, String), (Stamp, Failures)> = BTreeMap::new();
    for (id, row) in book.rows(check::ID) {
        let Some(check) = Check::read(id, &row).filter(|check| check.done.is_some() && of(check)) else { continue };
        let quick = check.usage == QUICK;
        let document =
            texts.entry((check.text.unwrap_or(check.standard), quick)).or_insert_with(|| document(book, &row));
        let stamp = row.created().map_or(Stamp::default(), |mark| mark.stamp);
        for (key, answer) in answers(document, &row) {
            let Some(item) = document.item(&key).filter(|item| !item.hidden && item.kind.is_scored()) else { continue };
            let empty = Failures { standard: check.standard, text: Text::default(), failed: 0, answered: 0 };
            let (latest, counts) = found.entry((check.standard, key)).or_insert((Stamp::default(), empty));
            if stamp >= *latest {
                (*latest, counts.text) = (stamp, item.text.clone());
            }
            counts.failed += usize::from(answer.is_failure());
            counts.answered += usize::from(answer != Answer::NotApplicable);
        }
    }
    let mut all: Vec<_> = found.into_values().map(|(_, counts)| counts).filter(|counts| counts.failed > 0).collect();
    all.sort_by(|a, b| (b.failed, a.answered).cmp(&(a.failed, b.answered)).then_with(|| a.text.zh.cmp(&b.text.zh)));
    all
}

/// The kinds of rows that a reader of checks listens to.
pub const READ: [u16; 3] = [check::ID, edition::ID, super::standard::ID];
