//! A step along one axis: the tile, the one before, and what follows from both.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::axis::{Axis, Part, Span, View};
use super::cluster::{AxisBox, Cluster, Work};
use super::kinds::Listener;
use super::level::Tiles;
use super::outputs::{alike, uncut};
use super::space::{Group, Groups, History, Together, add_group, distance, offset, split_by_zeros};
use super::walk::Walk;

/// What the loop of an axis does in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The cluster has just got its box: the loop is at its first turn, and was at its last one in the box before.
    Enter,
    /// It stands still at a turn.
    Stay(i32),
    /// It has just come to a turn from the one before.
    Advance(i32),
    /// It is at a turn, having been at another: the outer one of joint loops stands still while the inner one goes around.
    Jump(i32, i32),
    /// It has gone around from its last turn to the first, as a loop outside of it advanced.
    Around,
}

impl Move {
    pub fn turn(self) -> i32 {
        match self {
            Move::Enter | Move::Around => 0,
            Move::Stay(turn) | Move::Advance(turn) | Move::Jump(turn, _) => turn,
        }
    }

    /// The turn of the step before, in the present box.
    fn before(self, tiles: &Tiles) -> Option<i32> {
        match self {
            Move::Enter => None,
            Move::Stay(turn) | Move::Jump(_, turn) => Some(turn),
            Move::Advance(turn) => Some(turn - 1),
            Move::Around => Some(tiles.turns - 1),
        }
    }
}

/// Outputs along an axis: of a step and the one before, `[0, 1)` where outputs are not coupled to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outputs {
    pub now: Span,
    /// Those of the step before that have not been given away since.
    pub before: Span,
    /// Of this step, those that the cluster had not computed with its present tile; none where a reduction goes on.
    pub first: Span,
    /// Of this step, those to which it adds nothing more with its present tile; none where nobody asks.
    pub last: Span,
    /// The same of the step before.
    pub last_before: Span,
}

impl Outputs {
    pub const ONE: Outputs =
        Outputs { now: Span::ONE, before: Span::ONE, first: Span::ONE, last: Span::ONE, last_before: Span::ONE };

    /// Outputs of a loop whose tiles in the turn now and in the one before are these.
    #[inline(always)]
    fn set<E>(
        &mut self,
        walk: &Walk<'_, E>,
        cluster: &Cluster<'_>,
        own: AxisBox<'_>,
        step: Move,
        now: &Part,
        before: &Part,
    ) -> Result<(), Error> {
        let AxisBox { axis, now: part, tiles } = own;
        let produces = walk.shape.produces(axis);
        (self.now, self.before) = if produces { (now.outputs, before.outputs) } else { (Span::ONE, Span::ONE) };
        if step == Move::Enter && cluster.above.is_some() {
            self.before = self.before.meet(cluster.held[axis]);
        }
        let turn = step.turn();
        let joint = tiles.is_joint() && produces;
        let hull = |turn: i32| tiles.hull(part, turn).map_or(Span::NONE, |part| part.outputs);
        self.first = match turn {
            // Joint loops take outputs in another order than that of their tiles.
            _ if joint => apart(self.now, (0..turn).rev().map(hull))?,
            0 => self.now,
            _ if !produces || !tiles.moves_outputs() => Span::NONE,
            _ => {
                let before = if step == Move::Advance(turn) { self.before } else { hull(turn - 1) };
                Span::new(self.now.lo.max(before.hi), self.now.hi)
            }
        };
        (self.last, self.last_before) = (Span::NONE, Span::NONE);
        if walk.clock.widens() {
            self.last = last(own, produces, turn, self.now)?;
            self.last_before = match step {
                Move::Enter | Move::Around => self.before,
                Move::Stay(_) => self.last,
                Move::Advance(turn) => last(own, produces, turn - 1, self.before)?,
                Move::Jump(_, turn) => last(own, produces, turn, self.before)?,
            };
        }
        Ok(())
    }

    /// The loop stands still at the same turn.
    fn stay(&mut self) {
        self.before = self.now;
        self.last_before = self.last;
    }
}

/// Of the outputs along an axis that a loop has in a turn, those to which it adds nothing more.
#[cold]
fn last(on: AxisBox<'_>, produces: bool, turn: i32, own: Span) -> Result<Span, Error> {
    let tiles = on.tiles;
    let hull = |turn: i32| tiles.hull(on.now, turn).map_or(Span::NONE, |part| part.outputs);
    Ok(match turn + 1 < tiles.turns {
        false => own,
        true if !produces || !tiles.moves_outputs() => Span::NONE,
        true if tiles.is_joint() => apart(own, (turn + 1..tiles.turns).map(hull))?,
        true => Span::new(own.lo, own.hi.min(hull(turn + 1).lo)),
    })
}

/// What is left of an interval when others are cut out of it. It must still be one interval.
#[cold]
fn apart(mut own: Span, others: impl Iterator<Item = Span>) -> Result<Span, Error> {
    for other in others {
        let both = own.meet(other);
        if both.is_empty() {
            if own.is_empty() {
                break;
            }
            continue;
        }
        own = match (both.lo == own.lo, both.hi == own.hi) {
            (true, _) => Span::new(both.hi, own.hi),
            (_, true) => Span::new(own.lo, both.lo),
            _ => return Err(Error::TooIrregular),
        };
    }
    Ok(own)
}

/// What a step touches, keeps and computes along one axis. For several axes, these numbers are multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factors {
    /// Elements that the tile touches: input, filter, output.
    pub touched: [i64; 3],
    /// Of input and filter, those that the tile before touched, too.
    pub held: [i64; 2],
    /// Iteration points, and those of them that are not on inserted zeros.
    pub points: [i64; 2],
    /// Outputs of the step before.
    pub before: i64,
    /// Outputs of both steps.
    pub stayed: i64,
    /// Outputs that are computed for the first time.
    pub first: i64,
}

impl Factors {
    pub const ONE: Factors = Factors { touched: [1; 3], held: [1; 2], points: [1; 2], before: 1, stayed: 1, first: 1 };

    pub fn take(&mut self, other: &Factors) {
        let (touched, held, points) = (other.touched, other.held, other.points);
        self.touched = [self.touched[0] * touched[0], self.touched[1] * touched[1], self.touched[2] * touched[2]];
        self.held = [self.held[0] * held[0], self.held[1] * held[1]];
        self.points = [self.points[0] * points[0], self.points[1] * points[1]];
        self.before *= other.before;
        self.stayed *= other.stayed;
        self.first *= other.first;
    }

    fn set_outputs(&mut self, outputs: &Outputs) {
        self.before = outputs.before.len();
        self.stayed = outputs.now.meet(outputs.before).len();
        self.first = outputs.first.len();
    }
}

/// A step along an axis that is not spread: all sub-clusters have the same tile along it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Along {
    pub turn: i32,
    pub now: Part,
    pub history: History,
    pub factors: Factors,
    pub outputs: Outputs,
    /// PEs below take the tile whole.
    pub whole_below: bool,
    /// At most one earlier tile is remembered, and it is as large as the present one.
    pub as_before: bool,
}

impl Along {
    /// An axis of one point.
    pub const ONE: Along = Along {
        turn: 0,
        now: Part::ONE,
        history: History::of(Part::ONE, true),
        factors: Factors::ONE,
        outputs: Outputs::ONE,
        whole_below: true,
        as_before: true,
    };

    /// The tile in the step before.
    pub fn before(&self) -> &Part {
        self.history.last().map_or(&self.now, |past| &past.part)
    }

    /// The loop stands still at the same turn.
    pub fn stay(&mut self) {
        self.history = History::of(self.now, true);
        self.factors.held = [self.factors.touched[0], self.factors.touched[1]];
        (self.factors.before, self.factors.stayed) = (self.factors.touched[2], self.factors.touched[2]);
        self.outputs.stay();
        self.as_before = true;
    }
}

/// A step along the axis that is spread over sub-clusters.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub step: Move,
    pub groups: Groups,
    /// Of input and filter, elements that any sub-cluster touches, and those new to any.
    pub together: [Together; 2],
    /// Of all sub-clusters together.
    pub outputs: Outputs,
}

impl Side {
    /// Sub-clusters that have work.
    pub fn at_work(&self) -> i64 {
        self.groups.iter().map(|group| i64::from(group.count)).sum()
    }

    /// One that is still to be filled in.
    pub fn new() -> Side {
        Side { step: Move::Enter, groups: Groups::new(), together: [Together::default(); 2], outputs: Outputs::ONE }
    }

    /// The loop stands still at the same turn. Where all sub-clusters do the same, what follows from that is noted at once, and the
    /// answer is `true`; else nothing is done.
    pub fn stay(&mut self) -> bool {
        let [all] = self.groups.as_mut_slice() else { return false };
        all.stay();
        self.step = Move::Stay(self.step.turn());
        self.together.iter_mut().for_each(|together| together.fresh = 0);
        self.outputs.stay();
        true
    }

    /// All sub-clusters had other tiles before, `shift` away, along an axis without windows and outputs. These have nothing in common
    /// with those of now. Where all sub-clusters do the same, what follows is noted at once, and the answer is `true`; else nothing
    /// is done.
    pub fn had_others(&mut self, [input, filter, _]: [View; 3], shift: [i32; 3], kept: bool) -> bool {
        let [all] = self.groups.as_mut_slice() else { return false };
        all.history = History::of(all.now.moved(shift), kept);
        // A tensor that is not coupled to the axis stays.
        for ((shared, together), view) in all.shared.iter_mut().zip(&mut self.together).zip([input, filter]) {
            let stays = view == View::Uncoupled;
            (*shared, together.fresh) = (i64::from(stays), if stays { 0 } else { together.touched });
        }
        true
    }
}

/// What sub-clusters had before a step: each the same tile, but `shift` away.
#[derive(Clone, Copy, Debug)]
struct Shifted {
    shift: [i32; 3],
    kept: bool,
}

impl<E: Listener> Walk<'_, E> {
    /// Looks at a step along an axis that is not spread: all sub-clusters have the same tile along it.
    pub fn along(&mut self, work: &Work<'_>, axis: Axis, step: Move, along: &mut Along) -> Result<(), Error> {
        let (shape, own) = (self.shape, work.nest.on(axis));
        let AxisBox { now: part, tiles, .. } = own;
        let turn = step.turn();
        if let Some(above) = work.cluster.above.filter(|_| tiles.whole && step == Move::Enter) {
            // The level does not divide the axis: along it, its step is the one of the level above.
            let outer = &above.along[axis];
            let as_large = outer.history.single().is_none_or(|past| past.part.is_as_large(part));
            if axis != above.spread && outer.history.at_most_one() && as_large {
                *along = *outer;
                along.turn = turn;
                along.outputs.set(self, work.cluster, own, step, part, outer.before())?;
                along.factors.set_outputs(&along.outputs);
                along.whole_below = self.whole_below(work, axis, part);
                if !work.cluster.continues() {
                    along.history = History::NONE;
                }
                return Ok(());
            }
        }
        if step == Move::Enter || turn != along.turn {
            let now = tiles.at(part, turn, 0).ok_or(Error::IllFormed { level: work.level.number })?;
            let slide = shape.slides[axis];
            // As large as the tile looked at before, it has as many of everything.
            let known = step != Move::Enter && slide.every == 1 && offset(&along.now, &now, slide).is_some();
            (along.turn, along.now) = (turn, now);
            if !known {
                along.factors.touched = shape.counts(axis, &now);
                along.factors.points = [now.points(), slide.points_on_elements(&now)];
                along.whole_below = self.whole_below(work, axis, &now);
            }
        }
        let Along { now, history, factors, outputs, .. } = along;
        *history = self.history(work, own, step, 0, now)?;
        let [inputs, filters, _] = factors.touched;
        let mut before = &*now;
        (factors.held, along.as_before) = ([inputs, filters], history.at_most_one());
        if let Some(past) = history.last() {
            before = &past.part;
            factors.held = shape.both(axis, now, before);
            along.as_before &= before.is_as_large(now);
        }
        outputs.set(self, work.cluster, own, step, now, before)?;
        factors.set_outputs(outputs);
        Ok(())
    }

    /// Whether PEs below take a tile whole.
    fn whole_below(&self, work: &Work<'_>, axis: Axis, tile: &Part) -> bool {
        let below = self.levels.get(work.index + 1);
        below.is_some_and(|below| below.leaf && below.takes_whole(axis, self.shape.slides[axis], tile))
    }

    /// A step along the axis that is spread over sub-clusters.
    pub fn side(&mut self, work: &Work<'_>, step: Move, side: &mut Side) -> Result<(), Error> {
        let axis = work.level.spatial();
        let (shape, own) = (self.shape, work.nest.on(axis));
        let AxisBox { now: part, tiles, .. } = own;
        let uniform = self.uniform(work, own, step);
        let missing = || Error::IllFormed { level: work.level.number };
        let mut first_tile = None;
        let now = match uniform {
            Some(_) => {
                let own = first_tile.insert(tiles.at(part, step.turn(), 0).ok_or_else(missing)?);
                own.to(&own.moved(tiles.shift().map(|shift| shift * (tiles.active(step.turn()).hi - 1))))
            }
            None => tiles.hull(part, step.turn()).ok_or_else(missing)?,
        };
        let before = match (step, uniform) {
            (Move::Stay(_), _) => now,
            (Move::Enter | Move::Around, Some(before)) => before.map_or(now, |past| now.moved(past.shift)),
            // Fewer may be at work in a last turn than in the one before.
            (Move::Advance(_) | Move::Around | Move::Jump(..), _) => {
                step.before(tiles).and_then(|turn| tiles.hull(part, turn)).ok_or_else(missing)?
            }
            (Move::Enter, None) => match work.cluster.past(axis).last() {
                None => now,
                Some(past) => {
                    let mut own = None;
                    let tiles = self.tiles_of(work, axis, &past.part, &mut own)?;
                    tiles.hull(&past.part, tiles.turns - 1).ok_or_else(missing)?
                }
            },
        };
        side.step = step;
        side.outputs.set(self, work.cluster, own, step, &now, &before)?;
        let Outputs { now, before, first, last, last_before } = side.outputs;
        let apart = shape.produces(axis)
            && !([before, first, last, last_before].into_iter().all(|span| uncut(span, now))
                && alike(shape, work.cluster, axis, now));
        side.groups.clear();
        match (uniform, first_tile) {
            (Some(before), Some(first)) if !apart => {
                let past = |past: Shifted| History::of(first.moved(past.shift), past.kept);
                let mut group = Group::new(0, first, before.map_or(History::NONE, past));
                group.repeat(tiles.active(step.turn()).hi, tiles.shift());
                let _ = side.groups.push(group);
            }
            _ => self.groups(work, step, apart, &mut side.groups)?,
        }
        side.groups.iter_mut().for_each(|group| group.count_elements(shape, axis));
        let [input, filter, _] = shape.views_of(axis);
        side.together = [Together::new(shape, Tensor::Input, axis, &side.groups)?; 2];
        if filter != input {
            side.together[1] = Together::new(shape, Tensor::Filter, axis, &side.groups)?;
        }
        if shape.slides[axis].every > 1 {
            split_by_zeros(&mut side.groups, &mut self.pasts, shape.slides[axis], work.level.leaf)?;
            side.groups.iter_mut().for_each(|group| group.count_elements(shape, axis));
        }
        for group in &mut side.groups {
            group.whole_below = self.whole_below(work, axis, &group.now);
        }
        Ok(())
    }

    /// What all sub-clusters at work had before a step, if all have full tiles, and had so before; nothing in the first step
    /// of all.
    fn uniform(&self, work: &Work<'_>, own: AxisBox<'_>, step: Move) -> Option<Option<Shifted>> {
        let AxisBox { axis, now: part, tiles } = own;
        let (turn, slide) = (step.turn(), self.shape.slides[axis]);
        if !tiles.full(turn) {
            return None;
        }
        let by = |turns: i32| tiles.shift().map(|shift| shift * turns * tiles.clusters);
        let shifted = |shift: [i32; 3], kept: bool| Some(Some(Shifted { shift, kept }));
        match step {
            Move::Stay(_) => shifted([0; 3], true),
            Move::Advance(_) => shifted(by(-1), true),
            Move::Jump(..) => None,
            Move::Around => {
                let last = tiles.turns - 1;
                (tiles.last_is_full() && tiles.full(last)).then_some(Some(Shifted { shift: by(last), kept: true }))
            }
            Move::Enter if !work.cluster.continues() => Some(None),
            Move::Enter => {
                let past = work.cluster.past(axis).single().filter(|_| tiles.turns == 1)?;
                shifted(offset(part, &past.part, slide)?, past.kept)
            }
        }
    }

    /// What sub-cluster `q` held along an axis before a step; `now` is its tile in it.
    #[inline(always)]
    pub fn history(
        &mut self,
        work: &Work<'_>,
        own: AxisBox<'_>,
        step: Move,
        q: i32,
        now: &Part,
    ) -> Result<History, Error> {
        let AxisBox { now: part, tiles, .. } = own;
        let of = |part: Option<Part>| part.map_or(History::NONE, |part| History::of(part, true));
        match step {
            Move::Stay(_) => Ok(History::of(*now, true)),
            Move::Advance(turn) => Ok(of(tiles.at(part, turn - 1, q))),
            Move::Enter if !work.cluster.continues() => Ok(History::NONE),
            // None before the last one was larger.
            Move::Around if tiles.is_even() && tiles.clusters == 1 => Ok(of(tiles.at(part, tiles.turns - 1, q))),
            _ => self.remembered(work, own, step, q),
        }
    }

    /// The same where it may be more than one tile.
    #[cold]
    fn remembered(&mut self, work: &Work<'_>, own: AxisBox<'_>, step: Move, q: i32) -> Result<History, Error> {
        let mut history = History::NONE;
        let AxisBox { axis, now: part, tiles } = own;
        // A PE keeps its last tile alone; it has nobody below it that was idle.
        let earlier = if work.level.leaf { 0 } else { 1 };
        match step {
            Move::Around | Move::Jump(..) => {
                // The loop that goes around: of joint ones the inner one may do so alone.
                let mut places = (0..work.nest.order.len()).filter(|place| work.nest.loop_axis(*place) == Some(axis));
                let (place, from, last) = match step {
                    Move::Jump(start, end) => (places.next_back(), start, Some(end)),
                    _ => (places.next(), 0, tiles.last_turn(q)),
                };
                let moved = work.nest.moves_outputs(self.shape, place.map_or(0, |place| place + 1));
                if let Some(last) = last {
                    for turn in (last - earlier..=last).rev() {
                        if let Some(part) = tiles.at(part, turn, q).filter(|_| turn >= from) {
                            self.pasts.remember(&mut history, part, turn == last || !moved)?;
                        }
                    }
                }
            }
            Move::Enter => {
                let moved = work.nest.moves_outputs(self.shape, 0);
                let past = work.cluster.past(axis);
                for number in 0.. {
                    let Some(past) = self.pasts.of(past).nth(number).copied() else { break };
                    let mut own = None;
                    let tiles = self.tiles_of(work, axis, &past.part, &mut own)?;
                    let still = past.kept && (history.is_empty() || !moved);
                    let Some(last) = tiles.last_turn(q) else { continue };
                    for turn in (last - earlier..=last).rev() {
                        if let Some(part) = tiles.at(&past.part, turn, q).filter(|_| turn >= 0) {
                            self.pasts.remember(&mut history, part, still && (turn == last || !moved))?;
                        }
                    }
                    if work.level.leaf && !history.is_empty() {
                        break;
                    }
                }
            }
            Move::Stay(_) | Move::Advance(_) => {}
        }
        Ok(history)
    }

    /// The tiles of a box that the cluster had before: those of the present one where it is as large, else `own`.
    pub fn tiles_of<'t>(
        &self,
        work: &Work<'t>,
        axis: Axis,
        part: &Part,
        own: &'t mut Option<Tiles>,
    ) -> Result<&'t Tiles, Error> {
        let AxisBox { now, tiles, .. } = work.nest.on(axis);
        match offset(now, part, self.shape.slides[axis]) {
            Some(_) => Ok(tiles),
            None => Ok(own.insert(work.level.divide(self.shape, axis, part)?)),
        }
    }

    /// Groups of the sub-clusters at work; each of them alone where what decides about their outputs cuts between them.
    #[cold]
    fn groups(&mut self, work: &Work<'_>, step: Move, apart: bool, groups: &mut Groups) -> Result<(), Error> {
        let missing = Error::IllFormed { level: work.level.number };
        let axis = work.level.spatial();
        let (own, turn) = (work.nest.on(axis), step.turn());
        let AxisBox { now: part, tiles, .. } = own;
        let leaf = work.level.leaf;
        let active = tiles.active(turn);
        let group = |walk: &mut Self, q: i32| -> Result<Group, Error> {
            let now = tiles.at(part, turn, q).ok_or(missing)?;
            Ok(Group::new(q, now, walk.history(work, own, step, q, &now)?))
        };
        if active.len() == 1 {
            let _ = groups.push(group(self, active.lo)?);
            return Ok(());
        }
        let slide = self.shape.slides[axis];
        let mut bounds: Vec<i32, 24> = Vec::new();
        let mut regular = tiles.regular && !apart;
        if regular {
            let mut cut = |at: i32| {
                if at <= active.lo || at >= active.hi || bounds.contains(&at) {
                    return Ok(());
                }
                bounds.push(at).map_err(|_| Error::TooIrregular)?;
                // In order.
                let mut last = at;
                for bound in bounds.iter_mut().filter(|bound| **bound > at) {
                    core::mem::swap(bound, &mut last);
                }
                if let Some(end) = bounds.last_mut() {
                    *end = last.max(*end);
                }
                Ok(())
            };
            cut(active.lo + 1)?;
            cut(active.hi - 1)?;
            let mut ends = |tiles: &Tiles| {
                let end = tiles.last.checked_rem(tiles.clusters).unwrap_or(0);
                [end, end + 1, tiles.last, tiles.last + 1].into_iter().try_for_each(&mut cut)
            };
            ends(tiles)?;
            if step == Move::Enter {
                for past in self.pasts.of(work.cluster.past(axis)) {
                    let mut own = None;
                    let tiles = self.tiles_of(work, axis, &past.part, &mut own)?;
                    regular &= tiles.regular;
                    ends(tiles)?;
                }
            }
        }
        if !regular {
            for q in active.lo..active.hi {
                let group = group(self, q)?;
                if apart {
                    groups.push(group).map_err(|_| Error::TooIrregular)?;
                } else {
                    add_group(groups, &self.pasts, group, 1, None, slide, leaf)?;
                }
            }
            return Ok(());
        }
        let _ = bounds.push(active.hi);
        let mut q = active.lo;
        for &end in &bounds {
            let first = group(self, q)?;
            let next = if end - q > 1 { tiles.at(part, turn, q + 1) } else { None };
            let shift = next.and_then(|next| distance(&first.now, &next));
            add_group(groups, &self.pasts, first, end - q, shift, slide, leaf)?;
            q = end;
        }
        Ok(())
    }
}
