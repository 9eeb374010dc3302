//! Finding records while one types (C13): names by Han, pinyin and initials, phones by any of their digits, everything
//! else by its words.
//!
//! What is searched is kept beside the rows, ready to be compared; a scan over it is faster than an index that would
//! have to be kept.

use std::cmp::Ordering;

use super::column::Column;
use super::glance::{Glance, Peek};
use super::id::{RowId, Stamp};
use super::names::{NameKey, Names, place};
use super::state::Book;
use crate::domain::phone::Phone;
use crate::domain::pinyin::{Query, Rank, name_key, spelling};
use crate::domain::record::{Field, Flags, KindId, Shape};
use crate::domain::{kind, record::Kind};

/// What is searched of one kind.
#[derive(Debug, Default)]
pub struct Finder {
    kind: Option<&'static Kind>,
    /// The fields that are searched, by their numbers.
    fields: Vec<&'static Field>,
    entries: Vec<Entry>,
    keys: Names,
    names: Column,
    /// Digits of all phones of a row, with a space between.
    digits: Column,
    /// Everything else that is searched, in lower case.
    rest: Column,
    /// The texts of the row that is being read.
    reading: Reading,
    stamps: Vec<Stamp>,
}

#[derive(Debug)]
struct Entry {
    id: RowId,
    live: bool,
    key: NameKey,
}

/// The texts of one row.
#[derive(Debug, Default)]
struct Reading {
    name: String,
    digits: String,
    rest: String,
}

/// A found record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The record.
    pub id: RowId,
    rank: Order,
}

/// Where a row was found, in one number; the smaller, the better.
type Order = u64;
const PHONE_TAIL: Order = 0;
const NAME: Order = 1 << 48;
const PHONE: Order = 2 << 48;
const WORDS: Order = 3 << 48;
/// It was not found.
const NOWHERE: Order = Order::MAX;

fn in_name(rank: Rank) -> Order {
    NAME | (rank.place as Order) << 32 | Order::from(rank.distance) << 16 | Order::from(rank.start)
}

impl Finder {
    /// Reads what is searched of every row of a kind.
    pub fn new(book: &Book, id: KindId) -> Self {
        kind(id).map_or_else(Self::default, |kind| Self::of(book, kind))
    }

    /// The same before any row was read.
    pub fn empty(id: KindId) -> Self {
        kind(id).map_or_else(Self::default, Self::with)
    }

    fn with(kind: &'static Kind) -> Self {
        Self { kind: Some(kind), fields: kind.with(Flags::SEARCH).collect(), ..Self::default() }
    }

    /// The same by a declaration.
    pub fn of(book: &Book, kind: &'static Kind) -> Self {
        let mut finder = Self::with(kind);
        finder.read_on(book, usize::MAX);
        finder
    }

    /// Reads so many rows more, in the order they came. False when all are read.
    pub fn read_on(&mut self, book: &Book, most: usize) -> bool {
        let Some(kind) = self.kind else { return false };
        let before = self.entries.len();
        for (id, row) in book.packed_from(kind.id, before).take(most) {
            let at = place(self.entries.len());
            self.entries.push(Entry { id, live: false, key: NameKey::default() });
            self.read(at, row);
        }
        self.entries.len() - before == most
    }

    /// Follows a change of a row, unless that is still to be read. The entries stand as the rows do.
    pub fn update(&mut self, book: &Book, id: RowId) {
        let Some(kind) = self.kind else { return };
        let Some(at) = book.place(kind.id, id).filter(|at| (*at as usize) < self.entries.len()) else { return };
        if let Some(row) = book.packed_row(kind.id, id) {
            self.read(at, row);
        }
    }

    /// Reads the texts of a packed row.
    fn read(&mut self, at: u32, row: &[u8]) {
        let Some(kind) = self.kind else { return };
        let Reading { name, digits, rest } = &mut self.reading;
        name.clear();
        digits.clear();
        rest.clear();
        for seen in Glance::new(row, &mut self.stamps).filter(|seen| seen.shown) {
            let Some(field) = self.fields.iter().find(|field| field.id == seen.field) else { continue };
            let text = match seen.elem {
                Some(elem) if seen.value != Peek::Nil => std::str::from_utf8(elem).unwrap_or_default(),
                None if matches!(seen.value, Peek::Text(_)) => seen.value.text(),
                _ => continue,
            };
            match field.shape {
                Shape::Phone | Shape::Phones => add(digits, &Phone::from_stored(text).digits()),
                // A line feed ends a name in the column.
                _ if field.id == kind.title && text.contains('\n') => add(name, &text.replace('\n', " ")),
                _ if field.id == kind.title => add(name, text),
                _ => {
                    if !rest.is_empty() {
                        rest.push(' ');
                    }
                    add_lower(rest, text);
                }
            }
        }
        let live = row.first().is_some_and(|bits| bits & 1 == 0);
        if let Some(entry) = self.entries.get_mut(at as usize) {
            if *name != *self.names.text(at) || entry.key == NameKey::default() {
                entry.key = self.keys.key(name);
            }
            entry.live = live;
        }
        self.names.put(at, name);
        self.digits.put(at, digits);
        self.rest.put(at, rest);
    }

    /// Finds records, best first. Every word of the text must be found.
    pub fn find(&self, text: &str, limit: usize) -> Vec<Found> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        // A pasted phone has spaces, and a name typed with a space is still one name.
        let mut ranks = self.ranks(&Word::new(text));
        if text.split_whitespace().nth(1).is_some() {
            let words: Vec<_> = text.split_whitespace().map(|word| self.ranks(&Word::new(word))).collect();
            for (at, rank) in ranks.iter_mut().enumerate().filter(|(_, rank)| **rank == NOWHERE) {
                *rank = words.iter().map(|ranks| ranks.get(at).copied().unwrap_or(NOWHERE)).max().unwrap_or(NOWHERE);
            }
        }
        let mut found: Vec<(Order, u32)> = ranks.into_iter().zip(0..).filter(|(rank, _)| *rank != NOWHERE).collect();
        let order = |a: &(Order, u32), b: &(Order, u32)| a.0.cmp(&b.0).then_with(|| self.by_name_order(a.1, b.1));
        if found.len() > limit {
            found.select_nth_unstable_by(limit, order);
            found.truncate(limit);
        }
        found.sort_unstable_by(order);
        let id = |at: u32| self.entries.get(at as usize).map(|entry| entry.id);
        found.into_iter().filter_map(|(rank, at)| Some(Found { id: id(at)?, rank })).collect()
    }

    /// How well a word fits each row.
    fn ranks(&self, word: &Word) -> Vec<Order> {
        let mut ranks = vec![NOWHERE; self.entries.len()];
        let mut put = |at: u32, order| {
            let live = self.entries.get(at as usize).is_some_and(|entry| entry.live);
            if let Some(rank) = ranks.get_mut(at as usize).filter(|_| live) {
                *rank = order;
            }
        };
        // What comes later counts more.
        if !word.lower.is_empty() {
            self.rest.search(&word.lower, |at, _| put(at, WORDS));
        }
        let mut piece = 0;
        word.name.scan(self.names.bytes(), |from, name| {
            if let Some((at, rank)) = self.names.owner(&mut piece, from).zip(word.name.rank_likely(name)) {
                put(at, in_name(rank));
            }
        });
        if !word.digits.is_empty() {
            self.digits.search(&word.digits, |at, digits| {
                let own = |own: &[u8]| own.ends_with(word.digits.as_bytes());
                let tail = word.digits.len() >= 4 && digits.split(|byte| *byte == b' ').any(own);
                put(at, if tail { PHONE_TAIL } else { PHONE });
            });
        }
        ranks
    }

    /// All records in the order of their names by pinyin.
    pub fn by_name(&self) -> Vec<RowId> {
        let mut all: Vec<_> = (0..).zip(&self.entries).filter(|(_, entry)| entry.live).collect();
        all.sort_by(|a, b| self.by_name_order(a.0, b.0));
        all.into_iter().map(|(_, entry)| entry.id).collect()
    }

    fn by_name_order(&self, a: u32, b: u32) -> Ordering {
        let [Some(one), Some(two)] = [a, b].map(|at| self.entries.get(at as usize)) else { return a.cmp(&b) };
        let keys = self.keys.order(one.key, two.key);
        keys.then_with(|| self.names.get(a).cmp(self.names.get(b))).then_with(|| one.id.cmp(&two.id))
    }

    /// Records that have this phone (C14).
    pub fn with_phone(&self, phone: &Phone) -> Vec<RowId> {
        let digits = phone.digits();
        let mut found = Vec::new();
        if digits.len() >= 5 {
            self.digits.search(&digits, |at, all| {
                if all.split(|byte| *byte == b' ').any(|own| own == digits.as_bytes()) {
                    found.push(at);
                }
            });
        }
        found.sort_unstable();
        self.live(found)
    }

    /// Records whose name sounds the same (C14).
    pub fn with_name(&self, name: &str) -> Vec<RowId> {
        let sound = spelling(name);
        if sound.is_empty() {
            return Vec::new();
        }
        // Names that sound the same stand under the same first syllable, which the key has at hand.
        let key = name_key(name);
        let first = key.split_inclusive('\u{1}').next().filter(|first| first.len() < key.len()).unwrap_or_default();
        let near = (0..).zip(&self.entries).filter(|(_, entry)| entry.key.begins_with(first.as_bytes()));
        self.live(near.filter(|(at, _)| spelling(self.names.text(*at)) == sound).map(|(at, _)| at).collect())
    }

    fn live(&self, places: Vec<u32>) -> Vec<RowId> {
        let entries = places.into_iter().filter_map(|at| self.entries.get(at as usize));
        entries.filter(|entry| entry.live).map(|entry| entry.id).collect()
    }
}

/// Puts a text behind another in lower case, sign by sign, so that a part of a text becomes a part of what it becomes.
fn add_lower(to: &mut String, text: &str) {
    for sign in text.chars() {
        if sign.is_ascii() || is_han(sign) {
            to.push(sign.to_ascii_lowercase());
        } else {
            to.extend(sign.to_lowercase());
        }
    }
}

/// Most of what is searched, and has no cases.
fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{9fff}')
}

fn add(to: &mut String, text: &str) {
    if !to.is_empty() {
        to.push(' ');
    }
    to.push_str(text);
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
        let mut lower = String::with_capacity(narrow.len());
        add_lower(&mut lower, &narrow);
        Self { name: Query::new(text), digits: if only_digits { digits } else { String::new() }, lower }
    }
}
