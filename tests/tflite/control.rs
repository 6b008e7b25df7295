//! Branches, calls and loops that can be decided from the file.

use maestrino::host::model::Work;

use super::*;

const INT32: u8 = 2;
const BOOL: u8 = 6;

/// A condition graph, which tests whether a counter is below a number.
fn condition(below: Option<i32>) -> File {
    let mut graph = File::default();
    let (i, x) = (graph.input("i", &[]), graph.input("x", &[2, 4]));
    graph.kind(i, INT32);
    let limit = match below {
        Some(limit) => graph.int(limit),
        None => graph.op(op::MEAN, &[x], &[], &[]),
    };
    let go = graph.op(op::LESS, &[i, limit], &[], &[]);
    graph.kind(go, BOOL);
    graph.output(go);
    graph
}

/// The graph of a round, which increments the counter and multiplies.
fn round() -> File {
    let mut graph = File::default();
    let (i, x) = (graph.input("i", &[]), graph.input("x", &[2, 4]));
    graph.kind(i, INT32);
    let one = graph.int(1);
    let next = graph.int_op(op::ADD, &[i, one], &[], &[]);
    let w = graph.filled(&[4, 4]);
    let y = graph.op(op::FULLY_CONNECTED, &[x, w], &[2, 4], &[]);
    graph.output(next);
    graph.output(y);
    graph
}

fn looping(below: Option<i32>) -> Model {
    let mut file = File::default();
    let (zero, x) = (file.int(0), file.input("x", &[2, 4]));
    let outputs = file.ops_out(op::WHILE, &[zero, x], &[&[], &[2, 4]], &[Int(1), Int(2)]);
    let w = file.weights(&[3, 4]);
    file.op(op::FULLY_CONNECTED, &[outputs[1], w], &[2, 3], &[]);
    file.subgraph(condition(below));
    file.subgraph(round());
    read(&file.finish()).unwrap()
}

#[test]
fn loops_of_a_known_length_are_written_out() {
    let model = looping(Some(5));
    let macs: Vec<_> = model.operators.iter().map(|operator| operator.work.macs().unwrap()).collect();
    assert_eq!(macs, [32, 32, 32, 32, 32, 24]);
    assert_eq!(model.operators[3].name, "op0/3/op1");
    let parameters: Vec<_> = model.operators.iter().map(|operator| operator.parameters).collect();
    assert_eq!(parameters, [16, 0, 0, 0, 0, 12], "each round has the same weights");
    assert_eq!(looping(Some(0)).operators.len(), 1);
}

#[test]
fn what_a_loop_has_counted_is_known_behind_it() {
    let mut file = File::default();
    let (zero, one, x) = (file.int(0), file.int(1), file.input("x", &[2, 4]));
    let outputs = file.ops_out(op::WHILE, &[zero, x], &[&[], &[2, 4]], &[Int(1), Int(2)]);
    file.kind(outputs[0], INT32);
    let places = file.int_op(op::RANGE, &[zero, outputs[0], one], &[1], &[]);
    let table = file.input("table", &[10, 4]);
    let rows = file.op(op::GATHER, &[table, places], &[1, 4], &[]);
    [(places, &[-1][..]), (rows, &[-1, 4])].iter().for_each(|(tensor, open)| file.open(*tensor, open));
    let w = file.weights(&[8, 4]);
    file.op(op::FULLY_CONNECTED, &[rows, w], &[1, 8], &[]);
    file.subgraph(condition(Some(5)));
    file.subgraph(round());
    let model = read(&file.finish()).unwrap();
    assert_eq!(model.operators.last().unwrap().work.macs(), Some(5 * 4 * 8));
}

#[test]
fn loops_that_data_end_are_listed_with_their_weights() {
    let model = looping(None);
    let why = "how often the FULLY_CONNECTED of subgraph 2 runs depends on data";
    assert_eq!(model.operators[0].work, Work::Unsupported { why: why.to_string() });
    assert_eq!((model.operators[0].parameters, model.operators[1].parameters), (16, 12));
    assert_eq!(model.operators.len(), 2);
    // A loop that is too long is not written out.
    let model = looping(Some(i32::MAX));
    assert_eq!((model.operators.len(), model.operators[0].parameters), (2, 16));
}

#[test]
fn branches_hang_on_constants_and_on_inputs() {
    let branch = |outputs: i32| {
        let mut graph = File::default();
        let x = graph.input("x", &[1, 8]);
        let w = graph.filled(&[outputs, 8]);
        let y = graph.op(op::FULLY_CONNECTED, &[x, w], &[1, outputs], &[]);
        graph.output(y);
        graph
    };
    let mut file = File::default();
    let (go, x) = (file.input("go", &[]), file.input("x", &[1, 8]));
    file.kind(go, BOOL);
    file.op(op::IF, &[go, x], &[1, 1], &[Int(1), Int(2)]);
    file.op(op::CALL, &[x], &[1, 3], &[Int(1)]);
    file.subgraph(branch(3));
    file.subgraph(branch(5));
    let bytes = file.finish();
    let read = |value: Option<f64>| {
        let values = value.map(|value| ("go".to_string(), vec![value])).into_iter().collect();
        let model = read_sized(&bytes, &InputShapes { values, ..InputShapes::default() }).unwrap();
        let known = |operator: &maestrino::host::model::Operator| (operator.work.macs(), operator.parameters);
        model.operators.iter().map(known).collect::<Vec<_>>()
    };
    // The called subgraph shares its weights with the branch, so they count only for the first of the two.
    assert_eq!(read(Some(1.0)), [(Some(24), 24), (Some(24), 0)]);
    assert_eq!(read(Some(0.0)), [(Some(40), 40), (Some(24), 24)]);
    assert_eq!(read(None), [(None, 64), (Some(24), 0)]);
}
