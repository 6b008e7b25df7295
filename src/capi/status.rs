//! Status codes and faults.

use core::ffi::{CStr, c_char};

use crate::dim::Dim;
use crate::error::Error;
use crate::wire::WireError;

use super::struct_size::{Growing, size_of_struct};

/// What a function returns. Numbers are stable; the numbers of retired codes stay reserved.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum maestrino_status {
    /// Done.
    MAESTRINO_OK = 0,
    /// A pointer that must not be NULL is NULL.
    MAESTRINO_NULL_POINTER = 1,
    /// A pointer is not aligned as its type requires.
    MAESTRINO_MISALIGNED = 2,
    /// A kind, dimension or preset has an unknown number.
    MAESTRINO_UNKNOWN_NUMBER = 3,
    /// A count is larger than the array that it belongs to.
    MAESTRINO_COUNT_TOO_LARGE = 4,
    /// No more layers, or no item of that number.
    MAESTRINO_END = 5,
    /// No network that fits the buffers meets the deadline.
    MAESTRINO_DEADLINE_MISSED = 6,
    /// The callback has asked to stop.
    MAESTRINO_STOPPED = 7,
    /// A clock of 0 Hz, an energy that is negative, infinite or not a number, or a length that exceeds any memory.
    MAESTRINO_OUT_OF_RANGE = 8,
    /// The first member of a struct is not `MAESTRINO_SIZE_OF_STRUCT`, or the struct is of an older or newer header.
    MAESTRINO_BAD_STRUCT_SIZE = 9,
    /// The network was compiled for another accelerator.
    MAESTRINO_OTHER_ACCELERATOR = 10,
    /// No network, or no mapping of a layer, fits the buffers.
    MAESTRINO_DOES_NOT_FIT = 11,
    /// The network was compiled with one mapping for each layer.
    MAESTRINO_NO_CHOICE = 12,

    /// A network blob ends too early.
    MAESTRINO_BLOB_TRUNCATED = 20,
    /// Not a network blob.
    MAESTRINO_BLOB_MAGIC = 21,
    /// A network blob of another version.
    MAESTRINO_BLOB_VERSION = 22,
    /// The CRC of a network blob does not match.
    MAESTRINO_BLOB_CORRUPT = 23,
    /// A network blob makes no sense although its CRC matches.
    MAESTRINO_BLOB_MALFORMED = 24,

    /// The number of PEs is out of range.
    MAESTRINO_BAD_PES = 40,
    /// The number of SIMD lanes is out of range.
    MAESTRINO_BAD_SIMD_LANES = 41,
    /// The NoC bandwidth is out of range.
    MAESTRINO_BAD_NOC_BANDWIDTH = 42,
    /// The NoC latency is out of range.
    MAESTRINO_BAD_NOC_LATENCY = 43,
    /// The off-chip bandwidth is out of range.
    MAESTRINO_BAD_OFFCHIP_BANDWIDTH = 44,
    /// The width of an element is out of range.
    MAESTRINO_BAD_BITS = 45,
    /// The size of compressed weights is out of range (thousandths of their bits).
    MAESTRINO_BAD_COMPRESSION = 46,
    /// The setting of activations or of buffering has a number without a meaning.
    MAESTRINO_BAD_SETTING = 47,

    /// The layer lacks a dimension that its kind needs.
    MAESTRINO_MISSING_DIM = 60,
    /// The layer has a dimension that its kind does not know.
    MAESTRINO_FOREIGN_DIM = 61,
    /// An extent is given both as input and as output.
    MAESTRINO_REPEATED_DIM = 62,
    /// A dimension is too large.
    MAESTRINO_BAD_EXTENT = 63,
    /// A stride is zero or too large.
    MAESTRINO_BAD_STRIDE = 64,
    /// The filter is larger than the input.
    MAESTRINO_FILTER_EXCEEDS_INPUT = 65,

    /// The dataflow has no directive.
    MAESTRINO_EMPTY_DATAFLOW = 80,
    /// The dataflow has too many directives.
    MAESTRINO_TOO_MANY_DIRECTIVES = 81,
    /// The dataflow has too many cluster levels.
    MAESTRINO_TOO_MANY_LEVELS = 82,
    /// A level maps too many dimensions.
    MAESTRINO_TOO_MANY_MAPS = 83,
    /// A size or offset of a map is out of range.
    MAESTRINO_BAD_MAP_SIZE = 84,
    /// A cluster size is out of range.
    MAESTRINO_BAD_CLUSTER_SIZE = 85,
    /// A size refers to a dimension that the layer does not have.
    MAESTRINO_SIZE_OF_MISSING_DIM = 86,
    /// A directive maps a dimension that the layer does not have there.
    MAESTRINO_MAP_OF_MISSING_DIM = 87,
    /// A level maps an extent both as input and as output.
    MAESTRINO_MAP_OF_INPUT_AND_OUTPUT = 88,
    /// A filter dimension is split over time.
    MAESTRINO_SPLIT_FILTER = 89,
    /// A level has no spatial map.
    MAESTRINO_NO_SPATIAL_MAP = 90,
    /// A level has more than two spatial maps.
    MAESTRINO_TOO_MANY_SPATIAL_MAPS = 91,
    /// The clusters need more PEs than the array has.
    MAESTRINO_CLUSTER_EXCEEDS_ARRAY = 92,
    /// A tile size of a preset is out of range, or the preset has no such tile.
    MAESTRINO_BAD_TILE = 93,
    /// A level maps a dimension twice.
    MAESTRINO_REPEATED_MAP = 94,
    /// A level splits both an extent and the filter that slides over it, in loops that the model does not count.
    MAESTRINO_SPLIT_TOGETHER = 95,

    /// A temporal step loads nothing new.
    MAESTRINO_NO_NEW_DATA = 110,
    /// The tiles of a level produce no output.
    MAESTRINO_NO_OUTPUT = 111,
    /// The tiles of a level do not fit together.
    MAESTRINO_ILL_FORMED = 112,
    /// A count does not fit into 64 bits.
    MAESTRINO_OVERFLOW = 113,
    /// The tiles of a level leave work out.
    MAESTRINO_GAPS = 114,
    /// The mapping has too many kinds of steps.
    MAESTRINO_TOO_IRREGULAR = 115,
}

use maestrino_status::*;

/// Where and why something failed, as far as this is known. If nothing failed, all members but the size, `dim` and
/// `layer` are 0. Start from `MAESTRINO_INIT(maestrino_fault)`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct maestrino_fault {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_fault)`.
    pub struct_size: u32,
    /// The status that the function returned.
    pub status: maestrino_status,
    /// The dimension in question (`maestrino_dim`), or -1.
    pub dim: i32,
    /// The cluster level in question (1 is the outermost), or 0.
    pub level: u32,
    /// The layer of the network in question (0 is the first), or UINT32_MAX.
    pub layer: u32,
    /// The value in question: a size, a count, or what is needed.
    pub value: u32,
    /// The limit or the expected value with which `value` is compared, or 0.
    pub limit: u32,
}

// SAFETY: it begins with its size, and any bytes are valid ones: only we write a status.
unsafe impl Growing for maestrino_fault {}

impl maestrino_fault {
    pub(super) const fn new(status: maestrino_status) -> maestrino_fault {
        let struct_size = size_of_struct::<maestrino_fault>();
        maestrino_fault { struct_size, status, dim: -1, level: 0, layer: u32::MAX, value: 0, limit: 0 }
    }

    const fn at(status: maestrino_status, level: u8) -> maestrino_fault {
        maestrino_fault { level: level as u32, ..maestrino_fault::new(status) }
    }

    const fn dim(self, dim: Dim) -> maestrino_fault {
        maestrino_fault { dim: dim as i32, ..self }
    }

    const fn value(self, value: u32) -> maestrino_fault {
        maestrino_fault { value, ..self }
    }

    const fn limit(self, limit: u32) -> maestrino_fault {
        maestrino_fault { limit, ..self }
    }
}

impl From<maestrino_status> for maestrino_fault {
    fn from(status: maestrino_status) -> maestrino_fault {
        maestrino_fault::new(status)
    }
}

impl From<Error> for maestrino_fault {
    fn from(error: Error) -> maestrino_fault {
        let new = maestrino_fault::new;
        let at = maestrino_fault::at;
        match error {
            Error::Pes(n) => new(MAESTRINO_BAD_PES).value(n),
            Error::SimdLanes(n) => new(MAESTRINO_BAD_SIMD_LANES).value(n),
            Error::NocBandwidth(n) => new(MAESTRINO_BAD_NOC_BANDWIDTH).value(n),
            Error::NocLatency(n) | Error::NocLevel(n) => new(MAESTRINO_BAD_NOC_LATENCY).value(n),
            Error::OffchipBandwidth(n) => new(MAESTRINO_BAD_OFFCHIP_BANDWIDTH).value(n),
            Error::MissingDim { dim, .. } => new(MAESTRINO_MISSING_DIM).dim(dim),
            Error::ForeignDim { dim, .. } => new(MAESTRINO_FOREIGN_DIM).dim(dim),
            Error::RepeatedDim(dim) => new(MAESTRINO_REPEATED_DIM).dim(dim),
            Error::Extent { dim, size } => new(MAESTRINO_BAD_EXTENT).dim(dim).value(size),
            Error::Stride { dim, stride } => new(MAESTRINO_BAD_STRIDE).dim(dim).value(stride),
            Error::FilterExceedsInput { dim, filter, input } => {
                new(MAESTRINO_FILTER_EXCEEDS_INPUT).dim(dim).value(filter).limit(input)
            }
            Error::TooManyDirectives => new(MAESTRINO_TOO_MANY_DIRECTIVES),
            Error::TooManyLevels => new(MAESTRINO_TOO_MANY_LEVELS),
            Error::TooManyMaps { level } => at(MAESTRINO_TOO_MANY_MAPS, level),
            Error::MapSize { level, dim, size } => at(MAESTRINO_BAD_MAP_SIZE, level).dim(dim).value(size as u32),
            Error::ClusterSize { level, size } => at(MAESTRINO_BAD_CLUSTER_SIZE, level).value(size as u32),
            Error::SizeOfMissingDim { level, dim } => at(MAESTRINO_SIZE_OF_MISSING_DIM, level).dim(dim),
            Error::MapOfMissingDim { level, dim } => at(MAESTRINO_MAP_OF_MISSING_DIM, level).dim(dim),
            Error::MapOfInputAndOutput { level, dim } => at(MAESTRINO_MAP_OF_INPUT_AND_OUTPUT, level).dim(dim),
            Error::SplitFilter { level, dim, whole } => at(MAESTRINO_SPLIT_FILTER, level).dim(dim).limit(whole),
            Error::NoSpatialMap { level } => at(MAESTRINO_NO_SPATIAL_MAP, level),
            Error::TooManySpatialMaps { level } => at(MAESTRINO_TOO_MANY_SPATIAL_MAPS, level),
            Error::ClusterExceedsArray { level, needs, pes, .. } => {
                at(MAESTRINO_CLUSTER_EXCEEDS_ARRAY, level).value(needs).limit(pes)
            }
            Error::EmptyDataflow => new(MAESTRINO_EMPTY_DATAFLOW),
            Error::NoSuchParameter(_) => new(MAESTRINO_BAD_TILE),
            Error::ParameterSize { size, .. } => new(MAESTRINO_BAD_TILE).value(size),
            Error::NoNewData { level, dim } => at(MAESTRINO_NO_NEW_DATA, level).dim(dim),
            Error::NoOutput { level } => at(MAESTRINO_NO_OUTPUT, level),
            Error::IllFormed { level } => at(MAESTRINO_ILL_FORMED, level),
            Error::Overflow { level } => at(MAESTRINO_OVERFLOW, level),
            Error::Bits(bits) => new(MAESTRINO_BAD_BITS).value(bits.into()),
            Error::Compression(permille) => new(MAESTRINO_BAD_COMPRESSION).value(permille.into()),
            Error::Setting(number) => new(MAESTRINO_BAD_SETTING).value(number),
            Error::RepeatedMap { level, dim } => at(MAESTRINO_REPEATED_MAP, level).dim(dim),
            Error::SplitTogether { level, dim } => at(MAESTRINO_SPLIT_TOGETHER, level).dim(dim),
            Error::Gaps { level, dim, left_out, .. } => at(MAESTRINO_GAPS, level).dim(dim).value(left_out),
            Error::TooIrregular | Error::TooManyCases => new(MAESTRINO_TOO_IRREGULAR),
        }
    }
}

impl From<WireError> for maestrino_fault {
    fn from(error: WireError) -> maestrino_fault {
        let new = maestrino_fault::new;
        match error {
            WireError::Truncated => new(MAESTRINO_BLOB_TRUNCATED),
            WireError::NotABlob => new(MAESTRINO_BLOB_MAGIC),
            WireError::Version(version) => {
                new(MAESTRINO_BLOB_VERSION).value(version.into()).limit(crate::wire::VERSION as u32)
            }
            WireError::Corrupt => new(MAESTRINO_BLOB_CORRUPT),
            WireError::Invalid(error) => error.into(),
            WireError::Malformed | WireError::TooMany | WireError::BufferTooSmall => new(MAESTRINO_BLOB_MALFORMED),
        }
    }
}

/// Returns the English text of a status, which is terminated and static; "unknown status" for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn maestrino_status_text(status: i32) -> *const c_char {
    const TEXTS: [(maestrino_status, &CStr); 54] = [
        (MAESTRINO_OK, c"done"),
        (MAESTRINO_NULL_POINTER, c"a pointer that must not be NULL is NULL"),
        (MAESTRINO_MISALIGNED, c"a pointer is not aligned as its type requires"),
        (MAESTRINO_UNKNOWN_NUMBER, c"a kind, dimension or preset is none of its enumeration"),
        (MAESTRINO_COUNT_TOO_LARGE, c"a count is larger than the array that it belongs to"),
        (MAESTRINO_END, c"no more layers, or no item of that number"),
        (MAESTRINO_DEADLINE_MISSED, c"no network that fits meets the deadline"),
        (MAESTRINO_STOPPED, c"the callback has asked to stop"),
        (
            MAESTRINO_OUT_OF_RANGE,
            c"a clock of 0 Hz, an energy that is negative, infinite or no number, or a length that no memory has",
        ),
        (
            MAESTRINO_BAD_STRUCT_SIZE,
            c"a struct does not begin with its size, or is of another version of maestrino.h: compile against this one",
        ),
        (
            MAESTRINO_OTHER_ACCELERATOR,
            c"the network was compiled for another accelerator: compile it again for this one",
        ),
        (MAESTRINO_DOES_NOT_FIT, c"no network or mapping fits the buffers"),
        (
            MAESTRINO_NO_CHOICE,
            c"the network was compiled with one mapping for each layer: compile it with --bandwidths for a choice",
        ),
        (MAESTRINO_BLOB_TRUNCATED, c"the network blob ends too early"),
        (MAESTRINO_BLOB_MAGIC, c"this is no network blob"),
        (MAESTRINO_BLOB_VERSION, c"the network blob is of another version: compile it again"),
        (MAESTRINO_BLOB_CORRUPT, c"the network blob is corrupt: its CRC does not match"),
        (MAESTRINO_BLOB_MALFORMED, c"the network blob makes no sense: compile it again"),
        (MAESTRINO_BAD_PES, c"the number of PEs is out of range"),
        (MAESTRINO_BAD_SIMD_LANES, c"the number of SIMD lanes is out of range"),
        (MAESTRINO_BAD_NOC_BANDWIDTH, c"the NoC bandwidth is out of range"),
        (MAESTRINO_BAD_NOC_LATENCY, c"the NoC latency is out of range"),
        (MAESTRINO_BAD_OFFCHIP_BANDWIDTH, c"the off-chip bandwidth is out of range"),
        (MAESTRINO_BAD_BITS, c"the width of an element is out of range"),
        (MAESTRINO_BAD_COMPRESSION, c"the share of its bits that a compressed filter takes is out of range"),
        (MAESTRINO_BAD_SETTING, c"activations or buffers have a number that stands for nothing"),
        (MAESTRINO_MISSING_DIM, c"the layer lacks a dimension that its kind needs"),
        (MAESTRINO_FOREIGN_DIM, c"the layer has a dimension that its kind does not know"),
        (MAESTRINO_REPEATED_DIM, c"an extent is given both as input and as output"),
        (MAESTRINO_BAD_EXTENT, c"a dimension is too large"),
        (MAESTRINO_BAD_STRIDE, c"a stride is zero or too large"),
        (MAESTRINO_FILTER_EXCEEDS_INPUT, c"the filter is larger than the input"),
        (MAESTRINO_EMPTY_DATAFLOW, c"the dataflow has no directive"),
        (MAESTRINO_TOO_MANY_DIRECTIVES, c"the dataflow has too many directives"),
        (MAESTRINO_TOO_MANY_LEVELS, c"the dataflow has too many cluster levels"),
        (MAESTRINO_TOO_MANY_MAPS, c"a level maps too many dimensions"),
        (MAESTRINO_BAD_MAP_SIZE, c"a size or offset of a map is out of range"),
        (MAESTRINO_BAD_CLUSTER_SIZE, c"a cluster size is out of range"),
        (MAESTRINO_SIZE_OF_MISSING_DIM, c"a size refers to a dimension that the layer does not have"),
        (MAESTRINO_MAP_OF_MISSING_DIM, c"a directive maps a dimension that the layer does not have there"),
        (MAESTRINO_MAP_OF_INPUT_AND_OUTPUT, c"a level maps an extent both as input and as output"),
        (MAESTRINO_SPLIT_FILTER, c"a filter dimension is split over time"),
        (MAESTRINO_NO_SPATIAL_MAP, c"a level has no spatial map"),
        (MAESTRINO_TOO_MANY_SPATIAL_MAPS, c"a level has more than two spatial maps"),
        (MAESTRINO_CLUSTER_EXCEEDS_ARRAY, c"the clusters need more PEs than the array has"),
        (MAESTRINO_BAD_TILE, c"a tile size of a preset is out of range, or the preset has no such tile"),
        (MAESTRINO_REPEATED_MAP, c"a level maps a dimension twice"),
        (MAESTRINO_SPLIT_TOGETHER, c"a level splits both an extent and the filter that slides over it"),
        (MAESTRINO_NO_NEW_DATA, c"a temporal step loads nothing new"),
        (MAESTRINO_NO_OUTPUT, c"the tiles of a level produce no output"),
        (MAESTRINO_ILL_FORMED, c"the tiles of a level do not fit together"),
        (MAESTRINO_OVERFLOW, c"a count does not fit into 64 bits"),
        (MAESTRINO_GAPS, c"the tiles of a level leave work out"),
        (MAESTRINO_TOO_IRREGULAR, c"the mapping has too many kinds of steps"),
    ];
    let found = TEXTS.iter().find(|(known, _)| *known as i32 == status);
    found.map_or(c"unknown status", |(_, text)| text).as_ptr()
}
