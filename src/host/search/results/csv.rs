//! Tables as text: figures without rounding, empty fields for unknown figures.

use std::fmt::Display;

use crate::host::csv_io::write_row;

/// A file's name and its content.
pub type File = (&'static str, Vec<u8>);

/// A table under construction.
pub(super) struct Csv(::csv::Writer<Vec<u8>>);

impl Csv {
    pub fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Csv {
        let mut csv = Csv(::csv::Writer::from_writer(Vec::new()));
        csv.row(header.into_iter().map(String::from));
        csv
    }

    /// Adds a row. This cannot fail: it writes to memory, and all rows are as long as the header.
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

/// Area or power, where it is known.
pub(super) fn known(silicon: f64) -> String {
    or_empty(silicon.is_finite().then_some(silicon))
}

/// `yes`, or which of L1 and L2 are smaller than these needs.
pub(super) fn fits(needs: [u64; 2], own: [u64; 2]) -> String {
    let small = ["l1", "l2"].into_iter().zip(needs.into_iter().zip(own)).filter(|(_, (need, own))| need > own);
    let small: Vec<&str> = small.map(|(buffer, _)| buffer).collect();
    if small.is_empty() { text("yes") } else { small.join("+") }
}
