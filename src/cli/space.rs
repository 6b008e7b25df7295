//! `maestrino space`: networks of a space.

pub mod campaign;
pub mod choice;
mod listing;
pub mod models;
mod sample;
mod select;
mod srcc;

use crate::cli::failure::Failure;

/// Networks of NAS-Bench-301, AlphaNet, a space for microcontrollers, and spaces that files describe
#[derive(clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Sample(Box<sample::Args>),
    Select(Box<select::Args>),
    Campaign(Box<campaign::Args>),
    Srcc(Box<srcc::Args>),
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Sample(args) => sample::run(args),
        Command::Select(args) => select::run(args),
        Command::Campaign(args) => campaign::run(args),
        Command::Srcc(args) => srcc::run(args),
    }
}
