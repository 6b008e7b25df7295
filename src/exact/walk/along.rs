//! A step along an axis that is not spread, analysed once for all steps that share it.

use crate::error::Error;

use super::Walk;
use crate::exact::along::{Along, Move, Outputs};
use crate::exact::axis::{Axis, Part, Span};
use crate::exact::cluster::{AxisBox, Cluster, Work};
use crate::exact::history::History;
use crate::exact::listener::Listener;
use crate::exact::slide::offset;

impl Outputs {
    /// Sets the outputs of a step. `now` is the tile of the step, `before` that of the step before.
    #[inline(always)]
    pub(super) fn set<E>(
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
            // Joint loops do not compute outputs in ascending order: cut out the outputs of all earlier turns.
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
}

/// Of the outputs of a turn (`own`), those to which later turns of the loop add nothing more.
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

/// What is left of an interval if other intervals are cut out of it. An error if the rest is not a single interval.
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

impl<E: Listener> Walk<'_, E> {
    /// Analyses a step along an axis that is not spread: all sub-clusters have the same tile along it.
    pub(super) fn along(&mut self, work: &Work<'_>, axis: Axis, step: Move, along: &mut Along) -> Result<(), Error> {
        let (shape, own) = (self.shape, work.nest.on(axis));
        let AxisBox { now: part, tiles, .. } = own;
        let turn = step.turn();
        if let Some(above) = work.cluster.above.filter(|_| tiles.whole && step == Move::Enter) {
            // This level does not divide the axis, so that its step along the axis is that of the level above.
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
            // If the tile has the same size as the one analysed before, its counts are the same, too.
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

    /// Whether the level below is that of PEs and takes a tile in one piece along an axis.
    pub(super) fn whole_below(&self, work: &Work<'_>, axis: Axis, tile: &Part) -> bool {
        let below = self.levels.get(work.index + 1);
        below.is_some_and(|below| below.leaf && below.takes_whole(axis, self.shape.slides[axis], tile))
    }
}
