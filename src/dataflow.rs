//! Dataflows: data-centric directives in loop order, outermost first.

pub mod presets;

use heapless::Vec;
use serde::{Deserialize, Serialize};

use crate::dim::Dim;
use crate::error::Error;
use crate::layer::Layer;
use crate::limits::MAX_EXTENT;

pub use crate::limits::MAX_DIRECTIVES;

/// A size in elements that may depend on the layer: `base`, plus the size of a dimension if one is named. `Sz(R)` is
/// `{ base: 0, of: Some(R) }`, and `8+Sz(S)-1` is `{ base: 7, of: Some(S) }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// The constant part.
    pub base: i32,
    /// The dimension whose size is added.
    pub of: Option<Dim>,
}

impl Size {
    /// The constant `n`.
    pub const fn new(n: i32) -> Size {
        Size { base: n, of: None }
    }

    /// `Sz(dim)`: the size of a dimension.
    pub const fn of(dim: Dim) -> Size {
        Size { base: 0, of: Some(dim) }
    }

    /// The value for a layer. `level` (1 is the outermost) is only used in the error.
    pub(crate) fn resolve(self, layer: &Layer, level: u8) -> Result<i64, Error> {
        let of = match self.of {
            None => 0,
            Some(dim) => layer.size(dim).ok_or(Error::SizeOfMissingDim { level, dim })?,
        };
        Ok(i64::from(self.base) + i64::from(of))
    }
}

/// Whether a map takes its tiles one after the other, or side by side on several sub-clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MapKind {
    /// Over time: tile after tile.
    Temporal,
    /// Over space: a tile on each sub-cluster.
    Spatial,
}

/// One line of a dataflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Directive {
    /// `TemporalMap(size, offset) dim` or `SpatialMap(size, offset) dim`: tiles of `size`, each `offset` after the
    /// one before.
    Map {
        /// Temporal or spatial.
        kind: MapKind,
        /// Elements of a tile along `dim`.
        size: Size,
        /// Elements from the beginning of one tile to that of the next.
        offset: Size,
        /// The mapped dimension.
        dim: Dim,
    },
    /// `Cluster(size, P)`: the directives that follow map the tile of one sub-cluster over its `size` members.
    Cluster {
        /// Number of members of a cluster.
        size: Size,
    },
}

impl Directive {
    /// `TemporalMap(size, offset) dim`.
    pub const fn temporal(size: Size, offset: Size, dim: Dim) -> Directive {
        Directive::Map { kind: MapKind::Temporal, size, offset, dim }
    }

    /// `SpatialMap(size, offset) dim`.
    pub const fn spatial(size: Size, offset: Size, dim: Dim) -> Directive {
        Directive::Map { kind: MapKind::Spatial, size, offset, dim }
    }

    /// `Cluster(size, P)`.
    pub const fn cluster(size: Size) -> Directive {
        Directive::Cluster { size }
    }
}

/// A list of directives. [`Mapping::new`](crate::Mapping::new) checks whether it suits a layer and an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Dataflow {
    directives: Vec<Directive, MAX_DIRECTIVES, u8>,
}

impl Dataflow {
    /// A dataflow of these directives.
    ///
    /// ```
    /// use maestrino::{Dataflow, Dim, Directive, Size};
    ///
    /// // Rows of the output over clusters of 14 PEs, columns over the PEs of a cluster.
    /// let one = Size::new(1);
    /// let rows = Directive::spatial(one, one, Dim::OutY);
    /// let columns = Directive::spatial(one, one, Dim::OutX);
    /// let dataflow = Dataflow::new(&[rows, Directive::cluster(Size::new(14)), columns])?;
    /// assert_eq!(dataflow.directives().len(), 3);
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::TooManyDirectives`] above [`MAX_DIRECTIVES`].
    pub fn new(directives: &[Directive]) -> Result<Dataflow, Error> {
        let directives = Vec::from_slice(directives).map_err(|_| Error::TooManyDirectives)?;
        Ok(Dataflow { directives })
    }

    /// Appends a directive.
    ///
    /// # Errors
    /// [`Error::TooManyDirectives`] above [`MAX_DIRECTIVES`].
    pub fn push(&mut self, directive: Directive) -> Result<(), Error> {
        self.directives.push(directive).map_err(|_| Error::TooManyDirectives)
    }

    /// The directives, outermost first.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// Number of PEs that one outermost cluster takes for this layer: the product of all cluster sizes, at least 1.
    /// It saturates at `u32::MAX`.
    ///
    /// # Errors
    /// [`Error`] if a cluster size is out of range or refers to a dimension that the layer lacks.
    pub fn cluster_pes(&self, layer: &Layer) -> Result<u32, Error> {
        let mut product = 1u32;
        let mut level = 1;
        for directive in &self.directives {
            if let Directive::Cluster { size } = directive {
                product = product.saturating_mul(cluster_size(*size, layer, level)?);
                level += 1;
            }
        }
        Ok(product)
    }
}

/// The number of members of a cluster, if it is in range.
pub(crate) fn cluster_size(size: Size, layer: &Layer, level: u8) -> Result<u32, Error> {
    let size = size.resolve(layer, level)?;
    match u32::try_from(size) {
        Ok(size) if (1..=MAX_EXTENT).contains(&size) => Ok(size),
        _ => Err(Error::ClusterSize { level, size: size.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32 }),
    }
}
