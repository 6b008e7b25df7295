//! Shapes of outputs, where inputs have other sizes than the file tells.

use super::call::{Call, Fault, Outputs, crossed, elements};
use super::dimensions::{Product, broadcast_inputs, masks, normalised, place_of, size, transformed, unknown_size};
use super::values::{range, strided};
use super::windows::{pooled, transposed_output};
use super::work::Meaning;
use crate::host::model::Work;

/// Those of all outputs, if they can be told.
pub type Shapes = Result<Option<Vec<Vec<u64>>>, Fault>;

/// The shapes of all outputs, by the rule that the operator has for them. What the file tells of them does not count where it is `by_data`:
/// how much these output depends on what they are given.
///
/// # Errors
/// Shapes that contradict each other.
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
        Ok(None) if call.may_be_as_told() => Ok(Outputs::Stated),
        Ok(None) | Err(Fault::Unknown(_)) => Ok(Outputs::Unknown),
        Err(fault) => Err(fault),
    }
}

/// What a convolution outputs.
fn of_window(meaning: &Meaning) -> Option<Vec<u64>> {
    let Meaning::Works(parts) = meaning else { return None };
    let [part] = parts.as_slice() else { return None };
    let (Work::Conv(window) | Work::Transposed(window)) = &part.work else { return None };
    Some(vec![window.n, window.output[0], window.output[1], window.k])
}

/// No rule: as the file tells, if that may still be so.
pub fn none(_: &Call) -> Shapes {
    Ok(None)
}

/// That of the first input.
pub fn first(call: &Call) -> Shapes {
    one(call.shape(0)?.to_vec())
}

/// That of the second input.
pub fn second(call: &Call) -> Shapes {
    one(call.shape(1)?.to_vec())
}

/// What all inputs are stretched to.
pub fn broadcast(call: &Call) -> Shapes {
    one(broadcast_inputs(call)?)
}

/// The numbers of an input.
pub fn sizes_in(call: &Call, input: usize) -> Shapes {
    let sizes = call.values(input)?.ok_or_else(unknown_size)?;
    one(sizes.into_iter().map(size).collect::<Result<_, Fault>>()?)
}

/// The one number of an input.
fn number(call: &Call, input: usize) -> Result<i64, Fault> {
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

pub fn expand(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    shape.insert(place(number(call, 1)?, shape.len() + 1)?, 1);
    one(shape)
}

pub fn pack(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    shape.insert(place(call.number(1, 0)?.into(), shape.len() + 1)?, call.op.inputs.len() as u64);
    one(shape)
}

pub fn unpack(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    shape.remove(place(call.number(1, 0)?.into(), shape.len())?);
    Ok(Some(vec![shape; call.op.outputs.len()]))
}

/// Rows of a table.
pub fn embedding(call: &Call) -> Shapes {
    let ([_, rest @ ..], indices) = (call.shape(1)?, call.shape(0)?) else { return Ok(None) };
    one([indices, rest].concat())
}

pub fn resize(call: &Call) -> Shapes {
    let [n, _, _, c] = call.shape_of(0)?;
    let Some(&[y, x]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
    one(vec![n, size(y)?, size(x)?, c])
}

pub fn tile(call: &Call) -> Shapes {
    let Some(times) = call.values(1)? else { return Err(unknown_size()) };
    let sizes = call.shape(0)?.iter().zip(times).map(|(&old, times)| multiplied(old, size(times)?));
    one(sizes.collect::<Result<_, Fault>>()?)
}

/// A size for each dimension.
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

/// Places that are set.
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

/// Boxes that are kept, with their scores if there are as many outputs.
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

/// The place of the largest, or the least, along an axis.
pub fn arg(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    shape.remove(place(number(call, 1)?, shape.len())?);
    one(shape)
}

pub fn gather_nd(call: &Call) -> Shapes {
    let (data, indices) = (call.shape(0)?, call.shape(1)?);
    let (last, outer) = indices.split_last().ok_or("its indices are a scalar")?;
    let rest = usize::try_from(*last).ok().and_then(|last| data.get(last..));
    one([outer, rest.ok_or("its indices are longer than its input has dimensions")?].concat())
}

pub fn segments(call: &Call) -> Shapes {
    let count = number(call, 2)?;
    let rest = call.shape(0)?.get(call.shape(1)?.len()..).ok_or("has more dimensions of segments than of data")?;
    one([&[size(count)?], rest].concat())
}

/// Known only when the network runs.
pub fn unknown(_: &Call) -> Shapes {
    Err(unknown_size())
}

pub fn diagonal(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let last = *shape.last().ok_or("has a scalar for its input")?;
    one([shape, &[last]].concat())
}

/// Of two shapes, how many dimensions what they are stretched to has.
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

/// Both directions in one output.
pub fn joined(call: &Call) -> Shapes {
    if call.op.outputs.len() == 1 { same_but_last(call) } else { Ok(None) }
}

fn one(shape: Vec<u64>) -> Shapes {
    Ok(Some(vec![shape]))
}

/// An axis counted from the front.
fn place(axis: i64, rank: usize) -> Result<usize, Fault> {
    place_of(axis, rank).ok_or_else(|| format!("has no axis {axis}: there are {rank}").into())
}

fn multiplied(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_mul(b).ok_or_else(|| "its output is too large".into())
}

fn added(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_add(b).ok_or_else(|| "its output is too large".into())
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

/// A new shape that was meant for the batch of the file grows with it.
pub fn reshape(call: &Call) -> Shapes {
    let all = elements(call.shape(0)?)?;
    let wanted = match call.values(1)? {
        Some(sizes) => sizes,
        None if call.input(1).is_none() => call.list(0)?.into_iter().map(i64::from).collect(),
        None => return Err(unknown_size()),
    };
    let mut known = wanted.iter().filter(|&&size| size >= 0);
    let known = known.try_fold(1u64, |product, &size| product.checked_mul(size as u64)).ok_or("is too large")?;
    let mut shape: Vec<u64> = wanted.iter().map(|&size| u64::try_from(size).unwrap_or(0)).collect();
    let fits = |known| all.checked_rem(known) == Some(0);
    match wanted.iter().position(|&size| size < 0) {
        Some(open) if fits(known) && wanted.iter().filter(|&&size| size < 0).count() == 1 => shape[open] = all / known,
        None if all == known => (),
        None if fits(known) && !shape.is_empty() => shape[0] = multiplied(shape[0], all / known)?,
        _ => {
            let sizes: Vec<_> = wanted.iter().map(i64::to_string).collect();
            return Err(format!("{} elements do not fit into {}", all, sizes.join("x")).into());
        }
    }
    one(shape)
}

pub fn squeeze(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let axes: Vec<i64> = call.list(0)?.into_iter().map(i64::from).collect();
    let axes = normalised(&axes, shape.len()).ok_or("squeezes an axis that does not exist")?;
    let goes = |axis: usize, size: u64| if axes.is_empty() { size == 1 } else { axes.contains(&axis) };
    one(shape.iter().enumerate().filter(|(axis, size)| !goes(*axis, **size)).map(|(_, size)| *size).collect())
}

pub fn concatenation(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    let axis = place(call.number(0, 0)?.into(), shape.len())?;
    for input in 1..call.op.inputs.len() {
        let more = call.shape(input)?;
        let agree = |(other, pair): (usize, (&u64, &u64))| other == axis || pair.0 == pair.1;
        if more.len() != shape.len() || !shape.iter().zip(more).enumerate().all(agree) {
            return Err(format!("{} and {} cannot be joined", crossed(&shape), crossed(more)).into());
        }
        shape[axis] = added(shape[axis], more[axis])?;
    }
    one(shape)
}

pub fn split(call: &Call) -> Shapes {
    let mut shape = call.shape(1)?.to_vec();
    let Some(&[axis]) = call.values(0)?.as_deref() else { return Err(unknown_size()) };
    let axis = place(axis, shape.len())?;
    let parts = call.op.outputs.len();
    shape[axis] = match shape[axis].checked_rem(parts as u64) {
        Some(0) => shape[axis] / parts as u64,
        _ => return Err(format!("{} cannot be split into {parts} parts", crossed(&shape)).into()),
    };
    Ok(Some(vec![shape; parts]))
}

pub fn split_sizes(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let (Some(sizes), Some(&[axis])) = (call.values(1)?, call.values(2)?.as_deref()) else {
        return Err(unknown_size());
    };
    let axis = place(axis, shape.len())?;
    let known = sizes.iter().filter(|&&size| size >= 0).try_fold(0u64, |sum, &size| sum.checked_add(size as u64));
    let rest = known.and_then(|known| shape[axis].checked_sub(known)).ok_or("its parts are larger than the whole")?;
    let part = |&size: &i64| {
        let mut part = shape.to_vec();
        part[axis] = u64::try_from(size).unwrap_or(rest);
        part
    };
    Ok(Some(sizes.iter().map(part).collect()))
}

pub fn transpose(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let Some(order) = call.values(1)? else { return Err(unknown_size()) };
    one(order.iter().map(|&axis| Ok(shape[place(axis, shape.len())?])).collect::<Result<_, Fault>>()?)
}

pub fn pad(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let Some(pads) = call.values(1)? else { return Err(unknown_size()) };
    let sizes = shape.iter().zip(pads.as_chunks::<2>().0);
    let sizes = sizes.map(|(&old, &[before, after])| added(added(old, size(before)?)?, size(after)?));
    one(sizes.collect::<Result<_, Fault>>()?)
}

pub fn slice(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let (Some(starts), Some(sizes)) = (call.values(1)?, call.values(2)?) else { return Err(unknown_size()) };
    let sizes = shape.iter().zip(starts).zip(sizes).map(|((&old, start), wanted)| match wanted {
        // Whatever follows.
        -1 => old.checked_sub(size(start)?).ok_or_else(|| Fault::from("starts behind the end")),
        wanted => size(wanted),
    });
    one(sizes.collect::<Result<_, Fault>>()?)
}

pub fn strided_slice(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let lists = (call.values(1)?, call.values(2)?, call.values(3)?);
    let (Some(starts), Some(ends), Some(steps)) = lists else { return Err(unknown_size()) };
    let [start_mask, end_mask, ellipsis, new_axes, shrink] = masks(call)?;
    if starts.len() != ends.len() || starts.len() != steps.len() || starts.len() > 31 {
        return Err("its lists of starts, ends and steps differ in length".into());
    }
    // An ellipsis stands for as many dimensions as the others leave.
    let has = |mask: i32, entry: usize| mask >> entry & 1 == 1;
    let named = (0..starts.len()).filter(|&entry| !has(new_axes, entry) && !has(ellipsis, entry)).count();
    let mut left = shape.iter();
    let mut sizes = Vec::new();
    for (entry, (&start, (&end, &step))) in starts.iter().zip(ends.iter().zip(&steps)).enumerate() {
        if has(ellipsis, entry) {
            let kept = shape.len().saturating_sub(named);
            sizes.extend(left.by_ref().take(kept));
        } else if has(new_axes, entry) {
            sizes.push(1);
        } else {
            let &old = left.next().ok_or("slices more dimensions than there are")?;
            let (start, end) = ((!has(start_mask, entry)).then_some(start), (!has(end_mask, entry)).then_some(end));
            if !has(shrink, entry) {
                sizes.push(strided(old, start, end, step)?.count() as u64);
            }
        }
    }
    sizes.extend(left);
    one(sizes)
}

pub fn gather(call: &Call) -> Shapes {
    let (data, indices) = (call.shape(0)?, call.shape(1)?);
    let axis = place(call.number(0, 0)?.into(), data.len())?;
    let batch = place(call.number(1, 0)?.into(), indices.len() + 1)?;
    if batch > axis {
        return Err("gathers along an axis of its batch".into());
    }
    one([&data[..axis], &indices[batch..], &data[axis + 1..]].concat())
}

pub fn blocks(call: &Call) -> Shapes {
    let ([n, y, x, c], block) = (call.shape_of(0)?, call.size(0, 0, "block size")?);
    let area = multiplied(block, block)?;
    match call.op.name.as_str() {
        "SPACE_TO_DEPTH" => one(vec![n, y / block, x / block, multiplied(c, area)?]),
        _ => one(vec![n, multiplied(y, block)?, multiplied(x, block)?, c / area]),
    }
}

pub fn space_to_batch(call: &Call) -> Shapes {
    let (Some(block), Some(pads)) = (call.values(1)?, call.values(2)?) else { return Err(unknown_size()) };
    let mut shape = call.shape(0)?.to_vec();
    if shape.len() <= block.len() {
        return Err("has more block sizes than axes".into());
    }
    for (axis, (&block, &[before, after])) in block.iter().zip(pads.as_chunks::<2>().0).enumerate() {
        let padded = added(added(shape[axis + 1], size(before)?)?, size(after)?)?;
        shape[axis + 1] = padded.checked_div(size(block)?).ok_or("a block size is 0")?;
        shape[0] = multiplied(shape[0], size(block)?)?;
    }
    one(shape)
}

pub fn batch_to_space(call: &Call) -> Shapes {
    let (Some(block), Some(crops)) = (call.values(1)?, call.values(2)?) else { return Err(unknown_size()) };
    let mut shape = call.shape(0)?.to_vec();
    if shape.len() <= block.len() {
        return Err("has more block sizes than axes".into());
    }
    for (axis, (&block, &[before, after])) in block.iter().zip(crops.as_chunks::<2>().0).enumerate() {
        let grown = multiplied(shape[axis + 1], size(block)?)?;
        let cropped = grown.checked_sub(added(size(before)?, size(after)?)?);
        shape[axis + 1] = cropped.ok_or("crops more than there is")?;
        shape[0] = shape[0].checked_div(size(block)?).ok_or("a block size is 0")?;
    }
    one(shape)
}

/// A recurrent layer changes the last size, which does not depend on the input.
pub fn same_but_last(call: &Call) -> Shapes {
    let mut shape = call.shape(0)?.to_vec();
    match (shape.last_mut(), call.output()?.stated()) {
        (Some(last), Some([.., told])) => *last = *told,
        _ => return Ok(None),
    }
    // Of the older LSTM, the first outputs are not the result.
    if call.op.outputs.len() == 1 { one(shape) } else { Ok(None) }
}
