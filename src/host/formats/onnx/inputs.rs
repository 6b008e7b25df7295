//! Shapes of the network's inputs: the file's, changed by `--shape` and `--batch`.

use std::collections::{HashMap, HashSet};

use super::fold::rounded;
use super::schema::{Graph, ValueInfo};
use super::tensor::{Element, Fact, MOST_ELEMENTS, Value, shape_of, shown};
use crate::host::model::{InputShapes, ModelError};

/// The inputs, and the sizes of symbolic dimensions.
pub struct Inputs {
    pub facts: Vec<(String, Fact)>,
    pub symbols: HashMap<String, u64>,
    /// Whether the user gives a size that differs from the file's.
    pub overridden: bool,
}

/// A dimension as the file states it.
#[derive(Clone, PartialEq)]
enum Dim {
    Size(u64),
    Symbol(String),
    Open,
}

impl Dim {
    fn shown(&self) -> String {
        match self {
            Dim::Size(size) => size.to_string(),
            Dim::Symbol(symbol) => symbol.clone(),
            Dim::Open => "?".to_string(),
        }
    }
}

/// The dimensions of a value; `None` if the file does not state how many there are.
fn dims(info: &ValueInfo) -> Option<Vec<Dim>> {
    let shape = info.r#type.as_ref()?.tensor.as_ref()?.shape.as_ref()?;
    let dim = |value: Option<i64>, symbol: Option<&str>| match (value, symbol) {
        (Some(value), _) if value > 0 => Dim::Size(value as u64),
        (_, Some(symbol)) if !symbol.is_empty() && symbol != "?" => Dim::Symbol(symbol.to_string()),
        _ => Dim::Open,
    };
    Some(shape.dim.iter().map(|d| dim(d.value, d.symbol.as_deref())).collect())
}

fn element(info: &ValueInfo) -> Element {
    let tensor = info.r#type.as_ref().and_then(|r#type| r#type.tensor.as_ref());
    tensor.map_or(Element::UNKNOWN, |tensor| Element(tensor.element))
}

/// What the file states of a tensor; `None` if a symbolic dimension is unknown.
pub fn stated(info: &ValueInfo, symbols: &HashMap<String, u64>) -> Option<Fact> {
    let size = |dim: &Dim| match dim {
        Dim::Size(size) => Some(*size),
        Dim::Symbol(symbol) => resolved(symbol, symbols),
        Dim::Open => None,
    };
    let shape: Option<Vec<u64>> = dims(info)?.iter().map(size).collect();
    let shape = shape?;
    super::tensor::elements(&shape)?;
    Some(Fact::new(element(info), &shape))
}

/// The inputs of a graph, without those that are constants.
///
/// # Errors
/// Dimensions are left open, or a shape or value is given for a name that is not an input.
pub fn inputs(graph: &Graph, wanted: &InputShapes, constant: impl Fn(&str) -> bool) -> Result<Inputs, ModelError> {
    let infos: Vec<&ValueInfo> = graph.input.iter().filter(|info| !constant(&info.name)).collect();
    let values = wanted.values.iter().map(|(name, _)| ("a value", name));
    for (what, name) in wanted.shapes.iter().map(|(name, _)| ("a shape", name)).chain(values) {
        if !infos.iter().any(|info| info.name == *name) {
            let names: Vec<String> = infos.iter().map(|info| format!("'{}'", info.name)).collect();
            return Err(ModelError {
                place: None,
                what: format!("{what} is given for '{name}', which is not an input"),
                help: Some(format!("inputs are: {}", names.join(", "))),
            });
        }
    }
    let stated: Vec<Option<Vec<Dim>>> = infos.iter().map(|info| dims(info)).collect();
    let mut symbols = HashMap::new();
    let mut overridden = false;
    let mut shapes: Vec<Option<Vec<u64>>> = Vec::new();
    for (info, dims) in infos.iter().zip(&stated) {
        let given = wanted.shapes.iter().rev().find(|(name, _)| *name == info.name).map(|(_, shape)| shape.clone());
        if let (Some(given), Some(dims)) = (&given, dims) {
            if given.len() != dims.len() {
                let stated = dims.iter().map(Dim::shown).collect::<Vec<_>>().join(",");
                return Err(ModelError {
                    place: Some(format!("input '{}'", info.name)),
                    what: format!("the shape {} has {} dimensions, expected {}", shown(given), given.len(), dims.len()),
                    help: Some(format!("the file says {stated}")),
                });
            }
            for (&given, dim) in given.iter().zip(dims) {
                bind(dim, given, &mut symbols, &mut overridden);
            }
        }
        shapes.push(given);
    }
    if let Some(batch) = wanted.batch {
        let first = batch_dim(&infos, &stated);
        for (dims, shape) in stated.iter().zip(&shapes) {
            if let (None, Some(dims), Some(first)) = (shape, dims, &first)
                && takes_batch(dims, first)
            {
                bind(&dims[0], batch, &mut symbols, &mut overridden);
            }
        }
    }
    let first = batch_dim(&infos, &stated);
    let mut facts = Vec::new();
    let mut open = Vec::new();
    for ((info, dims), shape) in infos.iter().zip(&stated).zip(shapes) {
        let shape = match (shape, dims) {
            (Some(shape), _) => shape,
            (None, Some(dims)) => {
                let batch = wanted.batch.filter(|_| first.as_ref().is_some_and(|first| takes_batch(dims, first)));
                match complete(info, dims, batch, &mut symbols, &stated) {
                    Ok(shape) => shape,
                    Err(left) => {
                        open.push(left);
                        continue;
                    }
                }
            }
            (None, None) if info.r#type.as_ref().is_some_and(|r#type| r#type.tensor.is_none()) => {
                let why = format!("the input '{}' is not a tensor", info.name);
                facts.push((info.name.clone(), Fact::unknown(&why.into())));
                continue;
            }
            (None, None) => {
                return Err(ModelError {
                    place: Some(format!("input '{}'", info.name)),
                    what: "the file does not say how many dimensions it has".to_string(),
                    help: Some(format!("say it: --shape {}=1,3,224,224", info.name)),
                });
            }
        };
        let checked: Vec<i64> = shape.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect();
        let bad = |what| ModelError { place: Some(format!("input '{}'", info.name)), what, help: None };
        shape_of(&checked).map_err(bad)?;
        let values = wanted.values.iter().rev().find(|(name, _)| *name == info.name);
        let fact = Fact::new(element(info), &shape);
        let fact = values.map_or(Ok(fact.clone()), |(_, values)| valued(fact, values)).map_err(bad)?;
        facts.push((info.name.clone(), fact));
    }
    match &open[..] {
        [] => Ok(Inputs { facts, symbols, overridden }),
        [first, more @ ..] => {
            let mut what = format!("the file leaves {} open", first.listed);
            more.iter().for_each(|left| what += &format!("; of input '{}', {}", left.input, left.listed));
            let flags: Vec<_> = open.iter().map(|left| format!("--shape {}", left.example)).collect();
            let help = Some(format!("say how large they are: {}", flags.join(" ")));
            Err(ModelError { place: Some(format!("input '{}'", first.input)), what, help })
        }
    }
}

/// An input with these elements, or with one number for all elements.
fn valued(fact: Fact, values: &[f64]) -> Result<Fact, String> {
    let elements = fact.elements().unwrap_or(0);
    let values = match values {
        &[value] if elements <= MOST_ELEMENTS => vec![value; elements as usize],
        values => values.to_vec(),
    };
    if values.len() as u64 != elements {
        return Err(format!("--value gives it {} numbers, expected {elements}", values.len()));
    }
    let value = match fact.element.is_float() {
        true => Value::Floats(values.iter().map(|&value| rounded(value, fact.element)).collect()),
        false => {
            if let Some(value) = values.iter().find(|value| value.fract() != 0.0 || value.abs() >= 2f64.powi(53)) {
                return Err(format!("--value gives it {value}, expected integers"));
            }
            Value::Ints(values.iter().map(|&value| value as i64).collect())
        }
    };
    Ok(fact.with_value(Some(value)))
}

/// The unknown dimensions of an input, for the error.
struct Left {
    input: String,
    /// The list of dimensions: `dimension 3 ('H') and dimension 4`.
    listed: String,
    /// The flag's argument: `x=1,3,<H>,<dimension 4>`.
    example: String,
}

/// Sets the size of a dimension. Other dimensions with the same symbol get the same size.
fn bind(dim: &Dim, given: u64, symbols: &mut HashMap<String, u64>, overridden: &mut bool) {
    match dim {
        Dim::Size(size) => *overridden |= *size != given,
        Dim::Symbol(symbol) => {
            symbols.entry(symbol.clone()).or_insert(given);
        }
        Dim::Open => {}
    }
}

/// The dimension that `--batch` sets: the first dimension of the first input where that is open, otherwise that of
/// the first input.
fn batch_dim(infos: &[&ValueInfo], stated: &[Option<Vec<Dim>>]) -> Option<Dim> {
    let firsts = || infos.iter().zip(stated).filter_map(|(_, dims)| dims.as_ref()?.first());
    firsts().find(|dim| !matches!(dim, Dim::Size(_))).or_else(|| firsts().next()).cloned()
}

/// Whether the first of these dimensions is the batch.
fn takes_batch(dims: &[Dim], batch: &Dim) -> bool {
    match (dims.first(), batch) {
        (Some(Dim::Size(size)), Dim::Size(batch)) => size == batch && dims.len() > 1,
        (Some(Dim::Size(_)) | None, _) => false,
        (Some(_), Dim::Size(_)) => false,
        (Some(first), batch) => first == batch || *first == Dim::Open,
    }
}

/// The shape of an input with open dimensions.
fn complete(
    info: &ValueInfo,
    dims: &[Dim],
    batch: Option<u64>,
    symbols: &mut HashMap<String, u64>,
    all: &[Option<Vec<Dim>>],
) -> Result<Vec<u64>, Left> {
    // If some input has a symbol after its first dimension, the symbol is not a batch.
    let inner: HashSet<String> = all.iter().flatten().flat_map(|dims| dims.iter().skip(1)).map(Dim::shown).collect();
    let mut shape = Vec::with_capacity(dims.len());
    let mut open = Vec::new();
    for (i, dim) in dims.iter().enumerate() {
        let known = match dim {
            _ if i == 0 && batch.is_some() => batch,
            Dim::Size(size) => Some(*size),
            Dim::Symbol(symbol) => resolved(symbol, symbols),
            Dim::Open => None,
        };
        let assumed = match dim {
            Dim::Symbol(symbol) => i == 0 && dims.len() > 1 && !inner.contains(symbol) && looks_like_batch(symbol),
            _ => i == 0 && dims.len() > 1,
        };
        match known {
            Some(size) => shape.push(size),
            None if assumed => {
                if let Dim::Symbol(symbol) = dim {
                    symbols.insert(symbol.clone(), 1);
                }
                shape.push(1);
            }
            None => open.push((i, dim)),
        }
    }
    if open.is_empty() {
        return Ok(shape);
    }
    let listed = open.iter().map(|(i, dim)| match dim {
        Dim::Symbol(symbol) => format!("dimension {} ('{symbol}')", i + 1),
        _ => format!("dimension {}", i + 1),
    });
    let listed = listed.collect::<Vec<_>>().join(" and ");
    let example = dims.iter().enumerate().map(|(i, dim)| match dim {
        Dim::Size(size) => size.to_string(),
        _ if i == 0 && dims.len() > 1 && !open.iter().any(|(i, _)| *i == 0) => shape.first().unwrap_or(&1).to_string(),
        Dim::Symbol(symbol) if symbols.contains_key(symbol) => symbols[symbol].to_string(),
        Dim::Symbol(symbol) => format!("<{symbol}>"),
        Dim::Open => format!("<dimension {}>", i + 1),
    });
    let example = example.collect::<Vec<_>>().join(",");
    Err(Left { input: info.name.clone(), listed, example: format!("{}={example}", info.name) })
}

/// The size of a symbol. A symbol may be a sum of known ones: `past + 1`.
fn resolved(symbol: &str, symbols: &HashMap<String, u64>) -> Option<u64> {
    let term = |term: &str| symbols.get(term).copied().or_else(|| term.parse().ok());
    let sum = || symbol.split('+').try_fold(0u64, |sum, part| sum.checked_add(term(part.trim())?));
    symbols.get(symbol).copied().or_else(|| if symbol.contains('+') { sum() } else { None })
}

/// Whether the symbol of a first dimension may stand for the batch.
fn looks_like_batch(symbol: &str) -> bool {
    let symbol = symbol.to_lowercase();
    let others = ["seq", "len", "time", "frame", "token", "height", "width", "point", "roi", "box", "sample"];
    symbol.contains("batch") || !others.iter().any(|other| symbol.contains(other))
}
