//! The mapper: for a layer on an accelerator, the best mapping of a stated space, and a proof of it.
//!
//! ```text
//! layer ─> axes ─┐
//! PEs ─> splits ─┼─> tiles of level 1 ─> tiles of level 2 ─> orders ─> exact cost
//!                └────────── bounds cut what cannot be better ──────────┘
//! ```
//!
//! The space, see [`space`]: one to three levels, a dimension over space in each, or a pair of them, cluster sizes, tiles that divide what they
//! are cut from, and orders of loops by what they keep stationary. The bounds (`bound.rs`) hold for the exact model, so that
//! what is cut is no better than what was found; what is left is costed by [`Cost`], buffers as limits. So the answer
//! comes with a lower bound of all mappings of the space: equal to its cost where it is the best.

mod bound;
pub mod feasible;
pub mod frozen;
pub mod journal;
pub mod mappings;
pub mod network;
mod rounding;
mod search;
pub mod space;
pub mod steady;

use std::time::Duration;

use crate::{Cost, Dataflow, EnergyTable, Hardware, Layer};
use frozen::Frozen;
use rounding::floor;
use space::{Axis, Part};

pub use search::best;

/// A search: the layer, the accelerator, what is minimized, and the space.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// The accelerator; L1, the buffers of clusters and L2 are limits.
    pub hardware: &'a Hardware,
    /// nJ.
    pub energies: &'a EnergyTable,
    /// What is minimized.
    pub objective: Objective,
    /// Figures that a mapping must not exceed.
    pub limits: Figures,
    /// Levels that a mapping has at most, 1 to 3.
    pub levels: usize,
    /// What is held fixed of the space; it decides how many levels there are, too.
    pub frozen: Option<&'a Frozen>,
    /// Tiles along dimensions over space need not divide what they are cut from.
    pub any_tile: bool,
    /// Mappings that are costed at most.
    pub budget: u64,
    /// How long the search may take.
    pub time: Option<Duration>,
    /// The search may end with a mapping whose figure is above what is proven to be the least by this share of it. 0 asks for the
    /// best.
    pub gap: f64,
}

impl Task<'_> {
    /// The parts of the space.
    fn parts(&self) -> Vec<Part> {
        let (pes, levels) = (self.hardware.pes(), self.levels.clamp(1, space::MAX_LEVELS));
        match self.frozen {
            Some(frozen) => vec![Part { axes: frozen.axes().to_vec(), splits: frozen.splits(pes) }],
            None => space::parts(self.layer, pes, levels, self.any_tile),
        }
    }

    /// Orders of the loops of a level.
    fn orders(&self, axes: &[Axis], level: usize) -> Vec<Vec<usize>> {
        self.frozen.map_or_else(|| space::orders(axes), |frozen| frozen.orders(level))
    }

    /// Whether a mapping of such figures is within the limits.
    fn allows(&self, figures: &Figures) -> bool {
        let Figures { cycles, energy, offchip } = self.limits;
        figures.cycles <= cycles && figures.energy <= energy && figures.offchip <= offchip
    }

    fn needs_cycles(&self) -> bool {
        matches!(self.objective, Objective::Latency | Objective::Edp) || self.limits.cycles < f64::INFINITY
    }

    fn needs_energy(&self) -> bool {
        matches!(self.objective, Objective::Energy | Objective::Edp) || self.limits.energy < f64::INFINITY
    }
}

/// What is minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Cycles.
    Latency,
    /// nJ.
    Energy,
    /// nJ x cycles.
    Edp,
    /// Bytes that move off-chip.
    Offchip,
}

impl Objective {
    /// Every objective.
    pub const ALL: [Objective; 4] = [Objective::Latency, Objective::Energy, Objective::Edp, Objective::Offchip];

    /// `"latency"`, `"energy"`, `"edp"` or `"offchip"`.
    pub const fn name(self) -> &'static str {
        match self {
            Objective::Latency => "latency",
            Objective::Energy => "energy",
            Objective::Edp => "edp",
            Objective::Offchip => "offchip",
        }
    }

    /// The figure that is to be least.
    pub fn figure(self, figures: &Figures) -> f64 {
        let Figures { cycles, energy, offchip } = *figures;
        match self {
            Objective::Latency => cycles,
            Objective::Energy => energy,
            Objective::Edp => energy * cycles,
            Objective::Offchip => offchip,
        }
    }
}

/// What a mapping is judged by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Cycles.
    pub cycles: f64,
    /// nJ.
    pub energy: f64,
    /// Bytes that move off-chip.
    pub offchip: f64,
}

impl Figures {
    /// No limits.
    pub const UNLIMITED: Figures = Figures { cycles: f64::INFINITY, energy: f64::INFINITY, offchip: f64::INFINITY };

    /// Those of a cost; `None` where L2 is too small.
    pub fn of(cost: &Cost) -> Option<Figures> {
        let offchip = cost.offchip.as_ref()?;
        let (cycles, bits) = (offchip.cycles.total as f64, offchip.bits as f64);
        Some(Figures { cycles, energy: cost.energy.total(), offchip: bits / 8.0 })
    }
}

/// The best mapping that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The mapping.
    pub dataflow: Dataflow,
    /// What it costs.
    pub cost: Cost,
    /// The figure that was minimized.
    pub figure: f64,
}

/// The outcome of a search.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The best mapping; `None` if none fits the buffers, or none was found within the budget.
    pub found: Option<Found>,
    /// No mapping of the space is below this: the figure of the best one where that is proven to be the best, infinite where it is
    /// proven that none fits.
    pub bound: f64,
    /// Mappings that were costed.
    pub evaluations: u64,
    /// A lower bound of the cycles of any mapping: those of computing, with the PEs divided as is best for it, or those of what
    /// moves off-chip in any case.
    pub ideal: f64,
    /// How long the search took.
    pub took: Duration,
}

impl Answer {
    /// Whether the answer is proven to be the best in the space: or that there is none.
    pub fn proven(&self) -> bool {
        self.gap() == Some(0.0) || (self.found.is_none() && self.bound.is_infinite())
    }

    /// By how much, as a share of the bound, the answer may be above the best; `None` without one.
    pub fn gap(&self) -> Option<f64> {
        self.found
            .as_ref()
            .map(|found| if floor(found.figure) <= self.bound { 0.0 } else { found.figure / self.bound - 1.0 })
    }

    /// By how much, as a share of it, the cycles of the answer are above [`Answer::ideal`].
    pub(crate) fn above_ideal(&self) -> Option<f64> {
        self.found.as_ref()?.cost.cycles().map(|cycles| (cycles as f64 / self.ideal - 1.0).max(0.0))
    }
}

#[cfg(test)]
mod tests;
