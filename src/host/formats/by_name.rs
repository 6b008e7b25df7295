//! Tables of operators, whose rows have several names.

use std::collections::HashMap;

/// Rows of a table by each of their names. The names of a row stand in one text, with spaces between them.
pub(super) fn by_name<T>(rows: &'static [T], names: fn(&T) -> &'static str) -> HashMap<&'static str, &'static T> {
    rows.iter().flat_map(|row| names(row).split_whitespace().map(move |name| (name, row))).collect()
}
