//! The mapper's best mapping of a layer costs what the simulator finds.

use super::analysis::{self, cost, differences};
use super::cases;
use crate::simulator::random::Case;
use crate::simulator::simulate;
use maestrino::EnergyTable;
use maestrino::host::mapper::{Figures, Objective, Task, best};

/// Uses the layers and arrays of random cases, but not their dataflows.
#[test]
fn the_simulator_agrees_with_the_best_mapping() {
    let mut compared = 0;
    let all = cases(60, 2_000);
    for seed in 1..=all {
        let Case { layer, array, .. } = Case::new(seed);
        let task = Task {
            layer: &analysis::layer(&layer),
            hardware: &analysis::hardware(&array),
            energies: &EnergyTable::REFERENCE,
            objective: Objective::ALL[seed as usize % Objective::ALL.len()],
            limits: Figures::UNLIMITED,
            levels: 1 + seed as usize % 3,
            frozen: None,
            any_tile: seed.is_multiple_of(3),
            budget: 300,
            time: None,
            gap: 0.0,
        };
        // If nothing fits, there is nothing to compare.
        let Some(found) = best(&task).found else { continue };
        let truth = simulate(&layer, &found.dataflow, &array).unwrap();
        let ours = cost(&layer, &found.dataflow, &array).unwrap();
        assert_eq!(differences(&truth, &ours), Vec::<String>::new(), "seed {seed}: {:?}", found.dataflow);
        assert_eq!(found.cost.cycles(), ours.cycles(), "seed {seed}");
        compared += 1;
    }
    assert!(compared * 2 > all, "{compared} of {all}");
}
