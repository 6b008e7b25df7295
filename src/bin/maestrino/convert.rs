//! `maestrino convert`: between mapping files and model files.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use maestrino::Widths;
use maestrino::hardware::UNLIMITED;
use maestrino::host::formats::{maestro, zigzag};

use crate::failure::Failure;
use crate::{dataflow, model, network, output};

/// Turn a model file into a mapping file (with --dataflow), or a mapping file into a model file (without); or either into a
/// workload of ZigZag
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
    /// The language: maestro, or zigzag for a workload of ZigZag in YAML, each layer alone and without dataflows
    #[arg(long, value_enum, hide_possible_values = true, value_name = "maestro|zigzag", default_value_t = Language::Maestro)]
    to: Language,
    /// Bits of an element of input, filter, output and partial sum, of --to zigzag [default: 8:8:8:16]
    #[arg(long, value_name = "I:F:O[:P]", value_parser = model::widths)]
    bits: Option<Widths>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Maestro,
    Zigzag,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    if args.to == Language::Zigzag {
        return to_zigzag(args);
    }
    if args.bits.is_some() {
        return Err(Failure::Usage("--bits is of --to zigzag".to_string()));
    }
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

/// As ZigZag takes ONNX files.
const BITS: Widths = Widths { input: 8, filter: 8, output: 8, psum: 16 };

fn to_zigzag(args: &Args) -> Result<(), Failure> {
    if args.dataflow.is_some() {
        return Err(Failure::Usage("--dataflow is of --to maestro: a workload of ZigZag has none".to_string()));
    }
    let network = network::network(&args.network, &args.model)?;
    let zigzag::Workload { text, left_out, with_zeros } = zigzag::workload(&network, args.bits.unwrap_or(BITS));
    if text.is_empty() {
        return Err(Failure::Input(format!("no layer of {} has MACs", network.name)));
    }
    for (names, what) in [
        (&left_out, "have no MACs, and are left out"),
        (&with_zeros, "are transposed: the zeros between their inputs count as inputs in ZigZag"),
    ] {
        if !names.is_empty() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            output::tell(format_args!("warning: {} {what}", output::few(&names)));
        }
    }
    output::write(args.output.as_deref(), |out| out.write_all(text.as_bytes()))
}
