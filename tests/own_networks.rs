//! Networks of the user's own, in place of a space.

use serde_json::Value;

use crate::common::{Dir, data, read};

/// Files of tests/models that need no flag, and the names that they are copied to.
const FILES: [(&str, &str); 10] = [
    ("ad01_int8.tflite.gz", "ad.tflite.gz"),
    ("kws_ref_model.tflite.gz", "kws.tflite.gz"),
    ("pretrainedResnet_quant.tflite.gz", "resnet8.tflite.gz"),
    ("vww_96_int8.tflite.gz", "vww.tflite.gz"),
    ("mobilenet_v2.stripped.onnx", "mobilenet_v2.onnx"),
    ("resnet50.stripped.onnx", "resnet50.onnx"),
    ("vit_tiny_patch16_224.stripped.onnx", "vit_tiny.onnx"),
    ("kws_ref_model.tflite.gz", "net_2.tflite.gz"),
    ("vww_96_int8.tflite.gz", "net_10.tflite.gz"),
    ("pretrainedResnet_quant.tflite.gz", "net_1.tflite.gz"),
];

const ACCURACY: &str = "network,accuracy\nad,50\nkws,60\nresnet8.tflite.gz,65\nvww,61.5\nmobilenet_v2,72\nresnet50,76\n\
                        vit_tiny,75\nnet_1,66\nnet_2,59\nnet_10.tflite.gz,62\n";

const DESIGNS: &str = "--hw-grid pes=64:256,noc=32,offchip=8,l2=262144:2097152 --dataflow kcp_ws,kxc_os";

/// A directory with models in `nets`, together with another file, and with `acc.csv`.
fn with_models(files: &[(&str, &str)]) -> Dir {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("nets")).unwrap();
    dir.file("nets/README.md", "no network");
    for (from, to) in files {
        std::fs::copy(data("models").join(from), dir.path("nets").join(to)).unwrap();
    }
    dir.file("acc.csv", ACCURACY);
    dir
}

/// The README's example: two commands lead from a directory and a table of accuracies to a report.
#[test]
fn two_commands_make_a_report_of_a_directory() {
    let dir = with_models(&FILES);
    let codesign = dir.run(&format!("codesign --models nets --accuracy acc.csv {DESIGNS} -o found")).well();
    assert!(!codesign.stderr.contains("warning"), "{}", codesign.stderr);
    let answers = codesign.stdout;
    assert!(answers.contains("adaptive") && answers.contains("coupled"), "{answers}");
    dir.run("report found").quiet();
    assert!(read(&dir.path("found/report.html")).contains("10 networks"));
    let networks = read(&dir.path("found/networks.csv"));
    let names: Vec<_> =
        networks.lines().skip(1).map(|line| line.splitn(4, ',').skip(1).take(2).collect::<Vec<_>>()).collect();
    let expected = [
        ["ad", "50"],
        ["kws", "60"],
        ["mobilenet_v2", "72"],
        ["net_1", "66"],
        ["net_2", "59"],
        ["net_10", "62"],
        ["resnet8", "65"],
        ["resnet50", "76"],
        ["vit_tiny", "75"],
        ["vww", "61.5"],
    ];
    assert_eq!(names, expected);
    let summary: Value = serde_json::from_str(&read(&dir.path("found/summary.json"))).unwrap();
    assert_eq!((summary["space"].as_str(), summary["networks"].as_u64()), (Some("nets"), Some(10)));
}

#[test]
fn a_campaign_costs_what_estimate_does() {
    let dir = with_models(&FILES[1..5]);
    let list = "nets/mobilenet_v2.onnx,nets/kws.tflite.gz,ds_cnn";
    let campaign = |models: &str, model: &str| {
        dir.run(&format!(
            "space campaign --models {models} --hw edge16,study,ethos-u55-128 --dataflow kcp_ws --model {model} -o camp"
        ))
        .well();
        read(&dir.path("camp/latency.csv"))
    };
    for model in ["exact", "maestro"] {
        let latency = campaign(list, model);
        let mut csv = csv::Reader::from_reader(latency.as_bytes());
        let columns: Vec<String> = csv.headers().unwrap().iter().skip(2).map(str::to_string).collect();
        let rows: Vec<_> = csv.records().map(Result::unwrap).collect();
        assert_eq!(rows.iter().map(|row| row[1].to_string()).collect::<Vec<_>>(), ["mobilenet_v2", "kws", "ds_cnn"]);
        let mut compared = 0;
        for (row, network) in rows.iter().zip(list.split(',')) {
            for (column, cell) in columns.iter().zip(row.iter().skip(2)) {
                let hw = column.strip_prefix("kcp_ws_").unwrap();
                let line =
                    format!("estimate --network {network} --hw {hw} --dataflow kcp_ws --model {model} --format json");
                let alone: Value = serde_json::from_str(&dir.run(&line).well().stdout).unwrap();
                let fits = alone["usable"].as_bool().unwrap_or(true);
                assert_eq!(cell, if fits { alone["total"]["cycles"].to_string() } else { String::new() }, "{column}");
                compared += usize::from(fits);
            }
        }
        assert!(compared >= 2, "{model}: {compared}");
    }
    assert_eq!(campaign("nets", "exact").lines().count(), 5);
    let srcc = dir.run("space srcc camp").quiet().stdout;
    assert!(srcc.contains("4 networks"), "{srcc}");
}

#[test]
fn every_method_takes_them_but_evolution() {
    let dir = with_models(&FILES[..4]);
    dir.file("more.csv", format!("{ACCURACY}typo,3\n"));
    let codesign = |more: &str| dir.run(&format!("codesign --models nets --accuracy more.csv {DESIGNS} {more}"));
    for method in ["coupled", "decoupled", "semi-decoupled", "flops-pareto", "transfer", "adaptive", "all"] {
        let run = codesign(&format!("--method {method} --constraint latency=1e6,energy=1e6 --format csv")).well();
        let answers: Vec<&str> = run.stdout.lines().skip(1).collect();
        assert!(answers.iter().any(|answer| answer.contains(",yes,")), "{method}: {answers:?}");
        // The other methods may miss the best.
        let exact = answers.iter().filter(|answer| answer.starts_with("coupled") || answer.starts_with("adaptive"));
        assert!(exact.clone().all(|answer| answer.contains(",resnet8,")), "{method}: {answers:?}");
        let count = [("coupled", 1), ("adaptive", 1), ("all", 2)].into_iter().find(|(name, _)| *name == method);
        assert_eq!(exact.count(), count.map_or(0, |(_, count)| count), "{method}: {answers:?}");
        assert!(run.stderr.contains("warning: more.csv:12: there is no network 'typo'"), "{method}: {}", run.stderr);
    }
    let error = codesign("--method evolve").failed(2);
    assert!(error.contains("--models has no space"), "{error}");
}

#[test]
fn what_is_wrong_is_refused() {
    let dir = with_models(&FILES[..3]);
    for empty in ["empty", "none"] {
        std::fs::create_dir(dir.path(empty)).unwrap();
    }
    dir.file("none/notes.txt", "no model");
    dir.file("none/.hidden.onnx", "no model");
    dir.file("short.csv", "network,accuracy\nad,50\n");
    dir.file("acc2.csv", "network,accuracy\nad,50\nkws,60\nad.tflite.gz,3\n");
    let codesign = |models: &str, more: &str| dir.run(&format!("codesign --models {models} {more} {DESIGNS}"));
    for (models, more, code, message) in [
        ("empty", "", 1, "empty has no model file (*.onnx, .tflite, .m, .blob, .mst, or these with .gz): it is empty"),
        ("none", "", 1, "none of the 2 files and directories in it is one"),
        ("nope.onnx", "", 1, "there is no file 'nope.onnx'"),
        (
            "nets",
            "",
            2,
            "--models needs --accuracy FILE: a CSV with the columns network,accuracy and a row for each of ad, kws, resnet8",
        ),
        ("nets", "--accuracy builtin", 2, "--models needs --accuracy FILE"),
        ("nets", "--accuracy short.csv", 1, "short.csv: no accuracy for 2 of 3 networks: kws, resnet8"),
        ("nets", "--accuracy acc2.csv", 1, "acc2.csv:4: ad.tflite.gz is the same network as in line 2"),
        ("nets,nets/ad.tflite.gz", "", 1, "--models: nets/ad.tflite.gz is given twice"),
        ("nets", "--space tiny", 2, "cannot be used with"),
        ("nets", "--networks all", 2, "cannot be used with"),
        ("nets", "--classes 10", 2, "--models has no such choice"),
    ] {
        let error = codesign(models, more).failed(code);
        assert!(error.contains(message), "{models} {more}: {error}");
    }
    let error = dir.run(&format!("codesign --space tiny --skip-unsupported {DESIGNS}")).failed(2);
    assert!(error.contains("--skip-unsupported is of --models"), "{error}");
    let error = dir.run(&format!("codesign {DESIGNS}")).failed(2);
    assert!(error.contains("--space <NAME>|--models"), "{error}");
    // The error names all files that are not networks.
    dir.file("nets/broken.onnx", "no model");
    std::fs::copy(data("models/if_on_input_value.onnx"), dir.path("nets/if.onnx")).unwrap();
    let error = codesign("nets", "--accuracy acc.csv").failed(1);
    assert!(error.contains("nets/broken.onnx:1:1") && error.contains("error: nets/if.onnx: operator 1 (If"), "{error}");
    let error = codesign("nets", "--accuracy acc.csv --skip-unsupported");
    assert_eq!(error.code, Some(1));
    let error = error.stderr;
    assert!(error.contains("nets/broken.onnx:1:1") && error.contains("nets/if.onnx has no operators"), "{error}");
    std::fs::remove_file(dir.path("nets/broken.onnx")).unwrap();
    std::fs::remove_file(dir.path("nets/if.onnx")).unwrap();
    dir.file("nets/kws.onnx", "whatever");
    let error = codesign("nets", "--accuracy acc.csv").failed(1);
    assert!(error.contains("nets/kws.onnx and nets/kws.tflite.gz are both the network kws: rename one"), "{error}");
    std::fs::remove_file(dir.path("nets/kws.onnx")).unwrap();
    dir.file("three.csv", "network,accuracy\nad,50\nkws,60\nresnet8,65\n");
    let narrow = "--hw-grid pes=16 --no-fit --dataflow kcp_ws";
    let error = dir.run(&format!("codesign --models nets --accuracy three.csv {narrow}")).failed(1);
    assert!(error.contains("kcp_ws cannot use pes16: layer GEMM"), "{error}");
}

#[test]
fn dataflows_of_mapping_files_are_left_behind_and_small_inputs_padded() {
    let dir = Dir::new();
    let layer = |name: &str, flow: &str| {
        format!("Layer {name} {{ Type: CONV Dimensions {{ K: 8, C: 4, R: 3, S: 3, Y: 2, X: 9 }} {flow} }}")
    };
    let flow = "Dataflow { SpatialMap(1,1) K; TemporalMap(1,1) C; }";
    dir.file("mapped.m", format!("Network other {{ {} }}", layer("a", flow)));
    let run = dir.run("space campaign --models mapped.m --hw edge16 --dataflow kcp_ws").well();
    for warning in [
        "warning: mapped.m: the filters of a are larger than their inputs",
        "warning: mapped.m: its own dataflows are ignored: --dataflow is for all networks",
    ] {
        assert!(run.stderr.contains(warning), "{}", run.stderr);
    }
    assert!(read(&dir.path("campaign/latency.csv")).contains("0,mapped,"));
}
