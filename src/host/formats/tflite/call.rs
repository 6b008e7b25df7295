//! What is known of the tensors while the operators are gone through, and an operator's view of it.

use super::flatbuffer::Table;
use super::schema::{File, Graph, Op, Tensor};
use crate::host::model::{InputShapes, ModelError, printable};

/// The largest size of a dimension; the file has 31 bits for it.
const MAX_SIZE: u64 = i32::MAX as u64;

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
    /// Shapes, where they are known.
    shapes: Vec<Option<Vec<u64>>>,
    /// Whether a shape is another than the file tells.
    changed: Vec<bool>,
    /// Whether a tensor is neither an input nor computed.
    constant: Vec<bool>,
    /// Integers that were computed from shapes.
    values: Vec<Option<Vec<i64>>>,
}

impl<'g> State<'g> {
    /// What the file tells.
    pub fn new(file: &'g File<'g>, graph: &'g Graph<'g>) -> State<'g> {
        let count = graph.tensors.len();
        let mut constant: Vec<bool> = graph.tensors.iter().map(|tensor| !tensor.variable).collect();
        let computed = graph.operators.iter().flat_map(|op| &op.outputs);
        graph.inputs.iter().chain(computed).for_each(|&tensor| constant[tensor] = false);
        State {
            file,
            graph,
            shapes: graph.tensors.iter().map(|tensor| tensor.told().map(<[u64]>::to_vec)).collect(),
            changed: vec![false; count],
            constant,
            values: vec![None; count],
        }
    }

    /// Gives the inputs the sizes that are asked for.
    pub fn resize(&mut self, inputs: &InputShapes) -> Result<(), ModelError> {
        let tensors = &self.graph.tensors;
        let named = |name: &str| self.graph.inputs.iter().copied().find(|&input| is_named(&tensors[input], name));
        for (name, _) in &inputs.shapes {
            if named(name).is_none() {
                let names: Vec<_> = self.graph.inputs.iter().map(|&input| printable(&tensors[input].name)).collect();
                let what = format!("has no input '{name}'; its inputs: {}", names.join(", "));
                let flags: Vec<_> = self.graph.inputs.iter().map(|&input| shape_flag(&tensors[input])).collect();
                return Err(ModelError { place: None, what, help: Some(flags.join(" ")) });
            }
        }
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
                (None, _) => (tensor.told().unwrap_or_default().to_vec(), tensor.told().is_none()),
            };
            if free {
                return Err(unsized_input(tensor, "has dimensions that the file leaves open"));
            }
            let mut shape = shape;
            if let (None, Some(batch), Some(first)) = (given, inputs.batch, shape.first_mut()) {
                *first = batch;
            }
            if shape.iter().any(|&size| size > MAX_SIZE) {
                return Err(unsized_input(tensor, &format!("has sizes above {MAX_SIZE}")));
            }
            self.changed[input] = tensor.shape.as_ref() != Some(&shape);
            self.shapes[input] = Some(shape);
        }
        Ok(())
    }

    /// Notes what an operator outputs.
    pub fn finish(&mut self, op: &Op, shapes: Outputs, values: Option<Vec<i64>>) {
        match shapes {
            Outputs::Told => (),
            Outputs::Unknown => op.outputs.iter().for_each(|&output| self.shapes[output] = None),
            Outputs::Derived(shapes) => {
                for (&output, shape) in op.outputs.iter().zip(shapes) {
                    self.changed[output] = self.graph.tensors[output].shape.as_ref() != Some(&shape);
                    self.shapes[output] = Some(shape);
                }
            }
        }
        if let Some(&output) = op.outputs.first() {
            self.values[output] = values;
        }
    }
}

/// The shapes of what an operator outputs.
pub enum Outputs {
    /// Those that the file tells.
    Told,
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

/// The flag that gives an input its shape: `--shape x=1,?,3`, where the question mark stands for what is open.
fn shape_flag(tensor: &Tensor) -> String {
    let sizes = tensor.shape.iter().flatten().zip(tensor.free.iter().chain(std::iter::repeat(&false))).enumerate();
    let sizes = sizes.map(|(i, (size, free))| if *free && i > 0 { "?".to_string() } else { size.to_string() });
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
}

impl<'a> Call<'a> {
    pub fn new(state: &'a State<'a>, op: &'a Op<'a>) -> Self {
        Call { state, op }
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
        let place = self.place(input).ok_or_else(|| format!("input {input} is missing"))?;
        let shape = self.state.shapes[place].as_deref();
        shape.ok_or_else(|| Fault::Unknown(format!("the shape of its input {input} is not known")))
    }

    /// The shape of an input that has `N` dimensions.
    pub fn shape_of<const N: usize>(&self, input: usize) -> Result<[u64; N], Fault> {
        let shape = self.shape(input)?;
        let wrong = |_| format!("input {input} is {}; expected {N} dimensions", crossed(shape)).into();
        <[u64; N]>::try_from(shape).map_err(wrong)
    }

    /// The shape that the file tells of the first output, if it holds for these inputs.
    pub fn told(&self) -> Result<Option<&'a [u64]>, Fault> {
        let told = self.output()?.told();
        Ok(told.filter(|_| !self.changed()))
    }

    /// Whether an input is given and not computed.
    pub fn constant(&self, input: usize) -> bool {
        self.place(input).is_some_and(|place| self.state.constant[place])
    }

    /// Whether the shapes of all outputs are those that the file tells. Where sizes are free, what it tells is a guess.
    pub fn as_told(&self) -> bool {
        let told = |&output: &usize| {
            let tensor = &self.state.graph.tensors[output];
            tensor.shape.is_some() && !tensor.free.contains(&true)
        };
        !self.changed() && self.op.outputs.iter().all(told)
    }

    /// Whether what the file tells of all outputs may be taken for true.
    pub fn may_be_as_told(&self) -> bool {
        let known = |&output: &usize| self.state.graph.tensors[output].told().is_some();
        !self.changed() && self.op.outputs.iter().all(known)
    }

    /// Whether the shape of an input is another than the file tells, or not known.
    fn changed(&self) -> bool {
        let state = self.state;
        self.op.inputs.iter().flatten().any(|&input| state.changed[input] || state.shapes[input].is_none())
    }

    /// The integers of an input, if they are known without running the network.
    pub fn values(&self, input: usize) -> Result<Option<Vec<i64>>, Fault> {
        let Some(place) = self.place(input) else { return Ok(None) };
        if self.state.constant[place] {
            return Ok(self.state.file.values(&self.state.graph.tensors[place])?);
        }
        Ok(self.state.values[place].clone())
    }

    /// Elements of the constants among these inputs.
    pub fn parameters(&self, inputs: impl IntoIterator<Item = usize>) -> Result<u64, Fault> {
        let mut sum = 0u64;
        for input in inputs.into_iter().filter(|&input| self.constant(input)) {
            sum = sum.checked_add(elements(self.shape(input)?)?).ok_or("has too many weights")?;
        }
        Ok(sum)
    }

    /// Elements of the weights of an operator that is skipped: tables and biases, but no limits, sizes or lone numbers.
    pub fn skipped_parameters(&self) -> Result<u64, Fault> {
        let all = 0..self.op.inputs.len();
        // What is computed from constants only is a constant, too.
        if matches!(
            self.op.name.as_str(),
            "PAD" | "PADV2" | "DEQUANTIZE" | "QUANTIZE" | "CAST" | "RESHAPE" | "TRANSPOSE"
        ) {
            return Ok(0);
        }
        let weight = |&input: &usize| {
            let number = |kind: &str| !matches!(kind, "INT32" | "INT64" | "BOOL" | "UINT32" | "UINT64" | "STRING");
            let many = self.shape(input).is_ok_and(|shape| !shape.is_empty());
            many && self.constant(input) && self.input(input).is_some_and(|tensor| number(tensor.kind))
        };
        self.parameters(all.filter(weight))
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
