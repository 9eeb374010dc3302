//! What leaves (C17): a list as CSV, everything as an open archive.

use std::io::{Cursor, Write};

use serde_json::{Map, Value as Json, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::cell::{field_text, value_text};
use super::csv::Writer;
use super::mapping::{fillable, shape_of};
use crate::book::erase::{self, ERASED};
use crate::book::row::{DELETED, EXTRA};
use crate::book::{Book, Event, Extra, Row, RowId, Value};
use crate::domain::KINDS;
use crate::domain::record::{Field, Kind, Shape};
use crate::domain::team::extra;
use crate::words::Lang;

/// A list of records as a table that a spreadsheet opens and the import takes back unchanged: the fields of the
/// declaration, then the shop's own (G3). All records of the kind if none are named.
pub fn csv(book: &Book, kind: &'static Kind, only: Option<&[RowId]>, lang: Lang) -> Vec<u8> {
    let fields: Vec<_> = fillable(kind).collect();
    let mut file = Writer::new();
    let extras = book.extras(kind.key);
    let names = fields.iter().map(|field| field.words.r#in(lang));
    file.row(names.chain(extras.iter().map(|extra| extra.name.as_str())));
    let mut add = |row: &Row| {
        let own = |extra: &Extra| {
            let cell = row.cell(EXTRA, Some(&extra.id.0));
            cell.map_or_else(String::new, |cell| value_text(shape_of(extra), cell.shown(), lang))
        };
        let cells = fields.iter().map(|field| field_text(book, row, field, lang));
        let cells: Vec<_> = cells.chain(extras.iter().map(own)).collect();
        file.row(cells.iter().map(String::as_str));
    };
    match only {
        Some(ids) => ids.iter().filter_map(|id| book.live(kind.id, *id)).for_each(|row| add(&row)),
        None => book.rows(kind.id).for_each(|(_, row)| add(&row)),
    }
    file.finish()
}

const README: &str = "店簿 Dianbu\n\n\
每类记录一个 .jsonl 文件，每行一条记录（UTF-8 JSON）：\n\
id 记录编号；fields 字段（金额以分计，日期为 yyyymmdd，时刻为 1970 年以来的毫秒，多值为数组，\n\
按条目的答案为对象，每年的日子如 solar:1990-05-01、lunar:--04L-15，L 为闰月，-- 为不知年份）；\n\
own 自定义字段；deleted 在回收站中；\n\
history 每次修改：ms 时刻，device 设备，by 员工，field 与 element 所改之处，value 写入的值，shown 现在是否显示；最早的在前；\n\
field 为 erased 时，element 所指的内容已被彻底抹去。\n\n\
One .jsonl file for each kind of record, one record a line (UTF-8 JSON):\n\
id; fields (money in fen, days as yyyymmdd, moments in milliseconds since 1970, sets as arrays,\n\
answers by item as objects, days of every year as solar:1990-05-01 or lunar:--04L-15, L for a leap month, -- for an\n\
unknown year);\n\
own: the shop's own fields; deleted: in the recycle bin;\n\
history: every change, oldest first: ms when, device and by (staff) who, field and element where, value what was\n\
written, shown whether it is what the record shows now; where field is erased, what element names was erased for good.\n";

/// Everything in the book, in open formats: a ZIP with a README and one JSON Lines file for every kind.
pub fn archive(book: &Book) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Writing to memory cannot fail, short of an archive over 4 GiB, which would not have fit the browser.
    let mut put = |name: &str, content: &str| {
        let _ = zip.start_file(name, SimpleFileOptions::default()).map(|()| zip.write_all(content.as_bytes()));
    };
    put("README.txt", README);
    for kind in KINDS {
        let mut lines = String::new();
        for (id, row) in book.rows(kind.id).chain(book.deleted(kind.id)) {
            lines.push_str(&record(book, kind, id, &row).to_string());
            lines.push('\n');
        }
        if !lines.is_empty() {
            put(&format!("{}.jsonl", kind.key), &lines);
        }
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn record(book: &Book, of: &'static Kind, id: RowId, row: &Row) -> Json {
    let mut fields = Map::new();
    for field in of.fields() {
        let value = if field.shape == Shape::Answers {
            let all: Map<_, _> = row.elements(field.id).map(|(e, v)| (text(e), json_of(v))).collect();
            if all.is_empty() { Json::Null } else { Json::Object(all) }
        } else if field.shape.is_set() {
            let all: Vec<_> = row.words(field.id).map(Json::from).collect();
            if all.is_empty() { Json::Null } else { Json::Array(all) }
        } else {
            json_of(row.value(field.id))
        };
        if !value.is_null() {
            fields.insert(field.key(), value);
        }
    }
    let mut own = Map::new();
    for (id, value) in row.elements(EXTRA).filter_map(|(elem, value)| Some((RowId::from_slice(elem)?, value))) {
        let name = own_name(book, id);
        // Two fields may bear one name.
        let name = if own.contains_key(&name) { format!("{name} {id}") } else { name };
        own.insert(name, json_of(value));
    }
    let history: Vec<_> = book.history(of.id, id).iter().rev().map(|event| change(book, of, event)).collect();
    json!({ "id": id.to_string(), "fields": fields, "own": own, "deleted": row.is_deleted(), "history": history })
}

/// One entry of the history.
fn change(book: &Book, of: &'static Kind, event: &Event) -> Json {
    let author = book.author_of(event.mark);
    let own = event.elem.as_deref().filter(|_| event.field == EXTRA).and_then(RowId::from_slice);
    let (field, element) = match (event.field, own) {
        (EXTRA, Some(id)) => ("own".to_owned(), Some(own_name(book, id))),
        (DELETED, _) => ("deleted".to_owned(), None),
        (ERASED, _) => {
            let erased = event.elem.as_deref().and_then(erase::field_of);
            ("erased".to_owned(), erased.map(|id| of.field(id).map_or_else(|| id.to_string(), Field::key)))
        }
        (id, _) => {
            let name = of.field(id).map_or_else(|| id.to_string(), Field::key);
            (name, event.elem.as_deref().map(text))
        }
    };
    let value = if event.field == DELETED { Json::Bool(!event.after.is_nil()) } else { json_of(&event.after) };
    json!({
        "ms": event.mark.stamp.ms(),
        "device": author.map(|author| author.dev.to_string()),
        "by": author.and_then(|author| author.by).map(|by| by.to_string()),
        "field": field,
        "element": element,
        "value": value,
        "shown": event.shown,
    })
}

/// The name of one of the shop's own fields; its id if it has none.
fn own_name(book: &Book, id: RowId) -> String {
    let name = book.row(extra::ID, id).map(|row| row.text(extra::NAME).to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
}

fn text(elem: &[u8]) -> String {
    String::from_utf8_lossy(elem).into_owned()
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Bool(tick) => (*tick).into(),
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => RowId::from_slice(bytes).map_or(Json::Null, |id| id.to_string().into()),
        // A newer version's value, as the bytes of its encoding.
        Value::Other(raw) => raw.iter().map(|byte| Json::from(*byte)).collect(),
    }
}
