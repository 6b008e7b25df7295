//! `maestrino compile`: a network as a blob for firmware.

use std::ffi::OsString;
use std::path::PathBuf;

use maestrino::host::costs::CostModel;
use maestrino::host::formats::blob::{self, CompileError};

use crate::dataflow::{DataflowArgs, unsuited};
use crate::failure::Failure;
use crate::{input, network, output};

/// Turn a network into a blob that firmware reads in place
#[derive(clap::Args)]
pub struct Args {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or another blob
    #[arg(value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: DataflowArgs,
    /// Array that the dataflows must suit: built-in accelerator, or MAESTRO hardware file
    #[arg(long, value_name = "NAME|FILE", default_value = "study")]
    hw: OsString,
    /// Processing elements of the array, if not those of --hw
    #[arg(long, value_name = "N")]
    pes: Option<u32>,
    /// Write to this file
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let mut network = network::network(&args.network, &args.model)?;
    network::pad_to_filters(&mut network);
    let choice = args.dataflow.choice(&network, input::presets(&args.hw), CostModel::Exact)?;
    let pes = match args.pes {
        Some(pes) => pes,
        None => input::hardware(&args.hw)?.pes(),
    };
    network::leave_out_unsuited(&mut network, &args.model, |named| {
        choice.dataflow(named, pes).and_then(|(dataflow, _)| blob::check(&named.layer, &dataflow, pes))
    })?;
    let bytes = blob::compile(&network, &choice, pes).map_err(|error| match error {
        CompileError::Layers(errors) => unsuited(errors, &choice),
        error => Failure::Input(format!("{}: {error}", args.network.display())),
    })?;
    output::write(Some(&args.output), |out| out.write_all(&bytes))?;
    output::tell(format_args!("{}: {} layers in {} bytes", args.output.display(), network.layers.len(), bytes.len()));
    Ok(())
}
