//! Which column of a file becomes which field: guessed from the header, changed by the person (C16).

use super::sheet::Sheet;
use crate::domain::record::{Field, Flags, Kind, Shape};
use crate::domain::width::narrowed;
use crate::domain::{complaint, customer};

/// What becomes of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A field, by its number.
    Field(u16),
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

impl Mapping {
    /// The kind and the fields that a file's header speaks of.
    pub fn guess(sheet: &Sheet) -> Self {
        let [customers, complaints] = KINDS.map(|kind| Self::guess_for(kind, sheet));
        // A complaint is known by its own words; everything else is taken for a list of customers.
        let telling = |mapping: &Self| mapping.column_of(complaint::complaint::WORDS.field).is_some();
        if telling(&complaints) && complaints.named() >= customers.named() { complaints } else { customers }
    }

    /// The fields of a kind that a file's header speaks of. Each field is taken by one column at most: the first that
    /// bears its name exactly, else the first that contains it.
    pub fn guess_for(kind: &'static Kind, sheet: &Sheet) -> Self {
        let header: Vec<_> = sheet.header.iter().map(|name| plain(name)).collect();
        let mut columns = vec![Target::Note; header.len()];
        for exact in [true, false] {
            for (column, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                let taken = |field: &Field| columns.contains(&Target::Field(field.id));
                if columns.get(column) != Some(&Target::Note) {
                    continue;
                }
                let found = kind.fields().filter(|field| !taken(field)).find(|field| is_named(field, name, exact));
                if let (Some(field), Some(target)) = (found, columns.get_mut(column)) {
                    *target = Target::Field(field.id);
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
        self.columns.iter().filter(|target| matches!(target, Target::Field(_))).count()
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
    kind.fields().filter(|field| !matches!(field.shape, Shape::Ref(_) | Shape::Answers | Shape::Document))
}

/// A name without case, width, signs and spaces.
fn plain(name: &str) -> String {
    narrowed(name).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_named(field: &Field, name: &str, exact: bool) -> bool {
    if matches!(field.shape, Shape::Ref(_) | Shape::Answers | Shape::Document) {
        return false;
    }
    let own = [field.words.zh, field.words.en, field.name].into_iter().chain(field.also.iter().copied());
    own.map(plain).any(|own| if exact { own == name } else { own.chars().count() > 1 && name.contains(&own) })
}
