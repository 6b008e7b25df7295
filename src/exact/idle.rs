//! Idle sub-clusters: what they give away takes its time below, and what they keep is finished with the others'.

use heapless::Vec;

use crate::error::Error;

use super::along::{Move, Side};
use super::axis::{Bounds, OutputBounds, Part};
use super::drain::Given;
use super::level::Level;
use super::time::StepTime;
use super::walk::{StepOutputs, Steps, Walk};

impl Walk<'_> {
    /// Looks at the idle sub-clusters of a step. `finished` are the finished outputs of the step before, and those that
    /// will be of this one.
    #[expect(clippy::too_many_arguments, reason = "a step and what is known of it")]
    pub fn idle(
        &mut self,
        steps: &Steps<'_>,
        side: &Side,
        boxes: &StepOutputs,
        enters: bool,
        finished: [Option<OutputBounds>; 2],
        weight: i64,
        time: &mut StepTime,
    ) -> Result<(), Error> {
        let (level, cluster, nest) = (steps.level, steps.cluster, steps.nest);
        let Some(before) = &boxes.before else { return Ok(()) };
        let axis = level.spatial();
        let (tiles, part, turn) = (&nest.tiles[axis], &cluster.now[axis], side.step.turn());
        let mut q = tiles.active(turn).hi;
        if tiles.spatial && q == tiles.clusters {
            return Ok(());
        }
        // Boxes that left sub-clusters with a tile: earlier turns of the present one, and those before.
        let here = matches!(side.step, Move::Stay(_) | Move::Advance(_)) && turn > 0;
        let moved = !enters && self.moves_outputs(nest, 0);
        let mut source = here.then_some((*tiles, *part, turn - 1));
        let mut boxes_before = cluster.past(axis).iter().filter(|past| past.kept && !moved);
        loop {
            let (tiles, part, turn) = match source.take() {
                Some(source) => source,
                None => match boxes_before.next() {
                    None => return Ok(()),
                    Some(past) => {
                        let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                        (tiles, past.part, tiles.turns - 1)
                    }
                },
            };
            for (within, turn) in [(here, turn), (false, turn - 1)] {
                let end = if turn >= 0 && tiles.spatial { tiles.active(turn).hi } else { 0 };
                while q < end {
                    // Those alike at once: all but the last, whose tile may be cut.
                    let count = if tiles.regular { (end - 1 - q).max(1) } else { 1 };
                    let Some(tile) = tiles.at(&part, turn, q) else { break };
                    let still = &boxes.now;
                    let idle = Idle { tile, within, before, still, finished };
                    self.idle_group(steps, &idle, weight * i64::from(count), time)?;
                    q += count;
                }
            }
        }
    }

    /// One of a group of idle sub-clusters.
    fn idle_group(
        &mut self,
        steps: &Steps<'_>,
        idle: &Idle<'_>,
        weight: i64,
        time: &mut StepTime,
    ) -> Result<(), Error> {
        let (level, cluster, nest) = (steps.level, steps.cluster, steps.nest);
        let axis = level.spatial();
        let mut bounds = cluster.now;
        for other in self.shape.axes() {
            bounds[other] = if other == axis { idle.tile } else { steps.along[other].before };
        }
        let mut held = self.shape.outputs(&bounds);
        // Idle for some steps of the present box: loops inside went around.
        if let Some(place) = nest.place(axis).filter(|place| idle.within && *place < steps.advanced) {
            for &inside in nest.order.iter().skip(place + 1) {
                let (tiles, part) = (&nest.tiles[inside], &cluster.now[inside]);
                let (first, last) = (tiles.hull(part, 0), tiles.hull(part, tiles.turns - 1));
                let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
                bounds[inside] = last;
                if self.shape.produces(inside) {
                    held[inside] = first.outputs.meet(last.outputs);
                }
            }
        }
        let held = held.meet(idle.before);
        if held.volume() == 0 {
            return Ok(());
        }
        let [finished, finishing] = idle.finished;
        if !level.leaf {
            let given = Given { held, still: idle.still, finished };
            time.give_away(self.give_away(steps.index + 1, &bounds, &given)?);
        }
        match finishing.map(|finishing| finishing.meet(&held)) {
            Some(kept) if kept.volume() > 0 => self.keep(steps.index, level, &bounds, &kept, weight),
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
        let held = self.held_at_end(below, bounds)?.meet(kept).volume();
        if let Some(tally) = self.tallies.levels.get_mut(index + 1) {
            tally.finished += held * weight;
        }
        let mut ends: Vec<(Bounds, i64), 4> = Vec::new();
        self.each_end(below, bounds, &mut |bounds, count| {
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
    /// Outputs of the step before, and of this one.
    before: &'a OutputBounds,
    still: &'a OutputBounds,
    /// See [`Walk::idle`].
    finished: [Option<OutputBounds>; 2],
}
