//! The generated customers, as the field values that an import hands over.

use dianbu::book::{Draft, RowId, RowWrite, Value};
use dianbu::domain::annual::AnnualDay;
use dianbu::domain::customer::customer;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::failed;

/// A customer of `data.js`.
#[derive(Debug, Deserialize)]
struct Person {
    id: String,
    name: String,
    phone: String,
    other: String,
    employer: String,
    address: String,
    grade: String,
    birthday: String,
    spent: i64,
    times: i64,
    last: String,
    next: String,
    note: String,
}

/// The generated customers, as the importer holds them when its plan is made.
#[wasm_bindgen]
#[derive(Debug)]
pub struct People(Vec<RowWrite>);

#[wasm_bindgen]
impl People {
    /// Takes them over from the page.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<People, JsError> {
        let people: Vec<Person> = serde_json::from_str(json).map_err(failed)?;
        Ok(Self(people.iter().filter_map(Person::write).collect()))
    }
}

impl People {
    /// What an import writes.
    pub(crate) fn writes(&self) -> &[RowWrite] {
        &self.0
    }
}

impl Person {
    fn write(&self) -> Option<RowWrite> {
        let mut draft = Draft::new(customer::ID, RowId::parse(&self.id)?);
        draft.set(customer::NAME, &self.name).set(customer::PHONE, &self.phone);
        if !self.other.is_empty() {
            draft.add(customer::MORE_PHONES, self.other.as_bytes(), Value::Bool(true));
        }
        for (key, text) in [
            (customer::EMPLOYER, &self.employer),
            (customer::ADDRESS, &self.address),
            (customer::GRADE, &self.grade),
            (customer::NOTE, &self.note),
        ] {
            if !text.is_empty() {
                draft.set(key, text);
            }
        }
        draft.set(customer::SPENT, &self.spent).set(customer::TIMES, &self.times);
        if let Ok(last) = self.last.parse() {
            draft.set(customer::LAST_DEAL, &last);
        }
        if let Ok(next) = self.next.parse() {
            draft.set(customer::NEXT_DAY, &next);
        }
        if let Some(birthday) = self.birthday() {
            draft.set(customer::BIRTHDAY, &birthday);
        }
        draft.write()
    }

    fn birthday(&self) -> Option<AnnualDay> {
        let date: jiff::civil::Date = self.birthday.parse().ok()?;
        AnnualDay::solar(Some(date.year()), date.month(), date.day())
    }
}
