//! File formats.

pub mod blob;
pub mod maestro;
pub mod onnx;
pub mod tflite;

use crate::wire;

/// Formats of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A network blob.
    Blob,
    /// TensorFlow Lite.
    Tflite,
    /// ONNX.
    Onnx,
    /// Any of the others, compressed by gzip.
    Gzip,
    /// MAESTRO's language, or anything else.
    Maestro,
}

/// Bytes from the start of a file that tell its format.
pub const PREFIX: usize = 1 << 12;

impl Format {
    /// The format of a file that starts with these bytes, [`PREFIX`] of them or all.
    pub fn of(prefix: &[u8]) -> Format {
        if prefix.starts_with(&wire::MAGIC) {
            Format::Blob
        } else if tflite::looks_like(prefix) {
            Format::Tflite
        } else if prefix.starts_with(&[0x1f, 0x8b]) {
            Format::Gzip
        } else if onnx::looks_like(prefix) {
            Format::Onnx
        } else {
            Format::Maestro
        }
    }
}
