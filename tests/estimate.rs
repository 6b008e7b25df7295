//! `maestrino estimate` by the exact model, as a user runs it.

use std::collections::HashMap;

use maestrino::exact::Depth;
use maestrino::hardware::UNLIMITED;
use maestrino::host::builtin;
use maestrino::host::formats::maestro::parse_network;
use maestrino::{Activations, Buffering, Cost, Dataflow, EnergyTable, Hardware, Layer, Noc, Widths};
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
        ("--weights-compression 3", base.with_compressed_weights(334).unwrap(), reference),
        ("--activations auto --l2 700", base.with_buffers(256, 700).with_activations(Activations::Auto), reference),
        (
            "--noc-bw 3:- --noc-hops 2:1",
            base.with_noc(Noc { bandwidth: UNLIMITED, latency: 1 })
                .and_then(|hardware| hardware.with_noc_at(0, Noc { bandwidth: 3, latency: 2 }))
                .unwrap(),
            reference,
        ),
        (
            "--energies 1,2,3,4,5 --energy-sizes 64,-,- --energy-exponent 1",
            base,
            EnergyTable { mac: 1.0, l1: 8.0, l2: 3.0, offchip: 4.0, cluster: Some(5.0) },
        ),
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
        ("offchip_filter_bytes", of(&|told| told.streams.weights().div_ceil(8))),
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
    assert!(words.iter().filter(|word| **word == "-").count() == 8, "{}", run.stdout);
    assert!(words.iter().any(|word| word.ends_with('!')), "{}", run.stdout);
    assert!(line("total").contains(" - "), "{}", run.stdout);
    assert!(!run.stdout.contains("latency"), "{}", run.stdout);
    let told: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("does not fit: ")).collect();
    let [l1, cluster, l2] = told[..] else { panic!("{}", run.stdout) };
    assert!(l1.contains(" bytes of L1 in each PE, and there are 18"), "{l1}");
    assert!(cluster.contains(": conv needs ") && cluster.contains(" of the buffer of each cluster, and there are 5"));
    assert!(l2.contains(" bytes of L2, and there are 90"), "{l2}");
    let csv = dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --format csv").well();
    assert!(csv.stderr.contains("warning: does not fit: "), "{}", csv.stderr);
    // Larger buffers are all that it takes.
    let run = dir.run("estimate --mapping net.m --hw edge16 --l1 4000").quiet();
    assert!(!run.stdout.contains("does not fit") && !run.stdout.contains('!'), "{}", run.stdout);
}

#[test]
fn a_network_that_has_to_fit_fails_where_it_does_not() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let command = "estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --require-fit";
    for format in ["table", "csv", "json"] {
        let run = dir.run(&format!("{command} --format {format}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stdout.contains("overlap"), "{}", run.stdout);
        let error = run.stderr.lines().last().unwrap();
        assert!(error.starts_with("error: net does not fit: ") && error.contains("of L1"), "{error}");
    }
    let figures = json(&dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --format json").quiet().stdout);
    let misfits = figures["misfits"].as_array().unwrap();
    for misfit in misfits {
        let layers = figures["layers"].as_array().unwrap();
        let worst = layers.iter().find(|layer| layer["name"] == misfit["layer"]).unwrap();
        let need = format!("{}_need", misfit["buffer"].as_str().unwrap());
        assert_eq!(worst[need.as_str()], misfit["need_bytes"]);
        assert!(worst["fits"].as_str().unwrap().contains(misfit["buffer"].as_str().unwrap()));
    }
    assert_eq!(misfits.iter().map(|misfit| &misfit["have_bytes"]).collect::<Vec<_>>(), [18, 90]);
    // What is told to do is enough.
    let needs = |buffer: &str| misfits.iter().find(|misfit| misfit["buffer"] == buffer).unwrap()["need_bytes"].clone();
    let (l1, l2) = (needs("l1"), needs("l2"));
    dir.run(&format!("estimate --mapping net.m --hw edge16 --l1 {l1} --l2 {l2} --require-fit")).quiet();
}

/// The figures of a run in JSON.
fn total(dir: &Dir, flags: &str) -> Value {
    json(&dir.run(&format!("estimate {flags} --format json")).quiet().stdout)["total"].clone()
}

#[test]
fn compressed_weights_move_less_and_nothing_else_changes() {
    let dir = Dir::new();
    let flags = "--network resnet8 --hw edge16";
    let (plain, compressed) = (total(&dir, flags), total(&dir, &format!("{flags} --weights-compression 2")));
    let bytes = |total: &Value| total["weight_bytes"].as_u64().unwrap();
    // The filters of ResNet-8.
    assert_eq!((bytes(&plain), bytes(&compressed)), (77_360, 38_680));
    let moved = |total: &Value| total["offchip_bytes"].as_f64().unwrap();
    assert!(moved(&compressed) < moved(&plain));
    for same in ["macs", "l2_need", "energy_l1_nj", "energy_l2_nj"] {
        assert_eq!(plain[same], compressed[same], "{same}");
    }
}

#[test]
fn activations_stay_in_l2_where_they_fit() {
    let dir = Dir::new();
    let layers = |activations: &str| {
        let flags = format!("--network mobilenet_v2 --hw ethos-u65-256 --activations {activations}");
        let figures = json(&dir.run(&format!("estimate {flags} --format json")).quiet().stdout);
        figures["layers"].as_array().unwrap().clone()
    };
    let (auto, inside, outside) = (layers("auto"), layers("l2"), layers("offchip"));
    let mut resident = 0;
    for ((auto, inside), outside) in auto.iter().zip(&inside).zip(&outside) {
        let fits = inside["fits"] == "yes";
        resident += usize::from(fits);
        let of = |layer: &Value, name: &str| layer[name].clone();
        for name in ["cycles", "offchip_bytes", "l2_need", "energy_nj", "depth_filter", "fits"] {
            assert_eq!(of(auto, name), of(if fits { inside } else { outside }, name), "{name}");
        }
        assert_eq!(fits, auto["depth_input"] == "l2");
    }
    assert!(resident > 0 && resident < auto.len(), "{resident}");
}

#[test]
fn weights_that_load_early_hide_behind_the_layer_before() {
    let dir = Dir::new();
    let of = |flags: &str| {
        let total = total(&dir, flags);
        let figure = |name: &str| total[name].as_u64().unwrap();
        (figure("cycles"), figure("cycles_prefetched"))
    };
    let (plain, early) = of("--network mobilenet_v1_025_vww");
    assert!(early < plain, "{early} {plain}");
    // Never less than without any weights to load, but for those of the first layer.
    let (free, _) = of("--network mobilenet_v1_025_vww --weights-bw 1000000");
    assert!(early >= free, "{early} {free}");
    // No room beside the layer before, nor in a buffer that works and loads in turn.
    for flags in ["--network autoencoder --l2-buffers 1", "--network resnet8 --hw eyeriss"] {
        let (plain, early) = of(flags);
        assert_eq!(plain, early, "{flags}");
    }
    let text = dir.run("estimate --prefetch weights").quiet().stdout;
    assert!(text.contains(" with the weights of the next layer loading meanwhile ("), "{text}");
    assert!(!dir.run("estimate").quiet().stdout.contains("meanwhile"));
}

#[test]
fn what_twice_of_a_resource_saves_is_what_an_estimate_with_twice_of_it_says() {
    let dir = Dir::new();
    let text = dir.run("estimate --network resnet8 --hw edge16 --what-if").quiet().stdout;
    let table = text.split_once("What if there were twice, or half, as much of").unwrap().1;
    let row = |start: &str| -> Vec<&str> {
        let line = table.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_else(|| panic!("{table}"));
        line.trim_start()[start.len()..].split_whitespace().collect()
    };
    let figures = |flags: &str| {
        let total = total(&dir, &format!("--network resnet8 --hw edge16 {flags}"));
        (total["cycles"].as_f64().unwrap(), total["energy_nj"].as_f64().unwrap())
    };
    let (cycles, energy) = figures("");
    let change = |(then, after): (f64, f64)| {
        let percent = |before: f64, after: f64| match (after / before - 1.0) * 100.0 {
            change if change.abs() < 0.05 => "0.0%".to_string(),
            change => format!("{change:+.1}%"),
        };
        [percent(cycles, then), percent(energy, after)]
    };
    for (name, amount, twice, half) in [
        ("PEs", "16", "--pes 32", "--pes 8"),
        ("NoC B/cycle", "16", "--noc-bw 32", "--noc-bw 8"),
        ("off-chip B/cycle", "4", "--offchip-bw 8", "--offchip-bw 2"),
        ("L2 B", "65,536", "--l2 131072", "--l2 32768"),
    ] {
        let told = row(name);
        let expected = [change(figures(twice)), change(figures(half))].concat();
        assert_eq!((told[0], &told[1..]), (amount, expected.iter().map(String::as_str).collect::<Vec<_>>().as_slice()));
    }
    assert_eq!(row("lanes of a PE")[3..], ["cannot", "be"]);
    let small = dir.run("estimate --network resnet8 --hw edge16 --l1 44 --what-if").quiet().stdout;
    assert!(small.contains("does not fit"), "{small}");
}

#[test]
fn the_roofline_is_never_exceeded() {
    let dir = Dir::new();
    let run = dir.run("estimate --network resnet8 --hw edge16 --roofline --roofline-svg roof.svg").quiet();
    let rows: Vec<&str> = run.stdout.lines().skip_while(|line| !line.contains("of the roof")).skip(1).collect();
    assert_eq!(rows.len(), 10, "{}", run.stdout);
    for row in rows {
        let share: f64 = row.split_whitespace().last().unwrap().trim_end_matches('%').parse().unwrap();
        assert!(share > 0.0 && share <= 100.0, "{row}");
    }
    let svg = crate::common::read(&dir.path("roof.svg"));
    // A marker for each layer and one in the legend, all of the same style.
    assert!(svg.contains("<svg") && svg.contains("aria-label=\"MACs/byte off-chip\""));
    assert_eq!(svg.matches("<polygon").count(), 11, "{svg}");
    // Nothing moves off-chip: no intensity, and no NaN.
    let inside =
        dir.run("estimate --network resnet8 --hw edge16 --activations l2 --l2 1000000 --roofline").quiet().stdout;
    assert!(!inside.contains("NaN") && !inside.contains("inf"), "{inside}");
}

#[test]
fn a_hardware_file_says_what_flags_say() {
    let dir = Dir::new();
    dir.file(
        "hw.m",
        "num_pes: 16 l1_size_cstr: 256 l2_size_cstr: 65536 noc_bw_cstr: 16 offchip_bw_cstr: 4 weights_bw: 1 psum_bits: 32
         weights_compression: 1.5 l2_buffers: 1 activations: auto noc_bw_2: 4 clock_mhz: 50 energy_mac: 0.5 energy_l1: 1
         energy_l2: 2 energy_l2_bytes: 16384 multicast: no prefetch: weights cluster_buffer: 900",
    );
    let flags = "--pes 16 --l1 256 --l2 65536 --noc-bw 16:4:16 --offchip-bw 4 --weights-bw 1 --bits 8:8:8:32 \
                 --weights-compression 1.5 --l2-buffers 1 --activations auto --clock 50 --energies 0.5,1,2 \
                 --energy-sizes -,16384 --multicast no --prefetch weights --cluster-buffer 900";
    for format in ["table", "csv", "json"] {
        let by_file = dir.run(&format!("estimate --network resnet8 --hw hw.m --format {format}")).well().stdout;
        let by_flags = format!("estimate --network resnet8 --hw study --dataflow kcp_ws {flags} --format {format}");
        assert_eq!(by_file, dir.run(&by_flags).well().stdout, "{format}");
    }
}

#[test]
fn flags_of_the_exact_model_are_refused_where_they_change_nothing() {
    let dir = Dir::new();
    for flag in [
        "--prefetch weights",
        "--energy-sizes 1,1",
        "--require-fit",
        "--what-if",
        "--roofline",
        "--roofline-svg a.svg",
        "--weights-compression 2",
        "--activations auto",
    ] {
        let error = dir.run(&format!("estimate --model maestro {flag}")).failed(2);
        assert!(error.contains(flag.split(' ').next().unwrap()), "{error}");
    }
    for flag in ["--what-if", "--roofline"] {
        let error = dir.run(&format!("estimate --format json {flag}")).failed(2);
        assert!(error.contains(flag) && error.contains("--format table"), "{error}");
    }
    for (flag, told) in [
        ("--noc-bw 1:2:3:4:5", "by level"),
        ("--energy-sizes 0,1", "bytes of L1"),
        ("--weights-compression 0.5", "1 to 1000"),
        ("--energy-exponent 0.5", "--energy-sizes"),
    ] {
        assert!(dir.run(&format!("estimate {flag}")).failed(2).contains(told), "{flag}");
    }
    assert_eq!(dir.files(), [""; 0]);
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
        [
            "warning: overlap performs 1.33 times the layer's MACs: the tiles of its dataflow overlap; give maps offsets as large \
          as their sizes"
        ],
        "{text}"
    );
    dir.file("two.m", NETWORK.replace("TemporalMap(3,3) N", "TemporalMap(3,1) N"));
    let text = told("two.m");
    let warning = text.lines().find(|line| line.starts_with("warning: ")).unwrap();
    let expected = "warning: the tiles of the dataflow overlap in 2 of 3 layers, at worst product performs 2.80 times";
    assert!(warning.starts_with(expected), "{text}");
}

/// Mappings whose figures were impossible, or not those of their counts.
#[test]
fn figures_keep_to_what_can_be() {
    let dir = Dir::new();
    let filter = "TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S;";
    let of = |layer: &str, dataflow: &str, flags: &str| {
        dir.file("net.m", format!("Network n {{ Layer l {{ {layer} {dataflow} }} }}"));
        let run = dir.run(&format!("estimate --network net.m {flags} --format csv")).quiet();
        rows(&run.stdout).remove(0)
    };
    let figure = |row: &HashMap<String, String>, name: &str| -> f64 { row[name].parse().unwrap() };
    // Output tiles of 6 that fit 12 x 12 outputs exactly, under a stride of 4: 16 steps of 36 x 9 MACs on each PE, without
    // overlap; these were told to overlap, and to take 171,397 cycles.
    let row = of(
        "Type: CONV Stride { X: 4, Y: 4 } Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 47, X: 47 }",
        &format!(
            "Dataflow {{ SpatialMap(1,1) K; TemporalMap(1,1) C; TemporalMap(6,6) Y'; TemporalMap(6,6) X'; {filter} }}"
        ),
        "--hw ethos-u55-128",
    );
    assert_eq!((figure(&row, "macs"), figure(&row, "layer_macs")), (41_472.0, 41_472.0));
    assert!((5_184.0..5_184.0 * 1.05).contains(&figure(&row, "cycles")), "{row:?}");
    // One PE does one MAC in a cycle: 26 took 25.
    let row = of(
        "Type: CONV Dimensions { K: 1, C: 1, Y: 26, X: 1, R: 1, S: 1 }",
        "Dataflow { TemporalMap(1,1) K; TemporalMap(1,1) C; SpatialMap(1,1) X; TemporalMap(10,10) Y; Cluster(1,P); \
         TemporalMap(9,9) Y; TemporalMap(1,1) X; SpatialMap(1,1) C; TemporalMap(1,1) K; }",
        "--pes 1 --noc-bw 81920000 --noc-hops 1",
    );
    assert_eq!(figure(&row, "layer_macs"), 26.0);
    assert!(figure(&row, "cycles") >= 26.0 && figure(&row, "utilization") <= 1.0, "{row:?}");
    // What moves off-chip takes the cycles that it takes: 4 bytes in each.
    let row = of("Type: CONV Dimensions { K: 8, C: 8, R: 1, S: 1, Y: 24, X: 96 }", "", "--hw edge16");
    let moved = ["offchip_in_input", "offchip_in_filter", "offchip_out"].map(|name| figure(&row, name));
    assert_eq!(moved, [18_432.0, 64.0, 18_432.0]);
    assert_eq!((figure(&row, "offchip_bytes"), figure(&row, "cycles")), (moved.iter().sum(), 9_232.0));
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
