//! The cost of a layer on an accelerator: traffic, delay and energy.

use crate::area::Silicon;
use crate::dataflow::Dataflow;
use crate::dim::DimSet;
use crate::energy::{Energy, EnergyTable};
use crate::error::Error;
use crate::hardware::Hardware;
use crate::layer::Layer;

use super::delay::{self, Delay};
use super::mapping::Mapping;
use super::step::Step;
use super::traffic::{self, Traffic};

/// The cost of a layer under a dataflow on an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Cost {
    /// Accesses, operations and buffer needs.
    pub traffic: Traffic,
    /// Cycles, what they wait for, and bandwidth needs.
    pub delay: Delay,
    /// Energy of MACs, L1 and L2 accesses, in nJ.
    pub energy: Energy,
    /// Number of cluster levels of the dataflow.
    pub levels: u8,
}

impl Cost {
    /// The cost of `layer`, with the reference's energy table.
    ///
    /// ```
    /// use maestrino::dataflow::presets::Preset;
    /// use maestrino::{Dim, Hardware, Layer, LayerKind, maestro};
    ///
    /// let dims = [(Dim::K, 64), (Dim::C, 64), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 58), (Dim::X, 58)];
    /// let layer = Layer::new(LayerKind::Conv, &dims)?;
    /// let dataflow = Preset::KcpWs.tiling().dataflow(layer.kind())?;
    /// let cost = maestro::Cost::of(&layer, &dataflow, &Hardware::new(256)?)?;
    /// assert_eq!(cost.traffic.operations, layer.macs().unwrap());
    /// println!("{} cycles, {:.0} nJ", cost.delay.cycles, cost.energy.total());
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// An [`Error`] if the dataflow does not suit the layer or the array, or if a count does not fit into 64 bits.
    pub fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Cost, Error> {
        Cost::with_energies(layer, dataflow, hardware, &EnergyTable::REFERENCE)
    }

    /// The cost of `layer`, with an energy table of your own.
    ///
    /// # Errors
    /// As [`Cost::of`].
    pub fn with_energies(
        layer: &Layer,
        dataflow: &Dataflow,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<Cost, Error> {
        Cost::of_mapping(&Mapping::new(layer, dataflow, hardware.pes())?, hardware, energies)
    }

    /// The cost of a mapping, which must be for as many PEs as `hardware` has.
    ///
    /// # Errors
    /// An [`Error`] if tiles do not fit together, or if a count does not fit into 64 bits.
    pub fn of_mapping(mapping: &Mapping, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut cost = Cost::default();
        cost.evaluate(mapping, hardware, energies)?;
        Ok(cost)
    }

    /// Fills in a cost in place, which saves a copy on small stacks.
    pub(crate) fn evaluate(
        &mut self,
        mapping: &Mapping,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<(), Error> {
        mapping.evaluate(hardware, &mut self.traffic, &mut self.delay)?;
        self.energy = self.traffic.energy(energies, mapping.layer().kind().has_macs());
        self.levels = mapping.level_count() as u8;
        Ok(())
    }

    /// Area and power of an accelerator with the PEs, lanes and NoC of `hardware`, and with buffers that are just as
    /// large as this layer needs.
    pub fn silicon(&self, hardware: &Hardware) -> Silicon {
        Silicon::new(
            hardware.pes(),
            hardware.simd_lanes(),
            hardware.noc(0).bandwidth,
            self.traffic.l1_total(),
            self.traffic.l2_total(),
        )
    }

    /// Mean number of operations per cycle and MAC lane of the array: 0 to 1, or more if tiles overlap and operations
    /// are therefore counted more than once.
    pub fn utilization(&self, hardware: &Hardware) -> f64 {
        let lanes = f64::from(hardware.pes()) * f64::from(hardware.simd_lanes());
        self.traffic.operations as f64 / (self.delay.cycles as f64 * lanes)
    }

    /// Energy-delay product, nJ x cycles.
    pub fn edp(&self) -> f64 {
        self.energy.total() * self.delay.cycles as f64
    }
}

impl Mapping {
    /// Traffic and delay in one go, written in place.
    ///
    /// # Errors
    /// As [`Mapping::traffic`] and [`Mapping::delay`].
    #[cfg_attr(not(feature = "std"), inline(never))]
    fn evaluate(&self, hardware: &Hardware, traffic: &mut Traffic, delay: &mut Delay) -> Result<(), Error> {
        let mut tally = traffic::Tally::default();
        let mut clock = delay::Clock::new(self, hardware);
        let (mut walk, mut step) = (self.walk(0, DimSet::default()), Step::default());
        while walk.advance(&mut step)? {
            tally.add(&step)?;
            // The needs are final as soon as a step computes something.
            clock.add(&step, delay::refill_bytes(&tally.l2_bytes()))?;
        }
        clock.sum(delay)?;
        tally.sum(self, traffic)
    }
}
