//! The walk: takes every step of every level and tracks what each sub-cluster and each buffer holds.
//!
//! The path of an output:
//! * It *leaves* a sub-cluster when that no longer holds it. It is written to the buffer above if no sub-cluster of
//!   the cluster computes it in the same step.
//! * It *enters* a sub-cluster that did not hold it. If the buffer above had a partial sum of it before the step, the
//!   lowest sub-cluster that it enters takes the partial sum.
//! * An output that was written stays in the cluster's buffer as long as the cluster's tile holds it. After that it
//!   moves to the next buffer above.

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
    /// Counts these outputs. Those that `later` steps compute again are partial sums.
    pub fn of(outputs: Set, later: Set) -> Outputs {
        let partial = (outputs & later).len();
        Outputs { finished: outputs.len() - partial, partial }
    }

    /// The number of outputs of both kinds.
    pub fn total(&self) -> u64 {
        self.finished + self.partial
    }

    /// Adds others.
    pub fn add(&mut self, other: Outputs) {
        self.finished += other.finished;
        self.partial += other.partial;
    }
}

/// What moves between a buffer and the sub-clusters below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossing {
    /// Inputs and filter elements read from the buffer.
    pub read: [u64; 2],
    /// Partial sums that are read back from the buffer and arrive in a sub-cluster.
    pub psum: u64,
    /// Outputs written to the buffer, once each.
    pub written: Outputs,
    /// Inputs and filter elements that arrive, summed over sub-clusters.
    pub arrived: [u64; 2],
    /// Outputs that leave, summed over sub-clusters.
    pub left: Outputs,
}

/// A step of level 1, as the buffer above sees it.
pub struct Record {
    /// The turns of the loops.
    pub turns: Vec<usize>,
    /// For each tensor, the elements that all sub-clusters together touch.
    pub touched: [Set; 3],
}

/// A cluster with its sub-clusters, or a PE, which has none.
struct Unit {
    /// For each tensor, the elements that the MACs of the last tile touch.
    held: [Set; 3],
    /// Outputs with a partial sum in the cluster's buffer.
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

    /// The outputs that the sub-clusters hold.
    fn below(&self) -> Set {
        self.subs.iter().fold(Set::default(), |all, sub| all | sub.outputs())
    }
}

/// The time and the active PEs of the steps over a box.
struct Pass {
    time: Timing,
    active: f64,
}

/// What one step moves.
struct Exchange {
    /// Bits that move into the sub-clusters, and out of them.
    bits: [u64; 2],
    /// For each sub-cluster, the outputs that leave it.
    left: Vec<Set>,
}

/// The walk over a layer.
pub struct Walk<'a> {
    space: &'a Space,
    levels: &'a [Level],
    array: &'a Array,
    /// All MACs, and those on inserted zeros.
    pub macs: u64,
    pub macs_on_zeros: u64,
    /// Distinct MACs, and those of them that are useful, that is, not on inserted zeros.
    pub different_macs: u64,
    pub useful_macs: u64,
    seen: Seen,
    /// What crosses between each level and the buffer above it.
    pub crossings: Vec<Crossing>,
    /// The largest tile of a sub-cluster of each level, for each tensor.
    pub largest: Vec<[u64; 3]>,
    /// The maximum number of steps that a level takes over a box.
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

    /// Takes the steps of a level over the box of one of its clusters. `first` is set for the very first steps of the
    /// walk. `later_above` are the outputs that later steps of the levels above compute.
    fn pass(&mut self, depth: usize, unit: &mut Unit, cell: &Cell, first: bool, later_above: Set) -> Pass {
        let steps = self.levels[depth].steps(self.space, cell);
        self.most_steps[depth] = self.most_steps[depth].max(steps.len() as u64);
        if steps.is_empty() {
            // The inner tiles of this cluster leave out its whole box, and other clusters do the work. What the
            // cluster held still leaves.
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

    /// For each step, the outputs that this step and all later ones compute; then an empty set for the end.
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

    /// Takes one step of a level in one cluster. `later` are the outputs that later steps compute.
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

    /// Moves to every sub-cluster what it needs for its tile, and takes from it what it no longer holds.
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
        // The buffer keeps only outputs that the cluster's tile still holds.
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

    /// An idle cluster gives outputs away. They leave all levels below it.
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

    /// The outputs that are still held after the last step drain.
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
