//! What a layer moves, computes and needs: all that is counted of it, whatever the bandwidths.

use heapless::Vec;

use crate::dim::{PerTensor, Tensor};
use crate::energy::{Energy, EnergyTable};
use crate::error::Error;
use crate::hardware::{Activations, Hardware, UNLIMITED};

use super::axis::PerAxis;
use super::cluster::{Cluster, Frame};
use super::cost::{Depth, Needs, Streams, Transfers};
use super::events::Event;
use super::kinds::Listener;
use super::retention::{self, Loops, Retention};
use super::time::Clock;
use super::walk::{Tallies, Tally, Walk};
use super::{MAX_MAPS, Mapping};

/// The counts of a layer under a dataflow. They hold for every accelerator with the same PEs, L2, widths, multicast and buffering.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Counts {
    /// Operations performed, those that overlapping tiles repeat counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of level 1.
    pub steps: u64,
    /// Between L2 and the sub-clusters of level 1.
    pub l2: Transfers,
    /// Between all L1 and what is above them.
    pub l1: Transfers,
    /// How much of each buffer it needs.
    pub needs: Needs,
    /// What moves off-chip; `None` where L2 is too small.
    pub offchip: Option<Moves>,
    /// PEs at work in the average step.
    pub active_pes: f64,
    /// What energy is taken for.
    pub accesses: Accesses,
    /// Cluster levels of the dataflow.
    pub levels: u8,
}

/// What moves off-chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Moves {
    /// What L2 keeps of each tensor.
    pub depths: PerTensor<Depth>,
    /// Elements.
    pub transfers: Transfers,
    /// Bits, of all of them.
    pub bits: u64,
    /// The same bits, by when they move.
    pub streams: Streams,
}

/// What energy is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Accesses {
    /// MACs, each counted as often as the bits of its operands multiplied; 0 for a layer without.
    pub mac: u64,
    /// Bits of all L1.
    pub l1: u64,
    /// Bits of L2.
    pub l2: u64,
    /// Bits of the buffers of clusters.
    pub cluster: u64,
    /// Bits off-chip; 0 where L2 is too small.
    pub offchip: u64,
}

impl Accesses {
    /// nJ. A MAC of 8 by 8 bits and an access of 8 bits are what the table tells.
    pub fn energy(&self, energies: &EnergyTable) -> Energy {
        let bytes = |bits: u64| bits as f64 / 8.0;
        Energy {
            mac: self.mac as f64 / 64.0 * energies.mac,
            l1: bytes(self.l1) * energies.l1,
            l2: bytes(self.l2) * energies.l2,
            cluster: bytes(self.cluster) * energies.cluster.unwrap_or(energies.l2),
            offchip: bytes(self.offchip) * energies.offchip,
        }
    }
}

impl Counts {
    /// Counts a layer, and tells the events that take time.
    ///
    /// # Errors
    /// [`Error::TooIrregular`], and counts above 64 bits.
    pub fn of(mapping: &Mapping, hardware: &Hardware, events: impl FnMut(&Event)) -> Result<Counts, Error> {
        Counts::heard(mapping, hardware, events)
    }

    /// The same, telling a listener also what moves in each kind of step.
    ///
    /// # Errors
    /// As [`Counts::of`].
    pub fn heard(mapping: &Mapping, hardware: &Hardware, listener: impl Listener) -> Result<Counts, Error> {
        let clock = Clock::new(hardware);
        let shape = &mapping.shape;
        if shape.about >= clock.most_operations() {
            return Err(OVERFLOW);
        }
        let mut walk = Walk::new(shape, &mapping.levels, &clock, listener);
        let mut frame = Frame::new();
        let array = walk.run(0, &Cluster::ARRAY, &mut frame, 1)?;
        let last = walk.drain(0, &shape.whole, Some(&frame.nest))?;
        let evaluation = Evaluation {
            mapping,
            hardware,
            clock: &clock,
            tallies: &walk.tallies,
            steps: array.steps,
            active_pes: array.active / array.steps.max(1) as f64,
            frame: &frame,
            first: walk.first_touched,
            last,
        };
        evaluation.counts()
    }
}

/// What L2 may keep of a tensor: bits of L2 and bits that move, by depth.
type Options = Vec<((i64, i64), Retention), { MAX_MAPS + 1 }>;

/// What is known of a layer once its steps are counted.
struct Evaluation<'a> {
    mapping: &'a Mapping,
    hardware: &'a Hardware,
    clock: &'a Clock,
    tallies: &'a Tallies,
    steps: i64,
    active_pes: f64,
    /// The loops of the array, and its steps along each axis.
    frame: &'a Frame,
    /// Elements that the first step reads, of input and filter; outputs that the sub-clusters hold after the last.
    first: [i64; 2],
    last: i64,
}

const OVERFLOW: Error = Error::Overflow { level: 1 };

/// A count that has not saturated.
fn count(count: i64) -> Result<u64, Error> {
    u64::try_from(count).ok().filter(|_| count != i64::MAX).ok_or(OVERFLOW)
}

impl Evaluation<'_> {
    fn tally(&self, level: usize) -> &Tally {
        self.tallies.levels.get(level).unwrap_or(&Tally::NONE)
    }

    fn counts(&self) -> Result<Counts, Error> {
        let leaf = self.mapping.levels.len().saturating_sub(1);
        let (outer, inner) = (self.tally(0), self.tally(leaf));
        let retained = self.retain()?;
        let bytes = |bits: i64| Ok(count(bits)?.div_ceil(8));
        Ok(Counts {
            operations: count(self.tallies.operations)?,
            layer_operations: self.mapping.layer().operations().ok_or(OVERFLOW)?,
            steps: count(self.steps)?,
            l2: Transfers {
                input: count(outer.read[0])?,
                filter: count(outer.read[1])?,
                psum: count(outer.psums)?,
                output: count(outer.written)?,
            },
            l1: Transfers {
                input: count(inner.arrived[0])?,
                filter: count(inner.arrived[1])?,
                psum: count(inner.psums)?,
                output: count(inner.left)?,
            },
            needs: Needs {
                l1: bytes(self.l1_bits())?,
                cluster: bytes(self.cluster_bits())?,
                l2: bytes(retained.need)?,
            },
            offchip: if retained.fits { Some(self.offchip(&retained)?) } else { None },
            active_pes: self.active_pes,
            accesses: self.accesses(&retained)?,
            levels: self.mapping.levels.len() as u8,
        })
    }

    /// Bits that a tile takes, outputs as partial sums.
    fn tile_bits(&self, tile: [i64; 3]) -> i64 {
        let bits = &self.clock.bits;
        tile[0] * bits.input + tile[1] * bits.filter + tile[2] * bits.psum
    }

    fn l1_bits(&self) -> i64 {
        let leaf = self.mapping.levels.len().saturating_sub(1);
        i64::from(self.clock.l1.factor()) * self.tile_bits(self.tally(leaf).tile)
    }

    /// Of the cluster that needs most; a cluster of a single step hands everything on.
    fn cluster_bits(&self) -> i64 {
        let keeps = |level: &usize| self.tally(*level).steps;
        let inner = (1..self.mapping.levels.len()).filter(keeps);
        let bits = inner.map(|level| self.tile_bits(self.tally(level - 1).tile)).max().unwrap_or(0);
        i64::from(self.clock.l1.factor()) * bits
    }

    /// The depths at which L2 keeps the tensors, and where activations live.
    fn retain(&self) -> Result<Retained, Error> {
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
            Tensor::Filter => self.compressed(option.entering * bits.filter),
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
                // Deeper ones never move less: they are of use where they take less room, or move as much in no more.
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
        // The innermost depths are looked at first, and of those alike the first is taken; but of inputs, what keeps most of
        // those that fit moves least.
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

    /// Hands on what L2 may keep of a tensor: all of it where it lives there or where there are no loops to look at.
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

    /// The bits that so many of a filter take off-chip, rounded up.
    fn compressed(&self, bits: i64) -> i64 {
        let permille = i64::from(self.hardware.weights_permille());
        if permille == 1000 {
            return bits;
        }
        let (thousands, rest) = (bits / 1000, bits % 1000);
        thousands * permille + (rest * permille + 999) / 1000
    }

    fn offchip(&self, retained: &Retained) -> Result<Moves, Error> {
        let bits = &self.clock.bits;
        let [input, filter, output] = retained.chosen;
        let psums = if retained.resident { 0 } else { output.entering - retained.outputs };
        let written = if retained.resident { 0 } else { output.entering };
        // Bits of activations and of weights: with the first step, and all of them.
        let first = [
            if retained.resident { 0 } else { self.first[0] * bits.input },
            self.compressed(self.first[1] * bits.filter),
        ];
        let last = if retained.resident { 0 } else { self.last * bits.output };
        let weights = self.compressed(filter.entering * bits.filter);
        let activations = retained.bits - weights - first[0] - last;
        let streams = Streams {
            first: [count(first[0])?, count(first[1])?],
            rest: [count(activations)?, count(weights - first[1])?],
            last: count(last)?,
        };
        let depth = |option: Retention, resident: bool| {
            if resident { Depth::Resident } else { Depth::Loops(option.depth) }
        };
        Ok(Moves {
            depths: PerTensor([
                depth(input, retained.resident),
                depth(filter, false),
                depth(output, retained.resident),
            ]),
            transfers: Transfers {
                input: count(input.entering)?,
                filter: count(filter.entering)?,
                psum: count(psums)?,
                output: count(written)?,
            },
            bits: count(retained.bits)?,
            streams,
        })
    }

    /// Accesses scale by their bits, a MAC by the product of its operands' bits. In L1 and in buffers of clusters outputs are
    /// as wide as partial sums, since that is how they are accumulated there.
    fn accesses(&self, retained: &Retained) -> Result<Accesses, Error> {
        let bits = &self.clock.bits;
        let wide = |elements: i64, bits: i64| i128::from(elements) * i128::from(bits);
        let inwards = |read: [i64; 2], psums: i64| {
            wide(read[0], bits.input) + wide(read[1], bits.filter) + wide(psums, bits.psum)
        };
        let operations = self.tallies.operations;
        let leaf = self.mapping.levels.len().saturating_sub(1);
        let (outer, inner) = (self.tally(0), self.tally(leaf));
        // A MAC reads its operands and its partial sum, and writes that; an inserted zero is in no buffer.
        let operands = if self.mapping.shape.has_filter { bits.filter } else { 0 } + 2 * bits.psum;
        let l1 = wide(self.tallies.on_elements, bits.input)
            + wide(operations, operands)
            + inwards(inner.arrived, inner.psums)
            + wide(inner.left, bits.psum);
        let finished = self.tallies.finished;
        let written = wide(finished, bits.output) + wide(outer.written - finished, bits.psum);
        let mut l2 = inwards(outer.read, outer.psums) + written;
        if retained.fits {
            let weights = retained.chosen[1].entering * bits.filter;
            // L2 holds them as they are.
            l2 += i128::from(retained.bits) - i128::from(self.compressed(weights)) + i128::from(weights);
        }
        let mut cluster = 0;
        for level in 1..self.mapping.levels.len() {
            let (above, own) = (self.tally(level - 1), self.tally(level));
            if own.steps {
                cluster += inwards(above.arrived, above.psums)
                    + wide(above.left, bits.psum)
                    + inwards(own.read, own.psums)
                    + wide(own.written, bits.psum);
            }
        }
        let has_macs = self.mapping.layer().kind().has_macs();
        let mac = if has_macs { wide(operations, bits.input * bits.filter) } else { 0 };
        let count = |count: i128| u64::try_from(count).map_err(|_| OVERFLOW);
        Ok(Accesses {
            mac: count(mac)?,
            l1: count(l1)?,
            l2: count(l2)?,
            cluster: count(cluster)?,
            offchip: if retained.fits { count(retained.bits.into())? } else { 0 },
        })
    }
}

/// What L2 keeps.
struct Retained {
    fits: bool,
    /// Activations live in L2.
    resident: bool,
    /// Outputs of the layer.
    outputs: i64,
    /// Bits of L2.
    need: i64,
    /// Bits off-chip.
    bits: i64,
    /// Of input, filter, output.
    chosen: [Retention; 3],
}
