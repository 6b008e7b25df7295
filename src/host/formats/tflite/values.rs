//! Computes the integers that a network derives from shapes and constants: sizes, axes, indices.

use super::call::Call;
use super::dimensions::masks;
use super::fact::{Fault, MAX_VALUES};

/// The integers that an operator outputs, one list for each output; `None` if they are unknown until the network
/// runs.
pub fn outputs(call: &Call) -> Result<Vec<Option<Vec<i64>>>, Fault> {
    let lists = match call.op.name.as_str() {
        "SPLIT" | "SPLIT_V" | "UNPACK" => parts(call),
        _ => computed(call).map(|values| vec![values]),
    };
    match lists {
        Err(Fault::Unknown(_)) => Ok(Vec::new()),
        lists => lists,
    }
}

/// A list that is split into several parts.
fn parts(call: &Call) -> Result<Vec<Option<Vec<i64>>>, Fault> {
    let data = if call.op.name == "SPLIT" { 1 } else { 0 };
    let outputs = call.op.outputs.len();
    let (Some(list), 1) = (call.values(data)?, call.shape(data)?.len()) else { return Ok(Vec::new()) };
    let sizes = match call.op.name.as_str() {
        "SPLIT_V" => call.values(1)?,
        _ => Some(vec![(list.len() / outputs.max(1)) as i64; outputs]),
    };
    let Some(sizes) = sizes else { return Ok(Vec::new()) };
    let known: i64 = sizes.iter().filter(|size| **size >= 0).fold(0, |sum, &size| sum.saturating_add(size));
    let mut begin = 0usize;
    let part = |&size: &i64| {
        // A negative size means everything that is left.
        let size = if size < 0 { (list.len() as i64).checked_sub(known)? } else { size };
        let end = begin.checked_add(usize::try_from(size).ok()?)?;
        let part = list.get(begin..end)?.to_vec();
        begin = end;
        Some(part)
    };
    Ok(sizes.iter().map(part).collect())
}

/// The list that an operator with one output computes.
fn computed(call: &Call) -> Result<Option<Vec<i64>>, Fault> {
    let values = match call.op.name.as_str() {
        "SHAPE" => Some(call.shape(0)?.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect()),
        "CAST" | "RESHAPE" | "SQUEEZE" | "EXPAND_DIMS" => call.values(0)?,
        "RANK" => Some(vec![call.shape(0)?.len() as i64]),
        "RANGE" => range(call)?.and_then(|(start, step, count)| {
            (count <= MAX_VALUES as u64).then(|| (0..count as i64).map(|i| start + i * step).collect())
        }),
        "FILL" => filled(call)?,
        "SLICE" => match (call.values(0)?, call.values(1)?.as_deref(), call.values(2)?.as_deref()) {
            (Some(list), Some(&[start]), Some(&[size])) => {
                let end = if size < 0 { list.len() as i64 } else { start.saturating_add(size) };
                let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
                range.and_then(|(start, end)| Some(list.get(start..end)?.to_vec()))
            }
            _ => None,
        },
        "NEG" => call.values(0)?.map(|list| list.iter().map(|value| value.saturating_neg()).collect()),
        "LOGICAL_NOT" => call.values(0)?.map(|list| list.iter().map(|&value| i64::from(value == 0)).collect()),
        "PACK" | "CONCATENATION" => all(call)?.map(|lists| lists.concat()),
        "STRIDED_SLICE" => slice(call)?,
        "GATHER" => match (call.values(0)?, call.values(1)?) {
            (Some(data), Some(places)) => {
                places.into_iter().map(|place| data.get(usize::try_from(place).ok()?).copied()).collect()
            }
            _ => None,
        },
        "REDUCE_PROD" => call.values(0)?.and_then(|list| Some(vec![product(&list)?])),
        "ADD" => pairwise(call, i64::checked_add)?,
        "SUB" => pairwise(call, i64::checked_sub)?,
        "MUL" => pairwise(call, i64::checked_mul)?,
        "FLOOR_DIV" | "DIV" => pairwise(call, i64::checked_div_euclid)?,
        "MAXIMUM" => pairwise(call, |a, b| Some(a.max(b)))?,
        "FLOOR_MOD" => pairwise(call, i64::checked_rem_euclid)?,
        "LESS" => pairwise(call, |a, b| Some(i64::from(a < b)))?,
        "LESS_EQUAL" => pairwise(call, |a, b| Some(i64::from(a <= b)))?,
        "GREATER" => pairwise(call, |a, b| Some(i64::from(a > b)))?,
        "GREATER_EQUAL" => pairwise(call, |a, b| Some(i64::from(a >= b)))?,
        "EQUAL" => pairwise(call, |a, b| Some(i64::from(a == b)))?,
        "NOT_EQUAL" => pairwise(call, |a, b| Some(i64::from(a != b)))?,
        "LOGICAL_AND" => pairwise(call, |a, b| Some(i64::from(a != 0 && b != 0)))?,
        "LOGICAL_OR" => pairwise(call, |a, b| Some(i64::from(a != 0 || b != 0)))?,
        "MINIMUM" => pairwise(call, |a, b| Some(a.min(b)))?,
        _ => None,
    };
    Ok(values.filter(|values| values.len() <= MAX_VALUES))
}

/// Start, step and count of a range of integers.
pub fn range(call: &Call) -> Result<Option<(i64, i64, u64)>, Fault> {
    let lists = (call.values(0)?, call.values(1)?, call.values(2)?);
    let (Some(&[start]), Some(&[limit]), Some(&[step])) = (lists.0.as_deref(), lists.1.as_deref(), lists.2.as_deref())
    else {
        return Ok(None);
    };
    let small = |value: i64| value.unsigned_abs() <= 1 << 40;
    if step == 0 || ![start, limit, step].into_iter().all(small) {
        return Err(format!("a range from {start} to {limit} in steps of {step}").into());
    }
    let distance = if step > 0 { limit - start } else { start - limit };
    Ok(Some((start, step, distance.max(0).unsigned_abs().div_ceil(step.unsigned_abs()))))
}

/// One number, repeated.
fn filled(call: &Call) -> Result<Option<Vec<i64>>, Fault> {
    let (Some(sizes), Some(&[value])) = (call.values(0)?, call.values(1)?.as_deref()) else { return Ok(None) };
    let count = product(&sizes).and_then(|count| usize::try_from(count).ok());
    Ok(count.filter(|&count| count <= MAX_VALUES).map(|count| vec![value; count]))
}

/// The lists of all inputs.
fn all(call: &Call) -> Result<Option<Vec<Vec<i64>>>, Fault> {
    (0..call.op.inputs.len()).map(|input| call.values(input)).collect()
}

fn product(list: &[i64]) -> Option<i64> {
    list.iter().try_fold(1i64, |product, &value| product.checked_mul(value))
}

/// Applies an operation to each pair of elements. A single value is paired with each element of the other list.
fn pairwise(call: &Call, operation: impl Fn(i64, i64) -> Option<i64>) -> Result<Option<Vec<i64>>, Fault> {
    let (Some(a), Some(b)) = (call.values(0)?, call.values(1)?) else { return Ok(None) };
    let length = a.len().max(b.len());
    if length > MAX_VALUES || ![1, length].contains(&a.len()) || ![1, length].contains(&b.len()) {
        return Ok(None);
    }
    Ok(a.iter().cycle().zip(b.iter().cycle()).take(length).map(|(&a, &b)| operation(a, b)).collect())
}

/// A part of a list.
fn slice(call: &Call) -> Result<Option<Vec<i64>>, Fault> {
    let lists = (call.values(0)?, call.values(1)?, call.values(2)?, call.values(3)?);
    let (Some(list), Some(starts), Some(ends), Some(steps)) = lists else { return Ok(None) };
    let (&[start], &[end], &[step]) = (&*starts, &*ends, &*steps) else { return Ok(None) };
    let [start_mask, end_mask, _, _, shrink] = masks(call)?;
    if shrink & 1 == 1 {
        let start = if start < 0 { start.saturating_add(list.len() as i64) } else { start };
        return Ok(usize::try_from(start).ok().and_then(|start| Some(vec![*list.get(start)?])));
    }
    let (start, end) = ((start_mask & 1 == 0).then_some(start), (end_mask & 1 == 0).then_some(end));
    Ok(strided(list.len() as u64, start, end, step)?.map(|place| list.get(place).copied()).collect())
}

/// The positions along an axis of `length` elements that a slice selects. Negative numbers count from the end.
pub fn strided(
    length: u64,
    start: Option<i64>,
    end: Option<i64>,
    step: i64,
) -> Result<impl ExactSizeIterator<Item = usize>, Fault> {
    let length = i64::try_from(length).ok().filter(|&length| length <= i64::from(i32::MAX)).ok_or("is too large")?;
    if step == 0 || step.unsigned_abs() > i32::MAX as u64 {
        return Err(format!("a step is {step}; expected another number").into());
    }
    let (first, last) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let clamped = |place: i64| {
        let place = if place < 0 { place.saturating_add(length) } else { place };
        place.clamp(first, last)
    };
    let (default_start, default_end) = if step > 0 { (0, length) } else { (length - 1, -1) };
    let (start, end) = (start.map_or(default_start, clamped), end.map_or(default_end, clamped));
    let distance = if step > 0 { end - start } else { start - end };
    let count = if distance > 0 { (distance - 1) / step.abs() + 1 } else { 0 };
    Ok((0..count as usize).map(move |i| (start + i as i64 * step) as usize))
}
