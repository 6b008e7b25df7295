//! An estimate as one JSON object.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::figures;
use crate::dim::Tensor;
use crate::hardware::UNLIMITED;
use crate::host::cost_table::{CostModel, LayerCost};
use crate::host::estimate::{Estimate, EstimateRow};
use crate::host::platform::Platform;
use crate::host::shape::shape;
use crate::maestro::{self, Bound};
use crate::{Dim, Energy, Hardware, MAX_LEVELS};

/// Writes an estimate. Latencies are at the platform's clock. With the exact model, the keys of layers are the column
/// names of the CSV.
///
/// # Errors
/// Errors of the writer.
pub fn write(mut out: impl Write, estimate: &Estimate, platform: &Platform) -> io::Result<()> {
    let clock = platform.clock_mhz;
    let mut layers: Vec<Value> = estimate.layers.iter().map(|row| layer(row, &estimate.hardware)).collect();
    for (layer, cycles) in layers.iter_mut().zip(estimate.prefetched().into_iter().flatten()) {
        layer["cycles_prefetched"] = cycles.into();
    }
    if let Some(own) = &platform.calibration {
        for (layer, cycles) in layers.iter_mut().zip(estimate.calibrated(own).into_iter().flatten()) {
            for (name, figure) in figures::calibrated(own, Some(cycles)) {
                layer[name] = figure.json();
            }
        }
    }
    let mut object = json!({
        "network": estimate.network,
        "model": estimate.model.name(),
        "hardware": hardware(&estimate.hardware),
        "clock_mhz": clock,
        "layers": layers,
        "total": match estimate.model {
            CostModel::Exact => exact_total(estimate, clock),
            CostModel::Maestro => maestro_total(estimate, clock),
        },
        "warnings": estimate.warnings(),
    });
    if let Some([cycles, upper]) = platform.calibration.and_then(|own| estimate.calibrated_cycles(&own)) {
        object["total"]["calibrated_cycles"] = cycles.into();
        object["total"]["calibrated_upper_cycles"] = upper.into();
    }
    if estimate.model == CostModel::Exact {
        object["hardware"] = exact_hardware(&estimate.hardware);
        let table = platform.scaled_energies();
        object["energies_nj"] = json!({
            "mac": table.mac,
            "l1": table.l1,
            "cluster": table.cluster.unwrap_or(table.l2),
            "l2": table.l2,
            "offchip": table.offchip,
        });
        let misfits = estimate.misfits();
        object["usable"] = misfits.is_empty().into();
        let misfits = misfits.iter().map(|misfit| {
            let short = &misfit.shortage;
            json!({
                "buffer": short.buffer.name(),
                "layer": misfit.layer,
                "need_bytes": short.need,
                "have_bytes": short.have,
                "others": misfit.others,
            })
        });
        object["misfits"] = misfits.collect();
    }
    serde_json::to_writer_pretty(&mut out, &object)?;
    writeln!(out)
}

fn exact_total(estimate: &Estimate, clock: f64) -> Value {
    let total = &estimate.total;
    let energies = estimate.energy();
    let energy = |part: fn(&Energy) -> f64| energies.as_ref().map(part);
    let waits = estimate.waits;
    json!({
        "cycles": total.cycles,
        "cycles_serial": estimate.sum(|cost| cost.offchip.map(|offchip| offchip.cycles.serial)),
        "cycles_prefetched": estimate.prefetched_cycles(),
        "latency_us": total.cycles.map(|cycles| cycles as f64 / clock),
        "wait_compute": waits.map(|waits| waits[0]),
        "wait_noc_in": waits.map(|waits| waits[1]),
        "wait_noc_out": waits.map(|waits| waits[2]),
        "wait_offchip": waits.map(|waits| waits[3]),
        "layer_macs": estimate.macs,
        "macs": estimate.layers.iter().filter(|row| row.layer.kind().has_macs()).map(|row| row.cost.operations()).sum::<u64>(),
        "utilization": estimate.utilization(),
        "offchip_bytes": estimate.sum(|cost| cost.offchip.map(|offchip| offchip.bits.div_ceil(8))),
        "weight_bytes": estimate.weight_bytes(),
        "l1_need": total.needs.l1,
        "cluster_need": estimate.layers.iter().filter_map(|row| row.cost.exact()).map(|cost| cost.needs.cluster).max(),
        "l2_need": total.needs.l2,
        "energy_mac_nj": energy(|energy| energy.mac),
        "energy_l1_nj": energy(|energy| energy.l1),
        "energy_cluster_nj": energy(|energy| energy.cluster),
        "energy_l2_nj": energy(|energy| energy.l2),
        "energy_offchip_nj": energy(|energy| energy.offchip),
        "energy_nj": energy(Energy::total),
        "edp_nj_cycles": energies.zip(total.cycles).map(|(energy, cycles)| energy.total() * cycles as f64),
    })
}

fn maestro_total(estimate: &Estimate, clock: f64) -> Value {
    let total = &estimate.total;
    // Known for every layer.
    let (cycles, energy) = (total.cycles.unwrap_or(0), estimate.energy().unwrap_or_default());
    json!({
        "cycles": cycles,
        "latency_us": cycles as f64 / clock,
        "macs": estimate.macs,
        "energy_nj": energies(&energy),
        "edp_nj_cycles": energy.total() * cycles as f64,
        "needs": {
            "l1_bytes": total.needs.l1,
            "l2_bytes": total.needs.l2,
            "noc_elements_per_cycle": estimate.most(|cost| cost.delay.noc_peak),
            "offchip_elements_per_cycle": estimate.most(|cost| cost.delay.offchip),
        },
    })
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

/// The accelerator as JSON. A figure without a limit is null.
fn exact_hardware(hardware: &Hardware) -> Value {
    let limit = |figure: u32| (figure != UNLIMITED).then_some(figure);
    let widths = hardware.widths();
    let levels: [usize; MAX_LEVELS] = std::array::from_fn(|level| level);
    json!({
        "pes": hardware.pes(),
        "simd_lanes": hardware.simd_lanes(),
        "l1_bytes": limit(hardware.l1_bytes()),
        "l1_buffers": hardware.l1_buffers().factor(),
        "cluster_bytes": limit(hardware.cluster_bytes()),
        "l2_bytes": limit(hardware.l2_bytes()),
        "l2_buffers": hardware.l2_buffers().factor(),
        "noc_bytes_per_cycle": levels.map(|level| limit(hardware.noc(level).bandwidth)),
        "noc_latency_cycles": levels.map(|level| hardware.noc(level).latency),
        "multicast": hardware.multicast(),
        "offchip_bytes_per_cycle": limit(hardware.offchip_bandwidth()),
        "weights_bytes_per_cycle": hardware.weights_bandwidth(),
        "weights_permille": hardware.weights_permille(),
        "activations": hardware.activations().name(),
        "bits": { "input": widths.input, "filter": widths.filter, "output": widths.output, "psum": widths.psum },
    })
}

fn energies(energy: &Energy) -> Value {
    json!({ "total": energy.total(), "mac": energy.mac, "l1": energy.l1, "l2": energy.l2 })
}

fn layer(row: &EstimateRow, hardware: &Hardware) -> Value {
    let layer = &row.layer;
    let sizes: Map<String, Value> =
        Dim::ALL.iter().filter_map(|dim| Some((dim.name().to_string(), layer.size(*dim)?.into()))).collect();
    let mut object = Map::from_iter([
        ("name".to_string(), row.name.as_str().into()),
        ("kind".to_string(), layer.kind().name().into()),
        ("shape".to_string(), shape(layer).into()),
        ("dimensions".to_string(), sizes.into()),
        ("stride".to_string(), json!({ "Y": layer.stride(Dim::Y), "X": layer.stride(Dim::X) })),
        ("dataflow".to_string(), row.dataflow.as_deref().into()),
        ("operations".to_string(), row.cost.operations().into()),
        ("bound".to_string(), row.cost.bound().map(Bound::name).into()),
    ]);
    match &row.cost {
        LayerCost::Exact(cost) => {
            let figures = figures::exact(cost, hardware, layer.kind().has_macs());
            object.extend(figures.into_iter().map(|(name, figure)| (name.to_string(), figure.json())));
        }
        LayerCost::Maestro(cost) => {
            if let Value::Object(figures) = maestro(row, cost, hardware) {
                object.extend(figures);
            }
        }
    }
    object.into()
}

fn maestro(row: &EstimateRow, cost: &maestro::Cost, hardware: &Hardware) -> Value {
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
        "macs": row.layer.macs(),
        "cycles": cost.delay.cycles,
        "cycles_by_bound": waits,
        "utilization": cost.utilization(hardware),
        "active_pes": cost.delay.active_pes,
        "energy_nj": energies(&cost.energy),
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
