//! Networks: named layers in execution order, each with or without its own dataflow.

use std::fmt;
use std::sync::Arc;

use crate::host::alike;
use crate::{Dataflow, Error, Layer};

/// Dimensions in the order of the reference's own files. `Y'` and `X'` follow from these.
#[cfg(feature = "formats")]
pub(crate) const WRITTEN_DIMS: [crate::Dim; 9] = {
    use crate::Dim::*;
    [N, G, K, C, R, S, Y, X, M]
};

/// A network.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Its layers, in execution order.
    pub layers: Vec<NamedLayer>,
}

impl Network {
    /// The layers that differ in shape or dataflow, each once; and for each layer of the network, its index among
    /// these.
    pub fn distinct(&self) -> (Vec<&NamedLayer>, Vec<usize>) {
        let groups = alike::groups(self.layers.iter().map(|named| (named.layer, named.dataflow.as_deref())));
        let distinct = groups.iter().map(|group| &self.layers[group[0]]).collect();
        (distinct, alike::places(&groups, self.layers.len()))
    }

    /// Pads inputs that are smaller than their filter to its size, which leaves one output, and returns the names of
    /// these layers. MAESTRO's own front ends write inputs without their padding, and its model takes such layers
    /// unchanged.
    pub fn pad_to_filters(&mut self) -> Vec<&str> {
        let mut padded = Vec::new();
        for named in &mut self.layers {
            if named.layer.oversized_filter().is_some() {
                named.layer = named.layer.padded_to_filter();
                padded.push(named.name.as_str());
            }
        }
        padded
    }
}

/// A layer of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLayer {
    /// Its name; not necessarily unique.
    pub name: String,
    /// Its shape.
    pub layer: Layer,
    /// Its own dataflow, if the network has one for it. Layers with the same dataflow share it.
    pub dataflow: Option<Arc<Dataflow>>,
    /// The line of its name in the file from which it was read, counted from 1.
    pub line: Option<u32>,
}

/// A layer of a network that cannot be costed, or put into a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerError {
    /// Name of the layer.
    pub layer: String,
    /// Its line in the file from which it was read.
    pub line: Option<u32>,
    /// Why.
    pub error: Error,
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}", self.layer)?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        write!(f, ": {}", self.error)
    }
}

impl std::error::Error for LayerError {}
