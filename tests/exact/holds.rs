//! Properties that must hold for every mapping, also for layers of real sizes. They do not depend on the simulator.
//!
//! `CASES=10000000 cargo test --release holds` runs ten million mappings.

use std::collections::BTreeMap;

use super::mapped::Mapped;
use crate::simulator::{Activations, Array, Noc};
use maestrino::exact::{Cost, Transfers};
use maestrino::hardware::UNLIMITED;
use maestrino::{EnergyTable, Error, Hardware, Mapping, Tensor};

/// The checks that were made.
#[derive(Default)]
struct Checks {
    /// The number of times that each check was made.
    reached: BTreeMap<&'static str, u64>,
    /// The checks that failed for the current case.
    broken: Vec<&'static str>,
}

impl Checks {
    fn holds(&mut self, what: &'static str, holds: bool) {
        *self.reached.entry(what).or_default() += 1;
        if !holds {
            self.broken.push(what);
        }
    }

    /// Checks of a single cost.
    fn counts(&mut self, case: &Mapped, cost: &Cost) {
        let outputs = case.touched(Tensor::Output);
        let (input, filter) = (case.touched(Tensor::Input), case.touched(Tensor::Filter));
        let lanes = case.array.pes * case.array.lanes;
        self.holds("operations are at least the layer's", cost.operations >= cost.layer_operations);
        if case.partitions() && case.sim.up == [1, 1] {
            self.holds("operations are the layer's where tiles partition it", cost.operations == cost.layer_operations);
        }
        self.holds("every element is read from L2", cost.l2.input >= input && cost.l2.filter >= filter);
        self.holds("every element arrives in L1", cost.l1.input >= input && cost.l1.filter >= filter);
        self.holds("L2 writes are outputs and what is read back", cost.l2.output == outputs + cost.l2.psum);
        self.holds("PEs at work are some", cost.active_pes > 0.0 && cost.active_pes <= case.array.pes as f64 + 1e-6);
        self.holds("energy is finite", cost.energy.total().is_finite() && cost.energy.total() > 0.0);
        let on_chip = cost.waits.compute + cost.waits.noc_in + cost.waits.noc_out;
        let bound = u128::from(cost.operations);
        self.holds("on-chip cycles have a lower bound", u128::from(on_chip) * u128::from(lanes) >= bound);
        let Some(offchip) = &cost.offchip else {
            self.holds("L2 that does not fit is limited", case.array.l2.is_some_and(|bytes| bytes < cost.needs.l2));
            return;
        };
        let cycles = offchip.cycles;
        self.holds("waits are the cycles", on_chip == cycles.on_chip && on_chip + cost.waits.offchip == cycles.total);
        self.holds("cycles have a lower bound", u128::from(cycles.total) * u128::from(lanes) >= bound);
        self.holds("utilization is at most 1", cost.utilization(&case.hardware()).unwrap() <= 1.0);
        self.holds("L2 that fits is large enough", case.array.l2.is_none_or(|bytes| bytes >= cost.needs.l2));
        // First, rest and last are rounded up separately, but all bytes together only once. With two channels, each
        // part waits for the slower one.
        let slack = if case.array.weights_bw.is_some() { cycles.first + cycles.last } else { 2 };
        self.holds("nothing is slower than one after the other", cycles.total <= cycles.serial + slack);
        let Transfers { input: inputs, filter: filters, psum, output } = offchip.transfers;
        self.holds("filters come from off-chip", filters >= filter);
        if case.array.activations == Activations::L2 {
            self.holds("activations in L2 stay there", [inputs, psum, output] == [0; 3]);
            return;
        }
        self.holds("inputs come from off-chip", inputs >= input);
        self.holds("off-chip writes are outputs and what is fetched again", output == outputs + psum);
        if case.array.l2.is_none() {
            self.holds(
                "without a limit all moves once",
                [inputs, filters, psum, output] == [input, filter, 0, outputs],
            );
        }
    }

    /// More hardware never makes a mapping slower. The seed decides which hardware is added.
    fn monotony(&mut self, case: &Mapped, mapping: &Mapping, cost: &Cost) {
        let twice = |bandwidth: Option<u64>| bandwidth.map(|bandwidth| 2 * bandwidth);
        let mut array = case.array.clone();
        let what = match case.seed / 8 % 4 {
            0 => {
                array.noc.iter_mut().for_each(|noc| *noc = Noc { bandwidth: twice(noc.bandwidth), ..*noc });
                "more NoC bandwidth costs nothing"
            }
            1 => {
                array.noc.iter_mut().for_each(|noc| *noc = Noc { latency: noc.latency.saturating_sub(1), ..*noc });
                "a lower latency costs nothing"
            }
            2 => {
                array.lanes += 1;
                "another lane costs nothing"
            }
            _ => {
                (array.offchip_bw, array.weights_bw) = (twice(array.offchip_bw), twice(array.weights_bw));
                "more bandwidth off-chip costs nothing"
            }
        };
        let more = of(mapping, &array).unwrap();
        let traffic = |cost: &Cost| (cost.operations, cost.l2, cost.l1, cost.offchip.map(|offchip| offchip.transfers));
        self.holds("a faster array moves as much", traffic(&more) == traffic(cost));
        let on_chip = |cost: &Cost| cost.waits.compute + cost.waits.noc_in + cost.waits.noc_out;
        let time = |cost: &Cost| cost.offchip.map(|offchip| (offchip.cycles.total, offchip.cycles.serial));
        let slower = match (time(&more), time(cost)) {
            (Some(more), Some(now)) => more.0 > now.0 || more.1 > now.1,
            (more, now) => more != now,
        };
        self.holds(what, !slower && on_chip(&more) <= on_chip(cost));
    }

    /// With a larger L2, no more moves off-chip, and it takes no longer.
    fn larger_l2(&mut self, case: &Mapped, mapping: &Mapping, cost: &Cost) {
        let Some(bytes) = case.array.l2 else { return };
        let l2 = Some(bytes + 1 + (bytes >> (case.seed % 12)));
        let larger = of(mapping, &Array { l2, ..case.array.clone() }).unwrap();
        let Some(now) = cost.offchip else {
            if cost.needs.l2 >= UNLIMITED.into() {
                return;
            }
            let whole = of(mapping, &Array { l2: Some(cost.needs.l2), ..case.array.clone() }).unwrap();
            self.holds("the need that is told would do", whole.offchip.is_some());
            return;
        };
        let larger = larger.offchip;
        self.holds("a larger L2 moves no more", larger.is_some_and(|larger| larger.bits <= now.bits));
        // With a separate channel for weights, the fewest bits in total may not be the fewest on the slower channel.
        if case.array.weights_bw.is_none() {
            let (cycles, now) = (larger.map(|larger| larger.cycles.total), now.cycles.total);
            self.holds("a larger L2 is no slower", cycles.is_some_and(|cycles| cycles <= now));
        }
    }
}

fn of(mapping: &Mapping, array: &Array) -> Result<Cost, Error> {
    let hardware: Hardware = super::analysis::hardware(array);
    Cost::of_mapping(mapping, &hardware, &EnergyTable::REFERENCE)
}

/// Checks a case, and returns its cost.
fn check(case: &Mapped, checks: &mut Checks) -> Result<Cost, Error> {
    let mapping = Mapping::new(&case.layer, &case.dataflow, case.array.pes as u32)?;
    let cost = of(&mapping, &case.array)?;
    checks.counts(case, &cost);
    checks.monotony(case, &mapping, &cost);
    checks.larger_l2(case, &mapping, &cost);
    Ok(cost)
}

#[test]
fn what_must_hold_holds_for_the_analysis() {
    // The number of different checks below. All of them must be reached.
    const CHECKS: usize = 28;
    let cases = super::cases(2000, 50_000);
    let (mut checks, mut refused) = (Checks::default(), BTreeMap::<String, u64>::new());
    let (mut costed, mut classes) = (0u64, BTreeMap::<String, u64>::new());
    let (mut failures, mut shown) = (0u64, 0);
    let mut before: Option<(Mapped, Cost)> = None;
    for seed in 0..cases {
        let case = Mapped::new(seed);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&case, &mut checks)));
        let mut broken = std::mem::take(&mut checks.broken);
        match result {
            Err(_) => broken.push("it does not panic"),
            Ok(Err(error)) => {
                let name = format!("{error:?}");
                *refused.entry(name.split([' ', '{']).next().unwrap().to_string()).or_default() += 1;
            }
            Ok(Ok(cost)) => {
                costed += 1;
                *classes.entry(case.class.clone()).or_default() += 1;
                if seed % 16 < 2 {
                    // Nothing is remembered from one layer to the next.
                    if let Some((before, cost)) = &before {
                        let mapping = Mapping::new(&before.layer, &before.dataflow, before.array.pes as u32).unwrap();
                        checks.holds("the order of layers is irrelevant", of(&mapping, &before.array) == Ok(*cost));
                    }
                    broken.append(&mut checks.broken);
                    before = Some((case, cost));
                    if broken.is_empty() {
                        continue;
                    }
                }
            }
        }
        if !broken.is_empty() {
            failures += 1;
            shown += 1;
            if shown <= 20 {
                println!("{}\n    {}", Mapped::new(seed), broken.join(", "));
            }
        }
    }
    println!("{costed} of {cases} costed: {classes:?}\nrefused: {refused:?}");
    for (what, times) in &checks.reached {
        println!("{times:>9}  {what}");
    }
    assert_eq!(failures, 0, "of {costed}");
    assert!(costed > cases / 2, "{costed}");
    assert!(classes.len() == 14 && classes.values().all(|class| *class > cases / 500), "{classes:?}");
    let irregular = refused.get("TooIrregular").copied().unwrap_or(0);
    assert!(irregular <= cases / 100, "{refused:?}");
    assert!(
        checks.reached.len() == CHECKS && checks.reached.values().all(|times| *times > cases / 50),
        "{:?}",
        checks.reached
    );
}
