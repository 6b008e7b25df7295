//! The accelerator: PEs, buffers, networks-on-chip, off-chip interface.

pub(crate) mod figures;
mod parts;

use crate::error::Error;

pub use crate::limits::{MAX_BITS, MAX_LEVELS};
pub use parts::{Activations, Buffering, Noc, Widths};

/// "No limit given", as in the reference: the largest 32-bit signed integer.
pub const UNLIMITED: u32 = i32::MAX as u32;

/// An accelerator, validated by [`Hardware::new`].
///
/// The exact model uses all of its properties. MAESTRO's model uses only PEs, lanes, NoC and off-chip bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hardware {
    pes: u32,
    simd_lanes: u32,
    l1_bytes: u32,
    l2_bytes: u32,
    noc: [Noc; MAX_LEVELS],
    offchip_bandwidth: u32,
    cluster_bytes: u32,
    weights_bandwidth: u32,
    own_weights_channel: bool,
    weights_permille: u16,
    widths: Widths,
    multicast: bool,
    activations: Activations,
    l1_buffers: Buffering,
    l2_buffers: Buffering,
}

impl Hardware {
    /// One PE, and no limit on anything else.
    const ONE_PE: Hardware = Hardware {
        pes: 1,
        simd_lanes: 1,
        l1_bytes: UNLIMITED,
        l2_bytes: UNLIMITED,
        noc: [Noc { bandwidth: UNLIMITED, latency: 1 }; MAX_LEVELS],
        offchip_bandwidth: UNLIMITED,
        cluster_bytes: UNLIMITED,
        weights_bandwidth: UNLIMITED,
        own_weights_channel: false,
        weights_permille: 1000,
        widths: Widths::BYTES,
        multicast: true,
        activations: Activations::Offchip,
        l1_buffers: Buffering::Double,
        l2_buffers: Buffering::Double,
    };

    /// An array of `pes` processing elements with one MAC lane each, a NoC latency of one cycle, and no limit on
    /// buffers and bandwidths.
    ///
    /// ```
    /// use maestrino::{Hardware, Noc, Widths};
    ///
    /// // 168 PEs with 512 bytes, 256 KiB for all, 32 bytes a cycle on the NoC and 8 outside, sums of 32 bits.
    /// let hardware = Hardware::new(168)?
    ///     .with_buffers(512, 256 << 10)
    ///     .with_noc(Noc { bandwidth: 32, latency: 1 })?
    ///     .with_offchip_bandwidth(8)?
    ///     .with_widths(Widths { psum: 32, ..Widths::BYTES })?;
    /// assert_eq!(hardware.pes(), 168);
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`] if `pes` is zero or above [`UNLIMITED`].
    pub const fn new(pes: u32) -> Result<Hardware, Error> {
        Hardware { pes, ..Hardware::ONE_PE }.checked()
    }

    /// The part of the accelerator on which the [`Counts`](crate::exact::Counts) of a layer depend. Lanes,
    /// bandwidths, latencies, and the sizes of L1 and of cluster buffers do not matter for counts: they are reset to
    /// those of [`Hardware::new`].
    #[must_use]
    pub fn counted(self) -> Hardware {
        let Hardware { simd_lanes, l1_bytes, cluster_bytes, noc, .. } = Hardware::ONE_PE;
        let Hardware { offchip_bandwidth, weights_bandwidth, own_weights_channel, .. } = Hardware::ONE_PE;
        Hardware {
            simd_lanes,
            l1_bytes,
            cluster_bytes,
            noc,
            offchip_bandwidth,
            weights_bandwidth,
            own_weights_channel,
            ..self
        }
    }

    /// Returns the accelerator unchanged if all figures are in range.
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

    /// The same accelerator with this network-on-chip at every cluster level.
    ///
    /// # Errors
    /// [`Error`] if the bandwidth is zero, or either figure is above [`UNLIMITED`].
    pub const fn with_noc(mut self, noc: Noc) -> Result<Hardware, Error> {
        self.noc = [noc; MAX_LEVELS];
        self.checked()
    }

    /// The same accelerator with another network-on-chip at one cluster level; level 0 is the outermost.
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

    /// The same accelerator with an off-chip bandwidth of `bytes` bytes per cycle, in each direction.
    ///
    /// # Errors
    /// [`Error`] if `bytes` is zero or above [`UNLIMITED`].
    pub const fn with_offchip_bandwidth(mut self, bytes: u32) -> Result<Hardware, Error> {
        self.offchip_bandwidth = bytes;
        self.checked()
    }

    /// The same accelerator with a separate off-chip channel for weights (for example flash beside SRAM), of `bytes`
    /// bytes per cycle. [`Hardware::with_offchip_bandwidth`] then applies to activations only.
    ///
    /// # Errors
    /// [`Error`] if `bytes` is zero or above [`UNLIMITED`].
    pub const fn with_weights_bandwidth(mut self, bytes: u32) -> Result<Hardware, Error> {
        if bytes == 0 || bytes > UNLIMITED {
            return Err(Error::OffchipBandwidth(bytes));
        }
        self.weights_bandwidth = bytes;
        self.own_weights_channel = true;
        Ok(self)
    }

    /// The same accelerator with weights compressed off-chip: there, a filter takes `permille` thousandths of its
    /// bits.
    ///
    /// # Errors
    /// [`Error::Compression`] if `permille` is zero or above 1000.
    pub const fn with_compressed_weights(mut self, permille: u16) -> Result<Hardware, Error> {
        if permille == 0 || permille > 1000 {
            return Err(Error::Compression(permille));
        }
        self.weights_permille = permille;
        Ok(self)
    }

    /// The same accelerator with elements of these widths, in bits.
    ///
    /// # Errors
    /// [`Error::Bits`] if a width is zero or above [`MAX_BITS`].
    pub const fn with_widths(mut self, widths: Widths) -> Result<Hardware, Error> {
        let Widths { input, filter, output, psum } = widths;
        let all = [input, filter, output, psum];
        let mut tensor = 0;
        while tensor < all.len() {
            if all[tensor] == 0 || all[tensor] > MAX_BITS {
                return Err(Error::Bits(all[tensor]));
            }
            tensor += 1;
        }
        self.widths = widths;
        Ok(self)
    }

    /// The same accelerator with a buffer of `bytes` bytes in each cluster.
    #[must_use]
    pub const fn with_cluster_buffer(mut self, bytes: u32) -> Hardware {
        self.cluster_bytes = bytes;
        self
    }

    /// The same accelerator with or without multicast. With multicast, an element that several sub-clusters take at
    /// the same time is read once from the buffer above; without, once for each of them.
    #[must_use]
    pub const fn with_multicast(mut self, multicast: bool) -> Hardware {
        self.multicast = multicast;
        self
    }

    /// The same accelerator with another place for activations.
    #[must_use]
    pub const fn with_activations(mut self, activations: Activations) -> Hardware {
        self.activations = activations;
        self
    }

    /// The same accelerator with single or double buffering in L1 (and in cluster buffers) and in L2.
    #[must_use]
    pub const fn with_buffering(mut self, l1: Buffering, l2: Buffering) -> Hardware {
        self.l1_buffers = l1;
        self.l2_buffers = l2;
        self
    }

    /// Widths of elements, in bits.
    pub const fn widths(&self) -> Widths {
        self.widths
    }

    /// Size of the buffer of each cluster, in bytes.
    pub const fn cluster_bytes(&self) -> u32 {
        self.cluster_bytes
    }

    /// Bandwidth of the separate channel for weights, in bytes per cycle; `None` if there is none.
    pub const fn weights_bandwidth(&self) -> Option<u32> {
        if self.own_weights_channel { Some(self.weights_bandwidth) } else { None }
    }

    /// Off-chip size of a filter, in thousandths of its bits: 1000 without compression.
    pub const fn weights_permille(&self) -> u16 {
        self.weights_permille
    }

    /// Whether an element that several sub-clusters take at the same time is read only once.
    pub const fn multicast(&self) -> bool {
        self.multicast
    }

    /// Where activations live.
    pub const fn activations(&self) -> Activations {
        self.activations
    }

    /// Whether L1 (and cluster buffers) are single or double.
    pub const fn l1_buffers(&self) -> Buffering {
        self.l1_buffers
    }

    /// Whether L2 is single or double.
    pub const fn l2_buffers(&self) -> Buffering {
        self.l2_buffers
    }

    /// Number of processing elements.
    pub const fn pes(&self) -> u32 {
        self.pes
    }

    /// Number of multiply-accumulate lanes of a PE.
    pub const fn simd_lanes(&self) -> u32 {
        self.simd_lanes
    }

    /// Size of the buffer in each PE, in bytes.
    pub const fn l1_bytes(&self) -> u32 {
        self.l1_bytes
    }

    /// Size of the buffer that all PEs share, in bytes.
    pub const fn l2_bytes(&self) -> u32 {
        self.l2_bytes
    }

    /// The network-on-chip of a cluster level; level 0 is the outermost. For any level past the last, that of the
    /// last level.
    pub fn noc(&self, level: usize) -> Noc {
        self.noc[level.min(MAX_LEVELS - 1)]
    }

    /// Off-chip bandwidth in bytes per cycle, in each direction.
    pub const fn offchip_bandwidth(&self) -> u32 {
        self.offchip_bandwidth
    }
}
