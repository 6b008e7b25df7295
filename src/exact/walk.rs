//! One representative of each kind of step, weighted by how often the kind occurs.
//!
//! What a step moves, computes and takes depends on which loop has just advanced (those inside of it go around, those
//! outside stand still) and on the tiles of the loops: the first, one in the middle, the last. What a sub-cluster held
//! before follows from the same: it is its tile in the last step in which it had work, loops inside of the one that
//! advanced being at their last turn. Along each axis that is looked at once for all steps that have it; a step is their
//! product.

use heapless::Vec;

use crate::error::Error;
use crate::hardware::MAX_LEVELS;

use super::along::{Along, Move, Side};
use super::axis::{Axis, OutputBounds, Part, PerAxis, Shape, Span};
use super::cluster::{Cluster, JointLoop, Nest, Runs};
use super::level::{Level, Tiles};
use super::outputs::{Arrivals, alike, finished, finished_before, zeros};
use super::space::{Group, offset};
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
}

/// The steps of a cluster in its present box that are being walked.
pub(super) struct Steps<'a> {
    pub index: usize,
    pub level: &'a Level,
    pub cluster: &'a Cluster<'a>,
    pub nest: &'a Nest,
    /// How often the cluster takes these steps.
    weight: i64,
    run: Run,
    /// The place of the loop that advances.
    pub advanced: usize,
    /// The step along each axis; the loops inside of the one that advances go around.
    pub along: PerAxis<Along>,
    /// The turns that joint loops are at.
    turn: PerAxis<i32>,
}

/// Outputs of a step, as boxes.
pub(super) struct StepOutputs {
    pub now: OutputBounds,
    pub before: Option<OutputBounds>,
    pub first: Option<OutputBounds>,
    pub last: Option<OutputBounds>,
    pub last_before: Option<OutputBounds>,
}

impl<'a> Walk<'a> {
    pub fn new(shape: &'a Shape, levels: &'a [Level], clock: &'a Clock) -> Walk<'a> {
        let tallies = Tallies { levels: [Tally::default(); MAX_LEVELS], operations: 0, on_elements: 0 };
        Walk { shape, levels, clock, tallies, kinds: 0, first_touched: [0; 2] }
    }

    /// Walks the steps of a cluster in its present box. Its counts are added `weight` times.
    pub fn run(&mut self, index: usize, cluster: &Cluster<'_>, weight: i64) -> Result<Run, Error> {
        let levels = self.levels;
        let Some(level) = levels.get(index) else { return Ok(Run::default()) };
        let nest = self.nest(level, cluster)?;
        let (shape, spread) = (self.shape, level.spatial());
        let mut along = PerAxis([Along::ONE; 6]);
        for axis in shape.axes().filter(|axis| *axis != spread) {
            along[axis] = self.along(level, cluster, &nest, axis, Move::Enter)?;
        }
        let mut steps = Steps {
            index,
            level,
            cluster,
            nest: &nest,
            weight,
            run: Run::default(),
            advanced: 0,
            along,
            turn: PerAxis([0; 6]),
        };
        let mut side = Side::new();
        self.side(level, cluster, &nest, Move::Enter, &mut side)?;
        let first = self.step(&steps, &side, true, weight)?;
        steps.run.add(&first, 1);
        if nest.order.is_empty() {
            return Ok(steps.run);
        }
        if let Some(tally) = self.tallies.levels.get_mut(index) {
            tally.steps = true;
        }
        // Loops of one turn stand still from now on, the others go around until they are outside of what advances.
        let mut around = PerAxis([Along::ONE; 6]);
        let step_of = |axis: Axis| if nest.place(axis).is_some() { Move::Around } else { Move::Stay(0) };
        for axis in shape.axes().filter(|axis| *axis != spread) {
            around[axis] = self.along(level, cluster, &nest, axis, step_of(axis))?;
        }
        self.side(level, cluster, &nest, step_of(spread), &mut side)?;
        for advanced in 0..nest.order.len() {
            steps.advanced = advanced;
            steps.along = around;
            self.kinds_from(&mut steps, &side, 0, 1)?;
        }
        Ok(steps.run)
    }

    /// Every combination of turns of the loops from `place` to the one that advances.
    fn kinds_from(&mut self, steps: &mut Steps<'_>, side: &Side, place: usize, times: i64) -> Result<(), Error> {
        let (level, cluster, nest) = (steps.level, steps.cluster, steps.nest);
        let Some(&axis) = nest.order.get(place) else { return Ok(()) };
        let advances = place == steps.advanced;
        // The turn that joint loops are at.
        let current = if axis == level.spatial() { side.step.turn() } else { steps.turn[axis] };
        let mut visit = |walk: &mut Self, step: Move, count: i32| {
            let times = times * i64::from(count);
            if axis == level.spatial() {
                let mut side = Side::new();
                walk.side(level, cluster, nest, step, &mut side)?;
                return walk.kinds_within(steps, &side, place, advances, times);
            }
            steps.turn[axis] = step.turn();
            steps.along[axis] = walk.along(level, cluster, nest, axis, step)?;
            walk.kinds_within(steps, side, place, advances, times)
        };
        let first = i32::from(advances);
        let (tiles, part) = (&nest.tiles[axis], &cluster.now[axis]);
        match nest.joint(place) {
            Some(JointLoop::Outer) => {
                let mut outer = 0;
                while let Some((start, end)) = tiles.within(part, outer) {
                    let step = match advances {
                        true => Move::Advance(start),
                        false if start == end => Move::Stay(start),
                        false => Move::Jump(start, end),
                    };
                    if outer >= first {
                        visit(self, step, 1)?;
                    }
                    outer += 1;
                }
                return Ok(());
            }
            Some(JointLoop::Inner) => {
                let mut outer = 0;
                while let Some((start, end)) = tiles.within(part, outer) {
                    if (start..=end).contains(&current) {
                        for turn in start + first..=end {
                            visit(self, if advances { Move::Advance(turn) } else { Move::Stay(turn) }, 1)?;
                        }
                        break;
                    }
                    outer += 1;
                }
                return Ok(());
            }
            None => {}
        }
        let step = |turn: i32| if advances { Move::Advance(turn) } else { Move::Stay(turn) };
        let Some(Some(runs)) = nest.runs.get(place) else {
            return (first..nest.tiles[axis].turns).try_for_each(|turn| visit(self, step(turn), 1));
        };
        for &(start, count) in runs {
            // A loop that advances is past its first turn.
            let skip = if start == 0 { first } else { 0 };
            if count > skip {
                visit(self, step(start + skip), count - skip)?;
            }
        }
        Ok(())
    }

    /// What is left once the loop at `place` is at a turn: the step itself, or the loops inside.
    fn kinds_within(
        &mut self,
        steps: &mut Steps<'_>,
        side: &Side,
        place: usize,
        advances: bool,
        times: i64,
    ) -> Result<(), Error> {
        if !advances {
            return self.kinds_from(steps, side, place + 1, times);
        }
        let time = self.step(steps, side, false, steps.weight.saturating_mul(times))?;
        steps.run.add(&time, times);
        Ok(())
    }

    /// The loops of a level in a cluster's present box.
    fn nest(&self, level: &Level, cluster: &Cluster<'_>) -> Result<Nest, Error> {
        let (shape, bounds) = (self.shape, &cluster.now);
        let mut nest = Nest { tiles: PerAxis([Tiles::ONE; 6]), order: Vec::new(), runs: Vec::new() };
        for axis in shape.axes() {
            nest.tiles[axis] = level.divide(shape, axis, &bounds[axis])?;
        }
        for &(axis, is_filter) in &level.loops {
            let tiles = &nest.tiles[axis];
            let moves = tiles.turns > 1 && (tiles.filter_moves == is_filter || tiles.together() || tiles.is_joint());
            if moves && (tiles.is_joint() || !nest.order.contains(&axis)) {
                let uncut = !shape.produces(axis) || alike(cluster, axis, bounds[axis].outputs);
                let runs = (tiles.regular && uncut).then(|| self.runs(axis, tiles, &bounds[axis]));
                // There is room for every axis.
                let _ = nest.order.push(axis);
                let _ = nest.runs.push(runs);
            }
        }
        Ok(nest)
    }

    /// Turns that are alike.
    fn runs(&self, axis: Axis, tiles: &Tiles, part: &Part) -> Runs {
        let produces = self.shape.produces(axis) && tiles.moves_outputs();
        let (first, second) = (tiles.hull(part, 0), tiles.hull(part, 1));
        let apart = match (first, second) {
            (Some(first), Some(second)) => first.outputs.meet(second.outputs).is_empty(),
            _ => false,
        };
        let last = tiles.turns - 1;
        let alike = match (first, tiles.hull(part, last)) {
            (Some(first), Some(last)) => offset(&first, &last, self.shape.slides[axis]).is_some(),
            _ => false,
        };
        let own_first = !(produces && apart);
        let own_last =
            !alike || tiles.active(0).len() != tiles.active(last).len() || (own_first && self.clock.widens());
        let mut runs = Runs::new();
        let (mut start, mut end) = (0, tiles.turns);
        // There is room for three.
        if own_first {
            let _ = runs.push((0, 1));
            start = 1;
        }
        if own_last && end > start {
            end -= 1;
        }
        if end > start {
            let _ = runs.push((start, end - start));
        }
        if end < tiles.turns {
            let _ = runs.push((last, 1));
        }
        runs
    }

    /// One step, which occurs `weight` times.
    fn step(&mut self, steps: &Steps<'_>, side: &Side, enters: bool, weight: i64) -> Result<StepTime, Error> {
        self.kinds += 1;
        if self.kinds > MAX_STEP_KINDS {
            return Err(Error::TooIrregular);
        }
        let Steps { index, level, cluster, along, .. } = steps;
        let (shape, spread) = (self.shape, level.spatial());
        let others = || shape.axes().filter(move |axis| *axis != spread);
        let continues = !enters || cluster.continues();
        // What an idle cluster has given away it does not have any more.
        let keeps = continues && (!enters || cluster.above.is_none() || cluster.arrivals.held.is_some());

        // Outputs that enter the sub-clusters, those of them that are partial sums, and those that leave.
        let (mut outputs, mut before, mut stayed) = (1, 1, 1);
        let mut is_first = true;
        let mut first = 1;
        for of in others().map(|axis| &along[axis].outputs).chain([&side.outputs]) {
            outputs *= of.now.len();
            before *= of.before.len();
            stayed *= of.now.meet(of.before).len();
            match of.first {
                Some(span) => first *= span.len(),
                None => is_first = false,
            }
        }
        if !keeps {
            (before, stayed) = (0, 0);
        }
        let entered = outputs - stayed;
        let needs_boxes = !level.leaf || self.clock.widens();
        let boxes =
            (needs_boxes || (cluster.above.is_some() && entered > 0)).then(|| steps.outputs(shape, side, keeps));
        let fresh = match &boxes {
            _ if entered == 0 || !is_first => 0,
            Some(StepOutputs { first: Some(first), .. }) if cluster.above.is_some() => zeros(*cluster, first),
            _ => first,
        };
        let psums = entered - fresh;
        let given = before - stayed;
        let (mut leaving, mut finishing) = (None, None);
        if let Some(boxes) = boxes.as_ref().filter(|_| self.clock.widens()) {
            leaving = match boxes.last_before {
                Some(last) if !enters => finished(*cluster, last),
                Some(last) => finished_before(*cluster, last),
                None => None,
            };
            finishing = boxes.last.and_then(|last| finished(*cluster, last));
        }
        let given_finished = leaving.as_ref().map_or(0, OutputBounds::volume);

        // What is new, once for all sub-clusters and for each of them.
        let (mut read, mut arrived) = ([0; 2], [0; 2]);
        let mut touched = [1; 3];
        for (tensor, touched) in touched.iter_mut().enumerate() {
            *touched = others().map(|axis| along[axis].counts[tensor]).product();
        }
        if !shape.has_filter {
            touched[1] = 0;
        }
        let mut held = [0; 2];
        if continues {
            for (tensor, held) in held.iter_mut().enumerate() {
                *held = touched[tensor].min(1) * others().map(|axis| along[axis].shared[tensor]).product::<i64>();
            }
        }
        for (tensor, together) in side.together.iter().enumerate() {
            if enters
                && cluster.above.is_none()
                && let Some(first) = self.first_touched.get_mut(tensor)
            {
                *first = touched[tensor] * together.touched;
            }
            read[tensor] = touched[tensor] * together.touched - held[tensor] * (together.touched - together.fresh);
        }

        // The slowest sub-cluster.
        let mut time = StepTime::default();
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
            let own = touched[2] * group.counts[2];
            let stayed = if keeps { self.still_held(steps, side, group, enters) } else { 0 };
            left += count * (own - stayed);
            if let Some(finishing) = &finishing {
                let mut outputs = *finishing;
                if shape.produces(spread) {
                    outputs[spread] = outputs[spread].meet(group.now.outputs);
                }
                left_finished += count * outputs.volume();
                // What another computes in this step has left this one in it, finished if it will be for the other.
                if let Some(boxes) = boxes.as_ref().filter(|_| keeps) {
                    let gone = self.held(steps, boxes, group, enters).map_or(0, |held| {
                        let held = held.meet(finishing);
                        held.volume() - held.meet(&outputs).volume()
                    });
                    left_finished += count * gone;
                }
            }
            if level.leaf {
                let points = |kind: usize| others().map(|axis| along[axis].points[kind]).product::<i64>();
                let operations = points(0) * group.now.points();
                self.tallies.operations += operations * count * weight;
                let on_elements = match shape.slides[spread].every {
                    1 => points(1) * group.now.points(),
                    _ => points(1) * shape.slides[spread].points_on_elements(&group.now),
                };
                self.tallies.on_elements += on_elements * count * weight;
                time.compute(self.clock.pe(operations), count);
            } else if let Some(boxes) = &boxes {
                // The first of all gets the partial sums that others compute as well.
                let overlap = !shape.produces(spread) || group.overlaps();
                let split = if psums > 0 && lower.is_none() && overlap && group.count > 1 { 1 } else { group.count };
                for (from, count) in [(0, split), (split, group.count - split)] {
                    if count > 0 {
                        let member = group.member(from);
                        let run = self.below(steps, boxes, &member, enters, lower, weight * i64::from(count))?;
                        time.compute(run, count.into());
                        lower = Some(if shape.produces(spread) { member.now.outputs } else { Span::new(0, 1) });
                    }
                }
            }
            lower = Some(if shape.produces(spread) { group.last().outputs } else { Span::new(0, 1) });
        }
        if let Some(boxes) = boxes.as_ref().filter(|_| needs_boxes) {
            self.idle(steps, side, boxes, enters, [leaving, finishing], weight, &mut time)?;
        }

        let noc = self.clock.noc(*index);
        let moved_in = if self.clock.multicast { read } else { arrived };
        let bits = &self.clock.bits;
        time.transfers(
            noc.cycles(moved_in[0] * bits.input + moved_in[1] * bits.filter + psums * bits.psum),
            noc.cycles(given_finished * bits.output + (given - given_finished) * bits.psum),
            cluster.starting && enters,
        );
        if let Some(tally) = self.tallies.levels.get_mut(*index) {
            for tensor in 0..2 {
                tally.read[tensor] += moved_in[tensor] * weight;
                tally.arrived[tensor] += arrived[tensor] * weight;
            }
            tally.psums += psums * weight;
            tally.written += entered * weight;
            tally.finished += finishing.as_ref().map_or(0, OutputBounds::volume) * weight;
            tally.left += left * weight;
            tally.left_finished += left_finished * weight;
            for (largest, tile) in tally.tile.iter_mut().zip(tile) {
                *largest = tile.max(*largest);
            }
        }
        Ok(time)
    }

    /// The run of one sub-cluster at work in a step.
    fn below(
        &mut self,
        steps: &Steps<'_>,
        boxes: &StepOutputs,
        member: &Group,
        enters: bool,
        lower: Option<Span>,
        weight: i64,
    ) -> Result<Run, Error> {
        let (shape, spread) = (self.shape, steps.level.spatial());
        let mut now = steps.cluster.now;
        for axis in shape.axes() {
            now[axis] = if axis == spread { member.now } else { steps.along[axis].now };
        }
        let own = shape.outputs(&now);
        let mut lowest = own;
        lowest[spread] = match lower {
            Some(_) if !shape.produces(spread) => Span::new(0, 0),
            // Filter tiles that advance take outputs backwards.
            Some(lower) if own[spread].lo < lower.lo => Span::new(own[spread].lo, own[spread].hi.min(lower.lo)),
            Some(lower) => Span::new(own[spread].lo.max(lower.hi), own[spread].hi),
            None => own[spread],
        };
        let arrivals = Arrivals {
            held: self.held(steps, boxes, member, enters),
            before: boxes.before,
            first: boxes.first,
            lowest: Some(lowest),
            last: boxes.last,
            last_before: boxes.last_before,
            inside: !enters,
        };
        let inner = Cluster {
            now,
            along: Some(&steps.along),
            spread,
            own_past: member.history,
            arrivals,
            above: Some(steps.cluster),
            starting: steps.cluster.starting && enters,
        };
        self.run(steps.index + 1, &inner, weight)
    }

    /// How many of its outputs in this step a sub-cluster holds already.
    fn still_held(&self, steps: &Steps<'_>, side: &Side, group: &Group, enters: bool) -> i64 {
        let Some(own) = group.history.first().filter(|past| past.kept) else { return 0 };
        let (shape, spread) = (self.shape, steps.level.spatial());
        if self.idled(steps, group, side.step) {
            let boxes = steps.outputs(shape, side, true);
            let mut now = boxes.now;
            if shape.produces(spread) {
                now[spread] = group.now.outputs;
            }
            return self.held(steps, &boxes, group, enters).map_or(0, |held| held.meet(&now).volume());
        }
        let mut held = match shape.produces(spread) {
            true => group.now.outputs.meet(own.part.outputs).meet(side.outputs.before).len(),
            false => 1,
        };
        for axis in shape.axes().filter(|axis| *axis != spread) {
            let outputs = &steps.along[axis].outputs;
            held *= outputs.now.meet(outputs.before).len();
        }
        held
    }

    /// Whether a sub-cluster at work was idle in the step before, loops inside of the spatial one having gone around.
    fn idled(&self, steps: &Steps<'_>, group: &Group, step: Move) -> bool {
        let (cluster, nest, level) = (steps.cluster, steps.nest, steps.level);
        let spread = level.spatial();
        let tiles = match step {
            Move::Around => nest.tiles[spread],
            Move::Enter => match cluster.past(spread).first() {
                Some(past) => match self.tiles_of(level, cluster, nest, spread, &past.part) {
                    Ok(tiles) => tiles,
                    Err(_) => return false,
                },
                None => return false,
            },
            _ => return false,
        };
        tiles.last_turn(group.q).is_some_and(|turn| turn != tiles.turns - 1)
    }

    /// Outputs that a sub-cluster still holds from before.
    fn held(&self, steps: &Steps<'_>, boxes: &StepOutputs, group: &Group, enters: bool) -> Option<OutputBounds> {
        let own = group.history.first().filter(|past| past.kept)?;
        let (shape, cluster, nest, level) = (self.shape, steps.cluster, steps.nest, steps.level);
        let spread = level.spatial();
        let mut held = boxes.before?;
        if shape.produces(spread) {
            held[spread] = held[spread].meet(own.part.outputs);
        }
        let step = if enters {
            Move::Enter
        } else if nest.place(spread).is_some_and(|place| place > steps.advanced) {
            Move::Around
        } else {
            Move::Stay(0)
        };
        if self.idled(steps, group, step) {
            let place = nest.place(spread).unwrap_or(0);
            for &axis in nest.order.iter().skip(place + 1).filter(|axis| shape.produces(**axis)) {
                let part = if enters { cluster.past(axis).first()?.part } else { cluster.now[axis] };
                let first = self.tiles_of(level, cluster, nest, axis, &part).ok()?.at(&part, 0, 0)?;
                held[axis] = held[axis].meet(first.outputs);
            }
        }
        Some(held)
    }
}

impl Steps<'_> {
    /// The outputs of a step as boxes. Those before count only where they have been kept.
    fn outputs(&self, shape: &Shape, side: &Side, keeps: bool) -> StepOutputs {
        let mut boxes = StepOutputs {
            now: OutputBounds::ONE,
            before: keeps.then_some(OutputBounds::ONE),
            first: Some(OutputBounds::ONE),
            last: Some(OutputBounds::ONE),
            last_before: keeps.then_some(OutputBounds::ONE),
        };
        let set = |bounds: &mut Option<OutputBounds>, axis: Axis, span: Option<Span>| match span {
            Some(span) => {
                if let Some(bounds) = bounds {
                    bounds[axis] = span;
                }
            }
            None => *bounds = None,
        };
        let spread = self.level.spatial();
        for axis in shape.axes() {
            let of = if axis == spread { &side.outputs } else { &self.along[axis].outputs };
            boxes.now[axis] = of.now;
            set(&mut boxes.before, axis, Some(of.before));
            set(&mut boxes.first, axis, of.first);
            set(&mut boxes.last, axis, of.last);
            set(&mut boxes.last_before, axis, of.last_before);
        }
        boxes
    }
}
