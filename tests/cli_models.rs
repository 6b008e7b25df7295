//! Model files as a user of the program gives them.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use maestrino::host::builtin;
use maestrino::host::formats::maestro::parse_network;
use maestrino::host::network::Network;
use maestrino::{Dim, Layer, LayerKind};
use serde_json::Value;

use crate::common::{self, Dir, assert_same_text, data, read, text};
use crate::tflite::builder::{Byte, File, Int};

const CONV_2D: i32 = 3;
const FULLY_CONNECTED: i32 = 9;
const MAX_POOL_2D: i32 = 17;
const RESHAPE: i32 = 22;

fn tflite(name: &str) -> Vec<u8> {
    let file = std::fs::File::open(data(&format!("models/{name}.tflite.gz"))).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The layers that a file becomes.
#[track_caller]
fn converted(dir: &Dir, arguments: &str) -> Network {
    let text = dir.run(&format!("convert {arguments}")).quiet().stdout;
    parse_network(&text, "converted").unwrap().network
}

/// A fully connected layer of a built-in network, as files have it.
fn as_gemm(layer: &Layer) -> Layer {
    if layer.kind() != LayerKind::Fc {
        return *layer;
    }
    let size = |dim| layer.size(dim).unwrap();
    Layer::new(LayerKind::Gemm, &[(Dim::M, 1), (Dim::N, size(Dim::K)), (Dim::K, size(Dim::C))]).unwrap()
}

/// Layers in an order that does not depend on branches.
fn sorted(network: &Network) -> Vec<String> {
    let mut layers: Vec<_> = network.layers.iter().map(|named| format!("{:?}", as_gemm(&named.layer))).collect();
    layers.sort();
    layers
}

#[test]
fn formats_are_told_apart_by_content() {
    let dir = Dir::new();
    let bytes = tflite("kws_ref_model");
    // Misleading names, compressed or not.
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
fn compile_takes_an_accelerator_as_estimate_does_and_writes_bytes_or_c() {
    let dir = Dir::new();
    let bytes = |name: &str| std::fs::read(dir.path(name)).unwrap();
    dir.run("compile ds_cnn --hw edge16 -o net.mst").well();
    dir.run("compile ds_cnn --hw edge16 --format c --symbol kws -o net.c").well();
    let source = common::read(&dir.path("net.c"));
    let list = source.split_once("const uint8_t kws[] = {").unwrap().1.split_once('}').unwrap().0;
    let numbers: Vec<u8> = list.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    assert_eq!(numbers, bytes("net.mst"));
    assert!(source.ends_with(&format!("const uint32_t kws_length = {};\n", numbers.len())), "{source}");
    dir.run("compile ds_cnn --format c -o default.c").well();
    assert!(common::read(&dir.path("default.c")).contains("const uint8_t ds_cnn[] = {"));

    // Estimated anew, it costs the same on the accelerator that it brings along.
    let own = json(&dir.run("estimate --network net.mst --format json").quiet().stdout);
    let builtin = json(&dir.run("estimate --network ds_cnn --hw edge16 --format json").quiet().stdout);
    assert_eq!(own["total"], builtin["total"]);

    // Every figure of the accelerator ends in the blob.
    for flags in ["--pes 8", "--l2 20000", "--noc-bw 3:5", "--clock 12", "--bits 8:4:8:32", "--energies 1,2,3,4,5"] {
        dir.run(&format!("compile ds_cnn --hw edge16 {flags} -o other.mst")).well();
        assert_ne!(bytes("other.mst"), bytes("net.mst"), "{flags}");
    }
    let tight = dir.run("compile ds_cnn --hw edge16 --l1 10 -o tight.mst").well();
    assert!(tight.stderr.contains("warning: does not fit: "), "{}", tight.stderr);
    let refused = dir.run("compile ds_cnn --hw edge16 --l1 10 --require-fit -o refused.mst");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains(" does not fit: ") && !dir.path("refused.mst").exists(), "{}", refused.stderr);
    for wrong in ["--symbol kws", "--format c --symbol 1x", "--model maestro"] {
        let wrong = dir.run(&format!("compile ds_cnn {wrong} -o wrong.mst"));
        assert_eq!((wrong.code, dir.path("wrong.mst").exists()), (Some(2), false), "{}", wrong.stderr);
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
    // What is built in has no operators, but layers.
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
    // All but the last, which is a GEMM.
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
fn files_become_mapping_files_and_model_files() {
    let dir = Dir::new();
    let file = dir.file("kws.tflite", tflite("kws_ref_model"));
    let model = converted(&dir, &file);
    assert_eq!(model.layers.len(), 10);
    let kinds = |network: &Network| network.layers.iter().map(|named| named.layer.kind()).collect::<Vec<_>>();
    assert_eq!(kinds(&model)[..3], [LayerKind::Conv, LayerKind::DsConv, LayerKind::Conv]);
    let first = |arguments: &str, layer: usize| {
        let network = converted(&dir, &format!("{file} {arguments}"));
        network.layers[layer].dataflow.clone().unwrap().directives().first().copied().unwrap()
    };
    let [conv, depthwise] = [0, 1].map(|layer| first("--dataflow kcp_ws", layer));
    assert_ne!(conv, depthwise);
    assert_eq!(first("--dataflow kcp_ws+dsconv=kcp_ws", 1), conv);
    // And back.
    let mapping = dir.run(&format!("convert {file} --dataflow kcp_ws")).quiet().stdout;
    let mapping = dir.file("kws.m", mapping);
    let back = converted(&dir, &mapping);
    let layers =
        |network: &Network| network.layers.iter().map(|named| (named.name.clone(), named.layer)).collect::<Vec<_>>();
    assert_eq!(layers(&back), layers(&model));
    dir.run(&format!("estimate --mapping {mapping}")).quiet();
}

#[test]
fn padding_is_honoured_or_ignored() {
    let dir = Dir::new();
    let file = dir.file("resnet.tflite", tflite("pretrainedResnet_quant"));
    let extents = |arguments: &str| -> Vec<[u32; 2]> {
        let network = converted(&dir, &format!("{file} {arguments}"));
        let layers = network.layers.iter().filter(|named| named.layer.kind() == LayerKind::Conv);
        layers.map(|named| [Dim::Y, Dim::X].map(|dim| named.layer.size(dim).unwrap())).collect()
    };
    let honoured = [34, 34, 34, 33, 18, 31, 17, 10, 15].map(|extent| [extent; 2]);
    assert_eq!(extents("--padding honour"), honoured);
    assert_eq!(extents(""), honoured);
    assert_eq!(extents("--padding ignore"), [32, 32, 32, 32, 16, 32, 16, 8, 16].map(|extent| [extent; 2]));
}

/// VGG-16 without its weights.
fn vgg16() -> Vec<u8> {
    let mut file = File::default();
    let (mut x, mut channels, mut extent) = (file.input("image", &[1, 224, 224, 3]), 3, 224);
    for (k, convs) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..convs {
            let (w, b) = (file.weights(&[k, 3, 3, channels]), file.weights(&[k]));
            let options = [Byte(0), Int(1), Int(1), Byte(1)];
            x = file.op(CONV_2D, &[x, w, b], &[1, extent, extent, k], &options);
            channels = k;
        }
        extent /= 2;
        x = file.op(MAX_POOL_2D, &[x], &[1, extent, extent, k], &[Byte(1), Int(2), Int(2), Int(2), Int(2)]);
    }
    let shape = file.ints(&[-1, 25_088]);
    x = file.op(RESHAPE, &[x, shape], &[1, 25_088], &[]);
    let mut inputs = 25_088;
    for outputs in [4096, 4096, 1000] {
        let (w, b) = (file.weights(&[outputs, inputs]), file.weights(&[outputs]));
        x = file.op(FULLY_CONNECTED, &[x, w, b], &[1, outputs], &[Byte(1)]);
        inputs = outputs;
    }
    file.finish()
}

#[test]
fn real_files_have_the_layers_of_the_built_in_networks() {
    let dir = Dir::new();
    dir.file("vgg16", vgg16());
    for name in ["resnet50", "mobilenet_v2"] {
        dir.file(name, std::fs::read(data(&format!("models/{name}.stripped.onnx"))).unwrap());
    }
    for name in ["vgg16", "resnet50", "mobilenet_v2"] {
        // `./` keeps the name from meaning what is built in.
        let ours = builtin::network(name).unwrap();
        assert_eq!(sorted(&converted(&dir, &format!("./{name}"))), sorted(&ours), "{name}");
    }
    // K, C, Y of the reference's `vgg16_model.m`, whose filters are all 3 x 3.
    let expected = [
        (64, 3, 224),
        (64, 64, 224),
        (128, 64, 112),
        (128, 128, 112),
        (256, 128, 56),
        (256, 256, 56),
        (256, 256, 56),
        (512, 256, 28),
        (512, 512, 28),
        (512, 512, 28),
        (512, 512, 14),
        (512, 512, 14),
        (512, 512, 14),
    ];
    let network = converted(&dir, "./vgg16 --padding ignore");
    let sizes = network.layers[..13].iter().map(|named| {
        let [k, c, y, x, r, s] =
            [Dim::K, Dim::C, Dim::Y, Dim::X, Dim::R, Dim::S].map(|dim| named.layer.size(dim).unwrap());
        assert_eq!((y, r, s), (x, 3, 3));
        (k, c, y)
    });
    assert_eq!(sizes.collect::<Vec<_>>(), expected);
}

#[test]
fn what_cannot_be_costed_is_an_error_or_a_warning() {
    let dir = Dir::new();
    let mut file = File::default();
    let x = file.input("x", &[1, 8, 8, 4]);
    let x = file.custom("Magic,\u{1b}[31m", &[x], &[1, 8, 8, 4]);
    let w = file.weights(&[4, 1, 1, 4]);
    file.op(CONV_2D, &[x, w], &[1, 8, 8, 4], &[Byte(0), Int(1), Int(1)]);
    let file = dir.file("magic.tflite", file.finish());
    let error = dir.run(&format!("estimate --network {file}")).failed(1);
    assert!(error.starts_with("error: magic.tflite: operator 0 (Magic,"), "{error}");
    assert!(error.ends_with("a custom operator\nhelp: --skip-unsupported leaves such operators out\n"), "{error}");
    assert!(!error.contains('\u{1b}'), "{error:?}");
    let run = dir.run(&format!("estimate --network {file} --skip-unsupported")).well();
    assert!(run.stderr.starts_with("warning: magic.tflite: left out operator 0 (Magic,"), "{}", run.stderr);
    let table = dir.run(&format!("inspect {file}")).quiet().stdout;
    assert!(table.contains("cannot be costed: Magic,") && !table.contains('\u{1b}'), "{table:?}");

    // Nothing but what has no MACs.
    let mut file = File::default();
    let x = file.input("x", &[1, 8, 8, 4]);
    file.op(MAX_POOL_2D, &[x], &[1, 4, 4, 4], &[Byte(1), Int(2), Int(2), Int(2), Int(2)]);
    let file = dir.file("pool.tflite", file.finish());
    let error = dir.run(&format!("estimate --network {file}")).failed(1);
    assert!(error.contains("pool.tflite has no operators that can be costed"), "{error}");
    dir.run(&format!("estimate --network {file} --all-ops")).quiet();
}

/// One that is for convolutions alone, on a network with a fully connected layer.
#[test]
fn layers_that_their_dataflow_does_not_suit_can_be_left_out() {
    let dir = Dir::new();
    let maps = "TemporalMap(1,1) C; TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; TemporalMap(Sz(R),1) Y; \
                TemporalMap(Sz(S),1) X;";
    // Of the matrix product it leaves most out, and the clusters are wider than any array.
    let gemm = "SpatialMap(1,64) K; TemporalMap(1,1) M; TemporalMap(1,1) N; Cluster(100000, P); SpatialMap(1,1) N;";
    dir.file("conv.m", format!("Dataflow {{ SpatialMap(1,1) K; {maps} }} Dataflow gemm {{ {gemm} }}"));
    dir.file("kws.tflite", tflite("kws_ref_model"));
    let run = "estimate --network kws.tflite --dataflow conv.m --format json";
    let error = dir.run(run).failed(1);
    assert!(error.contains("Cluster(100000, P) at level 1 needs 100000 PEs"), "{error}");
    for model in ["exact", "maestro"] {
        let run = dir.run(&format!("{run} --skip-unsupported --model {model}")).well();
        assert!(
            run.stderr.starts_with("warning: left out layer ") && run.stderr.lines().count() == 1,
            "{}",
            run.stderr
        );
        let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let kinds: Vec<_> = told["layers"].as_array().unwrap().iter().map(|layer| layer["kind"].clone()).collect();
        assert!(kinds.len() == 9 && !kinds.contains(&"GEMM".into()) && !kinds.contains(&"FC".into()), "{kinds:?}");
    }
    // What is left out has a line in a file of MAESTRO's; where nothing is left, there is no result.
    let gemm = "Layer g { Type: GEMM Dimensions { M: 2, N: 3, K: 4 } }";
    dir.file("net.m", format!("Network n {{\nLayer c {{ Type: FC Dimensions {{ K: 4, C: 4 }} }}\n{gemm}\n}}"));
    let run = dir.run("estimate --network net.m --dataflow conv.m --skip-unsupported --format csv").well();
    assert!(run.stderr.contains("left out layer g (line 3): "), "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 2);
    dir.file("net.m", format!("Network n {{ {gemm} }}"));
    let error = dir.run("estimate --network net.m --dataflow conv.m --skip-unsupported").failed(1);
    assert!(error.contains("no layer is left"), "{error}");
}

#[test]
fn flags_that_do_not_apply_are_told() {
    let dir = Dir::new();
    let model = dir.file("net.m", dir.run("convert ds_cnn").quiet().stdout);
    for flag in ["--batch 2", "--shape x=1,2", "--padding ignore", "--all-ops"] {
        for network in ["resnet8", &model] {
            let error = dir.run(&format!("estimate --network {network} {flag}")).failed(2);
            let name = flag.split(' ').next().unwrap();
            assert!(
                error.starts_with(&format!("error: {name} is for ONNX and TFLite files; {network} is neither")),
                "{error}"
            );
        }
    }
    let file = dir.file("kws.tflite", tflite("kws_ref_model"));
    for bad in ["--batch 0", "--shape input", "--shape input=1,x", "--shape =1", "--padding maybe"] {
        dir.run(&format!("estimate --network {file} {bad}")).failed(2);
    }
    let error = dir.run(&format!("inspect {file} --shape nothing=1,49,10,1")).failed(1);
    assert_eq!(
        error,
        "error: kws.tflite: has no input 'nothing'; its inputs: input_1\nhelp: --shape input_1=1,49,10,1\n"
    );
    let error = dir.run(&format!("estimate --mapping {file}")).failed(1);
    assert!(error.contains("is a model file"), "{error}");
}

#[test]
fn damaged_files_are_refused_without_a_trace() {
    let dir = Dir::new();
    let bytes = tflite("kws_ref_model");
    let cut = dir.file("cut.tflite", &bytes[..bytes.len() / 2]);
    for command in ["estimate --network", "inspect", "convert"] {
        let error = dir.run(&format!("{command} {cut}")).failed(1);
        assert!(error.starts_with("error: cut.tflite: byte "), "{error}");
    }
    dir.run(&format!("inspect {cut} --output list.csv --format csv")).failed(1);
    assert_eq!(dir.files(), [cut]);
    let half = gzip(&bytes);
    let half = dir.file("half.gz", &half[..half.len() / 2]);
    assert!(dir.run(&format!("inspect {half}")).failed(1).starts_with("error: cannot read half.gz: "));
    // Twice compressed is not what it seems.
    let twice = dir.file("twice.gz", gzip(&gzip(&bytes)));
    assert!(dir.run(&format!("inspect {twice}")).failed(1).contains("was compressed twice"));
}

#[test]
fn files_of_other_formats_are_told_to_be_such() {
    let dir = Dir::new();
    let frozen = b"\n\x14\n\x05input\x12\x0bPlaceholder\n\x16\n\rconv1/weights\x12\x05Const";
    let cases: [(&[u8], &str); 10] = [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "net is a Git LFS pointer"),
        (b"\x89HDF\r\n\x1a\n\0\0", "net is a Keras model (HDF5); convert it"),
        (b"PK\x03\x04abc", "net is a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "net is an image"),
        (b"GGUF\x03\0\0\0\x02\0\0\0", "net is a GGUF file: weights for llama.cpp, without operators; export"),
        (frozen, "net is a frozen TensorFlow graph; convert it: python -m tf2onnx.convert"),
        // As ONNX does, they start with a version and a text or message.
        (b"\x08\x01\x12\xdf\x10\n\xb1\x05\x12\xad\x03\n", "net is a TensorFlow SavedModel; convert"),
        (b"<?xml version=\"1.0\"?>\n<net name=\"m\"/>", "net is OpenVINO's IR"),
        (b"\xff\xfe\0\0", "net is not a text file, and none of the known formats"),
        (b"", "net is empty: found the end"),
    ];
    for (content, expected) in cases {
        let name = dir.file("net", content);
        for arguments in ["", " --shape x=1,3"] {
            let error = dir.run(&format!("inspect {name}{arguments}")).failed(1);
            assert!(error.starts_with(&format!("error: {expected}")), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
    std::fs::create_dir(dir.path("saved")).unwrap();
    dir.file("saved/saved_model.pb", "");
    let error = dir.run("inspect saved").failed(1);
    assert!(error.contains("the directory of a TensorFlow SavedModel; convert it"), "{error}");
}

#[test]
fn a_filter_that_needs_its_padding_is_told() {
    let dir = Dir::new();
    let mut file = File::default();
    let (x, w) = (file.input("x", &[1, 2, 2, 3]), file.weights(&[4, 3, 3, 3]));
    file.op(CONV_2D, &[x, w], &[1, 2, 2, 4], &[Byte(0), Int(1), Int(1), Byte(0)]);
    let name = dir.file("small.tflite", file.finish());
    let error = dir.run(&format!("estimate --network {name} --padding ignore")).failed(1);
    let expected =
        "the filter of 3 rows is larger than the input of 2 rows without its padding\nhelp: --padding honour costs it";
    assert!(error.contains(expected), "{error}");
    dir.run(&format!("estimate --network {name} --padding honour --dataflow rs")).well();
    let error = dir.run(&format!("inspect {name} --shape y=1,2,2,3")).failed(1);
    assert!(error.contains("has no input 'y'; its inputs: x\nhelp: --shape x=1,2,2,3"), "{error}");
}

#[test]
fn transposed_convolutions_are_warned_of() {
    let dir = Dir::new();
    let mut file = File::default();
    let (shape, w) = (file.ints(&[1, 8, 8, 4]), file.weights(&[4, 2, 2, 3]));
    let x = file.input("x", &[1, 4, 4, 3]);
    file.op(67, &[shape, w, x], &[1, 8, 8, 4], &[Byte(0), Int(2), Int(2)]);
    let name = dir.file("up.tflite", file.finish());
    let run = dir.run(&format!("estimate --network {name}"));
    let warning = "costed over their upsampled output: 3072 MACs instead of 768";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
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
        let told = dir.run(arguments).failed(code);
        assert!(told.contains(what), "{told}");
    };
    refused(&format!("inspect {file} --value sr=fast"), 2, "expected NAME=NUMBER,...: sr=16000");
    refused(&format!("inspect {file} --value rate=1"), 1, "a value is given for 'rate', which is not an input");
    refused("estimate --network ds_cnn --value x=1", 2, "--value is for ONNX and TFLite files");
    // A cache that is empty yet.
    let file = dir.file("kv.onnx", onnx("kv_prefill"));
    let shapes = "--shape q=1,4,5,8 --shape k=1,4,5,8 --shape past=1,4,0,8";
    let listed = json(&dir.run(&format!("inspect {file} {shapes} --format json")).quiet().stdout);
    assert_eq!(listed["total"]["macs"], 4 * 5 * 5 * 8);
}

/// Firmware chooses from mappings that are the fastest at some bandwidths; a blob of them is for whoever knows nothing of that one of
/// the best mappings of its own accelerator.
#[test]
fn compile_maps_layers_and_leaves_a_choice() {
    let dir = Dir::new();
    dir.file("small.m", SMALL);
    dir.file("hw.m", "num_pes: 12\nl1_size_cstr: 200\nl2_size_cstr: 2000\nnoc_bw_cstr: 8\noffchip_bw_cstr: 4\n");
    let on = "compile small.m --hw hw.m --dataflow map -o";
    let plain = dir.run(&format!("{on} plain.mst")).well().stderr;
    assert!(plain.contains("2 of 2 mappings of a layer on an accelerator are proven to be the best"), "{plain}");
    let speeds = "--bandwidths offchip=1:4:16,noc=2:8";
    let choice = dir.run(&format!("{on} choice.mst {speeds}")).well().stderr;
    assert!(choice.contains("at the 6 combinations of bandwidths at most 0.00 % from the fastest found"), "{choice}");
    let one = dir.run(&format!("{on} one.mst {speeds} --pareto 1")).well().stderr;
    assert!(one.contains("3 mappings of 3 layers, of a layer 1 at most;") && !one.contains(" 0.00 %"), "{one}");
    let size = |name: &str| std::fs::metadata(dir.path(name)).unwrap().len();
    assert!(size("plain.mst") < size("one.mst") && size("one.mst") < size("choice.mst"));
    dir.run("map --network small.m --hw hw.m -o best.m").well();
    let csv = |network: &str| dir.run(&format!("estimate {network} --hw hw.m --format csv")).well().stdout;
    let best = csv("--mapping best.m");
    assert!(["plain.mst", "choice.mst", "one.mst"].iter().all(|blob| csv(&format!("--network {blob}")) == best));
    for (flags, code, told) in [
        ("--bandwidths offchip=1:4,l2=100", 1, "a blob is of one l2; vary noc, hops, offchip, l1 and simd"),
        (
            "--bandwidths offchip=1..200,noc=1..200",
            1,
            "40000 combinations are more than 10000: take fewer values of noc",
        ),
        ("--bandwidths offchip=1..1000000,noc=1..1000000,hops=0..999999", 1, "combinations are more than 10000"),
        ("--bandwidths offchip=4..1", 1, "is not a range FIRST..LAST:STEP that goes up"),
        ("--bandwidths fast", 1, "'fast' is not KEY=VALUES"),
        ("--pareto 2", 2, "--bandwidths"),
        ("--bandwidths offchip=1 --pareto 0", 2, "--pareto"),
    ] {
        let error = dir.run(&format!("{on} wrong.mst {flags}")).failed(code);
        assert!(error.contains(told) && !dir.path("wrong.mst").exists(), "{flags}: {error}");
    }
    let error = dir.run("compile small.m --hw hw.m --map-budget 5 -o wrong.mst").failed(2);
    assert!(error.contains("--map-budget is of --dataflow map"), "{error}");
}

const SMALL: &str = "Network small {
    Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer again { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }
}";

/// A directory with a file for each distinct layer, with its mapping where that can be told.
#[test]
fn specifications_of_accelforge() {
    let dir = Dir::new();
    dir.file("small.m", SMALL);
    let run = dir.run("convert small.m --to accelforge --dataflow nmk --hw edge16 -o specs").well();
    assert!(
        run.stdout.is_empty() && run.stderr.contains("specs: 2 of 3 layers differ, a file for each"),
        "{}",
        run.stderr
    );
    let mut files: Vec<_> =
        std::fs::read_dir(dir.path("specs")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["000_conv.yaml", "002_gemm.yaml"]);
    let gemm = read(&dir.path("specs/002_gemm.yaml"));
    for part in ["arch:\n  nodes:\n  - !Memory\n    name: Offchip\n", "    k: 0 <= k < 12\n", "\nmapping:\n  nodes:\n"]
    {
        assert!(gemm.contains(part), "{part}: {gemm}");
    }
    // Row stationary dataflows split the filter together with rows.
    let run = dir.run("convert small.m --to accelforge --dataflow rs -o rs").well();
    assert!(
        run.stderr.contains("written without a mapping, for which AccelForge has no words: conv ("),
        "{}",
        run.stderr
    );
    assert!(!read(&dir.path("rs/000_conv.yaml")).contains("mapping:"));
    dir.file("pool.m", "Network n { Layer p { Type: POOL Dimensions { C: 8, R: 2, S: 2, Y: 8, X: 8 } } }");
    for (command, code, told) in [
        ("pool.m --to accelforge -o out", 1, "no layer of n has MACs"),
        ("small.m --to accelforge", 2, "--output DIR"),
        ("small.m --to accelforge --bits 8:8:8 -o out", 2, "--bits is of --to zigzag"),
        ("small.m --hw edge16", 2, "--hw is of --to accelforge"),
        ("small.m --to accelforge -o small.m", 1, "small.m"),
    ] {
        let error = dir.run(&format!("convert {command}")).failed(code);
        assert!(error.contains(told) && !dir.path("out").exists(), "{command}: {error}");
    }
}

/// A workload of ZigZag has a layer for each that has MACs, with loops that perform as many.
#[test]
fn workloads_of_zigzag_have_the_same_macs() {
    let dir = Dir::new();
    for network in ["ds_cnn", "resnet50", "mobilenet_v2", "transformer_block"] {
        let yaml = dir.run(&format!("convert {network} --to zigzag")).quiet().stdout;
        let loops = yaml.lines().filter_map(|line| line.trim().strip_prefix("loop_sizes: [")?.strip_suffix(']'));
        let product = |sizes: &str| sizes.split(", ").map(|size| size.parse::<u64>().unwrap()).product::<u64>();
        let macs: Vec<u64> = loops.map(product).collect();
        let listed = dir.run(&format!("estimate --network {network} --format csv")).well().stdout;
        let mut rows = csv::Reader::from_reader(listed.as_bytes());
        let place = rows.headers().unwrap().iter().position(|name| name == "layer_macs").unwrap();
        let own: Vec<u64> = rows.records().map(|row| row.unwrap()[place].parse().unwrap()).collect();
        assert_eq!(macs, own, "{network}");
    }
    let depthwise = dir.run("convert ds_cnn --to zigzag --bits 8:4:16:32").quiet().stdout;
    for line in [
        "  name: \"depthwise1\"",
        "  equation: O[b][g][k][oy][ox]+=W[g][k][c][fy][fx]*I[b][g][c][iy][ix]",
        "  loop_sizes: [1, 64, 1, 1, 25, 5, 3, 3]",
        "  dimension_relations: [\"ix=2*ox+1*fx\", \"iy=2*oy+1*fy\"]",
        "  operand_precision: {W: 4, I: 8, O: 32, O_final: 16}",
    ] {
        assert!(depthwise.lines().any(|own| own == line), "{line}: {depthwise}");
    }
    dir.file("pool.m", "Network n { Layer p { Type: POOL Dimensions { C: 8, R: 2, S: 2, Y: 8, X: 8 } } }");
    let error = dir.run("convert pool.m --to zigzag -o out.yaml").failed(1);
    assert!(error.contains("no layer of n has MACs") && !dir.path("out.yaml").exists(), "{error}");
    for (flags, told) in
        [("--to zigzag --dataflow rs", "--dataflow is of --to maestro"), ("--bits 8:8:8", "--bits is of --to zigzag")]
    {
        let error = dir.run(&format!("convert ds_cnn {flags}")).failed(2);
        assert!(error.contains(told), "{error}");
    }
}
