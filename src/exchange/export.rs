//! What leaves (C17): a list as CSV, everything as an open archive.

use std::io::{Cursor, Write};

use serde_json::{Map, Value as Json, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::csv::Writer;
use super::mapping::fillable;
use crate::book::read::{join, plain_text};
use crate::book::row::EXTRA;
use crate::book::{Book, Row, RowId, Value};
use crate::domain::record::{Field, Kind, Shape};
use crate::domain::{KINDS, kind};
use crate::words::Lang;

/// A list of records as a table that a spreadsheet opens and the import takes back unchanged. All records of the
/// kind if none are named.
pub fn csv(book: &Book, kind: &'static Kind, only: Option<&[RowId]>, lang: Lang) -> Vec<u8> {
    let fields: Vec<_> = fillable(kind).collect();
    let mut file = Writer::new();
    file.row(fields.iter().map(|field| field.words.r#in(lang)));
    let mut add = |row: &Row| {
        let cells: Vec<_> = fields.iter().map(|field| cell(book, row, field, lang)).collect();
        file.row(cells.iter().map(String::as_str));
    };
    match only {
        Some(ids) => ids.iter().filter_map(|id| book.live(kind.id, *id)).for_each(|row| add(&row)),
        None => book.rows(kind.id).for_each(|(_, row)| add(&row)),
    }
    file.finish()
}

fn cell(book: &Book, row: &Row, field: &Field, lang: Lang) -> String {
    match field.shape {
        Shape::Choice(list) => row.value(field.id).text().map_or(String::new(), |key| book.label(list, key, lang)),
        Shape::Choices(list) => join(row.words(field.id).map(|key| book.label(list, key, lang))),
        shape if shape.is_set() => join(row.words(field.id)),
        shape => plain_text(shape, row.value(field.id)),
    }
}

const README: &str = "店簿 Dianbu\n\n\
每类记录一个 .jsonl 文件，每行一条记录（UTF-8 JSON）：\n\
id 记录编号；fields 字段（金额以分计，日期为 yyyymmdd，时刻为 1970 年以来的毫秒，多值为数组）；\n\
own 自定义字段；deleted 在回收站中；history 修改记录，最早的在前。\n\n\
One .jsonl file for each kind of record, one record a line (UTF-8 JSON):\n\
id; fields (money in fen, days as yyyymmdd, moments in milliseconds since 1970, sets as arrays);\n\
own: the shop's own fields; deleted: in the recycle bin; history: every change, oldest first.\n";

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
    let own = row.elements(EXTRA).filter_map(|(elem, value)| Some((RowId::from_slice(elem)?, value)));
    let own: Map<_, _> = own
        .map(|(id, value)| {
            let named = book.row(crate::domain::team::extra::ID, id);
            let name = named.map(|row| row.text(crate::domain::team::extra::NAME).to_owned());
            (name.unwrap_or_else(|| id.to_string()), json_of(value))
        })
        .collect();
    let history: Vec<_> = book
        .history(of.id, id)
        .iter()
        .rev()
        .map(|event| {
            let author = book.author_of(event.mark);
            let field = kind(of.id).and_then(|kind| kind.field(event.field));
            json!({
                "ms": event.mark.stamp.ms(),
                "device": author.map(|author| author.dev.to_string()),
                "by": author.and_then(|author| author.by).map(|by| by.to_string()),
                "field": field.map_or_else(|| event.field.to_string(), Field::key),
                "element": event.elem.as_deref().map(text),
                "value": json_of(&event.after),
            })
        })
        .collect();
    json!({ "id": id.to_string(), "fields": fields, "own": own, "deleted": row.is_deleted(), "history": history })
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
