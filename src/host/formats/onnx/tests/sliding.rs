//! Convolutions and pooling.

use super::*;
use crate::host::model::lower::{Options, lower};

fn only(text: &str) -> Window {
    match works(text)[..] {
        [Work::Conv(window) | Work::Transposed(window) | Work::Pool(window)] => window,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn one_dimensional_convolutions_have_one_row() {
    let window = only(
        "input x float 2 40 101
         const w float 64 40 5
         y = Conv(x, w) strides=2 pads=4,4 dilations=2",
    );
    let expected = Window {
        n: 2,
        k: 64,
        c: 40,
        filter: [1, 5],
        input: [1, 101],
        output: [1, 51],
        stride: [1, 2],
        dilation: [1, 2],
        groups: 1,
        pads: [0, 0, 4, 4],
    };
    assert_eq!(window, expected);
}

#[test]
fn automatic_padding_is_written_out() {
    let same = |auto: &str| {
        only(&format!(
            "input x float 1 3 10 11
             const w float 8 3 4 3
             y = Conv(x, w) strides=3,2 auto_pad={auto} pads=9,9,9,9"
        ))
    };
    // Rows: 4 outputs need 3*3+4 = 13 rows, and the input has 10. Columns: 6 outputs need 5*2+3 = 13 columns, and it
    // has 11.
    assert_eq!((same("SAME_UPPER").output, same("SAME_UPPER").pads), ([4, 6], [1, 2, 1, 1]));
    assert_eq!((same("SAME_LOWER").output, same("SAME_LOWER").pads), ([4, 6], [2, 1, 1, 1]));
    assert_eq!((same("VALID").output, same("VALID").pads), ([3, 5], [0; 4]));
}

#[test]
fn groups_and_depth_multipliers() {
    let text = "input x float 1 6 9 9
                const w float 12 1 3 3
                const b float 12
                y = Conv(x, w, b) group=6";
    let window = only(text);
    assert_eq!((window.c, window.k, window.groups, window.output), (6, 12, 6, [7, 7]));
    assert_eq!(model(text).operators[0].parameters, 12 * 9 + 12);
}

#[test]
fn transposed_convolutions() {
    let output = |attributes: &str| {
        let text = format!(
            "input x float 1 8 5 6
             const w float 8 2 4 3
             y = ConvTranspose(x, w) group=4 {attributes}"
        );
        let window = only(&text);
        assert_eq!((window.c, window.k, window.groups, window.filter), (8, 8, 4, [4, 3]));
        (window.output, window.pads)
    };
    assert_eq!(output(""), ([8, 8], [0; 4]));
    assert_eq!(output("strides=2,2 pads=1,0,1,1"), ([10, 12], [1, 1, 0, 1]));
    assert_eq!(output("strides=2,3 output_padding=1,2"), ([13, 20], [0; 4]));
    assert_eq!(output("strides=2,1 dilations=2,3"), ([15, 12], [0; 4]));
    // Rows: 2*4 + 4 = 12, of which 10 are wanted. Columns: 3*5 + 3 = 18, of which 17 are wanted; the odd one is cut
    // at the start.
    assert_eq!(output("strides=2,3 output_shape=10,17"), ([10, 17], [1, 1, 1, 0]));
    assert_eq!(output("strides=2,3 auto_pad=SAME_UPPER"), ([10, 18], [1, 1, 0, 0]));
}

#[test]
fn windows_do_not_begin_behind_the_input() {
    let output = |attributes: &str| {
        let text = format!("input x float 1 4 6 7\n y = MaxPool(x) kernel_shape=3,2 {attributes}");
        let window = only(&text);
        assert_eq!(window.groups, 4);
        window.output
    };
    assert_eq!(output("strides=2,2"), [2, 3]);
    assert_eq!(output("strides=2,2 ceil_mode=1"), [3, 4]);
    // (6 + 2 - 3) / 4 rounds up to 3 windows, but the third would start at 8, after 6 + 1 rows.
    assert_eq!(output("strides=4,2 pads=1,0,1,0 ceil_mode=1"), [2, 4]);
    assert_eq!(output("dilations=2,3"), [2, 4]);
    assert_eq!(output("strides=4,3 auto_pad=SAME_LOWER"), [2, 3]);
}

#[test]
fn pooling_in_all_its_forms() {
    let window = only("input x float 2 8 5 6\n y = GlobalMaxPool(x)");
    assert_eq!((window.n, window.filter, window.output, window.groups), (2, [5, 6], [1, 1], 8));
    assert_eq!(only("input x float 2 8 5 6\n y = ReduceMean(x) axes=-1,2 keepdims=0"), window);
    assert_eq!(only("input x float 2 8 30\n y = GlobalAveragePool(x)").filter, [1, 30]);
    assert_eq!(only("input x float 1 4 9\n y = AveragePool(x) kernel_shape=3 strides=2").output, [1, 4]);
    let quantised = "input x uint8 1 5 6 8
                     const s float
                     const z uint8
                     y = com.microsoft:QLinearGlobalAveragePool(x, s, z, s, z) channels_last=1";
    assert_eq!((only(quantised).c, only(quantised).filter), (8, [5, 6]));
}

#[test]
fn quantised_convolutions_are_convolutions() {
    let text = "input x float 1 3 8 8
                const s float
                const z uint8
                const w int8 4 3 3 3
                const b int64 4
                q = QuantizeLinear(x, s, z)
                c = QLinearConv(q, s, z, w, s, z, s, z, b) pads=1,1,1,1
                i = ConvInteger(c, v, z, z)
                const v int8 2 4 1 1";
    let works = works(text);
    assert!(matches!(works[0], Work::Conv(w) if (w.k, w.output, w.pads) == (4, [8, 8], [1; 4])));
    assert!(matches!(works[1], Work::Conv(w) if (w.k, w.c) == (2, 4)));
    assert_eq!(works.len(), 2);
}

#[test]
fn weights_behind_quantised_pairs_are_constant() {
    let text = "input x float 2 6
                const w int8 4 6
                const s float
                const z int8
                d = DequantizeLinear(w, s, z)
                t = Transpose(d)
                q = QuantizeLinear(x, s, z)
                p = DequantizeLinear(q, s, z)
                y = MatMul(p, t)";
    let model = model(text);
    assert_eq!(model.operators.len(), 1);
    assert_eq!(model.operators[0].work, Work::FullyConnected { rows: 2, inputs: 6, outputs: 4 });
    assert_eq!(model.operators[0].parameters, 24);
    assert_eq!(model.skipped.iter().filter(|skipped| skipped.op == "DequantizeLinear").count(), 2);
}

#[test]
fn volumes_are_unsupported() {
    let works = works(
        "input x float 1 3 8 8 8
         const w float 4 3 3 3 3
         c = Conv(x, w)
         y = MaxPool(c) kernel_shape=2,2,2
         s = Softmax(y)",
    );
    assert!(matches!(&works[0], Work::Unsupported { why } if why.contains("more than two dimensions")));
    assert!(matches!(&works[2], Work::Elementwise { shape, .. } if shape == &[1, 4, 5, 5, 5]));
}

#[test]
fn deformed_convolutions_count_as_others() {
    let text = "input x float 1 3 8 8\n const w float 4 3 3 3\n input o float 1 18 8 8\n const b float 4
                y = DeformConv(x, w, o, b) pads=1,1,1,1";
    let model = model(text);
    assert_eq!((model.operators[0].work.macs(), model.operators[0].parameters), (Some(6_912), 112));
}

#[test]
fn operators_of_optimisers_are_costed_or_named() {
    let text = "input x int8 1 8 8 16\n floats s 0.5\n const z int8\n const w int8 32 16 3 3
                q = com.microsoft:QLinearConv(x, s, z, w, s, z, s, z) channels_last=1 pads=1,1,1,1
                y = Softmax(q)";
    let works = works(text);
    assert_eq!(works[0].macs(), Some(32 * 16 * 9 * 64));
    assert!(matches!(&works[1], Work::Elementwise { shape, .. } if shape == &[1, 8, 8, 32]), "{works:?}");
    for op in ["com.microsoft.nchwc:Conv(x, w)", "com.microsoft:NewlyFused(x, w)"] {
        let works = self::works(&format!("input x float 1 16 8 8\n const w float 32 16 3 3\n y = {op}"));
        let [Work::Unsupported { why }] = &works[..] else { panic!("{works:?}") };
        assert!(why.contains("use the file from before that"), "{why}");
    }
}

#[test]
fn a_cache_may_be_empty() {
    let text = "input q float 1 4 seq 8\n input k float 1 4 seq 8\n input past float 1 4 past_len 8
                all = Concat(past, k) axis=2\n t = Transpose(all) perm=0,1,3,2\n y = MatMul(q, t)\n z = MatMul(q, u)
                u = Transpose(past) perm=0,1,3,2";
    let shape = |name: &str, rows: u64| (name.to_string(), vec![1, 4, rows, 8]);
    let shapes = vec![shape("q", 5), shape("k", 5), shape("past", 0)];
    let model = read_file(&file(graph(text)), &InputShapes { shapes, ..InputShapes::default() }).unwrap();
    assert_eq!(model.operators[0].work, gemm(4, 5, 5, 8, false));
    // A product with no columns has nothing to do.
    assert_eq!(model.operators[1].work.macs(), Some(0));
    let (network, left_out) = lower(&model, &Options::default()).unwrap();
    assert_eq!((network.layers.len(), left_out.len()), (4, 0));
}
