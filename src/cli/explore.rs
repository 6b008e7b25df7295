//! `maestrino explore`: costs a network on every design of a grid, and shows the Pareto front of the designs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::Hardware;
use crate::hardware::UNLIMITED;
use crate::host::campaign::grid::{Grid, Key};
use crate::host::campaign::{MAP, NamedDataflow};
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::directory::{Lock, checksum};
use crate::host::explore::mapped::Mapping;
use crate::host::explore::search::Effort;
use crate::host::explore::technology::{self, Technology};
use crate::host::explore::{self as host, Axes, DataflowCosts, Explore, Limits, Objective};
use crate::host::formats::file;
use crate::host::platform::Platform;
use crate::host::report::explore::{Axes as Drawn, Found, Searched};
use crate::host::shard::{Part, Shard};
use clap::ValueEnum;

use crate::cli::accelerator::AcceleratorArgs;
use crate::cli::calibration::{CalibrationArgs, message_of_limit};
use crate::cli::dataflow::{DataflowArgs, MappingArgs};
use crate::cli::failure::Failure;
use crate::cli::model::{CostArgs, check_energies};
use crate::cli::portion::Portion;
use crate::cli::{input, network, output, progress, report};

/// Cost a network on every design of a grid of accelerators with the exact model, and show the Pareto front of
/// latency, energy, area and power.
///
/// Millions of designs take seconds, because designs that differ only in buffers and bandwidths share most of the
/// work, and most designs are ruled out by another one. Grids with too many arrays and NoCs are searched by
/// evolution, and the output says so.
#[derive(clap::Args)]
pub struct ExploreArgs {
    /// Built-in network, or ONNX, TFLite, MAESTRO model or mapping file, or blob
    #[arg(long, value_name = "NAME|FILE")]
    network: OsString,
    #[command(flatten)]
    model: network::ModelArgs,
    #[command(flatten)]
    dataflow: DataflowArgs,
    /// All combinations of values: pes=16:32:64,noc=100..1000:100,offchip=50,l2=65536..1048576:x2. Values are lists
    /// (16:32:64) or ranges (FIRST..LAST:STEP, FIRST..LAST:xFACTOR); keys are pes, noc, hops, offchip, l1, l2, simd
    /// and bits
    #[arg(long, value_name = "KEY=VALUES,...")]
    hw_grid: String,
    /// Accelerator for all that the grid does not vary: built-in, hardware file, or blob [default: one lane, one hop,
    /// 8 bits, no other limit]
    #[arg(long, value_name = "NAME|FILE")]
    hw: Option<OsString>,
    #[command(flatten)]
    cost: CostArgs,
    #[command(flatten)]
    calibration: CalibrationArgs,
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    /// Energy, area and power of MACs, buffers, NoC and off-chip interface: 28nm, 45nm, or a TOML file (see
    /// src/guide/explore.md) [default: 28nm, with the accelerator's energies]
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["energies", "energy_sizes"])]
    technology: Option<OsString>,
    /// What is minimized
    #[arg(long, value_enum, value_delimiter = ',', default_value = "latency,energy,area,power")]
    objective: Vec<ObjectiveArg>,
    /// Leave out designs with more latency than this
    #[arg(long, value_name = "MS", value_parser = limit)]
    latency_max: Option<f64>,
    /// Leave out designs with more energy than this
    #[arg(long, value_name = "NJ", value_parser = limit)]
    energy_max: Option<f64>,
    /// Leave out designs with more area than this
    #[arg(long, value_name = "MM2", value_parser = limit)]
    area_max: Option<f64>,
    /// Leave out designs with more power than this
    #[arg(long, value_name = "MW", value_parser = limit)]
    power_max: Option<f64>,
    /// Combinations of an array and a NoC that are evaluated, each with all its buffers and off-chip bandwidths; a
    /// grid with more is searched
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    lines: u64,
    #[command(flatten)]
    map: MappingArgs,
    /// Designs that are evaluated with --dataflow map, each with the best mapping of each layer; if the grid has
    /// more, they are drawn at random
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    designs: u64,
    /// Seed of a search
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Draw the front: latency against another figure
    #[arg(long, value_name = "FILE.svg|FILE.png", value_parser = crate::cli::figure::figure)]
    plot: Option<PathBuf>,
    /// What --plot draws latency against
    #[arg(long, value_enum, requires = "plot", default_value_t = ObjectiveArg::Energy)]
    against: ObjectiveArg,
    /// Evaluate the I-th of N shares of the designs, and write FILE.part-I-of-N; `maestrino merge` joins all parts
    #[arg(long, requires = "output", value_name = "I/N")]
    shard: Option<Shard>,
    /// Write a page (report.html), its figures as SVG, PDF and CSV, and the front as CSV and Parquet to a directory
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ObjectiveArg {
    Latency,
    Energy,
    Area,
    Power,
    Edp,
}

impl From<ObjectiveArg> for Objective {
    fn from(objective: ObjectiveArg) -> Objective {
        match objective {
            ObjectiveArg::Latency => Objective::Latency,
            ObjectiveArg::Energy => Objective::Energy,
            ObjectiveArg::Area => Objective::Area,
            ObjectiveArg::Power => Objective::Power,
            ObjectiveArg::Edp => Objective::Edp,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
    Parquet,
}

/// Runs the command.
pub fn run(args: &ExploreArgs) -> Result<(), Failure> {
    explore(args, Portion::of(args.shard, args.output.as_deref()))
}

/// Joins the parts of an exploration.
pub fn join(mut args: ExploreArgs, parts: &mut [Part], output: PathBuf) -> Result<(), Failure> {
    args.output = Some(output);
    explore(&args, Portion::Joined(parts))
}

fn explore(args: &ExploreArgs, portion: Portion<'_>) -> Result<(), Failure> {
    if args.cost.model()? != CostModel::Exact {
        return Err(Failure::Usage("explore works by the exact model: leave out --model maestro".to_string()));
    }
    if args.format == Format::Parquet && args.output.is_none() {
        return Err(Failure::Usage("--format parquet needs --output FILE".to_string()));
    }
    let in_grid = |error: String| Failure::Input(format!("--hw-grid {}: {error}", args.hw_grid));
    let grid: Grid = args.hw_grid.parse().map_err(in_grid)?;
    if let Some(flag) = args.accelerator.in_grid(&args.hw_grid) {
        return Err(Failure::Usage(format!("{flag} changes what --hw-grid varies: leave one of them out")));
    }
    if args.cost.bits.is_some() && grid.values(Key::Bits).is_some() {
        return Err(Failure::Usage("--bits changes what --hw-grid varies: leave one of them out".to_string()));
    }
    let platform = platform(args, &grid)?;
    let (name, technology) = technology(args, &platform)?;
    let objectives = objectives(args, &grid, &platform.hardware)?;
    let mut network = network::network(&args.network, &args.model)?;
    if network.layers.is_empty() {
        return Err(Failure::Input(format!("the network {} has no layers", network.name)));
    }
    network::pad_to_filters(&mut network, "");
    let presets = input::presets(args.hw.as_deref().unwrap_or(OsStr::new("")));
    let goal = args.dataflow.goal()?;
    if let (None, Some(flag)) = (goal, args.map.given()) {
        return Err(Failure::Usage(format!("{flag} is of --dataflow map")));
    }
    let dataflows = match goal {
        // A placeholder; only its name is used.
        Some(_) => vec![NamedDataflow { name: MAP.to_string(), choice: DataflowChoice::own() }],
        None => args.dataflow.all(&network, presets, CostModel::Exact)?,
    };
    let calibration = platform.calibration;
    let costs = DataflowCosts { network: &network, dataflows: &dataflows, technology: &technology, calibration };
    let deadline = args.latency_max.map(|ms| cycles(ms, platform.clock_mhz));
    if let (Some(own), Some(deadline)) = (&calibration, deadline) {
        message_of_limit(own, deadline);
    }
    let explore = Explore {
        costs: &costs,
        grid: &grid,
        base: platform.hardware,
        objectives: &objectives,
        limits: Limits {
            cycles: deadline.map(|deadline| calibration.map_or(deadline, |own| own.within(deadline))),
            energy: args.energy_max,
            area: args.area_max.map(|mm2| mm2 * 1e6),
            power: args.power_max,
        },
    };
    let operations = network.layers.iter().filter_map(|named| named.layer.operations()).fold(0, u64::saturating_add);
    let axes = explore.axes(operations).map_err(in_grid)?;
    let (budget, gap) = (args.map.budget(), args.map.gap());
    let how = goal.map(|objective| Mapping { objective, budget, gap, designs: args.designs, seed: args.seed });
    let searched = searched(args, how, axes.lines(), explore.designs());
    if let (Some(Searched::Evolution(_, lines)), true) = (&searched, portion.is_share()) {
        return Err(Failure::Usage(format!(
            "--shard needs a grid that is evaluated completely, and one with {lines} arrays with a NoC is searched: give \
             --lines {lines} (at most 1000000), or a coarser grid"
        )));
    }
    // The contents of the files that the command reads. Parts with other contents must not be joined.
    let of = format!("{:?}", (&network, &dataflows, &technology, &platform));
    let work = |shard| Ok(look(&explore, &axes, searched.as_ref(), how, shard));
    let Some(found) = portion.find(&checksum(of.as_bytes()), work, host::Part::merge)? else { return Ok(()) };
    let explored = explore.explored(found).map_err(Failure::Input)?;
    check_energies(&network.name, explored.front.iter().map(|design| design.energy))?;
    let names: Vec<&str> = dataflows.iter().map(|dataflow| dataflow.name.as_str()).collect();
    let found = Found {
        network: &network.name,
        dataflows: &names,
        technology: [&name, &technology.source],
        clock_mhz: platform.clock_mhz,
        calibration,
        objectives: &objectives,
        searched,
        explored: &explored,
    };
    if explored.front.is_empty() {
        return Err(Failure::Input(found.nothing()));
    }
    if how.is_some() {
        output::message(format_args!("{MAP}: {}", explored.certificate));
    }
    write(args, &found)
}

/// How a grid that is too large for evaluating every design is searched; `None` if it is small enough.
fn searched(args: &ExploreArgs, how: Option<Mapping>, lines: u64, designs: u128) -> Option<Searched> {
    match how {
        Some(how) => (designs > how.designs.into()).then_some(Searched::Sample(how)),
        None => {
            let effort = Effort { lines: args.lines, seed: args.seed };
            (lines > args.lines).then_some(Searched::Evolution(effort, lines))
        }
    }
}

/// Evaluates a share of the designs, under each dataflow or at their best mappings; or searches them.
fn look(
    explore: &Explore<'_>,
    axes: &Axes,
    searched: Option<&Searched>,
    how: Option<Mapping>,
    shard: Shard,
) -> host::Part {
    let share = |pieces: u64| {
        let range = shard.range(pieces);
        (range.end - range.start) as usize
    };
    match (how, searched) {
        (Some(how), _) => {
            let designs = explore.designs().min(how.designs.into()) as u64;
            let work = progress::begin("mapping", share(designs));
            explore.mapped(axes, &how, shard, &|| work.advance())
        }
        (None, Some(Searched::Evolution(effort, _))) => {
            let work = progress::begin("exploring", effort.lines as usize);
            explore.search(axes, effort, &|| work.advance())
        }
        (None, _) => {
            let work = progress::begin("exploring", share(axes.lines()));
            explore.whole(axes, shard, &|| work.advance())
        }
    }
}

/// The accelerator with the figures that the grid does not vary.
fn platform(args: &ExploreArgs, grid: &Grid) -> Result<Platform, Failure> {
    let named = match &args.hw {
        Some(name) => input::platform(name)?,
        None => {
            grid.needs_pes().map_err(|error| Failure::Input(format!("--hw-grid {}: {error}", args.hw_grid)))?;
            Platform::new(Hardware::new(1).map_err(|error| Failure::Input(error.to_string()))?)
        }
    };
    let platform = args.calibration.apply(args.accelerator.apply(named, &args.cost)?)?;
    match args.accelerator.prefetches() {
        true => Err(Failure::Usage("explore computes cycles without prefetching: leave out --prefetch".to_string())),
        false => Ok(platform),
    }
}

/// The name of the technology, and its figures.
fn technology(args: &ExploreArgs, platform: &Platform) -> Result<(String, Technology), Failure> {
    let Some(given) = &args.technology else {
        return Ok((technology::DEFAULT.to_string(), Technology::of(platform)));
    };
    if let Some(built_in) = given.to_str().and_then(Technology::named) {
        return Ok((given.display().to_string(), built_in));
    }
    let path = Path::new(given);
    if !path.exists() {
        return Err(input::unknown("technology", &given.to_string_lossy(), Technology::names()));
    }
    let table = file::text(path)?.parse();
    let table = table.map_err(|error: String| Failure::Input(format!("{}: {error}", path.display())))?;
    Ok((file::stem(path), table))
}

/// The objectives. Area and power are known only if the NoC has a limit.
fn objectives(args: &ExploreArgs, grid: &Grid, base: &Hardware) -> Result<Vec<Objective>, Failure> {
    if input::twice(&args.objective).is_some() {
        return Err(Failure::Usage("--objective names a figure twice".to_string()));
    }
    let objectives: Vec<Objective> = args.objective.iter().map(|objective| (*objective).into()).collect();
    let widest = grid.values(Key::Noc).and_then(|(values, _)| values.iter().max().copied());
    let silicon = [Objective::Area, Objective::Power].iter().any(|own| objectives.contains(own));
    let limited = args.area_max.or(args.power_max).is_some();
    if (silicon || limited) && widest.unwrap_or(base.noc(0).bandwidth) == UNLIMITED {
        return Err(Failure::Input(
            "a NoC without a limit has no area and no power: give noc in --hw-grid, --noc-bw, or --objective latency,energy and no \
             limit of area or power"
                .to_string(),
        ));
    }
    Ok(objectives)
}

fn write(args: &ExploreArgs, found: &Found<'_>) -> Result<(), Failure> {
    let drawn = |error: crate::host::report::plot::PlotError| Failure::Input(error.to_string());
    if let Some(directory) = &args.report {
        let lock = Lock::take(directory).map_err(|error| Failure::Input(error.to_string()))?;
        report::save(&found.page().map_err(drawn)?, &directory.join("report.html"), Some(&lock))?;
        output::write(Some(&directory.join("front.csv")), |out| found.csv(out))?;
        output::write(Some(&directory.join("front.parquet")), |out| found.parquet(out))?;
    }
    if let Some(path) = &args.plot {
        let plot = found.plot(Drawn { x: Objective::Latency, y: args.against.into() });
        let bytes = crate::cli::figure::draw(&plot, path)?;
        output::write(Some(path), |out| out.write_all(&bytes))?;
    }
    output::write(args.output.as_deref(), |out| match args.format {
        Format::Table => out.write_all(found.table().as_bytes()),
        Format::Csv => found.csv(out),
        Format::Json => found.json(out),
        Format::Parquet => found.parquet(out),
    })
}

/// The largest number of cycles whose printed time is at most `ms` milliseconds.
fn cycles(ms: f64, mhz: f64) -> u64 {
    let about = (ms * mhz * 1000.0) as u64;
    // Because of rounding, it may be one too many or too few.
    let within = |cycles: &u64| *cycles as f64 / mhz / 1000.0 <= ms;
    [about.saturating_add(1), about].into_iter().find(within).unwrap_or(about.saturating_sub(1))
}

fn limit(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(figure) if figure > 0.0 && figure.is_finite() => Ok(figure),
        _ => Err("expected a number above 0".to_string()),
    }
}
