//! Chooses the rates: those of the simplest set of terms that predicts unseen layers about as well as the best set.

use super::Sample;
use super::fit::{Rates, Table, fit, quantile, time};
use crate::calibration::{Calibration, Term};

/// Sets of terms, the simplest first, and whether a constant is added.
const SETS: [(&str, &[Term], bool); 5] = [
    ("a factor", &[Term::Cycles], false),
    ("a factor, a constant", &[Term::Cycles], true),
    ("kinds, weights", &[Term::Dense, Term::Channelwise, Term::Weights], true),
    ("kinds, weights, outputs", &[Term::Dense, Term::Channelwise, Term::Outputs, Term::Weights], true),
    (
        "kinds, weights, outputs, inputs",
        &[Term::Dense, Term::Channelwise, Term::Inputs, Term::Outputs, Term::Weights],
        true,
    ),
];
/// The factor by which the error of a simpler set may exceed that of the best.
const AS_GOOD: f64 = 1.02;
/// The number of groups of layers that are left out in turn if there are too few networks or families.
const PARTS: usize = 5;
/// With at least this number of networks, the upper bound holds for nine in ten of them; with fewer, it holds for
/// all.
const MANY: usize = 10;

/// Relative errors of predicted cycles: |predicted / measured - 1|.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Half of the layers have at most this error.
    pub median: f64,
    /// Nine in ten layers have at most this error.
    pub ninety: f64,
    /// Half of the networks, each as a whole, have at most this error.
    pub networks: f64,
    /// The worst network has this error.
    pub worst: f64,
    /// Mean of |ln(predicted / measured)|, by which sets of terms are chosen.
    pub mean: f64,
}

/// A calibration, and how good it is.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The rates are fitted to all layers; the ratios come from layers that were left out.
    pub calibration: Calibration,
    /// What was left out at a time: `"a network"`, `"a family of networks"` or `"a fifth of the layers"`.
    pub left_out: &'static str,
    /// Each set of terms by its name, with its errors on layers that were not used to fit its rates.
    pub sets: Vec<(&'static str, Errors)>,
    /// Number of the set that was taken.
    pub taken: usize,
    /// The errors of the exact model without calibration.
    pub uncalibrated: Errors,
    /// The errors of the same form over MACs and bytes, without any dataflow, on layers that were not used to fit its
    /// rates.
    pub plain: Errors,
    /// Cycles of each sample by rates that were fitted without it.
    pub unseen: Vec<f64>,
}

impl Outcome {
    /// The errors on layers that were not used to fit the rates.
    pub fn calibrated(&self) -> Errors {
        self.sets[self.taken].1
    }

    /// Cycles of each network of the samples: measured, by the exact model, and by rates that were fitted without the
    /// network.
    pub(crate) fn networks(&self, samples: &[Sample]) -> Vec<[f64; 3]> {
        let both = networks(samples, &modeled(samples)).into_iter().zip(networks(samples, &self.unseen));
        both.map(|([modeled, measured], [calibrated, _])| [measured, modeled, calibrated]).collect()
    }
}

/// Calibrates to measured layers. There must be at least one.
pub fn calibrate(samples: &[Sample]) -> Outcome {
    let (left_out, folds) = folds(samples);
    let of_terms = |terms: &[Term]| -> Vec<Vec<f64>> {
        samples.iter().map(|sample| terms.iter().map(|term| sample.terms[*term as usize]).collect()).collect()
    };
    let tried: Vec<Vec<f64>> =
        SETS.iter().map(|(_, terms, constant)| unseen(&of_terms(terms), samples, &folds, *constant)).collect();
    let sets: Vec<_> =
        SETS.iter().zip(&tried).map(|((name, ..), predicted)| (*name, errors(samples, predicted))).collect();
    let least = sets.iter().map(|(_, errors)| errors.mean).fold(f64::INFINITY, f64::min);
    let taken = sets.iter().position(|(_, errors)| errors.mean <= least * AS_GOOD).unwrap_or(0);
    let (_, terms, constant) = SETS[taken];
    let amounts = of_terms(terms);
    let measured: Vec<f64> = samples.iter().map(|sample| sample.measured).collect();
    let rates = fit(&Table { amounts, measured: &measured }, constant);
    let plain: Vec<Vec<f64>> = samples.iter().map(|sample| sample.plain.to_vec()).collect();
    let unseen_now = tried.into_iter().nth(taken).unwrap_or_default();
    Outcome {
        calibration: in_integers(terms, &rates, samples, &unseen_now),
        left_out,
        sets,
        taken,
        uncalibrated: errors(samples, &modeled(samples)),
        plain: errors(samples, &unseen(&plain, samples, &folds, true)),
        unseen: unseen_now,
    }
}

/// For each sample the number of the group with which it is left out, and what a group is.
fn folds(samples: &[Sample]) -> (&'static str, Vec<usize>) {
    let mut families: Vec<&str> = samples.iter().map(|sample| sample.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    let mut networks: Vec<usize> = samples.iter().map(|sample| sample.network).collect();
    networks.sort_unstable();
    networks.dedup();
    if families.len() < 3 {
        return ("a fifth of the layers", (0..samples.len()).map(|place| place % PARTS).collect());
    }
    let place = |sample: &Sample| families.iter().position(|family| *family == sample.family).unwrap_or(0);
    let what = if families.len() == networks.len() { "a network" } else { "a family of networks" };
    (what, samples.iter().map(place).collect())
}

/// Cycles of each sample by rates from the other groups.
fn unseen(amounts: &[Vec<f64>], samples: &[Sample], folds: &[usize], constant: bool) -> Vec<f64> {
    let mut predicted = vec![0.0; samples.len()];
    for fold in 0..=folds.iter().copied().max().unwrap_or(0) {
        let seen = (0..samples.len()).filter(|place| folds[*place] != fold);
        let (amounts_seen, measured): (Vec<_>, Vec<_>) =
            seen.map(|place| (amounts[place].clone(), samples[place].measured)).unzip();
        let rates = fit(&Table { amounts: amounts_seen, measured: &measured }, constant);
        for place in (0..samples.len()).filter(|place| folds[*place] == fold) {
            predicted[place] = time(&rates, &amounts[place]);
        }
    }
    predicted
}

fn errors(samples: &[Sample], predicted: &[f64]) -> Errors {
    let ratios: Vec<f64> = samples.iter().zip(predicted).map(|(sample, cycles)| cycles / sample.measured).collect();
    let off = |ratios: &[f64]| ratios.iter().map(|ratio| (ratio - 1.0).abs()).collect::<Vec<f64>>();
    let whole: Vec<f64> =
        networks(samples, predicted).into_iter().map(|[cycles, measured]| cycles / measured).collect();
    let at = |figures: Vec<f64>, share: f64| quantile(figures, share).unwrap_or(0.0);
    Errors {
        median: at(off(&ratios), 0.5),
        ninety: at(off(&ratios), 0.9),
        networks: at(off(&whole), 0.5),
        worst: at(off(&whole), 1.0),
        mean: ratios.iter().map(|ratio| ratio.max(1e-9).ln().abs()).sum::<f64>() / ratios.len() as f64,
    }
}

/// Cycles of each sample by the exact model.
fn modeled(samples: &[Sample]) -> Vec<f64> {
    samples.iter().map(|sample| sample.modeled as f64).collect()
}

/// Predicted and measured cycles of each network.
fn networks(samples: &[Sample], predicted: &[f64]) -> Vec<[f64; 2]> {
    let mut sums = vec![[0.0; 2]; samples.iter().map(|sample| sample.network + 1).max().unwrap_or(0)];
    for (sample, cycles) in samples.iter().zip(predicted) {
        sums[sample.network][0] += cycles;
        sums[sample.network][1] += sample.measured;
    }
    sums.retain(|[_, measured]| *measured > 0.0);
    sums
}

/// The calibration of these rates, as whole numbers.
fn in_integers(terms: &[Term], rates: &Rates, samples: &[Sample], unseen: &[f64]) -> Calibration {
    let mut calibration = Calibration { rates: [0; Term::ALL.len()], constant: 0, layer: [0; 2], network: 0 };
    for (term, rate) in terms.iter().zip(rates) {
        calibration.rates[*term as usize] = (rate * f64::from(Calibration::ONE)).round() as u32;
    }
    calibration.constant = rates.get(terms.len()).map_or(0, |constant| constant.round() as u32);
    let whole = f64::from(Calibration::WHOLE);
    let ratios: Vec<f64> =
        samples.iter().zip(unseen).map(|(sample, cycles)| sample.measured / cycles.max(1e-9)).collect();
    let at = |share| quantile(ratios.clone(), share).unwrap_or(1.0) * whole;
    calibration.layer = [at(0.05).floor() as u16, at(0.95).ceil() as u16];
    let of_networks: Vec<f64> =
        networks(samples, unseen).into_iter().map(|[cycles, measured]| measured / cycles.max(1e-9)).collect();
    let share = if of_networks.len() < MANY { 1.0 } else { 0.9 };
    calibration.network = (quantile(of_networks, share).unwrap_or(1.0) * whole).ceil() as u16;
    calibration
}
