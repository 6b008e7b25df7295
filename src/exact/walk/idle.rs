//! Idle clusters: what they give away takes time in the levels below.

use crate::error::Error;

use super::Walk;
use super::drain::Given;
use crate::exact::along::Move;
use crate::exact::axis::{Part, PerAxis, Span};
use crate::exact::cluster::{Step, Work};
use crate::exact::listener::Listener;
use crate::exact::outputs::uncut;
use crate::exact::shape::OutputBounds;

impl<E: Listener> Walk<'_, E> {
    /// Analyses the idle sub-clusters of a step. `finished` are the finished outputs among those that the step gives
    /// away.
    #[cold]
    pub(super) fn idle(&mut self, work: &Work<'_>, step: &Step<'_>, finished: &OutputBounds) -> Result<(), Error> {
        let (axis, cluster) = (step.spread, work.cluster);
        let (tiles, part, turn) = (work.nest.tiles(axis), work.nest.now(axis), step.side.step.turn());
        let mut q = tiles.active(turn).hi;
        if tiles.spatial && q == tiles.clusters {
            return Ok(());
        }
        // Idle sub-clusters have their tile from an earlier turn in the present box, or from an earlier box.
        let here = matches!(step.side.step, Move::Stay(_) | Move::Advance(_)) && turn > 0;
        let moved = !step.enters() && work.nest.moves_outputs(self.shape, 0);
        let mut source = here.then_some((*tiles, *part, turn - 1));
        for number in 0.. {
            let (tiles, part, turn) = match source.take() {
                Some(source) => source,
                None => {
                    let number = number - usize::from(here);
                    let Some(past) = self.pasts.of(cluster.past(axis)).nth(number).copied() else { break };
                    if moved || !past.kept {
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
                    // Take sub-clusters that do the same together: all but the last one, whose tile may be cut.
                    let Some(tile) = tiles.at(&part, turn, q) else { break };
                    let last = tiles.at(&part, turn, end - 1).unwrap_or(tile);
                    let all = tile.outputs.hull(last.outputs);
                    let alike = !self.shape.produces(axis) || uncut_by(step, finished, all);
                    let count = if tiles.regular && alike { (end - 1 - q).max(1) } else { 1 };
                    self.idle_group(work, step, &Idle { tile, within, finished })?;
                    q += count;
                }
            }
        }
        Ok(())
    }

    /// Reports what one of a group of idle sub-clusters gives away.
    fn idle_group(&mut self, work: &Work<'_>, step: &Step<'_>, idle: &Idle<'_>) -> Result<(), Error> {
        let (nest, axis) = (work.nest, step.spread);
        let mut bounds = PerAxis([Part::ONE; 6]);
        for other in self.shape.axes() {
            bounds[other] = if other == axis { idle.tile } else { *step.along[other].before() };
        }
        let mut held = self.shape.outputs(&bounds);
        // The sub-cluster has been idle for some steps of the present box, in which the loops inside of the spatial
        // one went around.
        if let Some(place) = nest.place(axis).filter(|place| idle.within && Some(*place) < step.advanced) {
            for inside in nest.order.iter().skip(place + 1).map(|inside| inside.axis) {
                let (tiles, part) = (nest.tiles(inside), nest.now(inside));
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
        let still = step.bounds(self.shape, |outputs| outputs.now);
        self.give_away(work.index + 1, &bounds, &Given { held, still, finished: idle.finished })
    }
}

/// Whether `outputs`, an interval of the spatial axis that idle sub-clusters hold, are all treated alike.
fn uncut_by(step: &Step<'_>, finished: &OutputBounds, outputs: Span) -> bool {
    let of = &step.side.outputs;
    [of.before, of.now, finished[step.spread]].into_iter().all(|span| uncut(span, outputs))
}

/// An idle sub-cluster.
struct Idle<'a> {
    /// The last tile of the sub-cluster along the spatial axis.
    tile: Part,
    /// Whether the sub-cluster had this tile in the present box.
    within: bool,
    /// The finished outputs among those that the step gives away.
    finished: &'a OutputBounds,
}
