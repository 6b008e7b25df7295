//! What `estimate` prints: as a table, as CSV and as JSON, for networks and accelerators by name and from files.

use maestrino::dataflow::presets::Preset;
use maestrino::host::builtin;
use maestrino::host::builtin::{ACCELERATORS, NETWORKS};
use maestrino::host::report::maestro_csv;
use serde_json::Value;

use super::{json, rows};
use crate::common::Dir;

fn sum(layers: &Value, path: &str) -> f64 {
    layers.as_array().unwrap().iter().map(|layer| layer.pointer(path).unwrap().as_f64().unwrap()).sum()
}

fn most(layers: &Value, path: &str) -> u64 {
    layers.as_array().unwrap().iter().map(|layer| layer.pointer(path).unwrap().as_u64().unwrap()).max().unwrap()
}

/// A number with its digits in groups: `12,345` for 12345.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} is not {b}");
}

#[test]
fn estimate_needs_no_argument() {
    let dir = Dir::new();
    let run = dir.run("estimate").quiet();
    let (head, rest) = run.stdout.split_once('\n').unwrap();
    assert!(head.starts_with("ds_cnn on 128 PEs, "), "{head}");
    let figures = json(dir.run("estimate --format json"));
    for layer in figures["layers"].as_array().unwrap() {
        let name = layer["name"].as_str().unwrap();
        let line = rest.lines().find(|line| line.split_whitespace().next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("no line for {name}"));
        for shown in [layer["kind"].as_str().unwrap(), &grouped(layer["cycles"].as_u64().unwrap())] {
            assert!(line.split_whitespace().any(|word| word == shown), "{shown}: {line}");
        }
    }
    let total = rest.lines().find(|line| line.starts_with(" total")).unwrap();
    let cycles = grouped(figures["total"]["cycles"].as_u64().unwrap());
    assert!(total.split_whitespace().any(|word| word == cycles), "{total}");
    assert!(rest.contains(&format!(" at 500 MHz ({cycles} cycles: ")), "{rest}");
    assert_eq!((&figures["model"], head.ends_with("; exact model")), (&"exact".into(), true), "{head}");
    for warning in figures["warnings"].as_array().unwrap() {
        assert!(rest.contains(&format!("{}\n", warning.as_str().unwrap())), "{rest}");
    }
    assert!(!rest.contains("NaN") && !rest.contains("inf"), "{rest}");
    assert_eq!(dir.files(), [""; 0]);
}

/// The buffers that each layer fits.
fn layers_fit(figures: &Value) -> Vec<String> {
    let layers = figures["layers"].as_array().unwrap().iter();
    layers.map(|layer| layer["fits"].as_str().unwrap().to_string()).collect()
}

#[test]
fn every_network_runs_on_every_accelerator() {
    let dir = Dir::new();
    for network in NETWORKS {
        let layers = builtin::network(network.name).unwrap().layers;
        let macs: u64 = layers.iter().map(|named| named.layer.macs().unwrap()).sum();
        for accelerator in ACCELERATORS {
            let names = format!("--network {} --hw {}", network.name, accelerator.name);
            let figures = json(dir.run(&format!("estimate {names} --format json")).quiet());
            let total = &figures["total"];
            assert_eq!(figures["layers"].as_array().unwrap().len(), layers.len(), "{names}");
            assert_eq!(total["macs"], macs, "{names}");
            assert_eq!(figures["hardware"]["pes"], accelerator.hardware.pes(), "{names}");
            for (layer, named) in figures["layers"].as_array().unwrap().iter().zip(&layers) {
                assert_eq!(layer["name"], named.name, "{names}");
                // These tiles neither overlap nor leave gaps.
                assert_eq!(layer["operations"].as_u64(), named.layer.operations(), "{names} {}", named.name);
                if layer["fits"].as_str().unwrap().contains("l2") {
                    assert!(layer["utilization"].is_null() && layer["cycles"].is_null(), "{names} {}", named.name);
                    continue;
                }
                let utilization = layer["utilization"].as_f64().unwrap();
                assert!(utilization > 0.0 && utilization <= 1.0, "{names} {}: {utilization}", named.name);
            }
            let fit = layers_fit(&figures);
            assert!(accelerator.name == "study" || fit.iter().all(|fits| fits == "yes"), "{names}: {fit:?}");
            assert_eq!(figures["usable"].as_bool(), Some(fit.iter().all(|fits| fits == "yes")), "{names}");
            if fit.iter().any(|fits| fits.contains("l2")) {
                assert!(total["cycles"].is_null() && total["energy_nj"].is_null(), "{names}");
                continue;
            }
            assert!(total["cycles"].as_u64().unwrap() >= macs / u64::from(accelerator.hardware.pes()), "{names}");
        }
    }
}

#[test]
fn every_dataflow_runs() {
    let dir = Dir::new();
    for preset in Preset::ALL {
        let figures = json(dir.run(&format!("estimate --network resnet8 --dataflow {preset} --fit --format json")));
        let used = figures["layers"].as_array().unwrap().iter().map(|layer| layer["dataflow"].as_str().unwrap());
        let expected = preset.for_kind(maestrino::LayerKind::Conv).for_kind(maestrino::LayerKind::Fc);
        if preset == Preset::Dpt {
            continue;
        }
        assert!(used.clone().all(|name| name == expected.name()), "{preset}: {:?}", used.collect::<Vec<_>>());
    }
}

#[test]
fn json_totals_are_the_sums_of_the_layers() {
    let dir = Dir::new();
    for network in ["ds_cnn", "mobilenet_v2", "transformer_block"] {
        let figures =
            json(dir.run(&format!(
                "estimate --model maestro --network {network} --hw nvdla --clock 500 --format json --fit"
            )));
        let (total, layers) = (&figures["total"], &figures["layers"]);
        let cycles = total["cycles"].as_f64().unwrap();
        assert_eq!(cycles, sum(layers, "/cycles"));
        assert_eq!(total["macs"].as_f64().unwrap(), sum(layers, "/macs"));
        assert_eq!(figures["clock_mhz"], 500.0);
        assert_close(total["latency_us"].as_f64().unwrap(), cycles / 500.0);
        for part in ["total", "mac", "l1", "l2"] {
            let energy = total["energy_nj"][part].as_f64().unwrap();
            assert_close(energy, sum(layers, &format!("/energy_nj/{part}")));
        }
        assert_close(total["edp_nj_cycles"].as_f64().unwrap(), total["energy_nj"]["total"].as_f64().unwrap() * cycles);
        for (of_total, of_layer) in [
            ("l1_bytes", "l1_bytes"),
            ("l2_bytes", "l2_bytes"),
            ("noc_elements_per_cycle", "noc_peak_elements_per_cycle"),
            ("offchip_elements_per_cycle", "offchip_elements_per_cycle"),
        ] {
            assert_eq!(total["needs"][of_total], most(layers, &format!("/needs/{of_layer}")), "{of_total}");
        }
        for layer in layers.as_array().unwrap() {
            let waits = layer["cycles_by_bound"].as_object().unwrap();
            assert_eq!(waits.values().map(|cycles| cycles.as_u64().unwrap()).sum::<u64>(), layer["cycles"]);
            let energy = &layer["energy_nj"];
            let parts = ["mac", "l1", "l2"].map(|part| energy[part].as_f64().unwrap());
            assert_close(parts.iter().sum(), energy["total"].as_f64().unwrap());
        }
    }
}

#[test]
fn csv_has_a_row_for_each_layer() {
    let dir = Dir::new();
    let arguments = "estimate --model maestro --network resnet50 --hw eyeriss --fit --format";
    let run = dir.run(&format!("{arguments} csv")).well();
    let csv = run.stdout;
    let figures = json(dir.run(&format!("{arguments} json")));
    let warnings = figures["warnings"].as_array().unwrap().iter().map(|warning| warning.as_str().unwrap());
    assert!(run.stderr.lines().eq(warnings.map(|warning| format!("warning: {warning}"))), "{}", run.stderr);
    assert!(!run.stderr.is_empty());
    let (rows, layers) = (rows(&csv), figures["layers"].as_array().unwrap());
    assert_eq!((rows.len(), csv.lines().count()), (layers.len(), layers.len() + 1));
    for (row, layer) in rows.iter().zip(layers) {
        assert_eq!(row["layer"], layer["name"].as_str().unwrap());
        assert_eq!(row["network"], "resnet50");
        for (column, path) in [
            ("cycles", "/cycles"),
            ("macs", "/macs"),
            ("K", "/dimensions/K"),
            ("stride_y", "/stride/Y"),
            ("energy_nj", "/energy_nj/total"),
            ("input_l2_read", "/accesses/input/l2_read"),
            ("output_l1_write", "/accesses/output/l1_write"),
            ("l2_bytes", "/needs/l2_bytes"),
            ("utilization", "/utilization"),
            ("area_um2", "/area_um2"),
        ] {
            let expected = layer.pointer(path).unwrap().as_f64().unwrap();
            let written: f64 = row[column].parse().unwrap();
            assert!((written - expected).abs() <= 1e-12 * expected, "{} {column}: {written}", row["layer"]);
        }
        assert_eq!(row["M"], "");
        let waits = ["compute", "noc_in", "noc_out", "off_chip"];
        let waits: u64 = waits.iter().map(|wait| row[&format!("cycles_{wait}")].parse::<u64>().unwrap()).sum();
        assert_eq!(row["cycles"], waits.to_string());
    }
}

/// The map covers the whole filter, but its offset is wrong.
#[test]
fn an_offset_that_splits_a_filter_is_named() {
    let dir = Dir::new();
    let maps = "SpatialMap(1,1) K; TemporalMap(Sz(R),7) R; TemporalMap(Sz(S),Sz(S)) S;";
    let layer = format!("Type: CONV Dimensions {{ K: 4, C: 4, R: 3, S: 3, Y: 9, X: 9 }} Dataflow {{ {maps} }}");
    dir.file("net.m", format!("Network n {{ Layer a {{ {layer} }} }}"));
    let error = dir.run("estimate --mapping net.m --model maestro").failed(1);
    assert!(error.contains("the whole filter as its size and as its offset: TemporalMap(3,3) R"), "{error}");
}

#[test]
fn energies_that_overflow_are_refused() {
    let dir = Dir::new();
    let flags = "--energies 1e9,1e9,1e9 --energy-sizes 1,1 --energy-exponent 4 --l1 2000000000";
    for format in ["table", "csv", "json"] {
        let error = dir.run(&format!("estimate {flags} --format {format}")).failed(1);
        assert!(error.contains("the energy of ds_cnn comes to ") && error.contains("--energies in nJ"), "{error}");
    }
    let designs = "--space nb301 --input-size 256 --networks 0..2 --hw study --dataflow rs --model maestro --energies 1e9,1e9,1e9 -o out";
    for (command, what) in [
        ("space campaign", "a network of nb301"),
        ("codesign", "a network of nb301"),
        ("codesign --method evolve --generations 1 --population 2 --objectives accuracy", "a pair of the front"),
    ] {
        let error = dir.run(&format!("{command} {designs}").replace("evolve", "evolve --enumerate")).failed(1);
        assert!(error.contains(&format!("the energy of {what} comes to ")), "{command}: {error}");
        assert!(!dir.path("out").exists(), "{command}");
    }
    dir.run("estimate --energies 1e9,1e9,1e9").well();
}

#[test]
fn maestro_csv_is_the_references() {
    let dir = Dir::new();
    let csv = dir.run("estimate --format maestro-csv").quiet().stdout;
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some(maestro_csv::HEADER));
    assert!(lines.clone().all(|line| line.split(',').count() == 52));
    assert_eq!(lines.count(), 10);
}

#[test]
fn overrides_change_what_they_name_and_nothing_else() {
    let dir = Dir::new();
    let base = "estimate --model maestro --network resnet8 --hw study --dataflow kcp_ws:cluster=8 --format json";
    let before = json(dir.run(base));
    let run = |more: &str| json(dir.run(&format!("{base} {more}")));
    let cycles = |figures: &Value| figures["total"]["cycles"].as_u64().unwrap();
    let hardware = [
        ("--pes 128", "pes", 128),
        ("--simd 4", "simd_lanes", 4),
        ("--l1 7", "l1_bytes", 7),
        ("--l2 8", "l2_bytes", 8),
        ("--noc-bw 3", "noc_elements_per_cycle", 3),
        ("--noc-hops 5", "noc_latency_cycles", 5),
        ("--offchip-bw 2", "offchip_elements_per_cycle", 2),
    ];
    for (flag, key, value) in hardware {
        let after = run(flag);
        let mut expected = before["hardware"].clone();
        assert_ne!(expected[key], value, "{flag}");
        expected[key] = value.into();
        assert_eq!(after["hardware"], expected, "{flag}");
        let buffers = flag.starts_with("--l");
        assert_eq!(cycles(&after) == cycles(&before), buffers, "{flag}");
        assert_eq!(after["layers"] == before["layers"], buffers, "{flag}");
        assert_ne!((&after["warnings"], cycles(&after)), (&before["warnings"], cycles(&before)), "{flag}");
        // The amount of data that moves does not depend on bandwidths.
        if flag != "--pes 128" {
            assert_eq!(after["total"]["energy_nj"], before["total"]["energy_nj"], "{flag}");
        }
    }
    assert!(cycles(&run("--pes 128")) > cycles(&before));
    assert!(cycles(&run("--simd 4")) < cycles(&before));
    assert!(cycles(&run("--noc-hops 5")) > cycles(&before));

    let slow = run("--clock 50.5");
    assert_close(slow["total"]["latency_us"].as_f64().unwrap(), cycles(&before) as f64 / 50.5);
    assert_eq!((&slow["layers"], &slow["hardware"]), (&before["layers"], &before["hardware"]));
    let dear = run("--energies 1,0,0");
    assert_eq!(dear["total"]["energy_nj"]["total"].as_f64(), before["total"]["macs"].as_f64());
    assert_eq!(dear["total"]["energy_nj"]["l2"], 0.0);
    assert_eq!(cycles(&dear), cycles(&before));
    let same = run("--energies 0.00023,0.0003864,0.0042803");
    assert_close(
        same["total"]["energy_nj"]["total"].as_f64().unwrap(),
        before["total"]["energy_nj"]["total"].as_f64().unwrap(),
    );
}

#[test]
fn too_wide_a_cluster_is_an_error_unless_it_may_shrink() {
    let dir = Dir::new();
    let kcp = "--pes 16 --dataflow kcp_ws";
    for arguments in [
        format!("estimate --hw study --no-fit {kcp}"),
        "estimate --pes 16 --format maestro-csv".to_string(),
        "estimate --pes 16 --model maestro".to_string(),
    ] {
        let arguments = arguments.as_str();
        let message = dir.run(arguments).failed(1);
        let expected = "error: layer conv: Cluster(64, P) at level 1 needs 64 PEs; the array has 16";
        assert_eq!(message.lines().next(), Some(expected));
        // One line for each layer that is affected. The depthwise layers have no clusters.
        assert_eq!(message.lines().filter(|line| line.starts_with("error: layer ")).count(), 6);
        // A hint follows.
        assert_eq!(
            message.lines().skip(6).collect::<Vec<_>>(),
            ["help: --fit lets the clusters of a preset shrink to the array"]
        );
    }
    for model in ["exact", "maestro --fit"] {
        let figures = json(dir.run(&format!("estimate --model {model} {kcp} --format json")).quiet());
        assert_eq!(figures["hardware"]["pes"], 16);
        let alone = model.trim_end_matches(" --fit");
        let by_hand = format!("estimate --model {alone} --no-fit {kcp}:cluster=16 --format json");
        let by_hand = json(dir.run(&by_hand).quiet());
        assert_eq!(figures["layers"], by_hand["layers"]);
    }
}

#[test]
fn dataflows_and_accelerators_come_from_files_too() {
    let dir = Dir::new();
    dir.file(
        "study.m",
        "num_pes: 256\nl1_size_cstr: 100\nl2_size_cstr: 3000\nnoc_bw_cstr: 1000\noffchip_bw_cstr: 50\n",
    );
    let expected = dir.run("estimate --network resnet8 --hw study --format json").quiet().stdout;
    assert_eq!(dir.run("estimate --network resnet8 --hw study.m --format json").quiet().stdout, expected);
    dir.file(
        "nlr.m",
        "Dataflow { TemporalMap(1,1) K; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; \
         TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; SpatialMap(1,1) C; }",
    );
    let by_preset = json(dir.run("estimate --network resnet8 --dataflow nlr --format json").quiet());
    let by_file = json(dir.run("estimate --network resnet8 --dataflow nlr.m --format json").quiet());
    assert_eq!(by_file["total"], by_preset["total"]);
    assert_eq!(by_file["layers"][0]["dataflow"], Value::Null);
}

#[test]
fn a_network_without_layers_or_energy_has_no_nan() {
    let dir = Dir::new();
    dir.file("none.m", "Network none { }");
    for command in ["estimate --network none.m", "estimate --energies 0,0,0"] {
        let run = dir.run(command);
        assert!(!format!("{}{}", run.stdout, run.stderr).contains("NaN"), "{command}: {}", run.stdout);
    }
}
