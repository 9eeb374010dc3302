//! A complaint with its log, as the rules read it.

use super::clear::ClearStep;
use super::state::State;
use super::{complaint, step};
use crate::book::{Book, Row, RowId};

/// A complaint with its log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Its row.
    pub id: RowId,
    /// What was received.
    pub row: Row,
    /// Its log, oldest first.
    pub log: Vec<Entry>,
}

/// An entry of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its row.
    pub id: RowId,
    /// When.
    pub at: i64,
    /// What.
    pub row: Row,
}

impl Entry {
    /// An entry of the log.
    pub fn new(id: RowId, row: Row) -> Self {
        Self { id, at: row.get(step::AT).unwrap_or_default(), row }
    }

    /// The state that the entry led to; none for an entry of another kind.
    pub fn state(&self) -> Option<State> {
        State::of_key(self.row.text(step::STATE))
    }

    /// The step of CLEAR that the entry records.
    pub fn clear(&self) -> Option<ClearStep> {
        ClearStep::of_key(self.row.text(step::STEP))
    }
}

impl Case {
    /// A complaint of the book.
    pub fn read(book: &Book, id: RowId) -> Option<Self> {
        let row = book.live(complaint::ID, id)?;
        let log = book.referring(step::COMPLAINT, id).map(|(id, row)| Entry::new(id, row)).collect();
        Some(Self::new(id, row, log))
    }

    /// A complaint with its log in any order.
    pub fn new(id: RowId, row: Row, mut log: Vec<Entry>) -> Self {
        // An action may make two entries at once: the change of state came first.
        log.sort_by_key(|entry| (entry.at, entry.state().is_none(), entry.id));
        Self { id, row, log }
    }

    /// The state. A record from a file that has a decision but no state was settled before it came here, also if the
    /// decision was erased since.
    pub fn state(&self) -> State {
        let kept = State::of_key(self.row.text(complaint::STATE));
        let decision = complaint::DECISION;
        let settled = || !self.row.text(decision).is_empty() || self.row.drops(decision.field);
        kept.unwrap_or_else(|| if settled() { State::Closed } else { State::Received })
    }

    /// Whether it is a complaint, not a suggestion or praise (P11).
    pub fn is_complaint(&self) -> bool {
        matches!(self.row.text(complaint::VOICE), "" | "complaint")
    }

    /// When it was received.
    pub fn received(&self) -> i64 {
        self.row.get(complaint::AT).unwrap_or_default()
    }

    /// The log since the complaint was last taken up: since it was reopened, or all of it.
    pub fn round(&self) -> &[Entry] {
        let reopened = self.log.iter().rposition(|entry| entry.state() == Some(State::Reopened));
        reopened.and_then(|place| self.log.get(place..)).unwrap_or(&self.log)
    }

    /// When the complaint was last taken up.
    pub fn taken_up(&self) -> i64 {
        match self.round().first() {
            Some(entry) if entry.state() == Some(State::Reopened) => entry.at,
            _ => self.received(),
        }
    }

    /// Whether it was taken up again after its end.
    pub fn is_reopened(&self) -> bool {
        self.round().first().is_some_and(|entry| entry.state() == Some(State::Reopened))
    }

    /// The last state of the main line that it was in since it was taken up.
    pub fn reached(&self) -> State {
        let state = self.state();
        if state.is_main() {
            return state;
        }
        self.round().iter().rev().filter_map(Entry::state).find(|state| state.is_main()).unwrap_or(State::Received)
    }

    /// The states that may follow (P5).
    pub fn next_states(&self) -> Vec<State> {
        self.state().next(self.reached(), self.is_complaint())
    }

    /// Whether a step of CLEAR was taken since the complaint was taken up (P4).
    pub fn is_done(&self, step: ClearStep) -> bool {
        self.round().iter().any(|entry| entry.clear() == Some(step))
    }

    /// The first step of CLEAR that is still to be taken; none for what is not a complaint.
    pub fn next_step(&self) -> Option<ClearStep> {
        let open = self.is_complaint() && self.state().is_open();
        ClearStep::ALL.into_iter().find(|step| open && !self.is_done(*step))
    }
}
