//! Finds the order in which the nodes of a graph run, and names nodes in errors.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::schema::{Graph, Node};
use crate::host::model::{self, ModelError};

/// The place of a node, for errors.
pub fn place(index: usize, node: &Node) -> Option<String> {
    Some(model::place(index, &node.op_type, name(node)))
}

/// The name of a node, or that of its output if it has none.
pub fn name(node: &Node) -> &str {
    if node.name.is_empty() {
        node.output.iter().find(|output| !output.is_empty()).map_or("", |o| o)
    } else {
        &node.name
    }
}

/// The nodes in an order in which the inputs of each node are computed before the node. The file's own order is kept
/// if it is one.
///
/// `given` are the tensors that are known at the start, and `taken` are those of them that no node may produce again.
///
/// # Errors
/// Two nodes produce the same tensor, no node produces a tensor that is read, or there is a cycle.
pub fn order(
    nodes: &[Node],
    taken: impl Fn(&str) -> bool,
    given: impl Fn(&str) -> bool,
) -> Result<Vec<usize>, ModelError> {
    let mut producers: HashMap<&str, usize> = HashMap::new();
    for (index, node) in nodes.iter().enumerate() {
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            if producers.insert(output, index).is_some() || taken(output) {
                let what = format!("produces '{output}', which something else produces too");
                return Err(ModelError { place: place(index, node), what, help: None });
            }
        }
    }
    let mut waits = vec![0usize; nodes.len()];
    let mut consumers: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        let mut needed = HashSet::new();
        needs(node, &mut |input| {
            needed.insert(input.to_string());
        });
        for input in needed {
            match producers.get(input.as_str()) {
                Some(&producer) => {
                    waits[index] += 1;
                    consumers[producer].push(index);
                }
                None if given(&input) => {}
                None => {
                    let what = format!("reads '{input}', which no node, input or initializer produces");
                    return Err(ModelError { place: place(index, node), what, help: None });
                }
            }
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..nodes.len()).filter(|&index| waits[index] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(Reverse(index)) = ready.pop() {
        order.push(index);
        for &consumer in &consumers[index] {
            waits[consumer] -= 1;
            if waits[consumer] == 0 {
                ready.push(Reverse(consumer));
            }
        }
    }
    match waits.iter().position(|&waits| waits > 0) {
        None => Ok(order),
        Some(index) => {
            let what = "is on a cycle, or follows one: it waits for its own output".to_string();
            Err(ModelError { place: place(index, &nodes[index]), what, help: None })
        }
    }
}

/// Calls `add` for each tensor that a node reads, including those that graphs inside of it read from outside.
fn needs(node: &Node, add: &mut dyn FnMut(&str)) {
    for input in node.input.iter().filter(|input| !input.is_empty()) {
        add(input);
    }
    for graph in node.attribute.iter().filter_map(|attribute| attribute.g.as_deref()) {
        let own = own_names(graph);
        for inner in &graph.node {
            needs(inner, &mut |input| {
                if !own.contains(input) {
                    add(input);
                }
            });
        }
        for output in graph.output.iter().filter(|output| !own.contains(output.name.as_str())) {
            add(&output.name);
        }
    }
}

/// The tensors that a graph defines itself.
fn own_names(graph: &Graph) -> HashSet<&str> {
    let inputs = graph.input.iter().map(|input| &input.name);
    let constants = graph.initializer.iter().map(|tensor| &tensor.name);
    let sparse = graph.sparse_initializer.iter().filter_map(|tensor| tensor.values.as_ref()).map(|tensor| &tensor.name);
    let outputs = graph.node.iter().flat_map(|node| &node.output);
    inputs.chain(constants).chain(sparse).chain(outputs).map(String::as_str).collect()
}
