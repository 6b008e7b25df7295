//! Writes one row for each layer: the figures of the exact model, or those of the reference's model with units in the
//! header.

use std::io::{self, Write};

use super::figures::{self, Figure};
use crate::dim::Tensor;
use crate::host::cost_table::LayerCost;
use crate::host::csv_io::{io_error, text_cell};
use crate::host::estimate::{Estimate, EstimateRow};
use crate::host::network::WRITTEN_DIMS;
use crate::host::platform::Platform;
use crate::host::shape::shape;
use crate::maestro::{self, Bound};
use crate::{Dim, Hardware, Layer};

/// Writes the layers of an estimate. If the accelerator is calibrated, the rows have calibrated cycles as well.
///
/// # Errors
/// Errors of the writer.
pub fn write(out: impl Write, estimate: &Estimate, platform: &Platform) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let prefetched = estimate.prefetched();
    let calibrated = platform.calibration.map(|own| (own, estimate.calibrated(&own)));
    for (place, row) in estimate.layers.iter().enumerate() {
        let mut cells = identification(estimate, row);
        match &row.cost {
            LayerCost::Exact(cost) => {
                let figures = figures::exact(cost, &estimate.hardware, row.layer.kind().has_macs());
                cells.extend(figures.into_iter().map(|(name, figure)| (name.to_string(), figure.cell())));
                let cycles = prefetched.as_ref().and_then(|cycles| cycles.get(place));
                let cell = cycles.map_or("-".to_string(), u64::to_string);
                cells.push(("cycles_prefetched".to_string(), cell));
                if let Some((own, cycles)) = &calibrated {
                    let figures = figures::calibrated(own, cycles.as_ref().map(|cycles| cycles[place]));
                    cells.extend(figures.map(|(name, figure)| (name.to_string(), figure.cell())));
                }
            }
            LayerCost::Maestro(cost) => {
                let figures = maestro(&row.layer, cost, &estimate.hardware);
                cells.extend(figures.into_iter().map(|(name, figure)| (name, figure.cell())));
            }
        }
        if place == 0 {
            csv.write_record(cells.iter().map(|(name, _)| name)).map_err(io_error)?;
        }
        csv.write_record(cells.iter().map(|(_, cell)| cell)).map_err(io_error)?;
    }
    csv.flush()
}

/// Names and cells of the columns that identify the layer and its mapping.
fn identification(estimate: &Estimate, row: &EstimateRow) -> Vec<(String, String)> {
    let layer = &row.layer;
    let words = [
        ("network", text_cell(&estimate.network).into_owned()),
        ("model", estimate.model.name().to_string()),
        ("layer", text_cell(&row.name).into_owned()),
        ("kind", layer.kind().name().to_string()),
        ("shape", shape(layer)),
        ("dataflow", row.dataflow_name().to_string()),
    ];
    let size = |dim: Dim| (dim.name(), layer.size(dim).map_or(String::new(), |size| size.to_string()));
    let strides = [("stride_y", Dim::Y), ("stride_x", Dim::X)].map(|(name, dim)| (name, layer.stride(dim).to_string()));
    let cells = words.into_iter().chain(WRITTEN_DIMS.map(size)).chain(strides);
    cells.map(|(name, cell)| (name.to_string(), cell)).collect()
}

/// The figures of the reference's model with their names.
pub(crate) fn maestro(layer: &Layer, cost: &maestro::Cost, hardware: &Hardware) -> Vec<(String, Figure)> {
    let (energy, silicon) = (&cost.energy, cost.silicon(hardware));
    let mut cells = vec![
        ("macs".to_string(), Figure::Count(layer.macs().unwrap_or(u64::MAX))),
        ("cycles".to_string(), Figure::Count(cost.delay.cycles)),
    ];
    cells.extend(Bound::ALL.into_iter().zip(cost.delay.bound_cycles).map(|(bound, cycles)| {
        (format!("cycles_{}", bound.name().replace([' ', '-'], "_").to_lowercase()), Figure::Count(cycles))
    }));
    let mut add = |name: &str, figure: Figure| cells.push((name.to_string(), figure));
    add("bound", Figure::Text(cost.delay.bound().name()));
    for (name, figure) in [
        ("utilization", cost.utilization(hardware)),
        ("active_pes", cost.delay.active_pes),
        ("energy_nj", energy.total()),
        ("mac_nj", energy.mac),
        ("l1_nj", energy.l1),
        ("l2_nj", energy.l2),
        ("edp_nj_cycles", cost.edp()),
    ] {
        add(name, Figure::Real(figure));
    }
    for tensor in Tensor::ALL {
        let accesses = cost.traffic.accesses[tensor];
        for (what, count) in [
            ("l1_read", accesses.l1_read),
            ("l1_write", accesses.l1_write),
            ("l2_read", accesses.l2_read),
            ("l2_write", accesses.l2_write),
        ] {
            add(&format!("{}_{what}", tensor.name()), Figure::Count(count));
        }
    }
    add("l1_bytes", Figure::Count(cost.traffic.l1_total()));
    add("l2_bytes", Figure::Count(cost.traffic.l2_total()));
    add("noc_peak_elements_per_cycle", Figure::Count(cost.delay.noc_peak));
    add("noc_avg_elements_per_cycle", Figure::Real(cost.delay.noc_average));
    add("offchip_elements_per_cycle", Figure::Count(cost.delay.offchip));
    add("area_um2", Figure::Real(silicon.area()));
    add("power_mw", Figure::Real(silicon.power()));
    cells
}
