//! One row for each layer, units in the header.

use std::io::{self, Write};

use super::shape;
use crate::Dim;
use crate::dim::Tensor;
use crate::host::estimate::Estimate;
use crate::host::network::WRITTEN_DIMS;
use crate::host::tabular::io_error;
use crate::maestro::Bound;

/// Writes the layers of an estimate.
///
/// # Errors
/// Those of the writer.
pub fn write(out: impl Write, estimate: &Estimate) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut header: Vec<String> = ["network", "layer", "kind", "shape", "dataflow"].map(String::from).to_vec();
    header.extend(WRITTEN_DIMS.map(|dim| dim.name().to_string()));
    header.extend(["stride_y", "stride_x", "macs", "cycles"].map(String::from));
    header.extend(Bound::ALL.map(|bound| format!("cycles_{}", bound.name().replace([' ', '-'], "_").to_lowercase())));
    header.extend(
        ["bound", "utilization", "active_pes", "energy_nj", "mac_nj", "l1_nj", "l2_nj", "edp_nj_cycles"]
            .map(String::from),
    );
    for tensor in Tensor::ALL {
        header.extend(["l1_read", "l1_write", "l2_read", "l2_write"].map(|what| format!("{}_{what}", tensor.name())));
    }
    header.extend(
        ["l1_bytes", "l2_bytes", "noc_peak_elements_per_cycle", "noc_avg_elements_per_cycle"].map(String::from),
    );
    header.extend(["offchip_elements_per_cycle", "area_um2", "power_mw"].map(String::from));
    csv.write_record(&header).map_err(io_error)?;

    for row in &estimate.layers {
        let (layer, cost) = (&row.layer, &row.cost);
        let mut record = vec![
            estimate.network.clone(),
            row.name.clone(),
            layer.kind().name().to_string(),
            shape(layer),
            row.dataflow_name().to_string(),
        ];
        record.extend(WRITTEN_DIMS.map(|dim| layer.size(dim).map_or(String::new(), |size| size.to_string())));
        record.extend([layer.stride(Dim::Y), layer.stride(Dim::X)].map(|stride| stride.to_string()));
        record.push(layer.macs().unwrap_or(u64::MAX).to_string());
        record.push(cost.delay.cycles.to_string());
        record.extend(cost.delay.bound_cycles.map(|cycles| cycles.to_string()));
        record.push(cost.delay.bound().name().to_string());
        let energy = &cost.energy;
        let figures = [
            cost.utilization(&estimate.hardware),
            cost.delay.active_pes,
            energy.total(),
            energy.mac,
            energy.l1,
            energy.l2,
            cost.edp(),
        ];
        record.extend(figures.map(|figure| figure.to_string()));
        for tensor in Tensor::ALL {
            let accesses = cost.traffic.accesses[tensor];
            let counts = [accesses.l1_read, accesses.l1_write, accesses.l2_read, accesses.l2_write];
            record.extend(counts.map(|count| count.to_string()));
        }
        let silicon = cost.silicon(&estimate.hardware);
        record.extend([
            cost.traffic.l1_total().to_string(),
            cost.traffic.l2_total().to_string(),
            cost.delay.noc_peak.to_string(),
            cost.delay.noc_average.to_string(),
            cost.delay.offchip.to_string(),
            silicon.area().to_string(),
            silicon.power().to_string(),
        ]);
        csv.write_record(&record).map_err(io_error)?;
    }
    csv.flush()
}
