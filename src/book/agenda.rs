//! What the customers give to the day: next steps, birthdays, values to choose between. Kept beside the rows, so that the
//! first screen reads no row twice, and apart from the [`Roll`](super::Roll), whose order of names it does not need.

use std::collections::HashMap;

use jiff::civil::Date;

use super::id::RowId;
use super::row::Row;
use super::state::Book;
use crate::domain::annual::AnnualDay;
use crate::domain::customer::customer;

/// The customers as the day needs them.
#[derive(Debug, Default)]
pub struct Agenda(HashMap<RowId, Entry>);

#[derive(Debug)]
struct Entry {
    next: Option<Date>,
    birthday: Option<AnnualDay>,
    clash: bool,
    retired: bool,
}

impl Agenda {
    /// Reads every customer.
    pub fn new(book: &Book) -> Self {
        let mut agenda = Self::default();
        for (id, row) in book.rows(customer::ID) {
            agenda.put(id, &row);
        }
        agenda
    }

    /// Follows the change of a customer.
    pub fn update(&mut self, book: &Book, id: RowId) {
        if let Some(row) = book.row(customer::ID, id) {
            self.put(id, &row);
        }
    }

    fn put(&mut self, id: RowId, row: &Row) {
        if row.is_deleted() {
            self.0.remove(&id);
            return;
        }
        let entry = Entry {
            next: row.get(customer::NEXT_DAY),
            birthday: row.get(customer::BIRTHDAY),
            clash: row.conflicts().next().is_some(),
            retired: !row.text(customer::RETIRED).is_empty(),
        };
        self.0.insert(id, entry);
    }

    /// Whether there are no customers.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All customers, the retired too, in no order.
    pub fn ids(&self) -> impl Iterator<Item = RowId> {
        self.0.keys().copied()
    }

    /// How many have two values to choose from.
    pub fn clashes(&self) -> usize {
        self.0.values().filter(|entry| entry.clash).count()
    }

    /// Customers whose next step is on `until` or before, the earliest first (C23).
    pub fn steps(&self, until: Date) -> Vec<(Date, RowId)> {
        let due = self.used().filter_map(|(id, entry)| Some((entry.next?, *id)));
        let mut due: Vec<_> = due.filter(|(day, _)| *day <= until).collect();
        due.sort_unstable();
        due
    }

    /// Customers that have a birthday (C28).
    pub fn birthdays(&self) -> impl Iterator<Item = (RowId, AnnualDay)> {
        self.used().filter_map(|(id, entry)| Some((*id, entry.birthday?)))
    }

    fn used(&self) -> impl Iterator<Item = (&RowId, &Entry)> {
        self.0.iter().filter(|(_, entry)| !entry.retired)
    }
}
