//! Shapes of outputs, where inputs have other sizes than the file tells.

use super::call::{Call, Fault, Outputs, crossed, elements};
use super::operators::{Meaning, Product, broadcast_inputs, normalised, place_of, size, unknown_size};
use super::values::{range, strided};
use super::windows::transposed_output;
use crate::host::model::Work;

/// The shapes of all outputs.
///
/// # Errors
/// Shapes that contradict each other.
pub fn outputs(call: &Call, meaning: &Meaning) -> Result<Outputs, Fault> {
    // How much these output is never what the file tells of it, unless it can be computed.
    let by_data = matches!(call.op.name.as_str(), "WHERE" | "UNIQUE" | "RANGE" | "SEGMENT_SUM");
    if call.as_told() && !by_data {
        return Ok(Outputs::Told);
    }
    match derive(call, meaning) {
        Ok(Some(shapes)) => Ok(Outputs::Derived(shapes)),
        Ok(None) if call.may_be_as_told() => Ok(Outputs::Told),
        Ok(None) | Err(Fault::Unknown(_)) => Ok(Outputs::Unknown),
        Err(fault) => Err(fault),
    }
}

/// The shapes of all outputs, if they can be told.
fn derive(call: &Call, meaning: &Meaning) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    if let Meaning::Works(parts) = meaning
        && let [part] = parts.as_slice()
        && let Work::Conv(window) | Work::Transposed(window) = &part.work
    {
        return one(vec![window.n, window.output[0], window.output[1], window.k]);
    }
    let first = || call.shape(0).map(<[u64]>::to_vec);
    match call.op.name.as_str() {
        "AVERAGE_POOL_2D" | "MAX_POOL_2D" | "L2_POOL_2D" => match meaning {
            Meaning::Works(parts) => match parts.first().map(|part| &part.work) {
                Some(Work::Pool(window)) => one(vec![window.n, window.output[0], window.output[1], window.c]),
                _ => Ok(None),
            },
            Meaning::Skipped(_) => Ok(None),
        },
        "TRANSPOSE_CONV" => {
            let ([k, ..], [n, ..]) = (call.shape_of::<4>(1)?, call.shape_of::<4>(2)?);
            let [y, x] = transposed_output(call)?;
            one(vec![n, y, x, k])
        }
        "RELU"
        | "RELU6"
        | "RELU_N1_TO_1"
        | "RELU_0_TO_1"
        | "LEAKY_RELU"
        | "PRELU"
        | "ELU"
        | "GELU"
        | "HARD_SWISH"
        | "LOGISTIC"
        | "TANH"
        | "ABS"
        | "NEG"
        | "EXP"
        | "LOG"
        | "SQRT"
        | "RSQRT"
        | "SQUARE"
        | "SIN"
        | "COS"
        | "FLOOR"
        | "CEIL"
        | "ROUND"
        | "SIGN"
        | "ZEROS_LIKE"
        | "COMPLEX_ABS"
        | "REAL"
        | "IMAG"
        | "BITCAST"
        | "BUCKETIZE"
        | "MATRIX_SET_DIAG"
        | "HASHTABLE_FIND"
        | "SOFTMAX"
        | "LOG_SOFTMAX"
        | "L2_NORMALIZATION"
        | "LOCAL_RESPONSE_NORMALIZATION"
        | "CUMSUM"
        | "QUANTIZE"
        | "DEQUANTIZE"
        | "CAST"
        | "FAKE_QUANT"
        | "REVERSE_V2"
        | "REVERSE_SEQUENCE"
        | "LOGICAL_NOT"
        | "DYNAMIC_UPDATE_SLICE" => one(first()?),
        "ADD" | "SUB" | "MUL" | "DIV" | "MAXIMUM" | "MINIMUM" | "SQUARED_DIFFERENCE" | "ADD_N" | "FLOOR_DIV"
        | "FLOOR_MOD" | "POW" | "ATAN2" | "LESS" | "LESS_EQUAL" | "GREATER" | "GREATER_EQUAL" | "EQUAL"
        | "NOT_EQUAL" | "LOGICAL_AND" | "LOGICAL_OR" | "SELECT_V2" | "BITWISE_XOR" | "RIGHT_SHIFT" => {
            one(broadcast_inputs(call)?)
        }
        "FULLY_CONNECTED" => fully_connected(call),
        "BATCH_MATMUL" => {
            let Product { mut outer, m, n, .. } =
                Product::new(call.shape(0)?, call.shape(1)?, call.flag(0, false)?, call.flag(1, false)?)?;
            outer.extend([m, n]);
            one(outer)
        }
        "MEAN" | "SUM" | "REDUCE_MAX" | "REDUCE_MIN" | "REDUCE_PROD" | "REDUCE_ANY" | "REDUCE_ALL" => reduce(call),
        "RESHAPE" => reshape(call),
        "SQUEEZE" => squeeze(call),
        "EXPAND_DIMS" => {
            let mut shape = first()?;
            let Some(&[axis]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
            shape.insert(place(axis, shape.len() + 1)?, 1);
            one(shape)
        }
        "CONCATENATION" => concatenation(call),
        "PACK" => {
            let mut shape = first()?;
            shape.insert(place(call.number(1, 0)?.into(), shape.len() + 1)?, call.op.inputs.len() as u64);
            one(shape)
        }
        "UNPACK" => {
            let mut shape = first()?;
            shape.remove(place(call.number(1, 0)?.into(), shape.len())?);
            Ok(Some(vec![shape; call.op.outputs.len()]))
        }
        "SPLIT" => split(call),
        "SPLIT_V" => split_sizes(call),
        "TRANSPOSE" => transpose(call),
        "PAD" | "PADV2" | "MIRROR_PAD" => pad(call),
        "SLICE" => slice(call),
        "STRIDED_SLICE" => strided_slice(call),
        "GATHER" => gather(call),
        "EMBEDDING_LOOKUP" => {
            let ([_, rest @ ..], mut shape) = (call.shape(1)?, first()?) else { return Ok(None) };
            shape.extend(rest);
            one(shape)
        }
        "RESIZE_BILINEAR" | "RESIZE_NEAREST_NEIGHBOR" => {
            let [n, _, _, c] = call.shape_of(0)?;
            let Some(&[y, x]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
            one(vec![n, size(y)?, size(x)?, c])
        }
        "TILE" => {
            let Some(times) = call.values(1)? else { return Err(unknown_size()) };
            let sizes = call.shape(0)?.iter().zip(times).map(|(&old, times)| multiplied(old, size(times)?));
            one(sizes.collect::<Result<_, Fault>>()?)
        }
        "SPACE_TO_DEPTH" | "DEPTH_TO_SPACE" => blocks(call),
        "SPACE_TO_BATCH_ND" => space_to_batch(call),
        "BATCH_TO_SPACE_ND" => batch_to_space(call),
        "SHAPE" => one(vec![call.shape(0)?.len() as u64]),
        "RANK" => one(Vec::new()),
        "RANGE" => match range(call)? {
            Some((_, _, count)) => one(vec![count]),
            None => Err(unknown_size()),
        },
        "WHERE" => {
            let set = call.values(0)?.ok_or_else(unknown_size)?;
            one(vec![set.iter().filter(|&&set| set != 0).count() as u64, call.shape(0)?.len() as u64])
        }
        "UNIQUE" => {
            let mut values = call.values(0)?.ok_or_else(unknown_size)?;
            values.sort_unstable();
            values.dedup();
            Ok(Some(vec![vec![values.len() as u64], first()?]))
        }
        "NON_MAX_SUPPRESSION_V4" | "NON_MAX_SUPPRESSION_V5" => {
            let Some(&[most]) = call.values(2)?.as_deref() else { return Err(unknown_size()) };
            let selected = vec![size(most)?];
            match call.op.name.as_str() {
                "NON_MAX_SUPPRESSION_V4" => Ok(Some(vec![selected, Vec::new()])),
                _ => Ok(Some(vec![selected.clone(), selected, Vec::new()])),
            }
        }
        "ONE_HOT" => {
            let mut shape = first()?;
            let Some(&[depth]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
            let axis = call.number(0, 0)?;
            shape.insert(place(axis.into(), shape.len() + 1)?, size(depth)?);
            one(shape)
        }
        "TOPK_V2" => {
            let mut shape = first()?;
            let Some(&[count]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
            *shape.last_mut().ok_or("has a scalar for its input")? = size(count)?;
            Ok(Some(vec![shape.clone(), shape]))
        }
        "SCATTER_ND" | "SPARSE_TO_DENSE" | "RANDOM_UNIFORM" | "RANDOM_STANDARD_NORMAL" => {
            let input = match call.op.name.as_str() {
                "SCATTER_ND" => 2,
                "SPARSE_TO_DENSE" => 1,
                _ => 0,
            };
            let sizes = call.values(input)?.ok_or_else(unknown_size)?;
            one(sizes.into_iter().map(size).collect::<Result<_, Fault>>()?)
        }
        "MULTINOMIAL" => {
            let Some(&[count]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
            one(vec![call.shape_of::<2>(0)?[0], size(count)?])
        }
        "ARG_MAX" | "ARG_MIN" => {
            let mut shape = first()?;
            let Some(&[axis]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
            shape.remove(place(axis, shape.len())?);
            one(shape)
        }
        "GATHER_ND" => {
            let (data, indices) = (call.shape(0)?, call.shape(1)?);
            let (last, outer) = indices.split_last().ok_or("its indices are a scalar")?;
            let rest = usize::try_from(*last).ok().and_then(|last| data.get(last..));
            one([outer, rest.ok_or("its indices are longer than its input has dimensions")?].concat())
        }
        "UNSORTED_SEGMENT_PROD" | "UNSORTED_SEGMENT_MAX" | "UNSORTED_SEGMENT_SUM" | "UNSORTED_SEGMENT_MIN" => {
            let Some(&[count]) = call.values(2)?.as_deref() else { return Err(unknown_size()) };
            let rest =
                call.shape(0)?.get(call.shape(1)?.len()..).ok_or("has more dimensions of segments than of data")?;
            one([&[size(count)?], rest].concat())
        }
        "SEGMENT_SUM" => Err(unknown_size()),
        "SELECT" => one(call.shape(1)?.to_vec()),
        "MATRIX_DIAG" => {
            let shape = first()?;
            let last = *shape.last().ok_or("has a scalar for its input")?;
            one([&shape[..], &[last]].concat())
        }
        "BROADCAST_ARGS" => {
            let ([a], [b]) = (call.shape_of(0)?, call.shape_of(1)?);
            one(vec![a.max(b)])
        }
        "RFFT2D" => one(transformed(call)?),
        "BIDIRECTIONAL_SEQUENCE_LSTM" | "BIDIRECTIONAL_SEQUENCE_RNN" if call.op.outputs.len() == 1 => {
            same_but_last(call)
        }
        "BROADCAST_TO" | "FILL" => {
            let Some(sizes) = call.values(if call.op.name == "FILL" { 0 } else { 1 })? else {
                return Err(unknown_size());
            };
            one(sizes.into_iter().map(size).collect::<Result<_, Fault>>()?)
        }
        "SVDF" => {
            let ([batch, _], [filters, _]) = (call.shape_of(0)?, call.shape_of(1)?);
            one(vec![batch, filters / call.size(0, 1, "rank")?])
        }
        "RNN" => one(vec![call.shape_of::<2>(0)?[0], call.shape_of::<2>(1)?[0]]),
        "LSTM" | "UNIDIRECTIONAL_SEQUENCE_LSTM" | "UNIDIRECTIONAL_SEQUENCE_RNN" => same_but_last(call),
        _ => Ok(None),
    }
}

fn one(shape: Vec<u64>) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

fn fully_connected(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let [outputs, inputs] = call.shape_of(1)?;
    let shape = call.shape(0)?;
    if call.flag(2, false)? {
        let outer = &shape[..shape.len().saturating_sub(1)];
        return one([outer, &[outputs]].concat());
    }
    one(vec![elements(shape)?.checked_div(inputs).ok_or("its weights take no inputs")?, outputs])
}

fn reduce(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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
fn reshape(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

fn squeeze(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let shape = call.shape(0)?;
    let axes: Vec<i64> = call.list(0)?.into_iter().map(i64::from).collect();
    let axes = normalised(&axes, shape.len()).ok_or("squeezes an axis that does not exist")?;
    let goes = |axis: usize, size: u64| if axes.is_empty() { size == 1 } else { axes.contains(&axis) };
    one(shape.iter().enumerate().filter(|(axis, size)| !goes(*axis, **size)).map(|(_, size)| *size).collect())
}

fn concatenation(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

fn split(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

fn split_sizes(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

fn transpose(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let shape = call.shape(0)?;
    let Some(order) = call.values(1)? else { return Err(unknown_size()) };
    one(order.iter().map(|&axis| Ok(shape[place(axis, shape.len())?])).collect::<Result<_, Fault>>()?)
}

fn pad(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let shape = call.shape(0)?;
    let Some(pads) = call.values(1)? else { return Err(unknown_size()) };
    let sizes = shape.iter().zip(pads.as_chunks::<2>().0);
    let sizes = sizes.map(|(&old, &[before, after])| added(added(old, size(before)?)?, size(after)?));
    one(sizes.collect::<Result<_, Fault>>()?)
}

fn slice(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let shape = call.shape(0)?;
    let (Some(starts), Some(sizes)) = (call.values(1)?, call.values(2)?) else { return Err(unknown_size()) };
    let sizes = shape.iter().zip(starts).zip(sizes).map(|((&old, start), wanted)| match wanted {
        // Whatever follows.
        -1 => old.checked_sub(size(start)?).ok_or_else(|| Fault::from("starts behind the end")),
        wanted => size(wanted),
    });
    one(sizes.collect::<Result<_, Fault>>()?)
}

fn strided_slice(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

/// Bits for each axis: start and end left out, ellipsis, new axis, axis that goes.
pub fn masks(call: &Call) -> Result<[i32; 5], Fault> {
    Ok([call.number(0, 0)?, call.number(1, 0)?, call.number(2, 0)?, call.number(3, 0)?, call.number(4, 0)?])
}

fn gather(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let (data, indices) = (call.shape(0)?, call.shape(1)?);
    let axis = place(call.number(0, 0)?.into(), data.len())?;
    let batch = place(call.number(1, 0)?.into(), indices.len() + 1)?;
    if batch > axis {
        return Err("gathers along an axis of its batch".into());
    }
    one([&data[..axis], &indices[batch..], &data[axis + 1..]].concat())
}

fn blocks(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let ([n, y, x, c], block) = (call.shape_of(0)?, call.size(0, 0, "block size")?);
    let area = multiplied(block, block)?;
    match call.op.name.as_str() {
        "SPACE_TO_DEPTH" => one(vec![n, y / block, x / block, multiplied(c, area)?]),
        _ => one(vec![n, multiplied(y, block)?, multiplied(x, block)?, c / area]),
    }
}

fn space_to_batch(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

fn batch_to_space(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
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

/// The shape of a Fourier transform of rows and columns: of real numbers, half of the columns tell all.
pub fn transformed(call: &Call) -> Result<Vec<u64>, Fault> {
    let [outer @ .., _, _] = call.shape(0)? else { return Err("transforms fewer than 2 dimensions".into()) };
    let Some(&[y, x]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
    Ok([outer, &[size(y)?, size(x)? / 2 + 1]].concat())
}

/// A recurrent layer changes the last size, which does not depend on the input.
fn same_but_last(call: &Call) -> Result<Option<Vec<Vec<u64>>>, Fault> {
    let mut shape = call.shape(0)?.to_vec();
    match (shape.last_mut(), call.output()?.told()) {
        (Some(last), Some([.., told])) => *last = *told,
        _ => return Ok(None),
    }
    // Of the older LSTM, the first outputs are not the result.
    if call.op.outputs.len() == 1 { one(shape) } else { Ok(None) }
}
