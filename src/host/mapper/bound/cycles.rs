//! Lower bounds of cycles.

use super::super::rounding::floor;
use super::offchip::Moved;
use super::sweeps::Flows;
use super::{Bounds, Level};
use crate::hardware::{Buffering, UNLIMITED};

/// What a cluster takes for a full tile of level 1: all cycles, those of computing alone, and those that the first
/// load and the last drain add.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct InTile {
    pub cycles: f64,
    pub computing: f64,
    pub ends: f64,
}

/// The cycles that a level's transfers take under an order of its loops.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stream {
    /// Cycles to load in all steps, and to send in all steps and at their end.
    all: [f64; 2],
    /// Cycles to load and to send in the steps in which the innermost turning loop advances.
    advancing: [f64; 2],
    /// An upper bound of the fraction of a level's time that falls into those steps; `None` if no loop turns.
    share: Option<f64>,
}

/// The first load and the last drain of a level.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ends {
    /// Cycles.
    load: f64,
    drain: f64,
    /// Bits of inputs and filter of the first step, and of outputs of the last one.
    first: [f64; 2],
    last: f64,
}

impl Ends {
    /// Cycles of load and drain.
    fn cycles(&self) -> f64 {
        self.load + self.drain
    }
}

impl Bounds<'_> {
    /// Cycles of `count` transfers over the network of a level, with `bits` in all.
    fn transfers(&self, level: usize, count: f64, bits: f64) -> f64 {
        match self.noc[level] {
            _ if bits <= 0.0 => 0.0,
            (None, latency) => count * latency,
            (Some(rate), latency) => (count * (latency - 1.0) + bits / (8.0 * rate)).max(0.0),
        }
    }

    /// Cycles that transfers take in the steps in which the loop along `place`, the innermost that turns, advances:
    /// to load, and to send.
    fn advancing(&self, level: &Level, place: usize) -> [f64; 2] {
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
        [self.transfers(level.index, count, bits[0] + bits[1]), self.transfers(level.index, count, bits[2])]
    }

    /// Cycles that transfers take in all steps of a box: to load, and (of the outermost level only) to send in the
    /// steps and at their end.
    fn all_transfers(&self, level: &Level, flows: &Flows) -> [f64; 2] {
        let outermost = level.index == 0;
        let bits = |tensor: usize| {
            flows[tensor].map_or(0.0, |of| {
                // Clusters may still hold a part of the first sweep from the box before.
                of.moved(if outermost { 1.0 } else { of.again }) * self.bits[tensor]
            })
        };
        // A transfer takes at least its share of the bandwidth, or one cycle less if there is no latency.
        let (rate, latency) = self.noc[level.index];
        let saved = if latency < 1.0 { level.steps } else { 0.0 };
        let cycles = |bits: f64| rate.map_or(0.0, |rate| (bits / (8.0 * rate) - saved).max(0.0));
        [cycles(bits(0) + bits(1)), if outermost { cycles(bits(2)) } else { 0.0 }]
    }

    /// The cycles of a level's transfers.
    pub fn stream(&self, level: &Level, order: &[usize], flows: &Flows) -> Stream {
        let innermost = order.iter().rev().copied().find(|&place| level.turns(place));
        Stream {
            all: self.all_transfers(level, flows),
            advancing: innermost.map_or([0.0; 2], |place| self.advancing(level, place)),
            share: innermost.map(|place| {
                let laid = &level.laid[place];
                // The loop does not advance in its first turn, so that turn does not count. But if the last tile is
                // cut short, the last turn takes less than its share, and the other turns more.
                if laid.rest.is_some() { 1.0 } else { (laid.turns - 1.0) / laid.turns }
            }),
        }
    }

    /// A lower bound of what transfers take with tiles that are no larger than these. If a transfer has no latency,
    /// more steps may take less time.
    pub fn least_stream(&self, level: &Level, flows: &Flows) -> Stream {
        let all = if self.noc[level.index].1 < 1.0 { [0.0; 2] } else { self.all_transfers(level, flows) };
        Stream { all, ..Stream::default() }
    }

    /// A lower bound of what a full tile of level 1 takes in addition to computing, in a mapping with this number of
    /// levels.
    pub fn least_inner(&self, levels: usize, stream: &Stream) -> InTile {
        let Ends { load, drain, .. } = self.least_ends[1];
        // The very first load is a part of all loads.
        let cycles = if self.takes_turns() { stream.all[0] } else { 0.0 };
        let below: f64 = self.least_ends[2..levels].iter().map(Ends::cycles).sum();
        InTile { cycles, computing: 0.0, ends: (load - cycles).max(0.0) + drain + below }
    }

    /// Lower bounds of the first load and the last drain of level 1, whatever its tiles are.
    pub fn least_ends(&self) -> Ends {
        self.least_ends[0]
    }

    /// The first load of a level, and the drain after its last tile, which may be cut short (`last`).
    pub fn ends(&self, level: &Level, last: &Level) -> Ends {
        let volume = |tensor: usize| self.volume(tensor, &level.laid, |laid| (laid.first_in, laid.first));
        let first = [volume(0), volume(1)];
        let last = self.volume(2, &last.laid, |laid| (0.0, laid.last));
        let load = self.transfers(level.index, 1.0, first[0] + first[1]);
        Ends { load, drain: self.transfers(level.index, 1.0, last), first, last }
    }

    /// What a full tile of level 1 takes on its cluster, including `computing` cycles, and what the first load and
    /// the last drain add.
    pub fn inner(&self, stream: &Stream, ends: &Ends, computing: f64) -> InTile {
        let Ends { load, drain, .. } = *ends;
        let Some(share) = stream.share else {
            return InTile { cycles: computing, computing, ends: load + drain };
        };
        let ([all_in, _], [inwards, outwards]) = (stream.all, stream.advancing);
        // The very first load is a part of all loads.
        let cycles = |load: f64| {
            if self.takes_turns() {
                computing + (load + inwards).max(all_in) + outwards
            } else {
                (computing + load + (inwards.max(outwards) - computing * share).max(0.0)).max(all_in)
            }
        };
        InTile { cycles: cycles(0.0), computing, ends: cycles(load) - cycles(0.0) + drain }
    }

    /// Whether transfers and computing take turns instead of overlapping.
    fn takes_turns(&self) -> bool {
        self.task.hardware.l1_buffers() == Buffering::Single
    }

    /// A lower bound of the cycles of a mapping. A full tile of level 1 takes `inner`; all tiles together compute for
    /// `all` cycles.
    pub fn cycles(&self, level: &Level, stream: &Stream, ends: &Ends, moved: &Moved, inner: &InTile, all: f64) -> f64 {
        let total = all + level.full() * (inner.cycles - inner.computing);
        let ([all_in, all_out], [inwards, outwards]) = (stream.all, stream.advancing);
        let others = stream.share.map_or(0.0, |share| total * share);
        let Ends { load, drain, .. } = *ends;
        let on_chip = if self.takes_turns() {
            total + (load + inwards).max(all_in) + (outwards + drain).max(all_out) + inner.ends
        } else {
            let waits = (inwards.max(outwards) - others).max(0.0);
            (total + waits + inner.ends + load + drain).max(all_in).max(all_out)
        };
        self.with_offchip(on_chip, ends, moved)
    }

    /// A lower bound of the cycles of a mapping with this number of levels that computes for `all` cycles.
    pub fn least_cycles(&self, levels: usize, all: f64) -> f64 {
        let ends: f64 = self.least_ends[..levels].iter().map(Ends::cycles).sum();
        self.with_offchip(all + ends, &self.least_ends[0], &self.at_least())
    }

    /// A lower bound of cycles from computing (`all` cycles) and the compulsory off-chip transfers alone.
    pub fn ideal(&self, all: f64) -> f64 {
        let alone = self.with_offchip(0.0, &Ends::default(), &self.at_least());
        floor(all.max(alone)).ceil()
    }

    /// Cycles including off-chip transfers, which run in parallel if L2 is double-buffered.
    fn with_offchip(&self, on_chip: f64, ends: &Ends, moved: &Moved) -> f64 {
        let hardware = self.task.hardware;
        let kept = self.kept();
        let rate = |bytes: u32| if bytes == UNLIMITED { 0.0 } else { 1.0 / (8.0 * f64::from(bytes)) };
        let activations = if self.streams { 1.0 } else { 0.0 };
        let cycles = |activations: f64, weights: f64| match hardware.weights_bandwidth() {
            Some(own) => (activations * rate(hardware.offchip_bandwidth())).max(weights * rate(own)),
            None => (activations + weights) * rate(hardware.offchip_bandwidth()),
        };
        let [inputs, filters] = ends.first;
        let apart = cycles(activations * inputs, kept * filters) + cycles(activations * ends.last, 0.0);
        let all = cycles(moved.activations, kept * moved.weights);
        match hardware.l2_buffers() {
            Buffering::Single => on_chip + all,
            Buffering::Double => (on_chip + apart).max(all),
        }
    }
}
