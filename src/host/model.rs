//! Networks as training frameworks store them: operators with their shapes, and padding as a separate figure.
//!
//! The readers of ONNX and TFLite files make a [`Model`]. [`lower`] turns it into a [`Network`](crate::host::network::Network),
//! [`listing`] into a table of its operators.

pub mod listing;
pub mod lower;

use std::fmt;

/// The operators of a model file, in execution order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Model {
    /// Its name, or that of its file.
    pub name: String,
    /// Operators that compute or move data.
    pub operators: Vec<Operator>,
    /// Operators that are left out because they cost nothing, and why: fused activations, reshapes, shape arithmetic.
    pub skipped: Vec<Skipped>,
}

/// Sizes of a file's inputs (if the file leaves them open, or to replace them), and values that decide branches and
/// loops.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct InputShapes {
    /// Shapes of inputs by their names.
    pub shapes: Vec<(String, Vec<u64>)>,
    /// Size of the first dimension of the inputs that `shapes` does not have.
    pub batch: Option<u64>,
    /// Values of inputs by their names: one for each element of the input, or one for all.
    pub values: Vec<(String, Vec<f64>)>,
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its name in the file, or that of its output if it has none.
    pub name: String,
    /// Its kind in the file: `Conv`, `DEPTHWISE_CONV_2D`.
    pub op: String,
    /// Its place among the file's operators, counted from 0.
    pub index: usize,
    /// Its work.
    pub work: Work,
    /// Elements of its weights and biases. A constant that several operators share counts for the first of them.
    pub parameters: u64,
    /// Further facts that are not in other fields, as keys and values without commas and semicolons. A fact without a
    /// value consists of its key, which may have several words.
    pub notes: Vec<(&'static str, String)>,
}

impl Operator {
    /// Where it is, for messages: `operator 12 (Conv 'features.0')`.
    pub(crate) fn place(&self) -> String {
        place(self.index, &self.op, &self.name)
    }
}

/// Where an operator is, for messages: `operator 12 (Conv 'features.0')`.
pub(crate) fn place(index: usize, op: &str, name: &str) -> String {
    // Names of fused operators are long.
    const CHARS: usize = 80;
    let cut: String = name.chars().take(CHARS).collect();
    let dots = if cut.len() < name.len() { "..." } else { "" };
    format!("operator {index} ({} '{}{dots}')", printable(op), printable(&cut))
}

/// A name from a file, with control characters escaped.
pub(crate) fn printable(name: &str) -> String {
    let escaped = |c: char| match c {
        '\'' | '"' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    name.chars().map(escaped).collect()
}

/// The work of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// A convolution. It is depthwise if there are several groups and as many as input channels.
    Conv(Window),
    /// A transposed convolution: the window slides over the output.
    Transposed(Window),
    /// A matrix product with constant weights: `rows x inputs` by `inputs x outputs`.
    FullyConnected {
        /// Rows of the input: the batch.
        rows: u64,
        /// Columns of the input.
        inputs: u64,
        /// Columns of the output.
        outputs: u64,
    },
    /// `batch` matrix products of `m x k` by `k x n`.
    Gemm {
        /// How many.
        batch: u64,
        /// Rows of the output.
        m: u64,
        /// Columns of the output.
        n: u64,
        /// Elements of each sum of products.
        k: u64,
        /// Whether one of the operands is a constant.
        constant: bool,
    },
    /// Pooling, and means over rows and columns: no MACs.
    Pool(Window),
    /// Anything else that moves data: no MACs.
    Elementwise {
        /// Elements of the output.
        elements: u64,
        /// Shape of the output, channels second where it has rows and columns.
        shape: Vec<u64>,
        /// Shape of the input: differs from that of the output if elements are resized or reduced.
        input: Vec<u64>,
        /// Whether a second tensor that is not constant is read.
        binary: bool,
    },
    /// Computation that cannot be costed.
    Unsupported {
        /// Why.
        why: String,
    },
}

impl Work {
    /// Multiply-accumulates. `None` if they do not fit into 64 bits, or if the operator is unsupported.
    ///
    /// A transposed convolution multiplies each element of its input by the whole filter.
    pub fn macs(&self) -> Option<u64> {
        let product = |factors: &[u64]| factors.iter().try_fold(1u64, |product, &factor| product.checked_mul(factor));
        match self {
            Work::Conv(window) => window.macs(window.output),
            Work::Transposed(window) => window.macs(window.input),
            Work::FullyConnected { rows, inputs, outputs } => product(&[*rows, *inputs, *outputs]),
            Work::Gemm { batch, m, n, k, .. } => product(&[*batch, *m, *n, *k]),
            Work::Pool(_) | Work::Elementwise { .. } => Some(0),
            Work::Unsupported { .. } => None,
        }
    }
}

impl Window {
    /// MACs of the window at all of these positions, for each pair of channels of a group. `None` if they do not fit
    /// into 64 bits.
    pub(crate) fn macs(&self, positions: [u64; 2]) -> Option<u64> {
        let factors = [self.k, positions[0], positions[1], self.filter[0], self.filter[1], self.c / self.groups.max(1)];
        factors.into_iter().try_fold(self.n, u64::checked_mul)
    }
}

/// A filter that slides over rows and columns. Extents are unpadded; one-dimensional ones have one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Batch.
    pub n: u64,
    /// Output channels, of all groups.
    pub k: u64,
    /// Input channels, of all groups.
    pub c: u64,
    /// Rows and columns of the filter.
    pub filter: [u64; 2],
    /// Rows and columns of the input.
    pub input: [u64; 2],
    /// Rows and columns of the output.
    pub output: [u64; 2],
    /// Strides along rows and columns.
    pub stride: [u64; 2],
    /// Dilations along rows and columns.
    pub dilation: [u64; 2],
    /// Groups.
    pub groups: u64,
    /// Padding at the top, bottom, left and right.
    pub pads: [u64; 4],
}

/// An operator that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its name in the file.
    pub name: String,
    /// Its kind in the file.
    pub op: String,
    /// Its place among the file's operators, counted from 0.
    pub index: usize,
    /// Why it costs nothing.
    pub why: &'static str,
    /// Elements of its weights: tables that are looked up, biases that are added.
    pub parameters: u64,
}

/// Why a file cannot be read as a model, or an operator cannot be costed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// Where: `byte 4711`, `operator 12 (Conv 'features.0')`.
    pub place: Option<String>,
    /// What is wrong, what was expected.
    pub what: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ModelError {}
