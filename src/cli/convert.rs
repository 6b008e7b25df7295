//! `maestrino convert`: converts between mapping files and model files, and into formats of other programs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Widths;
use crate::hardware::UNLIMITED;
use crate::host::formats::{accelforge, maestro, zigzag};
use crate::host::network::{NamedLayer, Network};
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::{accelerator, dataflow, input, model, network, output};

/// Convert a model file into a mapping file (with --dataflow) or a mapping file into a model file (without), or
/// either into a workload for ZigZag or specifications for AccelForge
#[derive(clap::Args)]
pub struct ConvertArgs {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob
    #[arg(value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    model: network::ModelArgs,
    /// Preset or file, or several for different kinds of layers: conv=mine.m+gemm=nmk. Without it, layers lose their
    /// dataflows
    #[arg(long, value_name = "[KIND=]NAME|FILE[+...]")]
    dataflow: Option<OsString>,
    /// Shrink clusters of presets that are wider than an array of so many PEs [default: keep them as they are]
    #[arg(long, value_name = "N", requires = "dataflow", value_parser = clap::value_parser!(u32).range(1..=i64::from(UNLIMITED)))]
    pes: Option<u32>,
    /// Target: maestro; zigzag, a YAML workload of independent layers without dataflows; or accelforge, a directory
    /// with a YAML file for each distinct layer, with workload, architecture (--hw) and, if the layer has a dataflow,
    /// mapping
    #[arg(long, value_enum, hide_possible_values = true, value_name = "maestro|zigzag|accelforge", default_value_t = Language::Maestro)]
    to: Language,
    /// Accelerator of --to accelforge: built-in, hardware file, or that of a blob [default: ethos-u55-128]
    #[arg(long, value_name = "NAME|FILE")]
    hw: Option<OsString>,
    /// Bits of an element of input, filter, output and partial sum, of --to zigzag [default: 8:8:8:16]
    #[arg(long, value_name = "I:F:O[:P]", value_parser = model::widths)]
    bits: Option<Widths>,
    /// Write to a file instead of standard output; the directory of --to accelforge
    #[arg(long, short, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Maestro,
    Zigzag,
    Accelforge,
}

/// Runs the command.
pub fn run(args: &ConvertArgs) -> Result<(), Failure> {
    if args.bits.is_some() && args.to != Language::Zigzag {
        return Err(Failure::Usage("--bits is of --to zigzag".to_string()));
    }
    if args.hw.is_some() && args.to != Language::Accelforge {
        return Err(Failure::Usage("--hw is of --to accelforge".to_string()));
    }
    match args.to {
        Language::Maestro => to_maestro(args),
        Language::Zigzag => to_zigzag(args),
        Language::Accelforge => to_accelforge(args),
    }
}

fn to_maestro(args: &ConvertArgs) -> Result<(), Failure> {
    let mut network = network::network(&args.network, &args.model)?;
    match &args.dataflow {
        None => network.layers.iter_mut().for_each(|layer| layer.dataflow = None),
        Some(spec) => map(&mut network, spec, args.pes)?,
    }
    let text = maestro::write_network(&network);
    output::write(args.output.as_deref(), |out| out.write_all(text.as_bytes()))
}

/// Gives each layer its dataflow. If `pes` is given, presets are fitted to an array of that many PEs.
fn map(network: &mut Network, spec: &OsStr, pes: Option<u32>) -> Result<(), Failure> {
    let choice = dataflow::choice(network, spec, pes.is_some())?;
    for named in &mut network.layers {
        let (dataflow, _) = choice
            .dataflow(named, pes.unwrap_or(UNLIMITED))
            .map_err(|error| Failure::Input(format!("layer {}: {error}", named.name)))?;
        named.dataflow = Some(Arc::new(dataflow.into_owned()));
    }
    Ok(())
}

/// The widths that ZigZag assumes for ONNX files.
const BITS: Widths = Widths { input: 8, filter: 8, output: 8, psum: 16 };

fn to_zigzag(args: &ConvertArgs) -> Result<(), Failure> {
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
            output::message(format_args!("warning: {} {what}", output::few(&names)));
        }
    }
    output::write(args.output.as_deref(), |out| out.write_all(text.as_bytes()))
}

fn to_accelforge(args: &ConvertArgs) -> Result<(), Failure> {
    let Some(directory) = &args.output else {
        return Err(Failure::Usage("--to accelforge writes a file for each distinct layer: --output DIR".to_string()));
    };
    let platform = input::platform(args.hw.as_deref().unwrap_or(OsStr::new(accelerator::DEFAULT)))?;
    let mut network = network::network(&args.network, &args.model)?;
    if let Some(spec) = &args.dataflow {
        map(&mut network, spec, Some(args.pes.unwrap_or(platform.hardware.pes())))?;
    }
    let (mut files, mut left_out, mut without) = (Vec::new(), Vec::new(), Vec::new());
    let (distinct, places) = network.distinct();
    for (group, NamedLayer { name, layer, dataflow, .. }) in distinct.into_iter().enumerate() {
        // The number of the first layer of the group.
        let number = places.iter().position(|place| *place == group).unwrap_or(group);
        let written = accelforge::specification(layer, dataflow.as_deref(), &platform).or_else(|error| {
            without.push(format!("{name} ({error})"));
            accelforge::specification(layer, None, &platform)
        });
        match written.map_err(|error| Failure::Input(format!("layer {name}: {error}")))? {
            Some(text) => files.push((directory.join(format!("{number:03}_{}.yaml", plain(name))), text)),
            None => left_out.push(name.as_str()),
        }
    }
    if files.is_empty() {
        return Err(Failure::Input(format!("no layer of {} has MACs", network.name)));
    }
    if !left_out.is_empty() {
        output::message(format_args!("warning: {} have no MACs, and are left out", output::few(&left_out)));
    }
    if !without.is_empty() {
        let without: Vec<&str> = without.iter().map(String::as_str).collect();
        output::message(format_args!(
            "warning: written without a mapping, for which AccelForge has no words: {}",
            output::few(&without)
        ));
    }
    create(directory)?;
    for (path, text) in &files {
        output::write(Some(path), |out| out.write_all(text.as_bytes()))?;
    }
    output::message(format_args!(
        "{}: {} of {} layers differ, a file for each",
        directory.display(),
        files.len(),
        network.layers.len()
    ));
    Ok(())
}

fn create(directory: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::Output { path: directory.display().to_string(), source };
    std::fs::create_dir_all(directory).map_err(failed)
}

/// The name with only letters, digits and underscores, for a file.
fn plain(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}
