//! The branch and bound. It goes through ways to divide the PEs, then tiles of level 1, then tiles of level 2, always
//! the branch with the least bound first. A branch whose bound is not below the best figure so far is cut. So the
//! order of the search determines how long it takes, never what it finds.

mod boxes;
mod buffers;
mod computing;
mod division;
mod inner;
mod memo;
mod outer;
mod partial;
mod state;
mod third;

use std::vec::Vec;

use super::space::{Part, Split};
use super::{Answer, Figures, Task};
use division::Division;
use state::Search;

/// The best mapping of a task.
///
/// ```
/// use maestrino::host::mapper::{Figures, Objective, Task, best};
/// use maestrino::{Dim, EnergyTable, Hardware, Layer, LayerKind};
///
/// let layer = Layer::new(LayerKind::Gemm, &[(Dim::M, 12), (Dim::N, 8), (Dim::K, 6)])?;
/// let hardware = Hardware::new(4)?.with_offchip_bandwidth(8)?;
/// let answer = best(&Task {
///     layer: &layer,
///     hardware: &hardware,
///     energies: &EnergyTable::REFERENCE,
///     objective: Objective::Latency,
///     limits: Figures::UNLIMITED,
///     levels: 2,
///     frozen: None,
///     any_tile: false,
///     budget: 10_000,
///     time: None,
///     gap: 0.0,
/// });
/// // No mapping of the space takes fewer cycles.
/// assert!(answer.proven());
/// println!("{:?}", answer.found.unwrap().dataflow.directives());
/// # Ok::<(), maestrino::Error>(())
/// ```
pub fn best(task: &Task<'_>) -> Answer {
    search(task, false)
}

/// Like [`best`]. A thorough search cuts tiles only once those along all axes are known.
pub(super) fn search(task: &Task<'_>, thorough: bool) -> Answer {
    let parts = task.parts();
    let mut search = Search::new(task, &parts[0], thorough);
    // Tiles that divide come first, and parts with three levels come last: there are many of the latter, and most are
    // no better than what is known by then.
    for any_tile in [false, true] {
        if any_tile && !task.any_tile {
            continue;
        }
        search.left = f64::INFINITY;
        for part in &parts {
            search = search.then(part, any_tile);
            search.run();
        }
    }
    // Every mapping is at or above the least of these three: the best found, the bound of what was not costed, and
    // the bound of what was cut within the tolerance.
    let bound = search.left.min(search.near.get()).min(search.best);
    let Search { found, evaluations, ideal, begun, .. } = search;
    Answer { found, bound, evaluations, ideal, took: begun.elapsed() }
}

/// For a test: each partial mapping that the search reaches in a part of the space, with its bound. A partial mapping
/// is a split and what is known of tiles and orders: the tiles of level 1; with three levels also the tiles of levels
/// 2 and 3 over space, then all tiles of level 2 with the orders of levels 1 and 2, then the tiles and the order of
/// level 3.
#[cfg(test)]
pub(super) fn listed(task: &Task<'_>, part: &Part) -> Vec<(Split, Vec<u32>, f64)> {
    let axes = &part.axes;
    let mut search = Search::new(task, part, false);
    for (_, division) in search.divisions() {
        search.divide(&division);
    }
    let mut listed = Vec::new();
    for outer in std::mem::take(&mut search.outer) {
        let sizes = |sizes: &partial::Sizes| sizes[..axes.len()].to_vec();
        let mut add = |split: &Split, known: &[&[u32]], bound: f64| {
            let known = [&[sizes(&outer.sizes).as_slice()], known].concat().concat();
            listed.push((*split, known, bound.max(outer.bound)));
        };
        if outer.thirds.is_none() {
            outer.ways.iter().for_each(|way| add(&way.split, &[], way.bound));
            continue;
        }
        let outside = search.outside_of(&outer);
        for way in search.ways(&outer, &outside) {
            let over_space: Vec<u32> = way.over_space.into_iter().flatten().collect();
            add(&way.split, &[&over_space], way.bound);
            for middle in search.middles(&outer, &outside, &way) {
                let tiles = sizes(&middle.sizes[0]);
                let [first, second, _] = middle.orders.map(|order| order as u32);
                add(&way.split, &[&tiles, &[first, second], way.over_space[1].as_slice()], middle.bound);
                for leaf in search.leaves(&outer, &outside, &middle) {
                    let third = [leaf.orders[2] as u32];
                    add(&way.split, &[&tiles, &[first, second], &sizes(&leaf.sizes[1]), &third], leaf.bound);
                }
            }
        }
    }
    listed
}

/// For a test: a lower bound of the bytes off-chip, given the axis over space in level 1 and the turns of the loops
/// along the first axes.
#[cfg(test)]
pub(super) fn least_offchip<'a>(task: &'a Task<'a>, part: &'a Part) -> impl Fn(usize, &[u32]) -> f64 + use<'a> {
    let search = Search::new(task, part, false);
    move |spatial, turns| {
        let moved = search.least_moved(spatial, turns);
        moved.map_or(f64::INFINITY, |moved| search.bounds.offchip_bytes(&moved))
    }
}

/// Lower bounds of the figures of every mapping of a task.
pub(super) fn least(task: &Task<'_>) -> Figures {
    let mut least = Figures::UNLIMITED;
    for part in &task.parts() {
        let Figures { cycles, energy, offchip } = least_of(task, part);
        least = Figures {
            cycles: cycles.min(least.cycles),
            energy: energy.min(least.energy),
            offchip: offchip.min(least.offchip),
        };
    }
    least
}

/// Lower bounds of the figures of the mappings of one part of the space.
fn least_of(task: &Task<'_>, part: &Part) -> Figures {
    let axes = &part.axes;
    let search = Search::new(task, part, false);
    let bounds = &search.bounds;
    let mut splits = part.splits.clone();
    // With three levels, assume that the PEs of a cluster share its work ideally.
    let alike = |a: &Split, b: &Split| a.levels == 3 && (a.ways[0], a.spatial[0]) == (b.ways[0], b.spatial[0]);
    splits.dedup_by(|a, b| alike(a, b));
    let computing = splits.into_iter().map(|split| {
        let folded = axes.iter().enumerate().map(|(place, axis)| {
            let folded = |tile| {
                let laid = bounds.laid(&split, 0, place, axis.extent, tile);
                match split.levels {
                    3 => laid.folded(f64::from),
                    _ => laid.folded(|extent| search.least_in_tile(&split, place, extent)),
                }
            };
            search.tiles(&split, 0, place, axis.extent).into_iter().map(folded).fold(f64::INFINITY, f64::min)
        });
        let shared = if split.levels == 3 { f64::from(split.cluster()) } else { 1.0 };
        bounds.computing(folded.product::<f64>() / shared)
    });
    let computing = computing.fold(f64::INFINITY, f64::min);
    let offchip = bounds.offchip_bytes(&bounds.at_least());
    Figures { cycles: bounds.ideal(computing), energy: search.least_energy, offchip }
}

/// The number of mappings of the most promising tiles of each division that are costed before all others. A good
/// mapping that is known early cuts most of what comes later.
const SAMPLE: u64 = 1;

impl Search<'_> {
    /// Ways to divide the PEs, the most promising first, with their bounds.
    fn divisions(&mut self) -> Vec<(f64, Division)> {
        let splits = self.splits;
        let mut divisions: Vec<(f64, Division)> = Vec::new();
        // Splits that differ only in the axis over space of level 2 have the same tiles of level 1, unless the sizes
        // depend on that axis.
        let alike = |a: &Split, b: &Split| {
            let same = (a.levels, a.ways[0], a.spatial[0]) == (b.levels, b.ways[0], b.spatial[0]);
            same && (!self.any_tile || (a.levels == 3 && a.spatial == b.spatial))
        };
        for of in splits.chunk_by(alike) {
            // If all tiles fit into one turn of the clusters, level 1 is the same with more clusters. These splits
            // are handled together with this one.
            let more = splits.iter().filter(|split| {
                (split.levels, split.spatial[0]) == (of[0].levels, of[0].spatial[0])
                    && (split.spatial == of[0].spatial || !self.any_tile)
                    && split.ways[0] > of[0].ways[0]
            });
            let more = if of[0].levels > 1 { more.copied().collect() } else { Vec::new() };
            let division = Division::new(self, of, more);
            let computing = division.computing(&self.bounds, &[]);
            self.ideal = self.ideal.min(self.bounds.ideal(computing));
            divisions.push((self.figure_of_computing(of[0].levels, computing), division));
        }
        divisions.sort_by(|a, b| a.0.total_cmp(&b.0));
        divisions
    }

    fn run(&mut self) {
        let divisions = self.divisions();
        for (place, (bound, division)) in divisions.iter().enumerate() {
            if self.is_cut(*bound) {
                break;
            }
            if self.is_spent() {
                let left = divisions[place..].iter().map(|(_, division)| self.bound_of_division(division, &[]));
                let left = left.fold(f64::INFINITY, f64::min);
                self.leave(left.max(*bound));
                break;
            }
            let first = self.outer.len();
            self.divide(division);
            let best = (first..self.outer.len()).min_by(|&a, &b| self.outer[a].bound.total_cmp(&self.outer[b].bound));
            if let Some(best) = best {
                let outer = self.outer.swap_remove(best);
                self.within(&outer, SAMPLE);
                self.outer.push(outer);
            }
        }
        let mut outer = std::mem::take(&mut self.outer);
        if self.splits.first().is_some_and(|split| split.levels == 3) {
            return self.run_thirds(&outer);
        }
        outer.sort_by(|a, b| a.bound.total_cmp(&b.bound));
        for outer in &outer {
            if !self.goes_on(outer.bound) {
                break;
            }
            self.within(outer, u64::MAX);
        }
    }
}
