//! The figures of mappings whose tiles are all alike, as the exact model counts them, from products.
//!
//! Most mappings of a space have tiles of one size in each level, no sub-cluster ever stands idle, and no window slides from one
//! tile into the next. Then a step either brings all of a tensor's tile or none of it, and everything that [`Cost`] counts is a sum
//! over the loops of either level: which one advances, and whether a reduction begins or goes on.
//!
//! What depends on level 1 alone, [`Outer`], is worked out once: what moves off-chip is taken from a cost of the exact model. The
//! same for level 2, [`Inner`]. Both together give [`Figures`] in a fraction of a microsecond. All other mappings are costed one by one.

use heapless::Vec;

use super::space::{Axis, Candidate, MAX_AXES, Split};
use super::{Figures, Task};
use crate::hardware::{Buffering, UNLIMITED};
use crate::{Cost, Dim, Energy, Tensor};

const OUTPUT: usize = 2;

/// Steps in which a loop advances.
#[derive(Clone, Copy, Debug)]
struct Kind {
    /// How many there are before any loop over which outputs are summed has turned, and after that.
    times: [u64; 2],
    /// Whether the tiles of input, filter and output are others than before.
    new: [bool; 3],
}

/// How a level divides its box.
#[derive(Clone, Debug)]
struct Level {
    /// Elements of the tile of a sub-cluster, and of all of them together.
    tile: [u64; 3],
    all: [u64; 3],
    /// Sub-clusters.
    count: u64,
    /// Whether they add to the same outputs.
    reduces: bool,
    /// Steps but the first.
    kinds: Vec<Kind, MAX_AXES>,
    steps: u64,
    /// Tensors that some loop that turns is coupled to.
    moves: [bool; 3],
}

impl Level {
    /// `None` where tiles are not all alike.
    fn new(
        split: &Split,
        index: usize,
        axes: &[Axis],
        extents: &[u32],
        tiles: &[u32],
        order: &[usize],
        single: [u64; 3],
    ) -> Option<Level> {
        let mut level = Level {
            tile: single,
            all: [1; 3],
            count: 1,
            reduces: false,
            kinds: Vec::new(),
            steps: 1,
            moves: [false; 3],
        };
        let mut turns = [1_u64; MAX_AXES];
        for (place, axis) in axes.iter().enumerate() {
            let (extent, tile, ways) = (extents[place], tiles[place], split.ways_along(index, place));
            let count = extent / tile;
            let slides = axis.inputs(0.0) > 0.0 && count > 1;
            if extent % tile != 0 || slides || (count > ways && count % ways != 0) {
                return None;
            }
            turns[place] = u64::from(count.div_ceil(ways));
            for tensor in (0..3).filter(|tensor| axis.coupled[*tensor]) {
                level.tile[tensor] *= if tensor == 0 { axis.inputs(f64::from(tile)) as u64 } else { u64::from(tile) };
            }
            if place == split.spatial[index] {
                level.count = u64::from(count.min(ways));
                level.reduces = level.count > 1 && !axis.coupled[OUTPUT];
            }
        }
        let spread = axes[split.spatial[index]].coupled;
        level.all = [0, 1, 2].map(|tensor| level.tile[tensor] * if spread[tensor] { level.count } else { 1 });
        let turning = order.iter().filter(|place| turns[**place] > 1);
        let (mut before, mut begins) = (1, 1);
        for &place in turning.clone() {
            let (advances, coupled) = (turns[place] - 1, axes[place].coupled);
            let first = if coupled[OUTPUT] { begins * advances } else { 0 };
            // There is room for every axis.
            let _ = level.kinds.push(Kind { times: [first, before * advances - first], new: coupled });
            before *= turns[place];
            begins *= if coupled[OUTPUT] { turns[place] } else { 1 };
        }
        level.steps = before;
        // Loops inside of the one that advances go around.
        for kind in level.kinds.iter_mut().rev() {
            level.moves = [0, 1, 2].map(|tensor| level.moves[tensor] || kind.new[tensor]);
            kind.new = level.moves;
        }
        Some(level)
    }
}

/// What a level moves in all.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Elements: inputs and filter from the buffer and into sub-clusters, outputs that come back, that are written, and that leave sub-clusters.
    read: [u64; 2],
    arrived: [u64; 2],
    psums: u64,
    written: u64,
    left: u64,
}

/// What is the same for all mappings of a task.
#[derive(Clone, Copy, Debug)]
pub struct Steady<'a> {
    task: &'a Task<'a>,
    axes: &'a [Axis],
    /// Elements of a tile that no axis tells of: of input, filter and output, and operations. A window of the filter, and of inputs
    /// where there is one row or column of outputs alone.
    single: [u64; 3],
    window: u64,
    bits: [u64; 3],
}

/// Level 1 with the order of its loops.
#[derive(Clone, Debug)]
pub struct Outer {
    level: Level,
    /// Of a mapping with this level 1: what moves off-chip, and the energy of all but L1 and the buffers of clusters.
    cost: Cost,
    tally: Tally,
}

/// Level 2 with the order of its loops, in tiles of level 1.
#[derive(Clone, Debug)]
pub struct Inner {
    level: Level,
    /// Cycles of all steps but the first, if the tile of level 1 begins a reduction and if it goes on with one.
    later: [u64; 2],
    computing: u64,
    /// Steps but the first that bring input, filter and output, and those of them that bring partial sums, by the same two.
    news: [u64; 3],
    psums: [u64; 2],
}

impl<'a> Steady<'a> {
    /// `None` where nothing of a task is steady: partial sums are wider than outputs, or there are zeros between inputs.
    pub fn new(task: &'a Task<'a>, axes: &'a [Axis]) -> Option<Steady<'a>> {
        let (layer, hardware) = (task.layer, task.hardware);
        let widths = hardware.widths();
        let zeros = axes.iter().any(|axis| axis.slide.is_some_and(|[_, _, every]| every > 1));
        if zeros || widths.psum != widths.output {
            return None;
        }
        let filter = layer.coupled(Tensor::Filter);
        let has = |dim: &Dim| filter.contains(dim) || !layer.kind().has_macs();
        let taps = |dim: Dim| u64::from(layer.size(dim).unwrap_or(1));
        let window = [Dim::R, Dim::S].into_iter().filter(has).map(taps).product();
        let uncut = |&(dim, _): &(Dim, Dim)| axes.iter().all(|axis| axis.dim != dim);
        let inputs =
            [(Dim::OutY, Dim::R), (Dim::OutX, Dim::S)].into_iter().filter(uncut).map(|(_, filter)| taps(filter));
        Some(Steady {
            task,
            axes,
            single: [inputs.product(), if filter.is_empty() { 0 } else { window }, 1],
            window,
            bits: [widths.input, widths.filter, widths.output].map(u64::from),
        })
    }

    /// Level 1 of mappings, of which `candidate` is one; `None` where it is not steady or the model refuses it.
    pub fn outer(&self, candidate: &Candidate<'_>) -> Option<Outer> {
        let extents: Vec<u32, MAX_AXES> = self.axes.iter().map(|axis| axis.extent).collect();
        let level = self.level(candidate, 0, &extents)?;
        let Task { layer, hardware, energies, .. } = *self.task;
        let cost = Cost::with_energies(layer, &candidate.dataflow(self.axes).ok()?, hardware, energies).ok()?;
        let mut tally = Tally::default();
        let once = Kind { times: [1, 0], new: [true; 3] };
        for kind in level.kinds.iter().chain([&once]) {
            self.add(&mut tally, &level, kind.new, kind.times[0] + kind.times[1]);
            if kind.new[OUTPUT] {
                tally.psums += level.all[OUTPUT] * kind.times[1];
            }
        }
        Some(Outer { level, cost, tally })
    }

    /// Level 2 of a mapping.
    pub fn inner(&self, candidate: &Candidate<'_>) -> Option<Inner> {
        let level = self.level(candidate, 1, candidate.tiles[0])?;
        let operations = candidate.tiles[1].iter().map(|tile| u64::from(*tile)).product::<u64>() * self.window;
        let computing = operations.div_ceil(self.task.hardware.simd_lanes().into());
        let (mut later, mut news, mut psums) = ([0; 2], [0; 3], [0; 2]);
        for Kind { times, new } in &level.kinds {
            let [begun, sums] = [false, true].map(|sums| self.step(1, &level, *new, sums, true, computing));
            // What the tile of level 1 begins with comes back where it goes on with a reduction.
            later = [later[0] + begun * times[0] + sums * times[1], later[1] + sums * (times[0] + times[1])];
            for tensor in (0..3).filter(|tensor| new[*tensor]) {
                news[tensor] += times[0] + times[1];
            }
            if new[OUTPUT] {
                psums = [psums[0] + times[1], psums[1] + times[0] + times[1]];
            }
        }
        Some(Inner { level, later, computing, news, psums })
    }

    fn level(&self, candidate: &Candidate<'_>, index: usize, extents: &[u32]) -> Option<Level> {
        let Candidate { split, tiles, orders } = *candidate;
        Level::new(split, index, self.axes, extents, tiles[index], orders[index], self.single)
    }

    /// Adds steps that bring such tensors.
    fn add(&self, tally: &mut Tally, level: &Level, new: [bool; 3], times: u64) {
        for tensor in (0..2).filter(|tensor| new[*tensor]) {
            let arrived = level.tile[tensor] * level.count;
            tally.arrived[tensor] += arrived * times;
            tally.read[tensor] += if self.task.hardware.multicast() { level.all[tensor] } else { arrived } * times;
        }
        if new[OUTPUT] {
            tally.written += level.all[OUTPUT] * times;
            tally.left += level.tile[OUTPUT] * level.count * times;
        }
    }

    /// Cycles that so many bits take over the network of a level.
    fn transfer(&self, index: usize, bits: u64) -> u64 {
        let noc = self.task.hardware.noc(index);
        match noc.bandwidth {
            _ if bits == 0 => 0,
            UNLIMITED => noc.latency.into(),
            rate => u64::from(noc.latency) + bits.div_ceil(8 * u64::from(rate)) - 1,
        }
    }

    /// Cycles of a step that brings such tensors, partial sums too, and takes outputs away unless it is the first of all.
    fn step(&self, index: usize, level: &Level, new: [bool; 3], sums: bool, later: bool, computing: u64) -> u64 {
        let multicast = self.task.hardware.multicast();
        let of = |tensor: usize| {
            let elements =
                if multicast || tensor == OUTPUT { level.all[tensor] } else { level.tile[tensor] * level.count };
            if new[tensor] { elements * self.bits[tensor] } else { 0 }
        };
        let outputs = of(OUTPUT);
        let inwards = self.transfer(index, of(0) + of(1) + if sums { outputs } else { 0 });
        let outwards = if later { self.transfer(index, outputs) } else { 0 };
        match self.task.hardware.l1_buffers() {
            Buffering::Single => computing + inwards + outwards,
            Buffering::Double if !later => computing + inwards,
            Buffering::Double => computing.max(inwards).max(outwards),
        }
    }

    /// What a mapping comes to; `None` where it does not fit the buffers.
    pub fn figures(&self, outer: &Outer, inner: &Inner) -> Option<Figures> {
        let Task { hardware, energies, .. } = *self.task;
        let (above, below) = (&outer.level, &inner.level);
        let held = |tile: [u64; 3]| (0..3).map(|tensor| tile[tensor] * self.bits[tensor]).sum::<u64>();
        let fits = |tile, bytes: u32| {
            bytes == UNLIMITED
                || (u64::from(hardware.l1_buffers().factor()) * held(tile)).div_ceil(8) <= u64::from(bytes)
        };
        let buffered = below.steps > 1;
        if !fits(below.tile, hardware.l1_bytes()) || (buffered && !fits(above.tile, hardware.cluster_bytes())) {
            return None;
        }
        let offchip = outer.cost.offchip.as_ref()?;

        let mut on_chip = 0;
        // First steps of clusters that bring input, filter and output; partial sums in all steps.
        let (mut entered, mut psums) = ([0; 3], 0);
        let others = if above.reduces { above.count - 1 } else { 0 };
        let lowest = above.count - others;
        let mut take = |new: [bool; 3], sums: bool, times: u64, later: bool| {
            let enters = [0, 1, 2].map(|tensor| new[tensor] || below.moves[tensor]);
            // Of clusters that add to the same outputs, the lowest gets what comes back to all.
            let own = |sums: bool| {
                let first = self.step(1, below, enters, sums, later, inner.computing);
                let back = if sums && enters[OUTPUT] { 1 } else { 0 };
                (first + inner.later[usize::from(sums)], back + inner.psums[usize::from(sums)])
            };
            let (cycles, back) = own(sums);
            psums += back * lowest * times;
            if others > 0 {
                psums += own(sums && !new[OUTPUT]).1 * others * times;
            }
            for tensor in (0..3).filter(|tensor| enters[*tensor]) {
                entered[tensor] += times * above.count;
            }
            on_chip += times * self.step(0, above, new, sums, later, cycles);
        };
        take([true; 3], false, 1, false);
        for Kind { times, new } in &above.kinds {
            for (sums, times) in [false, true].into_iter().zip(*times).filter(|(_, times)| *times > 0) {
                take(*new, sums, times, true);
            }
        }
        let drain = |index: usize, level: &Level| self.transfer(index, level.all[OUTPUT] * self.bits[OUTPUT]);
        on_chip += drain(0, above) + drain(1, below);
        let cycles = match hardware.l2_buffers() {
            Buffering::Double => on_chip.max(offchip.cycles.rest) + offchip.cycles.first + offchip.cycles.last,
            Buffering::Single => on_chip + (offchip.cycles.total - offchip.cycles.on_chip),
        };

        let boxes = above.steps * above.count;
        let mut tally = Tally { psums: psums * below.all[OUTPUT], ..Tally::default() };
        for tensor in 0..3 {
            let mut new = [false; 3];
            new[tensor] = true;
            self.add(&mut tally, below, new, entered[tensor] + boxes * inner.news[tensor]);
        }
        let [input, filter, output] = self.bits;
        let inwards = |elements: [u64; 2], psums: u64| elements[0] * input + elements[1] * filter + psums * output;
        let operands = input + if self.single[1] > 0 { filter } else { 0 } + 2 * output;
        let l1 = outer.cost.operations * operands + inwards(tally.arrived, tally.psums) + tally.left * output;
        let mut cluster = 0;
        if buffered {
            let Tally { arrived, psums, left, .. } = outer.tally;
            cluster =
                inwards(arrived, psums) + left * output + inwards(tally.read, tally.psums) + tally.written * output;
        }
        let energy = Energy {
            l1: l1 as f64 / 8.0 * energies.l1,
            cluster: cluster as f64 / 8.0 * energies.cluster.unwrap_or(energies.l2),
            ..outer.cost.energy
        };
        Some(Figures { cycles: cycles as f64, energy: energy.total(), offchip: offchip.bits as f64 / 8.0 })
    }
}
