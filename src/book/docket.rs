//! The complaints in the order of their clocks (P6), kept beside the rows: fifty thousand of them are looked through
//! without reading one, and the clock of each runs anew only when the complaint, its log or the working time changes.

use std::sync::OnceLock;

use super::glance::few;
use super::id::{RowId, Stamp};
use super::links::Links;
use super::names::place;
use super::row::Row;
use super::state::Book;
use super::table::IdMap;
use crate::domain::complaint::clock::{self, Rules};
use crate::domain::complaint::{Case, Entry, State, complaint, step};
use crate::domain::lists;
use crate::domain::record::KindId;
use crate::domain::team::{settings, shop};

/// What the clock and the filters of a list need of a complaint,
const COMPLAINT: [u16; 9] = [
    complaint::VOICE.field,
    complaint::CUSTOMER.field,
    complaint::AT.field,
    complaint::SHOP.field,
    complaint::SEVERITY.field,
    complaint::STAFF.field,
    complaint::STATE.field,
    complaint::DECISION.field,
    complaint::CLOSED.field,
];
/// and of an entry of its log.
const STEP: [u16; 2] = [step::AT.field, step::STATE.field];

/// More changes than these are cheaper to sort in than to move one by one.
const FEW: usize = 64;

/// The complaints, ready for lists.
#[derive(Debug)]
pub struct Docket {
    rules: Rules,
    steps: Links,
    /// So many complaints are read, in the order they came.
    read: usize,
    /// All of them are, so that new ones are entered as they come.
    whole: bool,
    briefs: Vec<Brief>,
    /// Places of the briefs by their ids.
    places: IdMap<u32>,
    /// Places of those that are not deleted, the most pressing first; made at the first question after many changes.
    by_clock: OnceLock<Vec<u32>>,
    offset: fn(i64) -> i32,
    /// Moments of the row that is being read.
    stamps: Vec<Stamp>,
}

/// A complaint as lists sort and filter it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Brief {
    /// The complaint.
    pub id: RowId,
    /// Its state.
    pub state: State,
    /// Whether a clock runs for it or stands still; nothing waits for the others.
    pub has_clock: bool,
    /// Key of its severity; empty if none is chosen.
    pub severity: &'static str,
    /// Who handles it.
    pub staff: Option<RowId>,
    /// Whose it is.
    pub customer: Option<RowId>,
    order: (u8, i64),
    live: bool,
}

impl Docket {
    /// Reads every complaint. `offset` is minutes ahead of UTC at a moment.
    pub fn new(book: &Book, offset: fn(i64) -> i32) -> Self {
        let mut docket = Self::empty(book, offset);
        while docket.read_on(book, usize::MAX) {}
        docket
    }

    /// The same before any complaint was read.
    pub fn empty(book: &Book, offset: fn(i64) -> i32) -> Self {
        Self {
            rules: Rules::of(book, offset),
            steps: Links::empty(step::COMPLAINT),
            read: 0,
            whole: false,
            briefs: Vec::new(),
            places: IdMap::default(),
            by_clock: OnceLock::new(),
            offset,
            stamps: Vec::new(),
        }
    }

    /// The same for another book.
    pub fn emptied(&self, book: &Book) -> Self {
        Self::empty(book, self.offset)
    }

    /// Reads so many rows more, entries of the log first. False when all are read.
    pub fn read_on(&mut self, book: &Book, most: usize) -> bool {
        if self.steps.read_on(book, most) {
            return true;
        }
        let before = self.read;
        for (id, row) in book.packed_from(complaint::ID, before).take(most) {
            self.read += 1;
            self.put(book, id, row);
        }
        self.whole = self.read == before;
        if !self.whole {
            self.by_clock = OnceLock::new();
        }
        !self.whole
    }

    /// Follows a change of rows; what is still to be read is left to that. False if the working time is another one now:
    /// then it is to be made anew.
    pub fn update(&mut self, book: &Book, rows: &[(KindId, RowId)]) -> bool {
        let mut changed: Vec<RowId> = Vec::new();
        if self.whole {
            self.steps.read_on(book, usize::MAX);
            self.read = book.ids(complaint::ID).len();
        }
        for (kind, id) in rows {
            match *kind {
                settings::ID | shop::ID if Rules::of(book, self.offset) != self.rules => return false,
                complaint::ID => changed.push(*id),
                step::ID => {
                    changed.extend(self.steps.of(*id));
                    self.steps.update(book, *id);
                    changed.extend(self.steps.of(*id));
                }
                _ => {}
            }
        }
        let mut order = self.by_clock.take().filter(|_| changed.len() <= FEW);
        for id in changed {
            let is_read = book.place(complaint::ID, id).is_some_and(|at| (at as usize) < self.read);
            let Some(row) = book.packed_row(complaint::ID, id).filter(|_| is_read) else { continue };
            if let (Some(order), Some(at)) = (&mut order, self.places.get(&id))
                && let Ok(rank) = self.rank(order, *at)
            {
                order.remove(rank);
            }
            let at = self.put(book, id, row);
            if let Some(order) = &mut order
                && self.brief(at).is_some_and(|brief| brief.live)
                && let Err(rank) = self.rank(order, at)
            {
                order.insert(rank, at);
            }
        }
        if let Some(order) = order {
            self.by_clock = order.into();
        }
        true
    }

    /// Reads a complaint into its place, which it returns.
    fn put(&mut self, book: &Book, id: RowId, row: &[u8]) -> u32 {
        let live = row.first().is_some_and(|bits| bits & 1 == 0);
        let case = Case::new(id, few(row, &COMPLAINT, &mut self.stamps), self.log(book, id));
        let brief = Brief {
            id,
            state: case.state(),
            has_clock: case.state().is_open() && case.is_complaint(),
            severity: severity(&case.row),
            staff: case.row.get(complaint::STAFF),
            customer: case.row.get(complaint::CUSTOMER),
            order: clock::order(&case, &self.rules),
            live,
        };
        let next = place(self.briefs.len());
        let at = *self.places.entry(id).or_insert(next);
        match self.briefs.get_mut(at as usize) {
            Some(known) => *known = brief,
            None => self.briefs.push(brief),
        }
        at
    }

    fn log(&self, book: &Book, id: RowId) -> Vec<Entry> {
        let row = |step: &RowId| book.packed_row(step::ID, *step);
        let entry = |step: &RowId| Some(Entry::new(*step, few(row(step)?, &STEP, &mut Vec::new())));
        self.steps.to(id).iter().filter_map(entry).collect()
    }

    fn sorted(&self) -> Vec<u32> {
        let briefs = (0..).zip(&self.briefs).filter(|(_, brief)| brief.live);
        let mut order: Vec<_> = briefs.map(|(at, brief)| (brief.order, at)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, at)| at).collect()
    }

    /// Where a complaint stands or would stand in the order: what came first stands first among equals.
    fn rank(&self, order: &[u32], at: u32) -> Result<usize, usize> {
        let key = |at: u32| (self.brief(at).map(|brief| brief.order), at);
        order.binary_search_by_key(&key(at), |other| key(*other))
    }

    fn brief(&self, at: u32) -> Option<&Brief> {
        self.briefs.get(at as usize)
    }

    /// The rules of the shop.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Every complaint, the most pressing first.
    pub fn by_clock(&self) -> impl Iterator<Item = &Brief> {
        self.by_clock.get_or_init(|| self.sorted()).iter().filter_map(|at| self.brief(*at))
    }

    /// A complaint with its log.
    pub fn case(&self, book: &Book, id: RowId) -> Option<Case> {
        let row = book.live(complaint::ID, id)?;
        let entry = |step: &RowId| Some(Entry::new(*step, book.row(step::ID, *step)?));
        Some(Case::new(id, row, self.steps.to(id).iter().filter_map(entry).collect()))
    }
}

fn severity(row: &Row) -> &'static str {
    let key = row.text(complaint::SEVERITY);
    lists::SEVERITY.entries.iter().map(|entry| entry.key).find(|own| *own == key).unwrap_or_default()
}
