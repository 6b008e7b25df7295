//! Tests of files that are refused, and of the messages.

use super::*;

fn shapes(name: &str, shape: &[u64]) -> InputShapes {
    InputShapes { shapes: vec![(name.to_string(), shape.to_vec())], ..InputShapes::default() }
}

#[test]
fn open_dimensions_are_asked_for() {
    let text = "input x float N 3 H ?\n y = Softmax(x)";
    assert_eq!(
        error(text, &InputShapes::default()),
        "input 'x': the file leaves dimension 3 ('H') and dimension 4 open\n\
         help: say how large they are: --shape x=1,3,<H>,<dimension 4>"
    );
    let several = "input x float N S\n input z float N 7 ?\n input v float N 4\n y = Softmax(x)";
    assert_eq!(
        error(several, &InputShapes::default()),
        "input 'x': the file leaves dimension 2 ('S') open; of input 'z', dimension 3\n\
         help: say how large they are: --shape x=1,<S> --shape z=1,7,<dimension 3>"
    );
    let batch = InputShapes { batch: Some(5), ..shapes("x", &[2, 3, 4, 4]) };
    let shape = |options: &InputShapes| match &read_file(&file(graph(text)), options).unwrap().operators[0].work {
        Work::Elementwise { shape, .. } => shape.clone(),
        _ => panic!(),
    };
    assert_eq!(shape(&shapes("x", &[2, 3, 4, 4])), [2, 3, 4, 4]);
    assert_eq!(shape(&batch), [2, 3, 4, 4], "a shape comes before the batch");
    let sum = "input x float n past\n input z float n past+1\n y = Softmax(z)";
    let model = read_file(&file(graph(sum)), &shapes("x", &[2, 7])).unwrap();
    assert!(matches!(&model.operators[0].work, Work::Elementwise { shape, .. } if shape == &[2, 8]));
    let unknown = error(text, &shapes("image", &[1]));
    assert!(unknown.contains("'image', which is not an input\nhelp: inputs are: 'x'"), "{unknown}");
    let rank = error(text, &shapes("x", &[1, 3]));
    assert!(rank.contains("2 dimensions, expected 4\nhelp: the file says N,3,H,?"), "{rank}");
}

#[test]
fn a_batch_that_a_reshape_fixes_is_an_error() {
    let text = "input x float 2 3 4\n ints s 2 12\n y = Reshape(x, s)\n z = Softmax(y)";
    let error = error(text, &InputShapes { batch: Some(4), ..InputShapes::default() });
    assert!(error.contains("help: the file states another batch") && error.contains("a dynamic batch axis"), "{error}");
}

#[test]
fn the_batch_is_one_where_that_is_plain() {
    let shape = |text: &str, batch: Option<u64>| {
        let options = InputShapes { batch, ..InputShapes::default() };
        read_file(&file(graph(text)), &options).map(|model| match &model.operators[0].work {
            Work::Elementwise { shape, .. } => shape.clone(),
            _ => panic!(),
        })
    };
    assert_eq!(shape("input x float batch 3\n y = Softmax(x)", None).unwrap(), [1, 3]);
    assert_eq!(shape("input x float ? 3\n y = Softmax(x)", None).unwrap(), [1, 3]);
    assert_eq!(shape("input x float ? 3\n y = Softmax(x)", Some(4)).unwrap(), [4, 3]);
    assert_eq!(shape("input x float 1 3\n y = Softmax(x)", Some(4)).unwrap(), [4, 3]);
    assert!(shape("input x float seq_len 3\n y = Softmax(x)", None).is_err());
    assert!(shape("input x float n 3\n input z float 2 n\n y = Softmax(x)", None).is_err());
    assert!(shape("input x float ?\n y = Softmax(x)", None).is_err());
    // Both inputs get the size, though only one of them is named.
    let two = "input x float N 3\n input z float N 3\n y = Add(x, z)";
    assert_eq!(shape(two, Some(7)).unwrap(), [7, 3]);
}

#[test]
fn what_the_file_says_of_inner_tensors_helps_only_where_nothing_else_does() {
    let text = "input x float N 4 6
                value t float N 4 6
                t = own:Magic(x)
                const w float 6 5
                y = MatMul(t, w)";
    let products = |options: &InputShapes| read_file(&file(graph(text)), options).map(|model| model.operators);
    let operators = products(&InputShapes { batch: Some(3), ..InputShapes::default() }).unwrap();
    assert!(matches!(&operators[0].work, Work::Unsupported { why } if why.contains("Magic")));
    assert_eq!(operators[1].work, gemm(1, 12, 5, 6, true));
    // The file's own size is overridden, so the other shapes that it states cannot be trusted.
    let operators = products(&shapes("x", &[1, 8, 6])).unwrap();
    assert!(matches!(&operators[1].work, Work::Unsupported { why } if why.contains("Magic")), "{operators:?}");
}

#[test]
fn shapes_that_depend_on_data_are_errors() {
    let text = "input x float 4 6
                const w float 6 5
                n = NonZero(x)
                t = Transpose(n)
                g = GatherND(x, t)
                ints to -1 6
                r = Reshape(g, to)
                y = MatMul(r, w)";
    let model = model(text);
    assert_eq!(model.operators.len(), 1);
    let Work::Unsupported { why } = &model.operators[0].work else { panic!("{model:?}") };
    assert_eq!(
        why,
        "its shape is not known: it depends on the values of 'x', which are known only when the network runs"
    );
}

#[test]
fn contradictions_are_reported_where_they_are() {
    let says = |text: &str, expected: &str| {
        let error = error(text, &InputShapes::default());
        assert!(error.contains(expected), "{error}");
    };
    says(
        "input x float 1 3 8 8\n const w float 4 5 3 3\n y = Conv(x, w)",
        "operator 0 (Conv 'y'): an input of 3 channels, a filter of 4x5x3x3 and 1 groups do not match",
    );
    says("input x float 2 3\n input z float 4 5\n y = MatMul(x, z)", "2x3 by 4x5: the inner dimensions differ");
    says("input x float 2 3\n input z float 4 5\n y = Add(x, z)", "shapes 2x3 and 4x5 do not broadcast");
    says("input x float 2 3\n ints t 5\n y = Reshape(x, t)", "2x3 elements do not become 5");
    says("input x float 1 3 8 8\n const w float 4 3 9 3\n y = Conv(x, w)", "a filter that spans 9 elements");
    says("y = Relu(z)", "operator 0 (Relu 'y'): reads 'z', which no node, input or initializer produces");
    says("input x float 2\n a = Add(x, b)\n b = Relu(a)", "operator 0 (Add 'a'): is on a cycle");
    says("input x float 2\n y = Relu(x)\n y = Abs(x)", "produces 'y', which something else produces too");
    says("input x float 2\n x = Relu(x)", "produces 'x', which something else produces too");
    says("input x float 9000000000 9000000000\n y = Relu(x)", "expected at most 2^48");
    says("input x float 1 4 4\n y = Conv(x)", "has no input 2, expected one");
}

#[test]
fn nodes_that_are_out_of_order_are_sorted() {
    let model = model("input x float 2 3\n z = Softmax(y)\n y = LayerNormalization(x)");
    let found: Vec<(usize, &str)> = model.operators.iter().map(|operator| (operator.index, &operator.op[..])).collect();
    assert_eq!(found, [(1, "LayerNormalization"), (0, "Softmax")]);
}

#[test]
fn other_files_do_not_look_like_onnx() {
    let onnx = file(graph("input x float 2")).encode_to_vec();
    assert!(looks_like(&onnx) && looks_like(&onnx[..20]));
    for other in [
        &b"Network sample {\n  Layer conv {"[..],
        b"// a comment",
        b"\x1c\0\0\0TFL3\0\0",
        b"",
        b"\x08",
        b"name,op\n1,2",
    ] {
        assert!(!looks_like(other), "{other:?}");
    }
    let error = read(Cursor::new(b"Network sample {}"), "test", &InputShapes::default()).unwrap_err();
    assert!(error.to_string().contains("not an ONNX file"), "{error}");
    let error = read(Cursor::new(b""), "test", &InputShapes::default()).unwrap_err();
    assert_eq!(error.what, "not an ONNX file: it has no graph");
}

#[test]
fn graphs_that_hold_for_one_size_only_are_errors() {
    let text = "input x float 1 4 6\n ints to 4 6\n y = Reshape(x, to)\n z = Softmax(y)";
    let error = error(text, &shapes("x", &[2, 4, 6]));
    assert!(error.contains("2x4x6 elements do not become 4x6\nhelp: the file states other sizes"), "{error}");
}

#[test]
fn a_function_that_grows_without_end_is_refused() {
    // Each function calls the next one ten times.
    let mut file = file(graph("input x float 2 6\n y = own:f0(x)"));
    let body = |next: usize| {
        let mut text = "t0 = Identity(a)\n".to_string();
        (0..10).for_each(|i| text += &format!("t{} = own:f{next}(t{i})\n", i + 1));
        text + "out = Relu(t10)"
    };
    let function = |number: usize| Function {
        name: format!("f{number}"),
        domain: "own".to_string(),
        input: vec!["a".to_string()],
        output: vec!["out".to_string()],
        node: graph(&if number < 20 { body(number + 1) } else { "out = Relu(a)".to_string() }).node,
        ..Function::default()
    };
    file.functions = (0..=20).map(function).collect();
    let error = read_file(&file, &InputShapes::default()).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn shape_arithmetic_is_bounded() {
    // Together these ranges would take gigabytes, so the last ones are not computed.
    let mut text = "int zero 0\n int one 1\n int many 16000\n input x float 4 6\n".to_string();
    (0..4000).for_each(|i| text += &format!("r{i} = Range(zero, many, one)\n"));
    text += "z = Softmax(x)";
    assert!(model(&text).operators.iter().any(|operator| operator.op == "Softmax"));
}

/// The operators of ONNX's own set, including those of former versions.
const OPERATORS: &str = "\
    Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization \
    Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu \
    CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger \
    ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout \
    DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND \
    Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization \
    HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder InstanceNormalization IsInf \
    IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul \
    MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul \
    Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement \
    OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal \
    RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp \
    ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize \
    ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt \
    SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid \
    Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence \
    Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Swish Tan Tanh TensorScatter TfIdfVectorizer \
    ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor";

#[test]
fn every_operator_of_onnx_is_known() {
    for op in OPERATORS.split_whitespace() {
        // The call may fail for any reason except that the operator is unknown.
        let message =
            match read_file(&file(graph(&format!("input x float 2 3\n y = {op}(x)"))), &InputShapes::default()) {
                Err(error) => error.to_string(),
                Ok(model) => format!("{:?}", model.operators),
            };
        assert!(!message.contains(&format!("the operator {op} is not known")), "{op}: {message}");
    }
    assert!(
        matches!(&works("input x float 2 3\n y = Magic(x)")[..], [Work::Unsupported { why }] if why.ends_with("not known"))
    );
}
