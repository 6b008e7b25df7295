//! Shows a sweep over accelerators: a table for people; CSV, JSON and Parquet with the same names and figures.

#[cfg(feature = "plots")]
mod plot;

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::json;

use super::cells::{self, Cell, Row};
use super::table::{energy, grid, grouped, known, percent};
use crate::hardware::UNLIMITED;
use crate::host::cost_table::CostModel;
use crate::host::sweep::{Against, Outcome, Point, front};

/// The results of a sweep of one network.
#[derive(Clone, Copy, Debug)]
pub struct Swept<'a> {
    /// Name of the network.
    pub network: &'a str,
    /// The cost model.
    pub model: CostModel,
    /// The points, at least one.
    pub points: &'a [Point<'a>],
}

/// The maximum number of rows of a table for people. With more points, it has only those of the front.
const MOST_ROWS: usize = 60;

/// The maximum number of reasons below a table.
const MOST_REASONS: usize = 5;

impl Swept<'_> {
    /// For each point, whether it is on the front of latency and energy.
    fn on_front(&self) -> Vec<bool> {
        let mut on = vec![false; self.points.len()];
        front(self.points, Against::Energy).into_iter().for_each(|place| on[place] = true);
        on
    }

    /// Names and cells of a point, always in the same order.
    fn cells(&self, point: &Point<'_>, on_front: bool) -> Row {
        let hardware = &point.target.platform.hardware;
        let limit = |figure: u32| Cell::Count((figure != UNLIMITED).then_some(figure.into()));
        let text = |text: &str| Cell::Text(text.to_string());
        let outcome = point.outcome.as_ref().ok();
        let count = |of: fn(&Outcome) -> Option<u64>| Cell::Count(outcome.and_then(of));
        let real = |of: fn(&Outcome) -> Option<f64>| Cell::Real(outcome.and_then(of));
        let cycles = outcome.and_then(|outcome| outcome.cycles);
        let energy = outcome.and_then(|outcome| outcome.energy);
        vec![
            ("network", text(self.network)),
            ("model", text(self.model.name())),
            ("accelerator", text(&point.target.name)),
            ("dataflow", text(point.dataflow)),
            ("pes", Cell::Count(Some(hardware.pes().into()))),
            ("simd_lanes", Cell::Count(Some(hardware.simd_lanes().into()))),
            ("noc_bytes_per_cycle", limit(hardware.noc(0).bandwidth)),
            ("noc_latency_cycles", Cell::Count(Some(hardware.noc(0).latency.into()))),
            ("offchip_bytes_per_cycle", limit(hardware.offchip_bandwidth())),
            ("l1_bytes", limit(hardware.l1_bytes())),
            ("l2_bytes", limit(hardware.l2_bytes())),
            ("clock_mhz", Cell::Real(Some(point.target.platform.clock_mhz))),
            ("cycles", Cell::Count(cycles)),
            ("cycles_prefetched", count(|outcome| outcome.cycles_prefetched)),
            ("latency_ms", Cell::Real(cycles.map(|cycles| point.ms(cycles)))),
            ("energy_nj", Cell::Real(energy)),
            ("edp_nj_cycles", Cell::Real(energy.zip(cycles).map(|(energy, cycles)| energy * cycles as f64))),
            ("utilization", real(|outcome| outcome.utilization)),
            ("area_um2", real(|outcome| Some(outcome.silicon?.area()))),
            ("power_mw", real(|outcome| Some(outcome.silicon?.power()))),
            ("l1_need", count(|outcome| Some(outcome.l1_need))),
            ("cluster_need", count(|outcome| Some(outcome.cluster_need))),
            ("l2_need", count(|outcome| Some(outcome.l2_need))),
            ("usable", Cell::Flag(point.usable().is_some())),
            ("on_front", Cell::Flag(on_front)),
            ("reason", Cell::Text(reason(point))),
        ]
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        self.points.iter().zip(self.on_front()).map(|(point, on_front)| self.cells(point, on_front))
    }

    /// Writes a row for each point; a figure that is not known is empty.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn csv(&self, out: impl Write) -> io::Result<()> {
        cells::csv(out, self.rows())
    }

    /// Writes one object with a list of all points; a figure that is not known is null.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn json(&self, mut out: impl Write) -> io::Result<()> {
        let points = cells::json(self.rows().map(|row| row.into_iter().skip(2)));
        let object = json!({ "network": self.network, "model": self.model.name(), "points": points });
        serde_json::to_writer_pretty(&mut out, &object)?;
        writeln!(out)
    }

    /// Writes a row for each point; a figure that is not known is null.
    ///
    /// # Errors
    /// Errors of the writer.
    #[cfg(feature = "parquet")]
    pub fn parquet(&self, out: impl Write) -> io::Result<()> {
        cells::parquet::write(out, "sweep", self.rows())
    }

    /// The table of all points, or of the front if there are many; and why some points cannot run.
    pub fn table(&self) -> String {
        let on_front = self.on_front();
        let count = self.points.len();
        let all = count <= MOST_ROWS;
        let mut text = format!("{}, {}\n\n", self.network, self.model.title());
        let clusters = self.points.iter().filter_map(|point| point.outcome.as_ref().ok());
        let clusters = clusters.map(|outcome| outcome.cluster_need).any(|need| need > 0);
        let mut header = vec!["accelerator", "dataflow", "cycles", "MHz", "ms", "energy nJ", "util", "mm^2", "mW"];
        header.push("L1 B");
        header.extend(clusters.then_some("cluster B"));
        header.extend(["L2 B", "fits", "front"]);
        let shown = self.points.iter().zip(&on_front).filter(|(_, on)| all || **on);
        let rows: Vec<_> = shown.map(|(point, on_front)| row(point, *on_front, clusters)).collect();
        if !rows.is_empty() {
            let header: Vec<String> = header.into_iter().map(str::to_string).collect();
            text += &grid(&header, rows);
            text += "\n\n";
        }
        let usable = self.points.iter().filter(|point| point.usable().is_some()).count();
        let fronts = on_front.iter().filter(|on| **on).count();
        let what = if all { "" } else { ", which are shown; --format csv has all" };
        let _ = writeln!(
            text,
            "{usable} of {count} designs can run it; {fronts} are on the front (*): none other has both latency and energy \
             as low{what}"
        );
        let refused = || self.points.iter().filter(|point| point.usable().is_none());
        for point in refused().take(MOST_REASONS) {
            let _ = writeln!(text, "{} under {}: {}", point.target.name, point.dataflow, reason(point));
        }
        if refused().count() > MOST_REASONS {
            let _ = writeln!(text, "{} more cannot: see --format csv", refused().count() - MOST_REASONS);
        }
        text
    }
}

/// Why the network cannot run on a design; empty if it can.
fn reason(point: &Point<'_>) -> String {
    match &point.outcome {
        Ok(outcome) => outcome.misfits.join("; "),
        Err(error) => error.to_string(),
    }
}

/// A row of the table for people.
fn row(point: &Point<'_>, on_front: bool, clusters: bool) -> Vec<String> {
    let outcome = point.outcome.as_ref().ok();
    let cycles = outcome.and_then(|outcome| outcome.cycles);
    let silicon = outcome.and_then(|outcome| outcome.silicon);
    let need = |of: fn(&Outcome) -> u64, buffer: &str| {
        let text = |outcome: &Outcome| {
            let short = outcome.short.split('+').any(|short| short == buffer);
            grouped(of(outcome)) + if short { "!" } else { "" }
        };
        known(outcome, text)
    };
    let mut cells = vec![
        point.target.name.clone(),
        point.dataflow.to_string(),
        known(cycles, grouped),
        point.target.platform.clock_mhz.to_string(),
        known(cycles, |cycles| ms(point.ms(cycles))),
        known(outcome.and_then(|outcome| outcome.energy), energy),
        known(outcome.and_then(|outcome| outcome.utilization), percent),
        known(silicon, |silicon| format!("{:.2}", silicon.area() / 1e6)),
        known(silicon, |silicon| format!("{:.0}", silicon.power())),
        need(|outcome| outcome.l1_need, "l1"),
    ];
    cells.extend(clusters.then(|| need(|outcome| outcome.cluster_need, "cluster")));
    cells.push(need(|outcome| outcome.l2_need, "l2"));
    cells.push(match outcome {
        Some(outcome) if outcome.short.is_empty() => "yes".to_string(),
        Some(outcome) => format!("not {}", outcome.short),
        None => "unsuited".to_string(),
    });
    cells.push(if on_front { "*" } else { "" }.to_string());
    cells
}

/// Milliseconds with four significant digits.
pub(super) fn ms(ms: f64) -> String {
    let before = if ms >= 1.0 { ms.log10().floor() as usize + 1 } else { 1 };
    format!("{ms:.digits$}", digits = 4usize.saturating_sub(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_have_four_digits() {
        let cases = [(0.14972, "0.150"), (1.23456, "1.235"), (12.3456, "12.35"), (12_345.6, "12346")];
        for (time, text) in cases {
            assert_eq!(ms(time), text);
        }
    }
}
