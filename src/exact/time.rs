//! From elements to cycles: transfers, steps, runs of steps.

use crate::hardware::{Buffering, Hardware, MAX_LEVELS, UNLIMITED};

/// Bits of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    pub input: i64,
    pub filter: i64,
    pub output: i64,
    pub psum: i64,
}

/// A network-on-chip, or another channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channel {
    /// Bits per cycle; `None` without a limit.
    rate: Option<i64>,
    latency: i64,
}

impl Channel {
    /// A channel of so many bytes a cycle.
    pub fn new(bandwidth: u32, latency: u32) -> Channel {
        let rate = (bandwidth != UNLIMITED).then_some(8 * i64::from(bandwidth));
        Channel { rate, latency: i64::from(latency) }
    }

    /// Cycles until so many bits have arrived over a NoC: latency + bits / rate - 1, rounded up; 0 for nothing.
    pub fn cycles(&self, bits: i64) -> i64 {
        if bits == 0 {
            return 0;
        }
        match self.rate {
            None => self.latency,
            Some(rate) => self.latency + divide_up(bits, rate) - 1,
        }
    }

    /// Cycles that so many bits take off-chip: bits / rate, rounded up.
    pub fn stream(&self, bits: i64) -> i64 {
        self.rate.map_or(0, |rate| divide_up(bits, rate))
    }
}

/// The quotient of a count and something positive, rounded up.
pub(super) fn divide_up(dividend: i64, divisor: i64) -> i64 {
    let (dividend, divisor) = (dividend.max(0).unsigned_abs(), divisor.unsigned_abs());
    crate::count::divide_unsigned(dividend.saturating_add(divisor.saturating_sub(1)), divisor) as i64
}

/// What an accelerator takes for things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub bits: Bits,
    pub multicast: bool,
    pub lanes: i64,
    noc: [Channel; MAX_LEVELS],
    pub offchip: Channel,
    /// Weights' own channel, if they have one.
    pub weights: Option<Channel>,
    pub l1: Buffering,
    pub l2: Buffering,
}

impl Clock {
    pub fn new(hardware: &Hardware) -> Clock {
        let widths = hardware.widths();
        Clock {
            bits: Bits {
                input: widths.input.into(),
                filter: widths.filter.into(),
                output: widths.output.into(),
                psum: widths.psum.into(),
            },
            multicast: hardware.multicast(),
            lanes: hardware.simd_lanes().into(),
            noc: core::array::from_fn(|level| {
                let noc = hardware.noc(level);
                Channel::new(noc.bandwidth, noc.latency)
            }),
            offchip: Channel::new(hardware.offchip_bandwidth(), 0),
            weights: hardware.weights_bandwidth().map(|bytes| Channel::new(bytes, 0)),
            l1: hardware.l1_buffers(),
            l2: hardware.l2_buffers(),
        }
    }

    pub fn noc(&self, level: usize) -> Channel {
        self.noc.get(level).copied().unwrap_or(Channel { rate: None, latency: 0 })
    }

    /// Whether a partial sum is not as wide as a finished output.
    pub fn widens(&self) -> bool {
        self.bits.psum != self.bits.output
    }

    /// PEs at work, so many operations in the one that has most.
    pub fn pes(&self, operations: i64, active: i64) -> Slowest {
        let compute = Elapsed { waits: [divide_up(operations, self.lanes), 0, 0] };
        Slowest { double: compute, single: compute, active: active as f64 }
    }
}

/// Cycles by what they wait for: compute, NoC in, NoC out. They saturate: `i64::MAX` is too many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elapsed {
    pub waits: [i64; 3],
}

impl Elapsed {
    /// All of them.
    pub fn cycles(&self) -> i64 {
        let [compute, inwards, outwards] = self.waits;
        compute.saturating_add(inwards).saturating_add(outwards)
    }

    fn add(&mut self, other: &Elapsed, times: i64) {
        for (sum, wait) in self.waits.iter_mut().zip(other.waits) {
            *sum = sum.saturating_add(wait.saturating_mul(times));
        }
    }

    /// Waits for what goes out, after what was waited for already.
    pub fn drain(&mut self, cycles: i64) {
        self.waits[2] = self.waits[2].saturating_add(cycles);
    }
}

/// The steps of a cluster in one box.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    /// With double buffers: transfers and work overlap.
    pub double: Elapsed,
    /// With single ones: they take turns.
    pub single: Elapsed,
    pub steps: i64,
    /// Active PEs, summed over steps.
    pub active: f64,
}

impl Run {
    /// A single step.
    pub fn once(slowest: &Slowest, transfer: Transfer) -> Run {
        Run { double: slowest.double(transfer), single: slowest.single(transfer), steps: 1, active: slowest.active }
    }

    pub fn add(&mut self, slowest: &Slowest, transfer: Transfer, times: i64) {
        self.double.add(&slowest.double(transfer), times);
        self.single.add(&slowest.single(transfer), times);
        self.steps = self.steps.saturating_add(times);
        self.active += slowest.active * times as f64;
    }
}

/// Cycles of what comes in and goes out in a step. In the very first step of all, compute waits for what comes in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    pub ingress: i64,
    pub egress: i64,
    pub starting: bool,
}

/// The slowest sub-clusters of a step, with double and with single buffers, and PEs at work.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slowest {
    double: Elapsed,
    single: Elapsed,
    active: f64,
}

impl Slowest {
    /// An idle sub-cluster gives outputs away, below it: with double and with single buffers.
    pub fn give_away(&mut self, [double, single]: [i64; 2]) {
        for (slowest, cycles) in [(&mut self.double, double), (&mut self.single, single)] {
            if cycles > slowest.cycles() {
                *slowest = Elapsed { waits: [0, 0, cycles] };
            }
        }
    }

    /// `count` sub-clusters compute at the same time as the others; the slowest counts, the first of several.
    pub fn compute(&mut self, run: &Run, count: i64) {
        if run.double.cycles() > self.double.cycles() {
            self.double = run.double;
        }
        if run.single.cycles() > self.single.cycles() {
            self.single = run.single;
        }
        if run.steps > 0 {
            self.active += run.active / run.steps as f64 * count as f64;
        }
    }

    fn double(&self, transfer: Transfer) -> Elapsed {
        let Transfer { ingress, egress, starting } = transfer;
        let compute = self.double.cycles();
        if starting {
            let [compute, inwards, outwards] = self.double.waits;
            Elapsed { waits: [compute, inwards.saturating_add(ingress), outwards] }
        } else if compute >= ingress && compute >= egress {
            self.double
        } else if ingress >= egress {
            Elapsed { waits: [0, ingress, 0] }
        } else {
            Elapsed { waits: [0, 0, egress] }
        }
    }

    fn single(&self, transfer: Transfer) -> Elapsed {
        let [compute, inwards, outwards] = self.single.waits;
        let waits = [compute, inwards.saturating_add(transfer.ingress), outwards.saturating_add(transfer.egress)];
        Elapsed { waits }
    }
}
