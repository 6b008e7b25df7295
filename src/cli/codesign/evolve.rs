//! Evolves networks and designs together.

use crate::Silicon;
use crate::hardware::UNLIMITED;
use crate::host::campaign::{Accelerator, BLOCK_COSTS, Campaign, DesignId};
use crate::host::cost_table::Design;
use crate::host::search::evolve::{CoDesign, Objective};
use crate::host::search::fingerprint::Fingerprint;
use crate::host::search::pareto::{Archive, dominates};
use crate::host::search::query::Limits;
use crate::host::search::results::{self, Enumerated, Evolved};
use crate::host::shard::Shard;
use crate::host::spaces::Space;
use crate::host::spaces::accuracy::Accuracy;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::args::CodesignArgs;
use super::directory;
use super::rows::show;
use crate::cli::failure::Failure;
use crate::cli::model::check_energies;
use crate::cli::output;
use crate::cli::portion::Portion;
use crate::cli::progress::{self, Work};
use crate::cli::space::choice::{listed, population};
use crate::cli::space::warnings::warn_of_dataflows;

/// The number of sampled networks whose layers represent the space in warnings.
const SAMPLES: u32 = 16;

/// The results of a search with one seed.
#[derive(Serialize, Deserialize)]
struct Found {
    seed: u64,
    pairs: Vec<Evolved>,
    tried: usize,
    walks: usize,
    too_small: Option<(usize, String)>,
}

/// Runs the searches, and shows and saves the fronts.
pub fn run(args: &CodesignArgs, space: &dyn Space, campaign: &Campaign, portion: Portion<'_>) -> Result<(), Failure> {
    let source = args.accuracy.source(space)?;
    if !matches!(source, Accuracy::Builtin | Accuracy::Forest(_)) {
        return Err(Failure::Input(
            "evolution meets networks that no table has; --accuracy must be builtin or a random forest".to_string(),
        ));
    }
    let unlimited = |accelerator: &&Accelerator| !Silicon::is_known(&accelerator.hardware);
    let unlimited = campaign.designs.accelerators.iter().find(unlimited);
    let objectives = args.objectives(unlimited.is_none());
    if let Some(Accelerator { name, .. }) = unlimited
        && objectives.contains(&Objective::Area)
    {
        return Err(Failure::Input(format!(
            "--objectives area: the area of {name} is not known, for its NoC has no limit; give it one (noc=64 in --hw-grid, \
             noc_bw_cstr: 64 in a hardware file)"
        )));
    }
    let some: Vec<_> = space.draw(SAMPLES).iter().flat_map(|network| space.layers(network)).collect();
    warn_of_dataflows(&campaign.designs, campaign.costing.model(), &some);
    let seeds: Vec<u64> = args.seeds().collect();
    let mut fingerprint = Fingerprint::of_space(space, &source, campaign);
    let work = |shard: Shard| {
        let share = shard.range(seeds.len() as u64);
        let seeds = &seeds[share.start as usize..share.end as usize];
        let most = |&seed: &u64| {
            let effort = args.effort(seed);
            effort.population * (effort.generations + 1)
        };
        let plural = if seeds.len() == 1 { "seed" } else { "seeds" };
        let what = format!("evolution with {} {plural}, pairs at most", seeds.len());
        let work = progress::begin(what, seeds.iter().map(most).sum());
        let found = seeds.par_iter().map(|&seed| evolve(args, space, &source, campaign, &objectives, seed, &work));
        Ok(found.collect::<Vec<Found>>())
    };
    let Some(found) = portion.find(&format!("{fingerprint:?}"), work, |a, b| [a, b].into_iter().flatten().collect())?
    else {
        return Ok(());
    };
    if found.iter().all(|found| found.pairs.is_empty()) {
        let misfits = found.iter().filter_map(|found| found.too_small.as_ref());
        let misfits = misfits.map(|(count, nearest)| {
            format!(". {count} of them do not fit the buffers of their accelerator; nearest to it: {nearest}")
        });
        return Err(Failure::Input(format!(
            "none of the {} pairs that were tried can be used within the constraint; loosen it, take other designs or a \
             longer search{}",
            found.iter().map(|found| found.tried).sum::<usize>(),
            misfits.collect::<String>()
        )));
    }
    let energies = found.iter().flat_map(|found| &found.pairs).map(|pair| pair.figures.energy);
    check_energies("a pair of the front", energies)?;
    let enumerated =
        if args.enumerate { enumerate(args, space, &source, campaign, &mut fingerprint)? } else { Vec::new() };
    for Found { seed, pairs, tried, walks, too_small } in &found {
        let dominated = enumerated.iter().filter(|known| pairs.iter().any(|pair| better(pair, known))).count();
        let comparison = match enumerated.len() {
            0 => String::new(),
            count => format!("; it dominates {dominated} of the {count} pairs of the enumerated front"),
        };
        let front = pairs.len();
        let misfits = match too_small {
            Some((count, _)) => format!(" ({count} do not fit the buffers)"),
            None => String::new(),
        };
        output::message(format_args!(
            "seed {seed}: {tried} pairs tried{misfits}, {walks} evaluations of the cost model, a front of {front}{comparison}"
        ));
    }
    if matches!(source, Accuracy::Builtin) {
        output::message(format_args!("accuracies are a score that only ranks networks"));
    }
    let model = campaign.costing.model();
    let [tried, walks]: [usize; 2] =
        [|found: &Found| found.tried, |found: &Found| found.walks].map(|of| found.iter().map(of).sum());
    let found: Vec<_> = found.into_iter().map(|found| (found.seed, found.pairs)).collect();
    let rows =
        found.iter().flat_map(|(seed, pairs)| pairs.iter().map(|pair| results::front_row(model, *seed, pair).to_vec()));
    show(args.format, &results::FRONT_COLUMNS, rows.collect())?;
    let Some(path) = &args.output else { return Ok(()) };
    let mut saved = vec![results::front(model, &found)];
    saved.extend((!enumerated.is_empty()).then(|| results::enumerated(&enumerated)));
    let mut summary = results::evolution_fields(space.name(), &campaign.costing);
    summary.extend(args.accuracy.described(Some(&source)));
    let designs = &campaign.designs;
    let asked = json!({
        "accelerators": designs.accelerators.len(), "dataflows": designs.takes().count(), "seeds": seeds.len(), "tried": tried,
        "evaluations": walks
    });
    summary.extend(directory::asked("evolution", &args.limits(&campaign.costing).unwrap_or(Limits::NONE), asked));
    directory::save(path, &fingerprint, summary, saved)
}

fn evolve(
    args: &CodesignArgs,
    space: &dyn Space,
    accuracy: &Accuracy,
    campaign: &Campaign,
    objectives: &[Objective],
    seed: u64,
    work: &Work,
) -> Found {
    let limits = args.limits(&campaign.costing).unwrap_or(Limits::NONE);
    let mut problem = CoDesign::new(space, accuracy, campaign, objectives, limits);
    let found = problem.search(&args.effort(seed), &|| work.advance());
    let mut pairs = Vec::with_capacity(found.front.len());
    for (_, candidate) in &found.front {
        if let Some((accuracy, figures, needs)) = problem.figures(candidate) {
            let Design { accelerator, dataflow, hardware } = campaign.designs.design(candidate.design);
            let network = space.format(&candidate.network);
            let sizes = [hardware.l1_bytes(), hardware.l2_bytes()];
            let buffers = sizes.map(|bytes| (bytes != UNLIMITED).then_some(bytes));
            let needs = [needs.l1, needs.l2];
            pairs.push(Evolved { network, accelerator, dataflow, accuracy, figures, buffers, needs });
        }
    }
    Found { seed, pairs, tried: found.evaluated, walks: problem.walks(), too_small: problem.too_small() }
}

fn better(pair: &Evolved, known: &Enumerated) -> bool {
    let own = [-pair.accuracy, pair.figures.cycles as f64, pair.figures.energy];
    dominates(&own, &[-known.accuracy, known.cycles as f64, known.energy])
}

/// The front of accuracy, latency and energy of the listed networks on all designs, most accurate first.
fn enumerate(
    args: &CodesignArgs,
    space: &dyn Space,
    source: &Accuracy,
    campaign: &Campaign,
    fingerprint: &mut Fingerprint,
) -> Result<Vec<Enumerated>, Failure> {
    let listed = listed(space, args.networks())?;
    let accuracies = args.accuracy.of_all(source, space, &listed)?;
    let campaign = Campaign { workload: population(space, &listed).workload, ..campaign.clone() };
    *fingerprint = fingerprint.clone().with_networks(campaign.workload.networks(), &accuracies);
    let mut front = Archive::new();
    let blocks = campaign.blocks(BLOCK_COSTS);
    let work = progress::begin(format!("enumerating {} networks, blocks of designs", listed.len()), blocks.len());
    for accelerators in blocks {
        let block = campaign.block(accelerators);
        for (&design, column) in block.designs.iter().zip(&block.columns) {
            for (network, &accuracy) in accuracies.iter().enumerate() {
                let (cycles, energy) = (column.cycles[network], column.energy[network]);
                // The network cannot run on this design.
                if energy.is_nan() {
                    continue;
                }
                front.add(vec![-accuracy, cycles as f64, energy], (design, network, cycles));
            }
        }
        work.advance();
    }
    let mut front = front.items;
    front.sort_by(|(a, _), (b, _)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let named = |(objectives, (design, network, cycles)): (Vec<f64>, (DesignId, usize, u64))| {
        let design = campaign.designs.design(design);
        Enumerated {
            network: campaign.workload.networks()[network].clone(),
            accelerator: design.accelerator,
            dataflow: design.dataflow,
            accuracy: -objectives[0],
            cycles,
            energy: objectives[2],
        }
    };
    Ok(front.into_iter().map(named).collect())
}
