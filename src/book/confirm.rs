//! Whether a card is accurate, valid and timely (C3): when each section was last confirmed, and how much is filled.

use std::sync::LazyLock;

use super::glance::{Peek, Seen};
use super::id::Stamp;
use super::row::{Mark, Row};
use crate::domain::customer::customer;
use crate::domain::record::{Field, Flags, Section};

/// The four sections of a card (C2), by their keys.
pub const SECTIONS: [&str; 4] = ["basic", "traits", "business", "dealings"];

/// Days after which a section counts as stale, unless the shop's settings say otherwise.
pub const STALE_DAYS: i64 = 180;

fn sections() -> impl Iterator<Item = &'static Section> {
    customer::RECORD.sections.iter().filter(|section| SECTIONS.contains(&section.key))
}

fn is_filled(row: &Row, field: &Field) -> bool {
    let value = row.value(field.id);
    if field.shape.is_set() {
        row.elements(field.id).next().is_some()
    } else {
        !value.is_nil() && value.text() != Some("")
    }
}

/// Who confirmed a section last, and when: whoever wrote something into it did, and whoever looked and said so. None
/// for a section with nothing in it.
pub fn confirmed(row: &Row, section: &Section) -> Option<Mark> {
    let filled = section.fields.iter().any(|field| is_filled(row, field));
    let own = |field: u16| section.fields.iter().any(|other| other.id == field);
    let said = row.cell(customer::CONFIRMED.field, Some(section.key.as_bytes()));
    let written = row.cells.iter().filter(|cell| own(cell.field)).chain(said).flat_map(|cell| &cell.live);
    written.map(|written| written.mark).max_by_key(|mark| mark.stamp).filter(|_| filled)
}

/// When the section that waited longest was confirmed; none if nothing is filled in any.
pub fn oldest(row: &Row) -> Option<Stamp> {
    sections().filter_map(|section| confirmed(row, section)).map(|mark| mark.stamp).min()
}

/// What is needed to know when each section was confirmed, gathered from the cells of a packed row: [`oldest`] without
/// unpacking.
#[derive(Default)]
pub(super) struct Ages {
    last: [Stamp; SECTIONS.len()],
    filled: [bool; SECTIONS.len()],
}

/// By number of field: its section, and whether it holds a set.
static PLACES: LazyLock<Vec<Option<(usize, bool)>>> = LazyLock::new(|| {
    let mut places = Vec::new();
    for (at, section) in sections().enumerate() {
        for field in section.fields {
            let number = usize::from(field.id);
            places.resize(places.len().max(number + 1), None);
            if let Some(place) = places.get_mut(number) {
                *place = Some((at, field.shape.is_set()));
            }
        }
    }
    places
});

impl Ages {
    /// Sees one value of the row; `stamp` is when it was written.
    pub(super) fn see(&mut self, seen: &Seen<'_>, stamp: Stamp) {
        let place = match PLACES.get(usize::from(seen.field)) {
            Some(Some((at, is_set))) => {
                let there = seen.shown && seen.elem.is_some() == *is_set;
                let filled = there && seen.value != Peek::Nil && (*is_set || seen.value != Peek::Text(b""));
                if let Some(own) = self.filled.get_mut(*at) {
                    *own |= filled;
                }
                *at
            }
            _ if seen.field == customer::CONFIRMED.field => {
                let said = |section: &Section| seen.elem == Some(section.key.as_bytes());
                let Some(at) = sections().position(said) else { return };
                at
            }
            _ => return,
        };
        if let Some(last) = self.last.get_mut(place) {
            *last = stamp.max(*last);
        }
    }

    /// When the section that waited longest was confirmed; none if nothing is filled in any.
    pub(super) fn oldest(&self) -> Option<Stamp> {
        self.last.iter().zip(self.filled).filter_map(|(last, filled)| filled.then_some(*last)).min()
    }
}

/// Whether a field is asked for, by the customer's nature (C5): organisations have other fields than persons, and one
/// without a nature is taken for a person, who is the usual customer.
pub fn is_asked(nature: &str, field: &Field) -> bool {
    let person = matches!(nature, "" | "individual");
    !field.flags.has(Flags::HIDDEN) && !field.flags.has(if person { Flags::ORG } else { Flags::PERSON })
}

/// How much of the head and the four sections is filled, in per cent of what is asked for.
pub fn completeness(row: &Row) -> usize {
    let nature = row.text(customer::NATURE);
    let head = customer::RECORD.sections.iter().filter(|section| section.key == "head");
    let asked = head.chain(sections()).flat_map(|section| section.fields).filter(|field| is_asked(nature, field));
    let (filled, all) =
        asked.fold((0, 0), |(filled, all), field| (filled + usize::from(is_filled(row, field)), all + 1));
    filled * 100 / all.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::book::digest::Tally;
    use crate::book::glance::Glance;
    use crate::book::op::CellWrite;
    use crate::book::row::Author;
    use crate::book::{DevId, Dot, RowId, Value};

    fn any_cell() -> impl Strategy<Value = (u16, Option<Vec<u8>>, Value)> {
        let fields = [1, 10, 11, 20, 22, 30, 53, 55, 65, 74];
        let value = prop_oneof![
            Just(Value::Nil),
            Just(Value::Text(String::new())),
            "[a张]{1,3}".prop_map(Value::Text),
            any::<i64>().prop_map(Value::Int),
        ];
        let said = proptest::sample::select(&SECTIONS[..])
            .prop_map(|key| (75, Some(key.as_bytes().to_vec()), Value::Bool(true)));
        let elem = proptest::option::of("[ab]".prop_map(String::into_bytes));
        prop_oneof![4 => (proptest::sample::select(fields.to_vec()), elem, value), 1 => said]
    }

    proptest! {
        #[test]
        fn a_glance_and_an_unpacked_row_say_the_same(cells in proptest::collection::vec(any_cell(), 0..20)) {
            let authors = [Author { dev: DevId([1; 16]), by: None }];
            let mut row = Row::default();
            for (n, (field, elem, value)) in (1_u64..).zip(cells) {
                let mark = Mark { stamp: Stamp(n), author: 0 };
                let write = CellWrite { field, elem, value, bases: Vec::new() };
                row.write(&write, mark, Dot { stamp: mark.stamp, dev: DevId([1; 16]) }, &mut Tally::new(1, RowId([1; 16]), &authors, None));
            }
            let (bytes, mut stamps, mut ages) = (row.encode(), Vec::new(), Ages::default());
            for seen in Glance::new(&bytes, &mut stamps) {
                ages.see(&seen, stamps[seen.mark]);
            }
            prop_assert_eq!(ages.oldest(), oldest(&row));
        }
    }
}
