//! The command line: arguments in, library calls, output out.
// A full or closed standard error must not end a run: see `output::tell`.
#![deny(clippy::print_stderr)]

mod accelerator;
mod accelerators;
mod calibrate;
mod calibration;
mod codesign;
mod compile;
mod convert;
mod dataflow;
mod estimate;
mod explore;
mod failure;
mod input;
mod inspect;
mod list;
mod map;
mod model;
mod network;
mod output;
mod progress;
mod reference;
mod report;
mod space;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use failure::Failure;

/// Cycles and energy of neural networks on spatial accelerators: exact counts, or MAESTRO's.
#[derive(Parser)]
#[command(name = "maestrino", version, propagate_version = true, arg_required_else_help = true)]
enum Cli {
    Estimate(Box<estimate::Args>),
    Explore(Box<explore::Args>),
    Maestro(Box<reference::Args>),
    Convert(convert::Args),
    Calibrate(Box<calibrate::Args>),
    Compile(Box<compile::Args>),
    Inspect(inspect::Args),
    List(list::Args),
    Map(Box<map::Args>),
    Space(space::Args),
    Codesign(Box<codesign::Args>),
    Report(report::Args),
}

fn main() -> ExitCode {
    progress::watch();
    let outcome = if called_maestro() {
        parsed().and_then(|args| reference::run(&args))
    } else {
        parsed().and_then(|command| match command {
            Cli::Estimate(args) => estimate::run(&args),
            Cli::Explore(args) => explore::run(&args),
            Cli::Maestro(args) => reference::run(&args),
            Cli::Calibrate(args) => calibrate::run(&args),
            Cli::Compile(args) => compile::run(&args),
            Cli::Convert(args) => convert::run(&args),
            Cli::Inspect(args) => inspect::run(&args),
            Cli::List(args) => list::run(&args),
            Cli::Map(args) => map::run(&args),
            Cli::Space(args) => space::run(&args),
            Cli::Codesign(args) => codesign::run(&args),
            Cli::Report(args) => report::run(&args),
        })
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // It has been told.
        Err(Failure::Arguments(code)) => code,
        // Whoever read our output has seen enough.
        Err(Failure::Output { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            output::tell(&failure);
            failure.exit_code()
        }
    }
}

/// What the command line says, if it says anything; help goes to standard output, what is wrong to standard error.
fn parsed<Args: Parser>() -> Result<Args, Failure> {
    Args::try_parse().map_err(|error| {
        let told = error.print().and_then(|()| std::io::stdout().flush());
        match told {
            Err(source) if !error.use_stderr() => Failure::stdout(source),
            _ => Failure::Arguments(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))),
        }
    })
}

/// Whether the program was started under the reference's name.
fn called_maestro() -> bool {
    std::env::args_os()
        .next()
        .is_some_and(|path| std::path::Path::new(&path).file_stem().is_some_and(|name| name == "maestro"))
}
