//! Looks up operators in tables whose rows may have several names.

use std::collections::HashMap;

/// A map from each name to its row. The names of a row are in one text, separated by spaces.
pub(super) fn by_name<T>(rows: &'static [T], names: fn(&T) -> &'static str) -> HashMap<&'static str, &'static T> {
    rows.iter().flat_map(|row| names(row).split_whitespace().map(move |name| (name, row))).collect()
}
