//! `maestrino convert`: between mapping files and model files.

use std::path::PathBuf;
use std::sync::Arc;

use maestrino::dataflow::presets::Preset;
use maestrino::host::formats::maestro;
use maestrino::{Dataflow, Error, LayerKind};

use crate::failure::Failure;
use crate::{input, network, output};

/// Turn a model file into a mapping file (with --dataflow), or a mapping file into a model file (without)
#[derive(clap::Args)]
pub struct Args {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob
    #[arg(value_name = "NAME|FILE")]
    network: String,
    #[command(flatten)]
    model: network::ModelArgs,
    /// Dataflow of every layer: preset or file. Without it, the layers lose theirs
    #[arg(long, value_name = "NAME|FILE")]
    dataflow: Option<String>,
    /// Dataflow of depthwise layers: dpt, or none for the same as the others
    #[arg(long, value_name = "dpt|none", default_value = "dpt", value_parser = ["dpt", "none"])]
    dpt: String,
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
            let (dataflow, stand_ins) = (input::dataflow(spec)?, args.dpt == "dpt");
            network::leave_out_unsuited(&mut network, &args.model, |named| {
                mapped(named.layer.kind(), &dataflow, stand_ins).map(drop)
            })?;
            for named in &mut network.layers {
                let chosen = mapped(named.layer.kind(), &dataflow, stand_ins);
                let chosen = chosen.map_err(|error| Failure::Input(format!("layer {}: {error}", named.name)))?;
                named.dataflow = Some(Arc::new(chosen));
            }
        }
    }
    let text = maestro::write_network(&network);
    output::write(args.output.as_deref(), |out| out.write_all(text.as_bytes()))
}

/// The directives of layers of a kind.
fn mapped(kind: LayerKind, dataflow: &input::Dataflow, stand_ins: bool) -> Result<Dataflow, Error> {
    match dataflow {
        input::Dataflow::Preset(tiling) if stand_ins => tiling.for_kind(kind).dataflow(kind),
        input::Dataflow::Preset(tiling) => tiling.dataflow(kind),
        input::Dataflow::Given(_) if stand_ins && Preset::KcpWs.for_kind(kind) == Preset::Dpt => {
            Preset::Dpt.tiling().dataflow(kind)
        }
        input::Dataflow::Given(dataflow) => Ok(dataflow.as_ref().clone()),
    }
}
