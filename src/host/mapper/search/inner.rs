//! Chooses the tiles of level 2, one axis after the other, for given tiles of level 1.

use std::cell::OnceCell;
use std::vec::Vec;

use super::super::bound::{InTile, Level, Moved};
use super::super::space::{Candidate, MAX_AXES, Split, paired_tile};
use super::super::{Objective, Task, steady};
use super::partial::{Inner, Order, Outer, OuterLevel, Sizes, Way, sizes_of};
use super::state::Search;
use crate::Cost;

/// The branch that is searched: tiles of level 1 and a way to divide the PEs.
pub(super) struct Within<'a> {
    pub sizes: &'a Sizes,
    pub way: &'a Way,
    pub outside: &'a OuterLevel,
    /// The possible tiles of level 2 along each axis, the smallest first.
    pub options: Vec<Vec<u32>>,
    /// If all tiles of level 1 have the same size: level 1, and its factors under each of its orders, computed when
    /// they are first needed. Not used for mappings with three levels.
    pub alike: Option<&'a steady::Level>,
    pub known: &'a [OnceCell<Option<steady::Outer>>],
    pub found: &'a mut Vec<Inner>,
    /// Whether something was left out because the limit of examined tiles or the time was reached.
    pub left: bool,
}

impl Within<'_> {
    fn split(&self) -> &Split {
        &self.way.split
    }
}

impl Search<'_> {
    /// Costs the mappings with these tiles of level 1, at most `most` of them.
    pub(super) fn within(&mut self, outer: &Outer, most: u64) {
        let count = self.axes.len();
        let Outer { sizes, ways, thirds, .. } = outer;
        if thirds.is_some() {
            return self.sample_third(outer, most);
        }
        let Some(first) = ways.first() else { return };
        let laid = (0..count).map(|place| self.bounds.laid(&first.split, 0, place, self.extents[place], sizes[place]));
        let computing = ways.iter().map(|way| way.computing).fold(f64::INFINITY, f64::min);
        let level = Level::new(&first.split, 0, laid);
        let inside = self.least_inside(&level, ways.iter().map(|way| &way.split), sizes);
        let mut outside = self.outside(&first.split, level, computing, inside);
        if self.task.objective == Objective::Offchip && self.bounds.is_tight() {
            outside.orders.retain_mut(|order| self.knows_moved(&first.split, sizes, order));
        }
        let mut inner = Vec::new();
        let alike = self.steady.and_then(|own| own.level(&first.split, 0, [&self.extents, &sizes[..count]], None));
        let known: Vec<_> = outside.orders.iter().map(|_| OnceCell::new()).collect();
        for way in ways {
            let split = &way.split;
            if self.is_cut(way.bound) {
                continue;
            }
            if split.levels == 1 {
                for order in &outside.orders {
                    let bound = self.bound_of(&outside, order, way.computing, &[]);
                    inner.push(Inner { bound, split: *split, sizes: [[1; MAX_AXES]; 2], orders: [order.place, 0, 0] });
                }
                continue;
            }
            let mut options: Vec<Vec<u32>> =
                (0..count).map(|place| self.tiles(split, 1, place, sizes[place])).collect();
            let (over_space, outside_tiles) = (split.spatial[1], self.tiles_over_space(split, sizes));
            options[over_space].retain(|tile| !split.is_twin(outside_tiles, sizes[over_space].div_ceil(*tile)));
            let (outside, alike, found) = (&outside, alike.as_ref(), &mut inner);
            let mut within = Within { sizes, way, outside, options, alike, known: &known, found, left: false };
            self.inner(&mut within, &mut Vec::new(), sizes);
        }
        inner.sort_by(|a, b| a.bound.total_cmp(&b.bound));
        let until = self.evaluations.saturating_add(most);
        for inner in &inner {
            if self.evaluations >= until || !self.goes_on(inner.bound) {
                break;
            }
            self.evaluate(outer, inner);
        }
    }

    /// Replaces the bound of what moves off-chip under an order by the exact number of bits, which does not depend on
    /// level 2. Returns whether this may be better.
    fn knows_moved(&self, split: &Split, sizes: &Sizes, order: &mut Order) -> bool {
        let Task { layer, hardware, energies, .. } = *self.task;
        let below = |(place, &size): (usize, &u32)| paired_tile(self.axes, split, 1, place, size).unwrap_or(size);
        let uncut: heapless::Vec<u32, MAX_AXES> = sizes[..self.axes.len()].iter().enumerate().map(below).collect();
        let tiles = [&sizes[..self.axes.len()], &uncut, &uncut];
        let orders = [0, 1, 2].map(|level| self.orders[level][order.place].as_slice());
        let costed = (Candidate { split, tiles, orders })
            .dataflow(self.axes)
            .and_then(|dataflow| Cost::with_energies(layer, &dataflow, hardware, energies));
        match costed.map(|cost| cost.offchip) {
            Ok(Some(offchip)) if self.bounds.moves_alike() => {
                let [activations, weights] = [offchip.streams.activations(), offchip.streams.weights()];
                order.moved = Moved { activations: activations as f64, weights: weights as f64 };
                !self.is_cut(self.bounds.figure(|| 0.0, || 0.0, &order.moved))
            }
            Ok(None) => false,
            _ => true,
        }
    }

    /// Chooses the tiles of level 2 along the next axis. `largest` limits the tiles along the axes that are not taken
    /// yet.
    pub(super) fn inner(&self, within: &mut Within<'_>, taken: &mut Vec<u32>, largest: &Sizes) {
        let count = self.axes.len();
        if within.split().levels == 3 {
            self.looked.set(self.looked.get() + 1);
            if self.has_looked_enough() || self.is_late() {
                within.left = true;
                return;
            }
        }
        let Some(largest) = self.largest(within, taken, largest) else { return };
        if !self.may_go_on(within, taken, &largest, &sizes_of(taken, &[])) {
            return;
        }
        let place = taken.len();
        if place == count {
            return self.complete(within, taken);
        }
        for option in (0..within.options[place].len()).rev() {
            let tile = within.options[place][option];
            if tile > largest[place] {
                continue;
            }
            let smallest = sizes_of(taken, &[]);
            taken.push(tile);
            // If this tile is smaller, the tiles of the other axes may be larger, but never larger than `largest`.
            let goes_on = place == within.split().spatial[1] || self.may_go_on(within, taken, &largest, &smallest);
            if goes_on {
                self.inner(within, taken, &largest);
            }
            taken.pop();
            if !goes_on {
                // Smaller tiles along this axis need not be tried either.
                break;
            }
        }
    }

    /// The largest tile along each axis that is not taken yet, assuming the smallest tiles along all others: larger
    /// ones do not fit L1. `None` if no tile fits.
    fn largest(&self, within: &Within<'_>, taken: &[u32], largest: &Sizes) -> Option<Sizes> {
        let count = self.axes.len();
        if within.split().levels == 3 {
            // L1 holds tiles of level 3, so it does not limit those of level 2.
            return Some(*largest);
        }
        let least = sizes_of(taken, &[]);
        if !self.bounds.fits_l1(&least[..count]) {
            return None;
        }
        let mut all = *largest;
        for place in taken.len()..count {
            let fits = |tile: &u32| {
                let mut sizes = least;
                sizes[place] = *tile;
                *tile <= largest[place] && self.bounds.fits_l1(&sizes[..count])
            };
            all[place] = within.options[place].iter().rev().copied().find(fits)?;
        }
        Some(all)
    }

    /// Whether tiles of level 2 along the first axes may be part of a better mapping. The other tiles are no larger
    /// than `largest`, and all tiles are no smaller than `smallest`.
    fn may_go_on(&self, within: &Within<'_>, taken: &[u32], largest: &Sizes, smallest: &Sizes) -> bool {
        if self.thorough {
            return true;
        }
        let count = self.axes.len();
        let (outside, split) = (within.outside, within.split());
        let below = Level::new(
            split,
            1,
            (0..count).map(|place| {
                let extent = within.sizes[place];
                let tile = match taken.get(place) {
                    Some(tile) => *tile,
                    // Some tiles leave PEs idle, which then keep what they hold; smaller tiles may not. So the bound
                    // assumes the whole extent.
                    None if split.spatial[1] == place => extent,
                    None => largest[place],
                };
                self.bounds.laid(split, 1, place, extent, tile)
            }),
        );
        let leaf = self.least_leaf(&[&outside.level], split, smallest, None);
        below.distinct(&self.orders[1]).any(|place| {
            let flows = self.bounds.flows(&below, &self.orders[1][place]);
            let in_tile = self.bounds.least_inner(split.levels, &self.bounds.least_stream(&below, &flows));
            let inside = self.bounds.inside(&outside.level, &below, &flows);
            let insides = [Some(inside), leaf].into_iter().flatten().collect::<heapless::Vec<_, 2>>();
            outside.orders.iter().any(|order| {
                let cycles = || {
                    let (level, ends) = (&outside.level, &outside.ends);
                    self.bounds.cycles(level, &order.stream, ends, &order.moved, &in_tile, within.way.computing)
                };
                let energy = || self.bounds.energy(&order.supply, &order.moved, &insides);
                !self.is_cut(self.bounds.figure(cycles, energy, &order.moved))
            })
        })
    }

    /// Tiles of level 2 are chosen along all axes: lists them with the orders of both levels that may be better.
    fn complete(&self, within: &mut Within<'_>, taken: &[u32]) {
        let count = self.axes.len();
        let (outside, split) = (within.outside, *within.split());
        let laid = |place: usize, extent: u32| self.bounds.laid(&split, 1, place, extent, taken[place]);
        let computing = |of: &dyn Fn(usize) -> f64| self.bounds.computing((0..count).map(of).product());
        let level = &outside.level;
        let mut leaves = [1; MAX_AXES];
        let known = within.way.over_space[1];
        let leaf = |place: usize, extent: u32| match known.filter(|_| place == split.spatial[2]) {
            Some(tile) => self.bounds.laid(&split, 2, place, extent, tile).folded(f64::from),
            None => self.least_below(&split, 2, place, extent),
        };
        let box_of = |place: usize, extent: u32| laid(place, extent).folded(|extent| leaf(place, extent));
        let all = computing(&|place| level.along(place).folded(|extent| box_of(place, extent)));
        if self.is_cut(self.figure_of_computing(split.levels, all)) {
            return;
        }
        let one = computing(&|place| box_of(place, within.sizes[place]));
        let below = Level::new(&split, 1, (0..count).map(|place| laid(place, within.sizes[place])));
        let last = Level::new(&split, 1, (0..count).map(|place| laid(place, level.along(place).last_tile())));
        let ends = self.bounds.ends(&below, &last);
        leaves[split.spatial[2]] = known.unwrap_or(0);
        let leaf = self.least_leaf(&[level, &below], &split, &sizes_of(taken, &[]), known);
        let (boxes, alike) = ([&within.sizes[..count], taken], OnceCell::new());
        for inside in below.distinct(&self.orders[1]) {
            let order = &self.orders[1][inside];
            let flows = self.bounds.flows(&below, order);
            let in_tile = if self.task.needs_cycles() {
                self.bounds.inner(&self.bounds.stream(&below, order, &flows), &ends, one)
            } else {
                InTile::default()
            };
            let costs = self.bounds.inside(level, &below, &flows);
            let costs = [Some(costs), leaf].into_iter().flatten().collect::<heapless::Vec<_, 2>>();
            let candidate = |first: usize| Candidate {
                split: &split,
                tiles: [&within.sizes[..count], taken, &[]],
                orders: [&self.orders[0][first], order, &[]],
            };
            let mut inner = None;
            for (number, first) in outside.orders.iter().enumerate() {
                let moved = &first.moved;
                let cycles = || self.bounds.cycles(level, &first.stream, &outside.ends, moved, &in_tile, all);
                let energy = || self.bounds.energy(&first.supply, moved, &costs);
                let mut bound = self.bounds.figure(cycles, energy, moved).max(within.way.bound);
                // If all tiles have the same size, the figure follows from products, and is exact.
                if !self.is_cut(bound)
                    && let (Some(own), Some(above), Some(known)) =
                        (&self.steady, within.alike, within.known.get(number))
                    && let Some(below) = alike.get_or_init(|| own.level(&split, 1, boxes, Some(above)))
                    && let Some(outer) = known.get_or_init(|| own.outer(&candidate(first.place), above))
                {
                    let inner = inner.get_or_insert_with(|| own.inner(below, order));
                    let figures = own.figures(outer, inner).filter(|figures| self.task.allows(figures));
                    bound = figures.map_or(f64::INFINITY, |figures| self.task.objective.figure(&figures));
                }
                if !self.is_cut(bound) {
                    within.found.push(Inner {
                        bound,
                        split,
                        sizes: [sizes_of(taken, &[]), leaves],
                        orders: [first.place, inside, 0],
                    });
                }
            }
        }
    }
}
