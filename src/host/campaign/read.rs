//! Reads tables of costs: those of a campaign, and others of the same form.

#[cfg(feature = "parquet")]
mod parquet;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;

use super::tables::{COSTS, ENERGY, LATENCY};
use crate::host::csv_io::{self, ID_COLUMNS};

/// What networks cost on designs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// The networks' identities.
    pub networks: Vec<String>,
    /// The designs.
    pub columns: Vec<Column>,
    places: HashMap<String, usize>,
}

/// What all networks cost on a design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its name: `kcp_ws_accelerator_1`.
    pub name: String,
    /// Cycles, if there is a table of them; NaN where a network cannot run.
    pub latency: Option<Vec<f64>>,
    /// nJ, if there is a table of them; NaN where a network cannot run.
    pub energy: Option<Vec<f64>>,
}

/// Why a table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {what}", .file, .line.map_or(String::new(), |line| format!(":{line}")))]
pub struct TableError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// What is wrong, what was expected.
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Latency,
    Energy,
}

/// For each row of a file, in order: the network, the line, and its figures.
type Rows = Vec<(String, u64, Vec<f64>)>;

impl Tables {
    /// Adds the tables of a file or of a campaign's directory. A CSV (plain or compressed by gzip) has the columns `id` (or
    /// `seed`, or `config_index`) and one for each design. Whether it holds cycles or nJ follows from `latency` or
    /// `energy` in the names of its columns, or else in the name of the file.
    ///
    /// # Errors
    /// A file that cannot be read, a network that is missing or occurs twice, a field that is not a figure.
    pub fn add(&mut self, path: &Path) -> Result<(), TableError> {
        let file = path.display().to_string();
        let failed = |line, what: String| TableError { file: file.clone(), line, what };
        if path.is_dir() {
            let present: Vec<_> =
                [LATENCY, ENERGY, COSTS].into_iter().filter(|name| path.join(name).is_file()).collect();
            if present.is_empty() {
                return Err(failed(
                    None,
                    format!("has no {LATENCY}, {ENERGY} or {COSTS}; expected what a campaign writes"),
                ));
            }
            return present.into_iter().try_for_each(|name| self.add(&path.join(name)));
        }
        if path.extension().is_some_and(|extension| extension == "parquet") {
            return self.add_parquet(path).map_err(|what| failed(None, what));
        }
        let read = |error: std::io::Error| failed(None, format!("cannot be read: {error}"));
        let bytes = File::open(path).and_then(csv_io::unpacked).map_err(read)?;
        self.add_csv(path, &bytes).map_err(|(line, what)| failed(line, what))
    }

    fn add_csv(&mut self, path: &Path, bytes: &[u8]) -> Result<(), (Option<u64>, String)> {
        let explained = |error: csv::Error| {
            let line = error.position().map(csv::Position::line);
            let what = match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("has {len} fields; expected {expected_len}, as the header")
                }
                csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_string(),
                _ => error.to_string(),
            };
            (line, what)
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header: Vec<String> =
            reader.headers().map_err(explained)?.iter().map(|name| csv_io::of_cell(name).to_string()).collect();
        let wrong = |what: String| (Some(1), what);
        let id = header.iter().position(|name| ID_COLUMNS.contains(&name.as_str()));
        let id = id.ok_or_else(|| wrong(format!("no column {} that identifies the network", ID_COLUMNS.join(", "))))?;
        let stem = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let mut columns = Vec::new();
        for (place, name) in header.iter().enumerate().filter(|(place, name)| *place != id && *name != "pos") {
            if header[..place].contains(name) {
                return Err(wrong(format!("two columns have the name {name}")));
            }
            columns.push((
                place,
                figure_of(name, &stem).ok_or_else(|| {
                    wrong(format!(
                        "column {name}: cycles or nJ? Have `latency` or `energy` in the name of the file or the column"
                    ))
                })?,
            ));
        }
        if columns.is_empty() {
            return Err(wrong("no column with figures of a design".to_string()));
        }
        let mut rows: Rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(explained)?;
            let line = record.position().map_or(0, csv::Position::line);
            let figures = columns.iter().map(|&(place, _)| {
                let text = &record[place];
                // Empty: the network cannot run on the design.
                if text.is_empty() {
                    return Ok(f64::NAN);
                }
                let figure = text.parse::<f64>().ok().filter(|figure| figure.is_finite() && *figure >= 0.0);
                figure.ok_or_else(|| {
                    (Some(line), format!("column {}: '{text}' is not a number of 0 or more", header[place]))
                })
            });
            rows.push((csv_io::of_cell(&record[id]).to_string(), line, figures.collect::<Result<_, _>>()?));
        }
        let order = self.order(&rows)?;
        for (number, (place, (figure, name))) in columns.iter().enumerate() {
            let figures = order.iter().map(|&row| rows[row].2[number]).collect();
            self.insert(name, *figure, figures).map_err(|what| (None, format!("column {}: {what}", header[*place])))?;
        }
        Ok(())
    }

    #[cfg(not(feature = "parquet"))]
    fn add_parquet(&mut self, _: &Path) -> Result<(), String> {
        Err("is Parquet, and maestrino was built without its feature `parquet`".to_string())
    }

    /// The row of each network. The first table determines the networks.
    fn order(&mut self, rows: &Rows) -> Result<Vec<usize>, (Option<u64>, String)> {
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
        for (place, (id, line, _)) in rows.iter().enumerate() {
            if let Some(before) = places.insert(id, place) {
                return Err((Some(*line), format!("network {id} is there twice, first in line {}", rows[before].1)));
            }
        }
        if self.networks.is_empty() {
            if rows.len() < 2 {
                return Err((None, format!("has {} networks; an order needs two", rows.len())));
            }
            self.networks = rows.iter().map(|(id, ..)| id.clone()).collect();
        }
        let order = self.networks.iter().map(|network| {
            places
                .get(network.as_str())
                .copied()
                .ok_or_else(|| (None, format!("network {network} is missing; the first table has it")))
        });
        let order = order.collect::<Result<Vec<_>, _>>()?;
        if rows.len() > order.len() {
            let known: HashSet<&String> = self.networks.iter().collect();
            if let Some((id, line, _)) = rows.iter().find(|(id, ..)| !known.contains(id)) {
                return Err((Some(*line), format!("network {id} is not in the first table")));
            }
        }
        Ok(order)
    }

    fn insert(&mut self, name: &str, figure: Figure, figures: Vec<f64>) -> Result<(), String> {
        let next = self.columns.len();
        let place = *self.places.entry(name.to_string()).or_insert(next);
        if place == next {
            self.columns.push(Column { name: name.to_string(), ..Column::default() });
        }
        let column = &mut self.columns[place];
        let slot = match figure {
            Figure::Latency => &mut column.latency,
            Figure::Energy => &mut column.energy,
        };
        match slot {
            Some(_) => Err(format!("another table has {name} already")),
            None => {
                *slot = Some(figures);
                Ok(())
            }
        }
    }
}

/// The figure that a column holds, and the design's name: `latency_authors` in `kcp_ws.csv` is `kcp_ws_authors`.
fn figure_of(column: &str, file: &str) -> Option<(Figure, String)> {
    for (word, figure) in [("latency", Figure::Latency), ("energy", Figure::Energy)] {
        if let Some(rest) = column.strip_prefix(word) {
            let stem = file.split('.').next().unwrap_or(file);
            return Some((figure, format!("{stem}{rest}")));
        }
    }
    match (file.contains("latency"), file.contains("energy")) {
        (true, false) => Some((Figure::Latency, column.to_string())),
        (false, true) => Some((Figure::Energy, column.to_string())),
        _ => None,
    }
}
