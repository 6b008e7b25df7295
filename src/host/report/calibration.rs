//! Shows how good a calibration is, as text and as a scatter plot.

#[cfg(feature = "plots")]
mod scatter;

use std::fmt::Write;

use super::table::{grid, grouped};
use crate::calibration::{Calibration, Term};
use crate::host::calibrate::{Errors, Outcome, Sample};

#[cfg(feature = "plots")]
pub use scatter::svg;

/// The number of worst-predicted layers that are listed.
const WORST: usize = 10;

/// Errors before and after calibration, the rates, and the worst layers. `networks` are the names of the samples'
/// networks.
pub fn render(outcome: &Outcome, samples: &[Sample], networks: &[String]) -> String {
    let Outcome { calibration, left_out, .. } = outcome;
    let header = ["", "median", "90 %", "networks", "worst network"].map(str::to_string);
    let row = |what: String, errors: &Errors| {
        let Errors { median, ninety, networks, worst, .. } = *errors;
        std::iter::once(what).chain([median, ninety, networks, worst].map(percent)).collect()
    };
    let mut rows: Vec<Vec<String>> = vec![row("uncalibrated".to_string(), &outcome.uncalibrated)];
    for (number, (name, errors)) in outcome.sets.iter().enumerate() {
        let mark = if number == outcome.taken { " *" } else { "" };
        rows.push(row(format!("{name}{mark}"), errors));
    }
    rows.push(row("MACs and bytes, no dataflow".to_string(), &outcome.plain));
    let mut text = format!("|estimated / measured - 1|, of {} layers of {} networks;", samples.len(), networks.len());
    let _ = writeln!(text, " calibrated: by rates that have not seen them, {left_out} left out at a time\n");
    text += &grid(&header, rows);
    let _ = writeln!(text, "\n\n* taken. A layer takes {} cycles, and beside it the slowest of:", calibration.constant);
    for (term, rate) in Term::ALL.into_iter().zip(calibration.rates).filter(|(_, rate)| *rate > 0) {
        let _ = writeln!(text, "  {:>8.3} x {}", f64::from(rate) / f64::from(Calibration::ONE), term.unit());
    }
    let ratio = |ratio: u16| f64::from(ratio) / f64::from(Calibration::WHOLE);
    let [low, high] = calibration.layer.map(ratio);
    let _ = writeln!(
        text,
        "Nine in ten layers took {low:.2} to {high:.2} of that, nine in ten networks at most {:.2}.",
        ratio(calibration.network)
    );
    let table = |names: &[&str], rows| grid(&names.iter().map(ToString::to_string).collect::<Vec<_>>(), rows);
    let columns = ["measured", "uncalibrated", "", "calibrated", ""];
    let rows = networks.iter().zip(outcome.networks(samples));
    let rows = rows.map(|(name, figures)| std::iter::once(name.clone()).chain(beside(figures)).collect()).collect();
    let _ = writeln!(text, "\n{}", table(&[&["network"], &columns[..]].concat(), rows));
    let row = |(sample, calibrated): (&Sample, f64)| {
        let names = [networks[sample.network].clone(), sample.layer.clone()];
        names.into_iter().chain(beside([sample.measured, sample.modeled as f64, calibrated])).collect()
    };
    let rows = worst(outcome, samples).into_iter().map(row).collect();
    let _ = writeln!(text, "\nworst layers\n\n{}", table(&[&["network", "layer"], &columns[..]].concat(), rows));
    for warning in warnings(outcome, samples) {
        let _ = writeln!(text, "warning: {warning}");
    }
    text
}

/// Measured, modeled and calibrated cycles; the last two also with their relative error.
fn beside([measured, modeled, calibrated]: [f64; 3]) -> [String; 5] {
    let off = |cycles: f64| format!("{:+.0} %", (cycles / measured - 1.0) * 100.0);
    let cycles = |cycles: f64| grouped(cycles.round() as u64);
    [cycles(measured), cycles(modeled), off(modeled), cycles(calibrated), off(calibrated)]
}

/// The layers with the largest errors when predicted by rates that were fitted without them.
fn worst<'a>(outcome: &Outcome, samples: &'a [Sample]) -> Vec<(&'a Sample, f64)> {
    let mut all: Vec<(&Sample, f64)> = samples.iter().zip(outcome.unseen.iter().copied()).collect();
    let off = |(sample, cycles): &(&Sample, f64)| (cycles / sample.measured).ln().abs();
    all.sort_by(|a, b| off(b).total_cmp(&off(a)));
    all.truncate(WORST);
    all
}

/// Warnings about what makes this calibration less trustworthy.
fn warnings(outcome: &Outcome, samples: &[Sample]) -> Vec<String> {
    let mut warnings = Vec::new();
    if outcome.left_out.ends_with("layers") {
        warnings.push("these are fewer than three networks: how wrong it is for others is not known".to_string());
    }
    if samples.len() < 5 * Term::ALL.len() {
        warnings.push(format!("{} layers are few: measure more of them, and of other networks", samples.len()));
    }
    let (ours, plain) = (outcome.calibrated(), outcome.plain);
    if plain.mean <= ours.mean {
        warnings.push("MACs and bytes alone do as well: the dataflow adds nothing here".to_string());
    }
    if outcome.uncalibrated.mean <= ours.mean {
        warnings.push("the uncalibrated model does as well: a calibration adds nothing".to_string());
    }
    warnings
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
