//! An operator and what is known of its inputs, and what can be inferred from that: its outputs and its work.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::schema::{Attribute, Node};
use super::tensor::{Element, Fact, MOST_DIMENSIONS, Value, elements, shown};
use crate::host::model::Work;

/// The reasons why operators are left out.
pub const ACTIVATION: &str = "function of one tensor, applied as its input is written";
pub const CONSTANT: &str = "constant, computed before the network runs";
pub const CONSTANT_OPERAND: &str = "one operand is a constant, applied as the other one is written";
pub const COMPARISON: &str = "comparison or logic, no arithmetic";
pub const LAYOUT: &str = "moves or renames elements only";
pub const QUANTISATION: &str = "changes the number format only";
pub const SHAPE: &str = "shape or index arithmetic";

/// If a tensor is computed from more constants than this, it is not traced back to them.
const MOST_ORIGINS: usize = 256;

/// An operator and its inputs.
pub struct Call<'a> {
    pub node: &'a Node,
    /// The facts about each input of the node; `None` if an optional input is left out.
    pub inputs: Vec<Option<Fact>>,
    /// The version of the operator set.
    pub opset: i64,
    /// Whether an input only controls the computation (indices, sizes, scales, limits, fillers) and is not data.
    pub steers: fn(usize) -> bool,
    pub weights: &'a Weights,
    /// The weights that this operator counts, as positions in the list.
    pub counted: RefCell<BTreeSet<usize>>,
}

/// The learnt constants of a file. Each constant is counted once, by the first operator that reads it.
#[derive(Default)]
pub struct Weights {
    /// For each constant, its number of elements, and whether an operator has counted it.
    list: Vec<(u64, bool)>,
    /// Positions in `list` of the constants of graphs inside of nodes. The key is the path to the node and the
    /// constant's name, because a graph may be walked several times.
    inner: HashMap<(Vec<usize>, String), usize>,
}

impl Weights {
    /// Adds a constant to the list. Sizes, indices, truth values and scalars are not weights and are left out.
    pub fn add(&mut self, fact: &mut Fact) {
        if !matches!(fact.element, Element::INT64 | Element::BOOL)
            && let Some(elements) = fact.elements()
            && fact.shape.as_ref().is_ok_and(|shape| !shape.is_empty())
        {
            fact.weights = [self.list.len()].into();
            self.list.push((elements, false));
        }
    }

    /// Adds a constant of a graph inside of a node, unless it is in the list already.
    pub fn add_inner(&mut self, fact: &mut Fact, path: &[usize], name: &str) {
        let key = (path.to_vec(), name.to_string());
        match self.inner.get(&key) {
            Some(&place) => fact.weights = [place].into(),
            None => {
                self.add(fact);
                if let [place] = fact.weights[..] {
                    self.inner.insert(key, place);
                }
            }
        }
    }

    /// Marks the weights that an operator has counted.
    pub fn finish(&mut self, counted: &BTreeSet<usize>) {
        counted.iter().for_each(|&place| self.list[place].1 = true);
    }
}

/// Why the outputs of an operator cannot be inferred.
pub enum Problem {
    /// A shape depends on data.
    Unknown(Rc<str>),
    /// The operator cannot be costed, or is not in the table of operators.
    Unsupported(String),
    /// The file contradicts itself.
    Bad(String),
}

impl From<String> for Problem {
    fn from(what: String) -> Problem {
        Problem::Bad(what)
    }
}

/// The outputs and the work of an operator.
pub struct Inferred {
    /// What is known of the first outputs. Nothing is known of further outputs.
    pub outputs: Vec<Fact>,
    pub does: Does,
}

/// What an operator means for the cost of a network.
pub enum Does {
    /// The operator is left out for this reason.
    Nothing(&'static str),
    /// The operator's pieces of work, in execution order.
    Parts(Vec<Part>),
}

/// A piece of an operator's work.
pub struct Part {
    /// This text is appended to the operator's name.
    pub suffix: &'static str,
    pub work: Work,
    /// The number of elements of weights and biases.
    pub parameters: u64,
    pub notes: Vec<(&'static str, String)>,
}

impl Part {
    pub fn new(suffix: &'static str, work: Work, parameters: u64) -> Part {
        Part { suffix, work, parameters, notes: Vec::new() }
    }
}

impl Inferred {
    pub fn nothing(why: &'static str, outputs: Vec<Fact>) -> Inferred {
        Inferred { outputs, does: Does::Nothing(why) }
    }

    pub fn work(part: Part, outputs: Vec<Fact>) -> Inferred {
        Inferred { outputs, does: Does::Parts(vec![part]) }
    }

    /// An operator that moves data without MACs. `sources` are the inputs that it reads.
    pub fn moves(call: &Call, sources: &[usize], outputs: Vec<Fact>) -> Inferred {
        if call.given(0).is_some_and(|fact| fact.element.counts()) && !outputs.iter().any(|o| o.element.is_float()) {
            return Inferred::nothing(SHAPE, outputs);
        }
        let read = || sources.iter().filter_map(|&i| call.inputs.get(i)?.as_ref());
        let shape = outputs.first().and_then(|fact| fact.shape.as_deref().ok()).unwrap_or_default().to_vec();
        let elements = elements(&shape).unwrap_or(0);
        let shapes = read().map(|fact| fact.shape.as_deref().map(shown).unwrap_or_default());
        let notes = vec![
            ("elements", elements.to_string()),
            ("in", shapes.collect::<Vec<_>>().join(" ")),
            ("out", shown(&shape)),
        ];
        let binary = read().filter(|fact| !fact.constant).count() > 1;
        let source = read().next().and_then(|fact| fact.shape.as_deref().ok()).filter(|_| !binary);
        let input = source.unwrap_or(&shape).to_vec();
        let work = Work::Elementwise { elements, shape, input, binary };
        Inferred::work(Part { notes, ..Part::new("", work, call.parameters()) }, outputs)
    }
}

impl<'a> Call<'a> {
    pub fn op(&self) -> &'a str {
        &self.node.op_type
    }

    pub fn given(&self, index: usize) -> Option<&Fact> {
        self.inputs.get(index)?.as_ref()
    }

    pub fn input(&self, index: usize) -> Result<&Fact, Problem> {
        let missing = || Problem::Bad(format!("has no input {}, expected one", index + 1));
        self.given(index).ok_or_else(missing)
    }

    pub fn shape(&self, index: usize) -> Result<&[u64], Problem> {
        self.input(index)?.shape.as_deref().map_err(|why| Problem::Unknown(why.clone()))
    }

    /// The shape of an input that must have at least `least` dimensions.
    pub fn shape_of_rank(&self, index: usize, least: usize) -> Result<&[u64], Problem> {
        let shape = self.shape(index)?;
        if shape.len() < least {
            let (number, rank) = (index + 1, shape.len());
            return Err(Problem::Bad(format!("input {number} has {rank} dimensions, expected at least {least}")));
        }
        Ok(shape)
    }

    /// The integers of an input, which must be known.
    pub fn ints(&self, index: usize) -> Result<&[i64], Problem> {
        match self.input(index)?.value.as_deref() {
            Some(Value::Ints(values)) => Ok(values),
            Some(Value::Floats(_)) => Err(Problem::Bad(format!("input {} holds floats, expected integers", index + 1))),
            None => Err(self.depends(index)),
        }
    }

    /// The floats of an input, which must be known.
    pub fn floats(&self, index: usize) -> Result<&[f64], Problem> {
        match self.input(index)?.value.as_deref() {
            Some(Value::Floats(values)) => Ok(values),
            Some(Value::Ints(_)) => Err(Problem::Bad(format!("input {} holds integers, expected floats", index + 1))),
            None => Err(self.depends(index)),
        }
    }

    /// The tensors of an input, which must be a sequence.
    pub fn items(&self, index: usize) -> Result<&[Fact], Problem> {
        let fact = self.input(index)?;
        match (&fact.items, &fact.shape) {
            (Some(items), _) => Ok(items),
            (None, Err(why)) => Err(Problem::Unknown(why.clone())),
            (None, Ok(_)) => Err(Problem::Bad(format!("input {} is a tensor, expected a sequence", index + 1))),
        }
    }

    /// The problem that the value of an input is unknown.
    pub fn depends(&self, index: usize) -> Problem {
        let name = self.node.input.get(index).map_or("", String::as_str);
        let fact = self.given(index);
        let why = match fact.map(|fact| (fact.constant, &fact.shape)) {
            Some((_, Err(why))) => why.to_string(),
            Some((true, _)) => {
                format!("it depends on the constant '{name}', whose values are not in the file or too many")
            }
            _ => format!("it depends on the values of '{name}', which are known only when the network runs"),
        };
        Problem::Unknown(why.into())
    }

    pub fn attribute(&self, name: &str) -> Option<&'a Attribute> {
        self.node.attribute.iter().find(|attribute| attribute.name == name)
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.attribute(name)?.i
    }

    pub fn flag(&self, name: &str) -> bool {
        self.int(name).unwrap_or(0) != 0
    }

    pub fn float(&self, name: &str) -> Option<f32> {
        self.attribute(name)?.f
    }

    pub fn text(&self, name: &str) -> Option<String> {
        Some(String::from_utf8_lossy(self.attribute(name)?.s.as_ref()?).into_owned())
    }

    pub fn list(&self, name: &str) -> Option<&'a [i64]> {
        self.attribute(name).map(|attribute| &attribute.ints[..])
    }

    /// A list of integers that is an attribute in older versions of the operator, and an input in newer ones.
    pub fn list_or_input(&self, name: &str, index: usize) -> Result<Option<&[i64]>, Problem> {
        match (self.list(name), self.given(index)) {
            (Some(list), _) => Ok(Some(list)),
            (None, Some(_)) => self.ints(index).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// A count that must be positive.
    pub fn count(&self, name: &str) -> Result<Option<u64>, Problem> {
        match self.int(name) {
            None => Ok(None),
            Some(value) => match u64::try_from(value) {
                Ok(value) if value > 0 => Ok(Some(value)),
                _ => Err(Problem::Bad(format!("{name} is {value}, expected at least 1"))),
            },
        }
    }

    /// An output of this shape, with the element type of an input.
    pub fn like(&self, index: usize, shape: &[u64]) -> Result<Fact, Problem> {
        self.output(self.given(index).map_or(Element::UNKNOWN, |fact| fact.element), shape)
    }

    /// An output of this type and shape.
    pub fn output(&self, element: Element, shape: &[u64]) -> Result<Fact, Problem> {
        if shape.len() > MOST_DIMENSIONS {
            let rank = shape.len();
            return Err(Problem::Bad(format!("output has {rank} dimensions, expected at most {MOST_DIMENSIONS}")));
        }
        match elements(shape) {
            Some(_) => Ok(Fact::new(element, shape)),
            None => Err(Problem::Bad(format!("output is {}, expected at most 2^48 elements", shown(shape)))),
        }
    }

    /// The number of elements of the weights among the inputs. Weights are floats, or integers that stand for floats.
    /// Limits and scales are not weights.
    pub fn parameters(&self) -> u64 {
        let weight = |&i: &usize| self.given(i).is_some_and(|fact| !fact.element.counts()) && !(self.steers)(i);
        self.parameters_in(&(0..self.inputs.len()).filter(weight).collect::<Vec<_>>())
    }

    /// The number of elements of the constants that some inputs are computed from, without those that were counted
    /// before.
    pub fn parameters_in(&self, inputs: &[usize]) -> u64 {
        let mut counted = self.counted.borrow_mut();
        let mut sum = 0u64;
        for &place in inputs.iter().filter_map(|&i| self.given(i)).flat_map(|fact| &fact.weights[..]) {
            let (elements, before) = self.weights.list[place];
            if !before && counted.insert(place) {
                sum = sum.saturating_add(elements);
            }
        }
        sum
    }

    /// The constants of the file that a constant output is computed from; empty if there are too many to trace.
    pub fn origins(&self) -> Rc<[usize]> {
        let data = (0..self.inputs.len()).filter(|&i| !(self.steers)(i)).filter_map(|i| self.given(i));
        let places: BTreeSet<usize> = data.flat_map(|fact| fact.weights.iter().copied()).collect();
        if places.len() > MOST_ORIGINS { Rc::default() } else { places.into_iter().collect() }
    }

    pub fn constant(&self, index: usize) -> bool {
        self.given(index).is_some_and(|fact| fact.constant)
    }
}

/// The dimension that an axis refers to. A negative axis counts from the end.
pub fn axis(axis: i64, rank: usize) -> Result<usize, Problem> {
    let bad = || Problem::Bad(format!("axis {axis} of a tensor of {rank} dimensions"));
    let counted = if axis < 0 { axis.checked_add(rank as i64).ok_or_else(bad)? } else { axis };
    usize::try_from(counted).ok().filter(|&axis| axis < rank).ok_or_else(bad)
}

/// The shape of two shapes after broadcasting.
pub fn broadcast(a: &[u64], b: &[u64]) -> Result<Vec<u64>, Problem> {
    let rank = a.len().max(b.len());
    let size = |shape: &[u64], i: usize| (i + shape.len()).checked_sub(rank).map_or(1, |i| shape[i]);
    let mut shape = Vec::with_capacity(rank);
    for i in 0..rank {
        shape.push(match (size(a, i), size(b, i)) {
            (1, size) | (size, 1) => size,
            (left, right) if left == right => left,
            _ => return Err(Problem::Bad(format!("shapes {} and {} do not broadcast", shown(a), shown(b)))),
        });
    }
    Ok(shape)
}
