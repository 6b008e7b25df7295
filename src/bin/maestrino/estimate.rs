//! `maestrino estimate`: the cost of a network, layer by layer.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use maestrino::host::costs::CostModel;
use maestrino::host::estimate::{DataflowChoice, Estimate, LayerError};
use maestrino::host::network::{NamedLayer, Network};
use maestrino::host::report::maestro_csv::{self, Row};
use maestrino::host::report::{csv, json, table};
use maestrino::{Error, Hardware, Noc};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::model::{BufferArgs, CostArgs};
use crate::{input, network, output};

/// Cost a network layer by layer: cycles, what they wait for, energy, buffers.
///
/// Without arguments: a built-in network on a built-in accelerator. `maestrino list` tells what is built in. Where a layer
/// needs a larger buffer than there is, the need is marked by !, and the end says that the network is unusable there and
/// why; the exit code is 0 all the same. Where L2 is too small, cycles, energy and what moves off-chip are unknown: a hyphen,
/// null in JSON.
#[derive(clap::Args)]
pub struct Args {
    /// MAESTRO mapping file: a network whose layers bring their dataflows along
    #[arg(long, value_name = "FILE", conflicts_with_all = ["network", "dataflow", "fit", "no_fit"])]
    mapping: Option<String>,
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob [default: ds_cnn]
    #[arg(long, value_name = "NAME|FILE")]
    network: Option<String>,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: input::DataflowArgs,
    /// Built-in accelerator, or hardware file [default: ethos-u55-128; study for --model maestro]
    #[arg(long, value_name = "NAME|FILE")]
    hw: Option<String>,
    #[command(flatten)]
    overrides: Overrides,
    /// Clock, for the latency
    #[arg(long, value_name = "MHZ", default_value_t = 200.0, value_parser = clock)]
    clock: f64,
    #[command(flatten)]
    cost: CostArgs,
    /// Form of the output. maestro-csv is the reference's CSV, its order-dependent energy column included; it implies --model
    /// maestro
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What the command line changes in the accelerator.
#[derive(clap::Args)]
struct Overrides {
    /// Processing elements
    #[arg(long, value_name = "N")]
    pes: Option<u32>,
    /// MAC lanes of a PE
    #[arg(long, value_name = "N")]
    simd: Option<u32>,
    /// Bytes/cycle of the network-on-chip, in each direction
    #[arg(long, value_name = "N")]
    noc_bw: Option<u32>,
    /// Hops of the network-on-chip, a cycle each
    #[arg(long, value_name = "N")]
    noc_hops: Option<u32>,
    /// Bytes/cycle between L2 and the outside
    #[arg(long, value_name = "N")]
    offchip_bw: Option<u32>,
    #[command(flatten)]
    buffers: BufferArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
    MaestroCsv,
}

const DEFAULT_NETWORK: &str = "ds_cnn";
const DEFAULT_ACCELERATOR: &str = "ethos-u55-128";
const REFERENCE_ACCELERATOR: &str = "study";

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let model = match args.format {
        Format::MaestroCsv if args.cost.has_energies() => {
            return Err(Failure::Usage("--energies changes nothing in --format maestro-csv".to_string()));
        }
        Format::MaestroCsv => args.cost.implied_by("--format maestro-csv")?,
        Format::Table | Format::Csv | Format::Json => args.cost.model()?,
    };
    let network = match (&args.mapping, &args.network) {
        (Some(path), _) => mapping(path, &args.model)?,
        (None, network) => network::network(network.as_deref().unwrap_or(DEFAULT_NETWORK), &args.model)?,
    };
    if network.layers.is_empty() {
        return Err(Failure::Input(format!("the network {} has no layers", network.name)));
    }
    // What the reference publishes is of its own accelerator and dataflows.
    let (accelerator, own) = match model {
        CostModel::Exact => {
            let accelerator = args.hw.as_deref().unwrap_or(DEFAULT_ACCELERATOR);
            (accelerator, input::presets(accelerator))
        }
        CostModel::Maestro => (args.hw.as_deref().unwrap_or(REFERENCE_ACCELERATOR), input::presets(REFERENCE_ACCELERATOR)),
    };
    let choice = args.dataflow.choice(&network, own, model)?;
    let hardware =
        args.overrides.apply(input::hardware(accelerator)?).map_err(|error| Failure::Usage(error.to_string()))?;
    let hardware = args.cost.apply(hardware)?;
    if args.format == Format::MaestroCsv {
        return maestro_csv(args, &network, &choice, &hardware);
    }
    let estimate = Estimate::new(&network, &choice, &hardware, model, &args.cost.energies())
        .map_err(|errors| input::unsuited(errors, &choice))?;
    output::write(args.output.as_deref(), |out| match args.format {
        Format::Csv => csv::write(out, &estimate),
        Format::Json => json::write(out, &estimate, args.clock),
        Format::Table | Format::MaestroCsv => out.write_all(table::render(&estimate, args.clock).as_bytes()),
    })?;
    // The other formats hold them.
    if args.format == Format::Csv {
        estimate.warnings().iter().for_each(|warning| output::tell(format_args!("warning: {warning}")));
    }
    Ok(())
}

fn mapping(path: &str, model: &network::ModelArgs) -> Result<Network, Failure> {
    let network = network::network_file(path, model)?;
    if !network.layers.is_empty() && network.layers.iter().all(|layer| layer.dataflow.is_none()) {
        let hint = "is a model file: its layers have no Dataflow; use --network with --dataflow";
        return Err(Failure::Input(format!("{path} {hint}")));
    }
    Ok(network)
}

impl Overrides {
    fn apply(&self, mut hardware: Hardware) -> Result<Hardware, Error> {
        if let Some(pes) = self.pes {
            hardware = hardware.with_pes(pes)?;
        }
        if let Some(lanes) = self.simd {
            hardware = hardware.with_simd_lanes(lanes)?;
        }
        let noc = hardware.noc(0);
        let noc =
            Noc { bandwidth: self.noc_bw.unwrap_or(noc.bandwidth), latency: self.noc_hops.unwrap_or(noc.latency) };
        hardware = hardware.with_noc(noc)?;
        if let Some(elements) = self.offchip_bw {
            hardware = hardware.with_offchip_bandwidth(elements)?;
        }
        Ok(self.buffers.apply(hardware))
    }
}

/// The reference's CSV of a network. A layer that computes nothing keeps its row there, unless no other layer does anything.
fn maestro_csv(args: &Args, network: &Network, choice: &DataflowChoice, hw: &Hardware) -> Result<(), Failure> {
    let rows = reference_rows(network, choice, |_| Ok(*hw))?;
    output::write(args.output.as_deref(), |mut out| maestro_csv::write(&mut out, network, hw, &rows, true))
}

/// The rows of all layers, each on the accelerator that `hardware` gives for its dataflow.
pub fn reference_rows(
    network: &Network,
    choice: &DataflowChoice,
    hardware: impl Fn(&maestrino::Dataflow) -> Result<Hardware, Error> + Sync,
) -> Result<Vec<Row>, Failure> {
    let pes = hardware(&maestrino::Dataflow::default()).map_or(1, |hardware| hardware.pes());
    // Networks repeat themselves: each layer is costed once for each dataflow that the file gives it.
    let mut places = HashMap::new();
    let mut distinct = Vec::new();
    let mut places_of_layers = Vec::with_capacity(network.layers.len());
    for named in &network.layers {
        let place = places.entry((named.layer, named.dataflow.as_ref().map(Arc::as_ptr))).or_insert(distinct.len());
        if *place == distinct.len() {
            distinct.push(named);
        }
        places_of_layers.push(*place);
    }
    let cost = |named: &&NamedLayer| {
        let (dataflow, _) = choice.dataflow(named, pes)?;
        Row::of(&named.layer, &dataflow, &hardware(&dataflow)?)
    };
    let distinct: Vec<_> = distinct.par_iter().map(cost).collect();
    let costed: Vec<_> = places_of_layers.into_iter().map(|place| distinct[place]).collect();
    let (mut errors, mut idle) = (Vec::new(), Vec::new());
    for (named, row) in network.layers.iter().zip(&costed) {
        let failed = |error| LayerError { layer: named.name.clone(), line: named.line, error };
        match row {
            Ok(Row::Costed(_)) => (),
            Ok(Row::Idle(_)) => idle.push(failed(Error::NoOutput { level: 1 })),
            Err(error) => errors.push(failed(*error)),
        }
    }
    let rows: Vec<Row> = costed.into_iter().filter_map(Result::ok).collect();
    if idle.len() == rows.len() {
        errors.append(&mut idle);
    }
    if !errors.is_empty() {
        return Err(input::unsuited(errors, choice));
    }
    for error in idle {
        output::tell(format_args!("warning: {error}"));
    }
    Ok(rows)
}

fn clock(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(mhz) if (1e-6..=1e6).contains(&mhz) => Ok(mhz),
        _ => Err("expected a number of MHz, 0.000001 to 1000000".to_string()),
    }
}
