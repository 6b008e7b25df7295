//! Writes layers as specifications of AccelForge (<https://accelergy-project.github.io/accelforge/>): workload, architecture and
//! mapping, for a second opinion.
//!
//! An architecture there divides its PEs in one way, here each mapping does in its own. So each layer is a file of its own.

mod mapping;

use std::fmt::Write as _;

use crate::hardware::UNLIMITED;
use crate::host::platform::Platform;
use crate::{Dataflow, Dim, Layer, LayerKind, Widths};

pub use mapping::MappingError;
use mapping::Nest;

/// What an einsum of AccelForge is: its rank variables, and what each tensor takes of them.
struct Einsum {
    /// Name, dimension and size.
    ranks: Vec<(&'static str, Dim, u32)>,
    input: String,
    filter: &'static str,
    output: &'static str,
}

/// A layer on an accelerator as YAML with the keys `arch`, `workload` and `mapping`, with its mapping where a dataflow is given; `None` for a layer that has no MACs.
///
/// # Errors
/// A dataflow that does not suit the layer, or that AccelForge has no words for.
pub fn specification(
    layer: &Layer,
    dataflow: Option<&Dataflow>,
    platform: &Platform,
) -> Result<Option<String>, MappingError> {
    let Some(einsum) = Einsum::of(layer) else { return Ok(None) };
    let nest = dataflow.map(|dataflow| Nest::new(layer, dataflow, platform)).transpose()?;
    let mut text = String::new();
    // Without a mapping the PEs are not divided.
    let ways = nest.as_ref().map_or(vec![platform.hardware.pes()], |nest| nest.ways.clone());
    write_architecture(&mut text, platform, &ways);
    write_workload(&mut text, &einsum, platform.hardware.widths());
    if let Some(nest) = &nest {
        nest.write(&mut text, &einsum);
    }
    Ok(Some(text))
}

impl Einsum {
    /// That of a layer with MACs. Extents of inputs hold their padding.
    fn of(layer: &Layer) -> Option<Einsum> {
        let ranks = |names: &[(&'static str, Dim)]| {
            names.iter().map(|&(name, dim)| (name, dim, layer.size(dim).unwrap_or(1))).collect()
        };
        let window = |channels: &str| {
            let (y, x) = (layer.stride(Dim::Y), layer.stride(Dim::X));
            format!("{{N: n, {channels}, Y: p * {y} + r, X: q * {x} + s}}")
        };
        let outputs = [("p", Dim::OutY), ("q", Dim::OutX)];
        let filter = [("r", Dim::R), ("s", Dim::S)];
        let conv =
            |channels: &[(&'static str, Dim)]| ranks(&[&[("n", Dim::N)][..], channels, &outputs, &filter].concat());
        let einsum = match layer.kind() {
            LayerKind::Conv | LayerKind::TrConv | LayerKind::Fc => Einsum {
                ranks: conv(&[("k", Dim::K), ("c", Dim::C)]),
                input: window("C: c"),
                filter: "[k, c, r, s]",
                output: "[n, k, p, q]",
            },
            LayerKind::NgConv => Einsum {
                ranks: conv(&[("g", Dim::G), ("k", Dim::K), ("c", Dim::C)]),
                input: window("G: g, C: c"),
                filter: "[g, k, c, r, s]",
                output: "[n, g, k, p, q]",
            },
            LayerKind::DsConv => Einsum {
                ranks: conv(&[("c", Dim::C)]),
                input: window("C: c"),
                filter: "[c, r, s]",
                output: "[n, c, p, q]",
            },
            LayerKind::Gemm => Einsum {
                ranks: ranks(&[("m", Dim::M), ("n", Dim::N), ("k", Dim::K)]),
                input: "[m, k]".to_string(),
                filter: "[k, n]",
                output: "[m, n]",
            },
            LayerKind::Pool | LayerKind::Eltwise => return None,
        };
        Some(einsum)
    }

    /// The rank variable of a dimension.
    fn rank(&self, dim: Dim) -> Option<&'static str> {
        self.ranks.iter().find(|(_, own, _)| *own == dim).map(|(name, ..)| *name)
    }
}

/// The name of the memory of a sub-cluster, of so many levels of clusters.
fn memory(level: usize, levels: usize) -> String {
    if level + 1 == levels { "L1".to_string() } else { format!("Cluster{}", level + 1) }
}

/// A memory of an architecture.
struct Memory<'a> {
    name: &'a str,
    bytes: u32,
    /// nJ of a byte.
    energy: f64,
    /// Bytes/cycle.
    bandwidth: u32,
    /// Of each memory above.
    copies: Option<u32>,
}

/// From off-chip to the MACs, with as many sub-clusters in each level; in joules, seconds and bits.
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
            // A network takes in and out at the same time.
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

const INPUT: &str = "I";
const FILTER: &str = "W";
const OUTPUT: &str = "O";

#[cfg(test)]
mod tests;
