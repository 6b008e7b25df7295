//! Operators that have no data as input: constants, ranges, random numbers.

use super::super::call::{CONSTANT, Call, Inferred, LAYOUT, Problem, SHAPE, axis};
use super::super::tensor::{Element, Fact, MOST_ELEMENTS, Value, elements, shape_of};

/// Infers the output of any operator of this file.
pub fn source(call: &Call) -> Result<Inferred, Problem> {
    let output = match call.op() {
        "Constant" => return Ok(Inferred::nothing(CONSTANT, vec![constant(call)?])),
        "ConstantOfShape" => of_shape(call)?,
        "Range" => range(call)?,
        "OneHot" => one_hot(call)?,
        "EyeLike" => call.like(0, call.shape(0)?)?,
        "NonZero" => non_zero(call)?,
        "Multinomial" => {
            let batch = call.shape_of_rank(0, 1)?[0];
            let count = call.count("sample_size")?.unwrap_or(1);
            let element = call.int("dtype").and_then(|to| i32::try_from(to).ok()).map_or(Element::INT32, Element);
            return Ok(Inferred::nothing("random numbers", vec![call.output(element, &[batch, count])?]));
        }
        "RandomNormal" | "RandomUniform" => {
            let shape = shape_of(call.list("shape").unwrap_or_default())?;
            return Ok(Inferred::nothing("random numbers", vec![call.output(Element::FLOAT, &shape)?]));
        }
        _ => return Ok(Inferred::nothing("random numbers", vec![call.like(0, call.shape(0)?)?])),
    };
    let why = if output.element.is_float() { LAYOUT } else { SHAPE };
    Ok(Inferred::nothing(why, vec![output]))
}

fn constant(call: &Call) -> Result<Fact, Problem> {
    let [attribute, ..] = &call.node.attribute[..] else {
        return Err(Problem::Bad("has no value".to_string()));
    };
    let fact = |element, shape: &[u64], value| {
        Ok(Fact { constant: true, ..call.output(element, shape)?.with_value(Some(value)) })
    };
    match attribute.name.as_str() {
        "value" => match &attribute.t {
            Some(tensor) => Ok(Fact::of_tensor(tensor)?),
            None => Err(Problem::Bad("its value is not a tensor".to_string())),
        },
        "sparse_value" => match &attribute.sparse_tensor {
            Some(tensor) => Ok(Fact::of_sparse(tensor)?),
            None => Err(Problem::Bad("its value is not a sparse tensor".to_string())),
        },
        "value_int" => fact(Element::INT64, &[], Value::Ints(vec![attribute.i.unwrap_or(0)])),
        "value_ints" => fact(Element::INT64, &[attribute.ints.len() as u64], Value::Ints(attribute.ints.clone())),
        "value_float" => fact(Element::FLOAT, &[], Value::Floats(vec![f64::from(attribute.f.unwrap_or(0.0))])),
        "value_floats" => {
            let floats = attribute.floats.iter().map(|&value| f64::from(value)).collect();
            fact(Element::FLOAT, &[attribute.floats.len() as u64], Value::Floats(floats))
        }
        _ => Err(Problem::Unsupported(format!("a constant by '{}'", attribute.name))),
    }
}

fn of_shape(call: &Call) -> Result<Fact, Problem> {
    let shape = shape_of(call.ints(0)?)?;
    let filler = match call.attribute("value").and_then(|attribute| attribute.t.as_deref()) {
        Some(tensor) => Fact::of_tensor(tensor)?,
        None => Fact::new(Element::FLOAT, &[1]).with_value(Some(Value::Floats(vec![0.0]))),
    };
    let count = elements(&shape).filter(|&count| count <= MOST_ELEMENTS).map(|count| count as usize);
    let value = count.and_then(|count| match filler.value.as_deref()? {
        Value::Ints(values) => Some(Value::Ints(vec![*values.first()?; count])),
        Value::Floats(values) => Some(Value::Floats(vec![*values.first()?; count])),
    });
    Ok(call.output(filler.element, &shape)?.with_value(value))
}

fn range(call: &Call) -> Result<Fact, Problem> {
    let number = |i: usize| call.input(i)?.scalar().ok_or_else(|| call.depends(i));
    let (start, limit, step) = (number(0)?, number(1)?, number(2)?);
    let count = ((limit - start) / step).ceil().max(0.0);
    if !count.is_finite() || count > (1u64 << 40) as f64 {
        return Err(Problem::Bad(format!("a range from {start} to {limit} in steps of {step}")));
    }
    let count = count as u64;
    let output = call.like(0, &[count])?;
    if count > MOST_ELEMENTS {
        return Ok(output);
    }
    let values = (0..count).map(|i| start + i as f64 * step);
    let value = if output.element.is_float() {
        Value::Floats(values.collect())
    } else {
        Value::Ints(values.map(|value| value as i64).collect())
    };
    Ok(output.with_value(Some(value)))
}

fn one_hot(call: &Call) -> Result<Fact, Problem> {
    let mut shape = call.shape(0)?.to_vec();
    let depth = call.input(1)?.scalar().ok_or_else(|| call.depends(1))?;
    let rank = shape.len() + 1;
    let at = axis(call.int("axis").unwrap_or(-1), rank)?;
    if !(depth >= 0.0 && depth < (1u64 << 40) as f64) {
        return Err(Problem::Bad(format!("a depth of {depth}")));
    }
    shape.insert(at, depth as u64);
    call.output(call.input(2)?.element, &shape)
}

fn non_zero(call: &Call) -> Result<Fact, Problem> {
    let shape = call.shape(0)?.to_vec();
    let set: Vec<bool> = match call.input(0)?.value.as_deref() {
        Some(Value::Ints(values)) => values.iter().map(|&value| value != 0).collect(),
        Some(Value::Floats(values)) => values.iter().map(|&value| value != 0.0).collect(),
        None => return Err(call.depends(0)),
    };
    let mut places: Vec<Vec<i64>> = vec![Vec::new(); shape.len()];
    for (flat, _) in set.iter().enumerate().filter(|(_, set)| **set) {
        let mut rest = flat as u64;
        for (places, &size) in places.iter_mut().zip(&shape).rev() {
            places.push((rest % size) as i64);
            rest /= size;
        }
    }
    let count = set.iter().filter(|set| **set).count() as u64;
    let output = call.output(Element::INT64, &[shape.len() as u64, count])?;
    Ok(output.with_value(Some(Value::Ints(places.concat()))))
}
