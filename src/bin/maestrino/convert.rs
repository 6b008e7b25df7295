//! `maestrino convert`: between mapping files and model files.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use maestrino::hardware::UNLIMITED;
use maestrino::host::formats::maestro;

use crate::failure::Failure;
use crate::{dataflow, network, output};

/// Turn a model file into a mapping file (with --dataflow), or a mapping file into a model file (without)
#[derive(clap::Args)]
pub struct Args {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob
    #[arg(value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    model: network::ModelArgs,
    /// Preset or file, or several, each for a kind of layer: conv=mine.m+gemm=nmk. Without it, the layers lose their dataflows
    #[arg(long, value_name = "[KIND=]NAME|FILE[+...]")]
    dataflow: Option<OsString>,
    /// Let clusters of presets that are wider than an array of so many PEs shrink to it [default: they stay as they are]
    #[arg(long, value_name = "N", requires = "dataflow", value_parser = clap::value_parser!(u32).range(1..=i64::from(UNLIMITED)))]
    pes: Option<u32>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let mut network = network::network(&args.network, &args.model)?;
    match &args.dataflow {
        None => network.layers.iter_mut().for_each(|layer| layer.dataflow = None),
        Some(spec) => {
            let choice = dataflow::choice(&network, spec, args.pes.is_some())?;
            for named in &mut network.layers {
                let (dataflow, _) = choice
                    .dataflow(named, args.pes.unwrap_or(UNLIMITED))
                    .map_err(|error| Failure::Input(format!("layer {}: {error}", named.name)))?;
                named.dataflow = Some(Arc::new(dataflow.into_owned()));
            }
        }
    }
    let text = maestro::write_network(&network);
    output::write(args.output.as_deref(), |out| out.write_all(text.as_bytes()))
}
