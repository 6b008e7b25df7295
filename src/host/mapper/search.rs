//! The search: ways to divide the PEs, then tiles of level 1, then those of level 2, each by its bound, the most promising
//! first. What is bounded by no less than the best so far is cut; so the order of the search decides how long it takes, and
//! never what it finds.

use std::vec::Vec;

use super::bound::{Bounds, InTile, Level, Moved, floor};
use super::space::{Axis, Candidate, MAX_AXES, Split, axes, orders, splits, tiles};
use super::{Answer, Found, Task};
use crate::Cost;
use crate::host::costs::Objective;

/// The best mapping of a task.
pub fn best(task: &Task<'_>) -> Answer {
    let axes = axes(task.layer);
    let bounds = Bounds::new(task, &axes);
    let mut search = Search {
        task,
        axes: &axes,
        orders: orders(&axes),
        least_energy: bounds.least_energy(),
        bounds,
        found: None,
        best: f64::INFINITY,
        left: f64::INFINITY,
        evaluations: 0,
    };
    search.run();
    // What is left is no worse than the bound; a figure that was found may be.
    let bound = search.left.min(search.best);
    let Search { found, evaluations, .. } = search;
    Answer { found, bound, evaluations }
}

/// Sizes of tiles along each axis.
type Sizes = [u32; MAX_AXES];

struct Search<'a> {
    task: &'a Task<'a>,
    axes: &'a [Axis],
    orders: Vec<Vec<usize>>,
    bounds: Bounds<'a>,
    least_energy: f64,
    found: Option<Found>,
    /// The least figure so far.
    best: f64,
    /// The least bound of what was not costed: the budget being spent, or the model refusing it.
    left: f64,
    evaluations: u64,
}

/// Tiles of level 1.
struct Outer {
    bound: f64,
    /// Cycles of computing, given the best tiles of level 2.
    computing: f64,
    sizes: Sizes,
    /// Their bounds and the least that moves off-chip, by the order of loops.
    orders: Vec<(usize, f64, Moved)>,
}

/// Tiles of level 2 for tiles of level 1, and the orders of both.
struct Inner {
    bound: f64,
    sizes: Sizes,
    orders: [usize; 2],
}

impl Search<'_> {
    /// Whether what has such a bound is no better than the best so far.
    fn is_cut(&self, bound: f64) -> bool {
        bound >= floor(self.best)
    }

    /// Whether to look at what has such a bound; if not, nothing after it in a list that is sorted by bounds is to be looked at
    /// either: it is no better, or the budget is spent.
    fn goes_on(&mut self, bound: f64) -> bool {
        if self.is_cut(bound) {
            return false;
        }
        let spent = self.evaluations >= self.task.budget;
        if spent {
            self.leave(bound);
        }
        !spent
    }

    /// Something with such a bound is not costed.
    fn leave(&mut self, bound: f64) {
        self.left = self.left.min(bound);
    }

    fn run(&mut self) {
        let levels = self.task.levels.clamp(1, 2);
        let mut ways: Vec<(f64, Split)> = splits(self.axes.len(), self.task.hardware.pes(), levels)
            .into_iter()
            .map(|split| {
                let folded = (0..self.axes.len()).map(|place| self.least(&split, place)).product();
                (self.bounds.figure(self.bounds.computing(folded), || self.least_energy), split)
            })
            .collect();
        ways.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (bound, split) in &ways {
            if !self.goes_on(*bound) {
                break;
            }
            self.divide(split);
        }
    }

    /// Tiles along an axis, of what level 1 or level 2 cuts.
    fn tiles(&self, split: &Split, place: usize, extent: u32) -> Vec<u32> {
        let over_space = split.spatial[..split.levels].contains(&place);
        tiles(extent, self.task.any_tile && over_space)
    }

    /// What the busiest PE computes at least of an axis.
    fn least(&self, split: &Split, place: usize) -> f64 {
        let sizes = self.tiles(split, place, self.axes[place].extent);
        let all = sizes.iter().map(|tile| self.folded(split, place, *tile));
        all.fold(f64::INFINITY, f64::min)
    }

    /// What the busiest PE computes of an axis with such tiles of level 1 and the best of level 2.
    fn folded(&self, split: &Split, place: usize, tile: u32) -> f64 {
        self.bounds.folded_in_all(split, place, tile, |extent| {
            if split.levels == 1 || split.spatial[1] != place {
                return f64::from(extent);
            }
            let sizes = self.tiles(split, place, extent).into_iter();
            sizes.map(|tile| self.bounds.folded(split, place, extent, tile)).fold(f64::INFINITY, f64::min)
        })
    }

    /// Every mapping of a way to divide the PEs.
    fn divide(&mut self, split: &Split) {
        let extents: Vec<u32> = self.axes.iter().map(|axis| axis.extent).collect();
        let options: Vec<Vec<(f64, u32)>> = (0..self.axes.len())
            .map(|place| {
                let sizes = self.tiles(split, place, extents[place]);
                sizes.into_iter().map(|tile| (self.folded(split, place, tile), tile)).collect()
            })
            .collect();
        let least: Vec<f64> =
            options.iter().map(|of| of.iter().map(|(folded, _)| *folded).fold(f64::INFINITY, f64::min)).collect();
        let mut outer = Vec::new();
        self.outer(split, &extents, &options, &least, 1.0, &mut Vec::new(), &mut outer);
        outer.sort_by(|a: &Outer, b| a.bound.total_cmp(&b.bound));
        for outer in &outer {
            if !self.goes_on(outer.bound) {
                break;
            }
            self.within(split, &extents, outer);
        }
    }

    /// Tiles of level 1, axis by axis.
    #[allow(clippy::too_many_arguments)]
    fn outer(
        &mut self,
        split: &Split,
        extents: &[u32],
        options: &[Vec<(f64, u32)>],
        least: &[f64],
        folded: f64,
        taken: &mut Vec<u32>,
        found: &mut Vec<Outer>,
    ) {
        let place = taken.len();
        let rest: f64 = least[place..].iter().product();
        let computing = self.bounds.computing(folded * rest);
        if self.is_cut(self.bounds.figure(computing, || self.least_energy)) {
            return;
        }
        if self.task.objective != Objective::Latency && (1..options.len()).contains(&place) {
            // Whatever the other tiles are, nothing is read less often than with the largest.
            let known = sizes_of(taken, &extents[place..]);
            let level = self.bounds.level(split, 0, extents, &known);
            let energy = |order: &Vec<usize>| self.bounds.energy(split, (&level, order), &self.bounds.at_least(), None);
            let energy = self.orders.iter().map(energy).fold(f64::INFINITY, f64::min);
            if self.is_cut(self.bounds.figure(computing, || energy)) {
                return;
            }
        }
        let Some(sizes) = options.get(place) else {
            let level = self.bounds.level(split, 0, extents, taken);
            let mut orders = Vec::new();
            for place in distinct(&self.orders, &level) {
                let order = &self.orders[place];
                let bound = |moved: &Moved| {
                    let cycles = self.bounds.cycles(split, (&level, order), moved, &InTile::default(), computing);
                    self.bounds.figure(cycles, || self.bounds.energy(split, (&level, order), moved, None))
                };
                // What L2 holds takes longer to find out.
                if self.is_cut(bound(&self.bounds.at_least())) {
                    continue;
                }
                let Some(moved) = self.bounds.moved(&level, order) else { continue };
                let bound = bound(&moved);
                if !self.is_cut(bound) {
                    orders.push((place, bound, moved));
                }
            }
            let bound = orders.iter().map(|(_, bound, _)| *bound).fold(f64::INFINITY, f64::min);
            if !self.is_cut(bound) {
                found.push(Outer { bound, computing, sizes: sizes_of(taken, &[]), orders });
            }
            return;
        };
        for &(own, tile) in sizes {
            taken.push(tile);
            self.outer(split, extents, options, least, folded * own, taken, found);
            taken.pop();
        }
    }

    /// Every mapping with such tiles of level 1.
    fn within(&mut self, split: &Split, extents: &[u32], outer: &Outer) {
        let count = self.axes.len();
        let tiles = &outer.sizes[..count];
        let level = self.bounds.level(split, 0, extents, tiles);
        let mut inner = Vec::new();
        if split.levels == 1 {
            if self.bounds.fits_l1(tiles) {
                for &(order, bound, _) in &outer.orders {
                    inner.push(Inner { bound, sizes: [1; MAX_AXES], orders: [order, 0] });
                }
            }
        } else {
            let options: Vec<Vec<u32>> = (0..count).map(|place| self.tiles(split, place, tiles[place])).collect();
            self.inner(split, extents, outer, &level, &options, &mut Vec::new(), &mut inner);
        }
        inner.sort_by(|a, b| a.bound.total_cmp(&b.bound));
        for inner in &inner {
            if !self.goes_on(inner.bound) {
                break;
            }
            self.evaluate(split, outer, inner);
        }
    }

    /// Whether tiles of level 2 along the first axes may be part of something better, the others being as large as can be.
    fn may_be_better(&self, split: &Split, outer: &Outer, level: &Level, taken: &[u32]) -> bool {
        let count = self.axes.len();
        if self.task.objective == Objective::Latency || taken.len() == count {
            return true;
        }
        let tiles = &outer.sizes[..count];
        let known = sizes_of(taken, &tiles[taken.len()..]);
        let below = self.bounds.level(split, 1, tiles, &known);
        outer.orders.iter().any(|(outside, _, moved)| {
            let first = &self.orders[*outside];
            let computing = outer.computing;
            let cycles = self.bounds.cycles(split, (level, first), moved, &InTile::default(), computing);
            self.orders.iter().any(|order| {
                let energy = || self.bounds.energy(split, (level, first), moved, Some((&below, order)));
                !self.is_cut(self.bounds.figure(cycles, energy))
            })
        })
    }

    /// Tiles of level 2, axis by axis; larger tiles need more of L1.
    #[allow(clippy::too_many_arguments)]
    fn inner(
        &mut self,
        split: &Split,
        extents: &[u32],
        outer: &Outer,
        level: &Level,
        options: &[Vec<u32>],
        taken: &mut Vec<u32>,
        found: &mut Vec<Inner>,
    ) {
        let count = self.axes.len();
        if taken.len() < count {
            for &tile in &options[taken.len()] {
                taken.push(tile);
                let least = sizes_of(taken, &[]);
                let fits = self.bounds.fits_l1(&least[..count]);
                if fits && self.may_be_better(split, outer, level, taken) {
                    self.inner(split, extents, outer, level, options, taken, found);
                }
                taken.pop();
                if !fits {
                    break;
                }
            }
            return;
        }
        let tiles = &outer.sizes[..count];
        let of = |place: usize, extent| self.bounds.folded(split, place, extent, taken[place]);
        let computing = self.bounds.computing((0..count).map(|place| of(place, tiles[place])).product());
        let all =
            (0..count).map(|place| self.bounds.folded_in_all(split, place, tiles[place], |extent| of(place, extent)));
        let all = self.bounds.computing(all.product());
        if self.is_cut(self.bounds.figure(all, || self.least_energy)) {
            return;
        }
        let below = self.bounds.level(split, 1, tiles, taken);
        let last: Vec<u32> = (0..count).map(|place| level.last_tile(place, extents[place], tiles[place])).collect();
        let last = self.bounds.level(split, 1, &last, taken);
        for inside in distinct(&self.orders, &below) {
            let order = &self.orders[inside];
            let in_tile = self.bounds.inner(split, &below, &last, computing, order);
            for (outside, bound, moved) in &outer.orders {
                let first = &self.orders[*outside];
                let cycles = self.bounds.cycles(split, (level, first), moved, &in_tile, all);
                let energy = || self.bounds.energy(split, (level, first), moved, Some((&below, order)));
                let bound = bound.max(self.bounds.figure(cycles, energy));
                if !self.is_cut(bound) {
                    found.push(Inner { bound, sizes: sizes_of(taken, &[]), orders: [*outside, inside] });
                }
            }
        }
    }

    /// Costs a mapping.
    fn evaluate(&mut self, split: &Split, outer: &Outer, inner: &Inner) {
        let count = self.axes.len();
        let tiles = [&outer.sizes[..count], &inner.sizes[..count]];
        let orders = inner.orders.map(|order| self.orders[order].as_slice());
        self.evaluations += 1;
        let Task { layer, hardware, energies, objective, .. } = *self.task;
        let costed = (Candidate { split, tiles, orders })
            .dataflow(self.axes)
            .and_then(|dataflow| Ok((Cost::with_energies(layer, &dataflow, hardware, energies)?, dataflow)));
        // What the model cannot count may be better.
        let Ok((cost, dataflow)) = costed else { return self.leave(inner.bound) };
        let Some(cycles) = cost.cycles().filter(|_| cost.fits.all()) else { return };
        let figure = objective.figure(cycles as f64, cost.energy.total());
        if figure < self.best {
            self.best = figure;
            self.found = Some(Found { dataflow, cost, figure });
        }
    }
}

/// Sizes along the first axes and along the next ones, single elements along those that are left.
fn sizes_of(first: &[u32], next: &[u32]) -> Sizes {
    let mut sizes = [1; MAX_AXES];
    sizes.iter_mut().zip(first.iter().chain(next)).for_each(|(own, size)| *own = *size);
    sizes
}

/// Places of orders, one of those that differ only in loops that do not turn.
fn distinct(orders: &[Vec<usize>], level: &Level) -> impl Iterator<Item = usize> {
    let turning = |order: &Vec<usize>| {
        let turning = order.iter().filter(|&&axis| level.turns(axis));
        turning.fold(0_u32, |code, &axis| code << 3 | (axis as u32 + 1))
    };
    // All permutations of the groups of axes that the same tensors are coupled to: there are four kinds of groups at most.
    let mut known = [0; 24];
    let mut places = heapless::Vec::<usize, 24>::new();
    for (place, order) in orders.iter().enumerate() {
        let code = turning(order) + 1;
        let count = places.len();
        if !known[..count].contains(&code) && places.push(place).is_ok() {
            known[count] = code;
        }
    }
    places.into_iter()
}
