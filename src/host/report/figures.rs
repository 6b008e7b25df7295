//! The named figures of a layer in the exact model, for CSV and JSON: what a walk over every step would count (see
//! `tests/truth`), and figures derived from it.

use serde_json::Value;

use crate::dim::Tensor;
use crate::exact::{Depth, Offchip};
use crate::{Calibration, Cost, Hardware};

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// A whole number.
    Count(u64),
    /// Any number.
    Real(f64),
    /// A word.
    Text(&'static str),
    /// A figure that is not known because L2 is too small.
    Unknown,
}

impl Figure {
    /// The figure as a CSV cell: `-` if it is not known.
    pub fn cell(self) -> String {
        match self {
            Figure::Count(count) => count.to_string(),
            Figure::Real(figure) => figure.to_string(),
            Figure::Text(text) => text.to_string(),
            Figure::Unknown => "-".to_string(),
        }
    }

    /// The figure as JSON: null if it is not known.
    pub fn json(self) -> Value {
        match self {
            Figure::Count(count) => count.into(),
            Figure::Real(figure) => figure.into(),
            Figure::Text(text) => text.into(),
            Figure::Unknown => Value::Null,
        }
    }
}

impl From<Option<f64>> for Figure {
    fn from(figure: Option<f64>) -> Figure {
        figure.map_or(Figure::Unknown, Figure::Real)
    }
}

/// Calibrated cycles, and the two ends of the interval in which nine in ten layers lie.
pub fn calibrated(calibration: &Calibration, cycles: Option<u64>) -> [(&'static str, Figure); 3] {
    let of = |cycles: Option<u64>| cycles.map_or(Figure::Unknown, Figure::Count);
    let interval = cycles.map(|cycles| calibration.interval(cycles));
    [
        ("calibrated_cycles", of(cycles)),
        ("calibrated_low", of(interval.map(|[low, _]| low))),
        ("calibrated_high", of(interval.map(|[_, high]| high))),
    ]
}

/// Names and figures, always in the same order. MACs are 0 for layers without MACs. Bytes, elements and cycles have
/// the same names as in the cases of `tests/truth`.
pub fn exact(cost: &Cost, hardware: &Hardware, has_macs: bool) -> Vec<(&'static str, Figure)> {
    let count = Figure::Count;
    let macs = |operations: u64| Figure::Count(if has_macs { operations } else { 0 });
    let offchip =
        |of: fn(&Offchip) -> u64| cost.offchip.as_ref().map_or(Figure::Unknown, |offchip| Figure::Count(of(offchip)));
    let depth = |tensor| match cost.offchip.map(|offchip| offchip.depths[tensor]) {
        None => Figure::Unknown,
        Some(Depth::Loops(loops)) => Figure::Count(loops.into()),
        Some(Depth::Resident) => Figure::Text("l2"),
    };
    let moved = |tensor| {
        cost.offchip.map_or(Figure::Unknown, |offchip| Figure::Count(offchip_bytes(&offchip, hardware, tensor)))
    };
    let (waits, needs, energy) = (&cost.waits, &cost.needs, &cost.energy);
    // What moves off-chip also passes through L2, so the energy of L2 is unknown as well if the transfers are.
    let nj = |nj: f64| Figure::from(cost.offchip.map(|_| nj));
    let silicon = cost.silicon(hardware);
    vec![
        ("layer_macs", macs(cost.layer_operations)),
        ("macs", macs(cost.operations)),
        // A mapping that leaves work out is refused, so these are the layer's operations.
        ("useful_macs", macs(cost.layer_operations)),
        ("steps", count(cost.steps)),
        ("l2_read_input", count(cost.l2.input)),
        ("l2_read_filter", count(cost.l2.filter)),
        ("l2_read_psum", count(cost.l2.psum)),
        ("l2_write_output", count(cost.l2.output)),
        ("l1_arrive_input", count(cost.l1.input)),
        ("l1_arrive_filter", count(cost.l1.filter)),
        ("l1_arrive_psum", count(cost.l1.psum)),
        ("l1_leave_output", count(cost.l1.output)),
        ("depth_input", depth(Tensor::Input)),
        ("depth_filter", depth(Tensor::Filter)),
        ("depth_output", depth(Tensor::Output)),
        ("l2_need", count(needs.l2)),
        ("l1_need", count(needs.l1)),
        ("offchip_in_input", offchip(|offchip| offchip.transfers.input)),
        ("offchip_in_filter", offchip(|offchip| offchip.transfers.filter)),
        ("offchip_in_psum", offchip(|offchip| offchip.transfers.psum)),
        ("offchip_out", offchip(|offchip| offchip.transfers.output)),
        // What the on-chip steps wait for is known even if L2 is too small.
        ("on_chip_cycles", count(waits.compute + waits.noc_in + waits.noc_out)),
        ("first", offchip(|offchip| offchip.cycles.first)),
        ("rest", offchip(|offchip| offchip.cycles.rest)),
        ("last", offchip(|offchip| offchip.cycles.last)),
        ("cycles", offchip(|offchip| offchip.cycles.total)),
        ("active_pes", Figure::Real(cost.active_pes)),
        ("fits", Figure::Text(fits(cost))),
        ("wait_compute", count(waits.compute)),
        ("wait_noc_in", count(waits.noc_in)),
        ("wait_noc_out", count(waits.noc_out)),
        ("wait_offchip", cost.offchip.map_or(Figure::Unknown, |_| Figure::Count(waits.offchip))),
        ("cycles_serial", offchip(|offchip| offchip.cycles.serial)),
        ("cluster_need", count(needs.cluster)),
        ("offchip_bytes", offchip(|offchip| offchip.bits.div_ceil(8))),
        ("offchip_input_bytes", moved(Tensor::Input)),
        ("offchip_filter_bytes", moved(Tensor::Filter)),
        ("offchip_output_bytes", moved(Tensor::Output)),
        ("utilization", cost.utilization(hardware).into()),
        ("energy_mac_nj", Figure::Real(energy.mac)),
        ("energy_l1_nj", Figure::Real(energy.l1)),
        ("energy_cluster_nj", Figure::Real(energy.cluster)),
        ("energy_l2_nj", nj(energy.l2)),
        ("energy_offchip_nj", nj(energy.offchip)),
        ("energy_nj", nj(energy.total())),
        ("edp_nj_cycles", cost.edp().into()),
        ("area_um2", Figure::Real(silicon.area())),
        ("power_mw", Figure::Real(silicon.power())),
    ]
}

/// Bytes of a tensor that move off-chip, after compression. Outputs count in both directions.
pub fn offchip_bytes(offchip: &Offchip, hardware: &Hardware, tensor: Tensor) -> u64 {
    let input = offchip.transfers.input.saturating_mul(hardware.widths().input.into());
    let bits = match tensor {
        Tensor::Input => input,
        Tensor::Filter => offchip.streams.weights(),
        Tensor::Output => offchip.bits.saturating_sub(input).saturating_sub(offchip.streams.weights()),
    };
    bits.div_ceil(8)
}

/// `yes`, or the buffers that are too small: `l1`, `l1+l2`, `cluster+l2`, ...
fn fits(cost: &Cost) -> &'static str {
    let fits = &cost.fits;
    match (fits.l1, fits.cluster, fits.l2) {
        (true, true, true) => "yes",
        (false, true, true) => "l1",
        (true, false, true) => "cluster",
        (true, true, false) => "l2",
        (false, false, true) => "l1+cluster",
        (false, true, false) => "l1+l2",
        (true, false, false) => "cluster+l2",
        (false, false, false) => "l1+cluster+l2",
    }
}
