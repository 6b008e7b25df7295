//! Reads the CSV files that a search leaves, by the names of their columns.

use std::path::Path;

use super::error::{ANEW, ReportError};
use crate::host::csv_io::of_cell;
use crate::host::estimate::MOST_ENERGY;

/// The largest absolute value of a figure. Larger values come from damaged files, and cannot be drawn.
const MOST: f64 = MOST_ENERGY;

/// A CSV file.
pub(super) struct Sheet {
    file: String,
    header: Vec<String>,
    /// The line number in the file, and the fields, of each row.
    rows: Vec<(u64, Vec<String>)>,
}

/// A row of a [`Sheet`].
#[derive(Clone, Copy)]
pub(super) struct SheetRow<'a> {
    sheet: &'a Sheet,
    line: u64,
    fields: &'a [String],
}

impl Sheet {
    /// The file with this name in a directory; `None` if it does not exist.
    pub fn read(directory: &Path, name: &str) -> Result<Option<Sheet>, ReportError> {
        let path = directory.join(name);
        if !path.exists() {
            return Ok(None);
        }
        let file = path.display().to_string();
        let bad = |error: csv::Error| ReportError { what: format!("{file}: {error}"), help: None };
        let own = |cell: &str| of_cell(cell).to_string();
        let mut reader = csv::Reader::from_path(&path).map_err(bad)?;
        let header: Vec<String> = reader.headers().map_err(bad)?.iter().map(own).collect();
        if header.is_empty() {
            return Err(ReportError { what: format!("{file} is empty"), help: Some(ANEW) });
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(bad)?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((line, record.iter().map(own).collect()));
        }
        Ok(Some(Sheet { file, header, rows }))
    }

    /// Like [`Sheet::read`], but a missing file is an error that says which command writes it.
    pub fn need(directory: &Path, name: &str) -> Result<Sheet, ReportError> {
        Sheet::read(directory, name)?.ok_or_else(|| ReportError {
            what: format!("{} has no file {name}", directory.display()),
            help: Some("give a directory that `maestrino codesign --output` wrote"),
        })
    }

    /// The error for a file whose rows contradict each other or other files.
    pub fn damaged(&self, why: &str) -> ReportError {
        ReportError { what: format!("{} {why}", self.file), help: Some(ANEW) }
    }

    /// The rows of the file.
    pub fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        self.rows.iter().map(|(line, fields)| SheetRow { sheet: self, line: *line, fields })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }
}

impl<'a> SheetRow<'a> {
    /// The text in a column.
    pub fn text(self, column: &str) -> Result<&'a str, ReportError> {
        let place = self.sheet.header.iter().position(|name| name == column);
        place.and_then(|place| self.fields.get(place)).map(String::as_str).ok_or_else(|| ReportError {
            what: format!("{} has no column '{column}'", self.sheet.file),
            help: Some(ANEW),
        })
    }

    /// The number in a column, from -1e19 to 1e19.
    pub fn number(self, column: &str) -> Result<f64, ReportError> {
        let text = self.text(column)?;
        let number = text.parse().ok().filter(|number: &f64| number.abs() <= MOST);
        number.ok_or_else(|| self.bad(column, text))
    }

    /// The number in a column; `None` if the cell is empty.
    pub fn maybe(self, column: &str) -> Result<Option<f64>, ReportError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.number(column).map(Some) }
    }

    /// All fields of the row.
    pub fn fields(self) -> &'a [String] {
        self.fields
    }

    fn bad(self, column: &str, text: &str) -> ReportError {
        let Sheet { file, .. } = self.sheet;
        let what = format!("{file}:{}: '{text}' in column '{column}' is not a number from -1e19 to 1e19", self.line);
        ReportError { what, help: None }
    }
}
