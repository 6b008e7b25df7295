//! `maestrino compile`: a network as a blob for firmware.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ValueEnum;
use maestrino::host::costs::CostModel;
use maestrino::host::estimate::Estimate;
use maestrino::host::formats::blob::{self, CompileError};

use crate::accelerator::{self, AcceleratorArgs};
use crate::dataflow::{DataflowArgs, unsuited};
use crate::failure::Failure;
use crate::model::CostArgs;
use crate::{calibrate, input, network, output};

/// Turn a network into a blob that firmware reads in place.
///
/// The blob holds the layers, their dataflows, the accelerator, and what has been counted of each layer on it: firmware
/// tells cycles and energy from that, for any clock, lanes, bandwidths and latencies.
#[derive(clap::Args)]
pub struct Args {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or another blob
    #[arg(value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: DataflowArgs,
    /// Accelerator that the network is to run on: built-in, hardware file, or that of a blob
    #[arg(long, value_name = "NAME|FILE", default_value = accelerator::DEFAULT)]
    hw: OsString,
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    #[command(flatten)]
    cost: CostArgs,
    /// The blob brings the calibration of the accelerator, a file of `maestrino calibrate`
    #[arg(long, value_name = "FILE.cal")]
    calibration: Option<PathBuf>,
    /// Exit with 1 if a layer does not fit a buffer
    #[arg(long)]
    require_fit: bool,
    /// A file of bytes, or C source with an array of them
    #[arg(long, value_enum, default_value_t = Format::Blob)]
    format: Format,
    /// Name of the array [default: that of the network]
    #[arg(long, value_name = "NAME", value_parser = identifier)]
    symbol: Option<String>,
    /// Write to this file
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Blob,
    C,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    if args.cost.model()? == CostModel::Maestro {
        return Err(Failure::Usage("a blob is of the exact model: leave out --model maestro".to_string()));
    }
    if args.symbol.is_some() && args.format != Format::C {
        return Err(Failure::Usage("--symbol is for --format c".to_string()));
    }
    let mut network = network::network(&args.network, &args.model)?;
    network::pad_to_filters(&mut network, "");
    let choice = args.dataflow.choice(&network, input::presets(&args.hw), CostModel::Exact)?;
    let mut platform = args.accelerator.platform(&args.hw, &args.cost)?;
    platform.calibration = calibrate::read(args.calibration.as_deref())?.or(platform.calibration);
    let pes = platform.hardware.pes();
    network::leave_out_unsuited(&mut network, &args.model, |named| {
        let (dataflow, _) = choice.dataflow(named, pes)?;
        blob::check(&named.layer, &dataflow, pes)
    })?;
    let bytes = blob::compile(&network, &choice, &platform).map_err(|error| match error {
        CompileError::Layers(errors) => unsuited(errors, &choice),
        error => Failure::Input(format!("{}: {error}", args.network.display())),
    })?;
    let (hardware, energies) = (&platform.hardware, platform.scaled_energies());
    let told = Estimate::new(&network, &choice, hardware, CostModel::Exact, &energies)
        .map_err(|errors| unsuited(errors, &choice))?;
    if let (true, Some(misfit)) = (args.require_fit, told.misfits().first()) {
        return Err(Failure::Input(format!("{} does not fit: {misfit}", network.name)));
    }
    output::write(Some(&args.output), |out| match args.format {
        Format::Blob => out.write_all(&bytes),
        Format::C => {
            let symbol = args.symbol.clone().unwrap_or_else(|| symbol(&network.name));
            out.write_all(blob::c_source(&symbol, &bytes).as_bytes())
        }
    })?;
    told.warnings().iter().for_each(|warning| output::tell(format_args!("warning: {warning}")));
    output::tell(format_args!("{}: {} layers in {} bytes", args.output.display(), network.layers.len(), bytes.len()));
    Ok(())
}

/// A name that C takes.
fn identifier(text: &str) -> Result<String, String> {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let goes_on = text.chars().all(|other| other.is_ascii_alphanumeric() || other == '_');
    if starts && goes_on { Ok(text.to_string()) } else { Err("expected letters, digits and _: my_network".to_string()) }
}

/// What becomes of a network's name in C.
fn symbol(name: &str) -> String {
    let kept = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = name.chars().map(kept).collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) || name.is_empty() { format!("n_{name}") } else { name }
}
