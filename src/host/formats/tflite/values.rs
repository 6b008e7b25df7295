//! Integers that a network computes from shapes, to reshape by them.

use super::call::{Call, Fault};
use super::shapes::masks;

/// The longest list that is computed.
const MAX_VALUES: usize = 64;

/// The integers that an operator outputs, if they can be told without running the network.
pub fn output(call: &Call) -> Result<Option<Vec<i64>>, Fault> {
    match computed(call) {
        Err(Fault::Unknown(_)) => Ok(None),
        values => values,
    }
}

fn computed(call: &Call) -> Result<Option<Vec<i64>>, Fault> {
    let values = match call.op.name.as_str() {
        "SHAPE" => Some(call.shape(0)?.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect()),
        "CAST" | "RESHAPE" | "SQUEEZE" | "EXPAND_DIMS" => call.values(0)?,
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
        "MINIMUM" => pairwise(call, |a, b| Some(a.min(b)))?,
        _ => None,
    };
    Ok(values.filter(|values| values.len() <= MAX_VALUES))
}

fn all(call: &Call) -> Result<Option<Vec<Vec<i64>>>, Fault> {
    (0..call.op.inputs.len()).map(|input| call.values(input)).collect()
}

fn product(list: &[i64]) -> Option<i64> {
    list.iter().try_fold(1i64, |product, &value| product.checked_mul(value))
}

/// One operation for each pair; a single value pairs with each of the others.
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
        let start = if start < 0 { start + list.len() as i64 } else { start };
        return Ok(usize::try_from(start).ok().and_then(|start| Some(vec![*list.get(start)?])));
    }
    let (start, end) = ((start_mask & 1 == 0).then_some(start), (end_mask & 1 == 0).then_some(end));
    Ok(strided(list.len() as u64, start, end, step)?.map(|place| list.get(place).copied()).collect())
}

/// The places along an axis of `length` that a slice takes; negative ones count from the end.
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
