//! Tests of operators that move elements, and of operators that compute shapes.

use super::*;

#[test]
fn reshaped() {
    let reshaped = |shape: &str, target: &str| {
        shape_of_y(&format!("input x float {shape}\n ints to {target}\n y = Reshape(x, to)"))
    };
    assert_eq!(reshaped("2 3 4", "0 -1"), "2x12");
    assert_eq!(reshaped("2 3 4", "4 1 6"), "4x1x6");
    assert_eq!(shape_of_y("input x float 2 3 4 5\n y = Flatten(x) axis=-2"), "6x20");
    assert_eq!(shape_of_y("input x float 2 3 4 5\n y = Flatten(x) axis=0"), "1x120");
    assert_eq!(shape_of_y("input x float 2 1 4 1\n y = Squeeze(x)"), "2x4");
    assert_eq!(shape_of_y("input x float 2 1 4 1\n ints a -1\n y = Squeeze(x, a)"), "2x1x4");
    assert_eq!(shape_of_y("input x float 2 4\n y = Unsqueeze(x) axes=0,-1"), "1x2x4x1");
    assert_eq!(shape_of_y("input x float 2 3 4\n y = Transpose(x) perm=2,0,1"), "4x2x3");
}

#[test]
fn sliced_and_joined() {
    let sliced = |lists: &str| {
        shape_of_y(&format!("input x float 10 9 8\n {}\n y = Slice(x, s, e, a, p)", lists.replace('|', "\n")))
    };
    assert_eq!(sliced("ints s 1|ints e -1|ints a 1|ints p 3"), "10x3x8");
    assert_eq!(sliced("ints s -1 9|ints e -9223372036854775808 0|ints a 1 0|ints p -1 -4"), "3x9x8");
    assert_eq!(sliced("ints s 100|ints e 200|ints a 2|ints p 1"), "10x9x0");
    assert_eq!(shape_of_y("input x float 2 7 3\n z, y = Split(x) axis=1 split=3,4"), "2x4x3");
    assert_eq!(shape_of_y("input x float 2 7 3\n z, y = Split(x) axis=1 num_outputs=2"), "2x3x3");
    assert_eq!(shape_of_y("input x float 2 7\n input z float 2 5\n y = Concat(x, z, x) axis=-1"), "2x19");
    assert_eq!(shape_of_y("input x float 2 7\n ints p 1 0 2 -3\n y = Pad(x, p)"), "5x4");
    assert_eq!(shape_of_y("input x float 2 7\n ints r 2 3\n y = Tile(x, r)"), "4x21");
    assert_eq!(shape_of_y("input x float 2 1 7\n ints r 5 1\n y = Expand(x, r)"), "2x5x7");
    assert_eq!(shape_of_y("input x float 2 8 3 5\n y = DepthToSpace(x) blocksize=2"), "2x2x6x10");
    assert_eq!(shape_of_y("input x float 2 2 6 10\n y = SpaceToDepth(x) blocksize=2"), "2x8x3x5");
}

#[test]
fn gathered() {
    assert_eq!(shape_of_y("const t float 1000 64\n input i int64 2 5\n y = Gather(t, i)"), "2x5x64");
    assert_eq!(shape_of_y("input x float 4 5 6\n input i int64 3\n y = Gather(x, i) axis=-1"), "4x5x3");
    assert_eq!(shape_of_y("input x float 4 5 6\n input i int64 4 2\n y = GatherElements(x, i)"), "4x2");
    assert_eq!(shape_of_y("input x float 4 5 6\n input i int64 7 2\n y = GatherND(x, i)"), "7x6");
    assert_eq!(shape_of_y("input x float 4 5 6\n input i int64 4 1\n y = GatherND(x, i) batch_dims=1"), "4x6");
    assert_eq!(shape_of_y("input x float 4 5\n ints k 3\n y, i = TopK(x, k) axis=0"), "3x5");
}

#[test]
fn resized() {
    let resized = |inputs: &str, attributes: &str| {
        shape_of_y(&format!(
            "input x float 1 3 10 7
             floats none
             floats s 1 1 1.7 2
             ints t 1 3 25 14
             ints u 20 20
             y = Resize(x, none, {inputs}) {attributes}"
        ))
    };
    assert_eq!(resized("s", ""), "1x3x17x14");
    assert_eq!(resized("none, t", ""), "1x3x25x14");
    assert_eq!(resized("none, u", "axes=2,3 keep_aspect_ratio_policy=not_larger"), "1x3x20x14");
    assert_eq!(resized("none, u", "axes=2,3 keep_aspect_ratio_policy=not_smaller"), "1x3x29x20");
    assert_eq!(shape_of_y("input x float 1 3 10 7\n floats s 1 1 2 2\n y = Upsample(x, s)"), "1x3x20x14");
}

#[test]
fn reduced() {
    assert_eq!(shape_of_y("input x float 2 3 4\n y = ReduceSum(x)"), "1x1x1");
    assert_eq!(shape_of_y("input x float 2 3 4\n ints a -1\n y = ReduceSum(x, a) keepdims=0"), "2x3");
    assert_eq!(shape_of_y("input x float 2 3 4\n y = ReduceSum(x) noop_with_empty_axes=1"), "2x3x4");
    assert_eq!(moved("input x float 2 3 4\n y = ArgMax(x) axis=1 keepdims=0"), ["2x4"]);
    assert_eq!(moved("input x float 2 3 4\n y = ReduceMean(x) axes=-1"), ["2x3x1"]);
}

#[test]
fn shapes_that_the_graph_computes() {
    // Half of the rows, rounded up, computed with floats. The remaining size is -1.
    let text = "input x float 2 6 5 8
                s = Shape(x)
                int two 2
                rows = Gather(s, two)
                f = Cast(rows) to=1
                floats half 0.5
                h = Mul(f, half)
                c = Ceil(h)
                i = Cast(c) to=7
                ints batch 2
                ints open -1
                ints at 0
                t = Concat(batch, i, open) axis=0
                y = Reshape(x, t)";
    assert_eq!(shape_of_y(text), "2x3x80");
    let model = model(text);
    assert!(model.operators.is_empty());
    assert!(model.skipped.iter().all(|skipped| !skipped.why.is_empty()));
    let range = "input x float 2 6
                 s = Shape(x) start=1
                 ints zero 0
                 ints at 0
                 int one 1
                 int none 0
                 n = Squeeze(s, at)
                 r = Range(none, n, one)
                 e = Unsqueeze(r, at)
                 f = Cast(e) to=1
                 ints twice 3 1
                 g = Tile(f, twice)
                 input z float 3 1
                 y = Add(z, g)";
    assert_eq!(shape_of_y(range), "3x6");
    let set = "ints mask 0 3 0 -1
               n = NonZero(mask)
               t = Transpose(n)
               input x float 4 9
               y = GatherND(x, t)";
    assert_eq!(shape_of_y(set), "2x9");
}

#[test]
fn a_branch_is_taken_where_it_is_known_which() {
    let mut outer = graph(
        "input x float 1 1 6
         s = Shape(x) start=0 end=1
         ints one 1
         c = Equal(s, one)
         y = If(c)
         z = Softmax(y)",
    );
    let branch = |name: &str, text: &str| {
        let mut inner = graph(text);
        inner.output.push(info("out", "float", &[]));
        Attribute { name: name.to_string(), g: Some(Box::new(inner)), ..Attribute::default() }
    };
    let attributes = &mut outer.node[2].attribute;
    attributes.push(branch("then_branch", "ints a 0\n out = Squeeze(x, a)"));
    attributes.push(branch("else_branch", "out = Identity(x)"));
    let model = read_file(&file(outer), &InputShapes::default()).unwrap();
    assert!(matches!(&model.operators[0].work, Work::Elementwise { shape, .. } if shape == &[1, 6]));
    assert_eq!(model.operators[0].index, 3);
}

#[test]
fn functions_of_the_file_are_written_out() {
    let mut file = file(graph("input x float 2 6\n const w float 6 4\n y = own:dense(x, w) along=1"));
    let mut functions = Vec::new();
    for (name, inputs, text) in [
        ("dense", ["a", "b"], "m = MatMul(a, b)\n out = own:normal(m) along=@along"),
        ("normal", ["m", "unused"], "out = Softmax(m) axis=@along"),
    ] {
        functions.push(Function {
            name: name.to_string(),
            domain: "own".to_string(),
            input: inputs.map(str::to_string).to_vec(),
            output: vec!["out".to_string()],
            node: graph(text).node,
            opset_import: file.opset_import.clone(),
            ..Function::default()
        });
    }
    file.functions = functions;
    let model = read_file(&file, &InputShapes::default()).unwrap();
    assert_eq!(model.operators[0].work, Work::FullyConnected { rows: 2, inputs: 6, outputs: 4 });
    assert_eq!(model.operators[1].name, "y/out/out");
    assert!(matches!(model.operators[1].work, Work::Elementwise { elements: 8, .. }));
    // A function that calls itself.
    file.functions[1].node = graph("out = own:normal(m)").node;
    let error = read_file(&file, &InputShapes::default()).unwrap_err();
    assert!(error.to_string().contains("nested more than"), "{error}");
}

#[test]
fn sums_with_a_constant_are_left_out() {
    let text = "input x float 2 6
                const b float 6
                a = Add(x, b)
                c = Mul(a, x)
                d = Relu(c)
                i = Shape(d)
                j = Add(i, i)";
    let model = model(text);
    assert_eq!(model.operators.iter().map(|operator| &operator.name[..]).collect::<Vec<_>>(), ["c"]);
    assert!(matches!(model.operators[0].work, Work::Elementwise { elements: 12, binary: true, .. }));
    assert_eq!(model.skipped.len(), 4);
}
