//! How long things take: `cargo bench`. Compare figures of one run only; machines differ, and are noisy.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use maestrino::dataflow::presets::Preset;
use maestrino::host::builtin;
use maestrino::host::campaign::{Campaign, Costing, Directives, NamedDataflow, Workload, accelerators};
use maestrino::host::costs::CostModel;
use maestrino::host::estimate::{DataflowChoice, Estimate};
use maestrino::host::formats::onnx;
use maestrino::host::model::InputShapes;
use maestrino::host::spaces;
use maestrino::{EnergyTable, Hardware};

fn main() {
    divan::main();
}

const PRESETS: [Preset; 3] = [Preset::KcpWs, Preset::Rs, Preset::XpWs];

/// Layers of a built-in network, one after the other on one accelerator.
#[divan::bench(args = ["ds_cnn", "resnet50", "mobilenet_v2"])]
fn estimate(bencher: Bencher<'_, '_>, name: &str) {
    let network = builtin::network(name).unwrap();
    let hardware = Hardware::new(256).unwrap();
    let choice = DataflowChoice::Preset { tiling: Preset::KcpWs.tiling(), fit: false };
    let estimate = || Estimate::new(&network, &choice, &hardware, CostModel::Maestro, &EnergyTable::REFERENCE).unwrap();
    bencher.counter(ItemsCount::new(network.layers.len())).bench(|| black_box(estimate()));
}

/// The study's networks of a space on its 50 accelerators under three dataflows: costs of a network on a design.
#[divan::bench(args = ["nb301", "alphanet"], sample_count = 10)]
fn campaign(bencher: Bencher<'_, '_>, name: &str) {
    let space = spaces::by_name(name).unwrap();
    let mut workload = Workload::new();
    for listed in spaces::networks::named(space.as_ref(), "selected").unwrap() {
        workload.push(String::new(), &space.layers(&listed.genome));
    }
    let dataflow = |preset: Preset| NamedDataflow {
        name: preset.name().to_string(),
        directives: Directives::Preset { tiling: preset.tiling(), fit: false },
    };
    let campaign = Campaign {
        workload,
        accelerators: accelerators::study(),
        dataflows: PRESETS.map(dataflow).to_vec(),
        mixed: None,
        costing: Costing::Maestro(EnergyTable::REFERENCE),
    };
    let costs = campaign.table().0.cycles.len();
    bencher.counter(ItemsCount::new(costs)).bench(|| black_box(campaign.table()));
}

/// An ONNX file without its weights.
#[divan::bench(args = ["mobilenet_v2", "resnet50", "vit_tiny_patch16_224"])]
fn read_onnx(bencher: Bencher<'_, '_>, name: &str) {
    let path = format!("{}/tests/models/{name}.stripped.onnx", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    let read = || onnx::read(std::io::Cursor::new(&bytes), name, &InputShapes::default()).unwrap();
    bencher.bench(|| black_box(read()));
}
