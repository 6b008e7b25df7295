//! What is known of a tensor before the network runs, and why an operator cannot be read.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::host::model::ModelError;

/// The maximum size of a dimension; the file has 31 bits for it.
pub const MAX_SIZE: u64 = i32::MAX as u64;

/// The maximum length of a list of integers that is computed.
pub const MAX_VALUES: usize = 1 << 8;

/// Identifies a constant of the file: by its content, which tensors may share, or by its subgraph and number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    Buffer(u32),
    Tensor(usize, usize),
}

/// What is known of a tensor.
#[derive(Clone, Default)]
pub struct Fact {
    /// The shape, if it is known.
    pub shape: Option<Vec<u64>>,
    /// Why the shape is not known.
    pub why: Option<Rc<str>>,
    /// The integers of the tensor, if they are computed from shapes and constants.
    pub values: Option<Vec<i64>>,
    /// Whether the tensor is a constant of the file, or is computed from constants only.
    pub constant: bool,
    /// The constants that the tensor consists of or is computed from, with their numbers of elements.
    pub origins: BTreeMap<Origin, u64>,
}

/// Why an operator cannot be read.
pub enum Fault {
    /// The file is damaged.
    File(ModelError),
    /// The operator contradicts its shapes.
    Here(String),
    /// The operator depends on a shape that is not known.
    Unknown(String),
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Fault {
        Fault::File(error)
    }
}

impl From<String> for Fault {
    fn from(what: String) -> Fault {
        Fault::Here(what)
    }
}

impl From<&str> for Fault {
    fn from(what: &str) -> Fault {
        Fault::Here(what.to_string())
    }
}

/// A shape as text: `1x28x28x3`.
pub fn crossed(shape: &[u64]) -> String {
    if shape.is_empty() {
        return "a scalar".to_string();
    }
    shape.iter().map(u64::to_string).collect::<Vec<_>>().join("x")
}

/// The number of elements of a tensor.
pub fn elements(shape: &[u64]) -> Result<u64, Fault> {
    let product = shape.iter().try_fold(1u64, |product, &size| product.checked_mul(size));
    product.ok_or_else(|| format!("a tensor of {} has more elements than 64 bits count", crossed(shape)).into())
}
