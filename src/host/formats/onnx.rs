//! Reads ONNX files: derives what each operator computes from the shapes of the inputs.
//!
//! ```text
//! file ─> slim (without weights) ─> schema ─> inputs ─> evaluate (the walk) ─> Model
//!              graph (order of nodes), function, control (branches, loops) ─┤
//!        call (one operator) ─> infer (families of operators) ─> operators ─┘
//! ```
//!
//! Shapes are inferred for every operator; shapes that the graph itself computes are computed. The shapes of inner
//! tensors that the file states are used only for operators that are not in the table.

mod budget;
mod call;
mod control;
mod evaluate;
mod fold;
mod function;
mod graph;
mod infer;
mod inputs;
mod operators;
mod schema;
mod scope;
mod slim;
mod tensor;

use std::io::{Read, Seek};

use prost::Message;

use crate::host::model::{InputShapes, Model, ModelError};

/// Reads an ONNX file. Weights are skipped, and may be missing.
///
/// # Errors
/// The file is damaged, the graph contradicts itself, or a shape is left open. The error says where, and what to do.
/// An operator that is not in the table is no error; it becomes
/// [`Work::Unsupported`](crate::host::model::Work::Unsupported).
pub fn read(source: impl Read + Seek, name: &str, inputs: &InputShapes) -> Result<Model, ModelError> {
    let copy = slim::slim(source)?;
    let damaged = |error| ModelError { place: None, what: format!("not an ONNX file: {error}"), help: None };
    let file = schema::Model::decode(&copy[..]).map_err(damaged)?;
    drop(copy);
    let Some(graph) = &file.graph else {
        return Err(ModelError { place: None, what: "not an ONNX file: it has no graph".to_string(), help: None });
    };
    let constants = scope::constants(graph)?;
    let wanted = inputs;
    let inputs = inputs::inputs(graph, wanted, |name| constants.contains_key(name))?;
    let (overridden, batch) = (inputs.overridden, wanted.batch.is_some());
    let model = evaluate::evaluate(&file, graph, inputs, constants).map_err(|error| {
        match overridden && error.help.is_none() {
            true => ModelError {
                help: Some(match batch {
                    true => "the file states another batch, and may hold for that only: export it with a dynamic batch axis",
                    false => "the file states other sizes of its inputs, and may hold for those only",
                }
                .to_string()),
                ..error
            },
            false => error,
        }
    })?;
    Ok(Model { name: name.to_string(), ..model })
}

/// Whether a file with this prefix is an ONNX file: its first fields are those of ONNX's outermost message.
pub(super) fn looks_like(prefix: &[u8]) -> bool {
    let mut rest = prefix;
    let mut known = 0;
    while let Ok(key) = prost::encoding::decode_varint(&mut rest) {
        // 0x08 and 0x28 are ir_version and model_version. The others are producer, its version, domain,
        // documentation, graph, opsets, metadata, functions.
        match key {
            0x08 | 0x28 => {
                if prost::encoding::decode_varint(&mut rest).is_err() {
                    break;
                }
            }
            0x12 | 0x1A | 0x22 | 0x32 | 0x3A | 0x42 | 0x72 | 0xA2 | 0xCA => {
                let Ok(length) = prost::encoding::decode_varint(&mut rest) else { break };
                let Some(after) = usize::try_from(length).ok().and_then(|length| rest.get(length..)) else {
                    // The field, such as a graph, is longer than the prefix. Text is very unlikely to get here.
                    return known > 0;
                };
                rest = after;
            }
            // A field that newer files may have.
            _ => return known > 1,
        }
        known += 1;
        if rest.is_empty() {
            break;
        }
    }
    known > 1
}

#[cfg(test)]
mod tests;
