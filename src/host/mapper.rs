//! The mapper finds, for a layer on an accelerator, the best mapping of a defined space, and proves that it is the
//! best.
//!
//! ```text
//! layer ─> axes ─┐
//! PEs ─> splits ─┼─> tiles of level 1 ─> tiles of level 2 ─> orders ─> exact cost
//!                └────────── bounds cut what cannot be better ──────────┘
//! ```
//!
//! The space is defined in [`space`]: one to three levels, each with one dimension over space or a pair of them;
//! sizes of clusters; tiles that divide what they are cut from; and orders of loops. The bounds (`bound.rs`) are
//! lower bounds of the exact model's figures, so a branch that is cut contains nothing better than what is already
//! found. What is not cut is costed by [`Cost`], with the buffers as limits. The answer comes with a lower bound of
//! all mappings of the space, which equals its figure if it is proven to be the best.

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
    /// Limits that a mapping must not exceed.
    pub limits: Figures,
    /// The maximum number of levels of a mapping, 1 to 3.
    pub levels: usize,
    /// The part of the mapping that is fixed. It also determines the number of levels.
    pub frozen: Option<&'a Frozen>,
    /// Whether tiles along dimensions over space need not divide what they are cut from.
    pub any_tile: bool,
    /// The maximum number of mappings that are costed.
    pub budget: u64,
    /// The time limit of the search.
    pub time: Option<Duration>,
    /// The tolerance: the search may end with a mapping whose figure exceeds the proven minimum by this fraction of
    /// it. 0 asks for the best.
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

    /// The orders of loops that a level may have.
    fn orders(&self, axes: &[Axis], level: usize) -> Vec<Vec<usize>> {
        self.frozen.map_or_else(|| space::orders(axes), |frozen| frozen.orders(level))
    }

    /// Whether a mapping with these figures is within the limits.
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

    /// The figure that is minimized.
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

/// The figures by which mappings are compared.
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

    /// The figures of a cost; `None` if L2 is too small.
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
    /// A lower bound of the figure of every mapping of the space. If the best is proven, it equals its figure; if it
    /// is proven that none fits, it is infinite.
    pub bound: f64,
    /// The number of mappings that were costed.
    pub evaluations: u64,
    /// A lower bound of the cycles of any mapping: the larger of the time to compute, with the best division of the
    /// PEs, and the time of the compulsory off-chip transfers.
    pub ideal: f64,
    /// How long the search took.
    pub took: Duration,
}

impl Answer {
    /// Whether the answer is proven: that it is the best in the space, or that no mapping fits.
    pub fn proven(&self) -> bool {
        self.gap() == Some(0.0) || (self.found.is_none() && self.bound.is_infinite())
    }

    /// By how much the answer may be above the best, as a fraction of the bound; `None` if no mapping was found.
    pub fn gap(&self) -> Option<f64> {
        self.found
            .as_ref()
            .map(|found| if floor(found.figure) <= self.bound { 0.0 } else { found.figure / self.bound - 1.0 })
    }

    /// By how much the cycles of the answer are above [`Answer::ideal`], as a fraction of that.
    pub(crate) fn above_ideal(&self) -> Option<f64> {
        self.found.as_ref()?.cost.cycles().map(|cycles| (cycles as f64 / self.ideal - 1.0).max(0.0))
    }
}

#[cfg(test)]
mod tests;
