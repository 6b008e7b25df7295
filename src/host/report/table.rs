//! Writes an estimate as a table for people.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};

use super::figures;
use crate::dim::Tensor;
use crate::hardware::{Activations, Buffering, Hardware, MAX_LEVELS, Noc, UNLIMITED, Widths};
use crate::host::cost_table::{Buffer, CostModel, Shortage};
use crate::host::estimate::{Estimate, EstimateRow};
use crate::host::platform::Platform;
use crate::host::shape::shape;
use crate::maestro::Bound;
use crate::{Calibration, Silicon};

/// The whole report. Latencies are at the platform's clock. If weights are prefetched, latencies with prefetching are
/// added; if the accelerator is calibrated, calibrated cycles are added.
pub fn render(estimate: &Estimate, platform: &Platform) -> String {
    let head = format!("{} on {}", estimate.network, describe(&estimate.hardware));
    let mut text = format!("{head}; {}\n\n", estimate.model.title());
    text += &layers(estimate, platform.calibration.as_ref());
    text += "\n\n";
    text += &totals(estimate, platform);
    for misfit in estimate.misfits() {
        let _ = writeln!(text, "does not fit: {misfit}");
    }
    for warning in estimate.advice() {
        let _ = writeln!(text, "warning: {warning}");
    }
    text
}

/// An accelerator in one line: its limits, and what differs from [`Hardware::new`].
pub fn describe(hardware: &Hardware) -> String {
    let mut text = format!("{} PEs", hardware.pes());
    if hardware.simd_lanes() > 1 {
        let _ = write!(text, " x {} lanes", hardware.simd_lanes());
    }
    let limit = |value: u32, unit: &str| match value {
        UNLIMITED => "unlimited".to_string(),
        value => format!("{} {unit}", grouped(u64::from(value))),
    };
    let size = |bytes: u32, buffers: Buffering| match buffers {
        Buffering::Single => format!("{} (single)", limit(bytes, "B")),
        Buffering::Double => limit(bytes, "B"),
    };
    let noc: Vec<Noc> = (0..MAX_LEVELS).map(|level| hardware.noc(level)).collect();
    // The last NoC also stands for all further levels.
    let rates = 1 + noc.iter().rposition(|other| *other != noc[MAX_LEVELS - 1]).map_or(0, |last| last + 1);
    let rates: Vec<String> = noc[..rates]
        .iter()
        .map(|noc| format!("{} + {} cycles", limit(noc.bandwidth, "B/cycle"), noc.latency))
        .collect();
    let _ = write!(text, ", L1 {}", size(hardware.l1_bytes(), hardware.l1_buffers()));
    if hardware.cluster_bytes() != UNLIMITED {
        let _ = write!(text, ", clusters {}", limit(hardware.cluster_bytes(), "B"));
    }
    let _ = write!(
        text,
        ", L2 {}, NoC {}{}, off-chip {}",
        size(hardware.l2_bytes(), hardware.l2_buffers()),
        rates.join(" / "),
        if hardware.multicast() { "" } else { " without multicast" },
        limit(hardware.offchip_bandwidth(), "B/cycle"),
    );
    if let Some(bytes) = hardware.weights_bandwidth() {
        let _ = write!(text, ", weights {}", limit(bytes, "B/cycle"));
    }
    if hardware.weights_permille() < 1000 {
        let _ = write!(text, ", weights compressed to {:.1}%", f64::from(hardware.weights_permille()) / 10.0);
    }
    text += match hardware.activations() {
        Activations::Offchip => "",
        Activations::L2 => ", activations in L2",
        Activations::Auto => ", activations in L2 where they fit",
    };
    if hardware.widths() != Widths::BYTES {
        let Widths { input, filter, output, psum } = hardware.widths();
        let _ = write!(text, ", {input}:{filter}:{output}:{psum} bits");
    }
    text
}

/// A table with a header. All columns but the first are aligned to the right.
pub fn grid(header: &[String], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.trim_fmt()
}

/// Which columns the table of layers has.
struct Columns {
    exact: bool,
    /// Whether any layer needs a buffer in its clusters.
    clusters: bool,
    /// Whether there are calibrated cycles.
    calibrated: bool,
}

impl Columns {
    fn header(&self) -> Vec<&'static str> {
        let mut header =
            vec!["layer", "kind", "shape", "dataflow", "cycles", "share", "", "bound by", "util", "energy nJ"];
        header.push("L1 B");
        header.extend(self.clusters.then_some("cluster B"));
        header.push("L2 B");
        if self.exact {
            header.extend(["off-chip in B", "filter B", "out B"]);
        }
        header.extend(self.calibrated.then_some("calibrated cycles"));
        header
    }
}

fn layers(estimate: &Estimate, calibration: Option<&Calibration>) -> String {
    let exact = estimate.model == CostModel::Exact;
    let needs = estimate.layers.iter().filter_map(|row| row.cost.exact()).map(|cost| cost.needs.cluster);
    let cluster = needs.max().unwrap_or(0);
    let columns = Columns { exact, clusters: cluster > 0, calibrated: calibration.is_some() };
    let calibrated = calibration.and_then(|own| estimate.calibrated(own));
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let header = columns.header();
    table.set_header(header.iter().copied());
    for (place, row) in estimate.layers.iter().enumerate() {
        let mut cells = cells(row, estimate, &columns);
        cells.extend(
            calibration
                .map(|own| known(calibrated.as_ref().map(|cycles| cycles[place]), |cycles| between(own, cycles))),
        );
        table.add_row(cells);
    }
    let total = &estimate.total;
    let mut last = vec![String::new(); 10];
    last[0] = if estimate.misfits().is_empty() { "total" } else { "total (does not fit)" }.to_string();
    last[4] = known(total.cycles, grouped);
    last[8] = known(estimate.utilization(), percent);
    last[9] = known(estimate.energy(), |energies| energy(energies.total()));
    last.push(grouped(total.needs.l1));
    last.extend(columns.clusters.then(|| grouped(cluster)));
    last.push(grouped(total.needs.l2));
    if exact {
        last.extend(Tensor::ALL.map(|tensor| known(offchip_bytes(estimate, tensor), grouped)));
    }
    last.extend(calibration.map(|own| known(estimate.calibrated_cycles(own), |[cycles, _]| grouped(cycles))));
    table.add_row(last);
    for right in [4, 6].into_iter().chain(8..header.len()) {
        if let Some(column) = table.column_mut(right) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// Calibrated cycles, and the interval in which nine in ten layers lie.
fn between(calibration: &Calibration, cycles: u64) -> String {
    let [low, high] = calibration.interval(cycles).map(grouped);
    format!("{} ({low} to {high})", grouped(cycles))
}

/// A figure, or a hyphen if it is unknown because L2 is too small.
pub(super) fn known<T>(figure: Option<T>, print: impl Fn(T) -> String) -> String {
    figure.map_or("-".to_string(), print)
}

fn offchip_bytes(estimate: &Estimate, tensor: Tensor) -> Option<u64> {
    estimate.sum(|cost| Some(figures::offchip_bytes(&cost.offchip?, &estimate.hardware, tensor)))
}

fn cells(row: &EstimateRow, estimate: &Estimate, columns: &Columns) -> Vec<String> {
    let cost = &row.cost;
    let share = cost.cycles().zip(estimate.total.cycles).map(|(own, all)| own as f64 / all as f64);
    let short: Vec<Shortage> =
        cost.exact().map_or(Vec::new(), |cost| Shortage::all(cost, &estimate.hardware).collect());
    let too_small = |buffer: Buffer| short.iter().any(|shortage| shortage.buffer == buffer);
    let need = |bytes: u64, buffer: Buffer| grouped(bytes) + if too_small(buffer) { "!" } else { "" };
    let mut cells = vec![
        row.name.clone(),
        row.layer.kind().name().to_string(),
        shape(&row.layer),
        row.dataflow_name().to_string(),
        known(cost.cycles(), grouped),
        share.map_or(String::new(), bar),
        known(share, percent),
        known(cost.bound(), |bound| bound.name().to_string()),
        known(cost.utilization(&estimate.hardware), percent),
        known(cost.energy(), |energies| energy(energies.total())),
        need(cost.l1_bytes(), Buffer::L1),
    ];
    let exact = cost.exact();
    cells.extend(columns.clusters.then(|| need(exact.map_or(0, |cost| cost.needs.cluster), Buffer::Cluster)));
    cells.push(need(cost.l2_bytes(), Buffer::L2));
    if let Some(cost) = exact {
        let moved = |tensor| cost.offchip.map(|offchip| figures::offchip_bytes(&offchip, &estimate.hardware, tensor));
        cells.extend(Tensor::ALL.map(|tensor| known(moved(tensor), grouped)));
    }
    cells
}

fn totals(estimate: &Estimate, platform: &Platform) -> String {
    let (total, clock) = (&estimate.total, platform.clock_mhz);
    let mut text = String::new();
    if let Some((cycles, waits)) = total.cycles.zip(estimate.waits) {
        let waits: Vec<String> = Bound::ALL
            .iter()
            .zip(waits)
            .filter(|(_, waited)| *waited > 0)
            .map(|(bound, waited)| format!("{} {}", bound.name(), percent(waited as f64 / cycles as f64)))
            .collect();
        let latency = format!("{} at {clock} MHz ({} cycles", time(cycles as f64 / clock), grouped(cycles));
        let _ = writeln!(text, "latency  {latency}: {})", waits.join(", "));
        if let Some(serial) = estimate.sum(|cost| cost.offchip.map(|offchip| offchip.cycles.serial)) {
            let _ = writeln!(
                text,
                "         {} if transfers and work took turns ({} cycles)",
                time(serial as f64 / clock),
                grouped(serial)
            );
        }
    }
    if let Some([cycles, upper]) = platform.calibration.and_then(|own| estimate.calibrated_cycles(&own)) {
        let at = |cycles: u64| time(cycles as f64 / clock);
        let _ = writeln!(
            text,
            "         {} as calibrated ({} cycles); nine in ten networks take at most {} ({})",
            at(cycles),
            grouped(cycles),
            at(upper),
            grouped(upper)
        );
    }
    if let Some(early) = estimate.prefetched_cycles().filter(|_| platform.prefetch) {
        let early_time = time(early as f64 / clock);
        let _ = writeln!(
            text,
            "         {early_time} with the weights of the next layer loading meanwhile ({} cycles)",
            grouped(early)
        );
    }
    if let Some(energies) = estimate.energy() {
        let sum = energies.total();
        let mut parts = vec![("MACs", energies.mac), ("L1", energies.l1), ("L2", energies.l2)];
        if estimate.model == CostModel::Exact {
            parts.insert(2, ("clusters", energies.cluster));
            parts.push(("off-chip", energies.offchip));
        }
        let parts: Vec<String> = parts.iter().map(|(name, nj)| format!("{name} {}", percent(nj / sum))).collect();
        let _ = writeln!(text, "energy   {} nJ ({})", energy(sum), parts.join(", "));
    }
    let each = total
        .cycles
        .map_or(String::new(), |cycles| format!(" ({:.1} in a cycle)", estimate.macs as f64 / cycles as f64));
    let _ = writeln!(text, "MACs     {}{each}", grouped(estimate.macs));
    if estimate.model == CostModel::Exact {
        let weights = known(estimate.weight_bytes(), grouped);
        let l2 = grouped(total.needs.l2);
        let _ = writeln!(text, "memory   {l2} B of L2 at most; weights {weights} B off-chip");
        text += &silicon(estimate);
    }
    text
}

/// Area and power, and which buffers count with the accelerator's size and which with the size that the network
/// needs.
fn silicon(estimate: &Estimate) -> String {
    let (hw, total) = (&estimate.hardware, &estimate.total);
    if !Silicon::is_known(hw) {
        return String::new();
    }
    let chip = Silicon::of(hw, total.needs.l1, total.needs.l2);
    let source = |given: u32| if given == UNLIMITED { "needed" } else { "given" };
    let (area, power) = (chip.area() / 1e6, chip.power());
    let (l1, l2) = (source(hw.l1_bytes()), source(hw.l2_bytes()));
    format!("silicon  {area:.2} mm^2, {power:.0} mW in 28 nm (L1 as {l1}, L2 as {l2})\n")
}

/// A duration given in microseconds.
fn time(us: f64) -> String {
    match us {
        us if us < 1e3 => format!("{us:.2} us"),
        us if us < 1e6 => format!("{:.2} ms", us / 1e3),
        us => format!("{:.2} s", us / 1e6),
    }
}

/// A share in percent. A share of nothing (0/0) is 0 %.
pub(super) fn percent(share: f64) -> String {
    let share = if share.is_nan() { 0.0 } else { share };
    format!("{:.1}%", share * 100.0)
}

pub(super) fn energy(nj: f64) -> String {
    if nj < 1000.0 { format!("{nj:.1}") } else { grouped(nj.round() as u64) }
}

/// Digits in groups of three: `12,345`.
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The width of the longest bar, in cells.
const BAR_CELLS: f64 = 12.0;

/// A bar drawn with blocks of an eighth of a cell.
fn bar(share: f64) -> String {
    let eighths = (share * BAR_CELLS * 8.0).round().max(0.0) as usize;
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let mut text = "█".repeat(eighths / 8);
    text += rest[eighths % 8];
    if text.is_empty() { "▏".to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1234567), "1,234,567");
        assert_eq!(time(1.5), "1.50 us");
        assert_eq!(time(12345.0), "12.35 ms");
        assert_eq!(bar(0.5), "██████");
        assert_eq!(bar(0.0), "▏");
        assert_eq!(bar(1.0).chars().count(), 12);
    }
}
