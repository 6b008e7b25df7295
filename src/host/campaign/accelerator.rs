//! An accelerator with its name.

use crate::Hardware;

/// A named accelerator.
#[derive(Clone, Debug, PartialEq)]
pub struct Accelerator {
    /// Its name: the stem of its file, or its place in a grid.
    pub name: String,
    /// Its figures.
    pub hardware: Hardware,
}
