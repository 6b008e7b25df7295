//! What a sub-cluster held along an axis before a step.

use crate::error::Error;

use super::Walk;
use crate::exact::along::Move;
use crate::exact::axis::{Axis, Part};
use crate::exact::cluster::{AxisBox, Work};
use crate::exact::history::History;
use crate::exact::listener::Listener;
use crate::exact::slide::offset;
use crate::exact::tiles::Tiles;

impl<E: Listener> Walk<'_, E> {
    /// What sub-cluster `q` held along an axis before a step, in which its tile is `now`.
    #[inline(always)]
    pub(super) fn history(
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
            // No earlier tile was larger than the last one.
            Move::Around if tiles.is_even() && tiles.clusters == 1 => Ok(of(tiles.at(part, tiles.turns - 1, q))),
            _ => self.remembered(work, own, step, q),
        }
    }

    /// The same if the history may consist of more than one tile.
    #[cold]
    fn remembered(&mut self, work: &Work<'_>, own: AxisBox<'_>, step: Move, q: i32) -> Result<History, Error> {
        let mut history = History::NONE;
        let AxisBox { axis, now: part, tiles } = own;
        // For a PE, only the last tile counts, because there are no sub-clusters below that may have been idle.
        let earlier = if work.level.leaf { 0 } else { 1 };
        match step {
            Move::Around | Move::Jump(..) => {
                // The loop that goes around. Of joint loops, the inner one may go around alone.
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

    /// The tiles of a box that the cluster had before. They are those of the present box if both have the same size;
    /// otherwise they are computed and stored in `own`.
    pub(super) fn tiles_of<'t>(
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
}
