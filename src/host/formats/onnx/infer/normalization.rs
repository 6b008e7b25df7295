//! Normalisation and softmax: operators that move data without MACs.

use super::super::call::{Call, Inferred, Problem, axis};
use super::super::tensor::Element;

/// Normalisations of ONNX.
pub fn normalization(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let mut outputs = vec![call.like(0, shape)?];
    match call.op() {
        "BatchNormalization" => {
            let channels = shape.get(1).copied().unwrap_or(1);
            for _ in 1..call.node.output.len() {
                outputs.push(call.output(Element::FLOAT, &[channels])?);
            }
        }
        "LayerNormalization" | "RMSNormalization" | "SimplifiedLayerNormalization" => {
            let first = axis(call.int("axis").unwrap_or(-1), shape.len())?;
            let kept: Vec<u64> = (0..shape.len()).map(|i| if i < first { shape[i] } else { 1 }).collect();
            for _ in 1..call.node.output.len() {
                outputs.push(call.output(Element::FLOAT, &kept)?);
            }
        }
        _ => {}
    }
    Ok(Inferred::moves(call, &[0], outputs))
}

/// Normalisations of ONNX Runtime, some of which add two inputs first.
pub fn contributed(call: &Call) -> Result<Inferred, Problem> {
    match call.op() {
        "EmbedLayerNormalization" => {
            let ids = call.shape_of_rank(0, 2)?;
            let width = call.shape_of_rank(2, 2)?[1];
            let embedded = call.output(call.input(2)?.element, &[ids[0], ids[1], width])?;
            let mask = call.output(Element::INT32, &[ids[0]])?;
            Ok(Inferred::moves(call, &[], vec![embedded.clone(), mask, embedded]))
        }
        "SkipLayerNormalization" | "SkipSimplifiedLayerNormalization" => {
            let output = call.like(0, call.shape(0)?)?;
            let statistics = call.output(Element::FLOAT, &[])?;
            // The sum is an output as well.
            Ok(Inferred::moves(call, &[0, 1], vec![output.clone(), statistics.clone(), statistics, output]))
        }
        _ => normalization(call),
    }
}
