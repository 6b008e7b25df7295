//! The command line: arguments in, library calls, output out.
// A full or closed standard error must not end a run: see `output::message`.
#![deny(clippy::print_stderr)]

pub(crate) mod accelerator;
mod accelerators;
mod calibrate;
pub(crate) mod calibration;
mod codesign;
mod command;
mod compile;
mod convert;
pub(crate) mod dataflow;
pub(crate) mod estimate;
mod explain;
mod explore;
pub(crate) mod failure;
mod figure;
pub(crate) mod input;
mod inspect;
mod list;
mod maestro;
mod map;
mod merge;
pub(crate) mod model;
mod natural_order;
pub(crate) mod network;
pub(crate) mod output;
mod portion;
pub(crate) mod progress;
mod report;
mod shell;
mod space;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use clap::{CommandFactory, Parser};

use failure::Failure;
use merge::Joined;

/// Cycles and energy of neural networks on spatial accelerators: exact counts, or MAESTRO's.
#[derive(Parser)]
#[command(name = "maestrino", version, propagate_version = true, arg_required_else_help = true)]
enum Cli {
    Estimate(Box<estimate::EstimateArgs>),
    Explain(Box<explain::ExplainArgs>),
    Explore(Box<explore::ExploreArgs>),
    Maestro(Box<maestro::MaestroArgs>),
    Convert(convert::ConvertArgs),
    Calibrate(Box<calibrate::CalibrateArgs>),
    Compile(Box<compile::CompileArgs>),
    Inspect(inspect::InspectArgs),
    List(list::ListArgs),
    Map(Box<map::MapArgs>),
    Space(space::SpaceArgs),
    Codesign(Box<codesign::CodesignArgs>),
    Report(report::ReportArgs),
    Merge(merge::MergeArgs),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

/// Runs the program with its arguments, of which the first is its name, and returns its exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    match run(arguments) {
        Ok(()) => 0,
        // Help goes to standard output, errors to standard error.
        Err(Failure::Arguments(error)) => match error.print().and_then(|()| std::io::stdout().flush()) {
            Err(source) if !error.use_stderr() => ended(&Failure::stdout(source)),
            _ => Failure::Arguments(error).code(),
        },
        Err(failure) => ended(&failure),
    }
}

/// Prints why a run ends without a result, and returns its exit code.
fn ended(failure: &Failure) -> u8 {
    match failure {
        // The reader of the output has closed it.
        Failure::Output { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe => 0,
        failure => {
            output::message(failure);
            failure.code()
        }
    }
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<(), Failure> {
    progress::watch();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if called_maestro(&arguments) {
        return maestro::run(&maestro::MaestroArgs::try_parse_from(arguments)?);
    }
    command::keep(arguments.iter().skip(1).cloned().collect());
    match Cli::try_parse_from(arguments)? {
        Cli::Estimate(args) => estimate::run(&args),
        Cli::Explain(args) => explain::run(&args),
        Cli::Explore(args) => explore::run(&args),
        Cli::Maestro(args) => maestro::run(&args),
        Cli::Calibrate(args) => calibrate::run(&args),
        Cli::Compile(args) => compile::run(&args),
        Cli::Convert(args) => convert::run(&args),
        Cli::Inspect(args) => inspect::run(&args),
        Cli::List(args) => list::run(&args),
        Cli::Map(args) => map::run(&args),
        Cli::Space(args) => space::run(&args),
        Cli::Codesign(args) => codesign::run(&args),
        Cli::Report(args) => report::run(&args),
        Cli::Merge(args) => join(merge::read(args)?),
        Cli::Completions(args) => shell::completions(&args, Cli::command()),
        Cli::Man(args) => shell::man(&args, Cli::command()),
    }
}

/// Joins the parts of a command, as if it had run alone.
fn join(Joined { mut parts, output, arguments }: Joined) -> Result<(), Failure> {
    command::keep(arguments.iter().map(OsString::from).collect());
    match Cli::try_parse_from(std::iter::once("maestrino".to_string()).chain(arguments))? {
        Cli::Codesign(args) => codesign::join(*args, &mut parts, output),
        Cli::Explore(args) => explore::join(*args, &mut parts, output),
        Cli::Map(args) => map::join(*args, &mut parts, output),
        Cli::Space(args) => space::join(args, &mut parts, output),
        _ => Err(portion::none()),
    }
}

/// Whether the program was started under the reference's name.
fn called_maestro(arguments: &[OsString]) -> bool {
    let program = arguments.first().map(Path::new);
    program.and_then(Path::file_stem).is_some_and(|name| name == "maestro")
}
