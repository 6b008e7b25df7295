//! From bits to cycles: the channels of an accelerator, and the time of transfers over them.

use core::num::{NonZeroU32, NonZeroU64};

use crate::count::divide_unsigned;
use crate::hardware::{Buffering, Hardware, UNLIMITED};
use crate::limits::MAX_LEVELS;

/// Bits of an element of each kind.
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
    /// Bytes per cycle; `None` without a limit.
    bandwidth: Option<NonZeroU32>,
    latency: u32,
}

impl Channel {
    /// A channel with `bandwidth` bytes per cycle and a latency in cycles.
    pub fn new(bandwidth: u32, latency: u32) -> Channel {
        let bandwidth = if bandwidth == UNLIMITED { None } else { NonZeroU32::new(bandwidth) };
        Channel { bandwidth, latency }
    }

    /// Cycles that `bits` bits take without latency, rounded up; 0 without a limit.
    pub fn stream(&self, bits: u64) -> u64 {
        self.bandwidth.map_or(0, |bytes| divide_up(bits, rate(bytes)))
    }

    /// Cycles until `bits` bits have arrived over a NoC: latency + bits / rate - 1, rounded up; 0 if `bits` is 0.
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn cycles(&self, bits: u64) -> u64 {
        match self.bandwidth {
            _ if bits == 0 => 0,
            None => self.latency.into(),
            Some(bytes) => u64::from(self.latency) + divide_up(bits, rate(bytes)) - 1,
        }
    }
}

/// Bits per cycle.
fn rate(bytes: NonZeroU32) -> NonZeroU64 {
    // It is not 0.
    NonZeroU64::new(u64::from(bytes.get()) << 3).unwrap_or(NonZeroU64::MIN)
}

/// The quotient, rounded up.
pub(super) fn divide_up(dividend: u64, divisor: NonZeroU64) -> u64 {
    let quotient = divide_unsigned(dividend, divisor.get());
    quotient + u64::from(quotient.wrapping_mul(divisor.get()) != dividend)
}

/// A count as an unsigned number. Counts are never negative.
pub(super) fn unsigned(count: i64) -> u64 {
    count.max(0).unsigned_abs()
}

/// The speeds and settings of an accelerator that counts and cycles depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub bits: Bits,
    pub multicast: bool,
    pub lanes: NonZeroU64,
    noc: [Channel; MAX_LEVELS],
    pub offchip: Channel,
    /// The separate channel for weights, if there is one.
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
            // There is one at least.
            lanes: NonZeroU64::new(hardware.simd_lanes().into()).unwrap_or(NonZeroU64::MIN),
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
        self.noc.get(level).copied().unwrap_or(Channel { bandwidth: None, latency: 0 })
    }

    /// Cycles that the given bits of activations and of weights take off-chip.
    pub fn offchip(&self, [activations, weights]: [u64; 2]) -> u64 {
        match self.weights {
            None => self.offchip.stream(activations.saturating_add(weights)),
            Some(own) => self.offchip.stream(activations).max(own.stream(weights)),
        }
    }

    /// The largest number of operations that is counted. Each element that moves anywhere takes part in an operation,
    /// so that no other count is larger, and all counts of bits fit into 63 bits.
    pub fn most_operations(&self) -> f64 {
        let Bits { input, filter, output, psum } = self.bits;
        (1i64 << 61) as f64 / input.max(filter).max(output).max(psum) as f64
    }

    /// Whether partial sums and finished outputs differ in width.
    pub fn widens(&self) -> bool {
        self.bits.psum != self.bits.output
    }
}
