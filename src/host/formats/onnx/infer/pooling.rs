//! Pooling.

use super::super::call::{Call, Does, Inferred, Part, Problem};
use super::super::tensor::{Element, shape_of, shown};
use super::convolution::{Sliding, numbers, window};
use crate::host::model::{Window, Work};

/// `MaxPool`, `AveragePool` and `LpPool`.
pub fn pool(call: &Call) -> Result<Inferred, Problem> {
    let input = planes(call)?;
    let Some(kernel) = call.list("kernel_shape") else {
        return Err(Problem::Bad("has no kernel_shape".to_string()));
    };
    let kernel = numbers("kernel_shape", kernel, input.len() - 2, 1)?;
    let (mut sliding, auto) = Sliding::of(call, input.len() - 2)?;
    let extents = sliding.outputs(&input[2..], &kernel, auto, call.flag("ceil_mode"))?;
    let shape = [&input[..2], &extents].concat();
    let work = window(&input, &shape, &kernel, &sliding, input[1]);
    let mut inferred = finish(call, work, &shape)?;
    if call.op() == "MaxPool" {
        // The positions of the maxima.
        inferred.outputs.push(call.output(Element::INT64, &shape)?);
    }
    if let Does::Parts(parts) = &mut inferred.does {
        for name in ["ceil_mode", "count_include_pad"] {
            parts[0].notes.push((name, u64::from(call.flag(name)).to_string()));
        }
    }
    Ok(inferred)
}

/// `MaxUnpool`. Each maximum goes back to its position. The size of the output is an input, or it is the size that
/// the pool's input had.
pub fn unpool(call: &Call) -> Result<Inferred, Problem> {
    let input = call.shape_of_rank(0, 3)?;
    let spatial = input.len() - 2;
    let shape = match call.given(2) {
        Some(_) => shape_of(call.ints(2)?)?,
        None => {
            let kernel = numbers("kernel_shape", call.list("kernel_shape").unwrap_or_default(), spatial, 1)?;
            let (sliding, _) = Sliding::of(call, spatial)?;
            let extent = |i: usize| {
                let full = input[2 + i].checked_sub(1)?.checked_mul(sliding.stride[i])?.checked_add(kernel[i])?;
                full.checked_sub(sliding.before[i].checked_add(sliding.after[i])?)
            };
            let extents = (0..spatial).map(extent).collect::<Option<Vec<u64>>>();
            let extents = extents.ok_or_else(|| Problem::Bad(format!("an input of {} has no output", shown(input))))?;
            [&input[..2], &extents].concat()
        }
    };
    Ok(Inferred::moves(call, &[0], vec![call.like(0, &shape)?]))
}

/// `GlobalAveragePool`, `GlobalMaxPool` and `GlobalLpPool`. The window has the size of the input.
pub fn global(call: &Call) -> Result<Inferred, Problem> {
    let input = planes(call)?;
    let shape: Vec<u64> = input[..2].iter().copied().chain(input[2..].iter().map(|_| 1)).collect();
    let mut inferred = finish(call, whole(&input), &shape)?;
    if let Does::Parts(parts) = &mut inferred.does {
        parts[0].notes = global_notes();
    }
    Ok(inferred)
}

/// The notes on a window with the size of its input.
pub fn global_notes() -> Vec<(&'static str, String)> {
    vec![("global", "1".to_string()), ("stride set to 1 by convention", String::new())]
}

/// The window that covers a whole input of one or two spatial dimensions.
pub fn whole(input: &[u64]) -> Option<Window> {
    let plane = match input[2..] {
        [columns] => [1, columns],
        [rows, columns] => [rows, columns],
        _ => return None,
    };
    Some(Window {
        n: input[0],
        k: input[1],
        c: input[1],
        filter: plane,
        input: plane,
        output: [1, 1],
        stride: [1, 1],
        dilation: [1, 1],
        groups: input[1],
        pads: [0; 4],
    })
}

/// The shape of the input with the channels second.
fn planes(call: &Call) -> Result<Vec<u64>, Problem> {
    let input = call.shape_of_rank(0, 3)?;
    if input[1..].contains(&0) {
        return Err(Problem::Bad(format!("an input of {} has no elements", shown(input))));
    }
    let mut input = input.to_vec();
    if call.flag("channels_last") {
        input[1..].rotate_right(1);
    }
    Ok(input)
}

fn finish(call: &Call, window: Option<Window>, shape: &[u64]) -> Result<Inferred, Problem> {
    let mut shape = shape.to_vec();
    if call.flag("channels_last") {
        shape[1..].rotate_left(1);
    }
    let work = match window {
        Some(window) => Work::Pool(window),
        None => Work::Unsupported { why: format!("{} over more than two dimensions is not costed", call.op()) },
    };
    Ok(Inferred::work(Part::new("", work, 0), vec![call.like(0, &shape)?]))
}
