//! What the journal and the tables have in common: the directory of unfinished files, summaries of blocks, and
//! errors.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Block, DesignId, NameClash, Unusable};
use crate::host::csv_io::write_row;
use crate::host::directory::{Difference, DirectoryError, checksum};
use crate::host::shard::PartError;

/// Where unfinished campaigns keep their blocks.
pub const PARTIAL: &str = ".partial";
/// The name of [`PARTIAL`] while it is removed.
const DONE: &str = ".partial-done";
/// The parameters of a campaign, counts of its results, and checksums of its files.
pub const MANIFEST: &str = "manifest.json";
/// The designs that some networks cannot run on, and why.
pub(super) const UNUSABLE: &str = "unusable.csv";
/// The accelerators, with their figures.
pub(super) const ACCELERATORS: &str = "accelerators.csv";

/// Why a campaign's files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Several designs would have the same column.
    #[error(transparent)]
    Names(#[from] NameClash),
    /// Another command works in the directory, or it cannot be written.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// A part of a campaign cannot be written, or cannot be joined with others.
    #[error(transparent)]
    Part(#[from] PartError),
    /// There is an earlier campaign that was not finished.
    #[error(
        "{} holds an unfinished campaign: add --resume to go on with it, or remove it to start over",
        .0.join(PARTIAL).display()
    )]
    Unfinished(PathBuf),
    /// The unfinished campaign is a different one.
    #[error("{} holds an unfinished campaign {difference}", directory.join(PARTIAL).display())]
    Differs {
        /// Where.
        directory: PathBuf,
        /// The first difference.
        difference: Difference,
    },
    /// A file should not be there, or has changed.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Adds the path of the file to the error of an operation.
pub(super) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, JournalError> {
    result.map_err(|source| JournalError::File { path: path.to_path_buf(), source })
}

/// The directory of unfinished files.
#[derive(Clone, Debug)]
pub(super) struct Partial {
    path: PathBuf,
    done: PathBuf,
}

impl Partial {
    /// The directory of unfinished files in a campaign's directory. Finishes a removal that was interrupted.
    pub fn of(directory: &Path) -> Result<Partial, JournalError> {
        let partial = Partial { path: directory.join(PARTIAL), done: directory.join(DONE) };
        partial.remove_done()?;
        Ok(partial)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The file with the figures of a block: a part of the tables.
    pub fn part(&self, block: usize) -> PathBuf {
        self.file(&format!("block-{block:06}.part"))
    }

    /// The summary of a block. As soon as this file is there, the block counts as finished.
    pub fn summary(&self, block: usize) -> PathBuf {
        self.file(&format!("block-{block:06}.json"))
    }

    /// Writes a file completely or not at all, even if the power fails.
    pub fn put(&self, path: &Path, content: &[u8]) -> Result<(), JournalError> {
        let unfinished = path.with_extension("unfinished");
        let write = || {
            let mut file = fs::File::create(&unfinished)?;
            file.write_all(content)?;
            file.sync_all()
        };
        at(&unfinished, write())?;
        at(path, fs::rename(&unfinished, path))
    }

    /// Writes a CSV of the result, and returns its path and checksum. It does not wait for the disk (nor do the
    /// tables), because the manifest has the checksums.
    pub fn put_csv<'a>(
        &self,
        name: &str,
        header: &[&str],
        mut records: impl Iterator<Item = &'a [String]>,
    ) -> Result<(PathBuf, String), JournalError> {
        let path = self.file(name);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written =
            writer.write_record(header).and_then(|()| records.try_for_each(|record| write_row(&mut writer, record)));
        at(&path, written.map_err(io::Error::other))?;
        let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()));
        let bytes = at(&path, bytes)?;
        at(&path, fs::write(&path, &bytes))?;
        Ok((path, checksum(&bytes)))
    }

    /// Removes the directory with all its files. It is renamed first, so that blocks are never seen without their
    /// manifest.
    pub fn remove(&self) -> Result<(), JournalError> {
        at(&self.path, fs::rename(&self.path, &self.done))?;
        self.remove_done()
    }

    fn remove_done(&self) -> Result<(), JournalError> {
        match fs::remove_dir_all(&self.done) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => at(&self.done, Err(error)),
            _ => Ok(()),
        }
    }
}

/// The summary of a finished block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The designs, as in [`Block::designs`].
    pub designs: Vec<DesignId>,
    /// Designs that some networks cannot run on.
    pub unusable: Vec<Unusable>,
    /// As in [`Block::evaluations`].
    pub evaluations: u64,
    /// [Checksum](crate::host::directory::checksum) of its part of the table.
    pub part_crc32: String,
}

/// The state of the files of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// All are there and unchanged.
    Whole(Summary),
    /// Some are missing or have changed.
    Damaged,
    /// The block is not finished.
    None,
}

impl Summary {
    pub(super) fn new(block: &Block, part_crc32: String) -> Summary {
        Summary {
            designs: block.designs.clone(),
            unusable: block.unusable.clone(),
            evaluations: block.evaluations,
            part_crc32,
        }
    }

    /// The content of the file: a line of JSON, and its checksum.
    pub(super) fn to_text(&self) -> String {
        // Numbers and text only.
        let line = serde_json::to_string(self).unwrap_or_default();
        format!("{line}\n{}\n", checksum(line.as_bytes()))
    }

    /// Reads the content of the file; `None` if it has changed.
    pub(super) fn of_text(bytes: &[u8]) -> Option<Summary> {
        let (line, crc) = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?.split_once('\n')?;
        serde_json::from_str(line).ok().filter(|_| checksum(line.as_bytes()) == crc)
    }
}
