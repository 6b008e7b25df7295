//! The walk through the turns of a level's loops, one of each kind. In each step one loop advances, the loops outside
//! of it stand still, and the loops inside of it go around. Begin with `Walk::run`.

use heapless::Vec;

use crate::error::Error;

use super::{Activity, Steps, Times, Walk};
use crate::exact::along::{Move, Side};
use crate::exact::cluster::{Cluster, Frame, JointLoop, Loop, Work};
use crate::exact::level::Level;
use crate::exact::listener::Listener;

/// A turn of a loop that represents all turns of the same kind.
struct Turn {
    /// Steps in which the loop advances to such a turn, and the number of such turns.
    advance: Option<(Move, i32)>,
    /// Steps in which the loop stands still at such a turn while loops inside of it advance. The first number is that
    /// of such turns. The second is the number of later turns of a reduction, which are analysed together with the
    /// first one.
    stay: Option<(Move, [i32; 2])>,
}

impl Turn {
    /// A single turn. The loop advances to it from the turn before, unless it is the `first` turn.
    fn one(turn: i32, first: i32) -> Turn {
        Turn { advance: (turn > first).then_some((Move::Advance(turn), 1)), stay: Some((Move::Stay(turn), [1, 0])) }
    }

    /// Every `period`-th turn of `start..end`. The loop advances to all of them but turn 0.
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

impl<E: Listener> Walk<'_, E> {
    /// Walks the steps of a cluster in its present box. All counts are added `weight` times.
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
            // From now on, axes without a loop of several turns stand still. All other loops but the outermost are
            // set to go around, which they do as long as a loop outside of them advances.
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

    /// Takes all steps in which the loop at `place` or a loop inside of it advances, one of each kind.
    fn turns(&mut self, steps: &mut Steps<'_>, side: &Side, place: usize, times: Times) -> Result<(), Error> {
        let nest = steps.work.nest;
        let Some(&Loop { axis, each }) = nest.order.get(place) else { return Ok(()) };
        let tiles = nest.tiles(axis);
        // Restored at the end, because a loop outside may come to the same turns again.
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
                // The present turn of the joint loops.
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
                // Over inserted zeros, only every `period`-th turn is of the same kind.
                let period = tiles.period();
                let mut runs = &*nest.of(axis).runs;
                let reduces = !(self.shape.produces(axis) && tiles.moves_outputs());
                let over_time = axis != steps.work.level.spatial() && !self.clock.widens();
                // While the loop stands still, the first turn of a reduction differs from later turns only in partial
                // sums.
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

    /// First the loop at `place` advances to a turn while the loops inside of it go around. Then it stands still at
    /// this turn while the loops inside of it advance.
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

    /// Whether the step in which the loop at `place` advances may be the same as the one in which the next loop, the
    /// innermost, advances. This is possible if three things hold: the steps of the PEs follow from products over
    /// axes; all tensors are coupled to both loops in the same way; and in both steps nothing is left of what was
    /// held before.
    fn may_recur(&self, steps: &Steps<'_>, place: usize) -> bool {
        let Some([outer, inner]) = steps.work.nest.order.get(place..) else { return false };
        if self.listener.separates_loops() {
            return false;
        }
        let apart = |own: &Loop| !own.each && steps.others.contains(&own.axis);
        steps.work.cluster.above.is_none()
            && steps.along[outer.axis].factors.held[0] == 0
            && (apart(outer)
                && apart(inner)
                && self.shape.couplings_of(outer.axis) == self.shape.couplings_of(inner.axis))
    }
}
