//! The program as a user runs it.

use std::collections::HashMap;
use std::process::{Command, Stdio};

use maestrino::dataflow::presets::Preset;
use maestrino::host::builtin::{self, ACCELERATORS, NETWORKS};
use maestrino::host::formats::maestro::parse_network;
use maestrino::host::report::maestro_csv;
use serde_json::Value;

use crate::common::{Dir, Run, assert_same_text, data, read, text};

fn json(run: Run) -> Value {
    let run = run.well();
    assert!(run.stdout.ends_with("}\n"), "{}", run.arguments);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{}: {error}", run.arguments))
}

/// The rows of a CSV, by column.
fn rows(text: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

fn sum(layers: &Value, path: &str) -> f64 {
    layers.as_array().unwrap().iter().map(|layer| layer.pointer(path).unwrap().as_f64().unwrap()).sum()
}

fn most(layers: &Value, path: &str) -> u64 {
    layers.as_array().unwrap().iter().map(|layer| layer.pointer(path).unwrap().as_u64().unwrap()).max().unwrap()
}

/// `12,345` for 12345.
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

/// Which buffers each layer fits.
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

#[test]
fn names_survive_in_every_format() {
    let dir = Dir::new();
    let name = r#"a, "b" \ → 7"#;
    let quoted = r#""a, \"b\" \\ → 7""#;
    let layer = "Type: CONV Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 }";
    dir.file("net.m", format!("Network {quoted} {{ Layer {quoted} {{ {layer} }} }}"));
    let csv = dir.run("estimate --network net.m --format csv").quiet().stdout;
    assert_eq!((rows(&csv)[0]["layer"].as_str(), rows(&csv)[0]["network"].as_str()), (name, name));
    let figures = json(dir.run("estimate --network net.m --format json"));
    assert_eq!((&figures["layers"][0]["name"], &figures["network"]), (&name.into(), &name.into()));
    assert!(dir.run("estimate --network net.m").quiet().stdout.contains(name));
    let compatible = dir.run("estimate --network net.m --format maestro-csv").quiet().stdout;
    let row = compatible.lines().nth(1).unwrap();
    assert!(row.starts_with("7,7,256,"), "{row}");
    assert_eq!(row.split(',').count(), 52);
    assert!(dir.run("convert net.m").quiet().stdout.contains(&format!("Layer {quoted} {{")));
}

/// A spreadsheet would take them as formulas, a terminal as orders.
#[test]
fn names_do_no_harm_to_who_reads_them() {
    let dir = Dir::new();
    let layer =
        |name: &str| format!("Layer {name} {{ Type: CONV Dimensions {{ K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 }} }}");
    dir.file("net.m", format!("Network @n {{ {} {} }}", layer("=1+2"), layer("a\u{1b}[31m")));
    let csv = dir.run("estimate --network net.m --format csv").quiet().stdout;
    let cells: Vec<_> = rows(&csv).iter().map(|row| (row["network"].clone(), row["layer"].clone())).collect();
    let expected = [("'@n", "'=1+2"), ("'@n", "a\u{1b}[31m")].map(|(net, layer)| (net.to_string(), layer.to_string()));
    assert_eq!(cells, expected);
    let listing = dir.run("inspect net.m --format csv").quiet().stdout;
    assert!(listing.contains("'=1+2"), "{listing}");
    // What a CSV holds, in an error.
    dir.file("ids.csv", "id\n\u{1b}[31m4\u{7f}\n");
    let error = dir.run("space sample --space tiny --networks ids.csv").failed(1);
    assert!(error.contains("the id is '\\u{1b}[31m4\\u{7f}'"), "{error:?}");
    let columns: Vec<String> = (0..100_000).map(|place| format!("column{place}")).collect();
    dir.file("wide.csv", format!("{}\n{}\n", columns.join(","), vec!["1"; columns.len()].join(",")));
    let error =
        dir.run("codesign --space tiny --networks 0..2 --hw edge16 --dataflow rs --accuracy wide.csv").failed(1);
    assert!(error.contains("wide.csv") && error.len() < 3000, "{}", error.len());
}

/// It takes the filter whole; what is wrong is how far it moves.
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

#[cfg(unix)]
#[test]
fn output_keeps_the_mode_of_what_it_replaces() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    let mode = |name: &str| std::fs::metadata(dir.path(name)).unwrap().permissions().mode() & 0o777;
    dir.file("out.csv", "old");
    std::fs::set_permissions(dir.path("out.csv"), std::fs::Permissions::from_mode(0o640)).unwrap();
    dir.run("estimate --format csv -o out.csv").quiet();
    assert_eq!(mode("out.csv"), 0o640);
    assert!(read(&dir.path("out.csv")).starts_with("network,"));
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let dir = Dir::new();
    for arguments in [&["--help"][..], &["estimate", "--help"], &["--version"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = dir.command().args(arguments).stdout(full).output().unwrap();
        let told = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(1) && told.contains("cannot write standard output"), "{arguments:?}: {told}");
    }
    assert!(dir.run("estimate --help").quiet().stdout.contains("Usage:"));
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
fn output_goes_to_a_file_whole() {
    let dir = Dir::new();
    for format in ["table", "csv", "json", "maestro-csv"] {
        let arguments = format!("estimate --network resnet8 --format {format}");
        let expected = dir.run(&arguments).well().stdout;
        dir.file("out", "x".repeat(1 << 20));
        let run = dir.run(&format!("{arguments} --output out")).well();
        assert_eq!((run.stdout.as_str(), read(&dir.path("out"))), ("", expected), "{format}");
        assert_eq!(dir.files(), ["out"]);
    }
    let expected = dir.run("convert resnet8").quiet().stdout;
    dir.run("convert resnet8 --output out").quiet();
    assert_eq!(read(&dir.path("out")), expected);
    assert_eq!(dir.files(), ["out"]);
}

#[cfg(unix)]
#[test]
fn output_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    dir.file("any", "");
    dir.run("estimate --output out").quiet();
    let mode = |name: &str| std::fs::metadata(dir.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("out"), mode("any"));
}

#[test]
fn output_is_left_alone_on_errors() {
    let dir = Dir::new();
    dir.file("out", "precious");
    dir.file("bad.m", "Network bad { Layer a { Type: CONV } }");
    std::fs::create_dir(dir.path("folder")).unwrap();
    let commands = [
        "estimate --pes 16 --no-fit --output out",
        "estimate --pes 16 --format maestro-csv --output out",
        "estimate --network bad.m --format csv --output out",
        "estimate --hw nowhere --output out",
        "convert bad.m --output out",
        "convert ds_cnn --dataflow nothing --output out",
        "estimate --output nowhere/out",
        "estimate --output folder",
        "convert ds_cnn --output folder",
    ];
    for command in commands {
        dir.run(command).failed(1);
        assert_eq!(read(&dir.path("out")), "precious", "{command}");
        assert_eq!(dir.files(), ["bad.m", "folder", "out"], "{command}");
        assert_eq!(std::fs::read_dir(dir.path("folder")).unwrap().count(), 0, "{command}");
    }
    let message = dir.run("estimate --output nowhere/out").failed(1);
    assert!(message.starts_with("error: cannot write nowhere/out: "), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let dir = Dir::new();
    for command in ["estimate --format json", "convert resnet50"] {
        let message = dir.run(&format!("{command} --output /dev/full")).failed(1);
        assert!(message.starts_with("error: cannot write /dev/full: "), "{message}");
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = Run::of(command, dir.command().args(command.split(' ')).stdout(full));
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.starts_with("error: cannot write standard output: "), "{}", run.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_standard_error_that_is_full_ends_no_run() {
    let dir = Dir::new();
    for (command, code) in
        [("estimate --format csv", 0), ("estimate --network nowhere", 1), ("compile ds_cnn -o net", 0)]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = Run::of(command, dir.command().args(command.split(' ')).stderr(full));
        assert_eq!(run.code, Some(code), "{command}");
    }
}

/// A log tells that a command is at work, which waits here for what nobody writes.
#[cfg(unix)]
#[test]
fn long_commands_say_something_where_there_is_no_terminal() {
    use std::io::BufRead;
    let dir = Dir::new();
    assert!(Command::new("mkfifo").arg(dir.path("pipe")).status().unwrap().success());
    // Somebody holds the other end, or opening it would wait for them.
    let writer = std::fs::OpenOptions::new().read(true).write(true).open(dir.path("pipe")).unwrap();
    let mut command = dir.command();
    command.env("MAESTRINO_PROGRESS", "0.2").args(["estimate", "--network", "pipe"]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    // The second one after a second.
    let told = [lines.next().unwrap(), lines.next().unwrap()];
    child.kill().unwrap();
    child.wait().unwrap();
    drop(writer);
    assert_eq!(told[0], "still at work: 0 s");
    assert!(told[1].starts_with("still at work: ") && told[1] != told[0], "{told:?}");
}

/// However short they are: what takes a second elsewhere does not here.
#[test]
fn every_step_that_may_be_long_is_told() {
    let dir = Dir::new();
    let designs = "--hw-grid pes=64:128,noc=100,offchip=50 --dataflow kcp_ws,xp_ws --model maestro";
    let listed = "--space tiny --networks 0..6";
    let effort = "--method evolve --population 8 --generations 3 --seed 0..2";
    let steps: [(String, &[&str]); 7] = [
        (
            format!("space campaign {listed} {designs} -o costs"),
            &["tiny: networks 0..6", "layers of 6 networks", "tiny: costing 6 networks on 2 accelerators"],
        ),
        (
            "space srcc costs -o srcc".to_string(),
            &["reading tables: 0 of 1", "rank correlation of EDP on 4 designs", "heat maps"],
        ),
        (
            format!("space sample {listed}"),
            &["tiny: networks 0..6", "accuracies of 6 networks", "figures of 6 networks"],
        ),
        (
            format!("codesign {listed} {designs} --grid 3x3 -o found"),
            &[
                "costs: 6 networks on 4 designs",
                "tables and rank correlations",
                "3 x 3 queries about each of 4 designs, and all",
                "methods and proxies asked 36 queries: 0 of 12",
                "methods and proxies asked 9 queries: 0 of 13",
                "shortlists, and adaptive search by tolerance",
            ],
        ),
        (
            format!("codesign {listed} {designs} --method adaptive --constraint latency=1e12"),
            &["accuracies of 6 networks", "adaptive search: 6 networks on 4 designs"],
        ),
        (
            format!("codesign --space tiny {designs} {effort} --enumerate --networks 0..6"),
            &["evolution with 2 seeds, pairs at most: 0 of 64", "enumerating 6 networks, blocks of designs"],
        ),
        ("report found".to_string(), &["reading found", "drawing figures: 0 of"]),
    ];
    for (arguments, steps) in steps {
        let mut command = dir.command();
        command.env("MAESTRINO_PROGRESS", "0").args(arguments.split_whitespace());
        let told = Run::of(&arguments, &mut command).well().stderr;
        for step in steps {
            assert!(told.lines().any(|line| line.starts_with(step)), "{step}: {told}");
        }
        // And nothing of it where a step is short.
        let quiet = dir.run(&arguments).well().stderr;
        assert!(steps.iter().all(|step| !quiet.contains(step)), "{quiet}");
    }
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
        // What moves does not depend on how fast it does.
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
        // One line for each layer that it concerns: the depthwise layers have no clusters.
        assert_eq!(message.lines().filter(|line| line.starts_with("error: layer ")).count(), 6);
        // And what helps.
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
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let dir = Dir::new();
    let mapping = text("parity/products.m");
    dir.file("unix.m", &mapping);
    dir.file("dos.m", format!("\u{feff}{}", mapping.replace('\n', "\r\n")));
    let run = |name: &str| dir.run(&format!("estimate --mapping {name} --format csv")).well().stdout;
    assert_eq!(run("unix.m"), run("dos.m"));
}

/// Runs every command that reads a network on the file `bad.m`: one message, which names the file, and nothing else.
fn assert_refused(dir: &Dir, expected: &str) {
    let files = dir.files();
    let commands = [
        "estimate --mapping bad.m",
        "estimate --network bad.m --format csv --output out.csv",
        "convert bad.m --output out.m",
        "maestro --Mapping_file=bad.m",
        "maestro --Mapping_file=bad.m --print_res=false",
    ];
    for command in commands {
        let message = dir.run(command).failed(1);
        let heads = message.lines().filter(|line| line.starts_with("error: ")).count();
        assert_eq!(heads, 1, "{command}: {message}");
        assert!(message.contains("bad.m"), "{command}: {message}");
        assert!(message.contains(expected), "{command}: {message}\ndoes not say: {expected}");
        assert!(message.len() < 2000, "{command}: a message of {} bytes", message.len());
        assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{command}: {message:?}");
        assert_eq!(dir.files(), files, "{command}");
    }
}

#[test]
fn files_that_are_none_are_refused() {
    let dir = Dir::new();
    assert!(dir.run("estimate --mapping bad.m").failed(1).contains("cannot read bad.m: "));
    assert!(dir.run("maestro --Mapping_file=bad.m").failed(1).contains("cannot read bad.m: "));
    assert!(dir.run("estimate --network bad.m").failed(1).contains("there is no file 'bad.m'"));
    assert_eq!(dir.files(), [""; 0]);

    std::fs::create_dir(dir.path("bad.m")).unwrap();
    assert_refused(&dir, "bad.m is a directory");
    std::fs::remove_dir(dir.path("bad.m")).unwrap();

    std::fs::copy(env!("CARGO_BIN_EXE_maestrino"), dir.path("bad.m")).unwrap();
    assert_refused(&dir, "bad.m is not a text file");
    for (content, expected) in [
        ("", "found the end of the file"),
        ("\n\n  \n", "found the end of the file"),
        ("// nothing\n", "found the end of the file"),
        ("\0\0\0\0", "expected `Network`"),
        ("num_pes: 4\n", "this is a hardware file"),
        ("layer,cycles\na,1\n", "expected `Network`"),
    ] {
        dir.file("bad.m", content);
        assert_refused(&dir, expected);
    }
}

/// Bytes that look random, the same ones each time.
fn noise(length: usize, byte: impl Fn(u64) -> u8) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        byte(state >> 32)
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn noise_is_refused() {
    const LENGTH: usize = 20_000_000;
    let dir = Dir::new();
    let printable = noise(LENGTH, |random| b' ' + (random % 95) as u8);
    dir.file("bad.m", &printable);
    assert_refused(&dir, "--> bad.m:1:");
    dir.file("bad.m", noise(LENGTH, |random| random as u8));
    assert_refused(&dir, "bad.m is not a text file");
    // Behind a beginning that makes sense, and lines at last.
    let text: Vec<u8> = printable.iter().map(|byte| if *byte == b'~' { b'\n' } else { *byte }).collect();
    dir.file("bad.m", [b"Network noise {\n\tLayer a { // ", &text[..]].concat());
    assert_refused(&dir, "--> bad.m:");
    dir.file(
        "bad.m",
        [b"Network noise { /* ", &text.iter().filter(|byte| **byte != b'*').copied().collect::<Vec<_>>()[..]].concat(),
    );
    assert_refused(&dir, "has no end");
}

#[test]
fn truncated_files_are_refused() {
    let whole = text("parity/summary.m");
    let whole = whole.trim_end();
    // No part of a network passes for a network.
    let end = whole.match_indices("Layer ").nth(2).unwrap().0;
    for at in (0..end).chain(whole.len() - 100..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        assert!(parse_network(&whole[..at], "part.m").is_err(), "the first {at} bytes");
    }
    let dir = Dir::new();
    let points =
        ["Network", "{", "Layer", "Type", ": ", "Stride {", "Dimensions", ": 4", "Map(", ",1", ") ", "Cluster(", "P"];
    let mut cuts: Vec<usize> = points.iter().map(|point| whole.find(point).unwrap() + point.len()).collect();
    cuts.extend([whole.len() / 3, whole.len() / 2, whole.len() - 1]);
    for cut in cuts {
        dir.file("bad.m", &whole[..cut]);
        assert_refused(&dir, "expected ");
    }
}

#[test]
fn layers_that_make_no_sense_are_refused() {
    let dir = Dir::new();
    let dims = "Dimensions { K: 4, C: 4, R: 3, S: 3, Y: 8, X: 8 }";
    let cases = [
        (format!("Type: LSTM {dims}"), "LSTM is not supported"),
        (format!("Type: conv {dims}"), "did you mean `CONV`?"),
        (format!("Type: 7 {dims}"), "expected a layer type (CONV, "),
        (dims.to_string(), "layer `one` has no `Type`"),
        ("Type: CONV".to_string(), "layer `one` has no `Dimensions`"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 0")), "dimension K must be 1 to 16777216, not 0"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: -4")), "dimension K must be 1 to 16777216, not -4"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 16777217")), "dimension K must be 1 to 16777216"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 99999999999999999999")), "is too large"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4.5")), "found `4.5`"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, K: 5")), "dimension K is given twice"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, K: 4")), "dimension K is given twice"),
        (format!("Type: CONV {}", dims.replace("X: 8", "X: 8, X': 6")), "X'"),
        (format!("Type: CONV {}", dims.replace("K: 4, ", "")), "K"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, G: 2")), "G"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, Q: 2")), "expected a dimension"),
        (format!("Type: CONV Stride {{ X: 0 }} {dims}"), "the stride along X must be 1 to 16777216, not 0"),
        (format!("Type: CONV Stride {{ K: 2 }} {dims}"), "K"),
        (format!("Type: CONV Type: CONV {dims}"), "has a second `Type`"),
        (
            format!("Type: CONV {dims} Dataflow {{ SpatialMap(0,1) K; }}"),
            "the size of a map must be 1 to 16777216, not 0",
        ),
        (format!("Type: CONV {dims} Dataflow {{ SpatialMap(1) K; }}"), "expected the offset of the map"),
        (format!("Type: CONV {dims} Dataflow {{ Cluster(0, P); }}"), "the size of a cluster must be 1 to 16777216"),
        (format!("Type: CONV {dims} Dataflow {{ {} }}", "SpatialMap(1,1) K; ".repeat(41)), "40"),
    ];
    for (layer, expected) in cases {
        dir.file("bad.m", format!("Network net {{\n\tLayer one {{\n\t\t{layer}\n\t}}\n}}\n"));
        assert_refused(&dir, expected);
        let message = dir.run("estimate --network bad.m").failed(1);
        assert!(message.contains("--> bad.m:2:") || message.contains("--> bad.m:3:"), "{message}");
    }
}

#[test]
fn dataflows_that_do_not_suit_the_layer_are_refused() {
    let dir = Dir::new();
    let mapping = |directives: &str| {
        let dims = "K: 4, C: 4, R: 3, S: 3, Y: 8, X: 8";
        format!(
            "Network net {{\n\tLayer one {{ Type: CONV Dimensions {{ {dims} }}\n\t\tDataflow {{ {directives} }} }}\n}}\n"
        )
    };
    let cases = [
        ("TemporalMap(1,1) K;", "level 1 has no SpatialMap"),
        ("SpatialMap(1,1) K; SpatialMap(1,1) C; SpatialMap(1,1) Y;", "level 1 has more than two SpatialMaps"),
        ("SpatialMap(1,1) G;", "level 1 maps dimension G"),
        ("SpatialMap(Sz(G),1) K;", "Sz(G) at level 1"),
        ("SpatialMap(1,1) K; TemporalMap(1,1) R;", "TemporalMap of R at level 1"),
        ("SpatialMap(1,1) K; TemporalMap(1,1) X; TemporalMap(1,1) X';", "level 1 maps X and X'"),
        ("SpatialMap(1,1) K; TemporalMap(2,2) Y;", "the tiles at level 1 produce no output"),
        ("SpatialMap(1,1) K; Cluster(32, P); SpatialMap(1,1) C; Cluster(16, P); SpatialMap(1,1) Y;", "needs 512 PEs"),
        ("SpatialMap(Sz(K)-9,1) K;", "must be 1 to 16777216, not -5"),
    ];
    for (directives, expected) in cases {
        dir.file("bad.m", mapping(directives));
        for command in
            ["estimate --mapping bad.m --model maestro --output out", "maestro --Mapping_file=bad.m --num_pes=256"]
        {
            let message = dir.run(command).failed(1);
            assert!(message.starts_with("error: layer one (line 2): "), "{command}: {message}");
            assert!(message.contains(expected), "{command}: {message}\ndoes not say: {expected}");
            assert_eq!(message.lines().count(), 1, "{command}: {message}");
            assert_eq!(dir.files(), ["bad.m"], "{command}");
        }
    }
    // What the exact model refuses.
    let cases = [
        ("TemporalMap(1,1) K;", "level 1 has no SpatialMap"),
        ("SpatialMap(1,1) K; SpatialMap(1,1) C; SpatialMap(1,1) Y;", "level 1 has more than two SpatialMaps"),
        ("SpatialMap(1,1) G;", "level 1 maps dimension G"),
        ("SpatialMap(1,1) K; TemporalMap(1,1) X; TemporalMap(1,1) X';", "level 1 maps X"),
        ("SpatialMap(1,1) K; TemporalMap(2,3) C;", "the tiles of C at level 1 leave out 1 of 4"),
        ("SpatialMap(1,1) K; TemporalMap(3,2) Y;", "the tiles of Y at level 1 leave out "),
        ("SpatialMap(1,1) K; Cluster(32, P); SpatialMap(1,1) C; Cluster(16, P); SpatialMap(1,1) Y;", "needs 512 PEs"),
    ];
    for (directives, expected) in cases {
        dir.file("bad.m", mapping(directives));
        let message = dir.run("estimate --mapping bad.m --output out").failed(1);
        assert!(message.starts_with("error: layer one (line 2): ") && message.contains(expected), "{message}");
        assert_eq!(dir.files(), ["bad.m"], "{directives}");
    }
    // The same directives are fine where nothing is wrong with them.
    dir.file("bad.m", mapping("SpatialMap(1,1) K;"));
    dir.run("estimate --mapping bad.m").quiet();
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    let dir = Dir::new();
    let cases = [
        ("estimate --network lenet", "network", "ds_cnn, mobilenet_v1_025_vww, "),
        ("convert lenet", "network", "ds_cnn, mobilenet_v1_025_vww, "),
        ("estimate --hw lenet", "accelerator", "study, eyeriss, nvdla, nvdla-small, ethos-u55-32, ethos-u55-64"),
        ("estimate --dataflow lenet", "dataflow", "kcp_ws, xp_ws, rs, "),
        ("convert ds_cnn --dataflow lenet", "dataflow", "kcp_ws, xp_ws, rs, "),
    ];
    for (command, what, known) in cases {
        let message = dir.run(command).failed(1);
        let expected =
            format!("error: there is no file 'lenet' and no built-in {what} of that name; built in: {known}");
        assert!(message.starts_with(&expected), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    for tiles in ["x=3", "cluster=0", "cluster=99999999", "cluster", "cluster=x", "cluster=-1"] {
        let message = dir.run(&format!("estimate --dataflow kcp_ws:{tiles}")).failed(1);
        assert!(message.starts_with(&format!("error: tile size '{tiles}'")), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn bad_hardware_and_dataflow_files_are_refused() {
    let dir = Dir::new();
    let cases = [
        ("--hw", "", "expected a hardware description"),
        ("--hw", "num_pes: 0", "0"),
        ("--hw", "num_pes: 4\nnum_pes: 8", "num_pes"),
        ("--hw", "num_pes: many", "found `many`"),
        ("--hw", "num_pes 4 cores: 3", "found `cores`"),
        ("--hw", "noc_bw_cstr: 0", "0"),
        ("--hw", "num_pes: 99999999999", "is too large"),
        ("--hw", "Network a { }", "this is a network file"),
        ("--dataflow", "", "expected a dataflow"),
        ("--dataflow", "SpatialMap(1,1) K; }", "found `}`"),
        ("--dataflow", "Dataflow { SpatialMap(1,1) K;", "found the end of the file inside of `Dataflow`"),
        ("--dataflow", "Network a { }", "found `Network`"),
    ];
    for (flag, content, expected) in cases {
        dir.file("bad.m", content);
        let message = dir.run(&format!("estimate {flag} bad.m --output out")).failed(1);
        assert_eq!(message.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{content}: {message}");
        assert!(message.contains("--> bad.m:") && message.contains(expected), "{content}: {message}");
        assert_eq!(dir.files(), ["bad.m"], "{content}");
    }
    dir.file("ok.m", text("parity/products.m"));
    let hw = "--HW_file=bad.m --Mapping_file=ok.m";
    dir.file("bad.m", "num_pes: 4\nnoc_bw: 3");
    assert!(dir.run(&format!("maestro {hw}")).failed(1).contains("--> bad.m:2:1"));
    assert_eq!(dir.files(), ["bad.m", "ok.m"]);
}

#[test]
fn a_model_is_no_mapping() {
    let dir = Dir::new();
    dir.run("convert ds_cnn --output model.m").quiet();
    let message = dir.run("estimate --mapping model.m").failed(1);
    assert!(message.starts_with("error: model.m is a model file: "), "{message}");
    let message = dir.run("maestro --Mapping_file=model.m").failed(1);
    assert!(message.contains("the dataflow has no directive"), "{message}");
    assert_eq!(dir.files(), ["model.m"]);
    dir.run("estimate --network model.m").quiet();
}

#[test]
fn bad_usage_ends_with_2() {
    let dir = Dir::new();
    dir.file("ok.m", text("parity/products.m"));
    let cases = [
        ("estimate --bogus", "--bogus"),
        ("estimate --mapping ok.m --network ds_cnn", "cannot be used with"),
        ("estimate --mapping ok.m --dataflow kcp_ws", "cannot be used with"),
        ("estimate --mapping", "--mapping"),
        ("estimate --pes x", "--pes"),
        ("estimate --pes 0", "PEs"),
        ("estimate --pes -1", "-1"),
        ("estimate --pes 4294967295", "PEs"),
        ("estimate --pes 4294967296", "--pes"),
        ("estimate --simd 0", "SIMD"),
        ("estimate --noc-bw 0", "NoC"),
        ("estimate --noc-hops 4294967295", "NoC"),
        ("estimate --offchip-bw 0", "off-chip"),
        ("estimate --clock 0", "--clock"),
        ("estimate --clock nan", "--clock"),
        ("estimate --clock inf", "--clock"),
        ("estimate --energies 1,2", "--energies"),
        ("estimate --energies 1,2,3,4,5,6", "--energies"),
        ("estimate --model gem5", "--model"),
        ("estimate --model exact --format maestro-csv", "leave out --model exact"),
        ("estimate --format maestro-csv --bits 8:8:8", "--bits changes nothing"),
        ("estimate --format maestro-csv --energies 1,2,3", "--energies changes nothing"),
        ("estimate --bits 8", "--bits"),
        ("estimate --bits 8:8:8:8:8", "--bits"),
        ("estimate --bits 0:8:8", "--bits"),
        ("estimate --bits 8:8:300", "--bits"),
        ("estimate --activations dram", "--activations"),
        ("estimate --multicast maybe", "--multicast"),
        ("estimate --l1-buffers 3", "--l1-buffers"),
        ("estimate --l2-buffers 0", "--l2-buffers"),
        ("estimate --cluster-buffer -1", "-1"),
        ("estimate --weights-bw 0", "off-chip"),
        ("estimate --model maestro --bits 8:8:8", "--bits changes nothing in MAESTRO's model"),
        ("estimate --model maestro --activations l2", "--activations changes nothing"),
        ("estimate --model maestro --multicast no", "--multicast changes nothing"),
        ("estimate --model maestro --l1-buffers 1", "--l1-buffers changes nothing"),
        ("estimate --model maestro --l2-buffers 1", "--l2-buffers changes nothing"),
        ("estimate --model maestro --cluster-buffer 9", "--cluster-buffer changes nothing"),
        ("estimate --model maestro --weights-bw 9", "--weights-bw changes nothing"),
        ("estimate --model maestro --energies 1,2,3,4", "OFFCHIP in --energies changes nothing"),
        ("estimate --energies 1,2,-3", "--energies"),
        ("estimate --energies 1,2,nan", "--energies"),
        ("estimate --format xml", "--format"),
        ("estimate ds_cnn", "ds_cnn"),
        ("estimates", "estimates"),
        ("convert", "<NAME|FILE>"),
        ("convert ds_cnn --pes 4", "--dataflow"),
        ("list everything", "everything"),
        ("maestro", "--Mapping_file"),
        ("maestro --Mapping_file=ok.m --bogus=1", "--bogus"),
        ("maestro --Mapping_file=ok.m --num_pes=0", "PEs"),
        ("maestro --Mapping_file=ok.m --num_pes=x", "--num_pes"),
        ("maestro --Mapping_file=ok.m --noc_bw_cstr=0", "NoC"),
        ("maestro --Mapping_file=ok.m --num_simd_lanes=0", "SIMD"),
        ("maestro --Mapping_file=ok.m --print_res=maybe", "--print_res"),
        ("maestro --Mapping_file=ok.m --bw_sweep=1 --top_bw_only=1 --bw_tick=0", "--bw_tick"),
        ("maestro --Mapping_file=ok.m --bw_sweep=1 --top_bw_only=1 --min_noc_bw=9 --max_noc_bw=8", "--max_noc_bw"),
    ];
    for (command, expected) in cases {
        let message = dir.run(command).failed(2);
        assert!(message.contains(expected), "{command}: {message}");
        assert!(message.contains("--help"), "{command}: {message}");
        assert_eq!(dir.files(), ["ok.m"], "{command}");
    }
    // Without a command there is nothing to complain about; the help says what there is.
    let run = dir.run("");
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("estimate") && run.stderr.contains("convert"), "{}", run.stderr);
}

#[test]
fn help_and_version_are_at_hand() {
    let dir = Dir::new();
    for command in ["--help", "help", "estimate --help", "maestro --help", "convert --help", "list --help"] {
        let run = dir.run(command).quiet();
        assert!(run.stdout.contains("Usage: "), "{command}: {}", run.stdout);
    }
    let version = dir.run("--version").quiet().stdout;
    assert_eq!(version, format!("maestrino {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn list_shows_what_is_built_in() {
    let dir = Dir::new();
    let networks: Vec<&str> = NETWORKS.iter().map(|network| network.name).collect();
    let accelerators: Vec<&str> = ACCELERATORS.iter().map(|accelerator| accelerator.name).collect();
    let dataflows: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name()).collect();
    let shown = |arguments: &str| -> Vec<String> {
        let run = dir.run(arguments).quiet();
        let names = run.stdout.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(String::from));
        names.filter(|name| !name.is_empty()).collect()
    };
    assert_eq!(shown("list networks"), networks);
    assert_eq!(shown("list accelerators"), accelerators);
    assert_eq!(shown("list dataflows"), dataflows);
    assert_eq!(shown("list"), [networks, accelerators, dataflows].concat());
}

#[test]
fn models_become_mappings_and_models_again() {
    let dir = Dir::new();
    for network in NETWORKS {
        let name = network.name;
        dir.run(&format!("convert {name} --output model.m")).quiet();
        dir.run("convert model.m --dataflow kcp_ws:cluster=32 --output mapping.m").quiet();
        dir.run("convert mapping.m --output again.m").quiet();
        let (model, mapping) = (read(&dir.path("model.m")), read(&dir.path("mapping.m")));
        assert_eq!(read(&dir.path("again.m")), model, "{name}");
        assert!(!model.contains("Dataflow"), "{name}");
        let layers = model.matches("Layer ").count();
        assert_eq!(mapping.matches("Dataflow {").count(), layers, "{name}");

        // The files say what the network itself does.
        let direct = format!("estimate --network {name} --dataflow kcp_ws:cluster=32 --format json");
        let direct = json(dir.run(&direct).quiet());
        let through = json(dir.run("estimate --mapping mapping.m --format json").quiet());
        assert_eq!(through["total"], direct["total"], "{name}");
        assert_eq!(through["network"], name);
        assert_eq!(through["layers"].as_array().unwrap().len(), layers);
    }
}

const FLAGS: &str = "--num_pes=50 --noc_bw_cstr=5 --noc_hops=3 --noc_hop_latency=2 --offchip_bw_cstr=6 \
                     --num_simd_lanes=2 --l1_size_cstr=9 --l2_size_cstr=100";

#[test]
fn maestro_writes_the_csv_anew() {
    let dir = Dir::new();
    dir.file("alternating.m", text("parity/alternating.m"));
    dir.file("alternating.csv", "stale\n".repeat(10_000));
    for _ in 0..2 {
        let run = dir.run(&format!("maestro --Mapping_file=alternating.m {FLAGS}")).quiet();
        assert_same_text(&text("parity/alternating-flags.screen"), &run.stdout);
        let csv = read(&dir.path("alternating.csv"));
        assert_same_text(&text("parity/alternating-flags.csv"), &csv);
        assert_eq!(csv.lines().next(), Some(maestro_csv::HEADER));
    }
    assert_eq!(dir.files(), ["alternating.csv", "alternating.m"]);
}

#[test]
fn maestro_names_the_csv_as_the_reference_does() {
    let dir = Dir::new();
    std::fs::create_dir_all(dir.path("data/mapping")).unwrap();
    std::fs::create_dir_all(dir.path("data/hw")).unwrap();
    dir.file("data/mapping/net.v2.m", text("parity/products.m"));
    dir.file("data/hw/hw.m", text("parity/whole.hw"));
    for path in ["data/mapping/net.v2.m", "data/hw/../mapping/net.v2.m", "./data/mapping/net.v2.m"] {
        dir.run(&format!("maestro --Mapping_file={path} --HW_file=data/hw/hw.m --print_res=false")).quiet();
        assert_same_text(&text("parity/products.csv"), &read(&dir.path("net.csv")));
        std::fs::remove_file(dir.path("net.csv")).unwrap();
    }
    dir.run("maestro --Mapping_file=data/mapping/net.v2.m --print_res_csv_file=false --num_pes=96").quiet();
    assert_eq!(dir.files(), ["data"]);
    assert_eq!(std::fs::read_dir(dir.path("data/mapping")).unwrap().count(), 1);
}

#[test]
fn maestro_prints_what_it_is_told_to() {
    let dir = Dir::new();
    dir.file("alternating.m", text("parity/alternating.m"));
    let golden = text("parity/alternating-flags.screen");
    let (layers, bandwidths) = golden.split_at(golden.find("BW Analysis:").unwrap());
    let run = |more: &str| dir.run(&format!("maestro --Mapping_file=alternating.m {FLAGS} {more}")).quiet().stdout;
    assert_eq!(run("--print_res=false"), bandwidths);
    assert_eq!(run("--print_res_csv_file=false"), layers);
    assert_eq!(run("--print_res=0 --print_res_csv_file=no"), "");
    // Of no effect here, nor in the reference.
    assert_eq!(run("--msg_print_lv=3 --do_dse=true --noc_mc_support=false --verbose=true"), golden);
}

#[test]
fn maestro_takes_abbreviated_flags() {
    let dir = Dir::new();
    dir.file("products.m", text("parity/products.m"));
    dir.file("hw.m", text("parity/whole.hw"));
    for flags in
        ["--Mapping_file=products.m --HW_file=hw.m", "--Map=products.m --HW=hw.m", "--Mapping products.m --HW_f hw.m"]
    {
        dir.run(&format!("maestro {flags}")).quiet();
        assert_same_text(&text("parity/products.csv"), &read(&dir.path("products.csv")));
        std::fs::remove_file(dir.path("products.csv")).unwrap();
    }
    dir.run("maestro --Mapping_file=products.m --num_p=96 --noc_b=24 --noc_hop=2 --offchip=12").failed(2);
    dir.run("maestro --Mapping_file=products.m --num_p=96 --noc_b=24 --noc_hops=2 --noc_hop_l=1 --offchip=12").quiet();
    assert_same_text(&text("parity/products.csv"), &read(&dir.path("products.csv")));
}

#[cfg(unix)]
#[test]
fn the_program_stands_in_for_the_reference_under_its_name() {
    let dir = Dir::new();
    dir.file("alternating.m", text("parity/alternating.m"));
    std::fs::create_dir_all(dir.path("bin")).unwrap();
    let program = dir.path("bin/maestro");
    for copy in [false, true] {
        if copy {
            std::fs::remove_file(&program).unwrap();
            // By another process: what this one has open for writing, the tests beside this one may pass on to the
            // programs that they start, and what is open for writing cannot be started.
            let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_maestrino")).arg(&program).status().unwrap();
            assert!(copied.success());
        } else {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_maestrino"), &program).unwrap();
        }
        let command = || {
            let mut command = Command::new(&program);
            command.current_dir(dir.path(""));
            command
        };
        let flags: Vec<&str> = FLAGS.split_whitespace().collect();
        let run = Run::of("maestro", command().arg("--Mapping_file=alternating.m").args(&flags)).quiet();
        assert_same_text(&text("parity/alternating-flags.screen"), &run.stdout);
        assert_same_text(&text("parity/alternating-flags.csv"), &read(&dir.path("alternating.csv")));
        std::fs::remove_file(dir.path("alternating.csv")).unwrap();
        assert!(Run::of("maestro", command().arg("--Mapping_file=none.m")).failed(1).contains("none.m"));
        assert!(Run::of("maestro", command().arg("--bogus")).failed(2).contains("--bogus"));
        assert_eq!(dir.files(), ["alternating.m", "bin"]);
    }
}

#[test]
fn nobody_has_to_read_to_the_end() {
    let dir = Dir::new();
    let mapping = data("parity/alternating.m");
    let mapping = mapping.display();
    let commands = [
        "estimate --network resnet50 --format json".to_string(),
        "estimate".to_string(),
        "list".to_string(),
        "convert resnet50 --dataflow kcp_ws".to_string(),
        "--help".to_string(),
        format!("maestro --Mapping_file={mapping} --num_pes=64"),
        format!("estimate --mapping {mapping} --format maestro-csv"),
    ];
    for command in commands {
        read_nothing(&dir, &command);
    }
}

#[test]
fn nobody_has_to_read_the_csv_to_the_end() {
    read_nothing(&Dir::new(), "estimate --network resnet50 --format csv");
}

/// Closes the program's standard output before it writes; it must not mind.
fn read_nothing(dir: &Dir, command: &str) {
    let mut child = dir.command();
    child.args(command.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""), "{command}");
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

/// A layer of 6.5e18 MACs, which fit into 64 bits; three tensors read that often do not.
#[test]
fn maestro_does_not_panic_on_huge_layers() {
    let dir = Dir::new();
    let huge = "Type: CONV Dimensions { K: 4194304, C: 1048576, R: 1, S: 1, Y: 1216, X: 1216 } \
                Dataflow { SpatialMap(1,1) K; TemporalMap(64,64) C; TemporalMap(1024,1024) Y; TemporalMap(1024,1024) X; }";
    dir.file("huge.m", format!("Network huge {{ Layer a {{ {huge} }} }}"));
    assert!(dir.run("maestro --Mapping_file=huge.m --num_pes=1024").well().stdout.contains("6503197861922996224"));
    // Layers whose needs of L2 fit into 64 bits each, but not together.
    let large =
        "Type: CONV Dimensions { K: 1, C: 262144, R: 1, S: 1, Y: 1048576, X: 1048576 } Dataflow { SpatialMap(1,1) K; }";
    let layers: String = (0..40).map(|i| format!("Layer a{i} {{ {large} }}\n")).collect();
    dir.file("large.m", format!("Network large {{ {layers} }}"));
    dir.run("maestro --Mapping_file=large.m --num_pes=1");
}

/// Names that are no text name files all the same: `@` stands for a byte that is not UTF-8.
#[cfg(target_os = "linux")]
#[test]
fn files_may_have_names_that_are_not_utf8() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let named = |text: &str| OsString::from_vec(text.bytes().map(|c| if c == b'@' { 0xff } else { c }).collect());
    let dir = Dir::new();
    let put = |name: &str, content: &str| std::fs::write(dir.path("").join(named(name)), content).unwrap();
    let run = |arguments: &str| {
        let words = arguments.split_whitespace().map(named);
        Run::of(arguments, dir.command().args(words))
    };
    put("@map.m", &text("parity/alternating.m"));
    put("@hw.m", "num_pes: 256\nnoc_bw_cstr: 100\noffchip_bw_cstr: 50\n");
    std::fs::create_dir(dir.path("").join(named("@hws"))).unwrap();
    put("@hws/@1.m", "num_pes: 256\n");
    put("@flow.m", "Dataflow { SpatialMap(1,1) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; }");
    put("@ids.csv", "id,accuracy\n1,50\n2,60\n3,70\n");
    let tiny = "--space tiny --networks @ids.csv --dataflow rs,xp_ws --hw @hw.m,study";
    for (command, written) in [
        ("estimate --mapping @map.m --hw @hw.m --format csv -o @est.csv --roofline-svg @roof.svg", "@est.csv"),
        ("estimate --network ds_cnn --hw @hw.m --dataflow @flow.m --format csv -o @flow.csv", "@flow.csv"),
        ("convert @map.m --dataflow @flow.m -o @out.m", "@out.m"),
        ("compile ds_cnn --dataflow @flow.m --hw @hw.m -o @blob.mst", "@blob.mst"),
        ("inspect @blob.mst --format csv -o @list.csv", "@list.csv"),
        ("maestro --Mapping_file=@map.m --HW_file=@hw.m --print_res=false", "@map.csv"),
        ("space sample --space tiny --networks @ids.csv --accuracy @ids.csv -o @sample.txt", "@sample.txt"),
        ("space select --space tiny --networks @ids.csv --accuracy @ids.csv --count 1 -o @select.txt", "@select.txt"),
        (&format!("space campaign {tiny} -o @campaign"), "@campaign/latency.csv"),
        ("space campaign --space tiny --networks 0 --dataflow rs --hw-dir @hws -o @campaign2", "@campaign2/energy.csv"),
        ("space srcc @campaign -o @srcc", "@srcc/srcc.csv"),
        (&format!("codesign {tiny} --accuracy @ids.csv -o @found"), "@found/summary.json"),
        ("report @found -o @page.html", "@page.html"),
    ] {
        run(command).well();
        assert!(dir.path("").join(named(written)).is_file(), "{command}");
    }
    // What is wrong with them is told legibly.
    for (command, code) in
        [("estimate --mapping @none.m", 1), ("estimate --network @none", 1), ("estimate --hw @flow.m", 1)]
    {
        let message = run(command).failed(code);
        assert!(message.contains("\u{fffd}"), "{message}");
    }
    assert!(run("estimate --dataflow conv=@flow.m").failed(1).contains("conv=\u{fffd}flow.m"));
}
