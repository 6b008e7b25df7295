//! Lower bounds of what moves into and out of sub-clusters while they go through a box. Each pass through (a part of)
//! a tensor is a *sweep*.

use super::{Bounds, Level};

/// How much of a tensor moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sweeps {
    /// Elements that move in the first sweep.
    pub elements: f64,
    /// The number of sweeps.
    pub often: f64,
    /// The fraction of these elements that moves in each later sweep.
    pub again: f64,
}

impl Sweeps {
    /// Elements that move in all sweeps, if the fraction `first` of them moves in the first sweep.
    pub fn moved(&self, first: f64) -> f64 {
        self.elements * (first + (self.often - 1.0) * self.again)
    }
}

/// What moves of input, filter and output; `None` for a tensor to which no turning loop is coupled.
pub(crate) type Flows = [Option<Sweeps>; 3];

impl Bounds<'_> {
    /// What moves of each tensor under an order of a level's loops.
    pub fn flows(&self, level: &Level, order: &[usize]) -> Flows {
        [0, 1, 2].map(|tensor| self.sweeps(tensor, level, order, order.len(), Some(level.spatial)))
    }

    /// What moves of a tensor into or out of the sub-clusters while they go through a box whose loops have this
    /// order; `None` if none of the turning loops among the first `outside` is coupled to it. Of a window that slides
    /// along the innermost of these loops, only the new part counts. `spatial` is the axis over space if idle
    /// sub-clusters keep what they hold.
    pub(super) fn sweeps(
        &self,
        tensor: usize,
        level: &Level,
        order: &[usize],
        outside: usize,
        spatial: Option<usize>,
    ) -> Option<Sweeps> {
        let coupled = |place: usize| self.axes[place].coupled[tensor];
        let turns = |place: usize| level.laid[place].turns > 1.0;
        let idle = |place: usize| spatial == Some(place) && turns(place) && level.laid[place].idle > 0.0;
        let inner = order[..outside].iter().rposition(|&place| coupled(place) && turns(place))?;
        let some_idle = order.iter().any(|&place| coupled(place) && idle(place));
        let mut elements = if tensor == 1 { self.filter_window() } else { 1.0 };
        // `corner` corrects for the inputs that windows sliding along both axes share at a corner.
        let (mut often, mut corner) = (1.0, 1.0);
        // `again` is the fraction of a repeated sweep that is new. Sub-clusters still hold their last tiles, idle
        // ones those of the turn before, and one window may touch both ends of an axis.
        let (mut again, mut all_again) = (1.0, false);
        for (depth, &place) in order.iter().enumerate() {
            let laid = &level.laid[place];
            if !coupled(place) {
                if depth < inner && turns(place) {
                    often *= laid.turns;
                    // While this loop turns, the loops outside of it stand still.
                    (again, all_again) = (1.0, false);
                }
                continue;
            }
            let slides = tensor == 0 && self.axes[place].slide.is_some() && laid.box_in > 0.0;
            if depth < outside && turns(place) && !idle(place) && !slides {
                // The loop goes back from its end to its beginning, so everything moves again.
                all_again = true;
            }
            if idle(place) {
                again *= (1.0 - laid.idle / laid.count).max(0.0);
            }
            if slides {
                again *= (laid.box_in - self.axes[place].inputs(0.0)) / laid.box_in;
            }
            elements *= match tensor {
                0 if depth >= inner || some_idle => laid.box_in,
                0 => {
                    corner *= 1.0 - (laid.turns - 1.0) * self.axes[place].inputs(0.0) / laid.all_in.max(1.0);
                    laid.all_in
                }
                _ => laid.extent,
            };
        }
        if tensor == 0 && self.axes[order[inner]].slide.is_some() {
            elements *= corner;
        }
        Some(Sweeps { elements, often, again: if all_again || tensor == 2 { 1.0 } else { again } })
    }
}
