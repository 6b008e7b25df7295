//! What is still in the PEs after the last step, and what idle clusters give away.

use crate::error::Error;

use super::axis::{Axis, Bounds, OutputBounds};
use super::level::Level;
use super::time::Elapsed;
use super::walk::Walk;

impl Walk<'_> {
    /// What the sub-clusters of a cluster hold of its outputs after its last step in a box.
    pub fn held_at_end(&self, level: &Level, bounds: &Bounds) -> Result<OutputBounds, Error> {
        let mut end = *bounds;
        for axis in Axis::ALL {
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
        self.each_end(level, bounds, &mut |bounds| {
            slowest = self.drain(index + 1, bounds)?.max(slowest);
            Ok(())
        })?;
        Ok(slowest.saturating_add(self.clock.noc(index).cycles(held.saturating_mul(self.clock.bits.output))))
    }

    /// Cycles until an idle cluster has given away the outputs that its cluster computes no more, being at the end of a box.
    pub fn give_away(&self, index: usize, bounds: &Bounds, still: &OutputBounds) -> Result<Elapsed, Error> {
        let mut elapsed = Elapsed::default();
        let Some(level) = self.levels.get(index) else { return Ok(elapsed) };
        let held = self.held_at_end(level, bounds)?;
        let given = held.volume() - held.meet(still).volume();
        let own = self.clock.noc(index).cycles(given.saturating_mul(self.clock.bits.output));
        let mut below = Elapsed::default();
        self.each_end(level, bounds, &mut |bounds| {
            let sub = self.give_away(index + 1, bounds, still)?;
            if sub.cycles > below.cycles {
                below = sub;
            }
            Ok(())
        })?;
        elapsed.wait(super::time::NOC_OUT, own.max(below.cycles));
        Ok(elapsed)
    }

    /// Hands on the last boxes of a cluster's sub-clusters, one of each shape.
    fn each_end(
        &self,
        level: &Level,
        bounds: &Bounds,
        visit: &mut dyn FnMut(&Bounds) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if usize::from(level.number) == self.levels.len() {
            return Ok(());
        }
        let mut end = *bounds;
        let missing = Error::IllFormed { level: level.number };
        let mut spread = None;
        for axis in Axis::ALL {
            let tiles = level.divide(self.shape, axis, &bounds[axis])?;
            if axis == level.spatial() {
                spread = Some(tiles);
            } else {
                end[axis] = tiles.at(&bounds[axis], tiles.turns - 1, 0).ok_or(missing)?;
            }
        }
        let (axis, tiles) = (level.spatial(), spread.ok_or(missing)?);
        let active = tiles.active(tiles.turns - 1);
        let part = bounds[axis];
        let mut visit_q = |q: i32| {
            end[axis] = tiles.at(&part, tiles.turns - 1, q).ok_or(missing)?;
            visit(&end)
        };
        if tiles.regular {
            visit_q(active.lo)?;
            if active.len() > 1 { visit_q(active.hi - 1) } else { Ok(()) }
        } else {
            (active.lo..active.hi).try_for_each(visit_q)
        }
    }
}
