//! What is there already: rows of the file and records of the book, by what makes two of them the same (C14, C16).

use std::collections::HashMap;

use super::{Cell, Twin};
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::domain::record::Kind;

/// So many digits make a number that can be recognised by its beginning.
const TELLING: usize = 7;

/// Every look-up is by a key, so that a long list takes as long as it is long.
#[derive(Debug, Default)]
pub(super) struct Twins {
    phones: HashMap<String, Twin>,
    /// By name and first digits: all their digits.
    beginnings: HashMap<(String, String), Vec<(String, Twin)>>,
    /// By name and address, of those without a phone.
    places: HashMap<(String, String), Twin>,
    /// By number of the complaint.
    numbers: HashMap<String, Twin>,
}

impl Twins {
    /// What these cells are the same as. Customers: the same phone; the same name with a phone that lacks the last
    /// digits of the other; without a phone the same name at the same address. Complaints: the same number.
    pub(super) fn find(&self, kind: &Kind, cells: &[Cell]) -> Option<Twin> {
        if *kind == complaint::RECORD {
            return self.numbers.get(text(cells, complaint::NUMBER.field)?).copied();
        }
        let name = text(cells, customer::NAME.field).unwrap_or_default();
        let Some(phone) = phone(cells) else { return self.places.get(&place(name, cells)?).copied() };
        if let (false, Some(twin)) = (phone.doubtful, self.phones.get(&phone.text)) {
            return Some(*twin);
        }
        let digits = phone.digits();
        let alike = |other: &str| other.starts_with(&digits) || digits.starts_with(other);
        let same = self.beginnings.get(&beginning(name, &digits)?)?;
        same.iter().find(|(other, _)| alike(other)).map(|(_, twin)| *twin)
    }

    /// Lets go of everything, an entry at a time.
    pub(super) fn pieces(self) -> impl Iterator<Item = ()> {
        let (phones, beginnings) = (self.phones.into_iter().map(drop), self.beginnings.into_iter().map(drop));
        let (places, numbers) = (self.places.into_iter().map(drop), self.numbers.into_iter().map(drop));
        phones.chain(beginnings).chain(places).chain(numbers)
    }

    /// Remembers a row or record. Of several that are the same, the first stays.
    pub(super) fn remember(&mut self, kind: &Kind, cells: &[Cell], twin: Twin) {
        if *kind == complaint::RECORD {
            if let Some(number) = text(cells, complaint::NUMBER.field) {
                self.numbers.entry(number.to_owned()).or_insert(twin);
            }
            return;
        }
        let name = text(cells, customer::NAME.field).unwrap_or_default();
        let Some(phone) = phone(cells) else {
            if let Some(place) = place(name, cells) {
                self.places.entry(place).or_insert(twin);
            }
            return;
        };
        let digits = phone.digits();
        if let Some(beginning) = beginning(name, &digits) {
            self.beginnings.entry(beginning).or_default().push((digits, twin));
        }
        if !phone.doubtful {
            self.phones.entry(phone.text).or_insert(twin);
        }
    }
}

fn text(cells: &[Cell], field: u16) -> Option<&str> {
    cells.iter().find(|(id, elem, _)| *id == field && elem.is_none()).and_then(|(_, _, value)| value.text())
}

fn phone(cells: &[Cell]) -> Option<Phone> {
    text(cells, customer::PHONE.field).map(Phone::from_stored)
}

fn beginning(name: &str, digits: &str) -> Option<(String, String)> {
    let telling = digits.get(..TELLING).filter(|_| !name.is_empty())?;
    Some((name.to_owned(), telling.to_owned()))
}

fn place(name: &str, cells: &[Cell]) -> Option<(String, String)> {
    let address = text(cells, customer::ADDRESS.field).filter(|_| !name.is_empty())?;
    Some((name.to_owned(), address.to_owned()))
}
