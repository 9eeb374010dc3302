//! Corrective actions (S4): who may do what next, and what is late.

use jiff::civil::Date;

use super::action;
use crate::book::Row;

/// The state of an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum State {
    /// To be done.
    #[default]
    Open,
    /// Done, to be re-checked by the inspector.
    Done,
    /// Seen to be in order.
    Verified,
    /// Not in order: to be done again.
    Reopened,
}

impl State {
    /// The key in the dictionary `ACTION`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Verified => "verified",
            Self::Reopened => "reopened",
        }
    }

    /// The state of a row; one that is not known, as a newer version may write, is still to be looked at.
    pub fn of(row: &Row) -> Self {
        let key = row.text(action::STATE);
        [Self::Done, Self::Verified, Self::Reopened].into_iter().find(|state| state.key() == key).unwrap_or_default()
    }

    /// Whether somebody still has to do it.
    pub const fn is_to_do(self) -> bool {
        matches!(self, Self::Open | Self::Reopened)
    }

    /// Whether one state may follow the other: done after being open, verified or reopened after being done, and
    /// reopened when a verified one turns out not to last.
    pub const fn leads_to(self, next: Self) -> bool {
        match next {
            Self::Open => false,
            Self::Done => self.is_to_do(),
            Self::Verified => matches!(self, Self::Done),
            Self::Reopened => matches!(self, Self::Done | Self::Verified),
        }
    }
}

/// Whether an action is late: still to be done after its day.
pub fn is_overdue(row: &Row, today: Date) -> bool {
    State::of(row).is_to_do() && row.get(action::DUE).is_some_and(|due| due < today)
}
