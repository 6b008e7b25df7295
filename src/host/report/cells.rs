//! Writes rows with the same names and figures as CSV, JSON and Parquet.

#[cfg(feature = "parquet")]
pub(super) mod parquet;

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::host::csv_io::{io_error, text_cell};

/// A cell of a row; `None` if the figure is not known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Count(Option<u64>),
    Real(Option<f64>),
    Flag(bool),
}

/// Names and cells of a row. All rows of a table have the same names in the same order.
pub(super) type Row = Vec<(&'static str, Cell)>;

/// A cell as text; empty if the figure is not known.
pub(super) fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text_cell(text).into_owned(),
        Cell::Count(count) => count.map_or(String::new(), |count| count.to_string()),
        Cell::Real(real) => real.map_or(String::new(), |real| real.to_string()),
        Cell::Flag(flag) => flag.to_string(),
    }
}

/// Writes rows as CSV.
pub(super) fn csv(out: impl Write, rows: impl Iterator<Item = Row>) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    for (place, row) in rows.enumerate() {
        if place == 0 {
            csv.write_record(row.iter().map(|(name, _)| name)).map_err(io_error)?;
        }
        csv.write_record(row.iter().map(|(_, cell)| text(cell))).map_err(io_error)?;
    }
    csv.flush()
}

/// Rows as JSON objects; `null` if a figure is not known.
pub(super) fn json<R: Iterator<Item = (&'static str, Cell)>>(rows: impl Iterator<Item = R>) -> Vec<Value> {
    let value = |(name, cell): (&str, Cell)| {
        let value = match cell {
            Cell::Text(text) => text.into(),
            Cell::Count(count) => count.into(),
            Cell::Real(real) => real.into(),
            Cell::Flag(flag) => flag.into(),
        };
        (name.to_string(), value)
    };
    rows.map(|row| row.map(value).collect::<Map<_, _>>().into()).collect()
}
