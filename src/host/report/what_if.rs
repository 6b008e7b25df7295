//! A table of what doubling and halving each resource would save and cost.

use super::table::{grid, grouped};
use crate::host::what_if::{Outcome, WhatIf};

/// The table. `now` has the totals of the network on the accelerator as it is.
pub fn render(now: Outcome, all: &[WhatIf]) -> String {
    let header = ["", "there is", "twice: cycles", "energy", "half: cycles", "energy"].map(String::from);
    let row = |what_if: &WhatIf| {
        let mut cells = vec![what_if.resource.title().to_string(), grouped(what_if.amount.into())];
        cells.extend(changes(now, what_if.twice));
        cells.extend(changes(now, what_if.half));
        cells
    };
    let table = grid(&header, all.iter().map(row).collect());
    format!("What if there were twice, or half, as much of\n\n{table}\n")
}

/// The relative changes of cycles and energy.
fn changes(now: Outcome, then: Outcome) -> [String; 2] {
    let none = String::new;
    match (now, then) {
        (Outcome::Runs { cycles, energy }, Outcome::Runs { cycles: then, energy: after }) => {
            [change(cycles as f64, then as f64), change(energy, after)]
        }
        (_, Outcome::Runs { cycles, .. }) => [format!("{} cycles: fits", grouped(cycles)), none()],
        (_, Outcome::DoesNotFit) => ["does not fit".to_string(), none()],
        (_, Outcome::Impossible) => ["cannot be".to_string(), none()],
    }
}

fn change(before: f64, after: f64) -> String {
    let percent = if before > 0.0 { (after / before - 1.0) * 100.0 } else { 0.0 };
    // Avoids "-0.0%".
    if percent.abs() < 0.05 { "0.0%".to_string() } else { format!("{percent:+.1}%") }
}
