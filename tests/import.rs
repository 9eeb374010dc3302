//! Real lists, compared row by row with what a careful person reads from them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

mod exchange_kit;

use std::collections::BTreeMap;

use dianbu::book::{Draft, Row, RowId, Value};
use dianbu::domain::KINDS;
use dianbu::domain::annual::{AnnualDay, Calendar};
use dianbu::domain::complaint::complaint;
use dianbu::domain::customer::customer;
use dianbu::domain::phone::Phone;
use dianbu::domain::team::entry;
use dianbu::exchange::csv::Rows;
use dianbu::exchange::import::{Duplicates, Outcome, Twin};
use dianbu::exchange::read::lines;
use dianbu::exchange::text::host_gb18030;
use dianbu::exchange::{open, sheet::Sheet};
use dianbu::words::Lang;
use exchange_kit::{Shop, fixture};
use jiff::civil::date;
use serde_json::{Value as Json, json};

fn truth() -> Vec<Json> {
    let truth = String::from_utf8(fixture("customers-zh.truth.jsonl")).unwrap();
    truth.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A CSV fixture by its own column names, read without the import.
fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8(fixture(name)).unwrap();
    let mut rows = Rows::new(&text).unwrap().map(|row| row.unwrap().cells().map(str::to_owned).collect::<Vec<_>>());
    let header = rows.next().unwrap();
    rows.map(|row| header.iter().cloned().zip(row).collect()).collect()
}

#[test]
fn the_messy_customer_list_is_read_as_a_careful_person_reads_it() {
    let read = lines(&fixture("customers-zh.gb18030.csv"), &host_gb18030).unwrap();
    let truth = truth();
    assert_eq!(read.len(), truth.len());
    for (read, truth) in read.iter().zip(truth) {
        assert_eq!(serde_json::from_str::<Json>(read).unwrap(), truth);
    }
}

/// A record in the words of the truth file.
fn told(row: &Row) -> Json {
    let phone = Some(row.text(customer::PHONE)).filter(|phone| !phone.is_empty()).map(Phone::from_stored);
    json!({
        "name": Some(row.text(customer::NAME)).filter(|name| !name.is_empty()),
        "phone": phone.as_ref().map(|phone| &phone.text),
        "doubtful": phone.as_ref().is_some_and(|phone| phone.doubtful),
        "birthday": row.get(customer::BIRTHDAY).map(|day| json!({
            "cal": if day.calendar() == Calendar::Solar { "solar" } else { "lunar" },
            "y": day.year(), "m": day.month(), "d": day.day(),
        })),
        "fen": row.get(customer::SPENT),
        "times": row.get(customer::TIMES),
    })
}

#[test]
fn the_imported_book_holds_what_the_truth_says() {
    let shop = Shop::new();
    let imported = shop.import(&fixture("customers-zh.gb18030.csv"), Duplicates::Skip);
    let mut kept = 0;
    for (line, truth) in imported.lines.iter().zip(truth()) {
        let row = shop.read(|book| book.live(customer::ID, imported.record(line.row)));
        if truth["do"] == "import" {
            let mut told = told(&row.unwrap());
            told["row"] = json!(line.row);
            told["do"] = json!("import");
            assert_eq!(told, truth);
            kept += 1;
        } else {
            assert_eq!(row, None, "row {}: {}", line.row, truth["do"]);
        }
    }
    assert_eq!(shop.count(&customer::RECORD), kept);
    assert!(kept > 600);
}

#[test]
fn what_no_field_takes_is_in_the_note_and_levels_become_entries() {
    let shop = Shop::new();
    let imported = shop.import(&fixture("customers-zh.gb18030.csv"), Duplicates::Skip);
    let row = |number| shop.read(|book| book.live(customer::ID, imported.record(number)).unwrap());
    assert_eq!(row(2).text(customer::GRADE), "普通");
    assert_eq!(row(2).text(customer::NOTE), "先生陪同,意见多");
    assert_eq!(row(2).get(customer::LAST_DEAL), Some(date(2021, 10, 10)));
    assert_eq!(row(3).words(customer::MORE_PHONES.field).collect::<Vec<_>>(), ["+8617487574911"]);
}

#[test]
fn a_cell_that_cannot_be_read_is_told_and_kept_in_the_note() {
    let shop = Shop::new();
    let list = "姓名,生日,累计消费,等级,备注\n张三,下周,面议,金卡,老顾客\n李四,,1.2万,金卡,\n";
    let imported = shop.import(list.as_bytes(), Duplicates::Skip);
    let warned: Vec<_> = imported.lines[0].warnings.iter().map(|warning| warning.column).collect();
    assert_eq!(warned, [1, 2]);
    let row = |number| shop.read(|book| book.live(customer::ID, imported.record(number)).unwrap());
    assert_eq!(row(2).text(customer::NOTE), "老顾客\n生日: 下周\n累计消费: 面议");
    assert_eq!(row(3).get(customer::SPENT), Some(1_200_000));
    assert_eq!(shop.count(&entry::RECORD), 1, "one new level for both");
}

#[test]
fn a_second_import_finds_every_row_and_an_undo_leaves_nothing_alive() {
    for name in ["customers-zh.gb18030.csv", "businesses-losangeles.csv", "complaints-cfpb.csv"] {
        let shop = Shop::new();
        let first = shop.import(&fixture(name), Duplicates::Skip);
        let all = |shop: &Shop| KINDS.iter().map(|kind| shop.count(kind)).sum::<usize>();
        let before = all(&shop);
        let second = shop.import(&fixture(name), Duplicates::Skip);
        let known = |outcome: &Outcome| matches!(outcome, Outcome::Duplicate(Twin::Record(_)));
        let nameless = |outcome: &Outcome| *outcome == Outcome::New;
        // Only customers of whom nothing tells who they are come twice: no phone, and no name with an address.
        let twice = if name.starts_with("customers") { second.count(nameless) } else { 0 };
        assert_eq!(second.count(nameless), twice, "{name}");
        assert!(twice < 20, "{name}: {twice}");
        assert!(second.count(known) + twice >= first.count(nameless), "{name}");
        assert_eq!(all(&shop), before + twice, "{name}");
        shop.undo(second.span);
        assert_eq!(all(&shop), before, "{name}");
        shop.undo(first.span);
        assert_eq!(all(&shop), 0, "{name}");
    }
}

#[test]
fn duplicates_fill_what_is_empty_and_nothing_else() {
    let shop = Shop::new();
    let mut draft = Draft::new(customer::ID, RowId([9; 16]));
    draft.set(customer::NAME, &"刘子".to_owned()).set(customer::PHONE, &"+8613590830166".to_owned());
    draft.set(customer::EMPLOYER, &"第二中学".to_owned()).add(customer::TAGS, "常客".as_bytes(), Value::Bool(true));
    shop.save(&[draft.write().unwrap()]);
    let list = "姓名,电话,单位,地址,标签\n刘子,135 9083 0166,第一中学,杭州市西湖区,常客、会员、老乡\n\
                王五,13800138000,,,\n王五,13800138000,某公司,,\n";
    let imported = shop.import(list.as_bytes(), Duplicates::Fill);
    let outcomes: Vec<_> = imported.lines.iter().map(|line| line.outcome.clone()).collect();
    let there = Outcome::Duplicate(Twin::Record(RowId([9; 16])));
    assert_eq!(outcomes, [there, Outcome::New, Outcome::Duplicate(Twin::Row(3))]);
    let row = || shop.read(|book| book.live(customer::ID, RowId([9; 16])).unwrap());
    assert_eq!(row().text(customer::EMPLOYER), "第二中学");
    assert_eq!(row().text(customer::ADDRESS), "杭州市西湖区");
    let tags = |row: &Row| row.words(customer::TAGS.field).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(tags(&row()), ["会员", "常客", "老乡"]);
    let other = shop.read(|book| book.live(customer::ID, imported.record(3)).unwrap());
    assert_eq!(other.text(customer::EMPLOYER), "某公司");
    assert_eq!(shop.count(&customer::RECORD), 2);
    shop.undo(imported.span);
    assert_eq!((row().text(customer::ADDRESS), tags(&row())), ("", vec!["常客".to_owned()]));
    assert_eq!(shop.count(&customer::RECORD), 1);
}

#[test]
fn businesses_come_in_as_organisations_and_nothing_is_lost() {
    let shop = Shop::new();
    let imported = shop.import(&fixture("businesses-losangeles.csv"), Duplicates::Skip);
    assert_eq!(imported.count(|outcome| *outcome == Outcome::New), 498);
    for (line, own) in imported.lines.iter().zip(table("businesses-losangeles.csv")) {
        let row = shop.read(|book| book.live(customer::ID, imported.record(line.row)).unwrap());
        assert_eq!(row.text(customer::NAME), own["BUSINESS_NAME"].trim());
        assert_eq!(row.text(customer::ADDRESS), own["STREET_ADDRESS"].trim());
        assert_eq!(row.text(customer::INDUSTRY), own["PRIMARY_NAICS_DESCRIPTION"].trim());
        assert_eq!(row.text(customer::NATURE), "company");
        // Americans write the month first.
        let day: Vec<i16> = own["LOCATION_START_DATE"].split('/').map(|part| part.parse().unwrap()).collect();
        let part = |at: usize| i8::try_from(day[at]).unwrap();
        assert_eq!(row.get(customer::FIRST_DEAL), Some(date(day[2], part(0), part(1))));
        for (name, text) in own.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let told = row.cells.iter().filter_map(|cell| cell.shown().text());
            let found = told.into_iter().any(|told| told.contains(text.trim()));
            assert!(found || name == "LOCATION_START_DATE", "row {}: {name}", line.row);
        }
    }
}

#[test]
fn complaints_come_in_whole_with_their_numbers_and_states() {
    let shop = Shop::new();
    let imported = shop.import(&fixture("complaints-cfpb.csv"), Duplicates::Skip);
    let mut narratives = 0;
    for (line, own) in imported.lines.iter().zip(table("complaints-cfpb.csv")) {
        let row = shop.read(|book| book.live(complaint::ID, imported.record(line.row)).unwrap());
        assert_eq!(row.text(complaint::NUMBER), own["complaint_id"]);
        assert_eq!(row.text(complaint::DECISION), own["company_response_to_consumer"]);
        let closed = own["company_response_to_consumer"].starts_with("Closed");
        assert_eq!(row.text(complaint::STATE), if closed { "closed" } else { "received" });
        let day = row.get(complaint::AT).unwrap() / 86_400_000;
        let epoch = date(1970, 1, 1) + jiff::Span::new().days(day);
        assert_eq!(epoch.to_string(), own["date_received"]);
        let narrative = &own["consumer_complaint_narrative"];
        if narrative.is_empty() {
            assert_eq!(row.text(complaint::WORDS), format!("{} · {}", own["product"], own["issue"]));
        } else {
            assert_eq!(row.text(complaint::WORDS), narrative, "byte for byte");
            narratives += 1;
        }
        // `state` is one of the country, not of the complaint.
        for name in ["sub_issue", "company_public_response", "zip_code", "state"].map(str::to_owned) {
            let kept = row.text(complaint::NOTE).contains(&format!("{name}: {}", own[&name]));
            assert!(kept || own[&name].is_empty(), "row {}: {name}", line.row);
        }
    }
    assert_eq!((imported.lines.len(), narratives), (145, 13));
    assert!(table("complaints-cfpb.csv").iter().any(|own| own["consumer_complaint_narrative"].contains('\n')));
}

fn card(name: &str) -> (BTreeMap<u16, Value>, Vec<String>, Option<String>) {
    let shop = Shop::new();
    let imported = shop.import(&fixture(&format!("vcard/{name}.vcf")), Duplicates::Skip);
    assert_eq!(imported.lines.len(), 1);
    assert_eq!(imported.lines[0].warnings, [], "every cell is understood");
    let row = shop.read(|book| book.live(customer::ID, imported.record(1)).unwrap());
    let more = row.words(customer::MORE_PHONES.field).map(str::to_owned).collect();
    let values = row.cells.iter().filter(|cell| cell.elem.is_none()).map(|cell| (cell.field, cell.shown().clone()));
    let source = open(&fixture(&format!("vcard/{name}.vcf")), &host_gb18030, Lang::En).unwrap();
    (values.collect(), more, source.remark(Lang::En))
}

fn text(values: &BTreeMap<u16, Value>, field: u16) -> &str {
    values.get(&field).and_then(Value::text).unwrap_or_default()
}

#[test]
fn contacts_of_an_iphone_become_a_customer() {
    let (values, more, remark) = card("ios-full");
    assert_eq!(text(&values, customer::NAME.field), "Dr. Full Middle Contact Suffix");
    assert_eq!(text(&values, customer::PHONE.field), "0102030402", "the first mobile");
    assert!(more.contains(&"0102030400".to_owned()) && more.contains(&"010203040Nickname4".to_owned()));
    assert!(!more.contains(&"0102030405".to_owned()), "a fax is no phone");
    assert_eq!(text(&values, customer::EMPLOYER.field), "SuperCorp");
    assert_eq!(text(&values, customer::POSITION.field), "Chairman");
    assert_eq!(text(&values, customer::ADDRESS.field), "52, Rue Bonsergent, Paris, Ile De France 75010, France");
    assert_eq!(text(&values, customer::BIRTHDAY.field), "solar:2015-03-03");
    assert_eq!(text(&values, customer::MAIL.field), "test@cozy.io");
    assert_eq!(text(&values, customer::LINK.field), "http://homepage.fr");
    let note = text(&values, customer::NOTE.field);
    for line in ["My note", "昵称: Pseudo", "部门: Department", "传真: 0102030405", "纪念日: 2013年3月12日"]
    {
        assert!(note.lines().any(|own| own == line), "{line} in {note}");
    }
    assert!(note.lines().any(|line| line.starts_with("农历生日: 农历")), "both birthdays are kept: {note}");
    assert!(note.contains("QQ: qq") && note.contains("其他邮箱: test2@cozy.io"));
    assert!(remark.unwrap().contains("X-ABRELATEDNAMES ×13"));
}

#[test]
fn contacts_of_google_become_a_customer() {
    let (values, more, _) = card("google-full");
    assert_eq!(text(&values, customer::NAME.field), "Mr AAAgoogleFirst Middleone Middletwo von AAALast Jr");
    assert_eq!(text(&values, customer::PHONE.field), "+12032071047");
    assert!(more.contains(&"+18603553887".to_owned()) && !more.contains(&"+12032071047".to_owned()));
    assert_eq!(text(&values, customer::BIRTHDAY.field), "solar:1961-04-05");
    assert_eq!(text(&values, customer::LINK.field), "http://profile.example.com/");
    assert!(text(&values, customer::NOTE.field).starts_with("Blah, blah\n\nblah blah blah."));
}

#[test]
fn contacts_of_android_become_a_customer() {
    let (values, more, remark) = card("android-full");
    assert_eq!(text(&values, customer::NAME.field), "Dr. Jhon middle 2, Suffix");
    assert_eq!(text(&values, customer::PHONE.field), "060-000-0001");
    assert_eq!(more.len(), 16, "each number for itself: {more:?}");
    assert_eq!(text(&values, customer::BIRTHDAY.field), "solar:2015-03-03");
    assert!(text(&values, customer::NOTE.field).contains("昵称: Pseudo"));
    assert!(remark.unwrap().contains("X-SIP"));
    let (values, _, _) = card("android-quotedprintable");
    assert_eq!(text(&values, customer::NAME.field), "Testé de Cozy");
    assert_eq!(text(&values, customer::EMPLOYER.field), "Société Cozycloud");
    assert_eq!(text(&values, customer::POSITION.field), "Tésteur Fou");
    assert_eq!(text(&values, customer::ADDRESS.field), "1, rue Accentuée 75010 Paris");
    assert_eq!(text(&values, customer::BIRTHDAY.field), "solar:1989-02-02");
}

#[test]
fn a_card_with_a_lunar_birthday_alone_keeps_it_as_the_birthday() {
    let file = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:张三\r\nTEL;TYPE=HOME:010-68094788转8012\r\nTEL;TYPE=CELL:13800138000\r\n\
                X-ALTBDAY;CALSCALE=chinese:0078000701L05\r\nX-WECHAT:zhang3\r\nCATEGORIES:VIP,\"甲、乙\"\r\nEND:VCARD\r\n";
    for lang in [Lang::Zh, Lang::En] {
        let sheet: Sheet = open(file.as_bytes(), &host_gb18030, lang).unwrap().sheet;
        let shop = Shop::new();
        let mapping = shop.read(|book| dianbu::exchange::mapping::Mapping::guess(book, &sheet));
        let fields: Vec<_> =
            mapping.columns.iter().filter(|target| format!("{target:?}").starts_with("Field")).collect();
        assert!(fields.len() >= 6, "{fields:?}");
    }
    let shop = Shop::new();
    let imported = shop.import(file.as_bytes(), Duplicates::Skip);
    let row = shop.read(|book| book.live(customer::ID, imported.record(1)).unwrap());
    assert_eq!(row.get(customer::BIRTHDAY).map(AnnualDay::calendar), Some(Calendar::Lunar));
    assert_eq!(row.text(customer::PHONE), "+8613800138000");
    assert_eq!(row.words(customer::MORE_PHONES.field).collect::<Vec<_>>(), ["+861068094788;ext=8012"]);
    assert_eq!(row.text(customer::WECHAT), "zhang3");
}
