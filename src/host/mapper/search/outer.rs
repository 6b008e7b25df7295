//! Chooses the tiles of level 1, one axis after the other.

use std::vec::Vec;

use super::super::bound::{InTile, Inside, Level, Moved, Stream};
use super::super::rounding::floor;
use super::super::space::{MAX_AXES, Split};
use super::division::Division;
use super::partial::{Order, Outer, OuterLevel, Sizes, Way};
use super::state::Search;

impl Search<'_> {
    /// The least that a cluster takes for a full tile of level 1; zero if the tile goes to PEs directly.
    fn least_in_cluster(&self, levels: usize) -> InTile {
        if levels == 1 { InTile::default() } else { self.bounds.least_inner(levels, &Stream::default()) }
    }

    /// The least exchange inside of clusters, for tiles of level 1 that are no smaller than `smallest`. The tiles
    /// along the first axes are `known`.
    fn least_inside_any(&self, division: &Division, known: &[usize], smallest: &Sizes) -> Option<Inside> {
        if division.levels() != 2 {
            return self.kept_by_pes(division.levels(), false);
        }
        let (mut at_once, mut keep) = (false, [false; 2]);
        for split in &division.splits {
            let (mut once, place) = (*smallest, split.spatial[1]);
            once[place] = once[place].div_ceil(split.ways[1]);
            at_once |= self.bounds.fits_l1(&once[..self.axes.len()]);
            let may = match known.get(place) {
                Some(&option) => self.bounds.may_keep(&division.options[place][option].laid, place),
                None => [0, 1].map(|tensor| !self.tiles_divide() && self.axes[place].coupled[tensor]),
            };
            keep = [keep[0] | may[0], keep[1] | may[1]];
        }
        Some(Inside::at_least(!at_once, keep, None))
    }

    /// Lists the tiles of level 1 of a division that may be part of a better mapping.
    pub(super) fn divide(&mut self, division: &Division) {
        self.outer(division, &mut Vec::new());
    }

    fn outer(&mut self, division: &Division, taken: &mut Vec<usize>) {
        let place = taken.len();
        let Some(options) = division.options.get(place) else { return self.list(division, taken) };
        if division.thirds.is_some() {
            self.looked.set(self.looked.get() + 1);
        }
        if self.is_late() || self.has_looked_enough() {
            return self.leave(self.bound_of_division(division, taken));
        }
        let any = division.computing(&self.bounds, taken);
        for option in (0..options.len()).rev() {
            taken.push(option);
            if !self.bounds.fits_l2(&division.level(taken, &division.single)) {
                taken.pop();
                continue;
            }
            let computing = division.computing(&self.bounds, taken);
            let sizes = division.sizes(taken);
            let cut = self.is_cut(self.figure_of_computing(division.levels(), computing));
            if !cut && self.may_be_better(division, taken, taken, &sizes, computing) {
                self.outer(division, taken);
            } else if place != division.splits[0].spatial[0] {
                // Along the axis over space this does not hold: some tiles leave sub-clusters idle, and smaller ones
                // may not.
                let mut smaller = sizes;
                smaller[place] = options[0].tile;
                if !self.may_be_better(division, taken, &taken[..place], &smaller, any) {
                    // Smaller tiles are no better either.
                    taken.pop();
                    break;
                }
            }
            taken.pop();
        }
    }

    /// The bound of mappings with the tiles `taken` along the first axes.
    pub(super) fn bound_of_division(&self, division: &Division, taken: &[usize]) -> f64 {
        let (sizes, computing) = (division.sizes(taken), division.computing(&self.bounds, taken));
        self.bound_of_tiles(division, [taken; 2], &sizes, computing, f64::NEG_INFINITY)
    }

    /// Whether tiles along the first axes may be part of a better mapping.
    fn may_be_better(
        &self,
        division: &Division,
        taken: &[usize],
        known: &[usize],
        smallest: &Sizes,
        computing: f64,
    ) -> bool {
        let enough = floor(self.best);
        self.thorough || self.bound_of_tiles(division, [taken, known], smallest, computing, enough) < enough
    }

    /// The bound of the tiles `taken` along the first axes. As soon as the bound is below `enough`, the result is
    /// some number below that. Whatever the other tiles are, nothing is read less often than with the largest ones,
    /// and PEs hold no less than `smallest`. A taken tile after the first `known` ones also stands for all smaller
    /// tiles of its axis.
    fn bound_of_tiles(
        &self,
        division: &Division,
        [taken, known]: [&[usize]; 2],
        smallest: &Sizes,
        computing: f64,
        enough: f64,
    ) -> f64 {
        let level = division.level(taken, &division.whole);
        let inside = self.task.needs_energy().then(|| self.least_inside_any(division, known, smallest)).flatten();
        let with = |moved: &Moved| {
            let mut bound = f64::INFINITY;
            for place in level.distinct(&self.orders[0]) {
                let flows = self.bounds.flows(&level, &self.orders[0][place]);
                let stream = self.bounds.least_stream(&level, &flows);
                let (ends, in_tile) = (self.bounds.least_ends(), self.least_in_cluster(division.levels()));
                let cycles = || self.bounds.cycles(&level, &stream, &ends, moved, &in_tile, computing);
                let energy = || self.bounds.energy(&self.bounds.supply(&level, &flows), moved, inside.as_slice());
                bound = bound.min(self.bounds.figure(cycles, energy, moved));
                if bound < enough {
                    break;
                }
            }
            bound
        };
        let bound = with(&self.bounds.at_least());
        if bound >= enough && enough > f64::NEG_INFINITY || !self.bounds.is_tight() || self.task.frozen.is_some() {
            return bound;
        }
        // What moves with a limited L2 takes longer to compute, so it comes last.
        let turns: heapless::Vec<u32, MAX_AXES> = level.all_turns().take(known.len()).collect();
        let moved = self.least_moved(division.splits[0].spatial[0], &turns);
        moved.map_or(f64::INFINITY, |moved| with(&moved))
    }

    /// Tiles of level 1 are chosen along all axes: lists them with the ways to divide the PEs that may be better.
    fn list(&mut self, division: &Division, taken: &[usize]) {
        let sizes = division.sizes(taken);
        let (level, computing) = (division.level(taken, &[]), division.computing(&self.bounds, taken));
        let inside = self.least_inside(&level, &division.splits, &sizes);
        let outside = self.outside(&division.splits[0], level, computing, inside);
        let (mut ways, mut bound) = (Vec::new(), f64::INFINITY);
        for (place, split) in division.splits.iter().enumerate() {
            if split.levels == 1 && !self.bounds.fits_l1(&sizes[..taken.len()]) {
                continue;
            }
            let computing = division.computing_of(&self.bounds, taken, place);
            let of = |computing: f64, inside: Option<Inside>| {
                let bounds =
                    outside.orders.iter().map(|order| self.bound_of(&outside, order, computing, inside.as_slice()));
                bounds.fold(f64::INFINITY, f64::min)
            };
            let mut add = |split: &Split, own: f64, computing: f64| {
                if !self.is_cut(own) {
                    ways.push(Way { bound: own, split: *split, over_space: [None; 2], computing });
                    bound = bound.min(own);
                }
            };
            let own = of(computing, self.least_inside(&outside.level, [split], &sizes));
            add(split, own, computing);
            // More and smaller clusters do not compute faster, so they need not be tried if this split is cut.
            if self.is_cut(own) || self.tiles_over_space(split, &sizes) > split.ways[0] {
                continue;
            }
            for more in division.more.iter().filter(|more| more.spatial[1] == split.spatial[1]) {
                if more.is_twin(self.tiles_over_space(more, &sizes), sizes[more.spatial[1]]) {
                    continue;
                }
                let computing =
                    if self.task.needs_cycles() { self.computing_with(more, &outside.level) } else { computing };
                let inside = self.least_inside(&outside.level, [more], &sizes);
                add(more, of(computing, inside), computing);
            }
        }
        if !ways.is_empty() {
            self.outer.push(Outer { bound, sizes, ways, thirds: division.thirds.clone() });
        }
    }

    /// A lower bound of the compute cycles with these tiles of level 1.
    pub(super) fn computing_with(&self, split: &Split, level: &Level) -> f64 {
        let folded = (0..self.axes.len()).map(|place| {
            let laid = level.along(place);
            laid.folded(|extent| self.least_in_tile(split, place, extent))
        });
        self.bounds.computing(folded.product())
    }

    /// What is known of a level 1 with these tiles, whatever the levels below do. Keeps the orders of its loops that
    /// may be better.
    pub(super) fn outside(&self, split: &Split, level: Level, computing: f64, inside: Option<Inside>) -> OuterLevel {
        let bounds = &self.bounds;
        let (ends, in_tile) = (bounds.ends(&level, &level), self.least_in_cluster(split.levels));
        let mut outside = OuterLevel { level, ends, in_tile, orders: Vec::new() };
        for place in outside.level.distinct(&self.orders[0]) {
            let order = &self.orders[0][place];
            let flows = bounds.flows(&outside.level, order);
            let stream =
                if self.task.needs_cycles() { bounds.stream(&outside.level, order, &flows) } else { Stream::default() };
            let supply = bounds.supply(&outside.level, &flows);
            let mut order = Order { place, stream, supply, moved: bounds.at_least() };
            // What moves with a limited L2 takes longer to compute, so only orders that are not cut yet get there.
            if bounds.is_tight() && !self.is_cut(self.bound_of(&outside, &order, computing, inside.as_slice())) {
                let Some(moved) = bounds.moved(&outside.level, &self.orders[0][place]) else { continue };
                order.moved = moved;
            }
            if !self.is_cut(self.bound_of(&outside, &order, computing, inside.as_slice())) {
                outside.orders.push(order);
            }
        }
        outside
    }

    /// The bound of mappings with these tiles and this order of level 1, for any level 2 that exchanges at least
    /// `inside`.
    pub(super) fn bound_of(&self, outside: &OuterLevel, order: &Order, computing: f64, inside: &[Inside]) -> f64 {
        let Order { stream, supply, moved, .. } = order;
        let OuterLevel { level, ends, in_tile, .. } = outside;
        let cycles = || self.bounds.cycles(level, stream, ends, moved, in_tile, computing);
        self.bounds.figure(cycles, || self.bounds.energy(supply, moved, inside), moved)
    }
}
