//! `maestrino space`: commands about the networks of a space.

pub mod accelerators;
mod campaign;
pub mod choice;
mod listing;
pub mod models;
mod sample;
mod select;
mod srcc;
pub mod warnings;

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::portion;
use crate::host::shard::Part;

/// Sample, select, cost and compare networks of NAS-Bench-301, AlphaNet, a space for microcontrollers, and spaces
/// described by files
#[derive(clap::Args)]
#[command(arg_required_else_help = true)]
pub struct SpaceArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Sample(Box<sample::SampleArgs>),
    Select(Box<select::SelectArgs>),
    Campaign(Box<campaign::CampaignArgs>),
    Srcc(Box<srcc::SrccArgs>),
}

/// Joins the parts of a campaign.
pub fn join(args: SpaceArgs, parts: &mut [Part], output: PathBuf) -> Result<(), Failure> {
    match args.command {
        Command::Campaign(args) => campaign::join(*args, parts, output),
        Command::Sample(_) | Command::Select(_) | Command::Srcc(_) => Err(portion::none()),
    }
}

/// Runs the command.
pub fn run(args: &SpaceArgs) -> Result<(), Failure> {
    match &args.command {
        Command::Sample(args) => sample::run(args),
        Command::Select(args) => select::run(args),
        Command::Campaign(args) => campaign::run(args),
        Command::Srcc(args) => srcc::run(args),
    }
}
