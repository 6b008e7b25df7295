//! MAESTRO's cost model, digit by digit: (layer, dataflow, number of PEs) -> [`Mapping`] -> traffic and delay -> [`Cost`].
//!
//! Everything that is so because the reference has it so is in here, and nothing else knows of it.
//!
//! `level` completes the directives of each cluster level, `case` enumerates the kinds of steps that its loops take,
//! `reuse` tells what one such step moves and computes; `traffic` adds that up, and `delay` turns it into cycles.
//! Only `delay` knows bandwidths, latencies and SIMD lanes.

mod case;
mod cost;
mod delay;
mod level;
mod reuse;
#[cfg(feature = "std")]
mod steps;
mod traffic;

use heapless::Vec;

use crate::dataflow::Dataflow;
use crate::dim::{Dim, DimSet};
use crate::error::Error;
use crate::hardware::Hardware;
use crate::layer::Layer;
use crate::mapping::Directives;

use case::Cases;
use level::{Level, Levels};
use reuse::{Step, Volumes};

pub use cost::Cost;
pub use delay::{Bound, Delay, Range};
#[cfg(feature = "std")]
pub use steps::{OnChip, Steps, StepsKey};
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
    #[cfg(feature = "std")]
    pub(crate) fn refused_by_reference(&self) -> Option<Error> {
        level::refused_by_reference(&self.layer, &self.levels)
    }

    /// Hands every case of a level to `visit`. `partial` names the dimensions along which the level's tile is a partial one.
    fn walk(
        &self,
        index: usize,
        partial: DimSet,
        visit: &mut dyn FnMut(&Step<'_>, &Volumes) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(level) = self.levels.get(index) else { return Ok(()) };
        let mut cases = self.cases(index, level, partial);
        let number = index as u8 + 1;
        let mut volumes = Volumes::default();
        while cases.advance() {
            let step = Step::new(&self.layer, level, number, &cases.state);
            volumes.occurrences = cases.occurrences().ok_or(Error::Overflow { level: number })?;
            volumes.fill(&step)?;
            visit(&step, &volumes)?;
        }
        Ok(())
    }

    /// Traffic and delay in one go, written in place.
    ///
    /// # Errors
    /// As [`Mapping::traffic`] and [`Mapping::delay`].
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub(crate) fn evaluate(&self, hardware: &Hardware, traffic: &mut Traffic, delay: &mut Delay) -> Result<(), Error> {
        let mut tally = traffic::Tally::default();
        let mut clock = delay::Clock::new(self, hardware);
        self.walk(0, DimSet::default(), &mut |step, volumes| {
            tally.add(step, volumes)?;
            clock.add(step, volumes, &tally.l2_bytes())
        })?;
        clock.tell(delay)?;
        tally.tell(self, traffic)
    }

    /// The cases of a level, see [`Mapping::walk`].
    fn cases<'a>(&'a self, index: usize, level: &'a Level, partial: DimSet) -> Cases<'a> {
        let above = index.checked_sub(1).and_then(|above| self.levels.get(above));
        Cases::new(&self.layer, above, partial, level)
    }

    /// The dimensions along which the tile handed down by a step is partial.
    fn partial_dims(&self, level: &Level, step: &Step<'_>, ragged: bool) -> DimSet {
        level
            .maps
            .iter()
            .map(|map| map.dim)
            .filter(|&dim| step.sub_tile_is_partial(dim, ragged))
            .fold(DimSet::default(), |set, dim: Dim| set.union(DimSet::of(&[dim])))
    }
}
