//! `maestrino calibrate`: calibrates an accelerator with the measurements of layers.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::host::calibrate::measured::{self, MeasuredError, MeasuredRow};
use crate::host::calibrate::{LEAST_LAYERS, Sample, calibrate};
use crate::host::cost_table::CostModel;
use crate::host::estimate::Estimate;
use crate::host::formats;
use crate::host::formats::file;
use crate::host::network::Network;
use crate::host::platform::Platform;
use crate::host::report::calibration;

use crate::cli::accelerator::{self, AcceleratorArgs};
use crate::cli::accelerators;
use crate::cli::dataflow::{DataflowArgs, unsuited};
use crate::cli::failure::Failure;
use crate::cli::model::CostArgs;
use crate::cli::{input, network, output};

/// Calibrate an accelerator to measurements of single layers, and show the errors that remain.
///
/// Measurements are a table, Vela's NETWORK_per-layer.csv, or what TFLite Micro's profiler prints. A table has a
/// column `cycles` or `us`, and a column `index` (among the layers with MACs, from 0) or `layer`, or neither if it
/// has all layers in order; a column `macs` is compared. A table of several networks has a column `network`; networks
/// with the same `family` are left out together when errors are determined. Use the result with --calibration of
/// estimate, compile, map, explore, space campaign and codesign.
#[derive(clap::Args)]
pub struct CalibrateArgs {
    /// Measurements: a file for each network, or one with a column `network`
    #[arg(value_name = "MEASURED.csv", required = true)]
    measured: Vec<PathBuf>,
    /// The networks, in the order of the files; the column `network` has their names without extension
    #[arg(long, value_name = "NAME|FILE,...", required = true)]
    network: Vec<OsString>,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: DataflowArgs,
    /// The accelerator: built-in or hardware file
    #[arg(long, value_name = "NAME|FILE", default_value = accelerator::DEFAULT)]
    hw: OsString,
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    #[command(flatten)]
    cost: CostArgs,
    /// Write the calibration to a file
    #[arg(long, short, value_name = "FILE.cal")]
    output: Option<PathBuf>,
    /// Draw estimated against measured cycles
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &CalibrateArgs) -> Result<(), Failure> {
    if args.cost.model()? == CostModel::Maestro {
        return Err(Failure::Usage("a calibration needs the exact model: leave out --model maestro".to_string()));
    }
    let platform = args.accelerator.platform(&args.hw, &args.cost)?;
    let given: Vec<OsString> = args.network.iter().flat_map(|list| accelerators::names(list)).collect();
    let mut networks = Vec::new();
    for name in &given {
        let mut network = network::network(name, &args.model)?;
        network.name = formats::any::stem(Path::new(name));
        let whose = format!("{}: ", network.name);
        network::pad_to_filters(&mut network, &whose);
        networks.push(network);
    }
    let names: Vec<String> = networks.iter().map(|network| network.name.clone()).collect();
    if let Some(twice) = input::twice(&names) {
        return Err(Failure::Input(format!("--network: {twice} is given twice")));
    }
    let rows = rows(args, &platform, &names)?;
    let mut samples = Vec::new();
    for (number, (network, (path, rows))) in networks.iter().zip(&rows).enumerate() {
        samples.extend(samples_of(args, &platform, number, network, path, rows)?);
    }
    if samples.len() < LEAST_LAYERS {
        let few = format!("{} measured layers are too few", samples.len());
        return Err(Failure::Input(format!(
            "{few}: a calibration needs {LEAST_LAYERS} at least, better some of several networks"
        )));
    }
    let outcome = calibrate(&samples);
    let text = calibration::render(&outcome, &samples, &names);
    if let Some(path) = &args.output {
        let from = format!("{} layers of {} on {}", samples.len(), names.join(", "), args.hw.display());
        let text = outcome.calibration.to_text(&from.replace(char::is_control, " "));
        output::write(Some(path), |out| out.write_all(text.as_bytes()))?;
    }
    if let Some(path) = &args.plot {
        let svg = calibration::svg(&outcome, &samples).map_err(|error| Failure::Input(error.to_string()))?;
        output::write(Some(path), |out| out.write_all(svg.as_bytes()))?;
    }
    output::write(None, |out| out.write_all(text.as_bytes()))
}

/// The rows of each network, with the file that they come from.
fn rows<'a>(
    args: &'a CalibrateArgs,
    platform: &Platform,
    names: &[String],
) -> Result<Vec<(&'a Path, Vec<MeasuredRow>)>, Failure> {
    let accelerator = args.hw.to_string_lossy();
    let read = |path: &'a PathBuf| {
        let rows = measured::read(&file::text(path)?, &accelerator, platform.clock_mhz);
        rows.map_err(|error| at(path, error)).map(|rows| (path.as_path(), rows))
    };
    let files: Vec<(&Path, Vec<MeasuredRow>)> = args.measured.iter().map(read).collect::<Result<_, _>>()?;
    if let [(path, rows)] = files.as_slice()
        && rows.iter().any(|row| row.network.is_some())
    {
        for row in rows {
            if !row.network.as_ref().is_some_and(|name| names.contains(name)) {
                let name = row.network.as_deref().unwrap_or_default();
                let known = format!("--network has {}", names.join(", "));
                return Err(Failure::Input(format!(
                    "{}:{}: network '{name}' is not given: {known}",
                    path.display(),
                    row.line
                )));
            }
        }
        let of = |name: &String| {
            let own: Vec<MeasuredRow> = rows.iter().filter(|row| row.network.as_ref() == Some(name)).cloned().collect();
            match own.is_empty() {
                true => Err(Failure::Input(format!("{} has no row of the network {name}", path.display()))),
                false => Ok((*path, own)),
            }
        };
        return names.iter().map(of).collect();
    }
    if files.len() != names.len() {
        let how = "give a file for each, in the same order, or one table with a column network";
        return Err(Failure::Usage(format!("{} files and {} networks: {how}", files.len(), names.len())));
    }
    Ok(files)
}

fn samples_of(
    args: &CalibrateArgs,
    platform: &Platform,
    number: usize,
    network: &Network,
    path: &Path,
    rows: &[MeasuredRow],
) -> Result<Vec<Sample>, Failure> {
    let found = measured::find(rows, &network.layers).map_err(|error| at(path, error))?;
    let choice = args.dataflow.choice(network, input::presets(&args.hw), CostModel::Exact)?;
    let energies = platform.scaled_energies();
    let estimate = Estimate::new(network, &choice, &platform.hardware, CostModel::Exact, &energies)
        .map_err(|errors| unsuited(errors, &choice))?;
    let family = rows.iter().find_map(|row| row.family.clone()).unwrap_or_else(|| network.name.clone());
    let bits = platform.hardware.widths().filter.into();
    let mut samples = Vec::new();
    for (place, cycles) in found {
        let row = &estimate.layers[place];
        let sample =
            row.cost.exact().and_then(|cost| Sample::new(number, &family, &row.name, &row.layer, bits, cost, cycles));
        match sample {
            Some(sample) => samples.push(sample),
            None => output::message(format_args!(
                "warning: {}: L2 is too small for {}, which is left out",
                network.name, row.name
            )),
        }
    }
    Ok(samples)
}

/// The failure for a line of a file.
fn at(path: &Path, MeasuredError { line, problem }: MeasuredError) -> Failure {
    Failure::Input(format!("{}:{line}: {problem}", path.display()))
}
