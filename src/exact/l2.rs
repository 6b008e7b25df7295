//! What L2 keeps: chooses the depth in the loops of level 1 for each tensor, such that all fit into L2 and the fewest
//! bits move off-chip.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;
use crate::hardware::{Activations, Hardware, UNLIMITED};
use crate::limits::MAX_MAPS;

use super::axis::PerAxis;
use super::retention::{self, Loops, Retention};
use super::walked::Walked;

/// What L2 keeps.
pub(super) struct Retained {
    pub fits: bool,
    /// Whether activations live in L2.
    pub resident: bool,
    /// Outputs of the layer.
    pub outputs: i64,
    /// Bits of L2 that are needed; if `fits` is false, the fewest that would do.
    pub need: i64,
    /// Bits that move off-chip.
    pub bits: i64,
    /// The options chosen for input, filter and output.
    pub chosen: [Retention; 3],
}

/// The options for a tensor, by depth: bits of L2, bits that move off-chip, and the option itself.
type Options = Vec<((i64, i64), Retention), { MAX_MAPS + 1 }>;

impl Walked<'_> {
    /// Chooses the depths at which L2 keeps the tensors, and where activations live.
    pub fn retain(&self) -> Result<Retained, Error> {
        match self.hardware.activations() {
            Activations::Offchip => self.retain_with(false),
            Activations::L2 => self.retain_with(true),
            Activations::Auto => {
                let resident = self.retain_with(true)?;
                if resident.fits { Ok(resident) } else { self.retain_with(false) }
            }
        }
    }

    fn retain_with(&self, resident: bool) -> Result<Retained, Error> {
        let (shape, bits) = (&self.mapping.shape, &self.clock.bits);
        let level = self.mapping.levels.first().ok_or(Error::EmptyDataflow)?;
        let limit = self.hardware.l2_bytes();
        let extents = retention::extents(shape);
        let limited = limit != UNLIMITED;
        let loops = limited.then(|| Loops::new(shape, level, self.frame));
        let outputs = retention::whole(&extents[Tensor::Output]).footprint;
        let in_l2 = if self.tally(0).psums > 0 { bits.psum } else { bits.output };
        let widths = [bits.input, bits.filter, in_l2];
        let factor = self.clock.l2.factor();
        let limit = if limited { 8 * i64::from(limit) } else { i64::MAX };
        let moves = |tensor: Tensor, option: &Retention| match tensor {
            Tensor::Input => option.entering * bits.input,
            Tensor::Filter => compressed(self.hardware, option.entering * bits.filter),
            Tensor::Output if resident => 0,
            Tensor::Output => outputs * bits.output + (option.entering - outputs) * 2 * bits.psum,
        };
        let mut options = [Options::new(), Options::new(), Options::new()];
        let mut least = 0;
        for ((options, tensor), width) in options.iter_mut().zip(Tensor::ALL).zip(widths) {
            let mut smallest = i64::MAX;
            let add = |option: Retention| {
                let times = if option.depth == 0 { 1 } else { i64::from(factor) };
                let space = option.footprint * times * width;
                smallest = space.min(smallest);
                if space > limit {
                    return;
                }
                let own = (space, moves(tensor, &option));
                // A deeper option never moves less. It is useful if it takes less room, and replaces the option
                // before if it moves the same without taking more room.
                while options.last().is_some_and(|(other, _)| own.0 <= other.0 && own.1 == other.1) {
                    options.pop();
                }
                if options.last().is_none_or(|(other, _)| own.0 < other.0) {
                    // There is room for every loop.
                    let _ = options.push((own, option));
                }
            };
            self.depths(tensor, &extents[tensor], resident, loops.as_ref(), add)?;
            least += smallest;
        }
        let [inputs, filters, outputs_kept] = &options;
        let mut best: Option<((i64, i64), [&Retention; 3])> = None;
        // Innermost depths are tried first, and the first of several equal combinations is taken. Of the inputs, the
        // outermost depth that fits moves the fewest bits.
        for ((output_space, output_moves), output) in outputs_kept.iter().rev() {
            for ((filter_space, filter_moves), filter) in filters.iter().rev() {
                let room = limit - output_space - filter_space;
                let Some(((input_space, input_moves), input)) = inputs.iter().find(|((space, _), _)| *space <= room)
                else {
                    continue;
                };
                let rank = (output_moves + filter_moves + input_moves, output_space + filter_space + input_space);
                if best.is_none_or(|(other, _)| rank < other) {
                    best = Some((rank, [input, filter, output]));
                }
            }
        }
        Ok(match best {
            None => {
                Retained { fits: false, resident, outputs, need: least, bits: 0, chosen: [Retention::default(); 3] }
            }
            Some(((moved, space), chosen)) => {
                let chosen = chosen.map(|option| *option);
                Retained { fits: true, resident, outputs, need: space, bits: moved, chosen }
            }
        })
    }

    /// Passes on the options for a tensor. If the tensor lives in L2, or if L2 has no limit, the only option is the
    /// whole tensor. Otherwise there is an option for each depth.
    fn depths(
        &self,
        tensor: Tensor,
        extents: &PerAxis<i64>,
        resident: bool,
        loops: Option<&Loops<'_>>,
        mut each: impl FnMut(Retention),
    ) -> Result<(), Error> {
        let shape = &self.mapping.shape;
        match loops {
            _ if resident && tensor != Tensor::Filter => {
                each(Retention { depth: 0, footprint: shape.elements(tensor), entering: 0 });
            }
            None => each(retention::whole(extents)),
            Some(loops) => loops.options(tensor, extents, each)?,
        }
        Ok(())
    }
}

/// The bits that `bits` bits of a filter take off-chip once compressed, rounded up.
pub(super) fn compressed(hardware: &Hardware, bits: i64) -> i64 {
    let permille = i64::from(hardware.weights_permille());
    if permille == 1000 {
        return bits;
    }
    let (thousands, rest) = (bits / 1000, bits % 1000);
    thousands * permille + (rest * permille + 999) / 1000
}
