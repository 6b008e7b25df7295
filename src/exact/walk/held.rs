//! Outputs that a sub-cluster still holds from the step before.

use super::Walk;
use crate::exact::along::{Factors, Move, Side};
use crate::exact::axis::{Axis, Span};
use crate::exact::cluster::{Step, Work};
use crate::exact::groups::Group;
use crate::exact::history::Past;
use crate::exact::listener::Listener;
use crate::exact::shape::OutputBounds;
use crate::exact::tiles::Tiles;

impl<E: Listener> Walk<'_, E> {
    /// Number of outputs of a step that a sub-cluster still holds from the step before, in which its tile was `own`.
    pub(super) fn stayed(&self, products: &Factors, side: &Side, spread: Axis, group: &Group, own: &Past) -> i64 {
        let along = match self.shape.produces(spread) {
            true => group.now.outputs.meet(own.part.outputs).meet(side.outputs.before).len(),
            false => 1,
        };
        products.stayed * along
    }

    /// Whether a sub-cluster that has work now was idle in the step before. This is so if the spatial loop has gone
    /// around, and its last turn had too few tiles for all sub-clusters.
    #[cfg_attr(feature = "std", inline(always))]
    pub(super) fn idled(&self, work: &Work<'_>, step: &Step<'_>, q: i32) -> bool {
        let (spread, nest) = (step.spread, work.nest);
        let idled = |tiles: &Tiles| tiles.last_turn(q).is_some_and(|turn| turn != tiles.turns - 1);
        match step.side.step {
            Move::Around => idled(nest.tiles(spread)),
            Move::Enter => match step.cluster.past(spread).last() {
                Some(past) => self.tiles_of(work, spread, &past.part, &mut None).is_ok_and(idled),
                None => false,
            },
            _ => false,
        }
    }

    /// Outputs that a sub-cluster still holds from earlier steps.
    pub(super) fn held_of(&self, work: &Work<'_>, step: &Step<'_>, group: &Group) -> OutputBounds {
        match group.history.last().filter(|past| past.kept && step.keeps) {
            Some(_) => self.held(work, step, group, self.idled(work, step, group.q)),
            None => OutputBounds::NONE,
        }
    }

    /// The same for a sub-cluster that has kept some outputs. `idled` says whether it was idle in the step before.
    #[cold]
    pub(super) fn held(&self, work: &Work<'_>, step: &Step<'_>, group: &Group, idled: bool) -> OutputBounds {
        let Some(own) = group.history.last() else { return OutputBounds::NONE };
        let (shape, nest, spread) = (self.shape, work.nest, step.spread);
        let mut held = step.bounds(shape, |outputs| outputs.before);
        if shape.produces(spread) {
            held[spread] = held[spread].meet(own.part.outputs);
        }
        if idled {
            // While the sub-cluster was idle, the loops inside of the spatial one went around, in the box of the step
            // before. It has kept only what their first turns share.
            let mut inside = false;
            for &(axis, is_filter) in &work.level.loops {
                let part = match step.enters() {
                    true => step.cluster.past(axis).last().map(|past| past.part),
                    false => Some(*nest.now(axis)),
                };
                let mut first = Span::NONE;
                if let Some(part) = part
                    && let Ok(tiles) = self.tiles_of(work, axis, &part, &mut None)
                {
                    first = tiles.hull(&part, 0).map_or(Span::NONE, |first| first.outputs);
                    let moves = tiles.moves_in(is_filter);
                    inside |= axis == spread && moves;
                    if !moves || !tiles.moves_outputs() {
                        continue;
                    }
                }
                if inside && axis != spread && shape.produces(axis) {
                    held[axis] = held[axis].meet(first);
                }
            }
        }
        held
    }
}
