//! The whole cost of a layer on designs, for callers that need more than cycles and energy.

use super::Mapped as _;
use super::exact;
use crate::host::cost_table::{CostModel, Costing, LayerCost};
use crate::maestro::{self, Traffic};
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer};

/// A layer under directives, walked once for all accelerators that agree in what is [counted](super::counted).
pub(crate) enum Walked {
    /// By the exact model.
    Exact(Box<exact::Steps>),
    /// By the reference's model. Its delay takes a walk for each accelerator.
    Maestro(Box<(maestro::Mapping, Traffic)>),
}

impl Walked {
    /// Walks a layer.
    pub fn new(model: CostModel, layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Walked, Error> {
        Ok(match model {
            CostModel::Exact => {
                // Energies do not change steps.
                let costing = Costing::Exact(EnergyTable::REFERENCE);
                Walked::Exact(Box::new(exact::Mapped::of(layer, dataflow, hardware, &costing)?.walk()?))
            }
            CostModel::Maestro => {
                let mapping = maestro::Mapping::new(layer, dataflow, hardware.pes())?;
                let traffic = mapping.traffic()?;
                Walked::Maestro(Box::new((mapping, traffic)))
            }
        })
    }

    /// Like [`LayerCost::of`], on an accelerator that agrees in what is counted.
    pub fn cost(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<LayerCost, Error> {
        match self {
            Walked::Exact(steps) => steps.cost(hardware, energies).map(LayerCost::Exact),
            Walked::Maestro(walked) => {
                let (mapping, traffic) = &**walked;
                Ok(LayerCost::Maestro(maestro::Cost {
                    traffic: *traffic,
                    delay: mapping.delay(traffic, hardware)?,
                    energy: traffic.energy(energies, mapping.layer().kind().has_macs()),
                    levels: mapping.level_count() as u8,
                }))
            }
        }
    }
}
