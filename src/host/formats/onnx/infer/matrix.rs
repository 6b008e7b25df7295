//! Matrix products.

use super::super::call::{Call, Inferred, LAYOUT, Part, Problem, broadcast};
use super::super::tensor::{Element, elements, shown};
use crate::host::model::Work;

/// `Gemm` and similar operators. In some of them, scales and zero points come before the second matrix, which is
/// input `second`.
pub fn gemm(call: &Call, second: usize) -> Result<Inferred, Problem> {
    let (a, b) = (call.shape(0)?, call.shape(second)?);
    let ([a0, a1], [b0, b1]) = (a, b) else {
        return Err(Problem::Bad(format!("{} by {}, expected two matrices", shown(a), shown(b))));
    };
    let (m, k) = if call.flag("transA") { (*a1, *a0) } else { (*a0, *a1) };
    let (inner, n) = if call.flag("transB") { (*b1, *b0) } else { (*b0, *b1) };
    if k != inner {
        return Err(mismatch(&[m, k], &[inner, n]));
    }
    let element = match call.op() {
        "QGemm" => call.given(8).map_or(Element::FLOAT, |zero| zero.element),
        _ => call.input(0)?.element,
    };
    let output = call.output(element, &[m, n])?;
    let bias = if second == 1 { 2 } else { 6 };
    let work = product(call, (&[m, k], 0), (&[inner, n], second))?;
    let mut part = Part::new("", work, call.parameters_in(&[0, second, bias]));
    part.notes = notes(call, 1, &[m, k], &[inner, n], second);
    part.notes.extend(["transA", "transB"].map(|name| (name, u64::from(call.flag(name)).to_string())));
    part.notes.push(("bias", u64::from(call.given(bias).is_some()).to_string()));
    Ok(Inferred::work(part, vec![output]))
}

/// `MatMul` and similar operators. The second matrix is input `second`.
pub fn matmul(call: &Call, second: usize) -> Result<Inferred, Problem> {
    let (mut a, mut b) = (call.shape_of_rank(0, 1)?.to_vec(), call.shape_of_rank(second, 1)?.to_vec());
    for (shape, name) in [(&mut a, "transA"), (&mut b, "transB")] {
        let rank = shape.len();
        if rank > 1 && call.flag(name) {
            shape.swap(rank - 2, rank - 1);
        }
    }
    let shape = multiplied(&a, &b)?;
    let element = match call.op() {
        "MatMulInteger" => Element::INT32,
        "QLinearMatMul" => call.given(7).map_or(Element::INT8, |zero| zero.element),
        "MatMulIntegerToFloat" => Element::FLOAT,
        _ => call.input(0)?.element,
    };
    let output = call.output(element, &shape)?;
    let work = product(call, (&a, 0), (&b, second))?;
    let batch = if let Work::Gemm { batch, .. } = work { batch } else { 1 };
    let mut part = Part::new("", work, call.parameters_in(&[0, second]));
    part.notes = notes(call, batch, &a, &b, second);
    Ok(Inferred::work(part, vec![output]))
}

/// `MatMulNBits`. The weights have a few bits and are packed, so attributes give their shape.
pub fn packed(call: &Call) -> Result<Inferred, Problem> {
    let missing = |name: &str| Problem::Bad(format!("has no {name}"));
    let k = call.count("K")?.ok_or_else(|| missing("K"))?;
    let n = call.count("N")?.ok_or_else(|| missing("N"))?;
    let a = call.shape_of_rank(0, 1)?;
    let shape = multiplied(a, &[k, n])?;
    let output = call.like(0, &shape)?;
    let work = product(call, (a, 0), (&[k, n], 1))?;
    let parameters = k.checked_mul(n).ok_or_else(|| Problem::Bad(format!("weights of {k}x{n}")))?;
    let mut part = Part::new("", work, parameters);
    part.notes = notes(call, 1, a, &[k, n], 1);
    Ok(Inferred::work(part, vec![output]))
}

/// The shape of a product, by NumPy's rules.
fn multiplied(a: &[u64], b: &[u64]) -> Result<Vec<u64>, Problem> {
    let (inner_a, inner_b) = (a[a.len() - 1], b[b.len().saturating_sub(2)]);
    if inner_a != inner_b {
        return Err(mismatch(a, b));
    }
    let mut shape = broadcast(&a[..a.len().saturating_sub(2)], &b[..b.len().saturating_sub(2)])?;
    if a.len() > 1 {
        shape.push(a[a.len() - 2]);
    }
    if b.len() > 1 {
        shape.push(b[b.len() - 1]);
    }
    Ok(shape)
}

/// The work of a product of matching shapes. If the second operand is a single matrix, the leading dimensions of the
/// first operand become rows of a single product.
fn product(call: &Call, (a, first): (&[u64], usize), (b, second): (&[u64], usize)) -> Result<Work, Problem> {
    let too_large = || Problem::Bad(format!("{} by {} is too large", shown(a), shown(b)));
    let k = a[a.len() - 1];
    let n = if b.len() > 1 { b[b.len() - 1] } else { 1 };
    let rows = if a.len() > 1 { a[a.len() - 2] } else { 1 };
    if a.len() == 2 && b.len() == 2 && call.constant(second) {
        return Ok(Work::FullyConnected { rows, inputs: k, outputs: n });
    }
    let (batch, m) = if b.len() <= 2 {
        (1, elements(&a[..a.len() - 1]).ok_or_else(too_large)?)
    } else {
        let batch = broadcast(&a[..a.len().saturating_sub(2)], &b[..b.len() - 2])?;
        (elements(&batch).ok_or_else(too_large)?, rows)
    };
    Ok(Work::Gemm { batch, m, n, k, constant: call.constant(first) || call.constant(second) })
}

fn notes(call: &Call, batch: u64, a: &[u64], b: &[u64], second: usize) -> Vec<(&'static str, String)> {
    let weights = if call.constant(second) { "const" } else { "activation" };
    vec![("batch", batch.to_string()), ("A", shown(a)), ("B", shown(b)), ("weights", weights.to_string())]
}

fn mismatch(a: &[u64], b: &[u64]) -> Problem {
    Problem::Bad(format!("{} by {}: the inner dimensions differ", shown(a), shown(b)))
}

/// `Einsum`. With two operands, it is a batch of matrix products.
pub fn einsum(call: &Call) -> Result<Inferred, Problem> {
    let equation: String = call.text("equation").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let bad = |what: &str| Problem::Bad(format!("equation '{equation}': {what}"));
    let (left, right) = match equation.split_once("->") {
        Some((left, right)) => (left, Some(right)),
        None => (&equation[..], None),
    };
    let terms: Vec<&str> = left.split(',').collect();
    if terms.len() != call.inputs.len() {
        return Err(bad(&format!("{} operands, expected {}", terms.len(), call.inputs.len())));
    }
    let mut labels = Vec::new();
    for (i, term) in terms.iter().enumerate() {
        labels.push(labelled(term, call.shape(i)?.len()).ok_or_else(|| bad("does not fit its operands"))?);
    }
    // The size of each label, in alphabetical order.
    let mut sizes = std::collections::BTreeMap::new();
    for (i, labels) in labels.iter().enumerate() {
        for (&label, &size) in labels.iter().zip(call.shape(i)?) {
            let known = sizes.entry(label).or_insert(size);
            if *known == 1 {
                *known = size;
            } else if *known != size && size != 1 {
                return Err(bad(&format!("{known} and {size} elements in one dimension")));
            }
        }
    }
    let dots = sizes.keys().filter(|label| label.is_ascii_digit()).count();
    let output: Vec<char> = match right {
        Some(term) => labelled(term, term.chars().filter(char::is_ascii_alphabetic).count() + dots)
            .or_else(|| labelled(term, term.chars().count()))
            .ok_or_else(|| bad("does not fit its output"))?,
        // The labels that appear once, in alphabetical order, after the broadcast dimensions.
        None => {
            let times = |label: &char| labels.iter().flatten().filter(|other| *other == label).count();
            sizes.keys().copied().filter(|label| label.is_ascii_digit() || times(label) == 1).collect()
        }
    };
    let size = |label: &char| sizes.get(label).copied().ok_or_else(|| bad("a label that no operand has"));
    let shape = output.iter().map(size).collect::<Result<Vec<u64>, Problem>>()?;
    let fact = call.like(0, &shape)?;
    match &labels[..] {
        [_] => Ok(Inferred::nothing(LAYOUT, vec![fact])),
        [a, b] => {
            let of = |wanted: &dyn Fn(&char) -> bool| {
                let chosen: Vec<u64> = sizes.iter().filter(|(label, _)| wanted(label)).map(|(_, &size)| size).collect();
                elements(&chosen).ok_or_else(|| bad("its operands are too large"))
            };
            let (in_a, in_b, out) = (|l: &char| a.contains(l), |l: &char| b.contains(l), |l: &char| output.contains(l));
            let batch = of(&|l| in_a(l) && in_b(l) && out(l))?;
            let m = of(&|l| in_a(l) && !in_b(l) && out(l))?;
            let n = of(&|l| !in_a(l) && in_b(l) && out(l))?;
            let k = of(&|l| in_a(l) && in_b(l) && !out(l))?;
            let constant = call.constant(0) || call.constant(1);
            let mut part = Part::new("", Work::Gemm { batch, m, n, k, constant }, call.parameters_in(&[0, 1]));
            part.notes = notes(call, batch, call.shape(0)?, call.shape(1)?, 1);
            Ok(Inferred::work(part, vec![fact]))
        }
        _ => {
            let why = "Einsum of more than two operands is not costed".to_string();
            Ok(Inferred::work(Part::new("", Work::Unsupported { why }, call.parameters()), vec![fact]))
        }
    }
}

/// The labels of a term for a tensor of rank `rank`. The dimensions of an ellipsis get digits as labels, counted from
/// the back.
fn labelled(term: &str, rank: usize) -> Option<Vec<char>> {
    let (before, after) = match term.split_once("...") {
        Some((before, after)) => (before, Some(after)),
        None => (term, None),
    };
    let named = |text: &str| text.chars().all(|c| c.is_ascii_alphabetic());
    if !named(before) || !named(after.unwrap_or("")) {
        return None;
    }
    let given = before.len() + after.map_or(0, str::len);
    let open = rank.checked_sub(given)?;
    if after.is_none() && open > 0 || open > 9 {
        return None;
    }
    // The last dimension is '9'. Digits sort before letters, and in the order of the dimensions.
    let dots = (0..open).map(|i| char::from(b'9' - (open - 1 - i) as u8));
    Some(before.chars().chain(dots).chain(after.unwrap_or("").chars()).collect())
}
