//! Real lists, compared row by row with what a careful person reads from them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use dianbu::exchange::read::lines;
use dianbu::exchange::text::host_gb18030;
use serde_json::Value as Json;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_messy_customer_list_is_read_as_a_careful_person_reads_it() {
    let read = lines(&fixture("customers-zh.gb18030.csv"), &host_gb18030).unwrap();
    let truth = String::from_utf8(fixture("customers-zh.truth.jsonl")).unwrap();
    assert_eq!(read.len(), truth.lines().count());
    for (read, truth) in read.iter().zip(truth.lines()) {
        let (read, truth): (Json, Json) = (serde_json::from_str(read).unwrap(), serde_json::from_str(truth).unwrap());
        assert_eq!(read, truth);
    }
}
