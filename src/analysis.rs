//! The analysis: (layer, dataflow, number of PEs) -> [`Mapping`] -> traffic and delay.
//!
//! `level` completes the directives of each cluster level, `case` enumerates the kinds of steps that its loops take,
//! `reuse` tells what one such step moves and computes; `traffic` adds that up, and `delay` turns it into cycles.
//! Only `delay` knows bandwidths, latencies and SIMD lanes.

mod case;
mod count;
mod delay;
mod level;
mod reuse;
mod traffic;

use heapless::Vec;

use crate::dataflow::Dataflow;
use crate::dim::{Dim, DimSet};
use crate::error::Error;
use crate::hardware::{Hardware, MAX_LEVELS};
use crate::layer::Layer;

use case::Cases;
use level::Level;
use reuse::{Step, Volumes};

pub use delay::{Bound, Delay, Range};
pub use level::MAX_MAPS;
pub use traffic::{Accesses, Traffic};

/// A layer mapped onto an array by a dataflow: every level complete and checked.
#[derive(Clone, Debug)]
pub struct Mapping {
    layer: Layer,
    levels: Vec<Level, MAX_LEVELS, u8>,
}

impl Mapping {
    /// Maps `layer` onto an array of `pes` processing elements.
    ///
    /// # Errors
    /// Whatever makes the dataflow unfit for the layer or the array: see [`Error`].
    pub fn new(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<Mapping, Error> {
        if pes == 0 {
            return Err(Error::Pes(pes));
        }
        let levels = level::levels(layer, dataflow, pes)?;
        for (level, number) in levels.iter().zip(1..) {
            if !reuse::fits(level) {
                return Err(Error::Overflow { level: number });
            }
        }
        Ok(Mapping { layer: *layer, levels })
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
        let (Some(mut cases), Some(level)) = (self.cases(index, partial), self.levels.get(index)) else {
            return Ok(());
        };
        let number = index as u8 + 1;
        while cases.advance() {
            let step = Step::new(&self.layer, level, number, &cases.state);
            let occurrences = cases.occurrences().ok_or(Error::Overflow { level: number })?;
            visit(&step, &Volumes::of(&step, occurrences)?)?;
        }
        Ok(())
    }

    /// Traffic and delay in one go.
    ///
    /// # Errors
    /// As [`Mapping::traffic`] and [`Mapping::delay`].
    pub(crate) fn evaluate(&self, hardware: &Hardware) -> Result<(Traffic, Delay), Error> {
        let mut tally = traffic::Tally::default();
        let mut clock = delay::Clock::new(self, hardware);
        self.walk(0, DimSet::default(), &mut |step, volumes| {
            tally.add(step, volumes)?;
            clock.add(step, volumes, &tally.l2_bytes())
        })?;
        Ok((tally.checked(self)?, clock.delay()?))
    }

    /// The cases of a level, see [`Mapping::walk`].
    fn cases(&self, level: usize, partial: DimSet) -> Option<Cases<'_>> {
        let own = self.levels.get(level)?;
        let above = level.checked_sub(1).and_then(|above| self.levels.get(above));
        Some(match above {
            None => Cases::new(own, |dim| self.layer.size(dim).unwrap_or(0) as i32),
            Some(above) => {
                Cases::new(own, |dim| if partial.contains(dim) { above.edge_tile[dim] } else { above.tile[dim] })
            }
        })
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
