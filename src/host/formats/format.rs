//! Recognises formats by the first bytes of a file.

use super::{onnx, tflite};
use crate::wire;

/// Formats of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A network blob.
    Blob,
    /// TensorFlow Lite.
    Tflite,
    /// ONNX.
    Onnx,
    /// Any of the other formats, compressed by gzip.
    Gzip,
    /// MAESTRO's language, or anything else.
    Maestro,
}

/// The number of bytes at the start of a file that show its format.
pub(super) const PREFIX: usize = 1 << 12;

/// The reason why a file that starts with these bytes cannot be text; `None` if it can.
pub(super) fn not_text(prefix: &[u8]) -> Option<&'static str> {
    if prefix.is_empty() {
        return Some("is empty: found the end of the file; expected ONNX, TFLite, a blob or MAESTRO's language");
    }
    // A character of several bytes may be cut off at the end of the prefix. That is no error.
    let text = std::str::from_utf8(prefix).map_or_else(|error| error.error_len().is_none(), |_| true);
    (!text).then_some("is not a text file, and none of the known formats: ONNX, TFLite, a blob, MAESTRO's language")
}

impl Format {
    /// The format of a file that starts with these bytes. There are [`PREFIX`] bytes, or fewer if the file is
    /// shorter.
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
