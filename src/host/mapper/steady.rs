//! The figures of mappings whose tiles are all alike, as the exact model counts them, from products.
//!
//! Many mappings of a space have tiles of one size in each level, no sub-cluster ever stands idle, and windows slide over time
//! alone. Then a step brings all of a tensor's tile, none of it, or what is new of a window, and everything that [`Cost`] counts is
//! a sum over the loops of either level: which one advances, and whether a reduction begins or goes on.
//!
//! What depends on level 1 alone, [`Outer`], is worked out once: what moves off-chip is taken from a cost of the exact model. The
//! same for level 2, [`Inner`]. Both together give [`Figures`] in a fraction of a microsecond. All other mappings are costed one by one.

use heapless::Vec;

use super::space::{Axis, Candidate, MAX_AXES, Split};
use super::{Figures, Task};
use crate::hardware::{Buffering, UNLIMITED};
use crate::{Cost, Dim, Energy, Tensor};

const OUTPUT: usize = 2;

/// What the loop along an axis does from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Stays,
    Advances,
    /// From its end back to its beginning.
    Around,
}

/// What a step brings.
#[derive(Clone, Copy, Debug)]
struct New {
    /// Elements of input that are new to a sub-cluster.
    inputs: u64,
    /// Whether the tiles of filter and output are others than before.
    filter: bool,
    output: bool,
}

/// Steps in which a loop advances.
#[derive(Clone, Copy, Debug)]
struct Kind {
    /// How many there are before any loop over which outputs are summed has turned, and after that.
    times: [u64; 2],
    turns: [Turn; MAX_AXES],
    new: New,
}

/// How a level divides its box.
#[derive(Clone, Debug)]
struct Level {
    /// Elements of the tile of a sub-cluster, and how many of them have their own.
    tile: [u64; 3],
    apart: [u64; 3],
    /// Sub-clusters.
    count: u64,
    /// Whether they add to the same outputs.
    reduces: bool,
    /// Steps but the first.
    kinds: Vec<Kind, MAX_AXES>,
    steps: u64,
    /// Tensors that some loop that turns is coupled to.
    moves: [bool; 3],
    /// Inputs along each axis that a sub-cluster has of its first tile from its last one: of the same box, of the one before, and of the
    /// last box.
    held: [[u64; 3]; MAX_AXES],
}

/// Inputs that a tile shares with one that lies so many outputs from it.
fn shared(axis: &Axis, tile: u32, apart: u32) -> u64 {
    let inputs = axis.inputs(f64::from(tile));
    let stride = axis.slide.map_or(1, |[stride, ..]| stride);
    match apart {
        _ if !axis.coupled[0] => 1,
        0 => inputs as u64,
        _ if axis.inputs(0.0) > 0.0 => (inputs - f64::from(apart) * f64::from(stride)).max(0.0) as u64,
        _ => 0,
    }
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
            apart: [1; 3],
            count: 1,
            reduces: false,
            kinds: Vec::new(),
            steps: 1,
            moves: [false; 3],
            held: [[1; 3]; MAX_AXES],
        };
        let mut turns = [1_u64; MAX_AXES];
        for (place, axis) in axes.iter().enumerate() {
            let (extent, tile, ways) = (extents[place], tiles[place], split.ways_along(index, place));
            let count = extent / tile;
            let slides = axis.inputs(0.0) > 0.0 && count > 1 && place == split.spatial[index];
            if extent % tile != 0 || slides || (count > ways && count % ways != 0) {
                return None;
            }
            turns[place] = u64::from(count.div_ceil(ways));
            // Of those over space, the first tile and the last of a sub-cluster.
            let (own, layer) = (extent - count.min(ways) * tile, axis.extent - count.min(ways) * tile);
            level.held[place] = [own, tile, layer].map(|apart| shared(axis, tile, apart));
            for tensor in (0..3).filter(|tensor| axis.coupled[*tensor]) {
                level.tile[tensor] *= if tensor == 0 { axis.inputs(f64::from(tile)) as u64 } else { u64::from(tile) };
            }
            if place == split.spatial[index] {
                level.count = u64::from(count.min(ways));
                level.reduces = level.count > 1 && !axis.coupled[OUTPUT];
            }
        }
        let spread = axes[split.spatial[index]].coupled;
        level.apart = spread.map(|spread| if spread { level.count } else { 1 });
        let (mut before, mut begins) = (1, 1);
        for &place in order.iter().filter(|place| turns[**place] > 1) {
            let (advances, coupled) = (turns[place] - 1, axes[place].coupled);
            let first = if coupled[OUTPUT] { begins * advances } else { 0 };
            let mut own = [Turn::Stays; MAX_AXES];
            own[place] = Turn::Advances;
            level.kinds.iter_mut().for_each(|outside| outside.turns[place] = Turn::Around);
            let new = New { inputs: 0, filter: false, output: false };
            // There is room for every axis.
            let _ = level.kinds.push(Kind { times: [first, before * advances - first], turns: own, new });
            before *= turns[place];
            begins *= if coupled[OUTPUT] { turns[place] } else { 1 };
            level.moves = [0, 1, 2].map(|tensor| level.moves[tensor] || coupled[tensor]);
        }
        level.steps = before;
        for kind in &mut level.kinds {
            let moving = |tensor: usize| {
                axes.iter().zip(kind.turns).any(|(axis, turn)| axis.coupled[tensor] && turn != Turn::Stays)
            };
            let held = axes.iter().enumerate().map(|(place, axis)| match kind.turns[place] {
                Turn::Stays => shared(axis, tiles[place], 0),
                Turn::Advances => shared(axis, tiles[place], tiles[place]),
                // From the last tile.
                Turn::Around => level.held[place][0],
            });
            let inputs = level.tile[0] - held.product::<u64>() * single[0];
            kind.new = New { inputs, filter: moving(1), output: moving(OUTPUT) };
        }
        Some(level)
    }

    /// Elements of a tensor, of so many in each sub-cluster.
    fn all(&self, tensor: usize, own: u64) -> u64 {
        own * self.apart[tensor]
    }

    /// All of the first step's tiles.
    fn first(&self) -> New {
        New { inputs: self.tile[0], filter: true, output: true }
    }
}

/// What a level moves in all.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Elements of input and filter, from the buffer and into sub-clusters; outputs that come back, that are written, and that leave
    /// sub-clusters.
    read: [u64; 2],
    arrived: [u64; 2],
    psums: u64,
    written: u64,
    left: u64,
}

impl Tally {
    fn add(&mut self, other: &Tally, times: u64) {
        let add = |sum: &mut [u64; 2], more: [u64; 2]| *sum = [0, 1].map(|tensor| sum[tensor] + more[tensor] * times);
        add(&mut self.read, other.read);
        add(&mut self.arrived, other.arrived);
        self.psums += other.psums * times;
        self.written += other.written * times;
        self.left += other.left * times;
    }
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
    /// What its first step and those of each kind move.
    first: Moves,
    moves: Vec<Moves, MAX_AXES>,
}

/// Level 2 with the order of its loops, in tiles of level 1.
#[derive(Clone, Debug)]
pub struct Inner {
    level: Level,
    /// Cycles of all steps but the first, if the tile of level 1 begins a reduction and if it goes on with one.
    later: [u64; 2],
    computing: u64,
    /// What these steps move if it begins one, and how many more partial sums if not.
    tally: Tally,
    begun: u64,
}

/// Cycles of what comes in, without partial sums and with them, and of what leaves.
#[derive(Clone, Copy, Debug, Default)]
struct Moves {
    inwards: [u64; 2],
    outwards: u64,
}

impl<'a> Steady<'a> {
    /// `None` where nothing of a task is steady: partial sums are wider than outputs, there are zeros between inputs, the filter lies
    /// over space, or cycles may be more than 62 bits hold.
    pub fn new(task: &'a Task<'a>, axes: &'a [Axis]) -> Option<Steady<'a>> {
        let (layer, hardware) = (task.layer, task.hardware);
        let widths = hardware.widths();
        let zeros = axes.iter().any(|axis| axis.slide.is_some_and(|[_, _, every]| every > 1));
        let latency = hardware.noc(0).latency.max(hardware.noc(1).latency);
        let bits = widths.input.max(widths.filter).max(widths.output);
        // No step has less than an operation; its transfers over both networks take no more than this for each.
        let most = layer.operations()? as f64 * 8.0 * (f64::from(latency) + f64::from(bits));
        if zeros || axes.iter().any(Axis::is_window) || widths.psum != widths.output || most >= (1_u64 << 62) as f64 {
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
        self.add(&mut tally, &level, level.first(), [1, 0]);
        level.kinds.iter().for_each(|kind| self.add(&mut tally, &level, kind.new, kind.times));
        let first = self.moves(0, &level, level.first());
        let moves = level.kinds.iter().map(|kind| self.moves(0, &level, kind.new)).collect();
        Some(Outer { level, cost, tally, first, moves })
    }

    /// Level 2 of a mapping.
    pub fn inner(&self, candidate: &Candidate<'_>) -> Option<Inner> {
        let level = self.level(candidate, 1, candidate.tiles[0])?;
        let operations = candidate.tiles[1].iter().map(|tile| u64::from(*tile)).product::<u64>() * self.window;
        let computing = operations.div_ceil(self.task.hardware.simd_lanes().into());
        let (mut later, mut tally) = ([0; 2], Tally::default());
        for kind in &level.kinds {
            let ([begun, gone_on], moves) = (kind.times, self.moves(1, &level, kind.new));
            let [begins, sums] = [false, true].map(|sums| self.step(&moves, sums, computing));
            // What the tile of level 1 begins with comes back where it goes on with a reduction.
            later = [later[0] + begins * begun + sums * gone_on, later[1] + sums * (begun + gone_on)];
            self.add(&mut tally, &level, kind.new, kind.times);
        }
        let begun = level.kinds.iter().filter(|kind| kind.new.output).map(|kind| kind.times[0]).sum::<u64>();
        let begun = begun * level.all(OUTPUT, level.tile[OUTPUT]);
        Some(Inner { level, later, computing, tally, begun })
    }

    fn level(&self, candidate: &Candidate<'_>, index: usize, extents: &[u32]) -> Option<Level> {
        let Candidate { split, tiles, orders } = *candidate;
        Level::new(split, index, self.axes, extents, tiles[index], orders[index], self.single)
    }

    /// Adds steps, so many that bring no partial sums and so many that do.
    fn add(&self, tally: &mut Tally, level: &Level, new: New, [begun, gone_on]: [u64; 2]) {
        let times = begun + gone_on;
        for (tensor, own) in [new.inputs, if new.filter { level.tile[1] } else { 0 }].into_iter().enumerate() {
            tally.arrived[tensor] += own * level.count * times;
            tally.read[tensor] += self.sent(level, tensor, own) * times;
        }
        if new.output {
            let all = level.all(OUTPUT, level.tile[OUTPUT]);
            tally.psums += all * gone_on;
            tally.written += all * times;
            tally.left += level.tile[OUTPUT] * level.count * times;
        }
    }

    /// Elements of input or filter that a buffer sends, of which so many are new to each sub-cluster.
    fn sent(&self, level: &Level, tensor: usize, own: u64) -> u64 {
        if self.task.hardware.multicast() { level.all(tensor, own) } else { own * level.count }
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

    /// Cycles of what a step brings and takes away.
    fn moves(&self, index: usize, level: &Level, new: New) -> Moves {
        let filter = if new.filter { self.sent(level, 1, level.tile[1]) } else { 0 };
        let outputs = if new.output { level.all(OUTPUT, level.tile[OUTPUT]) * self.bits[OUTPUT] } else { 0 };
        let operands = self.sent(level, 0, new.inputs) * self.bits[0] + filter * self.bits[1];
        let inwards = self.transfer(index, operands);
        let sums = if outputs > 0 { self.transfer(index, operands + outputs) } else { inwards };
        Moves { inwards: [inwards, sums], outwards: self.transfer(index, outputs) }
    }

    /// Cycles of a step, which may bring partial sums.
    fn step(&self, moves: &Moves, sums: bool, computing: u64) -> u64 {
        let inwards = moves.inwards[usize::from(sums)];
        match self.task.hardware.l1_buffers() {
            Buffering::Single => computing + inwards + moves.outwards,
            Buffering::Double => computing.max(inwards).max(moves.outwards),
        }
    }

    /// What the first step of a cluster brings when level 1 goes on.
    fn enters(&self, below: &Level, kind: &Kind) -> New {
        let held = self.axes.iter().zip(kind.turns).zip(&below.held);
        let held = held.map(|((axis, turn), held)| if axis.coupled[0] { held[turn as usize] } else { 1 });
        let inputs = below.tile[0] - held.product::<u64>() * self.single[0];
        New { inputs, filter: kind.new.filter || below.moves[1], output: kind.new.output || below.moves[OUTPUT] }
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

        // The very first step brings everything, and nothing is hidden behind it.
        let mut tally = Tally::default();
        self.add(&mut tally, below, below.first(), [above.count, 0]);
        let load = |moves: &Moves| moves.inwards[0];
        let mut on_chip =
            inner.computing + load(&self.moves(1, below, below.first())) + inner.later[0] + load(&outer.first);
        // Of clusters that add to the same outputs, the lowest gets what comes back to all.
        let others = if above.reduces { above.count - 1 } else { 0 };
        let mut gone_on = 0;
        for (kind, moves) in above.kinds.iter().zip(&outer.moves) {
            let enters = self.enters(below, kind);
            let enter = self.moves(1, below, enters);
            for (sums, times) in [false, true].into_iter().zip(kind.times).filter(|(_, times)| *times > 0) {
                let cycles = self.step(&enter, sums, inner.computing) + inner.later[usize::from(sums)];
                on_chip += times * self.step(moves, sums, cycles);
            }
            let [begun, later] = kind.times;
            let sums = later * if kind.new.output { above.count - others } else { above.count };
            self.add(&mut tally, below, enters, [(begun + later) * above.count - sums, sums]);
            gone_on += sums;
        }
        let boxes = above.steps * above.count;
        tally.add(&inner.tally, boxes);
        tally.psums += inner.begun * gone_on;
        let drain = |index: usize, level: &Level| {
            self.transfer(index, level.all(OUTPUT, level.tile[OUTPUT]) * self.bits[OUTPUT])
        };
        on_chip += drain(0, above) + drain(1, below);
        let cycles = match hardware.l2_buffers() {
            Buffering::Double => on_chip.max(offchip.cycles.rest) + offchip.cycles.first + offchip.cycles.last,
            Buffering::Single => on_chip + (offchip.cycles.total - offchip.cycles.on_chip),
        };

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
