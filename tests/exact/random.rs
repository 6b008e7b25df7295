//! Random cases: the properties that must hold for every mapping hold in the simulator.

use std::collections::BTreeMap;

use crate::simulator::figures::elements;
use crate::simulator::random::Case;
use crate::simulator::{Activations, Array, Figures, Noc, Offchip, Refused, simulate};
use maestrino::Tensor;

/// The number of random cases that each test runs.
fn cases() -> u64 {
    super::cases(500, 4000)
}

#[test]
fn most_random_cases_are_costed() {
    let (mut kinds, mut outcomes) = (BTreeMap::<String, [u64; 2]>::new(), BTreeMap::<String, u64>::new());
    let mut classes = BTreeMap::<String, [u64; 2]>::new();
    let cases = cases();
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

/// Figures that do not depend on the mapping.
fn check_counts(case: &Case, figures: &Figures) {
    let output = elements(&case.layer, Tensor::Output);
    assert!(figures.macs >= figures.useful_macs, "MACs");
    assert_eq!(figures.useful_macs, figures.layer_macs, "useful MACs");
    let inner = &figures.crossings[0];
    // What is read back was written as a partial sum, and each output is written once as a finished one.
    assert_eq!((inner.written.finished, inner.written.partial), (output, inner.psum), "L2 writes");
    if let Some(offchip) = figures.offchip.filter(|_| case.array.activations == Activations::OffChip) {
        assert_eq!((offchip.written.finished, offchip.written.partial), (output, offchip.read[2]), "off-chip writes");
    }
}

/// Cycles have lower bounds, and the parts add up to the total.
fn check_cycles(case: &Case, figures: &Figures) {
    assert_eq!(figures.wait.iter().sum::<u64>(), figures.on_chip_cycles, "waits");
    assert!(figures.on_chip_cycles <= figures.on_chip_cycles_serial, "single buffers are faster");
    assert!(figures.on_chip_cycles * case.array.pes * case.array.lanes >= figures.macs, "compute bound");
    let Some(offchip) = figures.offchip else { return };
    assert!(figures.utilization.unwrap() <= 1.0, "utilization");
    // First, rest and last are rounded up separately, but all bytes together only once. With two channels, each part
    // waits for the slower one.
    let slack = if case.array.weights_bw.is_some() { offchip.first + offchip.last } else { 2 };
    assert!(offchip.cycles <= offchip.cycles_serial + slack, "single buffers are faster");
}

/// Bits off-chip.
fn moved(case: &Case, offchip: &Offchip) -> u64 {
    let bits = case.array.bits;
    let [input, filter, psum] = offchip.read;
    input * bits.input
        + filter * bits.filter
        + (psum + offchip.written.partial) * bits.psum
        + offchip.written.finished * bits.output
}

/// More hardware never makes a mapping slower.
fn check_monotony(case: &Case, figures: &Figures) {
    let with = |array: Array| simulate(&case.layer, &case.dataflow, &array).unwrap();
    let twice = |bandwidth: Option<u64>| bandwidth.map(|bandwidth| 2 * bandwidth);
    let noc = case.array.noc.iter().map(|noc| Noc { bandwidth: twice(noc.bandwidth), latency: noc.latency.min(1) });
    let faster = with(Array { lanes: case.array.lanes + 1, noc: noc.collect(), ..case.array.clone() });
    assert_eq!((&faster.crossings, faster.l1), (&figures.crossings, figures.l1), "a faster array moves as much");
    assert!(faster.on_chip_cycles <= figures.on_chip_cycles, "a faster array is slower");
    let Some(offchip) = figures.offchip else { return };
    let larger = with(Array { l2: case.array.l2.map(|bytes| bytes + 10), ..case.array.clone() }).offchip.unwrap();
    assert!(moved(case, &larger) <= moved(case, &offchip), "a larger L2 moves more");
    if case.array.weights_bw.is_none() {
        assert!(larger.cycles <= offchip.cycles, "a larger L2 is slower");
    }
}

#[test]
fn what_must_hold_holds() {
    for seed in 0..cases() {
        let case = Case::new(seed);
        let Ok(figures) = simulate(&case.layer, &case.dataflow, &case.array) else { continue };
        let checks = || {
            check_counts(&case, &figures);
            check_cycles(&case, &figures);
            check_monotony(&case, &figures);
        };
        assert!(std::panic::catch_unwind(checks).is_ok(), "{case}");
    }
}
