//! Tests with small graphs for operators that the real networks of `tests/onnx.rs` do not contain.

use std::io::Cursor;

use prost::Message;

use super::schema::{
    self, Attribute, Dimension, Function, Graph, Node, Opset, Shape, Tensor, TensorType, Type, ValueInfo,
};
use super::{looks_like, read};
use crate::host::model::{InputShapes, Model, ModelError, Operator, Window, Work};

mod attention;
mod control;
mod errors;
mod layout;
mod matrix;
mod sequences;
mod signal;
mod sliding;

/// A graph from lines such as
///
/// ```text
/// input x float 1 3 H W
/// const w float 8 3 3 3
/// ints shape 2 -1
/// y = Conv(x, w) strides=2,2 auto_pad=SAME_UPPER
/// ```
///
/// Inputs and constants have a type (`float`, `int8`, `uint8`, `int64`, `bool`) and a shape; `ints` and `floats` have
/// elements. An attribute is an integer, several integers with commas between them, a decimal number, or a text.
fn graph(text: &str) -> Graph {
    let mut graph = Graph::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["input", name, element, ref dims @ ..] => graph.input.push(info(name, element, dims)),
            ["output", name, element, ref dims @ ..] => graph.output.push(info(name, element, dims)),
            ["value", name, element, ref dims @ ..] => graph.value_info.push(info(name, element, dims)),
            ["const", name, element, ref dims @ ..] => graph.initializer.push(Tensor {
                name: name.to_string(),
                data_type: number(element),
                dims: dims.iter().map(|dim| dim.parse().unwrap()).collect(),
                data_location: 1,
                ..Tensor::default()
            }),
            ["ints", name, ref values @ ..] => graph.initializer.push(Tensor {
                name: name.to_string(),
                data_type: 7,
                dims: vec![values.len() as i64],
                int64_data: values.iter().map(|value| value.parse().unwrap()).collect(),
                ..Tensor::default()
            }),
            ["int", name, value] => graph.initializer.push(Tensor {
                name: name.to_string(),
                data_type: 7,
                raw_data: value.parse::<i64>().unwrap().to_le_bytes().to_vec(),
                ..Tensor::default()
            }),
            ["floats", name, ref values @ ..] => graph.initializer.push(Tensor {
                name: name.to_string(),
                data_type: 1,
                dims: vec![values.len() as i64],
                float_data: values.iter().map(|value| value.parse().unwrap()).collect(),
                ..Tensor::default()
            }),
            _ => graph.node.push(node(line)),
        }
    }
    graph
}

fn number(element: &str) -> i32 {
    match element {
        "float" => 1,
        "uint8" => 2,
        "int8" => 3,
        "int32" => 6,
        "int64" => 7,
        "bool" => 9,
        _ => panic!("{element}"),
    }
}

fn info(name: &str, element: &str, dims: &[&str]) -> ValueInfo {
    let dim = |dim: &&str| match (dim.parse(), *dim) {
        (Ok(value), _) => Dimension { value: Some(value), symbol: None },
        (_, "?") => Dimension { value: None, symbol: None },
        (_, symbol) => Dimension { value: None, symbol: Some(symbol.to_string()) },
    };
    let shape = Some(Shape { dim: dims.iter().map(dim).collect() });
    let tensor = Some(TensorType { element: number(element), shape });
    ValueInfo { name: name.to_string(), r#type: Some(Type { tensor }) }
}

/// A node from a line such as `y, z = domain:Op(a, , b) name=value`.
fn node(line: &str) -> Node {
    let (outputs, call) = line.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
    let (op, rest) = call.split_once('(').unwrap();
    let (inputs, attributes) = rest.split_once(')').unwrap();
    let (domain, op) = op.split_once(':').unwrap_or(("", op));
    let names = |list: &str| match list.trim() {
        "" => Vec::new(),
        list => list.split(',').map(|name| name.trim().to_string()).collect(),
    };
    let attribute = |text: &str| {
        let (name, value) = text.split_once('=').unwrap();
        let mut attribute = Attribute { name: name.to_string(), ..Attribute::default() };
        if let Some(referred) = value.strip_prefix('@') {
            attribute.ref_attr_name = referred.to_string();
        } else if let Ok(value) = value.parse() {
            // A single integer may also be a list of one.
            attribute.i = Some(value);
            attribute.ints = vec![value];
        } else if let Some(values) = value.split(',').map(|value| value.parse().ok()).collect::<Option<Vec<i64>>>() {
            attribute.ints = values;
        } else if let Some(values) = value.split(',').map(|value| value.parse().ok()).collect::<Option<Vec<f32>>>() {
            attribute.f = Some(values[0]);
            attribute.floats = values;
        } else {
            attribute.s = Some(value.as_bytes().to_vec());
        }
        attribute
    };
    Node {
        input: names(inputs),
        output: names(outputs),
        op_type: op.to_string(),
        domain: domain.to_string(),
        attribute: attributes.split_whitespace().map(attribute).collect(),
        ..Node::default()
    }
}

fn file(graph: Graph) -> schema::Model {
    let opsets = [("", 17), ("com.microsoft", 1)];
    let opset_import = opsets.map(|(domain, version)| Opset { domain: domain.to_string(), version }).to_vec();
    schema::Model { ir_version: 8, graph: Some(graph), opset_import, functions: Vec::new() }
}

fn read_file(file: &schema::Model, options: &InputShapes) -> Result<Model, ModelError> {
    let bytes = file.encode_to_vec();
    assert!(looks_like(&bytes));
    read(Cursor::new(bytes), "test", options)
}

/// The model of a graph. All dimensions of its inputs must be given.
fn model(text: &str) -> Model {
    read_file(&file(graph(text)), &InputShapes::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The error of reading a graph.
fn error(text: &str, options: &InputShapes) -> String {
    match read_file(&file(graph(text)), options) {
        Ok(model) => panic!("{model:?}"),
        Err(error) => error.to_string(),
    }
}

/// The work of each operator of a graph.
fn works(text: &str) -> Vec<Work> {
    model(text).operators.into_iter().map(|operator| operator.work).collect()
}

/// The output shapes of the operators without MACs.
fn moved(text: &str) -> Vec<String> {
    let shape = |operator: Operator| match operator.work {
        Work::Elementwise { shape, .. } => Some(super::tensor::shown(&shape)),
        _ => None,
    };
    model(text).operators.into_iter().filter_map(shape).collect()
}

/// The shape of `y`, which a further operator makes visible in the model.
fn shape_of_y(text: &str) -> String {
    moved(&format!("{text}\n listed = Softmax(y)")).pop().unwrap_or_else(|| panic!("the shape of y is not known"))
}

fn gemm(batch: u64, m: u64, n: u64, k: u64, constant: bool) -> Work {
    Work::Gemm { batch, m, n, k, constant }
}
