//! The file of a share: a ZIP archive with the command and its finished work.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::host::directory::TEMPORARY;

use super::Shard;

/// The command and the share to which a part belongs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The version of the program.
    pub maestrino: String,
    /// The command, without the program's name.
    pub command: Vec<String>,
    /// The share.
    pub shard: Shard,
}

/// The entry with the [`About`] of a part.
pub(super) const ABOUT: &str = "part.json";

/// Why parts cannot be written, read or joined.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// A file that is not a part, or is damaged.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Parts of different commands or versions, or of a different number of shares.
    #[error("{} is a part of another command than {}: {what}", other.display(), path.display())]
    Differs {
        /// The first.
        path: PathBuf,
        /// The one that differs.
        other: PathBuf,
        /// In what.
        what: String,
    },
    /// The same share twice.
    #[error("{} and {} are both part {shard}: give one of them", path.display(), other.display())]
    Twice {
        /// One.
        path: PathBuf,
        /// The other.
        other: PathBuf,
        /// Which share.
        shard: Shard,
    },
    /// The files that the command names have changed.
    #[error("{} was made of other files than those that the command names now, or of another version of them", .0.display())]
    Changed(PathBuf),
    /// Some shares are missing.
    #[error("of {of} parts {} missing: {}", if missing.len() == 1 { "one is" } else { "some are" }, few(missing))]
    Missing {
        /// The number of shares.
        of: u32,
        /// The missing shares.
        missing: Vec<u32>,
    },
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Numbers separated by commas, and how many more there are.
fn few(numbers: &[u32]) -> String {
    const FEW: usize = 20;
    let first: Vec<String> = numbers.iter().take(FEW).map(u32::to_string).collect();
    let more = numbers.len().saturating_sub(FEW);
    if more > 0 { format!("{} and {more} more", first.join(", ")) } else { first.join(", ") }
}

/// Finished work: the name of its entry, and a reader of its content.
pub(crate) type Entry<'a> = (String, Box<dyn Read + 'a>);

/// An entry whose content is in a file.
///
/// # Errors
/// A file that cannot be read.
#[cfg(feature = "cli")]
pub(crate) fn file(name: String, path: &Path) -> io::Result<Entry<'static>> {
    Ok((name, Box::new(File::open(path)?)))
}

/// Writes a part completely or not at all.
///
/// # Errors
/// Files that cannot be read or written.
pub(crate) fn pack<'a>(
    path: &Path,
    about: &About,
    entries: impl IntoIterator<Item = io::Result<Entry<'a>>>,
) -> Result<(), PartError> {
    let failed = |source| PartError::File { path: path.to_path_buf(), source };
    let mut temporary = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(directory_of(path)).map_err(failed)?;
    let write = |file: &mut File| -> io::Result<()> {
        let mut archive = ZipWriter::new(BufWriter::new(file));
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).large_file(true);
        archive.start_file(ABOUT, options)?;
        archive.write_all(&serde_json::to_vec_pretty(about)?)?;
        for entry in entries {
            let (name, mut from) = entry?;
            archive.start_file(name, options)?;
            io::copy(&mut from, &mut archive)?;
        }
        archive.finish()?.into_inner().map_err(|error| error.into_error())?.sync_all()
    };
    write(temporary.as_file_mut()).map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The directory in which a file is or will be.
pub(crate) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A part that was opened.
#[derive(Debug)]
pub struct Part {
    pub(super) path: PathBuf,
    pub(super) archive: ZipArchive<File>,
    /// Its command and share.
    pub about: About,
}

impl Part {
    /// Extracts the finished work. `into` returns the path for the name of an entry. Checksums are verified.
    ///
    /// # Errors
    /// A part that is damaged, and files that cannot be written.
    #[cfg(feature = "cli")]
    pub(crate) fn unpack(&mut self, into: impl Fn(&str) -> PathBuf) -> Result<(), PartError> {
        for place in 0..self.archive.len() {
            let damaged = |what: String| PartError::Damaged { path: self.path.clone(), what };
            let mut entry = self.archive.by_index(place).map_err(|error| damaged(format!("is damaged ({error})")))?;
            let name = entry.name().map_err(|error| damaged(format!("is damaged ({error})")))?.into_owned();
            if name == ABOUT {
                continue;
            }
            if name.contains(['/', '\\']) || name.starts_with('.') {
                return Err(damaged(format!("has an entry '{name}'")));
            }
            let path = into(&name);
            let mut file = File::create(&path).map_err(|source| PartError::File { path: path.clone(), source })?;
            io::copy(&mut entry, &mut file).map_err(|error| damaged(format!("is damaged: {name} ({error})")))?;
        }
        Ok(())
    }

    /// The text of an entry.
    ///
    /// # Errors
    /// A part that is damaged, or has no such entry.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, PartError> {
        let bytes = self.bytes(name)?;
        String::from_utf8(bytes).map_err(|error| self.damaged(format!("{name} ({error})")))
    }

    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, PartError> {
        let mut bytes = Vec::new();
        let read = match self.archive.by_name(name) {
            Ok(mut entry) => entry.read_to_end(&mut bytes).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(self.damaged(format!("{name} ({error})"))),
        }
    }

    pub(super) fn damaged(&self, what: String) -> PartError {
        PartError::Damaged { path: self.path.clone(), what: format!("is damaged: {what}") }
    }
}

/// Extracts all parts. The entry `same` must be equal in all of them.
///
/// # Errors
/// As [`Part::unpack`]; parts in which that entry differs.
#[cfg(feature = "cli")]
pub(crate) fn unpack(parts: &mut [Part], same: &str, into: impl Fn(&str) -> PathBuf) -> Result<(), PartError> {
    alike(parts, |part| part.text(same))?;
    parts.iter_mut().try_for_each(|part| part.unpack(&into))
}

/// What `of` reads from each part; it must be equal in all of them.
///
/// # Errors
/// Parts in which it differs, or cannot be read.
pub(crate) fn alike(
    parts: &mut [Part],
    of: impl Fn(&mut Part) -> Result<String, PartError>,
) -> Result<String, PartError> {
    let Some((first, others)) = parts.split_first_mut() else { return Ok(String::new()) };
    let own = of(first)?;
    for other in others {
        if of(other)? != own {
            let (path, other) = (first.path.clone(), other.path.clone());
            let what = "the files that the command names were not the same, or the networks that it makes".to_string();
            return Err(PartError::Differs { path, other, what });
        }
    }
    Ok(own)
}
