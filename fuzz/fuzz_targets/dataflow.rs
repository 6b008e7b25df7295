//! Any text as a dataflow file. The result is an error that can be shown, or directives that read back as they were
//! written, and that each model maps or refuses.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::maestro::{parse_dataflow, parse_network, write_network};
use maestrino::host::network::{NamedLayer, Network};
use maestrino::{Cost, Dim, Hardware, Layer, LayerKind, maestro};

/// A layer for each set of dimensions that dataflows may map.
static LAYERS: LazyLock<Vec<Layer>> = LazyLock::new(|| {
    let window = [(Dim::R, 3), (Dim::S, 2), (Dim::Y, 11), (Dim::X, 8)];
    let with = |dims: &[(Dim, u32)]| [dims, &window].concat();
    let layers = [
        Layer::strided(LayerKind::Conv, &with(&[(Dim::K, 6), (Dim::C, 3)]), 2, 1),
        Layer::strided(LayerKind::DsConv, &with(&[(Dim::C, 5)]), 1, 1),
        Layer::strided(LayerKind::NgConv, &with(&[(Dim::G, 2), (Dim::K, 3), (Dim::C, 4)]), 1, 2),
        Layer::strided(LayerKind::Gemm, &[(Dim::M, 7), (Dim::N, 6), (Dim::K, 10)], 1, 1),
    ];
    layers.into_iter().map(|layer| layer.expect("valid")).collect()
});

fuzz_target!(|text: &str| {
    let dataflow = match parse_dataflow(text, "fuzz") {
        Ok(dataflow) => dataflow,
        Err(error) => return drop(error.render(true)),
    };
    let shared = Some(Arc::new(dataflow.clone()));
    let named =
        |layer: &Layer| NamedLayer { name: "layer".into(), layer: *layer, dataflow: shared.clone(), line: None };
    let network = Network { name: "written".into(), layers: vec![named(&LAYERS[0])] };
    let again = parse_network(&write_network(&network), "written").expect("what was written is read");
    assert_eq!(again.network.layers[0].dataflow, shared);
    for layer in LAYERS.iter() {
        for pes in [1, 12, 256] {
            let hardware = Hardware::new(pes).expect("valid");
            let _ = Cost::of(layer, &dataflow, &hardware).map_err(|error| error.to_string());
            let _ = maestro::Cost::of(layer, &dataflow, &hardware).map_err(|error| error.to_string());
        }
    }
});
