//! The steps of a layer as events, and the cycles that they take.
//!
//! A walk tells what waits for what, in numbers that no bandwidth, latency or number of lanes changes; a [`Player`] turns
//! that into cycles. Whoever keeps the events may play them again on an accelerator of other speeds, without a walk.

use crate::hardware::{Hardware, MAX_LEVELS};

use super::time::{Clock, divide_up};

/// Something that takes time. What it waits for comes before it: the steps of a cluster before the cluster, and that
/// before the step of the level above in which it has work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step of a cluster ends, which it takes `times` in a row or in several places.
    Step(Step),
    /// A cluster of a level (from 1) has taken its steps. Those that have work in the same step of the level above take it at
    /// the same time.
    Cluster {
        /// The level of its sub-clusters, from 0, the array's.
        level: u8,
    },
    /// Sub-clusters of an idle cluster of that level, and of all alike, give so many bits away; those below it came before.
    GivenAway {
        /// The level that divides the cluster.
        level: u8,
        /// Bits.
        bits: u64,
    },
    /// Outputs leave the sub-clusters of a cluster in the end; those that leave the levels below came before.
    Drained {
        /// The level that divides the cluster.
        level: u8,
        /// Bits.
        bits: u64,
    },
}

/// A step of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Step {
    /// The level that divides the cluster, from 0, the array's.
    pub level: u8,
    /// The very first of all: computing waits for what comes in.
    pub starting: bool,
    /// Operations of the busiest PE; 0 where sub-clusters are no PEs.
    pub operations: u64,
    /// Bits that come in over the level's NoC.
    pub ingress: u64,
    /// Bits that leave over it.
    pub egress: u64,
    /// How often.
    pub times: u64,
}

/// Cycles, and what they waited for: compute, NoC in, NoC out. They saturate: `i64::MAX` is too many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elapsed {
    pub cycles: i64,
    pub waits: [i64; 3],
}

const COMPUTE: usize = 0;
const NOC_IN: usize = 1;
const NOC_OUT: usize = 2;

impl Elapsed {
    fn add(&mut self, other: &Elapsed, times: i64) {
        self.cycles = self.cycles.saturating_add(other.cycles.saturating_mul(times));
        for (sum, wait) in self.waits.iter_mut().zip(other.waits) {
            *sum = sum.saturating_add(wait.saturating_mul(times));
        }
    }

    /// Waits for one thing, after what was waited for already.
    #[cfg_attr(not(feature = "std"), inline(never))]
    fn wait(&mut self, what: usize, cycles: i64) {
        self.cycles = self.cycles.saturating_add(cycles);
        if let Some(sum) = self.waits.get_mut(what) {
            *sum = sum.saturating_add(cycles);
        }
    }

    /// The same as [`Elapsed::beside`] of one thing that is waited for.
    #[cfg_attr(not(feature = "std"), inline(never))]
    fn wait_beside(&mut self, what: usize, cycles: i64) {
        if cycles > self.cycles {
            *self = Elapsed::default();
            self.wait(what, cycles);
        }
    }

    /// Of two things at the same time the slower counts, the first if they are as slow.
    fn beside(&mut self, other: &Elapsed) {
        if other.cycles > self.cycles {
            *self = *other;
        }
    }
}

/// With double buffers, where transfers and work overlap; with single ones, where they take turns.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Both {
    pub double: Elapsed,
    pub single: Elapsed,
}

impl Both {
    fn beside(&mut self, other: &Both) {
        self.double.beside(&other.double);
        self.single.beside(&other.single);
    }
}

/// What is under way at a level.
#[derive(Clone, Copy, Debug, Default)]
struct AtLevel {
    /// Steps so far.
    steps: Both,
    /// The slowest sub-cluster of the present step.
    slowest: Both,
    /// Giving away: with double and with single buffers.
    given: [i64; 2],
    drained: i64,
}

/// Plays events.
#[derive(Clone, Debug)]
pub struct Player {
    clock: Clock,
    levels: [AtLevel; MAX_LEVELS],
}

impl Player {
    /// A player for an accelerator, of which lanes, bandwidths and latencies count.
    #[inline]
    pub fn new(hardware: &Hardware) -> Player {
        Player { clock: Clock::new(hardware), levels: [AtLevel::default(); MAX_LEVELS] }
    }

    /// Takes an event in. Levels that no accelerator has pass without a trace.
    pub fn play(&mut self, event: &Event) {
        match *event {
            Event::Step(step) => self.step(&step),
            Event::Cluster { level } => {
                let steps = self.at(level).map(|own| core::mem::take(&mut own.steps)).unwrap_or_default();
                if let Some(above) = level.checked_sub(1).and_then(|above| self.at(above)) {
                    above.slowest.beside(&steps);
                }
            }
            Event::GivenAway { level, bits } => {
                let below = self.take(level.saturating_add(1)).given;
                let own = self.transfer(level, bits);
                // At once, or one after the other.
                let given = [own.max(below[0]), own.saturating_add(below[1])];
                if let Some(at) = self.at(level) {
                    at.given = [at.given[0].max(given[0]), at.given[1].max(given[1])];
                }
            }
            Event::Drained { level, bits } => {
                let below = self.take(level.saturating_add(1));
                let drained = self.transfer(level, bits).saturating_add(below.drained.max(below.given[1]));
                if let Some(at) = self.at(level) {
                    at.drained = at.drained.max(drained);
                }
            }
        }
    }

    fn step(&mut self, step: &Step) {
        let computing = divide_up(signed(step.operations), self.clock.lanes);
        let (ingress, egress) = (self.transfer(step.level, step.ingress), self.transfer(step.level, step.egress));
        let given = self.take(step.level.saturating_add(1)).given;
        let Some(at) = self.at(step.level) else { return };
        let Both { mut double, mut single } = core::mem::take(&mut at.slowest);
        double.wait_beside(COMPUTE, computing);
        single.wait_beside(COMPUTE, computing);
        double.wait_beside(NOC_OUT, given[0]);
        single.wait_beside(NOC_OUT, given[1]);
        single.wait(NOC_IN, ingress);
        single.wait(NOC_OUT, egress);
        if step.starting {
            double.wait(NOC_IN, ingress);
        } else {
            double.wait_beside(NOC_IN, ingress);
            double.wait_beside(NOC_OUT, egress);
        }
        at.steps.double.add(&double, signed(step.times));
        at.steps.single.add(&single, signed(step.times));
    }

    fn at(&mut self, level: u8) -> Option<&mut AtLevel> {
        self.levels.get_mut(usize::from(level))
    }

    /// What idle clusters and the end have told of a level.
    fn take(&mut self, level: u8) -> AtLevel {
        let Some(at) = self.at(level) else { return AtLevel::default() };
        let told = *at;
        (at.given, at.drained) = ([0; 2], 0);
        told
    }

    fn transfer(&self, level: u8, bits: u64) -> i64 {
        self.clock.noc(usize::from(level)).cycles(signed(bits))
    }

    /// The cycles of all events.
    pub(super) fn end(&self) -> Both {
        let [AtLevel { mut steps, drained, .. }, ..] = self.levels;
        steps.double.wait(NOC_OUT, drained);
        steps.single.wait(NOC_OUT, drained);
        steps
    }

    pub(super) const fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// Too much is as much as there can be.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
