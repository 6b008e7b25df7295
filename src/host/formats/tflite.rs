//! TensorFlow Lite: what convolutional and recurrent networks for small devices are stored in.
//!
//! Tensors are in the order batch, rows, columns, channels. A file tells the shapes of all tensors. Where other inputs
//! are asked for, shapes are derived anew, as TensorFlow Lite does when an input is resized.

mod call;
mod flatbuffer;
mod names;
mod operators;
mod recurrent;
mod schema;
mod shapes;
mod values;
mod windows;

use std::io::{Read, Seek};

use crate::host::model::{InputShapes, Model, ModelError, Operator, Skipped, place};
use call::{Call, Fault, State};
use flatbuffer::Buffer;
use operators::Meaning;
use schema::{File, Op};

/// What stands at byte 4 of a file.
const IDENTIFIER: &[u8] = b"TFL3";

/// Whether a file that starts like this is a TFLite file.
pub fn looks_like(prefix: &[u8]) -> bool {
    prefix.get(4..8) == Some(IDENTIFIER)
}

/// Reads the main subgraph of a file; weights are left where they are. `name` is that of the network.
///
/// # Errors
/// A damaged file, sizes of inputs that are not known or do not fit, operators that contradict their shapes. Operators
/// that cannot be costed are none: they are part of the model.
pub fn read(mut source: impl Read + Seek, name: &str, inputs: &InputShapes) -> Result<Model, ModelError> {
    let buffer = Buffer::new(&mut source)?;
    if !buffer.starts_with(IDENTIFIER)? {
        let what = "is not a TFLite file: byte 4 should read TFL3".to_string();
        return Err(ModelError { place: None, what, help: None });
    }
    let file = File::new(buffer.root()?)?;
    let missing = || ModelError { place: None, what: "has no subgraph".to_string(), help: None };
    let graph = file.graph(0)?.ok_or_else(missing)?;
    let mut state = State::new(&file, &graph);
    state.resize(inputs)?;
    let mut model = Model { name: name.to_string(), ..Model::default() };
    for op in &graph.operators {
        let name = op.outputs.first().map_or("", |&output| graph.tensors[output].name.as_str());
        operator(&mut state, op, name, &mut model).map_err(|fault| match fault {
            Fault::File(error) => error,
            Fault::Here(what) | Fault::Unknown(what) => {
                ModelError { place: Some(place(op.index, &op.name, name)), what, help: None }
            }
        })?;
    }
    Ok(model)
}

/// Adds an operator to the model, and what it outputs to the state.
fn operator(state: &mut State, op: &Op, name: &str, model: &mut Model) -> Result<(), Fault> {
    let call = Call::new(state, op);
    let meaning = match operators::meaning(&call) {
        Err(Fault::Unknown(why)) => operators::unknown(&op.name, why),
        meaning => meaning?,
    };
    let skipped = call.skipped_parameters()?;
    let (shapes, values) = (shapes::outputs(&call, &meaning)?, values::output(&call)?);
    match meaning {
        Meaning::Works(works) => model.operators.extend(works.into_iter().map(|part| Operator {
            name: format!("{name}{}", part.suffix),
            op: op.name.clone(),
            index: op.index,
            work: part.work,
            parameters: part.parameters,
            notes: part.notes,
        })),
        Meaning::Skipped(why) => {
            let (name, parameters) = (name.to_string(), skipped);
            model.skipped.push(Skipped { name, op: op.name.clone(), index: op.index, why, parameters });
        }
    }
    state.finish(op, shapes, values);
    Ok(())
}
