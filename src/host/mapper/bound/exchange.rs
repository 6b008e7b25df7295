//! A lower bound of what PEs exchange with the buffer that feeds them, whatever their tiles are: what L1 has no room
//! for must come again.

use heapless::Vec;

use super::super::space::{MAX_AXES, Split};
use super::{Bounds, Laid, room};

/// A tile of PEs along an axis, and lower bounds of the turns and tiles into which it cuts the boxes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    tile: u32,
    /// Least turns and tiles in the whole layer, and the largest number of boxes.
    turns: f64,
    tiles: f64,
    boxes: f64,
    /// The fraction of the box that comes in again in each sweep, at least.
    again: f64,
    /// Whether there may be more than one turn, and whether the axis lies over space.
    turning: bool,
    spatial: bool,
}

/// For each axis: nJ of the tensors that are coupled to it if its loop is the innermost one that turns; infinite if
/// its loop does not turn.
pub(crate) type Exchanged = [f64; MAX_AXES];

/// Tiles along the first axes. For each tensor: bits of L1, bits that move in a sweep, and the number of sweeps if
/// sub-clusters share what is sent (`turns`) and if they do not (`tiles`).
#[derive(Clone, Copy)]
struct Taken {
    l1: [f64; 3],
    moved: [f64; 3],
    turns: [f64; 3],
    tiles: [f64; 3],
    boxes: f64,
}

impl Bounds<'_> {
    /// How PEs with tiles of this size cut boxes along an axis. `boxes` are the alternatives: the level that cuts the
    /// box, the box's extent, and the size of that level's tiles.
    pub fn cut(&self, split: &Split, place: usize, tile: u32, boxes: impl Iterator<Item = (usize, u32, u32)>) -> Cut {
        let whole = f64::from(self.axes[place].extent);
        let spatial = (1..split.levels).any(|level| split.ways_along(level, place) > 1);
        let tiles = whole / f64::from(tile);
        let mut least = Cut { tile, turns: f64::INFINITY, tiles, boxes: 0.0, again: 1.0, turning: false, spatial };
        for (level, extent, tile) in boxes {
            let Laid { turns, idle, count, extent, .. } = self.laid(split, level, place, extent, tile);
            least.turns = least.turns.min(whole * turns / extent);
            least.boxes = least.boxes.max(whole / extent);
            if turns > 1.0 {
                least.turning = true;
                // Idle sub-clusters keep what they hold, so it need not come again.
                least.again = least.again.min((1.0 - idle / count).max(0.0));
            }
        }
        least
    }

    /// What PEs exchange with the buffer that feeds them, with the best of these tiles that fit L1. The options along
    /// each axis are sorted, the smallest tile first.
    pub fn exchanged(&self, options: &[&[Cut]]) -> Exchanged {
        let bits = [self.bits[0], self.bits[1] * self.filter_window(), self.psum];
        let coupled = [0, 1, 2].map(|tensor| self.axes.iter().any(|axis| axis.coupled[tensor]));
        let bits = [0, 1, 2].map(|tensor| if coupled[tensor] { bits[tensor] } else { 0.0 });
        let none = Taken { l1: bits, moved: bits, turns: [1.0; 3], tiles: [1.0; 3], boxes: 1.0 };
        let mut least = [f64::INFINITY; MAX_AXES];
        self.exchanged_with(options, &none, &mut Vec::new(), &mut least);
        least
    }

    fn exchanged_with(
        &self,
        options: &[&[Cut]],
        taken: &Taken,
        turning: &mut Vec<bool, MAX_AXES>,
        least: &mut Exchanged,
    ) {
        let place = turning.len();
        let Some(next) = options.get(place) else { return self.exchanged_by(taken, turning, least) };
        for cut in next.iter().rev() {
            let taken = self.taking(taken, place, cut);
            if !self.fits_with(&taken, place + 1) {
                continue;
            }
            let _ = turning.push(cut.turning);
            self.exchanged_with(options, &taken, turning, least);
            turning.pop();
            // Along the last axis over time, smaller tiles only take more turns.
            if place + 1 == options.len() && cut.turning && !cut.spatial {
                break;
            }
        }
    }

    /// Whether L1 has room for the tiles `taken`, with single elements along all axes from `next` on.
    fn fits_with(&self, taken: &Taken, next: usize) -> bool {
        let window: f64 =
            self.axes[next..].iter().filter(|axis| axis.coupled[0]).map(|axis| axis.inputs(1.0)).product();
        let [input, filter, output] = taken.l1;
        let factor = f64::from(self.task.hardware.l1_buffers().factor());
        factor * (input * window + filter + output) <= room(self.task.hardware.l1_bytes())
    }

    fn taking(&self, taken: &Taken, place: usize, cut: &Cut) -> Taken {
        let (axis, tile, mut next) = (&self.axes[place], f64::from(cut.tile), *taken);
        let extent = f64::from(axis.extent);
        for tensor in 0..3 {
            if axis.coupled[tensor] {
                next.l1[tensor] *= if tensor == 0 { axis.inputs(tile) } else { tile };
                // Of a sliding window only the new part counts.
                let new = if tensor == 0 { axis.inputs(extent) - axis.inputs(0.0) } else { extent };
                next.moved[tensor] *= new * cut.again;
            } else {
                next.turns[tensor] *= cut.turns;
                next.tiles[tensor] *= cut.tiles;
            }
        }
        if !axis.coupled[2] {
            next.boxes *= cut.boxes;
        }
        next
    }

    /// Tiles are chosen along all axes: in each turn of the innermost loop, every tensor that is coupled to it comes
    /// in again.
    fn exchanged_by(&self, taken: &Taken, turning: &[bool], least: &mut Exchanged) {
        let energies = self.task.energies;
        let buffer = energies.cluster.unwrap_or(energies.l2);
        let Taken { moved, turns, tiles, boxes, .. } = *taken;
        let moved = [0, 1, 2].map(|tensor| {
            // Partial sums come back each time, except for the first time in each box.
            let sums = if tensor == 2 { (turns[2] - boxes).max(0.0) } else { 0.0 };
            moved[tensor] / 8.0 * ((turns[tensor] + sums) * buffer + (tiles[tensor] + sums) * energies.l1)
        });
        for ((axis, _), least) in self.axes.iter().zip(turning).zip(least).filter(|((_, turning), _)| **turning) {
            let coupled = axis.coupled.iter().zip(moved).filter(|(coupled, _)| **coupled);
            *least = least.min(coupled.map(|(_, moved)| moved).sum());
        }
    }
}
