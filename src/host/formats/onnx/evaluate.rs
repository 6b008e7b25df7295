//! The walk over the graph: what is known of each tensor, from the inputs to the outputs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use prost::Message;

use super::call::{ACTIVATION, CONSTANT, Call, Does, Inferred, Part, Problem, SHAPE, Weights};
use super::control::{Site, has_graphs};
use super::graph::{name, order, place};
use super::infer;
use super::inputs::{Inputs, stated};
use super::operators;
use super::schema::{Attribute, Function, Graph, Model as File, Node, Opset, ValueInfo};
use super::tensor::Fact;
use crate::host::model::{Model, ModelError, Operator, Skipped, Work};

/// Nodes, inputs, outputs and attributes of functions, each time that they are called.
const MOST_STEPS: usize = 1 << 18;
/// Elements of small constants that are computed, times their dimensions.
const MOST_FOLDED: u64 = 16 << 20;
/// Functions that call functions, and graphs inside of graphs.
const DEEPEST: usize = 24;

/// The model that a file describes.
///
/// # Errors
/// A contradiction in the file, with the operator at which it shows.
pub fn evaluate(
    file: &File,
    graph: &Graph,
    inputs: Inputs,
    mut constants: HashMap<String, Fact>,
) -> Result<Model, ModelError> {
    let functions = file.functions.iter().map(|f| ((&f.domain[..], &f.name[..], &f.overload[..]), f)).collect();
    let stated = graph.value_info.iter().chain(&graph.output).map(|info| (&info.name[..], info)).collect();
    let symbols = inputs.symbols;
    let mut evaluator = Evaluator {
        functions,
        stated: if inputs.overridden { HashMap::new() } else { stated },
        symbols,
        deciders: inputs.facts.iter().filter(|(_, fact)| decides(fact)).map(|(name, _)| name.clone()).collect(),
        model: Model::default(),
        steps: MOST_STEPS,
        folding: MOST_FOLDED,
        weights: Weights::default(),
    };
    constants.values_mut().for_each(|fact| evaluator.weights.add(fact));
    let mut scope = Scope { facts: constants, outer: None };
    scope.facts.extend(inputs.facts);
    evaluator.nodes(&graph.node, &file.opset_import, &mut scope, None)?;
    Ok(evaluator.model)
}

/// Names and what is known of them.
pub struct Scope<'s> {
    pub facts: HashMap<String, Fact>,
    pub outer: Option<&'s Scope<'s>>,
}

impl Scope<'_> {
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.facts.get(name).or_else(|| self.outer?.get(name))
    }
}

/// The node of the file's graph that stands for what is inside of it.
#[derive(Clone)]
pub struct Outer {
    pub index: usize,
    pub place: Option<String>,
    pub prefix: String,
    /// Its place among the nodes, and those of the ones that it is inside of.
    pub path: Vec<usize>,
    pub depth: usize,
}

pub struct Evaluator<'f> {
    functions: HashMap<(&'f str, &'f str, &'f str), &'f Function>,
    /// What the file says of tensors: a help for those of operators that are not known here.
    stated: HashMap<&'f str, &'f ValueInfo>,
    symbols: HashMap<String, u64>,
    /// Inputs of one element whose value is not given: it may decide a branch.
    pub deciders: Vec<String>,
    pub model: Model,
    pub steps: usize,
    folding: u64,
    pub weights: Weights,
}

impl<'f> Evaluator<'f> {
    /// Goes through the nodes of a graph.
    pub fn nodes(
        &mut self,
        nodes: &[Node],
        opsets: &[Opset],
        scope: &mut Scope<'_>,
        outer: Option<&Outer>,
    ) -> Result<(), ModelError> {
        let taken = |name: &str| scope.facts.contains_key(name);
        let order = order(nodes, taken, |name| scope.get(name).is_some()).map_err(|error| within(outer, error))?;
        for index in order {
            self.node(&nodes[index], index, opsets, scope, outer)?;
        }
        Ok(())
    }

    fn node(
        &mut self,
        node: &Node,
        index: usize,
        opsets: &[Opset],
        scope: &mut Scope<'_>,
        outer: Option<&Outer>,
    ) -> Result<(), ModelError> {
        let place = outer.map_or_else(|| place(index, node), |outer| outer.place.clone());
        let failed = |what| Err(ModelError { place: place.clone(), what, help: None });
        if outer.is_some() {
            self.step(1 + node.input.len() + node.output.len() + node.attribute.len(), &place)?;
        }
        let mut inputs: Vec<Option<Fact>> = node.input.iter().map(|input| scope.get(input).cloned()).collect();
        self.limit_folding(&mut inputs);
        let here = Outer {
            index: outer.map_or(index, |outer| outer.index),
            place: place.clone(),
            prefix: outer.map_or_else(String::new, |outer| outer.prefix.clone()),
            path: outer.map_or_else(Vec::new, |outer| outer.path.clone()).into_iter().chain([index]).collect(),
            depth: outer.map_or(0, |outer| outer.depth),
        };
        let key = (&node.domain[..], &node.op_type[..], &node.overload[..]);
        let inlined = match (self.functions.get(&key).copied(), node.op_type.as_str()) {
            (Some(function), _) => Some(self.function(node, function, &inputs, &inside(&here, node))?),
            (None, op) if standard(node) && has_graphs(op) => {
                let site = Site { node, opsets, inputs: &inputs, scope, here: here.clone() };
                Some(self.control(&site)?)
            }
            _ => None,
        };
        if let Some(outputs) = inlined {
            self.bind(node, outputs, scope);
            return Ok(());
        }
        let opset = opsets.iter().filter(|opset| standard_domain(&opset.domain) == standard(node));
        let opset = opset.map(|opset| opset.version).max().unwrap_or(1);
        let call = Call { node, inputs, opset, weights: &self.weights, counted: RefCell::default() };
        let Inferred { mut outputs, mut does } = match infer::infer(&call) {
            Ok(inferred) => inferred,
            Err(Problem::Bad(what)) => return failed(what),
            Err(Problem::Unsupported(why)) => {
                let unknown: Rc<str> = format!("it follows {} '{}': {why}", node.op_type, name(node)).into();
                let outputs = self.guess(node, &unknown);
                let does = Does::Parts(vec![Part::new("", Work::Unsupported { why }, call.parameters())]);
                Inferred { outputs, does }
            }
            Err(Problem::Unknown(why)) => {
                let outputs = self.guess(node, &why);
                let does = if operators::find(node).is_some_and(|operator| operator.macs) {
                    let why = format!("its shape is not known: {why}");
                    Does::Parts(vec![Part::new("", Work::Unsupported { why }, call.parameters())])
                } else {
                    Does::Nothing("its shape is known only when the network runs")
                };
                Inferred { outputs, does }
            }
        };
        let repeats = operators::find(node).is_none_or(|operator| operator.repeats);
        let constant = repeats && call.inputs.iter().flatten().all(|input| input.constant);
        let origins = if constant { call.origins() } else { Rc::default() };
        for output in &mut outputs {
            output.constant |= constant || output.value.is_some();
            output.weights = origins.clone();
        }
        let macs = matches!(&does, Does::Parts(parts) if parts.iter().any(|part| has_macs(&part.work)));
        if !outputs.is_empty() && !macs && outputs.iter().all(|output| output.constant) {
            does = Does::Nothing(if constant { CONSTANT } else { SHAPE });
        } else if matches!(does, Does::Nothing(ACTIVATION)) && outputs.iter().any(|output| !output.element.is_float()) {
            does = Does::Nothing(SHAPE);
        }
        // What is computed beforehand passes its weights on to what reads it.
        let folded = matches!(does, Does::Nothing(CONSTANT | SHAPE));
        let skipped = if matches!(does, Does::Nothing(_)) && !folded { call.parameters() } else { 0 };
        let counted = if folded { Default::default() } else { call.counted.take() };
        self.weights.finish(&counted);
        if node.op_type == "Constant" {
            // One number is more likely part of a formula.
            let many = outputs.iter_mut().filter(|fact| fact.elements() != Some(1));
            many.for_each(|fact| match outer {
                Some(_) => self.weights.add_inner(fact, &here.path, ""),
                None => self.weights.add(fact),
            });
        }
        self.limit_values(&mut outputs);
        self.record(node, &here, does, skipped);
        self.bind(node, outputs, scope);
        Ok(())
    }

    /// Takes from the budget of what is written out.
    pub fn step(&mut self, cost: usize, place: &Option<String>) -> Result<(), ModelError> {
        let left = self.steps.checked_sub(cost).ok_or_else(|| ModelError {
            place: place.clone(),
            what: "the graph is too large with its functions written out".to_string(),
            help: None,
        });
        self.steps = left?;
        Ok(())
    }

    /// Takes from the budget what computing with these inputs costs, or their values if it is spent.
    fn limit_folding(&mut self, inputs: &mut [Option<Fact>]) {
        let cost: u64 = inputs.iter().flatten().map(folding_cost).sum();
        match self.folding.checked_sub(cost) {
            Some(left) => self.folding = left,
            None => inputs.iter_mut().flatten().for_each(forget),
        }
    }

    /// The same for values that have been computed, maybe from few.
    fn limit_values(&mut self, outputs: &mut [Fact]) {
        let cost: u64 = outputs.iter().map(folding_cost).sum();
        match self.folding.checked_sub(cost) {
            Some(left) => self.folding = left,
            None => {
                self.folding = 0;
                outputs.iter_mut().for_each(forget);
            }
        }
    }

    /// What the file says of the outputs, where nothing else is known.
    fn guess(&self, node: &Node, unknown: &Rc<str>) -> Vec<Fact> {
        let guess = |output: &String| self.stated.get(output.as_str()).and_then(|info| stated(info, &self.symbols));
        node.output.iter().map(|output| guess(output).unwrap_or_else(|| Fact::unknown(unknown))).collect()
    }

    fn bind(&self, node: &Node, outputs: Vec<Fact>, scope: &mut Scope<'_>) {
        let unknown: Rc<str> = format!("nothing is known of an output of {} '{}'", node.op_type, name(node)).into();
        let mut outputs = outputs.into_iter();
        for output in &node.output {
            let fact = outputs.next().unwrap_or_else(|| Fact::unknown(&unknown));
            if !output.is_empty() {
                scope.facts.insert(output.clone(), fact);
            }
        }
    }

    /// Adds what a node does to the model.
    pub fn record(&mut self, node: &Node, here: &Outer, does: Does, parameters: u64) {
        let full = format!("{}{}", here.prefix, name(node));
        match does {
            Does::Nothing(why) => {
                let op = node.op_type.clone();
                self.model.skipped.push(Skipped { name: full, op, index: here.index, why, parameters });
            }
            Does::Parts(parts) => {
                for Part { suffix, work, parameters, mut notes } in parts {
                    let output = node.output.first().map_or("", |output| output).replace([',', ';', '"'], "_");
                    notes.insert(0, ("out", output));
                    self.model.operators.push(Operator {
                        name: format!("{full}{suffix}"),
                        op: node.op_type.clone(),
                        index: here.index,
                        work,
                        parameters,
                        notes,
                    });
                }
            }
        }
    }

    /// A function of the model's own, with the inputs and attributes of the node that calls it.
    fn function(
        &mut self,
        node: &Node,
        function: &'f Function,
        inputs: &[Option<Fact>],
        here: &Outer,
    ) -> Result<Vec<Fact>, ModelError> {
        deep(here)?;
        self.step(function.encoded_len() / 64, &here.place)?;
        let mut scope = Scope { facts: HashMap::new(), outer: None };
        for (name, fact) in function.input.iter().zip(inputs) {
            if let Some(fact) = fact {
                scope.facts.insert(name.clone(), fact.clone());
            }
        }
        let left_out: Vec<&str> =
            function.input.iter().map(String::as_str).filter(|name| !scope.facts.contains_key(*name)).collect();
        let body: Vec<Node> = function.node.iter().map(|inner| substitute(inner, node, function, &left_out)).collect();
        self.nodes(&body, &function.opset_import, &mut scope, Some(here))?;
        let missing: Rc<str> = format!("the function {} does not produce it", function.name).into();
        Ok(function.output.iter().map(|o| scope.get(o).cloned().unwrap_or_else(|| Fact::unknown(&missing))).collect())
    }
}

fn folding_cost(fact: &Fact) -> u64 {
    match &fact.value {
        Some(value) => value.len() as u64 * (1 + fact.shape.as_ref().map_or(0, |shape| shape.len() as u64)),
        None => fact.items.as_ref().map_or(0, |items| items.len() as u64),
    }
}

/// Leaves out what is in a tensor, or in a sequence.
fn forget(fact: &mut Fact) {
    (fact.value, fact.items) = (None, None);
}

/// Whether a branch may hang on what an input holds.
fn decides(fact: &Fact) -> bool {
    fact.elements() == Some(1) && fact.value.is_none() && (fact.element.counts() || fact.element.is_float())
}

pub fn inside(here: &Outer, node: &Node) -> Outer {
    Outer { prefix: format!("{}{}/", here.prefix, name(node)), depth: here.depth + 1, ..here.clone() }
}

pub fn deep(here: &Outer) -> Result<(), ModelError> {
    if here.depth <= DEEPEST {
        return Ok(());
    }
    let what = format!("functions and graphs are nested more than {DEEPEST} deep");
    Err(ModelError { place: here.place.clone(), what, help: None })
}

/// An error inside of a function or branch, at the node of the file's graph.
pub fn within(outer: Option<&Outer>, error: ModelError) -> ModelError {
    match outer {
        None => error,
        Some(outer) => {
            let inner = error.place.map_or_else(String::new, |place| format!("inside, {place}: "));
            ModelError { place: outer.place.clone(), what: format!("{inner}{}", error.what), help: error.help }
        }
    }
}

/// A node of a function, with the attributes of the call put in, and without inputs that the call leaves out.
fn substitute(inner: &Node, call: &Node, function: &Function, left_out: &[&str]) -> Node {
    let mut node = inner.clone();
    for input in &mut node.input {
        if left_out.contains(&input.as_str()) {
            input.clear();
        }
    }
    node.attribute = node.attribute.into_iter().filter_map(|attribute| given(attribute, call, function)).collect();
    node
}

fn given(attribute: Attribute, call: &Node, function: &Function) -> Option<Attribute> {
    if attribute.ref_attr_name.is_empty() {
        return Some(attribute);
    }
    let mut known = call.attribute.iter().chain(&function.attribute);
    let value = known.find(|value| value.name == attribute.ref_attr_name)?;
    Some(Attribute { name: attribute.name, ..value.clone() })
}

fn has_macs(work: &Work) -> bool {
    !matches!(work, Work::Pool(_) | Work::Elementwise { .. })
}

fn standard(node: &Node) -> bool {
    standard_domain(&node.domain)
}

fn standard_domain(domain: &str) -> bool {
    matches!(domain, "" | "ai.onnx")
}
