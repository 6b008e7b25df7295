//! Hardware files: accelerators as text.

mod reader;
#[cfg(test)]
mod tests;
mod writer;

use std::ops::RangeInclusive;

use crate::hardware::UNLIMITED;
use crate::host::platform::Platform;
use crate::{Activations, BufferSizes, Buffering, EnergyTable, Error, Hardware, MAX_LEVELS, Noc, Widths};

pub(super) use reader::{accelerator, hardware_file};
pub use writer::write_platform;

/// The contents of a hardware file: the reference's keys and further ones. `None` means that the file does not have
/// the key. A NoC's bandwidth may be [`UNLIMITED`].
///
/// ```
/// use maestrino::host::formats::maestro::parse_hardware;
///
/// let file = parse_hardware("num_pes: 256\nl1_size_cstr: 512\nclock_mhz: 400", "mine.m")?;
/// let platform = file.platform()?;
/// assert_eq!((platform.hardware.pes(), platform.clock_mhz), (256, 400.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct HardwareFile {
    /// `num_pes`: processing elements.
    pub(crate) num_pes: Option<u32>,
    /// `simd_lanes`: multiply-accumulate lanes of a PE. The reference has a flag for this instead of a key.
    pub(crate) simd_lanes: Option<u32>,
    /// `l1_size_cstr`: bytes of the buffer in each PE.
    pub(crate) l1_size: Option<u32>,
    /// `l2_size_cstr`: bytes of the buffer that all PEs share.
    pub(crate) l2_size: Option<u32>,
    /// `noc_bw_cstr`: bytes per cycle of the network-on-chip, in each direction.
    pub(crate) noc_bw: Option<u32>,
    /// `NoC_NumHops`: the number of hops, of one cycle each.
    pub(crate) noc_hops: Option<u32>,
    /// `offchip_bw_cstr`: bytes per cycle between L2 and the outside.
    pub(crate) offchip_bw: Option<u32>,
    /// `noc_bw_1` to `noc_bw_4`: like `noc_bw_cstr`, for one cluster level; level 1 is the outermost.
    pub(crate) noc_bw_at: [Option<u32>; MAX_LEVELS],
    /// `noc_hops_1` to `noc_hops_4`: like `NoC_NumHops`, for one cluster level.
    pub(crate) noc_hops_at: [Option<u32>; MAX_LEVELS],
    /// `input_bits`, `filter_bits`, `output_bits` and `psum_bits`. Partial sums have the width of outputs unless
    /// given.
    pub(crate) bits: [Option<u32>; 4],
    /// `l1_buffers`: 1 (single) or 2 (double).
    pub(crate) l1_buffers: Option<u32>,
    /// `l2_buffers`: 1 (single) or 2 (double).
    pub(crate) l2_buffers: Option<u32>,
    /// `cluster_buffer`: bytes of the buffer of each cluster.
    pub(crate) cluster_buffer: Option<u32>,
    /// `weights_bw`: bytes per cycle of an off-chip channel that is used by weights alone.
    pub(crate) weights_bw: Option<u32>,
    /// `weights_compression`: the factor by which weights are compressed off-chip.
    pub(crate) weights_compression: Option<f64>,
    /// `multicast`: whether data that several sub-clusters take at the same time is read once.
    pub(crate) multicast: Option<bool>,
    /// `activations`: where activations live.
    pub(crate) activations: Option<Activations>,
    /// `prefetch`: whether the next layer's weights load during this one.
    pub(crate) prefetch: Option<bool>,
    /// `clock_mhz`: MHz.
    pub(crate) clock_mhz: Option<f64>,
    /// `energy_mac`, `energy_l1`, `energy_cluster`, `energy_l2`: nJ per access of 8 bits. `energy_offchip`: nJ per
    /// byte.
    pub(crate) energies: [Option<f64>; 5],
    /// `energy_l1_bytes`, `energy_cluster_bytes`, `energy_l2_bytes`: the buffer size that the energy is given for.
    pub(crate) energy_bytes: [Option<u32>; 3],
    /// `energy_exponent`: the exponent with which an energy grows with the buffer size.
    pub(crate) energy_exponent: Option<f64>,
}

impl HardwareFile {
    /// The accelerator, with the reference's defaults for what is not given: one PE, one hop of one cycle, no limit
    /// on anything else.
    ///
    /// # Errors
    /// A figure is out of range. This does not happen if the file was read by
    /// [`parse_hardware`](super::parse_hardware).
    pub fn hardware(&self) -> Result<Hardware, Error> {
        let unlimited = |figure: Option<u32>| figure.unwrap_or(UNLIMITED);
        let noc = Noc { bandwidth: unlimited(self.noc_bw), latency: self.noc_hops.unwrap_or(1) };
        let mut hardware = Hardware::new(self.num_pes.unwrap_or(1))?
            .with_simd_lanes(self.simd_lanes.unwrap_or(1))?
            .with_buffers(unlimited(self.l1_size), unlimited(self.l2_size))
            .with_cluster_buffer(unlimited(self.cluster_buffer))
            .with_noc(noc)?
            .with_offchip_bandwidth(unlimited(self.offchip_bw))?
            .with_multicast(self.multicast.unwrap_or(true))
            .with_activations(self.activations.unwrap_or_default())
            .with_buffering(buffering(self.l1_buffers), buffering(self.l2_buffers));
        for (level, (bandwidth, latency)) in self.noc_bw_at.into_iter().zip(self.noc_hops_at).enumerate() {
            let (bandwidth, latency) = (bandwidth.unwrap_or(noc.bandwidth), latency.unwrap_or(noc.latency));
            hardware = hardware.with_noc_at(level, Noc { bandwidth, latency })?;
        }
        if let Some(bytes) = self.weights_bw {
            hardware = hardware.with_weights_bandwidth(bytes)?;
        }
        if let Some(factor) = self.weights_compression {
            hardware = hardware.with_compressed_weights(permille(factor))?;
        }
        let [input, filter, output, psum] = self.bits;
        let bits = |bits: Option<u32>| bits.map_or(8, |bits| u8::try_from(bits).unwrap_or(u8::MAX));
        let (input, filter, output, psum) = (bits(input), bits(filter), bits(output), bits(psum.or(output)));
        hardware.with_widths(Widths { input, filter, output, psum })
    }

    /// The accelerator with its clock and energies.
    ///
    /// # Errors
    /// Those of [`HardwareFile::hardware`].
    pub fn platform(&self) -> Result<Platform, Error> {
        let base = Platform::new(self.hardware()?);
        let [mac, l1, cluster, l2, offchip] = self.energies;
        let [l1_bytes, cluster_bytes, l2_bytes] = self.energy_bytes;
        let own = base.energies;
        Ok(Platform {
            clock_mhz: self.clock_mhz.unwrap_or(base.clock_mhz),
            energies: EnergyTable {
                mac: mac.unwrap_or(own.mac),
                l1: l1.unwrap_or(own.l1),
                l2: l2.unwrap_or(own.l2),
                cluster: cluster.or(own.cluster),
                offchip: offchip.unwrap_or(own.offchip),
            },
            sizes: BufferSizes {
                l1: l1_bytes,
                cluster: cluster_bytes,
                l2: l2_bytes,
                exponent: self.energy_exponent.unwrap_or(BufferSizes::NONE.exponent),
            },
            prefetch: self.prefetch.unwrap_or(base.prefetch),
            ..base
        })
    }
}

fn buffering(buffers: Option<u32>) -> Buffering {
    if buffers == Some(1) { Buffering::Single } else { Buffering::Double }
}

/// The bits of compressed weights, in thousandths of their uncompressed bits, rounded up.
pub(crate) fn permille(factor: f64) -> u16 {
    // The result is between 1 and 1000, because factors are too. The small number keeps rounding errors from adding a
    // thousandth.
    (1000.0 / factor - 1e-6).ceil() as u16
}

/// The range of factors by which weights may be compressed.
pub(crate) const COMPRESSIONS: RangeInclusive<f64> = 1.0..=1000.0;
/// The range of energies, in nJ.
const ENERGIES: RangeInclusive<f64> = 0.0..=1e9;
/// The range of exponents with which an energy grows with the buffer size.
pub(crate) const EXPONENTS: RangeInclusive<f64> = 0.0..=4.0;

/// The word for the bandwidth of a level's NoC that has no limit although other levels have one.
const NO_LIMIT: &str = "unlimited";
