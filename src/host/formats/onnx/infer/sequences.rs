//! Operators on sequences of tensors, and on optional tensors.

use std::cell::RefCell;

use super::super::call::{Call, Inferred, LAYOUT, Problem, SHAPE, axis};
use super::super::fold;
use super::super::tensor::{Element, Fact, Value};
use super::elementwise::picked;
use super::layout;

/// The maximum number of tensors of a sequence whose tensors are tracked.
const MOST_ITEMS: u64 = 1 << 12;

/// Operators on sequences.
pub fn sequence(call: &Call) -> Result<Inferred, Problem> {
    let output = match call.op() {
        "SequenceEmpty" => Fact::sequence(Vec::new()),
        "SequenceConstruct" => sequence_of(call.inputs.iter().flatten().cloned().collect())?,
        "SequenceLength" => {
            let count = call.items(0)?.len() as i64;
            let length = call.output(Element::INT64, &[])?.with_value(Some(Value::Ints(vec![count])));
            return Ok(Inferred::nothing(SHAPE, vec![length]));
        }
        "SequenceAt" => at(call)?,
        "SequenceInsert" => {
            let mut items = call.items(0)?.to_vec();
            let place = position(call, 2, items.len())?.unwrap_or(items.len());
            items.insert(place, call.input(1)?.clone());
            sequence_of(items)?
        }
        "SequenceErase" => {
            let mut items = call.items(0)?.to_vec();
            let last = items.len().checked_sub(1).ok_or_else(|| Problem::Bad("an empty sequence".to_string()))?;
            items.remove(position(call, 1, last)?.unwrap_or(last));
            sequence_of(items)?
        }
        _ => split(call)?,
    };
    Ok(Inferred::nothing(LAYOUT, vec![output]))
}

fn sequence_of(items: Vec<Fact>) -> Result<Fact, Problem> {
    match items.len() as u64 <= MOST_ITEMS {
        true => Ok(Fact::sequence(items)),
        false => Err(too_long(items.len() as u64)),
    }
}

fn too_long(items: u64) -> Problem {
    Problem::Unknown(format!("it is a sequence of {items} tensors, of which at most {MOST_ITEMS} are followed").into())
}

/// A position in a sequence, at most `last`, from an optional input.
fn position(call: &Call, index: usize, last: usize) -> Result<Option<usize>, Problem> {
    if call.given(index).is_none() {
        return Ok(None);
    }
    let place = *call.ints(index)?.first().ok_or_else(|| Problem::Bad("a position without a number".to_string()))?;
    axis(place, last + 1).map(Some).map_err(|_| Problem::Bad(format!("position {place} of a sequence up to {last}")))
}

/// `SequenceAt`. If the position is unknown, the shape is still known if all tensors have the same shape.
fn at(call: &Call) -> Result<Fact, Problem> {
    let items = call.items(0)?;
    let Some(last) = items.len().checked_sub(1) else { return Err(Problem::Bad("an empty sequence".to_string())) };
    match (position(call, 1, last), &items[0].shape) {
        (Ok(Some(place)), _) => Ok(items[place].clone()),
        (Err(Problem::Unknown(_)), Ok(shape)) if items.iter().all(|item| item.shape.as_ref() == Ok(shape)) => {
            call.output(items[0].element, shape)
        }
        (Err(problem), _) => Err(problem),
        (Ok(None), _) => Err(Problem::Bad("has no position".to_string())),
    }
}

/// `SplitToSequence`. Splits into single elements, into parts of one size and a rest, or into parts of given sizes.
fn split(call: &Call) -> Result<Fact, Problem> {
    let shape = call.shape(0)?;
    let along = axis(call.int("axis").unwrap_or(0), shape.len())?;
    let all = shape[along];
    let equal = |size: u64| match all.div_ceil(size) {
        count if count > MOST_ITEMS => Err(too_long(count)),
        count => Ok((0..count).map(|i| size.min(all - i * size)).collect()),
    };
    let sizes: Vec<u64> = match call.given(1) {
        None => equal(1)?,
        Some(fact) => {
            let bad = |size: &i64| Problem::Bad(format!("parts of {size} elements"));
            let sizes = call.ints(1)?.iter().map(|size| u64::try_from(*size).map_err(|_| bad(size)));
            let sizes = sizes.collect::<Result<Vec<u64>, Problem>>()?;
            match sizes[..] {
                [size] if fact.shape.as_ref().is_ok_and(|shape| shape.is_empty()) => equal(size.max(1))?,
                _ if sizes.iter().try_fold(0u64, |sum, &size| sum.checked_add(size)) == Some(all) => sizes,
                _ => return Err(Problem::Bad(format!("{all} elements do not split into {sizes:?}"))),
            }
        }
    };
    // Only a split into single elements can remove the dimension.
    let keep = call.given(1).is_some() || call.int("keepdims") != Some(0);
    let mut items = Vec::with_capacity(sizes.len());
    let mut begin = 0;
    for size in sizes {
        let mut new = shape.to_vec();
        new[along] = size;
        let mut item = picked(call, &new, |at| {
            let mut own = at.to_vec();
            own[along] += begin;
            fold::flat(&own, shape)
        })?;
        if !keep {
            new.remove(along);
            item.shape = Ok(new.into());
        }
        let fact = call.input(0)?;
        items.push(Fact { constant: fact.constant, weights: fact.weights.clone(), ..item });
        begin += size;
    }
    sequence_of(items)
}

/// `ConcatFromSequence`. Joins along an axis, or stacks along a new one.
pub fn concat(call: &Call) -> Result<Inferred, Problem> {
    let mut items = call.items(0)?.to_vec();
    let along = call.int("axis").ok_or_else(|| Problem::Bad("has no axis".to_string()))?;
    if call.flag("new_axis") {
        for item in &mut items {
            let mut shape = item.shape.as_deref().map_err(|why| Problem::Unknown(why.clone()))?.to_vec();
            shape.insert(axis(along, shape.len() + 1)?, 1);
            item.shape = Ok(shape.into());
        }
    }
    let parts: Vec<usize> = (0..items.len()).collect();
    let inputs = items.into_iter().map(Some).collect();
    let inner = Call { inputs, counted: RefCell::default(), ..*call };
    layout::joined(&inner, &parts, along)
}

/// `Optional` and the operators that read an optional tensor.
pub fn optional(call: &Call) -> Result<Inferred, Problem> {
    let output = match (call.op(), call.given(0)) {
        ("OptionalHasElement", given) => {
            let known = match given {
                None => Some(0),
                Some(fact) => (fact.shape.is_ok() || fact.items.is_some()).then_some(1),
            };
            call.output(Element::BOOL, &[])?.with_value(known.map(|known| Value::Ints(vec![known])))
        }
        (_, Some(fact)) => fact.clone(),
        _ => Fact::unknown(&"it is an optional that holds nothing".into()),
    };
    Ok(Inferred::nothing(LAYOUT, vec![output]))
}
