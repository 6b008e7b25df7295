//! ONNX files: golden layer lists of real networks, and what the reader does with damaged files.
#![cfg(feature = "std")]

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use maestrino::host::formats::onnx::{self, Options};
use maestrino::host::model::{Model, Operator, Window, Work};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models").join(name)
}

fn options(shapes: &[(&str, &[u64])]) -> Options {
    Options { shapes: shapes.iter().map(|(name, shape)| (name.to_string(), shape.to_vec())).collect(), batch: None }
}

fn read(source: impl Read + Seek, options: &Options) -> Model {
    onnx::read(source, "test", options).unwrap_or_else(|error| panic!("{error}"))
}

/// The columns of a golden list from `kind` to `macs`.
fn columns(operator: &Operator) -> Vec<String> {
    let window = |kind: &str, w: &Window, macs: u64| {
        let numbers = [
            w.n,
            w.k,
            w.c,
            w.filter[0],
            w.filter[1],
            w.input[0],
            w.input[1],
            w.output[0],
            w.output[1],
            w.stride[0],
            w.stride[1],
            w.dilation[0],
            w.dilation[1],
            w.groups,
            w.pads[0],
            w.pads[1],
            w.pads[2],
            w.pads[3],
        ];
        let mut columns = vec![kind.to_string()];
        columns.extend(numbers.map(|number| number.to_string()));
        columns.extend(["", "", ""].map(str::to_string));
        columns.push(macs.to_string());
        columns
    };
    let filled = |kind: &str, convolution: [Option<u64>; 18], gemm: [Option<u64>; 3], macs: u64| {
        let cell = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let mut columns = vec![kind.to_string()];
        columns.extend(convolution.map(cell));
        columns.extend(gemm.map(cell));
        columns.push(macs.to_string());
        columns
    };
    match &operator.work {
        Work::Conv(w) => {
            let kind = match w.groups {
                1 => "CONV",
                groups if groups == w.c => "DWCONV",
                _ => "GROUPCONV",
            };
            let macs = w.n * w.k * w.c / w.groups * w.filter[0] * w.filter[1] * w.output[0] * w.output[1];
            window(kind, w, macs)
        }
        Work::Transposed(w) => {
            let macs = w.n * w.k * w.c / w.groups * w.filter[0] * w.filter[1] * w.input[0] * w.input[1];
            window("TRCONV", w, macs)
        }
        Work::Pool(w) => window("POOL", w, 0),
        &Work::FullyConnected { rows, inputs, outputs } => {
            let convolution = [rows, outputs, inputs, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0].map(Some);
            filled("FC", convolution, [rows, outputs, inputs].map(Some), rows * inputs * outputs)
        }
        &Work::Gemm { batch, m, n, k, .. } => filled("GEMM", [None; 18], [m, n, k].map(Some), batch * m * n * k),
        Work::Elementwise { shape, .. } => {
            let mut convolution = [None; 18];
            // The lists do not take the four dimensions of attention for an image.
            if let (&[n, c, rows, columns], false) = (&shape[..], operator.op == "Softmax") {
                let extents = [n, c, c, 0, 0, rows, columns, rows, columns].map(Some);
                convolution[..9].copy_from_slice(&extents);
                convolution[3..5].fill(None);
            }
            filled("OTHER", convolution, [None; 3], 0)
        }
        Work::Unsupported { why } => panic!("{} is not supported: {why}", operator.name),
    }
}

fn compare(model: &str, golden: &str, shapes: &[(&str, &[u64])]) {
    let model = read(File::open(path(model)).unwrap(), &options(shapes));
    let mut golden = csv::Reader::from_path(path(golden)).unwrap();
    let golden: Vec<csv::StringRecord> = golden.records().map(Result::unwrap).collect();
    for (row, operator) in golden.iter().zip(&model.operators) {
        let place = format!("op_index={};", operator.index);
        assert!(row[26].starts_with(&place), "{row:?} is at {place}");
        assert_eq!((&row[1], &row[2]), (&operator.name[..], &operator.op[..]), "{row:?}");
        assert_eq!(columns(operator), row.iter().skip(3).take(23).collect::<Vec<_>>(), "{row:?}");
        let notes: Vec<(&str, &str)> = row[26].split(';').filter_map(|note| note.split_once('=')).collect();
        for (key, value) in &operator.notes {
            assert!(notes.contains(&(key, value)), "{key}={value} in {row:?}");
        }
    }
    assert_eq!(model.operators.len(), golden.len());
}

#[test]
fn golden_layer_lists_are_met() {
    compare("mobilenet_v2.stripped.onnx", "mobilenet_v2.golden.csv", &[]);
    compare("resnet50.stripped.onnx", "resnet50.golden.csv", &[]);
    compare("vit_tiny_patch16_224.stripped.onnx", "vit_tiny_patch16_224.golden.csv", &[]);
    let shape: &[u64] = &[1, 3, 48, 192];
    let name = "ch_ppocr_mobile_v2.0_cls_infer";
    compare(&format!("{name}.stripped.onnx"), &format!("{name}.golden.csv"), &[("x", shape)]);
}
