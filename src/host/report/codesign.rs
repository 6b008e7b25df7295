//! The report of a search: what `maestrino codesign` left in a directory (see [`files`]), as a page.

mod correlation;
mod fronts;
mod methods;
mod sheet;

use std::fmt;
use std::path::Path;

use super::page::{Figure, Page, Section, Table};
use super::plot::{Plot, PlotError};
use super::table::grouped;
use crate::host::costs::CostModel;
use crate::host::search::files::{self, SUMMARY};
use sheet::{ANEW, Sheet};

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportError {
    /// What is wrong, and where.
    pub what: String,
    /// What to do about it.
    pub help: Option<&'static str>,
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.help.map_or(Ok(()), |help| write!(f, "\nhelp: {help}"))
    }
}

impl std::error::Error for ReportError {}

impl From<PlotError> for ReportError {
    fn from(error: PlotError) -> ReportError {
        ReportError { what: error.to_string(), help: None }
    }
}

/// The report of what is in a directory.
///
/// # Errors
/// A directory that no search wrote, or files that were damaged since: which, where, and what to do.
pub fn report(directory: &Path) -> Result<Page, ReportError> {
    // What makes no sense is told by file and line; what does may still be of another search.
    let page = page(directory)?;
    let summary = summary(directory)?;
    let fields = summary.value.as_object().cloned().unwrap_or_default();
    match files::damaged(directory, &fields).first() {
        Some(name) => {
            let file = directory.join(name);
            let what = format!("{}: not as the search left it that {SUMMARY} tells of", file.display());
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
    let summary = summary(directory)?;
    let (space, model) = (summary.text("space")?, summary.model()?);
    let (count, of) = (designs.rows().count(), networks.rows().count());
    if count == 0 || of == 0 {
        return Err(ReportError { what: format!("{}: nothing was searched", directory.display()), help: None });
    }
    let mut sections = Vec::new();
    sections.extend(fronts::answer(directory)?);
    sections.extend(methods::comparison(directory)?);
    sections.push(correlation::section(directory)?);
    sections.push(fronts::section(directory, &networks)?);
    sections.extend(fronts::evolution(directory)?);
    sections.push(inventory(directory, &designs)?);
    Ok(Page {
        title: format!("Co-design: {space} on {count} designs"),
        summary: format!(
            "{} networks of the space {space}, each on {count} designs; a design is an accelerator under a dataflow. Costs \
             are those of {model}. Latency is in cycles, energy in nJ, accuracy in points: percent, or a score that only ranks.",
            grouped(of as u64)
        ),
        sections,
    })
}

/// The report of an evolution alone, which has no list of networks.
fn evolved(directory: &Path) -> Result<Page, ReportError> {
    let summary = summary(directory)?;
    let (space, model) = (summary.text("space")?, summary.model()?);
    let of = |field: &str| summary.count(&format!("/evolution/{field}"));
    let [accelerators, dataflows] = [of("accelerators")?, of("dataflows")?];
    let Some(section) = fronts::evolution(directory)? else {
        return Err(ReportError {
            what: format!("{}: front.csv holds no pairs", directory.display()),
            help: Some(ANEW),
        });
    };
    let kinds = if dataflows == "1" { "dataflow" } else { "dataflows" };
    Ok(Page {
        title: format!("Co-design: {space} by evolution"),
        summary: format!(
            "Networks of the whole space {space} on {accelerators} accelerators under {dataflows} {kinds}. Evolution tried \
             {} pairs, with {} evaluations of {model}. Latency is in cycles, energy in nJ, accuracy in points: \
             percent, or a score that only ranks.",
            of("tried")?,
            of("evaluations")?
        ),
        sections: vec![section],
    })
}

/// What a search says of itself.
struct Summary {
    file: String,
    value: serde_json::Value,
}

fn summary(directory: &Path) -> Result<Summary, ReportError> {
    let path = directory.join("summary.json");
    let file = path.display().to_string();
    let bad = |what: String| ReportError {
        what: format!("{file}: {what}"),
        help: Some("give a directory that `maestrino codesign --output` wrote"),
    };
    let text = std::fs::read_to_string(&path).map_err(|error| bad(error.to_string()))?;
    let value = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    Ok(Summary { file, value })
}

impl Summary {
    fn text(&self, field: &str) -> Result<&str, ReportError> {
        self.value[field].as_str().ok_or_else(|| self.bad(field))
    }

    /// The count at a place such as `/evolution/tried`, as a person reads it.
    fn count(&self, place: &str) -> Result<String, ReportError> {
        let count = self.value.pointer(place).and_then(serde_json::Value::as_u64);
        count.map(grouped).ok_or_else(|| self.bad(place))
    }

    /// The cost model, as a person calls it.
    fn model(&self) -> Result<&'static str, ReportError> {
        let name = self.text("model")?;
        let model = [CostModel::Exact, CostModel::Maestro].into_iter().find(|model| model.name() == name);
        model
            .map(|model| match model {
                CostModel::Exact => "the exact model",
                CostModel::Maestro => "MAESTRO's model",
            })
            .ok_or_else(|| self.bad("model"))
    }

    fn bad(&self, field: &str) -> ReportError {
        ReportError { what: format!("{}: there is no '{field}'", self.file), help: Some(ANEW) }
    }
}

/// The designs that were searched, and those that could not be.
fn inventory(directory: &Path, designs: &Sheet) -> Result<Section, ReportError> {
    let columns = [
        ("design", "design"),
        ("pes", "PEs"),
        ("noc", "NoC, B/cycle"),
        ("offchip", "off-chip, B/cycle"),
        ("networks", "networks"),
        ("cycles_min", "least cycles"),
        ("cycles_median", "median cycles"),
        ("energy_min", "least nJ"),
        ("energy_median", "median nJ"),
    ];
    let mut table = Table {
        caption: "Designs; minima and medians over the networks".to_string(),
        columns: columns.iter().map(|(_, heading)| heading.to_string()).collect(),
        ..Table::default()
    };
    for row in designs.rows() {
        let mut cells = vec![row.text("design")?.to_string()];
        for (column, _) in &columns[1..] {
            cells.push(grouped(row.number(column)? as u64));
        }
        table.rows.push(cells);
    }
    let mut tables = vec![table];
    if let Some(unusable) = Sheet::read(directory, "unusable.csv")? {
        let mut table = Table {
            caption: "Accelerators that a dataflow cannot use, for some networks at least".to_string(),
            columns: ["dataflow", "accelerator", "reason"].map(String::from).to_vec(),
            ..Table::default()
        };
        for row in unusable.rows() {
            let cells = [row.text("dataflow")?, row.text("accelerator")?, row.text("reason")?];
            table.rows.push(cells.map(String::from).to_vec());
        }
        tables.extend((!table.rows.is_empty()).then_some(table));
    }
    Ok(Section { heading: "Designs".to_string(), tables, ..Section::default() })
}

fn figure(id: &str, caption: String, plot: &impl Plot, data: Table) -> Result<Figure, ReportError> {
    Ok(Figure { id: id.to_string(), caption, drawing: plot.drawing()?, data })
}

fn table(columns: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { caption: String::new(), columns: columns.iter().map(ToString::to_string).collect(), rows }
}
