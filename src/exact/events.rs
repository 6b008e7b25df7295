//! The steps of a layer as events, and a player that turns them into cycles.
//!
//! Events say which step waits for which, in numbers that do not depend on bandwidths, latencies or lanes. A
//! [`Player`] turns them into cycles. Stored events can be played again for an accelerator with other speeds, without
//! another walk.

use crate::hardware::{Buffering, Hardware};
use crate::limits::MAX_LEVELS;

use super::time::{Clock, divide_up};

/// Something that takes time. An event comes after all events that it waits for: the steps of a cluster come before
/// [`Event::Cluster`], and this comes before the step of the level above in which the cluster has work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step of a cluster. The cluster takes it [`Step::times`] times, in a row or at several places.
    Step(Step),
    /// The only step of a cluster: the step and [`Event::Cluster`] in one. Its variant is that of the step of the
    /// level above.
    Only(Step),
    /// A cluster has taken all of its steps. Clusters that have work in the same step of the level above run at the
    /// same time.
    Cluster {
        /// The level that divides the cluster; 0 is the level of the whole array.
        level: u8,
        /// The variant of the step of the level above, see [`Step::variant`].
        variant: u8,
    },
    /// The sub-clusters of an idle cluster give outputs away; so do all idle clusters that do the same. What the
    /// levels below give away came before.
    GivenAway {
        /// The level that divides the cluster.
        level: u8,
        /// Bits given away.
        bits: u64,
    },
    /// Outputs leave the sub-clusters of a cluster at the end. Those that leave the levels below came before.
    Drained {
        /// The level that divides the cluster.
        level: u8,
        /// Bits drained.
        bits: u64,
    },
}

/// A step of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Step {
    /// The level that divides the cluster; 0 is the level of the whole array.
    pub level: u8,
    /// Two steps that differ only in partial sums are reported together, as variants 0 and 1: first the events of
    /// their clusters, then the steps themselves, variant 1 before variant 0. A step without such a twin is variant
    /// 0.
    pub variant: u8,
    /// Whether this is the very first step, whose compute has to wait for its ingress.
    pub starting: bool,
    /// Operations of the busiest PE; 0 if the sub-clusters are not PEs.
    pub operations: u64,
    /// Bits that enter the sub-clusters over the level's NoC.
    pub ingress: u64,
    /// Bits that leave the sub-clusters over the level's NoC.
    pub egress: u64,
    /// How many times the cluster takes the step.
    pub times: u64,
}

/// Cycles by what they wait for (compute, NoC in, NoC out), and cycles if nothing overlapped. Sums saturate at
/// `u64::MAX`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elapsed {
    pub waits: [u64; 3],
    pub serial: u64,
}

impl Elapsed {
    /// All cycles, whatever they wait for.
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

    /// Combines two things that run at the same time: the slower one counts, `self` if both are equally slow.
    fn beside(&mut self, other: &Elapsed) {
        if other.cycles() > self.cycles() {
            self.waits = other.waits;
        }
        self.serial = self.serial.max(other.serial);
    }
}

/// What has been played so far at a level.
#[derive(Clone, Copy, Debug, Default)]
struct AtLevel {
    /// Cycles of the present cluster's steps.
    steps: Elapsed,
    /// The slowest sub-cluster of the present step, for each variant of the step.
    slowest: [Elapsed; 2],
    /// Cycles of giving outputs away, with overlap and without.
    given: [u64; 2],
    drained: u64,
}

/// The cycles of a step on an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct StepCycles {
    /// Cycles of the whole step. With double buffers, this is the largest of the following three.
    pub total: u64,
    /// Compute: the time of the slowest sub-cluster.
    pub compute: u64,
    /// Transfer of inputs, filter elements and partial sums to the sub-clusters.
    pub ingress: u64,
    /// Transfer of outputs away from the sub-clusters.
    pub egress: u64,
    /// The total by what it waits for: compute, NoC in, NoC out. The time of a slowest sub-cluster that is a cluster
    /// is split as its own steps are.
    pub waits: [u64; 3],
}

/// Turns events into cycles.
#[derive(Clone, Debug)]
pub struct Player {
    clock: Clock,
    levels: [AtLevel; MAX_LEVELS],
}

impl Player {
    /// A player for an accelerator. It uses the lanes, bandwidths, latencies and L1 buffering of `hardware`.
    #[inline]
    pub fn new(hardware: &Hardware) -> Player {
        Player { clock: Clock::new(hardware), levels: [AtLevel::default(); MAX_LEVELS] }
    }

    /// Plays an event. Events with a level of [`MAX_LEVELS`] or more are ignored.
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
                // Both levels at the same time, or one after the other.
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

    /// The cycles of the step that is to be played next.
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

    /// On-chip cycles of all events played so far.
    pub fn on_chip(&self) -> u64 {
        self.end().cycles()
    }

    /// Records the time of a cluster, which runs at the same time as others in a variant of the step of the level
    /// above.
    #[cfg_attr(feature = "std", inline(always))]
    fn beside(&mut self, level: u8, variant: u8, steps: &Elapsed) {
        let above = level.checked_sub(1).and_then(|above| self.at(above));
        if let Some(slowest) = above.and_then(|above| above.slowest.get_mut(usize::from(variant))) {
            slowest.beside(steps);
        }
    }

    /// The cycles of a step that is taken once.
    #[cfg_attr(feature = "std", inline(always))]
    fn elapsed(&mut self, step: &Step, variant: u8) -> Elapsed {
        let noc = self.clock.noc(usize::from(step.level));
        let (ingress, egress) = (noc.cycles(step.ingress), noc.cycles(step.egress));
        let overlap = self.clock.l1 == Buffering::Double;
        let mut elapsed = Elapsed::default();
        let compute = if step.operations > 0 {
            // The sub-clusters are PEs: there are no clusters below.
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

    /// Takes what has been given away and drained at a level, and resets it to zero.
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
