//! What is kept beside the rows so that a screen need not read them all: each from its first use on, and following every
//! change from then on.

use std::collections::{BTreeMap, HashMap};

use crate::book::{Agenda, Book, Docket, Finder, Links, Roll, RowId};
use crate::domain::customer::customer;
use crate::domain::record::{Key, KindId};

/// How one of them follows a change of these rows; without rows it becomes empty. They are known by name and entered at
/// their first use, so that the code of what no screen has used yet need not even have arrived.
type Follow = fn(&mut Beside, &Book, Option<&[(KindId, RowId)]>);

/// All of them.
#[derive(Debug, Default)]
pub struct Beside {
    agenda: Option<Agenda>,
    docket: Option<Docket>,
    finders: HashMap<KindId, Finder>,
    links: HashMap<(KindId, u16), Links>,
    roll: Option<Roll>,
    followers: BTreeMap<&'static str, Follow>,
}

fn of(kind: KindId, rows: &[(KindId, RowId)]) -> impl Iterator<Item = RowId> {
    rows.iter().filter(move |row| row.0 == kind).map(|row| row.1)
}

impl Beside {
    /// The customers as the day needs them.
    pub fn agenda(&mut self, book: &Book) -> &Agenda {
        self.followers.insert("agenda", |beside, book, rows| match (rows, &mut beside.agenda) {
            (Some(rows), Some(agenda)) => of(customer::ID, rows).for_each(|id| agenda.update(book, id)),
            (_, agenda) => *agenda = agenda.take().map(|_| Agenda::default()),
        });
        self.agenda.get_or_insert_with(|| Agenda::new(book))
    }

    /// The complaints in the order of their clocks; `offset` is minutes ahead of UTC at a moment.
    pub fn docket(&mut self, book: &Book, offset: fn(i64) -> i32) -> &Docket {
        self.followers.insert("docket", |beside, book, rows| {
            beside.docket = beside.docket.take().and_then(|mut docket| match rows {
                Some(rows) => docket.update(book, rows).then_some(docket),
                None => Some(docket.emptied(book)),
            });
        });
        self.docket.get_or_insert_with(|| Docket::new(book, offset))
    }

    /// The customers as lists need them.
    pub fn roll(&mut self, book: &Book) -> &Roll {
        while self.read_roll_on(book, usize::MAX) {}
        self.roll.get_or_insert_default()
    }

    /// Reads so many customers more for lists. False when all are read.
    pub fn read_roll_on(&mut self, book: &Book, most: usize) -> bool {
        self.followers.insert("roll", |beside, book, rows| match (rows, &mut beside.roll) {
            (Some(rows), Some(roll)) => roll.update(book, of(customer::ID, rows)),
            (_, roll) => *roll = roll.take().map(|_| Roll::empty()),
        });
        self.roll.get_or_insert_with(Roll::empty).read_on(book, most)
    }

    /// What is searched of a kind.
    pub fn finder(&mut self, book: &Book, kind: KindId) -> &Finder {
        while self.read_on(book, kind, usize::MAX) {}
        self.finders.entry(kind).or_default()
    }

    /// Reads so many rows more of what is searched of a kind. False when all are read.
    pub fn read_on(&mut self, book: &Book, kind: KindId, most: usize) -> bool {
        self.followers.insert("finders", |beside, book, rows| {
            for (kind, finder) in &mut beside.finders {
                match rows {
                    Some(rows) => of(*kind, rows).for_each(|id| finder.update(book, id)),
                    None => *finder = Finder::empty(*kind),
                }
            }
        });
        self.finders.entry(kind).or_insert_with(|| Finder::empty(kind)).read_on(book, most)
    }

    /// The rows that a field refers to, the other way round.
    pub fn links(&mut self, book: &Book, key: Key<RowId>) -> &Links {
        while self.read_links_on(book, key, usize::MAX) {}
        self.links.entry((key.kind, key.field)).or_insert_with(|| Links::empty(key))
    }

    /// Reads so many rows more of them. False when all are read.
    pub fn read_links_on(&mut self, book: &Book, key: Key<RowId>, most: usize) -> bool {
        self.followers.insert("links", |beside, book, rows| match rows {
            Some(rows) => beside.links.iter_mut().for_each(|((kind, _), links)| {
                of(*kind, rows).for_each(|id| links.update(book, id));
            }),
            None => beside.links.values_mut().for_each(|links| *links = links.emptied(book)),
        });
        self.links.entry((key.kind, key.field)).or_insert_with(|| Links::empty(key)).read_on(book, most)
    }

    /// Follows a change of rows.
    pub fn follow(&mut self, book: &Book, rows: &[(KindId, RowId)]) {
        self.each(book, Some(rows));
    }

    /// Forgets all that was read, as the book is another one: its rows are to follow.
    pub fn empty(&mut self, book: &Book) {
        self.each(book, None);
    }

    fn each(&mut self, book: &Book, rows: Option<&[(KindId, RowId)]>) {
        for follow in self.followers.clone().into_values() {
            follow(self, book, rows);
        }
    }
}
