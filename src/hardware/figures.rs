//! An accelerator as a sequence of numbers, as in a C struct or a network blob.

use crate::error::Error;

use super::{Activations, Buffering, Hardware, Noc, Widths};

/// Number of figures that describe an accelerator.
pub(crate) const HARDWARE_FIGURES: usize = 24;

impl Hardware {
    /// An accelerator from its figures, in the order of the C struct and of a blob: PEs, lanes; bytes of L1, of
    /// cluster buffers, of L2; bandwidth and latency of each NoC; off-chip bandwidth; bandwidth of the channel for
    /// weights, or 0 if there is none; thousandths of compressed weights; bits of input, filter, output, partial sum;
    /// multicast; activations; buffering of L1 and of L2.
    ///
    /// # Errors
    /// [`Error`] if a figure is out of range: see [`Hardware::new`] and the functions that change it.
    pub(crate) fn of_figures(figures: &[u32; HARDWARE_FIGURES]) -> Result<Hardware, Error> {
        let [pes, simd_lanes, l1_bytes, cluster_bytes, l2_bytes, b0, n0, b1, n1, b2, n2, b3, n3, rest @ ..] = *figures;
        let [offchip_bandwidth, weights_bandwidth, permille, input, filter, output, psum, rest @ ..] = rest;
        let [multicast, activations, l1_buffers, l2_buffers] = rest;
        let noc = [(b0, n0), (b1, n1), (b2, n2), (b3, n3)].map(|(bandwidth, latency)| Noc { bandwidth, latency });
        let bits = |bits: u32| u8::try_from(bits).unwrap_or(u8::MAX);
        let buffers = |copies: u32| match copies {
            1 => Ok(Buffering::Single),
            2 => Ok(Buffering::Double),
            _ => Err(Error::Setting(copies)),
        };
        let mut hardware = Hardware {
            pes,
            simd_lanes,
            l1_bytes,
            cluster_bytes,
            l2_bytes,
            noc,
            offchip_bandwidth,
            multicast: multicast != 0,
            activations: match activations {
                0 => Activations::Offchip,
                1 => Activations::L2,
                2 => Activations::Auto,
                _ => return Err(Error::Setting(activations)),
            },
            l1_buffers: buffers(l1_buffers)?,
            l2_buffers: buffers(l2_buffers)?,
            ..Hardware::ONE_PE
        };
        if weights_bandwidth != 0 {
            hardware = hardware.with_weights_bandwidth(weights_bandwidth)?;
        }
        let widths = Widths { input: bits(input), filter: bits(filter), output: bits(output), psum: bits(psum) };
        hardware.with_compressed_weights(u16::try_from(permille).unwrap_or(u16::MAX))?.with_widths(widths)?.checked()
    }

    /// The figures of an accelerator, in the order of [`Hardware::of_figures`].
    pub(crate) fn figures(&self) -> [u32; HARDWARE_FIGURES] {
        let [noc0, noc1, noc2, noc3] = self.noc;
        let Widths { input, filter, output, psum } = self.widths;
        [
            self.pes,
            self.simd_lanes,
            self.l1_bytes,
            self.cluster_bytes,
            self.l2_bytes,
            noc0.bandwidth,
            noc0.latency,
            noc1.bandwidth,
            noc1.latency,
            noc2.bandwidth,
            noc2.latency,
            noc3.bandwidth,
            noc3.latency,
            self.offchip_bandwidth,
            self.weights_bandwidth().unwrap_or(0),
            self.weights_permille.into(),
            input.into(),
            filter.into(),
            output.into(),
            psum.into(),
            self.multicast.into(),
            self.activations as u32,
            self.l1_buffers.factor().into(),
            self.l2_buffers.factor().into(),
        ]
    }
}
