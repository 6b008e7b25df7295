//! What counts as a weight, and how often it counts.

use super::builder::{NONE, Text};
use super::*;

const FLOAT16: u8 = 1;

/// The parameters of the operators, and those of skipped operators.
fn parameters(file: File) -> (Vec<u64>, u64) {
    let model = read(&file.finish()).unwrap();
    let listing = Listing::of_model(&model);
    (listing.rows.iter().map(|row| row.parameters).collect(), listing.skipped_parameters())
}

#[test]
fn weights_of_half_the_width_are_weights() {
    let mut file = File::default();
    let x = file.input("x", &[1, 8, 8, 4]);
    let (w, b) = (file.filled(&[8, 3, 3, 4]), file.filled(&[8]));
    [w, b].iter().for_each(|&weights| file.kind(weights, FLOAT16));
    let w = file.op(op::DEQUANTIZE, &[w], &[8, 3, 3, 4], &[]);
    let b = file.op(op::DEQUANTIZE, &[b], &[8], &[]);
    let y = file.op(op::CONV_2D, &[x, w, b], &[1, 8, 8, 8], &conv(SAME, [1, 1], [1, 1]));
    // A product with a constant has one operand, and the constant is a weight.
    let scale = file.filled(&[8]);
    file.kind(scale, FLOAT16);
    let scale = file.op(op::DEQUANTIZE, &[scale], &[8], &[]);
    file.op(op::MUL, &[y, scale], &[1, 8, 8, 8], &[]);
    assert_eq!(parameters(file), (vec![8 * 9 * 4 + 8], 8));
}

#[test]
fn shared_weights_count_once() {
    for shared in ["tensor", "buffer", "neither"] {
        let mut file = File::default();
        let x = file.input("x", &[1, 8, 8, 4]);
        let (w, b) = (file.filled(&[4, 3, 3, 4]), file.filled(&[4]));
        let y = file.op(op::CONV_2D, &[x, w, b], &[1, 8, 8, 4], &conv(SAME, [1, 1], [1, 1]));
        let (v, c) = match shared {
            "tensor" => (w, b),
            "buffer" => (file.sharing(&[4, 3, 3, 4], w), file.sharing(&[4], b)),
            // Tensors without content are different constants, as in files whose weights were removed.
            _ => (file.weights(&[4, 3, 3, 4]), file.weights(&[4])),
        };
        file.op(op::CONV_2D, &[y, v, c], &[1, 8, 8, 4], &conv(SAME, [1, 1], [1, 1]));
        let second = if shared == "neither" { 148 } else { 0 };
        assert_eq!(parameters(file), (vec![148, second], 0), "{shared}");
    }
}

/// Weights in a variable that a subgraph assigns, which runs once. A variable that the network itself assigns is a
/// state.
#[test]
fn weights_in_variables_are_weights_if_nothing_else_assigns_them() {
    let handle = |file: &mut File, name: &str| {
        file.op(op::VAR_HANDLE, &[], &[], &[Text("container".to_string()), Text(name.to_string())])
    };
    for changes in [false, true] {
        let mut once = File::default();
        for (name, shape) in [("w", [8, 16]), ("other", [3, 5])] {
            let (variable, value) = (handle(&mut once, name), once.filled(&shape));
            once.ops_out(op::ASSIGN_VARIABLE, &[variable, value], &[], &[]);
        }
        let mut file = File::default();
        let x = file.input("x", &[1, 16]);
        file.ops_out(op::CALL_ONCE, &[], &[], &[Int(1)]);
        let variable = handle(&mut file, "w");
        let w = file.op(op::READ_VARIABLE, &[variable], &[8, 16], &[]);
        file.op(op::FULLY_CONNECTED, &[x, w, NONE], &[1, 8], &[]);
        // The same weights count once, even if they are read again.
        let again = file.op(op::READ_VARIABLE, &[variable], &[8, 16], &[]);
        file.op(op::FULLY_CONNECTED, &[x, again, NONE], &[1, 8], &[]);
        if changes {
            let next = file.op(op::RELU, &[w], &[8, 16], &[]);
            file.ops_out(op::ASSIGN_VARIABLE, &[variable, next], &[], &[]);
        }
        file.subgraph(once);
        let (counts, skipped) = parameters(file);
        let expected = if changes { 0 } else { 8 * 16 };
        assert_eq!((counts[..2].to_vec(), skipped), (vec![expected, 0], 0), "{changes}");
    }
}

#[test]
fn a_transposed_convolution_of_mediapipe() {
    for (padding, extents) in [(1, [14, 18]), (2, [15, 19])] {
        let mut file = File::default();
        let x = file.input("x", &[1, 7, 9, 6]);
        let (w, b) = (file.weights(&[8, 3, 3, 6]), file.weights(&[8]));
        let shape = [1, extents[0], extents[1], 8];
        file.custom("Convolution2DTransposeBias", &[x, w, b], &shape);
        file.numbers(&[padding, 2, 2]);
        let row = only(rows(file));
        assert_eq!((row.kind, row.macs, row.parameters), ("TRCONV", Some(7 * 9 * 6 * 8 * 9), 8 * 9 * 6 + 8));
        assert_eq!(row.figure("Y_out"), Some(extents[0] as u64));
    }
    let mut file = File::default();
    let (x, w) = (file.input("x", &[1, 7, 9, 6]), file.weights(&[8, 3, 3, 6]));
    file.custom("Convolution2DTransposeBias", &[x, w], &[1, 14, 18, 8]);
    let error = read(&file.finish()).unwrap_err().to_string();
    assert!(error.ends_with("its options are not padding and strides"), "{error}");
}
