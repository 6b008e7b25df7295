//! Builds networks from the shapes that flow between layers.

use crate::Dim::{C, K, OutX, OutY, R, S};
use crate::host::network::NamedLayer;
use crate::{Dim, Layer, LayerKind};

/// The activations between two layers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub channels: u32,
    pub rows: u32,
    pub columns: u32,
}

impl Shape {
    /// A square of `extent` rows and columns.
    pub fn square(channels: u32, extent: u32) -> Shape {
        Shape { channels, rows: extent, columns: extent }
    }

    /// The shape after a stride, with enough padding that no pixel is left out.
    pub fn strided(self, stride: u32) -> Shape {
        Shape { rows: self.rows.div_ceil(stride), columns: self.columns.div_ceil(stride), ..self }
    }

    /// The number of activations.
    pub fn elements(self) -> u32 {
        self.channels * self.rows * self.columns
    }
}

/// The layers so far. Functions that add a layer take the shape that enters it and return the one that leaves it.
#[derive(Default)]
pub(super) struct Layers(Vec<NamedLayer>);

impl Layers {
    /// The finished network.
    pub fn finish(self) -> Vec<NamedLayer> {
        self.0
    }

    /// Adds any layer.
    pub fn push(&mut self, name: impl Into<String>, kind: LayerKind, dims: &[(Dim, u32)], stride: u32) {
        let layer = Layer::strided(kind, dims, stride, stride).expect("the tests build every network");
        self.0.push(NamedLayer { name: name.into(), layer, dataflow: None, line: None });
    }

    /// A convolution to `k` channels, padded.
    pub fn conv(&mut self, name: impl Into<String>, input: Shape, k: u32, filter: [u32; 2], stride: u32) -> Shape {
        self.conv_to(name, input.channels, Shape { channels: k, ..input.strided(stride) }, filter, stride)
    }

    /// A convolution of `c` channels to this output. Its input is as large as this requires.
    pub fn conv_to(&mut self, name: impl Into<String>, c: u32, output: Shape, filter: [u32; 2], stride: u32) -> Shape {
        let Shape { channels, rows, columns } = output;
        let dims = [(K, channels), (C, c), (R, filter[0]), (S, filter[1]), (OutY, rows), (OutX, columns)];
        self.push(name, LayerKind::Conv, &dims, stride);
        output
    }

    /// A 3 x 3 depthwise convolution, padded.
    pub fn depthwise(&mut self, name: impl Into<String>, input: Shape, stride: u32) -> Shape {
        let output = input.strided(stride);
        let dims = [(K, 1), (C, output.channels), (R, 3), (S, 3), (OutY, output.rows), (OutX, output.columns)];
        self.push(name, LayerKind::DsConv, &dims, stride);
        output
    }

    /// A fully connected layer; returns its outputs.
    pub fn fc(&mut self, name: impl Into<String>, inputs: u32, outputs: u32) -> u32 {
        self.push(name, LayerKind::Fc, &[(K, outputs), (C, inputs)], 1);
        outputs
    }
}
