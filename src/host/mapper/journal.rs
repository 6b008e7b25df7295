//! The journal of a search: a file next to its output with a line for each finished layer. With it, a search that was
//! stopped can continue.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Answer, Found, Task};
use crate::host::directory::{Difference, checksum, is_ours};
use crate::host::shard::{self, About, PartError};
use crate::{Cost, Dataflow, Directive};

/// Why a journal cannot be kept or resumed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// There is a journal of an earlier search that was not finished.
    #[error("{} is of a search that has not ended: add --resume to go on with it, or remove it to start over", .0.display())]
    Unfinished(PathBuf),
    /// The journal belongs to a different search.
    #[error("{} is of a search {difference}", path.display())]
    Differs {
        /// Where.
        path: PathBuf,
        /// The first difference.
        difference: Difference,
    },
    /// Another process uses the journal.
    #[error("{}: another process is at work there; wait until it has ended, or write to another file", .0.display())]
    Busy(PathBuf),
    /// A part of a search cannot be written, or cannot be joined with others.
    #[error(transparent)]
    Part(#[from] PartError),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The journal of a search.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Open and locked.
    file: Mutex<File>,
    known: HashMap<usize, Entry>,
}

/// The answer for a layer. Floating-point numbers are stored as their bits, so they are not rounded.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    layer: usize,
    mapping: Option<Vec<Directive>>,
    bound: u64,
    ideal: u64,
    evaluations: u64,
    seconds: u64,
}

impl Journal {
    /// The path of the journal of a search with this output file.
    pub fn path(output: &Path) -> PathBuf {
        let mut name = output.as_os_str().to_os_string();
        name.push(".partial");
        name.into()
    }

    /// Begins the journal of a search, or resumes that of one that was stopped. `parameters` identify the search.
    ///
    /// # Errors
    /// There is a journal already and `resume` is not set, or it belongs to a different search; or the file cannot be
    /// written.
    pub fn open(path: &Path, parameters: &Value, resume: bool) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::File { path: path.to_path_buf(), source };
        let mut file = OpenOptions::new();
        let mut file = file.read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        if !is_ours(&file).map_err(failed)? {
            return Err(JournalError::Busy(path.to_path_buf()));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let text = String::from_utf8_lossy(&bytes);
        // The last line may be incomplete if the search was killed while writing it. Nothing comes after it.
        let whole: Vec<&str> = text.split_inclusive('\n').map_while(whole).collect();
        let mut known = HashMap::new();
        if let Some((first, rest)) = whole.split_first() {
            if !resume {
                return Err(JournalError::Unfinished(path.to_path_buf()));
            }
            let was: Value = serde_json::from_str(first).unwrap_or_default();
            if let Some(difference) = Difference::between(&was, parameters) {
                return Err(JournalError::Differs { path: path.to_path_buf(), difference });
            }
            let entries = rest.iter().filter_map(|line| serde_json::from_str(line).ok());
            known.extend(entries.map(|entry: Entry| (entry.layer, entry)));
        }
        let kept: usize = whole.iter().map(|line| line.len() + CHECKSUM).sum();
        let mut journal = Journal { path: path.to_path_buf(), file: Mutex::new(file), known };
        let file = journal.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        file.set_len(kept as u64).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
        if whole.is_empty() {
            journal.write(parameters)?;
        }
        Ok(journal)
    }

    /// The number of layers that are known from before.
    pub fn known(&self) -> usize {
        self.known.len()
    }

    /// The answer for a layer, if it is known from before.
    pub(super) fn answer(&self, layer: usize, task: &Task<'_>) -> Option<Answer> {
        let Entry { ref mapping, bound, ideal, evaluations, seconds, .. } = *self.known.get(&layer)?;
        let found = |directives: &Vec<Directive>| {
            let dataflow = Dataflow::new(directives).ok()?;
            let cost = Cost::with_energies(task.layer, &dataflow, task.hardware, task.energies).ok()?;
            let figure = task.objective.figure(&super::Figures::of(&cost)?);
            Some(Found { dataflow, cost, figure })
        };
        let found = match mapping {
            None => None,
            Some(directives) => Some(found(directives)?),
        };
        let [bound, ideal, seconds] = [bound, ideal, seconds].map(f64::from_bits);
        let took = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Some(Answer { found, bound, evaluations, ideal, took })
    }

    /// Keeps the answer for a layer.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn keep(&self, layer: usize, answer: &Answer) -> Result<(), JournalError> {
        self.write(&Entry {
            layer,
            mapping: answer.found.as_ref().map(|found| found.dataflow.directives().to_vec()),
            bound: answer.bound.to_bits(),
            ideal: answer.ideal.to_bits(),
            evaluations: answer.evaluations,
            seconds: answer.took.as_secs_f64().to_bits(),
        })
    }

    fn write(&self, line: &impl Serialize) -> Result<(), JournalError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = serde_json::to_string(line)
            .map_err(io::Error::from)
            .and_then(|text| file.write_all(with_checksum(&text).as_bytes()));
        written.map_err(|source| JournalError::File { path: self.path.clone(), source })
    }

    /// Makes a part file of the journal, with its lines in the order of layers, and removes the journal. The search
    /// times are left out, so that a part always has the same bytes.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn pack(self, path: &Path, about: &About, parameters: &Value) -> Result<(), JournalError> {
        let failed = |source| JournalError::File { path: self.path.clone(), source };
        let text = fs::read_to_string(&self.path).map_err(failed)?;
        let entries = text.split_inclusive('\n').filter_map(whole).skip(1);
        let mut entries: Vec<Entry> = entries.filter_map(|line| serde_json::from_str(line).ok()).collect();
        entries.sort_by_key(|entry| entry.layer);
        let mut lines = vec![serde_json::to_string(parameters)];
        lines.extend(entries.into_iter().map(|entry| serde_json::to_string(&Entry { seconds: 0, ..entry })));
        let lines = lines.into_iter().map(|line| Ok(with_checksum(&line?)));
        let text = lines.collect::<io::Result<String>>().map_err(failed)?;
        let entry: shard::Entry<'_> = (ENTRY.to_string(), Box::new(text.as_bytes()));
        shard::pack(path, about, [Ok(entry)])?;
        self.remove()
    }

    /// Joins the parts of a search in a journal, as if a single search had been interrupted after its last layer.
    ///
    /// # Errors
    /// There is a journal already; parts are damaged, or belong to different searches; or the file cannot be written.
    pub fn unpack(path: &Path, parts: &mut [shard::Part]) -> Result<(), JournalError> {
        if path.exists() {
            return Err(JournalError::Unfinished(path.to_path_buf()));
        }
        let head = |part: &mut shard::Part| part.text(ENTRY).map(|text| text.split_inclusive('\n').take(1).collect());
        let mut text = shard::alike(parts, head)?;
        for part in parts {
            text.extend(part.text(ENTRY)?.split_inclusive('\n').skip(1));
        }
        fs::write(path, text).map_err(|source| JournalError::File { path: path.to_path_buf(), source })
    }

    /// Removes the journal when the search has ended.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn remove(self) -> Result<(), JournalError> {
        fs::remove_file(&self.path).map_err(|source| JournalError::File { path: self.path.clone(), source })
    }
}

/// The name of the journal in a part.
const ENTRY: &str = "search.journal";

/// A line with its checksum in front.
fn with_checksum(text: &str) -> String {
    format!("{} {text}\n", checksum(text.as_bytes()))
}

/// The bytes of a line's checksum, the space after it and the end of the line.
const CHECKSUM: usize = 10;

/// The text of a line, if the line is complete.
fn whole(line: &str) -> Option<&str> {
    let (sum, text) = line.strip_suffix('\n')?.split_once(' ')?;
    (sum == checksum(text.as_bytes())).then_some(text)
}
