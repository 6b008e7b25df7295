//! File formats.

pub mod maestro;
