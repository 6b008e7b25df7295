//! Limits on the cost of reading a file: the number of nodes that are written out, and of constants that are
//! computed.

use super::tensor::Fact;
use crate::host::model::ModelError;

/// The maximum number of steps. Nodes, inputs, outputs and attributes of functions and inner graphs count each time
/// that they run.
const MOST_STEPS: usize = 1 << 18;
/// The maximum number of elements of small constants that are computed, times their dimensions.
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
    /// Whether more than `steps` steps are left.
    pub fn affords(&self, steps: usize) -> bool {
        self.steps > steps
    }

    /// Takes `cost` steps for the nodes that are written out at a place.
    ///
    /// # Errors
    /// Too few steps are left.
    pub fn step(&mut self, cost: usize, place: &Option<String>) -> Result<(), ModelError> {
        let left = self.steps.checked_sub(cost).ok_or_else(|| ModelError {
            place: place.clone(),
            what: "the graph is too large with its functions written out".to_string(),
            help: None,
        });
        self.steps = left?;
        Ok(())
    }

    /// Pays for computing with these inputs. If the budget does not suffice, drops their elements.
    pub fn limit_inputs(&mut self, inputs: &mut [Option<Fact>]) {
        let cost: u64 = inputs.iter().flatten().map(folding_cost).sum();
        match self.folding.checked_sub(cost) {
            Some(left) => self.folding = left,
            None => inputs.iter_mut().flatten().for_each(forget),
        }
    }

    /// Pays for the elements of outputs, which may be many more than those of the inputs. If the budget does not
    /// suffice, drops them.
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
