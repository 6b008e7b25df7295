//! The layers of a network of a space: convolutions and fully connected layers.

use crate::Dim::{C, K, R, S, X, Y};
use crate::{Layer, LayerKind};

/// An operation. Its layer, MACs and parameters follow from it, and equal operations are equal layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpaceLayer {
    /// Whether it convolves every channel with its own filter.
    pub depthwise: bool,
    /// Input channels.
    pub inputs: u32,
    /// Output channels.
    pub outputs: u32,
    /// Rows and columns of the filter.
    pub filter: u32,
    /// Rows and columns of the input, unpadded.
    pub extent: u32,
    /// Stride along rows and columns.
    pub stride: u32,
    /// Parameters of an output channel in addition to its weights: 2 with batch normalization, 1 with a bias.
    pub extra: u8,
    /// Whether the layer's input includes the padding. In the study it does not.
    pub padded: bool,
    /// Whether it is costed but not deployed, so that it counts no MACs and no parameters.
    pub auxiliary: bool,
}

impl SpaceLayer {
    /// A convolution with stride 1 and batch normalization.
    pub(super) const fn conv(inputs: u32, outputs: u32, filter: u32, extent: u32) -> SpaceLayer {
        SpaceLayer {
            depthwise: false,
            inputs,
            outputs,
            filter,
            extent,
            stride: 1,
            extra: 2,
            padded: false,
            auxiliary: false,
        }
    }

    /// A depthwise convolution with stride 1 and batch normalization.
    pub(super) const fn depthwise(channels: u32, filter: u32, extent: u32) -> SpaceLayer {
        SpaceLayer { depthwise: true, ..SpaceLayer::conv(channels, channels, filter, extent) }
    }

    /// A fully connected layer with bias.
    pub(super) const fn linear(inputs: u32, outputs: u32) -> SpaceLayer {
        SpaceLayer { extra: 1, ..SpaceLayer::conv(inputs, outputs, 1, 1) }
    }

    pub(super) const fn stride(self, stride: u32) -> SpaceLayer {
        SpaceLayer { stride, ..self }
    }

    pub(super) const fn extra(self, extra: u8) -> SpaceLayer {
        SpaceLayer { extra, ..self }
    }

    pub(super) const fn padded(self) -> SpaceLayer {
        SpaceLayer { padded: true, ..self }
    }

    pub(super) const fn auxiliary(self) -> SpaceLayer {
        SpaceLayer { auxiliary: true, ..self }
    }

    /// Rows and columns of the output, with enough padding that no input element is left out.
    pub(super) const fn output_extent(&self) -> u32 {
        self.extent.div_ceil(self.stride)
    }

    /// The number of weights.
    pub const fn weights(&self) -> u64 {
        let inputs = if self.depthwise { 1 } else { self.inputs };
        self.outputs as u64 * inputs as u64 * self.filter as u64 * self.filter as u64
    }

    /// Parameters: weights, biases, factors and offsets of batch normalization.
    pub const fn params(&self) -> u64 {
        if self.auxiliary { 0 } else { self.weights() + self.extra as u64 * self.outputs as u64 }
    }

    /// Multiply-accumulates, padding included.
    pub const fn macs(&self) -> u64 {
        let extent = self.output_extent() as u64;
        if self.auxiliary { 0 } else { self.weights() * extent * extent }
    }

    /// The layer for the cost model. It has fewer MACs than [`SpaceLayer::macs`] if its input lacks the padding.
    pub fn layer(&self) -> Layer {
        let (kind, k) = if self.depthwise { (LayerKind::DsConv, 1) } else { (LayerKind::Conv, self.outputs) };
        let (filter, stride) = (self.filter, self.stride);
        let extent = if self.padded { (self.output_extent() - 1) * stride + filter } else { self.extent };
        let dims = [(K, k), (C, self.inputs), (R, filter), (S, filter), (Y, extent), (X, extent)];
        Layer::unpadded(kind, &dims, stride, stride).expect("spaces hold their sizes within limits")
    }
}

/// The multiple of `by` that is nearest to `channels`, or the next larger one if the nearest is below 90 % of it.
pub(super) fn divisible(channels: f64, by: u32) -> u32 {
    let by = f64::from(by);
    let nearest = (((channels + by / 2.0) / by).floor() * by).max(by);
    (if nearest < 0.9 * channels { nearest + by } else { nearest }) as u32
}
