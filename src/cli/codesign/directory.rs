//! Writes the files of a search into its directory.

use std::path::Path;

use crate::host::campaign::files::MANIFEST;
use crate::host::directory::{Lock, checksum};
use crate::host::search::files::{self, CHECKSUMS, SUMMARY};
use crate::host::search::fingerprint::Fingerprint;
use crate::host::search::query::Limits;
use crate::host::search::results::{self, File};
use serde_json::{Map, Value};

use crate::cli::failure::Failure;
use crate::cli::{command, output};

/// The question of this command, for the summary: see [`results::asked`].
pub fn asked(kind: &str, limits: &Limits, more: Value) -> Map<String, Value> {
    results::asked(
        kind,
        &command(command::arguments().iter().map(|word| word.to_string_lossy().into_owned())),
        limits,
        more,
    )
}

/// The command line as a text for a shell, without the flags for output. So the same question gives the same files
/// anywhere.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let words = command::without(arguments, &command::OUTPUT).into_iter().map(quoted);
    std::iter::once("maestrino".to_string()).chain(words).collect::<Vec<_>>().join(" ")
}

/// A word of a command line, quoted if a shell would interpret it.
fn quoted(word: String) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=,.:/+%@^".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// Locks the directory, so that no other command writes into it.
pub fn take(directory: &Path) -> Result<Lock, Failure> {
    Lock::take(directory).map_err(|error| Failure::Input(error.to_string()))
}

/// Writes files into the directory, which is locked. Files of another search are removed first. Files of the same
/// search stay, and its summary is extended. The summary has a checksum of each file.
pub fn save(
    directory: &Path,
    fingerprint: &Fingerprint,
    summary: Map<String, Value>,
    saved: Vec<File>,
) -> Result<(), Failure> {
    let failed = |path: &Path, source| Failure::Output { path: path.display().to_string(), source };
    let mut all = match former(directory) {
        Some((known, mut fields)) if known.suits(fingerprint) => {
            for name in files::damaged(directory, &fields) {
                let path = directory.join(name);
                output::message(format_args!(
                    "{}: it was changed since its search wrote it, and is removed",
                    path.display()
                ));
                std::fs::remove_file(&path).map_err(|source| failed(&path, source))?;
            }
            if let Some(Value::Object(checksums)) = fields.get_mut(CHECKSUMS) {
                checksums.retain(|name, _| directory.join(name).is_file());
            }
            fields
        }
        former => {
            let left: Vec<_> =
                files::NAMES.map(|name| directory.join(name)).into_iter().filter(|path| path.is_file()).collect();
            // Files without a summary come from a search that was killed while it replaced another one.
            if !left.is_empty() && (former.is_some() || !directory.join(MANIFEST).is_file()) {
                output::message(format_args!("{}: the results of another search are replaced", directory.display()));
                for path in &left {
                    std::fs::remove_file(path).map_err(|source| failed(path, source))?;
                }
            }
            Map::new()
        }
    };
    let mut checksums = match all.remove(CHECKSUMS) {
        Some(Value::Object(checksums)) => checksums,
        _ => Map::new(),
    };
    checksums.extend(saved.iter().map(|(name, bytes)| ((*name).to_string(), checksum(bytes).into())));
    all.extend(summary);
    all.extend(results::identity_fields(fingerprint));
    all.insert(CHECKSUMS.to_string(), checksums.into());
    for (name, bytes) in saved.into_iter().chain([results::summary(&all)]) {
        output::write(Some(&directory.join(name)), |out| out.write_all(&bytes))?;
    }
    Ok(())
}

/// The search whose files are in a directory, with its summary; `None` if there is none.
fn former(directory: &Path) -> Option<(Fingerprint, Map<String, Value>)> {
    let bytes = std::fs::read(directory.join(SUMMARY)).ok()?;
    let Ok(Value::Object(fields)) = serde_json::from_slice(&bytes) else { return None };
    // A summary without a space does not belong to a search.
    fields.get("space")?.as_str()?;
    Some((results::fingerprint(&fields), fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_quoted_for_a_shell_and_lack_their_output() {
        let recorded = |line: &str| command(line.split('|').map(String::from));
        assert_eq!(recorded("codesign|--space|tiny|-o|/home/x/found"), "maestrino codesign --space tiny");
        assert_eq!(recorded("codesign|--output=x|--hw-grid|pes=1:2"), "maestrino codesign --hw-grid pes=1:2");
        assert_eq!(recorded("codesign|-ofound|--hw|a b's.m|"), "maestrino codesign --hw 'a b'\\''s.m' ''");
    }
}
