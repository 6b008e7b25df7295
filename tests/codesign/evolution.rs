//! Evolution of networks and designs together.

use super::{codesign, rows};
use crate::common::{self, Dir};

#[test]
fn evolution_gives_a_front_that_the_seed_decides() {
    let dir = Dir::new();
    let front = |seed| {
        let effort = "--method evolve --population 12 --generations 5 --constraint latency=3e7 --format csv";
        codesign(&dir, &format!("{effort} --seed {seed} --output out")).well().stdout
    };
    let first = front(1);
    assert_eq!(first, common::read(&dir.path("out/front.csv")));
    assert_eq!(first, front(1));
    assert_ne!(first, front(2));
    let rows = rows(&first);
    assert!(rows.len() > 3 && rows[1..].iter().all(|row| row[5].parse::<f64>().unwrap() <= 3e7));
}

#[test]
fn evolution_with_several_seeds_is_held_against_what_is_enumerated() {
    let dir = Dir::new();
    let effort = "--method evolve --population 20 --generations 15 --objectives accuracy,latency,energy --format csv";
    let run = codesign(&dir, &format!("{effort} --seed 3..5 --enumerate --networks 0..40 --output out")).well();
    let pairs = rows(&run.stdout);
    let point = |row: &[String], from: usize| -> Vec<f64> {
        row[from..from + 3].iter().map(|figure| figure.parse().unwrap()).collect()
    };
    let known = rows(&common::read(&dir.path("out/enumerated.csv")));
    let better = |a: &[f64], b: &[f64]| a[0] >= b[0] && a[1] <= b[1] && a[2] <= b[2] && a != b;
    for seed in ["3", "4"] {
        let own: Vec<_> = pairs[1..].iter().filter(|row| row[0] == seed).map(|row| point(row, 4)).collect();
        let dominated = known[1..].iter().filter(|row| own.iter().any(|own| better(own, &point(row, 3)))).count();
        let message = format!("it dominates {dominated} of the {} pairs", known.len() - 1);
        let line = run.stderr.lines().find(|line| line.starts_with(&format!("seed {seed}: "))).unwrap();
        assert!(line.contains(&message), "{message}: {line}");
    }
    // Nothing enumerated is better than the enumerated front.
    let mixed: Vec<_> = known[1..].iter().map(|row| point(row, 3)).collect();
    assert!(mixed.iter().all(|a| mixed.iter().all(|b| !better(a, b))));
    // A seed gives the same result alone as together with others.
    let alone = codesign(&dir, &format!("{effort} --seed 4")).well().stdout;
    let others: Vec<_> = pairs.iter().filter(|row| row[0] == "4" || row[0] == "seed").cloned().collect();
    assert_eq!(rows(&alone), others);
}
