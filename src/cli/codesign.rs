//! `maestrino codesign`: finds the best network and accelerator together.

mod args;
mod compare;
mod directory;
mod evolve;
mod rows;

use std::path::PathBuf;

use crate::host::campaign::{Campaign, DesignSpace, Unusable, Workload};
use crate::host::population::Population;
use crate::host::search::compare::Plan;
use crate::host::search::counted::Counted;
use crate::host::search::exhaustive::{Costs, Exhaustive};
use crate::host::search::fingerprint::Fingerprint;
use crate::host::search::methods::central;
use crate::host::search::problem::Problem;
use crate::host::search::query::Limits;
use crate::host::search::results::{self, Answered};
use crate::host::search::{adaptive::Adaptive, methods::Method as _};
use crate::host::shard::{Part, Shard};
use crate::host::spaces::Space;
use serde_json::{Map, Value, json};

pub use args::CodesignArgs;
use args::Method;
use rows::show;

use crate::cli::dataflow;
use crate::cli::failure::Failure;
use crate::cli::model::check_energies;
use crate::cli::portion::Portion;
use crate::cli::space::choice::{listed, population};
use crate::cli::space::warnings::{warn_of_dataflows, warn_of_unusable};
use crate::cli::{calibration, progress};

/// The maximum number of costs (of a network on a design) that are kept at the same time.
const MOST_COSTS: usize = 20_000_000;
/// The maximum number of costs if most of them are never evaluated.
const MOST_PLACES: usize = 60_000_000;

/// Runs the command.
pub fn run(args: &CodesignArgs) -> Result<(), Failure> {
    codesign(args, Portion::of(args.shard, args.output.as_deref()))
}

/// Joins the parts of a search.
pub fn join(mut args: CodesignArgs, parts: &mut [Part], output: PathBuf) -> Result<(), Failure> {
    args.output = Some(output);
    codesign(&args, Portion::Joined(parts))
}

fn codesign(args: &CodesignArgs, portion: Portion<'_>) -> Result<(), Failure> {
    args.check()?;
    let written = args.output.as_deref().filter(|_| !portion.is_share());
    let _lock = written.map(directory::take).transpose()?;
    let own = args.models.are_given()?;
    let space = args.recipe.of_command(args.space.as_slice(), own)?.pop();
    let model = args.cost.model()?;
    let costing = args.calibration.costing(&args.cost)?;
    let (dataflows, mappings) = dataflow::with_mappings(&args.dataflow, args.fit.fit(model), &costing, &args.map)?;
    let campaign = Campaign {
        workload: Workload::new(),
        designs: DesignSpace {
            accelerators: args.accelerators.read(&args.buffers, &args.cost)?,
            dataflows,
            mappings,
            mixed: args.mixed.map(Into::into),
        },
        costing,
    };
    campaign.designs.check_names().map_err(|clash| Failure::Input(clash.to_string()))?;
    if let (Some(own), Some(deadline)) = (costing.calibration(), args.deadline()) {
        calibration::message_of_limit(own, deadline as u64);
    }
    let mappings = campaign.designs.mappings.clone();
    let searched = search(args, space.as_deref(), campaign, portion);
    dataflow::message_of_mappings(mappings.as_deref());
    searched
}

/// Searches a space, or the user's own networks, on the designs of a campaign.
fn search(
    args: &CodesignArgs,
    space: Option<&dyn Space>,
    mut campaign: Campaign,
    portion: Portion<'_>,
) -> Result<(), Failure> {
    let model = campaign.costing.model();
    let (population, accuracy, source, fingerprint) = match space {
        Some(space) if args.method == Method::Evolve => return evolve::run(args, space, &campaign, portion),
        None if args.method == Method::Evolve => {
            return Err(Failure::Usage(
                "--method evolve makes new networks of those of a space, and --models has no space: the other methods \
                 look at all networks"
                    .to_string(),
            ));
        }
        Some(space) => {
            let listed = listed(space, args.networks())?;
            let source = args.accuracy.source(space)?;
            let accuracy = args.accuracy.of_all(&source, space, &listed)?;
            let fingerprint = Fingerprint::of_space(space, &source, &campaign);
            (population(space, &listed), accuracy, args.accuracy.described(Some(&source)), fingerprint)
        }
        None => {
            let models = args.models.read(model)?;
            let accuracy = args.accuracy.of_models(&models)?;
            let fingerprint = Fingerprint::of_networks(&models.population, &campaign);
            (models.population, accuracy, args.accuracy.described(None), fingerprint)
        }
    };
    let Population { name, workload, macs } = population;
    campaign.workload = workload;
    warn_of_dataflows(&campaign.designs, model, campaign.workload.layers());
    let problem = Problem::new(campaign, accuracy, macs).map_err(|error| Failure::Input(error.to_string()))?;
    let fingerprint = fingerprint.of_problem(&problem);
    let alone = args.constraint.is_some() && args.method == Method::Adaptive && args.output.is_none();
    let most = if alone { MOST_PLACES } else { MOST_COSTS };
    let costs = problem.networks().saturating_mul(problem.designs().len());
    if costs > most {
        return Err(Failure::Input(format!(
            "{} networks on {} designs are {costs} costs, more than the {most} that are kept at once; \
             take fewer of them, --method adaptive with a constraint and without --output, or --method evolve",
            problem.networks(),
            problem.designs().len()
        )));
    }
    match (&args.limits(&problem.campaign().costing), args.grid, args.method, &args.output) {
        // Evaluates the cost model only where the answer needs it.
        (Some(limits), None, Method::Adaptive, None) => {
            let plan = args.adaptive();
            let budget = args.budget.unwrap_or(usize::MAX);
            let mut method = Adaptive::with_tolerance(&problem, args.tolerance()).with_budget(budget);
            let designs: Vec<usize> = (0..problem.designs().len()).collect();
            let searching = progress::begin(on("adaptive search", &problem), 0);
            let answer = method.answer(&designs, limits);
            drop(searching);
            if answer.choice.is_none() && method.all_unusable() {
                let unusable = problem.campaign().table().1;
                let nearest = Unusable::nearest(&unusable).map_or(String::new(), |nearest| format!(": {nearest}"));
                return Err(Failure::Input(format!("no network can run on any design; nearest to it{nearest}")));
            }
            let answers = [Answered { plan, answer, counts: method.counts() }];
            drop(method);
            if answers[0].answer.choice.is_some() || costs > MOST_COSTS {
                return show_choices(args, &problem, &answers, None);
            }
            let none = none_meets(args, &answers);
            let exhaustive = Exhaustive::new(problem).map_err(|error| Failure::Input(error.to_string()))?;
            Err(with_nearest(none, exhaustive.nearest(limits)))
        }
        _ => with_exhaustive(args, &name, &fingerprint, source, problem, portion),
    }
}

/// The name of a step that covers all networks and designs, for the progress line.
fn on(what: &str, problem: &Problem) -> String {
    format!("{what}: {} networks on {} designs", problem.networks(), problem.designs().len())
}

fn with_exhaustive(
    args: &CodesignArgs,
    name: &str,
    fingerprint: &Fingerprint,
    accuracy: Map<String, Value>,
    problem: Problem,
    portion: Portion<'_>,
) -> Result<(), Failure> {
    let costing = progress::begin(on("costs", &problem), 0);
    let work = |shard: Shard| {
        let share = shard.range(problem.campaign().designs.accelerators.len() as u64);
        Ok(Costs::new(&problem, share.start as usize..share.end as usize))
    };
    let Some(costs) = portion.find(&format!("{fingerprint:?}"), work, Costs::with)? else { return Ok(()) };
    let exhaustive = Exhaustive::of(problem, costs).map_err(|error| Failure::Input(error.to_string()))?;
    drop(costing);
    warn_of_unusable(exhaustive.problem().campaign(), exhaustive.unusable());
    let designs = 0..exhaustive.problem().designs().len();
    let energies = designs.flat_map(|design| exhaustive.figures(design)).filter(|figures| figures.is_usable());
    check_energies(&format!("a network of {}", name), energies.map(|figures| figures.energy))?;
    let mut counted = Counted::new(&exhaustive);
    let proxy = args.proxy_of(&exhaustive)?;
    let (mut files, mut summary) = (Vec::new(), accuracy);
    if args.output.is_some() {
        let _work = progress::begin(on("tables and rank correlations", exhaustive.problem()), 0);
        files = results::of_exhaustive(&exhaustive);
        summary = results::exhaustive_fields(&exhaustive, name).into_iter().chain(summary).collect();
    }
    if let Some(limits) = &args.limits(&exhaustive.problem().campaign().costing) {
        let answers = answers(args, &exhaustive, &mut counted, proxy, limits);
        show_choices(args, exhaustive.problem(), &answers, Some((&exhaustive, limits)))?;
        files.extend(results::choices(exhaustive.problem(), &answers));
        summary.extend(directory::asked("constraint", limits, json!({})));
    }
    // Without a constraint, the command compares the methods.
    if let Some(steps) = args.grid.or(args.constraint.is_none().then_some(args::GRID)) {
        files.extend(compare::run(args, &exhaustive, counted, proxy, steps)?);
        summary.extend(directory::asked("comparison", &Limits::NONE, json!({"percentiles": steps})));
    }
    match &args.output {
        Some(directory) => directory::save(directory, fingerprint, summary, files),
        None => Ok(()),
    }
}

/// The answers of the methods to one constraint, over all designs together.
fn answers(
    args: &CodesignArgs,
    exhaustive: &Exhaustive,
    counted: &mut Counted<'_>,
    proxy: Option<usize>,
    limits: &Limits,
) -> Vec<Answered> {
    let designs: Vec<usize> = (0..exhaustive.problem().designs().len()).collect();
    let plans = args.plans(|| match proxy {
        Some(proxy) => proxy,
        // The evaluations for choosing the proxy count for each method that uses one.
        None => central(counted),
    });
    let asking = progress::begin("asking the methods", plans.len());
    let start = |plan: Plan| {
        asking.advance();
        let counted = if plan.proxy().is_some() { counted.clone() } else { counted.fresh() };
        Answered::of(plan, plan.start_from(counted, args::GRID).as_mut(), &designs, limits)
    };
    plans.into_iter().map(start).collect()
}

/// The message that no network and design meet the constraint.
fn none_meets(args: &CodesignArgs, answers: &[Answered]) -> String {
    let proven = answers.iter().any(|answered| answered.answer.missed == Some(0.0));
    let how = if proven { "no network meets" } else { "the method found no network that meets" };
    let what = if args.budget.is_some() && !proven { "one of its limits or --budget" } else { "one of its limits" };
    format!("{how} the constraint on any design; loosen {what}")
}

fn with_nearest(none: String, nearest: Option<String>) -> Failure {
    Failure::Input(nearest.map_or(none.clone(), |nearest| format!("{none}; {nearest}")))
}

fn show_choices(
    args: &CodesignArgs,
    problem: &Problem,
    answers: &[Answered],
    exhaustive: Option<(&Exhaustive, &Limits)>,
) -> Result<(), Failure> {
    let choices = answers.iter().filter_map(|answered| answered.answer.choice.as_ref());
    check_energies("the answer", choices.map(|choice| choice.figures.energy))?;
    if answers.iter().all(|answered| answered.answer.choice.is_none()) {
        return Err(with_nearest(
            none_meets(args, answers),
            exhaustive.and_then(|(exhaustive, limits)| exhaustive.nearest(limits)),
        ));
    }
    let rows = answers.iter().map(|answered| results::choice_row(problem, answered).to_vec()).collect();
    show(args.format, &results::CHOICE_COLUMNS, rows)
}
