//! Reads TensorFlow Lite files: networks for small devices.
//!
//! Tensors are in the order batch, rows, columns, channels. A file states the shapes of all tensors. If the user
//! gives other sizes to the inputs, the shapes are derived again, as TensorFlow Lite does when an input is resized.
//!
//! ```text
//! flatbuffer ─> schema ─> state (facts of tensors) ─> inputs ──────┬─> reader (the walk) ─> Model
//!                           └─> call (one operator)                │
//!       work, windows, recurrent (what it does) ─┬─> operators ────┤
//!       shapes, layout (shapes of its outputs) ──┘                 │
//!       values (integers that it outputs) ─────────────────────────┘
//! ```

mod call;
mod dimensions;
mod fact;
mod flatbuffer;
mod inputs;
mod layout;
mod meaning;
mod names;
mod operators;
mod reader;
mod recurrent;
mod schema;
mod shapes;
mod state;
mod values;
mod windows;
mod work;

use std::io::{Read, Seek};

use crate::host::model::{InputShapes, Model, ModelError};
use flatbuffer::Buffer;
use reader::Reader;
use schema::File;
use state::State;

/// The identifier of the format, at byte 4 of a file.
const IDENTIFIER: &[u8] = b"TFL3";

/// Whether a file with this prefix is a TFLite file.
pub(super) fn looks_like(prefix: &[u8]) -> bool {
    prefix.get(4..8) == Some(IDENTIFIER)
}

/// Reads the main subgraph of a file without reading weights. `name` is the name of the network.
///
/// # Errors
/// The file is damaged, sizes of inputs are unknown or do not fit, or an operator contradicts its shapes. An operator
/// that cannot be costed is no error, but part of the model.
pub fn read(mut source: impl Read + Seek, name: &str, inputs: &InputShapes) -> Result<Model, ModelError> {
    let buffer = Buffer::new(&mut source)?;
    if !buffer.starts_with(IDENTIFIER)? {
        let what = "is not a TFLite file: byte 4 should read TFL3".to_string();
        return Err(ModelError { place: None, what, help: None });
    }
    let file = File::new(buffer.root()?)?;
    let mut reader = Reader::new(&file);
    let missing = || ModelError { place: None, what: "has no subgraph".to_string(), help: None };
    let graph = reader.graph(0)?.ok_or_else(missing)?;
    let mut state = State::new(&file, &graph)?;
    inputs::resize(&mut state, inputs)?;
    reader.main(&mut state)?;
    Ok(Model { name: name.to_string(), ..reader.model })
}
