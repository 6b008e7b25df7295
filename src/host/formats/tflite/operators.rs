//! What each operator does.

use super::call::{Call, Fault, crossed, elements};
use super::names;
use super::recurrent;
use super::shapes::transformed;
use super::windows;
use crate::host::model::{Window, Work};

/// What an operator is to a model.
pub enum Meaning {
    /// It computes or moves data.
    Works(Vec<Part>),
    /// It costs nothing of its own.
    Skipped(&'static str),
}

/// A part of an operator; most have one.
pub struct Part {
    /// What tells its name from those of other parts.
    pub suffix: &'static str,
    pub work: Work,
    pub parameters: u64,
    pub notes: Notes,
}

pub type Notes = Vec<(&'static str, String)>;

const ACTIVATION: &str = "an activation, applied to what the operator before it computes";
const UNARY: &str = "a function of each element of one tensor";
const CONSTANT: &str = "one operand is a constant";
const RESHAPES: &str = "changes the shape only";
const MOVES: &str = "moves data only";
const RETYPES: &str = "changes the type of numbers only";
const INDICES: &str = "computes shapes or indices";
const SELECTS: &str = "compares or selects";
pub const STATE: &str = "keeps state";
pub const RANDOM: &str = "random numbers";

/// What an operator does with inputs of the shapes that they have.
pub fn meaning(call: &Call) -> Result<Meaning, Fault> {
    if call.op.custom {
        return match call.op.name.as_str() {
            "Convolution2DTransposeBias" => windows::transposed_with_bias(call),
            _ => unsupported("a custom operator"),
        };
    }
    match call.op.name.as_str() {
        "CONV_2D" => windows::conv(call),
        "DEPTHWISE_CONV_2D" => windows::depthwise(call),
        "TRANSPOSE_CONV" => windows::transposed(call),
        "FULLY_CONNECTED" => fully_connected(call),
        "BATCH_MATMUL" => batch_matmul(call),
        "AVERAGE_POOL_2D" | "MAX_POOL_2D" | "L2_POOL_2D" => windows::pool(call),
        "MEAN" | "SUM" | "REDUCE_MAX" | "REDUCE_MIN" | "REDUCE_PROD" => reduce(call),
        "ADD" | "SUB" | "MUL" | "DIV" | "MAXIMUM" | "MINIMUM" | "SQUARED_DIFFERENCE" | "ADD_N" | "FLOOR_DIV"
        | "FLOOR_MOD" | "POW" | "ATAN2" => binary(call),
        "SOFTMAX" | "LOG_SOFTMAX" | "L2_NORMALIZATION" | "LOCAL_RESPONSE_NORMALIZATION" | "CUMSUM" => {
            single(call, call.shape(0)?)
        }
        "RESIZE_BILINEAR" | "RESIZE_NEAREST_NEIGHBOR" => {
            let [n, _, _, c] = call.shape_of(0)?;
            match call.values(1)?.as_deref() {
                Some(&[y, x]) => single(call, &[n, size(y)?, size(x)?, c]),
                _ => single(call, call.told()?.ok_or_else(unknown_size)?),
            }
        }
        "RFFT2D" => single(call, &transformed(call)?),
        "SVDF" => recurrent::svdf(call),
        "RNN" => recurrent::cell(call),
        "UNIDIRECTIONAL_SEQUENCE_RNN" => recurrent::rnn(call),
        "BIDIRECTIONAL_SEQUENCE_RNN" => recurrent::bidirectional_rnn(call),
        "LSTM" => recurrent::lstm_cell(call),
        "UNIDIRECTIONAL_SEQUENCE_LSTM" => recurrent::lstm(call),
        "BIDIRECTIONAL_SEQUENCE_LSTM" => recurrent::bidirectional_lstm(call),
        // Those of which the file tells which way they go are written out.
        "IF" | "WHILE" | "CALL" => branches(call),
        "RELU" | "RELU6" | "RELU_N1_TO_1" | "RELU_0_TO_1" | "LEAKY_RELU" | "PRELU" | "ELU" | "GELU" | "HARD_SWISH"
        | "LOGISTIC" | "TANH" => skipped(ACTIVATION),
        "ABS" | "NEG" | "EXP" | "LOG" | "SQRT" | "RSQRT" | "SQUARE" | "SIN" | "COS" | "FLOOR" | "CEIL" | "ROUND"
        | "SIGN" | "ZEROS_LIKE" | "BITWISE_XOR" | "RIGHT_SHIFT" | "COMPLEX_ABS" | "REAL" | "IMAG" => skipped(UNARY),
        "RESHAPE" | "SQUEEZE" | "EXPAND_DIMS" => skipped(RESHAPES),
        "CONCATENATION"
        | "SPLIT"
        | "SPLIT_V"
        | "SLICE"
        | "STRIDED_SLICE"
        | "PAD"
        | "PADV2"
        | "MIRROR_PAD"
        | "TRANSPOSE"
        | "PACK"
        | "UNPACK"
        | "GATHER"
        | "GATHER_ND"
        | "SCATTER_ND"
        | "EMBEDDING_LOOKUP"
        | "TILE"
        | "BROADCAST_TO"
        | "SPACE_TO_DEPTH"
        | "DEPTH_TO_SPACE"
        | "SPACE_TO_BATCH_ND"
        | "BATCH_TO_SPACE_ND"
        | "REVERSE_V2"
        | "REVERSE_SEQUENCE"
        | "DYNAMIC_UPDATE_SLICE"
        | "FILL"
        | "SPARSE_TO_DENSE"
        | "MATRIX_DIAG"
        | "MATRIX_SET_DIAG"
        | "SEGMENT_SUM"
        | "UNSORTED_SEGMENT_PROD"
        | "UNSORTED_SEGMENT_MAX"
        | "UNSORTED_SEGMENT_SUM"
        | "UNSORTED_SEGMENT_MIN"
        | "DENSIFY" => skipped(MOVES),
        "QUANTIZE" | "DEQUANTIZE" | "CAST" | "FAKE_QUANT" | "BITCAST" => skipped(RETYPES),
        "SHAPE" | "RANK" | "RANGE" | "BROADCAST_ARGS" | "BUCKETIZE" => skipped(INDICES),
        "ARG_MAX"
        | "ARG_MIN"
        | "TOPK_V2"
        | "LESS"
        | "LESS_EQUAL"
        | "GREATER"
        | "GREATER_EQUAL"
        | "EQUAL"
        | "NOT_EQUAL"
        | "LOGICAL_AND"
        | "LOGICAL_OR"
        | "LOGICAL_NOT"
        | "SELECT"
        | "SELECT_V2"
        | "WHERE"
        | "ONE_HOT"
        | "REDUCE_ANY"
        | "REDUCE_ALL"
        | "UNIQUE"
        | "NON_MAX_SUPPRESSION_V4"
        | "NON_MAX_SUPPRESSION_V5" => skipped(SELECTS),
        "RANDOM_UNIFORM" | "RANDOM_STANDARD_NORMAL" | "MULTINOMIAL" => skipped(RANDOM),
        // The first of these runs a subgraph once, before the network.
        "CALL_ONCE" | "VAR_HANDLE" | "READ_VARIABLE" | "ASSIGN_VARIABLE" | "HASHTABLE" | "HASHTABLE_FIND"
        | "HASHTABLE_IMPORT" | "HASHTABLE_SIZE" | "HASHTABLE_LOOKUP" => skipped(STATE),
        "CONV_3D" | "CONV_3D_TRANSPOSE" => unsupported("a convolution over three dimensions"),
        "DELEGATE" => unsupported("it was compiled for a delegate; use the file from before that"),
        _ => unsupported("an operator that is not known here"),
    }
}

/// Whether an operator multiplies and accumulates, or may do.
pub fn computes(name: &str) -> bool {
    const MACS: [&str; 15] = [
        "Convolution2DTransposeBias",
        "CONV_2D",
        "DEPTHWISE_CONV_2D",
        "TRANSPOSE_CONV",
        "FULLY_CONNECTED",
        "BATCH_MATMUL",
        "SVDF",
        "RNN",
        "UNIDIRECTIONAL_SEQUENCE_RNN",
        "BIDIRECTIONAL_SEQUENCE_RNN",
        "LSTM",
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        "BIDIRECTIONAL_SEQUENCE_LSTM",
        "CONV_3D",
        "CONV_3D_TRANSPOSE",
    ];
    MACS.contains(&name) || name.starts_with("STABLEHLO_") || name == "DELEGATE"
}

/// What an operator is whose shapes are not known.
pub fn unknown(call: &Call, why: String) -> Result<Meaning, Fault> {
    if !computes(&call.op.name) {
        return skipped("its shape is not known; it has no MACs");
    }
    let parameters = call.all_parameters(true)?;
    works(Work::Unsupported { why }, parameters, Vec::new())
}

/// A loop, a branch or a call. How often what is computed in other subgraphs cannot be told from the file.
fn branches(call: &Call) -> Result<Meaning, Fault> {
    let slots: &[u64] = if call.op.name == "CALL" { &[0] } else { &[0, 1] };
    let mut ahead = Vec::new();
    for &slot in slots {
        ahead.push(call.number(slot, 0)?);
    }
    // Subgraphs may call each other, and in circles.
    let mut seen = std::collections::HashSet::new();
    while let Some(number) = ahead.pop() {
        if !seen.insert(number) {
            continue;
        }
        let graph = usize::try_from(number).map_or(Ok(None), |number| call.file().graph(number))?;
        let graph = graph.ok_or_else(|| format!("runs subgraph {number}, which does not exist"))?;
        for op in &graph.operators {
            if op.custom || computes(&op.name) {
                let why = format!("how often the {} of subgraph {number} runs depends on data", op.name);
                return unsupported(&why);
            }
            if let ("IF" | "WHILE" | "CALL", Some(options)) = (op.name.as_str(), op.options) {
                ahead.push(options.i32(0, 0)?);
                if op.name != "CALL" {
                    ahead.push(options.i32(1, 0)?);
                }
            }
        }
    }
    skipped("branches and loops without MACs")
}

fn fully_connected(call: &Call) -> Result<Meaning, Fault> {
    let [outputs, inputs] = call.shape_of(1)?;
    let all = elements(call.shape(0)?)?;
    let rows = match all.checked_rem(inputs) {
        Some(0) => all / inputs,
        _ => return Err(format!("its input is {}, its weights take {inputs}", crossed(call.shape(0)?)).into()),
    };
    weighted(call, Work::FullyConnected { rows, inputs, outputs }, None, call.byte(0)?, None)
}

/// An operator with weights and biases.
pub fn weighted(
    call: &Call,
    work: Work,
    padding: Option<u8>,
    activation: u8,
    extra: Option<(&'static str, u64)>,
) -> Result<Meaning, Fault> {
    let (data, bias) = match work {
        Work::Transposed(_) if !call.op.custom => (2, 3),
        _ => (0, 2),
    };
    let mut notes = notes(call, data)?;
    let weights = call.input(1).ok_or("its weights are missing")?;
    notes.push(("weights", weights.kind.to_string()));
    notes.push(("wscales", weights.scales.to_string()));
    notes.push(("bias", u8::from(call.input(bias).is_some()).to_string()));
    if let Some(padding) = padding {
        notes.push(("padding", windows::padding_name(padding)?.to_string()));
    }
    notes.push(("fused", names::activation(activation).to_string()));
    if let Some((key, value)) = extra {
        notes.push((key, value.to_string()));
    }
    let parameters = call.parameters([1, bias])?;
    works(work, parameters, notes)
}

fn batch_matmul(call: &Call) -> Result<Meaning, Fault> {
    let (a, b) = (call.shape(0)?, call.shape(1)?);
    let (adjoint_a, adjoint_b) = (call.flag(0, false)?, call.flag(1, false)?);
    let product = Product::new(a, b, adjoint_a, adjoint_b)?;
    let constant = call.constant(0) || call.constant(1);
    let Product { outer, m, n, k } = product;
    let batch = elements(&outer)?;
    // One matrix on the right serves all on the left.
    let (batch, m) = if b.len() == 2 { (1, m.checked_mul(batch).ok_or("is too large")?) } else { (batch, m) };
    let mut notes = notes(call, 0)?;
    notes.push(("batch", batch.to_string()));
    notes.push(("A", crossed(a)));
    notes.push(("B", crossed(b)));
    notes.push(("weights", if constant { "const" } else { "activation" }.to_string()));
    works(Work::Gemm { batch, m, n, k, constant }, call.parameters([0, 1])?, notes)
}

/// A batch of matrix products.
pub struct Product {
    /// Dimensions of the output before the last two.
    pub outer: Vec<u64>,
    pub m: u64,
    pub n: u64,
    pub k: u64,
}

impl Product {
    pub fn new(a: &[u64], b: &[u64], adjoint_a: bool, adjoint_b: bool) -> Result<Product, Fault> {
        let ([outer_a @ .., a1, a2], [outer_b @ .., b1, b2]) = (a, b) else {
            return Err("its operands have fewer than 2 dimensions".into());
        };
        let (m, k) = if adjoint_a { (*a2, *a1) } else { (*a1, *a2) };
        let (of_b, n) = if adjoint_b { (*b2, *b1) } else { (*b1, *b2) };
        match broadcast(outer_a, outer_b) {
            Some(outer) if k == of_b => Ok(Product { outer, m, n, k }),
            _ => Err(format!("{} by {} is no product of matrices", crossed(a), crossed(b)).into()),
        }
    }
}

/// A mean over rows and columns is a pool whose window is its input.
fn reduce(call: &Call) -> Result<Meaning, Fault> {
    let input = call.shape(0)?;
    if is_index(call, 0) {
        return skipped(INDICES);
    }
    let axes = call.values(1)?.and_then(|axes| normalised(&axes, input.len()));
    match (input, axes.as_deref()) {
        (&[n, y, x, c], Some([1, 2])) => {
            let one = [1, 1];
            let window = Window {
                n,
                k: c,
                c,
                filter: [y, x],
                input: [y, x],
                output: one,
                stride: one,
                dilation: one,
                groups: c,
                pads: [0; 4],
            };
            let mut notes = notes(call, 0)?;
            notes.push(("global", "1".to_string()));
            works(Work::Pool(window), 0, notes)
        }
        (_, Some(axes)) => {
            let reduced = input.iter().enumerate().map(|(i, &size)| if axes.contains(&i) { 1 } else { size });
            single(call, &reduced.collect::<Vec<u64>>())
        }
        _ => single(call, input),
    }
}

/// Axes counted from the front, each once, in order; `None` if one does not exist.
pub fn normalised(axes: &[i64], rank: usize) -> Option<Vec<usize>> {
    let axes = axes.iter().map(|&axis| place_of(axis, rank)).collect::<Option<std::collections::BTreeSet<_>>>()?;
    Some(axes.into_iter().collect())
}

/// An axis counted from the front; `None` if it does not exist.
pub fn place_of(axis: i64, rank: usize) -> Option<usize> {
    let rank = i64::try_from(rank).ok()?;
    let axis = if axis < 0 { axis.checked_add(rank)? } else { axis };
    (0..rank).contains(&axis).then_some(axis as usize)
}

/// An operation of two tensors, element by element.
fn binary(call: &Call) -> Result<Meaning, Fault> {
    if is_index(call, 0) {
        return skipped(INDICES);
    }
    if (0..call.op.inputs.len()).filter(|&input| !call.constant(input)).count() < 2 {
        return skipped(CONSTANT);
    }
    let shape = broadcast_inputs(call)?;
    let (elements, shape) = (elements(&shape)?, channels_second(&shape));
    let mut notes = notes(call, 0)?;
    notes.push(("elementwise_elements", elements.to_string()));
    if matches!(call.op.name.as_str(), "ADD" | "SUB" | "MUL" | "DIV") {
        notes.push(("fused", names::activation(call.byte(0)?).to_string()));
    }
    works(Work::Elementwise { elements, input: shape.clone(), shape, binary: true }, 0, notes)
}

/// The shape of what all inputs are stretched to.
pub fn broadcast_inputs(call: &Call) -> Result<Vec<u64>, Fault> {
    let mut shape = Vec::new();
    for input in 0..call.op.inputs.len() {
        let more = call.shape(input)?;
        shape =
            broadcast(&shape, more).ok_or_else(|| format!("{} and {} do not match", crossed(&shape), crossed(more)))?;
    }
    Ok(shape)
}

/// The shape of what two tensors are stretched to: sizes of 1 to those of the other.
fn broadcast(a: &[u64], b: &[u64]) -> Option<Vec<u64>> {
    let rank = a.len().max(b.len());
    let padded = |shape: &[u64]| [vec![1; rank - shape.len()], shape.to_vec()].concat();
    let pairs = padded(a).into_iter().zip(padded(b));
    let sizes = pairs.map(|pair| match pair {
        (1, size) | (size, 1) => Some(size),
        (a, b) => (a == b).then_some(a),
    });
    sizes.collect()
}

/// An operation on one tensor.
fn single(call: &Call, shape: &[u64]) -> Result<Meaning, Fault> {
    let elements = elements(shape)?;
    let mut notes = notes(call, 0)?;
    notes.push(("elements", elements.to_string()));
    let input = channels_second(call.shape(0)?);
    works(Work::Elementwise { elements, input, shape: channels_second(shape), binary: false }, 0, notes)
}

fn channels_second(shape: &[u64]) -> Vec<u64> {
    match *shape {
        [n, y, x, c] => vec![n, c, y, x],
        _ => shape.to_vec(),
    }
}

/// Whether an input holds sizes or indices rather than activations.
fn is_index(call: &Call, input: usize) -> bool {
    call.input(input).is_some_and(|tensor| matches!(tensor.kind, "INT32" | "INT64" | "BOOL" | "UINT32" | "UINT64"))
}

/// What every operator's notes start with; `data` is the input that is no weight.
pub fn notes(call: &Call, data: usize) -> Result<Notes, Fault> {
    let input = call.input(data).map_or("NONE", |tensor| tensor.kind);
    Ok(vec![
        ("out_tensor", call.output_place()?.to_string()),
        ("in", input.to_string()),
        ("out", call.output()?.kind.to_string()),
    ])
}

pub fn works(work: Work, parameters: u64, notes: Notes) -> Result<Meaning, Fault> {
    Ok(Meaning::Works(vec![Part { suffix: "", work, parameters, notes }]))
}

fn skipped(why: &'static str) -> Result<Meaning, Fault> {
    Ok(Meaning::Skipped(why))
}

fn unsupported(why: &str) -> Result<Meaning, Fault> {
    works(Work::Unsupported { why: why.to_string() }, 0, Vec::new())
}

/// A size that the network computes.
pub fn size(value: i64) -> Result<u64, Fault> {
    u64::try_from(value).map_err(|_| format!("a size is {value}; expected 0 or more").into())
}

/// The failure to tell what an operator outputs.
pub fn unknown_size() -> Fault {
    Fault::Unknown("the size of its output depends on values that are known only when the network runs".to_string())
}
