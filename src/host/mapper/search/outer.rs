//! Tiles of level 1, axis by axis.

use std::sync::Arc;
use std::vec::Vec;

use super::super::bound::{Bounds, InTile, Inside, Laid, Level, Moved, Stream, floor};
use super::super::space::{MAX_AXES, Split};
use super::{Order, Outer, Outside, Search, Sizes, Way, distinct};

/// Ways to divide the PEs that differ only in what lies over space in level 2.
pub(super) struct Division {
    splits: Vec<Split>,
    /// Ways with more clusters, which are smaller.
    more: Vec<Split>,
    /// Tiles along each axis.
    options: Vec<Vec<Choice>>,
    /// The axes in one tile, and in the smallest ones.
    whole: Vec<Laid>,
    single: Vec<Laid>,
    /// What the busiest PE computes at least along each axis, by split.
    least: Vec<Folded>,
    /// Ways with three levels, which are only looked at once tiles of level 1 are known: PEs of a cluster share its work at best.
    thirds: Option<Arc<Thirds>>,
}

/// Ways to divide the PEs into three levels of which the first is the same.
pub(super) struct Thirds {
    pub own: Vec<Split>,
    /// Those with more clusters, which are smaller.
    pub more: Vec<Split>,
}

/// What the busiest PE computes of an axis, by split.
type Folded = [f64; MAX_AXES];

/// A tile along an axis.
struct Choice {
    tile: u32,
    laid: Laid,
    /// With the best tiles of level 2.
    folded: Folded,
}

impl Division {
    pub fn new(search: &Search<'_>, splits: &[Split], more: Vec<Split>) -> Division {
        let bounds = &search.bounds;
        let first = &splits[0];
        let thirds = (first.levels == 3).then(|| Arc::new(Thirds { own: splits.to_vec(), more: more.clone() }));
        let (splits, more) = if thirds.is_some() { (&splits[..1], Vec::new()) } else { (splits, more) };
        let options: Vec<Vec<Choice>> = search
            .extents
            .iter()
            .enumerate()
            .map(|(place, &extent)| {
                let of = |tile| {
                    let laid = bounds.laid(first, 0, place, extent, tile);
                    let mut folded = [f64::INFINITY; MAX_AXES];
                    for (folded, split) in folded.iter_mut().zip(splits) {
                        *folded = match split.levels {
                            3 => laid.folded(f64::from),
                            _ => laid.folded(|extent| search.least_in_tile(split, place, extent)),
                        };
                    }
                    Choice { tile, laid, folded }
                };
                // What fits fewer clusters is looked at there.
                let own =
                    |tile: &u32| first.levels == 1 || place != first.spatial[0] || extent.div_ceil(*tile) > first.fewer;
                search.tiles(first, 0, place, extent).into_iter().filter(own).map(of).collect()
            })
            .collect();
        let all = |tile: &dyn Fn(u32) -> u32| -> Vec<Laid> {
            let extents = search.extents.iter().enumerate();
            let tile = |place: usize, extent| match options[place].as_slice() {
                [only] => only.tile,
                _ => tile(extent),
            };
            extents.map(|(place, &extent)| bounds.laid(first, 0, place, extent, tile(place, extent))).collect()
        };
        let least = |options: &Vec<Choice>| {
            let mut least = [f64::INFINITY; MAX_AXES];
            options.iter().for_each(|option| {
                least.iter_mut().zip(option.folded).for_each(|(least, own)| *least = least.min(own));
            });
            least
        };
        Division {
            splits: splits.to_vec(),
            more,
            least: options.iter().map(least).collect(),
            whole: all(&|extent| extent),
            single: all(&|_| 1),
            options,
            thirds,
        }
    }

    /// Level 1 with such tiles along the first axes.
    fn level(&self, taken: &[usize], rest: &[Laid]) -> Level {
        let known = taken.iter().zip(&self.options).map(|(&option, options)| options[option].laid);
        Level::new(&self.splits[0], 0, known.chain(rest.iter().skip(taken.len()).copied()))
    }

    /// Sizes of tiles along the first axes, single elements along the others.
    fn sizes(&self, taken: &[usize]) -> Sizes {
        let mut sizes = [1; MAX_AXES];
        for ((size, options), &option) in sizes.iter_mut().zip(&self.options).zip(taken) {
            *size = options[option].tile;
        }
        sizes
    }

    fn levels(&self) -> usize {
        self.splits[0].levels
    }

    /// Cycles of computing at least with such tiles along the first axes, by the best split.
    pub fn computing(&self, bounds: &Bounds<'_>, taken: &[usize]) -> f64 {
        (0..self.splits.len()).map(|split| self.computing_of(bounds, taken, split)).fold(f64::INFINITY, f64::min)
    }

    fn computing_of(&self, bounds: &Bounds<'_>, taken: &[usize], split: usize) -> f64 {
        let known = taken.iter().zip(&self.options).map(|(&option, options)| options[option].folded[split]);
        let rest = self.least[taken.len()..].iter().map(|least| least[split]);
        let shared = if self.thirds.is_some() { f64::from(self.splits[split].cluster()) } else { 1.0 };
        bounds.computing(known.chain(rest).product::<f64>() / shared)
    }
}

impl Search<'_> {
    /// What the busiest PE of a cluster computes at least of its part of an axis.
    pub(super) fn least_in_tile(&self, split: &Split, place: usize, extent: u32) -> f64 {
        self.least_below(split, 1, place, extent)
    }

    /// What the busiest PE computes at least of what a level takes of an axis.
    pub(super) fn least_below(&self, split: &Split, level: usize, place: usize, extent: u32) -> f64 {
        if (level..split.levels).all(|level| split.ways_along(level, place) == 1) {
            return f64::from(extent);
        }
        if split.levels < 3 {
            return self.least_of_tiles(split, level, place, extent);
        }
        let over_space = split.spatial.contains(&place);
        let key = (level, place, over_space, [1, 2].map(|level| split.ways_along(level, place)), extent);
        let known = self.below.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let least = self.least_of_tiles(split, level, place, extent);
            self.below.borrow_mut().insert(key, least);
            least
        })
    }

    fn least_of_tiles(&self, split: &Split, level: usize, place: usize, extent: u32) -> f64 {
        let folded = |tile| {
            let laid = self.bounds.laid(split, level, place, extent, tile);
            laid.folded(|extent| self.least_below(split, level + 1, place, extent))
        };
        self.tiles(split, level, place, extent).into_iter().map(folded).fold(f64::INFINITY, f64::min)
    }

    /// What a cluster takes at least for a full tile of level 1; nothing where PEs take it.
    fn least_in_cluster(&self, levels: usize) -> InTile {
        if levels == 1 { InTile::default() } else { self.bounds.least_inner(levels, &Stream::default()) }
    }

    /// What clusters and PEs exchange at least under any of such ways to divide the PEs; `None` where there are no clusters, or clusters
    /// in them.
    pub(super) fn least_inside<'s>(
        &self,
        level: &Level,
        splits: impl IntoIterator<Item = &'s Split>,
        sizes: &Sizes,
    ) -> Option<Inside> {
        let (mut at_once, mut keep) = (false, [false; 2]);
        for split in splits {
            if split.levels != 2 || !self.task.needs_energy() {
                return self.kept_by_pes(split.levels, false);
            }
            // Their buffers are not used where PEs take all at once.
            at_once = at_once || self.fits_at_once(split, 1, sizes);
            let may = self.bounds.may_keep(level.along(split.spatial[1]), split.spatial[1]);
            keep = [keep[0] | may[0], keep[1] | may[1]];
        }
        Some(Inside::at_least(!at_once, keep, None))
    }

    /// Whether PEs may have room for all that a level's box takes, so that no buffer on the way there is used.
    pub(super) fn fits_at_once(&self, split: &Split, level: usize, sizes: &Sizes) -> bool {
        let mut once = *sizes;
        for inner in level..split.levels {
            let place = split.spatial[inner];
            let mut tiles = self.tiles(split, inner, place, once[place]).into_iter();
            let Some(tile) = tiles.find(|tile| once[place].div_ceil(*tile) <= split.ways[inner]) else { return false };
            once[place] = tile;
        }
        self.bounds.fits_l1(&once[..self.axes.len()])
    }

    /// The same for tiles that are no smaller, of which those along the first axes are `known`.
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

    /// Whether no tile is cut at the end.
    pub(super) fn tiles_divide(&self) -> bool {
        !self.any_tile && self.task.frozen.is_none()
    }

    /// Lists the tiles of level 1 of a division that may be part of something better.
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
                // Over space, sub-clusters may stand idle with some tiles and not with smaller ones.
                let mut smaller = sizes;
                smaller[place] = options[0].tile;
                if !self.may_be_better(division, taken, &taken[..place], &smaller, any) {
                    // Nor are smaller ones.
                    taken.pop();
                    break;
                }
            }
            taken.pop();
        }
    }

    /// The bound of tiles along the first axes.
    pub(super) fn bound_of_division(&self, division: &Division, taken: &[usize]) -> f64 {
        let (sizes, computing) = (division.sizes(taken), division.computing(&self.bounds, taken));
        self.bound_of_tiles(division, [taken; 2], &sizes, computing, f64::NEG_INFINITY)
    }

    /// Whether tiles along the first axes may be part of something better.
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

    /// The bound of tiles along the first axes, or one that is below `enough`: whatever the others are, nothing is read less often than
    /// with the largest, and PEs hold no less than `smallest`; `known` are those that no smaller ones stand for.
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
            for place in distinct(&self.orders[0], &level) {
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
        // What L2 holds takes longer to find out.
        let turns: heapless::Vec<u32, MAX_AXES> = level.all_turns().take(known.len()).collect();
        let moved = self.least_moved(division.splits[0].spatial[0], &turns);
        moved.map_or(f64::INFINITY, |moved| with(&moved))
    }

    /// Tiles of level 1 along all axes.
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
            // Smaller clusters compute no less.
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

    /// Cycles of computing at least with such tiles of level 1.
    pub(super) fn computing_with(&self, split: &Split, level: &Level) -> f64 {
        let folded = (0..self.axes.len()).map(|place| {
            let laid = level.along(place);
            laid.folded(|extent| self.least_in_tile(split, place, extent))
        });
        self.bounds.computing(folded.product())
    }

    /// What is known of tiles of level 1, and of what is inside of them.
    pub(super) fn outside(&self, split: &Split, level: Level, computing: f64, inside: Option<Inside>) -> Outside {
        let bounds = &self.bounds;
        let (ends, in_tile) = (bounds.ends(&level, &level), self.least_in_cluster(split.levels));
        let mut outside = Outside { level, ends, in_tile, orders: Vec::new() };
        for place in distinct(&self.orders[0], &outside.level) {
            let order = &self.orders[0][place];
            let flows = bounds.flows(&outside.level, order);
            let stream =
                if self.task.needs_cycles() { bounds.stream(&outside.level, order, &flows) } else { Stream::default() };
            let supply = bounds.supply(&outside.level, &flows);
            let mut order = Order { place, stream, supply, moved: bounds.at_least() };
            // What L2 holds takes longer to find out.
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

    /// The bound of tiles of level 1 under an order, whatever level 2 is but for what is known of `inside`.
    pub(super) fn bound_of(&self, outside: &Outside, order: &Order, computing: f64, inside: &[Inside]) -> f64 {
        let Order { stream, supply, moved, .. } = order;
        let Outside { level, ends, in_tile, .. } = outside;
        let cycles = || self.bounds.cycles(level, stream, ends, moved, in_tile, computing);
        self.bounds.figure(cycles, || self.bounds.energy(supply, moved, inside), moved)
    }
}
