//! Branches and loops: written out where it is known which way they go and how often, else looked into for what is known
//! all the same: their weights, and shapes that do not depend on it.

use std::rc::Rc;

use prost::Message;

use super::call::{Does, Part};
use super::evaluate::{Evaluator, Outer, Scope, deep, inside, within};
use super::graph::name;
use super::schema::{Graph, Node, Opset};
use super::tensor::{Element, Fact, Value};
use crate::host::model::{Model, ModelError, Work};

/// The outputs of a node, or why they cannot be told.
type Decided = Result<Vec<Fact>, String>;

/// A node with graphs inside, and where it stands.
pub struct Site<'s> {
    pub node: &'s Node,
    pub opsets: &'s [Opset],
    pub inputs: &'s [Option<Fact>],
    pub scope: &'s Scope<'s>,
    pub here: Outer,
}

/// Whether an operator of ONNX has graphs inside.
pub fn has_graphs(op: &str) -> bool {
    matches!(op, "If" | "Loop" | "Scan" | "SequenceMap")
}

impl Evaluator<'_> {
    /// The outputs of a node with graphs inside. What it does is recorded.
    pub fn control(&mut self, site: &Site) -> Result<Vec<Fact>, ModelError> {
        let inner = Site { here: inside(&site.here, site.node), ..*site };
        deep(&inner.here)?;
        let before = std::mem::take(&mut self.model);
        let decided = match site.node.op_type.as_str() {
            "If" => self.branch(&inner),
            "Loop" => self.rounds(&inner),
            "Scan" => self.scan(&inner),
            _ => self.map(&inner),
        };
        let tried = std::mem::replace(&mut self.model, before);
        match decided? {
            Ok(outputs) => {
                self.model.operators.extend(tried.operators);
                self.model.skipped.extend(tried.skipped);
                Ok(outputs)
            }
            Err(why) => self.undecided(site, &inner, why, weights(&tried)),
        }
    }

    /// The branch that an `If` takes.
    fn branch(&mut self, site: &Site) -> Result<Decided, ModelError> {
        let Some(condition) = site.number(0) else {
            return Ok(Err(format!("which branch it takes {}", self.depends(site, 0))));
        };
        let Some((number, graph)) = site.graph(if condition == 0.0 { "else_branch" } else { "then_branch" }) else {
            return Ok(Err("it lacks a branch".to_string()));
        };
        let around = self.around(graph, number, site)?;
        self.body((number, graph), Vec::new(), &around, site, None).map(Ok)
    }

    /// A `Loop`, round by round, as long as its condition is known.
    fn rounds(&mut self, site: &Site) -> Result<Decided, ModelError> {
        let Some((number, graph)) = site.graph("body") else { return Ok(Err("it has no body".to_string())) };
        let most = match (site.given(0), site.number(0)) {
            (None, _) => u64::MAX,
            (_, Some(rounds)) => rounds.max(0.0) as u64,
            _ => return Ok(Err(format!("how often it runs {}", self.depends(site, 0)))),
        };
        let conditional = site.given(1).is_some();
        let mut go = site.given(1).cloned().unwrap_or_else(|| known_number(Element::BOOL, 1));
        let states = site.inputs.len().saturating_sub(2);
        let mut carried: Vec<Fact> = site.inputs.iter().skip(2).map(|fact| given(fact.as_ref())).collect();
        let mut told = vec![Vec::new(); graph.output.len().saturating_sub(1 + states)];
        let around = self.around(graph, number, site)?;
        let mut round = 0;
        while round < most {
            match go.scalar() {
                Some(0.0) => break,
                Some(_) => {}
                None => {
                    return Ok(Err(format!("how often it runs is known only when the network runs, after {round}")));
                }
            }
            if !self.affords(graph) {
                return Ok(Err(format!("it has more than {round} rounds, too many to write out")));
            }
            let mut inputs = vec![known_number(Element::INT64, round as i64), go.clone()];
            inputs.append(&mut carried);
            let mut outputs = self.body((number, graph), inputs, &around, site, Some(round))?.into_iter();
            let next = outputs.next().unwrap_or_else(|| given(None));
            go = if conditional { next } else { go };
            carried = outputs.by_ref().take(states).collect();
            told.iter_mut().zip(outputs).for_each(|(told, output)| told.push(output));
            round += 1;
        }
        carried.extend(told.iter().map(|items| stacked(items, 0)));
        Ok(Ok(carried))
    }

    /// A `Scan`: a round for each slice of its inputs.
    fn scan(&mut self, site: &Site) -> Result<Decided, ModelError> {
        let Some((number, graph)) = site.graph("body") else { return Ok(Err("it has no body".to_string())) };
        let count = site.int("num_scan_inputs").and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        let Some(states) = site.inputs.len().checked_sub(count).filter(|_| count > 0) else {
            return Ok(Err("it scans no input".to_string()));
        };
        let axis = |list: &str, i: usize, rank: usize| -> Option<usize> {
            let axis = site.list(list).get(i).copied().unwrap_or(0);
            let axis = if axis < 0 { axis.checked_add(rank as i64)? } else { axis };
            usize::try_from(axis).ok().filter(|&axis| axis < rank)
        };
        let mut slices = Vec::new();
        let mut rounds = None;
        for i in 0..count {
            let fact = given(site.inputs[states + i].as_ref());
            let shape = match &fact.shape {
                Ok(shape) => shape.to_vec(),
                Err(why) => return Ok(Err(format!("what it scans is not known: {why}"))),
            };
            let Some(axis) = axis("scan_input_axes", i, shape.len()) else {
                return Ok(Err("it scans an axis that does not exist".to_string()));
            };
            let mut slice = shape;
            let length = slice.remove(axis);
            if *rounds.get_or_insert(length) != length {
                return Ok(Err("its inputs have several lengths".to_string()));
            }
            let Fact { element, constant, weights, .. } = fact;
            slices.push(Fact { constant, weights, ..Fact::new(element, &slice) });
        }
        let mut carried: Vec<Fact> = site.inputs[..states].iter().map(|fact| given(fact.as_ref())).collect();
        let mut told = vec![Vec::new(); graph.output.len().saturating_sub(states)];
        let around = self.around(graph, number, site)?;
        for round in 0..rounds.unwrap_or(0) {
            if !self.affords(graph) {
                return Ok(Err(format!("it has more than {round} rounds, too many to write out")));
            }
            carried.extend(slices.iter().cloned());
            let mut outputs = self.body((number, graph), carried, &around, site, Some(round))?.into_iter();
            carried = outputs.by_ref().take(states).collect();
            told.iter_mut().zip(outputs).for_each(|(told, output)| told.push(output));
        }
        for (i, items) in told.iter().enumerate() {
            let rank = items.first().and_then(|item: &Fact| Some(item.shape.as_ref().ok()?.len() + 1));
            carried.push(stacked(items, axis("scan_output_axes", i, rank.unwrap_or(1)).unwrap_or(0)));
        }
        Ok(Ok(carried))
    }

    /// A `SequenceMap`: a round for each tensor of its first input.
    fn map(&mut self, site: &Site) -> Result<Decided, ModelError> {
        let Some((number, graph)) = site.graph("body") else { return Ok(Err("it has no body".to_string())) };
        let first = given(site.given(0));
        let Some(items) = &first.items else { return Ok(Err("its sequence is not known".to_string())) };
        let around = self.around(graph, number, site)?;
        let mut outputs = vec![Vec::new(); graph.output.len()];
        for round in 0..items.len() {
            if !self.affords(graph) {
                return Ok(Err(format!("it has more than {round} rounds, too many to write out")));
            }
            let item = |fact: &Option<Fact>| match fact.as_ref().and_then(|fact| fact.items.as_ref()) {
                Some(items) => given(items.get(round)),
                None => given(fact.as_ref()),
            };
            let inputs = site.inputs.iter().map(item).collect();
            let told = self.body((number, graph), inputs, &around, site, Some(round as u64))?;
            outputs.iter_mut().zip(told).for_each(|(outputs, output)| outputs.push(output));
        }
        Ok(Ok(outputs.into_iter().map(Fact::sequence).collect()))
    }

    /// What a graph inside sees: its initializers, and what is around the node.
    fn around<'s>(&mut self, graph: &Graph, number: usize, site: &Site<'s>) -> Result<Scope<'s>, ModelError> {
        let mut facts = super::constants(graph).map_err(|error| within(Some(&site.here), error))?;
        let path = [&site.here.path[..], &[number]].concat();
        facts.iter_mut().for_each(|(name, fact)| self.weights.add_inner(fact, &path, name));
        Ok(Scope { facts, outer: Some(site.scope) })
    }

    /// Whether there is room to go through a graph once more.
    fn affords(&self, graph: &Graph) -> bool {
        // Its operators, and about as many names as they may have.
        self.steps > graph.encoded_len() / 16 + 4 * graph.node.len()
    }

    /// The outputs of a graph inside. A round has a number.
    fn body(
        &mut self,
        (number, graph): (usize, &Graph),
        inputs: Vec<Fact>,
        around: &Scope,
        site: &Site,
        round: Option<u64>,
    ) -> Result<Vec<Fact>, ModelError> {
        self.step(1 + graph.encoded_len() / 64, &site.here.place)?;
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

    /// What is known of a node of which it is not known which way it goes: each graph inside is gone through once, for its
    /// weights, and for shapes that are the same whatever happens.
    fn undecided(&mut self, site: &Site, inner: &Site, why: String, counted: u64) -> Result<Vec<Fact>, ModelError> {
        let unknown: Rc<str> = format!("it follows {} '{}': {why}", site.node.op_type, name(site.node)).into();
        let (mut parameters, mut computes) = (counted, false);
        let mut outcomes = Vec::new();
        for (number, attribute) in site.node.attribute.iter().enumerate() {
            let Some(graph) = attribute.g.as_deref() else { continue };
            let before = std::mem::take(&mut self.model);
            let around = self.around(graph, number, inner)?;
            let inputs = self.before(site, graph, &unknown);
            let outputs = self.body((number, graph), inputs.clone(), &around, inner, None);
            let model = std::mem::replace(&mut self.model, before);
            parameters += weights(&model);
            computes |= outputs.is_err() || model.operators.iter().any(|operator| operator.work.macs() != Some(0));
            outcomes.push((inputs, outputs.unwrap_or_default()));
        }
        let does = match computes {
            true => Does::Parts(vec![Part::new("", Work::Unsupported { why }, parameters)]),
            false => Does::Nothing("decided when the network runs; nothing in it has MACs"),
        };
        self.record(site.node, &site.here, does, if computes { 0 } else { parameters });
        let same = |a: &Fact, b: &Fact| a.shape.is_ok() && a.shape == b.shape && a.element == b.element;
        let plain = |fact: &Fact| Fact::new(fact.element, fact.shape.as_deref().unwrap_or_default());
        let outputs = 0..site.node.output.len();
        let known = |i: usize| match (site.node.op_type.as_str(), &outcomes[..]) {
            ("If", [(_, yes), (_, no)]) => yes.get(i).zip(no.get(i)).filter(|(a, b)| same(a, b)).map(|(a, _)| plain(a)),
            // What a round leaves as it found it, any number of rounds does.
            ("Loop", [(before, after)]) => {
                before.get(2 + i).zip(after.get(1 + i)).filter(|(a, b)| same(a, b)).map(|(a, _)| plain(a))
            }
            _ => None,
        };
        Ok(outputs.map(|i| known(i).unwrap_or_else(|| Fact::unknown(&unknown))).collect())
    }

    /// What is known of the inputs of a graph inside before any round.
    fn before(&self, site: &Site, graph: &Graph, unknown: &Rc<str>) -> Vec<Fact> {
        let open = |fact: Option<&Fact>| match fact {
            Some(fact) if site.node.op_type == "Loop" => Fact { value: None, constant: false, ..fact.clone() },
            _ => Fact::unknown(unknown),
        };
        let scalars = [Fact::new(Element::INT64, &[]), Fact::new(Element::BOOL, &[])];
        let inputs = graph.input.iter().enumerate();
        let fact = |i: usize| match scalars.get(i) {
            Some(scalar) if site.node.op_type == "Loop" => scalar.clone(),
            _ => open(site.given(i)),
        };
        inputs.map(|(i, _)| fact(i)).collect()
    }

    /// That something depends on an input, and what may be done about it.
    fn depends(&self, site: &Site, index: usize) -> String {
        let name = site.node.input.get(index).map_or("", String::as_str);
        let told = format!("depends on '{name}'");
        match &self.deciders[..] {
            [] => told,
            names => {
                let flags: Vec<String> = names.iter().take(4).map(|name| format!("--value {name}=...")).collect();
                format!("{told} (if that hangs on an input say its value: {})", flags.join(" "))
            }
        }
    }
}

impl Site<'_> {
    fn given(&self, index: usize) -> Option<&Fact> {
        self.inputs.get(index)?.as_ref()
    }

    fn number(&self, index: usize) -> Option<f64> {
        self.given(index)?.scalar()
    }

    /// A graph inside, with its number.
    fn graph(&self, name: &str) -> Option<(usize, &Graph)> {
        let mut attributes = self.node.attribute.iter().enumerate();
        let (number, attribute) = attributes.find(|(_, attribute)| attribute.name == name)?;
        Some((number, attribute.g.as_deref()?))
    }

    fn int(&self, name: &str) -> Option<i64> {
        self.node.attribute.iter().find(|attribute| attribute.name == name)?.i
    }

    fn list(&self, name: &str) -> &[i64] {
        self.node.attribute.iter().find(|attribute| attribute.name == name).map_or(&[], |attribute| &attribute.ints)
    }
}

/// Elements of the weights that a model counts.
fn weights(model: &Model) -> u64 {
    let operators = model.operators.iter().map(|operator| operator.parameters);
    operators.chain(model.skipped.iter().map(|skipped| skipped.parameters)).fold(0, u64::saturating_add)
}

fn given(fact: Option<&Fact>) -> Fact {
    fact.cloned().unwrap_or_else(|| Fact::unknown(&"nothing is given for it".into()))
}

/// A number that is known.
fn known_number(element: Element, number: i64) -> Fact {
    Fact { constant: true, ..Fact::new(element, &[]).with_value(Some(Value::Ints(vec![number]))) }
}

/// What the rounds of a loop told, as one tensor along a new axis.
fn stacked(items: &[Fact], axis: usize) -> Fact {
    let unknown = |why: &str| Fact::unknown(&why.into());
    let Some(first) = items.first() else { return unknown("it is of a loop without a round") };
    let Ok(shape) = &first.shape else { return first.clone() };
    if items.iter().any(|item| item.shape != first.shape) {
        return unknown("its rounds tell tensors of several shapes");
    }
    let mut new = shape.to_vec();
    new.insert(axis.min(new.len()), items.len() as u64);
    if super::tensor::elements(&new).is_none() {
        return unknown("its rounds tell more than 2^48 elements");
    }
    let ints = items.iter().map(|item| match item.value.as_deref() {
        Some(Value::Ints(values)) if axis == 0 => Some(&values[..]),
        _ => None,
    });
    let value = ints.collect::<Option<Vec<_>>>().map(|ints| Value::Ints(ints.concat()));
    Fact::new(first.element, &new).with_value(value)
}
