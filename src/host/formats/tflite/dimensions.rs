//! Sizes and axes: helpers that the rules of shapes and of work share.

use super::call::Call;
use super::fact::{Fault, crossed};

/// Turns a number that the network computes into a size.
pub fn size(value: i64) -> Result<u64, Fault> {
    u64::try_from(value).map_err(|_| format!("a size is {value}; expected 0 or more").into())
}

/// The fault that the size of an output depends on data.
pub fn unknown_size() -> Fault {
    Fault::Unknown("the size of its output depends on values that are known only when the network runs".to_string())
}

/// Axes counted from the front, each once and in order; `None` if one does not exist.
pub fn normalised(axes: &[i64], rank: usize) -> Option<Vec<usize>> {
    let axes = axes.iter().map(|&axis| place_of(axis, rank)).collect::<Option<std::collections::BTreeSet<_>>>()?;
    Some(axes.into_iter().collect())
}

/// An axis counted from the front; `None` if it does not exist.
pub fn place_of(axis: i64, rank: usize) -> Option<usize> {
    let rank = i64::try_from(rank).ok()?;
    let axis = if axis < 0 { axis.checked_add(rank)? } else { axis };
    (0..rank).contains(&axis).then_some(axis as usize)
}

/// The shape of all inputs after broadcasting.
pub fn broadcast_inputs(call: &Call) -> Result<Vec<u64>, Fault> {
    let mut shape = Vec::new();
    for input in 0..call.op.inputs.len() {
        let more = call.shape(input)?;
        shape =
            broadcast(&shape, more).ok_or_else(|| format!("{} and {} do not match", crossed(&shape), crossed(more)))?;
    }
    Ok(shape)
}

/// The shape of two shapes after broadcasting: a size of 1 becomes that of the other. `None` if they do not match.
fn broadcast(a: &[u64], b: &[u64]) -> Option<Vec<u64>> {
    let rank = a.len().max(b.len());
    let padded = |shape: &[u64]| [vec![1; rank - shape.len()], shape.to_vec()].concat();
    let pairs = padded(a).into_iter().zip(padded(b));
    let sizes = pairs.map(|pair| match pair {
        (1, size) | (size, 1) => Some(size),
        (a, b) => (a == b).then_some(a),
    });
    sizes.collect()
}

/// A batch of matrix products.
pub struct Product {
    /// Dimensions of the output before the last two.
    pub outer: Vec<u64>,
    pub m: u64,
    pub n: u64,
    pub k: u64,
}

impl Product {
    pub fn new(a: &[u64], b: &[u64], adjoint_a: bool, adjoint_b: bool) -> Result<Product, Fault> {
        let ([outer_a @ .., a1, a2], [outer_b @ .., b1, b2]) = (a, b) else {
            return Err("its operands have fewer than 2 dimensions".into());
        };
        let (m, k) = if adjoint_a { (*a2, *a1) } else { (*a1, *a2) };
        let (of_b, n) = if adjoint_b { (*b2, *b1) } else { (*b1, *b2) };
        match broadcast(outer_a, outer_b) {
            Some(outer) if k == of_b => Ok(Product { outer, m, n, k }),
            _ => Err(format!("{} by {} is no product of matrices", crossed(a), crossed(b)).into()),
        }
    }
}

/// The shape of a Fourier transform of rows and columns. Because the input is real, the output has only half of the
/// columns.
pub fn transformed(call: &Call) -> Result<Vec<u64>, Fault> {
    let [outer @ .., _, _] = call.shape(0)? else { return Err("transforms fewer than 2 dimensions".into()) };
    let Some(&[y, x]) = call.values(1)?.as_deref() else { return Err(unknown_size()) };
    Ok([outer, &[size(y)?, size(x)? / 2 + 1]].concat())
}

/// The masks of a strided slice, with a bit for each axis: start left out, end left out, ellipsis, new axis, axis removed.
pub fn masks(call: &Call) -> Result<[i32; 5], Fault> {
    Ok([call.number(0, 0)?, call.number(1, 0)?, call.number(2, 0)?, call.number(3, 0)?, call.number(4, 0)?])
}

/// An axis counted from the front.
///
/// # Errors
/// The axis does not exist.
pub fn place(axis: i64, rank: usize) -> Result<usize, Fault> {
    place_of(axis, rank).ok_or_else(|| format!("has no axis {axis}: there are {rank}").into())
}

/// A product of sizes.
pub fn multiplied(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_mul(b).ok_or_else(|| "its output is too large".into())
}

/// A sum of sizes.
pub fn added(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_add(b).ok_or_else(|| "its output is too large".into())
}
