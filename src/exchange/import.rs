//! An import (C16): every row of a file read by the mapping, before anything is written.
//!
//! The plan says for each row what would happen and why; the writes are made from the same plan, so what the dry run
//! shows is what the import does.

use std::collections::{BTreeMap, HashMap};

use super::mapping::{Mapping, Target};
use super::sheet::Sheet;
use crate::book::read::{Read, read};
use crate::book::{Book, CellWrite, Row, RowId, RowWrite, Value};
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::day::DayOrder;
use crate::domain::lists::List;
use crate::domain::phone::Phone;
use crate::domain::record::Shape;
use crate::words::{Words, words};

/// What becomes of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A blank row.
    Blank,
    /// It cannot be taken, and why.
    Reject(Words),
    /// A new record.
    New,
    /// The same as an earlier row of the file or a record of the book.
    Duplicate(Twin),
}

/// What a row is the same as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Twin {
    /// A row of the file, by its number.
    Row(u32),
    /// A record of the book.
    Record(RowId),
}

/// What becomes of rows that are there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Duplicates {
    /// They are left out.
    #[default]
    Skip,
    /// They fill what is empty in the record that is there.
    Fill,
}

/// A cell that could not be read: its text goes to the note, nothing is lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// Column.
    pub column: usize,
    /// What is wrong and what to do.
    pub why: Words,
}

/// A row and what becomes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Number as a spreadsheet shows it.
    pub row: u32,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Cells that could not be read.
    pub warnings: Vec<Warning>,
    /// What was read, by field and element.
    pub cells: Vec<Cell>,
}

/// Field, element and value.
pub type Cell = (u16, Option<Vec<u8>>, Value);

/// Plans an import row by row, so that a long file can be planned in slices.
#[derive(Debug)]
pub struct Planner {
    mapping: Mapping,
    duplicates: Duplicates,
    header: Vec<String>,
    orders: Vec<DayOrder>,
    choices: HashMap<(usize, String), String>,
    entries: BTreeMap<(&'static str, String), RowWrite>,
    phones: HashMap<String, Twin>,
    names: HashMap<String, Vec<(String, Twin)>>,
    numbers: HashMap<String, Twin>,
    writes: Vec<RowWrite>,
    places: HashMap<u32, usize>,
    note: Option<u16>,
}

impl Planner {
    /// Prepares a plan against the book as it is.
    pub fn new(book: &Book, sheet: &Sheet, mapping: Mapping, duplicates: Duplicates) -> Self {
        let orders = (0..sheet.header.len()).map(|column| DayOrder::of_column(sheet.column(column))).collect();
        let note = if mapping.kind.id == customer::ID { customer::NOTE.field } else { complaint::WORDS.field };
        let mut planner = Self {
            mapping,
            duplicates,
            header: sheet.header.clone(),
            orders,
            choices: HashMap::new(),
            entries: BTreeMap::new(),
            phones: HashMap::new(),
            names: HashMap::new(),
            numbers: HashMap::new(),
            writes: Vec::new(),
            places: HashMap::new(),
            note: Some(note),
        };
        for (id, row) in book.rows(planner.mapping.kind.id) {
            let cells: Vec<Cell> =
                row.cells.iter().map(|cell| (cell.field, cell.elem.clone(), cell.shown().clone())).collect();
            planner.remember(&cells, Twin::Record(id));
        }
        planner
    }

    /// Plans one row.
    pub fn row(&mut self, book: &Book, number: u32, cells: &[String], id: RowId) -> Line {
        let mut line = Line { row: number, outcome: Outcome::New, warnings: Vec::new(), cells: Vec::new() };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            line.outcome = Outcome::Blank;
            return line;
        }
        self.read_cells(book, cells, &mut line);
        self.complete(&mut line.cells);
        if let Some(why) = self.refusal(&line.cells) {
            line.outcome = Outcome::Reject(why);
            return line;
        }
        match self.twin(&line.cells) {
            Some(twin) => {
                line.outcome = Outcome::Duplicate(twin);
                if self.duplicates == Duplicates::Fill {
                    self.fill(book, twin, &line.cells);
                }
            }
            None => {
                self.remember(&line.cells, Twin::Row(number));
                self.places.insert(number, self.writes.len());
                let cell = |(field, elem, value): &Cell| CellWrite {
                    field: *field,
                    elem: elem.clone(),
                    value: value.clone(),
                    bases: Vec::new(),
                };
                let cells = line.cells.iter().map(cell).collect();
                self.writes.push(RowWrite { kind: self.mapping.kind.id, id, cells });
            }
        }
        line
    }

    /// The writes of the whole plan: new entries of the dictionaries, then the records.
    pub fn finish(self) -> Vec<RowWrite> {
        self.entries.into_values().chain(self.writes).filter(|write| !write.cells.is_empty()).collect()
    }

    fn read_cells(&mut self, book: &Book, cells: &[String], line: &mut Line) {
        let mut notes: Vec<String> = Vec::new();
        for (column, text) in cells.iter().enumerate() {
            let name = self.header.get(column).map_or("", |name| name.trim());
            let note = || if name.is_empty() { text.trim().to_owned() } else { format!("{name}: {}", text.trim()) };
            match self.mapping.columns.get(column) {
                _ if text.trim().is_empty() => {}
                None | Some(Target::Note) => notes.push(note()),
                Some(Target::Nothing) => {}
                Some(Target::Field(id)) => {
                    let Some(field) = self.mapping.kind.field(*id) else { continue };
                    let (id, shape) = (field.id, field.shape);
                    let text_note = note();
                    if let Err(why) = self.read_cell(book, column, id, shape, text, &mut line.cells) {
                        line.warnings.push(Warning { column, why });
                        notes.push(text_note);
                    }
                }
            }
        }
        let Some(field) = self.note.filter(|_| !notes.is_empty()) else { return };
        match line.cells.iter_mut().find(|(id, _, _)| *id == field) {
            Some((_, _, Value::Text(text))) => {
                for note in notes {
                    text.push('\n');
                    text.push_str(&note);
                }
            }
            _ => line.cells.push((field, None, Value::Text(notes.join("\n")))),
        }
    }

    fn read_cell(
        &mut self,
        book: &Book,
        column: usize,
        field: u16,
        shape: Shape,
        text: &str,
        cells: &mut Vec<Cell>,
    ) -> Result<(), Words> {
        if let Shape::Choice(list) = shape {
            let key = self.choice(book, column, list, text);
            cells.push((field, None, Value::Text(key)));
            return Ok(());
        }
        let order = self.orders.get(column).copied().unwrap_or_default();
        match read(book, shape, text, order)? {
            Read::Value(Value::Nil) => {}
            Read::Value(value) => cells.push((field, None, value)),
            Read::Elements(elems) => {
                cells.extend(elems.into_iter().map(|elem| (field, Some(elem.into_bytes()), Value::Bool(true))));
            }
            Read::NewEntry(name) => cells.push((field, None, Value::Text(name))),
        }
        Ok(())
    }

    /// The key of a choice; a name that the dictionary does not have becomes a new entry (G2).
    fn choice(&mut self, book: &Book, column: usize, list: List, text: &str) -> String {
        let known = (column, text.trim().to_owned());
        if let Some(key) = self.choices.get(&known) {
            return key.clone();
        }
        let same = |name: &str| name.to_lowercase() == known.1.to_lowercase();
        let new = self.entries.keys().find(|(key, name)| *key == list.key && same(name)).map(|(_, name)| name.clone());
        let key = book.key_of(list, text).or(new).unwrap_or_else(|| {
            if let Some(write) = book.add_entry(list, &known.1) {
                self.entries.insert((list.key, known.1.clone()), write);
            }
            known.1.clone()
        });
        self.choices.insert(known, key.clone());
        key
    }

    /// What follows from the rest of the row.
    fn complete(&self, cells: &mut Vec<Cell>) {
        let has = |cells: &[Cell], field: u16| cells.iter().any(|(id, _, _)| *id == field);
        let text = |cells: &[Cell], field: u16| {
            cells.iter().find(|(id, _, _)| *id == field).and_then(|(_, _, value)| value.text().map(str::to_owned))
        };
        if self.mapping.kind.id == customer::ID {
            if !has(cells, customer::NATURE.field) && self.mapping.is_of_organisations() {
                cells.push((customer::NATURE.field, None, Value::Text("company".to_owned())));
            }
            return;
        }
        if !has(cells, complaint::WORDS.field) {
            // A list without the customer's words still says what it was about.
            let about = [complaint::SUBJECT.field, complaint::KIND.field].map(|field| text(cells, field));
            let about: Vec<_> = about.into_iter().flatten().collect();
            if !about.is_empty() {
                cells.push((complaint::WORDS.field, None, Value::Text(about.join(" · "))));
            }
        }
        if has(cells, complaint::STATE.field) {
            return;
        }
        let answered = text(cells, complaint::DECISION.field).filter(|text| !text.eq_ignore_ascii_case("in progress"));
        let state = if answered.is_some() { "closed" } else { "received" };
        cells.push((complaint::STATE.field, None, Value::Text(state.to_owned())));
    }

    fn refusal(&self, cells: &[Cell]) -> Option<Words> {
        let has = |field: u16| cells.iter().any(|(id, _, _)| *id == field);
        if self.mapping.kind.id == customer::ID {
            let found = has(customer::NAME.field) || has(customer::PHONE.field) || has(customer::MORE_PHONES.field);
            return (!found).then_some(words(
                "没有姓名也没有电话，请补上其中一项。",
                "Neither a name nor a phone: please add one of them.",
            ));
        }
        (!has(complaint::WORDS.field)).then_some(words(
            "没有投诉内容，请补上客户说了什么。",
            "Nothing is said: please add what the customer said.",
        ))
    }

    /// The row or record that these cells are the same as: the same phone; or the same name with a phone of which one
    /// lacks the last digits of the other; complaints by their number.
    fn twin(&self, cells: &[Cell]) -> Option<Twin> {
        if self.mapping.kind.id != customer::ID {
            return self.numbers.get(&number(cells)?).copied();
        }
        let (name, phone) = (name(cells), phone(cells)?);
        let digits = phone.digits();
        if let (false, Some(twin)) = (phone.doubtful, self.phones.get(&phone.text)) {
            return Some(*twin);
        }
        let alike = |other: &str| {
            let least = other.len().min(digits.len());
            least >= 7 && (other.starts_with(&digits) || digits.starts_with(other))
        };
        let same_name = self.names.get(&name).into_iter().flatten();
        same_name.filter(|_| !name.is_empty()).find(|(other, _)| alike(other)).map(|(_, twin)| *twin)
    }

    fn remember(&mut self, cells: &[Cell], twin: Twin) {
        if let Some(number) = number(cells).filter(|_| self.mapping.kind.id != customer::ID) {
            self.numbers.entry(number).or_insert(twin);
        }
        let Some(phone) = phone(cells) else { return };
        self.names.entry(name(cells)).or_default().push((phone.digits(), twin));
        if !phone.doubtful {
            self.phones.entry(phone.text).or_insert(twin);
        }
    }

    /// Fills what is empty in the twin.
    fn fill(&mut self, book: &Book, twin: Twin, cells: &[Cell]) {
        let kind = self.mapping.kind.id;
        let (place, row) = match twin {
            Twin::Row(number) => (self.places.get(&number).copied(), Row::default()),
            Twin::Record(id) => {
                let place = self.writes.iter().position(|write| write.id == id).unwrap_or_else(|| {
                    self.writes.push(RowWrite { kind, id, cells: Vec::new() });
                    self.writes.len() - 1
                });
                (Some(place), book.row(kind, id).unwrap_or_default())
            }
        };
        let Some(write) = place.and_then(|place| self.writes.get_mut(place)) else { return };
        for (field, elem, value) in cells {
            let own = row.cell(*field, elem.as_deref());
            let filled = own.is_some_and(|cell| !cell.shown().is_nil())
                || write.cells.iter().any(|cell| cell.field == *field && cell.elem == *elem);
            if !filled {
                let bases = own.map(|cell| cell.live.iter().map(|written| book.dot(written.mark)).collect());
                let bases = bases.unwrap_or_default();
                write.cells.push(CellWrite { field: *field, elem: elem.clone(), value: value.clone(), bases });
            }
        }
    }
}

fn text_of(cells: &[Cell], field: u16) -> Option<&str> {
    cells.iter().find(|(id, elem, _)| *id == field && elem.is_none()).and_then(|(_, _, value)| value.text())
}

fn name(cells: &[Cell]) -> String {
    text_of(cells, customer::NAME.field).unwrap_or_default().to_owned()
}

fn phone(cells: &[Cell]) -> Option<Phone> {
    text_of(cells, customer::PHONE.field).map(Phone::from_stored)
}

fn number(cells: &[Cell]) -> Option<String> {
    text_of(cells, complaint::NUMBER.field).map(str::to_owned)
}
