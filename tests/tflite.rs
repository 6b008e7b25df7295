//! TFLite files: those of MLPerf Tiny against golden lists of their operators, and small ones for everything else.

pub mod builder;
mod control;
mod values;
mod weights;

use std::io::{Cursor, Read};

use builder::{Bool, Byte, Field, File, Int, Ints, NONE};
use flate2::read::GzDecoder;
use maestrino::dataflow::presets::Preset;
use maestrino::host::formats::tflite;
use maestrino::host::model::listing::{FIGURES, Listing, ListingRow};
use maestrino::host::model::lower::{MAX_LAYERS, Options, Padding, lower};
use maestrino::host::model::{InputShapes, Model, ModelError, Work};
use maestrino::host::report::listing;
use maestrino::maestro::Cost;
use maestrino::{Dim, Hardware, Layer, LayerKind};

use crate::common::{assert_same_text, data, text};

/// Names and MACs.
const MLPERF_TINY: [(&str, u64); 4] = [
    ("ad01_int8", 264_192),
    ("kws_ref_model", 2_656_768),
    ("pretrainedResnet_quant", 12_501_632),
    ("vww_96_int8", 7_489_664),
];

fn bytes(name: &str) -> Vec<u8> {
    let file = std::fs::File::open(data(&format!("models/{name}.tflite.gz"))).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

fn read_sized(bytes: &[u8], inputs: &InputShapes) -> Result<Model, ModelError> {
    tflite::read(Cursor::new(bytes), "test", inputs)
}

fn read(bytes: &[u8]) -> Result<Model, ModelError> {
    read_sized(bytes, &InputShapes::default())
}

fn batch(batch: u64) -> InputShapes {
    InputShapes { batch: Some(batch), ..InputShapes::default() }
}

fn shaped(name: &str, shape: &[u64]) -> InputShapes {
    InputShapes { shapes: vec![(name.to_string(), shape.to_vec())], ..InputShapes::default() }
}

/// The rows of a file that must be readable.
#[track_caller]
fn rows(file: File) -> Vec<ListingRow> {
    Listing::of_model(&read(&file.finish()).unwrap()).rows
}

#[track_caller]
fn only(mut rows: Vec<ListingRow>) -> ListingRow {
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

/// Fails unless a row has these figures, and no others.
#[track_caller]
fn assert_row(row: &ListingRow, kind: &str, figures: &str, macs: u64) {
    let known = FIGURES.iter().zip(row.figures).filter_map(|(name, figure)| Some(format!("{name}={}", figure?)));
    let known = known.collect::<Vec<_>>().join(" ");
    assert_eq!((row.kind, known.as_str(), row.macs), (kind, figures, Some(macs)), "{}", row.name);
}

#[track_caller]
fn layers(model: &Model, options: &Options) -> Vec<Layer> {
    let (network, left_out) = lower(model, options).unwrap();
    assert_eq!(left_out, []);
    network.layers.iter().map(|named| named.layer).collect()
}

const HONOUR: Options = Options { padding: Padding::Honour, all_ops: false, skip_unsupported: false };
const IGNORE: Options = Options { padding: Padding::Ignore, ..HONOUR };
const ALL_OPS: Options = Options { all_ops: true, ..HONOUR };

#[test]
fn mlperf_tiny_reads_as_the_golden_lists_say() {
    for (name, macs) in MLPERF_TINY {
        let model = read(&bytes(name)).unwrap();
        let listing = Listing::of_model(&model);
        let mut csv = Vec::new();
        listing::write_csv(&mut csv, &listing).unwrap();
        assert_same_text(&text(&format!("models/{name}.golden.csv")), &String::from_utf8(csv).unwrap());
        assert_eq!(listing.macs(), macs, "{name}");
        let layers = layers(&model, &HONOUR);
        assert_eq!(layers.iter().map(|layer| layer.macs().unwrap()).sum::<u64>(), macs, "{name}");
    }
}

/// Numbers of the built-in operators.
mod op {
    pub const ADD: i32 = 0;
    pub const AVERAGE_POOL_2D: i32 = 1;
    pub const CONCATENATION: i32 = 2;
    pub const CONV_2D: i32 = 3;
    pub const DEPTHWISE_CONV_2D: i32 = 4;
    pub const DEQUANTIZE: i32 = 6;
    pub const FULLY_CONNECTED: i32 = 9;
    pub const LSTM: i32 = 16;
    pub const MAX_POOL_2D: i32 = 17;
    pub const MUL: i32 = 18;
    pub const RELU: i32 = 19;
    pub const RESHAPE: i32 = 22;
    pub const RESIZE_BILINEAR: i32 = 23;
    pub const RNN: i32 = 24;
    pub const SOFTMAX: i32 = 25;
    pub const SVDF: i32 = 27;
    pub const PAD: i32 = 34;
    pub const UNIDIRECTIONAL_SEQUENCE_RNN: i32 = 35;
    pub const TRANSPOSE: i32 = 39;
    pub const MEAN: i32 = 40;
    pub const UNIDIRECTIONAL_SEQUENCE_LSTM: i32 = 44;
    pub const STRIDED_SLICE: i32 = 45;
    pub const BIDIRECTIONAL_SEQUENCE_RNN: i32 = 46;
    pub const SPLIT: i32 = 49;
    pub const BIDIRECTIONAL_SEQUENCE_LSTM: i32 = 52;
    pub const TRANSPOSE_CONV: i32 = 67;
    pub const SHAPE: i32 = 77;
    pub const PACK: i32 = 83;
    pub const QUANTIZE: i32 = 114;
    pub const CALL_ONCE: i32 = 129;
    pub const VAR_HANDLE: i32 = 142;
    pub const READ_VARIABLE: i32 = 143;
    pub const ASSIGN_VARIABLE: i32 = 144;
    pub const HARD_SWISH: i32 = 117;
    pub const IF: i32 = 118;
    pub const WHILE: i32 = 119;
    pub const BATCH_MATMUL: i32 = 126;
    pub const CONV_3D: i32 = 132;
    pub const GELU: i32 = 150;
    pub const GATHER: i32 = 36;
    pub const SQUEEZE: i32 = 43;
    pub const TOPK_V2: i32 = 48;
    pub const LESS: i32 = 58;
    pub const SPARSE_TO_DENSE: i32 = 68;
    pub const EXPAND_DIMS: i32 = 70;
    pub const ONE_HOT: i32 = 85;
    pub const RANGE: i32 = 96;
    pub const SPLIT_V: i32 = 102;
    pub const UNIQUE: i32 = 103;
    pub const WHERE: i32 = 109;
    pub const NON_MAX_SUPPRESSION_V4: i32 = 120;
    pub const SCATTER_ND: i32 = 122;
    pub const RFFT2D: i32 = 131;
    pub const COMPLEX_ABS: i32 = 135;
    pub const CALL: i32 = 31;
}

const SAME: Field = Byte(0);
const VALID: Field = Byte(1);
const NO_ACTIVATION: Field = Byte(0);

/// Options of CONV_2D: strides and dilations along rows and columns.
fn conv(padding: Field, stride: [i32; 2], dilation: [i32; 2]) -> [Field; 6] {
    [padding, Int(stride[1]), Int(stride[0]), NO_ACTIVATION, Int(dilation[1]), Int(dilation[0])]
}

/// Options of DEPTHWISE_CONV_2D.
fn depthwise(padding: Field, stride: [i32; 2], dilation: [i32; 2]) -> [Field; 7] {
    [padding, Int(stride[1]), Int(stride[0]), Int(0), NO_ACTIVATION, Int(dilation[1]), Int(dilation[0])]
}

/// Options of a pool.
fn pool(padding: Field, stride: [i32; 2], window: [i32; 2]) -> [Field; 6] {
    [padding, Int(stride[1]), Int(stride[0]), Int(window[1]), Int(window[0]), NO_ACTIVATION]
}

fn conv_file(input: [i32; 4], weights: [i32; 4], options: &[Field]) -> File {
    let mut file = File::default();
    let (x, w, b) = (file.input("x", &input), file.weights(&weights), file.weights(&[weights[0]]));
    file.op(op::CONV_2D, &[x, w, b], &[1, 1, 1, weights[0]], options);
    file
}

#[test]
fn convolutions_have_their_padding_strides_dilation_and_groups() {
    // 15 rows, stride 2, 3 taps: 8 outputs span 17; 11 columns, 5 taps.
    let file = conv_file([2, 15, 11, 6], [8, 3, 5, 6], &conv(SAME, [2, 1], [1, 1]));
    let row = only(rows(file));
    let figures = "N=2 K=8 C=6 R=3 S=5 Y_in=15 X_in=11 Y_out=8 X_out=11 stride_y=2 stride_x=1 dilation_y=1 dilation_x=1 \
        groups=1 pad_top=1 pad_bottom=1 pad_left=2 pad_right=2";
    assert_row(&row, "CONV", figures, 2 * 8 * 6 * 3 * 5 * 8 * 11);
    assert_eq!(row.parameters, 8 * 3 * 5 * 6 + 8);

    // Three taps three apart reach over 7 rows.
    let file = conv_file([1, 9, 20, 4], [8, 3, 3, 4], &conv(VALID, [1, 2], [3, 2]));
    let figures = "N=1 K=8 C=4 R=3 S=3 Y_in=9 X_in=20 Y_out=3 X_out=8 stride_y=1 stride_x=2 dilation_y=3 dilation_x=2 \
        groups=1 pad_top=0 pad_bottom=0 pad_left=0 pad_right=0";
    assert_row(&only(rows(file)), "CONV", figures, 8 * 4 * 9 * 3 * 8);

    // Of an even excess, half goes to either side; of an odd one, more to the end.
    let file = conv_file([1, 8, 8, 4], [8, 2, 3, 4], &conv(SAME, [1, 1], [1, 2]));
    let figures = "N=1 K=8 C=4 R=2 S=3 Y_in=8 X_in=8 Y_out=8 X_out=8 stride_y=1 stride_x=1 dilation_y=1 dilation_x=2 \
        groups=1 pad_top=0 pad_bottom=1 pad_left=2 pad_right=2";
    assert_row(&only(rows(file)), "CONV", figures, 8 * 4 * 6 * 64);

    let file = conv_file([1, 8, 8, 6], [9, 3, 3, 2], &conv(SAME, [1, 1], [1, 1]));
    let row = only(rows(file));
    assert_eq!(
        (row.kind, row.figure("groups"), row.figure("C"), row.macs),
        ("GROUPCONV", Some(3), Some(6), Some(9 * 2 * 9 * 64))
    );
}

#[test]
fn depthwise_convolutions_may_multiply_channels() {
    for (multiplier, macs) in [(1, 5 * 3 * 3 * 4 * 4), (3, 3 * 5 * 3 * 3 * 4 * 4)] {
        let mut file = File::default();
        let (x, w) = (file.input("x", &[1, 7, 7, 5]), file.weights(&[1, 3, 3, 5 * multiplier]));
        file.op(op::DEPTHWISE_CONV_2D, &[x, w], &[1, 4, 4, 5 * multiplier], &depthwise(SAME, [2, 2], [1, 1]));
        let bytes = file.finish();
        let row = only(Listing::of_model(&read(&bytes).unwrap()).rows);
        assert_eq!((row.kind, row.figure("K")), ("DWCONV", Some(5 * multiplier as u64)));
        assert_eq!((row.figure("groups"), row.macs), (Some(5), Some(macs)));
        assert!(row.notes.contains(&("depth_multiplier", multiplier.to_string())), "{:?}", row.notes);
        let layer = layers(&read(&bytes).unwrap(), &HONOUR)[0];
        assert_eq!(
            (layer.kind(), layer.size(Dim::C), layer.macs()),
            (LayerKind::DsConv, Some(5 * multiplier as u32), Some(macs))
        );
        let dataflow = Preset::Dpt.tiling().dataflow(layer.kind()).unwrap();
        let cost = Cost::of(&layer, &dataflow, &Hardware::new(16).unwrap()).unwrap();
        assert_eq!(cost.traffic.operations, macs);
    }
}

#[test]
fn transposed_convolutions_count_what_their_input_takes() {
    // Rows and columns under the filter's taps that are no inserted zeros. Those of padding count, as they do in a CONV: with
    // SAME there are none.
    for (padding, pads, useful) in [(SAME, [0, 1], 21 * 27), (VALID, [0, 0], 23 * 29)] {
        let output = if pads == [0, 1] { [14, 18] } else { [15, 19] };
        let mut file = File::default();
        let x = file.input("x", &[1, 7, 9, 6]);
        let (size, w) = (file.ints(&[1, output[0], output[1], 8]), file.weights(&[8, 3, 3, 6]));
        let options = [padding, Int(2), Int(2)];
        file.op(op::TRANSPOSE_CONV, &[size, w, x], &[1, output[0], output[1], 8], &options);
        let bytes = file.finish();
        let row = only(Listing::of_model(&read(&bytes).unwrap()).rows);
        let figures = format!(
            "N=1 K=8 C=6 R=3 S=3 Y_in=7 X_in=9 Y_out={} X_out={} stride_y=2 stride_x=2 dilation_y=1 dilation_x=1 groups=1 \
             pad_top={p} pad_bottom={q} pad_left={p} pad_right={q}",
            output[0],
            output[1],
            p = pads[0],
            q = pads[1]
        );
        assert_row(&row, "TRCONV", &figures, 7 * 9 * 6 * 8 * 9);
        let by_output = (output[0] * output[1] * 6 * 8 * 9) as u64;
        assert!(row.notes.contains(&("macs_by_output", by_output.to_string())), "{:?}", row.notes);
        let layer = layers(&read(&bytes).unwrap(), &HONOUR)[0];
        assert_eq!(
            (layer.kind(), layer.size(Dim::OutY), layer.macs()),
            (LayerKind::TrConv, Some(output[0] as u32), Some(useful * 6 * 8))
        );
        assert_eq!((layer.inserted(Dim::Y), layer.inserted(Dim::X)), ((2, 0), (2, 0)));
        assert_eq!(layers(&read(&bytes).unwrap(), &IGNORE)[0].size(Dim::Y), Some(7));
    }
    let mut file = File::default();
    let x = file.input("x", &[1, 7, 9, 6]);
    let (size, w) = (file.ints(&[1, 16, 18, 8]), file.weights(&[8, 3, 3, 6]));
    file.op(op::TRANSPOSE_CONV, &[size, w, x], &[1, 16, 18, 8], &[SAME, Int(2), Int(2)]);
    let error = read(&file.finish()).unwrap_err().to_string();
    assert_eq!(error, "operator 0 (TRANSPOSE_CONV 'op0'): an output of 16x18 takes an input of 8x9, which is 1x7x9x6");
}

#[test]
fn products_fold_rows_into_one_dimension_or_are_a_batch() {
    // All but the last dimension are rows, kept or not.
    for keep in [false, true] {
        let mut file = File::default();
        let (x, w, b) = (file.input("x", &[2, 5, 6]), file.weights(&[8, 6]), file.weights(&[8]));
        let shape: &[i32] = if keep { &[2, 5, 8] } else { &[10, 8] };
        file.op(op::FULLY_CONNECTED, &[x, w, b], shape, &[NO_ACTIVATION, Byte(1), Bool(keep)]);
        let row = only(rows(file));
        let figures = "N=10 K=8 C=6 R=1 S=1 Y_in=1 X_in=1 Y_out=1 X_out=1 stride_y=1 stride_x=1 dilation_y=1 \
            dilation_x=1 groups=1 pad_top=0 pad_bottom=0 pad_left=0 pad_right=0 M=10 GEMM_N=8 GEMM_K=6";
        assert_row(&row, "FC", figures, 480);
        assert_eq!(row.parameters, 56);
    }
    // A product of activations is one for each of a batch; the other is shared by all rows.
    let mut file = File::default();
    let (a, b) = (file.input("a", &[2, 3, 7, 4]), file.input("b", &[2, 3, 5, 4]));
    let c = file.op(op::BATCH_MATMUL, &[a, b], &[2, 3, 7, 5], &[Bool(false), Bool(true)]);
    let w = file.weights(&[5, 9]);
    file.op(op::BATCH_MATMUL, &[c, w], &[2, 3, 7, 9], &[]);
    let bytes = file.finish();
    let model = read(&bytes).unwrap();
    let listed = Listing::of_model(&model).rows;
    assert_row(&listed[0], "GEMM", "M=7 GEMM_N=5 GEMM_K=4", 6 * 7 * 5 * 4);
    assert_row(&listed[1], "GEMM", "M=42 GEMM_N=9 GEMM_K=5", 42 * 9 * 5);
    assert!(
        listed[0].notes.contains(&("batch", "6".to_string()))
            && listed[0].notes.contains(&("weights", "activation".to_string()))
    );
    assert!(
        listed[1].notes.contains(&("batch", "1".to_string()))
            && listed[1].notes.contains(&("weights", "const".to_string()))
    );
    let (network, _) = lower(&model, &HONOUR).unwrap();
    let names: Vec<_> = network.layers.iter().map(|named| named.name.as_str()).collect();
    assert_eq!(names, ["op0_1", "op0_2", "op0_3", "op0_4", "op0_5", "op0_6", "op1"]);
    assert_eq!(network.layers.iter().map(|named| named.layer.macs().unwrap()).sum::<u64>(), 840 + 1890);
}

#[test]
fn pools_and_elementwise_operators_cost_nothing_unless_they_are_asked_for() {
    let mut file = File::default();
    let x = file.input("x", &[1, 17, 9, 4]);
    let a = file.op(op::MAX_POOL_2D, &[x], &[1, 9, 5, 4], &pool(SAME, [2, 2], [3, 3]));
    let b = file.op(op::AVERAGE_POOL_2D, &[x], &[1, 9, 5, 4], &pool(VALID, [1, 1], [9, 5]));
    let c = file.op(op::ADD, &[a, b], &[1, 9, 5, 4], &[]);
    let one = file.weights(&[1]);
    let d = file.op(op::MUL, &[c, one], &[1, 9, 5, 4], &[]);
    let size = file.ints(&[18, 10]);
    let e = file.op(op::RESIZE_BILINEAR, &[d, size], &[1, 18, 10, 4], &[]);
    let e = file.op(op::RELU, &[e], &[1, 18, 10, 4], &[]);
    let axes = file.ints(&[1, -2]);
    let f = file.op(op::MEAN, &[e, axes], &[1, 4], &[Bool(false)]);
    let g = file.op(op::SOFTMAX, &[f], &[1, 4], &[]);
    let _ = file.op(op::QUANTIZE, &[g], &[1, 4], &[]);
    let bytes = file.finish();
    let model = read(&bytes).unwrap();
    let listed = Listing::of_model(&model).rows;
    let kinds: Vec<_> = listed.iter().map(|row| (row.kind, row.op.as_str())).collect();
    let expected = [
        ("POOL", "MAX_POOL_2D"),
        ("POOL", "AVERAGE_POOL_2D"),
        ("OTHER", "ADD"),
        ("OTHER", "RESIZE_BILINEAR"),
        ("POOL", "MEAN"),
        ("OTHER", "SOFTMAX"),
    ];
    assert_eq!(kinds, expected);
    let figures = "N=1 K=4 C=4 R=3 S=3 Y_in=17 X_in=9 Y_out=9 X_out=5 stride_y=2 stride_x=2 dilation_y=1 dilation_x=1 \
        groups=4 pad_top=1 pad_bottom=1 pad_left=1 pad_right=1";
    assert_row(&listed[0], "POOL", figures, 0);
    assert_row(&listed[2], "OTHER", "N=1 K=4 C=4 Y_in=9 X_in=5 Y_out=9 X_out=5", 0);
    assert_row(&listed[3], "OTHER", "N=1 K=4 C=4 Y_in=9 X_in=5 Y_out=18 X_out=10", 0);
    let figures = "N=1 K=4 C=4 R=18 S=10 Y_in=18 X_in=10 Y_out=1 X_out=1 stride_y=1 stride_x=1 dilation_y=1 dilation_x=1 \
        groups=4 pad_top=0 pad_bottom=0 pad_left=0 pad_right=0";
    assert_row(&listed[4], "POOL", figures, 0);
    assert_row(&listed[5], "OTHER", "N=1 K=4 C=4", 0);
    let skipped: Vec<_> = model.skipped.iter().map(|skipped| (skipped.index, skipped.op.as_str())).collect();
    assert_eq!(skipped, [(3, "MUL"), (5, "RELU"), (8, "QUANTIZE")]);

    assert_eq!(layers(&model, &HONOUR), []);
    let moved = layers(&model, &ALL_OPS);
    let kinds: Vec<_> = moved.iter().map(|layer| (layer.kind(), layer.operations().unwrap(), layer.macs())).collect();
    let expected = [
        (LayerKind::Pool, 4 * 9 * 45, Some(0)),
        (LayerKind::Pool, 4 * 45 * 45, Some(0)),
        (LayerKind::Eltwise, 4 * 45, Some(0)),
        (LayerKind::Pool, 4 * 180, Some(0)),
        (LayerKind::Pool, 4 * 180, Some(0)),
        (LayerKind::Pool, 4, Some(0)),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn recurrent_operators_are_products_of_all_steps_and_of_each() {
    // 12 steps of a batch of 2, 10 inputs, 16 units; an LSTM with projection to 8 and without an input gate.
    let mut file = File::default();
    let x = file.input("x", &[2, 12, 10]);
    let mut inputs = vec![x, NONE];
    inputs.extend((0..3).map(|_| file.weights(&[16, 10])));
    inputs.push(NONE);
    inputs.extend((0..3).map(|_| file.weights(&[16, 8])));
    inputs.extend([NONE; 4]);
    inputs.extend((0..3).map(|_| file.weights(&[16])));
    inputs.extend([file.weights(&[8, 16]), file.weights(&[8]), file.state(&[2, 8]), file.state(&[2, 16])]);
    file.op(op::UNIDIRECTIONAL_SEQUENCE_LSTM, &inputs, &[2, 12, 8], &[]);
    let listed = rows(file);
    assert_eq!(
        listed.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["op0/input", "op0/recurrent", "op0/projection"]
    );
    assert_eq!((listed[0].kind, listed[0].figure("M"), listed[0].macs), ("FC", Some(24), Some(24 * 48 * 10)));
    assert_row(&listed[1], "GEMM", "M=2 GEMM_N=48 GEMM_K=8", 12 * 2 * 48 * 8);
    assert_row(&listed[2], "GEMM", "M=2 GEMM_N=8 GEMM_K=16", 12 * 2 * 8 * 16);
    assert_eq!(listed.iter().map(|row| row.parameters).sum::<u64>(), 48 * 10 + 48 * 8 + 48 + 8 * 16 + 8);

    // Steps first.
    let mut file = File::default();
    let x = file.input("x", &[12, 2, 10]);
    let inputs = [x, file.weights(&[16, 10]), file.weights(&[16, 16]), file.weights(&[16]), file.state(&[2, 16])];
    file.op(op::UNIDIRECTIONAL_SEQUENCE_RNN, &inputs, &[12, 2, 16], &[Bool(true)]);
    let listed = rows(file);
    assert_eq!((listed[0].figure("M"), listed[0].macs), (Some(24), Some(24 * 160)));
    assert_row(&listed[1], "GEMM", "M=2 GEMM_N=16 GEMM_K=16", 12 * 2 * 256);

    let mut file = File::default();
    let x = file.input("x", &[2, 10]);
    let inputs = [x, file.weights(&[16, 10]), file.weights(&[16, 16]), file.weights(&[16]), file.state(&[2, 16])];
    let y = file.op(op::RNN, &inputs, &[2, 16], &[]);
    let (w, t, b) = (file.weights(&[32, 16]), file.weights(&[32, 7]), file.weights(&[16]));
    let state = file.state(&[2, 224]);
    let z = file.op(op::SVDF, &[y, w, t, b, state], &[2, 16], &[Int(2)]);
    // The older LSTM: input and state side by side, all gates in one.
    let inputs = [z, file.state(&[2, 5]), file.weights(&[20, 21]), file.weights(&[20]), file.state(&[2, 5])];
    file.ops_out(op::LSTM, &inputs, &[&[2, 5], &[2, 5], &[2, 21], &[2, 20]], &[]);
    let macs: Vec<_> = rows(file).iter().map(|row| row.macs.unwrap()).collect();
    assert_eq!(macs, [2 * 160, 2 * 256, 2 * 32 * 16, 2 * 32 * 7, 2 * 20 * 21]);

    let mut file = File::default();
    let x = file.input("x", &[2, 12, 10]);
    let mut inputs = vec![x];
    for _ in 0..2 {
        inputs.extend([file.weights(&[16, 10]), file.weights(&[16, 16]), file.weights(&[16]), file.state(&[2, 16])]);
    }
    file.op(op::BIDIRECTIONAL_SEQUENCE_RNN, &inputs, &[2, 12, 32], &[Bool(false), Byte(0), Bool(true)]);
    let x = file.input("y", &[12, 2, 10]);
    let mut inputs = vec![x];
    for _ in 0..2 {
        inputs.extend((0..4).map(|_| file.weights(&[16, 10])));
        inputs.extend((0..4).map(|_| file.weights(&[16, 16])));
        inputs.extend([NONE; 3]);
        inputs.extend((0..4).map(|_| file.weights(&[16])));
        inputs.extend([NONE; 2]);
    }
    inputs.extend((0..4).map(|_| file.state(&[2, 16])));
    file.op(op::BIDIRECTIONAL_SEQUENCE_LSTM, &inputs, &[12, 2, 32], &[]);
    let macs: u64 = rows(file).iter().map(|row| row.macs.unwrap()).sum();
    assert_eq!(macs, 2 * 24 * (160 + 256) + 2 * 24 * 64 * (10 + 16));
}

#[test]
fn what_cannot_be_costed_is_told_or_skipped() {
    let mut file = File::default();
    let x = file.input("x", &[1, 8, 8, 8, 2]);
    let w = file.weights(&[3, 3, 3, 2, 4]);
    let y = file.op(op::CONV_3D, &[x, w], &[1, 6, 6, 6, 4], &[]);
    let z = file.custom("Erfinv", &[y], &[1, 6, 6, 6, 4]);
    let flat = file.op(op::RESHAPE, &[z], &[1, 864], &[Ints(vec![1, -1])]);
    let w = file.weights(&[3, 864]);
    file.op(op::FULLY_CONNECTED, &[flat, w], &[1, 3], &[]);
    let future = file.op(999, &[flat], &[1, 3], &[]);
    file.op(op::GELU, &[future], &[1, 3], &[]);
    let model = read(&file.finish()).unwrap();
    let errors = lower(&model, &HONOUR).unwrap_err();
    let told: Vec<_> = errors.iter().map(|error| error.to_string()).collect();
    let expected = [
        "operator 0 (CONV_3D 'op0'): a convolution over three dimensions",
        "operator 1 (Erfinv 'op1'): a custom operator",
        "operator 4 (BUILTIN_999 'op4'): an operator that is not known here",
    ];
    assert_eq!(told, expected);
    let (network, left_out) = lower(&model, &Options { skip_unsupported: true, ..HONOUR }).unwrap();
    assert_eq!((network.layers.len(), left_out), (1, errors));
    let kinds: Vec<_> = Listing::of_model(&model).rows.iter().map(|row| (row.kind, row.macs)).collect();
    assert_eq!(kinds, [("UNSUPPORTED", None), ("UNSUPPORTED", None), ("FC", Some(2592)), ("UNSUPPORTED", None)]);
}

#[test]
fn branches_and_loops_matter_if_they_compute() {
    let body = |computes: bool| {
        let mut graph = File::default();
        let x = graph.input("x", &[1, 8]);
        if computes {
            let w = graph.weights(&[8, 8]);
            graph.op(op::FULLY_CONNECTED, &[x, w], &[1, 8], &[]);
        } else {
            // In circles, without end.
            graph.op(op::WHILE, &[x], &[1, 8], &[Int(1), Int(2)]);
        }
        graph
    };
    for (computes, expected) in
        [(true, "how often the FULLY_CONNECTED of subgraph 2 runs depends on data"), (false, "")]
    {
        for code in [op::IF, op::WHILE] {
            let mut file = File::default();
            let x = file.input("x", &[1, 8]);
            file.op(code, &[x], &[1, 8], &[Int(1), Int(2)]);
            file.subgraph(body(false));
            file.subgraph(body(computes));
            let model = read(&file.finish()).unwrap();
            match &model.operators[..] {
                [] => assert_eq!((expected, model.skipped[0].why), ("", "branches and loops without MACs")),
                [operator] => assert_eq!(operator.work, Work::Unsupported { why: expected.to_string() }),
                more => panic!("{more:?}"),
            }
        }
    }
    let mut file = File::default();
    let x = file.input("x", &[1, 8]);
    file.op(op::WHILE, &[x], &[1, 8], &[Int(7), Int(8)]);
    assert!(read(&file.finish()).unwrap_err().to_string().ends_with("runs subgraph 8, which does not exist"));
}

/// A network as Keras writes it for any batch: the shape of Flatten is computed from that of its input.
fn flexible() -> Vec<u8> {
    let mut file = File::default();
    let x = file.input("serving_default_image:0", &[-1, 9, 8, 3]);
    let pads = file.ints(&[0, 0, 0, 1, 1, 1, 0, 0]);
    let x = file.op(op::PAD, &[x, pads], &[1, 10, 10, 3], &[]);
    let w = file.weights(&[4, 3, 3, 3]);
    let x = file.op(op::CONV_2D, &[x, w], &[1, 4, 4, 4], &conv(VALID, [2, 2], [1, 1]));
    let halves = (file.int(3), x);
    let halves = file.ops_out(op::SPLIT, &[halves.0, halves.1], &[&[1, 4, 4, 2], &[1, 4, 4, 2]], &[Int(2)]);
    let x = file.op(op::CONCATENATION, &[halves[0], halves[1], x], &[1, 4, 4, 8], &[Int(-1)]);
    let x = file.op(op::HARD_SWISH, &[x], &[1, 4, 4, 8], &[]);
    let order = file.ints(&[0, 3, 1, 2]);
    let x = file.op(op::TRANSPOSE, &[x, order], &[1, 8, 4, 4], &[]);
    let shape = file.int_op(op::SHAPE, &[x], &[4], &[]);
    let (start, end, step) = (file.ints(&[0]), file.ints(&[1]), file.ints(&[1]));
    let first =
        file.int_op(op::STRIDED_SLICE, &[shape, start, end, step], &[], &[Int(0), Int(0), Int(0), Int(0), Int(1)]);
    let rest = file.int(-1);
    let shape = file.int_op(op::PACK, &[first, rest], &[2], &[Int(2), Int(0)]);
    let x = file.op(op::RESHAPE, &[x, shape], &[1, 128], &[]);
    let w = file.weights(&[5, 128]);
    let x = file.op(op::FULLY_CONNECTED, &[x, w], &[1, 5], &[]);
    file.op(op::DEQUANTIZE, &[x], &[1, 5], &[]);
    file.finish()
}

#[test]
fn other_batches_and_shapes_go_through_all_operators() {
    let bytes = flexible();
    let macs = |inputs: &InputShapes| -> Vec<u64> {
        let model = read_sized(&bytes, inputs).unwrap();
        Listing::of_model(&model).rows.iter().map(|row| row.macs.unwrap()).collect()
    };
    let (conv, fc) = (4 * 4 * 4 * 27, 640);
    assert_eq!(macs(&InputShapes::default()), [conv, fc]);
    assert_eq!(macs(&batch(3)), [3 * conv, 3 * fc]);
    for name in ["serving_default_image:0", "image"] {
        assert_eq!(macs(&shaped(name, &[2, 9, 8, 3])), [2 * conv, 2 * fc]);
    }
    // The weights of the last layer are for one size only.
    let error = read_sized(&bytes, &shaped("image", &[1, 11, 8, 3])).unwrap_err().to_string();
    assert_eq!(error, "operator 10 (FULLY_CONNECTED 'op10'): its input is 1x160, its weights take 128");
    let error = read_sized(&bytes, &shaped("picture", &[1])).unwrap_err().to_string();
    assert_eq!(
        error,
        "has no input 'picture'; its inputs: serving_default_image:0\nhelp: --shape serving_default_image:0=1,9,8,3"
    );
    let error = read_sized(&bytes, &shaped("image", &[1, 9])).unwrap_err();
    assert_eq!(error.what, "has 4 dimensions; --shape gives it 2");
    // Networks that were written for a batch of 1 grow as well.
    for (name, macs) in MLPERF_TINY {
        let model = read_sized(&self::bytes(name), &batch(5)).unwrap();
        assert_eq!(Listing::of_model(&model).macs(), 5 * macs, "{name}");
    }
}

#[test]
fn dimensions_that_a_file_leaves_open_must_be_given() {
    let mut file = File::default();
    let (x, w) = (file.input("x", &[-1, -1, -1, 3]), file.weights(&[4, 3, 3, 3]));
    file.op(op::CONV_2D, &[x, w], &[1, 1, 1, 4], &conv(SAME, [1, 1], [1, 1]));
    let bytes = file.finish();
    let error = read(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "input 'x': the file leaves dimension 2 and dimension 3 open\nhelp: say how large they are: --shape x=1,<dimension 2>,<dimension 3>,3"
    );
    let model = read_sized(&bytes, &shaped("x", &[1, 20, 30, 3])).unwrap();
    assert_eq!(Listing::of_model(&model).macs(), 4 * 27 * 600);
    let huge = read_sized(&bytes, &shaped("x", &[1, 1 << 31, 30, 3])).unwrap_err();
    assert_eq!(huge.what, "has sizes above 2147483647");
}

#[test]
fn layers_ignore_padding_as_the_reference_does() {
    let file = conv_file([1, 224, 224, 3], [64, 7, 7, 3], &conv(SAME, [2, 2], [1, 1]));
    let model = read(&file.finish()).unwrap();
    let sizes = |layer: &Layer| [Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X].map(|dim| layer.size(dim).unwrap());
    assert_eq!(sizes(&layers(&model, &HONOUR)[0]), [64, 3, 7, 7, 229, 229]);
    assert_eq!(sizes(&layers(&model, &IGNORE)[0]), [64, 3, 7, 7, 224, 224]);
    // With padding alone, the window fits.
    let file = conv_file([1, 2, 2, 3], [4, 3, 3, 3], &conv(SAME, [1, 1], [1, 1]));
    let model = read(&file.finish()).unwrap();
    assert_eq!(layers(&model, &HONOUR)[0].macs(), Some(4 * 4 * 27));
    let errors = lower(&model, &IGNORE).unwrap_err();
    assert!(errors[0].to_string().starts_with("operator 0 (CONV_2D 'op0'): "), "{}", errors[0]);
}

#[test]
fn what_is_too_large_is_told_with_its_operator() {
    let file = conv_file([1, 1 << 25, 1, 1], [1, 1, 1, 1], &conv(SAME, [1, 1], [1, 1]));
    let errors = lower(&read(&file.finish()).unwrap(), &HONOUR).unwrap_err();
    assert_eq!(errors[0].to_string(), "operator 0 (CONV_2D 'op0'): Y' is 33554432; at most 16777216 can be costed");
    let mut file = File::default();
    let (a, b) = (file.input("a", &[MAX_LAYERS as i32 + 1, 2, 2]), file.input("b", &[MAX_LAYERS as i32 + 1, 2, 2]));
    file.op(op::BATCH_MATMUL, &[a, b], &[MAX_LAYERS as i32 + 1, 2, 2], &[]);
    let errors = lower(&read(&file.finish()).unwrap(), &HONOUR).unwrap_err();
    assert!(errors[0].what.starts_with("65537 layers are too many"), "{}", errors[0]);
}

#[test]
fn operators_that_contradict_their_shapes_are_named() {
    let cases = [
        (
            conv_file([1, 8, 8, 5], [4, 3, 3, 3], &conv(SAME, [1, 1], [1, 1])),
            "its filters have 3 input channels, its input 5",
        ),
        (
            conv_file([1, 8, 8, 3], [4, 3, 3, 3], &conv(SAME, [0, 1], [1, 1])),
            "stride along rows is 0; expected 1 or more",
        ),
        (
            conv_file([1, 8, 8, 3], [4, 9, 3, 3], &conv(VALID, [1, 1], [1, 1])),
            "its window spans 9, its unpadded input has 8",
        ),
        (
            conv_file([1, 8, 8, 3], [4, 3, 3, 3], &conv(Byte(7), [1, 1], [1, 1])),
            "has padding 7; expected 0 (SAME) or 1 (VALID)",
        ),
        (
            conv_file([1, 8, 8, 0], [4, 3, 3, 0], &conv(SAME, [1, 1], [1, 1])),
            "its filters have 0 input channels, its input 0",
        ),
    ];
    for (file, expected) in cases {
        let error = read(&file.finish()).unwrap_err().to_string();
        assert_eq!(error, format!("operator 0 (CONV_2D 'op0'): {expected}"));
    }
}

/// Bounds the work of reading, whatever the bytes are: an error or a model, and no layer that is not one.
fn survives(bytes: &[u8]) -> bool {
    let mut readable = false;
    for inputs in [InputShapes::default(), batch(3)] {
        let Ok(model) = read_sized(bytes, &inputs) else { continue };
        readable = true;
        let options = Options { all_ops: true, skip_unsupported: true, ..HONOUR };
        let (network, _) = lower(&model, &options).unwrap();
        assert!(network.layers.iter().all(|named| named.layer.operations().is_some()));
        assert_eq!(Listing::of_model(&model).rows.len(), model.operators.len());
    }
    readable
}

#[test]
fn files_that_end_early_are_refused() {
    for (name, _) in MLPERF_TINY {
        let bytes = bytes(name);
        for length in (0..bytes.len()).step_by(1024) {
            let error = read(&bytes[..length]).unwrap_err();
            assert!(!error.what.is_empty(), "{name} {length}");
        }
    }
    let bytes = flexible();
    for length in 0..bytes.len() {
        survives(&bytes[..length]);
    }
    assert!(survives(&bytes));
}

#[test]
fn flipped_bits_never_panic() {
    // A generator of the simplest kind: the same bits on every run.
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    let files: Vec<_> = [bytes("kws_ref_model"), bytes("pretrainedResnet_quant"), flexible()].into();
    let mut readable = 0;
    for round in 0..10_000 {
        let mut bytes = files[round % files.len()].clone();
        for _ in 0..=random(4) {
            let place = random(bytes.len());
            bytes[place] ^= 1 << random(8);
        }
        readable += usize::from(survives(&bytes));
    }
    // Most of a file are weights and names.
    assert!((1000..10_000).contains(&readable), "{readable}");
}

#[test]
fn hostile_lengths_and_references_are_refused() {
    let good = flexible();
    // Each word of the file as a huge length, a reference to itself, backwards, and to the end.
    for at in (0..good.len() - 4).step_by(4) {
        for word in [u32::MAX, 0, 1, 0x7fff_ffff, 0x8000_0000, (good.len() - at) as u32, at as u32] {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
            survives(&bytes);
        }
    }
}

#[test]
fn what_leads_to_one_place_many_times_is_refused() {
    // Nine million inputs, all the same.
    let mut file = File::default();
    let x = file.input("x", &[1]);
    for _ in 0..3000 {
        file.op(op::ADD, &vec![x; 3000], &[1], &[]);
    }
    let error = read(&file.finish()).unwrap_err();
    assert_eq!(error.what, "the file refers to more than any real model does");
}
