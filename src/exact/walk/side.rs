//! A step along the axis that is spread over sub-clusters. Sub-clusters that do the same are collected in groups.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::Walk;
use crate::exact::along::{Move, Outputs, Side};
use crate::exact::axis::distance;
use crate::exact::cluster::{AxisBox, Work};
use crate::exact::groups::{Group, Groups, add_group, split_by_zeros};
use crate::exact::history::History;
use crate::exact::listener::Listener;
use crate::exact::outputs::{alike, uncut};
use crate::exact::slide::offset;
use crate::exact::tiles::Tiles;
use crate::exact::together::Together;

/// What the sub-clusters held before a step, if each held its present tile shifted by `shift`.
#[derive(Clone, Copy, Debug)]
struct Shifted {
    shift: [i32; 3],
    kept: bool,
}

impl<E: Listener> Walk<'_, E> {
    /// Analyses a step along the axis that is spread over sub-clusters.
    pub(super) fn side(&mut self, work: &Work<'_>, step: Move, side: &mut Side) -> Result<(), Error> {
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
            // Fewer sub-clusters may have work in the last turn than in the turn before.
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
        let [input, filter, _] = shape.couplings_of(axis);
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

    /// Returns `Some` if all sub-clusters that have work have full tiles now, and had full tiles before the step. The
    /// inner value says what they held before; it is `None` if the cluster had no tile before.
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

    /// Collects the sub-clusters that have work in groups. With `apart`, each is a group of its own, because their
    /// outputs are not all treated alike.
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
                // Insert the new bound in ascending order.
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
