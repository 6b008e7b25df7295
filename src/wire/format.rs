//! The constants of the encoding.

/// Version of the encoding.
pub const VERSION: u16 = 2;

/// The most dataflows that a blob may have.
pub const MAX_DATAFLOWS: usize = u8::MAX as usize;

/// The most mappings of a layer that a blob may have.
pub const MAX_MAPPINGS: usize = u8::MAX as usize;

/// First bytes of a blob.
pub const MAGIC: [u8; 4] = *b"MSTR";

/// Tag of the section with the network: its name, its dataflows, its layers.
pub(super) const NETWORK: u8 = 1;
/// Tag of the section with the accelerator.
pub(super) const ACCELERATOR: u8 = 2;
/// Tag of the section with the events and counts of each layer.
pub(super) const COUNTED: u8 = 3;
/// Tag of the section with the mappings among which firmware chooses.
pub(super) const MAPPINGS: u8 = 4;
/// Tag of the section with the calibration of the accelerator.
pub(super) const CALIBRATION: u8 = 5;
