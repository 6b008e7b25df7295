//! `maestrino explore` on the command line.

mod fronts;
mod mapped;
mod refused;
mod report;
mod searched;
mod technology;

use std::collections::BTreeMap;

/// The figures of a design: cycles, nJ, um^2, mW. The bits of floating-point numbers above 0 have the same order as
/// the numbers.
type Figures = [f64; 4];

/// The designs that no other design is better than in the figures that count, by their ids, and how many designs have
/// the same figures. It compares all pairs.
fn front(all: &[(u64, Figures)], counts: [bool; 4]) -> BTreeMap<u64, (Figures, u64)> {
    let key = |figures: &Figures| [0, 1, 2, 3].map(|place| if counts[place] { figures[place].to_bits() } else { 0 });
    let mut sorted: Vec<([u64; 4], u64, &Figures)> =
        all.iter().map(|(id, figures)| (key(figures), *id, figures)).collect();
    sorted.sort_by_key(|(key, id, _)| (*key, *id));
    // In this order, a better design comes before the designs that it is better than.
    let mut best: Vec<([u64; 4], u64, &Figures, u64)> = Vec::new();
    for (own, id, figures) in sorted {
        match best.iter_mut().rev().find(|(other, ..)| other.iter().zip(&own).all(|(other, own)| other <= own)) {
            Some((other, .., same)) if *other == own => *same += 1,
            Some(_) => {}
            None => best.push((own, id, figures, 1)),
        }
    }
    best.into_iter().map(|(_, id, figures, same)| (id, (*figures, same))).collect()
}

/// Rows of a CSV by the names of their columns.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// The front that a run found.
fn found(csv: &str) -> BTreeMap<u64, (Figures, u64)> {
    let figures = |row: &BTreeMap<String, String>| {
        ["cycles", "energy_nj", "area_um2", "power_mw"].map(|column| row[column].parse().unwrap_or(0.0))
    };
    let row = |row: &BTreeMap<String, String>| (number(row, "id") as u64, (figures(row), number(row, "same") as u64));
    let rows = rows(csv);
    let found: BTreeMap<_, _> = rows.iter().map(row).collect();
    assert_eq!(found.len(), rows.len());
    found
}

const SMALL: &str = "explore --network ds_cnn --hw-grid pes=16:32:64,noc=4..40:4,hops=1..8,offchip=1..8:1,l1=32..512:x2,\
                     l2=8192..131072:x2 --dataflow kcp_ws,kxc_os";
