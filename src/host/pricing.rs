//! What a layer costs on designs by the exact model: it is counted once, and timed for every accelerator on which the counts
//! hold (see [`Hardware::counted`]).

use crate::exact::{Counts, Event, Player};
use crate::hardware::UNLIMITED;
use crate::host::costs::Shortage;
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
    fn cost(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
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
