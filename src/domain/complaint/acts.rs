//! What each action on a complaint writes: the complaint and its log always together, in one transaction (P5, P6).
//!
//! Nothing of the log is ever changed or removed. What was wrong is put right by a further entry.

use super::case::Case;
use super::clear::ClearStep;
use super::state::{self, Ending, Refusal, State};
use super::{complaint, step};
use crate::book::{Book, Draft, RowId, RowWrite};
use crate::domain::team::staff;
use crate::words::Lang;

/// Who acts, when, and the log entry that says so.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// Row of the new log entry.
    pub entry: RowId,
    /// A further row, for an action that makes two entries.
    pub second: RowId,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Who; none if nobody is chosen at the device.
    pub by: Option<RowId>,
    /// Language of what the app itself notes.
    pub lang: Lang,
}

/// The writes of an action, or why it is refused.
pub type Writes = Result<Vec<RowWrite>, Refusal>;

impl Act {
    fn entry(self, of: RowId, kind: &str, said: &str) -> Draft {
        self.entry_at(self.entry, of, kind, said)
    }

    fn entry_at(self, row: RowId, of: RowId, kind: &str, said: &str) -> Draft {
        let mut draft = Draft::new(step::ID, row);
        draft.set(step::COMPLAINT, &of).set(step::STEP, &kind.to_owned()).set(step::AT, &self.at);
        draft.set(step::WORDS, &said.trim().to_owned());
        if let Some(by) = self.by {
            draft.set(step::STAFF, &by);
        }
        draft
    }
}

/// Moves a complaint to another state, for a reason. Closing has an action of its own, [`end`].
pub fn change(book: &Book, id: RowId, to: State, why: &str, act: Act) -> Writes {
    let case = Case::read(book, id).ok_or(Refusal::Gone)?;
    if to == State::Closed || !case.next_states().contains(&to) {
        return Err(Refusal::NotNow);
    }
    if why.trim().is_empty() {
        return Err(Refusal::NoWords);
    }
    if to == State::Withdrawn {
        // Withdrawing ends it as well.
        state::who_acts(act.by, case.row.get(complaint::CAUSE), is_alone(book))?;
    }
    let mut draft = Draft::open(book, complaint::ID, id);
    draft.set(complaint::STATE, &to.key().to_owned());
    if to == State::Reopened {
        // How it ended before stays in the history and in the log.
        draft.clear(complaint::CLOSED).clear(complaint::ACCEPTED).clear(complaint::CUSTOMER_SAYS);
        draft.clear(complaint::HOPELESS);
    }
    let mut entry = act.entry(id, "state", why);
    entry.set(step::STATE, &to.key().to_owned());
    Ok(both(&draft, &entry))
}

/// Closes a complaint (P5, P8). `decision` is what we do; empty leaves what was decided before.
pub fn end(book: &Book, id: RowId, decision: &str, ending: Ending<'_>, act: Act) -> Writes {
    let case = Case::read(book, id).ok_or(Refusal::Gone)?;
    if !case.next_states().contains(&State::Closed) {
        return Err(Refusal::NotNow);
    }
    let concerned = case.row.get(complaint::CAUSE);
    state::may_end(ending, act.by, concerned, is_alone(book), case.is_complaint())?;
    let mut draft = Draft::open(book, complaint::ID, id);
    draft.set(complaint::STATE, &State::Closed.key().to_owned()).set(complaint::CLOSED, &act.at);
    if !decision.trim().is_empty() {
        draft.set(complaint::DECISION, &decision.trim().to_owned());
    }
    let said = match ending {
        Ending::Customer { accepted, words } => {
            if case.is_complaint() {
                draft.set(complaint::ACCEPTED, &accepted);
            }
            draft.set(complaint::CUSTOMER_SAYS, &words.trim().to_owned());
            words
        }
        Ending::Hopeless { approved, why } => {
            if let Some(approved) = approved {
                draft.set(complaint::HOPELESS, &approved);
            }
            why
        }
    };
    let mut entry = act.entry(id, "state", said);
    entry.set(step::STATE, &State::Closed.key().to_owned());
    Ok(both(&draft, &entry))
}

/// Records a step of CLEAR (P4). Whoever begins with the customer has acknowledged the complaint.
pub fn take(book: &Book, id: RowId, clear: ClearStep, said: &str, prevention: &str, act: Act) -> Writes {
    let case = Case::read(book, id).ok_or(Refusal::Gone)?;
    if !case.state().is_open() {
        return Err(Refusal::NotNow);
    }
    clear.is_said(said, prevention)?;
    let unsaid = clear.unsaid().map_or("", |words| words.r#in(act.lang));
    let mut entry = act.entry(id, clear.key(), if said.trim().is_empty() { unsaid } else { said });
    let mut draft = Draft::open(book, complaint::ID, id);
    if clear == ClearStep::Resolve {
        entry.set(step::PREVENTION, &prevention.trim().to_owned());
        draft.set(complaint::PREVENTION, &prevention.trim().to_owned());
    }
    let mut writes = both(&draft, &entry);
    if case.state() == State::Received {
        let began = crate::words::words("已当面开始处理。", "Handling began with the customer.").r#in(act.lang);
        draft.set(complaint::STATE, &State::Acknowledged.key().to_owned());
        let mut moved = act.entry_at(act.second, id, "state", began);
        moved.set(step::STATE, &State::Acknowledged.key().to_owned());
        writes = both(&draft, &entry);
        writes.extend(moved.write());
    }
    Ok(writes)
}

/// Hands a complaint to a colleague (P4): the way out at every step.
pub fn hand_over(book: &Book, id: RowId, to: Option<RowId>, said: &str, act: Act) -> Writes {
    let to = to.ok_or(Refusal::NoColleague)?;
    if said.trim().is_empty() {
        return Err(Refusal::NoWords);
    }
    let mut draft = Draft::open(book, complaint::ID, id);
    draft.set(complaint::STAFF, &to);
    Ok(both(&draft, &act.entry(id, "handover", said)))
}

/// Adds a note to the log, or a correction of one of its entries (P6).
pub fn note(id: RowId, corrects: Option<RowId>, said: &str, act: Act) -> Writes {
    if said.trim().is_empty() {
        return Err(Refusal::NoWords);
    }
    let mut entry = act.entry(id, if corrects.is_some() { "correction" } else { "note" }, said);
    if let Some(corrects) = corrects {
        entry.set(step::CORRECTS, &corrects);
    }
    Ok(entry.write().into_iter().collect())
}

fn both(complaint: &Draft, entry: &Draft) -> Vec<RowWrite> {
    complaint.write().into_iter().chain(entry.write()).collect()
}

/// Whether the book knows nobody who works here.
pub fn is_alone(book: &Book) -> bool {
    book.rows(staff::ID).next().is_none()
}
