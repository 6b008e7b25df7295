//! Network blobs for firmware: a network, the accelerator for which it was compiled, and the counts and events of its
//! layers on that accelerator. Only the time is left to compute, because it depends on clock, bandwidths and
//! latencies. Blobs are read in place, from flash.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4 | `MSTR` |
//! | 4..6 | [`VERSION`], little endian |
//! | 6..8 | 0 |
//! | 8..12 | length of the payload, little endian |
//! | 12..16 | CRC-32 (ISO HDLC) of the payload, little endian |
//! | 16.. | the payload: sections, each a tag (u8), its length (u32, little endian) and its bytes |
//!
//! A reader skips sections with unknown tags. Unless stated otherwise, numbers are in the encoding of
//! [postcard](https://postcard.jamesmunns.com). The sections are:
//!
//! * 1, the network: its name; the number of dataflows (u8) and each as a sequence of [`Directive`](crate::Directive)s; the number of layers
//!   (u16) and each as name, [`LayerKind`](crate::LayerKind), number of its dataflow (u8), stride along `Y`, stride along `X`
//!   (u32 each), a u16 with a bit for each [`Dim`](crate::Dim) that is given, and the sizes of these (u32 each) in the order of
//!   `Dim::ALL`; behind them, if bit 11 is set, the inserted zeros along `Y` and `X` (two u32 each, see
//!   [`Layer::inserted`](crate::Layer::inserted)). Variants are numbered in the order of their declarations, which only ever grow at the end.
//! * 2, the accelerator: the figures of its hardware (u32 each, in the order of `maestrino_hardware`), Hz of its clock (u32),
//!   nJ of a MAC, of accesses to L1, buffers of clusters, L2, and of a byte off-chip (f64 each, little endian).
//! * 3, what is counted: of each layer its [`Event`](crate::exact::Event)s and its [`Counts`](crate::exact::Counts), see `wire/counted.rs`.
//! * 4, if firmware is to choose mappings: for each layer the place in this section where its mappings begin (u32, little endian);
//!   equal layers share a place. There stand their number (u8), their dataflows, each as a sequence of directives, and what is
//!   counted of each as in 3. The first mapping is the one of 1 and 3.
//! * 5, if there is one, the accelerator's [`Calibration`](crate::Calibration): its rates, in the order of
//!   [`Term::ALL`](crate::calibration::Term::ALL), and its constant (u32 each), the ratios of a layer and that of a network (u16 each); all
//!   little endian.

mod accelerator;
mod blob;
mod calibration;
mod counted;
mod encode;
mod error;
mod format;
mod frame;
mod layers;
mod mappings;
mod put;
mod take;
#[cfg(test)]
mod tests;

pub use accelerator::Accelerator;
pub use blob::Blob;
pub use counted::Counted;
pub use encode::encode;
pub use error::WireError;
pub use format::{MAGIC, MAX_DATAFLOWS, MAX_MAPPINGS, VERSION};
pub use layers::{BlobLayer, Layers, Name};
pub use mappings::{Choice, MappingSet};
