//! Campaigns: what every network of a set costs on every accelerator under every dataflow.
//!
//! ```text
//! networks ─> Workload (distinct layers) ──────┐
//! accelerators ─> groups that are counted alike ┼─> pieces ─> sums ─> Block ─> journal ─> tables
//! dataflows ───────────────────────────────────┘
//! ```
//!
//! Networks of a space share layers. Each distinct layer is priced for each dataflow on all accelerators of a group at once,
//! by either model. A network's cycles are the sum of its layers'. By the exact model, a network with a layer that does not fit
//! the buffers of an accelerator cannot run there; by the reference's, a layer that cannot be mapped makes a design unusable.
//! The results are those of [`Estimate`](crate::host::estimate::Estimate), to the last bit, and do not depend on the number of
//! threads.

pub mod accelerators;
pub mod designs;
pub mod files;
pub mod grid;
pub mod journal;
pub mod read;
pub mod tables;

mod layer_costs;
mod names;
mod sums;
mod unusable;
mod workload;

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::host::alike;
use crate::host::cost_table::{CostTable, LayerFigures};
use crate::host::ids::AcceleratorId;

pub use crate::host::cost_table::{Costing, Objective};
pub use accelerators::Accelerator;
pub use designs::{DesignId, DesignSpace, MAP, MIXED, NamedDataflow, Takes};
pub use names::NameClash;
pub use unusable::{Lack, Reason, Unusable};
pub use workload::Workload;

/// What is to be costed.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The networks.
    pub workload: Workload,
    /// The designs.
    pub designs: DesignSpace,
    /// What tells the figures that are summed.
    pub costing: Costing,
}

/// The cost of all networks on some of the designs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Block {
    /// The designs, in the order of the tables.
    pub designs: Vec<DesignId>,
    /// What the networks cost on each of them.
    pub columns: Vec<Column>,
    /// Designs that some network cannot run on. Those on which none can are not among `designs`.
    pub unusable: Vec<Unusable>,
    /// Costs of a distinct layer on a distinct accelerator that were worked out.
    pub evaluations: u64,
}

/// What the networks cost on a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Cycles; 0 where a network cannot run.
    pub cycles: Vec<u64>,
    /// nJ; NaN where a network cannot run. Designs that differ in speeds alone share it.
    pub energy: Arc<Vec<f64>>,
}

/// A design, costed.
#[derive(Clone, Debug)]
pub(crate) struct Costed {
    pub design: DesignId,
    /// `None` if it cannot be used.
    pub column: Option<Column>,
    /// What the distinct layers cost, if that is asked for; `None` for those that cannot run.
    pub layers: Vec<Option<LayerFigures>>,
    /// Why some networks cannot run, if that is so.
    pub unusable: Option<Unusable>,
}

/// Costs (a network on a design) that a block has at most, unless one accelerator alone has more.
pub const BLOCK_COSTS: usize = 1 << 19;

impl Campaign {
    /// The accelerators in blocks of at most `costs` figures, which bounds the memory that one takes.
    pub fn blocks(&self, costs: usize) -> Vec<Range<usize>> {
        self.blocks_of(0..self.designs.accelerators.len(), costs)
    }

    /// The same of some of the accelerators.
    pub(crate) fn blocks_of(&self, accelerators: Range<usize>, costs: usize) -> Vec<Range<usize>> {
        let each = self.workload.networks().len() * self.designs.each();
        let step = (costs / each.max(1)).max(1);
        let end = accelerators.end;
        accelerators.step_by(step).map(|start| start..end.min(start + step)).collect()
    }

    /// Costs all networks on some of the accelerators.
    pub fn block(&self, accelerators: Range<usize>) -> Block {
        let (costed, evaluations) = self.costed(accelerators, false);
        let mut block = Block { evaluations, ..Block::default() };
        for Costed { design, column, unusable, .. } in costed {
            if let Some(column) = column {
                block.designs.push(design);
                block.columns.push(column);
            }
            block.unusable.extend(unusable);
        }
        block
    }

    /// Costs all networks on some of the accelerators, in the order of the tables; with what each layer costs if `layers` is
    /// set. Also tells how many costs of a layer that took.
    pub(crate) fn costed(&self, accelerators: Range<usize>, layers: bool) -> (Vec<Costed>, u64) {
        let groups = self.groups(accelerators);
        let of = |group: &Vec<AcceleratorId>| {
            let pieces = layer_costs::LayerCosts::new(self, group);
            (sums::costed(self, group, &pieces, layers), pieces.evaluations())
        };
        let all: Vec<_> = groups.par_iter().map(of).collect();
        let evaluations = all.iter().map(|(_, evaluations)| evaluations).sum();
        let mut costed: Vec<Costed> = all.into_iter().flat_map(|(costed, _)| costed).collect();
        costed.sort_by_key(|costed| costed.design);
        (costed, evaluations)
    }

    /// The accelerators, those together on which layers are counted alike, in the order in which they first occur.
    fn groups(&self, accelerators: Range<usize>) -> Vec<Vec<AcceleratorId>> {
        let first = accelerators.start;
        let model = self.costing.model();
        let hardware = |place| self.designs.counted_by_all(model, self.designs.hardware(AcceleratorId(place)));
        let groups = alike::groups(accelerators.map(hardware)).into_iter();
        groups.map(|group| group.into_iter().map(|place| AcceleratorId(first + place)).collect()).collect()
    }

    /// Costs everything at once, and tells which designs some network cannot run on. The designs are in the order of the tables.
    pub fn table(&self) -> (CostTable, Vec<Unusable>) {
        let block = self.block(0..self.designs.accelerators.len());
        let table = CostTable {
            networks: self.workload.networks().to_vec(),
            designs: block.designs.iter().map(|&design| self.designs.design(design)).collect(),
            cycles: block.columns.iter().flat_map(|column| &column.cycles).copied().collect(),
            energy: block.columns.iter().flat_map(|column| &*column.energy).copied().collect(),
        };
        (table, block.unusable)
    }
}
