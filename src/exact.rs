//! The exact model: (layer, dataflow, accelerator) -> [`Mapping`] -> [`Cost`], counted so that a walk over every step agrees.
//!
//! Not every step is walked, though. What a step moves, computes and takes depends on which loop has just advanced and on
//! the kind of tile that each loop is at; `walk` looks at one representative of each kind and weights it.
//!
//! * `axis`: a layer as axes, parts of them, and what two parts share of a tensor.
//! * `level`: how the maps of a cluster level lie in the box of a cluster; `gaps`: whether they cover it.
//! * `along`: a step along one axis; `space`: groups of sub-clusters that do the same, and what they touch together.
//! * `walk`: kinds of steps, for a `cluster` and those below it; `step`: one of them, a product over axes; `outputs`: which outputs come back as
//!   partial sums, and which are finished; `idle`: what sub-clusters without work give away; `drain`: what is left at the end.
//! * `retention`: what L2 keeps of each tensor, and what moves off-chip.
//! * `counts`: everything that is counted; `events`: what waits for what, and a player that turns it into cycles by the
//!   channels of `time`.
//! * `cost`: everything together.
//! * `kinds`: what moves in each kind of step, and `schedule`: the tiles of one step after the other, for drawings.
//!
//! What is counted, and why, is told in [`guide::counted`](crate::guide::counted).

mod along;
mod axis;
mod cluster;
mod cost;
mod counts;
mod drain;
mod events;
mod gaps;
mod idle;
mod kinds;
mod level;
mod outputs;
mod retention;
mod schedule;
mod space;
mod step;
mod time;
mod walk;

use heapless::Vec;

use crate::dataflow::Dataflow;
use crate::error::Error;
use crate::layer::{Layer, LayerKind};
use crate::limits::{MAX_LEVELS, MAX_MAPS};
use crate::mapping::{self, Directives};

use axis::Shape;
use level::Level;

pub use crate::limits::MAX_STEP_KINDS;
pub(crate) use cost::cycles_within;
pub use cost::{Cost, Cycles, Depth, Fits, Needs, Offchip, Streams, Transfers, Waits};
pub use counts::{Accesses, Counts, Moves};
pub use events::{Event, Player, Step, StepCycles};
pub use kinds::{Listener, StepKind};
pub use schedule::{Loop, Steps, Tile};

/// A layer mapped onto an array by a dataflow: every level checked, nothing left out.
#[derive(Clone, Debug)]
pub struct Mapping {
    layer: Layer,
    shape: Shape,
    levels: Vec<Level, MAX_LEVELS>,
}

impl Mapping {
    /// Maps `layer` onto an array of `pes` processing elements.
    ///
    /// ```
    /// use maestrino::dataflow::presets::Preset;
    /// use maestrino::{Dim, Layer, LayerKind, Mapping};
    ///
    /// let layer = Layer::new(LayerKind::Gemm, &[(Dim::M, 2), (Dim::N, 3), (Dim::K, 4)])?;
    /// let mapping = Mapping::new(&layer, &Preset::Nmk.tiling().dataflow(layer.kind())?, 128)?;
    /// // The tile of the first cluster in the first step of level 1, and how many steps there are.
    /// let steps = mapping.steps(0, &mapping.whole())?;
    /// let tile = steps.tile(0).unwrap();
    /// assert_eq!((mapping.range(&tile, Dim::N), mapping.range(&tile, Dim::K), steps.count()), (0..1, 0..4, 6));
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever makes the dataflow unfit for the layer or the array, see [`Error`]; among it [`Error::Gaps`], a mapping that
    /// leaves work out.
    pub fn new(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<Mapping, Error> {
        Mapping::of(layer, &|add| dataflow.directives().iter().try_for_each(|directive| add(*directive)), pes)
    }

    pub(crate) fn of(layer: &Layer, directives: Directives<'_>, pes: u32) -> Result<Mapping, Error> {
        let mut mapping = Mapping { layer: *layer, shape: Shape::new(layer), levels: Vec::new() };
        let Mapping { shape, levels, .. } = &mut mapping;
        if !shape.is_countable() {
            return Err(Error::Overflow { level: 1 });
        }
        mapping::levels(layer, directives, pes, &mut |resolved| {
            let gemm = layer.kind() == LayerKind::Gemm;
            if let Some(above) = levels.last_mut() {
                above.leaf = false;
            }
            // Lossless: at most the PEs, 31 bits.
            let level = Level::new(resolved.number, resolved.clusters as i32, gemm);
            levels.push(level).map_err(|_| Error::TooManyLevels)?;
            let add = |level: &mut Level| {
                let mut maps = resolved.maps.iter();
                maps.try_for_each(|map| level.add(map.kind, map.size as i32, map.offset as i32, map.dim))
            };
            levels.last_mut().map_or(Ok(()), add)
        })?;
        gaps::check(shape, levels)?;
        Ok(mapping)
    }

    /// The layer.
    pub const fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Cluster levels: one more than the dataflow has `Cluster` directives.
    pub fn level_count(&self) -> usize {
        self.levels.len()
    }
}
