//! The state of a search: the task, the best mapping so far, and what is cut because of it.

use std::cell::Cell;
use std::time::Instant;
use std::vec::Vec;

use super::super::bound::Bounds;
use super::super::rounding::floor;
use super::super::space::{Axis, Candidate, MAX_LEVELS, Part, Split, paired_tile, tiles};
use super::super::steady::Steady;
use super::super::{Figures, Found, Task};
use super::memo::Memo;
use super::partial::{Inner, Outer, Sizes};
use crate::Cost;

/// For each mapping of the budget, the number of sets of tiles of three-level mappings that are examined. There are
/// too many to bound them all.
const LOOKS: u64 = 100;

/// A search through the parts of the space, one after the other.
pub(super) struct Search<'a> {
    pub task: &'a Task<'a>,
    pub thorough: bool,
    /// Whether tiles over space need not divide what they are cut from.
    pub any_tile: bool,
    pub axes: &'a [Axis],
    pub splits: &'a [Split],
    pub extents: Vec<u32>,
    /// Orders of the loops of each level.
    pub orders: [Vec<Vec<usize>>; MAX_LEVELS],
    pub bounds: Bounds<'a>,
    pub steady: Option<Steady<'a>>,
    pub least_energy: f64,
    /// Tiles of level 1 to look into.
    pub outer: Vec<Outer>,
    pub found: Option<Found>,
    /// The least figure found so far.
    pub best: f64,
    /// The least bound of what was not costed because the budget was spent or the model refused it.
    pub left: f64,
    /// The least bound of what may be better than the best so far, but was cut because it is within the tolerance,
    /// [`Task::gap`].
    pub near: Cell<f64>,
    pub evaluations: u64,
    /// The number of sets of tiles of three-level mappings that were examined.
    pub looked: Cell<u64>,
    pub memo: Memo,
    pub ideal: f64,
    pub begun: Instant,
}

impl<'a> Search<'a> {
    pub(super) fn new(task: &'a Task<'a>, Part { axes, splits }: &'a Part, thorough: bool) -> Search<'a> {
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
            memo: Memo::default(),
            ideal: f64::INFINITY,
            begun: Instant::now(),
        }
    }

    /// The same search, continued in another part of the space.
    pub(super) fn then(self, part: &'a Part, any_tile: bool) -> Search<'a> {
        let Search { found, best, left, near, evaluations, looked, ideal, begun, .. } = self;
        let next = Search::new(self.task, part, self.thorough);
        Search { any_tile, found, best, left, near, evaluations, looked, ideal, begun, ..next }
    }

    /// Whether a branch with this bound is cut: it is no better than the best so far, or better by no more than the
    /// tolerance, [`Task::gap`].
    pub(super) fn is_cut(&self, bound: f64) -> bool {
        let best = floor(self.best);
        let cut = bound >= best / (1.0 + self.task.gap);
        if cut && bound < best {
            self.near.set(self.near.get().min(bound));
        }
        cut
    }

    /// Whether to search a branch with this bound. If not, the rest of a list that is sorted by bounds can be
    /// skipped, too: it is no better, or the budget is spent.
    pub(super) fn goes_on(&mut self, bound: f64) -> bool {
        if self.is_cut(bound) {
            return false;
        }
        let spent = self.is_spent();
        if spent {
            self.leave(bound);
        }
        !spent
    }

    /// Whether the budget or the time is spent.
    pub(super) fn is_spent(&self) -> bool {
        self.evaluations >= self.task.budget || self.is_late() || self.has_looked_enough()
    }

    /// Whether the limit of examined three-level mappings is reached.
    pub(super) fn has_looked_enough(&self) -> bool {
        self.looked.get() >= self.task.budget.saturating_mul(LOOKS)
    }

    /// Whether the time is spent.
    pub(super) fn is_late(&self) -> bool {
        self.task.time.is_some_and(|time| self.begun.elapsed() >= time)
    }

    /// Records that a branch with this bound is left without being costed.
    pub(super) fn leave(&mut self, bound: f64) {
        self.left = self.left.min(bound);
    }

    /// A lower bound of the figure of a mapping of which only the number of levels and the compute cycles are known.
    pub(super) fn figure_of_computing(&self, levels: usize, computing: f64) -> f64 {
        self.bounds.figure(
            || self.bounds.least_cycles(levels, computing),
            || self.least_energy,
            &self.bounds.at_least(),
        )
    }

    /// Whether every tile divides its extent, so that no last tile is cut short.
    pub(super) fn tiles_divide(&self) -> bool {
        !self.any_tile && self.task.frozen.is_none()
    }

    /// The sizes of tiles into which a level may cut an extent of an axis.
    pub(super) fn tiles(&self, split: &Split, level: usize, place: usize, extent: u32) -> Vec<u32> {
        if let Some(tile) = self.task.frozen.and_then(|frozen| frozen.tile(level, place)) {
            return vec![tile.min(extent)];
        }
        if let Some(tile) = paired_tile(self.axes, split, level, place, extent) {
            return vec![tile];
        }
        let over_space = split.spatial[..split.levels].contains(&place);
        let any = self.any_tile && over_space;
        self.memo.tiles.borrow_mut().entry((extent, any)).or_insert_with(|| tiles(extent, any)).clone()
    }

    /// The number of tiles that level 1 has over space.
    pub(super) fn tiles_over_space(&self, split: &Split, sizes: &Sizes) -> u32 {
        let place = split.spatial[0];
        self.extents[place].div_ceil(sizes[place])
    }

    /// Costs a mapping.
    pub(super) fn evaluate(&mut self, outer: &Outer, inner: &Inner) {
        let count = self.axes.len();
        let tiles = [&outer.sizes[..count], &inner.sizes[0][..count], &inner.sizes[1][..count]];
        let orders = [0, 1, 2].map(|level| self.orders[level][inner.orders[level]].as_slice());
        self.evaluations += 1;
        let Task { layer, hardware, energies, objective, .. } = *self.task;
        let costed = (Candidate { split: &inner.split, tiles, orders })
            .dataflow(self.axes)
            .and_then(|dataflow| Ok((Cost::with_energies(layer, &dataflow, hardware, energies)?, dataflow)));
        // A mapping that the model refuses might be better, so its bound is kept.
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
