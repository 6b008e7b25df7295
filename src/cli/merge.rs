//! `maestrino merge`: joins the parts of a command that several machines shared.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use crate::cli::failure::Failure;
use crate::cli::{Cli, codesign, command, explore, map, portion, space};
use crate::host::shard;

/// Join the parts of a command that was run with --shard 1/N to N/N; the result is what one run would have written.
///
/// All parts must be given, each once and undamaged. Files that the command named are read again, from the same
/// places.
#[derive(clap::Args)]
pub struct MergeArgs {
    /// The parts, in any order
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// Where the command would have written
    #[arg(long, short, value_name = "FILE|DIR")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(args: MergeArgs) -> Result<(), Failure> {
    let mut parts = shard::all(&args.parts).map_err(portion::failed)?;
    let command = parts.first().map(|part| part.about.command.clone()).unwrap_or_default();
    command::keep(command.iter().map(OsString::from).collect());
    match Cli::try_parse_from(std::iter::once("maestrino".to_string()).chain(command))? {
        Cli::Codesign(own) => codesign::join(*own, &mut parts, args.output),
        Cli::Explore(own) => explore::join(*own, &mut parts, args.output),
        Cli::Map(own) => map::join(*own, &mut parts, args.output),
        Cli::Space(own) => space::join(own, &mut parts, args.output),
        _ => Err(portion::none()),
    }
}
