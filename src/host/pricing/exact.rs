//! By the exact model: a layer is counted for all accelerators that agree in what is [counted](Hardware::counted).

use std::hash::{Hash, Hasher};

use super::{Lanes, Refusal, Told};
use crate::exact::{Counts, Event, Mapping, Player};
use crate::host::costs::{Costing, Shortage};
use crate::{Cost, Dataflow, EnergyTable, Error, Hardware, Layer};

/// A layer under directives; all of it is the key. That a key is enough is told in the [guide](crate::guide::counted).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapped {
    layer: Layer,
    dataflow: Dataflow,
    hardware: Hardware,
}

/// Of what tells most keys apart: directives are long, and few for each layer.
impl Hash for Mapped {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.layer, self.hardware.pes(), self.hardware.l2_bytes()).hash(state);
    }
}

/// What is counted, and what waits for what.
pub(crate) struct Steps {
    counts: Counts,
    events: Box<[Event]>,
}

impl super::Mapped for Mapped {
    type Key = Mapped;
    type Steps = Steps;

    fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, _: &Costing) -> Result<Mapped, Error> {
        Ok(Mapped { layer: *layer, dataflow: dataflow.clone(), hardware: hardware.counted() })
    }

    fn key(&self) -> Mapped {
        self.clone()
    }

    fn walk(&self) -> Result<Steps, Error> {
        let mapping = Mapping::new(&self.layer, &self.dataflow, self.hardware.pes())?;
        let mut events = Vec::new();
        let counts = Counts::of(&mapping, &self.hardware, |event| events.push(*event))?;
        Ok(Steps { counts, events: events.into() })
    }

    fn tell(&self, steps: &Steps, energies: &EnergyTable) -> Result<Told, Error> {
        Ok(Told { energy: steps.counts.accesses.energy(energies), needs: steps.counts.needs, traffic: None })
    }

    fn play(alike: &[&Mapped], steps: &Steps, hardware: &[Hardware]) -> Vec<Lanes> {
        let mut lanes = Lanes::default();
        hardware.iter().for_each(|hardware| lanes.push(steps.cycles(hardware)));
        vec![lanes; alike.len()]
    }
}

impl Steps {
    /// All that it costs on an accelerator.
    pub fn cost(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut player = Player::new(hardware);
        self.events.iter().for_each(|event| player.play(event));
        Cost::timed(&self.counts, &player, hardware, energies)
    }

    fn cycles(&self, hardware: &Hardware) -> Result<u64, Refusal> {
        // Energies change no cycle.
        let cost = self.cost(hardware, &EnergyTable::REFERENCE).map_err(Refusal::Unsuited)?;
        match cost.cycles() {
            Some(cycles) if cost.fits.all() => Ok(cycles),
            _ => Err(Refusal::TooSmall(Shortage::all(&cost, hardware).collect())),
        }
    }
}
