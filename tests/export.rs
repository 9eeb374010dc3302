//! What leaves comes back: lists as CSV read again to the same values, the archive opened and compared.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

mod exchange_kit;

use std::collections::{BTreeMap, HashSet};
use std::io::{Cursor, Read as _};

use dianbu::book::read::{Read, elements, plain_elements, read};
use dianbu::book::{DevId, Draft, PhotoRef, Row, RowId, RowWrite, Value};
use dianbu::domain::annual::AnnualDay;
use dianbu::domain::complaint::complaint;
use dianbu::domain::customer::customer;
use dianbu::domain::day::{DayOrder, of_serial};
use dianbu::domain::money::MOST;
use dianbu::domain::phone::Phone;
use dianbu::domain::record::{Kind, Shape, Stored};
use dianbu::domain::standard::check;
use dianbu::domain::team::extra;
use dianbu::exchange::export::{Archive, csv};
use dianbu::exchange::import::{Duplicates, Outcome};
use dianbu::exchange::mapping::{KINDS, Mapping, Target, fillable};
use dianbu::exchange::open;
use dianbu::exchange::text::host_gb18030;
use dianbu::words::Lang;
use exchange_kit::Shop;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use serde_json::Value as Json;

/// What a person put into one field, before the form reads it.
#[derive(Clone, Debug)]
enum Put {
    Nothing,
    Text(String),
    Value(Value),
    Set(Vec<String>),
}

/// Texts that spreadsheets, separators and quotation marks are known to break.
fn nasty() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[=+@'\"、,，;；|\t\r\n a-c张三-]{1,12}",
        "[^\\x00]{1,16}",
        Just("=HYPERLINK(\"http://x\")".to_owned()),
        Just("'+86".to_owned()),
        Just("A 钻石".to_owned()),
        Just("两\r\n行\n".to_owned()),
    ];
    text.prop_map(|text| text.trim().to_owned())
}

fn phone() -> impl Strategy<Value = String> {
    let typed = prop_oneof![
        3 => "1[3-9][0-9]{9}|0[3-9][0-9]{2}-?[2-9][0-9]{6}(转[0-9]{1,4})?|\\+852 [0-9]{8}|400[0-9]{7}",
        1 => "[0-9+() x#转;、,/或-]{1,24}",
    ];
    typed.prop_map(|typed| Phone::read(&typed).text)
}

fn annual() -> impl Strategy<Value = AnnualDay> {
    let year = || proptest::option::of(1800..2200_i16);
    prop_oneof![
        (year(), 1..=12_i8, 1..=31_i8).prop_filter_map("in the calendar", |(y, m, d)| AnnualDay::solar(y, m, d)),
        (year(), 1..=12_i8, any::<bool>(), 1..=30_i8).prop_filter_map("", |(y, m, l, d)| AnnualDay::lunar(y, m, l, d)),
    ]
}

fn put(shape: Shape) -> BoxedStrategy<Put> {
    let value = |value: BoxedStrategy<Value>| value.prop_map(Put::Value).boxed();
    let own = match shape {
        Shape::Phone => phone().prop_map(Put::Text).boxed(),
        Shape::Phones => btree_set(phone(), 1..4).prop_map(|all| Put::Set(all.into_iter().collect())).boxed(),
        Shape::Tags => btree_set(nasty(), 1..4).prop_map(|all| Put::Set(all.into_iter().collect())).boxed(),
        Shape::Money => value((-MOST..=MOST).prop_map(Value::Int).boxed()),
        Shape::Whole => value(any::<i64>().prop_map(Value::Int).boxed()),
        Shape::Tick => value(any::<bool>().prop_map(Value::Bool).boxed()),
        Shape::Day => value((61..109_575_u32).prop_map(|day| of_serial(day).unwrap().store()).boxed()),
        Shape::Annual => value(annual().prop_map(|day| day.store()).boxed()),
        Shape::Choice(list) => {
            let shipped: Vec<_> = list.entries.iter().map(|entry| entry.key.to_owned()).collect();
            prop_oneof![proptest::sample::select(shipped), nasty()].prop_map(Put::Text).boxed()
        }
        Shape::Text | Shape::Long | Shape::Mail | Shape::Link | Shape::Place => nasty().prop_map(Put::Text).boxed(),
        other => panic!("a customer has a field that this test does not fill: {other:?}"),
    };
    prop_oneof![1 => Just(Put::Nothing), 2 => own].boxed()
}

/// The shop's own fields (G3) in these tests, by their shapes.
const OWN: [(&str, &str, Shape); 5] = [
    ("花色", "text", Shape::Text),
    ("件数", "whole", Shape::Whole),
    ("到访日", "day", Shape::Day),
    ("渠道", "choice", Shape::Text),
    ("会员", "tick", Shape::Tick),
];

fn own_id(n: usize) -> RowId {
    RowId([u8::try_from(n).unwrap() + 200; 16])
}

/// An empty book that has the shop's own fields.
fn shop() -> Shop {
    let shop = Shop::new();
    let field = |(n, (name, shape, _)): (usize, &(&str, &str, Shape))| {
        let mut draft = Draft::new(extra::ID, own_id(n));
        draft.set(extra::OF, &"customer".to_owned()).set(extra::NAME, &(*name).to_owned());
        draft.set(extra::SHAPE, &(*shape).to_owned()).set(extra::ORDER, &i64::try_from(n).unwrap());
        draft.write().unwrap()
    };
    shop.save(&OWN.iter().enumerate().map(field).collect::<Vec<_>>());
    shop
}

type Customer = (Vec<Put>, Vec<Put>);

fn customer_of() -> impl Strategy<Value = Customer> {
    let fields: Vec<_> = fillable(&customer::RECORD).map(|field| put(field.shape)).collect();
    let own: Vec<_> = OWN.iter().map(|(_, _, shape)| put(*shape)).collect();
    (fields, own)
}

/// Enters a customer as the form does.
fn enter(shop: &Shop, n: usize, (fields, own): &Customer, phones: &mut HashSet<String>) {
    let mut draft = Draft::new(customer::ID, RowId([u8::try_from(n).unwrap() + 1; 16]));
    let mut writes: Vec<RowWrite> = Vec::new();
    for (field, put) in fillable(&customer::RECORD).zip(fields) {
        match put {
            Put::Nothing => {}
            // Two customers with one phone would be the same to an import.
            Put::Text(text) if field.shape == Shape::Phone && !phones.insert(text.clone()) => {}
            Put::Text(text) => match shop.read(|book| read(book, field.shape, text, DayOrder::Unknown)).unwrap() {
                Read::Value(value) => drop(draft.put(field.id, None, value)),
                Read::Elements(_) => unreachable!("no set is entered as text"),
                Read::NewEntry(name) => {
                    let Shape::Choice(list) = field.shape else { unreachable!("only dictionaries have entries") };
                    writes.extend(shop.read(|book| book.add_entry(list, &name)));
                    draft.put(field.id, None, Value::Text(name));
                }
            },
            Put::Value(value) => drop(draft.put(field.id, None, value.clone())),
            Put::Set(all) => {
                for elem in all {
                    draft.put(field.id, Some(elem.clone().into_bytes()), Value::Bool(true));
                }
            }
        }
    }
    draft.set(customer::NAME, &format!("客户{n}"));
    for (n, put) in own.iter().enumerate() {
        match put {
            Put::Text(text) if !text.is_empty() => drop(draft.set_extra(own_id(n), Value::Text(text.clone()))),
            Put::Value(value) => drop(draft.set_extra(own_id(n), value.clone())),
            _ => {}
        }
    }
    writes.extend(draft.write());
    shop.save(&writes);
}

/// What a list shows of a row: every field, and the shop's own.
fn values(row: &Row) -> Vec<(u16, Option<Vec<u8>>, Value)> {
    let cells = row.cells.iter().filter(|cell| !cell.shown().is_nil());
    cells.map(|cell| (cell.field, cell.elem.clone(), cell.shown().clone())).collect()
}

fn rows(shop: &Shop, kind: &Kind) -> Vec<Row> {
    shop.read(|book| book.rows(kind.id).map(|(_, row)| row).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_exported_comes_back_to_the_last_sign(all in vec(customer_of(), 1..5), english: bool) {
        let (from, to) = (shop(), shop());
        let mut phones = HashSet::new();
        for (n, customer) in all.iter().enumerate() {
            enter(&from, n, customer, &mut phones);
        }
        let lang = if english { Lang::En } else { Lang::Zh };
        let file = from.read(|book| csv(book, &customer::RECORD, None, lang));
        let imported = to.import(&file, Duplicates::Skip);
        for line in &imported.lines {
            prop_assert_eq!(&line.outcome, &Outcome::New);
            prop_assert_eq!(&line.warnings, &[]);
        }
        let (before, after) = (rows(&from, &customer::RECORD), rows(&to, &customer::RECORD));
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            let mut before = values(before);
            // A list of organisations says of each that it is one.
            if before.iter().all(|(field, _, _)| *field != customer::NATURE.field) {
                before.push((customer::NATURE.field, None, Value::Text("company".to_owned())));
                before.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            }
            prop_assert_eq!(before, values(after));
        }
    }

    #[test]
    fn a_set_in_one_text_comes_apart_again(all in btree_set("[\"、,;\n a甲|]{0,6}", 0..5)) {
        let text = plain_elements(Shape::Tags, all.iter());
        let read: Vec<_> = elements(Shape::Tags, &text);
        prop_assert_eq!(read, all.into_iter().collect::<Vec<_>>(), "{}", text);
    }
}

#[test]
fn a_set_is_read_as_people_write_it() {
    let tags = |text| elements(Shape::Tags, text);
    assert_eq!(tags("红、蓝，绿; 黄|白\n黑"), ["红", "蓝", "绿", "黄", "白", "黑"]);
    assert_eq!(tags("\"甲、乙\"、丙"), ["甲、乙", "丙"]);
    assert_eq!(tags("12\"、14\""), ["12\"", "14\""], "inches");
    assert_eq!(tags("\"好\" 说"), ["\"好\" 说"], "marks inside words");
    let phones = |text| elements(Shape::Phones, text);
    assert_eq!(phones("138 0013 8000/021-58881234"), ["+8613800138000", "+862158881234"]);
    assert_eq!(phones("0755-1、12345"), ["0755-1", "12345"], "each for itself, however doubtful");
}

#[test]
fn moments_of_complaints_come_back_to_the_millisecond() {
    let (from, to) = (Shop::new(), Shop::new());
    let mut draft = Draft::new(complaint::ID, RowId([1; 16]));
    draft.set(complaint::WORDS, &"=等太久\n".trim().to_owned()).set(complaint::AT, &1_700_000_000_123);
    draft.set(complaint::NUMBER, &"A7-12".to_owned()).set(complaint::STATE, &"waiting".to_owned());
    from.save(&[draft.write().unwrap()]);
    for lang in [Lang::Zh, Lang::En] {
        let file = from.read(|book| csv(book, &complaint::RECORD, None, lang));
        let imported = to.import(&file, Duplicates::Skip);
        assert_eq!(values(&rows(&to, &complaint::RECORD)[0]), values(&rows(&from, &complaint::RECORD)[0]));
        to.undo(imported.span);
    }
}

#[test]
fn a_filtered_list_has_its_rows_in_its_order() {
    let shop = shop();
    for n in 0..3 {
        enter(&shop, n, &(Vec::new(), Vec::new()), &mut HashSet::new());
    }
    let only = [RowId([3; 16]), RowId([1; 16]), RowId([99; 16])];
    let file = String::from_utf8(shop.read(|book| csv(book, &customer::RECORD, Some(&only), Lang::Zh))).unwrap();
    let names: Vec<_> = file.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["客户2", "客户0"]);
    assert!(file.starts_with("\u{feff}姓名,"), "spreadsheets need the mark");
}

/// The files of an archive by name.
fn unzip(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut text = |name: String| {
        let mut text = String::new();
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(&mut text).collect()
}

#[test]
fn the_archive_holds_everything_in_the_open() {
    let shop = shop();
    let mut draft = Draft::new(customer::ID, RowId([1; 16]));
    draft.set(customer::NAME, &"单雄信".to_owned()).set(customer::SPENT, &12_345);
    draft.set(customer::BIRTHDAY, &AnnualDay::lunar(Some(1990), 4, true, 15).unwrap());
    draft
        .add(customer::TAGS, "甲、乙".as_bytes(), Value::Bool(true))
        .set_extra(own_id(0), Value::Text("青".to_owned()));
    shop.save(&[draft.write().unwrap()]);
    let mut draft = shop.read(|book| Draft::open(book, customer::ID, RowId([1; 16])));
    draft.set(customer::NAME, &"单雄信（新）".to_owned());
    shop.save(&[draft.write().unwrap()]);
    let mut draft = Draft::new(customer::ID, RowId([2; 16]));
    draft.set(customer::NAME, &"已删".to_owned());
    shop.save(&[draft.write().unwrap()]);
    let mut draft = shop.read(|book| Draft::open(book, customer::ID, RowId([2; 16])));
    shop.read(|book| draft.delete(book).is_changed());
    shop.save(&[draft.write().unwrap()]);

    let files = unzip(shop.read(|book| Archive::default().finish(book)));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["README.txt", "customer.jsonl", "extra.jsonl"]);
    let lines = |name: &str| files[name].lines().map(|line| serde_json::from_str::<Json>(line).unwrap()).collect();
    let customers: Vec<Json> = lines("customer.jsonl");
    assert_eq!(customers.len(), 2);
    let first = &customers[0];
    assert_eq!(first["id"], RowId([1; 16]).to_string());
    assert_eq!(
        first["fields"],
        serde_json::json!({
            "name": "单雄信（新）", "birthday": "lunar:1990-04L-15", "tags": ["甲、乙"], "spent": 12_345,
        })
    );
    assert_eq!(first["own"], serde_json::json!({ "花色": "青" }));
    assert_eq!(first["deleted"], false);
    assert_eq!(customers[1]["deleted"], true);
    // Oldest first, and whether it is still shown.
    let names: Vec<_> =
        first["history"].as_array().unwrap().iter().filter(|change| change["field"] == "name").collect();
    let told: Vec<_> = names.iter().map(|change| (change["value"].as_str().unwrap(), &change["shown"])).collect();
    assert_eq!(told, [("单雄信", &Json::Bool(false)), ("单雄信（新）", &Json::Bool(true))]);
    let deleted = customers[1]["history"].as_array().unwrap().last().unwrap();
    assert_eq!((&deleted["field"], &deleted["value"]), (&"deleted".into(), &Json::Bool(true)));
    // The README names every key that a line has, and no other.
    let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for key in keys(first).iter().chain(&keys(&first["history"][0])) {
        assert!(files["README.txt"].contains(key.as_str()), "{key}");
    }
    let own: Vec<Json> = lines("extra.jsonl");
    assert_eq!(own.len(), OWN.len());
}

#[test]
fn photos_lie_beside_the_records_that_name_them() {
    let shop = shop();
    let photo = |salt: u8| PhotoRef::of(DevId([1; 16]), &[salt; 20]);
    let (here, away) = (photo(1), photo(2));
    let mut draft = Draft::new(complaint::ID, RowId([3; 16]));
    draft.set(complaint::WORDS, &"杯子碎了".to_owned());
    for photo in [here, away] {
        draft.add(complaint::PHOTOS, photo.to_string().as_bytes(), Value::Bool(true));
    }
    shop.save(&[draft.write().unwrap()]);
    let mut draft = Draft::new(check::ID, RowId([4; 16]));
    draft.add(check::PHOTOS, b"door", Value::Text(PhotoRef::join(&[here])));
    shop.save(&[draft.write().unwrap()]);

    let mut archive = Archive::default();
    archive.photo(here, b"\xff\xd8\xff\xe0 picture");
    archive.photo(away, b"<svg onload=alert(1)>");
    let bytes = shop.read(|book| archive.finish(book));
    let whole = String::from_utf8_lossy(&bytes).into_owned();
    for secret in [here, away] {
        assert!(!whole.contains(secret.to_string().rsplit('.').next().unwrap()), "the keys of photos stay inside");
    }
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut file = |name: &str| {
        let mut content = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut content).unwrap();
        content
    };
    let name = format!("photos/{}.jpg", here.id);
    assert_eq!(file(&name), b"\xff\xd8\xff\xe0 picture");
    let line: Json = serde_json::from_slice(&file("complaint.jsonl")).unwrap();
    let mut named: Vec<_> =
        line["fields"]["photos"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    named.sort_unstable();
    let mut expected = [name.clone(), format!("photos/{}", away.id)];
    expected.sort();
    assert_eq!(named, expected);
    let line: Json = serde_json::from_slice(&file("check.jsonl")).unwrap();
    assert_eq!(line["fields"]["photos"], serde_json::json!({ "door": [name] }));
    assert_eq!(zip.len(), 5, "a README, two kinds, own fields, and the picture that is one");
}

#[test]
fn every_field_has_a_column_that_the_import_knows() {
    let shop = shop();
    let own = (0..OWN.len()).map(|n| Target::Extra(own_id(n)));
    for kind in KINDS {
        let fields = fillable(kind).map(|field| Target::Field(field.id));
        let all: Vec<_> =
            if *kind == customer::RECORD { fields.chain(own.clone()).collect() } else { fields.collect() };
        for lang in [Lang::Zh, Lang::En] {
            let file = shop.read(|book| csv(book, kind, None, lang));
            let sheet = open(&file, &host_gb18030, lang).unwrap().sheet;
            assert_eq!(shop.read(|book| Mapping::guess_for(book, kind, &sheet)).columns, all);
        }
    }
}
