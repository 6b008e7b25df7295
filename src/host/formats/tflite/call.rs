//! An operator and what is known of its inputs: shapes, constants, options.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::fact::{Fact, Fault, Origin, crossed};
use super::flatbuffer::Table;
use super::schema::{File, Op, Tensor};
use super::state::State;

/// If a tensor is computed from more constants than this, it is not traced back to them.
const MAX_ORIGINS: usize = 256;

/// An operator and what is known of its tensors.
pub struct Call<'a> {
    state: &'a State<'a>,
    pub op: &'a Op<'a>,
    /// Constants whose elements an earlier operator has counted.
    before: &'a HashSet<Origin>,
    /// Constants that this operator counts.
    counted: RefCell<BTreeSet<Origin>>,
}

impl<'a> Call<'a> {
    pub fn new(state: &'a State<'a>, op: &'a Op<'a>, before: &'a HashSet<Origin>) -> Self {
        Call { state, op, before, counted: RefCell::default() }
    }

    /// Takes the constants that this operator has counted.
    pub fn take_counted(&self) -> BTreeSet<Origin> {
        self.counted.take()
    }

    pub fn file(&self) -> &'a File<'a> {
        self.state.file
    }

    fn place(&self, input: usize) -> Option<usize> {
        self.op.inputs.get(input).copied().flatten()
    }

    /// An input; `None` if it is left out.
    pub fn input(&self, input: usize) -> Option<&'a Tensor> {
        self.place(input).map(|place| &self.state.graph.tensors[place])
    }

    /// The first output.
    pub fn output(&self) -> Result<&'a Tensor, Fault> {
        let place = self.op.outputs.first().ok_or("has no output")?;
        Ok(&self.state.graph.tensors[*place])
    }

    /// The number of the first output among the file's tensors.
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

    /// The shape of an input, which must have `N` dimensions.
    pub fn shape_of<const N: usize>(&self, input: usize) -> Result<[u64; N], Fault> {
        let shape = self.shape(input)?;
        let wrong = |_| format!("input {input} is {}; expected {N} dimensions", crossed(shape)).into();
        <[u64; N]>::try_from(shape).map_err(wrong)
    }

    /// The shape of the first output as the file states it; `None` if it may not hold for these inputs.
    pub fn stated(&self) -> Result<Option<&'a [u64]>, Fault> {
        Ok(self.output()?.stated().filter(|_| !self.changed()))
    }

    /// Whether an input is present and is a constant, or is computed from constants only.
    pub fn constant(&self, input: usize) -> bool {
        self.fact(input).is_some_and(|fact| fact.constant)
    }

    fn fact(&self, input: usize) -> Option<&'a Fact> {
        self.place(input).map(|place| self.state.fact(place))
    }

    /// What is known of the outputs, if they are computed from constants only. Such outputs are computed before the
    /// network runs.
    pub fn folded(&self) -> Option<Fact> {
        let given = || self.op.inputs.iter().flatten().map(|&input| self.state.fact(input));
        if given().next().is_none() || !given().all(|fact| fact.constant) {
            return None;
        }
        let data =
            (0..self.op.inputs.len()).filter(|&input| self.is_weight(input)).filter_map(|input| self.fact(input));
        let origins: BTreeMap<Origin, u64> = data.flat_map(|fact| fact.origins.clone()).collect();
        let origins = if origins.len() > MAX_ORIGINS { BTreeMap::new() } else { origins };
        Some(Fact { constant: true, origins, ..Fact::default() })
    }

    /// Whether all outputs have the shapes that the file states. If the file marks a size as free, its number is only
    /// a guess.
    pub fn as_stated(&self) -> bool {
        let stated = |&output: &usize| {
            let tensor = &self.state.graph.tensors[output];
            tensor.shape.is_some() && !tensor.free.contains(&true)
        };
        !self.changed() && self.op.outputs.iter().all(stated)
    }

    /// Whether an operator without a rule may be assumed to have outputs of the shapes that the file states. An open
    /// batch is assumed to be that of an input.
    pub fn may_be_as_stated(&self) -> bool {
        let tensor = |place: usize| &self.state.graph.tensors[place];
        let batch = self.op.inputs.iter().flatten().any(|&input| tensor(input).free.first() == Some(&true));
        let known =
            |&output: &usize| tensor(output).stated().is_some() && (batch || !tensor(output).free.contains(&true));
        !self.changed() && self.op.outputs.iter().all(known)
    }

    /// Whether the shape of some input is unknown or differs from the file's.
    fn changed(&self) -> bool {
        let state = self.state;
        self.op.inputs.iter().flatten().any(|&input| state.changed(input) || state.fact(input).shape.is_none())
    }

    /// The integers of an input, if they are known without running the network.
    pub fn values(&self, input: usize) -> Result<Option<Vec<i64>>, Fault> {
        let Some(fact) = self.fact(input) else { return Ok(None) };
        match &fact.values {
            None if fact.constant => Ok(self.input(input).map_or(Ok(None), |tensor| self.state.file.values(tensor))?),
            values => Ok(values.clone()),
        }
    }

    /// The number of elements of the constants that these inputs are computed from, without those that were counted
    /// before.
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

    /// The number of elements of the weights among all inputs. Limits, sizes and single numbers are not weights. With
    /// `biases`, integers after the second input count as well, because these are the biases of quantised operators.
    pub fn all_parameters(&self, biases: bool) -> Result<u64, Fault> {
        let bias = |input: usize| biases && input > 1 && self.input(input).is_some_and(|tensor| tensor.kind == "INT32");
        self.parameters((0..self.op.inputs.len()).filter(|&input| self.is_weight(input) || bias(input)))
    }

    /// Whether an input is a constant that is neither a single number nor an index.
    fn is_weight(&self, input: usize) -> bool {
        let number = |kind: &str| !matches!(kind, "INT32" | "INT64" | "BOOL" | "UINT32" | "UINT64" | "STRING");
        let many = self.shape(input).is_ok_and(|shape| !shape.is_empty());
        many && self.constant(input) && self.input(input).is_some_and(|tensor| number(tensor.kind))
    }

    /// An option that is a byte; 0 if it is absent.
    pub fn byte(&self, slot: u64) -> Result<u8, Fault> {
        Ok(self.options().map_or(Ok(0), |options| options.u8(slot))?)
    }

    /// An option that is a truth value; `default` if it is absent.
    pub fn flag(&self, slot: u64, default: bool) -> Result<bool, Fault> {
        Ok(self.options().map_or(Ok(default), |options| options.bool(slot, default))?)
    }

    /// An option that is a number; `default` if it is absent.
    pub fn number(&self, slot: u64, default: i32) -> Result<i32, Fault> {
        Ok(self.options().map_or(Ok(default), |options| options.i32(slot, default))?)
    }

    /// An option that must be a positive number. `what` is its name in errors.
    pub fn size(&self, slot: u64, default: i32, what: &str) -> Result<u64, Fault> {
        let size = self.number(slot, default)?;
        match u64::try_from(size) {
            Ok(size) if size > 0 => Ok(size),
            _ => Err(format!("{what} is {size}; expected 1 or more").into()),
        }
    }

    /// An option that is a list of numbers; empty if it is absent.
    pub fn list(&self, slot: u64) -> Result<Vec<i32>, Fault> {
        Ok(self.options().map_or(Ok(Vec::new()), |options| options.i32s(slot))?)
    }

    fn options(&self) -> Option<Table<'a>> {
        self.op.options
    }
}
