//! Sets of accelerators: built-in ones, files, directories of files, and grids.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::dataflow::presets::Presets;
use crate::host::builtin;
use crate::host::campaign::{Accelerator, accelerators};
use crate::host::formats;
use crate::host::platform::Platform;
use crate::host::sweep::Target;

use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::natural_order::natural_order;

/// An accelerator with its default dataflows, and its origin.
pub struct Chosen {
    pub target: Target,
    pub presets: Presets,
    /// The name of the accelerator, or its file.
    pub origin: String,
}

/// The accelerators of these names and files, of a directory, or of a grid.
pub fn read(names: &[OsString], directory: Option<&Path>, grid: Option<&str>) -> Result<Vec<Chosen>, Failure> {
    let chosen = match (directory, grid) {
        (Some(directory), _) => of_directory(directory)?,
        (_, Some(grid)) => {
            let grid =
                accelerators::grid(grid).map_err(|error| Failure::Input(format!("--hw-grid {grid}: {error}")))?;
            grid.into_iter().map(built_in).collect()
        }
        _ => {
            let sets: Result<Vec<_>, Failure> = names.iter().map(|name| named(name)).collect();
            sets?.into_iter().flatten().collect()
        }
    };
    let mut names: Vec<&str> = chosen.iter().map(|chosen| chosen.target.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Failure::Input(format!("two accelerators have the name {}", pair[0]))),
        None => Ok(chosen),
    }
}

/// The names and files in a list with commas. If the whole list is the name of a file, it is taken as one name.
pub fn names(list: &OsStr) -> Vec<OsString> {
    match list.to_str().filter(|_| !Path::new(list).exists()) {
        Some(text) => text.split(',').map(|name| name.trim().into()).collect(),
        None => vec![list.to_os_string()],
    }
}

/// Whether this is the name of a set of accelerators.
pub fn is_set(name: &OsStr) -> bool {
    set(name).is_some()
}

fn set(name: &OsStr) -> Option<Vec<Accelerator>> {
    match name.to_str()? {
        "study50" => Some(accelerators::study()),
        "chips50" => Some(accelerators::chips()),
        "paper" => Some(accelerators::paper()),
        _ => None,
    }
}

fn built_in(Accelerator { name, hardware }: Accelerator) -> Chosen {
    let origin = name.clone();
    Chosen {
        target: Target { name, platform: Platform::new(hardware) },
        presets: input::presets(OsStr::new("")),
        origin,
    }
}

/// The accelerators of a built-in set, or the one accelerator with this name or file.
fn named(name: &OsStr) -> Result<Vec<Chosen>, Failure> {
    if let Some(set) = set(name) {
        return Ok(set.into_iter().map(built_in).collect());
    }
    let path = Path::new(name);
    let known = name.to_str().filter(|known| builtin::accelerator(known).is_some() || !path.exists());
    let own_name = known.map_or_else(|| formats::file::stem(path), str::to_string);
    let target = Target { name: own_name, platform: input::platform(name)? };
    Ok(vec![Chosen { target, presets: input::presets(name), origin: path.display().to_string() }])
}

/// The hardware files in a directory, with `accelerator_2.m` before `accelerator_10.m`.
fn of_directory(directory: &Path) -> Result<Vec<Chosen>, Failure> {
    let read = |source| Failure::Read { path: directory.display().to_string(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if path.extension().is_some_and(|extension| extension == "m") {
            files.push((formats::file::stem(&path), path));
        }
    }
    if files.is_empty() {
        return Err(Failure::Input(format!("{} has no hardware file (*.m)", directory.display())));
    }
    files.sort_by(|(a, _), (b, _)| natural_order(a, b));
    let chosen = files.into_iter().map(|(name, path)| {
        let platform = input::platform(path.as_os_str())?;
        let origin = path.display().to_string();
        Ok(Chosen { target: Target { name, platform }, presets: input::presets(OsStr::new("")), origin })
    });
    chosen.collect()
}
