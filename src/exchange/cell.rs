//! A value as the text of a cell in a file: what a person reads in a spreadsheet, and what the import reads back unchanged.

use crate::book::read::plain_elements;
use crate::book::read::plain_text;
use crate::book::{Book, Row, Value};
use crate::domain::annual::{AnnualDay, Calendar};
use crate::domain::record::{Field, Shape, Stored};
use crate::words::{Lang, words};

/// A field of a row.
pub(super) fn field_text(book: &Book, row: &Row, field: &Field, lang: Lang) -> String {
    match field.shape {
        Shape::Choice(list) => row.value(field.id).text().map_or(String::new(), |key| book.label(list, key, lang)),
        Shape::Choices(list) => plain_elements(field.shape, row.words(field.id).map(|key| book.label(list, key, lang))),
        shape if shape.is_set() => plain_elements(shape, row.words(field.id)),
        shape => value_text(shape, row.value(field.id), lang),
    }
}

/// One value.
pub(super) fn value_text(shape: Shape, value: &Value, lang: Lang) -> String {
    match (shape, value) {
        (Shape::Annual, value) => AnnualDay::read(value).map_or_else(String::new, |day| annual_text(day, lang)),
        (Shape::Tick, Value::Bool(true)) => words("是", "Yes").r#in(lang).to_owned(),
        (Shape::Tick, Value::Bool(false)) => words("否", "No").r#in(lang).to_owned(),
        _ => plain_text(shape, value),
    }
}

/// A day of the year. A lunar one has no usual English form that could be read back: `lunar:1990-04L-15`.
pub(super) fn annual_text(day: AnnualDay, lang: Lang) -> String {
    match (day.calendar(), lang) {
        (Calendar::Lunar, Lang::En) => day.to_stored(),
        _ => day.show(lang),
    }
}
