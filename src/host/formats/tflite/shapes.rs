//! Rules for the output shapes of operators that compute, for inputs whose sizes differ from the file's. The rules
//! for operators that only move elements are in `layout`.

use super::call::Call;
use super::dimensions::{Product, broadcast_inputs, normalised, place, size, transformed, unknown_size};
use super::fact::{Fault, elements};
use super::meaning::Meaning;
use super::state::Outputs;
use super::values::range;
use super::windows::{pooled, transposed_output};
use crate::host::model::Work;

/// The shapes of all outputs; `None` if there is no rule for them.
pub type Shapes = Result<Option<Vec<Vec<u64>>>, Fault>;

/// The shapes of all outputs. If those in the file do not hold, they follow from the operator's rule. They never hold
/// if they depend on data (`by_data`).
///
/// # Errors
/// The shapes contradict each other.
pub fn outputs(call: &Call, meaning: &Meaning, rule: fn(&Call) -> Shapes, by_data: bool) -> Result<Outputs, Fault> {
    if call.as_stated() && !by_data {
        return Ok(Outputs::Stated);
    }
    let shapes = match of_window(meaning) {
        Some(shape) => one(shape),
        None => rule(call),
    };
    match shapes {
        Ok(Some(shapes)) => Ok(Outputs::Derived(shapes)),
        Ok(None) if call.may_be_as_stated() => Ok(Outputs::Stated),
        Ok(None) | Err(Fault::Unknown(_)) => Ok(Outputs::Unknown),
        Err(fault) => Err(fault),
    }
}

/// The output shape of a convolution, from its window; `None` for other operators.
fn of_window(meaning: &Meaning) -> Option<Vec<u64>> {
    let Meaning::Works(parts) = meaning else { return None };
    let [part] = parts.as_slice() else { return None };
    let (Work::Conv(window) | Work::Transposed(window)) = &part.work else { return None };
    Some(vec![window.n, window.output[0], window.output[1], window.k])
}

/// No rule: the outputs have the file's shapes, if these may still hold.
pub fn none(_: &Call) -> Shapes {
    Ok(None)
}

/// The shape of the first input.
pub fn first(call: &Call) -> Shapes {
    one(call.shape(0)?.to_vec())
}

/// The shape of the second input.
pub fn second(call: &Call) -> Shapes {
    one(call.shape(1)?.to_vec())
}

/// The shape of all inputs after broadcasting.
pub fn broadcast(call: &Call) -> Shapes {
    one(broadcast_inputs(call)?)
}

/// The value of an input that is a single number.
pub fn number(call: &Call, input: usize) -> Result<i64, Fault> {
    match call.values(input)?.as_deref() {
        Some(&[number]) => Ok(number),
        _ => Err(unknown_size()),
    }
}

pub fn pool(call: &Call) -> Shapes {
    match pooled(call) {
        Ok(window) => one(vec![window.n, window.output[0], window.output[1], window.c]),
        Err(Fault::Unknown(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

pub fn transposed(call: &Call) -> Shapes {
    let ([k, ..], [n, ..]) = (call.shape_of::<4>(1)?, call.shape_of::<4>(2)?);
    let [y, x] = transposed_output(call)?;
    one(vec![n, y, x, k])
}

pub fn batch_matmul(call: &Call) -> Shapes {
    let adjoint = [call.flag(0, false)?, call.flag(1, false)?];
    let Product { mut outer, m, n, .. } = Product::new(call.shape(0)?, call.shape(1)?, adjoint[0], adjoint[1])?;
    outer.extend([m, n]);
    one(outer)
}

pub fn resize(call: &Call) -> Shapes {
    let [n, _, _, c] = call.shape_of(0)?;
    let Some(&[y, x]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
    one(vec![n, size(y)?, size(x)?, c])
}

/// The shape of a list that contains the shape of the input.
pub fn shape(call: &Call) -> Shapes {
    one(vec![call.shape(0)?.len() as u64])
}

pub fn scalar(_: &Call) -> Shapes {
    one(Vec::new())
}

pub fn counted(call: &Call) -> Shapes {
    match range(call)? {
        Some((_, _, count)) => one(vec![count]),
        None => Err(unknown_size()),
    }
}

/// The indices of all elements that are not 0.
pub fn places(call: &Call) -> Shapes {
    let set = call.values(0)?.ok_or_else(unknown_size)?;
    one(vec![set.iter().filter(|&&set| set != 0).count() as u64, call.shape(0)?.len() as u64])
}

pub fn unique(call: &Call) -> Shapes {
    let mut values = call.values(0)?.ok_or_else(unknown_size)?;
    values.sort_unstable();
    values.dedup();
    Ok(Some(vec![vec![values.len() as u64], call.shape(0)?.to_vec()]))
}

/// Non-maximum suppression: the boxes that are kept, their scores if these are an output, and the number of boxes.
pub fn suppressed(call: &Call, scores: bool) -> Shapes {
    let selected = vec![size(number(call, 2)?)?];
    let scores = scores.then(|| selected.clone());
    Ok(Some([Some(selected), scores, Some(Vec::new())].into_iter().flatten().collect()))
}

pub fn one_hot(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    let depth = number(call, 1)?;
    shape.insert(place(call.number(0, 0)?.into(), shape.len() + 1)?, size(depth)?);
    one(shape)
}

pub fn top(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    let count = number(call, 1)?;
    *shape.last_mut().ok_or("has a scalar for its input")? = size(count)?;
    Ok(Some(vec![shape.clone(), shape]))
}

pub fn multinomial(call: &Call) -> Shapes {
    let count = number(call, 1)?;
    one(vec![call.shape_of::<2>(0)?[0], size(count)?])
}

/// The index of the largest or smallest element along an axis.
pub fn arg(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    shape.remove(place(number(call, 1)?, shape.len())?);
    one(shape)
}

/// The shape is known only when the network runs.
pub fn unknown(_: &Call) -> Shapes {
    Err(unknown_size())
}

/// The shape of a list that contains the broadcast shape of two shapes, which are lists too.
pub fn stretched(call: &Call) -> Shapes {
    let ([a], [b]) = (call.shape_of(0)?, call.shape_of(1)?);
    one(vec![a.max(b)])
}

pub fn fourier(call: &Call) -> Shapes {
    one(transformed(call)?)
}

pub fn svdf(call: &Call) -> Shapes {
    let ([batch, _], [filters, _]) = (call.shape_of(0)?, call.shape_of(1)?);
    one(vec![batch, filters / call.size(0, 1, "rank")?])
}

pub fn cell(call: &Call) -> Shapes {
    one(vec![call.shape_of::<2>(0)?[0], call.shape_of::<2>(1)?[0]])
}

/// A recurrent layer that joins both directions in one output.
pub fn joined(call: &Call) -> Shapes {
    if call.op.outputs.len() == 1 { same_but_last(call) } else { Ok(None) }
}

/// The shape of an operator's only output.
pub fn one(shape: Vec<u64>) -> Shapes {
    Ok(Some(vec![shape]))
}

pub fn fully_connected(call: &Call) -> Shapes {
    let [outputs, inputs] = call.shape_of(1)?;
    let shape = call.shape(0)?;
    if call.flag(2, false)? {
        let outer = &shape[..shape.len().saturating_sub(1)];
        return one([outer, &[outputs]].concat());
    }
    one(vec![elements(shape)?.checked_div(inputs).ok_or("its weights take no inputs")?, outputs])
}

pub fn reduce(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let Some(axes) = call.values(1)? else { return Err(unknown_size()) };
    let axes = normalised(&axes, shape.len()).ok_or("reduces an axis that does not exist")?;
    let keep = call.flag(0, false)?;
    let sizes = shape.iter().enumerate().filter_map(|(axis, &size)| match axes.contains(&axis) {
        true => keep.then_some(1),
        false => Some(size),
    });
    one(sizes.collect())
}

/// A recurrent layer. Only the last size changes, and the new size does not depend on the input.
pub fn same_but_last(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    match (shape.last_mut(), call.output()?.stated()) {
        (Some(last), Some([.., stated])) => *last = *stated,
        _ => return Ok(None),
    }
    // The older LSTM has several outputs, and its result is not the first.
    if call.op.outputs.len() == 1 { one(shape) } else { Ok(None) }
}
