//! What is kept beside the rows so that a screen need not read them all: each from its first use on, and following every
//! change from then on.

use std::collections::{BTreeMap, HashMap};

use crate::book::{Agenda, Book, Docket, Finder, Links, Roll, RowId};
use crate::domain::customer::customer;
use crate::domain::record::{Key, KindId};

/// What one of them is to do.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// These rows changed. What reads on by itself leaves those that it has not read.
    Follow(&'a [(KindId, RowId)]),
    /// The book is another one: become empty, its rows are to follow.
    Empty,
    /// Read so many rows on.
    ReadOn(usize),
}

/// How one of them does it; true if there is more to read. They are known by name and entered at their first use, so that
/// the code of what no screen has used yet need not even have arrived.
type Follower = fn(&mut Beside, &Book, Step<'_>) -> bool;

/// All of them.
#[derive(Debug, Default)]
pub struct Beside {
    agenda: Option<Agenda>,
    docket: Option<Docket>,
    finders: HashMap<KindId, Finder>,
    links: HashMap<(KindId, u16), Links>,
    roll: Option<Roll>,
    followers: BTreeMap<&'static str, Follower>,
}

fn of(kind: KindId, rows: &[(KindId, RowId)]) -> impl Iterator<Item = RowId> {
    rows.iter().filter(move |row| row.0 == kind).map(|row| row.1)
}

impl Beside {
    /// The customers as the day needs them.
    pub fn agenda(&mut self, book: &Book) -> &Agenda {
        self.followers.insert("agenda", |beside, book, step| {
            match (step, &mut beside.agenda) {
                (Step::Follow(rows), Some(agenda)) => of(customer::ID, rows).for_each(|id| agenda.update(book, id)),
                (Step::Empty, agenda) => *agenda = agenda.take().map(|_| Agenda::default()),
                _ => {}
            }
            false
        });
        self.agenda.get_or_insert_with(|| Agenda::new(book))
    }

    /// The complaints in the order of their clocks; `offset` is minutes ahead of UTC at a moment.
    pub fn docket(&mut self, book: &Book, offset: fn(i64) -> i32) -> &Docket {
        while self.read_docket_on(book, offset, usize::MAX) {}
        self.docket.get_or_insert_with(|| Docket::empty(book, offset))
    }

    /// Reads so many rows more of them. False when all are read.
    pub fn read_docket_on(&mut self, book: &Book, offset: fn(i64) -> i32, most: usize) -> bool {
        self.followers.insert("docket", |beside, book, step| {
            let Some(mut docket) = beside.docket.take() else { return false };
            let (kept, more) = match step {
                Step::Follow(rows) => (docket.update(book, rows), false),
                Step::Empty => {
                    docket = docket.emptied(book);
                    (true, false)
                }
                Step::ReadOn(most) => (true, docket.read_on(book, most)),
            };
            beside.docket = Some(docket).filter(|_| kept);
            more
        });
        self.docket.get_or_insert_with(|| Docket::empty(book, offset)).read_on(book, most)
    }

    /// The customers as lists need them.
    pub fn roll(&mut self, book: &Book) -> &Roll {
        while self.read_roll_on(book, usize::MAX) {}
        self.roll.get_or_insert_default()
    }

    /// Reads so many customers more for lists. False when all are read.
    pub fn read_roll_on(&mut self, book: &Book, most: usize) -> bool {
        self.followers.insert("roll", |beside, book, step| {
            match (step, &mut beside.roll) {
                (Step::Follow(rows), Some(roll)) => roll.update(book, of(customer::ID, rows)),
                (Step::Empty, roll) => *roll = roll.take().map(|_| Roll::empty()),
                _ => {}
            }
            false
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
        self.followers.insert("finders", |beside, book, step| {
            beside.finders.iter_mut().any(|(kind, finder)| {
                match step {
                    Step::Follow(rows) => of(*kind, rows).for_each(|id| finder.update(book, id)),
                    Step::Empty => *finder = Finder::empty(*kind),
                    Step::ReadOn(most) => return finder.read_on(book, most),
                }
                false
            })
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
        self.followers.insert("links", |beside, book, step| {
            beside.links.values_mut().any(|links| {
                match step {
                    Step::Follow(rows) => of(links.key().kind, rows).for_each(|id| links.update(book, id)),
                    Step::Empty => *links = Links::empty(links.key()),
                    Step::ReadOn(most) => return links.read_on(book, most),
                }
                false
            })
        });
        self.links.entry((key.kind, key.field)).or_insert_with(|| Links::empty(key)).read_on(book, most)
    }

    /// Follows a change of rows. Search and links read rows that are new when they are used, or [on](Self::read_all_on).
    pub fn follow(&mut self, book: &Book, rows: &[(KindId, RowId)]) {
        self.each(book, Step::Follow(rows));
    }

    /// Forgets all that was read, as the book is another one: its rows are to follow.
    pub fn empty(&mut self, book: &Book) {
        self.each(book, Step::Empty);
    }

    /// Reads so many rows on of something that has not read all of them. False when nothing is left.
    pub fn read_all_on(&mut self, book: &Book, most: usize) -> bool {
        self.each(book, Step::ReadOn(most))
    }

    /// True as soon as one has more to read.
    fn each(&mut self, book: &Book, step: Step<'_>) -> bool {
        self.followers.clone().into_values().any(|follower| follower(self, book, step))
    }
}
