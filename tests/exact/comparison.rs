//! Compares MAESTRO's model and the exact model with the simulator, in the tables of `src/guide/counted.md`.
//!
//! `cargo test --release comparison -- --ignored --nocapture` prints the tables, and fails if the page has others.

use std::fmt::Write;

use super::analysis;
use crate::simulator::random::{Rng, random_layer, tiled};
use crate::simulator::{Array, Noc, SimLayer, simulate, text};
use maestrino::dataflow::presets::Preset;
use maestrino::{Dataflow, Dim, LayerKind, Tensor, maestro};

/// The number of layers of each kind under each preset.
const LAYERS: u64 = 2000;

/// MACs, input from L2, filter from L2, outputs written to L2, active PEs, on-chip cycles.
type Figures = [f64; 6];

/// The number of layers for which a figure is right, and its largest error relative to the truth.
#[derive(Clone, Copy, Debug, Default)]
struct Errors {
    right: u64,
    worst: f64,
}

/// The errors of a model on many layers.
#[derive(Clone, Copy, Default)]
struct Score {
    layers: u64,
    errors: [Errors; 6],
}

impl Score {
    fn add(&mut self, figures: &Figures, truth: &Figures) {
        self.layers += 1;
        for ((errors, figure), truth) in self.errors.iter_mut().zip(figures).zip(truth) {
            let error = if figure == truth { 0.0 } else { (figure - truth) / truth };
            // The number of active PEs is an average, so it is compared as a floating-point number.
            errors.right += u64::from(error.abs() < 1e-9);
            if error.abs() > errors.worst.abs() {
                errors.worst = error;
            }
        }
    }

    /// A cell such as `97 % (+67)`. It is 100 % only if all are right.
    fn cell(&self, figure: usize) -> String {
        let Errors { right, worst } = self.errors[figure];
        if right == self.layers {
            return "100".into();
        }
        let percent = right as f64 * 100.0 / self.layers as f64;
        let percent = if percent > 99.0 { format!("{:.1}", percent.min(99.9)) } else { format!("{percent:.0}") };
        format!("{percent} ({:+.0})", worst * 100.0)
    }
}

/// Both models on layers of some kinds under some presets.
#[derive(Clone, Copy, Default)]
struct Row {
    maestro: Score,
    exact: Score,
}

impl Row {
    /// Simulates a layer. Layers that MAESTRO's model refuses do not count for it.
    fn add(&mut self, layer: &SimLayer, dataflow: &Dataflow, array: &Array) {
        let Ok(truth) = simulate(layer, dataflow, array) else { return };
        let figures = |[macs, input, filter, output, cycles]: [u64; 5], active| {
            [macs as f64, input as f64, filter as f64, output as f64, active, cycles as f64]
        };
        let l2 = &truth.crossings[0];
        let counts = [truth.macs, l2.read[0], l2.read[1], l2.written.total(), truth.on_chip_cycles];
        let walked = figures(counts, truth.active_pes);
        let cost = analysis::cost(layer, dataflow, array)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", text::layer(layer), text::dataflow(dataflow)));
        let cycles = cost.offchip.unwrap().cycles.on_chip;
        let counts = [cost.operations, cost.l2.input, cost.l2.filter, cost.l2.output, cycles];
        self.exact.add(&figures(counts, cost.active_pes), &walked);
        let cost = maestro::Cost::of(&analysis::layer(layer), dataflow, &analysis::hardware(array));
        if let Ok(maestro::Cost { traffic, delay, .. }) = cost {
            let read = |tensor| traffic.accesses[tensor].l2_read;
            let written = traffic.accesses[Tensor::Output].l2_write;
            let counts = [traffic.operations, read(Tensor::Input), read(Tensor::Filter), written, delay.cycles];
            self.maestro.add(&figures(counts, delay.active_pes), &walked);
        }
    }
}

/// A layer without inserted zeros, with strides from 1 to `strides`.
fn random(rng: &mut Rng, kind: LayerKind, strides: u32) -> SimLayer {
    loop {
        let layer = random_layer(rng, kind);
        if layer.up == [1, 1] && [Dim::Y, Dim::X].iter().all(|dim| layer.layer.stride(*dim) <= strides) {
            return layer;
        }
    }
}

/// Fills the rows of some presets and kinds.
fn row(presets: &[Preset], kinds: &[LayerKind], strides: u32, layers: u64) -> Row {
    let mut row = Row::default();
    for preset in presets {
        for kind in kinds {
            let seeds = (*preset as u64) << 40 | (*kind as u64) << 32;
            for seed in seeds..seeds + layers {
                let rng = &mut Rng::new(seed);
                let layer = random(rng, *kind, strides);
                let dataflow = tiled(rng, *preset, *kind, 5);
                let cluster = dataflow.cluster_pes(&layer.layer).unwrap();
                let pes = cluster * rng.range(1, 5) + rng.range(0, cluster - 1);
                // There are no limits, and off-chip transfers take no time, because MAESTRO's model treats these
                // differently.
                let noc = Noc { bandwidth: Some(rng.range(1, 12).into()), latency: 1 };
                row.add(&layer, &dataflow, &Array { noc: vec![noc], ..Array::new(pes.into()) });
            }
        }
    }
    row
}

/// The lines of a table for MAESTRO's model and for the exact one.
fn lines(table: &mut String, name: &str, presets: &[Preset], kinds: &[LayerKind]) {
    let (plain, strided) = (row(presets, kinds, 1, LAYERS), row(presets, kinds, 2, LAYERS));
    type Of = fn(&Row) -> &Score;
    for (model, of) in [("MAESTRO", (|row| &row.maestro) as Of), ("exact", |row| &row.exact)] {
        let (plain, strided) = (of(&plain), of(&strided));
        let name = if model == "exact" { "" } else { name };
        write!(table, "| {name} | {model} | {}", plain.layers).unwrap();
        for figure in 0..6 {
            let (cell, other) = (plain.cell(figure), strided.cell(figure));
            let other = if other == cell { String::new() } else { format!(" [{other}]") };
            write!(table, " | {cell}{other}").unwrap();
        }
        table.push_str(" |\n");
        assert!(
            model != "exact" || [plain, strided].iter().all(|score| (0..6).all(|i| score.cell(i) == "100")),
            "{table}"
        );
    }
}

fn head(first: &str) -> String {
    format!(
        "| {first} | model | layers | MACs | input from L2 | filter from L2 | outputs written | active PEs | on-chip cycles |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
}

/// The presets that the reference does not have.
const OURS: [Preset; 3] = [Preset::KxcOs, Preset::NkpWs, Preset::CyrRs];

#[test]
fn our_own_presets_are_counted_exactly() {
    for strides in [1, 2] {
        for (preset, kinds) in OURS.into_iter().zip([&LayerKind::ALL[..], &[LayerKind::Gemm], &LayerKind::ALL]) {
            for kind in kinds {
                let exact = row(&[preset], &[*kind], strides, 40).exact;
                assert!(exact.layers >= 30, "{preset} {kind}: {}", exact.layers);
                assert!((0..6).all(|i| exact.cell(i) == "100"), "{preset} {kind}: {:?}", exact.errors);
            }
        }
    }
}

#[test]
#[ignore = "half a million walks: seconds where the compiler optimises, else minutes"]
fn the_page_has_the_tables() {
    let convolutions = [LayerKind::Conv, LayerKind::TrConv, LayerKind::NgConv, LayerKind::Fc];
    let channels = [LayerKind::DsConv, LayerKind::Pool, LayerKind::Eltwise];
    let kinds = |preset: Preset| match preset {
        Preset::Dpt => &channels[..],
        Preset::Nmk => &[LayerKind::Gemm],
        _ => &convolutions,
    };
    let (mut by_preset, mut by_kind) = (head("preset"), head("layer"));
    let presets = Preset::ALL.into_iter().filter(|preset| !OURS.contains(preset));
    for preset in presets.clone() {
        lines(&mut by_preset, &format!("`{preset}`"), &[preset], kinds(preset));
    }
    for kind in LayerKind::ALL {
        let presets: Vec<Preset> = presets.clone().filter(|preset| kinds(*preset).contains(&kind)).collect();
        lines(&mut by_kind, &format!("{kind}"), &presets, &[kind]);
    }
    println!("{by_preset}\n{by_kind}");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/counted.md")).unwrap();
    assert!(page.contains(&by_preset) && page.contains(&by_kind), "the page has other tables");
}
