//! Networks as training frameworks store them: operators with their true shapes, padding apart.
//!
//! The readers of ONNX and TFLite files end here; [`Model`] becomes a [`Network`](crate::host::network::Network) from here.

use std::fmt;

/// What a model file holds, in execution order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Model {
    /// Its name, or that of its file.
    pub name: String,
    /// Operators that compute or move data.
    pub operators: Vec<Operator>,
    /// Operators that cost nothing of their own, and why: activations that are fused, reshapes, shape arithmetic.
    pub skipped: Vec<Skipped>,
}

/// An operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// Its name in the file; that of its output where it has none.
    pub name: String,
    /// What the file calls it: `Conv`, `DEPTHWISE_CONV_2D`.
    pub op: String,
    /// Its place among the file's operators, counted from 0.
    pub index: usize,
    /// What it does.
    pub work: Work,
    /// Elements of its weights and biases.
    pub parameters: u64,
    /// Further facts, as keys and values without commas and semicolons.
    pub notes: Vec<(&'static str, String)>,
}

/// What an operator does.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// A convolution, depthwise where there are as many groups as input channels and more than one.
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
        /// What is summed over.
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
        /// Shape of the output.
        shape: Vec<u64>,
        /// Whether a second tensor is read that is not a constant.
        binary: bool,
    },
    /// Something that computes and cannot be costed.
    Unsupported {
        /// Why.
        why: String,
    },
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
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    /// Its name in the file.
    pub name: String,
    /// What the file calls it.
    pub op: String,
    /// Its place among the file's operators, counted from 0.
    pub index: usize,
    /// Why it costs nothing of its own.
    pub why: &'static str,
}

/// Why a file cannot be read as a model.
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
