//! A layer mapped onto an array: the input of the count.

use heapless::Vec;

use crate::dataflow::Dataflow;
use crate::error::Error;
use crate::layer::{Layer, LayerKind};
use crate::limits::MAX_LEVELS;
use crate::mapping::{self, Directives};

use super::gaps;
use super::level::Level;
use super::shape::Shape;

/// A layer mapped onto an array by a dataflow. All levels have been checked, and no work is left out.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) layer: Layer,
    pub(super) shape: Shape,
    pub(super) levels: Vec<Level, MAX_LEVELS>,
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
    /// // The tile of the first cluster in the first step of level 1, and the number of steps.
    /// let steps = mapping.steps(0, &mapping.whole())?;
    /// let tile = steps.tile(0).unwrap();
    /// assert_eq!((mapping.range(&tile, Dim::N), mapping.range(&tile, Dim::K), steps.count()), (0..1, 0..4, 6));
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// An [`Error`] if the dataflow does not suit the layer or the array. [`Error::Gaps`] if the mapping leaves work
    /// out.
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
            // Lossless: at most the number of PEs, which has 31 bits.
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

    /// Number of cluster levels: one more than the number of `Cluster` directives of the dataflow.
    pub fn level_count(&self) -> usize {
        self.levels.len()
    }
}
