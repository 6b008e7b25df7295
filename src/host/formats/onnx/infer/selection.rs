//! Operators that select elements. The number of selected elements may depend on data.

use super::super::call::{Call, Inferred, LAYOUT, Problem, SHAPE, axis};
use super::super::tensor::{Element, Value, shown};

/// `Compress`. Selects the elements for which a condition is true.
pub fn compress(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let count = call.ints(1)?.iter().filter(|&&set| set != 0).count() as u64;
    let new = match call.int("axis") {
        None => vec![count],
        Some(along) => {
            let mut new = shape.to_vec();
            new[axis(along, shape.len())?] = count;
            new
        }
    };
    Ok(Inferred::nothing(LAYOUT, vec![call.like(0, &new)?]))
}

/// `Unique`. The number of elements is known only for small constants.
pub fn unique(call: &Call) -> Result<Inferred, Problem> {
    let mut values = match (call.int("axis"), call.input(0)?.value.as_deref()) {
        (None, Some(Value::Ints(values))) => values.clone(),
        _ => return Err(call.depends(0)),
    };
    let all = values.len() as u64;
    values.sort_unstable();
    values.dedup();
    let indices = |count: u64| call.output(Element::INT64, &[count]);
    let count = values.len() as u64;
    let outputs = vec![call.like(0, &[count])?, indices(count)?, indices(all)?, indices(count)?];
    Ok(Inferred::nothing(SHAPE, outputs))
}

/// `CenterCropPad`. The output is the middle of the input, and an input gives its size.
pub fn center(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let axes = match call.list("axes") {
        Some(axes) => axes.iter().map(|&a| axis(a, shape.len())).collect::<Result<Vec<usize>, Problem>>()?,
        None => (0..shape.len()).collect(),
    };
    let sizes = call.ints(1)?;
    if sizes.len() != axes.len() {
        return Err(Problem::Bad(format!("{} sizes, expected {}", sizes.len(), axes.len())));
    }
    let mut new = shape.to_vec();
    for (&at, &size) in axes.iter().zip(sizes) {
        new[at] = u64::try_from(size).map_err(|_| Problem::Bad(format!("sizes are {sizes:?}")))?;
    }
    Ok(Inferred::nothing(LAYOUT, vec![call.like(0, &new)?]))
}

/// `Col2Im`. The output is an image, the sum of blocks that are columns of the input.
pub fn image(call: &Call) -> Result<Inferred, Problem> {
    let &[batch, rows, blocks] = call.shape(0)? else {
        return Err(Problem::Bad(format!("an input of {}, expected three dimensions", shown(call.shape(0)?))));
    };
    let sizes = |index: usize| -> Result<Vec<u64>, Problem> {
        let sizes = call.ints(index)?;
        let size = |&size: &i64| u64::try_from(size).ok().filter(|&size| size > 0);
        sizes.iter().map(size).collect::<Option<_>>().ok_or_else(|| Problem::Bad(format!("sizes are {sizes:?}")))
    };
    let (image, block) = (sizes(1)?, sizes(2)?);
    let area = block.iter().try_fold(1u64, |area, &size| area.checked_mul(size));
    match area.filter(|&area| rows.is_multiple_of(area) && image.len() == block.len()) {
        Some(area) => {
            let output = call.like(0, &[&[batch, rows / area][..], &image].concat())?;
            Ok(Inferred::moves(call, &[0], vec![output]))
        }
        None => Err(Problem::Bad(format!("{rows}x{blocks} columns of blocks of {block:?} in an image of {image:?}"))),
    }
}
