//! Parses values of arguments: accelerators by name or from files, limits, latencies.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::Hardware;
use crate::dataflow::presets::Presets;
use crate::host::builtin;
use crate::host::dataflow_choice;
use crate::host::formats::maestro::{self, HardwareFile};
use crate::host::formats::{blob, file};
use crate::host::platform::Platform;
use crate::wire::MAGIC;

use crate::cli::failure::Failure;

/// A built-in accelerator, or one from a hardware file or a blob, with its clock and energies.
pub fn platform(name: &OsStr) -> Result<Platform, Failure> {
    if let Some(builtin) = builtin::ACCELERATORS.iter().find(|builtin| builtin.name == name) {
        return Ok(builtin.platform());
    }
    if !Path::new(name).exists() {
        let known = builtin::ACCELERATORS.iter().map(|accelerator| accelerator.name);
        return Err(unknown("accelerator", &name.to_string_lossy(), known));
    }
    if is_blob(Path::new(name)) {
        let platform = blob::platform(&file::bytes(Path::new(name))?);
        return platform.map_err(|error| Failure::Input(format!("{}: {error}", name.display())));
    }
    let (_, file) = hardware_file(Path::new(name))?;
    file.platform().map_err(|error| Failure::Input(format!("{}: {error}", name.display())))
}

/// Whether a file is a blob, which contains an accelerator.
pub fn is_blob(path: &Path) -> bool {
    let mut first = [0; MAGIC.len()];
    path.is_file() && File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == MAGIC
}

/// The default dataflows of a built-in accelerator; [`dataflow_choice::DEFAULT`] for any other.
pub fn presets(accelerator: &OsStr) -> Presets {
    let own = builtin::ACCELERATORS.iter().find(|builtin| builtin.name == accelerator);
    own.map_or(Presets::of(dataflow_choice::DEFAULT.tiling()), |builtin| builtin.presets)
}

/// An accelerator from a file, and the figures that the file gives.
pub fn hardware_file(path: &Path) -> Result<(Hardware, HardwareFile), Failure> {
    let text = file::text(path)?;
    let file = maestro::parse_hardware(&text, &path.to_string_lossy()).map_err(Box::new)?;
    let hardware = file.hardware().map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
    Ok((hardware, file))
}

/// An item that occurs twice, if there is one.
pub fn twice<T: PartialEq>(items: &[T]) -> Option<&T> {
    items.iter().enumerate().find_map(|(place, item)| items[..place].contains(item).then_some(item))
}

/// The failure for a name that is neither a file nor built in.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<_> = known.collect();
    Failure::Input(format!(
        "there is no file '{name}' and no built-in {what} of that name; built in: {}",
        known.join(", ")
    ))
}

/// Parses limits: KEY=NUMBER,... Calls `set` for each key and value; it returns whether the key exists.
pub fn limits<'a>(
    text: &'a str,
    keys: &str,
    mut set: impl FnMut(&'a str, &'a str) -> Result<bool, String>,
) -> Result<(), String> {
    let mut given = Vec::new();
    for part in text.split(',') {
        let (key, value) =
            part.split_once('=').ok_or_else(|| format!("'{part}' is not KEY=NUMBER; keys are {keys}"))?;
        let key = key.trim();
        if given.contains(&key) {
            return Err(format!("{key} is given twice"));
        }
        given.push(key);
        if !set(key, value.trim())? {
            return Err(format!("there is no limit '{key}'; keys are {keys}"));
        }
    }
    Ok(())
}

/// Parses a limit: a number that is not negative.
pub fn limit(key: &str, number: &str) -> Result<f64, String> {
    let limit = number.parse().ok().filter(|limit: &f64| limit.is_finite() && *limit >= 0.0);
    limit.ok_or_else(|| format!("{key}: '{number}' is not a number from 0"))
}

/// Parses a share in percent: `0.1%` or `0.1`.
pub fn percent(text: &str) -> Result<f64, String> {
    let percent = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    let percent = percent.filter(|percent: &f64| percent.is_finite() && *percent >= 0.0);
    percent.map(|percent| percent / 100.0).ok_or_else(|| "a percentage from 0, as 0.1%".to_string())
}

/// A limit on a latency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Latency {
    /// Cycles.
    Cycles(f64),
    /// A time.
    Seconds(f64),
}

/// Units of time, longest first, in seconds.
const TIMES: [(&str, f64); 3] = [("ms", 1e-3), ("us", 1e-6), ("s", 1.0)];

/// Parses a limit on latency: cycles, or a time with a unit. It must not be negative.
pub fn latency(key: &str, value: &str) -> Result<Latency, String> {
    match TIMES.iter().find_map(|(unit, seconds)| Some((value.strip_suffix(unit)?, seconds))) {
        Some((number, seconds)) => limit(key, number.trim()).map(|number| Latency::Seconds(number * seconds)),
        None => limit(key, value).map(Latency::Cycles),
    }
}

impl Latency {
    /// The limit in cycles, for a clock in MHz.
    pub fn cycles(self, mhz: f64) -> f64 {
        match self {
            Latency::Cycles(cycles) => cycles,
            Latency::Seconds(seconds) => seconds * mhz * 1e6,
        }
    }
}
