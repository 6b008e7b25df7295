//! File formats.

pub mod blob;
pub mod maestro;
pub mod onnx;
