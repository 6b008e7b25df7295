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

use super::along::{Along, Factors, Move, Side};
use super::axis::{Axis, Part, Shape};
use super::cluster::{Alongs, AxisLoop, Cluster, Frame, JointLoop, Loop, Nest, Runs, Work};
use super::kinds::Listener;
use super::level::{Level, Tiles};
use super::outputs::alike;
use super::space::{Pasts, offset};
use super::time::Clock;

/// Elements between a buffer and the sub-clusters that it feeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    /// Read from the buffer: input, filter.
    pub read: [i64; 2],
    /// Partial sums read back.
    pub psums: i64,
    /// Outputs written to it, partial sums included.
    pub written: i64,
    /// Arriving in all sub-clusters: input, filter.
    pub arrived: [i64; 2],
    /// Outputs leaving all sub-clusters.
    pub left: i64,
    /// The largest tile of a sub-cluster: input, filter, output.
    pub tile: [i64; 3],
    /// Some cluster takes more than one step.
    pub steps: bool,
}

impl Tally {
    pub const NONE: Tally =
        Tally { read: [0; 2], psums: 0, written: 0, arrived: [0; 2], left: 0, tile: [0; 3], steps: false };
}

/// What a walk adds up.
#[derive(Clone, Debug)]
pub(super) struct Tallies {
    pub levels: [Tally; MAX_LEVELS],
    /// Outputs that leave level 1 finished. Counted only where partial sums have a width of their own.
    pub finished: i64,
    pub operations: i64,
    /// The same as a floating-point number, which does not overflow, and how much of it is counted.
    pub about: f64,
    pub most: f64,
    /// Operations on inputs that are no inserted zeros.
    pub on_elements: i64,
}

/// How busy a cluster is in its present box.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Activity {
    pub steps: i64,
    /// Active PEs, summed over steps.
    pub active: f64,
}

impl Activity {
    /// Adds a step with so many active PEs.
    pub fn add(&mut self, active: f64, times: i64) {
        self.steps = self.steps.saturating_add(times);
        self.active += active * times as f64;
    }
}

/// A walk over the levels of a mapping.
pub(super) struct Walk<'a, E> {
    pub shape: &'a Shape,
    pub levels: &'a [Level],
    pub clock: &'a Clock,
    pub tallies: Tallies,
    pub kinds: u32,
    /// Elements that the first step of all touches, of input and filter.
    pub first_touched: [i64; 2],
    pub pasts: Pasts,
    /// Is told what takes time.
    pub listener: E,
}

/// The steps of a cluster in its present box that are being walked.
pub(super) struct Steps<'a> {
    pub work: Work<'a>,
    /// How often the cluster takes these steps.
    pub weight: i64,
    pub activity: Activity,
    /// The place of the loop that advances; none in the first step.
    pub advanced: Option<usize>,
    /// The step along each axis; the loops inside of the one that advances go around.
    pub along: &'a mut Alongs,
    /// The axes that neither this level nor PEs below spread, and the one that they do; this level's where there are none.
    pub others: Vec<Axis, 6>,
    pub spread_below: Axis,
    /// Sub-clusters are divided among PEs, whose step may follow from the one here.
    pub once: bool,
    /// A step that is not yet taken, because one to come may be the same and both can be taken together: its products over
    /// `others`, and how often it occurs.
    pub waiting: Option<(Factors, Times)>,
    /// For the sub-clusters, unless they are PEs.
    pub below: Option<&'a mut Frame>,
}

impl Steps<'_> {
    /// Products over the axes that neither this level nor PEs below spread, and whether the only step of PEs may follow from the
    /// present one.
    pub fn rest(&self) -> (Factors, bool) {
        let mut others = self.others.iter().map(|axis| &self.along[*axis]);
        let follows = |along: &Along| along.whole_below && along.as_before;
        let Some(first) = others.next() else { return (Factors::ONE, self.once) };
        others.fold((first.factors, self.once && follows(first)), |(mut rest, all), along| {
            rest.take(&along.factors);
            (rest, all && follows(along))
        })
    }
}

/// How often steps occur: where a reduction begins, so that outputs start at zero, and where it goes on. Both are looked at
/// together, for they differ in partial sums alone.
pub(super) type Times = [i64; 2];

/// A turn of a loop, which stands for others that are alike.
struct Turn {
    /// The loop comes to it, so often.
    advance: Option<(Move, i32)>,
    /// The loop stands still at it while those inside go on: so often at this turn, and so often at later turns of a reduction that
    /// are looked at together with it.
    stay: Option<(Move, [i32; 2])>,
}

impl Turn {
    /// A single turn, to which the loop comes from others unless it is the `first` of all.
    fn one(turn: i32, first: i32) -> Turn {
        Turn { advance: (turn > first).then_some((Move::Advance(turn), 1)), stay: Some((Move::Stay(turn), [1, 0])) }
    }

    /// One turn in so many, from `start` to before `end`. The loop comes to all of them but 0.
    fn every(period: i32, start: i32, end: i32) -> Turn {
        let count = if period == 1 { end - start } else { (end - start - 1).checked_div(period).unwrap_or(0) + 1 };
        let times = count - i32::from(start == 0);
        let turn = if start == 0 && times > 0 { period } else { start };
        Turn {
            advance: (times > 0).then_some((Move::Advance(turn), times)),
            stay: Some((Move::Stay(turn), [count, 0])),
        }
    }
}

impl<'a, E: Listener> Walk<'a, E> {
    pub fn new(shape: &'a Shape, levels: &'a [Level], clock: &'a Clock, listener: E) -> Walk<'a, E> {
        let tallies = Tallies {
            levels: [Tally::NONE; MAX_LEVELS],
            finished: 0,
            operations: 0,
            about: 0.0,
            most: clock.most_operations(),
            on_elements: 0,
        };
        Walk { shape, levels, clock, tallies, kinds: 0, first_touched: [0; 2], pasts: Pasts::new(), listener }
    }

    /// Walks the steps of a cluster in its present box. Its counts are added `weight` times.
    pub fn run(
        &mut self,
        index: usize,
        cluster: &Cluster<'_>,
        frame: &mut Frame,
        weight: i64,
    ) -> Result<Activity, Error> {
        let levels = self.levels;
        let Some(level) = levels.get(index) else { return Ok(Activity::default()) };
        let mut below = Frame::new();
        let below = (!level.leaf).then_some(&mut below);
        let Frame { nest, along, .. } = frame;
        self.lay(level, cluster, nest)?;
        let mark = self.pasts.mark();
        let (shape, spread) = (self.shape, level.spatial());
        let work = Work { level, index, cluster, nest };
        for axis in shape.axes().filter(|axis| *axis != spread) {
            self.along(&work, axis, Move::Enter, &mut along[axis])?;
        }
        let mut side = Side::new();
        self.side(&work, Move::Enter, &mut side)?;
        let pes = levels.get(index + 1).filter(|below| below.leaf && !self.clock.widens());
        let spread_below = pes.map_or(spread, Level::spatial);
        let mut others = Vec::new();
        for axis in shape.axes().filter(|axis| *axis != spread && *axis != spread_below) {
            // There is room for every axis.
            let _ = others.push(axis);
        }
        let mut steps = Steps {
            others,
            spread_below,
            once: pes.is_some(),
            waiting: None,
            work,
            weight,
            activity: Activity::default(),
            advanced: None,
            along,
            below,
        };
        self.step(&mut steps, &side, [1, 0])?;
        if !nest.order.is_empty() {
            if let Some(tally) = self.tallies.levels.get_mut(index) {
                tally.steps = true;
            }
            // Loops of one turn stand still from now on, the others go around until they are outside of what advances, which the
            // outermost always is.
            for axis in shape.axes().filter(|axis| *axis != spread) {
                match nest.place(axis) {
                    Some(0) if !nest.tiles(axis).is_joint() => {}
                    Some(_) => self.along(&work, axis, Move::Around, &mut steps.along[axis])?,
                    None => steps.along[axis].stay(),
                }
            }
            match nest.place(spread) {
                Some(0) if !nest.tiles(spread).is_joint() => {}
                Some(_) => self.side(&work, Move::Around, &mut side)?,
                None if side.stay() => {}
                None => self.side(&work, Move::Stay(0), &mut side)?,
            }
            self.turns(&mut steps, &side, 0, [1, 0])?;
        }
        self.pasts.forget(mark);
        Ok(steps.activity)
    }

    /// Every combination of turns of the loops from `place` inwards, one of which advances.
    fn turns(&mut self, steps: &mut Steps<'_>, side: &Side, place: usize, times: Times) -> Result<(), Error> {
        let nest = steps.work.nest;
        let Some(&Loop { axis, each }) = nest.order.get(place) else { return Ok(()) };
        let tiles = nest.tiles(axis);
        // Those inside come to the same turns again.
        let saved = (axis != steps.work.level.spatial()).then(|| steps.along[axis]);
        match nest.joint(place) {
            Some(JointLoop::Outer) => {
                for outer in 0.. {
                    let Some((start, end)) = tiles.within(nest.now(axis), outer) else { break };
                    let advance = (outer > 0).then_some((Move::Advance(start), 1));
                    let stay = if start == end { Move::Stay(start) } else { Move::Jump(start, end) };
                    self.turn(steps, side, place, times, &Turn { advance, stay: Some((stay, [1, 0])) })?;
                }
            }
            Some(JointLoop::Inner) => {
                // The turn that joint loops are at.
                let current =
                    if axis == steps.work.level.spatial() { side.step.turn() } else { steps.along[axis].turn };
                let of = |outer: i32| tiles.within(nest.now(axis), outer);
                let around = (0..).map_while(of).find(|(start, end)| (*start..=*end).contains(&current));
                let (start, end) = around.unwrap_or((current, current));
                for turn in start..=end {
                    self.turn(steps, side, place, times, &Turn::one(turn, start))?;
                }
            }
            None if each => {
                for turn in 0..tiles.turns {
                    self.turn(steps, side, place, times, &Turn::one(turn, 0))?;
                }
            }
            None => {
                // Over inserted zeros, one turn in so many is alike.
                let period = tiles.period();
                let mut runs = &*nest.of(axis).runs;
                let reduces = !(self.shape.produces(axis) && tiles.moves_outputs());
                let over_time = axis != steps.work.level.spatial() && !self.clock.widens();
                // While it stands still, the first turn of a reduction differs from later ones in partial sums alone.
                if let [(0, 1), (1, more), others @ ..] = runs
                    && (reduces && over_time && period == 1 && tiles.full(1))
                {
                    let stay = Turn { advance: None, stay: Some((Move::Stay(0), [1, *more])) };
                    self.turn(steps, side, place, times, &stay)?;
                    let advance = Turn { advance: Some((Move::Advance(1), *more)), stay: None };
                    self.turn(steps, side, place, times, &advance)?;
                    runs = others;
                }
                for &(start, count) in runs {
                    for from in start..start + count.min(period) {
                        self.turn(steps, side, place, times, &Turn::every(period, from, start + count))?;
                    }
                }
            }
        }
        if let Some(saved) = saved {
            steps.along[axis] = saved;
        }
        Ok(())
    }

    /// The loop at `place` comes to a turn, those inside going around; then it stands still at it, and those inside go on.
    fn turn(
        &mut self,
        steps: &mut Steps<'_>,
        side: &Side,
        place: usize,
        times: Times,
        turn: &Turn,
    ) -> Result<(), Error> {
        let work = steps.work;
        let Some(&Loop { axis, .. }) = work.nest.order.get(place) else { return Ok(()) };
        let goes_on = place + 1 < work.nest.order.len();
        let mark = self.pasts.mark();
        let spatial = axis == work.level.spatial();
        let mut own = Side::new();
        let mut advanced = None;
        if let Some((step, count)) = turn.advance {
            steps.advanced = Some(place);
            let times = times.map(|times| times * i64::from(count));
            if spatial {
                self.side(&work, step, &mut own)?;
                self.step(steps, &own, times)?;
            } else {
                self.along(&work, axis, step, &mut steps.along[axis])?;
                match self.may_recur(steps, place).then(|| steps.rest()) {
                    Some((rest, true)) => {
                        advanced = Some(steps.along[axis]);
                        steps.waiting = Some((rest, times));
                    }
                    _ => self.step(steps, side, times)?,
                }
            }
        }
        if let Some((step, counts)) = turn.stay.filter(|_| goes_on) {
            let ([begins, goes_on], [count, later]) = (times, counts.map(i64::from));
            let times = [begins * count, goes_on * (count + later) + begins * later];
            if spatial {
                let stays =
                    step == Move::Stay(step.turn()) && turn.advance.is_some_and(|(to, _)| to.turn() == step.turn());
                if !(stays && own.stay()) {
                    self.side(&work, step, &mut own)?;
                }
                self.turns(steps, &own, place + 1, times)?;
            } else {
                match step {
                    Move::Stay(turn) if steps.along[axis].turn == turn => steps.along[axis].stay(),
                    _ => self.along(&work, axis, step, &mut steps.along[axis])?,
                }
                self.turns(steps, side, place + 1, times)?;
            }
        }
        if let Some(advanced) = advanced
            && let Some((_, times)) = steps.waiting.take()
        {
            steps.advanced = Some(place);
            steps.along[axis] = advanced;
            self.step(steps, side, times)?;
        }
        self.pasts.forget(mark);
        Ok(())
    }

    /// Whether a step in which the loop at `place` advances may occur once more, when the innermost loop advances, which is the next
    /// one. It may if three things hold: what PEs do follows from products over axes; all tensors look at both loops alike; and in
    /// both steps nothing is left of what was there before.
    fn may_recur(&self, steps: &Steps<'_>, place: usize) -> bool {
        let Some([outer, inner]) = steps.work.nest.order.get(place..) else { return false };
        if self.listener.tells_loops_apart() {
            return false;
        }
        let apart = |own: &Loop| !own.each && steps.others.contains(&own.axis);
        steps.work.cluster.above.is_none()
            && steps.along[outer.axis].factors.held[0] == 0
            && (apart(outer) && apart(inner) && self.shape.views_of(outer.axis) == self.shape.views_of(inner.axis))
    }

    /// Lays the loops of a level over a cluster's present box. Tiles depend on extents alone.
    fn lay(&self, level: &Level, cluster: &Cluster<'_>, nest: &mut Nest) -> Result<(), Error> {
        let shape = self.shape;
        nest.order.clear();
        let mut moves = false;
        for axis in shape.axes() {
            self.lay_axis(level, axis, cluster.part(shape, axis), nest)?;
            moves |= nest.tiles(axis).turns > 1;
        }
        if !moves {
            return Ok(());
        }
        for &(axis, is_filter) in &level.loops {
            let tiles = nest.tiles(axis);
            if tiles.moves_in(is_filter) && (tiles.is_joint() || nest.place(axis).is_none()) {
                let uncut = !shape.produces(axis) || alike(shape, cluster, axis, nest.now(axis).outputs);
                // There is room for every axis.
                let _ = nest.order.push(Loop { axis, each: !(tiles.regular && uncut) });
            }
        }
        Ok(())
    }

    /// Lays the loop of an axis.
    pub fn lay_axis(&self, level: &Level, axis: Axis, part: Part, nest: &mut Nest) -> Result<(), Error> {
        if let Some(own) = &mut nest.axes[axis]
            && offset(&own.now, &part, self.shape.slides[axis]).is_some()
        {
            own.now = part;
            return Ok(());
        }
        let tiles = level.divide(self.shape, axis, &part)?;
        let alike = if tiles.turns > 1 && tiles.regular { self.runs(axis, &tiles, &part) } else { Runs::new() };
        nest.axes[axis] = Some(AxisLoop { now: part, tiles, runs: alike });
        Ok(())
    }

    /// Turns that are alike.
    fn runs(&self, axis: Axis, tiles: &Tiles, part: &Part) -> Runs {
        let produces = self.shape.produces(axis) && tiles.moves_outputs();
        let last = tiles.turns - 1;
        let slide = self.shape.slides[axis];
        let (apart, alike) = if let Some((first, end)) = tiles.ends() {
            // Of tiles next to each other, turns are as far apart as they are.
            let [_, outputs, _] = tiles.shift();
            let apart = i64::from(outputs.abs()) >= first.outputs.len();
            (apart, tiles.last_is_full() && offset(first, end, slide).is_some())
        } else {
            let (Some(first), Some(second), Some(end)) =
                (tiles.hull(part, 0), tiles.hull(part, 1), tiles.hull(part, last))
            else {
                return Runs::new();
            };
            let full = tiles.active(0).len() == tiles.active(last).len();
            (first.outputs.meet(second.outputs).is_empty(), full && offset(&first, &end, slide).is_some())
        };
        let own_first = !(produces && apart);
        let own_last = !alike || (own_first && self.clock.widens());
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
}
