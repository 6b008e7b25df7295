//! Lays the loops of a level over a box, and finds the turns that are of the same kind.

use crate::error::Error;

use super::Walk;
use crate::exact::axis::{Axis, Part};
use crate::exact::cluster::{AxisLoop, Cluster, Loop, Nest, Runs};
use crate::exact::level::Level;
use crate::exact::listener::Listener;
use crate::exact::outputs::alike;
use crate::exact::slide::offset;
use crate::exact::tiles::Tiles;

impl<E: Listener> Walk<'_, E> {
    /// Lays the loops of a level over a cluster's present box.
    pub(super) fn lay(&self, level: &Level, cluster: &Cluster<'_>, nest: &mut Nest) -> Result<(), Error> {
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

    /// Lays the loop of an axis over `part`. Tiles depend only on extents, so they are kept if the last box had the
    /// same size.
    pub(super) fn lay_axis(&self, level: &Level, axis: Axis, part: Part, nest: &mut Nest) -> Result<(), Error> {
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

    /// The runs of turns that are of the same kind: the first turn if it is special, the middle, and the last turn if
    /// it is special.
    fn runs(&self, axis: Axis, tiles: &Tiles, part: &Part) -> Runs {
        let produces = self.shape.produces(axis) && tiles.moves_outputs();
        let last = tiles.turns - 1;
        let slide = self.shape.slides[axis];
        let (apart, alike) = if let Some((first, end)) = tiles.ends() {
            // Regular tiles lie in a row, so that the distance between neighbouring tiles decides whether turns
            // overlap.
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
