//! Costs all networks on some of the accelerators at a time, or on all at once.

use std::ops::Range;

use rayon::prelude::*;

use super::{Block, Campaign, Costed, Unusable, layer_costs, sums};
use crate::host::alike;
use crate::host::cost_table::CostTable;
use crate::host::ids::AcceleratorId;

impl Campaign {
    /// Divides the accelerators into blocks of at most `costs` figures, which bounds the memory that a block takes.
    pub fn blocks(&self, costs: usize) -> Vec<Range<usize>> {
        self.blocks_of(0..self.designs.accelerators.len(), costs)
    }

    /// The same for some of the accelerators.
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

    /// Costs all networks on some of the accelerators, in the order of the tables. If `layers` is set, the result
    /// also has the cost of each layer. Also returns the number of costs of a layer that were computed.
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

    /// Groups the accelerators on which layers are counted alike, in the order in which the groups first occur.
    fn groups(&self, accelerators: Range<usize>) -> Vec<Vec<AcceleratorId>> {
        let first = accelerators.start;
        let model = self.costing.model();
        let hardware = |place| self.designs.counted_by_all(model, self.designs.hardware(AcceleratorId(place)));
        let groups = alike::groups(accelerators.map(hardware)).into_iter();
        groups.map(|group| group.into_iter().map(|place| AcceleratorId(first + place)).collect()).collect()
    }

    /// Costs everything at once. Returns the costs, with designs in the order of the tables, and the designs that
    /// some network cannot run on.
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
