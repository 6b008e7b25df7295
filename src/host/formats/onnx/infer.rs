//! What one operator does, by families of operators; `operators.rs` has them all.

pub mod attention;
pub mod convolution;
pub mod elementwise;
pub mod layout;
pub mod matrix;
pub mod normalization;
pub mod pooling;
pub mod recurrent;
pub mod reduction;
pub mod resize;
pub mod selection;
pub mod sequences;
pub mod shapes;
pub mod signal;
pub mod sources;
pub mod text;

use super::call::{Call, Inferred, Problem};
use super::operators;

/// What follows from the inputs of an operator.
///
/// # Errors
/// See [`Problem`].
pub fn infer(call: &Call) -> Result<Inferred, Problem> {
    if let Some(operator) = operators::find(call.node) {
        return (operator.infer)(call);
    }
    let op = call.op();
    Err(Problem::Unsupported(match call.node.domain.as_str() {
        "" | "ai.onnx" => format!("the operator {op} is not known"),
        "com.microsoft" => format!(
            "the operator {op} of 'com.microsoft' is not known; if ONNX Runtime's optimiser put it there, use the file from \
             before that"
        ),
        domain @ ("com.microsoft.nchwc" | "com.ms.internal.nhwc") => format!(
            "the operator {op} of '{domain}' is what ONNX Runtime's optimiser left: use the file from before that"
        ),
        domain => format!("the operator {op} of '{domain}' is not known"),
    }))
}
