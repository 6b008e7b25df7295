//! Rules for the output shapes of operators that only move elements: reshape, join, split, pad, slice, gather.

use super::call::Call;
use super::dimensions::{added, masks, multiplied, normalised, place, size, unknown_size};
use super::fact::{Fault, crossed, elements};
use super::shapes::{Shapes, number, one};
use super::values::strided;

/// The shape whose sizes are the values of an input.
pub fn sizes_in(call: &Call, input: usize) -> Shapes {
    let sizes = call.values(input)?.ok_or_else(unknown_size)?;
    one(sizes.into_iter().map(size).collect::<Result<_, Fault>>()?)
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

/// Rows of a table, selected by indices.
pub fn embedding(call: &Call) -> Shapes {
    let ([_, rest @ ..], indices) = (call.shape(1)?, call.shape(0)?) else { return Ok(None) };
    one([indices, rest].concat())
}

pub fn tile(call: &Call) -> Shapes {
    let Some(times) = call.values(1)? else { return Err(unknown_size()) };
    let sizes = call.shape(0)?.iter().zip(times).map(|(&old, times)| multiplied(old, size(times)?));
    one(sizes.collect::<Result<_, Fault>>()?)
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

pub fn diagonal(call: &Call) -> Shapes {
    let shape = call.shape(0)?;
    let last = *shape.last().ok_or("has a scalar for its input")?;
    one([shape, &[last]].concat())
}

/// A new shape. If the shape was meant for the file's batch, it grows with the batch.
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
        // Everything from the start on.
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
    // An ellipsis stands for all dimensions that no other entry refers to.
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
