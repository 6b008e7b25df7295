//! Arguments of `maestrino estimate`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::accelerator::AcceleratorArgs;
use crate::cli::accelerators;
use crate::cli::dataflow::{Best, DataflowArgs};
use crate::cli::figure;
use crate::cli::model::{CostArgs, EXACT_ONLY};
use crate::cli::network;

/// Cost a network layer by layer: cycles, what they wait for, energy, buffers; or on many accelerators, a row for each.
///
/// Without arguments: a built-in network on a built-in accelerator. `maestrino list` tells what is built in. Where a layer
/// needs a larger buffer than there is, the need is marked by !, and the end says that the network is unusable there and
/// why; the exit code is 0 all the same. Where L2 is too small, cycles, energy and what moves off-chip are unknown: a hyphen,
/// null in JSON. Several accelerators (--hw A,B, --hw-dir, --hw-grid) or dataflows are a sweep: the network as a whole on each.
#[derive(clap::Args)]
pub struct EstimateArgs {
    /// MAESTRO mapping file: a network whose layers bring their dataflows along
    #[arg(long, value_name = "FILE", conflicts_with_all = ["network", "dataflow", "fit", "no_fit"])]
    pub(super) mapping: Option<PathBuf>,
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob [default: ds_cnn]
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) network: Option<OsString>,
    #[command(flatten)]
    pub(super) model: network::ModelArgs,
    #[command(flatten)]
    pub(super) dataflow: DataflowArgs,
    /// Built-in accelerator, hardware file, or blob [default: that of a blob, else ethos-u55-128; study for --model maestro];
    /// or several, also study50 (the study's 50), paper (the three behind its published figures) and chips50 (50 with
    /// buffers as chips have them)
    #[arg(long, value_name = "NAME|FILE,...", conflicts_with_all = ["hw_dir", "hw_grid"])]
    pub(super) hw: Option<OsString>,
    /// All MAESTRO hardware files (*.m) of a directory, in the order of the numbers in their names
    #[arg(long, value_name = "DIR", conflicts_with = "hw_grid")]
    pub(super) hw_dir: Option<PathBuf>,
    /// All combinations: pes=16:32:64,noc=100..1000:100,offchip=50. Lists have colons, ranges FIRST..LAST:STEP; keys are
    /// pes, noc, hops, offchip, l1, l2 and simd
    #[arg(long, value_name = "KEY=VALUES,...")]
    pub(super) hw_grid: Option<String>,
    /// Let each layer take the best of the dataflows that fit: that with the least latency, energy or EDP
    #[arg(long, value_name = "BY", num_args = 0..=1, require_equals = true, default_missing_value = "latency")]
    pub(super) mixed: Option<Best>,
    #[command(flatten)]
    pub(super) cost: CostArgs,
    #[command(flatten)]
    pub(super) accelerator: AcceleratorArgs,
    /// Also tell cycles as a chip was measured to take them, by a file of `maestrino calibrate` [default: that of a blob]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "FILE.cal")]
    pub(super) calibration: Option<PathBuf>,
    /// Exit with 1 if a layer does not fit a buffer
    #[arg(long, help_heading = EXACT_ONLY)]
    pub(super) require_fit: bool,
    /// Also tell what twice and half of each resource would save and cost
    #[arg(long, help_heading = EXACT_ONLY)]
    pub(super) what_if: bool,
    /// Also draw the roofline of the accelerator, and where the layers stand under it
    #[arg(long, help_heading = EXACT_ONLY)]
    pub(super) roofline: bool,
    /// Write the roofline to a file
    #[arg(long, help_heading = EXACT_ONLY, value_name = "FILE.svg")]
    pub(super) roofline_svg: Option<PathBuf>,
    /// Draw a sweep: latency against energy, with the Pareto front
    #[arg(long, value_name = "FILE.svg|FILE.png", value_parser = figure::figure)]
    pub(super) plot: Option<PathBuf>,
    /// What --plot draws latency against
    #[arg(long, value_enum, requires = "plot", default_value_t = PlotOf::Energy)]
    pub(super) against: PlotOf,
    /// Form of the output. parquet is for sweeps; maestro-csv is the reference's CSV, its order-dependent energy column included; it implies --model
    /// maestro
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Table,
    Csv,
    Json,
    Parquet,
    MaestroCsv,
}

/// The axis of a plot beside latency.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PlotOf {
    Energy,
    Area,
}

impl EstimateArgs {
    /// Whether the accelerators are named as a set, of any number.
    pub(super) fn names_a_set(&self) -> bool {
        self.hw_grid.is_some() || self.hw_dir.is_some() || self.hw.as_deref().is_some_and(accelerators::is_set)
    }
}
