//! The cost of a layer, by either model.

use crate::exact::Needs;
use crate::host::ids::DataflowId;
use crate::maestro::{self, Bound};
use crate::total::{Part, Total};
use crate::{Cost, Dataflow, Energy, EnergyTable, Error, Hardware, Layer, Silicon};

use super::model::CostModel;

/// The cost of a layer by one of the models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerCost {
    /// By the exact model.
    Exact(Cost),
    /// By the reference's model.
    Maestro(maestro::Cost),
}

impl LayerCost {
    /// The cost of `layer` by `model`.
    ///
    /// # Errors
    /// A dataflow that does not suit the layer or the array, and counts above 64 bits. Buffers that are too small are
    /// not an error: see [`Shortage::all`](super::Shortage::all).
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

    /// Cycles; `None` if L2 is too small.
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

    /// Cycles by what they wait for, in the order of [`Bound::ALL`]; `None` if L2 is too small.
    pub fn waits(&self) -> Option<[u64; 4]> {
        match self {
            LayerCost::Exact(cost) => {
                let waits = &cost.waits;
                cost.offchip.map(|_| [waits.compute, waits.noc_in, waits.noc_out, waits.offchip])
            }
            LayerCost::Maestro(cost) => Some(cost.delay.bound_cycles),
        }
    }

    /// What most cycles wait for (of equal ones, the first); `None` if L2 is too small.
    pub fn bound(&self) -> Option<Bound> {
        match self {
            LayerCost::Exact(_) => {
                let waits = Bound::ALL.into_iter().zip(self.waits()?);
                waits.rev().max_by_key(|(_, cycles)| *cycles).map(|(bound, _)| bound)
            }
            LayerCost::Maestro(cost) => Some(cost.delay.bound()),
        }
    }

    /// The number of operations performed.
    pub fn operations(&self) -> u64 {
        match self {
            LayerCost::Exact(cost) => cost.operations,
            LayerCost::Maestro(cost) => cost.traffic.operations,
        }
    }

    /// nJ by where they go; `None` if L2 is too small, because then off-chip transfers are not known.
    pub fn energy(&self) -> Option<Energy> {
        match self {
            LayerCost::Exact(cost) => cost.offchip.map(|_| cost.energy),
            LayerCost::Maestro(cost) => Some(cost.energy),
        }
    }

    /// The fraction of the array's MAC lanes at work in the average cycle. The exact model counts useful operations,
    /// so it is at most 1; the reference's model counts those performed. `None` if L2 is too small.
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
