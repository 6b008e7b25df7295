//! Tests of sequences of tensors, and of operators that select elements.

use super::*;

#[test]
fn split_and_joined_again() {
    let chunks = "input x float 1 20 32\n int ten 10\n s = SplitToSequence(x, ten) axis=1\n int one 1\n";
    assert_eq!(shape_of_y(&format!("{chunks} y = SequenceAt(s, one)")), "1x10x32");
    let any = "input i int64\n y = SequenceAt(s, i)";
    assert_eq!(shape_of_y(&format!("{chunks} {any}")), "1x10x32", "whichever it is");
    assert_eq!(shape_of_y(&format!("{chunks} y = ConcatFromSequence(s) axis=-1")), "1x10x64");
    assert_eq!(shape_of_y(&format!("{chunks} y = ConcatFromSequence(s) axis=0 new_axis=1")), "2x1x10x32");
    let single = "input x float 3 4\n s = SplitToSequence(x) keepdims=0\n int last -1\n y = SequenceAt(s, last)";
    assert_eq!(shape_of_y(single), "4");
    let sizes = "input x float 7 4\n ints n 5 2\n s = SplitToSequence(x, n)\n int at 1\n y = SequenceAt(s, at)";
    assert_eq!(shape_of_y(sizes), "2x4");
    let uneven = "input x float 7 4\n input i int64\n int n 5\n s = SplitToSequence(x, n)\n y = SequenceAt(s, i)\n
                  const w float 4 2\n z = MatMul(y, w)";
    let works = works(uneven);
    assert!(
        matches!(&works[..], [Work::Unsupported { why }] if why.contains("depends on the values of 'i'")),
        "{works:?}"
    );
}

#[test]
fn built_one_by_one() {
    let built = "input a float 2 3\n input b float 4 3\n e = SequenceEmpty()\n s = SequenceInsert(e, a)\n
                 int zero 0\n t = SequenceInsert(s, b, zero)\n";
    assert_eq!(shape_of_y(&format!("{built} y = SequenceAt(t, zero)")), "4x3");
    assert_eq!(shape_of_y(&format!("{built} u = SequenceErase(t)\n y = ConcatFromSequence(u) axis=0")), "4x3");
    let length = "u = SequenceConstruct(a, b, a)\n n = SequenceLength(u)\n ints at 0\n m = Unsqueeze(n, at)\n
                  y = ConstantOfShape(m)\n z = Add(y, v)\n input v float 3";
    assert_eq!(moved(&format!("{built} {length}\n w = Softmax(z)")), ["3"]);
    assert_eq!(shape_of_y("input x float 2 3\n o = Optional(x)\n y = OptionalGetElement(o)"), "2x3");
    let message = error("input x float 2\n int i 0\n y = SequenceAt(x, i)", &InputShapes::default());
    assert!(message.contains("input 1 is a tensor, expected a sequence"), "{message}");
}

#[test]
fn sequences_are_bounded() {
    // A sequence of 2^30 tensors, and sequences nested 20,000 deep.
    let text = "input x float 1073741824 2\n s = SplitToSequence(x)\n int i 0\n y = SequenceAt(s, i)\n
                const w float 2 2\n z = MatMul(y, w)";
    assert!(matches!(&works(text)[..], [Work::Unsupported { why }] if why.contains("of which at most 4096")));
    let mut text = "input x float 2\n s0 = SequenceConstruct(x)\n".to_string();
    (0..20_000).for_each(|i| text += &format!("s{} = SequenceConstruct(s{i})\n", i + 1));
    assert_eq!(model(&text).operators.len(), 0);
}

#[test]
fn taken_out_by_a_condition() {
    let text = "input x float 3 5\n ints c 1 0 1\n y = Compress(x, c) axis=0";
    assert_eq!(shape_of_y(text), "2x5");
    assert_eq!(shape_of_y("input x float 3 5\n ints c 1 0 1 1\n y = Compress(x, c)"), "3");
    let unique = "ints a 3 1 3 2\n u, i, j, n = Unique(a)\n s = Shape(u)\n t = Shape(j)\n r = Concat(s, t) axis=0\n
                  y = ConstantOfShape(r)\n input v float 4\n z = Add(y, v)\n w = Softmax(z)";
    assert_eq!(moved(unique), ["3x4"]);
    for op in ["Unique(x)", "NonMaxSuppression(x, x)", "Compress(x, c)"] {
        let text = format!("input x float 4 4\n input c bool 4\n s = {op}\n const w float 4 2\n y = MatMul(s, w)");
        let model = model(&text);
        let why = match &model.operators[..] {
            [Operator { work: Work::Unsupported { why }, .. }] => why,
            other => panic!("{other:?}"),
        };
        assert!(why.contains("known only when the network runs"), "{why}");
        assert_eq!(model.skipped[0].why, "its shape is known only when the network runs");
    }
}

#[test]
fn of_sizes_that_are_inputs() {
    assert_eq!(shape_of_y("input x float 3 20 10\n ints s 12 16\n y = CenterCropPad(x, s) axes=1,2"), "3x12x16");
    let columns = "input x float 2 27 16\n ints image 6 6\n ints block 3 3\n y = Col2Im(x, image, block)";
    assert_eq!(shape_of_y(columns), "2x3x6x6");
    let unpool = "input x float 1 2 4 4\n input i int64 1 2 4 4\n y = MaxUnpool(x, i) kernel_shape=2,2 strides=2,2";
    assert_eq!(shape_of_y(unpool), "1x2x8x8");
    assert_eq!(shape_of_y("input x float 5 3 3\n y = Det(x)"), "5");
    let loss = "input x float 4 7\n input l int64 4\n y = SoftmaxCrossEntropyLoss(x, l) reduction=none";
    assert_eq!(moved(loss), ["4"]);
    assert_eq!(moved(&loss.replace(" reduction=none", "")), [""]);
}

#[test]
fn indices_are_no_parameters_whatever_their_type() {
    let parameters = |text: &str| -> u64 {
        let model = model(text);
        let skipped = model.skipped.iter().map(|skipped| skipped.parameters).sum::<u64>();
        model.operators.iter().map(|operator| operator.parameters).sum::<u64>() + skipped
    };
    let scattered = "ints s 20\n z = ConstantOfShape(s)\n const i int32 6\n const v float 6\n
                     f = ScatterElements(z, i, v) axis=0\n ints t 4 5\n w = Reshape(f, t)\n
                     input x float 1 4\n y = MatMul(x, w)";
    assert_eq!(parameters(scattered), 6);
    assert_eq!(
        parameters("const t float 9 4\n const i int32 3\n w = Gather(t, i)\n input x float 3 4\n y = Mul(x, w)"),
        36
    );
    let taken = "input x float 9 4\n const i int32 3\n y = Gather(x, i)\n z = Softmax(y)";
    assert_eq!(parameters(taken), 0);
}
