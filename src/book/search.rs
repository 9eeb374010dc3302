//! Finding records while one types (C13): names by Han, pinyin and initials, phones by any of their digits, everything
//! else by its words.
//!
//! What is searched is kept beside the rows, ready to be compared; a scan over it is faster than an index that would
//! have to be kept.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::id::RowId;
use super::row::Row;
use super::state::Book;
use crate::domain::phone::Phone;
use crate::domain::pinyin::{Query, Rank, name_key, spelling};
use crate::domain::record::{Flags, KindId, Shape};
use crate::domain::{kind, record::Kind};

/// What is searched of one kind.
#[derive(Debug, Default)]
pub struct Finder {
    kind: Option<&'static Kind>,
    entries: Vec<Entry>,
    places: HashMap<RowId, usize>,
}

#[derive(Debug)]
struct Entry {
    id: RowId,
    live: bool,
    name: String,
    key: String,
    /// Digits of all phones, one after the other with a space between.
    digits: String,
    /// Everything else that is searched, in lower case.
    rest: String,
}

/// A found record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The record.
    pub id: RowId,
    rank: Order,
}

/// Where it was found; the smaller, the better.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Order {
    PhoneTail,
    Name(Rank),
    Phone,
    Words,
}

impl Finder {
    /// Reads what is searched of every row of a kind.
    pub fn new(book: &Book, id: KindId) -> Self {
        kind(id).map_or_else(Self::default, |kind| Self::of(book, kind))
    }

    /// The same by a declaration.
    pub fn of(book: &Book, kind: &'static Kind) -> Self {
        let mut finder = Self { kind: Some(kind), ..Self::default() };
        for (id, row) in book.rows(kind.id) {
            finder.put(id, &row);
        }
        finder
    }

    /// Follows a change of a row.
    pub fn update(&mut self, book: &Book, id: RowId) {
        if let Some(row) = self.kind.and_then(|kind| book.row(kind.id, id)) {
            self.put(id, &row);
        }
    }

    fn put(&mut self, id: RowId, row: &Row) {
        let Some(kind) = self.kind else { return };
        let entry = entry(kind, id, row);
        match self.places.get(&id).and_then(|place| self.entries.get_mut(*place)) {
            Some(old) => *old = entry,
            None => {
                self.places.insert(id, self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    /// Finds records, best first. Every word of the text must be found.
    pub fn find(&self, text: &str, limit: usize) -> Vec<Found> {
        let words: Vec<_> = text.split_whitespace().map(Word::new).collect();
        if words.is_empty() {
            return Vec::new();
        }
        // A pasted phone has spaces, and a name typed with a space is still one name.
        let whole = Word::new(text);
        let mut found: Vec<(Order, &Entry)> = self
            .entries
            .iter()
            .filter(|entry| entry.live)
            .filter_map(|entry| {
                let each = || words.iter().map(|word| word.rank(entry)).collect::<Option<Vec<_>>>()?.into_iter().max();
                Some((whole.rank(entry).or_else(each)?, entry))
            })
            .collect();
        let order = |a: &(Order, &Entry), b: &(Order, &Entry)| a.0.cmp(&b.0).then_with(|| by_name(a.1, b.1));
        if found.len() > limit {
            found.select_nth_unstable_by(limit, order);
            found.truncate(limit);
        }
        found.sort_by(order);
        found.into_iter().map(|(rank, entry)| Found { id: entry.id, rank }).collect()
    }

    /// All records in the order of their names by pinyin.
    pub fn by_name(&self) -> Vec<RowId> {
        let mut all: Vec<_> = self.entries.iter().filter(|entry| entry.live).collect();
        all.sort_by(|a, b| by_name(a, b));
        all.into_iter().map(|entry| entry.id).collect()
    }

    /// Records that have this phone (C14).
    pub fn with_phone(&self, phone: &Phone) -> Vec<RowId> {
        let digits = phone.digits();
        let same = |entry: &&Entry| entry.live && entry.digits.split(' ').any(|own| own == digits);
        if digits.len() < 5 { Vec::new() } else { self.entries.iter().filter(same).map(|entry| entry.id).collect() }
    }

    /// Records whose name sounds the same (C14).
    pub fn with_name(&self, name: &str) -> Vec<RowId> {
        let sound = spelling(name);
        // Names that sound the same stand under the same first syllable, which the key has at hand.
        let key = name_key(name);
        let first = key.split_inclusive('\u{1}').next().filter(|first| first.len() < key.len()).unwrap_or_default();
        let near = |entry: &Entry| entry.live && entry.key.starts_with(first);
        let same = |entry: &&Entry| near(entry) && spelling(&entry.name) == sound;
        if sound.is_empty() { Vec::new() } else { self.entries.iter().filter(same).map(|entry| entry.id).collect() }
    }
}

fn by_name(a: &Entry, b: &Entry) -> Ordering {
    (&a.key, &a.name, a.id).cmp(&(&b.key, &b.name, b.id))
}

fn entry(kind: &'static Kind, id: RowId, row: &Row) -> Entry {
    let mut entry = Entry {
        id,
        live: !row.is_deleted(),
        name: String::new(),
        key: String::new(),
        digits: String::new(),
        rest: String::new(),
    };
    for field in kind.with(Flags::SEARCH) {
        let own = row.value(field.id).text().into_iter();
        for text in own.chain(row.words(field.id)) {
            let (into, text) = match field.shape {
                Shape::Phone | Shape::Phones => (&mut entry.digits, Phone::from_stored(text).digits()),
                _ if field.id == kind.title => (&mut entry.name, text.to_owned()),
                _ => (&mut entry.rest, text.to_lowercase()),
            };
            if !into.is_empty() {
                into.push(' ');
            }
            into.push_str(&text);
        }
    }
    entry.key = name_key(&entry.name);
    entry
}

/// A word of the search, ready for each kind of comparison.
struct Word {
    name: Query,
    digits: String,
    lower: String,
}

impl Word {
    fn new(text: &str) -> Self {
        let narrow = crate::domain::width::narrowed(text.trim());
        let digits: String = narrow.chars().filter(char::is_ascii_digit).collect();
        let only_digits = narrow.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')'));
        // A pasted number with its country code is the same number.
        let digits =
            if digits.len() == 13 { digits.strip_prefix("86").map_or(digits.clone(), str::to_owned) } else { digits };
        Self {
            name: Query::new(text),
            digits: if only_digits { digits } else { String::new() },
            lower: narrow.to_lowercase(),
        }
    }

    fn rank(&self, entry: &Entry) -> Option<Order> {
        if !self.digits.is_empty() && entry.digits.contains(&self.digits) {
            let tail = self.digits.len() >= 4 && entry.digits.split(' ').any(|own| own.ends_with(&self.digits));
            return Some(if tail { Order::PhoneTail } else { Order::Phone });
        }
        if let Some(rank) = self.name.rank(&entry.name) {
            return Some(Order::Name(rank));
        }
        (!self.lower.is_empty() && entry.rest.contains(&self.lower)).then_some(Order::Words)
    }
}
