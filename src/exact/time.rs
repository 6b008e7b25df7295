//! From elements to cycles: the channels of an accelerator, and how long transfers take there.

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
    /// Bytes per cycle, or [`UNLIMITED`].
    bandwidth: u32,
    latency: u32,
}

impl Channel {
    /// A channel of so many bytes a cycle.
    pub fn new(bandwidth: u32, latency: u32) -> Channel {
        Channel { bandwidth, latency }
    }

    /// Cycles that so many bits take, rounded up; 0 without a limit.
    pub fn stream(&self, bits: u64) -> u64 {
        match self.bandwidth {
            UNLIMITED => 0,
            bytes => divide_up(bits, 8 * u64::from(bytes)),
        }
    }

    /// Cycles until so many bits have arrived over a NoC: latency + bits / rate - 1, rounded up; 0 for nothing.
    pub fn cycles(&self, bits: u64) -> u64 {
        let latency = u64::from(self.latency);
        match self.bandwidth {
            _ if bits == 0 => 0,
            UNLIMITED => latency,
            _ => latency + self.stream(bits) - 1,
        }
    }
}

/// The quotient of a count and something positive, rounded up.
pub(super) fn divide_up(dividend: u64, divisor: u64) -> u64 {
    let quotient = crate::count::divide_unsigned(dividend, divisor);
    quotient + u64::from(quotient.wrapping_mul(divisor) != dividend)
}

/// A count, of which none is negative.
pub(super) fn unsigned(count: i64) -> u64 {
    count.max(0).unsigned_abs()
}

/// What an accelerator takes for things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub bits: Bits,
    pub multicast: bool,
    pub lanes: u64,
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
        self.noc.get(level).copied().unwrap_or(Channel { bandwidth: UNLIMITED, latency: 0 })
    }

    /// Cycles that so many bits of activations and of weights take off-chip.
    pub fn offchip(&self, [activations, weights]: [u64; 2]) -> u64 {
        match self.weights {
            None => self.offchip.stream(activations.saturating_add(weights)),
            Some(own) => self.offchip.stream(activations).max(own.stream(weights)),
        }
    }

    /// Operations that are counted at most. Each element that moves anywhere is in an operation, so that nothing else that is
    /// counted is more, and the bits of all tensors fit into 63 bits.
    pub fn most_operations(&self) -> f64 {
        let Bits { input, filter, output, psum } = self.bits;
        (1i64 << 61) as f64 / input.max(filter).max(output).max(psum) as f64
    }

    /// Whether a partial sum is not as wide as a finished output.
    pub fn widens(&self) -> bool {
        self.bits.psum != self.bits.output
    }
}
