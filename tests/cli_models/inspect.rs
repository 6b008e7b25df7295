//! `inspect` and `estimate` of model files in any format.

use serde_json::Value;

use super::{gzip, json, tflite};
use crate::common;
use crate::common::{Dir, assert_same_text, data, text};
use crate::tflite::builder::File;

#[test]
fn formats_are_recognised_by_content() {
    let dir = Dir::new();
    let bytes = tflite("kws_ref_model");
    // The names are misleading, and the file may be compressed.
    for (name, content) in [("net.m", bytes.clone()), ("net.onnx", gzip(&bytes)), ("net", bytes.clone())] {
        let name = dir.file(name, content);
        let csv = dir.run(&format!("inspect {name} --format csv")).quiet().stdout;
        assert_same_text(&text("models/kws_ref_model.golden.csv"), &csv);
    }
    let onnx = dir.file("net.tflite", std::fs::read(data("models/mobilenet_v2.stripped.onnx")).unwrap());
    let listed = json(&dir.run(&format!("inspect {onnx} --format json")).quiet().stdout);
    assert_eq!(listed["total"]["macs"], 300_774_272);
    let model = dir.run("convert resnet8").quiet().stdout;
    let mapping = dir.run("convert resnet8 --dataflow kcp_ws").quiet().stdout;
    dir.run("compile resnet8 -o net.mst").well();
    let blob = std::fs::read(dir.path("net.mst")).unwrap();
    for content in [model.as_bytes(), mapping.as_bytes(), &blob, &gzip(mapping.as_bytes())] {
        let name = dir.file("net.tflite", content);
        let listed = json(&dir.run(&format!("inspect {name} --format json")).quiet().stdout);
        assert_eq!(listed["total"]["macs"], 12_501_632);
        assert_eq!(listed["operators"].as_array().unwrap().len(), 10);
    }
}

#[test]
fn inspect_lists_operators_and_what_was_skipped() {
    let dir = Dir::new();
    let file = dir.file("kws.tflite", tflite("kws_ref_model"));
    let table = dir.run(&format!("inspect {file}")).quiet().stdout;
    let line = |word: &str| table.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("{word}: {table}"));
    for word in ["CONV_2D", "K64 C1 10x4/2 on 49x10 to 25x5", "320,000", "2,624"] {
        assert!(line("  0  ").contains(word), "{word}: {table}");
    }
    assert!(line("total").contains("2,656,768") && line("total").contains("22,604"), "{table}");
    assert!(table.ends_with("skipped:\n  1 RESHAPE: changes the shape only\n"), "{table}");

    let listed = json(&dir.run(&format!("inspect {file} --format json")).quiet().stdout);
    assert_eq!(listed["network"], "kws");
    assert_eq!(listed["operators"][1]["figures"]["groups"], 64);
    assert_eq!(listed["skipped"][0]["op_index"], 10);
    assert_eq!(listed["skipped"][0]["parameters"], 0);
    assert_eq!(
        (&listed["total"]["parameters"], &listed["total"]["parameters_in_skipped"]),
        (&22_604.into(), &0.into())
    );
    let mut with_bias = File::default();
    let (x, bias) = (with_bias.input("x", &[1, 8]), with_bias.weights(&[8]));
    with_bias.op(0, &[x, bias], &[1, 8], &[]);
    let table = dir.run(&format!("inspect {}", dir.file("bias.tflite", with_bias.finish()))).quiet().stdout;
    assert!(table.lines().any(|line| line.contains("in skipped operators") && line.ends_with('8')), "{table}");
    dir.run(&format!("inspect {file} --format csv --output kws.csv")).quiet();
    assert_same_text(&text("models/kws_ref_model.golden.csv"), &common::read(&dir.path("kws.csv")));
    // Built-in networks have layers, which are listed instead of operators.
    let csv = dir.run("inspect transformer_block --format csv").quiet().stdout;
    assert!(csv.contains("0,qkv,GEMM,GEMM,,,,,,,,,,,,,,,,,,,128,1536,512,100663296,\n"), "{csv}");
}

#[test]
fn a_fresh_tflite_file_is_costed_in_one_command() {
    let dir = Dir::new();
    let file = dir.file("kws.tflite", tflite("kws_ref_model"));
    let figures = json(&dir.run(&format!("estimate --network {file} --l2 200000 --format json")).quiet().stdout);
    let builtin = json(&dir.run("estimate --l2 200000 --format json").quiet().stdout);
    let layers = |figures: &Value| figures["layers"].as_array().unwrap().clone();
    assert_eq!(figures["network"], "kws");
    assert_eq!(figures["total"]["macs"], builtin["total"]["macs"]);
    // All layers except the last, which is a GEMM in the file.
    for (ours, theirs) in layers(&figures).iter().zip(layers(&builtin)).take(9) {
        assert_eq!((&ours["cycles"], &ours["dimensions"]), (&theirs["cycles"], &theirs["dimensions"]));
    }
    assert_eq!((layers(&figures).len(), &figures["layers"][9]["kind"]), (10, &Value::from("GEMM")));

    let all = json(&dir.run(&format!("estimate --network {file} --l2 200000 --all-ops --format json")).quiet().stdout);
    let kinds: Vec<_> = layers(&all).iter().map(|layer| layer["kind"].as_str().unwrap().to_string()).collect();
    assert_eq!((kinds.len(), kinds[9].as_str(), kinds[11].as_str()), (12, "POOL", "POOL"));
    assert_eq!(all["total"]["macs"], figures["total"]["macs"]);
    assert!(all["total"]["cycles"].as_u64() > figures["total"]["cycles"].as_u64());

    let batch =
        json(&dir.run(&format!("estimate --network {file} --l2 200000 --batch 4 --format json")).quiet().stdout);
    assert_eq!(batch["total"]["macs"].as_u64().unwrap(), 4 * figures["total"]["macs"].as_u64().unwrap());

    dir.run(&format!("compile {file} --hw ethos-u55-128 -o kws.mst")).well();
    let blob = json(&dir.run("estimate --network kws.mst --l2 200000 --format json").quiet().stdout);
    assert_eq!(blob["total"], figures["total"]);
}

#[test]
fn what_an_input_holds_may_decide_a_branch() {
    let dir = Dir::new();
    let onnx = |name: &str| std::fs::read(data(&format!("models/{name}.onnx"))).unwrap();
    let file = dir.file("if.onnx", onnx("if_on_input_value"));
    let listed = json(&dir.run(&format!("inspect {file} --format json")).quiet().stdout);
    assert_eq!((&listed["total"]["macs"], &listed["total"]["parameters"]), (&0.into(), &192.into()));
    assert!(dir.run(&format!("estimate --network {file}")).failed(1).contains("--value sr=..."));
    for (rate, branch) in [(16_000, "if_sr/tconv"), (8_000, "if_sr/econv")] {
        let listed = json(&dir.run(&format!("inspect {file} --value sr={rate} --format json")).quiet().stdout);
        assert_eq!(listed["operators"][0]["name"], branch);
        assert_eq!((&listed["total"]["macs"], &listed["total"]["parameters"]), (&1536.into(), &96.into()));
        dir.run(&format!("estimate --network {file} --value sr={rate}")).well();
    }
    let refused = |arguments: &str, code: i32, what: &str| {
        let message = dir.run(arguments).failed(code);
        assert!(message.contains(what), "{message}");
    };
    refused(&format!("inspect {file} --value sr=fast"), 2, "expected NAME=NUMBER,...: sr=16000");
    refused(&format!("inspect {file} --value rate=1"), 1, "a value is given for 'rate', which is not an input");
    refused("estimate --network ds_cnn --value x=1", 2, "--value is for ONNX and TFLite files");
    // The cache is still empty.
    let file = dir.file("kv.onnx", onnx("kv_prefill"));
    let shapes = "--shape q=1,4,5,8 --shape k=1,4,5,8 --shape past=1,4,0,8";
    let listed = json(&dir.run(&format!("inspect {file} {shapes} --format json")).quiet().stdout);
    assert_eq!(listed["total"]["macs"], 4 * 5 * 5 * 8);
}
