//! The cost of a layer by either model, and a table of the costs of many networks on many designs, which rank
//! correlation and search use.

mod layer_cost;
mod model;
mod shortage;

use crate::Hardware;

pub use layer_cost::{LayerCost, LayerFigures};
#[cfg(feature = "dse")]
pub(crate) use model::cycles;
pub use model::{CostModel, Costing, Objective};
pub use shortage::{Buffer, Shortage};

/// An accelerator under a dataflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Name of the accelerator: the stem of its file, or its place in a grid.
    pub accelerator: String,
    /// Name of the dataflow, or `mixed` for the best one of each layer.
    pub dataflow: String,
    /// The accelerator.
    pub hardware: Hardware,
}

impl Design {
    /// The name of its column: `kcp_ws_accelerator_1`.
    pub fn column(&self) -> String {
        format!("{}_{}", self.dataflow, self.accelerator)
    }
}

/// Cycles and nJ of every network on every design.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CostTable {
    /// The networks' identities: a seed, an index or a name.
    pub networks: Vec<String>,
    /// The designs.
    pub designs: Vec<Design>,
    /// Cycles, all networks on the first design first; 0 if a network cannot run on a design.
    pub cycles: Vec<u64>,
    /// nJ, in the same order; NaN if a network cannot run.
    pub energy: Vec<f64>,
}

impl CostTable {
    /// Cycles of every network on a design.
    pub fn cycles_of(&self, design: usize) -> &[u64] {
        let n = self.networks.len();
        &self.cycles[design * n..(design + 1) * n]
    }

    /// nJ of every network on a design.
    pub fn energy_of(&self, design: usize) -> &[f64] {
        let n = self.networks.len();
        &self.energy[design * n..(design + 1) * n]
    }
}
