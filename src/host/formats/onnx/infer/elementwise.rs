//! Elementwise operators.

use super::super::call::{
    ACTIVATION, COMPARISON, CONSTANT_OPERAND, Call, Inferred, LAYOUT, Problem, QUANTISATION, SHAPE, broadcast,
};
use super::super::fold;
use super::super::tensor::{Element, Fact, MOST_ELEMENTS, Value, elements};

/// Functions of one tensor.
pub fn unary(call: &Call) -> Result<Inferred, Problem> {
    let input = call.input(0)?;
    let element = match call.op() {
        "IsNaN" | "IsInf" | "Not" => Element::BOOL,
        _ => input.element,
    };
    let value = if call.op() == "Clip" { clipped(call) } else { fold::unary(call.op(), input) };
    let output = call.output(element, call.shape(0)?)?.with_value(value);
    Ok(Inferred::nothing(ACTIVATION, vec![output]))
}

/// The value of a `Clip`. In old versions, its limits are attributes.
fn clipped(call: &Call) -> Option<Value> {
    let limit = |index: usize, name: &str| match (call.given(index), call.float(name)) {
        (Some(fact), _) => fact.scalar().map(Some),
        (None, limit) => Some(limit.map(f64::from)),
    };
    let (low, high) = (limit(1, "min")?, limit(2, "max")?);
    let clip = |value: f64| high.map_or(value, |high| value.min(high)).max(low.unwrap_or(f64::NEG_INFINITY));
    Some(match call.given(0)?.value.as_deref()? {
        Value::Floats(values) => Value::Floats(values.iter().map(|&value| clip(value)).collect()),
        // A float represents all sizes exactly.
        Value::Ints(values) => Value::Ints(values.iter().map(|&value| clip(value as f64) as i64).collect()),
    })
}

/// The input itself, or converted to another type.
pub fn same(call: &Call) -> Result<Inferred, Problem> {
    let input = call.input(0)?;
    let element = match call.op() {
        "Cast" | "BitCast" => Element(call.int("to").and_then(|to| i32::try_from(to).ok()).unwrap_or(0)),
        "CastLike" => call.input(1)?.element,
        _ => input.element,
    };
    let shape = call.shape(0)?;
    let value = input
        .value
        .as_ref()
        .filter(|_| call.op() != "BitCast")
        .and_then(|value| fold::cast(value, input.element, element));
    let output = call.output(element, shape)?.with_value(value);
    let mask = call.output(Element::BOOL, shape)?;
    let why = if call.op().contains("Cast") { QUANTISATION } else { LAYOUT };
    Ok(Inferred::nothing(why, vec![output, mask]))
}

/// Conversions between floats and the integers that stand for them.
pub fn quantize(call: &Call) -> Result<Inferred, Problem> {
    let element = match call.op() {
        "DequantizeLinear" => call.input(1)?.element,
        "DynamicQuantizeLinear" => Element::UINT8,
        _ => match (call.given(2), call.int("output_dtype").and_then(|to| i32::try_from(to).ok())) {
            (Some(zero), _) => zero.element,
            (None, Some(to)) if to != 0 => Element(to),
            _ => Element::UINT8,
        },
    };
    let output = call.output(element, call.shape(0)?)?;
    let scale = call.output(Element::FLOAT, &[])?;
    let zero = call.output(Element::UINT8, &[])?;
    Ok(Inferred::nothing(QUANTISATION, vec![output, scale, zero]))
}

/// Functions of several tensors that broadcast.
pub fn broadcasting(call: &Call) -> Result<Inferred, Problem> {
    let first = call.input(0)?;
    let mut shape = call.shape(0)?.to_vec();
    // Before version 7, the second input was broadcast along an axis of the first.
    let legacy = call.opset < 7 && call.flag("broadcast");
    for i in 1..call.inputs.len() {
        let other = call.shape(i)?;
        if !legacy {
            shape = broadcast(&shape, other)?;
        }
    }
    let compares =
        matches!(call.op(), "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "And" | "Or" | "Xor");
    let element = if compares { Element::BOOL } else { first.element };
    let value = match &call.inputs[..] {
        [Some(a)] => a.value.as_deref().cloned(),
        [Some(a), Some(b)] if few(&shape) && call.op() != "Mean" => fold::binary(call.op(), a, b, &shape),
        _ => None,
    };
    let output = call.output(element, &shape)?.with_value(value);
    let arithmetic = matches!(call.op(), "Add" | "Sub" | "Mul" | "Div" | "Max" | "Min" | "Sum" | "Mean");
    let variables = call.inputs.iter().flatten().filter(|fact| !fact.constant).count();
    let why = match () {
        () if compares => COMPARISON,
        () if !first.element.is_float() => SHAPE,
        () if variables < 2 => CONSTANT_OPERAND,
        () if !arithmetic => ACTIVATION,
        () => {
            let all: Vec<usize> = (0..call.inputs.len()).collect();
            return Ok(Inferred::moves(call, &all, vec![output]));
        }
    };
    Ok(Inferred::nothing(why, vec![output]))
}

/// `Where`.
pub fn choice(call: &Call) -> Result<Inferred, Problem> {
    let shape = broadcast(&broadcast(call.shape(0)?, call.shape(1)?)?, call.shape(2)?)?;
    let (condition, yes, no) = (call.input(0)?, call.input(1)?, call.input(2)?);
    let chosen = || {
        let condition = fold::broadcast(condition, &shape)?;
        let (yes, no) = (fold::broadcast(yes, &shape)?, fold::broadcast(no, &shape)?);
        fold::choose(&condition, &yes, &no)
    };
    let value = if few(&shape) { chosen() } else { None };
    let output = call.like(1, &shape)?.with_value(value);
    if yes.element.is_float() && !yes.constant && !no.constant {
        return Ok(Inferred::moves(call, &[1, 2], vec![output]));
    }
    Ok(Inferred::nothing(COMPARISON, vec![output]))
}

/// Sums and products of quantised tensors. Each tensor is followed by a scale and a zero point.
pub fn quantized_binary(call: &Call) -> Result<Inferred, Problem> {
    let shape = broadcast(call.shape(0)?, call.shape(3)?)?;
    let output = call.like(0, &shape)?;
    if call.constant(0) || call.constant(3) {
        return Ok(Inferred::nothing(CONSTANT_OPERAND, vec![output]));
    }
    Ok(Inferred::moves(call, &[0, 3], vec![output]))
}

/// Operators without MACs that combine several elements.
pub fn moves(call: &Call) -> Result<Inferred, Problem> {
    let input = call.shape(0)?;
    let output = match call.op() {
        "GridSample" => {
            let grid = call.shape_of_rank(1, 3)?;
            let kept = input.get(..2).ok_or_else(|| Problem::Bad("has fewer than three dimensions".to_string()))?;
            call.like(0, &[kept, &grid[1..grid.len() - 1]].concat())?
        }
        "AffineGrid" => {
            let size: Vec<u64> = call.ints(1)?.iter().map(|&size| u64::try_from(size).unwrap_or(0)).collect();
            if size.len() < 3 {
                return Err(Problem::Bad(format!("a size of {} dimensions, expected at least 3", size.len())));
            }
            call.like(0, &[&size[..1], &size[2..], &[size.len() as u64 - 2]].concat())?
        }
        "RoiAlign" | "MaxRoiPool" => {
            let input = call.shape_of_rank(0, 4)?;
            let boxes = call.shape_of_rank(1, 1)?[0];
            let extent = |name: &str| call.count(name).map(|extent| extent.unwrap_or(1));
            let pooled = call.list("pooled_shape").unwrap_or_default();
            let extents = match pooled {
                [rows, columns] => [u64::try_from(*rows).unwrap_or(0), u64::try_from(*columns).unwrap_or(0)],
                _ => [extent("output_height")?, extent("output_width")?],
            };
            call.like(0, &[boxes, input[1], extents[0], extents[1]])?
        }
        _ => call.like(0, input)?,
    };
    Ok(Inferred::moves(call, &[0], vec![output]))
}

/// Whether a tensor of this shape is small enough for its elements to be computed.
pub fn few(shape: &[u64]) -> bool {
    elements(shape).is_some_and(|elements| elements <= MOST_ELEMENTS)
}

/// An output of this shape whose elements are copies of the first input's elements, if these are known. `source` is
/// that of [`fold::places`].
pub fn picked(call: &Call, shape: &[u64], source: impl FnMut(&[u64]) -> Option<usize>) -> Result<Fact, Problem> {
    let output = call.like(0, shape)?;
    let Some(value) = call.given(0).and_then(|fact| fact.value.clone()) else { return Ok(output) };
    let value = fold::places(shape, source).and_then(|places| value.pick(&places));
    Ok(output.with_value(value))
}
