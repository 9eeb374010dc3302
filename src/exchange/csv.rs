//! Lists as CSV: reading what others wrote, writing what others read (C16, C17).
//!
//! **Rows** carry the number a spreadsheet shows: the header is row 1, a row with line breaks in its cells is one row, an
//! empty line is one too.
//!
//! **Formulas.** A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a return for a formula, whoever
//! wrote it. Such cells are written with an apostrophe before them, the spreadsheet's own sign for "this is text", and so
//! are cells that already begin with apostrophes and such a sign. Reading takes one apostrophe away again, so that what we
//! write reads back exactly. This holds for files of other programs too: an apostrophe before such a sign means the same
//! in them. No other cell is touched.

mod sniff;

use ::csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use crate::words::{Lang, fill, words};

#[cfg(test)]
mod tests;

/// The largest text that is read, in bytes.
pub const MOST_BYTES: usize = 200 << 20;
/// Rows of the largest list.
pub const MOST_ROWS: u32 = 1 << 20;
/// Columns of the widest list.
pub const MOST_COLUMNS: usize = 1000;
/// Bytes of the longest cell.
pub const LONGEST_CELL: usize = 1 << 20;

/// One row of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// As a spreadsheet shows it, from 1.
    pub number: u32,
    cells: StringRecord,
}

impl Row {
    /// The text of a cell, columns counted from 0; empty where the row is shorter than others.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", unescaped)
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(unescaped)
    }

    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether all cells are blank.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a list cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CsvError {
    /// Beyond [`MOST_BYTES`].
    TooLarge,
    /// Beyond [`MOST_ROWS`].
    TooManyRows,
    /// Beyond [`MOST_COLUMNS`].
    TooManyColumns {
        /// The row.
        row: u32,
    },
    /// Beyond [`LONGEST_CELL`]; mostly a quotation mark that nobody closed.
    CellTooLong {
        /// The row.
        row: u32,
    },
    /// A quotation mark opens a cell and none closes it, so the rest of the file stands in one cell.
    UnclosedQuote {
        /// The row.
        row: u32,
    },
}

impl CsvError {
    /// What is wrong and where, for people.
    pub fn message(self, lang: Lang) -> String {
        let (text, row) = match self {
            Self::TooLarge => {
                (words("文件太大，请分成几个文件。", "The file is too large. Divide it into several."), 0)
            }
            Self::TooManyRows => {
                (words("行数太多，请分成几个文件。", "Too many rows. Divide the file into several."), 0)
            }
            Self::TooManyColumns { row } => (words("第 {} 行的列数太多。", "Row {} has too many columns."), row),
            Self::CellTooLong { row } => (
                words(
                    "第 {} 行有一格内容过长，可能缺少引号。",
                    "A cell in row {} is too long; a quotation mark may be missing.",
                ),
                row,
            ),
            Self::UnclosedQuote { row } => {
                (words("第 {} 行的引号没有闭合。", "A quotation mark in row {} is not closed."), row)
            }
        };
        fill(text.r#in(lang), &[&row.to_string()])
    }
}

/// Reads rows one by one, so that a long list can be read in slices. The first row is the header.
pub struct Rows<'a> {
    text: &'a str,
    inner: ::csv::Reader<&'a [u8]>,
    number: u32,
    failed: bool,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("number", &self.number).finish_non_exhaustive()
    }
}

impl<'a> Rows<'a> {
    /// Prepares to read a list whose delimiter (`,`, `;`, tab) is found out from its first rows.
    pub fn new(text: &'a str) -> Result<Self, CsvError> {
        if text.len() > MOST_BYTES {
            return Err(CsvError::TooLarge);
        }
        let (delimiter, text) = sniff::delimiter(text);
        Ok(Self { text, inner: reader(text, delimiter), number: 0, failed: false })
    }

    /// How far the reading is, in bytes of how many.
    pub fn progress(&self) -> (usize, usize) {
        let read = usize::try_from(self.inner.position().byte()).unwrap_or(usize::MAX);
        (read.min(self.text.len()), self.text.len())
    }

    fn row(&mut self) -> Result<Option<Row>, CsvError> {
        let begin = usize::try_from(self.inner.position().byte()).unwrap_or(usize::MAX);
        let mut cells = StringRecord::new();
        // Text is valid UTF-8 and rows may differ in length, so nothing else can fail.
        if !self.inner.read_record(&mut cells).unwrap_or(false) {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1).saturating_add(empty_lines(self.text.as_bytes(), begin));
        let row = self.number;
        if row > MOST_ROWS {
            return Err(CsvError::TooManyRows);
        }
        if cells.len() > MOST_COLUMNS {
            return Err(CsvError::TooManyColumns { row });
        }
        if cells.iter().any(|cell| cell.len() > LONGEST_CELL) {
            return Err(CsvError::CellTooLong { row });
        }
        // A quotation mark that is never closed swallows all rows after it.
        let last =
            cells.iter().next_back().is_some_and(|cell| cell.contains('\n')) && self.progress().0 == self.text.len();
        if last && self.text.bytes().skip(begin).filter(|byte| *byte == b'"').count() % 2 == 1 {
            return Err(CsvError::UnclosedQuote { row });
        }
        Ok(Some(Row { number: row, cells }))
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = self.row().transpose();
        self.failed = matches!(row, Some(Err(_)));
        row
    }
}

fn reader(text: &str, delimiter: u8) -> ::csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// Line ends that stand before the row which begins at `from`: the reader passes them over, a spreadsheet shows them.
fn empty_lines(bytes: &[u8], from: usize) -> u32 {
    let mut rest = bytes.get(from..).unwrap_or_default();
    // The row before may end between the two bytes of its line end.
    if bytes.get(..from).is_some_and(|before| before.ends_with(b"\r")) {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut lines = 0;
    while let Some(after) =
        rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).or_else(|| rest.strip_prefix(b"\r"))
    {
        lines += 1;
        rest = after;
    }
    lines
}

/// Writes a list: UTF-8 with its mark, which spreadsheets need to see Chinese, and CRLF.
#[derive(Debug)]
pub struct Writer {
    inner: ::csv::Writer<Vec<u8>>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// Begins a list.
    pub fn new() -> Self {
        let mark = b"\xef\xbb\xbf".to_vec();
        let inner = WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(mark);
        Self { inner }
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let cells = cells.into_iter().map(escaped);
        // Writing to memory cannot fail.
        let _ = self.inner.write_record(cells.map(std::borrow::Cow::into_owned).map(String::into_bytes));
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        self.inner.into_inner().unwrap_or_default()
    }
}

/// Whether a spreadsheet would take a text for a formula, apostrophes before it aside.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn escaped(cell: &str) -> std::borrow::Cow<'_, str> {
    if is_formula(cell) { format!("'{cell}").into() } else { cell.into() }
}

fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}
