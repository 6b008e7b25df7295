//! What an operator means for the cost of a network: work, or nothing.

use super::call::Call;
use super::fact::Fault;
use super::names;
use crate::host::model::Work;

/// What an operator means for the cost of a network.
pub enum Meaning {
    /// The operator computes or moves data.
    Works(Vec<Part>),
    /// The operator is left out for this reason.
    Skipped(&'static str),
}

/// A part of an operator; most operators have one part.
pub struct Part {
    /// This text is appended to the operator's name.
    pub suffix: &'static str,
    pub work: Work,
    pub parameters: u64,
    pub notes: Notes,
}

/// Names and values for the listing of a model.
pub type Notes = Vec<(&'static str, String)>;

/// The reasons why operators are left out.
pub const ACTIVATION: &str = "an activation, applied to what the operator before it computes";
pub const UNARY: &str = "a function of each element of one tensor";
pub const CONSTANT: &str = "one operand is a constant";
pub const RESHAPES: &str = "changes the shape only";
pub const MOVES: &str = "moves data only";
pub const RETYPES: &str = "changes the type of numbers only";
pub const INDICES: &str = "computes shapes or indices";
pub const SELECTS: &str = "compares or selects";
pub const STATE: &str = "keeps state";
pub const RANDOM: &str = "random numbers";

/// The notes that every operator has. `data` is the number of the input that is not a weight.
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

pub fn skipped(why: &'static str) -> Result<Meaning, Fault> {
    Ok(Meaning::Skipped(why))
}

pub fn unsupported(why: &str) -> Result<Meaning, Fault> {
    works(Work::Unsupported { why: why.to_string() }, 0, Vec::new())
}

/// The meaning of an operator with weights and biases, with the notes on them. `padding` and `activation` are
/// TFLite's numbers.
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
        notes.push(("padding", names::padding(padding)?.to_string()));
    }
    notes.push(("fused", names::activation(activation).to_string()));
    if let Some((key, value)) = extra {
        notes.push((key, value.to_string()));
    }
    let parameters = call.parameters([1, bias])?;
    works(work, parameters, notes)
}
