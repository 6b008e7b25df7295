//! Campaigns: what every network of a set costs on every accelerator under every dataflow.
//!
//! ```text
//! networks ─> Workload (distinct layers) ─┐
//! accelerators ─> groups of equal PEs ────┼─> pieces ─> sums ─> Block ─> journal ─> tables
//! dataflows ──────────────────────────────┘
//! ```
//!
//! Networks of a space share layers. By the exact model each distinct layer is costed once for each dataflow and
//! accelerator; a network with a layer that does not fit the buffers of an accelerator cannot run there. By the reference's,
//! a layer is mapped once for each dataflow and number of PEs, and its cases are timed for each accelerator (see
//! [`Steps`](crate::maestro::Steps)). A network's cycles are the sum of its layers'. The results are those of [`Estimate`](crate::host::estimate::Estimate), to the last bit, and do not depend on
//! the number of threads.

pub mod accelerators;
pub mod files;
pub mod journal;
pub mod read;
pub mod tables;

pub(crate) mod exact;
mod names;
mod pieces;
mod sums;
mod workload;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::ops::Range;

use crate::host::costs::{CostModel, CostTable, Design, Shortage};
use crate::host::dataflow_choice::DataflowChoice;
use crate::{EnergyTable, Error, Hardware};

pub use accelerators::Accelerator;
pub use names::NameClash;
pub use workload::Workload;

/// A dataflow that layers are to take.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedDataflow {
    /// Its name in the tables.
    pub name: String,
    /// Which directives layers get under it.
    pub choice: DataflowChoice,
}

/// What the best dataflow of a layer has least of. Ties go to the one that is less in the other figure, then to the one
/// that is named first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Cycles.
    Latency,
    /// nJ, by the layer's own counts.
    Energy,
    /// nJ x cycles.
    Edp,
}

impl Objective {
    /// What is least in the best dataflow of a layer that costs this, and the other figure to break ties.
    pub(crate) fn of(self, cycles: u64, energy: f64) -> (f64, f64) {
        // Comparing as f64 is exact up to 2^53 cycles.
        let cycles = cycles as f64;
        match self {
            Objective::Latency => (cycles, energy),
            Objective::Energy => (energy, cycles),
            Objective::Edp => (energy * cycles, cycles),
        }
    }

    /// The best of what a layer can run under, the first of equal ones; `figures` are its cycles and nJ.
    pub(crate) fn best<T>(self, ways: impl IntoIterator<Item = T>, figures: impl Fn(&T) -> (u64, f64)) -> Option<T> {
        let key = |way: &T| {
            let (cycles, energy) = figures(way);
            self.of(cycles, energy)
        };
        ways.into_iter().min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(Ordering::Equal))
    }

    /// Every objective.
    pub const ALL: [Objective; 3] = [Objective::Latency, Objective::Energy, Objective::Edp];

    /// `"latency"`, `"energy"` or `"edp"`.
    pub const fn name(self) -> &'static str {
        match self {
            Objective::Latency => "latency",
            Objective::Energy => "energy",
            Objective::Edp => "edp",
        }
    }
}

/// What tells the figures that are summed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Costing {
    /// The exact model. Networks with a layer that does not fit the buffers of an accelerator cannot run on it.
    Exact(EnergyTable),
    /// The reference's, with MACs, L1 and L2 by each layer's own counts: [`Energy::total`](crate::Energy::total).
    Maestro(EnergyTable),
    /// The reference's, with the energy column of its CSV as printed, with 6 significant digits and its dependence on the
    /// layer before: what the published tables sum up. Layers that the reference refuses make a design unusable.
    MaestroCsv,
}

impl Costing {
    /// The model.
    pub const fn model(&self) -> CostModel {
        match self {
            Costing::Exact(_) => CostModel::Exact,
            Costing::Maestro(_) | Costing::MaestroCsv => CostModel::Maestro,
        }
    }
}

/// What is to be costed.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The networks.
    pub workload: Workload,
    /// The accelerators.
    pub accelerators: Vec<Accelerator>,
    /// The dataflows.
    pub dataflows: Vec<NamedDataflow>,
    /// Whether there are also designs where each layer takes the best of the dataflows that can map it.
    pub mixed: Option<Objective>,
    /// What tells the figures that are summed.
    pub costing: Costing,
}

/// Name of the designs where each layer takes the best dataflow.
pub const MIXED: &str = "mixed";

/// The cost of all networks on some of the designs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Block {
    /// The designs, as places in [`Campaign::dataflows`] (one more for `mixed`) and [`Campaign::accelerators`]:
    /// all accelerators of the first dataflow first.
    pub designs: Vec<(usize, usize)>,
    /// Cycles, all networks of the first design first; 0 where a network cannot run on a design.
    pub cycles: Vec<u64>,
    /// nJ, in the same order; NaN where a network cannot run.
    pub energy: Vec<f64>,
    /// Designs that some network cannot run on. Those on which none can are not among `designs`.
    pub unusable: Vec<Unusable>,
    /// Costs of a distinct layer on a distinct accelerator that were worked out.
    pub evaluations: u64,
}

/// A design that some layer cannot run on, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Unusable {
    /// Name of the dataflow.
    pub dataflow: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// A layer that cannot run: the first that the dataflow does not suit, or else the one that exceeds a buffer most.
    pub layer: String,
    /// The first network that has it.
    pub network: String,
    /// How many distinct layers cannot run.
    pub layers: usize,
    /// How many networks cannot.
    pub networks: usize,
    /// Why the layer cannot.
    pub reason: Reason,
}

/// Why a layer cannot run on a design.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The dataflow does not suit the layer or the array.
    Unsuited(Error),
    /// The accelerator's buffers are too small, by the exact model.
    TooSmall {
        /// The buffer that the layer exceeds.
        shortage: Shortage,
        /// Other buffers that are too small, with the layer that needs most of each.
        others: Vec<(String, Shortage)>,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Unsuited(error) => error.fmt(f),
            Reason::TooSmall { shortage, others } => {
                shortage.fmt(f)?;
                others.iter().try_for_each(|(layer, shortage)| write!(f, "; layer {layer} {shortage}"))
            }
        }
    }
}

impl Unusable {
    /// Columns of `unusable.csv`.
    pub const COLUMNS: [&str; 8] =
        ["dataflow", "accelerator", "layer", "network", "layers", "networks", "reason", "excess"];

    /// A record of `unusable.csv`.
    pub fn record(&self) -> [String; 8] {
        [
            self.dataflow.clone(),
            self.accelerator.clone(),
            self.layer.clone(),
            self.network.clone(),
            self.layers.to_string(),
            self.networks.to_string(),
            self.reason.to_string(),
            self.excess().map_or(String::new(), |excess| excess.to_string()),
        ]
    }

    /// The layer, why it cannot run, and how many others cannot.
    pub fn reason(&self) -> String {
        let Unusable { layer, network, layers, networks, reason, .. } = self;
        let more = if *layers > 1 { format!(" ({layers} layers of {networks} networks)") } else { String::new() };
        format!("layer {layer} of network {network}: {reason}{more}")
    }

    /// How many times as large a buffer would have to be for all networks to run; `None` where that would not help.
    pub fn excess(&self) -> Option<f64> {
        match &self.reason {
            Reason::Unsuited(_) => None,
            Reason::TooSmall { shortage, .. } => Some(shortage.excess()),
        }
    }

    /// Of designs that cannot be used, the one that lacks least.
    pub fn nearest(all: &[Unusable]) -> Option<&Unusable> {
        let excess = |unusable: &&Unusable| unusable.excess().unwrap_or(f64::INFINITY);
        all.iter().min_by(|a, b| excess(a).total_cmp(&excess(b)))
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot use {}: {}", self.dataflow, self.accelerator, self.reason())
    }
}

/// Costs (a network on a design) that a block has at most, unless one accelerator alone has more.
pub const BLOCK_COSTS: usize = 1 << 19;

impl Campaign {
    /// Designs of one accelerator.
    fn designs_each(&self) -> usize {
        self.dataflows.len() + usize::from(self.mixed.is_some())
    }

    /// Name of a dataflow, `mixed` after the last.
    pub fn dataflow_name(&self, dataflow: usize) -> &str {
        self.dataflows.get(dataflow).map_or(MIXED, |dataflow| &dataflow.name)
    }

    /// A design by its place.
    pub fn design(&self, (dataflow, accelerator): (usize, usize)) -> Design {
        let Accelerator { name, hardware } = &self.accelerators[accelerator];
        Design { accelerator: name.clone(), dataflow: self.dataflow_name(dataflow).to_string(), hardware: *hardware }
    }

    /// The accelerators in blocks of at most `costs` figures, which bounds the memory that one takes.
    pub fn blocks(&self, costs: usize) -> Vec<Range<usize>> {
        let each = self.workload.networks().len() * self.designs_each();
        let step = (costs / each.max(1)).max(1);
        let count = self.accelerators.len();
        (0..count).step_by(step).map(|start| start..count.min(start + step)).collect()
    }

    /// Costs all networks on some of the accelerators.
    pub fn block(&self, accelerators: Range<usize>) -> Block {
        match &self.costing {
            Costing::Exact(energies) => self.exact_block(energies, accelerators),
            Costing::Maestro(_) | Costing::MaestroCsv => self.maestro_block(accelerators),
        }
    }

    /// The places of accelerators, those together that are alike in something, in the order in which they first occur.
    fn grouped<K: Eq + Hash>(&self, accelerators: Range<usize>, key: impl Fn(&Hardware) -> K) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut places = HashMap::new();
        for accelerator in accelerators {
            let group = *places.entry(key(&self.accelerators[accelerator].hardware)).or_insert(groups.len());
            match groups.get_mut(group) {
                Some(group) => group.push(accelerator),
                None => groups.push(vec![accelerator]),
            }
        }
        groups
    }

    fn exact_block(&self, energies: &EnergyTable, accelerators: Range<usize>) -> Block {
        let (mut columns, evaluations) = exact::columns(self, energies, accelerators);
        columns.sort_by_key(|(design, ..)| *design);
        let mut block = Block { evaluations, ..Block::default() };
        for (design, column, unusable) in columns {
            if let Some(column) = column {
                block.designs.push(design);
                block.cycles.extend(column.cycles);
                block.energy.extend(column.energy);
            }
            block.unusable.extend(unusable);
        }
        block
    }

    fn maestro_block(&self, accelerators: Range<usize>) -> Block {
        let groups = self.grouped(accelerators.clone(), Hardware::pes);
        let mut block = Block::default();
        let mut costed: Vec<Option<sums::Column>> = vec![None; accelerators.len() * self.designs_each()];
        let mut unusable: Vec<Option<Unusable>> = vec![None; costed.len()];
        for group in groups {
            let pieces = pieces::Pieces::new(self, &group);
            block.evaluations += pieces.evaluations();
            for ((dataflow, accelerator), column) in sums::columns(self, &group, &pieces) {
                let slot = dataflow * accelerators.len() + accelerator - accelerators.start;
                match column {
                    Ok(column) => costed[slot] = Some(column),
                    Err(why) => unusable[slot] = Some(why),
                }
            }
        }
        let networks = self.workload.networks().len();
        let usable = costed.iter().flatten().count();
        block.cycles.reserve_exact(usable * networks);
        block.energy.reserve_exact(usable * networks);
        for (slot, column) in costed.into_iter().enumerate() {
            if let Some(column) = column {
                block.designs.push((slot / accelerators.len(), accelerators.start + slot % accelerators.len()));
                block.cycles.extend_from_slice(&column.cycles);
                block.energy.extend_from_slice(&column.energy);
            }
        }
        block.unusable = unusable.into_iter().flatten().collect();
        block
    }

    /// Costs everything at once, and tells which designs some network cannot run on. The designs are in the order of the tables: all
    /// accelerators of the first dataflow first.
    pub fn table(&self) -> (CostTable, Vec<Unusable>) {
        let block = self.block(0..self.accelerators.len());
        let table = CostTable {
            networks: self.workload.networks().to_vec(),
            designs: block.designs.iter().map(|&design| self.design(design)).collect(),
            cycles: block.cycles,
            energy: block.energy,
        };
        (table, block.unusable)
    }
}
