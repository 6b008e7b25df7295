//! Accuracies of networks by their names.

use std::collections::HashMap;

use super::{accuracies, column};
use crate::host::csv_io::of_cell;
use crate::host::spaces::networks::{ListError, Table};

/// Names of the column with names of networks: ours, and that of a campaign's tables.
const COLUMNS: [&str; 2] = ["network", "id"];

/// Accuracies of some networks.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// In the order of the networks.
    pub accuracies: Vec<f64>,
    /// Rows whose name is not that of a network: file, line and name.
    pub unknown: Vec<String>,
}

impl Named {
    /// Reads a CSV, plain or compressed by gzip, with a column `accuracy` in percent and a column `network` or `id`.
    /// A network may have any of its names there; errors use the first.
    ///
    /// # Errors
    /// Networks without an accuracy; a network that occurs twice or a field that is not an accuracy, with its line.
    pub fn read(networks: &[Vec<String>], bytes: &[u8], file: &str) -> Result<Named, ListError> {
        let table = Table::read(bytes, file)?;
        let of_accuracy = column(&table)?;
        let Some(name) = COLUMNS.into_iter().find_map(|name| table.column(name)) else {
            let what = "no networks: expected a column 'network' with their names, beside 'accuracy'; found";
            return Err(table.fault(format!("{what} {}", table.columns())));
        };
        let mut places = HashMap::new();
        for (place, names) in networks.iter().enumerate() {
            places.extend(names.iter().map(|name| (name.as_str(), place)));
        }
        let mut found: Vec<Option<(f64, u64)>> = vec![None; networks.len()];
        let mut unknown = Vec::new();
        for (row, accuracy) in table.rows.iter().zip(accuracies(&table, of_accuracy)?) {
            let name = of_cell(row.field(name));
            let Some(&place) = places.get(name) else {
                unknown.push(table.wrong(row, format!("there is no network '{name}'")).to_string());
                continue;
            };
            if let Some((_, line)) = found[place].replace((accuracy, row.line())) {
                return Err(table.wrong(row, format!("{name} is the same network as in line {line}")));
            }
        }
        let missing = networks.iter().zip(&found).filter(|(_, found)| found.is_none());
        let missing: Vec<&str> = missing.filter_map(|(names, _)| Some(names.first()?.as_str())).collect();
        match missing.as_slice() {
            [] => {
                let accuracies = found.into_iter().flatten().map(|(accuracy, _)| accuracy).collect();
                Ok(Named { accuracies, unknown })
            }
            missing => {
                let shown = missing[..missing.len().min(NAMED)].join(", ");
                let more = if missing.len() > NAMED { ", ..." } else { "" };
                let (count, all) = (missing.len(), networks.len());
                let aside = match unknown.first() {
                    Some(first) => format!("; {} rows are of none of them, the first {first}", unknown.len()),
                    None => String::new(),
                };
                Err(table.fault(format!("no accuracy for {count} of {all} networks: {shown}{more}{aside}")))
            }
        }
    }
}

/// The maximum number of networks without an accuracy that an error names.
const NAMED: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Named, String> {
        let names = [["a", "a.onnx"], ["b", "b.m.gz"]].map(|names| names.map(String::from).to_vec());
        Named::read(&names, text.as_bytes(), "acc.csv").map_err(|error| error.to_string())
    }

    #[test]
    fn networks_are_found_by_stem_or_file() {
        let read = read("accuracy,network\n70,b.m.gz\n60.5,a\n1,c\n").unwrap();
        assert_eq!(read.accuracies, [60.5, 70.0]);
        assert_eq!(read.unknown, ["acc.csv:4: there is no network 'c'"]);
    }

    #[test]
    fn errors_name_the_line_or_the_network() {
        for (text, message) in [
            ("id,accuracy\na,50\n", "acc.csv: no accuracy for 1 of 2 networks: b"),
            (
                "id,accuracy\na,50\nB,5\n",
                "networks: b; 1 rows are of none of them, the first acc.csv:3: there is no network 'B'",
            ),
            ("id,accuracy\na,50\nb,60\na.onnx,3\n", "acc.csv:4: a.onnx is the same network as in line 2"),
            ("id,accuracy\na,50\nb,101\n", "acc.csv:3: the accuracy is 101, expected 0 to 100 percent"),
            ("accuracy\n50\n60\n", "acc.csv: no networks: expected a column 'network'"),
            ("network,top1\na,50\n", "acc.csv: no accuracies: expected a column 'accuracy'"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
