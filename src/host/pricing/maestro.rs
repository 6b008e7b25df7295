//! Pricing by the reference's model: one walk serves all mappings that are cut into the same tiles, on any NoC and
//! with any number of lanes.

use super::{Footprint, Lanes, Refusal};
use crate::exact::Needs;
use crate::host::cost_table::Costing;
use crate::maestro::{Mapping, Steps, StepsKey};
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer};

/// A mapping, and how often each of its steps is taken.
pub(crate) struct Mapped {
    /// Boxed, because it is large and is moved around.
    mapping: Box<Mapping>,
    occurrences: Box<[i64]>,
}

impl super::Mapped for Mapped {
    type Key = StepsKey;
    type Steps = Steps;

    fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, costing: &Costing) -> Result<Mapped, Error> {
        let mapping = Box::new(Mapping::new(layer, dataflow, hardware.pes())?);
        if *costing == Costing::MaestroCsv
            && let Some(refusal) = mapping.refused_by_reference()
        {
            return Err(refusal);
        }
        // An overflow here is an error of this mapping alone, not of others with the same steps.
        let occurrences = mapping.occurrences()?.into();
        Ok(Mapped { mapping, occurrences })
    }

    fn key(&self) -> StepsKey {
        self.mapping.steps_key()
    }

    fn walk(&self) -> Result<Steps, Error> {
        self.mapping.steps()
    }

    fn price(&self, steps: &Steps, energies: &EnergyTable) -> Result<Footprint, Error> {
        let traffic = steps.traffic(&self.mapping, &self.occurrences)?;
        let energy = traffic.energy(energies, self.mapping.layer().kind().has_macs());
        let needs = Needs { l1: traffic.l1_total(), cluster: 0, l2: traffic.l2_total() };
        Ok(Footprint { energy, needs, traffic: Some((traffic, self.mapping.level_count() as u8)) })
    }

    fn play(alike: &[&Mapped], steps: &Steps, hardware: &[Hardware]) -> Vec<Lanes> {
        let mut all: Vec<Lanes> = alike.iter().map(|_| Lanes::with_room(hardware.len())).collect();
        let levels = alike.first().map_or(0, |mapped| mapped.mapping.level_count());
        let on_chip = |hardware: &Hardware| {
            let mut noc = [hardware.noc(0); crate::MAX_LEVELS];
            (0..levels).for_each(|level| noc[level] = hardware.noc(level));
            (noc, hardware.simd_lanes())
        };
        // Neighbouring accelerators of a grid often differ only in the off-chip bandwidth.
        for run in hardware.chunk_by(|a, b| on_chip(a) == on_chip(b)) {
            let times = steps.times(&run[0]);
            for (mapped, lanes) in alike.iter().zip(&mut all) {
                match &times {
                    Ok(times) => {
                        let on_chip = times.taken(&mapped.occurrences);
                        let cycles = run.iter().map(|hardware| on_chip.cycles(hardware.offchip_bandwidth()));
                        cycles.for_each(|cycles| lanes.push(cycles.map_err(Refusal::Unsuited)));
                    }
                    Err(error) => run.iter().for_each(|_| lanes.push(Err(Refusal::Unsuited(*error)))),
                }
            }
        }
        all
    }
}
