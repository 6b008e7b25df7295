//! The mapper: for a layer on an accelerator, the best mapping of a stated space, and a proof of it.
//!
//! ```text
//! layer ─> axes ─┐
//! PEs ─> splits ─┼─> tiles of level 1 ─> tiles of level 2 ─> orders ─> exact cost
//!                └────────── bounds cut what cannot be better ──────────┘
//! ```
//!
//! The space, see [`space`]: one level or two, a dimension over space in each, cluster sizes, tiles that divide what they
//! are cut from, and orders of loops by what they keep stationary. The bounds (`bound.rs`) hold for the exact model, so that
//! what is cut is no better than what was found; what is left is costed by [`Cost`], buffers as limits. So the answer
//! comes with a lower bound of all mappings of the space: equal to its cost where it is the best.

mod bound;
pub mod network;
mod search;
pub mod space;

use crate::host::costs::Objective;
use crate::{Cost, Dataflow, EnergyTable, Hardware, Layer};

pub use search::best;

/// What is asked for.
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
    /// Levels that a mapping has at most, 1 or 2.
    pub levels: usize,
    /// Tiles along dimensions over space need not divide what they are cut from.
    pub any_tile: bool,
    /// Mappings that are costed at most.
    pub budget: u64,
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

/// What a search came to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The best mapping; `None` if none fits the buffers, or none was found within the budget.
    pub found: Option<Found>,
    /// No mapping of the space is below this: the figure of the best one where that is proven to be the best, infinite where it is
    /// proven that none fits.
    pub bound: f64,
    /// Mappings that were costed.
    pub evaluations: u64,
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
            .map(|found| if bound::floor(found.figure) <= self.bound { 0.0 } else { found.figure / self.bound - 1.0 })
    }
}

#[cfg(test)]
mod tests;
