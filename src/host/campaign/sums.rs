//! Sums over the layers of each network, for all designs.
//!
//! Accelerators are processed [`LANES`] at a time: the cycles of a layer on these fit a cache line, and all layers
//! together fit a cache. Energies are added in execution order, as in an estimate, so that the results agree to the
//! last bit.

use std::sync::Arc;

use rayon::prelude::*;

use super::layer_costs::LayerCosts;
use super::unusable::{Failed, Why};
use super::workload::Pairs;
use super::{Campaign, Column, Costed, Costing, DesignId, Takes};
use crate::Error;
use crate::host::cost_table::{CostModel, LayerFigures};
use crate::host::ids::{AcceleratorId, DataflowId, LayerId};
use crate::host::pricing::{Prices, Refusal};
use crate::host::printed::{CsvEnergy, G};

/// The number of accelerators that are summed at once.
const LANES: usize = 8;

/// Costs all designs of a group of accelerators. If `layers` is set, the result also has the cost of each layer.
pub(super) fn costed(campaign: &Campaign, group: &[AcceleratorId], pieces: &LayerCosts, layers: bool) -> Vec<Costed> {
    let pairs = (campaign.costing == Costing::MaestroCsv).then(|| Pairs::new(&campaign.workload));
    let sums = Sums { campaign, group, pieces, pairs, longest: campaign.workload.longest() as u128, layers };
    let takes: Vec<Takes> = campaign.designs.takes().collect();
    // Energies of designs with a single dataflow, which do not depend on speeds.
    let energies: Vec<Option<Arc<Vec<f64>>>> = takes.par_iter().map(|takes| sums.energy_of(*takes)).collect();
    let tiles: Vec<_> = takes
        .into_iter()
        .zip(energies)
        .flat_map(|(takes, energy)| (0..group.len()).step_by(LANES).map(move |start| (takes, energy.clone(), start)))
        .collect();
    tiles.into_par_iter().flat_map_iter(|(takes, energy, start)| sums.tile(takes, energy, start)).collect()
}

struct Sums<'a> {
    campaign: &'a Campaign,
    group: &'a [AcceleratorId],
    pieces: &'a LayerCosts,
    pairs: Option<Pairs>,
    longest: u128,
    layers: bool,
}

/// The dataflow of each layer on a few accelerators; `None` if it cannot run.
type Chosen = Vec<[Option<DataflowId>; LANES]>;

/// The cycles of each layer on a few accelerators; 0 if it cannot run.
type Rows = Vec<[u64; LANES]>;

impl<'a> Sums<'a> {
    fn layer_ids(&self) -> impl Iterator<Item = LayerId> + use<> {
        (0..self.campaign.workload.layers().len()).map(LayerId)
    }

    /// Costs up to [`LANES`] accelerators of the group, from place `start` on.
    fn tile(&self, takes: Takes, energy: Option<Arc<Vec<f64>>>, start: usize) -> Vec<Costed> {
        let lanes = LANES.min(self.group.len() - start);
        let count = self.campaign.workload.layers().len();
        let mut rows: Rows = vec![[0; LANES]; count];
        let mut chosen: Chosen = vec![[None; LANES]; count];
        let mut failed: [Failed<'_>; LANES] = Default::default();
        for layer in self.layer_ids() {
            for lane in 0..lanes {
                match self.choose(takes, layer, start + lane) {
                    Ok((dataflow, cycles)) => {
                        rows[layer.0][lane] = cycles;
                        chosen[layer.0][lane] = Some(dataflow);
                    }
                    Err(refusal) => failed[lane].layers.push((layer, refusal)),
                }
            }
        }
        let energies: [Arc<Vec<f64>>; LANES] = match energy {
            Some(energy) => std::array::from_fn(|_| energy.clone()),
            None => self.energies_of(&chosen).map(Arc::new),
        };
        let columns = self.cycles(&rows, lanes, &mut failed);
        let designs = columns.into_iter().zip(energies).zip(failed).take(lanes).enumerate();
        let of_lane = |(lane, ((cycles, energy), failed)): (usize, _)| {
            let design = DesignId { takes, accelerator: self.group[start + lane] };
            let layers = match self.layers {
                true => {
                    self.layer_ids().map(|layer| self.figures(chosen[layer.0][lane], layer, start + lane)).collect()
                }
                false => Vec::new(),
            };
            self.costed(design, Column { cycles, energy }, failed, layers)
        };
        designs.map(of_lane).collect()
    }

    /// The dataflow that a layer takes on the accelerator in this place of the group, and its cycles. It is the first
    /// dataflow with the least of the objective. If none can run the layer, the error is that of the first.
    fn choose(&self, takes: Takes, layer: LayerId, place: usize) -> Result<(DataflowId, u64), &'a Refusal> {
        let of = |dataflow| self.pieces.get(dataflow, layer);
        if let Takes::One(dataflow) = takes {
            return of(dataflow).lanes.get(place).map(|cycles| (dataflow, cycles));
        }
        let ways = || self.campaign.designs.candidates(takes).map(|dataflow| (dataflow, of(dataflow)));
        let runs = ways().filter_map(|(dataflow, prices)| Some((dataflow, prices, prices.lanes.get(place).ok()?)));
        let figures = |(_, prices, cycles): &(DataflowId, &Prices, u64)| {
            (*cycles, prices.footprint.map_or(f64::NAN, |footprint| footprint.energy.total()))
        };
        if let Some((dataflow, _, cycles)) = self.campaign.designs.objective().best(runs, figures) {
            return Ok((dataflow, cycles));
        }
        let refusal = ways().find_map(|(_, prices)| prices.lanes.get(place).err());
        Err(refusal.unwrap_or(&Refusal::Unsuited(Error::EmptyDataflow)))
    }

    fn figures(&self, dataflow: Option<DataflowId>, layer: LayerId, place: usize) -> Option<LayerFigures> {
        let price = self.pieces.get(dataflow?, layer).get(place, &self.pieces.hardware[place])?;
        Some(price.under(dataflow?))
    }

    /// Energies of all networks under a single dataflow; `None` if layers choose their dataflow, because that depends
    /// on speeds.
    fn energy_of(&self, takes: Takes) -> Option<Arc<Vec<f64>>> {
        let Takes::One(dataflow) = takes else { return None };
        let [sums] = self.energies(|layer, _| self.pieces.get(dataflow, layer).footprint.is_some().then_some(dataflow));
        Some(Arc::new(sums))
    }

    /// Energies of all networks with the dataflow that was chosen for each layer.
    fn energies_of(&self, chosen: &Chosen) -> [Vec<f64>; LANES] {
        self.energies(|layer, lane| chosen[layer.0][lane])
    }

    fn energies<const L: usize>(&self, takes: impl Fn(LayerId, usize) -> Option<DataflowId>) -> [Vec<f64>; L] {
        let piece = |layer: LayerId, lane| Some(self.pieces.get(takes(layer, lane)?, layer));
        let layers = self.campaign.workload.layers().len();
        match (&self.pairs, self.campaign.costing.model()) {
            (Some(pairs), _) => {
                let printed = |&(before, layer): &(Option<u32>, u32)| {
                    let piece = |layer: u32, lane| piece(LayerId(layer as usize), lane);
                    let of = |lane| {
                        let before = before.and_then(|before| piece(before, lane));
                        piece(layer, lane).map_or(0.0, |piece| printed(before, piece))
                    };
                    [std::array::from_fn(of)]
                };
                let items: Vec<[[f64; L]; 1]> = pairs.pairs.iter().map(printed).collect();
                self.added(&items, |[sum]| sum)
            }
            // The reference's model has only these three parts.
            (None, CostModel::Maestro) => {
                let items = (0..layers).map(|layer| parts(|lane| piece(LayerId(layer), lane)));
                self.added::<3, L>(&items.collect::<Vec<_>>(), |[mac, l1, l2]| mac + l1 + l2)
            }
            (None, CostModel::Exact) => {
                let items = (0..layers).map(|layer| parts(|lane| piece(LayerId(layer), lane)));
                let total = |[mac, l1, l2, cluster, offchip]: [f64; 5]| mac + l1 + l2 + cluster + offchip;
                self.added::<5, L>(&items.collect::<Vec<_>>(), total)
            }
        }
    }

    /// Adds up `items` of `PARTS` figures on `L` accelerators, in the order of each network. The parts are added to a
    /// total only at the end.
    fn added<const PARTS: usize, const L: usize>(
        &self,
        items: &[[[f64; L]; PARTS]],
        total: fn([f64; PARTS]) -> f64,
    ) -> [Vec<f64>; L] {
        let mut sums: [Vec<f64>; L] =
            std::array::from_fn(|_| Vec::with_capacity(self.campaign.workload.networks().len()));
        let mut start = 0;
        for layers in self.campaign.workload.sequences() {
            let layers = match &self.pairs {
                None => layers,
                Some(pairs) => {
                    let own = &pairs.sequence[start..start + layers.len()];
                    start += layers.len();
                    own
                }
            };
            let mut sum = [[0.0; L]; PARTS];
            for &item in layers {
                for (sum, part) in sum.iter_mut().zip(&items[item as usize]) {
                    for (sum, energy) in sum.iter_mut().zip(part) {
                        *sum += energy;
                    }
                }
            }
            for (lane, sums) in sums.iter_mut().enumerate() {
                sums.push(total(std::array::from_fn(|part| sum[part][lane])));
            }
        }
        sums
    }

    /// Cycles of all networks. Records the networks whose cycles exceed 64 bits as failed.
    fn cycles(&self, rows: &Rows, lanes: usize, failed: &mut [Failed<'_>; LANES]) -> [Vec<u64>; LANES] {
        let workload = &self.campaign.workload;
        for (lane, failed) in failed.iter_mut().enumerate().take(lanes) {
            let most = rows.iter().map(|row| u128::from(row[lane])).max().unwrap_or(0);
            if most * self.longest > u128::from(u64::MAX) {
                let cycles = |&layer: &u32| u128::from(rows[layer as usize][lane]);
                let sums = workload.sequences().map(|layers| layers.iter().map(cycles).sum::<u128>());
                let beyond = sums.enumerate().filter(|(_, sum)| *sum > u128::from(u64::MAX));
                failed.overflows = beyond.map(|(network, _)| network).collect();
            }
        }
        let add = |sum: [u64; LANES], &layer: &u32| {
            let row = &rows[layer as usize];
            // Sums that wrap here were recorded as failed above.
            std::array::from_fn(|lane| sum[lane].wrapping_add(row[lane]))
        };
        let sums: Vec<[u64; LANES]> = workload.sequences().map(|layers| layers.iter().fold([0; LANES], add)).collect();
        std::array::from_fn(|lane| if lane < lanes { sums.iter().map(|sum| sum[lane]).collect() } else { Vec::new() })
    }

    /// Marks what failed on a design: by the exact model the networks that cannot run, by the reference's model the
    /// whole design.
    fn costed(
        &self,
        design: DesignId,
        mut column: Column,
        failed: Failed<'_>,
        layers: Vec<Option<LayerFigures>>,
    ) -> Costed {
        if failed.is_empty() {
            return Costed { design, column: Some(column), layers, unusable: None };
        }
        let networks = failed.networks(&self.campaign.workload);
        let energy = Arc::make_mut(&mut column.energy);
        for &network in &networks {
            column.cycles[network] = 0;
            energy[network] = f64::NAN;
        }
        let why = Why { campaign: self.campaign, design, failed: &failed };
        let unusable = Some(why.unusable(networks.len()));
        let usable = match self.campaign.costing.model() {
            CostModel::Exact => networks.len() < column.cycles.len(),
            CostModel::Maestro => false,
        };
        Costed { design, column: usable.then_some(column), layers, unusable }
    }
}

/// The first `PARTS` parts of the energy of a layer on each lane; 0 if it cannot run.
fn parts<'p, const PARTS: usize, const L: usize>(piece: impl Fn(usize) -> Option<&'p Prices>) -> [[f64; L]; PARTS] {
    let mut parts = [[0.0; L]; PARTS];
    for lane in 0..L {
        if let Some(footprint) = piece(lane).and_then(|piece| piece.footprint) {
            let energy = footprint.energy;
            let all = [energy.mac, energy.l1, energy.l2, energy.cluster, energy.offchip];
            parts.iter_mut().zip(all).for_each(|(part, own)| part[lane] = own);
        }
    }
    parts
}

/// The energy that the reference prints for a layer after another one, as printed.
fn printed(before: Option<&Prices>, piece: &Prices) -> f64 {
    let mut column = CsvEnergy::default();
    let mut next = |piece: &Prices| piece.footprint?.traffic.map(|(traffic, levels)| column.next(&traffic, levels));
    before.map(&mut next);
    // The printed text is always a number.
    next(piece).map_or(0.0, |energy| G(energy).to_string().parse().unwrap_or(f64::NAN))
}
