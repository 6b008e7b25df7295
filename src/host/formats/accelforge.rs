//! Writes layers as specifications of AccelForge (<https://accelergy-project.github.io/accelforge/>): workload, architecture and
//! mapping, for a second opinion.
//!
//! In AccelForge the architecture divides the PEs into clusters; here each mapping does. So each layer gets its own
//! file.

mod einsum;
mod mapping;

use std::fmt::Write as _;

use crate::hardware::UNLIMITED;
use crate::host::platform::Platform;
use crate::{Dataflow, Layer, Widths};

use einsum::{Einsum, FILTER, INPUT, OUTPUT};
pub use mapping::MappingError;
use mapping::{Nest, memory};

/// A layer on an accelerator as YAML. The YAML has the keys `arch` and `workload`, and also `mapping` if a dataflow
/// is given. Returns `None` for a layer without MACs.
///
/// # Errors
/// A dataflow that does not suit the layer, or that AccelForge cannot express.
pub fn specification(
    layer: &Layer,
    dataflow: Option<&Dataflow>,
    platform: &Platform,
) -> Result<Option<String>, MappingError> {
    let Some(einsum) = Einsum::of(layer) else { return Ok(None) };
    let nest = dataflow.map(|dataflow| Nest::new(layer, dataflow, platform)).transpose()?;
    let mut text = String::new();
    // Without a mapping there are no clusters.
    let ways = nest.as_ref().map_or(vec![platform.hardware.pes()], |nest| nest.ways.clone());
    write_architecture(&mut text, platform, &ways);
    write_workload(&mut text, &einsum, platform.hardware.widths());
    if let Some(nest) = &nest {
        nest.write(&mut text, &einsum);
    }
    Ok(Some(text))
}

/// A memory of an architecture.
struct Memory<'a> {
    name: &'a str,
    bytes: u32,
    /// nJ per byte.
    energy: f64,
    /// Bytes per cycle.
    bandwidth: u32,
    /// The number of copies under each memory of the level above; `None` if there is one in total.
    copies: Option<u32>,
}

/// Writes the architecture, from off-chip memory to the MACs, in joules, seconds and bits. `ways` has the number of
/// sub-clusters of each level.
fn write_architecture(text: &mut String, platform: &Platform, ways: &[u32]) {
    let (hardware, energies) = (&platform.hardware, platform.scaled_energies());
    let hz = platform.clock_mhz * 1e6;
    text.push_str("arch:\n  nodes:\n");
    let offchip = hardware.offchip_bandwidth();
    let (l2, noc) = (hardware.l2_bytes(), hardware.noc(0).bandwidth);
    let outside =
        Memory { name: "Offchip", bytes: UNLIMITED, energy: energies.offchip, bandwidth: offchip, copies: None };
    outside.write(text, hz);
    Memory { name: "L2", bytes: l2, energy: energies.l2, bandwidth: noc, copies: None }.write(text, hz);
    for (level, &copies) in ways.iter().enumerate() {
        let name = memory(level, ways.len());
        let (bytes, energy, bandwidth) = if level + 1 == ways.len() {
            (hardware.l1_bytes(), energies.l1, UNLIMITED)
        } else {
            let energy = energies.cluster.unwrap_or(energies.l2);
            (hardware.cluster_bytes(), energy, hardware.noc(level + 1).bandwidth)
        };
        Memory { name: &name, bytes, energy, bandwidth, copies: Some(copies) }.write(text, hz);
    }
    let widths = hardware.widths();
    let energy = energies.mac * f64::from(widths.input) * f64::from(widths.filter) / 64.0;
    let rate = f64::from(hardware.simd_lanes()) * hz;
    // Writing to a string does not fail, here and below.
    let _ = writeln!(
        text,
        "  - !Compute\n    name: MAC\n    area: 0\n    leak_power: 0\n    actions:\n    - {{name: compute, energy: {energy}e-9, throughput: {rate:e}}}"
    );
}

impl Memory<'_> {
    fn write(&self, text: &mut String, hz: f64) {
        let Memory { name, bytes, energy, bandwidth, copies } = *self;
        let size = if bytes == UNLIMITED { "inf".to_string() } else { (u64::from(bytes) * 8).to_string() };
        let rate = if bandwidth == UNLIMITED { "inf".to_string() } else { format!("{:e}", f64::from(bandwidth) * hz) };
        let _ = writeln!(
            text,
            "  - !Memory\n    name: {name}\n    size: {size}\n    area: 0\n    leak_power: 0\n    tensors: {{keep: All}}"
        );
        if name != "Offchip" {
            // Without this line, the times of reads and writes would add up; with it they overlap.
            text.push_str("    total_latency: max(a.n_calls / a.throughput for a in actions)\n");
        }
        if let Some(copies) = copies {
            let _ = writeln!(text, "    spatial:\n    - {{name: X, fanout: {copies}}}");
        }
        text.push_str("    actions:\n");
        for action in ["read", "write"] {
            let _ =
                writeln!(text, "    - {{name: {action}, bits_per_action: 8, energy: {energy}e-9, throughput: {rate}}}");
        }
    }
}

fn write_workload(text: &mut String, einsum: &Einsum, widths: Widths) {
    let Einsum { ranks, input, filter, output } = einsum;
    text.push_str("\nworkload:\n  iteration_space_shape:\n");
    for (name, _, size) in ranks {
        let _ = writeln!(text, "    {name}: 0 <= {name} < {size}");
    }
    text.push_str("  einsums:\n  - name: Layer\n    tensor_accesses:\n");
    for (name, projection, bits, more) in [
        (INPUT, input.as_str(), widths.input, ""),
        (FILTER, filter, widths.filter, ""),
        (OUTPUT, output, widths.output, ", output: True"),
    ] {
        let _ = writeln!(text, "    - {{name: {name}, projection: {projection}, bits_per_value: {bits}{more}}}");
    }
    let _ = writeln!(text, "    renames: {{input: {INPUT}, weight: {FILTER}, output: {OUTPUT}}}");
}

#[cfg(test)]
mod tests;
