//! Built-in networks and accelerators, which need no file.

mod accelerators;
mod builder;
mod imagenet;
mod tiny;
mod transformer;

use crate::Hardware;
use crate::dataflow::presets::Presets;
use crate::host::network::{NamedLayer, Network};
use crate::host::platform::Platform;

pub use accelerators::ACCELERATORS;

/// A built-in network.
#[derive(Clone, Copy, Debug)]
pub struct BuiltinNetwork {
    /// Its name.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    layers: fn() -> Vec<NamedLayer>,
}

/// A built-in accelerator.
#[derive(Clone, Copy, Debug)]
pub struct BuiltinAccelerator {
    /// Its name.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// Its description.
    pub hardware: Hardware,
    /// MHz.
    pub clock_mhz: f64,
    /// The dataflows that it is built for.
    pub presets: Presets,
    /// Where its figures come from.
    pub source: &'static str,
}

impl BuiltinAccelerator {
    /// The accelerator with its clock.
    pub const fn platform(&self) -> Platform {
        Platform { clock_mhz: self.clock_mhz, ..Platform::new(self.hardware) }
    }
}

/// The built-in networks: all with batch 1, without dataflows, and without the layers that have no MACs.
///
/// `Y` and `X` include the padding that the outputs use, so that output extents and MACs are those of the network.
/// MAESTRO's own model files leave the padding out.
pub const NETWORKS: &[BuiltinNetwork] = &[
    BuiltinNetwork {
        name: "ds_cnn",
        summary: "MLPerf Tiny keyword spotting: DS-CNN on 49 x 10 MFCCs, 12 words",
        layers: tiny::ds_cnn,
    },
    BuiltinNetwork {
        name: "mobilenet_v1_025_vww",
        summary: "MLPerf Tiny visual wake words: MobileNetV1 x 0.25 at 96 x 96, 2 classes",
        layers: tiny::mobilenet_v1_025_vww,
    },
    BuiltinNetwork {
        name: "resnet8",
        summary: "MLPerf Tiny image classification: ResNet-8 at 32 x 32, 10 classes",
        layers: tiny::resnet8,
    },
    BuiltinNetwork {
        name: "autoencoder",
        summary: "MLPerf Tiny anomaly detection: fully connected autoencoder of 640 inputs",
        layers: tiny::autoencoder,
    },
    BuiltinNetwork {
        name: "mobilenet_v2",
        summary: "MobileNetV2 x 1.0 at 224 x 224, 1000 classes",
        layers: imagenet::mobilenet_v2,
    },
    BuiltinNetwork {
        name: "resnet50",
        summary: "ResNet-50 (stride in the 3 x 3 convolutions) at 224 x 224, 1000 classes",
        layers: imagenet::resnet50,
    },
    BuiltinNetwork { name: "vgg16", summary: "VGG-16 at 224 x 224, 1000 classes", layers: imagenet::vgg16 },
    BuiltinNetwork {
        name: "squeezenet",
        summary: "SqueezeNet 1.0 at 224 x 224, 1000 classes",
        layers: imagenet::squeezenet,
    },
    BuiltinNetwork {
        name: "transformer_block",
        summary: "one Transformer encoder block: 128 tokens, d_model 512, 8 heads, d_ff 2048",
        layers: transformer::transformer_block,
    },
];

/// The network with that name, if any.
pub fn network(name: &str) -> Option<Network> {
    let builtin = NETWORKS.iter().find(|network| network.name == name)?;
    Some(Network { name: name.to_string(), layers: (builtin.layers)() })
}

/// The accelerator with that name, if any.
pub fn accelerator(name: &str) -> Option<Hardware> {
    ACCELERATORS.iter().find(|accelerator| accelerator.name == name).map(|accelerator| accelerator.hardware)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dim::{self, C, K, M, N, R, S, X, Y};
    use crate::{Buffering, LayerKind, Noc};

    fn named(network: &str, layer: &str) -> crate::Layer {
        let network = super::network(network).unwrap();
        network.layers.iter().find(|named| named.name == layer).unwrap_or_else(|| panic!("no layer {layer}")).layer
    }

    fn sizes<const COUNT: usize>(network: &str, layer: &str, dims: [Dim; COUNT]) -> [u32; COUNT] {
        dims.map(|dim| named(network, layer).size(dim).unwrap_or(0))
    }

    /// Layers and MACs of the published models (MLPerf Tiny's TFLite files; torchvision's networks).
    #[test]
    fn networks_have_the_layers_and_macs_of_the_published_models() {
        let expected = [
            ("ds_cnn", 10, 2_656_768),
            ("mobilenet_v1_025_vww", 28, 7_489_664),
            ("resnet8", 10, 12_501_632),
            ("autoencoder", 10, 264_192),
            ("mobilenet_v2", 53, 300_774_272),
            ("resnet50", 54, 4_089_184_256),
            ("vgg16", 16, 15_470_264_320),
            ("squeezenet", 26, 818_924_576),
            ("transformer_block", 20, 419_430_400),
        ];
        assert_eq!(NETWORKS.len(), expected.len());
        for (name, layers, macs) in expected {
            let network = network(name).unwrap();
            let total: u64 = network.layers.iter().map(|named| named.layer.macs().unwrap()).sum();
            assert_eq!((network.layers.len(), total), (layers, macs), "{name}");
            assert!(network.layers.iter().all(|named| named.dataflow.is_none() && named.line.is_none()));
            let names: std::collections::HashSet<_> = network.layers.iter().map(|named| &named.name).collect();
            assert_eq!(names.len(), layers, "{name} repeats a layer's name");
        }
        assert_eq!(network("lenet"), None);
    }

    #[test]
    fn inputs_include_the_padding_that_outputs_use() {
        // (25-1)*2+10 and (5-1)*2+4, where the unpadded input is 49 x 10.
        assert_eq!(sizes("ds_cnn", "conv", [K, C, R, S, Y, X]), [64, 1, 10, 4, 58, 12]);
        assert_eq!(sizes("ds_cnn", "depthwise4", [K, C, R, S, Y, X]), [1, 64, 3, 3, 27, 7]);
        assert_eq!(named("ds_cnn", "depthwise4").kind(), LayerKind::DsConv);
        assert_eq!(sizes("mobilenet_v1_025_vww", "depthwise12", [K, C, R, S, Y, X]), [1, 128, 3, 3, 7, 7]);
        assert_eq!(sizes("resnet8", "stack3_shortcut", [K, C, R, S, Y, X]), [64, 32, 1, 1, 15, 15]);
        assert_eq!(sizes("resnet50", "conv1", [K, C, R, S, Y, X]), [64, 3, 7, 7, 229, 229]);
        assert_eq!(sizes("resnet50", "conv3_1_spatial", [K, C, R, S, Y, X]), [128, 128, 3, 3, 57, 57]);
        assert_eq!(named("resnet50", "conv3_1_spatial").stride(Y), 2);
        assert_eq!(sizes("resnet50", "conv5_1_shortcut", [K, C, R, S, Y, X]), [2048, 1024, 1, 1, 13, 13]);
        assert_eq!(sizes("mobilenet_v2", "block14_depthwise", [K, C, R, S, Y, X]), [1, 576, 3, 3, 15, 15]);
        assert_eq!(sizes("squeezenet", "conv1", [K, C, R, S, Y, X]), [96, 3, 7, 7, 223, 223]);
        assert_eq!(sizes("squeezenet", "fire9_expand3x3", [K, C, R, S, Y, X]), [256, 64, 3, 3, 15, 15]);
        assert_eq!(sizes("vgg16", "fc6", [K, C, R, S, Y, X, N]), [4096, 25_088, 1, 1, 1, 1, 0]);
        assert_eq!(sizes("transformer_block", "scores_head8", [M, N, K]), [128, 128, 64]);
    }

    #[test]
    fn accelerators_are_found_by_name() {
        let eyeriss = accelerator("eyeriss").unwrap();
        assert_eq!((eyeriss.pes(), eyeriss.l1_bytes(), eyeriss.l2_bytes()), (168, 520, 110_592));
        assert_eq!((eyeriss.widths().input, eyeriss.l2_buffers()), (16, Buffering::Single));
        assert_eq!(accelerator("study").unwrap().noc(0), Noc { bandwidth: 1000, latency: 1 });
        let names: std::collections::HashSet<_> = ACCELERATORS.iter().map(|accelerator| accelerator.name).collect();
        assert_eq!(names.len(), ACCELERATORS.len());
        for accelerator in ACCELERATORS {
            let macs = |name: &str| accelerator.name.strip_prefix(name)?.parse::<u32>().ok();
            let named = macs("ethos-u55-").or(macs("ethos-u65-"));
            assert!(named.is_none_or(|macs| macs == accelerator.hardware.pes()), "{}", accelerator.name);
        }
        assert_eq!(accelerator("tpu"), None);
    }
}
