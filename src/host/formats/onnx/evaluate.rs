//! The walk over the graph, which derives what is known of each tensor from the inputs to the outputs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use prost::Message;

use super::budget::Budget;
use super::call::{ACTIVATION, CONSTANT, Call, Does, Inferred, Part, Problem, SHAPE, Weights};
use super::control::{Rounds, Site, has_graphs, inputs_of_any_round, output_of_any_round};
use super::function;
use super::graph::{name, order, place};
use super::inputs::{Inputs, stated};
use super::operators::{self, infer};
use super::schema::{Function, Graph, Model as File, Node, Opset, ValueInfo};
use super::scope::{Position, Scope, constants, within};
use super::tensor::Fact;
use crate::host::model::{Model, ModelError, Operator, Skipped, Work};

/// The model that a file describes.
///
/// # Errors
/// The file contradicts itself. The error has the operator where that shows.
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
        budget: Budget::default(),
        weights: Weights::default(),
    };
    constants.values_mut().for_each(|fact| evaluator.weights.add(fact));
    let mut scope = Scope { facts: constants, outer: None };
    scope.facts.extend(inputs.facts);
    evaluator.nodes(&graph.node, &file.opset_import, &mut scope, None)?;
    Ok(evaluator.model)
}

struct Evaluator<'f> {
    functions: HashMap<(&'f str, &'f str, &'f str), &'f Function>,
    /// What the file states of tensors. It is used only for the outputs of operators that are not in the table.
    stated: HashMap<&'f str, &'f ValueInfo>,
    symbols: HashMap<String, u64>,
    /// Inputs of one element whose value is not given. They may decide which branch runs.
    deciders: Vec<String>,
    model: Model,
    budget: Budget,
    weights: Weights,
}

impl<'f> Evaluator<'f> {
    /// Walks over the nodes of a graph. `outer` is the node that the graph is inside of.
    fn nodes(
        &mut self,
        nodes: &[Node],
        opsets: &[Opset],
        scope: &mut Scope<'_>,
        outer: Option<&Position>,
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
        outer: Option<&Position>,
    ) -> Result<(), ModelError> {
        let here = match outer {
            None => {
                let (place, prefix) = (place(index, node), String::new());
                Position { index, place, prefix, path: vec![index], depth: 0 }
            }
            Some(outer) => Position { path: [&outer.path[..], &[index]].concat(), ..outer.clone() },
        };
        if outer.is_some() {
            self.budget.step(1 + node.input.len() + node.output.len() + node.attribute.len(), &here.place)?;
        }
        let mut inputs: Vec<Option<Fact>> = node.input.iter().map(|input| scope.get(input).cloned()).collect();
        self.budget.limit_inputs(&mut inputs);
        let key = (&node.domain[..], &node.op_type[..], &node.overload[..]);
        let inlined = match (self.functions.get(&key).copied(), node.op_type.as_str()) {
            (Some(function), _) => Some(self.function(node, function, &inputs, &here.inside(node)?)?),
            (None, op) if standard(&node.domain) && has_graphs(op) => {
                Some(self.control(&Site { node, opsets, inputs: &inputs, scope, here: here.clone() })?)
            }
            _ => None,
        };
        let outputs = match inlined {
            Some(outputs) => outputs,
            None => self.operator(node, inputs, opsets, &here, outer.is_some())?,
        };
        self.bind(node, outputs, scope);
        Ok(())
    }

    /// Infers the outputs of an operator that is not a function and has no graphs inside, and records what the
    /// operator does.
    fn operator(
        &mut self,
        node: &Node,
        inputs: Vec<Option<Fact>>,
        opsets: &[Opset],
        here: &Position,
        is_inner: bool,
    ) -> Result<Vec<Fact>, ModelError> {
        let operator = operators::find(node);
        let steers = operator.map_or((|_| false) as fn(usize) -> bool, |operator| operator.steers);
        let opset = opsets.iter().filter(|opset| standard(&opset.domain) == standard(&node.domain));
        let opset = opset.map(|opset| opset.version).max().unwrap_or(1);
        let call = Call { node, inputs, opset, steers, weights: &self.weights, counted: RefCell::default() };
        let Inferred { mut outputs, mut does } = match infer(operator, &call) {
            Ok(inferred) => inferred,
            Err(Problem::Bad(what)) => return Err(ModelError { place: here.place.clone(), what, help: None }),
            Err(Problem::Unsupported(why)) => {
                let unknown = format!("it follows {} '{}': {why}", node.op_type, name(node)).into();
                Inferred { outputs: self.guess(node, &unknown), does: unsupported(why, call.parameters()) }
            }
            Err(Problem::Unknown(why)) => {
                let does = match operator.is_some_and(|operator| operator.macs) {
                    true => unsupported(format!("its shape is not known: {why}"), call.parameters()),
                    false => Does::Nothing("its shape is known only when the network runs"),
                };
                Inferred { outputs: self.guess(node, &why), does }
            }
        };
        let repeats = operator.is_none_or(|operator| operator.repeats);
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
        // An operator that is computed before the network runs counts no weights. The operator that reads its output
        // counts them.
        let folded = matches!(does, Does::Nothing(CONSTANT | SHAPE));
        let skipped = if matches!(does, Does::Nothing(_)) && !folded { call.parameters() } else { 0 };
        let counted = if folded { Default::default() } else { call.counted.take() };
        self.weights.finish(&counted);
        if node.op_type == "Constant" {
            // A single number is more likely part of a formula than a weight.
            let many = outputs.iter_mut().filter(|fact| fact.elements() != Some(1));
            many.for_each(|fact| match is_inner {
                true => self.weights.add_inner(fact, &here.path, ""),
                false => self.weights.add(fact),
            });
        }
        self.budget.limit_outputs(&mut outputs);
        self.record(node, here, does, skipped);
        Ok(outputs)
    }

    /// The outputs as the file states them, for an operator whose outputs cannot be inferred.
    fn guess(&self, node: &Node, unknown: &Rc<str>) -> Vec<Fact> {
        let guess = |output: &String| self.stated.get(output.as_str()).and_then(|info| stated(info, &self.symbols));
        node.output.iter().map(|output| guess(output).unwrap_or_else(|| Fact::unknown(unknown))).collect()
    }

    /// Puts the outputs of a node into the scope under their names.
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
    fn record(&mut self, node: &Node, here: &Position, does: Does, parameters: u64) {
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

    /// The outputs of a function that the model defines, called with the inputs and attributes of a node.
    fn function(
        &mut self,
        node: &Node,
        function: &'f Function,
        inputs: &[Option<Fact>],
        here: &Position,
    ) -> Result<Vec<Fact>, ModelError> {
        self.budget.step(function.encoded_len() / 64, &here.place)?;
        let mut scope = Scope { facts: HashMap::new(), outer: None };
        for (name, fact) in function.input.iter().zip(inputs) {
            if let Some(fact) = fact {
                scope.facts.insert(name.clone(), fact.clone());
            }
        }
        let left_out: Vec<&str> =
            function.input.iter().map(String::as_str).filter(|name| !scope.facts.contains_key(*name)).collect();
        let body = function::body(function, node, &left_out);
        self.nodes(&body, &function.opset_import, &mut scope, Some(here))?;
        let missing: Rc<str> = format!("the function {} does not produce it", function.name).into();
        Ok(function.output.iter().map(|o| scope.get(o).cloned().unwrap_or_else(|| Fact::unknown(&missing))).collect())
    }

    /// The outputs of a node with graphs inside. Records what the node does.
    fn control(&mut self, site: &Site) -> Result<Vec<Fact>, ModelError> {
        let inner = Site { here: site.here.inside(site.node)?, ..*site };
        let before = std::mem::take(&mut self.model);
        let outputs = self.rounds(&inner);
        let tried = std::mem::replace(&mut self.model, before);
        match outputs? {
            Ok(outputs) => {
                self.model.operators.extend(tried.operators);
                self.model.skipped.extend(tried.skipped);
                Ok(outputs)
            }
            Err(why) => self.undecided(site, &inner, why, weights(&tried)),
        }
    }

    /// The outputs of a node with graphs inside, whose rounds are written out. The inner error is the reason why the
    /// rounds are unknown.
    fn rounds(&mut self, site: &Site) -> Result<Result<Vec<Fact>, String>, ModelError> {
        let mut rounds = match Rounds::of(site, &self.deciders) {
            Ok(rounds) => rounds,
            Err(why) => return Ok(Err(why)),
        };
        let (number, graph) = (rounds.number, rounds.graph);
        let around = self.around(graph, number, site)?;
        // The cost of a round: its operators, and about as many names as they may have.
        let steps = graph.encoded_len() / 16 + 4 * graph.node.len();
        loop {
            let inputs = match rounds.next_inputs() {
                Ok(Some(inputs)) => inputs,
                Ok(None) => return Ok(Ok(rounds.outputs())),
                Err(why) => return Ok(Err(why)),
            };
            let round = rounds.round();
            if let Some(round) = round.filter(|_| !self.budget.affords(steps)) {
                return Ok(Err(format!("it has more than {round} rounds, too many to write out")));
            }
            rounds.finish(self.body((number, graph), inputs, &around, site, round)?);
        }
    }

    /// The scope of a graph inside of a node: the graph's constants, and the scope of the node.
    fn around<'s>(&mut self, graph: &Graph, number: usize, site: &Site<'s>) -> Result<Scope<'s>, ModelError> {
        let mut facts = constants(graph).map_err(|error| within(Some(&site.here), error))?;
        let path = [&site.here.path[..], &[number]].concat();
        facts.iter_mut().for_each(|(name, fact)| self.weights.add_inner(fact, &path, name));
        Ok(Scope { facts, outer: Some(site.scope) })
    }

    /// The outputs of a graph inside of a node. If the rounds have numbers, those are part of the names.
    fn body(
        &mut self,
        (number, graph): (usize, &Graph),
        inputs: Vec<Fact>,
        around: &Scope,
        site: &Site,
        round: Option<u64>,
    ) -> Result<Vec<Fact>, ModelError> {
        self.budget.step(1 + graph.encoded_len() / 64, &site.here.place)?;
        let mut here = site.here.clone();
        here.path.push(number);
        if let Some(round) = round {
            here.prefix += &format!("{round}/");
        }
        let names = graph.input.iter().map(|info| info.name.clone());
        let mut scope = Scope { facts: names.zip(inputs).collect(), outer: Some(around) };
        self.nodes(&graph.node, site.opsets, &mut scope, Some(&here))?;
        let missing: Rc<str> = "the graph inside does not produce it".into();
        let output = |name: &str| scope.get(name).cloned().unwrap_or_else(|| Fact::unknown(&missing));
        Ok(graph.output.iter().map(|info| output(&info.name)).collect())
    }

    /// The outputs of a node with graphs inside whose rounds are unknown. Each graph is walked once, for its weights
    /// and for the shapes that are the same in any case.
    fn undecided(&mut self, site: &Site, inner: &Site, why: String, counted: u64) -> Result<Vec<Fact>, ModelError> {
        let unknown: Rc<str> = format!("it follows {} '{}': {why}", site.node.op_type, name(site.node)).into();
        let (mut parameters, mut computes) = (counted, false);
        let mut outcomes = Vec::new();
        for (number, attribute) in site.node.attribute.iter().enumerate() {
            let Some(graph) = attribute.g.as_deref() else { continue };
            let before = std::mem::take(&mut self.model);
            let around = self.around(graph, number, inner)?;
            let inputs = inputs_of_any_round(site, graph, &unknown);
            let outputs = self.body((number, graph), inputs.clone(), &around, inner, None);
            let model = std::mem::replace(&mut self.model, before);
            parameters += weights(&model);
            computes |= outputs.is_err() || model.operators.iter().any(|operator| operator.work.macs() != Some(0));
            outcomes.push((inputs, outputs.unwrap_or_default()));
        }
        let (does, skipped) = match computes {
            true => (unsupported(why, parameters), 0),
            false => (Does::Nothing("decided when the network runs; nothing in it has MACs"), parameters),
        };
        self.record(site.node, &site.here, does, skipped);
        let output = |i| output_of_any_round(site.node, &outcomes, i).unwrap_or_else(|| Fact::unknown(&unknown));
        Ok((0..site.node.output.len()).map(output).collect())
    }
}

fn unsupported(why: String, parameters: u64) -> Does {
    Does::Parts(vec![Part::new("", Work::Unsupported { why }, parameters)])
}

/// The number of elements of all weights that a model counts.
fn weights(model: &Model) -> u64 {
    let operators = model.operators.iter().map(|operator| operator.parameters);
    operators.chain(model.skipped.iter().map(|skipped| skipped.parameters)).fold(0, u64::saturating_add)
}

/// Whether the value of an input may decide which branch runs.
fn decides(fact: &Fact) -> bool {
    fact.elements() == Some(1) && fact.value.is_none() && (fact.element.counts() || fact.element.is_float())
}

fn has_macs(work: &Work) -> bool {
    !matches!(work, Work::Pool(_) | Work::Elementwise { .. })
}

/// Whether a domain is that of ONNX itself.
fn standard(domain: &str) -> bool {
    matches!(domain, "" | "ai.onnx")
}
