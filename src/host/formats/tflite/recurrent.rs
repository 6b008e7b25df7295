//! Recurrent operators: one product of all inputs with their weights, and in each step one product of the state with
//! its weights.

use super::call::Call;
use super::fact::Fault;
use super::meaning::{Meaning, Part, notes};
use crate::host::model::{Window, Work};

/// The numbers of the operator's inputs that a layer in one direction reads.
struct Places {
    input: usize,
    /// One input for each gate; some may be absent.
    input_weights: std::ops::Range<usize>,
    recurrent_weights: std::ops::Range<usize>,
    projection: Option<usize>,
    /// The inputs with biases and peepholes.
    biases: Vec<usize>,
    /// Suffixes for the names of the parts.
    suffixes: [&'static str; 3],
}

const FORWARD: [&str; 3] = ["/input", "/recurrent", "/projection"];
const BACKWARD: [&str; 3] = ["/backward_input", "/backward_recurrent", "/backward_projection"];

/// A low-rank layer over the last steps: a product with the feature weights, and a filter over the history of each
/// feature.
pub fn svdf(call: &Call) -> Result<Meaning, Fault> {
    let ([batch, inputs], [filters, of_filters], [history, steps]) =
        (call.shape_of(0)?, call.shape_of(1)?, call.shape_of(2)?);
    if of_filters != inputs || history != filters {
        return Err("its weights do not match each other".into());
    }
    let features = Work::FullyConnected { rows: batch, inputs, outputs: filters };
    let one = [1, 1];
    let time = Window {
        n: batch,
        k: filters,
        c: filters,
        filter: [steps, 1],
        input: [steps, 1],
        output: one,
        stride: one,
        dilation: one,
        groups: filters,
        pads: [0; 4],
    };
    Ok(Meaning::Works(vec![
        part(call, "/feature", features, call.parameters([1])?)?,
        part(call, "/time", Work::Conv(time), call.parameters([2, 3])?)?,
    ]))
}

/// One step of a recurrent layer.
pub fn cell(call: &Call) -> Result<Meaning, Fault> {
    let [batch, _] = call.shape_of(0)?;
    let places = simple(0, 1, FORWARD);
    Ok(Meaning::Works(layer(call, &places, 1, batch)?))
}

/// A recurrent layer over a sequence.
pub fn rnn(call: &Call) -> Result<Meaning, Fault> {
    let (steps, batch) = sequence(call, call.flag(0, false)?)?;
    Ok(Meaning::Works(layer(call, &simple(0, 1, FORWARD), steps, batch)?))
}

/// Two recurrent layers, one of which runs through the sequence backwards.
pub fn bidirectional_rnn(call: &Call) -> Result<Meaning, Fault> {
    let (steps, batch) = sequence(call, call.flag(0, false)?)?;
    let mut parts = layer(call, &simple(0, 1, FORWARD), steps, batch)?;
    parts.extend(layer(call, &simple(0, 5, BACKWARD), steps, batch)?);
    for (weights, suffix) in [(10, "/auxiliary"), (11, "/backward_auxiliary")] {
        parts.extend(gates(call, 9, weights..weights + 1, suffix, steps, batch)?);
    }
    Ok(Meaning::Works(parts))
}

/// The inputs of a recurrent layer without gates. Its weights start at input `first`.
fn simple(input: usize, first: usize, suffixes: [&'static str; 3]) -> Places {
    Places {
        input,
        input_weights: first..first + 1,
        recurrent_weights: first + 1..first + 2,
        projection: None,
        biases: vec![first + 2],
        suffixes,
    }
}

/// One step of an LSTM. The older of its two forms joins input and state, and also all gates.
pub fn lstm_cell(call: &Call) -> Result<Meaning, Fault> {
    let [batch, inputs] = call.shape_of(0)?;
    if call.op.inputs.len() != 5 {
        return Ok(Meaning::Works(layer(call, &gated(1, 16, 17, FORWARD), 1, batch)?));
    }
    let ([_, state], [outputs, joined]) = (call.shape_of(1)?, call.shape_of(2)?);
    if inputs.checked_add(state) != Some(joined) {
        return Err(format!("its weights take {joined}, input and state have {inputs} and {state}").into());
    }
    let work = Work::FullyConnected { rows: batch, inputs: joined, outputs };
    Ok(Meaning::Works(vec![part(call, "", work, call.parameters([2, 3])?)?]))
}

/// An LSTM over a sequence.
pub fn lstm(call: &Call) -> Result<Meaning, Fault> {
    let (steps, batch) = sequence(call, call.flag(3, false)?)?;
    Ok(Meaning::Works(layer(call, &gated(1, 16, 17, FORWARD), steps, batch)?))
}

/// Two LSTMs, one of which runs through the sequence backwards.
pub fn bidirectional_lstm(call: &Call) -> Result<Meaning, Fault> {
    let (steps, batch) = sequence(call, call.flag(4, true)?)?;
    let mut parts = layer(call, &gated(1, 16, 17, FORWARD), steps, batch)?;
    parts.extend(layer(call, &gated(18, 33, 34, BACKWARD), steps, batch)?);
    for (weights, suffix) in [(40, "/auxiliary"), (44, "/backward_auxiliary")] {
        parts.extend(gates(call, 39, weights..weights + 4, suffix, steps, batch)?);
    }
    Ok(Meaning::Works(parts))
}

/// The inputs of an LSTM. From input `first` on there are four weights of the input, four of the state, three
/// peepholes and four biases.
fn gated(first: usize, projection: usize, projection_bias: usize, suffixes: [&'static str; 3]) -> Places {
    Places {
        input: 0,
        input_weights: first..first + 4,
        recurrent_weights: first + 4..first + 8,
        projection: Some(projection),
        biases: (first + 8..first + 15).chain([projection_bias]).collect(),
        suffixes,
    }
}

/// The number of steps and the batch of the input.
fn sequence(call: &Call, time_major: bool) -> Result<(u64, u64), Fault> {
    let [outer, inner, _] = call.shape_of(0)?;
    Ok(if time_major { (outer, inner) } else { (inner, outer) })
}

/// The parts of a layer in one direction.
fn layer(call: &Call, places: &Places, steps: u64, batch: u64) -> Result<Vec<Part>, Fault> {
    let [input, recurrent, projection] = places.suffixes;
    let mut parts: Vec<_> =
        gates(call, places.input, places.input_weights.clone(), input, steps, batch)?.into_iter().collect();
    let of_input = parts.first_mut().ok_or("has no weights")?;
    let biases = call.parameters(places.biases.iter().copied())?;
    of_input.parameters = of_input.parameters.checked_add(biases).ok_or("has too many weights")?;
    let (count, n, k) = stacked(call, places.recurrent_weights.clone())?;
    if count > 0 {
        let work = Work::Gemm { batch: steps, m: batch, n, k, constant: true };
        parts.push(part(call, recurrent, work, call.parameters(places.recurrent_weights.clone())?)?);
    }
    if let Some(place) = places.projection.filter(|&place| call.input(place).is_some()) {
        let [n, k] = call.shape_of(place)?;
        let work = Work::Gemm { batch: steps, m: batch, n, k, constant: true };
        parts.push(part(call, projection, work, call.parameters([place])?)?);
    }
    Ok(parts)
}

/// The product of an input with the weights of all gates, over all steps; `None` if there are no weights.
fn gates(
    call: &Call,
    input: usize,
    weights: std::ops::Range<usize>,
    suffix: &'static str,
    steps: u64,
    batch: u64,
) -> Result<Option<Part>, Fault> {
    let (count, outputs, inputs) = stacked(call, weights.clone())?;
    if count == 0 || call.input(input).is_none() {
        return Ok(None);
    }
    if call.shape(input)?.last() != Some(&inputs) {
        return Err(format!("its weights take {inputs} inputs, its input has others").into());
    }
    let rows = steps.checked_mul(batch).ok_or("is too large")?;
    Ok(Some(part(call, suffix, Work::FullyConnected { rows, inputs, outputs }, call.parameters(weights)?)?))
}

/// The number of these weights, the sum of their rows, and their columns, which must agree.
fn stacked(call: &Call, weights: std::ops::Range<usize>) -> Result<(usize, u64, u64), Fault> {
    let (mut count, mut rows, mut columns) = (0, 0u64, 0);
    for place in weights.filter(|&place| call.input(place).is_some()) {
        let [more, width] = call.shape_of(place)?;
        if count > 0 && width != columns {
            return Err("the weights of its gates do not match each other".into());
        }
        (count, columns) = (count + 1, width);
        rows = rows.checked_add(more).ok_or("is too large")?;
    }
    Ok((count, rows, columns))
}

fn part(call: &Call, suffix: &'static str, work: Work, parameters: u64) -> Result<Part, Fault> {
    Ok(Part { suffix, work, parameters, notes: notes(call, 0)? })
}
