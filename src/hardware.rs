//! The accelerator: PEs, buffers, network-on-chip, off-chip interface.

use crate::error::Error;

/// Cluster levels that a dataflow may have, the outermost included: three `Cluster` directives.
pub const MAX_LEVELS: usize = 4;

/// The network-on-chip of one cluster level: it feeds the sub-clusters of that level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noc {
    /// Elements moved per cycle, in each direction.
    pub bandwidth: u32,
    /// Cycles until the first element arrives: hops x cycles per hop.
    pub latency: u32,
}

/// An accelerator, validated by [`Hardware::new`].
///
/// L1 and L2 sizes do not change any cycle or energy: they are what the layer's needs are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hardware {
    pes: u32,
    simd_lanes: u32,
    l1_bytes: u32,
    l2_bytes: u32,
    noc: [Noc; MAX_LEVELS],
    offchip_bandwidth: u32,
}

/// "No limit given", as in the reference: the largest 32-bit signed integer.
pub const UNLIMITED: u32 = i32::MAX as u32;

impl Hardware {
    /// An array of `pes` processing elements with one MAC lane each, one hop of one cycle to them,
    /// and no limit on buffers and bandwidths.
    ///
    /// # Errors
    /// [`Error`] if `pes` is zero or above [`UNLIMITED`].
    pub const fn new(pes: u32) -> Result<Hardware, Error> {
        let noc = Noc { bandwidth: UNLIMITED, latency: 1 };
        let unlimited = Hardware {
            pes,
            simd_lanes: 1,
            l1_bytes: UNLIMITED,
            l2_bytes: UNLIMITED,
            noc: [noc; MAX_LEVELS],
            offchip_bandwidth: UNLIMITED,
        };
        unlimited.checked()
    }

    /// An accelerator with the same network at every cluster level.
    ///
    /// # Errors
    /// [`Error`] if a figure is out of range: see the functions below.
    #[cfg(feature = "capi")]
    pub(crate) const fn of_parts(
        [pes, simd_lanes]: [u32; 2],
        [l1_bytes, l2_bytes]: [u32; 2],
        noc: Noc,
        offchip_bandwidth: u32,
    ) -> Result<Hardware, Error> {
        Hardware { pes, simd_lanes, l1_bytes, l2_bytes, noc: [noc; MAX_LEVELS], offchip_bandwidth }.checked()
    }

    /// The same, if all figures are in range.
    const fn checked(self) -> Result<Hardware, Error> {
        const fn positive(figure: u32) -> bool {
            figure != 0 && figure <= UNLIMITED
        }
        if !positive(self.pes) {
            return Err(Error::Pes(self.pes));
        }
        if !positive(self.simd_lanes) {
            return Err(Error::SimdLanes(self.simd_lanes));
        }
        let mut level = 0;
        while level < MAX_LEVELS {
            let Noc { bandwidth, latency } = self.noc[level];
            if !positive(bandwidth) {
                return Err(Error::NocBandwidth(bandwidth));
            }
            if latency > UNLIMITED {
                return Err(Error::NocLatency(latency));
            }
            level += 1;
        }
        if !positive(self.offchip_bandwidth) {
            return Err(Error::OffchipBandwidth(self.offchip_bandwidth));
        }
        Ok(self)
    }

    /// The same accelerator with another number of PEs.
    ///
    /// # Errors
    /// [`Error`] if `pes` is zero or above [`UNLIMITED`].
    pub const fn with_pes(mut self, pes: u32) -> Result<Hardware, Error> {
        self.pes = pes;
        self.checked()
    }

    /// The same accelerator with `lanes` multiply-accumulate lanes in each PE.
    ///
    /// # Errors
    /// [`Error`] if `lanes` is zero or above [`UNLIMITED`].
    pub const fn with_simd_lanes(mut self, lanes: u32) -> Result<Hardware, Error> {
        self.simd_lanes = lanes;
        self.checked()
    }

    /// The same accelerator with these buffers, in bytes: `l1` in each PE, one `l2` for all.
    #[must_use]
    pub const fn with_buffers(mut self, l1: u32, l2: u32) -> Hardware {
        self.l1_bytes = l1;
        self.l2_bytes = l2;
        self
    }

    /// The same accelerator with this network at every cluster level.
    ///
    /// # Errors
    /// [`Error`] if the bandwidth is zero, or either figure is above [`UNLIMITED`].
    pub const fn with_noc(mut self, noc: Noc) -> Result<Hardware, Error> {
        self.noc = [noc; MAX_LEVELS];
        self.checked()
    }

    /// The same accelerator with this network at one cluster level only; level 0 is the outermost.
    ///
    /// # Errors
    /// [`Error`] as in [`Hardware::with_noc`], or if there is no such level.
    pub const fn with_noc_at(mut self, level: usize, noc: Noc) -> Result<Hardware, Error> {
        if level >= MAX_LEVELS {
            return Err(Error::NocLevel(level as u32));
        }
        self.noc[level] = noc;
        self.checked()
    }

    /// The same accelerator with `elements` per cycle between L2 and the outside, in each direction.
    ///
    /// # Errors
    /// [`Error`] if `elements` is zero or above [`UNLIMITED`].
    pub const fn with_offchip_bandwidth(mut self, elements: u32) -> Result<Hardware, Error> {
        self.offchip_bandwidth = elements;
        self.checked()
    }

    /// Processing elements.
    pub const fn pes(&self) -> u32 {
        self.pes
    }

    /// Multiply-accumulate lanes of a PE.
    pub const fn simd_lanes(&self) -> u32 {
        self.simd_lanes
    }

    /// Bytes of the buffer in each PE.
    pub const fn l1_bytes(&self) -> u32 {
        self.l1_bytes
    }

    /// Bytes of the buffer that all PEs share.
    pub const fn l2_bytes(&self) -> u32 {
        self.l2_bytes
    }

    /// The network of a cluster level; level 0 is the outermost. Levels past the last share the innermost's.
    pub fn noc(&self, level: usize) -> Noc {
        self.noc[level.min(MAX_LEVELS - 1)]
    }

    /// Elements per cycle between L2 and the outside, in each direction.
    pub const fn offchip_bandwidth(&self) -> u32 {
        self.offchip_bandwidth
    }
}
