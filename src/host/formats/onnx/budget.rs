//! Limits on what a file may cost to read: nodes that are written out, and constants that are computed with.

use super::tensor::Fact;
use crate::host::model::ModelError;

/// Nodes, inputs, outputs and attributes of functions and inner graphs, each time that they run.
const MOST_STEPS: usize = 1 << 18;
/// Elements of small constants that are computed, times their dimensions.
const MOST_FOLDED: u64 = 16 << 20;

/// The steps and elements that are left.
pub struct Budget {
    steps: usize,
    folding: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { steps: MOST_STEPS, folding: MOST_FOLDED }
    }
}

impl Budget {
    /// Whether that many steps are left, and more.
    pub fn affords(&self, steps: usize) -> bool {
        self.steps > steps
    }

    /// Takes steps for what is written out at a place.
    ///
    /// # Errors
    /// None are left.
    pub fn step(&mut self, cost: usize, place: &Option<String>) -> Result<(), ModelError> {
        let left = self.steps.checked_sub(cost).ok_or_else(|| ModelError {
            place: place.clone(),
            what: "the graph is too large with its functions written out".to_string(),
            help: None,
        });
        self.steps = left?;
        Ok(())
    }

    /// Pays for computing with these inputs. Without means, their elements are dropped.
    pub fn limit_inputs(&mut self, inputs: &mut [Option<Fact>]) {
        let cost: u64 = inputs.iter().flatten().map(folding_cost).sum();
        match self.folding.checked_sub(cost) {
            Some(left) => self.folding = left,
            None => inputs.iter_mut().flatten().for_each(forget),
        }
    }

    /// Pays for the elements of outputs, which may be many more than those of the inputs.
    pub fn limit_outputs(&mut self, outputs: &mut [Fact]) {
        let cost: u64 = outputs.iter().map(folding_cost).sum();
        match self.folding.checked_sub(cost) {
            Some(left) => self.folding = left,
            None => {
                self.folding = 0;
                outputs.iter_mut().for_each(forget);
            }
        }
    }
}

fn folding_cost(fact: &Fact) -> u64 {
    match &fact.value {
        Some(value) => value.len() as u64 * (1 + fact.shape.as_ref().map_or(0, |shape| shape.len() as u64)),
        None => fact.items.as_ref().map_or(0, |items| items.len() as u64),
    }
}

/// Drops the elements of a tensor, or the tensors of a sequence.
fn forget(fact: &mut Fact) {
    (fact.value, fact.items) = (None, None);
}
