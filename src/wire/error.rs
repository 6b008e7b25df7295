//! What can be wrong with a blob.

use crate::error::Error;

use super::format::{MAX_DATAFLOWS, VERSION};

/// What can be wrong with a blob, or with what should become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// It ends too early.
    Truncated,
    /// It does not begin as a blob does.
    NotABlob,
    /// It is of another version of the encoding.
    Version(u16),
    /// Its CRC does not match.
    Corrupt,
    /// Its payload makes no sense although the CRC matches.
    Malformed,
    /// A layer or dataflow in it is invalid.
    Invalid(Error),
    /// More than [`MAX_DATAFLOWS`], more than [`MAX_MAPPINGS`](super::MAX_MAPPINGS) of a layer, or more layers than a u16 counts.
    TooMany,
    /// The buffer to write to is too small.
    BufferTooSmall,
}

impl core::fmt::Display for WireError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            WireError::Truncated => f.write_str("the network blob ends too early"),
            WireError::NotABlob => f.write_str("this is no network blob: it does not begin with MSTR"),
            WireError::Version(version) => {
                write!(f, "the network blob is of version {version}; this is version {VERSION}: compile it again")
            }
            WireError::Corrupt => f.write_str("the network blob is corrupt: its CRC does not match"),
            WireError::Malformed => f.write_str("the network blob makes no sense: compile it again"),
            WireError::Invalid(error) => write!(f, "in the network blob: {error}"),
            WireError::TooMany => write!(
                f,
                "a network blob has at most {MAX_DATAFLOWS} dataflows, as many mappings of a layer, and 65535 layers"
            ),
            WireError::BufferTooSmall => f.write_str("the buffer for the network blob is too small"),
        }
    }
}

impl core::error::Error for WireError {}
