//! `maestrino inspect`: lists the operators of a network.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::host::model::listing::Listing;
use crate::host::report::listing;
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::network::{self, ShapeArgs};
use crate::cli::output;
use crate::host::formats::any::Contents;

/// List the operators of a network with shapes, MACs and parameters, and what is skipped and why
#[derive(clap::Args)]
pub struct InspectArgs {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob
    #[arg(value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    shapes: ShapeArgs,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

/// Runs the command.
pub fn run(args: &InspectArgs) -> Result<(), Failure> {
    let listing = match network::contents(&args.network, &args.shapes)? {
        Contents::Network(network, _) => Listing::of_network(&network),
        Contents::Model(model) => Listing::of_model(&model),
    };
    output::write(args.output.as_deref(), |out| match args.format {
        Format::Table => out.write_all(listing::render(&listing).as_bytes()),
        Format::Csv => listing::write_csv(out, &listing),
        Format::Json => listing::write_json(out, &listing),
    })
}
