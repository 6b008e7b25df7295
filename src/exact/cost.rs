//! The cost of a layer: everything that the exact model tells of it.

use heapless::Vec;

use crate::dim::{PerTensor, Tensor};
use crate::energy::{Energy, EnergyTable};
use crate::error::Error;
use crate::hardware::{Activations, Buffering, Hardware, UNLIMITED};
use crate::layer::Layer;
use crate::{Dataflow, Silicon};

use super::cluster::{Cluster, Frame, Nest};
use super::retention::{self, Loops, Retention};
use super::time::{Clock, Elapsed, divide_up};
use super::walk::{Tallies, Tally, Walk};
use super::{MAX_MAPS, Mapping};

/// Elements that move between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Transfers {
    /// Inputs, inwards.
    pub input: u64,
    /// Filter elements, inwards.
    pub filter: u64,
    /// Partial sums, inwards.
    pub psum: u64,
    /// Outputs, outwards, partial sums included.
    pub output: u64,
}

/// How much a layer needs of each buffer, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Needs {
    /// Of L1, in each PE.
    pub l1: u64,
    /// Of the buffer of each cluster: the most demanding level's. 0 where no cluster takes more than one step.
    pub cluster: u64,
    /// Of L2; where it does not fit, the least that would do.
    pub l2: u64,
}

/// Which buffers are large enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fits {
    /// L1.
    pub l1: bool,
    /// The buffers of clusters.
    pub cluster: bool,
    /// L2.
    pub l2: bool,
}

impl Fits {
    /// Whether all are.
    pub const fn all(self) -> bool {
        self.l1 && self.cluster && self.l2
    }
}

/// Cycles of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cycles {
    /// On the chip, off-chip transfers apart.
    pub on_chip: u64,
    /// Until what the first step needs has come from off-chip.
    pub first: u64,
    /// Of all other transfers off-chip, which go on beside the work on the chip.
    pub rest: u64,
    /// Until the outputs of the last step have gone off-chip.
    pub last: u64,
    /// All in all: first + max(on-chip, rest) + last.
    pub total: u64,
    /// What it would take if nothing overlapped: single buffers everywhere.
    pub serial: u64,
}

/// The cycles of a layer by what they wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Waits {
    /// Computing.
    pub compute: u64,
    /// Bringing inputs, filters and partial sums to sub-clusters.
    pub noc_in: u64,
    /// Taking outputs away.
    pub noc_out: u64,
    /// Transfers off-chip that nothing hides; 0 where L2 is too small.
    pub offchip: u64,
}

/// What L2 keeps of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Depth {
    /// What the loops of level 1 inside of so many touch: 0 is the whole tensor.
    Loops(u8),
    /// All of it, from one layer to the next: it lives there.
    #[default]
    Resident,
}

/// Bits that move off-chip, by when they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Streams {
    /// Bits of activations and of weights that the first step needs.
    pub first: [u64; 2],
    /// Bits of activations and of weights that move beside the work on the chip.
    pub rest: [u64; 2],
    /// Bits of the outputs of the last step.
    pub last: u64,
}

impl Streams {
    /// Bits of weights.
    pub const fn weights(&self) -> u64 {
        self.first[1].saturating_add(self.rest[1])
    }

    /// Bits of inputs, outputs and partial sums.
    pub const fn activations(&self) -> u64 {
        self.first[0].saturating_add(self.rest[0]).saturating_add(self.last)
    }

    /// Cycles of first, rest, last, and of all of it at once.
    fn cycles(&self, clock: &Clock) -> [i64; 4] {
        let signed = |bits: u64| i64::try_from(bits).unwrap_or(i64::MAX);
        let stream = |activations: u64, weights: u64| match clock.weights {
            None => clock.offchip.stream(signed(activations.saturating_add(weights))),
            Some(own) => clock.offchip.stream(signed(activations)).max(own.stream(signed(weights))),
        };
        [
            stream(self.first[0], self.first[1]),
            stream(self.rest[0], self.rest[1]),
            stream(self.last, 0),
            stream(self.activations(), self.weights()),
        ]
    }
}

/// What moves off-chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Offchip {
    /// What L2 keeps of each tensor.
    pub depths: PerTensor<Depth>,
    /// Elements.
    pub transfers: Transfers,
    /// Bits, of all of them.
    pub bits: u64,
    /// The same bits, by when they move.
    pub streams: Streams,
    /// Cycles.
    pub cycles: Cycles,
}

impl Offchip {
    /// The cycles where so many bits of weights have been loaded before the layer begins, the first that it needs.
    pub fn cycles_with_weights(&self, hardware: &Hardware, loaded: u64) -> Cycles {
        let clock = Clock::new(hardware);
        let mut streams = self.streams;
        let first = loaded.min(streams.first[1]);
        streams.first[1] -= first;
        streams.rest[1] = streams.rest[1].saturating_sub(loaded - first);
        let [.., before] = self.streams.cycles(&clock);
        let on_chip = i64::try_from(self.cycles.on_chip).unwrap_or(i64::MAX);
        let alone = i64::try_from(self.cycles.serial).unwrap_or(i64::MAX).saturating_sub(before);
        Cycles::new(&clock, &streams, on_chip, alone)
    }

    /// Cycles in which the channel that weights come over stands idle while the layer takes `total` cycles and `loaded` bits
    /// of its weights have been loaded before: time for the weights of the next layer. 0 where L2 is single.
    pub fn idle_cycles(&self, hardware: &Hardware, loaded: u64, total: u64) -> u64 {
        let clock = Clock::new(hardware);
        let weights = self.streams.weights().saturating_sub(loaded);
        let signed = |bits: u64| i64::try_from(bits).unwrap_or(i64::MAX);
        let busy = match (clock.l2, clock.weights) {
            (Buffering::Single, _) => i64::MAX,
            (Buffering::Double, Some(own)) => own.stream(signed(weights)),
            (Buffering::Double, None) => {
                clock.offchip.stream(signed(weights.saturating_add(self.streams.activations())))
            }
        };
        total.saturating_sub(u64::try_from(busy).unwrap_or(0))
    }
}

impl Cycles {
    /// With what moves off-chip, `on_chip` cycles beside it, and `alone` on the chip where nothing overlaps.
    fn new(clock: &Clock, streams: &Streams, on_chip: i64, alone: i64) -> Cycles {
        let [first, rest, last, everything] = streams.cycles(clock);
        let total = match clock.l2 {
            Buffering::Double => on_chip.max(rest).saturating_add(first.saturating_add(last)),
            Buffering::Single => on_chip.saturating_add(everything),
        };
        // None is negative.
        let count = |cycles: i64| u64::try_from(cycles).unwrap_or(0);
        Cycles {
            on_chip: count(on_chip),
            first: count(first),
            rest: count(rest),
            last: count(last),
            total: count(total),
            serial: count(alone.saturating_add(everything)),
        }
    }
}

/// The cost of a layer under a dataflow on an accelerator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Operations performed (MACs, or those of a POOL or ELTWISE), those that overlapping tiles repeat counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of level 1.
    pub steps: u64,
    /// Between L2 and the sub-clusters of level 1.
    pub l2: Transfers,
    /// Between all L1 and what is above them: arriving inputs, filter elements and partial sums, leaving outputs.
    pub l1: Transfers,
    /// How much of each buffer it needs.
    pub needs: Needs,
    /// Which buffers are large enough.
    pub fits: Fits,
    /// Off-chip transfers and cycles; `None` where L2 is too small.
    pub offchip: Option<Offchip>,
    /// Cycles by what they wait for.
    pub waits: Waits,
    /// PEs at work in the average step.
    pub active_pes: f64,
    /// nJ by where they go. Without off-chip where L2 is too small.
    pub energy: Energy,
    /// Cluster levels of the dataflow.
    pub levels: u8,
}

impl Cost {
    /// The cost of `layer`, with the default energies.
    ///
    /// # Errors
    /// A dataflow that does not suit the layer or the array, or leaves work out; counts above 64 bits. Buffers that are too
    /// small are no error: see [`Cost::fits`].
    pub fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Cost, Error> {
        Cost::with_energies(layer, dataflow, hardware, &EnergyTable::REFERENCE)
    }

    /// The cost of `layer`, with an energy table of your own.
    ///
    /// # Errors
    /// As [`Cost::of`].
    pub fn with_energies(
        layer: &Layer,
        dataflow: &Dataflow,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<Cost, Error> {
        let mapping = Mapping::new(layer, dataflow, hardware.pes());
        Cost::of_mapping(mapping.as_ref().map_err(|error| *error)?, hardware, energies)
    }

    /// The cost of a mapping, which must be for as many PEs as `hardware` has.
    ///
    /// # Errors
    /// [`Error::TooIrregular`], and counts above 64 bits.
    pub fn of_mapping(mapping: &Mapping, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let clock = Clock::new(hardware);
        let shape = &mapping.shape;
        let mut walk = Walk::new(shape, &mapping.levels, &clock);
        let mut frame = Frame::new();
        let run = walk.run(0, &Cluster::ARRAY, &mut frame, 1)?;
        let (last, drain) = walk.drain(0, &shape.whole, Some(&frame.nest))?;
        let (mut on_chip, mut on_chip_single) = (run.double, run.single);
        on_chip.drain(drain);
        on_chip_single.drain(drain);
        let evaluation = Evaluation {
            mapping,
            hardware,
            clock: &clock,
            tallies: &walk.tallies,
            on_chip,
            on_chip_single,
            steps: run.steps,
            active_pes: run.active / run.steps.max(1) as f64,
            nest: &frame.nest,
            first: walk.first_touched,
            last,
        };
        evaluation.cost(energies)
    }

    /// Cycles all in all; `None` where L2 is too small.
    pub fn cycles(&self) -> Option<u64> {
        self.offchip.map(|offchip| offchip.cycles.total)
    }

    /// Useful operations in the average cycle for each MAC lane of the array: 0 to 1. `None` where L2 is too small.
    pub fn utilization(&self, hardware: &Hardware) -> Option<f64> {
        let lanes = f64::from(hardware.pes()) * f64::from(hardware.simd_lanes());
        self.cycles().map(|cycles| self.layer_operations as f64 / (cycles as f64 * lanes))
    }

    /// Energy-delay product, nJ x cycles; `None` where L2 is too small.
    pub fn edp(&self) -> Option<f64> {
        self.cycles().map(|cycles| self.energy.total() * cycles as f64)
    }

    /// Area and power of the accelerator, with its own buffers where it has limits, with those that the layer needs elsewhere.
    pub fn silicon(&self, hardware: &Hardware) -> Silicon {
        Silicon::of(hardware, self.needs.l1, self.needs.l2)
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
    on_chip: Elapsed,
    on_chip_single: Elapsed,
    steps: i64,
    active_pes: f64,
    nest: &'a Nest,
    /// Elements that the first step reads, of input and filter; outputs that the sub-clusters hold after the last.
    first: [i64; 2],
    last: i64,
}

impl Evaluation<'_> {
    fn tally(&self, level: usize) -> Tally {
        self.tallies.levels.get(level).copied().unwrap_or_default()
    }

    fn cost(&self, energies: &EnergyTable) -> Result<Cost, Error> {
        const OVERFLOW: Error = Error::Overflow { level: 1 };
        let count = |count: i64| u64::try_from(count).ok().filter(|_| count != i64::MAX).ok_or(OVERFLOW);
        let layer = self.mapping.layer();
        let leaf = self.mapping.levels.len().saturating_sub(1);
        let (outer, inner) = (self.tally(0), self.tally(leaf));
        let retained = self.retain()?;
        let bytes = |bits: i64| count(divide_up(bits, 8));
        let (l1_bits, cluster_bits) = (self.l1_bits(), self.cluster_bits());
        let fits = Fits {
            l1: fits(l1_bits, self.hardware.l1_bytes()),
            cluster: fits(cluster_bits, self.hardware.cluster_bytes()),
            l2: retained.fits,
        };
        let on_chip = match self.clock.l1 {
            Buffering::Double => self.on_chip,
            Buffering::Single => self.on_chip_single,
        };
        let offchip = if retained.fits { Some(self.offchip(&retained, on_chip.cycles())?) } else { None };
        let hidden = |offchip: &Offchip| offchip.cycles.total - offchip.cycles.on_chip;
        Ok(Cost {
            operations: count(self.tallies.operations)?,
            layer_operations: layer.operations().ok_or(OVERFLOW)?,
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
            needs: Needs { l1: bytes(l1_bits)?, cluster: bytes(cluster_bits)?, l2: bytes(retained.need)? },
            fits,
            waits: Waits {
                compute: count(on_chip.waits[0])?,
                noc_in: count(on_chip.waits[1])?,
                noc_out: count(on_chip.waits[2])?,
                offchip: offchip.as_ref().map_or(0, hidden),
            },
            active_pes: self.active_pes,
            energy: self.energy(&retained, energies),
            levels: self.mapping.levels.len() as u8,
            offchip,
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
        let mut loops = Loops::new(shape, level, self.nest);
        let limited = limit != UNLIMITED;
        if limited {
            loops.add(level)?;
        }
        let outputs = retention::whole(shape, Tensor::Output).footprint;
        let in_l2 = if self.tally(0).psums > 0 { bits.psum } else { bits.output };
        let widths = [bits.input, bits.filter, in_l2];
        let factor = self.clock.l2.factor();
        // Bits of L2, and bits that move.
        let weigh = |tensor: Tensor, option: &Retention| {
            let twice = if option.depth == 0 { 1 } else { i64::from(factor) };
            let space = option.footprint * twice * widths.get(tensor as usize).copied().unwrap_or(0);
            let moves = match tensor {
                Tensor::Input => option.entering * bits.input,
                Tensor::Filter => self.compressed(option.entering * bits.filter),
                Tensor::Output if resident => 0,
                Tensor::Output => outputs * bits.output + (option.entering - outputs) * 2 * bits.psum,
            };
            (space, moves)
        };
        let mut options = [Options::new(), Options::new(), Options::new()];
        for (options, tensor) in options.iter_mut().zip(Tensor::ALL) {
            let add = |option: Retention| {
                let own = weigh(tensor, &option);
                // One that takes no more of either is better, and of those alike the innermost depth.
                let beats = |a: (i64, i64), b: (i64, i64)| a.0 <= b.0 && a.1 <= b.1;
                if !options.iter().any(|(other, _)| beats(*other, own) && *other != own) {
                    options.retain(|(other, _)| !beats(own, *other));
                    // There is room for every loop.
                    let _ = options.push((own, option));
                }
            };
            self.depths(tensor, resident, limited.then_some(&loops), add)?;
        }
        let limit = if limit == UNLIMITED { i64::MAX } else { 8 * i64::from(limit) };
        let [inputs, filters, outputs_kept] = &options;
        let mut best: Option<((i64, i64), [&Retention; 3])> = None;
        let mut least = i64::MAX;
        // The innermost depths first: of those alike, the first is taken.
        for ((output_space, output_moves), output) in outputs_kept.iter().rev() {
            for ((filter_space, filter_moves), filter) in filters.iter().rev() {
                for ((input_space, input_moves), input) in inputs.iter().rev() {
                    let space = output_space + filter_space + input_space;
                    least = space.min(least);
                    let rank = (output_moves + filter_moves + input_moves, space);
                    if space <= limit && best.is_none_or(|(other, _)| rank < other) {
                        best = Some((rank, [input, filter, output]));
                    }
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
        resident: bool,
        loops: Option<&Loops<'_>>,
        mut each: impl FnMut(Retention),
    ) -> Result<(), Error> {
        let shape = &self.mapping.shape;
        match loops {
            _ if resident && tensor != Tensor::Filter => {
                each(Retention { depth: 0, footprint: shape.elements(tensor), entering: 0 });
            }
            None => each(retention::whole(shape, tensor)),
            Some(loops) => loops.options(tensor, each)?,
        }
        Ok(())
    }

    /// The bits that so many of a filter take off-chip, rounded up.
    fn compressed(&self, bits: i64) -> i64 {
        let permille = i64::from(self.hardware.weights_permille());
        let (thousands, rest) = (bits / 1000, bits % 1000);
        thousands * permille + divide_up(rest * permille, 1000)
    }

    fn offchip(&self, retained: &Retained, on_chip: i64) -> Result<Offchip, Error> {
        const OVERFLOW: Error = Error::Overflow { level: 1 };
        let count = |count: i64| u64::try_from(count).ok().filter(|_| count != i64::MAX).ok_or(OVERFLOW);
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
        let cycles = Cycles::new(self.clock, &streams, on_chip, self.on_chip_single.cycles());
        for cycles in [cycles.total, cycles.serial] {
            if cycles >= i64::MAX.unsigned_abs() {
                return Err(OVERFLOW);
            }
        }
        let depth = |option: Retention, resident: bool| {
            if resident { Depth::Resident } else { Depth::Loops(option.depth) }
        };
        Ok(Offchip {
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
            cycles,
        })
    }

    /// nJ. Accesses scale by their bits, a MAC by the product of its operands' bits. In L1 and in buffers of clusters outputs
    /// are as wide as partial sums, since that is how they are accumulated there.
    fn energy(&self, retained: &Retained, energies: &EnergyTable) -> Energy {
        let bits = &self.clock.bits;
        let bytes = |bits: f64| bits / 8.0;
        let (input, filter, output, psum) =
            (bits.input as f64, bits.filter as f64, bits.output as f64, bits.psum as f64);
        let layer = self.mapping.layer();
        let operations = self.tallies.operations as f64;
        let has_filter = self.mapping.shape.has_filter;
        let inwards =
            |read: [i64; 2], psums: i64| read[0] as f64 * input + read[1] as f64 * filter + psums as f64 * psum;
        let outwards = |all: i64, finished: i64| finished as f64 * output + (all - finished) as f64 * psum;
        let leaf = self.mapping.levels.len().saturating_sub(1);
        let (outer, inner) = (self.tally(0), self.tally(leaf));
        // A MAC reads its operands and its partial sum, and writes that; an inserted zero is in no buffer.
        let operands = if has_filter { filter } else { 0.0 } + 2.0 * psum;
        let l1 = self.tallies.on_elements as f64 * input
            + operations * operands
            + inwards(inner.arrived, inner.psums)
            + inner.left as f64 * psum;
        let mut l2 = inwards(outer.read, outer.psums) + outwards(outer.written, self.tallies.finished);
        let mut offchip = 0.0;
        if retained.fits {
            offchip = retained.bits as f64;
            let weights = retained.chosen[1].entering * bits.filter;
            // L2 holds them as they are.
            l2 += (retained.bits - self.compressed(weights) + weights) as f64;
        }
        let mut clusters = 0.0;
        for level in 1..self.mapping.levels.len() {
            let (above, own) = (self.tally(level - 1), self.tally(level));
            if own.steps {
                clusters += inwards(above.arrived, above.psums)
                    + above.left as f64 * psum
                    + inwards(own.read, own.psums)
                    + own.written as f64 * psum;
            }
        }
        let macs = if layer.kind().has_macs() { operations * (input * filter / 64.0) } else { 0.0 };
        Energy {
            mac: macs * energies.mac,
            l1: bytes(l1) * energies.l1,
            l2: bytes(l2) * energies.l2,
            cluster: bytes(clusters) * energies.cluster.unwrap_or(energies.l2),
            offchip: bytes(offchip) * energies.offchip,
        }
    }
}

/// Whether so many bits fit into so many bytes.
fn fits(bits: i64, bytes: u32) -> bool {
    bytes == UNLIMITED || bits <= 8 * i64::from(bytes)
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
