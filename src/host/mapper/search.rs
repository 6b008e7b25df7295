//! The search: ways to divide the PEs, then tiles of level 1, then those of level 2, each by its bound, the most promising
//! first. What is bounded by no less than the best so far is cut; so the order of the search decides how long it takes, and
//! never what it finds.

mod boxes;
mod buffers;
mod inner;
mod outer;
mod third;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;
use std::vec::Vec;

use rustc_hash::FxHashMap;

use super::bound::{Bounds, Cut, Ends, InTile, Level, Moved, Stream, Supply, floor};
use super::space::{Axis, Candidate, MAX_AXES, MAX_LEVELS, Part, Split, paired_tile, tiles};
use super::steady::Steady;
use super::{Answer, Figures, Found, Task};
use crate::Cost;

use boxes::Boxes;
use buffers::Fed;
use outer::{Division, Thirds};

/// The best mapping of a task.
pub fn best(task: &Task<'_>) -> Answer {
    search(task, false)
}

/// The same; a thorough search cuts nothing before all its tiles are known.
pub(super) fn search(task: &Task<'_>, thorough: bool) -> Answer {
    let parts = task.parts();
    let mut search = Search::new(task, &parts[0], thorough);
    // Those with tiles that divide first, and those with three levels last: the others are many, and most are no better than what is
    // known by then.
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
    // What is left is no worse than the bound; a figure that was found may be.
    let bound = search.left.min(search.near.get()).min(search.best);
    let Search { found, evaluations, ideal, begun, .. } = search;
    Answer { found, bound, evaluations, ideal, took: begun.elapsed() }
}

/// Ways to divide the PEs of a part of the space, with what is known of tiles and orders at each depth of the search, and their bounds:
/// tiles of level 1; of three levels the tiles of level 2 and 3 over space, then all of level 2 and orders, then those of level 3.
#[cfg(test)]
pub(super) fn listed(task: &Task<'_>, part: &Part) -> Vec<(Split, Vec<u32>, f64)> {
    let axes = &part.axes;
    let mut search = Search::new(task, part, false);
    for (_, division) in search.divisions() {
        search.divide(&division);
    }
    let mut listed = Vec::new();
    for outer in std::mem::take(&mut search.outer) {
        let sizes = |sizes: &Sizes| sizes[..axes.len()].to_vec();
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

/// Bytes off-chip at least, with so many turns along the first axes, level 1 having such an axis over space.
#[cfg(test)]
pub(super) fn least_offchip<'a>(task: &'a Task<'a>, part: &'a Part) -> impl Fn(usize, &[u32]) -> f64 + use<'a> {
    let search = Search::new(task, part, false);
    move |spatial, turns| {
        let moved = search.least_moved(spatial, turns);
        moved.map_or(f64::INFINITY, |moved| search.bounds.offchip_bytes(&moved))
    }
}

/// What every mapping of a task comes to at least.
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

/// The same of a part of the space.
fn least_of(task: &Task<'_>, part: &Part) -> Figures {
    let axes = &part.axes;
    let search = Search::new(task, part, false);
    let bounds = &search.bounds;
    let mut splits = part.splits.clone();
    // Of three levels the PEs of a cluster share its work at best.
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

/// Level, place of the axis, whether it lies over space in any level, sub-clusters along it in level 2 and 3, extent.
type Below = (usize, usize, bool, [u32; 2], u32);

/// Place of the axis, what a box has of it, the tiles of level 2 and 3 if they are known, whether the axis lies over space in any
/// level, sub-clusters along it in level 2 and 3, and which buffer feeds the PEs.
type Boxed = (usize, u32, [Option<u32>; 2], bool, [u32; 2], Fed);

/// Sizes of tiles along each axis.
type Sizes = [u32; MAX_AXES];

struct Search<'a> {
    task: &'a Task<'a>,
    thorough: bool,
    /// Whether tiles over space need not divide what they are cut from.
    any_tile: bool,
    axes: &'a [Axis],
    splits: &'a [Split],
    extents: Vec<u32>,
    /// Orders of the loops of each level.
    orders: [Vec<Vec<usize>>; MAX_LEVELS],
    bounds: Bounds<'a>,
    steady: Option<Steady<'a>>,
    least_energy: f64,
    /// Tiles of level 1 to look into.
    outer: Vec<Outer>,
    found: Option<Found>,
    /// The least figure so far.
    best: f64,
    /// The least bound of what was not costed: the budget being spent, or the model refusing it.
    left: f64,
    /// The least bound of what may be better, but by so little that it is cut: [`Task::gap`].
    near: Cell<f64>,
    evaluations: u64,
    /// Tiles of mappings with three levels that were looked at.
    looked: Cell<u64>,
    /// What the busiest PE computes at least of what levels of such mappings take of an axis.
    below: RefCell<FxHashMap<Below, f64>>,
    /// Sizes of tiles of an extent.
    known_tiles: RefCell<FxHashMap<(u32, bool), Vec<u32>>>,
    /// What PEs make of boxes of such mappings along an axis.
    cuts: RefCell<FxHashMap<Boxed, Rc<[Cut]>>>,
    /// What moves off-chip at least.
    boxes: RefCell<Boxes>,
    ideal: f64,
    begun: Instant,
}

/// Tiles of level 1.
struct Outer {
    bound: f64,
    sizes: Sizes,
    /// Ways to divide the PEs under which level 1 is the same.
    ways: Vec<Way>,
    /// Where there are three levels, all such ways, of which `ways` has one with the best bound there may be.
    thirds: Option<Arc<Thirds>>,
}

/// A way to divide the PEs, for tiles of level 1.
#[derive(Clone, Copy)]
struct Way {
    bound: f64,
    split: Split,
    /// Of three levels: the tiles of level 2 and 3 along their axes over space, where they are known.
    over_space: [Option<u32>; 2],
    /// Cycles of computing, given the best tiles of level 2.
    computing: f64,
}

/// The same with all that is known of them.
struct Outside {
    level: Level,
    ends: Ends,
    /// What a cluster takes at least.
    in_tile: InTile,
    /// Orders of the loops of level 1 that may be part of something better.
    orders: Vec<Order>,
}

/// An order of the loops of level 1.
struct Order {
    place: usize,
    stream: Stream,
    supply: Supply,
    moved: Moved,
}

/// Tiles of level 2 and 3 for tiles of level 1, and the orders of all.
struct Inner {
    bound: f64,
    split: Split,
    /// Before tiles of level 3 are known, at most that over space is; else 0 stands there.
    sizes: [Sizes; 2],
    orders: [usize; MAX_LEVELS],
}

/// Mappings that are costed of the most promising tiles of each way to divide the PEs, before all others: something good that is
/// known early cuts most of what comes later.
const SAMPLE: u64 = 1;

/// Tiles of mappings with three levels that are looked at for each mapping that may be costed: there are too many to bound them all.
const LOOKS: u64 = 100;

impl<'a> Search<'a> {
    fn new(task: &'a Task<'a>, Part { axes, splits }: &'a Part, thorough: bool) -> Search<'a> {
        let bounds = Bounds::new(task, axes);
        Search {
            task,
            thorough,
            any_tile: task.any_tile,
            axes,
            splits,
            extents: axes.iter().map(|axis| axis.extent).collect(),
            orders: [0, 1, 2].map(|level| task.orders(axes, level)),
            least_energy: bounds.least_energy(),
            bounds,
            steady: Steady::new(task, axes),
            outer: Vec::new(),
            found: None,
            best: f64::INFINITY,
            left: f64::INFINITY,
            near: Cell::new(f64::INFINITY),
            evaluations: 0,
            looked: Cell::new(0),
            below: RefCell::default(),
            known_tiles: RefCell::default(),
            cuts: RefCell::default(),
            boxes: RefCell::default(),
            ideal: f64::INFINITY,
            begun: Instant::now(),
        }
    }

    /// Goes on with another part of the space.
    fn then(self, part: &'a Part, any_tile: bool) -> Search<'a> {
        let Search { found, best, left, near, evaluations, looked, ideal, begun, .. } = self;
        let next = Search::new(self.task, part, self.thorough);
        Search { any_tile, found, best, left, near, evaluations, looked, ideal, begun, ..next }
    }

    /// Whether what has such a bound is no better than the best so far, or by no more than what does not matter.
    fn is_cut(&self, bound: f64) -> bool {
        let best = floor(self.best);
        let cut = bound >= best / (1.0 + self.task.gap);
        if cut && bound < best {
            self.near.set(self.near.get().min(bound));
        }
        cut
    }

    /// Whether to look at what has such a bound; if not, nothing after it in a list that is sorted by bounds is to be looked at
    /// either: it is no better, or the budget is spent.
    fn goes_on(&mut self, bound: f64) -> bool {
        if self.is_cut(bound) {
            return false;
        }
        let spent = self.is_spent();
        if spent {
            self.leave(bound);
        }
        !spent
    }

    /// Whether there was enough of everything.
    fn is_spent(&self) -> bool {
        self.evaluations >= self.task.budget || self.is_late() || self.has_looked_enough()
    }

    /// Whether there were enough mappings with three levels.
    fn has_looked_enough(&self) -> bool {
        self.looked.get() >= self.task.budget.saturating_mul(LOOKS)
    }

    /// Whether the time is over.
    fn is_late(&self) -> bool {
        self.task.time.is_some_and(|time| self.begun.elapsed() >= time)
    }

    /// Something with such a bound is not costed.
    fn leave(&mut self, bound: f64) {
        self.left = self.left.min(bound);
    }

    /// Ways to divide the PEs, the most promising first, with their bounds.
    fn divisions(&mut self) -> Vec<(f64, Division)> {
        let splits = self.splits;
        let mut divisions: Vec<(f64, Division)> = Vec::new();
        // Those that differ only in what lies over space in level 2 have the same tiles of level 1, unless sizes there depend on it.
        let alike = |a: &Split, b: &Split| {
            let same = (a.levels, a.ways[0], a.spatial[0]) == (b.levels, b.ways[0], b.spatial[0]);
            same && (!self.any_tile || (a.levels == 3 && a.spatial == b.spatial))
        };
        for of in splits.chunk_by(alike) {
            // Where all clusters fit into one turn, larger numbers of them are the same; those come right after.
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

    /// The figure of a mapping of which only the levels and the cycles of computing are known.
    fn figure_of_computing(&self, levels: usize, computing: f64) -> f64 {
        self.bounds.figure(
            || self.bounds.least_cycles(levels, computing),
            || self.least_energy,
            &self.bounds.at_least(),
        )
    }

    /// Tiles of a level along an axis, of what it cuts.
    fn tiles(&self, split: &Split, level: usize, place: usize, extent: u32) -> Vec<u32> {
        if let Some(tile) = self.task.frozen.and_then(|frozen| frozen.tile(level, place)) {
            return vec![tile.min(extent)];
        }
        if let Some(tile) = paired_tile(self.axes, split, level, place, extent) {
            return vec![tile];
        }
        let over_space = split.spatial[..split.levels].contains(&place);
        let any = self.any_tile && over_space;
        self.known_tiles.borrow_mut().entry((extent, any)).or_insert_with(|| tiles(extent, any)).clone()
    }

    /// Tiles over space that level 1 has of such a size.
    fn tiles_over_space(&self, split: &Split, sizes: &Sizes) -> u32 {
        let place = split.spatial[0];
        self.extents[place].div_ceil(sizes[place])
    }

    /// Costs a mapping.
    fn evaluate(&mut self, outer: &Outer, inner: &Inner) {
        let count = self.axes.len();
        let tiles = [&outer.sizes[..count], &inner.sizes[0][..count], &inner.sizes[1][..count]];
        let orders = [0, 1, 2].map(|level| self.orders[level][inner.orders[level]].as_slice());
        self.evaluations += 1;
        let Task { layer, hardware, energies, objective, .. } = *self.task;
        let costed = (Candidate { split: &inner.split, tiles, orders })
            .dataflow(self.axes)
            .and_then(|dataflow| Ok((Cost::with_energies(layer, &dataflow, hardware, energies)?, dataflow)));
        // What the model cannot count may be better.
        let Ok((cost, dataflow)) = costed else { return self.leave(inner.bound) };
        let Some(figures) = Figures::of(&cost).filter(|figures| cost.fits.all() && self.task.allows(figures)) else {
            return;
        };
        let figure = objective.figure(&figures);
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
fn distinct(orders: &[Vec<usize>], level: &Level) -> impl Iterator<Item = usize> + use<> {
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
