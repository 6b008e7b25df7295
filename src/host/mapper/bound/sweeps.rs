//! What moves into and out of sub-clusters while they go through a box.

use super::{Bounds, Level};

/// What moves of a tensor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sweeps {
    /// Elements that move as a box is gone through.
    pub elements: f64,
    /// How often that happens.
    pub often: f64,
    /// From the second time on, the share that moves.
    pub again: f64,
}

impl Sweeps {
    /// Elements that move, of each time a share that is given for the first one.
    pub fn moved(&self, first: f64) -> f64 {
        self.elements * (first + (self.often - 1.0) * self.again)
    }
}

/// What moves of input, filter and output; `None` where no loop that turns is coupled to it.
pub(crate) type Flows = [Option<Sweeps>; 3];

impl Bounds<'_> {
    /// What moves of each tensor under an order of the loops of a level.
    pub fn flows(&self, level: &Level, order: &[usize]) -> Flows {
        [0, 1, 2].map(|tensor| self.sweeps(tensor, level, order, order.len(), Some(level.spatial)))
    }

    /// What moves of a tensor into or out of the sub-clusters while they go through a box whose loops have this order; `None`
    /// where none of the loops `outside` that turn is coupled to it. Of a window that slides along the innermost of them what is
    /// new counts alone. `spatial` is the axis over which sub-clusters lie that keep what they hold, if any do.
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
        // What windows that slide along both axes share at a corner.
        let (mut often, mut corner) = (1.0, 1.0);
        // Of what they go through once more, the share that is new to them: they hold their last tiles, idle ones those of the turn
        // before, and a window may be at both ends of an axis.
        let (mut again, mut all_again) = (1.0, false);
        for (depth, &place) in order.iter().enumerate() {
            let laid = &level.laid[place];
            if !coupled(place) {
                if depth < inner && turns(place) {
                    often *= laid.turns;
                    // What is outside of it stands still.
                    (again, all_again) = (1.0, false);
                }
                continue;
            }
            let slides = tensor == 0 && self.axes[place].slide.is_some() && laid.box_in > 0.0;
            if depth < outside && turns(place) && !idle(place) && !slides {
                // From its end back to its beginning.
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
