//! Errors of a layer, a dataflow, an accelerator, or their combination.

use core::fmt;

use crate::dataflow::presets::named::Preset;
use crate::dim::Dim;
use crate::layer::kind::LayerKind;
use crate::limits::{MAX_BITS, MAX_CASES, MAX_DIRECTIVES, MAX_EXTENT, MAX_LEVELS, MAX_MAPS, MAX_STEP_KINDS};

/// An error of the core. Its text says what is wrong and what to do about it. The host adds file, line and layer.
///
/// `level` counts cluster levels from 1, the outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The number of PEs is out of range.
    Pes(u32),
    /// The number of SIMD lanes is out of range.
    SimdLanes(u32),
    /// The bandwidth of a network-on-chip is out of range (bytes/cycle).
    NocBandwidth(u32),
    /// The latency of a network-on-chip is out of range (cycles).
    NocLatency(u32),
    /// There is no such cluster level to set a network-on-chip for.
    NocLevel(u32),
    /// The off-chip bandwidth is out of range (bytes/cycle).
    OffchipBandwidth(u32),
    /// The width of an element is out of range (bits).
    Bits(u8),
    /// The size of compressed weights is out of range (thousandths of their bits).
    Compression(u16),
    /// A setting of an accelerator has a number without a meaning.
    Setting(u32),

    /// The layer lacks a dimension that its kind needs.
    MissingDim {
        /// The kind of the layer.
        kind: LayerKind,
        /// The missing dimension.
        dim: Dim,
    },
    /// The layer has a dimension that its kind does not know.
    ForeignDim {
        /// The kind of the layer.
        kind: LayerKind,
        /// The dimension that does not belong to the kind.
        dim: Dim,
    },
    /// A dimension is given twice, or both as input and as output extent.
    RepeatedDim(Dim),
    /// A dimension's size is zero or above [`MAX_EXTENT`].
    Extent {
        /// Which dimension.
        dim: Dim,
        /// Its size.
        size: u32,
    },
    /// A stride is zero, above [`MAX_EXTENT`], or not along `X` or `Y`.
    Stride {
        /// Along which dimension.
        dim: Dim,
        /// The stride.
        stride: u32,
    },
    /// The filter is larger than the input.
    FilterExceedsInput {
        /// `X` or `Y`.
        dim: Dim,
        /// Size of the filter along it.
        filter: u32,
        /// Size of the input along it.
        input: u32,
    },

    /// A preset has no parameter of that name.
    NoSuchParameter(Preset),
    /// A preset's parameter is zero or above [`MAX_EXTENT`].
    ParameterSize {
        /// Name of the parameter.
        name: &'static str,
        /// Its size.
        size: u32,
    },

    /// A dataflow has more directives than [`MAX_DIRECTIVES`].
    TooManyDirectives,
    /// A dataflow has more levels than [`MAX_LEVELS`].
    TooManyLevels,
    /// A level maps more dimensions than [`MAX_MAPS`], repeated ones counted.
    TooManyMaps {
        /// Which level.
        level: u8,
    },
    /// A directive's size or offset is zero, negative or too large for this layer.
    MapSize {
        /// Which level.
        level: u8,
        /// The mapped dimension.
        dim: Dim,
        /// Size or offset.
        size: i32,
    },
    /// A cluster's size is zero, negative or too large for this layer.
    ClusterSize {
        /// Which level.
        level: u8,
        /// The size.
        size: i32,
    },
    /// `Sz(...)` names a dimension that the layer does not have.
    SizeOfMissingDim {
        /// Which level.
        level: u8,
        /// The dimension named.
        dim: Dim,
    },
    /// A directive maps a dimension that the layer (or this level of it) does not have.
    MapOfMissingDim {
        /// Which level.
        level: u8,
        /// The mapped dimension.
        dim: Dim,
    },
    /// A level maps an extent both as input and as output.
    MapOfInputAndOutput {
        /// Which level.
        level: u8,
        /// The input dimension.
        dim: Dim,
    },
    /// A temporally mapped filter dimension is split; the model needs it whole.
    SplitFilter {
        /// Which level.
        level: u8,
        /// `R` or `S`.
        dim: Dim,
        /// The size that size and offset must have.
        whole: u32,
    },
    /// A level maps a dimension twice.
    RepeatedMap {
        /// Which level.
        level: u8,
        /// The dimension.
        dim: Dim,
    },
    /// A level splits both an input extent and the filter that slides over it, by maps that do not advance together.
    SplitTogether {
        /// Which level.
        level: u8,
        /// `X` or `Y`.
        dim: Dim,
    },
    /// The tiles of a map leave out part of the layer.
    Gaps {
        /// Which level.
        level: u8,
        /// The mapped dimension.
        dim: Dim,
        /// Number of elements along the dimension, or of outputs if a filter slides along it.
        of: u32,
        /// Number of elements or outputs that are left out.
        left_out: u32,
    },
    /// The mapping has more kinds of steps than [`MAX_STEP_KINDS`], or its tiles lie differently in each box.
    TooIrregular,
    /// In MAESTRO's model, the loops of all levels together have more kinds of steps than [`MAX_CASES`].
    TooManyCases,

    /// A level has no `SpatialMap`.
    NoSpatialMap {
        /// Which level.
        level: u8,
    },
    /// A level has more than two `SpatialMap`s.
    TooManySpatialMaps {
        /// Which level.
        level: u8,
    },
    /// The clusters need more PEs than the array has.
    ClusterExceedsArray {
        /// The first level whose `Cluster` directive needs too many PEs.
        level: u8,
        /// The size of that cluster.
        size: u32,
        /// Number of PEs that one outermost cluster needs: the product over all levels, saturated at `u32::MAX`.
        needs: u32,
        /// Number of PEs of the array.
        pes: u32,
    },
    /// The dataflow is empty.
    EmptyDataflow,

    /// A temporal step loads nothing new, so that the model cannot count its traffic.
    NoNewData {
        /// Which level.
        level: u8,
        /// The dimension that advances.
        dim: Dim,
    },
    /// The tiles of a level produce no output, so that the level would take no time.
    NoOutput {
        /// Which level.
        level: u8,
    },
    /// A count is negative: the tiles of this level do not fit together.
    IllFormed {
        /// Which level.
        level: u8,
    },
    /// A count does not fit into 64 bits.
    Overflow {
        /// Which level.
        level: u8,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Error::Pes(n) => write!(f, "an array needs 1 to 2147483647 PEs, not {n}"),
            Error::SimdLanes(n) => write!(f, "a PE needs 1 to 2147483647 SIMD lanes, not {n}"),
            Error::NocBandwidth(n) => {
                write!(f, "the NoC bandwidth must be 1 to 2147483647 bytes/cycle, not {n}")
            }
            Error::NocLatency(n) => write!(f, "the NoC latency must be 0 to 2147483647 cycles, not {n}"),
            Error::NocLevel(n) => write!(f, "there are NoC levels 0 to {}, not {n}", MAX_LEVELS - 1),
            Error::OffchipBandwidth(n) => {
                write!(f, "the off-chip bandwidth must be 1 to 2147483647 bytes/cycle, not {n}")
            }
            Error::Bits(n) => write!(f, "an element has 1 to {MAX_BITS} bits, not {n}"),
            Error::Setting(n) => write!(f, "no setting of an accelerator has the number {n}"),
            Error::Compression(n) => write!(f, "compressed weights take 1 to 1000 thousandths of their bits, not {n}"),
            Error::MissingDim { kind, dim } => write!(f, "a {kind} layer needs dimension {dim}"),
            Error::ForeignDim { kind, dim } => {
                write!(f, "a {kind} layer has no dimension {dim}")?;
                match (kind, dim) {
                    (LayerKind::Conv, Dim::G) => f.write_str("; for a grouped convolution use NGCONV"),
                    _ => Ok(()),
                }
            }
            Error::RepeatedDim(dim) => {
                write!(f, "dimension {} is given more than once", dim.input())
            }
            Error::Extent { dim, size } => {
                write!(f, "dimension {dim} must be 1 to {MAX_EXTENT}, not {size}")
            }
            Error::Stride { dim, stride } => {
                write!(f, "a stride is along X or Y and 1 to {MAX_EXTENT}, not {stride} along {dim}")
            }
            Error::FilterExceedsInput { dim, filter, input } => write!(
                f,
                "the filter ({} = {filter}) is larger than the input ({dim} = {input}); add the padding to {dim}",
                dim.filter().unwrap_or(dim),
            ),
            Error::NoSuchParameter(preset) => {
                write!(f, "{preset} has no such parameter; it has")?;
                match preset.parameters() {
                    [] => f.write_str(" none"),
                    known => known.iter().try_for_each(|parameter| write!(f, " {}", parameter.name)),
                }
            }
            Error::ParameterSize { name, size } => write!(f, "{name} must be 1 to {MAX_EXTENT}, not {size}"),
            Error::TooManyDirectives => write!(f, "a dataflow has at most {MAX_DIRECTIVES} directives"),
            Error::TooManyLevels => {
                write!(f, "a dataflow has at most {MAX_LEVELS} levels ({} Cluster directives)", MAX_LEVELS - 1)
            }
            Error::TooManyMaps { level } => {
                write!(f, "level {level} maps more than {MAX_MAPS} dimensions, inherited ones included")
            }
            Error::MapSize { level, dim, size } => write!(
                f,
                "the size and offset of the map of {dim} at level {level} must be 1 to {MAX_EXTENT}, not {size}"
            ),
            Error::ClusterSize { level, size } => {
                write!(f, "the cluster at level {level} must have 1 to {MAX_EXTENT} members, not {size}")
            }
            Error::SizeOfMissingDim { level, dim } => {
                write!(f, "Sz({dim}) at level {level}: the layer has no dimension {dim}")
            }
            Error::MapOfMissingDim { level, dim } => {
                write!(f, "level {level} maps dimension {dim}, which this layer does not have there; remove its map")
            }
            Error::MapOfInputAndOutput { level, dim } => {
                write!(f, "level {level} maps {dim} and {}, or {} twice; keep one of them", dim.output(), dim.output())
            }
            Error::SplitFilter { level, dim, whole } => write!(
                f,
                "TemporalMap of {dim} at level {level} must have the whole filter as its size and as its offset: \
                 TemporalMap({whole},{whole}) {dim}, or Sz({dim})"
            ),
            Error::RepeatedMap { level, dim } => {
                write!(
                    f,
                    "level {level} maps {dim} twice; keep one of its maps, or put a Cluster directive between them"
                )
            }
            Error::SplitTogether { level, dim } => write!(
                f,
                "level {level} splits both {dim} and {}, the filter that slides over it; keep one of them whole there, \
                 or make both maps spatial so that they advance together",
                dim.filter().unwrap_or(dim),
            ),
            Error::Gaps { level, dim, of, left_out } => {
                write!(f, "the tiles of {dim} at level {level} leave out {left_out} of {of}; ")?;
                match dim.filter() {
                    None => f.write_str("make the offset of its map no larger than its size"),
                    // A tile of s inputs holds s - filter + 1 outputs.
                    Some(filter) => write!(f, "make the offset of its map no larger than its size - Sz({filter}) + 1"),
                }
            }
            Error::TooIrregular => write!(
                f,
                "the steps of this mapping are of too many kinds (more than {MAX_STEP_KINDS}, or tiles that lie differently in \
                 each box); make tiles divide the extents, keep filters whole where X or Y is split, or leave out levels"
            ),
            Error::TooManyCases => write!(
                f,
                "the steps of this mapping may be of more than {MAX_CASES} kinds; make tiles divide the extents, leave out maps \
                 that are given twice, or leave out levels"
            ),
            Error::NoSpatialMap { level } => {
                write!(f, "level {level} has no SpatialMap; map one dimension over its sub-clusters")
            }
            Error::TooManySpatialMaps { level } => {
                write!(f, "level {level} has more than two SpatialMaps; split it with a Cluster directive")
            }
            Error::ClusterExceedsArray { level, size, needs, pes } => {
                write!(f, "Cluster({size}, P) at level {level} needs {needs} PEs; the array has {pes}")
            }
            Error::EmptyDataflow => f.write_str("the dataflow has no directive"),
            Error::NoNewData { level, dim } => write!(
                f,
                "at level {level} a step along {dim} loads nothing new: its tile covers the dimension at full size \
                 but not in an edge tile; make the tile of {dim} smaller or equal at both levels"
            ),
            Error::NoOutput { level } => write!(
                f,
                "the tiles at level {level} produce no output (a tile of X or Y is smaller than the filter); \
                 map X and Y there with at least Sz(S) and Sz(R)"
            ),
            Error::IllFormed { level } => write!(
                f,
                "the tiles at level {level} do not fit together: a count would be negative, or zero where it cannot be; \
                 check sizes and offsets of X against S, and of Y against R"
            ),
            Error::Overflow { level } => {
                write!(f, "a count at level {level} does not fit into 64 bits; the layer is too large")
            }
        }
    }
}

impl core::error::Error for Error {}
