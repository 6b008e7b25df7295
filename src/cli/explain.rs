//! `maestrino explain`: shows how layers run, with drawings.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::host::cost_table::CostModel;
use crate::host::explain::Explanation;
use crate::host::network::{LayerError, NamedLayer, Network};
use crate::host::report::explain::render;

use crate::cli::accelerator::{self, AcceleratorArgs};
use crate::cli::dataflow::{DataflowArgs, unsuited};
use crate::cli::failure::Failure;
use crate::cli::model::CostArgs;
use crate::cli::{input, network, output};

/// Show how layers run: loops, the tiles of the first steps over PEs, what each kind of step moves, and what it waits
/// for.
///
/// All figures equal those of `maestrino estimate` with the same arguments.
#[derive(clap::Args)]
pub struct ExplainArgs {
    /// Layers, by name or by number from 1
    #[arg(value_name = "LAYER", required = true)]
    layers: Vec<String>,
    /// MAESTRO mapping file: a network whose layers have dataflows
    #[arg(long, value_name = "FILE", conflicts_with_all = ["network", "dataflow", "fit", "no_fit"])]
    mapping: Option<PathBuf>,
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob [default: ds_cnn]
    #[arg(long, value_name = "NAME|FILE")]
    network: Option<OsString>,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: DataflowArgs,
    /// Built-in accelerator, hardware file, or blob
    #[arg(long, value_name = "NAME|FILE", default_value = accelerator::DEFAULT)]
    hw: OsString,
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    #[command(flatten)]
    cost: CostArgs,
    /// Steps of each level whose tiles are shown, besides the last
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    steps: u64,
    /// Sub-clusters of each level whose tiles are shown, besides the last
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1024))]
    units: u32,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &ExplainArgs) -> Result<(), Failure> {
    if args.cost.model()? == CostModel::Maestro {
        return Err(Failure::Usage("explain needs the exact model: leave out --model maestro".to_string()));
    }
    if args.dataflow.count() > 1 {
        return Err(Failure::Usage("explain takes one dataflow: --dataflow A+B gives one for each kind".to_string()));
    }
    if args.dataflow.goal()?.is_some() {
        let how = "search first: maestrino map ... -o best.m, then explain LAYER --mapping best.m";
        return Err(Failure::Usage(format!("explain draws one mapping: {how}")));
    }
    let mut network = match (&args.mapping, &args.network) {
        (Some(path), _) => network::network_file(path, &args.model)?,
        (None, name) => network::network(name.as_deref().unwrap_or(OsStr::new(network::DEFAULT)), &args.model)?,
    };
    network::pad_to_filters(&mut network, "");
    let platform = args.accelerator.platform(&args.hw, &args.cost)?;
    network.layers = args.layers.iter().map(|layer| find(&network, layer)).collect::<Result<_, _>>()?;
    let choice = args.dataflow.choice(&network, input::presets(&args.hw), CostModel::Exact)?;
    let (hardware, energies) = (&platform.hardware, platform.scaled_energies());
    let mut text = String::new();
    for named in &network.layers {
        let drawing = choice.dataflow(named, hardware.pes()).and_then(|(dataflow, preset)| {
            let explanation = Explanation::new(&named.layer, &dataflow, hardware, &energies, (args.units, args.steps))?;
            let dataflow = preset.map_or("its own dataflow", |preset| preset.name());
            Ok(render(&named.name, dataflow, &explanation, hardware))
        });
        let failed = |error| LayerError { layer: named.name.clone(), line: named.line, error };
        let drawing = drawing.map_err(|error| unsuited(vec![failed(error)], &choice))?;
        if !text.is_empty() {
            text.push('\n');
        }
        text += &drawing;
    }
    output::write(args.output.as_deref(), |out| out.write_all(text.as_bytes()))
}

/// A layer by its name or, if none has that name, by its number.
fn find(network: &Network, wanted: &str) -> Result<NamedLayer, Failure> {
    let layers = &network.layers;
    let by_name = layers.iter().find(|named| named.name == wanted);
    let by_number = || wanted.parse::<usize>().ok().and_then(|number| layers.get(number.checked_sub(1)?));
    by_name.or_else(by_number).cloned().ok_or_else(|| {
        let names: Vec<&str> = layers.iter().map(|named| named.name.as_str()).collect();
        let (name, count) = (&network.name, names.len());
        Failure::Input(format!("{name} has no layer {wanted}; it has, from 1 to {count}, {}", output::few(&names)))
    })
}
