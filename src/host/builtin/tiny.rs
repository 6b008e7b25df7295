//! The four networks of MLPerf Tiny.

use super::builder::{Layers, Shape};
use crate::host::network::NamedLayer;

/// The `number`-th depthwise separable block, to `k` channels.
fn separable(net: &mut Layers, number: usize, input: Shape, k: u32, stride: u32) -> Shape {
    let spatial = net.depthwise(format!("depthwise{number}"), input, stride);
    net.conv(format!("pointwise{number}"), spatial, k, [1, 1], 1)
}

pub(super) fn ds_cnn() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    let mut x = net.conv("conv", Shape { channels: 1, rows: 49, columns: 10 }, 64, [10, 4], 2);
    for number in 1..=4 {
        x = separable(&mut net, number, x, 64, 1);
    }
    net.fc("fc", x.channels, 12);
    net.finish()
}

pub(super) fn mobilenet_v1_025_vww() -> Vec<NamedLayer> {
    /// Channels and stride.
    const BLOCKS: [(u32, u32); 13] = [
        (16, 1),
        (32, 2),
        (32, 1),
        (64, 2),
        (64, 1),
        (128, 2),
        (128, 1),
        (128, 1),
        (128, 1),
        (128, 1),
        (128, 1),
        (256, 2),
        (256, 1),
    ];
    let mut net = Layers::default();
    let mut x = net.conv("conv", Shape::square(3, 96), 8, [3, 3], 2);
    for (number, (k, stride)) in (1..).zip(BLOCKS) {
        x = separable(&mut net, number, x, k, stride);
    }
    net.fc("fc", x.channels, 2);
    net.finish()
}

pub(super) fn resnet8() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    let mut x = net.conv("conv", Shape::square(3, 32), 16, [3, 3], 1);
    for (stack, k, stride) in [(1, 16, 1), (2, 32, 2), (3, 64, 2)] {
        let inner = net.conv(format!("stack{stack}_conv1"), x, k, [3, 3], stride);
        let output = net.conv(format!("stack{stack}_conv2"), inner, k, [3, 3], 1);
        if output != x {
            net.conv(format!("stack{stack}_shortcut"), x, k, [1, 1], stride);
        }
        x = output;
    }
    net.fc("fc", x.channels, 10);
    net.finish()
}

pub(super) fn autoencoder() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    let mut x = 640;
    for (part, code) in [("encoder", 8), ("decoder", 640)] {
        for number in 1..=4 {
            x = net.fc(format!("{part}{number}"), x, 128);
        }
        x = net.fc(format!("{part}_out"), x, code);
    }
    net.finish()
}
