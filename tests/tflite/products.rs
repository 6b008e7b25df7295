//! Matrix products, recurrent operators, and operators without MACs.

use maestrino::LayerKind;
use maestrino::host::model::listing::Listing;
use maestrino::host::model::lower::lower;

use super::builder::{Bool, Byte, File, Int, NONE};
use super::{ALL_OPS, HONOUR, NO_ACTIVATION, SAME, VALID, assert_row, layers, only, op, pool, read, rows};

#[test]
fn products_fold_rows_into_one_dimension_or_are_a_batch() {
    // All dimensions except the last are rows, whether they are kept or not.
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
    // Two activations with a batch make one product for each element of the batch. A single matrix on the right is
    // shared by all rows.
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
    // 12 steps with a batch of 2, 10 inputs and 16 units; an LSTM with a projection to 8 and without an input gate.
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

    // The steps are the first dimension.
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
    // The older LSTM joins input and state, and all gates.
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
