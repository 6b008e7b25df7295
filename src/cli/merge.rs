//! `maestrino merge`: joins the parts of a command that several machines did.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::OnceLock;

use clap::Parser;

use crate::cli::failure::Failure;
use crate::cli::{Cli, map, space};
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

/// The command line of this run, without the program's name.
pub static COMMAND: OnceLock<Vec<OsString>> = OnceLock::new();

/// Flags that may differ from part to part; all but the last have a value.
const OWN: [&str; 5] = ["--shard", "--output", "-o", "--threads", "--resume"];

/// What a part of the command that is run is of.
pub fn about(shard: Shard) -> Result<About, Failure> {
    let mut command = Vec::new();
    let mut arguments = COMMAND.get().into_iter().flatten();
    while let Some(argument) = arguments.next() {
        let argument = argument.to_str().ok_or_else(|| {
            Failure::Input(format!(
                "{}: a command with --shard must be text, for the parts tell it",
                argument.display()
            ))
        })?;
        let flag = argument.split('=').next().unwrap_or(argument);
        if OWN.contains(&flag) {
            if flag != "--resume" && flag == argument {
                arguments.next();
            }
        } else if !(argument.starts_with("-o") && argument.len() > 2) {
            command.push(argument.to_string());
        }
    }
    Ok(About { maestrino: env!("CARGO_PKG_VERSION").to_string(), command, shard })
}
