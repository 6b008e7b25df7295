//! Sums over the layers of each network.
//!
//! Accelerators are taken [`LANES`] at a time: a row of cycles for each distinct layer then fits a cache line, and all
//! rows together a cache. Energies are added in execution order, as an estimate does, so that they agree to the last bit.

use std::cmp::Ordering;
use std::sync::Arc;

use rayon::prelude::*;

use super::pieces::{Piece, Pieces};
use super::workload::Pairs;
use super::{Campaign, Costing, Objective, Reason, Unusable};
use crate::Error;
use crate::host::printed::{CsvEnergy, G};
use crate::host::shape::kind_and_shape;

/// Accelerators that are summed at once.
const LANES: usize = 8;

/// What each network costs on a design.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub cycles: Vec<u64>,
    pub energy: Arc<Vec<f64>>,
}

/// A design, and its column or why it has none.
pub(super) type Costed = ((usize, usize), Result<Column, Unusable>);

/// The columns of all designs of a group of accelerators, given by their places.
pub(super) fn columns(campaign: &Campaign, group: &[usize], pieces: &Pieces) -> Vec<Costed> {
    let pairs = (campaign.costing == Costing::MaestroCsv).then(|| Pairs::new(&campaign.workload));
    let sums = Sums { campaign, group, pieces, pairs, longest: campaign.workload.longest() as u128 };
    let energies: Vec<Arc<Vec<f64>>> =
        (0..campaign.dataflows.len()).into_par_iter().map(|dataflow| Arc::new(sums.energy_of(dataflow))).collect();
    let tiles: Vec<(usize, usize)> = (0..campaign.designs_each())
        .flat_map(|dataflow| (0..group.len()).step_by(LANES).map(move |start| (dataflow, start)))
        .collect();
    let tiles = tiles.into_par_iter().flat_map_iter(|(dataflow, start)| match energies.get(dataflow) {
        Some(energy) => sums.tile(dataflow, start, energy),
        None => sums.mixed_tile(start),
    });
    tiles.collect()
}

struct Sums<'a> {
    campaign: &'a Campaign,
    group: &'a [usize],
    pieces: &'a Pieces,
    pairs: Option<Pairs>,
    longest: u128,
}

/// Cycles of the layers on a few accelerators.
type Rows = Vec<[u64; LANES]>;

impl Sums<'_> {
    fn layers(&self) -> usize {
        self.campaign.workload.layers().len()
    }

    fn lanes(&self, start: usize) -> usize {
        LANES.min(self.group.len() - start)
    }

    /// Columns of a few accelerators under a dataflow.
    fn tile(&self, dataflow: usize, start: usize, energy: &Arc<Vec<f64>>) -> Vec<Costed> {
        let lanes = self.lanes(start);
        let mut rows: Rows = vec![[0; LANES]; self.layers()];
        let mut failed: [Vec<(usize, Error)>; LANES] = Default::default();
        for (layer, row) in rows.iter_mut().enumerate() {
            match self.pieces.get(dataflow, layer) {
                Ok(piece) => {
                    row[..lanes].copy_from_slice(&piece.cycles[start..start + lanes]);
                    for (place, error) in piece.errors.iter().filter(|(at, _)| (start..start + lanes).contains(at)) {
                        failed[place - start].push((layer, *error));
                    }
                }
                Err(error) => failed[..lanes].iter_mut().for_each(|failed| failed.push((layer, error))),
            }
        }
        self.told(dataflow, start, &rows, failed, |_| energy.clone())
    }

    /// Columns of a few accelerators where each layer takes the best dataflow.
    fn mixed_tile(&self, start: usize) -> Vec<Costed> {
        let lanes = self.lanes(start);
        let objective = self.campaign.mixed.unwrap_or(Objective::Latency);
        let dataflows = self.campaign.dataflows.len();
        let mut rows: Rows = vec![[0; LANES]; self.layers()];
        let mut failed: [Vec<(usize, Error)>; LANES] = Default::default();
        let mut chosen: Vec<[Option<&Piece>; LANES]> = vec![[None; LANES]; self.layers()];
        for (layer, (row, chosen)) in rows.iter_mut().zip(&mut chosen).enumerate() {
            let candidates: Vec<_> = (0..dataflows).map(|dataflow| self.pieces.get(dataflow, layer)).collect();
            for lane in 0..lanes {
                let place = start + lane;
                let usable = candidates.iter().flatten().filter(|piece| piece.cycles[place] != 0);
                // The first of equal ones.
                let best = usable.min_by(|a, b| {
                    cost(objective, a, place).partial_cmp(&cost(objective, b, place)).unwrap_or(Ordering::Equal)
                });
                match best {
                    Some(best) => {
                        row[lane] = best.cycles[place];
                        chosen[lane] = Some(best);
                    }
                    None => {
                        let reason = candidates.iter().find_map(|candidate| match candidate {
                            Ok(piece) => piece.errors.iter().find(|(at, _)| *at == place).map(|(_, error)| *error),
                            Err(error) => Some(*error),
                        });
                        failed[lane].push((layer, reason.unwrap_or(Error::EmptyDataflow)));
                    }
                }
            }
        }
        let energies = match &self.pairs {
            None => {
                let items: Vec<[[f64; LANES]; 3]> = chosen
                    .iter()
                    .map(|of_lanes| {
                        let mut item = [[0.0; LANES]; 3];
                        for (lane, piece) in of_lanes.iter().enumerate() {
                            for (part, energy) in item.iter_mut().zip(piece.map_or([0.0; 3], |piece| piece.energy)) {
                                part[lane] = energy;
                            }
                        }
                        item
                    })
                    .collect();
                self.energies(&items, None, |[mac, l1, l2]| mac + l1 + l2)
            }
            Some(pairs) => {
                let items: Vec<[[f64; LANES]; 1]> = pairs
                    .pairs
                    .iter()
                    .map(|&(before, layer)| {
                        let mut item = [0.0; LANES];
                        for (lane, energy) in item.iter_mut().enumerate() {
                            if let Some(piece) = chosen[layer as usize][lane] {
                                *energy = printed(before.and_then(|before| chosen[before as usize][lane]), piece);
                            }
                        }
                        [item]
                    })
                    .collect();
                self.energies(&items, Some(pairs), |[sum]| sum)
            }
        };
        let energies = energies.map(Arc::new);
        self.told(dataflows, start, &rows, failed, |lane| energies[lane].clone())
    }

    /// Energies of all networks under a dataflow, which do not depend on bandwidths.
    fn energy_of(&self, dataflow: usize) -> Vec<f64> {
        let piece = |layer| self.pieces.get(dataflow, layer).ok();
        match &self.pairs {
            None => {
                let items: Vec<[[f64; 1]; 3]> = (0..self.layers())
                    .map(|layer| piece(layer).map_or([0.0; 3], |piece| piece.energy).map(|e| [e]))
                    .collect();
                let [sums] = self.energies(&items, None, |[mac, l1, l2]| mac + l1 + l2);
                sums
            }
            Some(pairs) => {
                let items: Vec<[[f64; 1]; 1]> = pairs
                    .pairs
                    .iter()
                    .map(|&(before, layer)| {
                        let before = before.and_then(|before| piece(before as usize));
                        [[piece(layer as usize).map_or(0.0, |piece| printed(before, piece))]]
                    })
                    .collect();
                let [sums] = self.energies(&items, Some(pairs), |[sum]| sum);
                sums
            }
        }
    }

    /// Adds up `items` of `PARTS` figures on `L` accelerators in the order of each network, the parts apart until the end.
    fn energies<const PARTS: usize, const L: usize>(
        &self,
        items: &[[[f64; L]; PARTS]],
        pairs: Option<&Pairs>,
        total: fn([f64; PARTS]) -> f64,
    ) -> [Vec<f64>; L] {
        let mut sums: [Vec<f64>; L] =
            std::array::from_fn(|_| Vec::with_capacity(self.campaign.workload.networks().len()));
        let mut start = 0;
        for layers in self.campaign.workload.sequences() {
            let layers = match pairs {
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

    /// Sums up cycles, and tells the columns of the lanes without failures.
    fn told(
        &self,
        dataflow: usize,
        start: usize,
        rows: &Rows,
        mut failed: [Vec<(usize, Error)>; LANES],
        energy: impl Fn(usize) -> Arc<Vec<f64>>,
    ) -> Vec<Costed> {
        let workload = &self.campaign.workload;
        let lanes = self.lanes(start);
        for (lane, failed) in failed.iter_mut().enumerate().take(lanes) {
            let most = rows.iter().map(|row| u128::from(row[lane])).max().unwrap_or(0);
            if most * self.longest > u128::from(u64::MAX) {
                let sum = |counts: &[(u32, u32)]| {
                    counts
                        .iter()
                        .map(|&(layer, count)| u128::from(rows[layer as usize][lane]) * u128::from(count))
                        .sum::<u128>()
                };
                if let Some(network) = workload.counts().find(|counts| sum(counts) > u128::from(u64::MAX)) {
                    failed.push((network[0].0 as usize, Error::Overflow { level: 1 }));
                }
            }
        }
        let mut columns: [Vec<u64>; LANES] = Default::default();
        if failed[..lanes].iter().any(Vec::is_empty) {
            columns[..lanes].iter_mut().for_each(|column| column.reserve_exact(workload.networks().len()));
            for counts in workload.counts() {
                let mut sum = [0u64; LANES];
                for &(layer, count) in counts {
                    let count = u64::from(count);
                    for (sum, cycles) in sum.iter_mut().zip(&rows[layer as usize]) {
                        // Cannot wrap where it matters: checked above.
                        *sum = sum.wrapping_add(count.wrapping_mul(*cycles));
                    }
                }
                for (column, sum) in columns.iter_mut().zip(sum).take(lanes) {
                    column.push(sum);
                }
            }
        }
        let designs = columns.into_iter().zip(failed).take(lanes).enumerate();
        let costed = designs.map(|(lane, (cycles, failed))| {
            let design = (dataflow, self.group[start + lane]);
            let column = match failed.first() {
                None => Ok(Column { cycles, energy: energy(lane) }),
                Some(&(layer, reason)) => Err(self.unusable(design, layer, reason, &failed)),
            };
            (design, column)
        });
        costed.collect()
    }

    fn unusable(&self, design: (usize, usize), layer: usize, reason: Error, failed: &[(usize, Error)]) -> Unusable {
        let workload = &self.campaign.workload;
        let mut fails = vec![false; self.layers()];
        failed.iter().for_each(|(layer, _)| fails[*layer] = true);
        let networks =
            workload.counts().filter(|counts| counts.iter().any(|(layer, _)| fails[*layer as usize])).count();
        let first = workload.counts().position(|counts| counts.iter().any(|(own, _)| *own as usize == layer));
        let shaped = &workload.layers()[layer];
        Unusable {
            dataflow: self.campaign.dataflow_name(design.0).to_string(),
            accelerator: self.campaign.accelerators[design.1].name.clone(),
            layer: kind_and_shape(shaped),
            network: first.map_or(String::new(), |first| workload.networks()[first].clone()),
            layers: failed.len(),
            networks,
            reason: Reason::Unsuited(reason),
        }
    }
}

/// What a piece has of the objective, and of the other figure to break ties.
fn cost(objective: Objective, piece: &Piece, place: usize) -> (f64, f64) {
    let [mac, l1, l2] = piece.energy;
    objective.of(piece.cycles[place], mac + l1 + l2)
}

/// The reference's energy column of a layer after another one, as printed.
fn printed(before: Option<&Piece>, piece: &Piece) -> f64 {
    let mut column = CsvEnergy::default();
    if let Some(before) = before {
        column.next(before.row.traffic(), before.row.levels());
    }
    // What it prints is a number.
    G(column.next(piece.row.traffic(), piece.row.levels())).to_string().parse().unwrap_or(f64::NAN)
}
