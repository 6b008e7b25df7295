//! What L2 keeps of each tensor, and what moves off-chip because of that.

use maestrino::Tensor;

use super::set::Set;
use super::space::Space;
use super::time::{Transfer, total};
use super::walk::{Outputs, Walk};
use super::{Activations, Array};

/// What L2 keeps of a tensor, as the number of level-1 loops outside of it; `L2` if the tensor lives in L2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Loops(usize),
    L2,
}

/// What moves off-chip, and how long the layer takes including these transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offchip {
    /// The depths of input, filter and output.
    pub depths: [Depth; 3],
    /// Elements that are read: input, filter, partial sums.
    pub read: [u64; 3],
    /// Outputs that are written.
    pub written: Outputs,
    /// Off-chip cycles before, in parallel with, and after the on-chip cycles.
    pub first: u64,
    pub rest: u64,
    pub last: u64,
    /// Cycles of the layer: with the array's buffers, and if nothing overlaps.
    pub cycles: u64,
    pub cycles_serial: u64,
}

/// What it costs to keep a tensor at a depth.
#[derive(Clone, Copy, Debug)]
struct Keep {
    depth: Depth,
    /// Bits that this takes in L2.
    need: u64,
    /// Elements that are read, and outputs that are written.
    read: u64,
    written: Outputs,
    /// Bits that move off-chip.
    bits: u64,
}

/// If a choice of depths fits L2, its bits and what moves off-chip. Otherwise the smallest L2 that would do, in bits.
pub fn offchip(space: &Space, walk: &Walk, array: &Array, loops: usize) -> (u64, Option<Offchip>) {
    let keeps = Tensor::ALL.map(|tensor| keeps(space, walk, array, tensor, loops));
    let choices = keeps[0].iter().flat_map(|input| {
        let output = &keeps[2];
        keeps[1].iter().flat_map(move |filter| output.iter().map(move |output| [*input, *filter, *output]))
    });
    let need = |choice: &[Keep; 3]| choice.iter().map(|keep| keep.need).sum::<u64>();
    let fits = |choice: &[Keep; 3]| array.l2.is_none_or(|bytes| need(choice) <= 8 * bytes);
    let Some(best) = choices.clone().filter(fits).min_by_key(|choice| preference(choice, need(choice))) else {
        return (choices.map(|choice| need(&choice)).min().unwrap_or(0), None);
    };
    (need(&best), Some(timed(walk, array, &best)))
}

/// The key by which the best choice is the least: bits off-chip, then bits of L2, then the largest depths of output,
/// filter and input.
fn preference(choice: &[Keep; 3], need: u64) -> (u64, u64, [std::cmp::Reverse<usize>; 3]) {
    let depth = |keep: &Keep| match keep.depth {
        Depth::Loops(loops) => std::cmp::Reverse(loops),
        Depth::L2 => std::cmp::Reverse(0),
    };
    let [input, filter, output] = choice;
    (choice.iter().map(|keep| keep.bits).sum(), need, [depth(output), depth(filter), depth(input)])
}

/// The costs of all depths at which L2 may keep a tensor.
fn keeps(space: &Space, walk: &Walk, array: &Array, tensor: Tensor, loops: usize) -> Vec<Keep> {
    // A partial sum that comes back has the width of partial sums in L2, too.
    let width = match tensor {
        Tensor::Input => array.bits.input,
        Tensor::Filter => array.bits.filter,
        Tensor::Output if walk.crossings[0].psum > 0 => array.bits.psum,
        Tensor::Output => array.bits.output,
    };
    if tensor != Tensor::Filter && array.activations == Activations::L2 {
        let need = space.elements(tensor).len() * width;
        return vec![Keep { depth: Depth::L2, need, read: 0, written: Outputs::default(), bits: 0 }];
    }
    let deepest = if array.l2.is_some() { loops } else { 0 };
    let keep = |depth| {
        let footprints = footprints(walk, tensor, depth);
        let largest = footprints.iter().map(Set::len).max().unwrap_or(0);
        let buffers = if depth == 0 { 1 } else { array.l2_buffers };
        let (read, written) = match tensor {
            Tensor::Output => outputs(&footprints),
            _ => (fetched(&footprints), Outputs::default()),
        };
        let bits = match tensor {
            Tensor::Output => read * array.bits.psum + array.bits.outputs(written),
            _ => read * width,
        };
        Keep { depth: Depth::Loops(depth), need: largest * width * buffers, read, written, bits }
    };
    (0..=deepest).map(keep).collect()
}

/// What the steps of each group touch. A new group starts whenever a loop outside of `depth` advances.
fn footprints(walk: &Walk, tensor: Tensor, depth: usize) -> Vec<Set> {
    let groups = walk.records.chunk_by(|a, b| a.turns[..depth] == b.turns[..depth]);
    let union = |all, touched: Set| all | touched;
    groups.map(|group| group.iter().map(|step| step.touched[tensor as usize]).fold(Set::default(), union)).collect()
}

/// The number of elements that a group needs and the previous group did not, summed over all groups.
fn fetched(footprints: &[Set]) -> u64 {
    let before = std::iter::once(Set::default()).chain(footprints.iter().copied());
    footprints.iter().zip(before).map(|(now, before)| (*now - before).len()).sum()
}

/// Partial sums that are fetched again, and outputs that are dropped. An output is a partial sum if a later group
/// adds to it.
fn outputs(footprints: &[Set]) -> (u64, Outputs) {
    let mut later = vec![Set::default(); footprints.len() + 1];
    for (i, footprint) in footprints.iter().enumerate().rev() {
        later[i] = later[i + 1] | *footprint;
    }
    let (mut computed, mut back, mut written) = (Set::default(), 0, Outputs::default());
    for (i, now) in footprints.iter().enumerate() {
        let before = if i == 0 { Set::default() } else { footprints[i - 1] };
        back += ((*now - before) & computed).len();
        computed |= *now;
        let next = footprints.get(i + 1).copied().unwrap_or_default();
        written.add(Outputs::of(*now - next, later[i + 1]));
    }
    (back, written)
}

/// Bits on the channel of weights, and bits on that of activations.
#[derive(Clone, Copy)]
struct Load {
    weights: u64,
    activations: u64,
}

impl Load {
    fn minus(self, other: Load) -> Load {
        Load { weights: self.weights - other.weights, activations: self.activations - other.activations }
    }

    /// Cycles; with two channels, those of the slower one.
    fn cycles(self, array: &Array) -> u64 {
        // An off-chip channel has no latency: at one byte per cycle, a byte takes one cycle.
        let channel = |bandwidth| Transfer { bandwidth: Some(bandwidth), latency: 1 };
        let on = |bandwidth: Option<u64>, bits| bandwidth.map_or(0, |bandwidth| channel(bandwidth).cycles(bits));
        match array.weights_bw {
            None => on(array.offchip_bw, self.weights + self.activations),
            own => on(own, self.weights).max(on(array.offchip_bw, self.activations)),
        }
    }
}

fn timed(walk: &Walk, array: &Array, [input, filter, output]: &[Keep; 3]) -> Offchip {
    let bits = array.bits;
    let off_chip = array.activations == Activations::OffChip;
    let activations = |bits| if off_chip { bits } else { 0 };
    let needed = |tensor: Tensor| walk.records[0].touched[tensor as usize].len();
    let first = Load {
        weights: needed(Tensor::Filter) * bits.filter,
        activations: activations(needed(Tensor::Input) * bits.input),
    };
    let last = Load { weights: 0, activations: activations(walk.last.len() * bits.output) };
    let all = Load { weights: filter.bits, activations: input.bits + output.bits };
    let [first_cycles, rest, last_cycles] = [first, all.minus(first).minus(last), last].map(|load| load.cycles(array));
    let (on_chip, serial) = (total(walk.time.given), total(walk.time.serial));
    let one_by_one = all.cycles(array);
    Offchip {
        depths: [input.depth, filter.depth, output.depth],
        read: [input.read, filter.read, output.read],
        written: output.written,
        first: first_cycles,
        rest,
        last: last_cycles,
        cycles: match array.l2_buffers {
            1 => on_chip + one_by_one,
            _ => first_cycles + on_chip.max(rest) + last_cycles,
        },
        cycles_serial: serial + one_by_one,
    }
}
