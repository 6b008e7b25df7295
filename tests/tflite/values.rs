//! Sizes that depend on values. They are computed or reported as unknown, but never taken from the file.

use maestrino::host::model::Work;

use super::builder::{Bool, Ints};
use super::*;

/// The MACs of the layers of a file; `None` if they are unknown.
fn macs(bytes: &[u8], inputs: &InputShapes) -> Vec<Option<u64>> {
    let model = read_sized(bytes, inputs).unwrap_or_else(|error| panic!("{error}"));
    Listing::of_model(&model).rows.iter().filter(|row| row.macs != Some(0)).map(|row| row.macs).collect()
}

/// A file with a dense layer of `width` inputs after what `build` adds.
fn before_a_layer(build: impl FnOnce(&mut File) -> i32, width: i32) -> Vec<u8> {
    let mut file = File::default();
    let data = build(&mut file);
    let w = file.weights(&[8, width]);
    file.op(op::FULLY_CONNECTED, &[data, w], &[1, 8], &[NO_ACTIVATION, Byte(0), Bool(true)]);
    file.finish()
}

fn value(name: &str, value: f64) -> InputShapes {
    InputShapes { values: vec![(name.to_string(), vec![value])], ..InputShapes::default() }
}

#[test]
fn frames_that_a_range_counts() {
    // Every fourth sample, by SHAPE, SPLIT_V, SQUEEZE, RANGE and GATHER. The file states a size of 1 for them.
    let build = |file: &mut File| {
        let x = file.input("x", &[-1, 64]);
        let shape = file.int_op(op::SHAPE, &[x], &[2], &[]);
        let (sizes, axis) = (file.ints(&[1, -1]), file.int(0));
        let parts = file.ops_out(op::SPLIT_V, &[shape, sizes, axis], &[&[1], &[1]], &[]);
        parts.iter().for_each(|&part| file.kind(part, 2));
        let count = file.int_op(op::SQUEEZE, &[parts[1]], &[], &[]);
        let (zero, four) = (file.int(0), file.int(4));
        let places = file.int_op(op::RANGE, &[zero, count, four], &[1], &[]);
        let frames = file.op(op::GATHER, &[x, places], &[1, 1], &[Int(1)]);
        file.open(frames, &[-1, -1]);
        let last = file.int(2);
        let each = file.op(op::EXPAND_DIMS, &[frames, last], &[1, 1, 1], &[]);
        file.open(each, &[-1, -1, 1]);
        each
    };
    let bytes = before_a_layer(build, 1);
    assert_eq!(macs(&bytes, &InputShapes::default()), [Some(16 * 8)]);
    assert_eq!(macs(&bytes, &shaped("x", &[1, 128])), [Some(32 * 8)]);
    assert_eq!(macs(&bytes, &shaped("x", &[3, 128])), [Some(3 * 32 * 8)]);
}

#[test]
fn what_a_mask_leaves_depends_on_data() {
    let build = |file: &mut File| {
        let (x, mask) = (file.input("x", &[10, 16]), file.input("mask", &[10]));
        file.kind(mask, 6);
        let places = file.int_op(op::WHERE, &[mask], &[1, 1], &[]);
        file.open(places, &[-1, 1]);
        let places = file.int_op(op::SQUEEZE, &[places], &[1], &[Ints(vec![1])]);
        file.open(places, &[-1]);
        let rows = file.op(op::GATHER, &[x, places], &[1, 16], &[]);
        file.open(rows, &[-1, 16]);
        rows
    };
    let bytes = before_a_layer(build, 16);
    let model = read(&bytes).unwrap();
    let expected = "the shape of its input 0 is not known: it follows WHERE 'op0', the size of whose output is known only when \
                    the network runs";
    assert_eq!(model.operators[0].work, Work::Unsupported { why: expected.to_string() });
    assert_eq!(model.operators[0].parameters, 128, "its weights are known all the same");
    assert_eq!(macs(&bytes, &value("mask", 1.0)), [Some(10 * 16 * 8)]);
}

#[test]
fn placeholders_of_the_file_are_not_believed() {
    type Build = fn(&mut File) -> (i32, i32);
    /// Adds an operator on `x` of 6 x 5 and on a number that is an input. Returns its output and the output's width.
    fn sized(file: &mut File, code: i32, more: &[i32]) -> i32 {
        let x = file.input("x", &[6, 5]);
        let output = file.op(code, &[&[x][..], more].concat(), &[1, 1], &[]);
        file.open(output, &[-1, -1]);
        output
    }
    let cases: [(&str, Build); 4] = [
        ("ONE_HOT", |file| {
            let (x, n, on) = (file.input("x", &[6]), file.input("n", &[]), file.weights(&[]));
            file.kind(n, 2);
            let output = file.op(op::ONE_HOT, &[x, n, on, on], &[1, 1], &[Int(-1)]);
            file.open(output, &[-1, -1]);
            (output, 3)
        }),
        ("TOPK_V2", |file| {
            let n = file.input("n", &[]);
            file.kind(n, 2);
            (sized(file, op::TOPK_V2, &[n]), 3)
        }),
        ("SCATTER_ND", |file| {
            let (n, indices) = (file.input("n", &[2]), file.input("i", &[6, 1]));
            file.kind(n, 2);
            let x = file.input("x", &[6, 3]);
            let output = file.op(op::SCATTER_ND, &[indices, x, n], &[1, 1], &[]);
            file.open(output, &[-1, -1]);
            (output, 3)
        }),
        ("SPARSE_TO_DENSE", |file| {
            let (n, indices) = (file.input("n", &[2]), file.input("i", &[6, 2]));
            file.kind(n, 2);
            let output = file.op(op::SPARSE_TO_DENSE, &[indices, n, indices], &[1, 1], &[]);
            file.open(output, &[-1, -1]);
            (output, 3)
        }),
    ];
    for (name, build) in cases {
        let bytes = before_a_layer(|file| build(file).0, 3);
        assert_eq!(macs(&bytes, &InputShapes::default()), [None], "{name}");
        let rows = if matches!(name, "SCATTER_ND" | "SPARSE_TO_DENSE") { 3 } else { 6 };
        assert_eq!(macs(&bytes, &value("n", 3.0)), [Some(rows * 3 * 8)], "{name}");
    }
    // The number of distinct values is known if the values are constants.
    let build = |file: &mut File| {
        let (x, n) = (file.input("x", &[9, 4]), file.ints(&[7, 1, 7, 2]));
        let unique = file.ops_out(op::UNIQUE, &[n], &[&[1], &[4]], &[]);
        file.kind(unique[0], 2);
        file.open(unique[0], &[-1]);
        let rows = file.op(op::GATHER, &[x, unique[0]], &[1, 4], &[]);
        file.open(rows, &[-1, 4]);
        rows
    };
    assert_eq!(macs(&before_a_layer(build, 4), &InputShapes::default()), [Some(3 * 4 * 8)]);
    // The output has as many boxes as may be selected, and is filled up with zeros.
    let build = |file: &mut File| {
        let (boxes, scores, most) = (file.input("b", &[50, 4]), file.input("s", &[50]), file.int(7));
        let none = file.weights(&[]);
        let inputs = [boxes, scores, most, none, none];
        let selected = file.ops_out(op::NON_MAX_SUPPRESSION_V4, &inputs, &[&[1], &[]], &[]);
        file.kind(selected[0], 2);
        file.open(selected[0], &[-1]);
        let rows = file.op(op::GATHER, &[boxes, selected[0]], &[1, 4], &[]);
        file.open(rows, &[-1, 4]);
        rows
    };
    assert_eq!(macs(&before_a_layer(build, 4), &InputShapes::default()), [Some(7 * 4 * 8)]);
}

#[test]
fn slices_may_add_drop_and_leave_out_dimensions() {
    // x[..., newaxis, 2, 1:] of 3 x 4 x 5 x 9, with the size of the batch left open.
    let build = |file: &mut File| {
        let x = file.input("x", &[-1, 4, 5, 9]);
        let (begin, end, step) = (file.ints(&[0, 0, 2, 1]), file.ints(&[0, 0, 3, 0]), file.ints(&[1, 1, 1, 1]));
        let options = [Int(0), Int(8), Int(1), Int(2), Int(4)];
        let output = file.op(op::STRIDED_SLICE, &[x, begin, end, step], &[1, 4, 1, 8], &options);
        file.open(output, &[-1, 4, 1, 8]);
        output
    };
    assert_eq!(macs(&before_a_layer(build, 8), &batch(3)), [Some(3 * 4 * 8 * 8)]);
}

#[test]
fn spectra_have_half_the_columns() {
    for open in [false, true] {
        let build = |file: &mut File| {
            let x = file.input("x", &[if open { -1 } else { 1 }, 1, 64]);
            let length = file.ints(&[1, 64]);
            let spectrum = file.op(op::RFFT2D, &[x, length], &[1, 1, 33], &[]);
            let magnitude = file.op(op::COMPLEX_ABS, &[spectrum], &[1, 1, 33], &[]);
            if open {
                [spectrum, magnitude].iter().for_each(|&tensor| file.open(tensor, &[-1, 1, 33]));
            }
            magnitude
        };
        let bytes = before_a_layer(build, 33);
        assert_eq!(macs(&bytes, &InputShapes::default()), [Some(33 * 8)]);
        assert_eq!(macs(&bytes, &batch(5)), [Some(5 * 33 * 8)]);
        let model = read(&bytes).unwrap();
        assert_eq!((model.operators[0].op.as_str(), model.skipped[0].op.as_str()), ("RFFT2D", "COMPLEX_ABS"));
    }
}

#[test]
fn all_open_sizes_are_asked_for_at_once() {
    let mut file = File::default();
    let (x, z) = (file.input("x", &[-1, -1, 3]), file.input("serving_default_z:0", &[-1]));
    file.op(op::SOFTMAX, &[x], &[1, 1, 3], &[]);
    file.op(op::SOFTMAX, &[z], &[1], &[]);
    let bytes = file.finish();
    assert_eq!(
        read(&bytes).unwrap_err().to_string(),
        "input 'x': the file leaves dimension 2 open; of input 'serving_default_z:0', dimension 1\n\
         help: say how large they are: --shape x=1,<dimension 2>,3 --shape serving_default_z:0=<dimension 1>"
    );
    // A dimension without others counts as a batch only if a batch is given.
    let shapes = shaped("x", &[1, 7, 3]);
    assert!(read_sized(&bytes, &shapes).is_err());
    read_sized(&bytes, &InputShapes { batch: Some(4), ..shapes }).unwrap();
    let message = |inputs: &InputShapes| read_sized(&bytes, inputs).unwrap_err().to_string();
    assert!(message(&value("y", 1.0)).contains("has no input 'y'"));
    let half = InputShapes { batch: Some(1), ..value("z", 0.5) };
    let half = InputShapes { shapes: shaped("x", &[1, 7, 3]).shapes, ..half };
    assert!(message(&half).contains("--value gives it numbers that are no integers"), "{}", message(&half));
}
