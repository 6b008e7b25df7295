//! Random cases: what must hold for every mapping holds in the simulator.

use std::collections::BTreeMap;

use crate::simulator::random::Case;
use crate::simulator::{Refused, simulate};

/// Random cases that the tests look at.
const CASES: u64 = 20_000;

#[test]
fn most_random_cases_are_costed() {
    let (mut kinds, mut outcomes) = (BTreeMap::<String, [u64; 2]>::new(), BTreeMap::<String, u64>::new());
    let mut classes = BTreeMap::<String, [u64; 2]>::new();
    let cases = std::env::var("CASES").map_or(CASES, |cases| cases.parse().unwrap());
    for seed in 0..cases {
        let case = Case::new(seed);
        let result = simulate(&case.layer, &case.dataflow, &case.array);
        let outcome = match &result {
            Ok(figures) => figures.fits(),
            Err(Refused::Gaps { .. }) => "gaps".into(),
            Err(other) => format!("{other:?}").split(' ').next().unwrap().to_string(),
        };
        *outcomes.entry(outcome).or_default() += 1;
        let up = if case.layer.up == [1, 1] { "" } else { " up" };
        for (count, name) in [(&mut kinds, format!("{}{up}", case.layer.layer.kind())), (&mut classes, case.class)] {
            count.entry(name).or_default()[usize::from(result.is_ok())] += 1;
        }
    }
    println!("{outcomes:?}\n{kinds:?}\n{classes:?}");
    let costed: u64 = kinds.values().map(|kind| kind[1]).sum();
    assert!(costed > cases / 2, "{costed}");
    assert!(kinds.len() == 9 && kinds.values().all(|kind| kind[1] > cases / 100), "{kinds:?}");
}
