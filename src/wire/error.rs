//! Errors of blobs.

use crate::error::Error;

use super::format::{MAX_DATAFLOWS, VERSION};

/// An error in a blob, or in the network that is to be written as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// The blob ends too early.
    Truncated,
    /// The bytes do not begin as a blob does.
    NotABlob,
    /// The blob has another version of the encoding.
    Version(u16),
    /// The CRC does not match.
    Corrupt,
    /// The payload makes no sense although the CRC matches.
    Malformed,
    /// A layer or a dataflow is invalid.
    Invalid(Error),
    /// More than [`MAX_DATAFLOWS`] dataflows, more than [`MAX_MAPPINGS`](super::MAX_MAPPINGS) mappings of a layer, or
    /// more layers than a u16 can count.
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
