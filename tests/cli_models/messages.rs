//! What is left out of model files or refused, and the messages about it.

use super::{CONV_2D, MAX_POOL_2D, gzip, tflite};
use crate::common::Dir;
use crate::tflite::builder::{Byte, File, Int};

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

    // A file with only operators without MACs.
    let mut file = File::default();
    let x = file.input("x", &[1, 8, 8, 4]);
    file.op(MAX_POOL_2D, &[x], &[1, 4, 4, 4], &[Byte(1), Int(2), Int(2), Int(2), Int(2)]);
    let file = dir.file("pool.tflite", file.finish());
    let error = dir.run(&format!("estimate --network {file}")).failed(1);
    assert!(error.contains("pool.tflite has no operators that can be costed"), "{error}");
    dir.run(&format!("estimate --network {file} --all-ops")).quiet();
}

/// The dataflow is for convolutions only, and the network has a fully connected layer.
#[test]
fn layers_that_their_dataflow_does_not_suit_can_be_left_out() {
    let dir = Dir::new();
    let maps = "TemporalMap(1,1) C; TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; TemporalMap(Sz(R),1) Y; \
                TemporalMap(Sz(S),1) X;";
    // A dataflow that leaves out most of the matrix product, and whose clusters are wider than any array.
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
        let figures: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let kinds: Vec<_> = figures["layers"].as_array().unwrap().iter().map(|layer| layer["kind"].clone()).collect();
        assert!(kinds.len() == 9 && !kinds.contains(&"GEMM".into()) && !kinds.contains(&"FC".into()), "{kinds:?}");
    }
    // In MAESTRO's files, the warning has the line of the layer that is left out. If no layer is left, that is an error.
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
fn flags_that_do_not_apply_are_refused() {
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
    // A file that is compressed twice.
    let twice = dir.file("twice.gz", gzip(&gzip(&bytes)));
    assert!(dir.run(&format!("inspect {twice}")).failed(1).contains("was compressed twice"));
}

#[test]
fn files_of_other_formats_are_recognised() {
    let dir = Dir::new();
    let frozen = b"\n\x14\n\x05input\x12\x0bPlaceholder\n\x16\n\rconv1/weights\x12\x05Const";
    let cases: [(&[u8], &str); 10] = [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "net is a Git LFS pointer"),
        (b"\x89HDF\r\n\x1a\n\0\0", "net is a Keras model (HDF5); convert it"),
        (b"PK\x03\x04abc", "net is a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "net is an image"),
        (b"GGUF\x03\0\0\0\x02\0\0\0", "net is a GGUF file: weights for llama.cpp, without operators; export"),
        (frozen, "net is a frozen TensorFlow graph; convert it: python -m tf2onnx.convert"),
        // Like ONNX files, these files start with a version and a text or message.
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
fn a_filter_that_needs_its_padding_is_named() {
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
