//! What is known of the tensors while the operators are gone through, and an operator's view of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use super::flatbuffer::Table;
use super::schema::{File, Graph, Op, Tensor};
use super::values::MAX_VALUES;
use crate::host::model::{InputShapes, ModelError, printable};

/// The largest size of a dimension; the file has 31 bits for it.
pub const MAX_SIZE: u64 = i32::MAX as u64;

/// The most constants that one tensor is computed from and that are followed.
const MAX_ORIGINS: usize = 256;

/// What tells a constant of the file from others: its content, which tensors may share, or its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    Buffer(u32),
    Tensor(usize, usize),
}

/// What is known of a tensor.
#[derive(Clone, Default)]
pub struct Fact {
    /// Its shape, where it is known.
    pub shape: Option<Vec<u64>>,
    /// Why it is not.
    pub why: Option<Rc<str>>,
    /// Its integers, where they are computed from shapes and constants.
    pub values: Option<Vec<i64>>,
    /// Whether it is a constant of the file, or computed from constants only.
    pub constant: bool,
    /// The constants that it is or is computed from, with their elements.
    pub origins: BTreeMap<Origin, u64>,
}

/// Why an operator cannot be read.
pub enum Fault {
    /// The file is damaged.
    File(ModelError),
    /// The operator contradicts its shapes.
    Here(String),
    /// A shape is not known that the operator depends on.
    Unknown(String),
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Fault {
        Fault::File(error)
    }
}

impl From<String> for Fault {
    fn from(what: String) -> Fault {
        Fault::Here(what)
    }
}

impl From<&str> for Fault {
    fn from(what: &str) -> Fault {
        Fault::Here(what.to_string())
    }
}

/// What is known of the tensors so far.
pub struct State<'g> {
    pub file: &'g File<'g>,
    pub graph: &'g Graph<'g>,
    facts: Vec<Fact>,
    /// Whether a shape is another than the file tells.
    changed: Vec<bool>,
}

impl<'g> State<'g> {
    /// What the file tells.
    pub fn new(file: &'g File<'g>, graph: &'g Graph<'g>) -> Result<State<'g>, ModelError> {
        let mut facts: Vec<Fact> = Vec::with_capacity(graph.tensors.len());
        for tensor in &graph.tensors {
            let shape = tensor.stated().map(<[u64]>::to_vec);
            facts.push(Fact { shape, constant: !tensor.variable, ..Fact::default() });
        }
        let computed = graph.operators.iter().flat_map(|op| &op.outputs);
        graph.inputs.iter().chain(computed).for_each(|&tensor| facts[tensor].constant = false);
        for (place, (fact, tensor)) in facts.iter_mut().zip(&graph.tensors).enumerate() {
            let Some(count) = fact.shape.as_ref().filter(|_| fact.constant).and_then(|shape| elements(shape).ok())
            else {
                continue;
            };
            let origin = match file.has_content(tensor.buffer)? {
                true => Origin::Buffer(tensor.buffer),
                false => Origin::Tensor(graph.number, place),
            };
            fact.origins = [(origin, count)].into();
        }
        Ok(State { file, graph, changed: vec![false; facts.len()], facts })
    }

    /// What is known of a tensor.
    pub fn fact(&self, tensor: usize) -> &Fact {
        &self.facts[tensor]
    }

    /// The same with the integers of a constant, for where its content is not at hand.
    pub fn valued(&self, tensor: usize) -> Result<Fact, ModelError> {
        let fact = self.facts[tensor].clone();
        let count = fact.shape.as_deref().and_then(|shape| elements(shape).ok());
        let few = fact.constant && count.is_some_and(|count| count <= MAX_VALUES as u64);
        let values = match fact.values {
            None if few => self.file.values(&self.graph.tensors[tensor])?,
            values => values,
        };
        Ok(Fact { values, ..fact })
    }

    /// Notes what is known of a tensor.
    pub fn set(&mut self, tensor: usize, fact: Fact) {
        self.changed[tensor] = self.graph.tensors[tensor].shape != fact.shape;
        self.facts[tensor] = fact;
    }

    /// Gives the inputs the sizes that are asked for.
    pub fn resize(&mut self, inputs: &InputShapes) -> Result<(), ModelError> {
        let tensors = &self.graph.tensors;
        let named = |name: &str| self.graph.inputs.iter().copied().find(|&input| is_named(&tensors[input], name));
        let given = inputs.shapes.iter().map(|(name, _)| name).chain(inputs.values.iter().map(|(name, _)| name));
        for name in given {
            if named(name).is_none() {
                let names: Vec<_> = self.graph.inputs.iter().map(|&input| printable(&tensors[input].name)).collect();
                let what = format!("has no input '{name}'; its inputs: {}", names.join(", "));
                let flags: Vec<_> = self.graph.inputs.iter().map(|&input| shape_flag(&tensors[input])).collect();
                return Err(ModelError { place: None, what, help: Some(flags.join(" ")) });
            }
        }
        let mut open = Vec::new();
        for &input in &self.graph.inputs {
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
                (None, Some(known)) => {
                    (known.clone(), open_dimensions(tensor, inputs.batch.is_some()).next().is_some())
                }
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
            self.set(input, Fact { shape: Some(shape), values, ..Fact::default() });
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

    /// Notes what an operator outputs.
    pub fn finish(&mut self, op: &Op, shapes: Outputs, values: Vec<Option<Vec<i64>>>, folded: Option<Fact>) {
        match shapes {
            Outputs::Stated => (),
            Outputs::Unknown => {
                let before = op.inputs.iter().flatten().find_map(|&input| self.facts[input].why.clone());
                let name = op.outputs.first().map_or("", |&output| &self.graph.tensors[output].name);
                let why = before.unwrap_or_else(|| {
                    let what = "the size of whose output is known only when the network runs";
                    format!("it follows {} '{}', {what}", printable(&op.name), printable(name)).into()
                });
                for &output in &op.outputs {
                    (self.facts[output].shape, self.facts[output].why) = (None, Some(why.clone()));
                }
            }
            Outputs::Derived(shapes) => {
                for (&output, shape) in op.outputs.iter().zip(shapes) {
                    self.changed[output] = self.graph.tensors[output].shape.as_ref() != Some(&shape);
                    self.facts[output].shape = Some(shape);
                }
            }
        }
        for (&output, values) in op.outputs.iter().zip(values.into_iter().chain(std::iter::repeat(None))) {
            self.facts[output].values = values;
            if let Some(Fact { origins, .. }) = &folded {
                (self.facts[output].constant, self.facts[output].origins) = (true, origins.clone());
            }
        }
    }
}

/// The dimensions that must be asked for: all that the file leaves open, but for a batch.
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

/// The integers that an input is told to hold.
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

/// The shapes of what an operator outputs.
pub enum Outputs {
    /// Those that the file tells.
    Stated,
    /// Others, for all outputs.
    Derived(Vec<Vec<u64>>),
    /// Not known without running the network.
    Unknown,
}

/// Whether an input has this name, without what the converter wraps around it or with it.
fn is_named(tensor: &Tensor, name: &str) -> bool {
    let bare = tensor.name.strip_prefix("serving_default_").unwrap_or(&tensor.name);
    let bare = bare.strip_suffix(":0").unwrap_or(bare);
    name == tensor.name || name == bare
}

/// The flag that gives an input its shape: `--shape x=1,<dimension 2>,3` where a dimension is open.
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

/// An operator and what is known of its tensors.
pub struct Call<'a> {
    state: &'a State<'a>,
    pub op: &'a Op<'a>,
    /// Constants whose elements some operator has counted before.
    before: &'a HashSet<Origin>,
    /// Those that this one counts.
    counted: RefCell<BTreeSet<Origin>>,
}

impl<'a> Call<'a> {
    pub fn new(state: &'a State<'a>, op: &'a Op<'a>, before: &'a HashSet<Origin>) -> Self {
        Call { state, op, before, counted: RefCell::default() }
    }

    /// The constants that it has counted, and no longer has.
    pub fn take_counted(&self) -> BTreeSet<Origin> {
        self.counted.take()
    }

    pub fn file(&self) -> &'a File<'a> {
        self.state.file
    }

    fn place(&self, input: usize) -> Option<usize> {
        self.op.inputs.get(input).copied().flatten()
    }

    /// An input, if it is given.
    pub fn input(&self, input: usize) -> Option<&'a Tensor> {
        self.place(input).map(|place| &self.state.graph.tensors[place])
    }

    /// The first output.
    pub fn output(&self) -> Result<&'a Tensor, Fault> {
        let place = self.op.outputs.first().ok_or("has no output")?;
        Ok(&self.state.graph.tensors[*place])
    }

    /// Place of the first output in the file.
    pub fn output_place(&self) -> Result<usize, Fault> {
        Ok(*self.op.outputs.first().ok_or("has no output")?)
    }

    /// The shape of an input.
    pub fn shape(&self, input: usize) -> Result<&'a [u64], Fault> {
        let fact = self.fact(input).ok_or_else(|| format!("input {input} is missing"))?;
        fact.shape.as_deref().ok_or_else(|| {
            let why = fact.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            Fault::Unknown(format!("the shape of its input {input} is not known{why}"))
        })
    }

    /// The shape of an input that has `N` dimensions.
    pub fn shape_of<const N: usize>(&self, input: usize) -> Result<[u64; N], Fault> {
        let shape = self.shape(input)?;
        let wrong = |_| format!("input {input} is {}; expected {N} dimensions", crossed(shape)).into();
        <[u64; N]>::try_from(shape).map_err(wrong)
    }

    /// The shape that the file tells of the first output, if it holds for these inputs.
    pub fn stated(&self) -> Result<Option<&'a [u64]>, Fault> {
        let told = self.output()?.stated();
        Ok(told.filter(|_| !self.changed()))
    }

    /// Whether an input is given and a constant, or computed from constants only.
    pub fn constant(&self, input: usize) -> bool {
        self.fact(input).is_some_and(|fact| fact.constant)
    }

    fn fact(&self, input: usize) -> Option<&'a Fact> {
        self.place(input).map(|place| &self.state.facts[place])
    }

    /// What is computed, if it is so from constants only, before the network runs.
    pub fn folded(&self) -> Option<Fact> {
        let given = || self.op.inputs.iter().flatten().map(|&input| &self.state.facts[input]);
        if given().next().is_none() || !given().all(|fact| fact.constant) {
            return None;
        }
        let data =
            (0..self.op.inputs.len()).filter(|&input| self.is_weight(input)).filter_map(|input| self.fact(input));
        let origins: BTreeMap<Origin, u64> = data.flat_map(|fact| fact.origins.clone()).collect();
        let origins = if origins.len() > MAX_ORIGINS { BTreeMap::new() } else { origins };
        Some(Fact { constant: true, origins, ..Fact::default() })
    }

    /// Whether the shapes of all outputs are those that the file tells. Where sizes are free, what it tells is a guess.
    pub fn as_stated(&self) -> bool {
        let told = |&output: &usize| {
            let tensor = &self.state.graph.tensors[output];
            tensor.shape.is_some() && !tensor.free.contains(&true)
        };
        !self.changed() && self.op.outputs.iter().all(told)
    }

    /// Whether what the file tells of all outputs may be taken for true: a batch that is open, of an operator that is not
    /// known here, is that of an input.
    pub fn may_be_as_told(&self) -> bool {
        let tensor = |place: usize| &self.state.graph.tensors[place];
        let batch = self.op.inputs.iter().flatten().any(|&input| tensor(input).free.first() == Some(&true));
        let known =
            |&output: &usize| tensor(output).stated().is_some() && (batch || !tensor(output).free.contains(&true));
        !self.changed() && self.op.outputs.iter().all(known)
    }

    /// Whether the shape of an input is another than the file tells, or not known.
    fn changed(&self) -> bool {
        let state = self.state;
        self.op.inputs.iter().flatten().any(|&input| state.changed[input] || state.facts[input].shape.is_none())
    }

    /// The integers of an input, if they are known without running the network.
    pub fn values(&self, input: usize) -> Result<Option<Vec<i64>>, Fault> {
        let Some(fact) = self.fact(input) else { return Ok(None) };
        match &fact.values {
            None if fact.constant => Ok(self.input(input).map_or(Ok(None), |tensor| self.state.file.values(tensor))?),
            values => Ok(values.clone()),
        }
    }

    /// Elements of the constants that these inputs are computed from, without those that have been counted before.
    pub fn parameters(&self, inputs: impl IntoIterator<Item = usize>) -> Result<u64, Fault> {
        let mut sum = 0u64;
        let mut counted = self.counted.borrow_mut();
        let facts = inputs.into_iter().filter_map(|input| self.fact(input)).filter(|fact| fact.constant);
        for (origin, elements) in facts.flat_map(|fact| &fact.origins) {
            if !self.before.contains(origin) && counted.insert(*origin) {
                sum = sum.checked_add(*elements).ok_or("has too many weights")?;
            }
        }
        Ok(sum)
    }

    /// Elements of the weights among all inputs: tables and biases, but no limits, sizes or lone numbers. Those that stand
    /// for biases of quantised operators are integers.
    pub fn all_parameters(&self, biases: bool) -> Result<u64, Fault> {
        let bias = |input: usize| biases && input > 1 && self.input(input).is_some_and(|tensor| tensor.kind == "INT32");
        self.parameters((0..self.op.inputs.len()).filter(|&input| self.is_weight(input) || bias(input)))
    }

    /// Whether an input is neither a lone number nor an index.
    fn is_weight(&self, input: usize) -> bool {
        let number = |kind: &str| !matches!(kind, "INT32" | "INT64" | "BOOL" | "UINT32" | "UINT64" | "STRING");
        let many = self.shape(input).is_ok_and(|shape| !shape.is_empty());
        many && self.constant(input) && self.input(input).is_some_and(|tensor| number(tensor.kind))
    }

    /// An option that is a byte, 0 if absent.
    pub fn byte(&self, slot: u64) -> Result<u8, Fault> {
        Ok(self.options().map_or(Ok(0), |options| options.u8(slot))?)
    }

    /// An option that is a truth value.
    pub fn flag(&self, slot: u64, default: bool) -> Result<bool, Fault> {
        Ok(self.options().map_or(Ok(default), |options| options.bool(slot, default))?)
    }

    /// An option that is a number.
    pub fn number(&self, slot: u64, default: i32) -> Result<i32, Fault> {
        Ok(self.options().map_or(Ok(default), |options| options.i32(slot, default))?)
    }

    /// An option that is a positive number.
    pub fn size(&self, slot: u64, default: i32, what: &str) -> Result<u64, Fault> {
        let size = self.number(slot, default)?;
        match u64::try_from(size) {
            Ok(size) if size > 0 => Ok(size),
            _ => Err(format!("{what} is {size}; expected 1 or more").into()),
        }
    }

    /// An option that is a list of numbers.
    pub fn list(&self, slot: u64) -> Result<Vec<i32>, Fault> {
        Ok(self.options().map_or(Ok(Vec::new()), |options| options.i32s(slot))?)
    }

    fn options(&self) -> Option<Table<'a>> {
        self.op.options
    }
}

/// `1x28x28x3`.
pub fn crossed(shape: &[u64]) -> String {
    if shape.is_empty() {
        return "a scalar".to_string();
    }
    shape.iter().map(u64::to_string).collect::<Vec<_>>().join("x")
}

/// Elements of a tensor.
pub fn elements(shape: &[u64]) -> Result<u64, Fault> {
    let product = shape.iter().try_fold(1u64, |product, &size| product.checked_mul(size));
    product.ok_or_else(|| format!("a tensor of {} has more elements than 64 bits count", crossed(shape)).into())
}
