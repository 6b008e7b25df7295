//! `maestrino map`: finds the best mapping of each layer, with a proof.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::host::cost_table::CostModel;
use crate::host::formats::file;
use crate::host::formats::maestro::{parse_outlines, write_network};
use crate::host::mapper::journal::{Journal, JournalError};
use crate::host::mapper::network::{Mapped, Request, Search};
use crate::host::mapper::{Figures, Objective};
use crate::host::network::Network;
use crate::host::outline::{self, Outlines};
use crate::host::platform::Platform;
use crate::host::report::mapping;
use crate::host::shard::{Part, Shard};
use clap::ValueEnum;

use crate::cli::accelerator::{self, AcceleratorArgs};
use crate::cli::calibration::CalibrationArgs;
use crate::cli::failure::Failure;
use crate::cli::input::Latency;
use crate::cli::model::{CostArgs, check_energies};
use crate::cli::{input, network, output, portion};

/// Find the best mapping of each layer of a network on an accelerator by the exact model, with proof.
///
/// The search space: up to two or three levels; in each one dimension over space, or rows of inputs together with
/// rows of the filter; clusters of any size; tiles that are divisors; and all orders of loops that differ in what
/// they keep stationary. Buffers are limits. Mappings that are not costed are excluded by bounds, so each answer is
/// either proven to be the best of its space, or comes with how far it may be from the best.
#[derive(clap::Args)]
pub struct MapArgs {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob; its dataflows are ignored
    #[arg(long, value_name = "NAME|FILE", required_unless_present = "mapping")]
    network: Option<OsString>,
    /// MAESTRO mapping or model file; its dataflows are replaced
    #[arg(long, value_name = "FILE.m", conflicts_with = "network")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    model: network::ModelArgs,
    /// Built-in accelerator, hardware file, or blob [default: ethos-u55-128]
    #[arg(long, value_name = "NAME|FILE")]
    hw: Option<OsString>,
    #[command(flatten)]
    cost: CostArgs,
    #[command(flatten)]
    calibration: CalibrationArgs,
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    /// What is minimized for each layer
    #[arg(long, value_enum, default_value_t = Goal::Latency)]
    objective: Goal,
    /// Upper limits for each layer: latency (cycles, or a time such as 5ms at the clock), energy (nJ), offchip
    /// (bytes)
    #[arg(long, value_name = "latency=N,energy=N,offchip=N", value_parser = limits)]
    constraint: Option<Constraint>,
    /// At most so many cluster levels [default: 2]
    #[arg(long, value_name = "1..3", conflicts_with = "freeze", value_parser = clap::value_parser!(u8).range(1..=3))]
    levels: Option<u8>,
    /// File with a dataflow, or several for different kinds of layers (Dataflow conv { ... }), of which only what is
    /// open is searched. `?` stands for an open size (TemporalMap(?,?) C, Cluster(?, P)), or for space or time
    /// (?Map(1,1) K); a line `?` in a level leaves open the order of its loops and all maps that it does not name
    #[arg(long, value_name = "FILE")]
    freeze: Option<PathBuf>,
    /// Allow tiles of any size along dimensions over space
    #[arg(long)]
    any_tile: bool,
    /// Mappings that are costed at most for each distinct layer; the others are only bounded
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    budget: u64,
    /// Seconds at most for each distinct layer; then the best so far is the answer, which another run may not find
    #[arg(long, value_name = "S", value_parser = seconds)]
    time: Option<Duration>,
    /// How far a mapping may be above the proven least, such as 0.1%: a search ends with the first that is within it
    #[arg(long, value_name = "PERCENT", default_value = "0%", value_parser = input::percent)]
    gap: f64,
    /// Show the seconds that each search took
    #[arg(long)]
    timing: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write the network with its mappings to this file, for `maestrino estimate --mapping`. Until all layers are
    /// done, results are kept in FILE.m.partial
    #[arg(long, short, value_name = "FILE.m")]
    output: Option<PathBuf>,
    /// Continue a search that was stopped
    #[arg(long, requires = "output")]
    resume: bool,
    /// Map the I-th of N shares of the distinct layers, and write FILE.m.part-I-of-N; `maestrino merge` joins all
    /// parts
    #[arg(long, requires = "output", value_name = "I/N")]
    shard: Option<Shard>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Goal {
    /// Cycles
    Latency,
    /// nJ
    Energy,
    /// nJ x cycles
    Edp,
    /// Bytes transferred off-chip
    Offchip,
}

impl From<Goal> for Objective {
    fn from(goal: Goal) -> Objective {
        match goal {
            Goal::Latency => Objective::Latency,
            Goal::Energy => Objective::Energy,
            Goal::Edp => Objective::Edp,
            Goal::Offchip => Objective::Offchip,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds: &f64| *seconds > 0.0);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| "a number of seconds above 0".to_string())
}

/// Limits on each layer.
#[derive(Clone, Copy)]
struct Constraint {
    limits: Figures,
    latency: Option<Latency>,
}

fn limits(text: &str) -> Result<Constraint, String> {
    let (mut limits, mut latency) = (Figures::UNLIMITED, None);
    input::limits(text, KEYS, |key, value| {
        let limit = match key {
            "latency" => {
                latency = Some(input::latency(key, value)?);
                return Ok(true);
            }
            "energy" => &mut limits.energy,
            "offchip" => &mut limits.offchip,
            _ => return Ok(false),
        };
        *limit = input::limit(key, value)?;
        Ok(true)
    })?;
    Ok(Constraint { limits, latency })
}

const KEYS: &str = "latency (cycles, or a time as 5ms), energy (nJ), offchip (bytes)";

/// The layers to map. If they come from a mapping file, a message says that its dataflows are replaced.
fn layers(args: &MapArgs) -> Result<Network, Failure> {
    let Some(path) = &args.mapping else {
        return network::network(args.network.as_deref().unwrap_or_default(), &args.model);
    };
    let network = network::network_file(path, &args.model)?;
    let own = network.layers.iter().filter(|named| named.dataflow.is_some()).count();
    if own > 0 {
        let path = path.display();
        output::message(format_args!(
            "note: the dataflows of {own} layers in {path} are replaced; --freeze FILE keeps one, or a part of it"
        ));
    }
    Ok(network)
}

/// The frozen parts of mappings, from a file.
fn outlines(path: &Path) -> Result<Outlines, Failure> {
    Ok(parse_outlines(&file::text(path)?, &path.to_string_lossy()).map_err(Box::new)?)
}

/// Warns of layers for which nothing is frozen.
fn warn_of_others(network: &Network, frozen: &Outlines) {
    let others = network.layers.iter().filter(|named| outline::for_layer(frozen, &named.layer).is_none());
    let others: Vec<&str> = others.map(|named| named.name.as_str()).collect();
    if !frozen.is_empty() && !others.is_empty() {
        let layers = output::few(&others);
        output::message(format_args!(
            "warning: --freeze has no dataflow that suits {layers}: nothing is fixed of them"
        ));
    }
}

/// The journal that keeps the mappings that were found until the output is written. There is none if the output is
/// not a regular file. On Ctrl-C, its path is printed.
fn journal(args: &MapArgs, search: &Search<'_>, ends: &Arc<AtomicBool>) -> Result<Option<Journal>, Failure> {
    let Some(output) = args.output.as_deref().filter(|path| !path.exists() || path.is_file()) else {
        return Ok(None);
    };
    let path = Journal::path(&args.shard.map_or(output.to_path_buf(), |shard| shard.path(output)));
    let journal = Journal::open(&path, &search.parameters(), args.resume).map_err(kept)?;
    if journal.known() > 0 {
        output::message(format_args!("{} of {} distinct layers from before", journal.known(), search.layers()));
    }
    let ends = ends.clone();
    // If no handler can be set, Ctrl-C ends the program at once. Nothing in the journal is lost.
    let _ = ctrlc::set_handler(move || {
        // After the search, the output is being written. This takes only a moment.
        if !ends.load(Ordering::SeqCst) {
            let path = path.display();
            output::message(format_args!(
                "interrupted: what was found is kept in {path}; the same command with --resume goes on"
            ));
            std::process::exit(130);
        }
    });
    Ok(Some(journal))
}

fn kept(error: JournalError) -> Failure {
    Failure::Input(error.to_string())
}

/// Runs the command.
pub fn run(args: &MapArgs) -> Result<(), Failure> {
    if args.timing && args.format != Format::Table {
        return Err(Failure::Usage("--timing is shown in tables only: use --format table".to_string()));
    }
    if args.cost.model()? != CostModel::Exact {
        return Err(Failure::Usage("map works by the exact model: leave out --model maestro".to_string()));
    }
    let mut network = layers(args)?;
    if network.layers.is_empty() {
        return Err(Failure::Input(format!("the network {} has no layers", network.name)));
    }
    network::pad_to_filters(&mut network, "");
    let accelerator = args.hw.as_deref().unwrap_or(OsStr::new(accelerator::DEFAULT));
    let platform = args.calibration.apply(args.accelerator.platform(accelerator, &args.cost)?)?;
    let frozen = args.freeze.as_deref().map_or(Ok(Vec::new()), outlines)?;
    warn_of_others(&network, &frozen);
    let request = Request {
        objective: args.objective.into(),
        limits: args.constraint.map_or(Figures::UNLIMITED, |Constraint { limits, latency }| {
            let cycles = latency.map_or(limits.cycles, |latency| latency.cycles(platform.clock_mhz));
            Figures { cycles, ..limits }
        }),
        levels: args.levels.unwrap_or(2).into(),
        frozen,
        any_tile: args.any_tile,
        budget: args.budget,
        time: args.time,
        gap: args.gap,
    };
    let search = Search::new(&network, &platform, &request).map_err(|refused| {
        let lines: Vec<String> = refused.iter().take(output::FEW).map(ToString::to_string).collect();
        let more = refused.len() - lines.len();
        let more = if more > 0 { format!("\nand {more} more layers") } else { String::new() };
        Failure::Input(lines.join("\nerror: ") + &more)
    })?;
    let ends = Arc::new(AtomicBool::new(false));
    let journal = journal(args, &search, &ends)?;
    if let (Some(shard), Some(output)) = (args.shard, &args.output) {
        let journal = journal.ok_or_else(|| Failure::Usage("--shard needs a file to write to".to_string()))?;
        search.run_shard(&journal, shard).map_err(kept)?;
        ends.store(true, Ordering::SeqCst);
        let path = shard.path(output);
        journal.pack(&path, &portion::about(shard)?, &search.parameters()).map_err(kept)?;
        portion::left(&path, shard);
        return Ok(());
    }
    let mapped = search.run(journal.as_ref()).map_err(kept)?;
    ends.store(true, Ordering::SeqCst);
    let written = write(args, &network, &platform, &request, &mapped);
    journal.map_or(Ok(()), Journal::remove).map_err(kept)?;
    written
}

/// Joins the parts of a search.
pub fn join(mut args: MapArgs, parts: &mut [Part], output: PathBuf) -> Result<(), Failure> {
    Journal::unpack(&Journal::path(&output), parts).map_err(kept)?;
    args.resume = true;
    args.output = Some(output);
    run(&args)
}

/// Writes the mappings that were found.
fn write(
    args: &MapArgs,
    network: &Network,
    platform: &Platform,
    request: &Request,
    mapped: &Mapped,
) -> Result<(), Failure> {
    let found = mapped.answers.iter().filter_map(|answer| answer.found.as_ref());
    check_energies("a layer", found.map(|found| found.cost.energy.total()))?;
    let whole = mapped.network(network).map_err(|layers| {
        let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
        Failure::Input(format!(
            "no mapping was found for {}: larger buffers (--l1, --l2), looser limits (--constraint), --any-tile or a larger \
             --budget may help",
            output::few(&layers)
        ))
    })?;
    if let Some(path) = &args.output {
        let text = write_network(&whole);
        output::write(Some(path), |out| out.write_all(text.as_bytes()))?;
    }
    output::write(None, |mut out| match args.format {
        Format::Table => out.write_all(mapping::table(network, mapped, request, platform, args.timing).as_bytes()),
        Format::Csv => mapping::csv(&mut out, network, mapped, request, platform),
    })
}
