//! Idle sub-clusters: what they give away takes its time below, and what they keep is finished with the others'.

use heapless::Vec;

use crate::error::Error;

use super::along::Move;
use super::axis::{Bounds, OutputBounds, Part, Span};
use super::cluster::{Step, Work};
use super::drain::Given;
use super::level::Level;
use super::outputs::uncut;
use super::space::MAX_GROUPS;
use super::step::Finished;
use super::time::StepTime;
use super::walk::Walk;

impl Walk<'_> {
    /// Looks at the idle sub-clusters of a step.
    pub fn idle(
        &mut self,
        work: &Work<'_>,
        step: &Step<'_>,
        finished: Option<&Finished>,
        weight: i64,
        time: &mut StepTime,
    ) -> Result<(), Error> {
        let (axis, cluster) = (step.spread, work.cluster);
        let (tiles, part, turn) = (&work.nest.tiles[axis], &work.nest.now[axis], step.side.step.turn());
        let mut q = tiles.active(turn).hi;
        if tiles.spatial && q == tiles.clusters {
            return Ok(());
        }
        // Boxes that left sub-clusters with a tile: earlier turns of the present one, and those before.
        let here = matches!(step.side.step, Move::Stay(_) | Move::Advance(_)) && turn > 0;
        let moved = !step.enters() && work.nest.moves_outputs(self.shape, 0);
        let mut source = here.then_some((*tiles, *part, turn - 1));
        for number in 0.. {
            let (tiles, part, turn) = match source.take() {
                Some(source) => source,
                None => {
                    let number = number - usize::from(here);
                    let Some(past) = self.pasts.of(cluster.past(axis)).nth(number).copied() else { break };
                    if !past.kept || moved {
                        continue;
                    }
                    let mut own = None;
                    let tiles = *self.tiles_of(work, axis, &past.part, &mut own)?;
                    (tiles, past.part, tiles.turns - 1)
                }
            };
            for (within, turn) in [(here, turn), (false, turn - 1)] {
                let end = if turn >= 0 && tiles.spatial { tiles.active(turn).hi } else { 0 };
                while q < end {
                    // Those alike at once: all but the last, whose tile may be cut.
                    let Some(tile) = tiles.at(&part, turn, q) else { break };
                    let last = tiles.at(&part, turn, end - 1).unwrap_or(tile);
                    let uncut = !self.shape.produces(axis) || self.uncut_by(step, finished, tile.outputs.hull(last.outputs));
                    let count = if tiles.regular && uncut { (end - 1 - q).max(1) } else { 1 };
                    self.idle_group(work, step, &Idle { tile, within, finished }, weight * i64::from(count), time)?;
                    q += count;
                }
            }
        }
        Ok(())
    }

    /// Whether idle sub-clusters that hold these outputs, along the axis over which they lie, treat them all alike.
    fn uncut_by(&self, step: &Step<'_>, finished: Option<&Finished>, outputs: Span) -> bool {
        let of = &step.side.outputs;
        let finished = finished.is_none_or(|finished| {
            uncut(finished.leaving[step.spread], outputs) && uncut(finished.staying[step.spread], outputs)
        });
        finished && uncut(of.before, outputs) && uncut(of.now, outputs)
    }

    /// One of a group of idle sub-clusters.
    fn idle_group(
        &mut self,
        work: &Work<'_>,
        step: &Step<'_>,
        idle: &Idle<'_>,
        weight: i64,
        time: &mut StepTime,
    ) -> Result<(), Error> {
        let (level, nest, axis) = (work.level, work.nest, step.spread);
        let mut bounds = nest.now;
        for other in self.shape.axes() {
            bounds[other] = if other == axis { idle.tile } else { *step.along[other].before() };
        }
        let mut held = self.shape.outputs(&bounds);
        // Idle for some steps of the present box: loops inside went around.
        if let Some(place) = nest.place(axis).filter(|place| idle.within && Some(*place) < step.advanced) {
            for inside in nest.order.iter().skip(place + 1).map(|inside| inside.axis) {
                let (tiles, part) = (&nest.tiles[inside], &nest.now[inside]);
                let (first, last) = (tiles.hull(part, 0), tiles.hull(part, tiles.turns - 1));
                let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
                bounds[inside] = last;
                if self.shape.produces(inside) {
                    held[inside] = first.outputs.meet(last.outputs);
                }
            }
        }
        let held = held.meet(&step.before(self.shape));
        if held.volume() == 0 {
            return Ok(());
        }
        if !level.leaf {
            let still = step.bounds(self.shape, |outputs| outputs.now);
            let given = Given { held, still, finished: idle.finished.map(|finished| finished.leaving) };
            time.give_away(self.give_away(work.index + 1, &bounds, &given)?);
        }
        match idle.finished.map(|finished| finished.staying.meet(&held)) {
            Some(kept) if kept.volume() > 0 => self.keep(work.index, level, &bounds, &kept, weight),
            _ => Ok(()),
        }
    }

    /// Counts outputs that an idle sub-cluster and those below it keep to the end.
    fn keep(
        &mut self,
        index: usize,
        level: &Level,
        bounds: &Bounds,
        kept: &OutputBounds,
        weight: i64,
    ) -> Result<(), Error> {
        if let Some(tally) = self.tallies.levels.get_mut(index) {
            tally.left_finished += kept.meet(&self.shape.outputs(bounds)).volume() * weight;
        }
        let Some(below) = self.levels.get(index + 1).filter(|_| !level.leaf) else { return Ok(()) };
        let held = self.held_at_end(below, bounds, None)?.meet(kept).volume();
        if let Some(tally) = self.tallies.levels.get_mut(index + 1) {
            tally.finished += held * weight;
        }
        // Each of them alone where what is kept begins or ends among them.
        let axis = below.spatial();
        let apart = |outputs: Span| self.shape.produces(axis) && !uncut(kept[axis], outputs);
        let mut ends: Vec<(Bounds, i64), MAX_GROUPS> = Vec::new();
        self.each_end_apart(below, bounds, None, &apart, &mut |bounds, count| {
            ends.push((*bounds, count)).map_err(|_| Error::TooIrregular)
        })?;
        ends.iter().try_for_each(|(bounds, count)| self.keep(index + 1, below, bounds, kept, weight * count))
    }
}

/// What is known of an idle sub-cluster.
struct Idle<'a> {
    /// Its last tile along the spatial axis.
    tile: Part,
    /// It had that in the present box.
    within: bool,
    /// Finished outputs of the step.
    finished: Option<&'a Finished>,
}
