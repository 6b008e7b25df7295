//! Campaigns: what every network of a set costs on every accelerator under every dataflow.
//!
//! ```text
//! networks ─> Workload (distinct layers) ──────┐
//! accelerators ─> groups that are counted alike ┼─> pieces ─> sums ─> Block ─> journal ─> tables
//! dataflows ───────────────────────────────────┘
//! ```
//!
//! Networks of a space share layers. With either model, each distinct layer is priced for each dataflow on all
//! accelerators of a group at once. A network's cycles are the sum of its layers' cycles. By the exact model, a
//! network with a layer that does not fit the buffers of an accelerator cannot run there. By the reference's model, a
//! layer that cannot be mapped makes the whole design unusable. The results equal those of
//! [`Estimate`](crate::host::estimate::Estimate), to the last bit, and do not depend on the number of threads.
//!
//! ```
//! use maestrino::EnergyTable;
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, Workload, accelerators};
//! use maestrino::host::dataflow_choice::DataflowChoice;
//! use maestrino::host::spaces::{Space, Staged};
//!
//! let space = Staged::tiny();
//! let mut workload = Workload::new();
//! for (id, genome) in space.draw(3).iter().enumerate() {
//!     workload.push(id.to_string(), &space.layers(genome));
//! }
//! let choice = DataflowChoice::preset(Preset::XpWs.tiling(), false);
//! let dataflows = vec![NamedDataflow { name: "xp_ws".to_string(), choice }];
//! let accelerators = accelerators::grid("pes=64:128,noc=16,offchip=4")?;
//! let designs = DesignSpace { accelerators, dataflows, ..DesignSpace::default() };
//! let campaign = Campaign { workload, designs, costing: Costing::Exact(EnergyTable::REFERENCE) };
//! let (table, unusable) = campaign.table();
//! assert_eq!((table.networks.len(), table.designs.len(), unusable.len()), (3, 2, 0));
//! println!("{} takes {} cycles on {}", table.networks[0], table.cycles[0], table.designs[0].column());
//! # Ok::<(), String>(())
//! ```

pub mod accelerators;
mod designs;
pub mod files;
pub mod grid;
pub mod journal;
pub mod read;
pub mod tables;

mod accelerator;
mod blocks;
mod identity;
mod layer_costs;
mod names;
mod sums;
mod unusable;
mod workload;

use std::sync::Arc;

use crate::host::cost_table::LayerFigures;

pub use crate::host::cost_table::{Costing, Objective};
pub use accelerator::Accelerator;
pub use designs::{DesignId, DesignSpace, NamedDataflow, Takes};
pub(crate) use designs::{MAP, MIXED};
pub use names::NameClash;
pub use unusable::{Lack, Reason, Unusable};
pub use workload::Workload;

/// A campaign: networks, designs, and a cost model.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The networks.
    pub workload: Workload,
    /// The designs.
    pub designs: DesignSpace,
    /// The cost model, and which of its figures are summed.
    pub costing: Costing,
}

/// The cost of all networks on some of the designs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Block {
    /// The designs, in the order of the tables.
    pub designs: Vec<DesignId>,
    /// What the networks cost on each of them.
    pub columns: Vec<Column>,
    /// The designs that some network cannot run on. Designs on which no network can run are not in `designs`.
    pub unusable: Vec<Unusable>,
    /// The number of computed costs of a distinct layer on a distinct accelerator.
    pub evaluations: u64,
}

/// What the networks cost on a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Cycles of each network; 0 if it cannot run.
    pub cycles: Vec<u64>,
    /// nJ of each network; NaN if it cannot run. Designs that differ only in speeds share it.
    pub energy: Arc<Vec<f64>>,
}

/// A design, costed.
#[derive(Clone, Debug)]
pub(crate) struct Costed {
    pub design: DesignId,
    /// `None` if it cannot be used.
    pub column: Option<Column>,
    /// What each distinct layer costs, if requested; `None` for layers that cannot run.
    pub layers: Vec<Option<LayerFigures>>,
    /// Why some networks cannot run, if there are any.
    pub unusable: Option<Unusable>,
}

/// The maximum number of costs (a network on a design) in a block, unless a single accelerator has more.
pub(crate) const BLOCK_COSTS: usize = 1 << 19;
