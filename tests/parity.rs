//! Compares with the reference's own figures, all 52 columns as text. `tests/parity/README.md` says where they come
//! from.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use maestrino::host::formats::maestro::{parse_hardware, parse_network};
use maestrino::host::network::Network;
use maestrino::host::printed::{CsvEnergy, G};
use maestrino::host::report::maestro_csv::{self, Row};
use maestrino::maestro::Cost;
use maestrino::{Error, Hardware, LayerKind, Tensor};

use crate::common::{Dir, assert_same_text, data, read, text};

fn network(name: &str) -> Network {
    let parsed = parse_network(&text(name), name).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(parsed.warnings, []);
    parsed.network
}

fn hardware(text: &str) -> Hardware {
    parse_hardware(text, "hardware").unwrap_or_else(|error| panic!("{error}")).hardware().unwrap()
}

/// The lines of a file whose lines begin with their number.
fn numbered(name: &str) -> BTreeMap<u32, String> {
    let text = text(name);
    let lines = text.lines().map(|line| line.split_once(' ').unwrap());
    lines.map(|(number, line)| (number.parse().unwrap(), line.to_string())).collect()
}

/// The number after the `L` of a layer's name, which identifies its accelerator or its flags.
fn number(layer: &str) -> u32 {
    let number = layer.strip_prefix('L').and_then(|rest| rest.split_once('_'));
    number.unwrap_or_else(|| panic!("layer {layer}")).0.parse().unwrap()
}

/// A text with the columns in which two CSVs differ; empty if they are equal.
fn differences(expected: &str, actual: &str) -> Vec<String> {
    let columns: Vec<_> = maestro_csv::HEADER.split(',').map(str::trim).collect();
    let (expected, actual): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let mut found = Vec::new();
    if expected.len() != actual.len() {
        found.push(format!("{} lines instead of {}", actual.len(), expected.len()));
    }
    for (expected, actual) in expected.into_iter().zip(actual).filter(|(expected, actual)| expected != actual) {
        let cells = |line: &str| line.split(',').map(String::from).collect::<Vec<_>>();
        let (want, have) = (cells(expected), cells(actual));
        if want.len() != have.len() {
            found.push(format!("{} columns instead of {}: {actual}", have.len(), want.len()));
        }
        for (column, (want, have)) in want.iter().zip(&have).enumerate().filter(|(_, (want, have))| want != have) {
            let name = columns.get(column).unwrap_or(&"?");
            found.push(format!("{}: {name} is '{have}', not '{want}'", layer_name(expected)));
        }
    }
    found
}

fn layer_name(row: &str) -> &str {
    row.split(',').nth(1).unwrap_or("?")
}

#[track_caller]
fn assert_same_csv(expected: &str, actual: &str) {
    let found = differences(expected, actual);
    assert!(
        found.is_empty(),
        "{} differences, the first of them:\n{}",
        found.len(),
        found[..found.len().min(20)].join("\n")
    );
    assert_eq!(expected, actual, "line ends");
}

#[test]
fn the_comparison_sees_a_single_digit() {
    let csv = text("parity/random.csv");
    let at = csv.rfind("54").unwrap();
    let mut other = csv.clone();
    other.replace_range(at..at + 2, "55");
    assert_eq!(differences(&csv, &csv), [""; 0]);
    assert_eq!(differences(&csv, &other).len(), 1);
    assert_eq!(differences(&csv, &csv[..csv.trim_end().rfind('\n').unwrap()]).len(), 1);
}

#[test]
fn random_layers_have_the_references_figures() {
    let network = network("parity/random.m");
    let accelerators: BTreeMap<u32, Hardware> =
        numbered("parity/random.hardware").into_iter().map(|(number, text)| (number, hardware(&text))).collect();
    let mut csv = format!("{}\n", maestro_csv::HEADER).into_bytes();
    let (mut shapes, mut used) = (HashSet::new(), BTreeSet::new());
    for named in &network.layers {
        let hardware = &accelerators[&number(&named.name)];
        let row = Row::of(&named.layer, named.dataflow.as_ref().unwrap(), hardware)
            .unwrap_or_else(|error| panic!("layer {}: {error}", named.name));
        // Each layer is a file of its own.
        let alone = Network { name: network.name.clone(), layers: vec![named.clone()] };
        maestro_csv::write(&mut csv, &alone, hardware, &[row], false).unwrap();
        let Row::Costed(cost) = row else { panic!("layer {} computes nothing", named.name) };
        shapes.insert((named.layer.kind(), cost.levels));
        used.insert(number(&named.name));
    }
    assert_same_csv(&text("parity/random.csv"), std::str::from_utf8(&csv).unwrap());

    // The sample covers many cases.
    assert_eq!(network.layers.len(), 260);
    assert_eq!(used.len(), 40);
    for kind in [LayerKind::Conv, LayerKind::NgConv, LayerKind::TrConv] {
        assert!((1..=3).all(|levels| shapes.contains(&(kind, levels))), "{kind}");
    }
    for shape in [(LayerKind::Gemm, 1), (LayerKind::Gemm, 2), (LayerKind::DsConv, 1)] {
        assert!(shapes.contains(&shape), "{shape:?}");
    }
}

/// The text of a mapping file, layer by layer.
fn layer_texts(name: &str) -> Vec<(String, String)> {
    let text = text(name);
    let mut layers: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('\t')) {
        if let Some(name) = line.strip_prefix("\tLayer ") {
            layers.push((name.trim_end_matches(" {").to_string(), String::new()));
        }
        let layer = &mut layers.last_mut().unwrap().1;
        *layer += line;
        *layer += "\n";
    }
    layers
}

#[test]
fn flags_stand_for_the_accelerator() {
    let flags = numbered("parity/flags.flags");
    let golden = text("parity/flags.csv");
    let (header, rows) = golden.split_once('\n').unwrap();
    let layers = layer_texts("parity/flags.m");
    assert_eq!((layers.len(), rows.lines().count()), (60, 60));
    let dir = Dir::new();
    for ((name, layer), row) in layers.iter().zip(rows.lines()) {
        let mapping = dir.file("layer.m", format!("Network fuzz {{\n{layer}}}\n"));
        dir.run(&format!("maestro --Mapping_file={mapping} --print_res=false {}", flags[&number(name)])).quiet();
        assert_same_csv(&format!("{header}\n{row}\n"), &read(&dir.path("layer.csv")));
    }
}

/// The CSV of a network in `tests/parity/`, from `maestro` and from `estimate`.
fn whole_file(name: &str, by_maestro: &str, by_estimate: &str) -> (String, String) {
    let dir = Dir::new();
    let mapping = data("parity").join(format!("{name}.m"));
    let mapping = mapping.display();
    let run = dir.run(&format!("maestro --Mapping_file={mapping} {by_maestro}")).well();
    let csv = read(&dir.path(&format!("{name}.csv")));
    assert_eq!(dir.files(), [format!("{name}.csv")]);
    let estimate = dir.run(&format!("estimate --mapping {mapping} {by_estimate} --format maestro-csv")).well();
    assert_eq!(estimate.stdout, csv);
    assert_eq!(run.stderr, estimate.stderr);
    (csv, run.stdout)
}

fn on_whole_hw(name: &str) -> (String, String) {
    let hw = data("parity/whole.hw");
    whole_file(name, &format!("--HW_file={}", hw.display()), &format!("--hw {}", hw.display()))
}

#[test]
fn whole_networks_have_the_references_figures() {
    for name in ["alternating", "summary", "products", "idle", "written"] {
        let (csv, screen) = on_whole_hw(name);
        assert_same_csv(&text(&format!("parity/{name}.csv")), &csv);
        if name != "summary" {
            // If the hardware file gives a size of L1, the reference prints an empty line first.
            let golden = text(&format!("parity/{name}.screen"));
            assert_same_text(golden.trim_start(), screen.trim_start());
        }
    }
}

/// Below the outermost level, the tiles do not fit together. That affects only the time of a step.
#[test]
fn tiles_of_inner_levels_that_do_not_fit_have_the_references_figures() {
    let dir = Dir::new();
    let [mapping, hw] = ["halo.m", "halo.hw"].map(|name| data("parity").join(name).display().to_string());
    dir.run(&format!("maestro --Mapping_file={mapping} --HW_file={hw} --print_res=false")).well();
    let csv = read(&dir.path("halo.csv"));
    assert_eq!(csv.lines().nth(1).and_then(|row| row.split(',').nth(3)), Some("89"));
    assert_same_csv(&text("parity/halo.csv"), &csv);
}

#[test]
fn layers_that_maestro_takes_as_written_are_padded_by_the_exact_model() {
    let dir = Dir::new();
    let mapping = data("parity/written.m").display().to_string();
    let run = dir.run(&format!("estimate --mapping {mapping} --pes 64 --format csv")).well();
    let warning = "warning: the filters of padded, narrow are larger than their inputs, which lack the padding";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
    let rows: Vec<String> = run.stdout.lines().map(String::from).collect();
    let header: Vec<&str> = rows[0].split(',').collect();
    let column = |row: &str, name: &str| {
        let place = header.iter().position(|column| *column == name).unwrap_or_else(|| panic!("{name}: {}", rows[0]));
        row.split(',').nth(place).unwrap().to_string()
    };
    // Each has one output, a sum of as many products as the filter has elements: 144 x 5 x 5.
    assert_eq!((column(&rows[1], "layer").as_str(), column(&rows[1], "layer_macs").as_str()), ("padded", "3600"));
}

#[test]
fn the_screen_output_starts_as_the_references() {
    assert_same_text(&text("parity/products.screen"), &on_whole_hw("products").1);
}

const FLAGS: &str = "--num_pes=50 --noc_bw_cstr=5 --noc_hops=3 --noc_hop_latency=2 --offchip_bw_cstr=6 \
                     --num_simd_lanes=2 --l1_size_cstr=9 --l2_size_cstr=100";

#[test]
fn whole_networks_with_flags_have_the_references_figures() {
    let overrides = "--pes 50 --noc-bw 5 --noc-hops 6 --offchip-bw 6 --simd 2 --l1 9 --l2 100";
    let (csv, screen) = whole_file("alternating", FLAGS, overrides);
    assert_same_csv(&text("parity/alternating-flags.csv"), &csv);
    assert_same_text(&text("parity/alternating-flags.screen"), &screen);
}

#[test]
fn a_sweep_has_the_references_figures() {
    let dir = Dir::new();
    let mapping = data("parity/alternating.m");
    let flags = "--num_pes=64 --noc_hops=2 --noc_hop_latency=1 --bw_sweep=true --top_bw_only=true \
                 --min_noc_bw=4 --max_noc_bw=24 --bw_tick=8";
    dir.run(&format!("maestro --Mapping_file={} {flags}", mapping.display())).quiet();
    assert_same_csv(&text("parity/alternating-sweep.csv"), &read(&dir.path("alternating.csv")));
}

/// If no layer's figure depended on the previous layer, the sample could not detect an energy column that ignores it.
#[test]
fn the_energy_column_depends_on_the_layer_before() {
    let network = network("parity/alternating.m");
    let hardware = hardware(&text("parity/whole.hw"));
    let golden = text("parity/alternating.csv");
    let mut energy = CsvEnergy::default();
    let (mut same, mut changed) = (0, 0);
    for (named, row) in network.layers.iter().zip(golden.lines().skip(1)) {
        let printed = row.split(',').nth(4).unwrap();
        let row = Row::of(&named.layer, named.dataflow.as_ref().unwrap(), &hardware).unwrap();
        let next = |column: &mut CsvEnergy| column.next(row.traffic(), row.levels());
        let (alone, in_order) = (next(&mut CsvEnergy::default()), next(&mut energy));
        assert_eq!(G(in_order).to_string(), printed, "{}", named.name);
        *(if alone == in_order { &mut same } else { &mut changed }) += 1;
    }
    assert!(same >= 5 && changed >= 5, "{same} the same alone, {changed} not");
}

#[test]
fn what_the_reference_refuses_is_refused_or_sound() {
    let rejected = text("parity/rejected.m");
    let cases: Vec<&str> = rejected.split("// ").skip(1).collect();
    assert_eq!(cases.len(), 60);
    let mut reasons: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let dir = Dir::new();
    for case in cases {
        let (head, layer) = case.split_once('\n').unwrap();
        let (why, hw) = head.split_once("; ").unwrap();
        let source = format!("Network fuzz {{\n{layer}}}\n");
        let parsed = parse_network(&source, "layer.m").unwrap_or_else(|error| panic!("{error}")).network;
        let [named] = parsed.layers.as_slice() else { panic!("one layer") };
        let (mapping, hw_file) = (dir.file("layer.m", &source), dir.file("hw.m", hw));
        let estimate = dir.run(&format!("estimate --mapping {mapping} --hw {hw_file} --model maestro --format json"));

        let reason = match Cost::of(&named.layer, named.dataflow.as_ref().unwrap(), &hardware(hw)) {
            Ok(cost) => {
                assert_sound(&cost, &named.name);
                let estimate = estimate.quiet();
                let json: serde_json::Value = serde_json::from_str(&estimate.stdout).unwrap();
                assert_eq!(json["total"]["cycles"], cost.delay.cycles);
                "sound"
            }
            Err(error) => {
                let level = error.to_string().contains("level ");
                assert!(level, "{error}");
                assert_eq!(estimate.failed(1), format!("error: layer {} (line 2): {error}\n", named.name));
                match error {
                    Error::ClusterExceedsArray { .. } => "cluster",
                    Error::NoNewData { .. } => "nothing new",
                    Error::NoOutput { .. } => "no output",
                    Error::IllFormed { .. } => "ill-formed",
                    other => panic!("{other:?}"),
                }
            }
        };
        *reasons.entry((why, reason)).or_default() += 1;

        let message = dir.run(&format!("maestro --Mapping_file={mapping} --HW_file={hw_file}")).failed(1);
        assert!(message.starts_with(&format!("error: layer {} (line 2): ", named.name)), "{message}");
        assert!(message.contains("level "), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert_eq!(dir.files(), ["hw.m", "layer.m"]);
    }
    let expected = [
        (("crash", "cluster"), 14),
        (("crash", "no output"), 9),
        (("degenerate", "ill-formed"), 4),
        (("degenerate", "no output"), 8),
        (("rejected", "no output"), 3),
        (("rejected", "nothing new"), 8),
        (("rejected", "sound"), 14),
    ];
    assert_eq!(reasons, expected.into());
}

fn assert_sound(cost: &Cost, name: &str) {
    let (energy, delay) = (cost.energy, cost.delay);
    for figure in [energy.mac, energy.l1, energy.l2, delay.active_pes, delay.noc_average] {
        assert!(figure.is_finite() && figure >= 0.0, "layer {name}: {cost:?}");
    }
    assert!(delay.cycles > 0 && energy.total() > 0.0, "layer {name}: {cost:?}");
    assert!(cost.traffic.accesses[Tensor::Output].l1_write > 0, "layer {name}: {cost:?}");
}
