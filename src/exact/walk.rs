//! One representative of each kind of step, weighted by how often the kind occurs.
//!
//! What a step moves, computes and takes depends on which loop has just advanced (those inside of it go around, those
//! outside stand still) and on the tiles of the loops: the first, one in the middle, the last. What a sub-cluster held
//! before follows from the same: it is its tile in the last step in which it had work, loops inside of the one that
//! advanced being at their last turn. Along each axis that is looked at once for all steps that have it; a step is their
//! product.

use crate::error::Error;
use crate::hardware::MAX_LEVELS;

use super::along::{Along, Move, Side};
use super::axis::{Axis, OutputBounds, Part, PerAxis, Shape, Span};
use super::cluster::{Cluster, Frame, JointLoop, Loop, Nest, Runs, Step, Work};
use super::level::{Level, Tiles};
use super::outputs::{self, alike, zeros};
use super::space::{Group, Pasts, offset};
use super::time::{Clock, Run, StepTime};

/// Kinds of steps that one mapping may have, those of inner levels counted as often as they are looked at.
pub const MAX_STEP_KINDS: u32 = 1 << 15;

/// Elements between a buffer and the sub-clusters that it feeds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Read from the buffer: input, filter.
    pub read: [i64; 2],
    /// Partial sums read back.
    pub psums: i64,
    /// Outputs written to it, partial sums included.
    pub written: i64,
    /// Of those, finished ones.
    pub finished: i64,
    /// Arriving in all sub-clusters: input, filter.
    pub arrived: [i64; 2],
    /// Outputs leaving all sub-clusters.
    pub left: i64,
    /// Of those, finished ones.
    pub left_finished: i64,
    /// The largest tile of a sub-cluster: input, filter, output.
    pub tile: [i64; 3],
    /// Some cluster takes more than one step.
    pub steps: bool,
}

/// What a walk adds up.
#[derive(Clone, Debug)]
pub(super) struct Tallies {
    pub levels: [Tally; MAX_LEVELS],
    pub operations: i64,
    /// Operations on inputs that are no inserted zeros.
    pub on_elements: i64,
}

/// A walk over the levels of a mapping.
pub(super) struct Walk<'a> {
    pub shape: &'a Shape,
    pub levels: &'a [Level],
    pub clock: &'a Clock,
    pub tallies: Tallies,
    pub kinds: u32,
    /// Elements that the first step of all touches, of input and filter.
    pub first_touched: [i64; 2],
    pub pasts: Pasts,
}

/// The steps of a cluster in its present box that are being walked.
pub(super) struct Steps<'a> {
    pub work: Work<'a>,
    /// How often the cluster takes these steps.
    weight: i64,
    run: Run,
    /// The place of the loop that advances; none in the first step.
    pub advanced: Option<usize>,
    /// The step along each axis; the loops inside of the one that advances go around.
    pub along: &'a mut PerAxis<Along>,
    /// For the sub-clusters, unless they are PEs.
    below: Option<&'a mut Frame>,
}

/// A turn of a loop, which stands for others that are alike.
struct Turn {
    /// The loop comes to it, so often.
    advance: Option<(Move, i32)>,
    /// It stands still at it, so often.
    stay: (Move, i32),
}

impl<'a> Walk<'a> {
    pub fn new(shape: &'a Shape, levels: &'a [Level], clock: &'a Clock) -> Walk<'a> {
        let tallies = Tallies { levels: [Tally::default(); MAX_LEVELS], operations: 0, on_elements: 0 };
        Walk { shape, levels, clock, tallies, kinds: 0, first_touched: [0; 2], pasts: Pasts::new() }
    }

    /// Walks the steps of a cluster in its present box. Its counts are added `weight` times.
    pub fn run(&mut self, index: usize, cluster: &Cluster<'_>, frame: &mut Frame, weight: i64) -> Result<Run, Error> {
        let levels = self.levels;
        let Some(level) = levels.get(index) else { return Ok(Run::default()) };
        let mut below = None;
        if !level.leaf {
            below = Some(Frame::new());
        }
        let Frame { nest, along } = frame;
        self.lay(level, cluster, nest)?;
        let mark = self.pasts.mark();
        let (shape, spread) = (self.shape, level.spatial());
        let work = Work { level, index, cluster, nest };
        for axis in shape.axes().filter(|axis| *axis != spread) {
            self.along(&work, axis, Move::Enter, &mut along[axis])?;
        }
        let mut side = Side::new();
        self.side(&work, Move::Enter, &mut side)?;
        let mut steps = Steps { work, weight, run: Run::default(), advanced: None, along, below: below.as_mut() };
        let first = self.step(&mut steps, &side, weight)?;
        steps.run.add(&first, 1);
        if !nest.order.is_empty() {
            if let Some(tally) = self.tallies.levels.get_mut(index) {
                tally.steps = true;
            }
            // Loops of one turn stand still from now on, the others go around until they are outside of what advances.
            for axis in shape.axes().filter(|axis| *axis != spread) {
                match nest.place(axis) {
                    Some(_) => self.along(&work, axis, Move::Around, &mut steps.along[axis])?,
                    None => steps.along[axis].stay(),
                }
            }
            self.side(&work, if nest.place(spread).is_some() { Move::Around } else { Move::Stay(0) }, &mut side)?;
            self.turns(&mut steps, &side, 0, 1)?;
        }
        self.pasts.forget(mark);
        Ok(steps.run)
    }

    /// Every combination of turns of the loops from `place` inwards, one of which advances.
    fn turns(&mut self, steps: &mut Steps<'_>, side: &Side, place: usize, times: i64) -> Result<(), Error> {
        let nest = steps.work.nest;
        let Some(&Loop { axis, each }) = nest.order.get(place) else { return Ok(()) };
        let tiles = &nest.tiles[axis];
        let mut turn = |walk: &mut Self, steps: &mut Steps<'_>, turn: i32| {
            let advance = (turn > 0).then_some((Move::Advance(turn), 1));
            walk.turn(steps, side, place, times, &Turn { advance, stay: (Move::Stay(turn), 1) })
        };
        let saved = steps.along[axis];
        match nest.joint(place) {
            Some(JointLoop::Outer) => {
                let part = &nest.now[axis];
                for outer in 0.. {
                    let Some((start, end)) = tiles.within(part, outer) else { break };
                    let advance = (outer > 0).then_some((Move::Advance(start), 1));
                    let stay = if start == end { Move::Stay(start) } else { Move::Jump(start, end) };
                    self.turn(steps, side, place, times, &Turn { advance, stay: (stay, 1) })?;
                }
            }
            Some(JointLoop::Inner) => {
                // The turn that joint loops are at.
                let current = if axis == steps.work.level.spatial() { side.step.turn() } else { saved.turn };
                let of = |outer: i32| tiles.within(&nest.now[axis], outer);
                let around = (0..).map_while(of).find(|(start, end)| (*start..=*end).contains(&current));
                let (start, end) = around.unwrap_or((current, current));
                for turn in start..=end {
                    let advance = (turn > start).then_some((Move::Advance(turn), 1));
                    self.turn(steps, side, place, times, &Turn { advance, stay: (Move::Stay(turn), 1) })?;
                }
            }
            None if each => (0..tiles.turns).try_for_each(|number| turn(self, steps, number))?,
            None => {
                for &(start, count) in &nest.runs[axis] {
                    // A loop that advances is past its first turn.
                    let past = count - i32::from(start == 0);
                    let turn = start + count - past;
                    let turn = if past > 0 { turn } else { start };
                    let advance = (past > 0).then_some((Move::Advance(turn), past));
                    self.turn(steps, side, place, times, &Turn { advance, stay: (Move::Stay(turn), count) })?;
                }
            }
        }
        steps.along[axis] = saved;
        Ok(())
    }

    /// The loop at `place` comes to a turn, those inside going around; then it stands still at it, and those inside go on.
    fn turn(
        &mut self,
        steps: &mut Steps<'_>,
        side: &Side,
        place: usize,
        times: i64,
        turn: &Turn,
    ) -> Result<(), Error> {
        let work = steps.work;
        let Some(&Loop { axis, .. }) = work.nest.order.get(place) else { return Ok(()) };
        let goes_on = place + 1 < work.nest.order.len();
        let mark = self.pasts.mark();
        let spatial = axis == work.level.spatial();
        let mut own = Side::new();
        if let Some((step, count)) = turn.advance {
            steps.advanced = Some(place);
            let times = times * i64::from(count);
            let weight = steps.weight.saturating_mul(times);
            let time = if spatial {
                self.side(&work, step, &mut own)?;
                self.step(steps, &own, weight)?
            } else {
                self.along(&work, axis, step, &mut steps.along[axis])?;
                self.step(steps, side, weight)?
            };
            steps.run.add(&time, times);
        }
        if goes_on {
            let (step, count) = turn.stay;
            let times = times * i64::from(count);
            if spatial {
                self.side(&work, step, &mut own)?;
                self.turns(steps, &own, place + 1, times)?;
            } else {
                match (turn.advance, step) {
                    (Some((Move::Advance(there), _)), Move::Stay(here)) if there == here => steps.along[axis].stay(),
                    _ => self.along(&work, axis, step, &mut steps.along[axis])?,
                }
                self.turns(steps, side, place + 1, times)?;
            }
        }
        self.pasts.forget(mark);
        Ok(())
    }

    /// Lays the loops of a level over a cluster's present box. Tiles depend on extents alone.
    fn lay(&self, level: &Level, cluster: &Cluster<'_>, nest: &mut Nest) -> Result<(), Error> {
        let shape = self.shape;
        nest.order.clear();
        let mut moves = false;
        for axis in shape.axes() {
            let part = cluster.part(shape, axis);
            let as_large = nest.known && offset(&nest.now[axis], &part, shape.slides[axis]).is_some();
            nest.now[axis] = part;
            if !as_large {
                nest.tiles[axis] = level.divide(shape, axis, &part)?;
                let tiles = &nest.tiles[axis];
                if tiles.turns > 1 && tiles.regular {
                    nest.runs[axis] = self.runs(axis, tiles, &part);
                }
            }
            moves |= nest.tiles[axis].turns > 1;
        }
        nest.known = true;
        for &(axis, is_filter) in level.loops.iter().filter(|_| moves) {
            let tiles = &nest.tiles[axis];
            let moves = tiles.turns > 1 && (tiles.filter_moves == is_filter || tiles.together() || tiles.is_joint());
            if moves && (tiles.is_joint() || nest.place(axis).is_none()) {
                let uncut = !shape.produces(axis) || alike(shape, cluster, axis, nest.now[axis].outputs);
                // There is room for every axis.
                let _ = nest.order.push(Loop { axis, each: !(tiles.regular && uncut) });
            }
        }
        Ok(())
    }

    /// Turns that are alike.
    fn runs(&self, axis: Axis, tiles: &Tiles, part: &Part) -> Runs {
        let produces = self.shape.produces(axis) && tiles.moves_outputs();
        let last = tiles.turns - 1;
        let (Some(first), Some(second), Some(end)) = (tiles.hull(part, 0), tiles.hull(part, 1), tiles.hull(part, last))
        else {
            return Runs::new();
        };
        let apart = first.outputs.meet(second.outputs).is_empty();
        let alike = offset(&first, &end, self.shape.slides[axis]).is_some();
        let own_first = !(produces && apart);
        let own_last =
            !alike || tiles.active(0).len() != tiles.active(last).len() || (own_first && self.clock.widens());
        let (start, end) = (i32::from(own_first), tiles.turns - i32::from(own_last));
        // Room for three.
        let mut runs = Runs::new();
        for (start, end) in [(0, start), (start, end), (end.max(start), tiles.turns)] {
            if end > start {
                let _ = runs.push((start, end - start));
            }
        }
        runs
    }

    /// One step, which occurs `weight` times.
    fn step(&mut self, steps: &mut Steps<'_>, side: &Side, weight: i64) -> Result<StepTime, Error> {
        self.kinds += 1;
        if self.kinds > MAX_STEP_KINDS {
            return Err(Error::TooIrregular);
        }
        let Steps { work, along, below, advanced, .. } = steps;
        let along = &**along;
        let Work { level, index, cluster, .. } = *work;
        let (shape, spread, enters) = (self.shape, level.spatial(), advanced.is_none());
        let continues = !enters || cluster.continues();
        // What an idle cluster has given away it does not have any more.
        let keeps = continues && (!enters || cluster.above.is_none() || !cluster.held.is_none());
        let step = Step { cluster, spread, side, along, advanced: *advanced, keeps };

        // Products over the other axes. Outputs that enter the sub-clusters, those that stay from the step before, and those
        // that are computed for the first time; elements that a tile touches, and those that the tile before did.
        let (mut outputs, mut before, mut stayed, mut first) = (1, 1, 1, 1);
        let (mut touched, mut held, mut points) = ([1; 3], [1; 2], [1; 2]);
        for axis in shape.axes() {
            if axis == spread {
                continue;
            }
            let Along { outputs: of, counts, shared, points: own, .. } = &along[axis];
            outputs *= of.now.len();
            before *= of.before.len();
            stayed *= of.now.meet(of.before).len();
            first *= of.first.len();
            touched = [touched[0] * counts[0], touched[1] * counts[1], touched[2] * counts[2]];
            held = [held[0] * shared[0], held[1] * shared[1]];
            points = [points[0] * own[0], points[1] * own[1]];
        }
        let of = &side.outputs;
        let stayed_along = stayed;
        outputs *= of.now.len();
        before *= of.before.len();
        stayed *= of.now.meet(of.before).len();
        first *= of.first.len();
        if !keeps {
            (before, stayed) = (0, 0);
        }
        let entered = outputs - stayed;
        let fresh = match cluster.above {
            _ if entered == 0 || first == 0 => 0,
            None => first,
            Some(_) => zeros(shape, cluster, &step.bounds(shape, |outputs| outputs.first)),
        };
        let psums = entered - fresh;
        let given = before - stayed;
        // Finished outputs among those given away, and among those that this step holds.
        let mut finished = None;
        if self.clock.widens() {
            let last = step.bounds(shape, |outputs| outputs.last);
            let mut leaving = OutputBounds::NONE;
            if keeps {
                leaving = step.bounds(shape, |outputs| outputs.last_before);
                leaving = match enters {
                    true => outputs::finished_before(shape, cluster, leaving),
                    false => outputs::finished(shape, cluster, leaving),
                };
            }
            finished = Some(Finished { leaving, staying: outputs::finished(shape, cluster, last) });
        }
        let given_finished = finished.as_ref().map_or(0, |finished| finished.leaving.volume());

        // What is new, once for all sub-clusters and for each of them.
        if !continues {
            held = [0; 2];
        }
        if !shape.has_filter {
            (touched[1], held[1]) = (0, 0);
        }
        let mut read = [0; 2];
        for (tensor, together) in side.together.iter().enumerate() {
            read[tensor] = touched[tensor] * together.touched - held[tensor] * (together.touched - together.fresh);
        }
        if enters && cluster.above.is_none() {
            self.first_touched = [0, 1].map(|tensor| touched[tensor] * side.together[tensor].touched);
        }

        // The slowest sub-cluster.
        let mut time = StepTime::default();
        let mut arrived = [0; 2];
        let (mut left, mut left_finished) = (0, 0);
        let mut tile = [0; 3];
        let mut lower: Option<Span> = None;
        for group in &side.groups {
            let count = i64::from(group.count);
            for tensor in 0..2 {
                arrived[tensor] +=
                    (touched[tensor] * group.counts[tensor] - held[tensor] * group.shared[tensor]) * count;
            }
            for (tensor, largest) in tile.iter_mut().enumerate() {
                *largest = (touched[tensor] * group.counts[tensor]).max(*largest);
            }
            let mut own_held = OutputBounds::NONE;
            let mut still_held = 0;
            if let Some(own) = group.history.last().filter(|past| keeps && past.kept) {
                let idled = self.idled(work, &step, group.q);
                if idled || !level.leaf || finished.is_some() {
                    own_held = self.held(work, &step, group, idled);
                }
                if idled {
                    let mut now = step.bounds(shape, |outputs| outputs.now);
                    if shape.produces(spread) {
                        now[spread] = group.now.outputs;
                    }
                    still_held = own_held.shared(&now);
                } else if shape.produces(spread) {
                    still_held = stayed_along * group.now.outputs.meet(own.part.outputs).meet(of.before).len();
                } else {
                    still_held = stayed_along;
                }
            }
            left += count * (touched[2] * group.counts[2] - still_held);
            if let Some(finished) = &finished {
                let mut outputs = finished.staying;
                if shape.produces(spread) {
                    outputs[spread] = outputs[spread].meet(group.now.outputs);
                }
                left_finished += count * outputs.volume();
                // What another computes in this step has left this one in it, finished if it will be for the other.
                left_finished += count * (own_held.shared(&finished.staying) - own_held.shared(&outputs));
            }
            let Some(below) = below.as_deref_mut() else {
                let operations = points[0] * group.now.points();
                self.tallies.operations += operations * count * weight;
                self.tallies.on_elements += match shape.inserts {
                    false => operations,
                    true => points[1] * shape.slides[spread].points_on_elements(&group.now),
                } * count
                    * weight;
                time.compute(self.clock.pe(operations), count);
                continue;
            };
            // The first of all gets the partial sums that others compute as well.
            let overlap = !shape.produces(spread) || group.overlaps();
            let split = if psums > 0 && lower.is_none() && overlap && group.count > 1 { 1 } else { group.count };
            {
                for (from, count) in [(0, split), (split, group.count - split)] {
                    if count == 0 {
                        continue;
                    }
                    let mark = self.pasts.mark();
                    let member = group.member(from, &mut self.pasts)?;
                    let inner = Cluster {
                        above: Some(&step),
                        now: member.now,
                        history: member.history,
                        held: if from == 0 { own_held } else { self.held_of(work, &step, &member) },
                        lowest: match lower {
                            _ if !shape.produces(spread) => if lower.is_some() { Span::NONE } else { Span::ONE },
                            // Filter tiles that advance take outputs backwards.
                            Some(lower) if member.now.outputs.lo < lower.lo => {
                                Span::new(member.now.outputs.lo, member.now.outputs.hi.min(lower.lo))
                            }
                            Some(lower) => Span::new(member.now.outputs.lo.max(lower.hi), member.now.outputs.hi),
                            None => member.now.outputs,
                        },
                        starting: cluster.starting && enters,
                    };
                    let run = self.run(index + 1, &inner, below, weight * i64::from(count))?;
                    self.pasts.forget(mark);
                    time.compute(run, count.into());
                    lower = Some(member.now.outputs);
                }
            }
            lower = Some(group.last().outputs);
        }
        if keeps && (!level.leaf || finished.is_some()) {
            self.idle(work, &step, finished.as_ref(), weight, &mut time)?;
        }

        let noc = self.clock.noc(index);
        let moved_in = if self.clock.multicast { read } else { arrived };
        let bits = &self.clock.bits;
        time.transfers(
            noc.cycles(moved_in[0] * bits.input + moved_in[1] * bits.filter + psums * bits.psum),
            noc.cycles(given_finished * bits.output + (given - given_finished) * bits.psum),
            cluster.starting && enters,
        );
        if let Some(tally) = self.tallies.levels.get_mut(index) {
            for tensor in 0..2 {
                tally.read[tensor] += moved_in[tensor] * weight;
                tally.arrived[tensor] += arrived[tensor] * weight;
            }
            tally.psums += psums * weight;
            tally.written += entered * weight;
            tally.finished += finished.as_ref().map_or(0, |finished| finished.staying.volume()) * weight;
            tally.left += left * weight;
            tally.left_finished += left_finished * weight;
            for (largest, tile) in tally.tile.iter_mut().zip(tile) {
                *largest = tile.max(*largest);
            }
        }
        Ok(time)
    }

    /// Whether a sub-cluster at work was idle in the step before, loops inside of the spatial one having gone around.
    fn idled(&self, work: &Work<'_>, step: &Step<'_>, q: i32) -> bool {
        let (spread, nest) = (step.spread, work.nest);
        let idled = |tiles: &Tiles| tiles.last_turn(q).is_some_and(|turn| turn != tiles.turns - 1);
        match step.side.step {
            Move::Around => idled(&nest.tiles[spread]),
            Move::Enter => match step.cluster.past(spread).last() {
                Some(past) => self.tiles_of(work, spread, &past.part, &mut None).is_ok_and(idled),
                None => false,
            },
            _ => false,
        }
    }

    /// Outputs that a sub-cluster still holds from before.
    fn held_of(&self, work: &Work<'_>, step: &Step<'_>, group: &Group) -> OutputBounds {
        match group.history.last().filter(|past| past.kept && step.keeps) {
            Some(_) => self.held(work, step, group, self.idled(work, step, group.q)),
            None => OutputBounds::NONE,
        }
    }

    /// The same of one that has kept some, and may have been idle in the step before.
    fn held(&self, work: &Work<'_>, step: &Step<'_>, group: &Group, idled: bool) -> OutputBounds {
        let Some(own) = group.history.last() else { return OutputBounds::NONE };
        let (shape, nest, spread) = (self.shape, work.nest, step.spread);
        let mut held = step.bounds(shape, |outputs| outputs.before);
        if shape.produces(spread) {
            held[spread] = held[spread].meet(own.part.outputs);
        }
        if idled {
            let place = nest.place(spread).unwrap_or(0);
            for axis in nest.order.iter().skip(place + 1).map(|inside| inside.axis) {
                if !shape.produces(axis) {
                    continue;
                }
                let part = match step.enters() {
                    true => step.cluster.past(axis).last().map(|past| past.part),
                    false => Some(nest.now[axis]),
                };
                let first = part.and_then(|part| self.tiles_of(work, axis, &part, &mut None).ok()?.at(&part, 0, 0));
                held[axis] = held[axis].meet(first.map_or(Span::NONE, |first| first.outputs));
            }
        }
        held
    }
}

/// Finished outputs of a step: those that it gives away, and those that it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finished {
    pub leaving: OutputBounds,
    pub staying: OutputBounds,
}
