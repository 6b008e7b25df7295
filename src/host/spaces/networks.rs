//! Lists of networks: the study's selection, all networks that it drew, ids, or a file.

use std::collections::HashMap;
use std::io;

use super::space::{Genome, Space, UnknownId};
use crate::host::csv_io::{self, ID_COLUMNS};

/// The maximum number of networks of a list.
const MAX_NETWORKS: usize = 10_000_000;

/// A network of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id, if it has one.
    pub id: Option<u32>,
    /// The network.
    pub genome: Genome,
}

/// Why a list cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// A line of a file, counted from 1.
    #[error("{file}:{line}: {what}")]
    Row {
        /// The file's name.
        file: String,
        /// The line.
        line: u64,
        /// What is wrong with it, what was expected.
        what: String,
    },
    /// A file as a whole.
    #[error("{file}: {what}")]
    File {
        /// The file's name.
        file: String,
        /// What is wrong with it, what was expected.
        what: String,
    },
    /// Ids as `0..100,200`.
    #[error("networks '{text}': {what}")]
    Ids {
        /// What was given.
        text: String,
        /// What is wrong with it, what was expected.
        what: String,
    },
    /// An id that does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownId),
}

/// The networks with these ids, in this order.
///
/// # Errors
/// An id that does not exist.
fn with_ids(space: &dyn Space, ids: &[u32]) -> Result<Vec<Listed>, UnknownId> {
    let genomes = space.with_ids(ids)?;
    Ok(ids.iter().zip(genomes).map(|(&id, genome)| Listed { id: Some(id), genome }).collect())
}

/// The networks of a list on the command line: `selected`, `all` that the study drew, or ids as `0..100` (without the
/// end), `5` or `1,2,3`.
///
/// # Errors
/// There is no such list, or ids do not exist or are given twice.
pub fn named(space: &dyn Space, text: &str) -> Result<Vec<Listed>, ListError> {
    match text {
        "selected" => Ok(with_ids(space, &space.selected())?),
        "all" => {
            let genomes = space.draw(space.population());
            Ok((0..).zip(genomes).map(|(id, genome)| Listed { id: Some(id), genome }).collect())
        }
        text => Ok(with_ids(space, &ids(text)?)?),
    }
}

/// Parses `0..100`, `5` or `1,2,3`, or several of these.
fn ids(text: &str) -> Result<Vec<u32>, ListError> {
    let wrong = |what: String| ListError::Ids { text: text.to_string(), what };
    let expected = || wrong("expected selected, all, a file, or ids as 0..100, 5 or 1,2,3".to_string());
    let mut ids = Vec::new();
    for part in text.split(',') {
        let number = |text: &str| {
            let digits = text.trim();
            let number = digits.parse::<u32>();
            let too_large = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            number.map_err(|_| {
                if too_large {
                    wrong(format!("{digits} is too many: ids are at most {}", u32::MAX))
                } else {
                    expected()
                }
            })
        };
        match part.split_once("..") {
            None => ids.push(number(part)?),
            Some((first, end)) => {
                let (first, end) = (number(first)?, number(end)?);
                if first >= end {
                    return Err(wrong(format!("the range {part} is empty; its end is not included")));
                }
                if (end - first) as usize > MAX_NETWORKS - ids.len() {
                    return Err(wrong(format!("more than {MAX_NETWORKS} networks")));
                }
                ids.extend(first..end);
            }
        }
    }
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(wrong(format!("{} is given twice", pair[0]))),
        None => Ok(ids),
    }
}

/// Reads networks from a CSV, plain or compressed by gzip: by `id` (or `seed`, or `config_index`), or by their
/// configuration in the columns of the space or in a single column `config`. If a file has both, they must agree.
/// Other columns are ignored. A file with a single column of numbers needs no header.
///
/// # Errors
/// The first row that is not a network of the space, or that occurs twice.
pub fn read(space: &dyn Space, bytes: &[u8], file: &str) -> Result<Vec<Listed>, ListError> {
    let table = Table::read(bytes, file)?;
    let networks = table.networks(space)?;
    networks.ok_or_else(|| table.fault(format!("it names no networks: expected {}", expected_columns(space))))
}

fn expected_columns(space: &dyn Space) -> String {
    format!("a column 'id', or 'config', or the columns {}", space.columns().join(", "))
}

/// A CSV in memory.
pub(super) struct Table {
    file: String,
    columns: Vec<String>,
    pub rows: Vec<NetworkRow>,
}

/// A row of a CSV.
pub(super) struct NetworkRow {
    line: u64,
    fields: csv::StringRecord,
}

impl NetworkRow {
    /// A field.
    pub fn field(&self, column: usize) -> &str {
        &self.fields[column]
    }

    /// Its line, counted from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl Table {
    /// Reads a CSV with a header, or one column of numbers without.
    pub fn read(bytes: &[u8], file: &str) -> Result<Table, ListError> {
        let fault = |what: String| ListError::File { file: file.to_string(), what };
        let text = csv_io::unpacked(bytes).and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other));
        let text = text.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => fault(error.to_string()),
            _ => fault(format!("not a CSV, plain or compressed by gzip: {error}")),
        })?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let fields = record.map_err(|error| {
                let line = error.position().map_or(1, csv::Position::line);
                let what = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("{len} fields, but {expected_len} in the lines before")
                    }
                    _ => error.to_string(),
                };
                ListError::Row { file: file.to_string(), line, what }
            })?;
            let (line, byte) = fields.position().map_or((1, 0), |place| (place.line(), place.byte() as usize));
            // The reader starts where the record before ended, and skips empty lines from there.
            let skipped = text.as_bytes()[byte..].iter().take_while(|byte| b"\r\n".contains(byte));
            rows.push(NetworkRow { line: line + skipped.filter(|&&byte| byte == b'\n').count() as u64, fields });
        }
        let first = rows.first().ok_or_else(|| fault("it is empty".to_string()))?;
        let columns = if first.fields.len() == 1 && first.fields[0].parse::<u32>().is_ok() {
            vec![ID_COLUMNS[0].to_string()]
        } else {
            rows.remove(0).fields.iter().map(str::to_string).collect()
        };
        if rows.is_empty() {
            return Err(fault("it has no rows beside its header".to_string()));
        }
        Ok(Table { file: file.to_string(), columns, rows })
    }

    /// An error of the file as a whole.
    pub fn fault(&self, what: String) -> ListError {
        ListError::File { file: self.file.clone(), what }
    }

    /// An error of a row.
    pub fn wrong(&self, row: &NetworkRow, what: String) -> ListError {
        ListError::Row { file: self.file.clone(), line: row.line, what }
    }

    /// Place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The names of all columns.
    pub fn columns(&self) -> String {
        self.columns.join(", ")
    }

    /// The field of a row as a finite number.
    pub fn number(&self, row: &NetworkRow, column: usize) -> Result<f64, ListError> {
        let text = &row.fields[column];
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.wrong(row, format!("{} is '{text}', expected a finite number", self.columns[column])))
    }

    /// The network of each row; `None` if there is no column of ids or configurations.
    pub fn networks(&self, space: &dyn Space) -> Result<Option<Vec<Listed>>, ListError> {
        let by_id = self.ids()?;
        let by_config = self.configs(space)?;
        let networks: Vec<Listed> = match (by_id, by_config) {
            (None, None) => return Ok(None),
            (None, Some(genomes)) => genomes.into_iter().map(|genome| Listed { id: None, genome }).collect(),
            (Some(ids), configs) => {
                let networks = match with_ids(space, &ids) {
                    Ok(networks) => networks,
                    Err(unknown) => {
                        let row = ids.iter().position(|&id| id == unknown.id).unwrap_or(0);
                        return Err(self.wrong(&self.rows[row], unknown.to_string()));
                    }
                };
                for ((row, network), genome) in self.rows.iter().zip(&networks).zip(configs.unwrap_or_default()) {
                    if network.genome != genome {
                        let (id, own) = (network.id.unwrap_or(0), space.format(&network.genome));
                        return Err(
                            self.wrong(row, format!("its configuration is not that of id {id}, which is {own}"))
                        );
                    }
                }
                networks
            }
        };
        let mut lines = HashMap::new();
        for (row, network) in self.rows.iter().zip(&networks) {
            if let Some(line) = lines.insert(network.genome, row.line) {
                return Err(self.wrong(row, format!("the same network as in line {line}")));
            }
        }
        Ok(Some(networks))
    }

    fn ids(&self) -> Result<Option<Vec<u32>>, ListError> {
        let Some(column) = ID_COLUMNS.into_iter().find_map(|name| self.column(name)) else { return Ok(None) };
        let id = |row: &NetworkRow| {
            let text = &row.fields[column];
            text.parse().map_err(|_| self.wrong(row, format!("the id is '{text}', expected 0 to {}", u32::MAX)))
        };
        self.rows.iter().map(id).collect::<Result<_, _>>().map(Some)
    }

    fn configs(&self, space: &dyn Space) -> Result<Option<Vec<Genome>>, ListError> {
        let columns: Option<Vec<usize>> = space.columns().iter().map(|name| self.column(name)).collect();
        let in_one = self.column("config");
        let genome = |row: &NetworkRow| {
            let parsed = match (&columns, in_one) {
                (Some(columns), _) => {
                    let fields: Vec<_> = columns.iter().map(|&column| &row.fields[column]).collect();
                    space.parse_fields(&fields)
                }
                (None, column) => space.parse(&row.fields[column.unwrap_or(0)]),
            };
            parsed.map_err(|error| self.wrong(row, error.to_string()))
        };
        if columns.is_none() && in_one.is_none() {
            return Ok(None);
        }
        self.rows.iter().map(genome).collect::<Result<_, _>>().map(Some)
    }
}
