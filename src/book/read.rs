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
        Shape::Choices(list) => {
            let keys = elements(shape, text).into_iter().map(|part| book.key_of(list, &part).unwrap_or(part));
            return Ok(Read::Elements(keys.collect()));
        }
        Shape::Phones | Shape::Tags | Shape::Photos => return Ok(Read::Elements(elements(shape, text))),
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
        Shape::Instant => {
            if let Ok(moment) = text.parse::<jiff::Timestamp>() {
                return Ok(moment.as_millisecond());
            }
            // A file names a day; the moment is its noon, which is the same day in every shop's zone.
            let date = day::read(text, order).map_err(DayError::words)?;
            Ok(day::number_of(date) * 86_400_000 + 4 * 3_600_000)
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

/// The elements of a set as a person or a file writes them: between any of the usual signs. One that holds such a sign
/// itself stands in quotation marks, doubled where it holds those too: `红、"甲、乙"`. Telephone numbers have signs of
/// their own, so that only 、 surely stands between two of them.
pub fn elements(shape: Shape, text: &str) -> Vec<String> {
    let signs: &[char] = if shape == Shape::Phones { &['、'] } else { &['、', ',', '，', ';', '；', '|', '\n'] };
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some((quoted, after)) = quoted(rest, signs) {
            all.push(if shape == Shape::Phones { Phone::read(&quoted).text } else { quoted });
            rest = after;
        } else {
            let (part, after) = rest.split_once(signs).unwrap_or((rest, ""));
            match part.trim() {
                "" => {}
                part if shape == Shape::Phones => all.extend(Phone::read_all(part).into_iter().map(|phone| phone.text)),
                part => all.push(part.to_owned()),
            }
            rest = after;
        }
        rest = rest.trim_start();
    }
    all
}

/// The element in quotation marks at the beginning of a text, and what follows the sign after it; none if the marks are
/// not closed right before such a sign or the end, so that they belong to the words.
fn quoted<'a>(text: &'a str, signs: &[char]) -> Option<(String, &'a str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut element = String::new();
    loop {
        let (words, after) = rest.split_once('"')?;
        element.push_str(words);
        if let Some(doubled) = after.strip_prefix('"') {
            element.push('"');
            rest = doubled;
            continue;
        }
        let after = after.trim_start();
        let next = if after.is_empty() { Some(after) } else { after.strip_prefix(signs) };
        return next.map(|next| (element, next));
    }
}

/// A value as text that [`read`] takes back unchanged: for a form that changes it and a file that brings it back. A
/// choice is given by its key.
pub fn plain_text(shape: Shape, value: &Value) -> String {
    let text = match (shape, value) {
        (Shape::Money, Value::Int(fen)) => Some(money::plain(*fen)),
        (Shape::Day, value) => jiff::civil::Date::read(value).map(|date| date.to_string()),
        // The Chinese form says lunar and leap in one word each; it is read whatever the language of the screen.
        (Shape::Annual, value) => AnnualDay::read(value).map(|annual| annual.show(Lang::Zh)),
        (Shape::Phone, Value::Text(text)) => Some(phone_text(text)),
        (Shape::Instant, Value::Int(ms)) => {
            jiff::Timestamp::from_millisecond(*ms).ok().map(|moment| moment.to_string())
        }
        (Shape::Tick, Value::Bool(tick)) => Some(if *tick { "是" } else { "否" }.to_owned()),
        (_, Value::Text(text)) => Some(text.clone()),
        (_, Value::Int(number)) => Some(number.to_string()),
        _ => None,
    };
    text.unwrap_or_default()
}

/// The elements of a set in one text that [`read`] takes apart again, whatever they hold: see [`elements`]. Choices are
/// given as they are, by their keys or labels.
pub fn plain_elements<T: AsRef<str>>(shape: Shape, all: impl Iterator<Item = T>) -> String {
    let mut text = String::new();
    for element in all {
        let element = element.as_ref();
        // A mark at the beginning could be closed by one in a later element.
        let same = |written: &str| {
            !written.starts_with('"') && matches!(elements(shape, written).as_slice(), [read] if read == element)
        };
        if !text.is_empty() {
            text.push('、');
        }
        let shown = if shape == Shape::Phones { phone_text(element) } else { element.to_owned() };
        if same(&shown) {
            text.push_str(&shown);
        } else {
            text.push('"');
            text.push_str(&element.replace('"', "\"\""));
            text.push('"');
        }
    }
    text
}

/// A telephone number as people write it, or as it is kept where that would not be read as the same.
fn phone_text(stored: &str) -> String {
    let shown = Phone::from_stored(stored).show(Lang::Zh);
    if Phone::read(&shown).text == stored { shown } else { stored.to_owned() }
}
