//! Which column of a file becomes which field: guessed from the header, changed by the person (C16).

use std::collections::HashSet;

use super::sheet::Sheet;
use crate::book::{Book, Extra, RowId};
use crate::domain::record::{Field, Flags, Kind, Shape};
use crate::domain::width::narrowed;
use crate::domain::{complaint, customer};

/// What becomes of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Target {
    /// A field, by its number.
    Field(u16),
    /// One of the shop's own fields (G3), by its row.
    Extra(RowId),
    /// A line of the note, with the column's name: nothing is lost that no field is for.
    Note,
    /// Left out.
    Nothing,
}

/// What becomes of every column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// The kind of record that a row becomes.
    pub kind: &'static Kind,
    /// One target for each column.
    pub columns: Vec<Target>,
}

/// Kinds that can be imported.
pub static KINDS: [&Kind; 2] = [&customer::customer::RECORD, &complaint::complaint::RECORD];

/// So many filled cells tell what a column holds.
const LOOKED_AT: usize = 50;

impl Mapping {
    /// The kind and the fields that a file's header speaks of.
    pub fn guess(book: &Book, sheet: &Sheet) -> Self {
        let [customers, complaints] = KINDS.map(|kind| Self::guess_for(book, kind, sheet));
        // A complaint is known by its own words; everything else is taken for a list of customers.
        let telling = |mapping: &Self| mapping.column_of(complaint::complaint::WORDS.field).is_some();
        if telling(&complaints) && complaints.named() >= customers.named() { complaints } else { customers }
    }

    /// The fields of a kind that a file's header speaks of, the shop's own among them. Each field is taken by one column
    /// at most: the first that bears its name exactly, else the first that contains it.
    pub fn guess_for(book: &Book, kind: &'static Kind, sheet: &Sheet) -> Self {
        let own =
            book.extras(kind.key).into_iter().map(|extra| (Target::Extra(extra.id), vec![Name::new(&extra.name)]));
        let fields = fillable(kind).map(|field| (Target::Field(field.id), names_of(field)));
        let names: Vec<_> = fields.chain(own).collect();
        let header: Vec<_> = sheet.header.iter().map(|name| Name::new(name)).collect();
        let mut columns = vec![Target::Note; header.len()];
        let mut taken = HashSet::new();
        for fits in [Name::is, Name::contains] {
            for (column, (name, target)) in header.iter().zip(&mut columns).enumerate() {
                let free = names.iter().filter(|(other, _)| *target == Target::Note && !taken.contains(other));
                let mut fitting = free.filter(|(_, own)| own.iter().any(|own| fits(name, own)));
                if let Some((found, _)) = fitting.find(|(found, _)| speaks_of(book, kind, *found, sheet, column)) {
                    *target = *found;
                    taken.insert(*found);
                }
            }
        }
        for (column, target) in columns.iter_mut().enumerate() {
            if *target == Target::Note && sheet.column(column).next().is_none() {
                *target = Target::Nothing;
            }
        }
        Self { kind, columns }
    }

    fn named(&self) -> usize {
        self.columns.iter().filter(|target| matches!(target, Target::Field(_) | Target::Extra(_))).count()
    }

    /// The column that becomes a field.
    pub fn column_of(&self, field: u16) -> Option<usize> {
        self.columns.iter().position(|target| *target == Target::Field(field))
    }

    /// Whether the file speaks of organisations: a column is for them alone.
    pub fn is_of_organisations(&self) -> bool {
        self.kind.with(Flags::ORG).any(|field| self.column_of(field.id).is_some())
    }
}

/// Fields that a file can fill, for the person's own choice.
pub fn fillable(kind: &'static Kind) -> impl Iterator<Item = &'static Field> {
    kind.fields()
        .filter(|field| !matches!(field.shape, Shape::Ref(_) | Shape::Answers | Shape::Photos | Shape::Document))
}

/// Whether a field's choices belong to the app's rules, as the states of a complaint do: a file cannot add to them.
pub fn is_closed(field: &Field) -> bool {
    field.flags.has(Flags::HIDDEN) && matches!(field.shape, Shape::Choice(_))
}

/// Whether what stands in a column can be meant for a target that its name speaks of: a column `state` full of
/// provinces is no state of a complaint.
fn speaks_of(book: &Book, kind: &'static Kind, target: Target, sheet: &Sheet, column: usize) -> bool {
    let Target::Field(id) = target else { return true };
    let Some((Shape::Choice(list), true)) = kind.field(id).map(|field| (field.shape, is_closed(field))) else {
        return true;
    };
    sheet.column(column).take(LOOKED_AT).all(|text| book.key_of(list, text).is_some())
}

/// What one of the shop's own fields holds (G3); the choices of one are plain texts.
pub fn shape_of(extra: &Extra) -> Shape {
    match extra.shape.as_str() {
        "whole" => Shape::Whole,
        "day" => Shape::Day,
        "tick" => Shape::Tick,
        _ => Shape::Text,
    }
}

/// The names that a field goes by.
fn names_of(field: &Field) -> Vec<Name> {
    let all = [field.words.zh, field.words.en, field.name].into_iter().chain(field.also.iter().copied());
    all.map(Name::new).collect()
}

/// A name as it is compared: without case, width and signs. A language with spaces has words, and a name is contained in
/// another as words: `MAILING_CITY` does not speak of `mail`.
struct Name {
    words: Vec<String>,
    whole: String,
}

impl Name {
    fn new(name: &str) -> Self {
        let name = narrowed(name).to_lowercase();
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<_> = words.map(str::to_owned).collect();
        Self { whole: words.concat(), words }
    }

    fn is(&self, own: &Self) -> bool {
        !self.whole.is_empty() && self.whole == own.whole
    }

    fn contains(&self, own: &Self) -> bool {
        if own.whole.is_ascii() {
            return !own.words.is_empty() && self.words.windows(own.words.len()).any(|words| words == own.words);
        }
        own.whole.chars().count() > 1 && self.whole.contains(&own.whole)
    }
}
