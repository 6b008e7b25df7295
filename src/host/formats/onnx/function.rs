//! Writes out the functions that a model defines itself, where a node calls them.

use super::schema::{Attribute, Function, Node};

/// The nodes of a function, with the attributes of the call inserted. Inputs that the call leaves out are left out
/// here, too.
pub fn body(function: &Function, call: &Node, left_out: &[&str]) -> Vec<Node> {
    function.node.iter().map(|inner| substitute(inner, call, function, left_out)).collect()
}

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

/// An attribute with its value, which may come from an attribute of the call or from a default.
fn given(attribute: Attribute, call: &Node, function: &Function) -> Option<Attribute> {
    if attribute.ref_attr_name.is_empty() {
        return Some(attribute);
    }
    let mut known = call.attribute.iter().chain(&function.attribute);
    let value = known.find(|value| value.name == attribute.ref_attr_name)?;
    Some(Attribute { name: attribute.name, ..value.clone() })
}
