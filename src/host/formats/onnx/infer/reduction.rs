//! Reductions along some dimensions.

use super::super::call::{Call, Inferred, LAYOUT, Part, Problem, SHAPE, axis};
use super::super::tensor::{Element, Value};
use super::pooling;
use crate::host::model::Work;

/// `Reduce*`. Means and maxima over rows and columns become pooling.
pub fn reduce(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let axes = match call.list_or_input("axes", 1)? {
        Some(axes) => axes.iter().map(|&a| axis(a, shape.len())).collect::<Result<Vec<usize>, Problem>>()?,
        None => Vec::new(),
    };
    if axes.is_empty() && call.flag("noop_with_empty_axes") {
        return Ok(Inferred::nothing(LAYOUT, vec![call.like(0, shape)?]));
    }
    let all = axes.is_empty();
    let reduced = |i: usize| all || axes.contains(&i);
    let keep = call.int("keepdims").unwrap_or(1) != 0;
    let left = (0..shape.len()).filter(|&i| keep || !reduced(i)).map(|i| if reduced(i) { 1 } else { shape[i] });
    let mut output = call.like(0, &left.collect::<Vec<u64>>())?;
    if output.elements() == Some(1) {
        output = output.with_value(folded(call));
    }
    if !call.input(0)?.element.is_float() {
        return Ok(Inferred::nothing(SHAPE, vec![output]));
    }
    let spatial = shape.len() == 4 && (0..4).all(|i| reduced(i) == (i >= 2)) && !shape.contains(&0);
    match pooling::whole(if spatial { shape } else { &[0, 0] }) {
        Some(window) if matches!(call.op(), "ReduceMean" | "ReduceMax") => {
            let notes = pooling::global_notes();
            Ok(Inferred::work(Part { notes, ..Part::new("", Work::Pool(window), 0) }, vec![output]))
        }
        _ => Ok(Inferred::moves(call, &[0], vec![output])),
    }
}

/// The value of a reduction over all elements, if these are known.
fn folded(call: &Call) -> Option<Value> {
    let value = call.given(0)?.value.as_deref()?;
    if value.len() == 0 {
        return None;
    }
    Some(match value {
        Value::Ints(values) => Value::Ints(vec![match call.op() {
            "ReduceProd" => values.iter().try_fold(1i64, |a, &b| a.checked_mul(b))?,
            "ReduceSum" => values.iter().try_fold(0i64, |a, &b| a.checked_add(b))?,
            "ReduceMax" => *values.iter().max()?,
            "ReduceMin" => *values.iter().min()?,
            _ => return None,
        }]),
        Value::Floats(values) => Value::Floats(vec![match call.op() {
            "ReduceProd" => values.iter().product(),
            "ReduceSum" => values.iter().sum(),
            "ReduceMax" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            "ReduceMin" => values.iter().copied().fold(f64::INFINITY, f64::min),
            _ => return None,
        }]),
    })
}

/// `NegativeLogLikelihoodLoss` and `SoftmaxCrossEntropyLoss`. The output is one number, or one for each label.
pub fn loss(call: &Call) -> Result<Inferred, Problem> {
    let (scores, labels) = (call.shape(0)?, call.shape(1)?);
    let each = call.text("reduction").as_deref() == Some("none");
    let outputs = vec![call.like(0, if each { labels } else { &[] })?, call.like(0, scores)?];
    Ok(Inferred::moves(call, &[0], outputs))
}

/// `Det`. The output has a number for each matrix.
pub fn determinant(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape_of_rank(0, 2)?;
    Ok(Inferred::moves(call, &[0], vec![call.like(0, &shape[..shape.len() - 2])?]))
}

/// `ArgMax` and `ArgMin`.
pub fn arg(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let chosen = axis(call.int("axis").unwrap_or(0), shape.len())?;
    let mut left = shape.to_vec();
    left[chosen] = 1;
    if call.int("keepdims") == Some(0) {
        left.remove(chosen);
    }
    let output = call.output(Element::INT64, &left)?;
    Ok(Inferred::moves(call, &[0], vec![output]))
}

/// `TopK`.
pub fn top(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let chosen = axis(call.int("axis").unwrap_or(-1), shape.len())?;
    let count = match call.int("k") {
        Some(k) => k,
        None => *call.ints(1)?.first().ok_or_else(|| Problem::Bad("how many is an empty tensor".to_string()))?,
    };
    let count = u64::try_from(count).ok().filter(|&count| count <= shape[chosen]);
    let count =
        count.ok_or_else(|| Problem::Bad(format!("more than the {} elements that there are", shape[chosen])))?;
    let mut left = shape.to_vec();
    left[chosen] = count;
    let outputs = vec![call.like(0, &left)?, call.output(Element::INT64, &left)?];
    Ok(Inferred::moves(call, &[0], outputs))
}
