//! Evolution of networks and designs together.

use maestrino::host::campaign::Campaign;
use maestrino::host::search::evolve::{CoDesign, Objective};
use maestrino::host::search::files::{self, Evolved};
use maestrino::host::search::nsga2::{Effort, search};
use maestrino::host::search::query::Limits;
use maestrino::host::spaces::Space;
use maestrino::host::spaces::accuracy::Accuracy;

use super::args::Args;
use super::{save, show};
use crate::failure::Failure;

/// Searches, shows the front, and saves it.
pub fn run(args: &Args, space: &dyn Space, campaign: &Campaign) -> Result<(), Failure> {
    let source = args.accuracy.source(space)?;
    if !matches!(source, Accuracy::Builtin | Accuracy::Forest(_)) {
        return Err(Failure::Input(
            "evolution meets networks that no table has; --accuracy must be builtin or a random forest".to_string(),
        ));
    }
    let limits = args.constraint.unwrap_or(Limits::NONE);
    let mut problem = CoDesign::new(space, &source, campaign, &Objective::ALL, limits);
    let (population, generations) = (args.population as usize, args.generations as usize);
    let found = search(&mut problem, &Effort { population, generations, seed: args.seed }, Vec::new());
    let evolved: Vec<Evolved> = (found.front.iter())
        .filter_map(|(_, candidate)| {
            let (accuracy, figures) = problem.figures(candidate)?;
            Some(Evolved {
                network: space.format(&candidate.network),
                accelerator: campaign.accelerators[candidate.accelerator as usize].name.clone(),
                dataflow: campaign.dataflow_name(candidate.dataflow as usize).to_string(),
                accuracy,
                figures,
            })
        })
        .collect();
    if evolved.is_empty() {
        return Err(Failure::Input(format!(
            "none of the {} pairs that were tried can be used within the constraint; loosen it, take other designs or a \
             longer search",
            found.evaluated
        )));
    }
    eprintln!(
        "{} pairs tried, {} evaluations of the cost model, a front of {}; {} is to be read as a ranking",
        found.evaluated,
        problem.walks(),
        evolved.len(),
        args.accuracy.measure()
    );
    let rows = evolved.iter().map(|found| files::front_row(args.seed, found).to_vec()).collect();
    show(args.format, &files::FRONT_COLUMNS, rows)?;
    match &args.output {
        Some(directory) => save(directory, vec![files::front(args.seed, &evolved)]),
        None => Ok(()),
    }
}
