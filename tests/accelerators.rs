//! The built-in accelerators: the costs of networks on them, and how close these are to published figures. The tables
//! are those of `src/guide/accelerators.md`.

use std::collections::HashMap;
use std::fmt::Write;

use maestrino::hardware::UNLIMITED;
use maestrino::host::builtin::{self, ACCELERATORS, NETWORKS};
use maestrino::host::cost_table::CostModel;
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::estimate::Estimate;
use maestrino::host::stats;
use maestrino::{Buffering, Cost, EnergyTable, Hardware};
use serde_json::Value;

use crate::common::{Dir, data, text};

/// Asserts that the page contains a table.
fn on_the_page(table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/accelerators.md");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains(table), "{path} has another table than\n{table}");
}

/// A number with as many digits as are meaningful: `12.3`.
fn figure(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

#[test]
fn every_network_runs_on_every_accelerator_and_the_page_tells_how() {
    let mut table = "| |".to_string();
    NETWORKS.iter().for_each(|network| write!(table, " `{}` |", network.name).unwrap());
    write!(table, "\n| --- |{}\n", " ---: |".repeat(NETWORKS.len())).unwrap();
    for accelerator in ACCELERATORS {
        write!(table, "| `{}` |", accelerator.name).unwrap();
        for network in NETWORKS {
            let choice = DataflowChoice::of_accelerator(accelerator.presets, true);
            let network = builtin::network(network.name).unwrap();
            let (hardware, energies) = (&accelerator.hardware, EnergyTable::REFERENCE);
            let told = Estimate::new(&network, &choice, hardware, CostModel::Exact, &energies).unwrap();
            // There is no advice except, on one accelerator, about the size of buffers.
            assert_eq!(told.advice(), [""; 0], "{} {}", accelerator.name, network.name);
            let cell = match told.total.cycles {
                Some(cycles) if told.misfits().is_empty() => {
                    let share = told.utilization().unwrap() * 100.0;
                    assert!(share > 0.0 && share <= 100.0);
                    format!("{} ({share:.0})", figure(cycles as f64 / 1e6))
                }
                _ => "–".to_string(),
            };
            write!(table, " {cell} |").unwrap();
        }
        table.push('\n');
    }
    on_the_page(&table);
}

/// Includes pooling, elementwise operators and matrix products. Each accelerator uses its own dataflows.
#[test]
fn model_files_run_on_every_accelerator() {
    let dir = Dir::new();
    for model in ["vww_96_int8.tflite.gz", "pretrainedResnet_quant.tflite.gz", "vit_tiny_patch16_224.stripped.onnx"] {
        let file = data(&format!("models/{model}"));
        for accelerator in ACCELERATORS {
            let run = format!("estimate --network {} --hw {} --all-ops", file.display(), accelerator.name);
            let told = dir.run(&format!("{run} --skip-unsupported --format json")).well().stdout;
            let figures: Value = serde_json::from_str(&told).unwrap();
            let layers = figures["layers"].as_array().unwrap();
            let kinds: std::collections::HashSet<&str> =
                layers.iter().map(|layer| layer["kind"].as_str().unwrap()).collect();
            assert!(
                kinds.contains("GEMM") && (kinds.contains("ELTWISE") || kinds.contains("POOL")),
                "{model}: {kinds:?}"
            );
            for layer in layers.iter().filter(|layer| layer["fits"] == "yes") {
                let share = layer["utilization"].as_f64().unwrap();
                assert!(share > 0.0 && share <= 1.0, "{run}: {} {share}", layer["name"]);
            }
        }
    }
}

#[test]
fn weights_that_are_there_already_cost_no_time() {
    let mut hidden = 0;
    for accelerator in ACCELERATORS {
        let hw = &accelerator.hardware;
        let free = hw.with_weights_bandwidth(UNLIMITED).unwrap();
        for network in NETWORKS {
            for named in builtin::network(network.name).unwrap().layers {
                let (layer, kind) = (&named.layer, named.layer.kind());
                let dataflow = accelerator.presets.for_kind(kind).fitted(layer, hw.pes()).dataflow(kind).unwrap();
                let cost = |hardware: &Hardware| Cost::of(layer, &dataflow, hardware).unwrap().offchip;
                let Some(offchip) = cost(hw) else { continue };
                let (cycles, streams) = (offchip.cycles, offchip.streams);
                assert_eq!(streams.weights() + streams.activations(), offchip.bits);
                assert_eq!(streams.weights(), offchip.transfers.filter * u64::from(hw.widths().filter));
                assert_eq!(offchip.cycles_with_weights(hw, 0), cycles);
                let half = offchip.cycles_with_weights(hw, streams.weights() / 2);
                let all = offchip.cycles_with_weights(hw, streams.weights());
                assert_eq!(all.total, cost(&free).unwrap().cycles.total, "{} {}", accelerator.name, named.name);
                assert!(all.total <= half.total && half.total <= cycles.total && all.serial <= cycles.serial);
                hidden += u32::from(all.total < cycles.total);
                let idle = |loaded: u64| offchip.idle_cycles(hw, loaded, cycles.total);
                assert!(idle(0) <= idle(streams.weights()) && idle(streams.weights()) <= cycles.total);
                if hw.l2_buffers() == Buffering::Single {
                    assert_eq!(idle(streams.weights()), 0);
                }
            }
        }
    }
    assert!(hidden > 1000, "{hidden}");
}

/// Linear interpolation between the two nearest values.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (low, rest) = (place as usize, place.fract());
    sorted[low] + rest * (sorted[(low + 1).min(sorted.len() - 1)] - sorted[low])
}

/// The layers of both networks, by a figure of the JSON.
fn layers(dir: &Dir, flags: &str, name: &str) -> HashMap<(String, usize), f64> {
    let mut layers = HashMap::new();
    for network in ["kws_ref_model", "vww_96_int8"] {
        let file = data(&format!("models/{network}.tflite.gz"));
        let run = dir.run(&format!("estimate --network {} {flags} --format json", file.display())).quiet();
        let figures: Value = serde_json::from_str(&run.stdout).unwrap();
        for (place, layer) in figures["layers"].as_array().unwrap().iter().enumerate() {
            layers.insert((network.to_string(), place), layer[name].as_f64().unwrap());
        }
    }
    layers
}

#[test]
fn ethos_u_is_as_near_to_its_own_compiler_as_the_page_says() {
    let mut theirs: HashMap<String, HashMap<(String, usize), f64>> = HashMap::new();
    for line in text("models/ethos_u.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [network, accelerator, place, cycles] = cells[..] else { panic!("{line}") };
        let layers = theirs.entry(accelerator.to_string()).or_default();
        layers.insert((network.to_string(), place.parse().unwrap()), cycles.parse().unwrap());
    }
    let dir = Dir::new();
    let mut table =
        "| | | 10 % | 50 % | 90 % | rank | total |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n".to_string();
    for accelerator in ACCELERATORS.iter().filter(|accelerator| accelerator.name.starts_with("ethos")) {
        let (name, pes) = (accelerator.name, accelerator.hardware.pes());
        let own = format!("--hw {name}");
        let former = format!("--model maestro --pes {pes} --noc-bw 8 --offchip-bw 8 --fit --dataflow kcp_ws:cluster=8");
        for (title, flags, figure) in [
            ("exact", &own, "cycles"),
            ("exact, weights prefetched", &own, "cycles_prefetched"),
            ("MAESTRO, `kcp_ws:cluster=8`", &former, "cycles"),
        ] {
            let (ours, theirs) = (layers(&dir, flags, figure), &theirs[name]);
            assert_eq!((ours.len(), theirs.len()), (38, 38));
            let (a, b): (Vec<f64>, Vec<f64>) = ours.iter().map(|(layer, cycles)| (*cycles, theirs[layer])).unzip();
            let mut ratios: Vec<f64> = a.iter().zip(&b).map(|(ours, theirs)| ours / theirs).collect();
            ratios.sort_by(f64::total_cmp);
            let [low, middle, high] = [0.1, 0.5, 0.9].map(|share| percentile(&ratios, share));
            let rank = stats::spearman(&a, &b).unwrap();
            let total = a.iter().sum::<f64>() / b.iter().sum::<f64>();
            writeln!(table, "| `{name}` | {title} | {low:.2} | {middle:.2} | {high:.2} | {rank:.2} | {total:.2} |")
                .unwrap();
        }
    }
    on_the_page(&table);
}

/// Eyeriss processes the convolutions of VGG-16 at 0.7 frames a second (batch 3, 200 MHz).
#[test]
fn eyeriss_takes_as_long_for_vgg16_as_the_chip() {
    let eyeriss = ACCELERATORS.iter().find(|accelerator| accelerator.name == "eyeriss").unwrap();
    let mut network = builtin::network("vgg16").unwrap();
    network.layers.retain(|layer| layer.name.starts_with("conv"));
    let choice = DataflowChoice::of_accelerator(eyeriss.presets, true);
    let energies = EnergyTable::REFERENCE;
    let told = Estimate::new(&network, &choice, &eyeriss.hardware, CostModel::Exact, &energies).unwrap();
    let seconds = told.total.cycles.unwrap() as f64 / (eyeriss.clock_mhz * 1e6);
    on_the_page(&format!("{seconds:.2} s"));
    assert!((seconds * 0.7 - 1.0).abs() < 0.25, "{seconds}");
}
