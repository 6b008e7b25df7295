//! The sums of the study, to the last digit.

use std::collections::HashMap;

use crate::common::{Dir, read, text};

/// The figures of a table as text, by network and column.
pub fn figures(text: &str) -> HashMap<(String, String), String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut figures = HashMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        for (column, figure) in header.iter().zip(&record).skip(2) {
            assert_eq!(figures.insert((record[1].to_string(), column.to_string()), figure.to_string()), None);
        }
    }
    figures
}

/// The networks of a table, in the form of `--networks`.
fn networks(text: &str) -> String {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|record| record.unwrap()[1].to_string())
        .collect::<Vec<_>>()
        .join(",")
}

#[test]
fn the_published_arrays_are_reproduced() {
    let dir = Dir::new();
    let table = ["latency", "energy"].map(|what| text(&format!("spaces/costs/nb301_16_{what}.csv")));
    dir.run(&format!(
        "space campaign --space nb301 --input-size 16 --aux-head --networks {} --hw paper --dataflow kcp_ws,rs,xp_ws \
         --model maestro --energy maestro-csv -o out",
        networks(&table[0])
    ))
    .well();
    let ours = ["out/latency.csv", "out/energy.csv"].map(|name| figures(&read(&dir.path(name))));
    // The positions whose values are doubled in the artifact's own array.
    let mut doubled = Vec::new();
    for (published, ours) in table.iter().zip(&ours) {
        let published = figures(published);
        assert_eq!(published.len(), 20 * 4);
        for ((network, column), figure) in &published {
            let figure: f64 = figure.parse().unwrap();
            let own: f64 = ours[&(network.clone(), column.trim_end_matches("_authors").to_string())].parse().unwrap();
            if column.ends_with("_authors") && figure > 1.5 * own {
                assert!((figure / own - 2.0).abs() < 1e-9);
                doubled.push(networks(&table[0]).split(',').position(|other| other == network).unwrap());
            } else {
                assert_eq!(own, figure, "{network} {column}");
            }
        }
    }
    doubled.sort_unstable();
    assert_eq!(doubled, [0, 0, 1, 1, 2, 2, 4, 4, 5, 5, 6, 6, 7, 7]);
}

#[test]
fn the_tables_of_both_spaces_are_reproduced() {
    for space in ["nb301", "alphanet"] {
        let dir = Dir::new();
        let name = if space == "nb301" { "nb301_32" } else { space };
        let tables = ["latency", "energy"].map(|what| text(&format!("spaces/costs/{name}_{what}.csv")));
        let arguments = format!(
            "space campaign --space {space} --networks {} --hw study50 --dataflow kcp_ws,rs,xp_ws --model maestro",
            networks(&tables[0])
        );
        dir.run(&format!("{arguments} --energy maestro-csv -o reference")).well();
        dir.run(&format!("{arguments} -o total")).well();
        let ours = |name: &str| figures(&read(&dir.path(name)));
        let (latency, same, energy) =
            (ours("reference/latency.csv"), ours("total/latency.csv"), ours("reference/energy.csv"));
        // There are 50 accelerators, of which 18 are too small for kcp_ws.
        assert_eq!(latency.len(), (150 - 18) * (figures(&tables[0]).len() / 12));
        assert_eq!(latency, same);
        for (key, cycles) in figures(&tables[0]) {
            assert_eq!(latency[&key], cycles, "{key:?}");
        }
        for (key, nj) in figures(&tables[1]) {
            assert_eq!(format!("{:.6}", energy[&key].parse::<f64>().unwrap()), nj, "{key:?}");
        }
    }
}
