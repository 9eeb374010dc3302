use proptest::prelude::*;

use super::*;
use crate::exchange::text;

fn table(text: &str) -> Vec<(u32, Vec<String>)> {
    let rows = Rows::new(text).unwrap().map(Result::unwrap);
    rows.map(|row| (row.number, row.cells().map(str::to_owned).collect())).collect()
}

fn cells(text: &str) -> Vec<Vec<String>> {
    table(text).into_iter().map(|(_, cells)| cells).collect()
}

fn written(rows: &[Vec<String>]) -> String {
    let mut writer = Writer::new();
    for row in rows {
        writer.row(row.iter().map(String::as_str));
    }
    String::from_utf8(writer.finish()).unwrap()
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let text = "姓名,备注\r\n张三,\"两\r\n行\"\r\n\r\n\r\n李四,\n\n王五,x";
    let numbers: Vec<u32> = table(text).into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [1, 2, 5, 7]);
    assert_eq!(table("\n\na,b\r\rc,d").into_iter().map(|(number, _)| number).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(cells(text)[1], ["张三", "两\r\n行"]);
}

#[test]
fn rows_may_differ_in_length() {
    let rows: Vec<Row> = Rows::new("a,b,c\n1\n1,2,3,4\n , ,\n").unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(Row::len).collect::<Vec<_>>(), [3, 1, 4, 3]);
    assert_eq!((rows[1].cell(0), rows[1].cell(2)), ("1", ""));
    assert!(rows[3].is_empty() && !rows[1].is_empty());
}

#[test]
fn the_delimiter_is_found_out() {
    for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "sep=;\r\na;b\n1;2\n", "a;b\n1;\"2\"\n", "sep=|\na|b\n1|2"]
    {
        assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
    }
    assert_eq!(cells("名称;价格\n茶;1,5\n酒;2,5\n"), [["名称", "价格"], ["茶", "1,5"], ["酒", "2,5"]]);
    assert_eq!(cells("a,b\n\"1;2;3\",x;y;z\n"), [["a", "b"], ["1;2;3", "x;y;z"]]);
    assert_eq!(cells("姓名\n张三\n"), [["姓名"], ["张三"]]);
    assert!(cells("").is_empty());
}

#[test]
fn a_list_that_cannot_be_right_is_refused() {
    let error = |text: &str| Rows::new(text).unwrap().find_map(Result::err);
    assert_eq!(error("a,b\n1,\"2\n3,4\n5,6\n"), Some(CsvError::UnclosedQuote { row: 2 }));
    assert_eq!(error("a,b\n1,\"2\n3\"\n"), None);
    assert_eq!(error("a,b\n1,5\" tube\n3,4\n"), None, "a sign inside a cell opens nothing");
    assert_eq!(error(&",".repeat(MOST_COLUMNS)), Some(CsvError::TooManyColumns { row: 1 }));
    assert_eq!(error(&format!("a,b\n{},1\n", "x".repeat(LONGEST_CELL + 1))), Some(CsvError::CellTooLong { row: 2 }));
    assert_eq!(error(&"\n".repeat(MOST_ROWS as usize).replacen('\n', "a,b\n", 1)), None);
    assert_eq!(error(&format!("{}a,b", "\n".repeat(MOST_ROWS as usize))), Some(CsvError::TooManyRows));
    assert!(CsvError::UnclosedQuote { row: 2 }.message(Lang::Zh).contains("第 2 行"));
    let mut rows = Rows::new("a,b\n1,\"2\n").unwrap();
    assert_eq!(rows.by_ref().count(), 2, "the header and one error, then nothing");
}

#[test]
fn formulas_are_written_as_text_and_phones_survive() {
    let row =
        ["=1+1", "+8613800138000", "-3", "@x", "\tx", "'=x", "''", "'hello", "张三", ""].map(str::to_owned).to_vec();
    let text = written(std::slice::from_ref(&row));
    assert_eq!(
        text, "\u{feff}'=1+1,'+8613800138000,'-3,'@x,'\tx,''=x,'',\'hello,张三,\r\n",
        "no cell begins with a sign of a formula"
    );
    let (text, _) = text::decode(text.as_bytes(), &text::host_gb18030).unwrap();
    assert_eq!(cells(&text), [row]);
}

#[test]
fn cells_of_other_programs_stay() {
    assert_eq!(
        cells("a,b\n+8613800138000,'hello\n-3,it's\n"),
        [["a", "b"], ["+8613800138000", "'hello"], ["-3", "it's"]]
    );
}

#[test]
fn real_lists_are_read_whole() {
    let fixture = |bytes: &[u8]| text::decode(bytes, &text::host_gb18030).unwrap().0;
    let customers = fixture(include_bytes!("../../../tests/fixtures/customers-zh.gb18030.csv"));
    let rows = table(&customers);
    assert_eq!(rows.len(), 801);
    assert_eq!(rows.last().map(|(number, _)| *number), Some(801));
    assert!(rows.iter().all(|(_, cells)| cells.len() == 11));
    assert_eq!(rows[0].1[0], "客户姓名");
    assert!(rows.iter().any(|(_, cells)| cells[10] == "要求开票\n税号另附"));
    let businesses = fixture(include_bytes!("../../../tests/fixtures/businesses-losangeles.csv"));
    assert!(table(&businesses).iter().all(|(_, cells)| cells.len() == 16));
    assert_eq!(table(&businesses).len(), 499);
    let complaints = fixture(include_bytes!("../../../tests/fixtures/complaints-cfpb.csv"));
    let rows = table(&complaints);
    assert!(rows.iter().all(|(_, cells)| cells.len() == 18));
    assert_eq!(rows.len(), 146);
    assert!(rows.iter().any(|(_, cells)| cells[5].lines().count() == 3), "a narrative of three lines is one cell");
}

fn any_rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = "['=+@\t\r\n\",;a张 -]{0,6}";
    (2_usize..5).prop_flat_map(move |columns| proptest::collection::vec(proptest::collection::vec(cell, columns), 1..8))
}

proptest! {
    #[test]
    fn what_is_written_reads_back_exactly(rows in any_rows()) {
        // A header without tricks, as every list has, tells the delimiter.
        let mut all = vec![vec!["head".to_owned(); rows[0].len()]];
        all.extend(rows);
        let text = written(&all);
        let (text, _) = text::decode(text.as_bytes(), &text::host_gb18030).unwrap();
        prop_assert_eq!(cells(&text), all);
    }

    #[test]
    fn no_written_cell_is_a_formula(cell in "['=+@\t\r-]{0,4}a") {
        let text = written(&[vec![cell]]);
        let bare = text.trim_start_matches('\u{feff}').trim_start_matches('"');
        prop_assert!(!bare.starts_with(['=', '+', '-', '@', '\t', '\r']));
    }

    #[test]
    fn no_text_panics(text in "[a,;\"'\r\n\t=]{0,40}") {
        for row in Rows::new(&text).unwrap() {
            let _ = row;
        }
    }
}
