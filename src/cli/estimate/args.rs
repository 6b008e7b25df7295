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

/// Estimate a network layer by layer: cycles and what they wait for, energy, buffers; or on many accelerators, with a
/// row for each.
///
/// Without arguments, it takes a built-in network on a built-in accelerator; `maestrino list` shows what is built in.
/// If a layer needs a larger buffer than there is, its need is marked with !, and the last lines say why the network
/// does not fit; the exit code is still 0. If L2 is too small, cycles, energy and off-chip transfers are unknown: a
/// hyphen, null in JSON. With several accelerators (--hw A,B, --hw-dir, --hw-grid) or dataflows it is a sweep: a row
/// for the whole network on each.
#[derive(clap::Args)]
pub struct EstimateArgs {
    /// MAESTRO mapping file: a network whose layers have dataflows
    #[arg(long, value_name = "FILE", conflicts_with_all = ["network", "dataflow", "fit", "no_fit"])]
    pub(super) mapping: Option<PathBuf>,
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob [default: ds_cnn]
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) network: Option<OsString>,
    #[command(flatten)]
    pub(super) model: network::ModelArgs,
    #[command(flatten)]
    pub(super) dataflow: DataflowArgs,
    /// Built-in accelerator, hardware file, or blob [default: that of a blob, else ethos-u55-128; study for --model
    /// maestro]; or several; or a set: study50 (the paper's 50), paper (the three behind its published figures),
    /// chips50 (50 with buffers of real chips)
    #[arg(long, value_name = "NAME|FILE,...", conflicts_with_all = ["hw_dir", "hw_grid"])]
    pub(super) hw: Option<OsString>,
    /// All MAESTRO hardware files (*.m) in a directory, ordered by the numbers in their names
    #[arg(long, value_name = "DIR", conflicts_with = "hw_grid")]
    pub(super) hw_dir: Option<PathBuf>,
    /// All combinations of values: pes=16:32:64,noc=100..1000:100,offchip=50. Values are lists (16:32:64) or ranges
    /// (FIRST..LAST:STEP); keys are pes, noc, hops, offchip, l1, l2 and simd
    #[arg(long, value_name = "KEY=VALUES,...")]
    pub(super) hw_grid: Option<String>,
    /// Give each layer the best of the dataflows that fit, by latency, energy or EDP
    #[arg(long, value_name = "BY", num_args = 0..=1, require_equals = true, default_missing_value = "latency")]
    pub(super) mixed: Option<Best>,
    #[command(flatten)]
    pub(super) cost: CostArgs,
    #[command(flatten)]
    pub(super) accelerator: AcceleratorArgs,
    /// Also show calibrated cycles, with a file that `maestrino calibrate` wrote [default: that of a blob]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "FILE.cal")]
    pub(super) calibration: Option<PathBuf>,
    /// Exit with 1 if a layer does not fit a buffer
    #[arg(long, help_heading = EXACT_ONLY)]
    pub(super) require_fit: bool,
    /// Also show what twice and half of each resource would save and cost
    #[arg(long, help_heading = EXACT_ONLY)]
    pub(super) what_if: bool,
    /// Also draw the roofline of the accelerator with its layers
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
    /// Form of the output. parquet is for sweeps; maestro-csv is MAESTRO's CSV with its order-dependent energy
    /// column, and implies --model maestro
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

/// The second axis of a plot; the first is latency.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PlotOf {
    Energy,
    Area,
}

impl EstimateArgs {
    /// Whether the accelerators are given as a set, which may have any number of them.
    pub(super) fn names_a_set(&self) -> bool {
        self.hw_grid.is_some() || self.hw_dir.is_some() || self.hw.as_deref().is_some_and(accelerators::is_set)
    }
}
