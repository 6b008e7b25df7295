//! The shapes of the network's inputs: the file's, changed by `--shape`, `--batch` and `--value`.

use super::fact::{Fact, MAX_SIZE, MAX_VALUES, elements};
use super::schema::Tensor;
use super::state::State;
use crate::host::model::{InputShapes, ModelError, printable};

/// Sets the sizes and values that the user gives to the inputs of the main subgraph.
///
/// # Errors
/// Sizes that the file leaves open are not given, or sizes or values do not fit.
pub fn resize(state: &mut State, inputs: &InputShapes) -> Result<(), ModelError> {
    let graph = state.graph;
    let tensors = &graph.tensors;
    let named = |name: &str| graph.inputs.iter().copied().find(|&input| is_named(&tensors[input], name));
    let given = inputs.shapes.iter().map(|(name, _)| name).chain(inputs.values.iter().map(|(name, _)| name));
    for name in given {
        if named(name).is_none() {
            let names: Vec<_> = graph.inputs.iter().map(|&input| printable(&tensors[input].name)).collect();
            let what = format!("has no input '{name}'; its inputs: {}", names.join(", "));
            let flags: Vec<_> = graph.inputs.iter().map(|&input| shape_flag(&tensors[input])).collect();
            return Err(ModelError { place: None, what, help: Some(flags.join(" ")) });
        }
    }
    let mut open = Vec::new();
    for &input in &graph.inputs {
        let tensor = &tensors[input];
        let given = inputs.shapes.iter().rev().find(|(name, _)| is_named(tensor, name));
        let (shape, free) = match (given, &tensor.shape) {
            (Some((_, given)), known) => {
                if let Some(known) = known.as_ref().filter(|known| known.len() != given.len()) {
                    let (has, known) = (given.len(), known.len());
                    return Err(unsized_input(tensor, &format!("has {known} dimensions; --shape gives it {has}")));
                }
                (given.clone(), false)
            }
            (None, Some(known)) => (known.clone(), open_dimensions(tensor, inputs.batch.is_some()).next().is_some()),
            (None, None) => {
                return Err(ModelError {
                    help: Some(format!("say it: --shape {}=1,224,224,3", printable(&tensor.name))),
                    ..unsized_input(tensor, "the file does not say how many dimensions it has")
                });
            }
        };
        if free {
            open.push(tensor);
            continue;
        }
        let mut shape = shape;
        if let (None, Some(batch), Some(first)) = (given, inputs.batch, shape.first_mut()) {
            *first = batch;
        }
        if shape.iter().any(|&size| size > MAX_SIZE) {
            return Err(unsized_input(tensor, &format!("has sizes above {MAX_SIZE}")));
        }
        let values = inputs.values.iter().rev().find(|(name, _)| is_named(tensor, name));
        let values = values.map(|(_, values)| integers(tensor, &shape, values)).transpose()?;
        state.set(input, Fact { shape: Some(shape), values, ..Fact::default() });
    }
    match &open[..] {
        [] => Ok(()),
        [first, more @ ..] => {
            let listed = |tensor: &Tensor| {
                let listed = open_dimensions(tensor, inputs.batch.is_some());
                listed.map(|i| format!("dimension {}", i + 1)).collect::<Vec<_>>().join(" and ")
            };
            let mut what = format!("the file leaves {} open", listed(first));
            for tensor in more {
                what += &format!("; of input '{}', {}", printable(&tensor.name), listed(tensor));
            }
            let flags: Vec<_> = open.iter().map(|tensor| shape_flag(tensor)).collect();
            let help = Some(format!("say how large they are: {}", flags.join(" ")));
            Err(ModelError { help, ..unsized_input(first, &what) })
        }
    }
}

/// The dimensions that the user must give: all that the file leaves open, except the batch.
fn open_dimensions(tensor: &Tensor, batch: bool) -> impl Iterator<Item = usize> {
    let shape = tensor.shape.as_deref().unwrap_or_default();
    let first = usize::from(batch || shape.len() > 1);
    tensor
        .free
        .iter()
        .zip(shape)
        .enumerate()
        .skip(first)
        .filter(|&(_, (&free, &size))| free && size == 1)
        .map(|(i, _)| i)
}

/// The integers that `--value` gives to an input.
fn integers(tensor: &Tensor, shape: &[u64], values: &[f64]) -> Result<Vec<i64>, ModelError> {
    let count = elements(shape).unwrap_or(u64::MAX);
    let values = match values {
        &[value] if count <= MAX_VALUES as u64 => vec![value; count as usize],
        values => values.to_vec(),
    };
    if values.len() as u64 != count {
        return Err(unsized_input(tensor, &format!("--value gives it {} numbers; it has {count}", values.len())));
    }
    let integer = |value: f64| (value.fract() == 0.0 && value.abs() < 2f64.powi(53)).then_some(value as i64);
    let integers = values.iter().map(|&value| integer(value)).collect::<Option<Vec<i64>>>();
    integers.ok_or_else(|| unsized_input(tensor, "--value gives it numbers that are no integers"))
}

/// Whether an input has this name, with or without the parts that the converter adds to names.
fn is_named(tensor: &Tensor, name: &str) -> bool {
    let bare = tensor.name.strip_prefix("serving_default_").unwrap_or(&tensor.name);
    let bare = bare.strip_suffix(":0").unwrap_or(bare);
    name == tensor.name || name == bare
}

/// The flag that sets the shape of an input: `--shape x=1,<dimension 2>,3`, with a placeholder for each open
/// dimension.
fn shape_flag(tensor: &Tensor) -> String {
    let sizes = tensor.shape.iter().flatten().zip(tensor.free.iter().chain(std::iter::repeat(&false))).enumerate();
    let batch = tensor.shape.as_ref().is_some_and(|shape| shape.len() > 1);
    let sizes = sizes.map(|(i, (size, free))| match *free && !(i == 0 && batch) {
        true => format!("<dimension {}>", i + 1),
        false => size.to_string(),
    });
    let sizes: Vec<_> = sizes.collect();
    format!("--shape {}={}", printable(&tensor.name), sizes.join(","))
}

fn unsized_input(tensor: &Tensor, what: &str) -> ModelError {
    ModelError {
        place: Some(format!("input '{}'", printable(&tensor.name))),
        what: what.to_string(),
        help: Some(shape_flag(tensor)),
    }
}
