//! `maestrino space campaign`: costs every network on every accelerator under every dataflow.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::host::campaign::files::{JournalError, Kept, PARTIAL, Summary};
use crate::host::campaign::journal::Journal;
use crate::host::campaign::{BLOCK_COSTS, Campaign, Costing, DesignSpace, Objective, Unusable, tables};
use crate::host::population::Population;
use crate::host::shard::{Part, Shard};
use clap::ValueEnum;
use serde_json::{Map, Value};

use super::accelerators::AcceleratorArgs;
use super::choice::{RecipeArgs, listed, population};
use super::models::ModelsArgs;
use super::warnings::{warn_of_dataflows, warn_of_unusable};
use crate::cli::calibration::CalibrationArgs;
use crate::cli::dataflow::{self, Best, FitArgs, MappingArgs};
use crate::cli::failure::Failure;
use crate::cli::input::twice;
use crate::cli::model::{BufferArgs, CostArgs, check_energies};
use crate::cli::{output, portion, progress};

/// Cost every network of a set on every accelerator under every dataflow.
///
/// Writes tables into a directory: latency.csv (cycles) and energy.csv (nJ), with a row for each network and a column
/// for each dataflow and accelerator; or costs.parquet, with a row for each network on each of these. With the exact
/// model, a network with a layer that does not fit the buffers of an accelerator cannot run there: its cell is empty,
/// or its row is missing. unusable.csv lists the accelerators that some networks cannot use with a dataflow, and why.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("source").args(["space", "models"]).required(true)))]
pub struct CampaignArgs {
    /// The space: nb301, alphanet, tiny or a file that describes one; or several, each of which gets a directory of
    /// its own in the output
    #[arg(long, value_name = "NAME|FILE,...", value_delimiter = ',')]
    space: Vec<OsString>,
    #[command(flatten)]
    recipe: RecipeArgs,
    #[command(flatten)]
    models: ModelsArgs,
    /// selected (the paper's selection), all (networks that the paper drew), a CSV file, or ids: 0..100, 5 or 1,2,3
    /// [default: selected]
    #[arg(long, value_name = "NETWORKS", visible_alias = "seeds", conflicts_with = "models")]
    networks: Option<OsString>,
    #[command(flatten)]
    accelerators: AcceleratorArgs,
    #[command(flatten)]
    buffers: BufferArgs,
    #[command(flatten)]
    cost: CostArgs,
    #[command(flatten)]
    calibration: CalibrationArgs,
    /// Dataflows: presets, optionally with tile sizes (kcp_ws:cluster=32), or files with Dataflow blocks.
    /// conv=mine.m+gemm=nmk is one dataflow that differs by kind of layer. Layers that no given dataflow suits take
    /// the preset for their kind, with a warning. map (or map:energy, map:edp, map:offchip) is the best mapping of
    /// each layer on each accelerator, as `maestrino map` finds it
    #[arg(long, value_name = "[KIND=]NAME|FILE[+...],...", required = true)]
    dataflow: Vec<OsString>,
    #[command(flatten)]
    fit: FitArgs,
    #[command(flatten)]
    map: MappingArgs,
    /// Also cost designs in which each layer has the best of the dataflows, by latency, energy or EDP
    #[arg(long, value_name = "BY", num_args = 0..=1, require_equals = true, default_missing_value = "latency")]
    mixed: Option<Best>,
    /// Which energy is summed. maestro-csv is the column that MAESTRO prints, which depends on the layer before; it
    /// implies --model maestro
    #[arg(long, value_enum, default_value_t = EnergySum::Total)]
    energy: EnergySum,
    /// Directory to write to; created if missing
    #[arg(long, short, value_name = "DIR", default_value = "campaign")]
    output: PathBuf,
    /// Form of the tables
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Costs (of a network on a design) that are computed at a time; each takes 16 bytes of memory, and more while it
    /// is written. A block is a row group in Parquet
    #[arg(long, value_name = "COSTS", default_value_t = BLOCK_COSTS)]
    block: usize,
    /// Number of threads; results do not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Continue a campaign that was interrupted; begin one if there is none
    #[arg(long)]
    resume: bool,
    /// Cost the I-th of N shares of the accelerators, block by block, and write DIR.part-I-of-N; `maestrino merge`
    /// joins all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EnergySum {
    Total,
    MaestroCsv,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Parquet,
}

/// Runs the command.
pub fn run(args: &CampaignArgs) -> Result<(), Failure> {
    if let Some(threads) = args.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads as usize).build_global();
        pool.map_err(|error| Failure::Input(format!("cannot start {threads} threads: {error}")))?;
    }
    let own = args.models.are_given()?;
    let spaces = args.recipe.of_command(&args.space, own)?;
    let names: Vec<&str> = spaces.iter().map(|space| space.name()).collect();
    if let Some(name) = twice(&names) {
        return Err(Failure::Usage(format!("--space: {name} is given twice")));
    }
    let costing = match args.energy {
        EnergySum::MaestroCsv if args.cost.has_energies() => {
            return Err(Failure::Usage("--energies changes nothing in --energy maestro-csv".to_string()));
        }
        EnergySum::MaestroCsv => {
            args.calibration.of_exact(args.cost.implied_by("--energy maestro-csv")?)?;
            Costing::MaestroCsv
        }
        EnergySum::Total => args.calibration.costing(&args.cost)?,
    };
    let fit = args.fit.fit(costing.model());
    let (dataflows, mappings) = dataflow::with_mappings(&args.dataflow, fit, &costing, &args.map)?;
    let designs = DesignSpace {
        accelerators: args.accelerators.read(&args.buffers, &args.cost)?,
        dataflows,
        mappings,
        mixed: args.mixed.map(Objective::from),
    };
    let networks = args.networks.as_deref().unwrap_or(OsStr::new("selected"));
    if let (Some(_), [_, _, ..]) = (args.shard, spaces.as_slice()) {
        return Err(Failure::Usage("--shard is of one space: a command for each".to_string()));
    }
    if spaces.len() > 1 && Path::new(networks).is_file() {
        return Err(Failure::Usage("a file of --networks is for one space; --space names several".to_string()));
    }
    let stop = stop_on_ctrl_c();
    let cost_all = |population: Population, chosen: &OsStr, directory: &Path| {
        let Population { name, workload, .. } = population;
        let campaign = Campaign { workload, designs: designs.clone(), costing };
        warn_of_dataflows(&campaign.designs, costing.model(), campaign.workload.layers());
        let mut recipe = Map::new();
        recipe.insert("space".to_string(), Value::from(name.as_str()));
        recipe.insert("chosen".to_string(), Value::from(chosen.to_string_lossy()));
        cost(args, &name, recipe, &campaign, directory, &stop)
    };
    if own {
        return cost_all(args.models.read(costing.model())?.population, OsStr::new("models"), &args.output);
    }
    for space in &spaces {
        let directory = if spaces.len() > 1 { args.output.join(space.name()) } else { args.output.clone() };
        let listed = listed(space.as_ref(), networks)?;
        cost_all(population(space.as_ref(), &listed), networks, &directory)?;
    }
    Ok(())
}

/// Joins the parts of a campaign.
pub fn join(mut args: CampaignArgs, parts: &mut [Part], output: PathBuf) -> Result<(), Failure> {
    Journal::unpack(&output, parts).map_err(files)?;
    args.resume = true;
    args.output = output;
    run(&args)
}

/// Costs the networks of one space, or the user's own networks.
fn cost(
    args: &CampaignArgs,
    name: &str,
    mut recipe: Map<String, Value>,
    campaign: &Campaign,
    directory: &Path,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let start = Instant::now();
    let format = match args.format {
        Format::Csv => tables::Format::Csv,
        Format::Parquet => tables::Format::Parquet,
    };
    let blocks = campaign.blocks(args.block);
    let block = blocks.first().map_or(0, |block| block.len());
    recipe.insert("accelerators_in_a_block".to_string(), Value::from(block));
    let whole = directory;
    let part = args.shard.map(|shard| (shard, shard.path(whole)));
    // A part is computed in a directory of its own.
    let under_way = part.as_ref().map(|(_, path)| PathBuf::from(format!("{}.partial", path.display())));
    let directory = under_way.as_deref().unwrap_or(whole);
    if let Some((shard, _)) = part.as_ref().filter(|(shard, _)| shard.of() > blocks.len()) {
        let (count, parts) = (campaign.designs.accelerators.len(), shard.of());
        let costs = campaign.workload.networks().len() * campaign.designs.each() * (count / parts).max(1);
        let blocks = blocks.len();
        let how = format!("--block {costs} makes more, for the whole campaign as well, or take fewer parts");
        return Err(Failure::Input(format!(
            "{count} accelerators in {blocks} blocks are too few for {parts} parts: {how}"
        )));
    }
    let Some(journal) = Journal::open(directory, campaign, recipe, format, args.resume).map_err(files)? else {
        output::message(format_args!("{}: {} holds this campaign, complete", name, directory.display()));
        return Ok(());
    };
    if let Some(what) = journal.replaces() {
        output::message(format_args!("{}: {what}", directory.display()));
    }
    let (networks, accelerators) = (campaign.workload.networks().len(), campaign.designs.accelerators.len());
    let what = format!("{name}: costing {networks} networks on {accelerators} accelerators, blocks");
    let work = progress::begin(what, blocks.len());
    let mut summaries: Vec<Summary> = Vec::with_capacity(blocks.len());
    let (mut resumed, mut damaged) = (0, 0);
    let share = |number: &usize| part.as_ref().is_none_or(|(shard, _)| shard.takes(*number));
    let numbers: Vec<usize> = (0..blocks.len()).filter(share).collect();
    for &number in &numbers {
        let accelerators = &blocks[number];
        let kept = journal.kept(number, campaign).map_err(files)?;
        damaged += usize::from(kept == Kept::Damaged);
        let summary = match kept {
            Kept::Whole(known) => {
                resumed += 1;
                known
            }
            Kept::None | Kept::Damaged if stop.load(Ordering::SeqCst) => {
                return Err(Failure::Interrupted(format!(
                    "interrupted: {number} of {} blocks are kept in {}; the same command with --resume goes on from there",
                    blocks.len(),
                    directory.join(PARTIAL).display(),
                )));
            }
            Kept::None | Kept::Damaged => {
                let block = campaign.block(accelerators.clone());
                let energies = block.columns.iter().flat_map(|column| column.energy.iter().copied());
                if let Err(too_much) = check_energies(&format!("a network of {name}"), energies) {
                    journal.discard().map_err(files)?;
                    return Err(too_much);
                }
                journal.keep(number, campaign, &block).map_err(files)?
            }
        };
        summaries.push(summary);
        work.advance();
    }
    drop(work);
    if let Some((shard, path)) = part {
        let taken = numbers.len();
        journal.pack(&path, &portion::about(shard)?, &numbers).map_err(files)?;
        output::message(format_args!(
            "{}: part {shard}, {taken} of {} blocks; `maestrino merge` joins all parts",
            path.display(),
            blocks.len()
        ));
        return Ok(());
    }
    let designs: usize = summaries.iter().map(|summary| summary.designs.len()).sum();
    let unusable = summaries.iter().flat_map(|summary| &summary.unusable);
    warn_of_unusable(campaign, unusable.clone());
    if designs == 0 {
        // Nothing was costed, so there is nothing to resume.
        journal.discard().map_err(files)?;
        let nearest = Unusable::nearest(unusable).filter(|nearest| nearest.excess().is_finite());
        let nearest = nearest.map_or(String::new(), |nearest| format!("; nearest to it: {nearest}"));
        let none = "no accelerator can be used with any of the dataflows (see above)";
        return Err(Failure::Input(format!("{none}{nearest}")));
    }
    journal.finish(campaign, &summaries).map_err(files)?;
    dataflow::message_of_mappings(campaign.designs.mappings.as_deref());
    let evaluations: u64 = summaries.iter().map(|summary| summary.evaluations).sum();
    let mut kept =
        if resumed > 0 { format!(", {resumed} of {} blocks from before", blocks.len()) } else { String::new() };
    if damaged > 0 {
        kept += &format!(", {damaged} that were damaged worked out again");
    }
    output::message(format_args!(
        "{}: {} networks on {designs} designs in {}: {evaluations} costs of {} distinct layers, {}, {:.2} s{kept}",
        name,
        campaign.workload.networks().len(),
        directory.display(),
        campaign.workload.layers().len(),
        campaign.costing.title(),
        start.elapsed().as_secs_f64(),
    ));
    Ok(())
}

fn files(error: JournalError) -> Failure {
    Failure::Input(error.to_string())
}

/// A flag that the first Ctrl-C sets. The second Ctrl-C ends the program.
fn stop_on_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = stop.clone();
    // If no handler can be set, Ctrl-C ends the program at once. No block that was written is lost.
    let _ = ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
    stop
}
