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
        let mut sheet = Self::begin(&mut rows)?;
        while sheet.read_on(&mut rows, usize::MAX)? {}
        Ok(sheet)
    }

    /// The header alone: the first row, also where empty lines stand before it.
    pub fn begin(rows: &mut Rows<'_>) -> Result<Self, CsvError> {
        let header = rows.next().transpose()?.as_ref().map(cells).unwrap_or_default();
        Ok(Self { header, rows: Vec::new() })
    }

    /// Takes in so many rows more. False when there are no more.
    pub fn read_on(&mut self, rows: &mut Rows<'_>, most: usize) -> Result<bool, CsvError> {
        let before = self.rows.len();
        for row in rows.take(most) {
            let row = row?;
            self.rows.push((row.number, cells(&row)));
        }
        Ok(self.rows.len() - before == most)
    }

    /// The filled cells of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().filter_map(move |(_, cells)| cells.get(column));
        cells.map(String::as_str).filter(|cell| !cell.trim().is_empty())
    }
}

fn cells(row: &Row) -> Vec<String> {
    row.cells().map(str::to_owned).collect()
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
