//! Branches and loops: which graph inside of a node runs, how often, and what each round takes over from the previous
//! one. If that is unknown, the file derives what holds in any case.

use std::rc::Rc;

use super::schema::{Graph, Node, Opset};
use super::scope::{Position, Scope};
use super::tensor::{Element, Fact, Value};

/// A node with graphs inside, and what is known of its inputs.
pub struct Site<'s> {
    pub node: &'s Node,
    pub opsets: &'s [Opset],
    pub inputs: &'s [Option<Fact>],
    pub scope: &'s Scope<'s>,
    pub here: Position,
}

/// Whether an operator of ONNX has graphs inside.
pub fn has_graphs(op: &str) -> bool {
    matches!(op, "If" | "Loop" | "Scan" | "SequenceMap")
}

/// The runs of the graph inside of a node, one after the other.
pub struct Rounds<'s> {
    node: &'s Node,
    inputs: &'s [Option<Fact>],
    kind: Kind,
    pub graph: &'s Graph,
    /// The position of the graph among the node's attributes.
    pub number: usize,
    round: u64,
    /// The number of the graph's outputs that go to the next round. After the last round, they are outputs of the
    /// node.
    states: usize,
    carried: Vec<Fact>,
    /// The outputs that the node collects from all rounds.
    collected: Vec<Vec<Fact>>,
}

enum Kind {
    /// The branch that an `If` takes. It runs once.
    Branch,
    /// A `Loop` of at most `most` rounds, which ends earlier if its condition is false. If `checked` is set, each
    /// round computes the condition again.
    Loop { most: u64, condition: Fact, checked: bool },
    /// A `Scan`, with a round for each slice of its inputs.
    Scan { rounds: u64, slices: Vec<Fact> },
    /// A `SequenceMap`, with a round for each tensor of its first input.
    Map { rounds: usize },
}

impl<'s> Rounds<'s> {
    /// The rounds of a node. `deciders` are the inputs of the network whose value may decide about them.
    ///
    /// # Errors
    /// The reason why the rounds are unknown.
    pub fn of(site: &Site<'s>, deciders: &[String]) -> Result<Rounds<'s>, String> {
        match site.node.op_type.as_str() {
            "If" => Rounds::branch(site, deciders),
            "Loop" => Rounds::repeated(site, deciders),
            "Scan" => Rounds::scan(site),
            _ => Rounds::map(site),
        }
    }

    fn new(site: &Site<'s>, (number, graph): (usize, &'s Graph), kind: Kind, states: usize, collected: usize) -> Self {
        let collected = vec![Vec::new(); collected];
        let Site { node, inputs, .. } = *site;
        Rounds { node, inputs, kind, graph, number, round: 0, states, carried: Vec::new(), collected }
    }

    fn branch(site: &Site<'s>, deciders: &[String]) -> Result<Rounds<'s>, String> {
        let condition =
            site.number(0).ok_or_else(|| format!("which branch it takes {}", depends(site, 0, deciders)))?;
        let branch = site.graph(if condition == 0.0 { "else_branch" } else { "then_branch" });
        Ok(Rounds::new(site, branch.ok_or("it lacks a branch")?, Kind::Branch, usize::MAX, 0))
    }

    fn repeated(site: &Site<'s>, deciders: &[String]) -> Result<Rounds<'s>, String> {
        let body = site.body()?;
        let most = match (site.given(0), site.number(0)) {
            (None, _) => u64::MAX,
            (_, Some(rounds)) => rounds.max(0.0) as u64,
            _ => return Err(format!("how often it runs {}", depends(site, 0, deciders))),
        };
        let checked = site.given(1).is_some();
        let condition = site.given(1).cloned().unwrap_or_else(|| known_number(Element::BOOL, 1));
        let states = site.inputs.len().saturating_sub(2);
        let collected = body.1.output.len().saturating_sub(1 + states);
        let carried = site.inputs.iter().skip(2).map(|fact| or_unknown(fact.as_ref())).collect();
        let kind = Kind::Loop { most, condition, checked };
        Ok(Rounds { carried, ..Rounds::new(site, body, kind, states, collected) })
    }

    fn scan(site: &Site<'s>) -> Result<Rounds<'s>, String> {
        let body = site.body()?;
        let count = site.int("num_scan_inputs").and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        let states = site.inputs.len().checked_sub(count).filter(|_| count > 0).ok_or("it scans no input")?;
        let mut slices = Vec::new();
        let mut rounds = None;
        for i in 0..count {
            let fact = or_unknown(site.inputs[states + i].as_ref());
            let shape = fact.shape.as_ref().map_err(|why| format!("what it scans is not known: {why}"))?;
            let mut slice = shape.to_vec();
            let axis =
                axis(site.node, "scan_input_axes", i, slice.len()).ok_or("it scans an axis that does not exist")?;
            let length = slice.remove(axis);
            if *rounds.get_or_insert(length) != length {
                return Err("its inputs have several lengths".to_string());
            }
            let Fact { element, constant, weights, .. } = fact;
            slices.push(Fact { constant, weights, ..Fact::new(element, &slice) });
        }
        let collected = body.1.output.len().saturating_sub(states);
        let carried = site.inputs[..states].iter().map(|fact| or_unknown(fact.as_ref())).collect();
        let kind = Kind::Scan { rounds: rounds.unwrap_or(0), slices };
        Ok(Rounds { carried, ..Rounds::new(site, body, kind, states, collected) })
    }

    fn map(site: &Site<'s>) -> Result<Rounds<'s>, String> {
        let body = site.body()?;
        let items = site.given(0).and_then(|fact| fact.items.as_ref()).ok_or("its sequence is not known")?;
        let kind = Kind::Map { rounds: items.len() };
        Ok(Rounds::new(site, body, kind, 0, body.1.output.len()))
    }

    /// The number of the next round; `None` for a branch.
    pub fn round(&self) -> Option<u64> {
        (!matches!(self.kind, Kind::Branch)).then_some(self.round)
    }

    /// The inputs of the graph in the next round; `None` after the last round.
    ///
    /// # Errors
    /// The reason why it is unknown whether there is another round.
    pub fn next_inputs(&mut self) -> Result<Option<Vec<Fact>>, String> {
        let round = self.round;
        Ok(match &self.kind {
            Kind::Branch => (round == 0).then(Vec::new),
            Kind::Loop { most, condition, .. } => match condition.scalar() {
                _ if round >= *most => None,
                Some(0.0) => None,
                Some(_) => {
                    let mut inputs = vec![known_number(Element::INT64, round as i64), condition.clone()];
                    inputs.append(&mut self.carried);
                    Some(inputs)
                }
                None => return Err(format!("how often it runs is known only when the network runs, after {round}")),
            },
            Kind::Scan { rounds, slices } => (round < *rounds).then(|| {
                let mut inputs = std::mem::take(&mut self.carried);
                inputs.extend(slices.iter().cloned());
                inputs
            }),
            Kind::Map { rounds } => {
                let round = round as usize;
                let item = |fact: &Option<Fact>| match fact.as_ref().and_then(|fact| fact.items.as_ref()) {
                    Some(items) => or_unknown(items.get(round)),
                    None => or_unknown(fact.as_ref()),
                };
                (round < *rounds).then(|| self.inputs.iter().map(item).collect())
            }
        })
    }

    /// Ends a round with the outputs of the graph.
    pub fn finish(&mut self, outputs: Vec<Fact>) {
        let mut outputs = outputs.into_iter();
        if let Kind::Loop { condition, checked, .. } = &mut self.kind {
            let next = outputs.next().unwrap_or_else(|| or_unknown(None));
            if *checked {
                *condition = next;
            }
        }
        self.carried = outputs.by_ref().take(self.states).collect();
        self.collected.iter_mut().zip(outputs).for_each(|(collected, output)| collected.push(output));
        self.round += 1;
    }

    /// The outputs of the node, after the last round.
    pub fn outputs(self) -> Vec<Fact> {
        let Rounds { node, kind, carried, collected, .. } = self;
        let put_together = collected.into_iter().enumerate().map(|(i, items)| match kind {
            Kind::Map { .. } => Fact::sequence(items),
            Kind::Scan { .. } => {
                let rank = items.first().and_then(|item: &Fact| Some(item.shape.as_ref().ok()?.len() + 1));
                stacked(&items, axis(node, "scan_output_axes", i, rank.unwrap_or(1)).unwrap_or(0))
            }
            Kind::Branch | Kind::Loop { .. } => stacked(&items, 0),
        });
        carried.into_iter().chain(put_together).collect()
    }
}

/// The inputs of a graph inside of a node whose rounds are unknown. For a loop, these are the inputs of the first
/// round without their values.
pub fn inputs_of_any_round(site: &Site, graph: &Graph, unknown: &Rc<str>) -> Vec<Fact> {
    let is_loop = site.node.op_type == "Loop";
    let open = |fact: Option<&Fact>| match fact {
        Some(fact) if is_loop => Fact { value: None, constant: false, ..fact.clone() },
        _ => Fact::unknown(unknown),
    };
    let scalars = [Fact::new(Element::INT64, &[]), Fact::new(Element::BOOL, &[])];
    let fact = |i: usize| match scalars.get(i) {
        Some(scalar) if is_loop => scalar.clone(),
        _ => open(site.given(i)),
    };
    (0..graph.input.len()).map(fact).collect()
}

/// Output `i` of a node whose rounds are unknown, if its shape is the same in any case. `outcomes` has the inputs and
/// outputs of each graph inside.
pub fn output_of_any_round(node: &Node, outcomes: &[(Vec<Fact>, Vec<Fact>)], i: usize) -> Option<Fact> {
    let (a, b) = match (node.op_type.as_str(), outcomes) {
        ("If", [(_, yes), (_, no)]) => (yes.get(i)?, no.get(i)?),
        // A shape that one round does not change stays the same over any number of rounds.
        ("Loop", [(before, after)]) => (before.get(2 + i)?, after.get(1 + i)?),
        _ => return None,
    };
    let same = a.shape.is_ok() && a.shape == b.shape && a.element == b.element;
    same.then(|| Fact::new(a.element, a.shape.as_deref().unwrap_or_default()))
}

/// The message that something depends on an input, and what the user can do about it.
fn depends(site: &Site, index: usize, deciders: &[String]) -> String {
    let name = site.node.input.get(index).map_or("", String::as_str);
    let what = format!("depends on '{name}'");
    match deciders {
        [] => what,
        names => {
            let flags: Vec<String> = names.iter().take(4).map(|name| format!("--value {name}=...")).collect();
            format!("{what} (if that hangs on an input say its value: {})", flags.join(" "))
        }
    }
}

impl<'s> Site<'s> {
    fn given(&self, index: usize) -> Option<&'s Fact> {
        self.inputs.get(index)?.as_ref()
    }

    fn number(&self, index: usize) -> Option<f64> {
        self.given(index)?.scalar()
    }

    /// A graph inside of the node, with its position among the attributes.
    fn graph(&self, name: &str) -> Option<(usize, &'s Graph)> {
        let mut attributes = self.node.attribute.iter().enumerate();
        let (number, attribute) = attributes.find(|(_, attribute)| attribute.name == name)?;
        Some((number, attribute.g.as_deref()?))
    }

    fn body(&self) -> Result<(usize, &'s Graph), String> {
        self.graph("body").ok_or_else(|| "it has no body".to_string())
    }

    fn int(&self, name: &str) -> Option<i64> {
        self.node.attribute.iter().find(|attribute| attribute.name == name)?.i
    }
}

/// Entry `i` of a list of axes, counted from the front; 0 if the list is shorter.
fn axis(node: &Node, list: &str, i: usize, rank: usize) -> Option<usize> {
    let list = node.attribute.iter().find(|attribute| attribute.name == list).map_or(&[][..], |list| &list.ints);
    let axis = list.get(i).copied().unwrap_or(0);
    let axis = if axis < 0 { axis.checked_add(rank as i64)? } else { axis };
    usize::try_from(axis).ok().filter(|&axis| axis < rank)
}

fn or_unknown(fact: Option<&Fact>) -> Fact {
    fact.cloned().unwrap_or_else(|| Fact::unknown(&"nothing is given for it".into()))
}

/// The facts about a known number.
fn known_number(element: Element, number: i64) -> Fact {
    Fact { constant: true, ..Fact::new(element, &[]).with_value(Some(Value::Ints(vec![number]))) }
}

/// Stacks an output of all rounds along a new axis.
fn stacked(items: &[Fact], axis: usize) -> Fact {
    let unknown = |why: &str| Fact::unknown(&why.into());
    let Some(first) = items.first() else { return unknown("it is of a loop without a round") };
    let Ok(shape) = &first.shape else { return first.clone() };
    if items.iter().any(|item| item.shape != first.shape) {
        return unknown("its rounds yield tensors of several shapes");
    }
    let mut new = shape.to_vec();
    new.insert(axis.min(new.len()), items.len() as u64);
    if super::tensor::elements(&new).is_none() {
        return unknown("its rounds yield more than 2^48 elements");
    }
    let ints = items.iter().map(|item| match item.value.as_deref() {
        Some(Value::Ints(values)) if axis == 0 => Some(&values[..]),
        _ => None,
    });
    let value = ints.collect::<Option<Vec<_>>>().map(|ints| Value::Ints(ints.concat()));
    Fact::new(first.element, &new).with_value(value)
}
