//! MAESTRO's cost model, digit by digit: (layer, dataflow, number of PEs) -> [`Mapping`] -> traffic and delay -> [`Cost`].
//!
//! Everything that is so because the reference has it so is in here, and nothing else knows of it.
//!
//! ```text
//! level ─> case ─> reuse ─> walk ─┬─> traffic ─────────┬─> cost
//!                                 └─> time ─┬─> delay ─┘
//!                                           └─> steps
//! ```
//!
//! `level` completes the directives of each cluster level, `case` enumerates the kinds of steps that its loops take,
//! `reuse` tells what one of them moves and computes: `walk` hands out a small value for each. `traffic` adds these up;
//! `time` tells how long each takes, and `delay` adds that up. `steps` keeps what was walked, for other bandwidths and for
//! other layers. Only `time` and `delay` know bandwidths, latencies and SIMD lanes.

mod case;
mod cost;
mod delay;
mod level;
mod reuse;
#[cfg(feature = "std")]
mod steps;
mod time;
mod traffic;
mod walk;

use heapless::Vec;

use crate::dataflow::Dataflow;
use crate::dim::DimSet;
use crate::error::Error;
use crate::hardware::Hardware;
use crate::layer::Layer;
use crate::mapping::Directives;

use level::Levels;
use walk::Step;

pub use crate::limits::MAX_CASES;
pub use cost::Cost;
pub use delay::{Bound, Delay, Range};
#[cfg(feature = "std")]
pub use steps::{OnChip, Steps, StepsKey, Times};
pub use traffic::{Accesses, Traffic};

/// A layer mapped onto an array by a dataflow: every level complete and checked.
#[derive(Clone, Debug)]
pub struct Mapping {
    layer: Layer,
    levels: Levels,
}

impl Mapping {
    /// Maps `layer` onto an array of `pes` processing elements.
    ///
    /// # Errors
    /// Whatever makes the dataflow unfit for the layer or the array: see [`Error`].
    pub fn new(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<Mapping, Error> {
        let mut mapping = Mapping::unmapped(layer);
        mapping.map(&|add| dataflow.directives().iter().try_for_each(|directive| add(*directive)), pes)?;
        Ok(mapping)
    }

    /// A mapping without levels, to be completed by [`Mapping::map`].
    pub(crate) const fn unmapped(layer: &Layer) -> Mapping {
        Mapping { layer: *layer, levels: Vec::new() }
    }

    /// Builds the levels in place, which spares small stacks a copy.
    pub(crate) fn map(&mut self, directives: Directives<'_>, pes: u32) -> Result<(), Error> {
        level::build(&mut self.levels, &self.layer, directives, pes)
    }

    /// The layer.
    pub const fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Cluster levels: one more than the dataflow has `Cluster` directives.
    pub fn level_count(&self) -> usize {
        self.levels.len()
    }

    /// Why the reference would refuse this mapping although it has a meaning.
    #[cfg(feature = "dse")]
    pub(crate) fn refused_by_reference(&self) -> Option<Error> {
        level::refused_by_reference(&self.layer, &self.levels)
    }

    /// Traffic and delay in one go, written in place.
    ///
    /// # Errors
    /// As [`Mapping::traffic`] and [`Mapping::delay`].
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub(crate) fn evaluate(&self, hardware: &Hardware, traffic: &mut Traffic, delay: &mut Delay) -> Result<(), Error> {
        let mut tally = traffic::Tally::default();
        let mut clock = delay::Clock::new(self, hardware);
        let (mut walk, mut step) = (self.walk(0, DimSet::default()), Step::default());
        while walk.advance(&mut step)? {
            tally.add(&step)?;
            // The needs are final as soon as a step computes something.
            clock.add(&step, delay::refill_bytes(&tally.l2_bytes()))?;
        }
        clock.sum(delay)?;
        tally.sum(self, traffic)
    }
}
