//! What the customers give to the day: next steps, birthdays, values to choose between. Kept beside the rows, so that the
//! first screen reads no row twice, and apart from the [`Roll`](super::Roll), whose order of names it does not need.

use jiff::civil::Date;

use super::glance::Glance;
use super::id::{RowId, Stamp};
use super::state::Book;
use super::table::IdMap;
use super::value::Value;
use crate::domain::annual::AnnualDay;
use crate::domain::customer::customer;
use crate::domain::record::Stored;

/// The customers as the day needs them.
#[derive(Debug, Default)]
pub struct Agenda {
    entries: IdMap<Entry>,
    /// Moments of the row that is being read.
    stamps: Vec<Stamp>,
}

#[derive(Debug, Default)]
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
        for (id, row) in book.packed(customer::ID) {
            agenda.put(id, row);
        }
        agenda
    }

    /// Follows the change of a customer.
    pub fn update(&mut self, book: &Book, id: RowId) {
        if let Some(row) = book.packed_row(customer::ID, id) {
            self.put(id, row);
        }
    }

    /// Reads what the day needs of a packed row.
    fn put(&mut self, id: RowId, row: &[u8]) {
        let summary = row.first().copied().unwrap_or_default();
        if summary & 1 != 0 {
            self.entries.remove(&id);
            return;
        }
        let mut entry = Entry { clash: summary & 2 != 0, ..Entry::default() };
        for seen in Glance::new(row, &mut self.stamps).filter(|seen| seen.shown && seen.elem.is_none()) {
            if seen.field == customer::NEXT_DAY.field {
                entry.next = seen.value.int().and_then(|day| Date::read(&Value::Int(day)));
            } else if seen.field == customer::BIRTHDAY.field {
                entry.birthday = AnnualDay::from_stored(seen.value.text());
            } else if seen.field == customer::RETIRED.field {
                entry.retired = !seen.value.text().is_empty();
            }
        }
        self.entries.insert(id, entry);
    }

    /// Whether there are no customers.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All customers, the retired too, in no order.
    pub fn ids(&self) -> impl Iterator<Item = RowId> {
        self.entries.keys().copied()
    }

    /// How many have two values to choose from.
    pub fn clashes(&self) -> usize {
        self.entries.values().filter(|entry| entry.clash).count()
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
        self.entries.iter().filter(|(_, entry)| !entry.retired)
    }
}
