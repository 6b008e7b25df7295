//! How long one step takes on a network-on-chip, and how long a sub-cluster takes for its tile.

use heapless::Vec;

use crate::count::{Count, divide};
use crate::dim::DimSet;
use crate::error::Error;
use crate::hardware::{Hardware, Noc};

use super::mapping::Mapping;
use super::step::Step;

/// The quotient, plus 1 if there is a remainder. This rounds up, unless the quotient is negative.
#[cfg_attr(not(feature = "std"), inline(never))]
fn divide_up(dividend: i64, divisor: u32) -> i64 {
    let divisor = i64::from(divisor);
    let whole = divide(dividend, divisor);
    whole + i64::from(whole * divisor != dividend)
}

/// Cycles until `volume` elements have arrived: the first after the latency, the others following it. Below the
/// outermost level, a volume may be negative if the tiles of a level do not fit together. As in the reference, the
/// formula is applied all the same.
fn transfer(noc: Noc, volume: i64) -> i64 {
    // No elements and no latency would give -1 cycles.
    let cycles = i64::from(noc.latency) + divide_up(volume, noc.bandwidth);
    if cycles == 0 && volume == 0 { 0 } else { cycles - 1 }
}

/// What a level needs to know about a sub-cluster or a PE.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SubDelay {
    cycles: i64,
    /// Mean number of PEs that have work; 0 for a PE.
    active: f64,
}

impl SubDelay {
    /// The delay of the busiest PE in a step.
    pub fn of_pe(step: &Step, lanes: u32) -> SubDelay {
        SubDelay { cycles: divide_up(step.critical_operations, lanes), active: 0.0 }
    }
}

/// The on-chip delays of one step, in cycles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timed {
    /// Whether this is the very first step, whose loads overlap with nothing.
    pub first: bool,
    pub ingress: i64,
    pub egress: i64,
    pub compute: i64,
    /// Mean number of PEs that have work.
    pub active: f64,
}

impl Timed {
    /// The delays of a step. `below` are the delays of its two kinds of sub-clusters, zero for a kind that does not
    /// occur.
    pub fn new(step: &Step, noc: Noc, below: [SubDelay; 2]) -> Timed {
        let [input, filter] = step.ingress;
        let mut timed = Timed {
            first: step.first,
            ingress: transfer(noc, input + filter),
            egress: transfer(noc, step.egress),
            compute: 0,
            active: 0.0,
        };
        for (subs, delay) in step.subs.iter().zip(below) {
            timed.compute = timed.compute.max(delay.cycles);
            // Compared as bits, which saves a function in firmware. The number is never negative.
            if delay.active.to_bits() != 0 {
                timed.active += delay.active * f64::from(subs.count);
            }
        }
        if timed.active.to_bits() == 0 {
            timed.active = f64::from(step.at_work());
        }
        timed
    }

    /// Cycles of the step. With double buffering, these are those of the slowest of three things that happen at the
    /// same time.
    ///
    /// # Errors
    /// [`Error::Overflow`], and [`Error::NoOutput`] if the levels below the outermost one compute nothing.
    pub fn cycles(&self, level: u8) -> Result<i64, Error> {
        // As in the reference, on inner levels a step without compute takes as long as its transfers.
        if level == 1 && self.compute == 0 {
            return Err(Error::NoOutput { level: 2 });
        }
        if self.first {
            self.compute.checked_add(self.ingress).ok_or(Error::Overflow { level })
        } else {
            Ok(self.compute.max(self.ingress).max(self.egress))
        }
    }
}

/// Sums over the steps of an inner level.
#[derive(Default)]
pub(super) struct SubClock {
    cycles: Count,
    steps: Count,
    active: f64,
}

impl SubClock {
    /// Adds a step that computes something.
    pub fn add(&mut self, step: &Step, timed: &Timed, level: u8) -> Result<(), Error> {
        self.cycles.add(step.occurrences, timed.cycles(level)?);
        self.steps.add(step.occurrences, 1);
        self.active += timed.active * step.occurrences as f64;
        Ok(())
    }

    pub fn sum(&self, level: u8) -> Result<SubDelay, Error> {
        let (steps, cycles) = (self.steps.get(level)?, self.cycles.get(level)?);
        if cycles < 0 {
            return Err(Error::IllFormed { level });
        }
        let active = if steps == 0 { 0.0 } else { self.active / steps as f64 };
        Ok(SubDelay { cycles, active })
    }
}

impl Mapping {
    /// The delays of a step of the level at `index` that computes something.
    pub(super) fn time(&self, index: usize, step: &Step, hardware: &Hardware, memo: &mut Memo) -> Result<Timed, Error> {
        let mut below = [SubDelay::default(); 2];
        if self.is_innermost(index) {
            below[0] = SubDelay::of_pe(step, hardware.simd_lanes());
        } else {
            for (subs, delay) in step.subs.iter().zip(&mut below).filter(|(subs, _)| subs.count > 0) {
                *delay = match memo.find(subs.partial) {
                    Some(known) => known,
                    None => {
                        let walked = self.time_sub_cluster(index + 1, subs.partial, hardware)?;
                        memo.keep(subs.partial, walked);
                        walked
                    }
                };
            }
        }
        Ok(Timed::new(step, hardware.noc(index), below))
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    fn time_sub_cluster(&self, index: usize, partial: DimSet, hardware: &Hardware) -> Result<SubDelay, Error> {
        let level = index as u8 + 1;
        let (mut memo, mut clock) = (Memo::default(), SubClock::default());
        let (mut walk, mut step) = (self.walk(index, partial), Step::default());
        while walk.advance(&mut step)? {
            if !step.idle() {
                clock.add(&step, &self.time(index, &step, hardware, &mut memo)?, level)?;
            }
        }
        clock.sum(level)
    }
}

/// The delays of sub-clusters for the last few tiles. Neighbouring steps have the same tiles.
#[derive(Default)]
pub(super) struct Memo {
    keys: Vec<DimSet, MEMO, u8>,
    delays: [SubDelay; MEMO],
    oldest: u8,
}

/// Number of tiles to remember.
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
