//! Shows the figures of a search to people, in a terminal and on a page: headings with units, and rounded numbers.

use super::table::grouped;
use crate::host::search::files::TEXT_COLUMNS;

/// The heading of a column in a search's tables, with its unit.
pub fn heading(column: &str) -> String {
    let known = [
        ("accuracy", "accuracy, points"),
        ("missed", "missed, points"),
        ("energy", "energy, nJ"),
        ("energy_min", "least energy, nJ"),
        ("energy_median", "median energy, nJ"),
        ("cycles_min", "least cycles"),
        ("cycles_median", "median cycles"),
        ("area", "area, um^2"),
        ("power", "power, mW"),
        ("l1", "L1, B"),
        ("l2", "L2, B"),
        ("pes", "PEs"),
        ("noc", "NoC, B/cycle"),
        ("offchip", "off-chip, B/cycle"),
    ];
    match known.into_iter().find(|(name, _)| *name == column) {
        Some((_, heading)) => heading.to_string(),
        None => column.replace('_', " "),
    }
}

/// The text of a cell in such a column: numbers are rounded as in [`rounded`], names stay as they are.
pub fn cell(column: &str, cell: &str) -> String {
    // Positions and seeds are names, too.
    let is_name = TEXT_COLUMNS.contains(&column) || ["pos", "seed"].contains(&column);
    if is_name { cell.to_string() } else { rounded(cell) }
}

/// A number with at most four digits after the point. From 1,000 on it has none, and its digits are in groups of
/// three. Text that is not a number stays as it is.
pub fn rounded(number: &str) -> String {
    let behind = number.split_once('.').map_or(0, |(_, behind)| behind.len());
    match number.parse::<f64>() {
        Ok(figure) if figure.abs() >= 1000.0 && figure.abs() < 1e19 => {
            let digits = grouped(figure.abs().round() as u64);
            if figure < 0.0 { format!("-{digits}") } else { digits }
        }
        Ok(figure) if figure.is_finite() && behind > 4 => format!("{figure:.4}"),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_once_and_names_are_not() {
        let cases = [
            ("6111497.5000001", "6,111,498"),
            ("-6111497.4", "-6,111,497"),
            ("999.99999", "1000.0000"),
            ("1046", "1,046"),
            ("71.74960000000001", "71.7496"),
            ("0.5", "0.5"),
            ("0", "0"),
            ("", ""),
            ("yes", "yes"),
            ("1e300", "1e300"),
        ];
        for (number, text) in cases {
            assert_eq!(rounded(number), text);
        }
        assert_eq!([cell("id", "4918"), cell("pos", "1234"), cell("cycles", "4918")], ["4918", "1234", "4,918"]);
        assert_eq!([heading("energy"), heading("network_costs")], ["energy, nJ", "network costs"]);
    }
}
