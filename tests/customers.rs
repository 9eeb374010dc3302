//! The messy customer list against what a careful person reads from it: every name, phone, birthday and amount.

#![cfg(not(target_arch = "wasm32"))]

use dianbu::domain::annual::{self, AnnualDay};
use dianbu::domain::day::DayOrder;
use dianbu::domain::money;
use dianbu::domain::phone::Phone;
use dianbu::exchange::csv::Rows;
use dianbu::exchange::text;
use serde_json::{Value, json};

fn birthday(text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    let day = annual::read(text, DayOrder::Unknown).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let calendar = if day.calendar() == annual::Calendar::Lunar { "lunar" } else { "solar" };
    assert_eq!(AnnualDay::from_stored(&day.to_stored()), Some(day));
    json!({ "cal": calendar, "y": day.year(), "m": day.month(), "d": day.day() })
}

#[test]
fn every_row_reads_as_the_truth_says() {
    let list = include_bytes!("fixtures/csv/customers-zh.gb18030.csv");
    let truth = include_str!("fixtures/csv/customers-zh.truth.jsonl");
    let (list, _) = text::decode(list, &text::host_gb18030).unwrap();
    let mut rows = Rows::new(&list).unwrap().map(Result::unwrap).skip(1);
    let mut compared = 0;
    for line in truth.lines() {
        let truth: Value = serde_json::from_str(line).unwrap();
        let row = rows.next().unwrap();
        assert_eq!(truth["row"], row.number);
        match truth["do"].as_str().unwrap() {
            "skip" => assert!(row.is_empty()),
            "reject" => assert!(row.cell(0).is_empty() && row.cell(1).is_empty()),
            _ => {
                let phone = Phone::read(row.cell(1));
                let read = json!({
                    "row": row.number, "do": truth["do"], "name": row.cell(0).trim(),
                    "phone": phone.text, "doubtful": phone.doubtful, "birthday": birthday(row.cell(3)),
                    "fen": money::read(row.cell(6)).unwrap(), "times": row.cell(7).parse::<i64>().unwrap(),
                });
                assert_eq!(read, truth, "row {}", row.number);
                for other in Phone::read_all(row.cell(2)) {
                    assert!(!other.doubtful, "row {}: {}", row.number, other.text);
                }
                compared += 1;
            }
        }
    }
    assert!(rows.next().is_none());
    assert!(compared > 750);
}
