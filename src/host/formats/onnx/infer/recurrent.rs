//! Recurrent networks. Each direction has one product of all steps with the input weights, and in each step one
//! product of the state with the recurrent weights.

use super::super::call::{Call, Does, Inferred, Part, Problem};
use super::super::tensor::{Element, shown};
use crate::host::model::Work;

/// `LSTM`, `GRU` and `RNN`, and an LSTM with weights of eight bits.
pub fn recurrent(call: &Call) -> Result<Inferred, Problem> {
    let gates = match call.op() {
        "GRU" => 3,
        "RNN" => 1,
        _ => 4,
    };
    let (x, w, r) = (call.shape(0)?, call.shape(1)?, call.shape(2)?);
    let (&[a, b, inputs], &[directions, w1, w2], &[r0, r1, r2]) = (x, w, r) else {
        return Err(Problem::Bad(format!(
            "{}, {} and {}, expected three dimensions each",
            shown(x),
            shown(w),
            shown(r)
        )));
    };
    // Weights of eight bits are transposed.
    let transposed = call.op() == "DynamicQuantizeLSTM";
    let (rows, columns) = if transposed { (w2, w1) } else { (w1, w2) };
    let (rows_r, hidden) = if transposed { (r2, r1) } else { (r1, r2) };
    let batch_first = call.flag("layout");
    let (steps, batch) = if batch_first { (b, a) } else { (a, b) };
    if columns != inputs || hidden.checked_mul(gates) != Some(rows) || rows_r != rows || r0 != directions {
        return Err(Problem::Bad(format!("an input of {}, weights of {} and {}", shown(x), shown(w), shown(r))));
    }
    let all = steps.checked_mul(batch).ok_or_else(|| Problem::Bad(format!("an input of {}", shown(x))))?;
    let constant = call.constant(1);
    let mut parts = Vec::new();
    let biases = call.parameters_in(&[3, 7]);
    for direction in 0..directions.min(2) {
        let names = [["/input", "/recurrent"], ["/backward/input", "/backward/recurrent"]][direction as usize];
        let input = Work::Gemm { batch: 1, m: all, n: rows, k: inputs, constant };
        let recurrent = Work::Gemm { batch: steps, m: batch, n: rows, k: hidden, constant: call.constant(2) };
        let own = |index: usize, weights: u64| if call.constant(index) { weights } else { 0 };
        parts.push(Part::new(names[0], input, own(1, rows.saturating_mul(inputs)).saturating_add(biases / directions)));
        parts.push(Part::new(names[1], recurrent, own(2, rows.saturating_mul(hidden))));
    }
    if directions == 0 || directions > 2 {
        return Err(Problem::Bad(format!("{directions} directions, expected 1 or 2")));
    }
    let element = call.given(0).map_or(Element::FLOAT, |x| x.element);
    let (all, last) = if batch_first {
        ([batch, steps, directions, hidden], [batch, directions, hidden])
    } else {
        ([steps, directions, batch, hidden], [directions, batch, hidden])
    };
    let outputs = vec![call.output(element, &all)?, call.output(element, &last)?, call.output(element, &last)?];
    Ok(Inferred { outputs, does: Does::Parts(parts) })
}
