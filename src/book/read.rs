//! Text that a person typed or a file held, read as a value.

use super::state::Book;
use super::value::Value;
use crate::domain::annual::AnnualDay;
use crate::domain::day::{self, DayError, DayOrder};
use crate::domain::money::{self, MoneyError};
use crate::domain::record::{Shape, Stored};
use crate::domain::width::narrowed;
use crate::domain::{annual, phone::Phone};
use crate::words::{Lang, Words, words};

/// What was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Read {
    /// A value for the cell; nil for nothing.
    Value(Value),
    /// Elements for a field that holds a set.
    Elements(Vec<String>),
    /// A name that the dictionary does not have yet.
    NewEntry(String),
}

/// Reads text as a value of a shape. What is wrong comes back in words that also say what to do.
pub fn read(book: &Book, shape: Shape, text: &str, order: DayOrder) -> Result<Read, Words> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(if shape.is_set() { Read::Elements(Vec::new()) } else { Read::Value(Value::Nil) });
    }
    let value = match shape {
        Shape::Phone => Value::Text(Phone::read(text).text),
        Shape::Money | Shape::Whole | Shape::Minutes | Shape::Score | Shape::Instant => {
            Value::Int(number(shape, text, order)?)
        }
        Shape::Day => day::read(text, order).map_err(DayError::words)?.store(),
        Shape::Annual => annual::read(text, order).map_err(DayError::words)?.store(),
        Shape::Tick => Value::Bool(tick(text)?),
        Shape::Choice(list) => match book.key_of(list, text) {
            Some(key) => Value::Text(key),
            None => return Ok(Read::NewEntry(text.to_owned())),
        },
        Shape::Phones => {
            return Ok(Read::Elements(Phone::read_all(text).into_iter().map(|phone| phone.text).collect()));
        }
        Shape::Choices(list) => {
            let keys = parts(text).map(|part| book.key_of(list, part).unwrap_or_else(|| part.to_owned()));
            return Ok(Read::Elements(keys.collect()));
        }
        Shape::Tags => return Ok(Read::Elements(parts(text).map(str::to_owned).collect())),
        Shape::Ref(_) | Shape::Answers | Shape::Document => {
            return Err(words("这一栏不能从文字读入。", "This field cannot be read from text."));
        }
        Shape::Text | Shape::Long | Shape::Mail | Shape::Link | Shape::Place => Value::Text(text.to_owned()),
    };
    Ok(Read::Value(value))
}

fn number(shape: Shape, text: &str, order: DayOrder) -> Result<i64, Words> {
    match shape {
        Shape::Money => money::read(text).map_err(MoneyError::words),
        // A file names a day; the moment is its noon, which is the same day in every shop's zone.
        Shape::Instant => {
            let date = day::read(text, order).map_err(DayError::words)?;
            let days = date.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
            Ok(days * 86_400_000 + 4 * 3_600_000)
        }
        _ => {
            let digits: String = narrowed(text).chars().filter(|c| !matches!(c, ',' | ' ')).collect();
            digits.parse().map_err(|_| words("请填写整数，例如 12。", "Enter a whole number, such as 12."))
        }
    }
}

fn tick(text: &str) -> Result<bool, Words> {
    match text.to_lowercase().as_str() {
        "是" | "有" | "√" | "✓" | "yes" | "y" | "true" | "1" => Ok(true),
        "否" | "无" | "×" | "no" | "n" | "false" | "0" => Ok(false),
        _ => Err(words("请填写“是”或“否”。", "Enter yes or no.")),
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ',', '，', ';', '；', '|', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// A value as text that [`read`] takes back unchanged: for a form that changes it and a file that brings it back. A
/// choice is given by its key.
pub fn plain_text(shape: Shape, value: &Value) -> String {
    let text = match (shape, value) {
        (Shape::Money, Value::Int(fen)) => Some(money::plain(*fen)),
        (Shape::Day, value) => jiff::civil::Date::read(value).map(|date| date.to_string()),
        // The Chinese form says lunar and leap in one word each; it is read whatever the language of the screen.
        (Shape::Annual, value) => AnnualDay::read(value).map(|annual| annual.show(Lang::Zh)),
        (Shape::Phone, Value::Text(text)) => Some(Phone::from_stored(text).show(Lang::Zh)),
        (Shape::Tick, Value::Bool(tick)) => Some(if *tick { "是" } else { "否" }.to_owned()),
        (_, Value::Text(text)) => Some(text.clone()),
        (_, Value::Int(number)) => Some(number.to_string()),
        _ => None,
    };
    text.unwrap_or_default()
}

/// Elements of a set in one text, which [`read`] takes apart again.
pub fn join<T: AsRef<str>>(elems: impl Iterator<Item = T>) -> String {
    let mut text = String::new();
    for elem in elems {
        if !text.is_empty() {
            text.push('、');
        }
        text.push_str(elem.as_ref());
    }
    text
}
