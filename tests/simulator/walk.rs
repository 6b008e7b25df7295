//! The walk: every step of every level, with what each sub-cluster and each buffer holds.
//!
//! How an output goes:
//! * It *leaves* a sub-cluster when that one no longer holds it. It is written to the buffer above if no sub-cluster of the
//!   cluster computes it in the same step.
//! * It *enters* a sub-cluster that did not hold it. It is a partial sum if the buffer above holds one of it before the
//!   step; the lowest sub-cluster that it enters takes it.
//! * What is written waits in the buffer of a cluster while the cluster's tile holds it; else it goes on up.

use maestrino::Tensor;

use super::Array;
use super::level::{Level, Step};
use super::set::{Seen, Set};
use super::space::{Cell, Space};
use super::time::{Timing, Transfer};

/// Outputs that move: finished ones, and partial sums to which a later step adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    pub finished: u64,
    pub partial: u64,
}

impl Outputs {
    /// Of these outputs, some of which `later` steps compute again.
    pub fn of(outputs: Set, later: Set) -> Outputs {
        let partial = (outputs & later).len();
        Outputs { finished: outputs.len() - partial, partial }
    }

    /// Both kinds.
    pub fn total(&self) -> u64 {
        self.finished + self.partial
    }

    /// Adds others.
    pub fn add(&mut self, other: Outputs) {
        self.finished += other.finished;
        self.partial += other.partial;
    }
}

/// What goes between a buffer and the sub-clusters below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossing {
    /// Inputs and filter elements read from the buffer.
    pub read: [u64; 2],
    /// Partial sums read back from the buffer, and that arrive in a sub-cluster.
    pub psum: u64,
    /// Outputs written to the buffer, once each.
    pub written: Outputs,
    /// Inputs and filter elements that arrive, summed over sub-clusters.
    pub arrived: [u64; 2],
    /// Outputs that leave, summed over sub-clusters.
    pub left: Outputs,
}

/// What a step of level 1 is for the buffer above.
pub struct Record {
    /// The turns of its loops.
    pub turns: Vec<usize>,
    /// What all sub-clusters touch, of each tensor.
    pub touched: [Set; 3],
}

/// A cluster, or a PE, which has no sub-clusters.
struct Unit {
    /// Of each tensor, what the MACs of its last tile touch.
    held: [Set; 3],
    /// Outputs of which its buffer holds a partial sum.
    buffered: Set,
    subs: Vec<Unit>,
}

impl Unit {
    fn new(levels: &[Level]) -> Unit {
        let subs = levels.first().map_or(0, |level| level.subs);
        let subs = (0..subs).map(|_| Unit::new(&levels[1..])).collect();
        Unit { held: Default::default(), buffered: Set::default(), subs }
    }

    fn outputs(&self) -> Set {
        self.held[Tensor::Output as usize]
    }

    /// What its sub-clusters hold of the outputs.
    fn below(&self) -> Set {
        self.subs.iter().fold(Set::default(), |all, sub| all | sub.outputs())
    }
}

/// Time and active PEs of the steps over a box.
struct Pass {
    time: Timing,
    active: f64,
}

/// What one step moves.
struct Exchange {
    /// Bits into the sub-clusters, and out of them.
    bits: [u64; 2],
    /// Outputs that leave each sub-cluster.
    left: Vec<Set>,
}

/// The walk over a layer.
pub struct Walk<'a> {
    space: &'a Space,
    levels: &'a [Level],
    array: &'a Array,
    /// MACs performed, and those of them on inserted zeros.
    pub macs: u64,
    pub macs_on_zeros: u64,
    /// Different MACs, and those of them that are useful: not on inserted zeros.
    pub different_macs: u64,
    pub useful_macs: u64,
    seen: Seen,
    /// Between each level and the buffer above it.
    pub crossings: Vec<Crossing>,
    /// The largest tile of a sub-cluster of each level, by tensor.
    pub largest: Vec<[u64; 3]>,
    /// The most steps that a level takes over a box.
    pub most_steps: Vec<u64>,
    /// The steps of level 1.
    pub records: Vec<Record>,
    /// Outputs that the sub-clusters of level 1 hold after the last step.
    pub last: Set,
    /// Cycles on the chip.
    pub time: Timing,
    pub active_pes: f64,
}

impl<'a> Walk<'a> {
    /// Walks through the layer.
    pub fn new(space: &'a Space, levels: &'a [Level], array: &'a Array) -> Walk<'a> {
        let mut walk = Walk {
            space,
            levels,
            array,
            macs: 0,
            macs_on_zeros: 0,
            different_macs: 0,
            useful_macs: 0,
            seen: Seen::new(space.whole().macs()),
            crossings: vec![Crossing::default(); levels.len()],
            largest: vec![[0; 3]; levels.len()],
            most_steps: vec![0; levels.len()],
            records: Vec::new(),
            last: Set::default(),
            time: Timing::default(),
            active_pes: 0.0,
        };
        let mut chip = Unit::new(levels);
        chip.held = Tensor::ALL.map(|tensor| space.elements(tensor));
        let pass = walk.pass(0, &mut chip, &space.whole(), true, Set::default());
        walk.last = chip.below();
        let drain = walk.drain(0, &chip);
        walk.time = pass.time.then(drain);
        walk.active_pes = pass.active;
        walk
    }

    /// The steps of a level over the box of one of its clusters. `first`: the very first steps of all;
    /// `later_above`: outputs that later steps of the levels above compute.
    fn pass(&mut self, depth: usize, unit: &mut Unit, cell: &Cell, first: bool, later_above: Set) -> Pass {
        let steps = self.levels[depth].steps(self.space, cell);
        self.most_steps[depth] = self.most_steps[depth].max(steps.len() as u64);
        if steps.is_empty() {
            // Its inner tiles leave everything out, and other clusters do the work: what it held leaves all the same.
            let stale = unit.below() - unit.outputs();
            return Pass { time: self.give(depth, unit, stale, later_above), active: 0.0 };
        }
        let mut later = self.computed_from(&steps);
        let mut pass = Pass { time: Timing::default(), active: 0.0 };
        let count = steps.len();
        for (i, step) in steps.into_iter().enumerate() {
            later[i + 1] |= later_above;
            let step = self.step(depth, unit, step, first && i == 0, later[i + 1]);
            pass.time = pass.time.then(step.time);
            pass.active += step.active / count as f64;
        }
        pass
    }

    /// For each step, and for none left: the outputs that it and those after it compute.
    fn computed_from(&self, steps: &[Step]) -> Vec<Set> {
        let mut from = vec![Set::default(); steps.len() + 1];
        for (i, step) in steps.iter().enumerate().rev() {
            from[i] = from[i + 1];
            for cell in step.cells.iter().flatten() {
                from[i] |= self.space.touched(cell, Tensor::Output);
            }
        }
        from
    }

    /// One step of a level in one cluster; `later` are the outputs that steps after it compute.
    fn step(&mut self, depth: usize, unit: &mut Unit, step: Step, first: bool, later: Set) -> Pass {
        let touch = |cell: &Cell| Tensor::ALL.map(|tensor| self.space.touched(cell, tensor));
        let now: Vec<Option<[Set; 3]>> = step.cells.iter().map(|cell| cell.as_ref().map(touch)).collect();
        let union = |tensor: usize| now.iter().flatten().fold(Set::default(), |all, now| all | now[tensor]);
        let touched = [0, 1, 2].map(union);
        let computed = touched[Tensor::Output as usize];
        let moved = self.exchange(depth, unit, &now, computed, later);
        let (mut slowest, mut active) = (Timing::default(), 0.0);
        for ((sub, cell), left) in unit.subs.iter_mut().zip(&step.cells).zip(&moved.left) {
            let pass = match cell {
                Some(cell) if sub.subs.is_empty() => self.compute(cell),
                Some(cell) => {
                    let siblings = computed - sub.outputs();
                    self.pass(depth + 1, sub, cell, first, later | siblings)
                }
                None => Pass { time: self.give(depth + 1, sub, *left, later), active: 0.0 },
            };
            slowest = slowest.slower(pass.time);
            active += pass.active;
        }
        let [ingress, egress] = moved.bits.map(|bits| self.noc(depth).cycles(bits));
        if depth == 0 {
            self.records.push(Record { turns: step.turns, touched });
        }
        Pass { time: slowest.step(ingress, egress, first, self.array.l1_buffers), active }
    }

    /// Gives every sub-cluster what it needs for its tile, and takes from it what it no longer holds.
    fn exchange(
        &mut self,
        depth: usize,
        unit: &mut Unit,
        now: &[Option<[Set; 3]>],
        computed: Set,
        later: Set,
    ) -> Exchange {
        let mut crossing = Crossing::default();
        let (mut new, mut back, mut left) = ([Set::default(); 2], Set::default(), Vec::new());
        let leaving = unit.below() - computed;
        for (sub, now) in unit.subs.iter_mut().zip(now) {
            let before = sub.outputs();
            match now {
                Some(now) => {
                    for tensor in 0..2 {
                        let arriving = now[tensor] - sub.held[tensor];
                        new[tensor] |= arriving;
                        crossing.arrived[tensor] += arriving.len();
                    }
                    let entering = ((now[2] - before) & unit.buffered) - back;
                    back |= entering;
                    sub.buffered |= entering;
                    sub.held = *now;
                    for (largest, now) in self.largest[depth].iter_mut().zip(now) {
                        *largest = now.len().max(*largest);
                    }
                }
                None => sub.held[2] = before & computed,
            }
            let gone = before - sub.outputs();
            sub.buffered -= gone;
            crossing.left.add(Outputs::of(gone, later));
            left.push(gone);
        }
        // Only what the tile of the cluster still holds waits in its buffer.
        unit.buffered = (unit.buffered - back) | (leaving & unit.outputs());
        crossing.psum = back.len();
        crossing.written = Outputs::of(leaving, later);
        crossing.read = match self.array.multicast {
            true => new.map(|new| new.len()),
            false => crossing.arrived,
        };
        let bits = [self.array.bits.ingress(&crossing), self.array.bits.outputs(crossing.written)];
        self.count(depth, &crossing);
        Exchange { bits, left }
    }

    /// A PE computes the MACs of its tile.
    fn compute(&mut self, cell: &Cell) -> Pass {
        let macs = cell.macs();
        self.macs += macs;
        let space = self.space;
        space.for_each_run(cell, |at, run, real| {
            let new = run & !self.seen.add(at, run);
            self.different_macs += u64::from(new.count_ones());
            self.useful_macs += u64::from((new & real).count_ones());
            self.macs_on_zeros += u64::from((run & !real).count_ones());
        });
        Pass { time: Timing::compute(macs.div_ceil(self.array.lanes)), active: 1.0 }
    }

    /// Outputs leave everything below an idle cluster, which gives them away.
    fn give(&mut self, depth: usize, unit: &mut Unit, given: Set, later: Set) -> Timing {
        let (mut gone, mut crossing, mut slowest) = (Set::default(), Crossing::default(), Timing::default());
        for sub in &mut unit.subs {
            let left = sub.outputs() & given;
            sub.held[2] -= left;
            sub.buffered -= left;
            gone |= left;
            crossing.left.add(Outputs::of(left, later));
            slowest = slowest.slower(self.give(depth + 1, sub, left, later));
        }
        if gone.is_empty() {
            return slowest;
        }
        crossing.written = Outputs::of(gone, later);
        self.count(depth, &crossing);
        let egress = self.noc(depth).cycles(self.array.bits.outputs(crossing.written));
        slowest.step(0, egress, false, self.array.l1_buffers)
    }

    /// What is still held after the last step drains.
    fn drain(&mut self, depth: usize, unit: &Unit) -> Timing {
        let mut slowest = Timing::default();
        let mut crossing = Crossing::default();
        for sub in &unit.subs {
            crossing.left.finished += sub.outputs().len();
            if !sub.subs.is_empty() {
                slowest = slowest.slower(self.drain(depth + 1, sub));
            }
        }
        crossing.written.finished = unit.below().len();
        self.count(depth, &crossing);
        let egress = self.noc(depth).cycles(self.array.bits.outputs(crossing.written));
        slowest.then(Timing::egress(egress))
    }

    fn noc(&self, depth: usize) -> Transfer {
        self.array.noc[depth.min(self.array.noc.len() - 1)]
    }

    fn count(&mut self, depth: usize, more: &Crossing) {
        let total = &mut self.crossings[depth];
        for tensor in 0..2 {
            total.read[tensor] += more.read[tensor];
            total.arrived[tensor] += more.arrived[tensor];
        }
        total.psum += more.psum;
        total.written.add(more.written);
        total.left.add(more.left);
    }
}
