//! Operators that contain a whole attention, as the matrix products that it consists of.

use super::super::call::{Call, Does, Inferred, Part, Problem};
use super::super::tensor::{Element, Fact, elements, shown};
use crate::host::model::Work;

/// The sizes of an attention.
struct Sizes {
    batch: u64,
    heads: u64,
    /// Rows of the query.
    queries: u64,
    /// Rows of key and value, including those of the past.
    keys: u64,
    /// Columns of query and key for each head.
    width: u64,
    /// Columns of the value for each head.
    value_width: u64,
}

impl Sizes {
    /// The parts of an attention: the products for the scores and for the weighted sum of values, and the softmax
    /// between them.
    fn parts(&self, call: &Call) -> Result<Vec<Part>, Problem> {
        let batch = product(&[self.batch, self.heads])?;
        let (m, keys) = (self.queries, self.keys);
        let scores = Work::Gemm { batch, m, n: keys, k: self.width, constant: false };
        let shape = vec![self.batch, self.heads, m, keys];
        let softmax = Work::Elementwise { elements: product(&shape)?, input: shape.clone(), shape, binary: false };
        let values = Work::Gemm { batch, m, n: self.value_width, k: keys, constant: false };
        call.output(Element::FLOAT, &[self.batch, self.heads, m, keys])?;
        Ok(vec![Part::new("/scores", scores, 0), Part::new("/softmax", softmax, 0), Part::new("/values", values, 0)])
    }
}

fn product(sizes: &[u64]) -> Result<u64, Problem> {
    elements(sizes).ok_or_else(|| Problem::Bad(format!("{} is too large", shown(sizes))))
}

fn divided(total: u64, heads: u64, what: &str) -> Result<u64, Problem> {
    if heads == 0 || !total.is_multiple_of(heads) {
        return Err(Problem::Bad(format!("{total} columns of {what} do not divide into {heads} heads")));
    }
    Ok(total / heads)
}

fn needed(call: &Call, name: &str) -> Result<u64, Problem> {
    call.count(name)?.ok_or_else(|| Problem::Bad(format!("has no {name}")))
}

fn unfit(call: &Call) -> Problem {
    let shapes = call.inputs.iter().flatten().map(|fact| fact.shape.as_deref().map_or("?".to_string(), shown));
    Problem::Bad(format!("inputs of {} do not fit together", shapes.collect::<Vec<_>>().join(", ")))
}

/// The number of rows in a cached key or value of shape `batch x heads x rows x columns`.
fn past(call: &Call, index: usize) -> Result<u64, Problem> {
    match call.given(index) {
        None => Ok(0),
        Some(_) => call.shape_of_rank(index, 4).map(|shape| shape[shape.len() - 2]),
    }
}

fn sum(a: u64, b: u64) -> Result<u64, Problem> {
    a.checked_add(b).ok_or_else(|| Problem::Bad(format!("{a} and {b} rows")))
}

/// `Attention` of ONNX. Query, key and value have three or four dimensions.
pub fn standard(call: &Call) -> Result<Inferred, Problem> {
    let heads_of = |index: usize, name: &str| -> Result<(u64, u64, u64, u64), Problem> {
        match *call.shape(index)? {
            [batch, heads, rows, width] => Ok((batch, heads, rows, width)),
            [batch, rows, columns] => {
                let heads = needed(call, name)?;
                Ok((batch, heads, rows, divided(columns, heads, name)?))
            }
            _ => Err(unfit(call)),
        }
    };
    let (batch, heads, queries, width) = heads_of(0, "q_num_heads")?;
    let (key_batch, key_heads, rows, key_width) = heads_of(1, "kv_num_heads")?;
    let (_, value_heads, value_rows, value_width) = heads_of(2, "kv_num_heads")?;
    if batch != key_batch || width != key_width || rows != value_rows || key_heads != value_heads {
        return Err(unfit(call));
    }
    let keys = sum(rows, past(call, 4)?)?;
    let sizes = Sizes { batch, heads, queries, keys, width, value_width };
    let output = if call.shape(0)?.len() == 4 {
        call.like(0, &[batch, heads, queries, value_width])?
    } else {
        call.like(0, &[batch, queries, product(&[heads, value_width])?])?
    };
    let outputs = vec![
        output,
        call.like(1, &[batch, key_heads, keys, width])?,
        call.like(2, &[batch, key_heads, keys, value_width])?,
        call.like(0, &[batch, heads, queries, keys])?,
    ];
    Ok(Inferred { outputs, does: Does::Parts(sizes.parts(call)?) })
}

/// `Attention` of ONNX Runtime, which first projects its input to query, key and value. Weights may have eight bits.
/// `cache` is the number of the input with the cached key and value.
pub fn fused(call: &Call, cache: usize) -> Result<Inferred, Problem> {
    let (&[batch, queries, inputs], &[rows, columns]) = (call.shape(0)?, call.shape(1)?) else {
        return Err(unfit(call));
    };
    let heads = needed(call, "num_heads")?;
    let (width, value) = match call.list("qkv_hidden_sizes") {
        Some(&[query, key, value]) if query == key => (u64::try_from(key).ok(), u64::try_from(value).ok()),
        _ => (Some(columns / 3), Some(columns / 3)),
    };
    let (Some(width), Some(value)) = (width, value) else { return Err(unfit(call)) };
    if rows != inputs || width.checked_mul(2).and_then(|two| two.checked_add(value)) != Some(columns) {
        return Err(unfit(call));
    }
    let keys = sum(queries, past(call, cache)?)?;
    let (width, value_width) = (divided(width, heads, "key")?, divided(value, heads, "value")?);
    let sizes = Sizes { batch, heads, queries, keys, width, value_width };
    let projection =
        Work::Gemm { batch: 1, m: product(&[batch, queries])?, n: columns, k: inputs, constant: call.constant(1) };
    let mut parts = vec![Part::new("/projection", projection, call.parameters_in(&[1, 2]))];
    parts.extend(sizes.parts(call)?);
    let present = call.like(0, &[2, batch, heads, keys, width])?;
    let outputs = vec![call.like(0, &[batch, queries, value])?, present];
    Ok(Inferred { outputs, does: Does::Parts(parts) })
}

/// `MultiHeadAttention`. Query, key and value are already projected, and some of them may be packed into one tensor.
pub fn multi_head(call: &Call) -> Result<Inferred, Problem> {
    let heads = needed(call, "num_heads")?;
    let query = call.shape(0)?;
    let packed = |index: usize| call.given(index).is_none();
    let (batch, queries, hidden) = match *query {
        [batch, rows, columns] => (batch, rows, columns),
        [batch, rows, own, 3, width] if own == heads && packed(1) => (batch, rows, product(&[heads, width])?),
        _ => return Err(unfit(call)),
    };
    let width = divided(hidden, heads, "query")?;
    let (rows, value_hidden) = match (query.len(), call.given(1), call.given(2)) {
        (5, ..) => (queries, hidden),
        (_, Some(_), value) => match (call.shape(1)?, value) {
            // Key and value are packed into one tensor.
            (&[_, rows, _, 2, width], None) => (rows, product(&[heads, width])?),
            // Key and value are already split into heads.
            (&[_, _, rows, _], Some(_)) => {
                let columns = call.shape_of_rank(2, 4)?[3];
                (rows, product(&[heads, columns])?)
            }
            (&[_, rows, _], Some(_)) => (rows, call.shape_of_rank(2, 3)?[2]),
            _ => return Err(unfit(call)),
        },
        _ => return Err(unfit(call)),
    };
    let keys = sum(rows, past(call, 6)?)?;
    let value_width = divided(value_hidden, heads, "value")?;
    let sizes = Sizes { batch, heads, queries, keys, width, value_width };
    let outputs = vec![
        call.like(0, &[batch, queries, value_hidden])?,
        call.like(0, &[batch, heads, keys, width])?,
        call.like(0, &[batch, heads, keys, value_width])?,
        call.like(0, &[batch, heads, queries, keys])?,
    ];
    Ok(Inferred { outputs, does: Does::Parts(sizes.parts(call)?) })
}

/// `GroupQueryAttention`. Several heads of the query share a head of key and value.
pub fn grouped(call: &Call) -> Result<Inferred, Problem> {
    let (heads, shared) = (needed(call, "num_heads")?, needed(call, "kv_num_heads")?);
    let &[batch, queries, columns] = call.shape(0)? else { return Err(unfit(call)) };
    // Without a key input, the first input contains query, key and value one after the other.
    let width = match call.given(1) {
        Some(_) => divided(columns, heads, "query")?,
        None => divided(columns, sum(heads, sum(shared, shared)?)?, "query, key and value")?,
    };
    let cached = past(call, 3)?;
    // The cache may be longer than what has been computed so far.
    let total = call.given(6).and_then(Fact::scalar).filter(|total| (1.0..1e12).contains(total));
    let keys = match total {
        Some(total) => total as u64,
        None => sum(cached, queries)?,
    };
    let sizes = Sizes { batch, heads, queries, keys, width, value_width: width };
    let present = [batch, shared, keys.max(cached), width];
    let outputs = vec![
        call.like(0, &[batch, queries, product(&[heads, width])?])?,
        call.like(0, &present)?,
        call.like(0, &present)?,
    ];
    Ok(Inferred { outputs, does: Does::Parts(sizes.parts(call)?) })
}
