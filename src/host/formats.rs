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

/// What a file is that starts with these bytes and is neither a known format nor text, and what to do about it.
pub fn foreign(prefix: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 5] = [
        (b"version https://git-lfs", "is a Git LFS pointer, not the file itself\nhelp: fetch the file: git lfs pull"),
        (
            b"\x89HDF\r\n\x1a\n",
            "seems to be an HDF5 file (.h5 of Keras); expected ONNX, TFLite, a blob or MAESTRO's language\n\
             help: export the model to ONNX or TFLite first",
        ),
        (
            b"PK\x03\x04",
            "seems to be a zip archive (.keras, .pt); expected ONNX, TFLite, a blob or MAESTRO's language\n\
             help: export the model to ONNX or TFLite first",
        ),
        (b"\x89PNG", "seems to be an image (PNG); expected ONNX, TFLite, a blob or MAESTRO's language"),
        (b"\x1f\x8b", "is not a text file but was compressed twice; expected one gzip at most"),
    ];
    if prefix.is_empty() {
        return Some("is empty: found the end of the file; expected ONNX, TFLite, a blob or MAESTRO's language");
    }
    let known = STARTS.iter().find(|(start, _)| prefix.starts_with(start)).map(|(_, what)| *what);
    // A character may be cut off at the end.
    let text = std::str::from_utf8(prefix).map_or_else(|error| error.error_len().is_none(), |_| true);
    let unknown = "is not a text file, and none of the known formats: ONNX, TFLite, a blob, MAESTRO's language";
    known.or((!text).then_some(unknown))
}

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
