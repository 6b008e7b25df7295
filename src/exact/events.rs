//! The steps of a layer as events, and the cycles that they take.
//!
//! A walk reports what waits for what, in numbers that no bandwidth, latency or number of lanes changes; a [`Player`] turns
//! that into cycles. Events that are kept may be played again on an accelerator of other speeds, without a walk.

use crate::hardware::{Buffering, Hardware};
use crate::limits::MAX_LEVELS;

use super::time::{Clock, divide_up};

/// Something that takes time. What it waits for comes before it: the steps of a cluster before the cluster, and that
/// before the step of the level above in which it has work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step of a cluster ends, which it takes `times` in a row or in several places.
    Step(Step),
    /// A cluster takes its only step: the step and [`Event::Cluster`] in one, its variant that of the step of the level above.
    Only(Step),
    /// A cluster has taken its steps. Those that have work in the same step of the level above take it at
    /// the same time.
    Cluster {
        /// The level that divides the cluster; 0 is the array's.
        level: u8,
        /// The variant of the step of the level above, see [`Step::variant`].
        variant: u8,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Step {
    /// The level that divides the cluster, from 0, the array's.
    pub level: u8,
    /// Two steps that differ in partial sums alone are reported together, as variants 0 and 1: first what their clusters do, then
    /// the steps themselves, 1 before 0. A step without such a twin is variant 0.
    pub variant: u8,
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

/// Cycles by what they wait for: compute, NoC in, NoC out; and cycles if nothing overlapped. They saturate: `u64::MAX` is too
/// many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elapsed {
    pub waits: [u64; 3],
    pub serial: u64,
}

impl Elapsed {
    /// All that is waited for.
    pub fn cycles(&self) -> u64 {
        let [compute, inwards, outwards] = self.waits;
        compute.saturating_add(inwards).saturating_add(outwards)
    }

    fn add(&mut self, other: &Elapsed, times: u64) {
        let sum = |sum: u64, more: u64| sum.saturating_add(if times == 1 { more } else { more.saturating_mul(times) });
        let ([compute, inwards, outwards], [c, i, o]) = (self.waits, other.waits);
        self.waits = [sum(compute, c), sum(inwards, i), sum(outwards, o)];
        self.serial = sum(self.serial, other.serial);
    }

    /// Of two things at the same time the slower counts, the first if they are as slow.
    fn beside(&mut self, other: &Elapsed) {
        if other.cycles() > self.cycles() {
            self.waits = other.waits;
        }
        self.serial = self.serial.max(other.serial);
    }
}

/// What is under way at a level.
#[derive(Clone, Copy, Debug, Default)]
struct AtLevel {
    /// Steps so far.
    steps: Elapsed,
    /// The slowest sub-cluster of the present step, in each of its variants.
    slowest: [Elapsed; 2],
    /// Giving away: where that overlaps, and where nothing does.
    given: [u64; 2],
    drained: u64,
}

/// What a step takes on an accelerator, in cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct StepCycles {
    /// All in all: with double buffers the most of the three that follow.
    pub total: u64,
    /// Computing, which is what the slowest sub-cluster takes.
    pub compute: u64,
    /// Bringing inputs, filter elements and partial sums in.
    pub ingress: u64,
    /// Taking outputs away.
    pub egress: u64,
    /// The total by what it waits for, computing split as the slowest sub-cluster's own steps are: compute, NoC in, NoC out.
    pub waits: [u64; 3],
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
    #[inline]
    pub fn play(&mut self, event: &Event) {
        match *event {
            Event::Step(ref step) => {
                let elapsed = self.elapsed(step, step.variant);
                if let Some(at) = self.at(step.level) {
                    at.steps.add(&elapsed, step.times);
                }
            }
            Event::Only(ref step) => {
                let elapsed = self.elapsed(step, 0);
                self.beside(step.level, step.variant, &elapsed);
            }
            Event::Cluster { level, variant } => {
                let steps = self.at(level).map(|own| core::mem::take(&mut own.steps)).unwrap_or_default();
                self.beside(level, variant, &steps);
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

    /// What a step takes that is to be played next.
    pub fn cycles_of(&self, step: &Step) -> StepCycles {
        let of = |step: &Step| self.clone().elapsed(step, step.variant);
        let all = of(step);
        StepCycles {
            total: all.cycles(),
            compute: of(&Step { ingress: 0, egress: 0, ..*step }).cycles(),
            ingress: self.transfer(step.level, step.ingress),
            egress: self.transfer(step.level, step.egress),
            waits: all.waits,
        }
    }

    /// The cycles of all that has been played, on the chip.
    pub fn on_chip(&self) -> u64 {
        self.end().cycles()
    }

    /// A cluster of a level has taken its steps beside others in a variant of the step of the level above.
    #[cfg_attr(feature = "std", inline(always))]
    fn beside(&mut self, level: u8, variant: u8, steps: &Elapsed) {
        let above = level.checked_sub(1).and_then(|above| self.at(above));
        if let Some(slowest) = above.and_then(|above| above.slowest.get_mut(usize::from(variant))) {
            slowest.beside(steps);
        }
    }

    /// What a step takes, once.
    #[cfg_attr(feature = "std", inline(always))]
    fn elapsed(&mut self, step: &Step, variant: u8) -> Elapsed {
        let noc = self.clock.noc(usize::from(step.level));
        let (ingress, egress) = (noc.cycles(step.ingress), noc.cycles(step.egress));
        let overlap = self.clock.l1 == Buffering::Double;
        let mut elapsed = Elapsed::default();
        let compute = if step.operations > 0 {
            // Of PEs, which have no clusters below.
            let computing = divide_up(step.operations, self.clock.lanes);
            elapsed = Elapsed { waits: [computing, 0, 0], serial: computing };
            computing
        } else {
            if let Some(slowest) = self.at(step.level).and_then(|at| at.slowest.get_mut(usize::from(variant))) {
                elapsed = core::mem::take(slowest);
            }
            if let Some(below) = self.at(step.level.saturating_add(1))
                && below.given != [0; 2]
            {
                let given = below.given;
                if variant == 0 {
                    below.given = [0; 2];
                }
                let giving = if overlap { given[0] } else { given[1] };
                elapsed.beside(&Elapsed { waits: [0, 0, giving], serial: given[1] });
            }
            elapsed.cycles()
        };
        if !overlap {
            elapsed.waits[1] = elapsed.waits[1].saturating_add(ingress);
            elapsed.waits[2] = elapsed.waits[2].saturating_add(egress);
        } else if step.starting {
            elapsed.waits[1] = elapsed.waits[1].saturating_add(ingress);
        } else if ingress > compute && ingress >= egress {
            elapsed.waits = [0, ingress, 0];
        } else if egress > compute {
            elapsed.waits = [0, 0, egress];
        }
        elapsed.serial = elapsed.serial.saturating_add(ingress).saturating_add(egress);
        elapsed
    }

    fn at(&mut self, level: u8) -> Option<&mut AtLevel> {
        self.levels.get_mut(usize::from(level))
    }

    /// What has been given away and drained at a level, which begins anew.
    fn take(&mut self, level: u8) -> AtLevel {
        let Some(at) = self.at(level) else { return AtLevel::default() };
        let taken = *at;
        (at.given, at.drained) = ([0; 2], 0);
        taken
    }

    fn transfer(&self, level: u8, bits: u64) -> u64 {
        self.clock.noc(usize::from(level)).cycles(bits)
    }

    /// The cycles of all events.
    pub(super) fn end(&self) -> Elapsed {
        let [AtLevel { steps, drained, .. }, ..] = self.levels;
        let [compute, inwards, outwards] = steps.waits;
        let waits = [compute, inwards, outwards.saturating_add(drained)];
        Elapsed { waits, serial: steps.serial.saturating_add(drained) }
    }

    pub(super) const fn clock(&self) -> &Clock {
        &self.clock
    }
}
