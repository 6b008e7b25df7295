//! The tensors that a node can refer to, and the position of the node.

use std::collections::HashMap;

use super::graph::name;
use super::schema::{Graph, Node};
use super::tensor::Fact;
use crate::host::model::ModelError;

/// The maximum nesting depth of functions that call functions, and of graphs inside of graphs.
const DEEPEST: usize = 24;

/// The tensors of a graph by name, and those of the surrounding graph.
pub struct Scope<'s> {
    pub facts: HashMap<String, Fact>,
    pub outer: Option<&'s Scope<'s>>,
}

impl Scope<'_> {
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.facts.get(name).or_else(|| self.outer?.get(name))
    }
}

/// The constants of a graph, by name.
///
/// # Errors
/// A constant has an invalid shape.
pub fn constants(graph: &Graph) -> Result<HashMap<String, Fact>, ModelError> {
    let mut constants = HashMap::new();
    let bad = |name: &str, what| ModelError { place: Some(format!("initializer '{name}'")), what, help: None };
    for tensor in &graph.initializer {
        let fact = Fact::of_tensor(tensor).map_err(|what| bad(&tensor.name, what))?;
        constants.insert(tensor.name.clone(), fact);
    }
    for sparse in &graph.sparse_initializer {
        let name = sparse.values.as_ref().map_or("", |values| &values.name[..]);
        constants.insert(name.to_string(), Fact::of_sparse(sparse).map_err(|what| bad(name, what))?);
    }
    Ok(constants)
}

/// The position of a node. Errors in nodes of functions and of inner graphs are reported at the node of the file's
/// graph that they are inside of.
#[derive(Clone)]
pub struct Position {
    /// The number of the node in the file's graph.
    pub index: usize,
    /// The text for that node in errors.
    pub place: Option<String>,
    /// The names of the surrounding nodes, each followed by a `/`.
    pub prefix: String,
    /// The number of the node in each graph, from the file's graph inwards.
    pub path: Vec<usize>,
    pub depth: usize,
}

impl Position {
    /// The position of the contents of a node at this position.
    ///
    /// # Errors
    /// Functions and graphs are nested too deep.
    pub fn inside(&self, node: &Node) -> Result<Position, ModelError> {
        if self.depth >= DEEPEST {
            let what = format!("functions and graphs are nested more than {DEEPEST} deep");
            return Err(ModelError { place: self.place.clone(), what, help: None });
        }
        Ok(Position { prefix: format!("{}{}/", self.prefix, name(node)), depth: self.depth + 1, ..self.clone() })
    }
}

/// Reports an error inside of a function or an inner graph at the node of the file's graph.
pub fn within(outer: Option<&Position>, error: ModelError) -> ModelError {
    match outer {
        None => error,
        Some(outer) => {
            let inner = error.place.map_or_else(String::new, |place| format!("inside, {place}: "));
            ModelError { place: outer.place.clone(), what: format!("{inner}{}", error.what), help: error.help }
        }
    }
}
