//! Turns what `maestrino codesign` left in a directory (see [`files`]) into a page.

mod correlation;
mod error;
mod fronts;
mod methods;
mod sheet;
mod summary;

use std::path::Path;

use super::page::{Page, Section, Table};
use super::readable::{cell, heading};
use super::table::grouped;
use crate::host::search::files::{self, SUMMARY};
use error::ANEW;
use sheet::Sheet;
use summary::Summary;

pub use error::ReportError;

/// The report of the search in a directory.
///
/// # Errors
/// A directory that no search wrote, or files that were damaged later. The error says which file, where, and what to
/// do.
pub fn report(directory: &Path) -> Result<Page, ReportError> {
    // Files that make no sense are reported with file and line first. Files that do make sense may still belong to
    // another search, which the check below finds.
    let page = page(directory)?;
    let summary = Summary::read(directory)?;
    match files::damaged(directory, &summary.fields).first() {
        Some(name) => {
            let file = directory.join(name);
            let what = format!("{}: changed since the search that {SUMMARY} describes", file.display());
            Err(ReportError { what, help: Some(ANEW) })
        }
        None => Ok(page),
    }
}

fn page(directory: &Path) -> Result<Page, ReportError> {
    if !directory.join("designs.csv").exists() && directory.join("front.csv").exists() {
        return evolved(directory);
    }
    let designs = Sheet::need(directory, "designs.csv")?;
    let networks = Sheet::need(directory, "networks.csv")?;
    let summary = Summary::read(directory)?;
    let (space, model) = (summary.text("space")?, summary.model()?);
    let (count, of) = (designs.rows().count(), networks.rows().count());
    if count == 0 || of == 0 {
        return Err(ReportError { what: format!("{}: nothing was searched", directory.display()), help: None });
    }
    let mut sections = Vec::new();
    sections.extend(fronts::answer(directory)?);
    sections.extend(methods::comparison(directory, summary.number("/evaluations")?)?);
    sections.extend(correlation::section(directory)?);
    sections.push(fronts::section(directory, &networks)?);
    sections.extend(fronts::evolution(directory)?);
    sections.push(inventory(directory, &designs)?);
    let on = if count == 1 { "one design".to_string() } else { format!("{} designs", grouped(count as u64)) };
    let each = if count == 1 { "" } else { "each " };
    Ok(Page {
        title: format!("Co-design: {space} on {on}"),
        summary: format!(
            "{} networks of {space}, {each}on {on}; a design is an accelerator under a dataflow. Costs are those of \
             {model}. Latency is in cycles, energy in nJ, accuracy in points: {}.",
            grouped(of as u64),
            summary.points()?
        ),
        facts: summary.facts()?,
        sections,
    })
}

/// The report of an evolution without an enumerated list of networks.
fn evolved(directory: &Path) -> Result<Page, ReportError> {
    let summary = Summary::read(directory)?;
    let (space, model) = (summary.text("space")?, summary.model()?);
    let of = |field: &str| summary.number(&format!("/evolution/{field}")).map(|count| grouped(count as u64));
    let [accelerators, dataflows] = [of("accelerators")?, of("dataflows")?];
    let Some(section) = fronts::evolution(directory)? else {
        return Err(ReportError {
            what: format!("{}: front.csv holds no pairs", directory.display()),
            help: Some(ANEW),
        });
    };
    let plural = |count: &str, what: &str| format!("{count} {what}{}", if count == "1" { "" } else { "s" });
    let (on, under) = (plural(&accelerators, "accelerator"), plural(&dataflows, "dataflow"));
    Ok(Page {
        title: format!("Co-design: {space} by evolution"),
        summary: format!(
            "Networks of the whole space {space} on {on} under {under}. Evolution tried {} pairs, with {} evaluations of \
             {model}. Latency is in cycles, energy in nJ, accuracy in points: {}.",
            of("tried")?,
            of("evaluations")?,
            summary.points()?
        ),
        facts: summary.facts()?,
        sections: vec![section],
    })
}

/// The designs that were searched, and those that could not be searched.
fn inventory(directory: &Path, designs: &Sheet) -> Result<Section, ReportError> {
    let columns = [
        "design",
        "pes",
        "noc",
        "offchip",
        "l1",
        "l2",
        "area",
        "power",
        "networks",
        "cycles_min",
        "cycles_median",
        "energy_min",
        "energy_median",
    ];
    let mut table = Table {
        caption: "Designs: minima and medians over the networks that can run, area and power with the largest buffers that any \
                  of these takes; – is no limit"
            .to_string(),
        columns: columns.map(heading).to_vec(),
        ..Table::default()
    };
    for row in designs.rows() {
        let mut cells = vec![row.text("design")?.to_string()];
        for column in &columns[1..] {
            // An empty cell is no limit; for area and power, it means not known.
            let known = row.maybe(column)?.map(|_| row.text(column)).transpose()?;
            cells.push(known.map_or("–".to_string(), |text| cell(column, text)));
        }
        table.rows.push(cells);
    }
    let mut tables = vec![table];
    if let Some(unusable) = Sheet::read(directory, "unusable.csv")? {
        let mut table = Table {
            caption: "What accelerators lack under a dataflow, for how many networks, and the layer that needs most"
                .to_string(),
            columns: ["dataflow", "accelerator", "networks", "layer", "reason"].map(String::from).to_vec(),
            ..Table::default()
        };
        for row in unusable.rows() {
            let cells: Result<Vec<_>, _> = table.columns.iter().map(|column| row.text(column)).collect();
            table.rows.push(cells?.into_iter().map(String::from).collect());
        }
        tables.extend((!table.rows.is_empty()).then_some(table));
    }
    Ok(Section { heading: "Designs".to_string(), tables, ..Section::default() })
}
