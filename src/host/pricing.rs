//! What a layer costs on designs: by the exact model it is counted once, and timed for every accelerator on which the counts
//! hold (see [`Hardware::counted`]); by the reference's its traffic is that of every accelerator with as many PEs.

use crate::exact::{Counts, Event, Player};
use crate::hardware::UNLIMITED;
use crate::host::costs::{CostModel, LayerCost, Shortage};
use crate::maestro::{self, Traffic};
use crate::{Cost, Dataflow, Energy, EnergyTable, Error, Hardware, Layer, Mapping};

/// What a layer costs on a design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Price {
    pub cycles: u64,
    pub energy: Energy,
    /// Bytes of L1 and L2: the accelerator's own, or what the layer needs where there is no limit.
    pub l1_bytes: u64,
    pub l2_bytes: u64,
}

/// Why a layer cannot run on a design.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    Unsuited(Error),
    /// At least one.
    TooSmall(Vec<Shortage>),
}

/// A layer under a dataflow, its steps counted.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    counts: Counts,
    events: Vec<Event>,
}

impl Counted {
    /// Counts a layer. The time that takes is what pricing takes; what follows is a hundredth of it.
    pub fn new(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Counted, Error> {
        let mapping = Mapping::new(layer, dataflow, hardware.pes())?;
        let mut events = Vec::new();
        let counts = Counts::of(&mapping, hardware, &mut |event| events.push(*event))?;
        Ok(Counted { counts, events })
    }

    /// The cost on an accelerator on which the counts hold.
    pub fn cost(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut player = Player::new(hardware);
        self.events.iter().for_each(|event| player.play(event));
        Cost::timed(&self.counts, &player, hardware, energies)
    }

    /// What it costs there, or why it cannot run.
    pub fn price(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<Price, Refusal> {
        let cost = self.cost(hardware, energies).map_err(Refusal::Unsuited)?;
        match cost.cycles() {
            Some(cycles) if cost.fits.all() => {
                let size = |given: u32, need: u64| if given == UNLIMITED { need } else { given.into() };
                Ok(Price {
                    cycles,
                    energy: cost.energy,
                    l1_bytes: size(hardware.l1_bytes(), cost.needs.l1),
                    l2_bytes: size(hardware.l2_bytes(), cost.needs.l2),
                })
            }
            _ => Err(Refusal::TooSmall(Shortage::all(&cost, hardware).collect())),
        }
    }
}

/// A layer under a dataflow, walked once for all accelerators that [`Walked::alike`] tells nothing apart of.
#[derive(Clone, Debug)]
pub(crate) enum Walked {
    Exact(Box<Counted>),
    Maestro(Box<(maestro::Mapping, Traffic)>),
}

impl Walked {
    /// What a walk depends on, of an accelerator.
    pub fn alike(model: CostModel, hardware: &Hardware) -> (u32, Option<Hardware>) {
        (hardware.pes(), (model == CostModel::Exact).then(|| hardware.counted()))
    }

    /// Walks a layer.
    pub fn new(model: CostModel, layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Walked, Error> {
        Ok(match model {
            CostModel::Exact => Walked::Exact(Box::new(Counted::new(layer, dataflow, hardware)?)),
            CostModel::Maestro => {
                let mapping = maestro::Mapping::new(layer, dataflow, hardware.pes())?;
                let traffic = mapping.traffic()?;
                Walked::Maestro(Box::new((mapping, traffic)))
            }
        })
    }

    /// What [`LayerCost::of`] tells, on an accelerator that is alike.
    pub fn cost(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<LayerCost, Error> {
        match self {
            Walked::Exact(counted) => counted.cost(hardware, energies).map(LayerCost::Exact),
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
