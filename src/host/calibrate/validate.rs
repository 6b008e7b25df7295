//! Which rates to take: those of the simplest set of terms that tells layers which it has not seen as well as any other.

use super::Sample;
use super::fit::{Rates, Table, fit, quantile, time};
use crate::calibration::{Calibration, Term};

/// Sets of terms, from the simplest on, and whether there is a constant beside them.
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
/// How much worse than the best a simpler set may be.
const AS_GOOD: f64 = 1.02;
/// Groups of layers that are left out in turn where there are too few networks or families of them.
const PARTS: usize = 5;
/// Networks from which on their 90 % are looked at; the worst of fewer.
const MANY: usize = 10;

/// How far told cycles lie from measured ones, as shares of these: |told / measured - 1|.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Of half of the layers at most.
    pub median: f64,
    /// Of nine in ten layers at most.
    pub ninety: f64,
    /// Of half of the networks, each as a whole, at most.
    pub networks: f64,
    /// Of every network at most.
    pub worst: f64,
    /// Mean of |ln(told / measured)|, by which sets of terms are chosen.
    pub mean: f64,
}

/// What calibrating has led to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Rates from all layers, and ratios from those that were left out.
    pub calibration: Calibration,
    /// What was left out at a time: `"a network"`, `"a family of networks"` or `"a fifth of the layers"`.
    pub left_out: &'static str,
    /// Each set of terms by its name, on layers that its rates have not seen.
    pub sets: Vec<(&'static str, Errors)>,
    /// Number of the set that was taken.
    pub taken: usize,
    /// The exact model as it is.
    pub told: Errors,
    /// The same form over MACs and bytes, without any dataflow, on layers that its rates have not seen.
    pub plain: Errors,
    /// Cycles of each sample by rates that have not seen it.
    pub unseen: Vec<f64>,
}

impl Outcome {
    /// Errors on layers that the rates have not seen.
    pub fn calibrated(&self) -> Errors {
        self.sets[self.taken].1
    }

    /// Of each network of the samples, cycles that were measured, that the exact model tells, and that rates tell which have not
    /// seen it.
    pub(crate) fn networks(&self, samples: &[Sample]) -> Vec<[f64; 3]> {
        let both = networks(samples, &as_told(samples)).into_iter().zip(networks(samples, &self.unseen));
        both.map(|([told, measured], [calibrated, _])| [measured, told, calibrated]).collect()
    }
}

/// Calibrates to measured layers; there must be some.
pub fn calibrate(samples: &[Sample]) -> Outcome {
    let (left_out, folds) = folds(samples);
    let of_terms = |terms: &[Term]| -> Vec<Vec<f64>> {
        samples.iter().map(|sample| terms.iter().map(|term| sample.terms[*term as usize]).collect()).collect()
    };
    let tried: Vec<Vec<f64>> =
        SETS.iter().map(|(_, terms, constant)| unseen(&of_terms(terms), samples, &folds, *constant)).collect();
    let sets: Vec<_> = SETS.iter().zip(&tried).map(|((name, ..), told)| (*name, errors(samples, told))).collect();
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
        told: errors(samples, &as_told(samples)),
        plain: errors(samples, &unseen(&plain, samples, &folds, true)),
        unseen: unseen_now,
    }
}

/// The number of the group that each sample is left out with, and what a group is.
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
    let mut told = vec![0.0; samples.len()];
    for fold in 0..=folds.iter().copied().max().unwrap_or(0) {
        let seen = (0..samples.len()).filter(|place| folds[*place] != fold);
        let (amounts_seen, measured): (Vec<_>, Vec<_>) =
            seen.map(|place| (amounts[place].clone(), samples[place].measured)).unzip();
        let rates = fit(&Table { amounts: amounts_seen, measured: &measured }, constant);
        for place in (0..samples.len()).filter(|place| folds[*place] == fold) {
            told[place] = time(&rates, &amounts[place]);
        }
    }
    told
}

fn errors(samples: &[Sample], told: &[f64]) -> Errors {
    let ratios: Vec<f64> = samples.iter().zip(told).map(|(sample, told)| told / sample.measured).collect();
    let off = |ratios: &[f64]| ratios.iter().map(|ratio| (ratio - 1.0).abs()).collect::<Vec<f64>>();
    let whole: Vec<f64> = networks(samples, told).into_iter().map(|[told, measured]| told / measured).collect();
    let at = |figures: Vec<f64>, share: f64| quantile(figures, share).unwrap_or(0.0);
    Errors {
        median: at(off(&ratios), 0.5),
        ninety: at(off(&ratios), 0.9),
        networks: at(off(&whole), 0.5),
        worst: at(off(&whole), 1.0),
        mean: ratios.iter().map(|ratio| ratio.max(1e-9).ln().abs()).sum::<f64>() / ratios.len() as f64,
    }
}

/// What the exact model tells of each sample.
fn as_told(samples: &[Sample]) -> Vec<f64> {
    samples.iter().map(|sample| sample.told as f64).collect()
}

/// Of each network, what is told and what was measured of its layers.
fn networks(samples: &[Sample], told: &[f64]) -> Vec<[f64; 2]> {
    let mut sums = vec![[0.0; 2]; samples.iter().map(|sample| sample.network + 1).max().unwrap_or(0)];
    for (sample, told) in samples.iter().zip(told) {
        sums[sample.network][0] += told;
        sums[sample.network][1] += sample.measured;
    }
    sums.retain(|[_, measured]| *measured > 0.0);
    sums
}

fn in_integers(terms: &[Term], rates: &Rates, samples: &[Sample], unseen: &[f64]) -> Calibration {
    let mut calibration = Calibration { rates: [0; Term::ALL.len()], constant: 0, layer: [0; 2], network: 0 };
    for (term, rate) in terms.iter().zip(rates) {
        calibration.rates[*term as usize] = (rate * f64::from(Calibration::ONE)).round() as u32;
    }
    calibration.constant = rates.get(terms.len()).map_or(0, |constant| constant.round() as u32);
    let whole = f64::from(Calibration::WHOLE);
    let ratios: Vec<f64> = samples.iter().zip(unseen).map(|(sample, told)| sample.measured / told.max(1e-9)).collect();
    let at = |share| quantile(ratios.clone(), share).unwrap_or(1.0) * whole;
    calibration.layer = [at(0.05).floor() as u16, at(0.95).ceil() as u16];
    let of_networks: Vec<f64> =
        networks(samples, unseen).into_iter().map(|[told, measured]| measured / told.max(1e-9)).collect();
    let share = if of_networks.len() < MANY { 1.0 } else { 0.9 };
    calibration.network = (quantile(of_networks, share).unwrap_or(1.0) * whole).ceil() as u16;
    calibration
}
