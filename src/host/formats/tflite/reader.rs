//! Walks over the operators of a file, and over the subgraphs of branches, calls and loops (round by round) if it is
//! known which way they go.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::call::Call;
use super::fact::{Fact, Fault, Origin};
use super::meaning::{Meaning, Part, RANDOM, STATE};
use super::operators;
use super::schema::{File, Graph, Op};
use super::state::State;
use super::values;
use crate::host::model::{Model, ModelError, Operator, Skipped, Work, place};

/// The maximum number of tensors and operators in the subgraphs that are run. A subgraph counts each time it runs.
const MAX_STEPS: usize = 1 << 18;

/// The maximum nesting depth of subgraphs that run subgraphs.
const DEEPEST: usize = 16;

/// The reason why an operator on constants costs nothing.
const FOLDED: &str = "constant, computed before the network runs";

/// The state of the walk over a file, and the model so far.
pub struct Reader<'f> {
    file: &'f File<'f>,
    graphs: Vec<Option<Rc<Graph<'f>>>>,
    pub model: Model,
    /// Constants whose elements have been counted. `order` has them in the order in which they were counted.
    counted: HashSet<Origin>,
    order: Vec<Origin>,
    /// Variables that hold weights. They are assigned once, by a subgraph that runs before the network.
    variables: HashMap<Variable, Fact>,
    /// The number of steps that are left.
    steps: usize,
    /// The number of steps that are left for subgraphs that are read only to count their weights.
    guesses: usize,
    /// Whether such a subgraph is being read.
    guessing: bool,
}

/// Identifies a variable by its container and its name.
type Variable = (Option<String>, Option<String>);

/// The operator of the main subgraph that runs other subgraphs, and the prefix of the names in these.
#[derive(Clone)]
struct Outer {
    index: usize,
    prefix: String,
    depth: usize,
}

impl<'f> Reader<'f> {
    pub fn new(file: &'f File<'f>) -> Reader<'f> {
        let model = Model::default();
        let (counted, order) = (HashSet::new(), Vec::new());
        Reader {
            file,
            graphs: Vec::new(),
            model,
            counted,
            order,
            variables: HashMap::new(),
            steps: MAX_STEPS,
            guesses: MAX_STEPS,
            guessing: false,
        }
    }

    /// A subgraph by its number. Each subgraph is read once.
    pub fn graph(&mut self, number: usize) -> Result<Option<Rc<Graph<'f>>>, ModelError> {
        if let Some(Some(graph)) = self.graphs.get(number) {
            return Ok(Some(graph.clone()));
        }
        let Some(graph) = self.file.graph(number)?.map(Rc::new) else { return Ok(None) };
        if self.graphs.len() <= number {
            self.graphs.resize(number + 1, None);
        }
        self.graphs[number] = Some(graph.clone());
        Ok(Some(graph))
    }

    /// Reads the main subgraph.
    pub fn main(&mut self, state: &mut State) -> Result<(), ModelError> {
        self.operators(state, None)
    }

    fn operators(&mut self, state: &mut State, outer: Option<&Outer>) -> Result<(), ModelError> {
        let graph = state.graph;
        for op in &graph.operators {
            let name = op.outputs.first().map_or("", |&output| graph.tensors[output].name.as_str());
            self.operator(state, op, name, outer).map_err(|fault| match fault {
                Fault::File(error) => error,
                Fault::Here(what) | Fault::Unknown(what) => {
                    let inside = outer.map(|_| format!("subgraph {}, ", graph.number)).unwrap_or_default();
                    ModelError { place: Some(inside + &place(op.index, &op.name, name)), what, help: None }
                }
            })?;
        }
        Ok(())
    }

    /// Adds an operator to the model, and its outputs to the state.
    fn operator(&mut self, state: &mut State, op: &Op, name: &str, outer: Option<&Outer>) -> Result<(), Fault> {
        let here = Outer {
            index: outer.map_or(op.index, |outer| outer.index),
            prefix: outer.map_or_else(String::new, |outer| outer.prefix.clone()),
            depth: outer.map_or(0, |outer| outer.depth),
        };
        let decides = !op.custom && matches!(op.name.as_str(), "IF" | "WHILE" | "CALL");
        if decides && self.run(state, op, name, &here)? {
            return Ok(());
        }
        if op.name == "CALL_ONCE" && !op.custom {
            self.run_once(op)?;
        }
        let counted = &self.counted;
        let call = Call::new(state, op, counted);
        let read = match op.name.as_str() {
            "READ_VARIABLE" => variable(state.graph, op)?.and_then(|variable| self.variables.get(&variable).cloned()),
            _ => None,
        };
        let meaning = match operators::meaning(&call) {
            Err(Fault::Unknown(why)) => {
                call.take_counted();
                operators::unknown(&call, why)?
            }
            meaning => meaning?,
        };
        let costs = |work: &Work| !matches!(work, Work::Pool(_) | Work::Elementwise { .. });
        let computes = matches!(&meaning, Meaning::Works(works) if works.iter().any(|part| costs(&part.work)));
        let keeps = matches!(&meaning, Meaning::Skipped(STATE | RANDOM));
        let folded = call.folded().filter(|_| !computes && !keeps && !decides).or(read);
        let (shapes, values) = (operators::outputs(&call, &meaning)?, values::outputs(&call)?);
        let parameters = match &meaning {
            Meaning::Skipped(_) if folded.is_none() => call.all_parameters(false)?,
            _ => 0,
        };
        let mut taken = call.take_counted();
        let meaning = match meaning {
            // An operator that is computed before the network runs counts no weights. The operator that reads its
            // output counts them.
            _ if folded.is_some() => {
                taken.clear();
                match meaning {
                    Meaning::Works(_) => Meaning::Skipped(FOLDED),
                    skipped => skipped,
                }
            }
            meaning => meaning,
        };
        self.counted.extend(taken.iter().copied());
        self.order.extend(taken);
        state.finish(op, shapes, values, folded);
        match (meaning, decides) {
            (Meaning::Works(mut parts), true) => {
                parts[0].parameters = self.weights(state, op, &here)?;
                self.record(op, name, &here, parts);
            }
            (Meaning::Works(parts), false) => self.record(op, name, &here, parts),
            (Meaning::Skipped(why), _) => {
                let (name, op_name) = (format!("{}{name}", here.prefix), op.name.clone());
                self.model.skipped.push(Skipped { name, op: op_name, index: here.index, why, parameters });
            }
        }
        Ok(())
    }

    fn record(&mut self, op: &Op, name: &str, here: &Outer, parts: Vec<Part>) {
        self.model.operators.extend(parts.into_iter().map(|part| Operator {
            name: format!("{}{name}{}", here.prefix, part.suffix),
            op: op.name.clone(),
            index: here.index,
            work: part.work,
            parameters: part.parameters,
            notes: part.notes,
        }));
    }

    /// Runs the subgraphs of an operator and adds their operators to the model. Returns false if it is unknown which
    /// subgraphs run, or how often.
    fn run(&mut self, state: &mut State, op: &Op, name: &str, here: &Outer) -> Result<bool, Fault> {
        if self.guessing || here.depth >= DEEPEST {
            return Ok(false);
        }
        let facts = |inputs: &[Option<usize>]| -> Result<Vec<Fact>, ModelError> {
            inputs.iter().map(|input| input.map_or_else(|| Ok(Fact::default()), |input| state.valued(input))).collect()
        };
        let inner = |round: Option<usize>| Outer {
            prefix: match round {
                Some(round) => format!("{}{name}/{round}/", here.prefix),
                None => format!("{}{name}/", here.prefix),
            },
            depth: here.depth + 1,
            ..here.clone()
        };
        let before = (self.model.operators.len(), self.model.skipped.len(), self.order.len());
        let option = |slot: u64| op.options.map_or(Ok(0), |options| options.i32(slot, 0));
        let outputs = match op.name.as_str() {
            "CALL" => self.body(option(0)?, facts(&op.inputs)?, &inner(None))?,
            "IF" => {
                let inputs = facts(&op.inputs)?;
                match inputs.split_first().and_then(|(condition, rest)| Some((condition.values.as_deref()?, rest))) {
                    Some((&[condition], rest)) => {
                        let slot = if condition == 0 { 1 } else { 0 };
                        self.body(option(slot)?, rest.to_vec(), &inner(None))?
                    }
                    _ => None,
                }
            }
            _ => {
                let mut variables = facts(&op.inputs)?;
                let mut round = 0;
                loop {
                    let condition = self.body(option(0)?, variables.clone(), &inner(Some(round)))?;
                    let Some(condition) = condition else { break None };
                    match condition.first().and_then(|fact| fact.values.as_deref()) {
                        Some(&[0]) => break Some(variables),
                        Some(&[_]) => {}
                        _ => break None,
                    }
                    let Some(next) = self.body(option(1)?, variables, &inner(Some(round)))? else { break None };
                    variables = next;
                    round += 1;
                }
            }
        };
        let Some(outputs) = outputs else {
            self.model.operators.truncate(before.0);
            self.model.skipped.truncate(before.1);
            for origin in self.order.drain(before.2..) {
                self.counted.remove(&origin);
            }
            return Ok(false);
        };
        for (&output, fact) in op.outputs.iter().zip(outputs) {
            state.set(output, fact);
        }
        Ok(true)
    }

    /// Reads a subgraph that runs before the network, and finds the variables that it sets to constants and that are
    /// not assigned anywhere else.
    fn run_once(&mut self, op: &Op) -> Result<(), Fault> {
        let number = op.options.map_or(Ok(0), |options| options.i32(0, 0))?;
        let Some(graph) = usize::try_from(number).map_or(Ok(None), |number| self.graph(number))? else {
            return Ok(());
        };
        let mut assigned: HashMap<Variable, usize> = HashMap::new();
        for number in 0.. {
            let Some(graph) = self.graph(number)? else { break };
            for op in graph.operators.iter().filter(|op| op.name == "ASSIGN_VARIABLE") {
                if let Some(variable) = variable(&graph, op)? {
                    *assigned.entry(variable).or_default() += 1;
                }
            }
        }
        let state = State::new(self.file, &graph)?;
        for op in graph.operators.iter().filter(|op| op.name == "ASSIGN_VARIABLE") {
            if let (Some(variable), Some(&Some(value))) = (variable(&graph, op)?, op.inputs.get(1))
                && assigned.get(&variable) == Some(&1)
                && state.fact(value).constant
            {
                self.variables.insert(variable, state.fact(value).clone());
            }
        }
        Ok(())
    }

    /// The outputs of a subgraph with these inputs; `None` if the subgraph does not exist, or if too much has been
    /// run already.
    fn body(&mut self, number: i32, inputs: Vec<Fact>, outer: &Outer) -> Result<Option<Vec<Fact>>, Fault> {
        let Some(graph) = usize::try_from(number).map_or(Ok(None), |number| self.graph(number))? else {
            return Ok(None);
        };
        // Lists of values are copied to the subgraph, so they count too.
        let lists: usize = inputs.iter().flat_map(|fact| &fact.values).map(|values| values.len() / 8).sum();
        let cost = 1 + graph.tensors.len() + graph.operators.len() + lists;
        let left = if self.guessing { &mut self.guesses } else { &mut self.steps };
        match left.checked_sub(cost) {
            Some(rest) => *left = rest,
            None => return Ok(None),
        }
        let mut state = State::new(self.file, &graph)?;
        for (&input, fact) in graph.inputs.iter().zip(inputs) {
            state.set(input, fact);
        }
        self.operators(&mut state, Some(outer))?;
        Ok(Some(graph.outputs.iter().map(|&output| state.fact(output).clone()).collect()))
    }

    /// The number of weights in all subgraphs that an operator may run.
    fn weights(&mut self, state: &State, op: &Op, here: &Outer) -> Result<u64, Fault> {
        if self.guessing {
            return Ok(0);
        }
        self.guessing = true;
        let before = (self.model.operators.len(), self.model.skipped.len());
        let option = |slot: u64| op.options.map_or(Ok(0), |options| options.i32(slot, 0));
        let outer = Outer { depth: here.depth + 1, ..here.clone() };
        let data = if op.name == "IF" { 1 } else { 0 };
        let given = op
            .inputs
            .iter()
            .skip(data)
            .map(|input| input.map_or_else(Fact::default, |input| state.fact(input).clone()));
        let given: Vec<Fact> = given.map(|fact| Fact { shape: fact.shape, ..Fact::default() }).collect();
        for slot in 0..if op.name == "CALL" { 1 } else { 2 } {
            // A contradiction in a branch that may never be taken is no error, but a damaged file is.
            match self.body(option(slot)?, given.clone(), &outer) {
                Err(Fault::File(error)) if error.place.as_ref().is_some_and(|place| place.starts_with("byte")) => {
                    return Err(Fault::File(error));
                }
                _ => {}
            }
        }
        self.guessing = false;
        let operators = self.model.operators.drain(before.0..).map(|operator| operator.parameters);
        let skipped = self.model.skipped.drain(before.1..).map(|skipped| skipped.parameters);
        Ok(operators.chain(skipped).fold(0, u64::saturating_add))
    }
}

/// The variable that an operator reads or assigns, if its handle is made in the same subgraph.
fn variable(graph: &Graph, op: &Op) -> Result<Option<Variable>, ModelError> {
    let Some(&Some(handle)) = op.inputs.first() else { return Ok(None) };
    let makes = |op: &&Op| op.name == "VAR_HANDLE" && op.outputs.first() == Some(&handle);
    match graph.operators.iter().find(makes).and_then(|op| op.options) {
        Some(options) => Ok(Some((options.string(0)?, options.string(1)?))),
        None => Ok(None),
    }
}
