//! What an import would take from a file, one JSON line a row: for the command line and for tests.

use serde_json::{Value as Json, json};

use super::import::{Duplicates, Line, Outcome, Planner};
use super::mapping::Mapping;
use super::{Source, open};
use crate::book::{Book, RowId, Value};
use crate::domain::annual::{AnnualDay, Calendar};
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::domain::record::Stored;
use crate::words::Lang;

/// Reads a CSV or vCard file as the import screen does and says what would become of each row: `row`, `do` (`import`,
/// `duplicate`, `reject`, `skip`) and, for the first two, `name`, `phone`, `doubtful`, `birthday`, `fen`, `times`.
pub fn lines(bytes: &[u8], gb18030: super::text::Gb18030<'_>) -> Result<Vec<String>, String> {
    let Source { sheet, .. } = open(bytes, gb18030, Lang::Zh).map_err(|error| error.message(Lang::En))?;
    let book = Book::default();
    let mapping = Mapping::guess(&book, &sheet);
    let mut planner = Planner::new(&book, &sheet, mapping, Duplicates::Skip);
    let line = |(number, cells): &(u32, Vec<String>)| {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        json(&planner.row(&book, *number, cells, RowId(id))).to_string()
    };
    Ok(sheet.rows.iter().map(line).collect())
}

fn json(line: &Line) -> Json {
    let does = match line.outcome {
        Outcome::Blank => "skip",
        Outcome::Reject(_) => "reject",
        Outcome::New => "import",
        Outcome::Duplicate(_) => "duplicate",
    };
    if matches!(line.outcome, Outcome::Blank | Outcome::Reject(_)) {
        return json!({ "row": line.row, "do": does });
    }
    let value = |field: u16| {
        let found = line.cells.iter().find(|(id, elem, _)| *id == field && elem.is_none());
        found.map_or(Value::Nil, |(_, _, value)| value.clone())
    };
    let phone = value(customer::PHONE.field).text().map(Phone::from_stored);
    let birthday = AnnualDay::read(&value(customer::BIRTHDAY.field));
    json!({
        "row": line.row,
        "do": does,
        "name": value(customer::NAME.field).text(),
        "phone": phone.as_ref().map(|phone| &phone.text),
        "doubtful": phone.as_ref().is_some_and(|phone| phone.doubtful),
        "birthday": birthday.map(|day| json!({
            "cal": if day.calendar() == Calendar::Solar { "solar" } else { "lunar" },
            "y": day.year(),
            "m": day.month(),
            "d": day.day(),
        })),
        "fen": value(customer::SPENT.field).int(),
        "times": value(customer::TIMES.field).int(),
    })
}
