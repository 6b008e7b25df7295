//! Long commands on several machines: each does a share of the work and leaves one file; together they are joined to what one machine
//! would have written.
//!
//! A part is a ZIP archive, whose checksums show damage. It holds the command, and its finished work by the same names
//! as in the files of a command that was interrupted and is resumed.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::host::directory::TEMPORARY;

/// One share of the work: part 3 of 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    part: u32,
    of: u32,
}

/// The most shares.
const MOST: u32 = 100_000;

impl Shard {
    /// All of the work.
    pub const WHOLE: Shard = Shard { part: 1, of: 1 };

    /// Whether the piece of work in this place is in it.
    pub fn takes(self, place: usize) -> bool {
        place % self.of as usize == self.part as usize - 1
    }

    /// Its pieces of work as one range, where neighbours are done faster together.
    pub fn range(self, pieces: u64) -> Range<u64> {
        let of = u64::from(self.of);
        let start = |part: u64| pieces / of * part + part.min(pieces % of);
        start(u64::from(self.part) - 1)..start(u64::from(self.part))
    }

    /// The number of shares.
    pub fn of(self) -> usize {
        self.of as usize
    }

    /// The file of the part, beside the output of the whole.
    pub fn path(self, output: &Path) -> PathBuf {
        let mut name = output.as_os_str().to_os_string();
        name.push(format!(".part-{}-of-{}", self.part, self.of));
        name.into()
    }
}

/// `3/8`
impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) && of <= MOST => Ok(Shard { part, of }),
            _ => Err(format!("expected I/N, I from 1 to N, N at most {MOST}: 3/8")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

/// The command and share that a part is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The version of the program.
    pub maestrino: String,
    /// The command, without the program's name.
    pub command: Vec<String>,
    /// Which share.
    pub shard: Shard,
}

/// The entry with the [`About`] of a part.
const ABOUT: &str = "part.json";

/// Why parts cannot be written, read or joined.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// A file that is no part, or no longer.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Parts of different commands, versions, or ways to share.
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
    /// Files that the command names are other ones now.
    #[error("{} was made of other files than those that the command names now, or of another version of them", .0.display())]
    Changed(PathBuf),
    /// Shares that are not there.
    #[error("of {of} parts {} missing: {}", if missing.len() == 1 { "one is" } else { "some are" }, few(missing))]
    Missing {
        /// How many there are to be.
        of: u32,
        /// Those that are not there.
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

/// Numbers in a row, the first few of many.
fn few(numbers: &[u32]) -> String {
    const FEW: usize = 20;
    let first: Vec<String> = numbers.iter().take(FEW).map(u32::to_string).collect();
    let more = numbers.len().saturating_sub(FEW);
    if more > 0 { format!("{} and {more} more", first.join(", ")) } else { first.join(", ") }
}

/// Finished work: the name of its entry, and where it is read from.
pub type Entry<'a> = (String, Box<dyn Read + 'a>);

/// An entry that is in a file.
///
/// # Errors
/// A file that cannot be read.
pub fn file(name: String, path: &Path) -> io::Result<Entry<'static>> {
    Ok((name, Box::new(File::open(path)?)))
}

/// Writes a part, whole or not at all.
///
/// # Errors
/// Files that cannot be read or written.
pub fn pack<'a>(
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

/// Where a file is, or is to be.
pub fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The entries of a part that is a value: the files that it was computed from, and the value.
const OF: &str = "of.txt";
const FOUND: &str = "found.postcard";

/// Writes a part that is a value. `of` identifies the content of the files that the command names.
///
/// # Errors
/// A file that cannot be written.
pub fn pack_value(path: &Path, about: &About, of: &str, found: &impl Serialize) -> Result<(), PartError> {
    let failed = |error| PartError::File { path: path.to_path_buf(), source: io::Error::other(error) };
    let bytes = postcard::to_extend(found, Vec::new()).map_err(failed)?;
    let entries: [Entry<'_>; 2] =
        [(OF.to_string(), Box::new(of.as_bytes())), (FOUND.to_string(), Box::new(bytes.as_slice()))];
    pack(path, about, entries.map(Ok))
}

/// The values of all parts, joined in their order.
///
/// # Errors
/// Parts that are damaged, or not all of this.
pub fn join_values<T: DeserializeOwned>(
    parts: &mut [Part],
    of: &str,
    mut join: impl FnMut(T, T) -> T,
) -> Result<Option<T>, PartError> {
    let was = alike(parts, |part| part.text(OF))?;
    let mut joined = None;
    for part in parts {
        if was != of {
            return Err(PartError::Changed(part.path.clone()));
        }
        let value = postcard::from_bytes(&part.bytes(FOUND)?);
        let value = value.map_err(|error| part.damaged(format!("{FOUND} ({error})")))?;
        joined = Some(match joined {
            None => value,
            Some(before) => join(before, value),
        });
    }
    Ok(joined)
}

/// A part that was written.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    archive: ZipArchive<File>,
    /// Its command and share.
    pub about: About,
}

impl Part {
    /// Opens a part.
    ///
    /// # Errors
    /// A file that cannot be read, or is none.
    pub fn open(path: &Path) -> Result<Part, PartError> {
        let file = File::open(path).map_err(|source| PartError::File { path: path.to_path_buf(), source })?;
        let damaged = |what: String| PartError::Damaged { path: path.to_path_buf(), what };
        let no_part = |error: ZipError| damaged(format!("is no part of a command, or is damaged ({error})"));
        let mut archive = ZipArchive::new(file).map_err(no_part)?;
        let mut text = String::new();
        let read = archive.by_name(ABOUT).map_err(no_part)?.read_to_string(&mut text);
        let about = read.and_then(|_| Ok(serde_json::from_str(&text)?));
        let about = about.map_err(|error| damaged(format!("is damaged ({error})")))?;
        Ok(Part { path: path.to_path_buf(), archive, about })
    }

    /// Finished work, by the names of its entries; `into` names the file that an entry goes to. Checksums are verified.
    ///
    /// # Errors
    /// A part that is damaged, and files that cannot be written.
    pub fn unpack(&mut self, into: impl Fn(&str) -> PathBuf) -> Result<(), PartError> {
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
    pub fn text(&mut self, name: &str) -> Result<String, PartError> {
        let bytes = self.bytes(name)?;
        String::from_utf8(bytes).map_err(|error| self.damaged(format!("{name} ({error})")))
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, PartError> {
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

    fn damaged(&self, what: String) -> PartError {
        PartError::Damaged { path: self.path.clone(), what: format!("is damaged: {what}") }
    }
}

/// Unpacks all parts; the entry `same` must be the same in all of them.
///
/// # Errors
/// As [`Part::unpack`]; parts in which that entry differs.
pub fn unpack(parts: &mut [Part], same: &str, into: impl Fn(&str) -> PathBuf) -> Result<(), PartError> {
    alike(parts, |part| part.text(same))?;
    parts.iter_mut().try_for_each(|part| part.unpack(&into))
}

/// What `of` reads from each part, which must be the same in all.
///
/// # Errors
/// Parts in which it differs, or cannot be read.
pub fn alike(parts: &mut [Part], of: impl Fn(&mut Part) -> Result<String, PartError>) -> Result<String, PartError> {
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

/// Opens all parts of a command, in their order.
///
/// # Errors
/// Parts that are damaged, of another command, given twice, or missing.
pub fn all(paths: &[PathBuf]) -> Result<Vec<Part>, PartError> {
    let mut parts = paths.iter().map(|path| Part::open(path)).collect::<Result<Vec<Part>, _>>()?;
    if let Some((first, others)) = parts.split_first() {
        for other in others {
            let differs = |what: &str| PartError::Differs {
                path: first.path.clone(),
                other: other.path.clone(),
                what: what.to_string(),
            };
            let (own, about) = (&first.about, &other.about);
            if own.maestrino != about.maestrino {
                return Err(differs(&format!("of version {}, not {}", about.maestrino, own.maestrino)));
            }
            if own.shard.of != about.shard.of {
                return Err(differs(&format!("one of {} parts, not of {}", about.shard.of, own.shard.of)));
            }
            if own.command != about.command {
                return Err(differs(&format!("maestrino {}", about.command.join(" "))));
            }
        }
    }
    parts.sort_by_key(|part| part.about.shard);
    for pair in parts.windows(2) {
        if pair[0].about.shard == pair[1].about.shard {
            let (path, other) = (pair[0].path.clone(), pair[1].path.clone());
            return Err(PartError::Twice { path, other, shard: pair[0].about.shard });
        }
    }
    let of = parts.first().map_or(0, |part| part.about.shard.of);
    let missing: Vec<u32> = (1..=of).filter(|part| !parts.iter().any(|own| own.about.shard.part == *part)).collect();
    if missing.is_empty() { Ok(parts) } else { Err(PartError::Missing { of, missing }) }
}
