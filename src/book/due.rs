//! What is due (C4, C23, C24, C28, S4): for the start page and for the head of a card.

use jiff::civil::Date;

use super::agenda::Agenda;
use super::id::RowId;
use super::row::Row;
use super::state::Book;
use crate::domain::annual::AnnualDay;
use crate::domain::complaint::complaint;
use crate::domain::customer::{contact, customer, promise, task};
use crate::domain::day;
use crate::domain::record::{Key, KindId};
use crate::domain::standard::action;

/// Days ahead in which birthdays are shown, unless the shop's settings say otherwise.
pub const BIRTHDAY_DAYS: i64 = 7;

/// Something to do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Due {
    /// By when; what has no date comes last.
    pub day: Option<Date>,
    /// Kind of the record: a task, a promise, a corrective action, or a customer with a next step.
    pub kind: KindId,
    /// The record.
    pub id: RowId,
    /// Whom it is about.
    pub customer: Option<RowId>,
    /// What is to be done.
    pub what: String,
}

impl Due {
    /// Whether its day has come.
    pub fn is_due(&self, today: Date) -> bool {
        self.day.is_some_and(|day| day <= today)
    }

    /// Whether its day is over.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.day.is_some_and(|day| day < today)
    }
}

/// The fields of a kind of thing to do.
#[derive(Clone, Copy)]
struct Fields {
    what: Key<String>,
    day: Key<Date>,
    customer: Option<Key<RowId>>,
    is_open: fn(&Row) -> bool,
}

const TASK: Fields = Fields {
    what: task::WHAT,
    day: task::DUE,
    customer: Some(task::CUSTOMER),
    is_open: |row| row.get(task::DONE).is_none(),
};

const PROMISE: Fields = Fields {
    what: promise::WHAT,
    day: promise::DUE,
    customer: Some(promise::CUSTOMER),
    is_open: |row| row.get(promise::SETTLED).is_none(),
};

const ACTION: Fields = Fields {
    what: action::WHAT,
    day: action::DUE,
    customer: None,
    is_open: |row| !matches!(row.text(action::STATE), "done" | "verified"),
};

impl Book {
    /// Tasks that are not done.
    pub fn open_tasks(&self) -> Vec<Due> {
        self.waiting(TASK)
    }

    /// Promises of which nobody has said whether they were kept (C24).
    pub fn open_promises(&self) -> Vec<Due> {
        self.waiting(PROMISE)
    }

    /// Corrective actions that wait for whoever is to do them (S4).
    pub fn open_actions(&self) -> Vec<Due> {
        self.waiting(ACTION)
    }

    /// Rows of deleted customers wait with them in the recycle bin.
    fn waiting(&self, fields: Fields) -> Vec<Due> {
        let due = self.rows(fields.what.kind).filter(|(_, row)| (fields.is_open)(row)).map(|(id, row)| Due {
            day: row.get(fields.day),
            kind: fields.what.kind,
            id,
            customer: fields.customer.and_then(|key| row.get(key)),
            what: row.text(fields.what).to_owned(),
        });
        sorted(due.filter(|due| due.customer.is_none_or(|id| self.live(customer::ID, id).is_some())))
    }

    /// Next steps with customers that are due on `until` or before (C23).
    pub fn due_steps(&self, agenda: &Agenda, until: Date) -> Vec<Due> {
        let due = agenda.steps(until).into_iter().map(|(day, id)| Due {
            day: Some(day),
            kind: customer::ID,
            id,
            customer: Some(id),
            what: self.row(customer::ID, id).unwrap_or_default().text(customer::NEXT_STEP).to_owned(),
        });
        due.collect()
    }

    /// Birthdays of customers and key persons from a day on, for some days (C28); lunar ones on their solar day (G6).
    pub fn birthdays(&self, agenda: &Agenda, from: Date, days: i64) -> Vec<Birthday> {
        let persons = self.rows(contact::ID).filter_map(|(id, row)| {
            let firm = row.get(contact::CUSTOMER).filter(|firm| self.live(customer::ID, *firm).is_some())?;
            Some((contact::ID, id, firm, row.get(contact::BIRTHDAY)?))
        });
        let all = agenda.birthdays().map(|(id, born)| (customer::ID, id, id, born)).chain(persons);
        let mut soon: Vec<_> = all
            .filter_map(|(kind, id, customer, born)| {
                let day = birthday_within(born, from, days)?;
                Some(Birthday { day, kind, id, customer, born })
            })
            .collect();
        soon.sort_by_key(|birthday| (birthday.day, birthday.id));
        soon
    }
}

fn sorted(due: impl Iterator<Item = Due>) -> Vec<Due> {
    let mut all: Vec<_> = due.collect();
    all.sort_by(|a, b| (a.day.is_none(), a).cmp(&(b.day.is_none(), b)));
    all
}

/// Whether a complaint still waits for somebody.
pub fn is_open_complaint(row: &Row) -> bool {
    matches!(row.text(complaint::VOICE), "" | "complaint")
        && !matches!(row.text(complaint::STATE), "closed" | "withdrawn")
}

/// The day of a birthday if it comes within some days.
pub fn birthday_within(born: AnnualDay, from: Date, days: i64) -> Option<Date> {
    let until = day::days_later(from, days)?;
    born.next_on_or_after(from).filter(|day| *day <= until)
}

/// A birthday that comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Birthday {
    /// Its day this time.
    pub day: Date,
    /// Kind of whose it is: a customer or a key person.
    pub kind: KindId,
    /// Whose it is.
    pub id: RowId,
    /// The customer to open.
    pub customer: RowId,
    /// As entered.
    pub born: AnnualDay,
}
