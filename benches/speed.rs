//! Measures how long things take: `cargo bench`. Compare only figures of the same run, because machines differ and
//! are noisy.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use maestrino::dataflow::presets::Preset;
use maestrino::hardware::UNLIMITED;
use maestrino::host::builtin;
use maestrino::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, Workload, accelerators};
use maestrino::host::cost_table::CostModel;
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::estimate::Estimate;
use maestrino::host::explore::technology::Technology;
use maestrino::host::explore::{DataflowCosts, Explore, Limits, Objective};
use maestrino::host::formats::{maestro::parse_dataflow, onnx};
use maestrino::host::mapper::space::{Candidate, Split, axes, orders, splits, tiles};
use maestrino::host::mapper::steady::Steady;
use maestrino::host::mapper::{Figures, Objective as Least, Task};
use maestrino::host::model::InputShapes;
use maestrino::host::shard::Shard;
use maestrino::host::spaces;
use maestrino::{Cost, Dataflow, Dim, EnergyTable, Hardware, Layer, LayerKind, Noc, maestro};

fn main() {
    divan::main();
}

const PRESETS: [Preset; 3] = [Preset::KcpWs, Preset::Rs, Preset::XpWs];

/// Costs ResNet-50's layers on 256 PEs with either model.
macro_rules! costs {
    ($model:ident, $cost:path) => {
        mod $model {
            use super::*;

            /// Under each preset, with an unlimited L2 and with 64 KiB.
            #[divan::bench(args = Preset::ALL, consts = [0, 64])]
            fn preset<const KIB: u32>(bencher: Bencher<'_, '_>, preset: Preset) {
                let dataflow = |kind: LayerKind| preset.tiling().for_kind(kind).dataflow(kind).unwrap();
                layers(bencher, KIB, dataflow, |layer, dataflow, hardware| $cost(layer, dataflow, hardware).is_ok());
            }

            /// Under dataflows with different numbers of levels.
            #[divan::bench(args = 1..=LEVELS.len(), consts = [0, 64])]
            fn levels<const KIB: u32>(bencher: Bencher<'_, '_>, levels: usize) {
                let dataflow = parse_dataflow(&LEVELS[..levels].concat(), "levels").unwrap();
                layers(
                    bencher,
                    KIB,
                    |_| dataflow.clone(),
                    |layer, dataflow, hardware| $cost(layer, dataflow, hardware).is_ok(),
                );
            }
        }
    };
}

costs!(exact, Cost::of);
costs!(reference, maestro::Cost::of);

const LEVELS: [&str; 4] = [
    "TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; SpatialMap(16,16) K; TemporalMap(64,64) C;
     TemporalMap(3+Sz(R),4) Y; TemporalMap(Sz(S),1) X;",
    "Cluster(4, P); SpatialMap(16,16) C;",
    "Cluster(4, P); SpatialMap(4,4) K;",
    "Cluster(2, P); SpatialMap(1+Sz(R),2) Y;",
];

/// Times the layers that can be costed. `kib` is the size of L2; 0 for no limit.
fn layers(
    bencher: Bencher<'_, '_>,
    kib: u32,
    dataflow: impl Fn(LayerKind) -> Dataflow,
    costs: impl Fn(&Layer, &Dataflow, &Hardware) -> bool + Sync,
) {
    let noc = Noc { bandwidth: 64, latency: 2 };
    let hardware = Hardware::new(256).unwrap().with_buffers(512, UNLIMITED).with_noc(noc).unwrap();
    let hardware = hardware.with_offchip_bandwidth(16).unwrap();
    let hardware = hardware.with_buffers(hardware.l1_bytes(), if kib == 0 { UNLIMITED } else { kib << 10 });
    let network = builtin::network("resnet50").unwrap();
    let layers = network.layers.iter().map(|layer| (layer.layer, dataflow(layer.layer.kind())));
    let layers: Vec<_> = layers.filter(|(layer, dataflow)| costs(layer, dataflow, &hardware)).collect();
    bencher
        .counter(ItemsCount::new(layers.len()))
        .bench(|| layers.iter().filter(|(layer, dataflow)| costs(layer, dataflow, black_box(&hardware))).count());
}

/// Layers of a built-in network, one after the other on one accelerator.
#[divan::bench(args = ["ds_cnn", "resnet50", "mobilenet_v2"])]
fn estimate(bencher: Bencher<'_, '_>, name: &str) {
    let network = builtin::network(name).unwrap();
    let hardware = Hardware::new(256).unwrap();
    let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
    let estimate = || Estimate::new(&network, &choice, &hardware, CostModel::Maestro, &EnergyTable::REFERENCE).unwrap();
    bencher.counter(ItemsCount::new(network.layers.len())).bench(|| black_box(estimate()));
}

/// Costs the study's networks of a space on its 50 accelerators under three dataflows. Counts the costs of a network
/// on a design.
#[divan::bench(args = ["nb301", "alphanet"], sample_count = 10)]
fn campaign(bencher: Bencher<'_, '_>, name: &str) {
    let space = spaces::by_name(name).unwrap();
    let mut workload = Workload::new();
    for listed in spaces::networks::named(space.as_ref(), "selected").unwrap() {
        workload.push(String::new(), &space.layers(&listed.genome));
    }
    let dataflow = |preset: Preset| NamedDataflow {
        name: preset.name().to_string(),
        choice: DataflowChoice::preset(preset.tiling(), false),
    };
    let campaign = Campaign {
        workload,
        designs: DesignSpace {
            accelerators: accelerators::study(),
            dataflows: PRESETS.map(dataflow).to_vec(),
            mappings: None,
            mixed: None,
        },
        costing: Costing::Maestro(EnergyTable::REFERENCE),
    };
    let costs = campaign.table().0.cycles.len();
    bencher.counter(ItemsCount::new(costs)).bench(|| black_box(campaign.table()));
}

/// Explores a layer of ResNet-50 on a grid of 20 million designs, which varies off-chip bandwidth, L1 and L2, and
/// optionally the NoC. If the off-chip interface takes area, no design can be ruled out before its energy, area and
/// power are known.
#[divan::bench(args = ["", "offchip.area = 1000"], consts = [1, 20], sample_count = 10)]
fn explore<const NOCS: u32>(bencher: Bencher<'_, '_>, technology: &str) {
    let mut network = builtin::network("resnet50").unwrap();
    network.layers.drain(..10);
    network.layers.truncate(1);
    let technology: Technology = technology.parse().unwrap();
    let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
    let dataflows = [NamedDataflow { name: "kcp_ws".to_string(), choice }];
    let costs = DataflowCosts { network: &network, dataflows: &dataflows, technology: &technology, calibration: None };
    let l1 = 1000 / NOCS;
    let grid = format!("pes=256,noc=1..{NOCS},offchip=1..100,l1=64..{}:4,l2=4096..819200:4096", 64 + 4 * (l1 - 1));
    let explore = Explore {
        costs: &costs,
        grid: &grid.parse().unwrap(),
        base: Hardware::new(1).unwrap(),
        objectives: &Objective::ALL,
        limits: Limits::default(),
    };
    let axes = explore.axes(0).unwrap();
    bencher
        .counter(ItemsCount::new(explore.designs() as usize))
        .bench(|| explore.explored(explore.whole(&axes, Shard::WHOLE, &|| ())).unwrap());
}

/// Reads an ONNX file without its weights.
#[divan::bench(args = ["mobilenet_v2", "resnet50", "vit_tiny_patch16_224"])]
fn read_onnx(bencher: Bencher<'_, '_>, name: &str) {
    let path = format!("{}/tests/models/{name}.stripped.onnx", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    let read = || onnx::read(std::io::Cursor::new(&bytes), name, &InputShapes::default()).unwrap();
    bencher.bench(|| black_box(read()));
}

/// Computes all figures of mappings on two levels, on one core: all tiles of level 2 and all distinct orders of both
/// levels, for one in a thousand of the tiles of level 1.
#[divan::bench(args = ["GEMM 512", "BERT QKV", "pointwise 24 to 144", "VGG-16 5", "depthwise 144"])]
fn mappings(bencher: Bencher<'_, '_>, name: &str) {
    let gemm = |m, n, k| Layer::new(LayerKind::Gemm, &[(Dim::M, m), (Dim::N, n), (Dim::K, k)]).unwrap();
    let conv = |kind, k, c, r, y| {
        let dims = [(Dim::K, k), (Dim::C, c), (Dim::R, r), (Dim::S, r), (Dim::OutY, y), (Dim::OutX, y)];
        Layer::new(kind, &dims).unwrap()
    };
    let layer = match name {
        "GEMM 512" => gemm(512, 512, 512),
        "BERT QKV" => gemm(128, 768, 768),
        "pointwise 24 to 144" => conv(LayerKind::Conv, 144, 24, 1, 56),
        "VGG-16 5" => conv(LayerKind::Conv, 256, 128, 3, 56),
        _ => conv(LayerKind::DsConv, 1, 144, 3, 56),
    };
    let hardware = Hardware::new(168).unwrap().with_buffers(512, 108 << 10).with_offchip_bandwidth(16).unwrap();
    let hardware = hardware.with_noc(Noc { bandwidth: 64, latency: 1 }).unwrap();
    let task = Task {
        layer: &layer,
        hardware: &hardware,
        energies: &EnergyTable::REFERENCE,
        objective: Least::Edp,
        limits: Figures::UNLIMITED,
        levels: 2,
        frozen: None,
        any_tile: false,
        budget: u64::MAX,
        time: None,
        gap: 0.0,
    };
    bencher.counter(ItemsCount::new(walk(&task))).bench(|| walk(black_box(&task)));
}

/// Visits the mappings, and returns how many were evaluated.
fn walk(task: &Task<'_>) -> usize {
    let axes = axes(task.layer);
    let (steady, orders) = (Steady::new(task, &axes).unwrap(), orders(&axes));
    let extents: Vec<u32> = axes.iter().map(|axis| axis.extent).collect();
    // Orders that differ only in loops of one turn are the same.
    let distinct = |split: &Split, level: usize, of: &[u32], tiles: &[u32]| {
        let turns = |place: &usize| of[*place].div_ceil(tiles[*place]) > split.ways_along(level, *place);
        let turning = |order: &[usize]| order.iter().copied().filter(turns).fold(0, |code, place| code * 8 + place + 1);
        let mut known: Vec<(usize, &[usize])> = Vec::new();
        for order in &orders {
            let own = turning(order);
            if known.iter().all(|(other, _)| *other != own) {
                known.push((own, order));
            }
        }
        known
    };
    let (mut seen, mut worked_out) = (0, 0);
    let mut splits = splits(axes.len(), task.hardware.pes(), 2);
    splits.retain(|split| split.levels == 2);
    // The figures of level 1 do not depend on what clusters do.
    let outside = |split: &Split| (split.ways[0], split.spatial[0]);
    splits.sort_by_key(outside);
    for splits in splits.chunk_by(|a, b| outside(a) == outside(b)) {
        each(&extents, &mut Vec::new(), &mut |first| {
            seen += 1;
            if seen % 1000 != 0 {
                return;
            }
            let split = &splits[0];
            let above = steady.level(split, 0, [&extents, first], None).unwrap();
            let outer =
                |order| steady.outer(&Candidate { split, tiles: [first; 3], orders: [order; 3] }, &above).unwrap();
            let outer: Vec<_> =
                distinct(split, 0, &extents, first).into_iter().map(|(_, order)| outer(order)).collect();
            for split in splits {
                each(first, &mut Vec::new(), &mut |second| {
                    let below = steady.level(split, 1, [first, second], Some(&above)).unwrap();
                    for (_, order) in distinct(split, 1, first, second) {
                        let inner = steady.inner(&below, order);
                        for outer in &outer {
                            black_box(steady.figures(outer, &inner));
                            worked_out += 1;
                        }
                    }
                });
            }
        });
    }
    worked_out
}

/// Calls `visit` for every combination of a tile along each dimension.
fn each(extents: &[u32], taken: &mut Vec<u32>, visit: &mut dyn FnMut(&[u32])) {
    let Some(extent) = extents.get(taken.len()) else { return visit(taken) };
    for tile in tiles(*extent, false) {
        taken.push(tile);
        each(extents, taken, visit);
        taken.pop();
    }
}
