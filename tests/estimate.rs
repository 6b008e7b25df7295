//! `maestrino estimate` by the exact model, as a user runs it.
#![cfg(feature = "std")]

use std::collections::HashMap;

use maestrino::exact::Depth;
use maestrino::host::builtin;
use maestrino::host::formats::maestro::parse_network;
use maestrino::{Activations, Buffering, Cost, Dataflow, EnergyTable, Hardware, Layer, Widths};
use serde_json::Value;

use crate::common::{Dir, text};

/// The rows of a CSV, by column.
fn rows(text: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Columns of `cases.csv` from `layer_macs` on.
fn truth_columns() -> Vec<String> {
    let mut text = String::new();
    let file = std::fs::File::open(crate::common::data("truth/cases.csv.gz")).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).unwrap();
    let columns = text.lines().next().unwrap().split(',').map(String::from);
    columns.skip_while(|column| column != "layer_macs").collect()
}

const NETWORK: &str = "Network net {
    Layer conv { Type: CONV Stride { X: 2, Y: 2 } Dimensions { K: 12, C: 7, R: 3, S: 3, Y: 17, X: 15 }
        Dataflow { SpatialMap(1,1) K; TemporalMap(7,7) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X;
                   Cluster(4, P); SpatialMap(1,1) C; } }
    Layer overlap { Type: CONV Dimensions { K: 2, C: 2, R: 1, S: 1, Y: 9, X: 4 }
        Dataflow { SpatialMap(1,1) K; TemporalMap(3,2) Y; } }
    Layer product { Type: GEMM Dimensions { M: 40, N: 30, K: 20 }
        Dataflow { SpatialMap(2,2) M; TemporalMap(3,3) N; TemporalMap(4,4) K; } }
}
";

/// Flags, and the same by the library.
fn settings() -> Vec<(&'static str, Hardware, EnergyTable)> {
    let base = builtin::accelerator("edge16").unwrap();
    let reference = EnergyTable::REFERENCE;
    let small = base.with_buffers(40, 90);
    vec![
        ("", base, reference),
        ("--l1 40 --l2 90", small, reference),
        ("--bits 8:4:16", base.with_widths(Widths { input: 8, filter: 4, output: 16, psum: 16 }).unwrap(), reference),
        ("--bits 8:8:8:32", base.with_widths(Widths { psum: 32, ..Widths::BYTES }).unwrap(), reference),
        ("--activations l2", base.with_activations(Activations::L2), reference),
        ("--multicast no", base.with_multicast(false), reference),
        ("--l1-buffers 1", base.with_buffering(Buffering::Single, Buffering::Double), reference),
        ("--l2-buffers 1", base.with_buffering(Buffering::Double, Buffering::Single), reference),
        ("--cluster-buffer 7", base.with_cluster_buffer(7), reference),
        ("--weights-bw 1", base.with_weights_bandwidth(1).unwrap(), reference),
        ("--energies 1,2,3", base, EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, ..reference }),
        ("--energies 1,2,3,4", base, EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, offchip: 4.0, ..reference }),
        ("--energies 1,2,3,4,5", base, EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, offchip: 4.0, cluster: Some(5.0) }),
    ]
}

/// What the library says, under the names of the CSV.
fn expected(cost: &Cost, hardware: &Hardware) -> Vec<(&'static str, String)> {
    let unknown = || "-".to_string();
    let of = |figure: &dyn Fn(&maestrino::exact::Offchip) -> u64| {
        cost.offchip.as_ref().map_or_else(unknown, |told| figure(told).to_string())
    };
    let depth = |place: usize| match cost.offchip.map(|told| told.depths.0[place]) {
        None => unknown(),
        Some(Depth::Resident) => "l2".to_string(),
        Some(Depth::Loops(loops)) => loops.to_string(),
    };
    let nj = |nj: f64| cost.offchip.map_or_else(unknown, |_| nj.to_string());
    let waits = cost.waits;
    vec![
        ("layer_macs", cost.layer_operations.to_string()),
        ("macs", cost.operations.to_string()),
        ("useful_macs", cost.layer_operations.to_string()),
        ("steps", cost.steps.to_string()),
        ("l2_read_input", cost.l2.input.to_string()),
        ("l2_read_filter", cost.l2.filter.to_string()),
        ("l2_read_psum", cost.l2.psum.to_string()),
        ("l2_write_output", cost.l2.output.to_string()),
        ("l1_arrive_input", cost.l1.input.to_string()),
        ("l1_arrive_filter", cost.l1.filter.to_string()),
        ("l1_arrive_psum", cost.l1.psum.to_string()),
        ("l1_leave_output", cost.l1.output.to_string()),
        ("depth_input", depth(0)),
        ("depth_filter", depth(1)),
        ("depth_output", depth(2)),
        ("l2_need", cost.needs.l2.to_string()),
        ("l1_need", cost.needs.l1.to_string()),
        ("cluster_need", cost.needs.cluster.to_string()),
        ("offchip_in_input", of(&|told| told.transfers.input)),
        ("offchip_in_filter", of(&|told| told.transfers.filter)),
        ("offchip_in_psum", of(&|told| told.transfers.psum)),
        ("offchip_out", of(&|told| told.transfers.output)),
        ("first", of(&|told| told.cycles.first)),
        ("rest", of(&|told| told.cycles.rest)),
        ("last", of(&|told| told.cycles.last)),
        ("cycles", of(&|told| told.cycles.total)),
        ("cycles_serial", of(&|told| told.cycles.serial)),
        ("active_pes", cost.active_pes.to_string()),
        ("wait_compute", waits.compute.to_string()),
        ("wait_noc_in", waits.noc_in.to_string()),
        ("wait_noc_out", waits.noc_out.to_string()),
        ("wait_offchip", of(&|_| waits.offchip)),
        ("energy_mac_nj", cost.energy.mac.to_string()),
        ("energy_l1_nj", cost.energy.l1.to_string()),
        ("energy_cluster_nj", cost.energy.cluster.to_string()),
        ("energy_l2_nj", nj(cost.energy.l2)),
        ("energy_offchip_nj", nj(cost.energy.offchip)),
        ("energy_nj", nj(cost.energy.total())),
        ("utilization", cost.utilization(hardware).map_or_else(unknown, |share| share.to_string())),
        ("area_um2", cost.silicon(hardware).area().to_string()),
    ]
}

#[test]
fn the_csv_is_what_the_library_says_under_every_flag() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let network = parse_network(NETWORK, "net.m").unwrap().network;
    let cost = |layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, energies: &EnergyTable| {
        Cost::with_energies(layer, dataflow, hardware, energies).unwrap()
    };
    let mut seen = std::collections::HashSet::new();
    for (flags, hardware, energies) in settings() {
        let arguments = format!("estimate --mapping net.m --hw edge16 {flags} --format");
        let csv = dir.run(&format!("{arguments} csv")).well().stdout;
        let figures = json(&dir.run(&format!("{arguments} json")).quiet().stdout);
        let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        assert_eq!(header[..6], ["network", "model", "layer", "kind", "shape", "dataflow"]);
        let place = header.iter().position(|column| *column == "layer_macs").unwrap();
        let truth = truth_columns();
        assert_eq!(header[place..place + truth.len()], truth);
        for ((row, named), told) in rows(&csv).iter().zip(&network.layers).zip(figures["layers"].as_array().unwrap()) {
            let cost = cost(&named.layer, named.dataflow.as_ref().unwrap(), &hardware, &energies);
            assert_eq!((row["model"].as_str(), &row["layer"]), ("exact", &named.name));
            for (column, value) in expected(&cost, &hardware) {
                assert_eq!(row[column], value, "{flags} {} {column}", named.name);
                let same = match (&told[column], value.parse::<f64>()) {
                    (Value::Null, _) => value == "-",
                    (Value::String(text), _) => *text == value,
                    // Reading JSON may round.
                    (told, Ok(value)) => (told.as_f64().unwrap() - value).abs() <= 1e-12 * value,
                    _ => false,
                };
                assert!(same, "{flags} {} {column}: {} for {value}", named.name, told[column]);
            }
            let on_chip = cost.waits.compute + cost.waits.noc_in + cost.waits.noc_out;
            assert_eq!(row["on_chip_cycles"], on_chip.to_string());
            if let Some(told) = cost.offchip {
                assert_eq!(told.cycles.on_chip, on_chip);
            }
            let short: Vec<&str> = [("l1", cost.fits.l1), ("cluster", cost.fits.cluster), ("l2", cost.fits.l2)]
                .into_iter()
                .filter_map(|(name, fits)| (!fits).then_some(name))
                .collect();
            assert_eq!(row["fits"], if short.is_empty() { "yes".to_string() } else { short.join("+") });
            seen.insert(row["fits"].clone());
        }
        let total = &figures["total"];
        let sum = |column: &str| -> Option<f64> {
            figures["layers"].as_array().unwrap().iter().map(|layer| layer[column].as_f64()).sum()
        };
        for column in ["cycles", "cycles_serial", "macs", "layer_macs", "energy_nj", "offchip_bytes", "energy_l1_nj"] {
            match (total[column].as_f64(), sum(column)) {
                (Some(total), Some(sum)) => assert!((total - sum).abs() <= 1e-9 * sum, "{flags} {column}"),
                (total, sum) => assert!(column == "energy_l1_nj" || total == sum, "{flags} {column}"),
            }
        }
        assert_eq!(total["macs"], 66_528, "{flags}");
    }
    assert!(
        seen.contains("yes") && seen.contains("cluster") && seen.iter().any(|fits| fits.contains("l2")),
        "{seen:?}"
    );
}

#[test]
fn what_does_not_fit_is_marked_and_told() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let run = dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --cluster-buffer 5").quiet();
    let line = |start: &str| run.stdout.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_default();
    // Cycles, energy and what moves off-chip are unknown where L2 is too small.
    let words: Vec<&str> = line("overlap ").split_whitespace().collect();
    assert!(words.iter().filter(|word| **word == "-").count() == 6, "{}", run.stdout);
    assert!(words.iter().any(|word| word.ends_with('!')), "{}", run.stdout);
    assert!(line("total").contains(" - "), "{}", run.stdout);
    assert!(!run.stdout.contains("latency"), "{}", run.stdout);
    let told: Vec<&str> =
        run.stdout.lines().filter(|line| line.starts_with("unusable on this accelerator: ")).collect();
    let [l1, cluster, l2] = told[..] else { panic!("{}", run.stdout) };
    assert!(l1.contains(" bytes of L1 in each PE, and there are 18"), "{l1}");
    assert!(cluster.contains(": conv needs ") && cluster.contains(" of the buffer of each cluster, and there are 5"));
    assert!(l2.contains(" bytes of L2, and there are 90"), "{l2}");
    let csv = dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --format csv").well();
    assert!(csv.stderr.contains("warning: unusable on this accelerator: "), "{}", csv.stderr);
    // Larger buffers are all that it takes.
    let run = dir.run("estimate --mapping net.m --hw edge16 --l1 4000").quiet();
    assert!(!run.stdout.contains("unusable") && !run.stdout.contains('!'), "{}", run.stdout);
}

#[test]
fn overlapping_tiles_are_told_by_the_layer() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let told = |network: &str| dir.run(&format!("estimate --mapping {network} --hw edge16 --l1 4000")).quiet().stdout;
    let text = told("net.m");
    let warnings: Vec<&str> = text.lines().filter(|line| line.starts_with("warning: ")).collect();
    // Tiles of 3 rows, 2 apart, over 9: 12 rows.
    assert_eq!(
        warnings,
        ["warning: overlap performs 1.33 times the layer's MACs: the tiles of its dataflow overlap"],
        "{text}"
    );
    dir.file("two.m", NETWORK.replace("TemporalMap(3,3) N", "TemporalMap(3,1) N"));
    let text = told("two.m");
    let warning = text.lines().find(|line| line.starts_with("warning: ")).unwrap();
    let expected = "warning: the tiles of the dataflow overlap in 2 of 3 layers; at worst product performs 2.80 times";
    assert!(warning.starts_with(expected), "{text}");
}

#[test]
fn the_models_differ_and_say_which_they_are() {
    let dir = Dir::new();
    let exact = dir.run("estimate --network resnet8 --hw edge16 --fit --format json").quiet().stdout;
    let named = dir.run("estimate --network resnet8 --hw edge16 --fit --model exact --format json").quiet().stdout;
    assert_eq!(exact, named);
    let reference =
        json(&dir.run("estimate --network resnet8 --hw edge16 --fit --model maestro --format json").quiet().stdout);
    let exact = json(&exact);
    assert_eq!((&exact["model"], &reference["model"]), (&"exact".into(), &"maestro".into()));
    assert_ne!(exact["total"]["cycles"], reference["total"]["cycles"]);
    let table = dir.run("estimate --network resnet8 --hw edge16 --fit --model maestro").quiet().stdout;
    assert!(table.lines().next().unwrap().ends_with("; MAESTRO's model"), "{table}");
    // The reference's CSV implies its model.
    let csv = |flags: &str| dir.run(&format!("estimate --format maestro-csv {flags}")).quiet().stdout;
    assert_eq!(csv(""), csv("--model maestro"));
}

#[test]
fn the_head_tells_what_the_accelerator_is() {
    let dir = Dir::new();
    let flags = "--bits 8:8:8:32 --activations l2 --multicast no --l1-buffers 1 --l2-buffers 1 --cluster-buffer 999 \
                 --weights-bw 2 --simd 2";
    let head = dir.run(&format!("estimate --hw edge16 --fit {flags}")).quiet().stdout;
    let expected = "ds_cnn on 16 PEs x 2 lanes, L1 256 B (single), clusters 999 B, L2 65,536 B (single), NoC 16 B/cycle + 1 \
                    cycles without multicast, off-chip 4 B/cycle, weights 2 B/cycle, activations in L2, 8:8:8:32 bits; exact \
                    model";
    assert_eq!(head.lines().next().unwrap(), expected);
}

#[test]
fn mappings_of_the_reference_are_costed_or_refused_with_a_reason() {
    let dir = Dir::new();
    dir.file("summary.m", text("parity/summary.m"));
    let run = dir.run("estimate --mapping summary.m --hw edge16 --pes 2048 --format json");
    match run.code {
        Some(0) => assert!(json(&run.stdout)["layers"].as_array().unwrap().len() > 3),
        _ => assert!(run.failed(1).starts_with("error: layer ")),
    }
}
