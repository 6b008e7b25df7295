//! Tables as text: numbers as they are, nothing where there is none.

use std::fmt::Display;

use super::File;
use crate::host::tabular::write_row;

/// A table under construction.
pub(super) struct Csv(::csv::Writer<Vec<u8>>);

impl Csv {
    pub fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Csv {
        let mut csv = Csv(::csv::Writer::from_writer(Vec::new()));
        csv.row(header.into_iter().map(String::from));
        csv
    }

    /// Writing to memory does not fail, and all rows are as long as the header.
    pub fn row(&mut self, fields: impl IntoIterator<Item = String>) {
        let _ = write_row(&mut self.0, fields);
    }

    pub fn finish(self, name: &'static str) -> File {
        (name, self.0.into_inner().unwrap_or_default())
    }
}

pub(super) fn text(value: impl Display) -> String {
    value.to_string()
}

pub(super) fn or_empty(value: Option<impl Display>) -> String {
    value.map_or(String::new(), text)
}
