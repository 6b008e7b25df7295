//! Branches and loops.

use super::*;

/// A file in which a node of the graph contains these inner graphs.
fn nested(text: &str, op: &str, inner: &[(&str, &str)]) -> schema::Model {
    let mut outer = graph(text);
    let node = outer.node.iter_mut().find(|node| node.op_type == op).unwrap();
    for (name, text) in inner {
        let g = Some(Box::new(graph(text)));
        node.attribute.push(Attribute { name: name.to_string(), g, ..Attribute::default() });
    }
    file(outer)
}

fn value(name: &str, value: f64) -> InputShapes {
    InputShapes { values: vec![(name.to_string(), vec![value])], ..InputShapes::default() }
}

#[track_caller]
fn read_nested(file: &schema::Model, options: &InputShapes) -> Model {
    read_file(file, options).unwrap_or_else(|error| panic!("{error}"))
}

fn parameters(model: &Model) -> u64 {
    model.operators.iter().map(|operator| operator.parameters).sum()
}

/// Two branches of different size that depend on an input, like those of a voice detector on its sampling rate.
fn on_a_rate() -> schema::Model {
    let text = "input x float 1 6
                input sr int64
                int k16 16000
                c = Equal(sr, k16)
                y = If(c)
                const w float 4 3
                z = MatMul(y, w)";
    let branch = |middle: usize| {
        format!(
            "const a float 6 {middle}
             const b float {middle} 4
             h = MatMul(x, a)
             out = MatMul(h, b)
             output out float"
        )
    };
    nested(text, "If", &[("then_branch", &branch(8)), ("else_branch", &branch(5))])
}

#[test]
fn a_branch_that_hangs_on_an_input_is_decided_by_its_value() {
    let macs = |options: &InputShapes| -> Vec<Option<u64>> {
        read_nested(&on_a_rate(), options).operators.iter().map(|operator| operator.work.macs()).collect()
    };
    assert_eq!(macs(&value("sr", 16_000.0)), [Some(48), Some(32), Some(12)]);
    assert_eq!(macs(&value("sr", 8_000.0)), [Some(30), Some(20), Some(12)]);
    // If the branch is undecided, the weights of both branches count, and shapes that are the same in both are known.
    let model = read_nested(&on_a_rate(), &InputShapes::default());
    assert_eq!(macs(&InputShapes::default()), [None, Some(12)]);
    assert_eq!((model.operators[0].parameters, parameters(&model)), (6 * 8 + 8 * 4 + 6 * 5 + 5 * 4, 142));
    let Work::Unsupported { why } = &model.operators[0].work else { panic!("{model:?}") };
    assert!(why.contains("depends on 'c'") && why.contains("--value sr=..."), "{why}");
    // Branches without MACs cost nothing, whichever one runs.
    let text = "input x float 1 6\n input c bool\n y = If(c)\n z = Softmax(y)";
    let inner =
        [("then_branch", "out = Relu(x)\n output out float"), ("else_branch", "out = Identity(x)\n output out float")];
    let model = read_nested(&nested(text, "If", &inner), &InputShapes::default());
    assert!(
        matches!(&model.operators[..], [Operator { work: Work::Elementwise { elements: 6, .. }, .. }]),
        "{model:?}"
    );
    assert_eq!(model.skipped.len(), 1);
}

#[test]
fn values_of_inputs_are_checked() {
    let message = |options: &InputShapes| read_file(&on_a_rate(), options).unwrap_err().to_string();
    assert!(message(&value("rate", 1.0)).contains("a value is given for 'rate', which is not an input"));
    assert_eq!(message(&value("sr", 0.5)), "input 'sr': --value gives it 0.5, expected integers");
    let two = InputShapes { values: vec![("x".to_string(), vec![1.0, 2.0])], ..InputShapes::default() };
    assert_eq!(message(&two), "input 'x': --value gives it 2 numbers, expected 6");
}

/// The graph of a round that multiplies a state of 2 x 4 numbers, and outputs it.
const ROUND: &str = "input i int64
                     input go bool
                     input s float 2 4
                     const w float 4 4
                     n = MatMul(s, w)
                     told = Relu(n)
                     go_on = Identity(go)
                     output go_on bool
                     output n float
                     output told float";

#[test]
fn loops_of_a_known_length_are_written_out() {
    let text = "input x float 2 4
                int five 5
                y, t = Loop(five, , x)
                z = Softmax(t)";
    let model = read_nested(&nested(text, "Loop", &[("body", ROUND)]), &InputShapes::default());
    let names: Vec<&str> = model.operators.iter().map(|operator| &operator.name[..]).collect();
    assert_eq!(names, ["y/0/n", "y/1/n", "y/2/n", "y/3/n", "y/4/n", "z"]);
    assert_eq!(model.operators[4].work, Work::FullyConnected { rows: 2, inputs: 4, outputs: 4 });
    assert!(matches!(&model.operators[5].work, Work::Elementwise { shape, .. } if shape == &[5, 2, 4]));
    assert_eq!(parameters(&model), 16, "each round has the same weights");
    // Weights that are nodes count once, too, even in a loop inside of a loop.
    let inner = ROUND.replace("const w float 4 4", "w = Constant()");
    let mut inner = graph(&inner);
    let t = Tensor { data_type: 1, dims: vec![4, 4], data_location: 1, ..Tensor::default() };
    inner.node.iter_mut().find(|node| node.op_type == "Constant").unwrap().attribute =
        vec![Attribute { name: "value".to_string(), t: Some(Box::new(t)), ..Attribute::default() }];
    let mut middle = graph(
        "input i int64\n input go bool\n input s float 2 4\n int two 2\n n, told = Loop(two, , s)
         go_on = Identity(go)\n output go_on bool\n output n float",
    );
    middle.node[0].attribute =
        vec![Attribute { name: "body".to_string(), g: Some(Box::new(inner)), ..Attribute::default() }];
    let mut file = nested("input x float 2 4\n int three 3\n y = Loop(three, , x)", "Loop", &[]);
    file.graph.as_mut().unwrap().node[0].attribute =
        vec![Attribute { name: "body".to_string(), g: Some(Box::new(middle)), ..Attribute::default() }];
    let model = read_nested(&file, &InputShapes::default());
    assert_eq!((model.operators.len(), parameters(&model)), (6, 16));
    // A loop that runs while a counter is small enough.
    let counted =
        ROUND.replace("go_on = Identity(go)", "int one 1\n int last 3\n j = Add(i, one)\n go_on = Less(j, last)");
    let text = "input x float 2 4\n int many 1000000\n floats at 1\n go = Cast(at) to=9\n y, t = Loop(many, go, x)";
    let model = read_nested(&nested(text, "Loop", &[("body", &counted)]), &InputShapes::default());
    assert_eq!(model.operators.len(), 3);
}

#[test]
fn loops_that_data_end_are_listed_with_their_weights() {
    let text = "input x float 2 4
                input n int64
                y, t = Loop(n, , x)
                const w float 4 3
                z = MatMul(y, w)
                v = MatMul(t, w)";
    let file = nested(text, "Loop", &[("body", ROUND)]);
    let model = read_nested(&file, &InputShapes::default());
    let works: Vec<Option<u64>> = model.operators.iter().map(|operator| operator.work.macs()).collect();
    // The state keeps its shape. The number of rounds that contribute to the other output is unknown.
    assert_eq!((works, model.operators[0].parameters), (vec![None, Some(24), None], 16));
    assert_eq!(read_nested(&file, &value("n", 2.0)).operators.len(), 4);
    // A loop that is too long to write out is reported, but the file is valid.
    let text = "input x float 2 4\n int n 9223372036854775807\n y, t = Loop(n, , x)";
    let model = read_nested(&nested(text, "Loop", &[("body", ROUND)]), &InputShapes::default());
    let Work::Unsupported { why } = &model.operators[0].work else { panic!("{} operators", model.operators.len()) };
    assert!(why.contains("too many to write out"), "{why}");
    assert_eq!(parameters(&model), 16);
}

#[test]
fn scans_go_along_an_axis() {
    let text = "input x float 3 7 5
                input s float 3 4
                y, t = Scan(s, x) num_scan_inputs=1 scan_input_axes=1 scan_output_axes=1
                z = Softmax(t)";
    let body = "input h float 3 4
                input e float 3 5
                const w float 5 4
                a = MatMul(e, w)
                n = Add(h, a)
                output n float
                output n float";
    let model = read_nested(&nested(text, "Scan", &[("body", body)]), &InputShapes::default());
    let products = model.operators.iter().filter(|operator| operator.op == "MatMul");
    assert!(products.clone().all(|operator| operator.work == Work::FullyConnected { rows: 3, inputs: 5, outputs: 4 }));
    assert_eq!(products.count(), 7);
    assert!(matches!(&model.operators.last().unwrap().work, Work::Elementwise { shape, .. } if shape == &[3, 7, 4]));
}

#[test]
fn sequences_are_mapped_one_by_one() {
    let text = "input x float 6 5
                q = SplitToSequence(x, n)
                int n 4
                r = SequenceMap(q)
                y = ConcatFromSequence(r) axis=0
                z = Softmax(y)";
    let body = "input e float
                const w float 5 2
                out = MatMul(e, w)
                output out float";
    let model = read_nested(&nested(text, "SequenceMap", &[("body", body)]), &InputShapes::default());
    let macs: Vec<Option<u64>> = model.operators.iter().map(|operator| operator.work.macs()).collect();
    assert_eq!(macs, [Some(40), Some(20), Some(0)]);
    assert!(matches!(&model.operators[2].work, Work::Elementwise { shape, .. } if shape == &[6, 2]));
}
