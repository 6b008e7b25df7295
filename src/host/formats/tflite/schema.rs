//! The tables of a TFLite file that shapes depend on. Field numbers are those of TensorFlow's `schema.fbs`, version
//! 3.

use std::cell::RefCell;
use std::collections::HashMap;

use super::flatbuffer::Table;
use super::names;
use crate::host::model::{ModelError, printable};

/// The maximum number of dimensions of a tensor.
const MAX_RANK: usize = 8;

/// The maximum size of a constant that is read. Such constants are lists of axes, sizes or paddings.
const MAX_VALUES: u64 = 1 << 12;

/// The number of the operator that stands for all custom operators.
const CUSTOM: i32 = 32;

/// The tables of a file.
pub struct File<'b> {
    codes: Vec<Code>,
    buffers: Vec<Table<'b>>,
    /// For buffers that were looked up, whether they have content.
    contents: RefCell<HashMap<u32, bool>>,
    subgraphs: Vec<Table<'b>>,
}

/// A subgraph: tensors and the operators between them, in execution order.
pub struct Graph<'b> {
    pub tensors: Vec<Tensor>,
    /// The number of the subgraph in the file.
    pub number: usize,
    /// The numbers of the input tensors.
    pub inputs: Vec<usize>,
    /// The numbers of the output tensors.
    pub outputs: Vec<usize>,
    pub operators: Vec<Op<'b>>,
}

/// A tensor.
pub struct Tensor {
    pub name: String,
    /// The shape; `None` if it is not known, or has a negative size.
    pub shape: Option<Vec<u64>>,
    /// For each dimension, whether it may have any size; empty if the file does not say.
    pub free: Vec<bool>,
    pub kind: &'static str,
    pub buffer: u32,
    /// Whether the tensor keeps its values from one run to the next.
    pub variable: bool,
    /// The number of quantisation scales: 1, one for each channel, or 0 if the tensor is not quantised.
    pub scales: u64,
}

impl Tensor {
    /// The shape that the file states; `None` if it is only a guess. For a free size, the file has a 1. That is a
    /// good guess only for the batch.
    pub fn stated(&self) -> Option<&[u64]> {
        let shape = self.shape.as_deref()?;
        let guessed = self.free.iter().zip(shape).skip(1).any(|(&free, &size)| free && size == 1);
        (!guessed).then_some(shape)
    }
}

/// An operator.
pub struct Op<'b> {
    pub index: usize,
    /// The name of the operator: `CONV_2D`, or the name of a custom operator.
    pub name: String,
    pub custom: bool,
    /// The numbers of the input tensors. Optional inputs may be absent.
    pub inputs: Vec<Option<usize>>,
    pub outputs: Vec<usize>,
    pub options: Option<Table<'b>>,
    /// The options of a custom operator, if they are a few numbers.
    pub custom_options: Vec<i32>,
}

/// The maximum size in bytes of a custom operator's options that are read as numbers.
const MAX_CUSTOM: u64 = 64;

impl<'b> File<'b> {
    /// The tables of a file.
    pub fn new(root: Table<'b>) -> Result<File<'b>, ModelError> {
        let codes = root.tables(1)?.iter().map(code).collect::<Result<_, _>>()?;
        let subgraphs = root.tables(2)?;
        if subgraphs.is_empty() {
            return Err(ModelError { place: None, what: "has no subgraph".to_string(), help: None });
        }
        Ok(File { codes, buffers: root.tables(4)?, contents: RefCell::default(), subgraphs })
    }

    /// A subgraph, if it exists.
    pub fn graph(&self, number: usize) -> Result<Option<Graph<'b>>, ModelError> {
        let Some(graph) = self.subgraphs.get(number) else { return Ok(None) };
        let tensors = graph.tables(0)?.iter().map(tensor).collect::<Result<Vec<_>, _>>()?;
        let place = |what: &str, number: i32| match usize::try_from(number) {
            Ok(place) if place < tensors.len() => Ok(place),
            _ => Err(ModelError {
                place: Some(what.to_string()),
                what: format!("refers to tensor {number}; there are {}", tensors.len()),
                help: None,
            }),
        };
        let inputs = graph.i32s(1)?.into_iter().map(|number| place("inputs", number)).collect::<Result<_, _>>()?;
        let outputs = graph.i32s(2)?.into_iter().map(|number| place("outputs", number)).collect::<Result<_, _>>()?;
        let mut operators = Vec::new();
        for (index, operator) in graph.tables(3)?.iter().enumerate() {
            let code = operator.u32(0)?;
            let at = format!("operator {index}");
            let Some(Code { name, custom }) = self.codes.get(code as usize) else {
                let what = format!("has code {code}; there are {}", self.codes.len());
                return Err(ModelError { place: Some(at), what, help: None });
            };
            let optional = |number: i32| if number == -1 { Ok(None) } else { place(&at, number).map(Some) };
            operators.push(Op {
                index,
                custom: *custom,
                name: name.clone(),
                inputs: operator.i32s(1)?.into_iter().map(optional).collect::<Result<_, _>>()?,
                outputs: operator.i32s(2)?.into_iter().map(|number| place(&at, number)).collect::<Result<_, _>>()?,
                options: operator.table(4)?,
                custom_options: if *custom { numbers(operator)? } else { Vec::new() },
            });
        }
        Ok(Some(Graph { tensors, number, inputs, outputs, operators }))
    }

    /// Whether a buffer has content, in its table or after all tables. Tensors with the same such buffer are one
    /// constant.
    pub fn has_content(&self, buffer: u32) -> Result<bool, ModelError> {
        let Some(table) = self.buffers.get(buffer as usize) else { return Ok(false) };
        if let Some(&known) = self.contents.borrow().get(&buffer) {
            return Ok(known);
        }
        let has = table.vector(0, 1)?.is_some_and(|data| data.len() > 0) || table.u32(1)? > 1;
        self.contents.borrow_mut().insert(buffer, has);
        Ok(has)
    }

    /// The integers of a constant tensor; `None` if the file has none, or more than a list of sizes has.
    pub fn values(&self, tensor: &Tensor) -> Result<Option<Vec<i64>>, ModelError> {
        let Some(buffer) = self.buffers.get(tensor.buffer as usize) else { return Ok(None) };
        let Some(data) = buffer.vector(0, 1)? else { return Ok(None) };
        if data.len() == 0 || data.len() > 8 * MAX_VALUES {
            return Ok(None);
        }
        let bytes = data.bytes(8 * MAX_VALUES)?;
        Ok(match tensor.kind {
            "INT32" => Some(bytes.as_chunks::<4>().0.iter().map(|value| i32::from_le_bytes(*value).into()).collect()),
            "BOOL" => Some(bytes.iter().map(|&value| i64::from(value != 0)).collect()),
            "INT64" => Some(bytes.as_chunks::<8>().0.iter().map(|value| i64::from_le_bytes(*value)).collect()),
            _ => None,
        })
    }
}

/// The options of a custom operator as numbers; empty if they are not a short list.
fn numbers(operator: &Table) -> Result<Vec<i32>, ModelError> {
    let Some(options) = operator.vector(5, 1)? else { return Ok(Vec::new()) };
    if options.len() > MAX_CUSTOM {
        return Ok(Vec::new());
    }
    Ok(options.bytes(MAX_CUSTOM)?.as_chunks::<4>().0.iter().map(|value| i32::from_le_bytes(*value)).collect())
}

/// An operator that operator codes refer to.
struct Code {
    name: String,
    custom: bool,
}

fn code(code: &Table) -> Result<Code, ModelError> {
    // Files from the time when operator numbers fitted into a byte have only the first of these two fields.
    let number = i32::from(code.u8(0)? as i8).max(code.i32(3, 0)?);
    let custom = number == CUSTOM;
    let name = if custom { code.string(1)? } else { None };
    Ok(Code { name: name.unwrap_or_else(|| names::operator(number)), custom })
}

fn tensor(table: &Table) -> Result<Tensor, ModelError> {
    let name = table.string(3)?.unwrap_or_default();
    let bounded = |slot| match table.vector(slot, 4)? {
        Some(sizes) if sizes.len() > MAX_RANK as u64 => Err(ModelError {
            place: Some(format!("tensor '{}'", printable(&name))),
            what: format!("has {} dimensions; at most {MAX_RANK} are expected", sizes.len()),
            help: None,
        }),
        _ => table.i32s(slot),
    };
    let (shape, signature) = (bounded(0)?, bounded(7)?);
    // An empty shape is either a scalar or an unknown shape.
    let known = !shape.is_empty() || table.bool(8, false)? || table.vector(0, 4)?.is_some();
    let sizes: Option<Vec<u64>> = shape.iter().map(|&size| u64::try_from(size).ok()).collect();
    let scales = match table.table(4)? {
        Some(quantization) => quantization.vector(2, 4)?.map_or(0, |scales| scales.len()),
        None => 0,
    };
    Ok(Tensor {
        shape: sizes.filter(|_| known),
        free: signature.iter().map(|&size| size < 0).collect(),
        kind: names::tensor_type(table.u8(1)?),
        buffer: table.u32(2)?,
        variable: table.bool(5, false)?,
        scales,
        name,
    })
}
