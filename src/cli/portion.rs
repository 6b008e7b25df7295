//! Shares of a command that several machines do, and what its parts come to.

use std::ffi::OsString;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cli::failure::Failure;
use crate::cli::{command, output};
use crate::host::shard::{self, About, Part, PartError, Shard};

/// How much of the long work of a command this run does.
pub enum Portion<'a> {
    /// All of it.
    Whole,
    /// A share, which is left as a part of this output.
    Share(Shard, &'a Path),
    /// None: its parts are joined.
    Joined(&'a mut [Part]),
}

impl<'a> Portion<'a> {
    /// By `--shard`, which needs an output.
    pub fn of(shard: Option<Shard>, output: Option<&'a Path>) -> Portion<'a> {
        shard.zip(output).map_or(Portion::Whole, |(shard, output)| Portion::Share(shard, output))
    }

    /// Whether it is a share.
    pub fn is_share(&self) -> bool {
        matches!(self, Portion::Share(..))
    }

    /// What all shares of the work come to; `None` where this was a share, which is written. `of` tells apart what the command's
    /// files hold.
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

/// Says that a part is there.
pub fn left(path: &Path, shard: Shard) {
    output::message(format_args!("{}: part {shard}; `maestrino merge` joins all parts", path.display()));
}

/// A part that cannot be read or written.
pub fn failed(error: PartError) -> Failure {
    Failure::Input(error.to_string())
}

/// The failure of a command that leaves no parts.
pub fn none() -> Failure {
    Failure::Input("these are parts of a command that has none".to_string())
}

/// Flags with a value that may differ from part to part, beside where files go; and one without.
const OWN: [&str; 2] = ["--shard", "--threads"];
const RESUME: &str = "--resume";

/// What a part of the command that is run is of.
pub fn about(shard: Shard) -> Result<About, Failure> {
    let text = |argument: &OsString| {
        let what = "a command with --shard must be text, for the parts tell it";
        let told = || Failure::Input(format!("{}: {what}", argument.display()));
        argument.to_str().map(String::from).ok_or_else(told)
    };
    let arguments = command::arguments().iter().map(text).collect::<Result<Vec<String>, Failure>>()?;
    let mut command = command::without(arguments.into_iter(), &[&command::OUTPUT[..], &OWN].concat());
    command.retain(|argument| argument != RESUME);
    Ok(About { maestrino: env!("CARGO_PKG_VERSION").to_string(), command, shard })
}
