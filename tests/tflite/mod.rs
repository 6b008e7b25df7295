//! TFLite files: those of MLPerf Tiny, compared with golden lists of their operators; and small files for everything
//! else.

pub mod builder;
mod control;
mod products;
mod refused;
mod sizes;
mod values;
mod weights;
mod windows;

use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use maestrino::Layer;
use maestrino::host::formats::tflite;
use maestrino::host::model::listing::{FIGURES, Listing, ListingRow};
use maestrino::host::model::lower::{Options, Padding, lower};
use maestrino::host::model::{InputShapes, Model, ModelError};
use maestrino::host::report::listing;

use crate::common::{assert_same_text, data, text};
use builder::{Byte, Field, File, Int};

/// Names of the networks, and their MACs.
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

/// The rows of a file. The file must be readable.
#[track_caller]
fn rows(file: File) -> Vec<ListingRow> {
    Listing::of_model(&read(&file.finish()).unwrap()).rows
}

#[track_caller]
fn only(mut rows: Vec<ListingRow>) -> ListingRow {
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

/// Asserts that a row has exactly these figures.
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
