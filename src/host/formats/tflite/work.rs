//! What operators do whose windows do not slide, and that keep no state.

use super::call::{Call, Fault, crossed, elements};
use super::dimensions::{Product, broadcast_inputs, normalised, size, unknown_size};
use super::names;
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

pub fn fully_connected(call: &Call) -> Result<Meaning, Fault> {
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

pub fn batch_matmul(call: &Call) -> Result<Meaning, Fault> {
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

/// A mean over rows and columns is a pool whose window is its input.
pub fn reduce(call: &Call) -> Result<Meaning, Fault> {
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

/// An operation of two tensors, element by element.
pub fn binary(call: &Call) -> Result<Meaning, Fault> {
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

/// An operation on one tensor.
pub fn single(call: &Call, shape: &[u64]) -> Result<Meaning, Fault> {
    let elements = elements(shape)?;
    let mut notes = notes(call, 0)?;
    notes.push(("elements", elements.to_string()));
    let input = channels_second(call.shape(0)?);
    works(Work::Elementwise { elements, input, shape: channels_second(shape), binary: false }, 0, notes)
}

/// A picture of another size.
pub fn resize(call: &Call) -> Result<Meaning, Fault> {
    let [n, _, _, c] = call.shape_of(0)?;
    match call.values(1)?.as_deref() {
        Some(&[y, x]) => single(call, &[n, size(y)?, size(x)?, c]),
        _ => single(call, call.stated()?.ok_or_else(unknown_size)?),
    }
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

pub fn skipped(why: &'static str) -> Result<Meaning, Fault> {
    Ok(Meaning::Skipped(why))
}

pub fn unsupported(why: &str) -> Result<Meaning, Fault> {
    works(Work::Unsupported { why: why.to_string() }, 0, Vec::new())
}
