//! What a layer costs by either model, and what many networks cost on many designs: the table that rank correlation and
//! search work on.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::exact::Needs;
use crate::host::ids::DataflowId;
use crate::maestro::{self, Bound};
use crate::total::{Part, Total};
use crate::{Calibration, Cost, Dataflow, Energy, EnergyTable, Error, Hardware, Layer, Silicon};

/// Which model tells the cost of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CostModel {
    /// The exact one: [`crate::exact`].
    #[default]
    Exact,
    /// The reference's: [`crate::maestro`].
    Maestro,
}

impl CostModel {
    /// `"exact"` or `"maestro"`.
    pub const fn name(self) -> &'static str {
        match self {
            CostModel::Exact => "exact",
            CostModel::Maestro => "maestro",
        }
    }

    /// The same for people: `"exact model"` or `"MAESTRO's model"`.
    pub const fn title(self) -> &'static str {
        match self {
            CostModel::Exact => "exact model",
            CostModel::Maestro => "MAESTRO's model",
        }
    }
}

/// What the best dataflow or mapping of a layer has least of. Ties between dataflows go to the one that is less in the other figure, then to the one
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

#[cfg(feature = "dse")]
impl Objective {
    /// What is least in the best dataflow of a layer that costs this, and the other figure to break ties.
    pub(crate) fn of(self, cycles: u64, energy: f64) -> (f64, f64) {
        // Comparing as f64 is exact up to 2^53 cycles.
        let cycles = cycles as f64;
        (self.figure(cycles, energy), if self == Objective::Latency { energy } else { cycles })
    }

    /// The figure that is to be least.
    pub(crate) fn figure(self, cycles: f64, energy: f64) -> f64 {
        match self {
            Objective::Latency => cycles,
            Objective::Energy => energy,
            Objective::Edp => energy * cycles,
        }
    }

    /// The best of what a layer can run under, the first of equal ones; `figures` are its cycles and nJ.
    pub(crate) fn best<T>(self, ways: impl IntoIterator<Item = T>, figures: impl Fn(&T) -> (u64, f64)) -> Option<T> {
        let key = |way: &T| {
            let (cycles, energy) = figures(way);
            self.of(cycles, energy)
        };
        ways.into_iter().min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal))
    }
}

impl Objective {
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
    /// The same, with cycles as a chip was measured to take them. Rates are for a cycle on the chip or an element that moves, so
    /// that every design takes them for its own.
    Calibrated(EnergyTable, Calibration),
    /// The reference's, with MACs, L1 and L2 by each layer's own counts: [`Energy::total`].
    Maestro(EnergyTable),
    /// The reference's, with the energy column of its CSV as printed, with 6 significant digits and its dependence on the
    /// layer before: what the published tables sum up. Layers that the reference refuses make a design unusable.
    MaestroCsv,
}

impl Costing {
    /// The model.
    pub const fn model(&self) -> CostModel {
        match self {
            Costing::Exact(_) | Costing::Calibrated(..) => CostModel::Exact,
            Costing::Maestro(_) | Costing::MaestroCsv => CostModel::Maestro,
        }
    }

    /// The same for people, with whether cycles are calibrated.
    pub const fn title(&self) -> &'static str {
        match self {
            Costing::Calibrated(..) => "exact model, cycles as calibrated",
            _ => self.model().title(),
        }
    }

    /// The energies of accesses and MACs.
    pub const fn energies(&self) -> EnergyTable {
        match self {
            Costing::Exact(energies) | Costing::Calibrated(energies, _) | Costing::Maestro(energies) => *energies,
            Costing::MaestroCsv => EnergyTable::REFERENCE,
        }
    }

    /// How a chip was measured to differ from the exact model, where cycles are told so.
    pub const fn calibration(&self) -> Option<&Calibration> {
        match self {
            Costing::Calibrated(_, calibration) => Some(calibration),
            Costing::Exact(_) | Costing::Maestro(_) | Costing::MaestroCsv => None,
        }
    }
}

/// Cycles of a layer by the exact model, as a chip was measured to take them where that is known; `None` where L2 is too small.
///
/// # Errors
/// Calibrated, more than 64 bits tell.
#[cfg(feature = "dse")]
pub(crate) fn cycles(
    kind: crate::LayerKind,
    cost: &Cost,
    calibration: Option<&Calibration>,
) -> Result<Option<u64>, Error> {
    match calibration.map_or(cost.cycles(), |own| own.cycles(kind, cost)) {
        Some(u64::MAX) => Err(Error::Overflow { level: 1 }),
        cycles => Ok(cycles),
    }
}

/// The cost of a layer by one of the models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerCost {
    /// By the exact one.
    Exact(Cost),
    /// By the reference's.
    Maestro(maestro::Cost),
}

impl LayerCost {
    /// The cost of `layer` by `model`.
    ///
    /// # Errors
    /// A dataflow that does not suit the layer or the array, and counts above 64 bits. Buffers that are too small are no
    /// error: see [`Shortage::all`].
    pub fn of(
        model: CostModel,
        layer: &Layer,
        dataflow: &Dataflow,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<LayerCost, Error> {
        match model {
            CostModel::Exact => Cost::with_energies(layer, dataflow, hardware, energies).map(LayerCost::Exact),
            CostModel::Maestro => {
                maestro::Cost::with_energies(layer, dataflow, hardware, energies).map(LayerCost::Maestro)
            }
        }
    }

    /// The cost by the exact model, if it is one.
    pub const fn exact(&self) -> Option<&Cost> {
        match self {
            LayerCost::Exact(cost) => Some(cost),
            LayerCost::Maestro(_) => None,
        }
    }

    /// Cycles; `None` where L2 is too small.
    pub fn cycles(&self) -> Option<u64> {
        match self {
            LayerCost::Exact(cost) => cost.cycles(),
            LayerCost::Maestro(cost) => Some(cost.delay.cycles),
        }
    }

    /// What it adds to the cost of a network.
    pub fn part(&self) -> Part {
        match self {
            LayerCost::Exact(cost) => cost.into(),
            // Buffers are as large as they need to be.
            LayerCost::Maestro(cost) => Part {
                cycles: Some(cost.delay.cycles),
                operations: cost.traffic.operations,
                needs: Needs { l1: cost.traffic.l1_total(), cluster: 0, l2: cost.traffic.l2_total() },
                fits: Total::NONE.fits,
                energy: cost.energy,
            },
        }
    }

    /// Cycles by what they wait for, in the order of [`Bound::ALL`]; `None` where L2 is too small.
    pub fn waits(&self) -> Option<[u64; 4]> {
        match self {
            LayerCost::Exact(cost) => {
                let waits = &cost.waits;
                cost.offchip.map(|_| [waits.compute, waits.noc_in, waits.noc_out, waits.offchip])
            }
            LayerCost::Maestro(cost) => Some(cost.delay.bound_cycles),
        }
    }

    /// What most cycles wait for, the first of equal ones; `None` where L2 is too small.
    pub fn bound(&self) -> Option<Bound> {
        match self {
            LayerCost::Exact(_) => {
                let waits = Bound::ALL.into_iter().zip(self.waits()?);
                waits.rev().max_by_key(|(_, cycles)| *cycles).map(|(bound, _)| bound)
            }
            LayerCost::Maestro(cost) => Some(cost.delay.bound()),
        }
    }

    /// Operations performed.
    pub fn operations(&self) -> u64 {
        match self {
            LayerCost::Exact(cost) => cost.operations,
            LayerCost::Maestro(cost) => cost.traffic.operations,
        }
    }

    /// nJ by where they go; `None` where L2 is too small, so that what moves off-chip is not known.
    pub fn energy(&self) -> Option<Energy> {
        match self {
            LayerCost::Exact(cost) => cost.offchip.map(|_| cost.energy),
            LayerCost::Maestro(cost) => Some(cost.energy),
        }
    }

    /// Share of the array's MAC lanes at work in the average cycle: of useful operations, at most 1, in the exact model; of
    /// those performed in the reference's. `None` where L2 is too small.
    pub fn utilization(&self, hardware: &Hardware) -> Option<f64> {
        match self {
            LayerCost::Exact(cost) => cost.utilization(hardware),
            LayerCost::Maestro(cost) => Some(cost.utilization(hardware)),
        }
    }

    /// Bytes of L1 that it needs in each PE.
    pub fn l1_bytes(&self) -> u64 {
        match self {
            LayerCost::Exact(cost) => cost.needs.l1,
            LayerCost::Maestro(cost) => cost.traffic.l1_total(),
        }
    }

    /// Bytes of L2 that it needs.
    pub fn l2_bytes(&self) -> u64 {
        match self {
            LayerCost::Exact(cost) => cost.needs.l2,
            LayerCost::Maestro(cost) => cost.traffic.l2_total(),
        }
    }

    /// Area and power of the accelerator: with its own buffers in the exact model, with buffers as large as the layer needs
    /// in the reference's.
    pub fn silicon(&self, hardware: &Hardware) -> Silicon {
        match self {
            LayerCost::Exact(cost) => cost.silicon(hardware),
            LayerCost::Maestro(cost) => cost.silicon(hardware),
        }
    }
}

/// What a layer costs on a design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerFigures {
    /// Cycles.
    pub cycles: u64,
    /// nJ by where they go.
    pub energy: Energy,
    /// Bytes of L1 in each PE: as much as the layer needs, or, by the exact model, the accelerator's own.
    pub l1_bytes: u64,
    /// Bytes of L2, likewise.
    pub l2_bytes: u64,
    /// The dataflow that the layer takes.
    pub dataflow: DataflowId,
}

impl LayerFigures {
    /// nJ.
    pub fn nj(&self) -> f64 {
        self.energy.total()
    }

    /// What it adds to the cost of a network that can run, buffers included.
    pub fn part(&self) -> Part {
        let needs = Needs { l1: self.l1_bytes, cluster: 0, l2: self.l2_bytes };
        Part { cycles: Some(self.cycles), operations: 0, needs, fits: Total::NONE.fits, energy: self.energy }
    }
}

/// A buffer of an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Buffer {
    /// In each PE.
    L1,
    /// In each cluster whose members are clusters or PEs.
    Cluster,
    /// Shared by all.
    L2,
}

impl Buffer {
    /// Every buffer, from the PEs outwards.
    pub const ALL: [Buffer; 3] = [Buffer::L1, Buffer::Cluster, Buffer::L2];

    /// `"l1"`, `"cluster"` or `"l2"`.
    pub const fn name(self) -> &'static str {
        match self {
            Buffer::L1 => "l1",
            Buffer::Cluster => "cluster",
            Buffer::L2 => "l2",
        }
    }

    /// The flag that gives it another size.
    pub const fn flag(self) -> &'static str {
        match self {
            Buffer::L1 => "--l1",
            Buffer::Cluster => "--cluster-buffer",
            Buffer::L2 => "--l2",
        }
    }

    /// `"L1 in each PE"`, `"the buffer of each cluster"` or `"L2"`.
    pub const fn title(self) -> &'static str {
        match self {
            Buffer::L1 => "L1 in each PE",
            Buffer::Cluster => "the buffer of each cluster",
            Buffer::L2 => "L2",
        }
    }
}

/// A buffer that is too small for a layer, in the exact model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Which.
    pub buffer: Buffer,
    /// Bytes that the layer needs at least.
    pub need: u64,
    /// Bytes that there are.
    pub have: u32,
}

impl Shortage {
    /// The buffers that are too small for what a layer costs.
    pub fn all(cost: &Cost, hardware: &Hardware) -> impl Iterator<Item = Shortage> {
        let (fits, needs) = (cost.fits, cost.needs);
        [
            (Buffer::L1, fits.l1, needs.l1, hardware.l1_bytes()),
            (Buffer::Cluster, fits.cluster, needs.cluster, hardware.cluster_bytes()),
            (Buffer::L2, fits.l2, needs.l2, hardware.l2_bytes()),
        ]
        .into_iter()
        .filter(|(_, fits, ..)| !fits)
        .map(|(buffer, _, need, have)| Shortage { buffer, need, have })
    }

    /// How many times as large the buffer would have to be.
    pub fn excess(&self) -> f64 {
        self.need as f64 / f64::from(self.have.max(1))
    }
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "needs {} bytes of {}, and there are {}", self.need, self.buffer.title(), self.have)
    }
}

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
    /// `kcp_ws_accelerator_1`: the name of its column.
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
    /// Cycles, all networks of the first design first; 0 where a network cannot run on a design.
    pub cycles: Vec<u64>,
    /// nJ, in the same order; NaN where a network cannot run.
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
