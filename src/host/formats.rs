//! File formats: readers of networks and accelerators, and writers for other tools. [`any`] reads a network from a file of
//! any format.

pub mod accelforge;
pub mod any;
pub mod blob;
mod by_name;
pub mod diagnostic;
pub mod file;
mod foreign;
mod format;
pub mod maestro;
pub mod onnx;
pub mod tflite;
#[cfg(feature = "dse")]
pub mod zigzag;
