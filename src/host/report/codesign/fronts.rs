//! The sections on accuracy against latency, on the answer to a constraint, and on the results of evolution.

use std::path::Path;

use super::error::ReportError;
use super::sheet::Sheet;
use crate::host::report::page::{Figure, Section, Table};
use crate::host::report::plot::bars::Bars;
use crate::host::report::plot::xy::{Look, Series, XyPlot};
use crate::host::report::readable::{cell, heading, rounded};
use crate::host::search::files::TEXT_COLUMNS;

/// The maximum number of designs that are drawn; each has another dataflow.
const DRAWN: usize = 5;

/// For each dataflow, takes the design with the least median latency and draws all networks on it, and the
/// accuracy-latency front.
pub(super) fn section(directory: &Path, networks: &Sheet) -> Result<Section, ReportError> {
    let designs = Sheet::need(directory, "designs.csv")?;
    let latency = Sheet::need(directory, "latency.csv")?;
    let fronts = Sheet::need(directory, "fronts.csv")?;
    let mut fastest: Vec<(&str, &str, f64)> = Vec::new();
    for row in designs.rows() {
        let (design, dataflow, median) = (row.text("design")?, row.text("dataflow")?, row.number("cycles_median")?);
        match fastest.iter_mut().find(|(known, ..)| *known == dataflow) {
            Some(best) if median < best.2 => *best = (dataflow, design, median),
            Some(_) => (),
            None => fastest.push((dataflow, design, median)),
        }
    }
    fastest.truncate(DRAWN);
    if latency.rows().count() != networks.rows().count() {
        return Err(latency.damaged("has not the networks of networks.csv"));
    }
    let mut accuracies = Vec::new();
    for row in networks.rows() {
        accuracies.push(row.number("accuracy")?);
    }
    let (mut series, mut lines, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (style, &(_, design, _)) in fastest.iter().enumerate() {
        let mut cloud = Vec::new();
        for (row, accuracy) in latency.rows().zip(&accuracies) {
            // A network that cannot run on the design has no latency.
            let Some(cycles) = row.maybe(design)? else { continue };
            cloud.push([cycles, *accuracy]);
            let cells = [design.to_string(), row.text("id")?.to_string(), accuracy.to_string(), cycles.to_string()];
            rows.push(cells.to_vec());
        }
        series.push(Series { name: String::new(), points: cloud, look: Look::Cloud, style });
        let mut front = Vec::new();
        for row in fronts.rows() {
            if row.text("design")? == design {
                front.push([row.number("cycles")?, row.number("accuracy")?]);
            }
        }
        if front.is_empty() {
            return Err(fronts.damaged(&format!("has no front of {design}")));
        }
        lines.push(Series { name: design.to_string(), points: front, look: Look::LineMarkers, style });
    }
    series.extend(lines);
    let plot = XyPlot { x: "latency, cycles", y: "accuracy, points", log_x: true, log_y: false, series };
    let caption =
        "Every network that can run (dots) on the design of each dataflow with the least median latency, and the \
                   Pareto front there (lines)."
            .to_string();
    let data = Table::new(&["design", "id", "accuracy", "cycles"], rows);
    Ok(Section {
        heading: "Accuracy against latency".to_string(),
        text: vec!["The fronts of all designs are in fronts.csv.".to_string()],
        figures: vec![Figure::new("fronts", caption, &plot, data)?],
        ..Section::default()
    })
}

/// A layer of the chosen network, with its cycles and its energy in nJ.
struct LayerCost {
    name: String,
    cycles: f64,
    energy: f64,
}

/// The maximum number of layers that are drawn.
const LAYERS: usize = 20;

/// The answer of each method to a constraint, and where the chosen design spends its cycles and energy.
pub(super) fn answer(directory: &Path) -> Result<Option<Section>, ReportError> {
    let Some(choices) = Sheet::read(directory, "choices.csv")? else { return Ok(None) };
    let columns = [
        "method",
        "feasible",
        "id",
        "accelerator",
        "dataflow",
        "accuracy",
        "cycles",
        "energy",
        "area",
        "power",
        "l1",
        "l2",
        "fits",
        "missed",
        "evaluations",
    ];
    let mut answers = Table {
        caption:
            "Answers. L1 and L2 are the buffers that area and power are of; fits: whether the accelerator has them. \
                  Missed is the accuracy that may have been missed at most, where the method can tell."
                .to_string(),
        columns: columns.map(heading).to_vec(),
        ..Table::default()
    };
    for row in choices.rows() {
        let mut cells = Vec::new();
        for column in columns {
            // Refuses a numeric column with a cell that is not a number.
            if !TEXT_COLUMNS.contains(&column) {
                row.maybe(column)?;
            }
            cells.push(cell(column, row.text(column)?));
        }
        answers.rows.push(cells);
    }
    if answers.rows.is_empty() {
        return Ok(None);
    }
    let mut section = Section {
        heading: "The chosen design".to_string(),
        text: vec!["The most accurate network and design that meet the constraint.".to_string()],
        tables: vec![answers],
        ..Section::default()
    };
    let layers = Sheet::need(directory, "breakdown.csv")?;
    let mut costs: Vec<LayerCost> = Vec::new();
    for row in layers.rows() {
        let shape = format!("{} {}", row.text("layer")?, row.text("kind")?);
        let channels = [row.text("K")?, row.text("C")?].join("x");
        let filter = [row.text("R")?, row.text("S")?].join("x");
        let mut energy = 0.0;
        for part in ["mac", "l1", "cluster", "l2", "offchip"] {
            energy += row.number(part)?;
        }
        costs.push(LayerCost { name: format!("{shape} {channels} {filter}"), cycles: row.number("cycles")?, energy });
    }
    let cycles: fn(&LayerCost) -> f64 = |cost| cost.cycles;
    for (what, unit, of) in [("cycles", "cycles", cycles), ("energy", "nJ", |cost| cost.energy)] {
        let total: f64 = costs.iter().map(of).sum();
        let mut sorted: Vec<_> = costs.iter().collect();
        sorted.sort_by(|a, b| of(b).total_cmp(&of(a)));
        let bar = |cost: &&LayerCost| {
            let share = 100.0 * of(cost) / total.max(f64::MIN_POSITIVE);
            let note = format!("{} ({share:.1}%)", rounded(&of(cost).to_string()));
            (cost.name.clone(), of(cost), note)
        };
        let bars = Bars { rows: sorted.iter().take(LAYERS).map(bar).collect() };
        let shown = bars.rows.len();
        let most = if what == unit { what.to_string() } else { format!("{what} ({unit})") };
        let caption = format!(
            "The {shown} layers of the chosen network with the most {most}, of {} in all: number, kind, output x \
             input channels, filter.",
            costs.len()
        );
        let rows = costs.iter().map(|cost| vec![cost.name.clone(), of(cost).to_string()]).collect();
        section.figures.push(Figure::new(
            &format!("layers-{what}"),
            caption,
            &bars,
            Table::new(&["layer", unit], rows),
        )?);
    }
    Ok(Some(section))
}

/// The results of evolution, together with the fronts of the enumerated networks.
pub(super) fn evolution(directory: &Path) -> Result<Option<Section>, ReportError> {
    let Some(sheet) = Sheet::read(directory, "front.csv")? else { return Ok(None) };
    let mut seeds: Vec<(String, Vec<[f64; 2]>)> = Vec::new();
    let mut rows = Vec::new();
    for row in sheet.rows() {
        let point = [row.number("cycles")?, row.number("accuracy")?];
        let seed = format!("evolution, seed {}", row.text("seed")?);
        match seeds.iter_mut().find(|(name, _)| *name == seed) {
            Some((_, points)) => points.push(point),
            None => seeds.push((seed, vec![point])),
        }
        rows.push(row.fields().to_vec());
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let found = summary(&seeds);
    let mut series: Vec<Series> = Vec::new();
    // The front of the enumerated networks on the same designs or, if there is none, the fronts of all designs.
    let known =
        [("enumerated.csv", "enumerated front", Look::Markers), ("fronts.csv", "enumerated, all fronts", Look::Cloud)];
    for (file, name, look) in known {
        if let (Some(front), true) = (Sheet::read(directory, file)?, series.is_empty()) {
            let mut points = Vec::new();
            for row in front.rows() {
                points.push([row.number("cycles")?, row.number("accuracy")?]);
            }
            points.sort_by(|a, b| a[0].total_cmp(&b[0]));
            series.push(Series { name: name.to_string(), points, look, style: 6 });
        }
    }
    let seeds = seeds.into_iter().enumerate();
    series.extend(seeds.map(|(style, (name, points))| Series { name, points, look: Look::Markers, style }));
    let plot = XyPlot { x: "latency, cycles", y: "accuracy, points", log_x: true, log_y: false, series };
    let caption = "Pairs of network and design that evolution found and nothing dominates.".to_string();
    let header: Vec<&str> = sheet.header().iter().map(String::as_str).collect();
    let data: Table = Table::new(&header, rows);
    Ok(Some(Section {
        heading: "Evolution".to_string(),
        text: vec!["Evolution searches networks of the whole space together with the designs.".to_string()],
        figures: vec![Figure::new("evolution", caption, &plot, data)?],
        tables: vec![found, best(&sheet)?],
    }))
}

/// The most accurate pair of network and design of each search; of equally accurate ones, the fastest.
fn best(sheet: &Sheet) -> Result<Table, ReportError> {
    let columns = [
        "seed",
        "accelerator",
        "dataflow",
        "accuracy",
        "cycles",
        "energy",
        "area",
        "power",
        "l1",
        "l2",
        "fits",
        "network",
    ];
    let mut best: Vec<(&str, [f64; 2], Vec<String>)> = Vec::new();
    for row in sheet.rows() {
        let (seed, rank) = (row.text("seed")?, [-row.number("accuracy")?, row.number("cycles")?]);
        let mut cells = Vec::new();
        for column in columns {
            cells.push(cell(column, row.text(column)?));
        }
        match best.iter_mut().find(|(known, ..)| *known == seed) {
            Some(known) if rank < known.1 => *known = (seed, rank, cells),
            Some(_) => (),
            None => best.push((seed, rank, cells)),
        }
    }
    Ok(Table {
        caption:
            "The most accurate pair of each search. L1 and L2 are the accelerator's buffers, where they have a limit."
                .to_string(),
        columns: columns.map(heading).to_vec(),
        rows: best.into_iter().map(|(.., cells)| cells).collect(),
    })
}

/// One row for each seed, which sums up its front.
fn summary(seeds: &[(String, Vec<[f64; 2]>)]) -> Table {
    let row = |(name, points): &(String, Vec<[f64; 2]>)| {
        let least = points.iter().map(|point| point[0]).fold(f64::INFINITY, f64::min);
        let best = points.iter().map(|point| point[1]).fold(f64::NEG_INFINITY, f64::max);
        vec![name.clone(), rounded(&points.len().to_string()), rounded(&least.to_string()), rounded(&best.to_string())]
    };
    Table {
        caption: "The front of each search".to_string(),
        ..Table::new(&["search", "pairs", "least cycles", "best accuracy, points"], seeds.iter().map(row).collect())
    }
}
