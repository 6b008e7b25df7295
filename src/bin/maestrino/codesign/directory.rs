//! The directory that a search leaves its files in.

use std::path::Path;

use maestrino::host::search::files::{self, File, SUMMARY};
use maestrino::host::search::identity::Identity;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::output;

/// Writes files into a directory, which is made if need be. What another search left there goes first; what the same one
/// left stays, and its summary is added to.
pub fn save(
    directory: &Path,
    identity: &Identity,
    summary: Map<String, Value>,
    saved: Vec<File>,
) -> Result<(), Failure> {
    let failed = |path: &Path, source| Failure::Output { path: path.display().to_string(), source };
    std::fs::create_dir_all(directory).map_err(|source| failed(directory, source))?;
    let mut all = match former(directory) {
        Some((known, fields)) if known.suits(identity) => fields,
        Some(_) => {
            output::tell(format_args!("{}: what another search left there is replaced", directory.display()));
            for path in files::NAMES.map(|name| directory.join(name)).iter().filter(|path| path.is_file()) {
                std::fs::remove_file(path).map_err(|source| failed(path, source))?;
            }
            Map::new()
        }
        None => Map::new(),
    };
    all.extend(summary);
    all.extend(files::identity_fields(identity));
    for (name, bytes) in saved.into_iter().chain([files::summary(&all)]) {
        output::write(Some(&directory.join(name)), |out| out.write_all(&bytes))?;
    }
    Ok(())
}

/// The search that a directory is of, and its summary; `None` if it is of none.
fn former(directory: &Path) -> Option<(Identity, Map<String, Value>)> {
    let bytes = std::fs::read(directory.join(SUMMARY)).ok()?;
    let Ok(Value::Object(fields)) = serde_json::from_slice(&bytes) else { return None };
    // Without a space it is a summary of something else.
    fields.get("space")?.as_str()?;
    Some((files::identity(&fields), fields))
}
