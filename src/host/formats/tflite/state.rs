//! Keeps what is known of the tensors of a subgraph during the walk over its operators.

use super::fact::{Fact, MAX_VALUES, Origin, elements};
use super::schema::{File, Graph, Op};
use crate::host::model::{ModelError, printable};

/// What is known of the tensors so far.
pub struct State<'g> {
    pub file: &'g File<'g>,
    pub graph: &'g Graph<'g>,
    facts: Vec<Fact>,
    /// For each tensor, whether its shape differs from the file's.
    changed: Vec<bool>,
}

impl<'g> State<'g> {
    /// Starts with what the file states of the subgraph's tensors.
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

    /// Whether the shape of a tensor differs from the file's.
    pub fn changed(&self, tensor: usize) -> bool {
        self.changed[tensor]
    }

    /// What is known of a tensor.
    pub fn fact(&self, tensor: usize) -> &Fact {
        &self.facts[tensor]
    }

    /// What is known of a tensor, including the integers of a constant, for use in another subgraph.
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

    /// Sets what is known of a tensor.
    pub fn set(&mut self, tensor: usize, fact: Fact) {
        self.changed[tensor] = self.graph.tensors[tensor].shape != fact.shape;
        self.facts[tensor] = fact;
    }

    /// Sets what is known of an operator's outputs. `folded` is given if they are computed from constants only.
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

/// The shapes of an operator's outputs.
pub enum Outputs {
    /// The shapes that the file states.
    Stated,
    /// Shapes derived from the inputs, one for each output.
    Derived(Vec<Vec<u64>>),
    /// The shapes are unknown until the network runs.
    Unknown,
}
