//! Delay: cycles of a layer, given bandwidths, latencies and SIMD lanes.

use heapless::Vec;

use crate::dim::{DimSet, PerTensor, Tensor};
use crate::error::Error;
use crate::hardware::{Hardware, Noc};

use super::Mapping;
use super::reuse::{Step, Volumes};
use super::traffic::Traffic;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The shortest step.
    pub min: u64,
    /// The longest step.
    pub max: u64,
    /// The average over all steps.
    pub avg: u64,
}

/// How long a mapped layer takes, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    entries: Vec<(DimSet, SubDelay), 4, u8>,
    oldest: usize,
}

impl Memo {
    fn find(&self, partial: DimSet) -> Option<SubDelay> {
        self.entries.iter().find(|(key, _)| *key == partial).map(|(_, delay)| *delay)
    }

    fn keep(&mut self, partial: DimSet, delay: SubDelay) {
        if self.entries.push((partial, delay)).is_err()
            && let Some(entry) = self.entries.get_mut(self.oldest)
        {
            *entry = (partial, delay);
            self.oldest = (self.oldest + 1) % 4;
        }
    }
}

/// The delays of one step of a case, in cycles.
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
        if self.first { self.compute + self.ingress } else { self.compute.max(self.ingress).max(self.egress) }
    }
}

/// Cycles until `volume` elements have arrived: the first after the latency, the others behind it.
fn transfer(noc: Noc, volume: i64) -> i64 {
    let bandwidth = i64::from(noc.bandwidth);
    let sends = volume / bandwidth + i64::from(volume % bandwidth != 0);
    (i64::from(noc.latency) + sends - 1).max(0)
}

impl Mapping {
    /// The delay of this mapping on `hardware`, whose number of PEs must be the mapping's; `traffic` is the mapping's too.
    ///
    /// # Errors
    /// Counts above 64 bits, and tiles that yield no output.
    pub fn delay(&self, traffic: &Traffic, hardware: &Hardware) -> Result<Delay, Error> {
        let bytes = traffic.l2_bytes.0.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        let mut clock = Clock::new(self, hardware);
        self.walk(0, DimSet::default(), &mut |step, volumes| {
            if volumes.idle() { Ok(()) } else { clock.add(step, volumes, &PerTensor(bytes)) }
        })?;
        clock.delay()
    }

    /// Delays of one step of a level.
    fn timed(&self, step: &Step<'_>, volumes: &Volumes, hardware: &Hardware, memo: &mut Memo) -> Result<Timed, Error> {
        let index = usize::from(step.number - 1);
        let noc = hardware.noc(index);
        let mut timed = Timed {
            occurrences: volumes.occurrences,
            first: step.is_first(),
            ingress: transfer(noc, volumes.ingress[0] + volumes.ingress[1]),
            egress: transfer(noc, volumes.egress),
            compute: 0,
            active: 0.0,
        };
        let spatial = step.spatial();
        let at_work = if spatial.edge { step.level.edge_clusters } else { step.level.clusters };
        if index + 1 == self.levels.len() {
            let lanes = i64::from(hardware.simd_lanes());
            let operations = volumes.critical_operations;
            timed.compute = operations / lanes + i64::from(operations % lanes != 0);
        } else {
            let ragged = spatial.edge && spatial.ragged;
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
        if timed.active == 0.0 {
            timed.active = at_work as f64;
        }
        Ok(timed)
    }

    fn time_sub_cluster(&self, index: usize, partial: DimSet, hardware: &Hardware) -> Result<SubDelay, Error> {
        let overflow = Error::Overflow { level: index as u8 + 1 };
        let mut memo = Memo::default();
        let mut sub = SubDelay::default();
        let mut steps = 0i64;
        self.walk(index, partial, &mut |step, volumes| {
            if volumes.idle() {
                return Ok(());
            }
            let timed = self.timed(step, volumes, hardware, &mut memo)?;
            let more = timed.occurrences.checked_mul(timed.cycles()).ok_or(overflow)?;
            sub.cycles = sub.cycles.checked_add(more).ok_or(overflow)?;
            sub.active += timed.active * timed.occurrences as f64;
            steps += timed.occurrences;
            Ok(())
        })?;
        if steps != 0 {
            sub.active /= steps as f64;
        }
        Ok(sub)
    }
}

/// Sum, least and most of a quantity.
struct Sum {
    total: i64,
    min: i64,
    max: i64,
}

impl Sum {
    const NONE: Sum = Sum { total: 0, min: i64::MAX, max: 0 };

    fn add(&mut self, occurrences: i64, value: i64) -> Result<(), Error> {
        let more = occurrences.checked_mul(value).ok_or(OVERFLOW)?;
        self.total = self.total.checked_add(more).ok_or(OVERFLOW)?;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        Ok(())
    }

    fn range(&self, steps: i64) -> Range {
        Range { min: self.min as u64, max: self.max as u64, avg: (self.total / steps) as u64 }
    }
}

const OVERFLOW: Error = Error::Overflow { level: 1 };

/// Sums over the cases of the outermost level.
pub(super) struct Clock<'a> {
    mapping: &'a Mapping,
    hardware: &'a Hardware,
    memo: Memo,
    steps: i64,
    bound_cycles: [i64; 4],
    ingress: Sum,
    egress: Sum,
    compute: Sum,
    active: f64,
    noc_peak: i64,
    noc_total: i64,
    offchip_need: i64,
}

impl<'a> Clock<'a> {
    pub fn new(mapping: &'a Mapping, hardware: &'a Hardware) -> Clock<'a> {
        Clock {
            mapping,
            hardware,
            memo: Memo::default(),
            steps: 0,
            bound_cycles: [0; 4],
            ingress: Sum::NONE,
            egress: Sum::NONE,
            compute: Sum::NONE,
            active: 0.0,
            noc_peak: 0,
            noc_total: 0,
            offchip_need: 0,
        }
    }

    /// Adds a case that computes something. What L2 holds is refilled from off-chip in each step.
    pub fn add(&mut self, step: &Step<'_>, volumes: &Volumes, l2_bytes: &PerTensor<i64>) -> Result<(), Error> {
        let case = self.mapping.timed(step, volumes, self.hardware, &mut self.memo)?;
        if case.compute == 0 {
            return Err(Error::NoOutput { level: 2 });
        }
        let offchip_in = l2_bytes[Tensor::Input].saturating_add(l2_bytes[Tensor::Filter]);
        let offchip_out = l2_bytes[Tensor::Output];
        // Half of a double buffer is refilled during a step.
        let refill = |bytes: i64| bytes / i64::from(self.hardware.offchip_bandwidth()) / 2;
        let offchip = refill(offchip_in).max(refill(offchip_out));
        self.offchip_need = self.offchip_need.max(offchip_in.max(offchip_out) / case.compute) / 2;

        self.steps = self.steps.checked_add(case.occurrences).ok_or(OVERFLOW)?;
        let on_chip = case.cycles();
        if offchip > on_chip {
            self.charge(Bound::Offchip, case.occurrences, offchip)?;
        } else if case.first {
            self.charge(Bound::Compute, case.occurrences, case.compute)?;
            self.charge(Bound::NocIn, case.occurrences, case.ingress)?;
        } else if on_chip == case.compute {
            self.charge(Bound::Compute, case.occurrences, on_chip)?;
        } else if on_chip == case.ingress {
            self.charge(Bound::NocIn, case.occurrences, on_chip)?;
        } else {
            self.charge(Bound::NocOut, case.occurrences, on_chip)?;
        }

        self.ingress.add(case.occurrences, case.ingress)?;
        self.egress.add(case.occurrences, case.egress)?;
        self.compute.add(case.occurrences, case.compute)?;
        self.active += case.active * case.occurrences as f64;
        let volume = (volumes.ingress[0] + volumes.ingress[1]).max(volumes.egress);
        self.noc_peak = self.noc_peak.max(volume / case.compute);
        let moved = case.occurrences.checked_mul(volume).ok_or(OVERFLOW)?;
        self.noc_total = self.noc_total.checked_add(moved / case.compute).ok_or(OVERFLOW)?;
        Ok(())
    }

    fn charge(&mut self, bound: Bound, occurrences: i64, cycles: i64) -> Result<(), Error> {
        let more = occurrences.checked_mul(cycles).ok_or(OVERFLOW)?;
        let sum = &mut self.bound_cycles[bound as usize];
        *sum = sum.checked_add(more).ok_or(OVERFLOW)?;
        Ok(())
    }

    /// What the sums amount to.
    pub fn delay(&self) -> Result<Delay, Error> {
        let cycles = self.bound_cycles.iter().try_fold(0i64, |sum, more| sum.checked_add(*more)).ok_or(OVERFLOW)?;
        if self.steps == 0 || cycles == 0 {
            return Err(Error::NoOutput { level: 1 });
        }
        Ok(Delay {
            cycles: cycles as u64,
            bound_cycles: self.bound_cycles.map(|cycles| cycles as u64),
            ingress: self.ingress.range(self.steps),
            egress: self.egress.range(self.steps),
            compute: self.compute.range(self.steps),
            active_pes: self.active / self.steps as f64,
            noc_peak: self.noc_peak as u64,
            noc_average: self.noc_total as f64 / self.steps as f64,
            offchip: self.offchip_need as u64,
        })
    }
}
