//! Delay: cycles of a layer, given bandwidths, latencies and SIMD lanes.

use crate::count::{Count, divide, multiply};
use crate::dim::{DimSet, PerTensor, Tensor};
use crate::error::Error;
use crate::hardware::Hardware;

use super::mapping::Mapping;
use super::step::Step;
use super::time::Memo;
use super::traffic::Traffic;

/// What the steps of a layer wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The PEs.
    Compute,
    /// The network-on-chip, bringing inputs and weights.
    NocIn,
    /// The network-on-chip, taking outputs away.
    NocOut,
    /// The off-chip interface.
    Offchip,
}

impl Bound {
    /// All four, in the order of [`Delay::bound_cycles`].
    pub const ALL: [Bound; 4] = [Bound::Compute, Bound::NocIn, Bound::NocOut, Bound::Offchip];

    /// `"compute"`, `"NoC in"`, `"NoC out"` or `"off-chip"`.
    pub const fn name(self) -> &'static str {
        match self {
            Bound::Compute => "compute",
            Bound::NocIn => "NoC in",
            Bound::NocOut => "NoC out",
            Bound::Offchip => "off-chip",
        }
    }
}

/// Cycles of the steps of the outermost level: least, most, and mean over all steps (rounded down).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Range {
    /// The shortest step.
    pub min: u64,
    /// The longest step.
    pub max: u64,
    /// The mean over all steps.
    pub avg: u64,
}

/// How long a mapped layer takes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Delay {
    /// Cycles of the whole layer.
    pub cycles: u64,
    /// The same cycles by what they wait for, in the order of [`Bound::ALL`].
    pub bound_cycles: [u64; 4],
    /// Cycles to bring in the inputs and weights of a step.
    pub ingress: Range,
    /// Cycles to take away the outputs of a step.
    pub egress: Range,
    /// Cycles for which a step computes.
    pub compute: Range,
    /// Mean number of PEs that have work in a step.
    pub active_pes: f64,
    /// NoC bandwidth that the most demanding step would need so as not to wait, in elements/cycle.
    pub noc_peak: u64,
    /// NoC bandwidth needed on average over all steps, in elements/cycle.
    pub noc_average: f64,
    /// Off-chip bandwidth needed as computed by the reference, in elements/cycle.
    pub offchip: u64,
}

impl Delay {
    /// What most cycles wait for; the first one if several are equal.
    pub fn bound(&self) -> Bound {
        let mut most = (Bound::Compute, 0);
        for (bound, cycles) in Bound::ALL.into_iter().zip(self.bound_cycles) {
            if cycles > most.1 {
                most = (bound, cycles);
            }
        }
        most.0
    }
}

impl Mapping {
    /// The delay of this mapping on `hardware`, which must have the number of PEs of the mapping. `traffic` must be
    /// the traffic of this mapping.
    ///
    /// # Errors
    /// [`Error::Overflow`] if a count does not fit into 64 bits, and [`Error::NoOutput`] if tiles yield no output.
    pub fn delay(&self, traffic: &Traffic, hardware: &Hardware) -> Result<Delay, Error> {
        let bytes = traffic.l2_bytes.0.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        let refill = refill_bytes(&PerTensor(bytes));
        let mut clock = Clock::new(self, hardware);
        let (mut walk, mut step) = (self.walk(0, DimSet::default()), Step::default());
        while walk.advance(&mut step)? {
            clock.add(&step, refill)?;
        }
        let mut delay = Delay::default();
        clock.sum(&mut delay)?;
        Ok(delay)
    }
}

/// Bytes of the double buffer in L2 that each step refills from off-chip: those of the busier direction.
pub(super) fn refill_bytes(l2_bytes: &PerTensor<i64>) -> i64 {
    l2_bytes[Tensor::Input].saturating_add(l2_bytes[Tensor::Filter]).max(l2_bytes[Tensor::Output])
}

/// Cycles to refill half of a double buffer with an off-chip bandwidth of `bandwidth` elements/cycle.
pub(super) fn refill_cycles(bytes: i64, bandwidth: u32) -> i64 {
    divide(bytes, i64::from(bandwidth)) / 2
}

/// Sum, minimum and maximum of a quantity.
struct Spread {
    total: Count,
    min: i64,
    max: i64,
}

impl Spread {
    fn new() -> Spread {
        Spread { total: Count::default(), min: i64::MAX, max: 0 }
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    fn add(&mut self, occurrences: i64, value: i64) {
        self.total.add(occurrences, value);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    fn range(&self, steps: i64, range: &mut Range) -> Result<(), Error> {
        range.min = self.min as u64;
        range.max = self.max as u64;
        range.avg = divide(self.total.get(1)?, steps) as u64;
        Ok(())
    }
}

/// Sums over the steps of the outermost level.
pub(super) struct Clock<'a> {
    mapping: &'a Mapping,
    hardware: &'a Hardware,
    memo: Memo,
    steps: Count,
    bound_cycles: [Count; 4],
    ingress: Spread,
    egress: Spread,
    compute: Spread,
    active: f64,
    noc_peak: i64,
    noc_total: Count,
    offchip_need: i64,
}

impl<'a> Clock<'a> {
    pub fn new(mapping: &'a Mapping, hardware: &'a Hardware) -> Clock<'a> {
        Clock {
            mapping,
            hardware,
            memo: Memo::default(),
            steps: Count::default(),
            bound_cycles: [Count::default(); 4],
            ingress: Spread::new(),
            egress: Spread::new(),
            compute: Spread::new(),
            active: 0.0,
            noc_peak: 0,
            noc_total: Count::default(),
            offchip_need: 0,
        }
    }

    /// Adds a step, if it computes something. `refill` is the number of bytes of L2 that the step refills.
    pub fn add(&mut self, step: &Step, refill: i64) -> Result<(), Error> {
        if step.idle() {
            return Ok(());
        }
        let timed = self.mapping.time(0, step, self.hardware, &mut self.memo)?;
        let (times, on_chip) = (step.occurrences, timed.cycles(1)?);
        let offchip = refill_cycles(refill, self.hardware.offchip_bandwidth());
        let (bound, cycles) = match () {
            () if offchip > on_chip => (Bound::Offchip, offchip),
            () if timed.first => {
                self.bound_cycles[Bound::NocIn as usize].add(times, timed.ingress);
                (Bound::Compute, timed.compute)
            }
            () if on_chip == timed.compute => (Bound::Compute, on_chip),
            () if on_chip == timed.ingress => (Bound::NocIn, on_chip),
            () => (Bound::NocOut, on_chip),
        };
        self.bound_cycles[bound as usize].add(times, cycles);
        self.steps.add(times, 1);
        self.ingress.add(times, timed.ingress);
        self.egress.add(times, timed.egress);
        self.compute.add(times, timed.compute);
        self.active += timed.active * times as f64;
        self.offchip_need = self.offchip_need.max(divide(refill, timed.compute)) / 2;
        let [input, filter] = step.ingress;
        let volume = (input + filter).max(step.egress);
        self.noc_peak = self.noc_peak.max(divide(volume, timed.compute));
        match multiply(times, volume) {
            Some(moved) => self.noc_total.add(1, divide(moved, timed.compute)),
            None => self.noc_total = None.into(),
        }
        Ok(())
    }

    /// Writes the results of the sums to `delay`.
    ///
    /// # Errors
    /// [`Error::NoOutput`] if no step computes anything, and [`Error::Overflow`].
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn sum(&self, delay: &mut Delay) -> Result<(), Error> {
        let mut cycles = Count::default();
        for (sum, bound) in self.bound_cycles.iter().zip(&mut delay.bound_cycles) {
            let sum = sum.get(1)?;
            cycles.add(1, sum);
            *bound = sum as u64;
        }
        let (cycles, steps) = (cycles.get(1)?, self.steps.get(1)?);
        if steps == 0 || cycles == 0 {
            return Err(Error::NoOutput { level: 1 });
        }
        delay.cycles = cycles as u64;
        self.ingress.range(steps, &mut delay.ingress)?;
        self.egress.range(steps, &mut delay.egress)?;
        self.compute.range(steps, &mut delay.compute)?;
        delay.active_pes = self.active / steps as f64;
        delay.noc_peak = self.noc_peak as u64;
        delay.noc_average = self.noc_total.get(1)? as f64 / steps as f64;
        delay.offchip = self.offchip_need as u64;
        Ok(())
    }
}
