//! A list as it comes from a file: a header and rows, whatever the format was.

use super::csv::{CsvError, Rows};

/// A list from a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Rows with their numbers as a spreadsheet shows them.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Sheet {
    /// Reads a CSV file's text.
    pub fn of_csv(text: &str) -> Result<Self, CsvError> {
        let mut sheet = Self::default();
        for row in Rows::new(text)? {
            let row = row?;
            let cells = row.cells().map(str::to_owned).collect();
            if row.number == 1 {
                sheet.header = cells;
            } else {
                sheet.rows.push((row.number, cells));
            }
        }
        Ok(sheet)
    }

    /// The filled cells of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().filter_map(move |(_, cells)| cells.get(column));
        cells.map(String::as_str).filter(|cell| !cell.trim().is_empty())
    }
}
