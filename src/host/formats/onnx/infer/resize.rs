//! `Resize` and `Upsample`.

use super::super::call::{Call, Inferred, Problem, axis};
use super::super::tensor::shown;

/// Interpolation, which moves data without MACs.
pub fn resize(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let axes = match call.list("axes") {
        Some(axes) => axes.iter().map(|&a| axis(a, shape.len())).collect::<Result<Vec<usize>, Problem>>()?,
        None => (0..shape.len()).collect(),
    };
    let count = |found: usize| match found == axes.len() {
        true => Ok(()),
        false => Err(Problem::Bad(format!("{found} sizes or scales, expected {}", axes.len()))),
    };
    let mut new = shape.to_vec();
    let given = |i: usize| call.given(i).filter(|fact| fact.elements() != Some(0)).is_some();
    let floats = call.attribute("scales").map(|attribute| &attribute.floats[..]);
    let scales = if call.op() == "Upsample" || call.opset < 11 { 1 } else { 2 };
    if floats.is_none() && !given(scales) && given(3) {
        let sizes = call.ints(3)?;
        count(sizes.len())?;
        let policy = call.text("keep_aspect_ratio_policy").unwrap_or_default();
        let ratios = axes.iter().zip(sizes).map(|(&i, &size)| size as f64 / shape[i] as f64);
        let ratio = match policy.as_str() {
            "not_larger" => ratios.reduce(f64::min),
            "not_smaller" => ratios.reduce(f64::max),
            _ => None,
        };
        for (&i, &size) in axes.iter().zip(sizes) {
            new[i] = match ratio {
                Some(ratio) => (shape[i] as f64 * ratio + 0.5).floor() as u64,
                None => u64::try_from(size).map_err(|_| Problem::Bad(format!("sizes are {sizes:?}")))?,
            };
        }
    } else {
        let scales: Vec<f32> = match floats {
            Some(floats) => floats.to_vec(),
            None => call.floats(scales)?.iter().map(|&scale| scale as f32).collect(),
        };
        count(scales.len())?;
        for (&i, &scale) in axes.iter().zip(&scales) {
            if !(scale > 0.0 && scale < 1e9) {
                return Err(Problem::Bad(format!("scales are {scales:?} for {}", shown(shape))));
            }
            // Rounds in 32 bits, like ONNX Runtime.
            new[i] = (shape[i] as f32 * scale).floor() as u64;
        }
    }
    Ok(Inferred::moves(call, &[0], vec![call.like(0, &new)?]))
}
