//! Networks: named layers in execution order, each with or without a dataflow of its own.

use std::sync::Arc;

use crate::{Dataflow, Layer};

/// A network.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Its layers, in execution order.
    pub layers: Vec<NamedLayer>,
}

/// A layer of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLayer {
    /// Its name; not necessarily unique.
    pub name: String,
    /// Its shape.
    pub layer: Layer,
    /// Its dataflow, where the network brings one. Layers that have the same one share it.
    pub dataflow: Option<Arc<Dataflow>>,
    /// Line of its name in the file that it was read from, counted from 1.
    pub line: Option<u32>,
}
