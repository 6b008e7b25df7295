//! Random cases: every figure of the analysis equals the simulator's.
//!
//! `CASES=200000 cargo test --release differential` runs 200,000 cases.

use std::collections::BTreeMap;

use super::analysis::{cost, differences};
use crate::simulator::random::Case;
use crate::simulator::{Refused, simulate};
use maestrino::Error;

/// Further seeds that have revealed faults of the analysis: in sub-clusters that are idle while inner loops advance,
/// in widths of partial sums with overlapping tiles, in what L2 keeps if two loops of an axis alternate, in what idle
/// sub-clusters kept of a larger tile or in a box with other loops, and in how long sub-clusters that are idle at the
/// end drain.
const REVEALING: [u64; 14] =
    [5016, 12104, 13926, 16764, 19153, 24947, 4022, 22669, 54785, 74426, 76491, 102168, 136304, 598175];

/// The outcomes of the cases.
#[derive(Default)]
struct Outcomes {
    /// The number of costed cases, by the kind of the layer.
    costed: BTreeMap<String, u64>,
    /// The number of costed cases, by preset or by the number of levels.
    classes: BTreeMap<String, u64>,
    /// The number of cases that both refuse.
    refused: u64,
    /// The number of cases that only the analysis refuses, as documented.
    split_together: u64,
    irregular: u64,
    /// The differences.
    wrong: Vec<String>,
}

impl Outcomes {
    fn add(&mut self, case: &Case) {
        let truth = simulate(&case.layer, &case.dataflow, &case.array);
        let ours = std::panic::catch_unwind(|| cost(&case.layer, &case.dataflow, &case.array));
        let wrong = match (&truth, ours) {
            (_, Err(_)) => vec!["it panics".into()],
            (Ok(figures), Ok(Ok(cost))) => {
                let up = if case.layer.up == [1, 1] { "" } else { " with inserted zeros" };
                *self.costed.entry(format!("{}{up}", case.layer.layer.kind())).or_default() += 1;
                *self.classes.entry(case.class.clone()).or_default() += 1;
                differences(figures, &cost)
            }
            // A mapping with gaps may be refused for how it maps before its gaps are found.
            (Err(refused @ Refused::Gaps { .. }), Ok(Err(error)))
                if !matches!(error, Error::Gaps { .. } | Error::SplitTogether { .. } | Error::TooIrregular) =>
            {
                vec![format!("{refused:?}, but: {error}")]
            }
            (Err(_), Ok(Err(_))) => {
                self.refused += 1;
                return;
            }
            (Ok(_), Ok(Err(Error::SplitTogether { .. }))) => {
                self.split_together += 1;
                return;
            }
            (Ok(_), Ok(Err(Error::TooIrregular))) => {
                self.irregular += 1;
                return;
            }
            (Ok(_), Ok(Err(error))) => vec![format!("refused: {error}")],
            (Err(refused), Ok(Ok(_))) => vec![format!("not refused: {refused:?}")],
        };
        if !wrong.is_empty() {
            self.wrong.push(format!("{case}\n    {}", wrong.join(", ")));
        }
    }
}

#[test]
fn random_cases_are_counted_as_the_simulator_counts_them() {
    let cases = super::cases(500, 4000);
    let mut outcomes = Outcomes::default();
    (0..cases).chain(REVEALING).for_each(|seed| outcomes.add(&Case::new(seed)));
    let Outcomes { costed, classes, refused, split_together, irregular, wrong } = outcomes;
    println!(
        "{costed:?}\n{classes:?}\nrefused by both {refused}, split together {split_together}, irregular {irregular}"
    );
    for wrong in wrong.iter().take(20) {
        println!("{wrong}");
    }
    assert!(wrong.is_empty(), "{} cases differ", wrong.len());
    // The test means little if few cases are costed, or if the analysis refuses valid ones.
    assert!(costed.values().sum::<u64>() > cases * 4 / 5, "{costed:?}");
    assert!(costed.len() == 9 && costed.values().all(|kind| *kind > cases / 100), "{costed:?}");
    assert!(classes.len() == 14 && classes.values().all(|class| *class > cases / 200), "{classes:?}");
    assert!(split_together <= cases * 2 / 100, "{split_together}");
    assert!(irregular <= cases / 200, "{irregular}");
}
