//! What leaves (C17): a list as CSV, everything as an open archive.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use serde_json::{Map, Value as Json, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::cell::{field_text, value_text};
use super::csv::Writer;
use super::mapping::{fillable, shape_of};
use super::picture::PictureKind;
use crate::book::erase::{self, ERASED};
use crate::book::row::{DELETED, EXTRA};
use crate::book::{Book, Event, Extra, PhotoRef, Row, RowId, Value};
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
field 为 erased 时，element 所指的内容已被彻底抹去；照片写作 photos 文件夹里的文件名，没有后缀的那些不在这台设备上，也没能取到。\n\n\
One .jsonl file for each kind of record, one record a line (UTF-8 JSON):\n\
id; fields (money in fen, days as yyyymmdd, moments in milliseconds since 1970, sets as arrays,\n\
answers by item as objects, days of every year as solar:1990-05-01 or lunar:--04L-15, L for a leap month, -- for an\n\
unknown year);\n\
own: the shop's own fields; deleted: in the recycle bin;\n\
history: every change, oldest first: ms when, device and by (staff) who, field and element where, value what was\n\
written, shown whether it is what the record shows now; where field is erased, what element names was erased for good.\n\
A photo is given as its file in the folder photos; one without an ending was not on this device and could not be had.\n";

/// Everything in the book, in open formats: a ZIP with a README, one JSON Lines file for every kind, and the photos.
#[derive(Debug)]
pub struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    photos: BTreeMap<PhotoRef, String>,
}

impl Default for Archive {
    fn default() -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), photos: BTreeMap::new() }
    }
}

impl Archive {
    /// Puts in a photo, one after the other, so that only one has to be in memory beside the archive. What is no picture
    /// stays out.
    pub fn photo(&mut self, photo: PhotoRef, content: &[u8]) {
        let Some(kind) = PictureKind::of(content) else { return };
        let name = format!("{}.{}", file_of(&photo), kind.ending());
        self.put(&name, content);
        self.photos.insert(photo, name);
    }

    /// Puts in the records. Photos that are not in yet are named without an ending.
    pub fn finish(mut self, book: &Book) -> Vec<u8> {
        self.put("README.txt", README.as_bytes());
        for kind in KINDS {
            let mut lines = String::new();
            for (id, row) in book.rows(kind.id).chain(book.deleted(kind.id)) {
                lines.push_str(&record(book, kind, id, &row, &self.photos).to_string());
                lines.push('\n');
            }
            if !lines.is_empty() {
                self.put(&format!("{}.jsonl", kind.key), lines.as_bytes());
            }
        }
        self.zip.finish().map(Cursor::into_inner).unwrap_or_default()
    }

    fn put(&mut self, name: &str, content: &[u8]) {
        // Writing to memory cannot fail, short of an archive over 4 GiB, which would not have fit the browser.
        let _ = self.zip.start_file(name, SimpleFileOptions::default()).map(|()| self.zip.write_all(content));
    }
}

/// The files of photos by what records say.
type Files = BTreeMap<PhotoRef, String>;

/// A photo's file, without its ending.
fn file_of(photo: &PhotoRef) -> String {
    format!("photos/{}", photo.id)
}

/// Photos as their files; none for a text that names none.
fn files(text: &str, photos: &Files) -> Option<Vec<Json>> {
    let named = PhotoRef::all(text)?.into_iter();
    Some(named.map(|photo| photos.get(&photo).cloned().unwrap_or_else(|| file_of(&photo)).into()).collect())
}

fn record(book: &Book, of: &'static Kind, id: RowId, row: &Row, photos: &Files) -> Json {
    let mut fields = Map::new();
    for field in of.fields() {
        let value = if field.shape == Shape::Answers {
            let all: Map<_, _> = row.elements(field.id).map(|(e, v)| (text(e), json_of(v, photos))).collect();
            if all.is_empty() { Json::Null } else { Json::Object(all) }
        } else if field.shape.is_set() {
            let element =
                |text: &str| files(text, photos).and_then(|mut files| files.pop()).unwrap_or_else(|| text.into());
            let all: Vec<_> = row.words(field.id).map(element).collect();
            if all.is_empty() { Json::Null } else { Json::Array(all) }
        } else {
            json_of(row.value(field.id), photos)
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
        own.insert(name, json_of(value, photos));
    }
    let history: Vec<_> = book.history(of.id, id).iter().rev().map(|event| change(book, of, event, photos)).collect();
    json!({ "id": id.to_string(), "fields": fields, "own": own, "deleted": row.is_deleted(), "history": history })
}

/// One entry of the history.
fn change(book: &Book, of: &'static Kind, event: &Event, photos: &Files) -> Json {
    let author = book.author_of(event.mark);
    let own = event.elem.as_deref().filter(|_| event.field == EXTRA).and_then(RowId::from_slice);
    let (field, element) = match (event.field, own) {
        (EXTRA, Some(id)) => ("own".to_owned(), Some(own_name(book, id).into())),
        (DELETED, _) => ("deleted".to_owned(), None),
        (ERASED, _) => {
            let erased = event.elem.as_deref().and_then(erase::field_of);
            ("erased".to_owned(), erased.map(|id| of.field(id).map_or_else(|| id.to_string(), Field::key).into()))
        }
        (id, _) => {
            let name = of.field(id).map_or_else(|| id.to_string(), Field::key);
            let element = event.elem.as_deref().map(text);
            (name, element.map(|text| files(&text, photos).map_or(text.into(), Json::from)))
        }
    };
    let value = if event.field == DELETED { Json::Bool(!event.after.is_nil()) } else { json_of(&event.after, photos) };
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

fn json_of(value: &Value, photos: &Files) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Bool(tick) => (*tick).into(),
        Value::Int(number) => (*number).into(),
        Value::Text(text) => files(text, photos).map_or_else(|| text.as_str().into(), Json::from),
        Value::Bytes(bytes) => RowId::from_slice(bytes).map_or(Json::Null, |id| id.to_string().into()),
        // A newer version's value, as the bytes of its encoding.
        Value::Other(raw) => raw.iter().map(|byte| Json::from(*byte)).collect(),
    }
}
