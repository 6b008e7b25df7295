//! A layer mapped onto an array: its levels, completed and checked.

use heapless::Vec;

use crate::dataflow::Dataflow;
use crate::error::Error;
use crate::layer::Layer;
use crate::mapping::Directives;

use super::case;
use super::level::{self, Levels};

/// A layer mapped onto an array by a dataflow. All levels are completed and checked.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) layer: Layer,
    pub(super) levels: Levels,
}

impl Mapping {
    /// Maps `layer` onto an array of `pes` processing elements.
    ///
    /// # Errors
    /// An [`Error`] if the dataflow does not suit the layer or the array.
    pub fn new(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<Mapping, Error> {
        let mut mapping = Mapping::unmapped(layer);
        mapping.map(&|add| dataflow.directives().iter().try_for_each(|directive| add(*directive)), pes)?;
        Ok(mapping)
    }

    /// A mapping without levels, to be completed by [`Mapping::map`].
    pub(crate) const fn unmapped(layer: &Layer) -> Mapping {
        Mapping { layer: *layer, levels: Vec::new() }
    }

    /// Builds the levels in place, which saves a copy on small stacks.
    pub(crate) fn map(&mut self, directives: Directives<'_>, pes: u32) -> Result<(), Error> {
        level::build(&mut self.levels, &self.layer, directives, pes)?;
        case::check_count(&self.layer, &self.levels)
    }

    /// The layer.
    pub const fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Number of cluster levels: one more than the number of `Cluster` directives of the dataflow.
    pub fn level_count(&self) -> usize {
        self.levels.len()
    }

    /// Whether the sub-clusters of the level at `index` are PEs.
    pub(super) fn is_innermost(&self, index: usize) -> bool {
        index + 1 == self.levels.len()
    }

    /// The error with which the reference would refuse this mapping, although the mapping has a meaning.
    #[cfg(feature = "dse")]
    pub(crate) fn refused_by_reference(&self) -> Option<Error> {
        level::refused_by_reference(&self.layer, &self.levels)
    }
}
