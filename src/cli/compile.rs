//! `maestrino compile`: turns a network into a blob for firmware.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use crate::host::campaign::grid::{Grid, Key};
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::estimate::Estimate;
use crate::host::formats::blob::{self, CompileError};
use crate::host::mapper::Objective;
use crate::host::mapper::mappings::Mappings;
use crate::host::mapping_sets::MappingSets;
use crate::host::network::Network;
use crate::{Dataflow, Hardware, Layer};
use clap::ValueEnum;

use crate::cli::accelerator::{self, AcceleratorArgs};
use crate::cli::dataflow::{self, DataflowArgs, MappingArgs, unsuited};
use crate::cli::failure::Failure;
use crate::cli::model::CostArgs;
use crate::cli::{calibration, input, network, output};

/// Turn a network into a blob that firmware reads in place.
///
/// The blob holds the layers, their dataflows, the accelerator, and the counts of each layer on it. From these,
/// firmware computes cycles and energy for any clock, lanes, bandwidths and latencies.
#[derive(clap::Args)]
pub struct CompileArgs {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or another blob
    #[arg(value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: DataflowArgs,
    /// Accelerator on which the network will run: built-in, hardware file, or that of a blob
    #[arg(long, value_name = "NAME|FILE", default_value = accelerator::DEFAULT)]
    hw: OsString,
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    #[command(flatten)]
    cost: CostArgs,
    /// Put a calibration of the accelerator into the blob, a file that `maestrino calibrate` wrote
    #[arg(long, value_name = "FILE.cal")]
    calibration: Option<PathBuf>,
    /// Exit with 1 if a layer does not fit a buffer
    #[arg(long)]
    require_fit: bool,
    #[command(flatten)]
    map: MappingArgs,
    /// Speeds at which the network may run: offchip=1..16:x2,noc=8:16. For each combination the fastest mapping of
    /// each layer goes into the blob, and firmware chooses (maestrino_choose_mapping). Values are lists (8:16) or
    /// ranges (FIRST..LAST:STEP, FIRST..LAST:xFACTOR); keys are noc, hops, offchip, l1 and simd
    #[arg(long, value_name = "KEY=VALUES,...")]
    bandwidths: Option<String>,
    /// At most so many mappings of a layer, those that come closest to the fastest [default: all that are the fastest
    /// at some combination]
    #[arg(long, value_name = "N", requires = "bandwidths", value_parser = clap::value_parser!(u8).range(1..))]
    pareto: Option<u8>,
    /// Binary file, or C source with an array of bytes
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
pub fn run(args: &CompileArgs) -> Result<(), Failure> {
    if args.cost.model()? == CostModel::Maestro {
        return Err(Failure::Usage("a blob needs the exact model: leave out --model maestro".to_string()));
    }
    if args.symbol.is_some() && args.format != Format::C {
        return Err(Failure::Usage("--symbol is for --format c".to_string()));
    }
    let mut network = network::network(&args.network, &args.model)?;
    network::pad_to_filters(&mut network, "");
    let platform = args.accelerator.platform(&args.hw, &args.cost)?;
    let platform = calibration::apply(platform, args.calibration.as_deref())?;
    let points = args.bandwidths.as_deref().map_or(Ok(Vec::new()), |text| points(text, &platform.hardware))?;
    let goal = args.dataflow.goal()?;
    if let (Some(flag), None, true) = (args.map.given(), goal, points.is_empty()) {
        return Err(Failure::Usage(format!("{flag} is of --dataflow map, or of --bandwidths")));
    }
    let mapper = |objective| Mappings::new(args.map.wanted(objective, platform.scaled_energies()));
    let choice = match goal {
        None => args.dataflow.choice(&network, input::presets(&args.hw), CostModel::Exact)?,
        Some(objective) => {
            map(&mut network, &mapper(objective), &platform.hardware)?;
            DataflowChoice::own()
        }
    };
    let pes = platform.hardware.pes();
    network::leave_out_unsuited(&mut network, &args.model, |named| {
        let (dataflow, _) = choice.dataflow(named, pes)?;
        blob::check(&named.layer, &dataflow, pes)
    })?;
    let sets = match points.as_slice() {
        [] => Vec::new(),
        points => choices(&network, &choice, points, &mapper(Objective::Latency), args.pareto)?,
    };
    let bytes = blob::compile(&network, &choice, &platform, &sets).map_err(|error| match error {
        CompileError::Layers(errors) => unsuited(errors, &choice),
        error => Failure::Input(format!("{}: {error}", args.network.display())),
    })?;
    let (hardware, energies) = (&platform.hardware, platform.scaled_energies());
    let estimate = Estimate::new(&network, &choice, hardware, CostModel::Exact, &energies)
        .map_err(|errors| unsuited(errors, &choice))?;
    if let (true, Some(misfit)) = (args.require_fit, estimate.misfits().first()) {
        return Err(Failure::Input(format!("{} does not fit: {misfit}", network.name)));
    }
    output::write(Some(&args.output), |out| match args.format {
        Format::Blob => out.write_all(&bytes),
        Format::C => {
            let symbol = args.symbol.clone().unwrap_or_else(|| symbol(&network.name));
            out.write_all(blob::c_source(&symbol, &bytes).as_bytes())
        }
    })?;
    estimate.warnings().iter().for_each(|warning| output::message(format_args!("warning: {warning}")));
    output::message(format_args!(
        "{}: {} layers in {} bytes",
        args.output.display(),
        network.layers.len(),
        bytes.len()
    ));
    Ok(())
}

/// Gives each layer its best mapping on an accelerator.
fn map(network: &mut Network, mappings: &Mappings, hardware: &Hardware) -> Result<(), Failure> {
    let layers: Vec<Layer> = network.layers.iter().map(|named| named.layer).collect();
    mappings.prepare(&layers, hardware);
    for named in &mut network.layers {
        let mapping = mappings.dataflow(&named.layer, hardware);
        named.dataflow =
            Some(Arc::new(mapping.map_err(|error| Failure::Input(format!("layer {}: {error}", named.name)))?));
    }
    dataflow::message_of_mappings(Some(mappings));
    Ok(())
}

/// The maximum number of combinations of `--bandwidths`.
const MAX_POINTS: u128 = 10_000;

/// The accelerator at each combination of `--bandwidths`.
fn points(text: &str, hardware: &Hardware) -> Result<Vec<Hardware>, Failure> {
    let wrong = |error: String| Failure::Input(format!("--bandwidths {text}: {error}"));
    let grid: Grid = text.parse().map_err(wrong)?;
    let fixed = [Key::Pes, Key::L2, Key::Bits].into_iter().find(|key| grid.values(*key).is_some());
    if let Some(key) = fixed {
        return Err(wrong(format!("a blob is of one {}; vary noc, hops, offchip, l1 and simd", key.name())));
    }
    if grid.points() > MAX_POINTS {
        let (count, longest) = (grid.points(), grid.longest().name());
        return Err(wrong(format!(
            "{count} combinations are more than {MAX_POINTS}: take fewer values of {longest}, for example by xFACTOR"
        )));
    }
    let accelerator = |place| grid.accelerator(*hardware, place).map(|accelerator| accelerator.hardware).map_err(wrong);
    (0..grid.points() as u64).map(accelerator).collect()
}

/// The mappings of each layer that firmware chooses from.
fn choices(
    network: &Network,
    choice: &DataflowChoice,
    points: &[Hardware],
    mappings: &Mappings,
    most: Option<u8>,
) -> Result<Vec<Arc<[Dataflow]>>, Failure> {
    let mut own = network.clone();
    for (named, layer) in own.layers.iter_mut().zip(&network.layers) {
        // If a dataflow does not suit its layer, the error follows when the blob is made.
        let dataflow = choice.dataflow(layer, points[0].pes()).ok();
        named.dataflow = dataflow.map(|(dataflow, _)| Arc::new(dataflow.into_owned()));
    }
    let sets = MappingSets::new(&own, points, mappings, most.map_or(usize::MAX, usize::from));
    dataflow::message_of_mappings(Some(mappings));
    let counts = sets.dataflows.iter().map(|set| set.len());
    output::message(format_args!(
        "{} mappings of {} layers, of a layer {} at most; at the {} combinations of bandwidths at most {:.2} % from the fastest found",
        counts.clone().sum::<usize>(),
        counts.len(),
        counts.max().unwrap_or(0),
        points.len(),
        100.0 * sets.gap
    ));
    Ok(sets.dataflows)
}

/// Checks that a text is an identifier in C.
fn identifier(text: &str) -> Result<String, String> {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let goes_on = text.chars().all(|other| other.is_ascii_alphanumeric() || other == '_');
    if starts && goes_on { Ok(text.to_string()) } else { Err("expected letters, digits and _: my_network".to_string()) }
}

/// The name of a network as an identifier in C.
fn symbol(name: &str) -> String {
    let kept = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = name.chars().map(kept).collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) || name.is_empty() { format!("n_{name}") } else { name }
}
