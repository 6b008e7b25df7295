//! What is still in the PEs after the last step, and what idle clusters give away.

use crate::error::Error;

use super::axis::{Bounds, OutputBounds};
use super::level::{Level, Tiles};
use super::time::Bits;
use super::walk::Walk;

/// What an idle cluster gives away: of what it held, the outputs that its cluster computes no more.
pub(super) struct Given {
    pub held: OutputBounds,
    pub still: OutputBounds,
    pub finished: Option<OutputBounds>,
}

impl Given {
    /// Bits of those among `outputs`.
    pub fn bits(&self, outputs: &OutputBounds, bits: &Bits) -> i64 {
        let held = outputs.meet(&self.held);
        let given = held.volume() - held.shared(&self.still);
        // A finished output is computed no more.
        let finished = self.finished.as_ref().map_or(0, |finished| finished.shared(&held));
        finished * bits.output + (given - finished) * bits.psum
    }
}

impl Walk<'_> {
    /// What the sub-clusters of a cluster hold of its outputs after its last step in a box.
    pub fn held_at_end(&self, level: &Level, bounds: &Bounds) -> Result<OutputBounds, Error> {
        let mut end = *bounds;
        for axis in self.shape.axes() {
            let tiles = level.divide(self.shape, axis, &bounds[axis])?;
            end[axis] = tiles.hull(&bounds[axis], tiles.turns - 1).ok_or(Error::IllFormed { level: level.number })?;
        }
        Ok(self.shape.outputs(&end))
    }

    /// Cycles until all outputs have left a cluster that is at the end of a box: those of its slowest sub-cluster, then its
    /// own.
    pub fn drain(&self, index: usize, bounds: &Bounds) -> Result<i64, Error> {
        let Some(level) = self.levels.get(index) else { return Ok(0) };
        let held = self.held_at_end(level, bounds)?.volume();
        let mut slowest = 0;
        if level.leaf {
            return Ok(self.clock.noc(index).cycles(held.saturating_mul(self.clock.bits.output)));
        }
        self.each_end(level, bounds, &mut |bounds, _| {
            slowest = self.drain(index + 1, bounds)?.max(slowest);
            Ok(())
        })?;
        Ok(slowest.saturating_add(self.clock.noc(index).cycles(held.saturating_mul(self.clock.bits.output))))
    }

    /// Cycles until an idle cluster has given away what its sub-clusters hold of `given`, being at the end of a box; bits are
    /// those of `finished` outputs and of partial sums.
    pub fn give_away(&self, index: usize, bounds: &Bounds, given: &Given) -> Result<[i64; 2], Error> {
        let Some(level) = self.levels.get(index) else { return Ok([0; 2]) };
        let bits = given.bits(&self.held_at_end(level, bounds)?, &self.clock.bits);
        let own = self.clock.noc(index).cycles(bits);
        let mut below = [0, 0];
        if level.leaf {
            return Ok([own, own]);
        }
        self.each_end(level, bounds, &mut |bounds, _| {
            let sub = self.give_away(index + 1, bounds, given)?;
            below = [below[0].max(sub[0]), below[1].max(sub[1])];
            Ok(())
        })?;
        // At once, or one after the other.
        Ok([own.max(below[0]), own + below[1]])
    }

    /// Hands on the last boxes of a cluster's sub-clusters, one of each shape.
    pub fn each_end(
        &self,
        level: &Level,
        bounds: &Bounds,
        visit: &mut dyn FnMut(&Bounds, i64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut end = *bounds;
        let missing = Error::IllFormed { level: level.number };
        let axis = level.spatial();
        let mut tiles = Tiles::ONE;
        for other in self.shape.axes() {
            let own = level.divide(self.shape, other, &bounds[other])?;
            if other == axis {
                tiles = own;
            } else {
                end[other] = own.at(&bounds[other], own.turns - 1, 0).ok_or(missing)?;
            }
        }
        let active = tiles.active(tiles.turns - 1);
        let part = bounds[axis];
        let mut visit_q = |q: i32, count: i32| {
            end[axis] = tiles.at(&part, tiles.turns - 1, q).ok_or(missing)?;
            visit(&end, count.into())
        };
        if tiles.regular {
            if active.len() > 1 {
                visit_q(active.lo, active.hi - 1 - active.lo)?;
            }
            visit_q(active.hi - 1, 1)
        } else {
            (active.lo..active.hi).try_for_each(|q| visit_q(q, 1))
        }
    }
}
