//! Lower bounds of what a mapping of the space costs, before it is costed.
//!
//! They follow from what [`crate::exact`] counts. A step takes at least as long as computing, as what comes in and as what
//! leaves; so do any steps together. In the steps in which the innermost loop that turns advances, every tensor that is coupled to it
//! comes in anew (a sliding window: what the tile before did not hold); in all others, no less than computing is taken. The
//! loads of the first step and the drain of the last one come on top, and each tensor moves off-chip once.
//!
//! Bounds are floating-point numbers, which hold counts up to 2^53 exactly. Two figures that differ by [`ROUNDING`] of themselves
//! are taken for equal.

use heapless::Vec;

use super::Task;
use super::space::{Axis, MAX_AXES, Split};
use crate::hardware::{Activations, Buffering, UNLIMITED};
use crate::host::costs::Objective;
use crate::{Dim, Tensor};

/// How the tiles of an axis lie in a level's box, and what the level's sub-clusters take of it together.
#[derive(Clone, Copy, Debug)]
struct Laid {
    tile: f64,
    turns: f64,
    /// Tiles, full ones, and sub-clusters without one in the last turn.
    count: f64,
    idle: f64,
    whole: f64,
    /// Turns whose first tile is a full one.
    full: f64,
    /// The first tile of the last turn, if it is no full one.
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
    fn new(axis: &Axis, extent: u32, tile: u32, ways: u32) -> Laid {
        let tile = tile.min(extent);
        let (count, whole) = (f64::from(extent.div_ceil(tile)), f64::from(extent / tile));
        let turn = u64::from(tile) * u64::from(ways);
        let turns = u64::from(extent).div_ceil(turn);
        let last = u64::from(extent) - (turns - 1) * turn;
        let rest = (last < u64::from(tile)).then_some(last as u32);
        let (turns, extent, last) = (turns as f64, f64::from(extent), last as f64);
        let first = (turn as f64).min(extent);
        // What two turns share, or what none of them touches: it is linear in the extents.
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

    /// Inputs and outputs of the box.
    fn whole_box(&self) -> (f64, f64) {
        (self.box_in, self.extent)
    }
}

/// Bits of a buffer.
fn room(bytes: u32) -> f64 {
    if bytes == UNLIMITED { f64::INFINITY } else { 8.0 * f64::from(bytes) }
}

/// A level with all its tiles.
pub(super) struct Level {
    laid: Vec<Laid, MAX_AXES>,
    steps: f64,
}

impl Level {
    /// Whether the loop along an axis takes more than one turn.
    pub fn turns(&self, place: usize) -> bool {
        self.laid[place].turns > 1.0
    }

    /// The first tile of the last turn.
    pub fn last_tile(&self, place: usize, extent: u32, tile: u32) -> u32 {
        self.laid[place].rest.unwrap_or(tile.min(extent))
    }
}

/// Bits that move off-chip, weights before they are compressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    pub activations: f64,
    pub weights: f64,
}

/// What a cluster takes for a full tile of level 1: cycles, those of computing alone, and what the first load and the last
/// drain add.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct InTile {
    pub cycles: f64,
    pub computing: f64,
    pub ends: f64,
}

/// What moves of a tensor.
struct Sweeps {
    /// Elements that move as a box is gone through.
    elements: f64,
    /// How often that happens.
    often: f64,
    /// From the second time on, the share that moves.
    again: f64,
}

/// What bounds are made from, of a task.
pub(super) struct Bounds<'a> {
    task: &'a Task<'a>,
    axes: &'a [Axis],
    /// Elements of the filter's window, and of operations.
    window: f64,
    operations: f64,
    lanes: f64,
    /// Bits of input, filter and output.
    bits: [f64; 3],
    psum: f64,
    /// Bytes/cycle and latency of the network of each level.
    noc: [(Option<f64>, f64); 2],
    /// Bits that move off-chip at least: input, filter, output.
    compulsory: [f64; 3],
    /// Whether inputs and outputs move off-chip in any case.
    streams: bool,
}

/// The share of a figure that rounding may have added to it, or taken off.
pub const ROUNDING: f64 = 1e-12;

/// What rounding cannot have reached.
pub(super) fn floor(bound: f64) -> f64 {
    bound * (1.0 - ROUNDING)
}

impl<'a> Bounds<'a> {
    pub fn new(task: &'a Task<'a>, axes: &'a [Axis]) -> Bounds<'a> {
        let (layer, hardware) = (task.layer, task.hardware);
        let has = |dim: Dim| layer.coupled(Tensor::Filter).contains(&dim) || !layer.kind().has_macs();
        let window =
            [Dim::R, Dim::S].into_iter().filter(|dim| has(*dim)).map(|dim| f64::from(layer.size(dim).unwrap_or(1)));
        let zeros = axes.iter().any(|axis| axis.slide.is_some_and(|[_, _, every]| every > 1));
        let window = if zeros { 1.0 } else { window.product() };
        let widths = hardware.widths();
        let bits = [widths.input, widths.filter, widths.output].map(f64::from);
        let noc = [0, 1].map(|level| {
            let noc = hardware.noc(level);
            (Some(f64::from(noc.bandwidth)).filter(|_| noc.bandwidth != UNLIMITED), f64::from(noc.latency))
        });
        let operations = layer.operations().map_or(0.0, |operations| operations as f64);
        let mut bounds = Bounds {
            task,
            axes,
            window,
            operations,
            lanes: f64::from(hardware.simd_lanes()),
            bits,
            psum: f64::from(widths.psum),
            noc,
            compulsory: [0.0; 3],
            streams: hardware.activations() == Activations::Offchip,
        };
        let whole = bounds.whole();
        bounds.compulsory = std::array::from_fn(|tensor| bounds.volume(tensor, &whole.laid, Laid::whole_box));
        bounds
    }

    /// Bits of a tensor, of so many inputs and outputs along each axis.
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
        // Without axes that it is coupled to, the tensor may be a single element, or none.
        if !coupled {
            return 0.0;
        }
        self.bits[tensor] * elements * if tensor == 1 { self.filter_window() } else { 1.0 }
    }

    /// Elements of the filter's window: all of them are taken, those on inserted zeros too, unless there are strides.
    fn filter_window(&self) -> f64 {
        if self.has_filter() { self.window } else { 0.0 }
    }

    fn has_filter(&self) -> bool {
        !self.task.layer.coupled(Tensor::Filter).is_empty()
    }

    /// Cycles of so many transfers of so many bits in all over the network of a level.
    fn transfers(&self, level: usize, count: f64, bits: f64) -> f64 {
        match self.noc[level] {
            _ if bits <= 0.0 => 0.0,
            (None, latency) => count * latency,
            (Some(rate), latency) => (count * (latency - 1.0) + bits / (8.0 * rate)).max(0.0),
        }
    }

    pub fn level(&self, split: &Split, level: usize, extents: &[u32], tiles: &[u32]) -> Level {
        let ways = |place: usize| if split.spatial[level] == place { split.ways[level] } else { 1 };
        let sizes = self.axes.iter().zip(extents).zip(tiles).enumerate();
        let laid: Vec<Laid, MAX_AXES> =
            sizes.map(|(place, ((axis, extent), tile))| Laid::new(axis, *extent, *tile, ways(place))).collect();
        let steps = laid.iter().map(|laid| laid.turns).product();
        Level { laid, steps }
    }

    /// Elements along an axis that the busiest PE computes one after the other, of a tile of level 2.
    pub fn folded(&self, split: &Split, place: usize, extent: u32, tile: u32) -> f64 {
        let ways = if split.spatial[1] == place { split.ways[1] } else { 1 };
        let laid = Laid::new(&self.axes[place], extent, tile, ways);
        laid.full * laid.tile + laid.rest.map_or(0.0, f64::from)
    }

    /// The same of the whole axis, given what a tile of level 1 takes.
    pub fn folded_in_all(&self, split: &Split, place: usize, tile: u32, of: impl Fn(u32) -> f64) -> f64 {
        let ways = if split.spatial[0] == place { split.ways[0] } else { 1 };
        let axis = &self.axes[place];
        let laid = Laid::new(axis, axis.extent, tile, ways);
        laid.full * of(tile) + laid.rest.map_or(0.0, of)
    }

    /// Cycles of computing, of what the busiest PE computes along all axes.
    pub fn computing(&self, folded: f64) -> f64 {
        folded * self.window / self.lanes
    }

    /// The layer in one tile.
    fn whole(&self) -> Level {
        self.one_tile(self.axes.iter().map(|axis| axis.extent))
    }

    /// A box of such extents in one tile.
    fn one_tile(&self, extents: impl Iterator<Item = u32>) -> Level {
        let laid = self.axes.iter().zip(extents).map(|(axis, extent)| Laid::new(axis, extent, extent, 1));
        Level { laid: laid.collect(), steps: 1.0 }
    }

    /// Whether such tiles of PEs may fit L1.
    pub fn fits_l1(&self, tiles: &[u32]) -> bool {
        let tile = self.one_tile(tiles.iter().copied());
        let [input, filter, output] = [0, 1, 2].map(|tensor| self.volume(tensor, &tile.laid, Laid::whole_box));
        let factor = f64::from(self.task.hardware.l1_buffers().factor());
        let need = factor * (input + filter + output / self.bits[2] * self.psum);
        need <= room(self.task.hardware.l1_bytes())
    }

    /// The axis of the innermost loop that turns.
    pub fn innermost(level: &Level, order: &[usize]) -> Option<usize> {
        order.iter().rev().copied().find(|&place| level.laid[place].turns > 1.0)
    }

    /// Cycles that transfers take in the steps in which a loop advances, the innermost that turns: what comes in, what leaves.
    fn advancing(&self, index: usize, level: &Level, place: usize) -> [f64; 2] {
        let own = &level.laid[place];
        let count = level.steps * (own.turns - 1.0) / own.turns;
        let bits = [0, 1, 2].map(|tensor| {
            if !self.axes[place].coupled[tensor] {
                return 0.0;
            }
            let mut bits = self.bits[tensor] * if tensor == 1 { self.filter_window() } else { 1.0 };
            for (other, (axis, laid)) in self.axes.iter().zip(&level.laid).enumerate() {
                bits *= match (axis.coupled[tensor], other == place, tensor) {
                    (true, true, 0) => laid.box_in - laid.first_in,
                    (true, true, 2) => laid.extent - laid.last,
                    (true, true, _) => laid.extent - laid.first,
                    (true, false, 0) => laid.all_in,
                    (true, false, _) => laid.extent,
                    (false, ..) => laid.turns,
                };
            }
            bits
        });
        [self.transfers(index, count, bits[0] + bits[1]), self.transfers(index, count, bits[2])]
    }

    /// Cycles that transfers take in all steps of a box: what comes in, and what leaves in the array's steps and at their end.
    fn all_transfers(&self, split: &Split, index: usize, level: &Level, order: &[usize]) -> [f64; 2] {
        let bits = |tensor: usize| {
            let sweeps = self.sweeps(tensor, level, order, order.len(), Some(split.spatial[index]));
            sweeps.map_or(0.0, |of| {
                // Clusters may hold a part of it from the box before.
                let first = if index == 0 { 1.0 } else { of.again };
                of.elements * (first + (of.often - 1.0) * of.again) * self.bits[tensor]
            })
        };
        // A transfer takes no less than its share of the bandwidth, less one cycle where there is no latency.
        let saved = if self.noc[index].1 < 1.0 { level.steps } else { 0.0 };
        let cycles = |bits: f64| self.noc[index].0.map_or(0.0, |rate| (bits / (8.0 * rate) - saved).max(0.0));
        [cycles(bits(0) + bits(1)), if index == 0 { cycles(bits(2)) } else { 0.0 }]
    }

    /// Cycles of the first load and of the drain of a level.
    fn ends(&self, index: usize, level: &Level, last: &Level) -> [f64; 2] {
        let first = |laid: &Laid| (laid.first_in, laid.first);
        let load = self.volume(0, &level.laid, first) + self.volume(1, &level.laid, first);
        let drain = self.volume(2, &last.laid, |laid| (0.0, laid.last));
        [self.transfers(index, 1.0, load), self.transfers(index, 1.0, drain)]
    }

    /// What a full tile of level 1 takes on its cluster, of which `computing`, and what the ends add; `last` is the level in the
    /// last tile.
    pub fn inner(&self, split: &Split, level: &Level, last: &Level, computing: f64, order: &[usize]) -> InTile {
        let [load, drain] = self.ends(1, level, last);
        let Some(place) = Bounds::innermost(level, order) else {
            return InTile { cycles: computing, computing, ends: load + drain };
        };
        let laid = &level.laid[place];
        // Tiles of level 2 may be cut at the end: then the last turn computes less, and others more than their share.
        let share = (laid.turns - 1.0) / laid.turns;
        let others = if laid.rest.is_some() { computing } else { computing * share };
        let [all_in, _] = self.all_transfers(split, 1, level, order);
        let [inwards, outwards] = self.advancing(1, level, place);
        // The very first load is among all that comes in.
        let cycles = |load: f64| {
            if self.takes_turns() {
                computing + (load + inwards).max(all_in) + outwards
            } else {
                (computing + load + (inwards.max(outwards) - others).max(0.0)).max(all_in)
            }
        };
        InTile { cycles: cycles(0.0), computing, ends: cycles(load) - cycles(0.0) + drain }
    }

    /// Whether transfers and work take turns.
    fn takes_turns(&self) -> bool {
        self.task.hardware.l1_buffers() == Buffering::Single
    }

    /// Cycles at least: of the tiles of level 1, of which a full one takes `inner` cycles and computes for `computing`; all
    /// of them compute for `all`.
    pub fn cycles(&self, split: &Split, outer: (&Level, &[usize]), moved: &Moved, inner: &InTile, all: f64) -> f64 {
        let (level, order) = outer;
        let full: f64 = level.laid.iter().map(|laid| laid.full).product();
        let total = all + full * (inner.cycles - inner.computing);
        let [all_in, all_out] = self.all_transfers(split, 0, level, order);
        let [inwards, outwards, others] = Bounds::innermost(level, order).map_or([0.0; 3], |place| {
            let laid = &level.laid[place];
            // Of all that it takes, the first turn of the loop takes a part, in which it does not advance.
            let first = if laid.rest.is_some() { 0.0 } else { total / laid.turns };
            let [inwards, outwards] = self.advancing(0, level, place);
            [inwards, outwards, total - first]
        });
        let [load, drain] = self.ends(0, level, level);
        let on_chip = if self.takes_turns() {
            total + (load + inwards).max(all_in) + (outwards + drain).max(all_out)
        } else {
            let waits = (inwards.max(outwards) - others).max(0.0);
            (total + waits + inner.ends + load + drain).max(all_in).max(all_out)
        };
        let first = [0, 1].map(|tensor| self.volume(tensor, &level.laid, |laid| (laid.first_in, laid.first)));
        let last = self.volume(2, &level.laid, |laid| (0.0, laid.last));
        self.offchip(on_chip, first, last, moved)
    }

    /// The share of their bits that weights take off-chip.
    fn kept(&self) -> f64 {
        f64::from(self.task.hardware.weights_permille()) / 1000.0
    }

    /// Cycles with what moves off-chip beside.
    fn offchip(&self, on_chip: f64, first: [f64; 2], last: f64, moved: &Moved) -> f64 {
        let hardware = self.task.hardware;
        let kept = self.kept();
        let rate = |bytes: u32| if bytes == UNLIMITED { 0.0 } else { 1.0 / (8.0 * f64::from(bytes)) };
        let activations = if self.streams { 1.0 } else { 0.0 };
        let cycles = |activations: f64, weights: f64| match hardware.weights_bandwidth() {
            Some(own) => (activations * rate(hardware.offchip_bandwidth())).max(weights * rate(own)),
            None => (activations + weights) * rate(hardware.offchip_bandwidth()),
        };
        let apart = cycles(activations * first[0], kept * first[1]) + cycles(activations * last, 0.0);
        let all = cycles(moved.activations, kept * moved.weights);
        match hardware.l2_buffers() {
            Buffering::Single => on_chip + all,
            Buffering::Double => (on_chip + apart).max(all),
        }
    }

    /// What moves of a tensor into or out of the sub-clusters while they go through a box whose loops have this order; `None`
    /// where none of the loops `outside` that turn is coupled to it. Of a window that slides along the innermost of them what is
    /// new counts alone. `spatial` is the axis over which sub-clusters lie that keep what they hold, if any do.
    fn sweeps(
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
            if turns(place) && !idle(place) && !slides {
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

    /// The fewest bits that move off-chip while L2 is large enough; `None` where it never is.
    pub fn moved(&self, level: &Level, order: &[usize]) -> Option<Moved> {
        let limit = room(self.task.hardware.l2_bytes());
        if !self.streams || self.compulsory.iter().sum::<f64>() <= limit {
            return Some(self.at_least());
        }
        let factor = f64::from(self.task.hardware.l2_buffers().factor());
        // Bits of L2 and bits that move, by depth.
        let options = |tensor: usize| {
            let mut options: Vec<(f64, f64), { MAX_AXES + 1 }> = Vec::new();
            for depth in 0..=order.len() {
                let moved = self.sweeps(tensor, level, order, depth, None).map_or(self.compulsory[tensor], |sweeps| {
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
                for (place, (axis, laid)) in self.axes.iter().zip(&level.laid).enumerate() {
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
                // There is room for every depth. One that takes more room and moves no less is of no use.
                if !options.iter().any(|(room, bits)| *room <= space && *bits <= moved) {
                    let _ = options.push((space, moved));
                }
            }
            options
        };
        let [inputs, filters, outputs] = [options(0), options(1), options(2)];
        let mut best: Option<Moved> = None;
        for (input_room, input) in &inputs {
            for (filter_room, filter) in &filters {
                for (output_room, output) in &outputs {
                    let less =
                        best.as_ref().is_none_or(|best| input + output + filter < best.activations + best.weights);
                    if less && floor(input_room + filter_room + output_room) <= limit {
                        best = Some(Moved { activations: input + output, weights: *filter });
                    }
                }
            }
        }
        best
    }

    /// nJ at least, of orders of the loops of level 1 and of level 2, as far as they are known.
    pub fn energy(
        &self,
        split: &Split,
        outer: (&Level, &[usize]),
        moved: &Moved,
        inner: Option<(&Level, &[usize])>,
    ) -> f64 {
        let (level, order) = outer;
        let energies = self.task.energies;
        let [input_bits, filter_bits, output_bits] = self.bits;
        let psum_bits = self.psum;
        let has_macs = self.task.layer.kind().has_macs();
        // Members that get what is read once, or that give what is written once.
        let members = |level: &Level, index: usize, tensor: usize| {
            let laid = &level.laid[split.spatial[index]];
            if self.axes[split.spatial[index]].coupled[tensor] { 1.0 } else { laid.count / laid.turns }
        };
        let whole = |tensor: usize| self.compulsory[tensor] / self.bits[tensor];
        let [read, often] = {
            let once = |tensor: usize| Sweeps { elements: whole(tensor), often: 1.0, again: 1.0 };
            let of = [0, 1, 2].map(|tensor| {
                self.sweeps(tensor, level, order, order.len(), Some(split.spatial[0])).unwrap_or_else(|| once(tensor))
            });
            let read = of.each_ref().map(|of| of.elements * (1.0 + (of.often - 1.0) * of.again));
            [read, of.map(|of| of.often)]
        };
        let outputs = whole(2);
        let (written, psums) = (read[2], (often[2] - 1.0) * outputs);
        let mut l2 = read[0] * input_bits + read[1] * filter_bits + psums * psum_bits;
        l2 += outputs * output_bits + (written - outputs) * psum_bits + moved.activations + moved.weights;
        let arrived = [0, 1].map(|tensor| read[tensor] * members(level, 0, tensor));
        let left = written * members(level, 0, 2);
        let mut cluster = 0.0;
        // What PEs take and give.
        let (mut taken, mut sums, mut given) = (arrived, psums, left);
        if let Some((below, order)) = inner {
            // Boxes of clusters, but those that are cut at the end.
            let boxes: f64 = level.laid.iter().map(|laid| laid.whole).product();
            let swept = [0, 1, 2].map(|tensor| self.sweeps(tensor, below, order, order.len(), Some(split.spatial[1])));
            // The box before may have been the same, or share with this one what a window shares.
            let reads = [0, 1].map(|tensor| {
                let of = &swept[tensor];
                of.as_ref().map_or(0.0, |of| boxes * of.elements * of.often * of.again).max(arrived[tensor])
            });
            let writes = swept[2].as_ref().map_or(0.0, |of| boxes * of.elements * of.often).max(left);
            // In each cluster, an output enters for the first time without a sum.
            let spread = split.spatial[0];
            let clusters = f64::from(split.ways[0]).min(level.laid[spread].count);
            let begun = if self.axes[spread].coupled[2] { written } else { written * clusters };
            let back = (writes - begun).max(psums);
            // A box that is cut at the end may have fewer members; idle ones keep what they hold for the next box.
            let (cut, kept) = self.cut(split, level, below);
            let over_space = |tensor: usize| self.axes[split.spatial[1]].coupled[tensor];
            let members = |tensor: usize| if over_space(tensor) { 1.0 } else { members(below, 1, tensor).min(cut) };
            let reads = [0, 1].map(|tensor| if over_space(tensor) { reads[tensor] * kept } else { reads[tensor] });
            if below.steps > 1.0 {
                cluster = arrived[0] * input_bits + arrived[1] * filter_bits + (psums + left) * psum_bits;
                cluster += reads[0] * input_bits + reads[1] * filter_bits + (back + writes) * psum_bits;
            }
            taken = [0, 1].map(|tensor| reads[tensor] * members(tensor));
            (sums, given) = (back, writes * members(2));
        }
        let operands = if self.has_filter() { filter_bits } else { 0.0 } + 2.0 * psum_bits;
        let mut l1 = self.operations * (input_bits + operands);
        l1 += taken[0] * input_bits + taken[1] * filter_bits + (sums + given) * psum_bits;
        let mac = if has_macs { self.operations * input_bits * filter_bits } else { 0.0 };
        mac / 64.0 * energies.mac
            + l1 / 8.0 * energies.l1
            + l2 / 8.0 * energies.l2
            + cluster / 8.0 * energies.cluster.unwrap_or(energies.l2)
            + (moved.activations + moved.weights * self.kept()) / 8.0 * energies.offchip
    }

    /// Members of level 2 in the average turn of a box that is cut at the end, along the axis over which they lie, infinite
    /// where none is; and the share of them that is at work in its last turn.
    fn cut(&self, split: &Split, level: &Level, below: &Level) -> (f64, f64) {
        let [outer, inner] = [level, below].map(|level| &level.laid[split.spatial[1]]);
        let rest = outer.extent - outer.whole * outer.tile;
        if rest <= 0.0 {
            return (f64::INFINITY, 1.0);
        }
        let ways = f64::from(split.ways[1]);
        let count = (rest / inner.tile).ceil();
        let turns = (count / ways).ceil();
        (count / turns, (count - (turns - 1.0) * ways) / ways)
    }

    /// nJ at least, of any mapping.
    pub fn least_energy(&self) -> f64 {
        let split = Split { levels: 1, spatial: [0, 0], ways: [1, 1] };
        self.energy(&split, (&self.whole(), &[]), &self.at_least(), None)
    }

    /// What moves off-chip in any case.
    pub fn at_least(&self) -> Moved {
        let [input, filter, output] = self.compulsory;
        Moved { activations: if self.streams { input + output } else { 0.0 }, weights: filter }
    }

    /// The figure that is minimized, of cycles and, where they matter, nJ.
    pub fn figure(&self, cycles: f64, energy: impl FnOnce() -> f64) -> f64 {
        // Cycles are whole numbers.
        let cycles = floor(cycles).ceil();
        match self.task.objective {
            Objective::Latency => cycles,
            objective => objective.figure(cycles, energy()),
        }
    }
}
