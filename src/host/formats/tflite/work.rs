//! The work of operators without sliding windows and state: products, reductions, elementwise operations.

use super::call::Call;
use super::dimensions::{Product, broadcast_inputs, normalised, size, unknown_size};
use super::fact::{Fault, crossed, elements};
use super::meaning::{CONSTANT, INDICES, Meaning, notes, skipped, weighted, works};
use super::names;
use crate::host::model::{Window, Work};

pub fn fully_connected(call: &Call) -> Result<Meaning, Fault> {
    let [outputs, inputs] = call.shape_of(1)?;
    let all = elements(call.shape(0)?)?;
    let rows = match all.checked_rem(inputs) {
        Some(0) => all / inputs,
        _ => return Err(format!("its input is {}, its weights take {inputs}", crossed(call.shape(0)?)).into()),
    };
    weighted(call, Work::FullyConnected { rows, inputs, outputs }, None, call.byte(0)?, None)
}

pub fn batch_matmul(call: &Call) -> Result<Meaning, Fault> {
    let (a, b) = (call.shape(0)?, call.shape(1)?);
    let (adjoint_a, adjoint_b) = (call.flag(0, false)?, call.flag(1, false)?);
    let product = Product::new(a, b, adjoint_a, adjoint_b)?;
    let constant = call.constant(0) || call.constant(1);
    let Product { outer, m, n, k } = product;
    let batch = elements(&outer)?;
    // If the second operand is a single matrix, it applies to the whole batch of the first one.
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

/// An elementwise operation on two tensors.
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

/// An image that is resized.
pub fn resize(call: &Call) -> Result<Meaning, Fault> {
    let [n, _, _, c] = call.shape_of(0)?;
    match call.values(1)?.as_deref() {
        Some(&[y, x]) => single(call, &[n, size(y)?, size(x)?, c]),
        _ => single(call, call.stated()?.ok_or_else(unknown_size)?),
    }
}

/// A shape in the order batch, channels, rows, columns.
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
