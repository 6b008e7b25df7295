//! Lower bounds of what moves off-chip.

use heapless::Vec;

use super::super::rounding::floor;
use super::super::space::MAX_AXES;
use super::sweeps::Sweeps;
use super::{Bounds, Level, room};

/// Bits that move off-chip; weights count as before compression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moved {
    pub activations: f64,
    pub weights: f64,
}

impl Moved {
    /// The sum of both.
    pub fn bits(&self) -> f64 {
        self.activations + self.weights
    }
}

impl Bounds<'_> {
    /// The fraction of their bits that weights have off-chip, after compression.
    pub(super) fn kept(&self) -> f64 {
        f64::from(self.task.hardware.weights_permille()) / 1000.0
    }

    /// Bytes off-chip, after compression of weights.
    pub fn offchip_bytes(&self, moved: &Moved) -> f64 {
        (moved.activations + moved.weights * self.kept()) / 8.0
    }

    /// What moves off-chip in any case: each tensor once.
    pub fn at_least(&self) -> Moved {
        let [input, filter, output] = self.compulsory;
        Moved { activations: if self.streams { input + output } else { 0.0 }, weights: filter }
    }

    /// Whether activations and weights count alike, so that only their sum matters.
    pub fn moves_alike(&self) -> bool {
        self.kept() >= 1.0 && self.task.hardware.weights_bandwidth().is_none()
    }

    /// A lower bound of both.
    pub fn least_of(&self, one: &Moved, other: &Moved) -> Moved {
        match self.moves_alike() {
            true if one.bits() <= other.bits() => *one,
            true => *other,
            false => {
                Moved { activations: one.activations.min(other.activations), weights: one.weights.min(other.weights) }
            }
        }
    }

    /// Whether what moves off-chip depends on tiles and orders: L2 has no room for all tensors.
    pub fn is_tight(&self) -> bool {
        self.streams && self.compulsory.iter().sum::<f64>() > room(self.task.hardware.l2_bytes())
    }

    /// Whether L2 may have room for the tiles of a level, or for larger ones. L2 needs at least what a step touches,
    /// or all of a tensor.
    pub fn fits_l2(&self, level: &Level) -> bool {
        !self.is_tight() || floor(self.l2_bits(level)) <= room(self.task.hardware.l2_bytes())
    }

    /// The least bits of L2 that the tiles of a level need.
    pub fn l2_bits(&self, level: &Level) -> f64 {
        let factor = f64::from(self.task.hardware.l2_buffers().factor());
        let need = |tensor: usize| {
            let step = self.volume(tensor, &level.laid, |laid| (laid.first_in, laid.first));
            (factor * step).min(self.compulsory[tensor])
        };
        need(0) + need(1) + need(2)
    }

    /// The fewest bits that move off-chip over all depths that fit L2; `None` if none fits.
    pub fn moved(&self, level: &Level, order: &[usize]) -> Option<Moved> {
        self.moved_between([level, level], order)
    }

    /// A lower bound of [`Bounds::moved`] for boxes that are no smaller than those of the first level and no larger
    /// than those of the second.
    pub fn moved_between(&self, [smallest, largest]: [&Level; 2], order: &[usize]) -> Option<Moved> {
        let limit = room(self.task.hardware.l2_bytes());
        if !self.is_tight() {
            return Some(self.at_least());
        }
        let factor = f64::from(self.task.hardware.l2_buffers().factor());
        // For each depth: bits of L2 and bits that move.
        let options = |tensor: usize| {
            let mut options: Vec<(f64, f64), { MAX_AXES + 1 }> = Vec::new();
            for depth in 0..=order.len() {
                let moved =
                    self.sweeps(tensor, largest, order, depth, None).map_or(self.compulsory[tensor], |sweeps| {
                        let Sweeps { elements, often, again } = sweeps;
                        let once = elements * self.bits[tensor];
                        match tensor {
                            2 => once + (often - 1.0) * 2.0 * elements * self.psum,
                            _ => once * (1.0 + (often - 1.0) * again),
                        }
                    });
                let mut outside = [false; MAX_AXES];
                order[..depth].iter().for_each(|&place| outside[place] = true);
                let mut space = self.bits[tensor] * if tensor == 1 { self.filter_window() } else { 1.0 };
                let mut coupled = false;
                for (place, (axis, laid)) in self.axes.iter().zip(&smallest.laid).enumerate() {
                    if axis.coupled[tensor] {
                        coupled = true;
                        space *= match (outside[place], tensor) {
                            (true, 0) => laid.first_in,
                            (false, 0) => laid.box_in,
                            (true, _) => laid.first,
                            (false, _) => laid.extent,
                        };
                    }
                }
                let space = if !coupled {
                    0.0
                } else if depth == 0 {
                    space
                } else {
                    factor * space
                };
                // The list has room for every depth. A depth that takes more of L2 and moves no less is left out.
                if !options.iter().any(|(room, bits)| *room <= space && *bits <= moved) {
                    let _ = options.push((space, moved));
                }
            }
            options
        };
        let [inputs, filters, outputs] = [options(0), options(1), options(2)];
        let mut best: Option<Moved> = None;
        let may = |room: f64| floor(room) <= limit;
        for (input_room, input) in inputs.iter().filter(|(room, _)| may(*room)) {
            for (filter_room, filter) in filters.iter().filter(|(room, _)| may(input_room + room)) {
                for (output_room, output) in &outputs {
                    let less = best.as_ref().is_none_or(|best| input + output + filter < best.bits());
                    if less && may(input_room + filter_room + output_room) {
                        best = Some(Moved { activations: input + output, weights: *filter });
                    }
                }
            }
        }
        best
    }
}
