//! The command line: arguments in, library calls, output out.
// A full or closed standard error must not end a run: see `output::tell`.
#![deny(clippy::print_stderr)]

mod codesign;
mod compile;
mod convert;
mod estimate;
mod failure;
mod input;
mod inspect;
mod list;
mod model;
mod network;
mod output;
mod reference;
mod report;
mod space;

use std::process::ExitCode;

use clap::Parser;

use failure::Failure;

/// Cycles and energy of neural networks on spatial accelerators: exact counts, or MAESTRO's.
#[derive(Parser)]
#[command(name = "maestrino", version, propagate_version = true, arg_required_else_help = true)]
enum Cli {
    Estimate(Box<estimate::Args>),
    Maestro(Box<reference::Args>),
    Convert(convert::Args),
    Compile(compile::Args),
    Inspect(inspect::Args),
    List(list::Args),
    Space(space::Args),
    Codesign(Box<codesign::Args>),
    Report(report::Args),
}

fn main() -> ExitCode {
    let outcome = if called_maestro() {
        reference::run(&reference::Args::parse())
    } else {
        match Cli::parse() {
            Cli::Estimate(args) => estimate::run(&args),
            Cli::Maestro(args) => reference::run(&args),
            Cli::Compile(args) => compile::run(&args),
            Cli::Convert(args) => convert::run(&args),
            Cli::Inspect(args) => inspect::run(&args),
            Cli::List(args) => list::run(&args),
            Cli::Space(args) => space::run(&args),
            Cli::Codesign(args) => codesign::run(&args),
            Cli::Report(args) => report::run(&args),
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough.
        Err(Failure::Output { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            output::tell(&failure);
            failure.exit_code()
        }
    }
}

/// Whether the program was started under the reference's name.
fn called_maestro() -> bool {
    std::env::args_os()
        .next()
        .is_some_and(|path| std::path::Path::new(&path).file_stem().is_some_and(|name| name == "maestro"))
}
