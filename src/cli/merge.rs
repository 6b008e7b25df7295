//! `maestrino merge`: joins the parts of a command that several machines did.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use crate::cli::failure::Failure;
use crate::cli::{Cli, command, map, space};
use crate::host::shard::{self, About, PartError, Shard};

/// Join the parts that a command left, run with --shard 1/N to N/N, to the files that it would have written alone.
///
/// All parts must be there, once each and undamaged. Files that the command names are read again, from the same places.
#[derive(clap::Args)]
pub struct Args {
    /// The parts, in any order
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// Where the command would have written to
    #[arg(long, short, value_name = "FILE|DIR")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    let mut parts = shard::all(&args.parts).map_err(failed)?;
    let command = parts.first().map(|part| part.about.command.clone()).unwrap_or_default();
    match Cli::try_parse_from(std::iter::once("maestrino".to_string()).chain(command))? {
        Cli::Map(own) => map::join(*own, &mut parts, args.output),
        Cli::Space(own) => space::join(own, &mut parts, args.output),
        _ => Err(no_part()),
    }
}

/// The failure of a command that leaves no parts.
pub fn no_part() -> Failure {
    Failure::Input("these are parts of a command that has none".to_string())
}

fn failed(error: PartError) -> Failure {
    Failure::Input(error.to_string())
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
