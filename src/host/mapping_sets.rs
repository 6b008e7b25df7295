//! The mappings of each layer from which firmware chooses: those that are best at some bandwidths.
//!
//! What a mapping computes and moves does not depend on bandwidths, so a mapping is counted once for all of them. The
//! mapper finds the best mapping for each of several accelerators that differ only in speeds. Of these, as few are
//! kept as suffice for all accelerators.

use std::sync::Arc;

use rayon::prelude::*;

use super::mapper::mappings::Mappings;
use super::network::{NamedLayer, Network};
use crate::wire::MAX_MAPPINGS;
use crate::{Cost, Dataflow, EnergyTable, Hardware, Layer};

/// The mappings of each layer of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingSets {
    /// For each layer the dataflows of its mappings, its own first.
    pub dataflows: Vec<Arc<[Dataflow]>>,
    /// For the worst accelerator and layer: by how much the best mapping of the set exceeds the cycles of the best
    /// mapping that was found, as a fraction. 0 if all best mappings are in the sets.
    pub gap: f64,
}

impl MappingSets {
    /// Makes a set for each layer of a network, with its own dataflow and at most `most` mappings. The accelerators
    /// may differ in lanes, bandwidths, latencies, L1 and buffers of clusters.
    pub fn new(network: &Network, accelerators: &[Hardware], mappings: &Mappings, most: usize) -> MappingSets {
        let (distinct, places) = network.distinct();
        let layers: Vec<Layer> = distinct.iter().map(|named| named.layer).collect();
        for hardware in accelerators {
            mappings.prepare(&layers, hardware);
        }
        let set = |named: &&NamedLayer| {
            let found = accelerators.iter().filter_map(|hardware| mappings.dataflow(&named.layer, hardware).ok());
            let mut candidates: Vec<Dataflow> = Vec::new();
            for dataflow in named.dataflow.as_deref().cloned().into_iter().chain(found) {
                if !candidates.contains(&dataflow) {
                    candidates.push(dataflow);
                }
            }
            let cycles: Vec<Vec<f64>> =
                candidates.iter().map(|dataflow| cycles(&named.layer, dataflow, accelerators)).collect();
            let (kept, gap) = few(&cycles, most.clamp(1, MAX_MAPPINGS));
            (kept.into_iter().map(|place| candidates[place].clone()).collect(), gap)
        };
        let (sets, gaps): (Vec<Arc<[Dataflow]>>, Vec<f64>) = distinct.par_iter().map(set).unzip();
        let dataflows = places.into_iter().map(|place| sets[place].clone()).collect();
        MappingSets { dataflows, gap: gaps.into_iter().fold(0.0, f64::max) }
    }
}

/// Cycles of a layer under a dataflow on each accelerator; infinite if it does not fit.
fn cycles(layer: &Layer, dataflow: &Dataflow, accelerators: &[Hardware]) -> Vec<f64> {
    let of = |hardware: &Hardware| {
        let cost = Cost::with_energies(layer, dataflow, hardware, &EnergyTable::REFERENCE).ok()?;
        cost.cycles().filter(|_| cost.fits.all())
    };
    accelerators.iter().map(|hardware| of(hardware).map_or(f64::INFINITY, |cycles| cycles as f64)).collect()
}

/// Keeps the first mapping and then, one by one, those that bring the cycles closest to the least of all mappings,
/// until no other helps or `most` are kept. Returns their places, and by how much they exceed the least cycles on the
/// worst accelerator, as a fraction.
fn few(cycles: &[Vec<f64>], most: usize) -> (Vec<usize>, f64) {
    let least = cycles.iter().fold(vec![f64::INFINITY; cycles[0].len()], |least, of| lower(&least, of));
    // Accelerators on which nothing fits are left out.
    let above = |of: &[f64]| -> (f64, f64) {
        let ratios = of.iter().zip(&least).filter(|(_, least)| least.is_finite()).map(|(of, least)| of / least - 1.0);
        ratios.fold((0.0, 0.0), |(sum, worst), ratio| (sum + ratio, f64::max(worst, ratio)))
    };
    let (mut kept, mut best) = (vec![0], cycles[0].clone());
    while kept.len() < most {
        let with = |place: &usize| above(&lower(&best, &cycles[*place])).0;
        let Some(next) = (1..cycles.len()).min_by(|a, b| with(a).total_cmp(&with(b))) else { break };
        if with(&next) >= above(&best).0 {
            break;
        }
        best = lower(&best, &cycles[next]);
        kept.push(next);
    }
    (kept, above(&best).1)
}

/// The lower cycles of two mappings for each accelerator.
fn lower(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| one.min(*other)).collect()
}
