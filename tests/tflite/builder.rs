//! Builds small TFLite files.

use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, UnionWIPOffset, VOffsetT, WIPOffset};

/// A field in an operator's options.
#[derive(Clone)]
pub enum Field {
    Byte(u8),
    Bool(bool),
    Int(i32),
    Ints(Vec<i32>),
    Text(String),
}

pub use Field::{Bool, Byte, Int, Ints, Text};

const FLOAT32: u8 = 0;
const INT32: u8 = 2;
pub const CUSTOM: i32 = 32;
/// The number of an input that is left out.
pub const NONE: i32 = -1;

struct Tensor {
    name: String,
    shape: Vec<i32>,
    signature: Vec<i32>,
    kind: u8,
    values: Option<Vec<i32>>,
    /// The tensor whose buffer this tensor shares.
    shared: Option<i32>,
    variable: bool,
}

struct Op {
    code: i32,
    custom: Option<String>,
    inputs: Vec<i32>,
    outputs: Vec<i32>,
    options: Vec<Field>,
    /// The options of a custom operator.
    numbers: Vec<i32>,
}

/// A file that is being built. Its tensors are numbered in order.
#[derive(Default)]
pub struct File {
    tensors: Vec<Tensor>,
    inputs: Vec<i32>,
    outputs: Vec<i32>,
    ops: Vec<Op>,
    subgraphs: Vec<File>,
}

impl File {
    fn tensor(&mut self, name: &str, shape: &[i32], kind: u8, values: Option<Vec<i32>>) -> i32 {
        let (name, shape) = (name.to_string(), shape.to_vec());
        self.tensors.push(Tensor { name, shape, signature: Vec::new(), kind, values, shared: None, variable: false });
        self.tensors.len() as i32 - 1
    }

    /// Adds an input. Negative sizes are open; the file has their absolute value.
    pub fn input(&mut self, name: &str, shape: &[i32]) -> i32 {
        let known: Vec<_> = shape.iter().map(|size| size.abs()).collect();
        let input = self.tensor(name, &known, FLOAT32, None);
        if known != shape {
            self.tensors.last_mut().unwrap().signature = shape.to_vec();
        }
        self.inputs.push(input);
        input
    }

    /// Adds weights without values.
    pub fn weights(&mut self, shape: &[i32]) -> i32 {
        self.tensor("weights", shape, FLOAT32, None)
    }

    /// Adds a variable, which keeps its values between runs.
    pub fn state(&mut self, shape: &[i32]) -> i32 {
        let state = self.tensor("state", shape, FLOAT32, None);
        self.tensors[state as usize].variable = true;
        state
    }

    /// Adds constant integers.
    pub fn ints(&mut self, values: &[i32]) -> i32 {
        self.tensor("ints", &[values.len() as i32], INT32, Some(values.to_vec()))
    }

    /// Adds a constant integer without dimensions.
    pub fn int(&mut self, value: i32) -> i32 {
        self.tensor("int", &[], INT32, Some(vec![value]))
    }

    /// Adds weights with values.
    pub fn filled(&mut self, shape: &[i32]) -> i32 {
        let count = shape.iter().product::<i32>();
        self.tensor("weights", shape, FLOAT32, Some(vec![0; count as usize]))
    }

    /// Adds weights with the buffer of other weights.
    pub fn sharing(&mut self, shape: &[i32], other: i32) -> i32 {
        let tensor = self.weights(shape);
        self.tensors[tensor as usize].shared = Some(other);
        tensor
    }

    /// Sets the type of a tensor.
    pub fn kind(&mut self, tensor: i32, kind: u8) {
        self.tensors[tensor as usize].kind = kind;
    }

    /// Sets which sizes of a tensor are open: those that are -1 in `signature`.
    pub fn open(&mut self, tensor: i32, signature: &[i32]) {
        self.tensors[tensor as usize].signature = signature.to_vec();
    }

    /// Makes a tensor an output of the subgraph.
    pub fn output(&mut self, tensor: i32) {
        self.outputs.push(tensor);
    }

    /// Adds an operator with one output of this shape. Returns the number of the output.
    pub fn op(&mut self, code: i32, inputs: &[i32], shape: &[i32], options: &[Field]) -> i32 {
        self.ops_out(code, inputs, &[shape], options)[0]
    }

    /// Adds an operator whose output has integers.
    pub fn int_op(&mut self, code: i32, inputs: &[i32], shape: &[i32], options: &[Field]) -> i32 {
        let output = self.op(code, inputs, shape, options);
        self.tensors[output as usize].kind = INT32;
        output
    }

    /// Adds an operator with outputs of these shapes.
    pub fn ops_out(&mut self, code: i32, inputs: &[i32], shapes: &[&[i32]], options: &[Field]) -> Vec<i32> {
        let number = self.ops.len();
        let name = |i| if i == 0 { format!("op{number}") } else { format!("op{number}:{i}") };
        let outputs: Vec<_> =
            shapes.iter().enumerate().map(|(i, shape)| self.tensor(&name(i), shape, FLOAT32, None)).collect();
        self.ops.push(Op {
            code,
            custom: None,
            inputs: inputs.to_vec(),
            outputs: outputs.clone(),
            options: options.to_vec(),
            numbers: Vec::new(),
        });
        outputs
    }

    /// Adds a custom operator.
    pub fn custom(&mut self, name: &str, inputs: &[i32], shape: &[i32]) -> i32 {
        let output = self.op(CUSTOM, inputs, shape, &[]);
        self.ops.last_mut().unwrap().custom = Some(name.to_string());
        output
    }

    /// Sets the options of the last operator, which must be a custom one.
    pub fn numbers(&mut self, numbers: &[i32]) {
        self.ops.last_mut().unwrap().numbers = numbers.to_vec();
    }

    /// Adds a further subgraph.
    pub fn subgraph(&mut self, graph: File) {
        self.subgraphs.push(graph);
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        let mut b = FlatBufferBuilder::new();
        let mut graphs = vec![self];
        let others = std::mem::take(&mut graphs[0].subgraphs);
        graphs.extend(others);
        // Buffer 0 is empty.
        let mut buffers = vec![table(&mut b, |_| ())];
        let mut codes = Vec::new();
        let mut subgraphs = Vec::new();
        for graph in &graphs {
            let mut tensors = Vec::new();
            let mut own = Vec::new();
            for tensor in &graph.tensors {
                let mut buffer = tensor.shared.map_or(0u32, |other| own[other as usize]);
                if let Some(values) = &tensor.values {
                    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                    let data = b.create_vector(&bytes);
                    buffer = buffers.len() as u32;
                    buffers.push(table(&mut b, |b| b.push_slot_always(slot(0), data)));
                }
                own.push(buffer);
                let (name, shape) = (b.create_string(&tensor.name), b.create_vector(&tensor.shape));
                let signature = (!tensor.signature.is_empty()).then(|| b.create_vector(&tensor.signature));
                tensors.push(table(&mut b, |b| {
                    b.push_slot_always(slot(0), shape);
                    b.push_slot(slot(1), tensor.kind, 0);
                    b.push_slot(slot(2), buffer, 0);
                    b.push_slot_always(slot(3), name);
                    b.push_slot(slot(5), tensor.variable, false);
                    if let Some(signature) = signature {
                        b.push_slot_always(slot(7), signature);
                    }
                }));
            }
            let mut operators = Vec::new();
            for op in &graph.ops {
                let code = codes.len() as u32;
                let custom = op.custom.as_ref().map(|name| b.create_string(name));
                codes.push(table(&mut b, |b| {
                    b.push_slot(slot(0), op.code.min(127) as u8, 0);
                    if let Some(custom) = custom {
                        b.push_slot_always(slot(1), custom);
                    }
                    b.push_slot(slot(3), op.code, 0);
                }));
                let options = options(&mut b, &op.options);
                let numbers: Vec<u8> = op.numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                let numbers = b.create_vector(&numbers);
                let (inputs, outputs) = (b.create_vector(&op.inputs), b.create_vector(&op.outputs));
                operators.push(table(&mut b, |b| {
                    b.push_slot(slot(0), code, 0);
                    b.push_slot_always(slot(1), inputs);
                    b.push_slot_always(slot(2), outputs);
                    b.push_slot(slot(3), 1u8, 0);
                    b.push_slot_always(slot(4), WIPOffset::<UnionWIPOffset>::new(options.value()));
                    b.push_slot_always(slot(5), numbers);
                }));
            }
            let (tensors, operators) = (b.create_vector(&tensors), b.create_vector(&operators));
            let (inputs, outputs) = (b.create_vector(&graph.inputs), b.create_vector(&graph.outputs));
            subgraphs.push(table(&mut b, |b| {
                b.push_slot_always(slot(0), tensors);
                b.push_slot_always(slot(1), inputs);
                b.push_slot_always(slot(2), outputs);
                b.push_slot_always(slot(3), operators);
            }));
        }
        let (codes, subgraphs) = (b.create_vector(&codes), b.create_vector(&subgraphs));
        let buffers = b.create_vector(&buffers);
        let root = table(&mut b, |b| {
            b.push_slot(slot(0), 3u32, 0);
            b.push_slot_always(slot(1), codes);
            b.push_slot_always(slot(2), subgraphs);
            b.push_slot_always(slot(4), buffers);
        });
        b.finish(root, Some("TFL3"));
        b.finished_data().to_vec()
    }
}

fn slot(number: u16) -> VOffsetT {
    4 + 2 * number
}

fn table<'b>(
    b: &mut FlatBufferBuilder<'b>,
    fields: impl FnOnce(&mut FlatBufferBuilder<'b>),
) -> WIPOffset<TableFinishedWIPOffset> {
    let start = b.start_table();
    fields(b);
    b.end_table(start)
}

/// Writes the options. The fields take the slots in order.
fn options(b: &mut FlatBufferBuilder, fields: &[Field]) -> WIPOffset<TableFinishedWIPOffset> {
    let lists: Vec<_> = fields
        .iter()
        .map(|field| match field {
            Ints(values) => Some(b.create_vector(values).as_union_value()),
            Text(text) => Some(b.create_string(text).as_union_value()),
            _ => None,
        })
        .collect();
    table(b, |b| {
        for ((number, field), list) in (0..).zip(fields).zip(lists) {
            match field {
                Byte(value) => b.push_slot_always(slot(number), *value),
                Bool(value) => b.push_slot_always(slot(number), *value),
                Int(value) => b.push_slot_always(slot(number), *value),
                Ints(_) | Text(_) => b.push_slot_always(slot(number), list.unwrap()),
            }
        }
    })
}
