//! Writes hardware files.

use std::fmt::Write;

use super::NO_LIMIT;
use crate::hardware::UNLIMITED;
use crate::host::platform::Platform;
use crate::{Activations, Hardware, MAX_LEVELS, Widths};

/// The accelerator as a hardware file. Figures that are unlimited or equal to those of [`Hardware::new`] are left
/// out, because the reference knows only the first keys.
pub(super) fn write_hardware(hardware: &Hardware) -> String {
    let mut text = String::new();
    let mut line = |key: &str, figure: &dyn std::fmt::Display| {
        let _ = writeln!(text, "{key}: {figure}");
    };
    let noc = hardware.noc(0);
    let lines = [
        ("num_pes", hardware.pes(), None),
        ("simd_lanes", hardware.simd_lanes(), Some(1)),
        ("l1_size_cstr", hardware.l1_bytes(), Some(UNLIMITED)),
        ("l2_size_cstr", hardware.l2_bytes(), Some(UNLIMITED)),
        ("noc_bw_cstr", noc.bandwidth, Some(UNLIMITED)),
        ("NoC_NumHops", noc.latency, Some(1)),
        ("offchip_bw_cstr", hardware.offchip_bandwidth(), Some(UNLIMITED)),
        ("cluster_buffer", hardware.cluster_bytes(), Some(UNLIMITED)),
        ("l1_buffers", hardware.l1_buffers().factor().into(), Some(2)),
        ("l2_buffers", hardware.l2_buffers().factor().into(), Some(2)),
        ("weights_bw", hardware.weights_bandwidth().unwrap_or(0), Some(0)),
    ];
    for (key, figure, _) in lines.iter().filter(|(_, figure, default)| *default != Some(*figure)) {
        line(key, figure);
    }
    for level in 1..MAX_LEVELS {
        let own = hardware.noc(level);
        if own.bandwidth != noc.bandwidth {
            let limit = own.bandwidth;
            let figure = if limit == UNLIMITED { NO_LIMIT.to_string() } else { limit.to_string() };
            line(&format!("noc_bw_{}", level + 1), &figure);
        }
        if own.latency != noc.latency {
            line(&format!("noc_hops_{}", level + 1), &own.latency);
        }
    }
    let Widths { input, filter, output, psum } = hardware.widths();
    let bits =
        [("input_bits", input, 8), ("filter_bits", filter, 8), ("output_bits", output, 8), ("psum_bits", psum, output)];
    for (key, bits, _) in bits.iter().filter(|(_, bits, default)| bits != default) {
        line(key, bits);
    }
    if hardware.weights_permille() != 1000 {
        line("weights_compression", &(1000.0 / f64::from(hardware.weights_permille())));
    }
    if !hardware.multicast() {
        line("multicast", &"no");
    }
    if hardware.activations() != Activations::default() {
        line("activations", &hardware.activations().name());
    }
    text
}

/// The accelerator with its clock and energies as a hardware file, without its calibration.
///
/// ```
/// use maestrino::host::formats::maestro::write_platform;
/// use maestrino::host::platform::Platform;
/// use maestrino::Hardware;
///
/// let platform = Platform { clock_mhz: 400.0, ..Platform::new(Hardware::new(256)?) };
/// assert_eq!(write_platform(&platform), "num_pes: 256\nclock_mhz: 400\n");
/// # Ok::<(), maestrino::Error>(())
/// ```
pub fn write_platform(platform: &Platform) -> String {
    let mut text = write_hardware(&platform.hardware);
    let default = Platform::new(platform.hardware);
    let mut line = |key: &str, figure: Option<f64>, default: Option<f64>| {
        if let Some(figure) = figure.filter(|_| figure != default) {
            let _ = writeln!(text, "{key}: {figure}");
        }
    };
    line("clock_mhz", Some(platform.clock_mhz), Some(default.clock_mhz));
    let (own, known, sizes) = (&platform.energies, &default.energies, &platform.sizes);
    line("energy_mac", Some(own.mac), Some(known.mac));
    line("energy_l1", Some(own.l1), Some(known.l1));
    line("energy_cluster", own.cluster, known.cluster);
    line("energy_l2", Some(own.l2), Some(known.l2));
    line("energy_offchip", Some(own.offchip), Some(known.offchip));
    line("energy_exponent", Some(sizes.exponent), Some(default.sizes.exponent));
    let sizes = [("energy_l1_bytes", sizes.l1), ("energy_cluster_bytes", sizes.cluster), ("energy_l2_bytes", sizes.l2)];
    for (key, bytes) in sizes.into_iter().filter_map(|(key, bytes)| Some((key, bytes?))) {
        let _ = writeln!(text, "{key}: {bytes}");
    }
    if platform.prefetch {
        text += "prefetch: weights\n";
    }
    text
}
