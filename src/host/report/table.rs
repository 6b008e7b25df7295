//! An estimate as a table made for reading.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};

use super::shape;
use crate::hardware::{Hardware, UNLIMITED};
use crate::host::estimate::{Estimate, LayerCost};
use crate::maestro::Bound;

/// The whole report; latencies are those at `clock` MHz.
pub fn render(estimate: &Estimate, clock: f64) -> String {
    let mut text = format!("{} on {}\n\n", estimate.network, describe(&estimate.hardware));
    text += &layers(estimate);
    text += "\n\n";
    text += &totals(estimate, clock);
    for warning in estimate.warnings() {
        let _ = writeln!(text, "warning: {warning}");
    }
    text
}

/// An accelerator in one line.
pub fn describe(hardware: &Hardware) -> String {
    let mut text = format!("{} PEs", hardware.pes());
    if hardware.simd_lanes() > 1 {
        let _ = write!(text, " x {} lanes", hardware.simd_lanes());
    }
    let limit = |value: u32, unit: &str| match value {
        UNLIMITED => "unlimited".to_string(),
        value => format!("{} {unit}", grouped(u64::from(value))),
    };
    let noc = hardware.noc(0);
    let _ = write!(
        text,
        ", L1 {}, L2 {}, NoC {} + {} cycles, off-chip {}",
        limit(hardware.l1_bytes(), "B"),
        limit(hardware.l2_bytes(), "B"),
        limit(noc.bandwidth, "elements/cycle"),
        noc.latency,
        limit(hardware.offchip_bandwidth(), "elements/cycle"),
    );
    text
}

/// Rows of words and figures under a header; all but the first column to the right.
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

fn layers(estimate: &Estimate) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "layer",
        "kind",
        "shape",
        "dataflow",
        "cycles",
        "share",
        "",
        "bound by",
        "util",
        "energy nJ",
        "L1 B",
        "L2 B",
    ]);
    for row in &estimate.layers {
        table.add_row(cells(row, estimate));
    }
    let total = &estimate.total;
    table.add_row([
        "total".to_string(),
        String::new(),
        String::new(),
        String::new(),
        grouped(total.cycles),
        String::new(),
        String::new(),
        String::new(),
        percent(utilization(estimate)),
        energy(total.energy.total()),
        grouped(total.l1_bytes),
        grouped(total.l2_bytes),
    ]);
    for right in [4, 6, 8, 9, 10, 11] {
        if let Some(column) = table.column_mut(right) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

fn cells(row: &LayerCost, estimate: &Estimate) -> [String; 12] {
    let cost = &row.cost;
    let share = cost.delay.cycles as f64 / estimate.total.cycles as f64;
    [
        row.name.clone(),
        row.layer.kind().name().to_string(),
        shape(&row.layer),
        row.dataflow_name().to_string(),
        grouped(cost.delay.cycles),
        bar(share),
        percent(share),
        cost.delay.bound().name().to_string(),
        percent(cost.utilization(&estimate.hardware)),
        energy(cost.energy.total()),
        grouped(cost.traffic.l1_total()),
        grouped(cost.traffic.l2_total()),
    ]
}

fn totals(estimate: &Estimate, clock: f64) -> String {
    let total = &estimate.total;
    let cycles = total.cycles as f64;
    let mut bound = [0u64; 4];
    for row in &estimate.layers {
        for (sum, cycles) in bound.iter_mut().zip(row.cost.delay.bound_cycles) {
            *sum += cycles;
        }
    }
    let waits: Vec<String> = Bound::ALL
        .iter()
        .zip(bound)
        .filter(|(_, cycles)| *cycles > 0)
        .map(|(bound, waited)| format!("{} {}", bound.name(), percent(waited as f64 / cycles)))
        .collect();
    let energies = &total.energy;
    let sum = energies.total();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "latency  {} at {clock} MHz ({} cycles: {})",
        time(cycles / clock),
        grouped(total.cycles),
        waits.join(", ")
    );
    let _ = writeln!(
        text,
        "energy   {} nJ (MACs {}, L1 {}, L2 {})",
        energy(sum),
        percent(energies.mac / sum),
        percent(energies.l1 / sum),
        percent(energies.l2 / sum),
    );
    let _ = writeln!(text, "MACs     {} ({:.1} in a cycle)", grouped(total.macs), total.macs as f64 / cycles);
    text
}

fn utilization(estimate: &Estimate) -> f64 {
    let operations: f64 = estimate.layers.iter().map(|row| row.cost.traffic.operations as f64).sum();
    let lanes = f64::from(estimate.hardware.pes()) * f64::from(estimate.hardware.simd_lanes());
    operations / (estimate.total.cycles as f64 * lanes)
}

/// A duration given in microseconds.
fn time(us: f64) -> String {
    match us {
        us if us < 1e3 => format!("{us:.2} us"),
        us if us < 1e6 => format!("{:.2} ms", us / 1e3),
        us => format!("{:.2} s", us / 1e6),
    }
}

/// A share in percent; nothing of nothing is nothing.
fn percent(share: f64) -> String {
    let share = if share.is_nan() { 0.0 } else { share };
    format!("{:.1}%", share * 100.0)
}

fn energy(nj: f64) -> String {
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

/// Cells of the widest bar.
const BAR_CELLS: f64 = 12.0;

/// A bar of eighth blocks.
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
