//! The roll of customers: what their list sorts and filters by, kept beside the rows so that a hundred thousand of
//! them are looked through without reading one.

use std::cmp::{Ordering, Reverse};
use std::sync::OnceLock;

use jiff::civil::Date;

use super::confirm::Ages;
use super::glance::{Glance, Peek};
use super::id::{RowId, Stamp};
use super::letters::{Letter, letters};
use super::names::{NameKey, Names, place};
use super::state::Book;
use super::table::IdMap;
use super::value::Value;
use crate::domain::customer::customer;
use crate::domain::record::Stored;

/// What a list shows. Nothing chosen shows everybody but the retired (C19).
#[expect(clippy::struct_excessive_bools, reason = "each is a filter of its own")]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Keys of grades; any of them.
    pub grades: Vec<String>,
    /// Keys of natures (C5); any of them.
    pub natures: Vec<String>,
    /// With two values of a field to choose from.
    pub clash: bool,
    /// With a tag.
    pub tagged: bool,
    /// Without a next step (C23).
    pub adrift: bool,
    /// Retired (C19).
    pub retired: bool,
    /// With a section last confirmed before this moment, in milliseconds since 1970 (C3).
    pub confirmed_before: Option<u64>,
}

/// The order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// By pinyin of the name.
    #[default]
    Name,
    /// Last changed first.
    Changed,
    /// By the date of the next step, the soonest first; those without one last.
    Next,
}

/// The customers, ready for lists.
#[derive(Debug, Default)]
pub struct Roll {
    entries: Vec<Entry>,
    /// So many rows are read, in the order they came.
    read: usize,
    /// Places of the entries in the order of names; made at the first question after many changes.
    by_name: OnceLock<Vec<u32>>,
    /// Places of the entries by their ids; made at the first question.
    places: OnceLock<IdMap<u32>>,
    names: Names,
    /// Keys of grades and natures, which the entries name by their places.
    choices: Vec<Box<str>>,
    /// Moments of the row that is being read.
    stamps: Vec<Stamp>,
}

#[expect(clippy::struct_excessive_bools, reason = "each answers a filter of its own")]
#[derive(Debug)]
struct Entry {
    id: RowId,
    live: bool,
    name: NameKey,
    grade: u16,
    nature: u16,
    clash: bool,
    tagged: bool,
    adrift: bool,
    retired: bool,
    next: Option<Date>,
    spent: i64,
    changed: Stamp,
    confirmed: Stamp,
}

const NAME: u16 = customer::NAME.field;
const GRADE: u16 = customer::GRADE.field;
const NATURE: u16 = customer::NATURE.field;
const TAGS: u16 = customer::TAGS.field;
const SPENT: u16 = customer::SPENT.field;
const NEXT_STEP: u16 = customer::NEXT_STEP.field;
const NEXT_DAY: u16 = customer::NEXT_DAY.field;
const RETIRED: u16 = customer::RETIRED.field;

/// More changes than these are cheaper to sort in than to move one by one.
const FEW: usize = 64;

impl Roll {
    /// Reads every customer.
    pub fn new(book: &Book) -> Self {
        let mut roll = Self::empty();
        roll.read_on(book, usize::MAX);
        roll
    }

    /// Before any customer was read.
    pub fn empty() -> Self {
        Self { choices: vec!["".into()], ..Self::default() }
    }

    /// Reads so many customers more, in the order they came. False when all are read.
    pub fn read_on(&mut self, book: &Book, most: usize) -> bool {
        let before = self.read;
        if before == 0 {
            // Grown at once: moving what is there again and again takes longer than filling it.
            self.entries.reserve_exact(book.ids(customer::ID).len());
        }
        for (id, row) in book.packed_from(customer::ID, before).take(most) {
            self.read += 1;
            if row.first().is_some_and(|bits| bits & 1 == 0) {
                let entry = self.entry_of(id, row);
                self.entries.push(entry);
            }
        }
        if self.read > before {
            self.by_name = OnceLock::new();
            self.places = OnceLock::new();
        }
        self.read - before == most
    }

    /// Follows the change of customers.
    pub fn update(&mut self, book: &Book, ids: impl IntoIterator<Item = RowId>) {
        let places = ids.into_iter().filter_map(|id| book.place(customer::ID, id));
        let mut places: Vec<usize> = places.map(|place| place as usize).collect();
        // A row that is new comes after those that are read, and so do all before it that are not.
        let new = places.iter().copied().max().map_or(0, |last| (last + 1).saturating_sub(self.read));
        if new > FEW {
            // These are read whole, so what is left are the others.
            places.retain(|place| *place < self.read);
            self.read_on(book, new);
        } else {
            places.extend(self.read..self.read + new);
            places.sort_unstable();
            places.dedup();
            self.read += new;
        }
        let mut order = self.by_name.take().filter(|_| places.len() <= FEW);
        for place in places {
            if let Some((id, row)) = book.packed_from(customer::ID, place).next() {
                let entry = self.entry_of(id, row);
                self.put(entry, order.as_mut());
            }
        }
        if let Some(order) = order {
            self.by_name = order.into();
        }
    }

    /// Puts an entry in its place, and moves it in the order of names if there is one.
    fn put(&mut self, entry: Entry, order: Option<&mut Vec<u32>>) {
        self.places();
        let (id, name) = (entry.id, entry.name);
        let known = self.places.get().and_then(|places| places.get(&id)).copied();
        let at = known.unwrap_or_else(|| place(self.entries.len()));
        let old = known.and_then(|at| self.entries.get(at as usize)).map(|entry| entry.name);
        let stays = old.is_some_and(|old| self.names.order(old, name).is_eq());
        let from = old.zip(order.as_deref()).map(|(old, order)| self.rank(order, (old, id)));
        match self.entries.get_mut(at as usize) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
        if let Some(places) = self.places.get_mut() {
            places.insert(id, at);
        }
        let Some(order) = order.filter(|_| !stays) else { return };
        if let Some(from) = from.filter(|from| order.get(*from) == Some(&at)) {
            order.remove(from);
        }
        order.insert(self.rank(order, (name, id)), at);
    }

    /// Where a name stands or would stand in the order.
    fn rank(&self, order: &[u32], name: (NameKey, RowId)) -> usize {
        order.partition_point(|other| self.order(*other, name).is_lt())
    }

    /// The order of the entry at a place and a name.
    fn order(&self, at: u32, (name, id): (NameKey, RowId)) -> Ordering {
        let entry = self.entries.get(at as usize);
        entry.map_or(Ordering::Greater, |entry| self.names.order(entry.name, name).then(entry.id.cmp(&id)))
    }

    fn by_name(&self) -> &[u32] {
        self.by_name.get_or_init(|| {
            let id = |at: u32| self.entries.get(at as usize).map(|entry| entry.id);
            let name = |at: u32| self.entries.get(at as usize).map(|entry| entry.name).unwrap_or_default();
            self.names.sorted(self.entries.len(), name, |a, b| id(a).cmp(&id(b)))
        })
    }

    fn places(&self) -> &IdMap<u32> {
        self.places.get_or_init(|| (0..).zip(&self.entries).map(|(at, entry)| (entry.id, at)).collect())
    }

    fn named(&self) -> impl Iterator<Item = &Entry> {
        self.by_name().iter().filter_map(|place| self.entries.get(*place as usize)).filter(|entry| entry.live)
    }

    /// The customers that a filter shows, in order.
    pub fn list(&self, filter: &Filter, sort: Sort) -> Vec<RowId> {
        let filter = self.sieve(filter);
        let shown = self.named().filter(|entry| filter.lets(entry, false));
        if sort == Sort::Name {
            return shown.map(|entry| entry.id).collect();
        }
        let mut shown: Vec<_> = shown.collect();
        if sort == Sort::Changed {
            shown.sort_by_key(|entry| Reverse(entry.changed));
        } else {
            shown.sort_by_key(|entry| (entry.next.is_none(), entry.next));
        }
        shown.into_iter().map(|entry| entry.id).collect()
    }

    /// Where each letter begins in a list that [`Roll::list`] gave by name.
    pub fn letters(&self, by_name: &[RowId]) -> Vec<Letter> {
        letters(by_name, |id| self.entry(*id).map_or(u8::MAX, |entry| entry.name.first()))
    }

    /// Whether a filter shows a customer that was searched for: a search finds the retired too.
    pub fn passes(&self, id: RowId, filter: &Filter) -> bool {
        self.entry(id).is_some_and(|entry| self.sieve(filter).lets(entry, true))
    }

    fn entry(&self, id: RowId) -> Option<&Entry> {
        self.places().get(&id).and_then(|place| self.entries.get(*place as usize)).filter(|entry| entry.live)
    }

    /// Whether anybody is on it.
    pub fn is_empty(&self) -> bool {
        !self.entries.iter().any(|entry| entry.live)
    }

    /// What each customer's card says was spent in all, in fen; those who spent nothing are left out.
    pub fn spent(&self) -> impl Iterator<Item = (RowId, i64)> {
        let spenders = self.entries.iter().filter(|entry| entry.live && entry.spent > 0);
        spenders.map(|entry| (entry.id, entry.spent))
    }

    /// Reads what a list needs of a packed row.
    fn entry_of(&mut self, id: RowId, row: &[u8]) -> Entry {
        let bits = row.first().copied().unwrap_or_default();
        let mut entry = Entry {
            id,
            live: bits & 1 == 0,
            name: NameKey::default(),
            grade: 0,
            nature: 0,
            clash: bits & 2 != 0,
            tagged: false,
            adrift: true,
            retired: false,
            next: None,
            spent: 0,
            changed: Stamp::default(),
            confirmed: Stamp::default(),
        };
        let (mut ages, mut name) = (Ages::default(), "");
        for seen in Glance::new(row, &mut self.stamps) {
            let stamp = self.stamps.get(seen.mark).copied().unwrap_or_default();
            entry.changed = entry.changed.max(stamp);
            ages.see(&seen, stamp);
            if !seen.shown {
                continue;
            }
            let text = || seen.value.text();
            match (seen.field, seen.elem) {
                (NAME, None) => name = text(),
                (GRADE, None) => entry.grade = choice(&mut self.choices, text()),
                (NATURE, None) => entry.nature = choice(&mut self.choices, text()),
                (TAGS, Some(_)) => entry.tagged |= seen.value != Peek::Nil,
                (SPENT, None) => entry.spent = seen.value.int().unwrap_or_default(),
                (NEXT_STEP, None) => entry.adrift &= text().is_empty(),
                (NEXT_DAY, None) => {
                    entry.next = seen.value.int().and_then(|day| Date::read(&Value::Int(day)));
                    entry.adrift &= entry.next.is_none();
                }
                (RETIRED, None) => entry.retired = !text().is_empty(),
                _ => {}
            }
        }
        entry.name = self.names.key(name);
        entry.confirmed = ages.oldest().unwrap_or(entry.changed);
        entry
    }

    /// A filter with its keys as the entries name them.
    fn sieve<'a>(&self, filter: &'a Filter) -> Sieve<'a> {
        let places = |keys: &[String]| {
            let known = |key: &String| self.choices.iter().position(|choice| **choice == **key);
            let places = keys.iter().filter_map(known).filter_map(|at| u16::try_from(at).ok()).collect();
            (!keys.is_empty()).then_some(places)
        };
        Sieve { filter, grades: places(&filter.grades), natures: places(&filter.natures) }
    }
}

/// A filter ready to be asked often.
struct Sieve<'a> {
    filter: &'a Filter,
    /// Grades that pass; none if all do.
    grades: Option<Vec<u16>>,
    natures: Option<Vec<u16>>,
}

impl Sieve<'_> {
    fn lets(&self, entry: &Entry, searched: bool) -> bool {
        let (filter, any) =
            (self.filter, |some: &Option<Vec<u16>>, own| some.as_ref().is_none_or(|some| some.contains(&own)));
        any(&self.grades, entry.grade)
            && any(&self.natures, entry.nature)
            && (!filter.clash || entry.clash)
            && (!filter.tagged || entry.tagged)
            && (!filter.adrift || entry.adrift)
            && (filter.retired == entry.retired || (searched && !filter.retired))
            && filter.confirmed_before.is_none_or(|moment| entry.confirmed.ms() < moment)
    }
}

/// The place of a choice among those that were met; a new one gets a place.
fn choice(choices: &mut Vec<Box<str>>, key: &str) -> u16 {
    let at = choices.iter().position(|choice| **choice == *key).unwrap_or_else(|| {
        choices.push(key.into());
        choices.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}
