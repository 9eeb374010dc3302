//! A list as it comes from a file: a header and rows, whatever the format was.

use super::csv::{CsvError, Row, Rows};

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
        let mut rows = Rows::new(text)?;
        let cells = |row: &Row| row.cells().map(str::to_owned).collect();
        // The first row is the header, also where empty lines stand before it.
        let header = rows.next().transpose()?.as_ref().map(cells).unwrap_or_default();
        let rows: Result<_, _> = rows.map(|row| row.map(|row| (row.number, cells(&row)))).collect();
        Ok(Self { header, rows: rows? })
    }

    /// The filled cells of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().filter_map(move |(_, cells)| cells.get(column));
        cells.map(String::as_str).filter(|cell| !cell.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_is_the_header_also_after_empty_lines() {
        let sheet = Sheet::of_csv("\n\r\n姓名,电话\n张三,1\n").unwrap();
        assert_eq!(sheet.header, ["姓名", "电话"]);
        assert_eq!(sheet.rows, [(4, vec!["张三".to_owned(), "1".to_owned()])]);
        assert_eq!(Sheet::of_csv(""), Ok(Sheet::default()));
    }
}
