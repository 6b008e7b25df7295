//! Outputs that leave without a step of their own: what sub-clusters still hold after the last step, and what idle
//! clusters give away.

use crate::error::Error;

use super::Walk;
use crate::exact::axis::Axis;
use crate::exact::cluster::Nest;
use crate::exact::events::Event;
use crate::exact::level::Level;
use crate::exact::listener::Listener;
use crate::exact::shape::{Bounds, OutputBounds};
use crate::exact::tiles::Tiles;
use crate::exact::time::{Bits, unsigned};

/// What an idle cluster gives away: the outputs in `held` that are not in `still`, which the cluster around it
/// computes in the present step.
pub(super) struct Given<'a> {
    pub held: OutputBounds,
    pub still: OutputBounds,
    pub finished: &'a OutputBounds,
}

impl Given<'_> {
    /// Bits of the given-away outputs among `outputs`.
    pub fn bits(&self, outputs: &OutputBounds, bits: &Bits) -> i64 {
        let held = outputs.meet(&self.held);
        let given = held.volume() - held.shared(&self.still);
        // A finished output is never in `still`.
        let finished = self.finished.shared(&held);
        finished * bits.output + (given - finished) * bits.psum
    }
}

impl<E: Listener> Walk<'_, E> {
    /// The tiles of an axis in a box of a level: those of `nest` if it is known, otherwise computed and stored in
    /// `own`.
    fn tiles_in<'t>(
        &self,
        level: &Level,
        axis: Axis,
        bounds: &Bounds,
        nest: Option<&'t Nest>,
        own: &'t mut Option<Tiles>,
    ) -> Result<&'t Tiles, Error> {
        match nest {
            Some(nest) => Ok(nest.tiles(axis)),
            None => Ok(own.insert(level.divide(self.shape, axis, &bounds[axis])?)),
        }
    }

    /// The outputs that the sub-clusters of a cluster hold together after the cluster's last step in a box. `nest`
    /// are the loops in the box, if they are known.
    fn held_at_end(&self, level: &Level, bounds: &Bounds, nest: Option<&Nest>) -> Result<OutputBounds, Error> {
        let mut held = OutputBounds::ONE;
        for axis in self.shape.axes().filter(|axis| self.shape.produces(*axis)) {
            // A single tile, or a single output, remains as a whole.
            let part = &bounds[axis];
            let all = part.outputs.len() == 1 || level.takes_whole(axis, self.shape.slides[axis], part);
            if nest.is_none() && all {
                held[axis] = part.outputs;
                continue;
            }
            let mut own = None;
            let tiles = self.tiles_in(level, axis, bounds, nest, &mut own)?;
            let end = tiles.hull(&bounds[axis], tiles.turns - 1).ok_or(Error::IllFormed { level: level.number })?;
            held[axis] = end.outputs;
        }
        Ok(held)
    }

    /// Reports and returns the outputs that the sub-clusters of a cluster hold at the end of a box. They leave only
    /// after the slowest sub-cluster has drained in the same way.
    pub fn drain(&mut self, index: usize, bounds: &Bounds, nest: Option<&Nest>) -> Result<i64, Error> {
        let Some(level) = self.levels.get(index) else { return Ok(0) };
        let held = self.held_at_end(level, bounds, nest)?.volume();
        if !level.leaf {
            self.each_end(level, bounds, nest, &mut |walk, bounds| walk.drain(index + 1, bounds, None).map(drop))?;
            self.drain_of_idle(index, level, bounds, nest)?;
        }
        let bits = unsigned(held.saturating_mul(self.clock.bits.output));
        self.emit(&Event::Drained { level: index as u8, bits });
        Ok(held)
    }

    /// Sub-clusters that were idle in the last turn of the spatial loop still hold outputs that others have continued
    /// to compute.
    fn drain_of_idle(
        &mut self,
        index: usize,
        level: &Level,
        bounds: &Bounds,
        nest: Option<&Nest>,
    ) -> Result<(), Error> {
        let axis = level.spatial();
        let mut own = None;
        let tiles = self.tiles_in(level, axis, bounds, nest, &mut own)?;
        let last = tiles.turns - 1;
        if last == 0 {
            return Ok(());
        }
        let (idle, end) = (tiles.active(last).hi, tiles.active(last - 1).hi);
        if idle >= end {
            return Ok(());
        }
        let missing = Error::IllFormed { level: level.number };
        let (mut box_of, mut kept) = (*bounds, self.held_at_end(level, bounds, nest)?);
        let mut inside = false;
        for &(other, is_filter) in &level.loops {
            let mut own = None;
            let tiles = self.tiles_in(level, other, bounds, nest, &mut own)?;
            if other == axis || !tiles.moves_in(is_filter) {
                inside |= other == axis && tiles.moves_in(is_filter);
                continue;
            }
            box_of[other] = tiles.at(&bounds[other], tiles.turns - 1, 0).ok_or(missing)?;
            if inside && self.shape.produces(other) {
                let first = tiles.hull(&bounds[other], 0).ok_or(missing)?;
                kept[other] = kept[other].meet(first.outputs);
            }
        }
        let mut visit = |q: i32| {
            box_of[axis] = tiles.at(&bounds[axis], last - 1, q).ok_or(missing)?;
            let held = kept.meet(&self.shape.outputs(&box_of));
            if held.volume() > 0 {
                let given = Given { held, still: OutputBounds::NONE, finished: &held };
                self.give_away(index + 1, &box_of, &given)?;
            }
            Ok(())
        };
        if tiles.regular {
            visit(idle)?;
            visit(end - 1)
        } else {
            (idle..end).try_for_each(visit)
        }
    }

    /// Reports that an idle cluster, which has finished its box, gives away those outputs of `given` that its
    /// sub-clusters hold, and that the levels below do the same.
    pub(super) fn give_away(&mut self, index: usize, bounds: &Bounds, given: &Given<'_>) -> Result<(), Error> {
        let Some(level) = self.levels.get(index) else { return Ok(()) };
        let bits = given.bits(&self.held_at_end(level, bounds, None)?, &self.clock.bits);
        if !level.leaf {
            self.each_end(level, bounds, None, &mut |walk, bounds| walk.give_away(index + 1, bounds, given))?;
        }
        self.emit(&Event::GivenAway { level: index as u8, bits: unsigned(bits) });
        Ok(())
    }

    /// Visits the last boxes of a cluster's sub-clusters, one box of each shape.
    fn each_end(
        &mut self,
        level: &Level,
        bounds: &Bounds,
        nest: Option<&Nest>,
        visit: &mut dyn FnMut(&mut Self, &Bounds) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut end = *bounds;
        let missing = Error::IllFormed { level: level.number };
        let axis = level.spatial();
        // At the end, PEs matter only for the outputs that they hold.
        let below = self.levels.get(usize::from(level.number));
        let is_looked_at = |other: &Axis| below.is_none_or(|below| !below.leaf) || self.shape.produces(*other);
        for other in self.shape.axes().filter(|other| *other != axis && is_looked_at(other)) {
            let mut own = None;
            let own = self.tiles_in(level, other, bounds, nest, &mut own)?;
            end[other] = own.at(&bounds[other], own.turns - 1, 0).ok_or(missing)?;
        }
        let mut own = None;
        let tiles = self.tiles_in(level, axis, bounds, nest, &mut own)?;
        let last = tiles.turns - 1;
        let active = tiles.active(last);
        let part = bounds[axis];
        let mut visit_q = |q: i32| {
            end[axis] = tiles.at(&part, last, q).ok_or(missing)?;
            visit(self, &end)
        };
        if tiles.full(last) {
            visit_q(active.lo)
        } else if tiles.regular {
            if active.len() > 1 {
                visit_q(active.lo)?;
            }
            visit_q(active.hi - 1)
        } else {
            (active.lo..active.hi).try_for_each(visit_q)
        }
    }
}
