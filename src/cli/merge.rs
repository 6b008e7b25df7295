//! `maestrino merge`: joins the parts of a command that was run on several machines.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::portion;
use crate::host::shard::{self, Part};

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

/// The parts of a command, and where to write the joined result.
pub struct Joined {
    pub parts: Vec<Part>,
    pub output: PathBuf,
    /// The arguments of the command that left the parts, without the program's name.
    pub arguments: Vec<String>,
}

/// Reads the parts.
pub fn read(args: MergeArgs) -> Result<Joined, Failure> {
    let parts = shard::all(&args.parts).map_err(portion::failed)?;
    let arguments = parts.first().map(|part| part.about.command.clone()).unwrap_or_default();
    Ok(Joined { parts, output: args.output, arguments })
}
