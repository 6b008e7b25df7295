//! Delay: cycles of a layer, given bandwidths, latencies and SIMD lanes.

use heapless::Vec;

use crate::dim::{DimSet, PerTensor, Tensor};
use crate::error::Error;
use crate::hardware::{Hardware, Noc};

use super::Mapping;
use super::reuse::{Step, Volumes};
use super::traffic::Traffic;
use crate::count::{Count, divide, multiply};

/// What the steps of a layer wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The PEs.
    Compute,
    /// The network that brings inputs and weights.
    NocIn,
    /// The network that takes outputs away.
    NocOut,
    /// The interface between L2 and the outside.
    Offchip,
}

impl Bound {
    /// The four of them, in the order of [`Delay::bound_cycles`].
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

/// Cycles of a step of the outermost level: least, most, and on average over all steps (rounded down).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Range {
    /// The shortest step.
    pub min: u64,
    /// The longest step.
    pub max: u64,
    /// The average over all steps.
    pub avg: u64,
}

/// How long a mapped layer takes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Delay {
    /// Cycles of the whole layer.
    pub cycles: u64,
    /// The same cycles, by what they wait for, in the order of [`Bound::ALL`].
    pub bound_cycles: [u64; 4],
    /// Cycles to bring a step's inputs and weights in.
    pub ingress: Range,
    /// Cycles to take a step's outputs away.
    pub egress: Range,
    /// Cycles that a step computes for.
    pub compute: Range,
    /// PEs at work, on average over all steps.
    pub active_pes: f64,
    /// Elements/cycle of NoC that the most demanding step would need not to wait.
    pub noc_peak: u64,
    /// Elements/cycle of NoC needed on average over all steps.
    pub noc_average: f64,
    /// Elements/cycle off-chip needed, as the reference reckons it.
    pub offchip: u64,
}

impl Delay {
    /// What most cycles wait for.
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

/// What a level needs to know of a sub-cluster.
#[derive(Clone, Copy, Debug, Default)]
struct SubDelay {
    cycles: i64,
    active: f64,
}

/// Results of a level for the last few tiles; neighbouring cases hand down the same ones.
#[derive(Default)]
struct Memo {
    keys: Vec<DimSet, MEMO, u8>,
    delays: [SubDelay; MEMO],
    oldest: u8,
}

/// Tiles to remember.
const MEMO: usize = 3;

impl Memo {
    fn find(&self, partial: DimSet) -> Option<SubDelay> {
        let known = self.keys.iter().zip(&self.delays).find(|(key, _)| **key == partial);
        known.map(|(_, delay)| *delay)
    }

    fn keep(&mut self, partial: DimSet, delay: SubDelay) {
        let place = usize::from(self.oldest);
        if self.keys.push(partial).is_err()
            && let Some(key) = self.keys.get_mut(place)
        {
            *key = partial;
        }
        if let Some(entry) = self.delays.get_mut(place) {
            *entry = delay;
        }
        self.oldest = (self.oldest + 1) % MEMO as u8;
    }
}

/// The delays of one step of a case, in cycles.
#[derive(Default)]
struct Timed {
    occurrences: i64,
    /// Nothing to overlap the first loads with.
    first: bool,
    ingress: i64,
    egress: i64,
    compute: i64,
    /// PEs at work.
    active: f64,
}

impl Timed {
    /// Cycles of the step: with double buffering, the slowest of three things that go on at once.
    fn cycles(&self) -> i64 {
        if self.first { self.compute.saturating_add(self.ingress) } else { self.overlapped() }
    }

    fn overlapped(&self) -> i64 {
        self.compute.max(self.ingress).max(self.egress)
    }
}

/// The quotient of a dividend that is not negative, rounded up.
pub(super) fn divide_up(dividend: i64, divisor: u32) -> i64 {
    let divisor = i64::from(divisor);
    divide(dividend + divisor - 1, divisor)
}

/// Cycles until `volume` elements have arrived: the first after the latency, the others behind it.
pub(super) fn transfer(noc: Noc, volume: i64) -> i64 {
    (i64::from(noc.latency) + divide_up(volume, noc.bandwidth) - 1).max(0)
}

impl Mapping {
    /// The delay of this mapping on `hardware`, whose number of PEs must be the mapping's; `traffic` is the mapping's too.
    ///
    /// # Errors
    /// Counts above 64 bits, and tiles that yield no output.
    pub fn delay(&self, traffic: &Traffic, hardware: &Hardware) -> Result<Delay, Error> {
        let bytes = traffic.l2_bytes.0.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        let mut clock = Clock::new(self, hardware);
        self.walk(0, DimSet::default(), &mut |step, volumes| clock.add(step, volumes, &PerTensor(bytes)))?;
        let mut delay = Delay::default();
        clock.tell(&mut delay)?;
        Ok(delay)
    }

    /// Delays of one step of a level, written in place.
    fn time(
        &self,
        step: &Step<'_>,
        volumes: &Volumes,
        hardware: &Hardware,
        memo: &mut Memo,
        timed: &mut Timed,
    ) -> Result<(), Error> {
        let index = usize::from(step.number - 1);
        let noc = hardware.noc(index);
        *timed = Timed {
            occurrences: volumes.occurrences,
            first: step.is_first(),
            ingress: transfer(noc, volumes.ingress[0] + volumes.ingress[1]),
            egress: transfer(noc, volumes.egress),
            compute: 0,
            active: 0.0,
        };
        let spatial = step.spatial();
        let at_work = i64::from(if spatial.edge() { step.level.edge_clusters } else { step.level.clusters });
        if index + 1 == self.levels.len() {
            timed.compute = divide_up(volumes.critical_operations, hardware.simd_lanes());
        } else {
            let ragged = spatial.edge() && spatial.ragged();
            // The ragged sub-cluster has a tile of its own; the others share one.
            for (ragged, count) in [(true, i64::from(ragged)), (false, at_work - i64::from(ragged))] {
                if count > 0 {
                    let partial = self.partial_dims(step.level, step, ragged);
                    let sub = match memo.find(partial) {
                        Some(known) => known,
                        None => {
                            let sub = self.time_sub_cluster(index + 1, partial, hardware)?;
                            memo.keep(partial, sub);
                            sub
                        }
                    };
                    timed.compute = timed.compute.max(sub.cycles);
                    timed.active += sub.active * count as f64;
                }
            }
        }
        // Compared as bits, which spares firmware a function: it is never negative.
        if timed.active.to_bits() == 0 {
            timed.active = at_work as f64;
        }
        Ok(())
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    fn time_sub_cluster(&self, index: usize, partial: DimSet, hardware: &Hardware) -> Result<SubDelay, Error> {
        let mut memo = Memo::default();
        let (mut cycles, mut steps) = (Count::default(), Count::default());
        let mut active = 0.0;
        let mut started = false;
        let mut timed = Timed::default();
        self.walk(index, partial, &mut |step, volumes| {
            if volumes.idle() {
                // The reference sizes buffers by the steps before the first that computes, and gives up on the same ones.
                return if started { Ok(()) } else { step.ingress_of_both(&mut [0; 2]) };
            }
            started = true;
            self.time(step, volumes, hardware, &mut memo, &mut timed)?;
            if timed.first {
                cycles.add(timed.occurrences, timed.compute);
                cycles.add(timed.occurrences, timed.ingress);
            } else {
                cycles.add(timed.occurrences, timed.overlapped());
            }
            steps.add(timed.occurrences, 1);
            active += timed.active * timed.occurrences as f64;
            Ok(())
        })?;
        let level = index as u8 + 1;
        let steps = steps.get(level)?;
        Ok(SubDelay { cycles: cycles.get(level)?, active: if steps == 0 { 0.0 } else { active / steps as f64 } })
    }
}

/// Sum, least and most of a quantity.
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
    fn tell(&self, steps: i64, range: &mut Range) -> Result<(), Error> {
        range.min = self.min as u64;
        range.max = self.max as u64;
        range.avg = divide(self.total.get(1)?, steps) as u64;
        Ok(())
    }
}

/// Sums over the cases of the outermost level.
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

    /// Adds a case, if it computes something. What L2 holds is refilled from off-chip in each step.
    pub fn add(&mut self, step: &Step<'_>, volumes: &Volumes, l2_bytes: &PerTensor<i64>) -> Result<(), Error> {
        if volumes.idle() {
            return Ok(());
        }
        let mut case = Timed::default();
        self.mapping.time(step, volumes, self.hardware, &mut self.memo, &mut case)?;
        // As in the reference, further in such a step is taken to last as long as its transfers.
        if case.compute == 0 {
            return Err(Error::NoOutput { level: 2 });
        }
        let offchip_in = l2_bytes[Tensor::Input].saturating_add(l2_bytes[Tensor::Filter]);
        let offchip_most = offchip_in.max(l2_bytes[Tensor::Output]);
        // Half of a double buffer is refilled during a step, in each direction.
        let offchip = divide(offchip_most, i64::from(self.hardware.offchip_bandwidth())) / 2;
        self.offchip_need = self.offchip_need.max(divide(offchip_most, case.compute)) / 2;

        let times = case.occurrences;
        let on_chip = case.cycles();
        let (bound, cycles) = match () {
            () if offchip > on_chip => (Bound::Offchip, offchip),
            () if case.first => {
                self.bound_cycles[Bound::NocIn as usize].add(times, case.ingress);
                (Bound::Compute, case.compute)
            }
            () if on_chip == case.compute => (Bound::Compute, on_chip),
            () if on_chip == case.ingress => (Bound::NocIn, on_chip),
            () => (Bound::NocOut, on_chip),
        };
        self.bound_cycles[bound as usize].add(times, cycles);
        self.steps.add(times, 1);
        self.ingress.add(times, case.ingress);
        self.egress.add(times, case.egress);
        self.compute.add(times, case.compute);
        self.active += case.active * times as f64;
        let volume = (volumes.ingress[0] + volumes.ingress[1]).max(volumes.egress);
        self.noc_peak = self.noc_peak.max(divide(volume, case.compute));
        match multiply(times, volume) {
            Some(moved) => self.noc_total.add(1, divide(moved, case.compute)),
            None => self.noc_total = None.into(),
        }
        Ok(())
    }

    /// What the sums amount to.
    ///
    /// # Errors
    /// [`Error::NoOutput`] if there was no case, and overflows.
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn tell(&self, delay: &mut Delay) -> Result<(), Error> {
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
        self.ingress.tell(steps, &mut delay.ingress)?;
        self.egress.tell(steps, &mut delay.egress)?;
        self.compute.tell(steps, &mut delay.compute)?;
        delay.active_pes = self.active / steps as f64;
        delay.noc_peak = self.noc_peak as u64;
        delay.noc_average = self.noc_total.get(1)? as f64 / steps as f64;
        delay.offchip = self.offchip_need as u64;
        Ok(())
    }
}
