//! The exact figures of mappings whose tiles all have the same size, computed from products instead of a walk.
//!
//! If all tiles of a level have the same size, a step brings all of a tensor's tile, none of it, or the new part of a
//! window. Then everything that [`Cost`] counts is a sum over the loops of both levels. It depends on which loop
//! advances, whether a reduction begins or continues, and whether the last turn over space leaves sub-clusters idle.
//!
//! What depends on level 1 alone, [`Outer`], is computed once, with what moves off-chip taken from a cost of the
//! exact model. So is what depends on level 2 alone, [`Inner`]. Both together give [`Figures`] in a fraction of a
//! microsecond. Mappings with tiles of different sizes are costed one by one.

mod level;

use heapless::Vec;

use super::space::{Axis, Candidate, MAX_AXES, MAX_LEVELS, Split};
use super::{Figures, Task};
use crate::hardware::{Buffering, UNLIMITED};
use crate::{Cost, Dim, Energy, Noc, Tensor};
pub use level::Level;
use level::{Flow, OUTPUT, Operands, Steps, Turn};

/// What a level moves in all its steps, in elements.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    operands: Operands,
    /// Outputs that come back as partial sums, that are written to the buffer above, and that leave sub-clusters.
    psums: u64,
    written: u64,
    left: u64,
}

impl Tally {
    /// Adds steps: `begun` of them bring no partial sums, `gone_on` do.
    fn add(&mut self, flow: &Flow, [begun, gone_on]: [u64; 2]) {
        self.bring(flow.operands, begun + gone_on);
        self.give(flow, [begun, gone_on]);
    }

    fn give(&mut self, flow: &Flow, [begun, gone_on]: [u64; 2]) {
        self.psums += flow.enters * gone_on;
        self.written += flow.enters * (begun + gone_on);
        self.left += flow.entered * (begun + gone_on);
    }

    fn bring(&mut self, operands: Operands, times: u64) {
        self.operands.iter_mut().zip(operands).for_each(|(sum, more)| *sum += more * times);
    }
}

/// What is the same for all mappings of a task.
#[derive(Clone, Copy, Debug)]
pub struct Steady<'a> {
    task: &'a Task<'a>,
    axes: &'a [Axis],
    /// Elements of input and filter that belong to no axis: the inputs of a window where there is a single row or
    /// column of outputs, and the window of the filter.
    single: [u64; 2],
    window: u64,
    /// Bits of an input, a filter element and a partial sum, and of a finished output.
    bits: [u64; 3],
    finished: u64,
    nocs: [Noc; 2],
}

/// Level 1 with the order of its loops.
#[derive(Clone, Debug)]
pub struct Outer {
    /// The cost of one mapping with this level 1. It has the right off-chip transfers, and the right energy of all
    /// but L1 and the buffers of clusters.
    cost: Cost,
    tally: Tally,
    tile: [u64; 3],
    /// The axis over space, the clusters that have work in the first step, and the tiles of all clusters in all
    /// steps.
    spread: usize,
    clusters: u64,
    tiles: u64,
    /// Whether the outputs of the first step are still unfinished after it.
    remains: bool,
    /// Cycles of the first load and the last drain.
    ends: u64,
    entries: Vec<Entry, MAX_AXES>,
}

/// Steps of level 1 in which a loop advances.
#[derive(Clone, Debug)]
struct Entry {
    turns: [Turn; MAX_AXES],
    moves: bool,
    /// Tiles that clusters begin in these steps; those among them of clusters that were idle before; and those that
    /// continue a reduction.
    tiles: u64,
    sooner: u64,
    gone_on: u64,
    /// The steps, and the cycles that their transfers take: with all clusters at work, and with some idle.
    steps: [(Vec<Steps, 4>, Moves); 2],
}

/// Level 2 with the order of its loops, in the tiles of level 1.
#[derive(Clone, Debug)]
pub struct Inner<'l> {
    level: &'l Level,
    /// Whether there is more than one step, and whether steps have different outputs.
    turns: bool,
    moves: bool,
    first: Flow,
    /// Cycles of the first load and the last drain.
    ends: u64,
    /// Cycles of all steps but the first. First index: whether the tile of level 1 continues a reduction. Second
    /// index: whether its outputs remain unfinished.
    later: [[u64; 2]; 2],
    computing: u64,
    /// What these steps move if the tile begins a reduction, and the number of additional partial sums if it
    /// continues one.
    tally: Tally,
    begun: u64,
}

/// Cycles to load without and with partial sums, and to send finished outputs and partial sums.
#[derive(Clone, Copy, Debug, Default)]
struct Moves {
    inwards: [u64; 2],
    outwards: [u64; 2],
}

impl<'a> Steady<'a> {
    /// `None` if the products do not hold for a task: there are zeros between inputs, the filter lies over space, or
    /// cycles might not fit 62 bits.
    pub fn new(task: &'a Task<'a>, axes: &'a [Axis]) -> Option<Steady<'a>> {
        let (layer, hardware) = (task.layer, task.hardware);
        let widths = hardware.widths();
        let zeros = axes.iter().any(|axis| axis.slide.is_some_and(|[_, _, every]| every > 1));
        let latency = hardware.noc(0).latency.max(hardware.noc(1).latency);
        let bits = widths.input.max(widths.filter).max(widths.output).max(widths.psum);
        // Each step has at least one operation, and its transfers over both networks take at most this many cycles
        // for each.
        let most = layer.operations()? as f64 * 8.0 * (f64::from(latency) + f64::from(bits));
        if zeros || axes.iter().any(Axis::is_window) || most >= (1_u64 << 62) as f64 {
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
            single: [inputs.product(), if filter.is_empty() { 0 } else { window }],
            window,
            bits: [widths.input, widths.filter, widths.psum].map(u64::from),
            finished: widths.output.into(),
            nocs: [hardware.noc(0), hardware.noc(1)],
        })
    }

    /// A level that cuts a box of some extents into tiles of some sizes (`boxes`: extents, sizes), below the level
    /// `above`; `None` if the tiles differ in size.
    pub fn level(&self, split: &Split, index: usize, boxes: [&[u32]; 2], above: Option<&Level>) -> Option<Level> {
        Level::new(self.axes, (split, index), boxes, above, self.single)
    }

    /// Level 1 of `candidate` and of all mappings that differ only in level 2; `None` if the model refuses it.
    pub fn outer(&self, candidate: &Candidate<'_>, level: &Level) -> Option<Outer> {
        let Task { layer, hardware, energies, .. } = *self.task;
        // Any level 2 will do. One that does not cut its tiles takes the least time to cost.
        let uncut = Candidate { tiles: [candidate.tiles[0]; MAX_LEVELS], ..*candidate };
        let cost = Cost::with_energies(layer, &uncut.dataflow(self.axes).ok()?, hardware, energies).ok()?;
        let (mut tally, mut entries) = (Tally::default(), Vec::new());
        tally.add(&level.first(), [1, 0]);
        level.steps(candidate.orders[0], |kind| {
            kind.phases.iter().for_each(|phase| tally.add(&phase.flow, phase.times()));
            let tiles =
                |times: fn([u64; 2]) -> u64| kind.phases.iter().map(|phase| times(phase.times()) * phase.busy).sum();
            let all = tiles(|[begun, gone_on]| begun + gone_on);
            // The list has room for every axis.
            let _ = entries.push(Entry {
                turns: kind.turns,
                moves: kind.moves,
                tiles: all,
                sooner: match kind.turns[level.spread] {
                    Turn::Around => all / level.busy[0] * (level.busy[0] - level.busy[1]),
                    _ => 0,
                },
                // Of clusters that add to the same outputs, only the lowest gets the partial sums.
                gone_on: match kind.moves && !level.apart {
                    true => kind.phases.iter().map(|phase| phase.times()[1]).sum(),
                    false => tiles(|[_, gone_on]| gone_on),
                },
                steps: [0, 1].map(|phase| (kind.phases[phase].steps.clone(), self.moves(0, &kind.phases[phase].flow))),
            });
        });
        Some(Outer {
            cost,
            tally,
            tile: level.tile,
            spread: level.spread,
            clusters: level.busy[0],
            tiles: level.tiles(),
            remains: level.sums(candidate.orders[0]),
            ends: self.ends(0, level),
            entries,
        })
    }

    /// Level 2 of a mapping.
    pub fn inner<'l>(&self, level: &'l Level, order: &[usize]) -> Inner<'l> {
        let computing = (level.points() * self.window).div_ceil(self.task.hardware.simd_lanes().into());
        let (mut later, mut tally, mut begun) = ([[0; 2]; 2], Tally::default(), 0);
        level.steps(order, |kind| {
            for phase in kind.phases.iter().filter(|phase| !phase.steps.is_empty()) {
                let moves = self.moves(1, &phase.flow);
                for steps in &phase.steps {
                    // If the tile of level 1 continues a reduction, its first partial sums come back; if it remains
                    // unfinished, its last outputs leave as partial sums.
                    for goes_on in [0, 1] {
                        for remains in [0, 1] {
                            let goes = [steps.goes_on || goes_on > 0, steps.gives_partial || remains > 0];
                            later[goes_on][remains] += steps.times * self.step(&moves, goes, computing);
                        }
                    }
                }
                tally.add(&phase.flow, phase.times());
                begun += phase.flow.enters * phase.times()[0];
            }
        });
        let (turns, moves, ends) = (level.turns(), level.moves(), self.ends(1, level));
        Inner { level, turns, moves, first: level.first(), ends, later, computing, tally, begun }
    }

    fn bits(&self, operands: &[u64], outputs: u64) -> u64 {
        operands[0] * self.bits[0] + operands[1] * self.bits[1] + outputs * self.bits[OUTPUT]
    }

    /// The operands that a buffer sends: with multicast, what several sub-clusters take is sent once.
    fn sent<'o>(&self, operands: &'o Operands) -> &'o [u64] {
        if self.task.hardware.multicast() { &operands[2..] } else { &operands[..2] }
    }

    /// Cycles that these bits take over the network of a level.
    fn transfer(&self, index: usize, bits: u64) -> u64 {
        let noc = self.nocs[index];
        match noc.bandwidth {
            _ if bits == 0 => 0,
            UNLIMITED => noc.latency.into(),
            rate => u64::from(noc.latency) + bits.div_ceil(8 * u64::from(rate)) - 1,
        }
    }

    /// Cycles of the transfers of a step.
    fn moves(&self, index: usize, flow: &Flow) -> Moves {
        let sent = self.sent(&flow.operands);
        let inwards = self.transfer(index, self.bits(sent, 0));
        let sums = if flow.enters > 0 { self.transfer(index, self.bits(sent, flow.enters)) } else { inwards };
        let partial = self.transfer(index, flow.leaves * self.bits[OUTPUT]);
        let same = self.finished == self.bits[OUTPUT];
        let finished = if same { partial } else { self.transfer(index, flow.leaves * self.finished) };
        Moves { inwards: [inwards, sums], outwards: [finished, partial] }
    }

    /// Cycles of the first load and the last drain.
    fn ends(&self, index: usize, level: &Level) -> u64 {
        self.moves(index, &level.first()).inwards[0] + self.transfer(index, level.held() * self.finished)
    }

    /// Cycles of a step, which may bring partial sums and give some away.
    fn step(&self, moves: &Moves, [brings, gives]: [bool; 2], computing: u64) -> u64 {
        let (inwards, outwards) = (moves.inwards[usize::from(brings)], moves.outwards[usize::from(gives)]);
        match self.task.hardware.l1_buffers() {
            Buffering::Single => computing + inwards + outwards,
            Buffering::Double => computing.max(inwards).max(outwards),
        }
    }

    /// The figures of a mapping; `None` if it does not fit the buffers.
    pub fn figures(&self, outer: &Outer, inner: &Inner<'_>) -> Option<Figures> {
        let Task { hardware, energies, .. } = *self.task;
        let fits = |tile: [u64; 3], bytes: u32| {
            let bits = u64::from(hardware.l1_buffers().factor()) * self.bits(&tile, tile[OUTPUT]);
            bytes == UNLIMITED || bits.div_ceil(8) <= u64::from(bytes)
        };
        if !fits(inner.level.tile, hardware.l1_bytes()) || (inner.turns && !fits(outer.tile, hardware.cluster_bytes()))
        {
            return None;
        }
        let offchip = outer.cost.offchip.as_ref()?;

        // The very first step loads everything, and nothing hides that.
        let mut on_chip = inner.computing + inner.ends + inner.later[0][usize::from(outer.remains)] + outer.ends;
        let mut tally = Tally::default();
        tally.add(&inner.first, [outer.clusters, 0]);
        let mut gone_on = 0;
        for entry in &outer.entries {
            // The lowest cluster determines the time of a step: it is never idle, and holds the least of its next
            // tile.
            let enters = inner.level.enters(&entry.turns, entry.moves || inner.moves);
            let enter = self.moves(1, &enters);
            for (steps, moves) in &entry.steps {
                for Steps { times, goes_on, gives_partial, remains } in steps {
                    let (goes, later) = ([*goes_on, *gives_partial], inner.later[usize::from(*goes_on)]);
                    let cycles = self.step(&enter, goes, inner.computing) + later[usize::from(*remains)];
                    on_chip += times * self.step(moves, goes, cycles);
                }
            }
            tally.bring(enters.operands, entry.tiles - entry.sooner);
            tally.give(&enters, [entry.tiles - entry.gone_on, entry.gone_on]);
            if entry.sooner > 0 {
                let mut turns = entry.turns;
                turns[outer.spread] = Turn::Sooner;
                tally.bring(inner.level.enters(&turns, false).operands, entry.sooner);
            }
            gone_on += entry.gone_on;
        }
        tally.bring(inner.tally.operands, outer.tiles);
        tally.psums += inner.tally.psums * outer.tiles + inner.begun * gone_on;
        tally.written += inner.tally.written * outer.tiles;
        tally.left += inner.tally.left * outer.tiles;
        let cycles = match hardware.l2_buffers() {
            Buffering::Double => on_chip.max(offchip.cycles.rest) + offchip.cycles.first + offchip.cycles.last,
            Buffering::Single => on_chip + (offchip.cycles.total - offchip.cycles.on_chip),
        };

        let Tally { operands, psums, written, left } = tally;
        let operation = self.bits(&[1, u64::from(self.single[1] > 0)], 2);
        let l1 = outer.cost.operations * operation + self.bits(&operands, psums + left);
        let mut cluster = 0;
        if inner.turns {
            let Tally { operands: arrived, psums: entered, left, .. } = outer.tally;
            cluster = self.bits(&arrived, entered + left) + self.bits(self.sent(&operands), psums + written);
        }
        let energy = Energy {
            l1: l1 as f64 / 8.0 * energies.l1,
            cluster: cluster as f64 / 8.0 * energies.cluster.unwrap_or(energies.l2),
            ..outer.cost.energy
        };
        Some(Figures { cycles: cycles as f64, energy: energy.total(), offchip: offchip.bits as f64 / 8.0 })
    }
}
