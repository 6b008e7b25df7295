//! Shows rows of results on standard output as a table, CSV or JSON.

use crate::host::csv_io::write_row;
use crate::host::report::{readable, table};
use crate::host::search::files;
use serde_json::Value;

use super::args::Format;
use crate::cli::failure::Failure;
use crate::cli::output;

/// A cell as JSON. Columns of text give text; other columns give a number, or null if it is not finite.
fn as_json(column: &str, cell: String) -> Value {
    if files::TEXT_COLUMNS.contains(&column) {
        return if cell.is_empty() { Value::Null } else { cell.into() };
    }
    // `From` turns numbers that are not finite into null.
    cell.parse::<u64>().map(Into::into).or_else(|_| cell.parse::<f64>().map(Into::into)).unwrap_or_default()
}

/// Writes rows to standard output.
pub fn show(format: Format, columns: &[&str], rows: Vec<Vec<String>>) -> Result<(), Failure> {
    let text = match format {
        Format::Table => {
            let header: Vec<String> = columns.iter().map(|column| readable::heading(column)).collect();
            let row = |row: Vec<String>| {
                columns.iter().zip(row).map(|(column, cell)| readable::cell(column, &cell)).collect()
            };
            table::grid(&header, rows.into_iter().map(row).collect()) + "\n"
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(Vec::new());
            let header = std::iter::once(columns.iter().map(|column| (*column).to_string()).collect());
            for row in header.chain(rows) {
                let row: Vec<String> = row;
                write_row(&mut csv, row).map_err(|error| Failure::stdout(error.into()))?;
            }
            let bytes = csv.into_inner().map_err(|error| Failure::stdout(error.into_error()))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Format::Json => {
            let object = |row: Vec<String>| {
                let fields =
                    columns.iter().zip(row).map(|(column, cell)| ((*column).to_string(), as_json(column, cell)));
                Value::Object(fields.collect())
            };
            let rows: Vec<_> = rows.into_iter().map(object).collect();
            serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"
        }
    };
    output::write(None, |out| out.write_all(text.as_bytes()))
}
