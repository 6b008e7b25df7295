//! The table of operators. Each row is for one operator, or for several that differ only in their names.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::call::Call;
use super::dimensions::transformed;
use super::fact::Fault;
use super::meaning::{
    ACTIVATION, INDICES, MOVES, Meaning, RANDOM, RESHAPES, RETYPES, SELECTS, STATE, UNARY, skipped, unsupported, works,
};
use super::schema::Op;
use super::shapes::{self, Shapes};
use super::state::Outputs;
use super::{layout, recurrent, windows, work};
use crate::host::formats::by_name;
use crate::host::model::Work;

/// Operators with the same rules.
struct Operator {
    names: &'static str,
    /// Derives the work and the weights from the shapes of the inputs.
    work: fn(&Call) -> Result<Meaning, Fault>,
    /// Derives the shapes of the outputs. For a convolution they follow from its window instead.
    shapes: fn(&Call) -> Shapes,
    /// Whether the operator multiplies and accumulates. Such an operator cannot be left out if its shape is unknown.
    macs: bool,
    /// Whether the sizes of the outputs depend on data. The sizes in the file do not hold then.
    by_data: bool,
}

const fn row(names: &'static str, work: fn(&Call) -> Result<Meaning, Fault>, shapes: fn(&Call) -> Shapes) -> Operator {
    Operator { names, work, shapes, macs: false, by_data: false }
}

impl Operator {
    const fn with_macs(self) -> Operator {
        Operator { macs: true, ..self }
    }

    const fn by_data(self) -> Operator {
        Operator { by_data: true, ..self }
    }
}

/// Operators of TFLite itself.
const BUILTIN: &[Operator] = &[
    row("CONV_2D", windows::conv, shapes::none).with_macs(),
    row("DEPTHWISE_CONV_2D", windows::depthwise, shapes::none).with_macs(),
    row("TRANSPOSE_CONV", windows::transposed, shapes::transposed).with_macs(),
    row("FULLY_CONNECTED", work::fully_connected, shapes::fully_connected).with_macs(),
    row("BATCH_MATMUL", work::batch_matmul, shapes::batch_matmul).with_macs(),
    row("SVDF", recurrent::svdf, shapes::svdf).with_macs(),
    row("RNN", recurrent::cell, shapes::cell).with_macs(),
    row("UNIDIRECTIONAL_SEQUENCE_RNN", recurrent::rnn, shapes::same_but_last).with_macs(),
    row("BIDIRECTIONAL_SEQUENCE_RNN", recurrent::bidirectional_rnn, shapes::joined).with_macs(),
    row("LSTM", recurrent::lstm_cell, shapes::same_but_last).with_macs(),
    row("UNIDIRECTIONAL_SEQUENCE_LSTM", recurrent::lstm, shapes::same_but_last).with_macs(),
    row("BIDIRECTIONAL_SEQUENCE_LSTM", recurrent::bidirectional_lstm, shapes::joined).with_macs(),
    row("CONV_3D CONV_3D_TRANSPOSE", |_| unsupported("a convolution over three dimensions"), shapes::none).with_macs(),
    row("DELEGATE", |_| unsupported("it was compiled for a delegate; use the file from before that"), shapes::none)
        .with_macs(),
    row("AVERAGE_POOL_2D MAX_POOL_2D L2_POOL_2D", windows::pool, shapes::pool),
    row("MEAN SUM REDUCE_MAX REDUCE_MIN REDUCE_PROD", work::reduce, shapes::reduce),
    row(
        "ADD SUB MUL DIV MAXIMUM MINIMUM SQUARED_DIFFERENCE ADD_N FLOOR_DIV FLOOR_MOD POW ATAN2",
        work::binary,
        shapes::broadcast,
    ),
    row(
        "SOFTMAX LOG_SOFTMAX L2_NORMALIZATION LOCAL_RESPONSE_NORMALIZATION CUMSUM",
        |call| work::single(call, call.shape(0)?),
        shapes::first,
    ),
    row("RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR", work::resize, shapes::resize),
    row("RFFT2D", |call| work::single(call, &transformed(call)?), shapes::fourier),
    // An operator gets here only if its direction is unknown; otherwise the reader replaces it by the operators that
    // it runs.
    row("IF WHILE CALL", branches, shapes::none),
    row(
        "RELU RELU6 RELU_N1_TO_1 RELU_0_TO_1 LEAKY_RELU PRELU ELU GELU HARD_SWISH LOGISTIC TANH",
        |_| skipped(ACTIVATION),
        shapes::first,
    ),
    row(
        "ABS NEG EXP LOG SQRT RSQRT SQUARE SIN COS FLOOR CEIL ROUND SIGN ZEROS_LIKE COMPLEX_ABS REAL IMAG",
        |_| skipped(UNARY),
        shapes::first,
    ),
    row("BITWISE_XOR RIGHT_SHIFT", |_| skipped(UNARY), shapes::broadcast),
    row("RESHAPE", |_| skipped(RESHAPES), layout::reshape),
    row("SQUEEZE", |_| skipped(RESHAPES), layout::squeeze),
    row("EXPAND_DIMS", |_| skipped(RESHAPES), layout::expand),
    row("CONCATENATION", |_| skipped(MOVES), layout::concatenation),
    row("SPLIT", |_| skipped(MOVES), layout::split),
    row("SPLIT_V", |_| skipped(MOVES), layout::split_sizes),
    row("SLICE", |_| skipped(MOVES), layout::slice),
    row("STRIDED_SLICE", |_| skipped(MOVES), layout::strided_slice),
    row("PAD PADV2 MIRROR_PAD", |_| skipped(MOVES), layout::pad),
    row("TRANSPOSE", |_| skipped(MOVES), layout::transpose),
    row("PACK", |_| skipped(MOVES), layout::pack),
    row("UNPACK", |_| skipped(MOVES), layout::unpack),
    row("GATHER", |_| skipped(MOVES), layout::gather),
    row("GATHER_ND", |_| skipped(MOVES), layout::gather_nd),
    row("SCATTER_ND", |_| skipped(MOVES), |call| layout::sizes_in(call, 2)),
    row("EMBEDDING_LOOKUP", |_| skipped(MOVES), layout::embedding),
    row("TILE", |_| skipped(MOVES), layout::tile),
    row("BROADCAST_TO", |_| skipped(MOVES), |call| layout::sizes_in(call, 1)),
    row("SPACE_TO_DEPTH DEPTH_TO_SPACE", |_| skipped(MOVES), layout::blocks),
    row("SPACE_TO_BATCH_ND", |_| skipped(MOVES), layout::space_to_batch),
    row("BATCH_TO_SPACE_ND", |_| skipped(MOVES), layout::batch_to_space),
    row("REVERSE_V2 REVERSE_SEQUENCE DYNAMIC_UPDATE_SLICE MATRIX_SET_DIAG", |_| skipped(MOVES), shapes::first),
    row("FILL", |_| skipped(MOVES), |call| layout::sizes_in(call, 0)),
    row("SPARSE_TO_DENSE", |_| skipped(MOVES), |call| layout::sizes_in(call, 1)),
    row("MATRIX_DIAG", |_| skipped(MOVES), layout::diagonal),
    row("SEGMENT_SUM", |_| skipped(MOVES), shapes::unknown).by_data(),
    row(
        "UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM UNSORTED_SEGMENT_MIN",
        |_| skipped(MOVES),
        layout::segments,
    ),
    row("DENSIFY", |_| skipped(MOVES), shapes::none),
    row("QUANTIZE DEQUANTIZE CAST FAKE_QUANT BITCAST", |_| skipped(RETYPES), shapes::first),
    row("SHAPE", |_| skipped(INDICES), shapes::shape),
    row("RANK", |_| skipped(INDICES), shapes::scalar),
    row("RANGE", |_| skipped(INDICES), shapes::counted).by_data(),
    row("BROADCAST_ARGS", |_| skipped(INDICES), shapes::stretched),
    row("BUCKETIZE", |_| skipped(INDICES), shapes::first),
    row(
        "LESS LESS_EQUAL GREATER GREATER_EQUAL EQUAL NOT_EQUAL LOGICAL_AND LOGICAL_OR SELECT_V2",
        |_| skipped(SELECTS),
        shapes::broadcast,
    ),
    row("LOGICAL_NOT", |_| skipped(SELECTS), shapes::first),
    row("SELECT", |_| skipped(SELECTS), shapes::second),
    row("ARG_MAX ARG_MIN", |_| skipped(SELECTS), shapes::arg),
    row("TOPK_V2", |_| skipped(SELECTS), shapes::top),
    row("WHERE", |_| skipped(SELECTS), shapes::places).by_data(),
    row("ONE_HOT", |_| skipped(SELECTS), shapes::one_hot),
    row("REDUCE_ANY REDUCE_ALL", |_| skipped(SELECTS), shapes::reduce),
    row("UNIQUE", |_| skipped(SELECTS), shapes::unique).by_data(),
    row("NON_MAX_SUPPRESSION_V4", |_| skipped(SELECTS), |call| shapes::suppressed(call, false)),
    row("NON_MAX_SUPPRESSION_V5", |_| skipped(SELECTS), |call| shapes::suppressed(call, true)),
    row("RANDOM_UNIFORM RANDOM_STANDARD_NORMAL", |_| skipped(RANDOM), |call| layout::sizes_in(call, 0)),
    row("MULTINOMIAL", |_| skipped(RANDOM), shapes::multinomial),
    // `CALL_ONCE` runs a subgraph once, before the network.
    row(
        "CALL_ONCE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE HASHTABLE HASHTABLE_IMPORT HASHTABLE_SIZE HASHTABLE_LOOKUP",
        |_| skipped(STATE),
        shapes::none,
    ),
    row("HASHTABLE_FIND", |_| skipped(STATE), shapes::first),
];

/// Custom operators.
const CUSTOM: &[Operator] =
    &[row("Convolution2DTransposeBias", windows::transposed_with_bias, shapes::none).with_macs()];

type Known = HashMap<&'static str, &'static Operator>;

fn by_name(rows: &'static [Operator]) -> Known {
    by_name::by_name(rows, |row| row.names)
}

fn find(op: &Op) -> Option<&'static Operator> {
    static KNOWN: LazyLock<[Known; 2]> = LazyLock::new(|| [by_name(BUILTIN), by_name(CUSTOM)]);
    KNOWN[usize::from(op.custom)].get(op.name.as_str()).copied()
}

/// What an operator does, derived from the shapes of its inputs.
///
/// # Errors
/// The shapes contradict each other or the operator.
pub fn meaning(call: &Call) -> Result<Meaning, Fault> {
    match find(call.op) {
        Some(operator) => (operator.work)(call),
        None if call.op.custom => unsupported("a custom operator"),
        None => unsupported("an operator that is not known here"),
    }
}

/// The shapes of all outputs.
///
/// # Errors
/// The shapes contradict each other.
pub fn outputs(call: &Call, meaning: &Meaning) -> Result<Outputs, Fault> {
    let (rule, by_data) = find(call.op)
        .map_or((shapes::none as fn(&Call) -> Shapes, false), |operator| (operator.shapes, operator.by_data));
    shapes::outputs(call, meaning, rule, by_data)
}

/// Whether an operator multiplies and accumulates, or may do so.
fn computes(op: &Op) -> bool {
    find(op).map_or_else(|| op.name.starts_with("STABLEHLO_"), |operator| operator.macs)
}

/// What an operator with unknown shapes does.
///
/// # Errors
/// The file is damaged.
pub fn unknown(call: &Call, why: String) -> Result<Meaning, Fault> {
    if !computes(call.op) {
        return skipped("its shape is not known; it has no MACs");
    }
    works(Work::Unsupported { why }, call.all_parameters(true)?, Vec::new())
}

/// A loop, branch or call, if the file does not say how often its subgraphs run. It is unsupported if they compute.
fn branches(call: &Call) -> Result<Meaning, Fault> {
    let slots: &[u64] = if call.op.name == "CALL" { &[0] } else { &[0, 1] };
    let mut ahead = Vec::new();
    for &slot in slots {
        ahead.push(call.number(slot, 0)?);
    }
    // Subgraphs may call each other, also in cycles.
    let mut seen = HashSet::new();
    while let Some(number) = ahead.pop() {
        if !seen.insert(number) {
            continue;
        }
        let graph = usize::try_from(number).map_or(Ok(None), |number| call.file().graph(number))?;
        let graph = graph.ok_or_else(|| format!("runs subgraph {number}, which does not exist"))?;
        for op in &graph.operators {
            if op.custom || computes(op) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operator_has_two_rows() {
        for rows in [BUILTIN, CUSTOM] {
            let names = rows.iter().flat_map(|row| row.names.split_whitespace());
            assert_eq!(by_name(rows).len(), names.count());
        }
    }
}
