//! Lower bounds of the figures of partial mappings, before they are costed.
//!
//! They follow from what [`crate::exact`] counts. A step takes at least as long as each of its three parts:
//! computing, loading what comes in, and sending what leaves. The same holds for any set of steps. In the steps in
//! which the innermost turning loop advances, every tensor that is coupled to this loop comes in again (of a sliding
//! window, only the new part). All other steps take at least their computing time. The loads of the first step and
//! the drain of the last one are added, and each tensor moves off-chip at least once.
//!
//! Bounds are floating-point numbers, which hold counts up to 2^53 exactly. Two figures that differ by no more than
//! [rounding](super::rounding) count as equal.

mod cycles;
mod energy;
mod exchange;
mod offchip;
mod sweeps;

use heapless::Vec;

use super::rounding::floor;
use super::space::{Axis, MAX_AXES, MAX_LEVELS, Split};
use super::{Figures, Task};
use crate::hardware::{Activations, UNLIMITED};
use crate::{Dim, Tensor};

pub(super) use cycles::{Ends, InTile, Stream};
pub(super) use energy::{Inside, Supply};
pub(super) use exchange::{Cut, Exchanged};
pub(super) use offchip::Moved;

/// How the tiles of an axis lie in a level's box, and what the level's sub-clusters take of it together in a turn.
/// Unless said otherwise, in elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Laid {
    tile: f64,
    turns: f64,
    /// The number of tiles, of sub-clusters without a tile in the last turn, and of full tiles.
    count: f64,
    idle: f64,
    whole: f64,
    /// Turns whose first tile is a full one.
    full: f64,
    /// The size of the first tile of the last turn, if that is not a full one.
    rest: Option<u32>,
    extent: f64,
    /// Outputs of the first and the last turn.
    first: f64,
    last: f64,
    /// Inputs of the first turn, of the box, and of all turns.
    first_in: f64,
    box_in: f64,
    all_in: f64,
}

impl Laid {
    pub fn new(axis: &Axis, extent: u32, tile: u32, ways: u32) -> Laid {
        let tile = tile.min(extent);
        let (count, whole) = (f64::from(extent.div_ceil(tile)), f64::from(extent / tile));
        let turn = u64::from(tile) * u64::from(ways);
        let turns = u64::from(extent).div_ceil(turn);
        let last = u64::from(extent) - (turns - 1) * turn;
        let rest = (last < u64::from(tile)).then_some(last as u32);
        let (turns, extent, last) = (turns as f64, f64::from(extent), last as f64);
        let first = (turn as f64).min(extent);
        // The inputs that two turns share, or, if negative, those between them that neither touches: the number of
        // inputs is linear in the number of outputs.
        let shared = axis.inputs(0.0);
        Laid {
            tile: f64::from(tile),
            turns,
            count,
            idle: turns * f64::from(ways) - count,
            whole,
            full: turns - f64::from(u8::from(rest.is_some())),
            rest,
            extent,
            first,
            last,
            first_in: axis.inputs(first),
            box_in: axis.inputs(extent),
            all_in: axis.inputs(extent) + (turns - 1.0) * shared,
        }
    }

    /// Elements that the busiest sub-cluster computes in all its turns, where it computes `of(size)` for a tile of a
    /// size.
    pub fn folded(&self, of: impl Fn(u32) -> f64) -> f64 {
        self.full * of(self.tile as u32) + self.rest.map_or(0.0, of)
    }

    /// Whether the last tile is smaller than the others.
    pub fn is_cut(&self) -> bool {
        self.whole < self.count
    }

    /// The size of the first tile of the last turn.
    pub fn last_tile(&self) -> u32 {
        self.rest.unwrap_or(self.tile as u32)
    }

    /// Inputs and outputs of the box.
    fn whole_box(&self) -> (f64, f64) {
        (self.box_in, self.extent)
    }
}

/// The size of a buffer in bits.
fn room(bytes: u32) -> f64 {
    if bytes == UNLIMITED { f64::INFINITY } else { 8.0 * f64::from(bytes) }
}

/// A level with all its tiles.
pub(super) struct Level {
    laid: Vec<Laid, MAX_AXES>,
    steps: f64,
    /// 0 is the outermost.
    index: usize,
    /// The place of the axis over space, and the number of sub-clusters.
    spatial: usize,
    ways: f64,
}

impl Level {
    pub fn new(split: &Split, index: usize, laid: impl Iterator<Item = Laid>) -> Level {
        let laid: Vec<Laid, MAX_AXES> = laid.collect();
        let steps = laid.iter().map(|laid| laid.turns).product();
        Level { laid, steps, index, spatial: split.spatial[index], ways: f64::from(split.ways[index]) }
    }

    /// How tiles lie along an axis.
    pub fn along(&self, place: usize) -> &Laid {
        &self.laid[place]
    }

    /// The number of full tiles.
    pub fn whole(&self) -> f64 {
        self.laid.iter().map(|laid| laid.whole).product()
    }

    /// The number of turns that begin with a full tile.
    pub fn full(&self) -> f64 {
        self.laid.iter().map(|laid| laid.full).product()
    }

    /// Turns of the loops along all axes.
    pub fn all_turns(&self) -> impl Iterator<Item = u32> + use<'_> {
        self.laid.iter().map(|laid| laid.turns as u32)
    }

    /// Whether the loop along an axis takes more than one turn.
    pub fn turns(&self, place: usize) -> bool {
        self.laid[place].turns > 1.0
    }

    /// The places of the orders that differ in loops that turn. Of several that differ only in other loops, the first
    /// counts.
    pub fn distinct(&self, orders: &[std::vec::Vec<usize>]) -> impl Iterator<Item = usize> + use<> {
        let turning = |order: &std::vec::Vec<usize>| {
            let turning = order.iter().filter(|&&axis| self.turns(axis));
            turning.fold(0_u32, |code, &axis| code << 3 | (axis as u32 + 1))
        };
        // At most all permutations of four groups of axes: axes in a group are coupled to the same tensors, and there
        // are at most four kinds.
        let mut known = [0; 24];
        let mut places = Vec::<usize, 24>::new();
        for (place, order) in orders.iter().enumerate() {
            let code = turning(order) + 1;
            let count = places.len();
            if !known[..count].contains(&code) && places.push(place).is_ok() {
                known[count] = code;
            }
        }
        places.into_iter()
    }
}

/// Lower bounds for the mappings of a task.
pub(super) struct Bounds<'a> {
    task: &'a Task<'a>,
    axes: &'a [Axis],
    /// The place of the axis of outputs that moves with the filter's rows or columns, if these are an axis.
    paired: Option<usize>,
    /// Elements of the filter's window (without the part that is an axis), and the layer's operations.
    window: f64,
    operations: f64,
    lanes: f64,
    /// Bits of input, filter and output.
    bits: [f64; 3],
    psum: f64,
    /// Bytes/cycle and latency of the network of each level.
    noc: [(Option<f64>, f64); MAX_LEVELS],
    /// Bits that each tensor moves off-chip at least: input, filter, output.
    compulsory: [f64; 3],
    /// Whether inputs and outputs move off-chip in any case.
    streams: bool,
    /// The least first load and last drain of each level.
    least_ends: [Ends; MAX_LEVELS],
}

impl<'a> Bounds<'a> {
    pub fn new(task: &'a Task<'a>, axes: &'a [Axis]) -> Bounds<'a> {
        let (layer, hardware) = (task.layer, task.hardware);
        let cut = |dim: Dim| axes.iter().any(|axis| axis.dim == dim);
        let has = |dim: Dim| {
            let coupled = layer.coupled(Tensor::Filter).contains(&dim) || !layer.kind().has_macs();
            coupled && !cut(dim)
        };
        let window =
            [Dim::R, Dim::S].into_iter().filter(|dim| has(*dim)).map(|dim| f64::from(layer.size(dim).unwrap_or(1)));
        let zeros = axes.iter().any(|axis| axis.slide.is_some_and(|[_, _, every]| every > 1));
        let window = if zeros { 1.0 } else { window.product() };
        let widths = hardware.widths();
        let bits = [widths.input, widths.filter, widths.output].map(f64::from);
        let noc = [0, 1, 2].map(|level| {
            let noc = hardware.noc(level);
            (Some(f64::from(noc.bandwidth)).filter(|_| noc.bandwidth != UNLIMITED), f64::from(noc.latency))
        });
        let operations = layer.operations().map_or(0.0, |operations| operations as f64);
        let mut bounds = Bounds {
            task,
            axes,
            paired: axes.iter().position(|axis| axis.moves_with(&axes[0])),
            window,
            operations,
            lanes: f64::from(hardware.simd_lanes()),
            bits,
            psum: f64::from(widths.psum),
            noc,
            compulsory: [0.0; 3],
            streams: hardware.activations() == Activations::Offchip,
            least_ends: [Ends::default(); MAX_LEVELS],
        };
        let whole = bounds.whole();
        bounds.compulsory = std::array::from_fn(|tensor| bounds.volume(tensor, &whole.laid, Laid::whole_box));
        // Sub-clusters that divide the filter take the whole of it together.
        let single = |axis: &Axis| if axis.is_window() { axis.extent } else { 1 };
        let single = |index| bounds.one_tile(index, axes.iter().map(single));
        bounds.least_ends = [0, 1, 2].map(single).map(|single| bounds.ends(&single, &single));
        bounds
    }

    /// Bits of a part of a tensor. `along` gives its inputs and outputs along each axis.
    fn volume(&self, tensor: usize, laid: &[Laid], along: impl Fn(&Laid) -> (f64, f64)) -> f64 {
        let mut coupled = false;
        let mut elements = 1.0;
        for (axis, laid) in self.axes.iter().zip(laid) {
            if axis.coupled[tensor] {
                coupled = true;
                let (inputs, outputs) = along(laid);
                elements *= if tensor == 0 { inputs } else { outputs };
            }
        }
        // A tensor that is coupled to no axis may be a single element, or may not exist.
        if !coupled {
            return 0.0;
        }
        self.bits[tensor] * elements * if tensor == 1 { self.filter_window() } else { 1.0 }
    }

    /// Elements of the filter's window; 0 without a filter. All of them are taken, also those on inserted zeros,
    /// unless there are strides.
    fn filter_window(&self) -> f64 {
        if self.has_filter() { self.window } else { 0.0 }
    }

    fn has_filter(&self) -> bool {
        !self.task.layer.coupled(Tensor::Filter).is_empty()
    }

    /// How tiles of this size lie along an axis in a box of this extent.
    pub fn laid(&self, split: &Split, index: usize, place: usize, extent: u32, tile: u32) -> Laid {
        Laid::new(&self.axes[place], extent, tile, split.ways_along(index, place))
    }

    /// Compute cycles, given the product over all axes of the elements that the busiest PE computes.
    pub fn computing(&self, folded: f64) -> f64 {
        folded * self.window / self.lanes
    }

    /// The layer in one tile.
    fn whole(&self) -> Level {
        self.one_tile(0, self.axes.iter().map(|axis| axis.extent))
    }

    /// A level that takes a box of these extents in one tile.
    pub fn one_tile(&self, index: usize, extents: impl Iterator<Item = u32>) -> Level {
        let split = Split { levels: 1, spatial: [0; MAX_LEVELS], ways: [1; MAX_LEVELS], fewer: 0 };
        Level::new(
            &split,
            index,
            self.axes.iter().zip(extents).map(|(axis, extent)| Laid::new(axis, extent, extent, 1)),
        )
    }

    /// Whether L1 may have room for these tiles of PEs. This is necessary, but not sufficient.
    pub fn fits_l1(&self, tiles: &[u32]) -> bool {
        self.l1_bits(tiles) <= room(self.task.hardware.l1_bytes())
    }

    /// Bits of L1 that these tiles of PEs need at least.
    pub fn l1_bits(&self, tiles: &[u32]) -> f64 {
        let mut bits = [self.bits[0], self.bits[1] * self.filter_window(), self.psum];
        let mut any = [false; 3];
        for (place, (axis, &tile)) in self.axes.iter().zip(tiles).enumerate() {
            let axis = if self.paired == Some(place) { axis.under(tiles[0]) } else { *axis };
            let tile = f64::from(tile);
            for (tensor, bits) in bits.iter_mut().enumerate() {
                if axis.coupled[tensor] {
                    any[tensor] = true;
                    *bits *= if tensor == 0 { axis.inputs(tile) } else { tile };
                }
            }
        }
        // A tensor that is coupled to no axis may be a single element, or may not exist.
        let need: f64 = bits.iter().zip(any).map(|(bits, any)| if any { *bits } else { 0.0 }).sum();
        f64::from(self.task.hardware.l1_buffers().factor()) * need
    }

    /// The bound of the figure that is minimized, from bounds of cycles and nJ (computed only if they matter) and of
    /// the bits off-chip; infinite if a limit is exceeded.
    pub fn figure(&self, cycles: impl FnOnce() -> f64, energy: impl FnOnce() -> f64, moved: &Moved) -> f64 {
        let task = self.task;
        // Cycles are whole numbers.
        let cycles = if task.needs_cycles() { floor(cycles()).ceil() } else { 0.0 };
        let energy = if task.needs_energy() { energy() } else { 0.0 };
        let bound = Figures { cycles, energy, offchip: self.offchip_bytes(moved) };
        let within = Figures { energy: floor(energy), offchip: floor(bound.offchip), ..bound };
        if task.allows(&within) { task.objective.figure(&bound) } else { f64::INFINITY }
    }
}
