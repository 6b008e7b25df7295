//! File formats.

pub mod blob;
pub mod maestro;
