//! Operators that only move elements.

use std::rc::Rc;

use super::super::call::{Call, Inferred, LAYOUT, Problem, axis, broadcast};
use super::super::fold;
use super::super::tensor::{Fact, Value, shown};
use super::elementwise::{few, picked};

/// `Transpose`, `Expand`, `Tile`, `Pad`, `Trilu`, `ReverseSequence`, `DepthToSpace` and `SpaceToDepth`.
pub fn rearranged(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let output = match call.op() {
        "Transpose" => transpose(call, shape)?,
        "Expand" => {
            let wanted = call.ints(1)?.iter().map(|&size| size_of(size)).collect::<Result<Vec<u64>, Problem>>()?;
            let new = broadcast(shape, &wanted)?;
            picked(call, &new, |at| fold::broadcast_flat(at, shape))?
        }
        "Tile" => tile(call, shape)?,
        "Pad" => pad(call, shape)?,
        "DepthToSpace" | "SpaceToDepth" => {
            let block = call.count("blocksize")?.ok_or_else(|| Problem::Bad("has no blocksize".to_string()))?;
            let square = block.checked_mul(block).filter(|&square| square <= 1 << 40);
            let square = square.ok_or_else(|| Problem::Bad(format!("a blocksize of {block}")))?;
            let &[n, c, rows, columns] = shape else {
                return Err(Problem::Bad(format!("an input of {}, expected four dimensions", shown(shape))));
            };
            let bad = || Problem::Bad(format!("an input of {} and a blocksize of {block}", shown(shape)));
            let new = if call.op() == "DepthToSpace" {
                let fits = c.is_multiple_of(square);
                fits.then(|| Some([n, c / square, rows.checked_mul(block)?, columns.checked_mul(block)?])).flatten()
            } else {
                let fits = rows.is_multiple_of(block) && columns.is_multiple_of(block);
                fits.then(|| Some([n, c.checked_mul(square)?, rows / block, columns / block])).flatten()
            };
            call.like(0, &new.ok_or_else(bad)?)?
        }
        _ => call.like(0, shape)?,
    };
    Ok(Inferred::nothing(LAYOUT, vec![output]))
}

fn size_of(size: i64) -> Result<u64, Problem> {
    u64::try_from(size).map_err(|_| Problem::Bad(format!("a dimension of {size} elements")))
}

fn transpose(call: &Call, shape: &[u64]) -> Result<Fact, Problem> {
    let rank = shape.len();
    let order: Vec<usize> = match call.list("perm") {
        None => (0..rank).rev().collect(),
        Some(order) => {
            let order = order.iter().map(|&a| axis(a, rank)).collect::<Result<Vec<usize>, Problem>>()?;
            let mut sorted = order.clone();
            sorted.sort_unstable();
            if !sorted.into_iter().eq(0..rank) {
                return Err(Problem::Bad(format!("perm is {order:?} for {rank} dimensions")));
            }
            order
        }
    };
    let new: Vec<u64> = order.iter().map(|&i| shape[i]).collect();
    picked(call, &new, |at| {
        let mut own = vec![0; rank];
        order.iter().zip(at).for_each(|(&i, &place)| own[i] = place);
        fold::flat(&own, shape)
    })
}

fn tile(call: &Call, shape: &[u64]) -> Result<Fact, Problem> {
    let repeats = call.ints(1)?;
    if repeats.len() != shape.len() {
        return Err(Problem::Bad(format!("{} repeats for {} dimensions", repeats.len(), shape.len())));
    }
    let mut new = Vec::with_capacity(shape.len());
    for (&size, &times) in shape.iter().zip(repeats) {
        let tiled = size.checked_mul(size_of(times)?);
        new.push(tiled.ok_or_else(|| Problem::Bad(format!("{size} elements repeated {times} times")))?);
    }
    picked(call, &new, |at| {
        let own: Vec<u64> = at.iter().zip(shape).map(|(&place, &size)| place % size.max(1)).collect();
        fold::flat(&own, shape)
    })
}

fn pad(call: &Call, shape: &[u64]) -> Result<Fact, Problem> {
    // Before version 2, the attribute had another name.
    let old = call.list("paddings");
    let pads = match call.list_or_input("pads", 1)?.or(old) {
        Some(pads) => pads,
        None => return Err(Problem::Bad("has no pads".to_string())),
    };
    let axes: Vec<usize> = match call.given(3) {
        Some(_) => call.ints(3)?.iter().map(|&a| axis(a, shape.len())).collect::<Result<_, Problem>>()?,
        None => (0..shape.len()).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(Problem::Bad(format!("{} pads, expected {}", pads.len(), 2 * axes.len())));
    }
    let mut new = shape.to_vec();
    for (i, &at) in axes.iter().enumerate() {
        let both = i128::from(pads[i]) + i128::from(pads[i + axes.len()]);
        let size = u64::try_from(i128::from(new[at]) + both);
        new[at] = size.map_err(|_| Problem::Bad(format!("pads of {pads:?} leave nothing of {}", shown(shape))))?;
    }
    call.like(0, &new)
}

/// `Concat`.
pub fn concat(call: &Call) -> Result<Inferred, Problem> {
    let parts: Vec<usize> = (0..call.inputs.len()).collect();
    joined(call, &parts, call.int("axis").unwrap_or(1))
}

/// `QLinearConcat`. A scale and a zero point come first, and each part is followed by its own.
pub fn quantized_concat(call: &Call) -> Result<Inferred, Problem> {
    let parts: Vec<usize> = (2..call.inputs.len()).step_by(3).collect();
    joined(call, &parts, call.int("axis").unwrap_or(1))
}

/// Joins inputs along an axis.
pub fn joined(call: &Call, parts: &[usize], along: i64) -> Result<Inferred, Problem> {
    let [first, rest @ ..] = parts else { return Err(Problem::Bad("has no inputs".to_string())) };
    let mut shape = call.shape(*first)?.to_vec();
    let along = axis(along, shape.len())?;
    for &part in rest {
        let other = call.shape(part)?;
        let fits = other.len() == shape.len() && (0..shape.len()).all(|i| i == along || shape[i] == other[i]);
        let sum = if fits { shape[along].checked_add(other[along]) } else { None };
        let apart = || Problem::Bad(format!("{} and {} do not join along axis {along}", shown(&shape), shown(other)));
        shape[along] = sum.ok_or_else(apart)?;
    }
    let value = || {
        let facts: Vec<&Fact> = parts.iter().map(|&part| call.given(part)).collect::<Option<_>>()?;
        let values: Vec<&Value> = facts.iter().map(|fact| fact.value.as_deref()).collect::<Option<_>>()?;
        // The elements of all parts in one list. Each element of the output is picked from this list.
        let all = match values.first()? {
            Value::Ints(_) => {
                let ints = values.iter().map(|value| if let Value::Ints(v) = value { Some(&v[..]) } else { None });
                Value::Ints(ints.collect::<Option<Vec<_>>>()?.concat())
            }
            Value::Floats(_) => {
                let floats = values.iter().map(|value| if let Value::Floats(v) = value { Some(&v[..]) } else { None });
                Value::Floats(floats.collect::<Option<Vec<_>>>()?.concat())
            }
        };
        // The start of each part along the axis, and its start in the list.
        let mut begins = Vec::with_capacity(parts.len());
        let mut begin = (0, 0);
        for (fact, value) in facts.iter().zip(&values) {
            begins.push(begin);
            begin = (begin.0 + fact.shape.as_deref().ok()?[along], begin.1 + value.len());
        }
        let places = fold::places(&shape, |at| {
            let part = begins.partition_point(|begin| begin.0 <= at[along]).checked_sub(1)?;
            let mut own = at.to_vec();
            own[along] -= begins[part].0;
            Some(begins[part].1 + fold::flat(&own, facts[part].shape.as_deref().ok()?)?)
        });
        all.pick(&places?)
    };
    let value = if few(&shape) { value() } else { None };
    let output = call.like(*first, &shape)?.with_value(value);
    Ok(Inferred::nothing(LAYOUT, vec![output]))
}

/// `Split`.
pub fn split(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let along = axis(call.int("axis").unwrap_or(0), shape.len())?;
    let sizes: Vec<u64> = match call.list_or_input("split", 1)? {
        Some(sizes) => sizes.iter().map(|&size| size_of(size)).collect::<Result<_, Problem>>()?,
        None => {
            let outputs = call.node.output.len().max(1) as u64;
            let parts = call.count("num_outputs")?.unwrap_or(outputs);
            if parts != outputs {
                return Err(Problem::Bad(format!("num_outputs is {parts}, but it has {outputs}")));
            }
            // The last part may be smaller.
            let size = shape[along].div_ceil(parts);
            (0..parts).map(|i| size.min(shape[along].saturating_sub(i.saturating_mul(size)))).collect()
        }
    };
    if sizes.iter().try_fold(0u64, |sum, &size| sum.checked_add(size)) != Some(shape[along]) {
        return Err(Problem::Bad(format!("parts of {sizes:?} elements do not add up to {}", shape[along])));
    }
    let mut outputs = Vec::new();
    let mut start = 0;
    for size in sizes.into_iter().take(call.node.output.len()) {
        let mut new = shape.to_vec();
        new[along] = size;
        outputs.push(picked(call, &new, |at| {
            let mut own = at.to_vec();
            own[along] += start;
            fold::flat(&own, shape)
        })?);
        start += size;
    }
    Ok(Inferred::nothing(LAYOUT, outputs))
}

/// `Slice`.
pub fn slice(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let needed = |name: &str, index: usize| {
        call.list_or_input(name, index)?.ok_or_else(|| Problem::Bad(format!("has no {name}")))
    };
    let (starts, ends) = (needed("starts", 1)?, needed("ends", 2)?);
    let axes: Vec<usize> = match call.list_or_input("axes", 3)? {
        Some(axes) => axes.iter().map(|&a| axis(a, shape.len())).collect::<Result<_, Problem>>()?,
        None => (0..starts.len()).collect(),
    };
    let steps = if call.given(4).is_some() { call.ints(4)?.to_vec() } else { vec![1; starts.len()] };
    let counts = [starts.len(), ends.len(), axes.len(), steps.len()];
    if counts.iter().any(|&count| count != starts.len()) || axes.iter().any(|&at| at >= shape.len()) {
        return Err(Problem::Bad(format!("starts {starts:?}, ends {ends:?}, axes {axes:?}, steps {steps:?}")));
    }
    let mut new = shape.to_vec();
    let mut from = vec![(0, 1); shape.len()];
    for (i, &at) in axes.iter().enumerate() {
        let size = shape[at] as i64;
        let step = steps[i];
        let counted = |place: i64| if place < 0 { place.saturating_add(size) } else { place };
        let (start, count) = if step > 0 {
            let (start, end) = (counted(starts[i]).clamp(0, size), counted(ends[i]).clamp(0, size));
            (start, (end - start).max(0).unsigned_abs().div_ceil(step.unsigned_abs()))
        } else if step < 0 {
            let (start, end) = (counted(starts[i]).clamp(-1, size - 1), counted(ends[i]).clamp(-1, size - 1));
            (start, (start - end).max(0).unsigned_abs().div_ceil(step.unsigned_abs()))
        } else {
            return Err(Problem::Bad("a step of 0".to_string()));
        };
        new[at] = count;
        from[at] = (start, step);
    }
    let output = picked(call, &new, |at| {
        let own = at.iter().zip(&from).map(|(&place, &(start, step))| {
            u64::try_from(i64::try_from(place).ok()?.checked_mul(step)?.checked_add(start)?).ok()
        });
        fold::flat(&own.collect::<Option<Vec<u64>>>()?, shape)
    })?;
    Ok(Inferred::nothing(LAYOUT, vec![output]))
}

/// `Gather`, `GatherElements` and `GatherND`.
pub fn gather(call: &Call) -> Result<Inferred, Problem> {
    let (shape, indices) = (call.shape(0)?, call.shape(1)?);
    let output = match call.op() {
        "Gather" => {
            let along = axis(call.int("axis").unwrap_or(0), shape.len())?;
            let new = [&shape[..along], indices, &shape[along + 1..]].concat();
            let chosen: Option<Rc<Value>> = call.input(1)?.value.clone();
            match chosen.as_deref() {
                Some(Value::Ints(chosen)) => picked(call, &new, |at| {
                    let index = chosen[fold::flat(&at[along..along + indices.len()], indices)?];
                    let index = if index < 0 { index.checked_add_unsigned(shape[along])? } else { index };
                    let own = [&at[..along], &[u64::try_from(index).ok()?], &at[along + indices.len()..]].concat();
                    fold::flat(&own, shape)
                })?,
                _ => call.like(0, &new)?,
            }
        }
        "GatherElements" => call.like(0, indices)?,
        _ => {
            let batch = usize::try_from(call.int("batch_dims").unwrap_or(0)).unwrap_or(usize::MAX);
            let bad = || Problem::Bad(format!("indices of {} into {}", shown(indices), shown(shape)));
            let depth = *indices.last().ok_or_else(bad)?;
            let depth = usize::try_from(depth).ok().and_then(|depth| depth.checked_add(batch)).ok_or_else(bad)?;
            let rest = shape.get(depth..).ok_or_else(bad)?;
            call.like(0, &[&indices[..indices.len() - 1], rest].concat())?
        }
    };
    Ok(Inferred::nothing(LAYOUT, vec![output]))
}

/// `ScatterElements` and `ScatterND`. The output is the first input with some elements replaced.
pub fn scatter(call: &Call) -> Result<Inferred, Problem> {
    Ok(Inferred::nothing(LAYOUT, vec![call.like(0, call.shape(0)?)?]))
}
