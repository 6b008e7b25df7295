//! Divides a command among several machines: does a share of the work, and joins the parts.

use std::ffi::OsString;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cli::failure::Failure;
use crate::cli::{command, output};
use crate::host::shard::{self, About, Part, PartError, Shard};

/// The portion of a command's work that this run does.
pub enum Portion<'a> {
    /// All of the work.
    Whole,
    /// A share, whose result is written as a part of this output.
    Share(Shard, &'a Path),
    /// None, because parts are joined.
    Joined(&'a mut [Part]),
}

impl<'a> Portion<'a> {
    /// The portion that `--shard` asks for. It needs an output.
    pub fn of(shard: Option<Shard>, output: Option<&'a Path>) -> Portion<'a> {
        shard.zip(output).map_or(Portion::Whole, |(shard, output)| Portion::Share(shard, output))
    }

    /// Whether the portion is a share.
    pub fn is_share(&self) -> bool {
        matches!(self, Portion::Share(..))
    }

    /// The result of all shares together. If this run does a share, writes the part and returns `None`. Only parts
    /// with the same `of` are joined; `of` represents the contents of the command's files.
    pub fn find<T: Serialize + DeserializeOwned>(
        self,
        of: &str,
        work: impl FnOnce(Shard) -> Result<T, Failure>,
        join: impl FnMut(T, T) -> T,
    ) -> Result<Option<T>, Failure> {
        match self {
            Portion::Whole => work(Shard::WHOLE).map(Some),
            Portion::Joined(parts) => shard::join_values(parts, of, join).map_err(failed),
            Portion::Share(shard, whole) => {
                let (about, path) = (about(shard)?, shard.path(whole));
                let directory = shard::directory_of(&path);
                if !directory.is_dir() {
                    return Err(Failure::Input(format!("{}: there is no such directory", directory.display())));
                }
                shard::pack_value(&path, &about, of, &work(shard)?).map_err(failed)?;
                left(&path, shard);
                Ok(None)
            }
        }
    }
}

/// Prints that a part has been written.
pub fn left(path: &Path, shard: Shard) {
    output::message(format_args!("{}: part {shard}; `maestrino merge` joins all parts", path.display()));
}

/// The failure for a part that cannot be read or written.
pub fn failed(error: PartError) -> Failure {
    Failure::Input(error.to_string())
}

/// The failure for parts of a command that has no `--shard`.
pub fn none() -> Failure {
    Failure::Input("these are parts of a command that has none".to_string())
}

/// Flags with a value that may differ between parts, in addition to those for the output.
const OWN: [&str; 2] = ["--shard", "--threads"];
/// A flag without a value that may differ between parts.
const RESUME: &str = "--resume";

/// The version, command and shard for a part to record.
pub fn about(shard: Shard) -> Result<About, Failure> {
    let text = |argument: &OsString| {
        let what = "a command with --shard must be valid text, because the parts record it";
        let failure = || Failure::Input(format!("{}: {what}", argument.display()));
        argument.to_str().map(String::from).ok_or_else(failure)
    };
    let arguments = command::arguments().iter().map(text).collect::<Result<Vec<String>, Failure>>()?;
    let mut command = command::without(arguments.into_iter(), &[&command::OUTPUT[..], &OWN].concat());
    command.retain(|argument| argument != RESUME);
    Ok(About { maestrino: env!("CARGO_PKG_VERSION").to_string(), command, shard })
}
