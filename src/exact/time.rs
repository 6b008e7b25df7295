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

    /// A PE at so many operations.
    pub fn pe(&self, operations: i64) -> Run {
        let cycles = divide_up(operations, self.lanes);
        let elapsed = Elapsed { cycles, waits: [cycles, 0, 0] };
        Run { double: elapsed, single: elapsed, steps: 1, active: 1.0 }
    }
}

/// Cycles, and what they waited for: compute, NoC in, NoC out. They saturate: `i64::MAX` is too many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elapsed {
    pub cycles: i64,
    pub waits: [i64; 3],
}

impl Elapsed {
    fn add(&mut self, other: &Elapsed, times: i64) {
        self.cycles = self.cycles.saturating_add(other.cycles.saturating_mul(times));
        for (sum, wait) in self.waits.iter_mut().zip(other.waits) {
            *sum = sum.saturating_add(wait.saturating_mul(times));
        }
    }

    /// Waits for one thing, after what was waited for already.
    pub fn wait(&mut self, what: usize, cycles: i64) {
        self.cycles = self.cycles.saturating_add(cycles);
        if let Some(sum) = self.waits.get_mut(what) {
            *sum = sum.saturating_add(cycles);
        }
    }

    fn only(what: usize, cycles: i64) -> Elapsed {
        let mut elapsed = Elapsed::default();
        elapsed.wait(what, cycles);
        elapsed
    }
}

pub(super) const NOC_IN: usize = 1;
pub(super) const NOC_OUT: usize = 2;

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
    pub fn once(step: &StepTime) -> Run {
        Run { double: step.double(), single: step.single(), steps: 1, active: step.active }
    }

    pub fn add(&mut self, step: &StepTime, times: i64) {
        self.double.add(&step.double(), times);
        self.single.add(&step.single(), times);
        self.steps = self.steps.saturating_add(times);
        self.active += step.active * times as f64;
    }
}

/// One step of a cluster.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StepTime {
    double: Elapsed,
    single: Elapsed,
    active: f64,
    ingress: i64,
    egress: i64,
    starting: bool,
}

impl StepTime {
    /// An idle sub-cluster gives outputs away, below it: with double and with single buffers.
    pub fn give_away(&mut self, [double, single]: [i64; 2]) {
        for (slowest, cycles) in [(&mut self.double, double), (&mut self.single, single)] {
            if cycles > slowest.cycles {
                *slowest = Elapsed::only(NOC_OUT, cycles);
            }
        }
    }

    /// `count` sub-clusters compute at the same time as the others; the slowest counts, the first of several.
    pub fn compute(&mut self, run: Run, count: i64) {
        if run.double.cycles > self.double.cycles {
            self.double = run.double;
        }
        if run.single.cycles > self.single.cycles {
            self.single = run.single;
        }
        if run.steps > 0 {
            self.active += run.active / run.steps as f64 * count as f64;
        }
    }

    /// Cycles of what comes in and goes out. In the very first step of all, compute waits for what comes in.
    pub fn transfers(&mut self, ingress: i64, egress: i64, starting: bool) {
        self.ingress = ingress;
        self.egress = egress;
        self.starting = starting;
    }

    fn double(&self) -> Elapsed {
        let compute = self.double.cycles;
        if self.starting {
            let mut elapsed = self.double;
            elapsed.wait(NOC_IN, self.ingress);
            elapsed
        } else if compute >= self.ingress && compute >= self.egress {
            self.double
        } else if self.ingress >= self.egress {
            Elapsed::only(NOC_IN, self.ingress)
        } else {
            Elapsed::only(NOC_OUT, self.egress)
        }
    }

    fn single(&self) -> Elapsed {
        let mut elapsed = self.single;
        elapsed.wait(NOC_IN, self.ingress);
        elapsed.wait(NOC_OUT, self.egress);
        elapsed
    }
}
