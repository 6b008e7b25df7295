//! Image classifiers of 224 x 224 pixels and 1000 classes, as in torchvision.

use super::builder::{Layers, Shape};
use crate::host::network::NamedLayer;

const IMAGE: Shape = Shape { channels: 3, rows: 224, columns: 224 };
const CLASSES: u32 = 1000;

pub(super) fn mobilenet_v2() -> Vec<NamedLayer> {
    /// Expansion, channels, blocks, stride of the first block.
    const STAGES: [(u32, u32, u32, u32); 7] =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
    let mut net = Layers::default();
    let mut x = net.conv("conv_first", IMAGE, 32, [3, 3], 2);
    let mut number = 0;
    for (expansion, k, blocks, stride) in STAGES {
        for block in 0..blocks {
            number += 1;
            if expansion > 1 {
                x = net.conv(format!("block{number}_expand"), x, expansion * x.channels, [1, 1], 1);
            }
            x = net.depthwise(format!("block{number}_depthwise"), x, if block == 0 { stride } else { 1 });
            x = net.conv(format!("block{number}_project"), x, k, [1, 1], 1);
        }
    }
    x = net.conv("conv_last", x, 1280, [1, 1], 1);
    net.fc("fc", x.channels, CLASSES);
    net.finish()
}

pub(super) fn resnet50() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    let mut x = net.conv("conv1", IMAGE, 64, [7, 7], 2).strided(2);
    for (stage, width, blocks) in [(2, 64, 3), (3, 128, 4), (4, 256, 6), (5, 512, 3)] {
        for block in 1..=blocks {
            let name = format!("conv{stage}_{block}");
            let stride = if block == 1 && stage > 2 { 2 } else { 1 };
            let reduced = net.conv(format!("{name}_reduce"), x, width, [1, 1], 1);
            let spatial = net.conv(format!("{name}_spatial"), reduced, width, [3, 3], stride);
            let output = net.conv(format!("{name}_expand"), spatial, 4 * width, [1, 1], 1);
            if output != x {
                net.conv(format!("{name}_shortcut"), x, 4 * width, [1, 1], stride);
            }
            x = output;
        }
    }
    net.fc("fc", x.channels, CLASSES);
    net.finish()
}

pub(super) fn vgg16() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    let mut x = IMAGE;
    for (stage, k, convs) in [(1, 64, 2), (2, 128, 2), (3, 256, 3), (4, 512, 3), (5, 512, 3)] {
        for conv in 1..=convs {
            x = net.conv(format!("conv{stage}_{conv}"), x, k, [3, 3], 1);
        }
        x = x.strided(2);
    }
    let hidden = net.fc("fc6", x.elements(), 4096);
    let hidden = net.fc("fc7", hidden, 4096);
    net.fc("fc8", hidden, CLASSES);
    net.finish()
}

pub(super) fn squeezenet() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    // Neither the first convolution nor the pools are padded: 224 -> 109 -> 54 -> 27 -> 13.
    let mut x = net.conv_to("conv1", IMAGE.channels, Shape::square(96, 109), [7, 7], 2);
    for (fire, squeeze, extent) in
        [(2, 16, 54), (3, 16, 54), (4, 32, 54), (5, 32, 27), (6, 48, 27), (7, 48, 27), (8, 64, 27), (9, 64, 13)]
    {
        let input = Shape::square(x.channels, extent);
        let squeezed = net.conv(format!("fire{fire}_squeeze"), input, squeeze, [1, 1], 1);
        net.conv(format!("fire{fire}_expand1x1"), squeezed, 4 * squeeze, [1, 1], 1);
        net.conv(format!("fire{fire}_expand3x3"), squeezed, 4 * squeeze, [3, 3], 1);
        x = Shape::square(8 * squeeze, extent);
    }
    net.conv("conv10", x, CLASSES, [1, 1], 1);
    net.finish()
}
