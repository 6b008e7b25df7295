//! Operators on signals: Fourier transforms, windows, and mel filters. A transform counts as moving data, because
//! runtimes do not compute it as a matrix product.

use super::super::call::{Call, Inferred, LAYOUT, Problem, axis};
use super::super::tensor::{Element, shown};

/// `DFT`.
pub fn dft(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape_of_rank(0, 2)?;
    // Before version 20, the axis was an attribute.
    let along = match call.given(2) {
        Some(_) => whole(call, 2)?,
        None => call.int("axis").unwrap_or(if call.opset < 20 { 1 } else { -2 }),
    };
    let along = axis(along, shape.len())?;
    let last = shape.len() - 1;
    if along == last || !matches!(shape[last], 1 | 2) {
        let shape = shown(shape);
        return Err(Problem::Bad(format!(
            "an input of {shape} along axis {along}, expected a last one of 1 or 2 numbers"
        )));
    }
    let (onesided, inverse) = (call.flag("onesided"), call.flag("inverse"));
    let length = match call.given(1) {
        Some(_) => count(call, 1)?,
        None if onesided && inverse => 2 * shape[along].saturating_sub(1),
        None => shape[along],
    };
    let mut new = shape.to_vec();
    (new[along], new[last]) = match (onesided, inverse) {
        (true, true) => (length, 1),
        (true, false) => (length / 2 + 1, 2),
        (false, _) => (length, 2),
    };
    Ok(Inferred::moves(call, &[0], vec![call.like(0, &new)?]))
}

/// `STFT`. Transforms each frame.
pub fn stft(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape_of_rank(0, 2)?;
    let (batch, signal) = (shape[0], shape[1]);
    let step = count(call, 1)?;
    let frame = match (call.given(3), call.given(2)) {
        (Some(_), _) => count(call, 3)?,
        (None, Some(_)) => call.shape_of_rank(2, 1)?[0],
        (None, None) => return Err(Problem::Bad("has neither a window nor a frame length".to_string())),
    };
    if step == 0 || frame == 0 || frame > signal {
        return Err(Problem::Bad(format!("frames of {frame}, {step} apart, of a signal of {signal}")));
    }
    let bins = if call.int("onesided") == Some(0) { frame } else { frame / 2 + 1 };
    let output = call.like(0, &[batch, (signal - frame) / step + 1, bins, 2])?;
    Ok(Inferred::moves(call, &[0], vec![output]))
}

/// `HannWindow`, `HammingWindow` and `BlackmanWindow`.
pub fn window(call: &Call) -> Result<Inferred, Problem> {
    Ok(Inferred::nothing(LAYOUT, vec![call.output(wanted(call), &[count(call, 0)?])?]))
}

/// `MelWeightMatrix`.
pub fn mel(call: &Call) -> Result<Inferred, Problem> {
    let shape = [count(call, 1)? / 2 + 1, count(call, 0)?];
    Ok(Inferred::nothing(LAYOUT, vec![call.output(wanted(call), &shape)?]))
}

/// The element type of the output.
fn wanted(call: &Call) -> Element {
    call.int("output_datatype").and_then(|to| i32::try_from(to).ok()).map_or(Element::FLOAT, Element)
}

/// The integer of an input that must have exactly one.
fn whole(call: &Call, index: usize) -> Result<i64, Problem> {
    match call.ints(index)? {
        &[number] => Ok(number),
        numbers => Err(Problem::Bad(format!("input {} has {} numbers, expected one", index + 1, numbers.len()))),
    }
}

fn count(call: &Call, index: usize) -> Result<u64, Problem> {
    let number = whole(call, index)?;
    u64::try_from(number).map_err(|_| Problem::Bad(format!("input {} is {number}, expected 0 or more", index + 1)))
}
