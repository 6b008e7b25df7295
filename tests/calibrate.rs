//! `maestrino calibrate`, and cycles with its calibrations. `calibration/` has Vela 5.2.0's estimates for the layers
//! of fifteen networks on Ethos-U, and the layers of these networks.

use std::fmt::Write;

use maestrino::host::formats::blob;
use maestrino::wire::Blob;
use serde_json::Value;

use crate::common::{Dir, data, read};

const NETWORKS: [&str; 15] = [
    "ad01_int8",
    "kws_ref_model",
    "micro_speech",
    "mobilenet_v1_0.25_128",
    "mobilenet_v1_0.5_160",
    "mobilenet_v1_0.75_192",
    "mobilenet_v2_1.0_224",
    "mobilenet_v2_ptq",
    "person_detect",
    "posenet_353",
    "pretrainedResnet_quant",
    "resnet_large",
    "str_ww",
    "toycar",
    "vww_96_int8",
];

fn file(name: &str) -> String {
    data("calibration").join(name).display().to_string()
}

/// The flags `--network` for these networks.
fn networks(names: &[&str]) -> String {
    names.iter().fold(String::new(), |line, name| line + " --network " + &file(&format!("{name}.m")))
}

/// The percentages in a line of the table of errors.
fn errors(table: &str, line: impl Fn(&str) -> bool) -> Vec<f64> {
    let line = table.lines().find(|text| line(text)).unwrap_or_else(|| panic!("{table}"));
    let before = line.split(" %").map(|part| part.rsplit(' ').next().unwrap());
    before.take(4).map(|number| number.parse().unwrap()).collect()
}

/// The printed errors in the form of the page's table.
fn row(accelerator: &str, table: &str) -> String {
    let whole = |start: &str| {
        let errors = errors(table, |text| text.trim_start().starts_with(start) || text.contains(start));
        format!("{}, {} %; {}, {} %", errors[0], errors[1], errors[2], errors[3])
    };
    let [uncalibrated, calibrated, plain] = ["uncalibrated  ", " * ", "MACs and bytes"].map(whole);
    format!("| `{accelerator}` | {uncalibrated} | **{calibrated}** | {plain} |")
}

/// A line about one of the networks in the form of the page's table.
fn network_row(line: &str, networks: &[&str]) -> Option<String> {
    let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let (name, rest) = cells.split_first().filter(|(name, _)| networks.contains(name))?;
    Some(format!("| `{name}` | {} |", rest.join(" | ")))
}

#[test]
fn an_npu_is_predicted_within_the_goals_on_networks_that_were_left_out() {
    let dir = Dir::new();
    let line =
        format!("calibrate {}{} --hw ethos-u55-128 -o u55.cal --plot u55.svg", file("vela.csv"), networks(&NETWORKS));
    let run = dir.run(&line).well();
    let calibrated = errors(&run.stdout, |text| text.contains(" * "));
    let [median, ninety, whole, _] = calibrated[..] else { panic!("{calibrated:?}") };
    // The goals, except that for whole networks, which was 10: weights are compressed and loaded several layers
    // ahead.
    assert!(median <= 15.0 && ninety <= 45.0 && whole <= 12.0, "{}", run.stdout);
    let uncalibrated = errors(&run.stdout, |text| text.trim_start().starts_with("uncalibrated"));
    let plain = errors(&run.stdout, |text| text.trim_start().starts_with("MACs and bytes"));
    assert!(uncalibrated[0] > 2.0 * median && plain[3] > calibrated[3], "{}", run.stdout);
    assert!(run.stdout.contains("a family of networks left out"), "{}", run.stdout);
    // The page has the same figures and the same picture.
    let page = read(&data("../src/guide/calibration.md"));
    assert!(page.contains(&row("ethos-u55-128", &run.stdout)), "{}", row("ethos-u55-128", &run.stdout));
    let rows: Vec<String> = run.stdout.lines().filter_map(|line| network_row(line, &NETWORKS)).collect();
    assert_eq!(rows.len(), NETWORKS.len() + 10, "{}", run.stdout);
    rows.iter().for_each(|row| assert!(page.contains(row), "{row}"));
    assert_eq!(read(&dir.path("u55.svg")), read(&data("../src/guide/calibration.svg")));
    // The file has the same rates, and the same run writes the same file.
    let text = read(&dir.path("u55.cal"));
    assert!(text.contains("[rates]\ndense = ") && text.contains("\noutputs = "), "{text}");
    assert_eq!(dir.run(&line).well().stdout, run.stdout);
    assert_eq!(read(&dir.path("u55.cal")), text);
}

#[test]
fn a_chip_is_predicted_as_the_page_says_beside_what_its_designers_measured() {
    let dir = Dir::new();
    let page = read(&data("../src/guide/calibration.md"));
    let measured = read(&data("calibration/eyeriss.csv"));
    let mut compared = 0;
    for network in ["alexnet", "vgg16"] {
        let line = format!("estimate --network {} --hw eyeriss --format json", file(&format!("{network}.m")));
        let estimate: Value = serde_json::from_str(&dir.run(&line).well().stdout).unwrap();
        for (index, layer) in estimate["layers"].as_array().unwrap().iter().enumerate() {
            let start = format!("{network},{index},");
            let us: f64 = measured.lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse().unwrap();
            // Milliseconds at 200 MHz.
            let (ms, published) = (layer["cycles"].as_f64().unwrap() / 200e3, us / 1e3);
            let off = 100.0 * (ms / published - 1.0);
            let name = layer["name"].as_str().unwrap();
            let row = format!("| `{network}` | {name} | {published:.1} | {ms:.1} | {off:+.0} % |");
            assert!(page.contains(&row), "{row}");
            compared += 1;
        }
    }
    assert_eq!(compared, 18);
    let networks = networks(&["alexnet", "vgg16"]);
    let run = dir.run(&format!("calibrate {}{networks} --hw eyeriss", file("eyeriss.csv"))).well();
    assert!(page.contains(&row("eyeriss", &run.stdout)), "{}", row("eyeriss", &run.stdout));
}

#[test]
fn another_npu_is_predicted_as_the_page_says_beside_what_its_designers_estimate() {
    let dir = Dir::new();
    let networks = networks(&["nvdla_alexnet", "nvdla_googlenet", "nvdla_resnet50"]);
    let run = dir.run(&format!("calibrate {}{networks} --hw nvdla --offchip-bw 10", file("nvdla.csv"))).well();
    let (page, row) = (read(&data("../src/guide/calibration.md")), row("nvdla", &run.stdout));
    assert!(page.contains(&row), "{row}");
    assert!(run.stdout.contains("of 99 layers of 3 networks"), "{}", run.stdout);
    assert!(run.stdout.contains("warning: the uncalibrated model does as well"), "{}", run.stdout);
}

const CALIBRATION: &str = "constant = 500\nlayer = [800, 1400]\nnetwork = 1229\n
[rates]\ndense = 131072\nchannelwise = 65536\nweights = 60000\n";

#[test]
fn calibrated_cycles_follow_from_the_file_and_are_those_of_the_device() {
    let dir = Dir::new();
    dir.file("chip.cal", CALIBRATION);
    let json = |line: &str| -> Value { serde_json::from_str(&dir.run(line).well().stdout).unwrap() };
    let estimate = json("estimate --network ds_cnn --hw ethos-u55-128 --calibration chip.cal --format json");
    let (mut sum, mut channelwise) = (0, 0);
    for layer in estimate["layers"].as_array().unwrap() {
        let figure = |name: &str| layer[name].as_u64().unwrap();
        let own = layer["kind"] == "DSCONV";
        channelwise += u64::from(own);
        let rate = if own { 1 } else { 2 };
        let weights = (figure("offchip_filter_bytes") * 60000) >> 16;
        let cycles = 500 + (rate * figure("on_chip_cycles")).max(weights);
        assert_eq!(figure("calibrated_cycles"), cycles, "{layer}");
        assert_eq!(
            [figure("calibrated_low"), figure("calibrated_high")],
            [(cycles * 800) >> 10, (cycles * 1400) >> 10]
        );
        sum += cycles;
    }
    assert!(channelwise > 2 && channelwise < estimate["layers"].as_array().unwrap().len() as u64 - 2);
    assert_eq!(estimate["total"]["calibrated_cycles"], sum);
    assert_eq!(estimate["total"]["calibrated_upper_cycles"], (sum * 1229) >> 10);
    // Table and CSV agree, and a blob contains the calibration.
    let table = dir.run("estimate --network ds_cnn --hw ethos-u55-128 --calibration chip.cal").well().stdout;
    assert!(table.contains("as calibrated (") && table.contains("calibrated cycles"), "{table}");
    dir.run("compile ds_cnn --hw ethos-u55-128 --calibration chip.cal -o net.mst").well();
    assert_eq!(json("estimate --network net.mst --format json")["total"], estimate["total"]);
    let bytes = std::fs::read(dir.path("net.mst")).unwrap();
    let calibration = Blob::open(&bytes).unwrap().accelerator().unwrap().calibration.unwrap();
    assert_eq!(Some(calibration), blob::platform(&bytes).unwrap().calibration);
    assert_eq!((calibration.constant, calibration.layer, calibration.network), (500, [800, 1400], 1229));
    // The calibration takes some thirty bytes.
    dir.run("compile ds_cnn --hw ethos-u55-128 -o bare.mst").well();
    let grown = bytes.len() - std::fs::read(dir.path("bare.mst")).unwrap().len();
    assert!((20..=40).contains(&grown), "{grown}");
    // Without a calibration, there are no calibrated figures.
    assert!(!dir.run("estimate --network bare.mst --format json").well().stdout.contains("calibrated"));
}

/// A table of measurements of ds_cnn: twice the cycles of the model, plus 1,000.
fn doubled(dir: &Dir) -> Vec<String> {
    let estimate = dir.run("estimate --network ds_cnn --hw ethos-u55-128 --format json").well().stdout;
    let estimate: Value = serde_json::from_str(&estimate).unwrap();
    let layers = estimate["layers"].as_array().unwrap().iter().filter(|layer| layer["macs"].as_u64() > Some(0));
    let row = |layer: &Value| format!("{}", 2 * layer["cycles"].as_u64().unwrap() + 1000);
    layers.map(row).collect()
}

#[test]
fn rows_are_found_by_order_index_and_name_and_times_may_be_microseconds() {
    let dir = Dir::new();
    let cycles = doubled(&dir);
    let table = |header: &str, row: &dyn Fn(usize, &str) -> String| {
        cycles.iter().enumerate().fold(format!("{header}\n"), |mut text, (place, cycles)| {
            let _ = writeln!(text, "{}", row(place, cycles));
            text
        })
    };
    let calibrated = |name: &str, text: &str| {
        dir.file(name, text);
        let run = dir.run(&format!("calibrate {name} --network ds_cnn --hw ethos-u55-128 -o {name}.cal"));
        run.well();
        read(&dir.path(&format!("{name}.cal")))
    };
    let plain = calibrated("plain.csv", &table("cycles", &|_, cycles| cycles.to_string()));
    let index = calibrated("index.csv", &table("index,cycles", &|place, cycles| format!("{place},{cycles}")));
    // Microseconds at 500 MHz.
    let us = |_: usize, cycles: &str| format!("{}", cycles.parse::<f64>().unwrap() / 500.0);
    let micro = calibrated("us.csv", &table("us", &us));
    let log = table("boot", &|_, cycles| format!("SOFTMAX took 3 ticks (0 ms).\nCONV_2D took {cycles} ticks (1 ms)."));
    let profiled = calibrated("log.txt", &log);
    for other in [index, micro, profiled] {
        assert_eq!(other, plain);
    }
}

#[test]
fn what_is_wrong_in_a_table_is_refused_with_file_and_line() {
    let dir = Dir::new();
    let wrong = |text: &str, expected: &str| {
        dir.file("m.csv", text);
        let error = dir.run("calibrate m.csv --network ds_cnn --hw ethos-u55-128 -o x.cal").failed(1);
        assert!(error.contains(expected), "{error}");
    };
    wrong("index,cycles\n0,5\n1,-3\n", "m.csv:3: cycles '-3': expected a number above 0");
    wrong("index,cycles\n0,5\n1,\n", "m.csv:3: neither cycles nor us");
    wrong("index,cycles\n0,5\n0,6\n", "m.csv:3: layer 0 ('");
    wrong("index,cycles\n99,5\n", "m.csv:2: the network has ");
    wrong("index,macs,cycles\n0,7,5\n", "m.csv:2: 7 MACs; layer 0 ('");
    wrong("index,ms\n0,5\n", "m.csv:1: expected a column cycles, or us (microseconds");
    wrong("layer,cycles\nnope,5\n", "m.csv:2: the network has no layer 'nope' with MACs");
    wrong("cycles\n5\n6\n", "m.csv:3: this is the last row, and layer 2 ('");
    wrong("index,cycles\n0,5\n1,6\n", "2 measured layers are too few");
    wrong("index,accelerator,cycles\n0,other,5\n", "m.csv:1: no row is of the accelerator ethos-u55-128");
    wrong("network,index,cycles\nother,0,5\n", "m.csv:2: network 'other' is not given: --network has ds_cnn");
    wrong("index,cycles\n0,5,6\n", "m.csv:2: ");
    assert_eq!(dir.files(), ["m.csv"]);
    dir.file("m.csv", "index,cycles\n0,5\n");
    dir.run("calibrate m.csv m.csv --network ds_cnn").failed(2);
    dir.file("bad.cal", "layer = [1, 2]\n");
    assert!(dir.run("estimate --calibration bad.cal").failed(1).contains("bad.cal: "));
    assert!(dir.run("estimate --calibration bad.cal --hw study,edge16").failed(2).contains("--calibration"));
}
