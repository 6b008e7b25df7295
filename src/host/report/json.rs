//! An estimate as one JSON object.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::shape;
use crate::dim::Tensor;
use crate::host::estimate::{Estimate, LayerCost};
use crate::maestro::Bound;
use crate::{Dim, Energy, Hardware};

/// Writes an estimate; latencies are those at `clock` MHz.
///
/// # Errors
/// Those of the writer.
pub fn write(mut out: impl Write, estimate: &Estimate, clock: f64) -> io::Result<()> {
    let total = &estimate.total;
    let object = json!({
        "network": estimate.network,
        "hardware": hardware(&estimate.hardware),
        "clock_mhz": clock,
        "layers": estimate.layers.iter().map(|row| layer(row, &estimate.hardware)).collect::<Vec<_>>(),
        "total": {
            "cycles": total.cycles,
            "latency_us": total.cycles as f64 / clock,
            "macs": total.macs,
            "energy_nj": energy(&total.energy),
            "edp_nj_cycles": total.energy.total() * total.cycles as f64,
            "needs": {
                "l1_bytes": total.l1_bytes,
                "l2_bytes": total.l2_bytes,
                "noc_elements_per_cycle": total.noc_peak,
                "offchip_elements_per_cycle": total.offchip,
            },
        },
        "warnings": estimate.warnings(),
    });
    serde_json::to_writer_pretty(&mut out, &object)?;
    writeln!(out)
}

fn hardware(hardware: &Hardware) -> Value {
    json!({
        "pes": hardware.pes(),
        "simd_lanes": hardware.simd_lanes(),
        "l1_bytes": hardware.l1_bytes(),
        "l2_bytes": hardware.l2_bytes(),
        "noc_elements_per_cycle": hardware.noc(0).bandwidth,
        "noc_latency_cycles": hardware.noc(0).latency,
        "offchip_elements_per_cycle": hardware.offchip_bandwidth(),
    })
}

fn energy(energy: &Energy) -> Value {
    json!({ "total": energy.total(), "mac": energy.mac, "l1": energy.l1, "l2": energy.l2 })
}

fn layer(row: &LayerCost, hardware: &Hardware) -> Value {
    let (layer, cost) = (&row.layer, &row.cost);
    let sizes: Map<String, Value> =
        Dim::ALL.iter().filter_map(|dim| Some((dim.name().to_string(), layer.size(*dim)?.into()))).collect();
    let waits: Map<String, Value> = Bound::ALL
        .iter()
        .zip(cost.delay.bound_cycles)
        .map(|(bound, cycles)| (bound.name().into(), cycles.into()))
        .collect();
    let accesses: Map<String, Value> = Tensor::ALL
        .iter()
        .map(|&tensor| {
            let a = cost.traffic.accesses[tensor];
            let counts = json!({
                "l1_read": a.l1_read, "l1_write": a.l1_write, "l2_read": a.l2_read, "l2_write": a.l2_write,
            });
            (tensor.name().to_string(), counts)
        })
        .collect();
    let silicon = cost.silicon(hardware);
    json!({
        "name": row.name,
        "kind": layer.kind().name(),
        "shape": shape(layer),
        "dimensions": sizes,
        "stride": { "Y": layer.stride(Dim::Y), "X": layer.stride(Dim::X) },
        "dataflow": row.preset.map(|preset| preset.name()),
        "macs": layer.macs(),
        "operations": cost.traffic.operations,
        "cycles": cost.delay.cycles,
        "cycles_by_bound": waits,
        "bound": cost.delay.bound().name(),
        "utilization": cost.utilization(hardware),
        "active_pes": cost.delay.active_pes,
        "energy_nj": energy(&cost.energy),
        "edp_nj_cycles": cost.edp(),
        "accesses": accesses,
        "needs": {
            "l1_bytes": cost.traffic.l1_total(),
            "l2_bytes": cost.traffic.l2_total(),
            "noc_peak_elements_per_cycle": cost.delay.noc_peak,
            "noc_avg_elements_per_cycle": cost.delay.noc_average,
            "offchip_elements_per_cycle": cost.delay.offchip,
        },
        "arithmetic_intensity": cost.traffic.arithmetic_intensity,
        "area_um2": silicon.area(),
        "power_mw": silicon.power(),
    })
}
