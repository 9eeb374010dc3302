//! Whether a card is accurate, valid and timely (C3): when each section was last confirmed, and how much is filled.

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
