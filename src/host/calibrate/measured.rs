//! Reads measurements (a table of your own, Vela's figures by layer, or what the profiler of TFLite Micro prints),
//! and finds which layers of a network were measured.

use std::collections::BTreeMap;

use crate::host::csv_io::of_cell;
use crate::host::network::NamedLayer;

/// A row that cannot be used: its line, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct MeasuredError {
    /// From 1.
    pub line: u64,
    /// What is wrong with it, and what to do.
    pub problem: String,
}

fn fault(line: u64, problem: impl Into<String>) -> MeasuredError {
    MeasuredError { line, problem: problem.into() }
}

/// A measured operator.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredRow {
    /// Its line, from 1.
    pub line: u64,
    /// The network to which it belongs, if the table says so.
    pub network: Option<String>,
    /// The family of its network. All networks of a family are left out of a fit together.
    pub family: Option<String>,
    place: Option<usize>,
    name: Option<String>,
    macs: Option<u64>,
    /// The operator. If it has no layer with MACs, the row is left out.
    operator: Option<String>,
    /// Cycles.
    pub cycles: f64,
}

/// Columns of a table of your own.
const COLUMNS: [&str; 8] = ["network", "family", "accelerator", "index", "layer", "macs", "cycles", "us"];

/// The measured operators in a text. If a table has a column `accelerator`, only the rows of this accelerator are
/// read. Microseconds are converted to cycles at `clock_mhz`.
///
/// # Errors
/// The first row that cannot be read.
pub fn read(text: &str, accelerator: &str, clock_mhz: f64) -> Result<Vec<MeasuredRow>, MeasuredError> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let has = |column: &str| first.split(',').any(|cell| cell.trim_matches(['"', ' ']).eq_ignore_ascii_case(column));
    let rows = if has("Op Cycles") {
        vela(text)?
    } else if text.contains(" ticks (") || (has("Event") && has("Ticks")) {
        profiler(text)?
    } else {
        table(text, accelerator, clock_mhz)?
    };
    if rows.is_empty() {
        return Err(fault(1, "there is no measured layer in it"));
    }
    Ok(rows)
}

/// The cells of a row by the lower-case names of their columns.
type Cells = BTreeMap<String, String>;

fn records(text: &str) -> Result<Vec<(u64, Cells)>, MeasuredError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let failed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        fault(line, format!("this is no row of the table: {error}"))
    };
    let header: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_lowercase).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(1, csv::Position::line);
        let cells = header.iter().cloned().zip(record.iter().map(|cell| of_cell(cell).to_string()));
        rows.push((line, cells.collect()));
    }
    Ok(rows)
}

fn table(text: &str, accelerator: &str, clock_mhz: f64) -> Result<Vec<MeasuredRow>, MeasuredError> {
    let mut rows = Vec::new();
    for (line, cells) in records(text)? {
        let cell = |name: &str| cells.get(name).map(String::as_str).filter(|cell| !cell.is_empty());
        let given = cells.contains_key("cycles") || cells.contains_key("us");
        if !given {
            let columns: Vec<&str> = cells.keys().map(String::as_str).collect();
            let wants = "a column cycles, or us (microseconds at the accelerator's clock)";
            return Err(fault(
                1,
                format!("expected {wants}; there are {}: columns are {}", columns.join(", "), COLUMNS.join(", ")),
            ));
        }
        if cell("accelerator").is_some_and(|own| own != accelerator) {
            continue;
        }
        let cycles = match (cell("cycles"), cell("us")) {
            (Some(cycles), None) => positive(line, "cycles", cycles)?,
            (None, Some(us)) => positive(line, "us", us)? * clock_mhz,
            (Some(_), Some(_)) => return Err(fault(line, "there are cycles and us: give one of them")),
            (None, None) => return Err(fault(line, "neither cycles nor us: leave the row out if it was not measured")),
        };
        let whole = |name: &str| {
            let number = |text: &str| {
                text.parse().map_err(|_| fault(line, format!("{name} '{text}' is no whole number from 0 on")))
            };
            cell(name).map(number).transpose()
        };
        rows.push(MeasuredRow {
            line,
            network: cell("network").map(str::to_string),
            family: cell("family").map(str::to_string),
            place: whole("index")?.map(|place: u64| place as usize),
            name: cell("layer").map(str::to_string),
            macs: whole("macs")?,
            operator: None,
            cycles,
        });
    }
    if rows.is_empty() && text.lines().count() > 1 {
        return Err(fault(1, format!("no row is of the accelerator {accelerator}: see its column accelerator")));
    }
    Ok(rows)
}

fn positive(line: u64, what: &str, text: &str) -> Result<f64, MeasuredError> {
    match text.parse::<f64>() {
        Ok(figure) if figure > 0.0 && figure < 1e15 => Ok(figure),
        _ => Err(fault(line, format!("{what} '{text}': expected a number above 0"))),
    }
}

/// Vela's `NETWORK_per-layer.csv`: operators that were fused into another have no MACs there.
fn vela(text: &str) -> Result<Vec<MeasuredRow>, MeasuredError> {
    let mut rows = Vec::new();
    for (line, cells) in records(text)? {
        let cell = |name: &str| {
            cells.get(name).ok_or_else(|| fault(1, format!("this is a table of Vela without a column '{name}'")))
        };
        let macs = cell("mac count")?;
        let macs: f64 = macs.parse().map_err(|_| fault(line, format!("MAC Count '{macs}' is no number")))?;
        if macs > 0.0 {
            let cycles = positive(line, "Op Cycles", cell("op cycles")?)?;
            let operator = Some(cell("original operator")?.clone());
            let macs = Some(macs as u64);
            rows.push(MeasuredRow {
                line,
                network: None,
                family: None,
                place: None,
                name: None,
                macs,
                operator,
                cycles,
            });
        }
    }
    Ok(rows)
}

/// Reads what `MicroProfiler::Log` or `LogCsv` prints, and ignores other lines. Ticks are cycles.
fn profiler(text: &str) -> Result<Vec<MeasuredRow>, MeasuredError> {
    const WITH_LAYERS: [&str; 5] =
        ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV", "BATCH_MATMUL"];
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let logged = text.split_once(" took ").and_then(|(tag, rest)| Some((tag, rest.split_once(" ticks")?.0)));
        let listed = || {
            let mut cells = text.split(',');
            let (event, tag, ticks) = (cells.next()?, cells.next()?, cells.next()?);
            event.trim().parse::<u32>().ok()?;
            Some((tag, ticks))
        };
        let Some((tag, ticks)) = logged.or_else(listed) else { continue };
        let tag = tag.trim().trim_matches('"');
        if WITH_LAYERS.contains(&tag) {
            let cycles = positive(line, "ticks", ticks.trim())?;
            rows.push(MeasuredRow {
                line,
                network: None,
                family: None,
                place: None,
                name: None,
                macs: None,
                operator: None,
                cycles,
            });
        }
    }
    Ok(rows)
}

/// The measured layers: places in `layers`, with their cycles. A row has the index of its layer among those with
/// MACs, or its name; or all rows are in the order of these layers.
///
/// # Errors
/// The first row that matches no layer, or the same layer as another row.
pub fn find(rows: &[MeasuredRow], layers: &[NamedLayer]) -> Result<Vec<(usize, f64)>, MeasuredError> {
    let macs =
        |place: &usize| layers[*place].layer.macs().filter(|macs| *macs > 0 && layers[*place].layer.kind().has_macs());
    let with_macs: Vec<usize> = (0..layers.len()).filter(|place| macs(place).is_some()).collect();
    let mut found: BTreeMap<usize, u64> = BTreeMap::new();
    let mut measured = Vec::new();
    let mut next = 0;
    let mut in_order = None;
    for row in rows {
        let named = |name: &str| {
            let mut places = (0..with_macs.len()).filter(|place| layers[with_macs[*place]].name == name);
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (None, _) => Err(fault(row.line, format!("the network has no layer '{name}' with MACs"))),
                (Some(_), Some(_)) => {
                    Err(fault(row.line, format!("several layers are called '{name}': give their index")))
                }
            }
        };
        let place = match (row.place, &row.name) {
            (Some(place), _) => place,
            (None, Some(name)) => named(name)?,
            (None, None) => {
                in_order = Some(row.line);
                next
            }
        };
        let layer = with_macs.get(place).copied();
        let own = layer.as_ref().and_then(macs);
        if row.operator.is_some() && row.macs != own && !has_layer(row) {
            continue;
        }
        let Some(layer) = layer else {
            return Err(fault(
                row.line,
                format!("the network has {} layers with MACs: there is none for this row", with_macs.len()),
            ));
        };
        if let (Some(given), Some(own)) = (row.macs, own)
            && given != own
        {
            let name = &layers[layer].name;
            return Err(fault(row.line, format!("{given} MACs; layer {place} ('{name}') of the network has {own}")));
        }
        if let Some(other) = found.insert(layer, row.line) {
            let name = &layers[layer].name;
            return Err(fault(row.line, format!("layer {place} ('{name}') was measured in line {other} already")));
        }
        measured.push((layer, row.cycles));
        next = place + 1;
    }
    match in_order {
        Some(line) if next < with_macs.len() => {
            let name = &layers[with_macs[next]].name;
            let how = "rows without index and name must be of all layers with MACs";
            Err(fault(line, format!("this is the last row, and layer {next} ('{name}') has none: {how}")))
        }
        _ => Ok(measured),
    }
}

/// Whether this operator of Vela has a layer.
fn has_layer(row: &MeasuredRow) -> bool {
    const WITH_LAYERS: [&str; 6] =
        ["Conv2D", "Conv2DBias", "DepthwiseConv2D", "DepthwiseConv2DBias", "FullyConnected", "TransposeConv2D"];
    row.operator.as_deref().is_some_and(|operator| WITH_LAYERS.contains(&operator))
}
