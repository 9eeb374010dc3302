//! An import (C16): every row of a file read by the mapping, before anything is written.
//!
//! The plan says for each row what would happen and why; the writes are made from the same plan, so what the dry run
//! shows is what the import does.

mod choices;
mod twins;

use std::collections::{BTreeMap, HashMap};

use self::choices::Choices;
use self::twins::Twins;
use super::mapping::{Mapping, Target, is_closed, shape_of};
use super::sheet::Sheet;
use crate::book::read::{Read, elements, read};
use crate::book::row::EXTRA;
use crate::book::{Book, CellWrite, Row, RowId, RowWrite, Value};
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::day::DayOrder;
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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
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
    /// Shapes of the shop's own fields (G3).
    extras: HashMap<RowId, Shape>,
    choices: Choices,
    twins: Twins,
    writes: Vec<Pending>,
    /// Where the write of a row or record stands.
    places: HashMap<Twin, usize>,
}

/// A write being planned; each cell at most once.
#[derive(Debug)]
struct Pending {
    id: RowId,
    cells: BTreeMap<(u16, Option<Vec<u8>>), CellWrite>,
}

impl Planner {
    /// Prepares a plan against the book as it is.
    pub fn new(book: &Book, sheet: &Sheet, mapping: Mapping, duplicates: Duplicates) -> Self {
        let kind = mapping.kind;
        let mut twins = Twins::default();
        for (id, row) in book.rows(kind.id) {
            let cells = row.cells.iter().map(|cell| (cell.field, cell.elem.clone(), cell.shown().clone()));
            twins.remember(kind, &cells.collect::<Vec<_>>(), Twin::Record(id));
        }
        let extras = book.extras(kind.key).into_iter().map(|extra| (extra.id, shape_of(&extra))).collect();
        let columns = 0..sheet.header.len();
        Self {
            orders: columns.map(|column| order_of(&mapping, &extras, sheet, column)).collect(),
            extras,
            header: sheet.header.clone(),
            mapping,
            duplicates,
            choices: Choices::default(),
            twins,
            writes: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Plans one row. `id` is its id in the book, if it becomes a new record.
    pub fn row(&mut self, book: &Book, number: u32, cells: &[String], id: RowId) -> Line {
        let mut line = Line { row: number, outcome: Outcome::New, warnings: Vec::new(), cells: Vec::new() };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            line.outcome = Outcome::Blank;
            return line;
        }
        self.read_cells(book, cells, &mut line);
        self.complete(cells, &mut line.cells);
        if let Some(why) = self.refusal(&line.cells) {
            line.outcome = Outcome::Reject(why);
            return line;
        }
        if let Some(twin) = self.twins.find(self.mapping.kind, &line.cells) {
            line.outcome = Outcome::Duplicate(twin);
            if self.duplicates == Duplicates::Fill {
                self.fill(book, twin, &line.cells);
            }
            return line;
        }
        let own = Twin::Row(number);
        self.twins.remember(self.mapping.kind, &line.cells, own);
        self.places.insert(own, self.writes.len());
        self.writes.push(Pending { id, cells: BTreeMap::new() });
        self.fill(book, own, &line.cells);
        line
    }

    /// The writes of the whole plan: new entries of the dictionaries, then the records. Beside them what the plan
    /// remembered, which goes piece by piece: with a long list letting go of it takes a moment as well.
    pub fn finish(self) -> (impl Iterator<Item = RowWrite>, impl Iterator<Item = ()>) {
        let kind = self.mapping.kind.id;
        let filled = self.writes.into_iter().filter(|write| !write.cells.is_empty());
        let record = move |write: Pending| RowWrite { kind, id: write.id, cells: write.cells.into_values().collect() };
        (self.choices.added().into_iter().chain(filled.map(record)), self.twins.pieces())
    }

    /// What the mapping takes from the columns. What no field is for, and what cannot be read, goes to the note.
    fn read_cells(&mut self, book: &Book, cells: &[String], line: &mut Line) {
        let mut notes = Vec::new();
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let place = match self.mapping.columns.get(column).copied().unwrap_or(Target::Note) {
                Target::Nothing => continue,
                Target::Note => None,
                Target::Field(id) => self.mapping.kind.field(id).map(|field| (id, None, field.shape, is_closed(field))),
                Target::Extra(id) => self.extras.get(&id).map(|shape| (EXTRA, Some(id.0.to_vec()), *shape, false)),
            };
            match place.map(|place| self.read_cell(book, column, place, text)) {
                Some(Ok(cells)) => line.cells.extend(cells),
                Some(Err(why)) => {
                    line.warnings.push(Warning { column, why });
                    notes.push(self.note(column, text));
                }
                None => notes.push(self.note(column, text)),
            }
        }
        let field = if self.is_of_customers() { customer::NOTE.field } else { complaint::NOTE.field };
        match line.cells.iter_mut().find(|(id, _, _)| *id == field) {
            Some((_, _, Value::Text(text))) => notes.iter().for_each(|note| {
                text.push('\n');
                text.push_str(note);
            }),
            _ if notes.is_empty() => {}
            _ => line.cells.push((field, None, Value::Text(notes.join("\n")))),
        }
    }

    /// A line of the note: the column's name and what stands in it.
    fn note(&self, column: usize, text: &str) -> String {
        let name = self.header.get(column).map_or("", |name| name.trim());
        if name.is_empty() { text.trim().to_owned() } else { format!("{name}: {}", text.trim()) }
    }

    fn read_cell(
        &mut self,
        book: &Book,
        column: usize,
        (field, elem, shape, closed): (u16, Option<Vec<u8>>, Shape, bool),
        text: &str,
    ) -> Result<Vec<Cell>, Words> {
        let element = |elem: String| (field, Some(elem.into_bytes()), Value::Bool(true));
        match shape {
            Shape::Choice(list) if closed => {
                let known = self.choices.known(book, list, text);
                let key = known.ok_or(words("没有这个选项。", "There is no such choice."))?;
                return Ok(vec![(field, elem, Value::Text(key))]);
            }
            Shape::Choice(list) => return Ok(vec![(field, elem, Value::Text(self.choices.key(book, list, text)))]),
            Shape::Choices(list) => {
                let names = elements(shape, text).into_iter();
                return Ok(names.map(|name| element(self.choices.key(book, list, &name))).collect());
            }
            _ => {}
        }
        let order = self.orders.get(column).copied().unwrap_or_default();
        Ok(match read(book, shape, text, order)? {
            Read::Value(value) => vec![(field, elem, value)],
            Read::Elements(all) => all.into_iter().map(element).collect(),
            Read::NewEntry(name) => vec![(field, elem, Value::Text(name))],
        })
    }

    fn is_of_customers(&self) -> bool {
        self.mapping.kind.id == customer::ID
    }

    /// What follows from the rest of the row.
    fn complete(&self, texts: &[String], cells: &mut Vec<Cell>) {
        let has = |cells: &[Cell], field: u16| cells.iter().any(|(id, _, _)| *id == field);
        if self.is_of_customers() {
            if !has(cells, customer::NATURE.field) && self.mapping.is_of_organisations() {
                cells.push((customer::NATURE.field, None, Value::Text("company".to_owned())));
            }
            return;
        }
        if !has(cells, complaint::WORDS.field) {
            // A list without the customer's words still says what it was about.
            let text = |field: u16| texts.get(self.mapping.column_of(field)?).map(|text| text.trim());
            let about = [complaint::SUBJECT.field, complaint::KIND.field].map(text);
            let about: Vec<_> = about.into_iter().flatten().filter(|text| !text.is_empty()).collect();
            if !about.is_empty() {
                cells.push((complaint::WORDS.field, None, Value::Text(about.join(" · "))));
            }
        }
        if !has(cells, complaint::STATE.field) {
            let decision = cells.iter().find(|(id, _, _)| *id == complaint::DECISION.field);
            let answered = decision.and_then(|(_, _, value)| value.text()).is_some_and(is_answer);
            let state = if answered { "closed" } else { "received" };
            cells.push((complaint::STATE.field, None, Value::Text(state.to_owned())));
        }
    }

    fn refusal(&self, cells: &[Cell]) -> Option<Words> {
        let has = |field: u16| cells.iter().any(|(id, _, _)| *id == field);
        if self.is_of_customers() {
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

    /// Fills what is empty in a planned row or in a record of the book.
    fn fill(&mut self, book: &Book, twin: Twin, cells: &[Cell]) {
        let place = *self.places.entry(twin).or_insert_with(|| {
            // A row of the file has its place since it was planned.
            let Twin::Record(id) = twin else { return self.writes.len() };
            self.writes.push(Pending { id, cells: BTreeMap::new() });
            self.writes.len() - 1
        });
        let there = match twin {
            Twin::Record(id) => book.row(self.mapping.kind.id, id).unwrap_or_default(),
            Twin::Row(_) => Row::default(),
        };
        let Some(write) = self.writes.get_mut(place) else { return };
        for (field, elem, value) in cells {
            let own = there.cell(*field, elem.as_deref());
            if own.is_none_or(|cell| cell.shown().is_nil()) {
                let bases = own.map(|cell| cell.live.iter().map(|written| book.dot(written.mark)).collect());
                write.cells.entry((*field, elem.clone())).or_insert_with(|| CellWrite {
                    field: *field,
                    elem: elem.clone(),
                    value: value.clone(),
                    bases: bases.unwrap_or_default(),
                });
            }
        }
    }
}

/// How a column writes its days. Only one that becomes days is looked through.
fn order_of(mapping: &Mapping, extras: &HashMap<RowId, Shape>, sheet: &Sheet, column: usize) -> DayOrder {
    let shape = match mapping.columns.get(column) {
        Some(Target::Field(id)) => mapping.kind.field(*id).map(|field| field.shape),
        Some(Target::Extra(id)) => extras.get(id).copied(),
        _ => None,
    };
    match shape {
        Some(Shape::Day | Shape::Annual | Shape::Instant) => DayOrder::of_column(sheet.column(column)),
        _ => DayOrder::Unknown,
    }
}

/// Whether what a list says of the answer is one: a complaint without it is still open.
fn is_answer(text: &str) -> bool {
    const OPEN: [&str; 6] = ["in progress", "untimely response", "pending", "处理中", "未处理", "待处理"];
    !OPEN.iter().any(|open| text.trim().eq_ignore_ascii_case(open))
}
