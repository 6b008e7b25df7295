//! Opens and checks all parts of a command, and joins them if their work is a value.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zip::ZipArchive;
use zip::result::ZipError;

use super::part::{ABOUT, About, Entry, Part, PartError, alike, pack};

/// The entries of a part whose work is a value: what identifies the files that it was computed from, and the value.
const OF: &str = "of.txt";
const FOUND: &str = "found.postcard";

/// Writes a part whose work is a value. `of` identifies the content of the files that the command names.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn pack_value(path: &Path, about: &About, of: &str, found: &impl Serialize) -> Result<(), PartError> {
    let failed = |error| PartError::File { path: path.to_path_buf(), source: io::Error::other(error) };
    let bytes = postcard::to_extend(found, Vec::new()).map_err(failed)?;
    let entries: [Entry<'_>; 2] =
        [(OF.to_string(), Box::new(of.as_bytes())), (FOUND.to_string(), Box::new(bytes.as_slice()))];
    pack(path, about, entries.map(Ok))
}

/// Joins the values of all parts, in order.
///
/// # Errors
/// Parts that are damaged, or were made from other files.
pub(crate) fn join_values<T: DeserializeOwned>(
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

impl Part {
    /// Opens a part.
    ///
    /// # Errors
    /// A file that cannot be read, or is not a part.
    pub(crate) fn open(path: &Path) -> Result<Part, PartError> {
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
}

/// Opens all parts of a command, and sorts them.
///
/// # Errors
/// Parts that are damaged, of another command, given twice, or missing.
pub(crate) fn all(paths: &[PathBuf]) -> Result<Vec<Part>, PartError> {
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
