//! Shows what an exploration of a grid found: a table for people; CSV, JSON and Parquet with the same names and
//! figures; plots and a page.

#[cfg(feature = "plots")]
mod page;

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::json;

use super::cells::{self, Cell, Row};
use super::sweep::ms;
use super::table::{energy, grid, grouped, known};
use crate::Calibration;
use crate::hardware::UNLIMITED;
use crate::host::cost_table::CostModel;
use crate::host::explore::mapped::Mapping;
use crate::host::explore::search::Effort;
use crate::host::explore::{Design, Explored, Objective};

#[cfg(feature = "plots")]
pub use page::Axes;

/// The results of an exploration, and what was explored.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Name of the network.
    pub network: &'a str,
    /// Names of the dataflows.
    pub dataflows: &'a [&'a str],
    /// Name of the technology, and the source of its figures.
    pub technology: [&'a str; 2],
    /// The clock in MHz.
    pub clock_mhz: f64,
    /// The calibration that predicts measured cycles, if the accelerator has one.
    pub calibration: Option<Calibration>,
    /// The figures that were minimized.
    pub objectives: &'a [Objective],
    /// How the evaluated designs were selected; `None` if all designs of the grid were evaluated.
    pub searched: Option<Searched>,
    /// The front and the counts.
    pub explored: &'a Explored,
}

/// How a part of a grid was selected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Searched {
    /// All designs of the lines that an evolution selected. The number is that of all lines of the grid.
    Evolution(Effort, u64),
    /// Some designs were drawn at random.
    Sample(Mapping),
}

/// The maximum number of rows of a table: on a terminal, and on a page.
const MOST_ROWS: [usize; 2] = [40, 400];

impl Found<'_> {
    fn ms(&self, design: &Design) -> f64 {
        design.cycles as f64 / self.clock_mhz / 1000.0
    }

    /// Names and cells of a design.
    fn cells(&self, design: &Design) -> Row {
        let hardware = &design.accelerator.hardware;
        let limit = |figure: u32| Cell::Count((figure != UNLIMITED).then_some(figure.into()));
        let widths = hardware.widths();
        vec![
            ("id", Cell::Count(Some(design.id))),
            ("accelerator", Cell::Text(design.accelerator.name.clone())),
            ("dataflow", Cell::Text(self.dataflows[design.dataflow].to_string())),
            ("pes", Cell::Count(Some(hardware.pes().into()))),
            ("simd_lanes", Cell::Count(Some(hardware.simd_lanes().into()))),
            ("noc_bytes_per_cycle", limit(hardware.noc(0).bandwidth)),
            ("noc_latency_cycles", Cell::Count(Some(hardware.noc(0).latency.into()))),
            ("offchip_bytes_per_cycle", limit(hardware.offchip_bandwidth())),
            ("l1_bytes", limit(hardware.l1_bytes())),
            ("l2_bytes", limit(hardware.l2_bytes())),
            ("input_bits", Cell::Count(Some(widths.input.into()))),
            ("filter_bits", Cell::Count(Some(widths.filter.into()))),
            ("cycles", Cell::Count(Some(design.cycles))),
            ("latency_ms", Cell::Real(Some(self.ms(design)))),
            ("energy_nj", Cell::Real(Some(design.energy))),
            ("edp_nj_cycles", Cell::Real(Some(design.energy * design.cycles as f64))),
            ("area_um2", Cell::Real(design.silicon.map(|[area, _]| area))),
            ("power_mw", Cell::Real(design.silicon.map(|[_, power]| power))),
            ("same", Cell::Count(Some(design.same))),
        ]
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        self.explored.front.iter().map(|design| self.cells(design))
    }

    /// Writes a row for each design of the front.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn csv(&self, out: impl Write) -> io::Result<()> {
        cells::csv(out, self.rows())
    }

    /// Writes a row for each design of the front as Parquet.
    ///
    /// # Errors
    /// Errors of the writer.
    #[cfg(feature = "parquet")]
    pub fn parquet(&self, out: impl Write) -> io::Result<()> {
        cells::parquet::write(out, "front", self.rows())
    }

    /// Writes one object: the front, and the number of designs that were ruled out for each reason.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn json(&self, mut out: impl Write) -> io::Result<()> {
        let tally = &self.explored.tally;
        let [cluster, l1, l2] = tally.small;
        let [latency, nj, area, power] = tally.beyond;
        let [technology, source] = self.technology;
        let front = cells::json(self.rows().map(IntoIterator::into_iter));
        let designs = u64::try_from(self.explored.designs).unwrap_or(u64::MAX);
        let object = json!({
            "network": self.network,
            "technology": { "name": technology, "source": source },
            "clock_mhz": self.clock_mhz,
            "calibration": self.calibration.as_ref().map(Calibration::to_json),
            "objectives": self.objectives.iter().map(|objective| objective.name()).collect::<Vec<_>>(),
            "designs": designs,
            "searched": self.searched.map(|searched| match searched {
                Searched::Evolution(Effort { lines, seed }, of) => json!({ "lines": lines, "of_lines": of, "seed": seed }),
                Searched::Sample(Mapping { designs, seed, .. }) => json!({ "designs": designs, "seed": seed }),
            }),
            "looked_at": tally.total(),
            "costed": tally.costed,
            "ruled_out": {
                "outdone": tally.outdone, "unsuited": tally.unsuited,
                "cluster_too_small": cluster, "l1_too_small": l1, "l2_too_small": l2,
                "latency_max": latency, "energy_max": nj, "area_max": area, "power_max": power,
            },
            "front": front,
        });
        serde_json::to_writer_pretty(&mut out, &object)?;
        writeln!(out)
    }

    /// Why designs were ruled out, and how many for each reason.
    fn ruled_out(&self) -> Vec<(String, u64)> {
        let tally = &self.explored.tally;
        let need = |buffer: usize| self.explored.needs.map_or(0, |needs| needs[buffer]);
        let small = |what: &str, buffer: usize| {
            (format!("{what} is too small (the least that would do: {} B)", grouped(need(buffer))), tally.small[buffer])
        };
        let unsuited = self.explored.unsuited.as_ref();
        let beyond = |flag: &str, figure: usize| (format!("beyond {flag}"), tally.beyond[figure]);
        let all = [
            ("as fast as one with smaller buffers that takes no more".to_string(), tally.outdone),
            (unsuited.map_or(String::new(), |error| format!("unsuited: {error}")), tally.unsuited),
            small("the buffer of clusters", 0),
            small("L1", 1),
            small("L2", 2),
            beyond("--energy-max", 1),
            beyond("--area-max", 2),
            beyond("--power-max", 3),
            beyond("--latency-max", 0),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// The number of designs, and how many of them were evaluated.
    fn extent(&self) -> String {
        let designs = grouped(u64::try_from(self.explored.designs).unwrap_or(u64::MAX));
        match &self.searched {
            None => format!("{designs} designs, all of them evaluated"),
            Some(Searched::Sample(Mapping { seed, .. })) => format!(
                "{designs} designs, of which {} were evaluated: drawn at random (seed {seed}), more with --designs; the front is of \
                 these, and others may be better",
                grouped(self.explored.tally.total())
            ),
            Some(Searched::Evolution(Effort { lines, seed }, of)) => format!(
                "{designs} designs, of which {} were evaluated: all buffers and off-chip bandwidths of {} of {} arrays with a NoC, \
                 by evolution (seed {seed}); the front is of these, and others may be better",
                grouped(self.explored.tally.total()),
                grouped(*lines),
                grouped(*of)
            ),
        }
    }

    /// The message for an empty front.
    pub fn nothing(&self) -> String {
        let mut text = format!("no design is left of {}:", self.extent());
        for (why, count) in self.ruled_out() {
            let _ = write!(text, "\n  {} {why}", grouped(count));
        }
        text
    }

    fn model(&self) -> &'static str {
        if self.calibration.is_some() { "exact model, cycles as calibrated" } else { CostModel::Exact.title() }
    }

    fn names(&self) -> String {
        self.objectives.iter().map(|objective| objective.name()).collect::<Vec<_>>().join(", ")
    }

    /// The front (as many designs as fit), and what happened to the other designs.
    pub fn table(&self) -> String {
        let [technology, source] = self.technology;
        let mut text =
            format!("{}, {}, {} MHz, {technology}: {source}\n\n", self.network, self.model(), self.clock_mhz);
        let front = &self.explored.front;
        let columns: Vec<String> = COLUMNS.map(String::from).to_vec();
        text += &grid(&columns, some(front, MOST_ROWS[0]).map(|design| self.row(design)).collect());
        let _ = writeln!(text, "\n\n{}", self.extent());
        let _ = writeln!(text, "  {} compared in all figures", grouped(self.explored.tally.costed));
        for (why, count) in self.ruled_out() {
            let _ = writeln!(text, "  {} {why}", grouped(count));
        }
        let shown = if front.len() > MOST_ROWS[0] { "; some are shown, --format csv has all" } else { "" };
        let alike: u64 = front.iter().map(|design| design.same - 1).sum();
        let _ = writeln!(
            text,
            "front of {}: {} designs, and {} more with the same figures as one of them{shown}",
            self.names(),
            grouped(front.len() as u64),
            grouped(alike)
        );
        text
    }

    fn row(&self, design: &Design) -> Vec<String> {
        let hardware = &design.accelerator.hardware;
        let limit = |figure: u32| if figure == UNLIMITED { "-".to_string() } else { grouped(figure.into()) };
        vec![
            design.id.to_string(),
            self.dataflows[design.dataflow].to_string(),
            grouped(hardware.pes().into()),
            hardware.simd_lanes().to_string(),
            limit(hardware.noc(0).bandwidth),
            hardware.noc(0).latency.to_string(),
            limit(hardware.offchip_bandwidth()),
            limit(hardware.l1_bytes()),
            limit(hardware.l2_bytes()),
            hardware.widths().input.to_string(),
            grouped(design.cycles),
            ms(self.ms(design)),
            energy(design.energy),
            known(design.silicon, |[area, _]| format!("{:.2}", area / 1e6)),
            known(design.silicon, |[_, power]| format!("{power:.0}")),
            design.same.to_string(),
        ]
    }
}

/// Columns of a table for people.
const COLUMNS: [&str; 16] = [
    "id",
    "dataflow",
    "PEs",
    "lanes",
    "NoC",
    "hops",
    "off-chip",
    "L1 B",
    "L2 B",
    "bits",
    "cycles",
    "ms",
    "energy nJ",
    "mm^2",
    "mW",
    "same",
];

/// At most `most` elements of a list, at equal distances.
fn some<T>(all: &[T], most: usize) -> impl Iterator<Item = &T> {
    let shown = all.len().min(most);
    (0..shown)
        .map(move |place| if shown < all.len() { &all[place * (all.len() - 1) / (shown - 1)] } else { &all[place] })
}
