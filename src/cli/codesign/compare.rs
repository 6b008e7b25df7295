//! Compares the methods with exhaustive search.

use crate::host::report::comparison::{self, Best, spread};
use crate::host::report::table;
use crate::host::search::compare::{Plan, Query, Score, all, compare, curve};
use crate::host::search::counted::Counted;
use crate::host::search::exhaustive::Exhaustive;
use crate::host::search::methods::central;
use crate::host::search::results::{self, File};
use rayon::prelude::*;

use super::args::{CodesignArgs, Format, Method};
use super::rows::show;
use crate::cli::failure::Failure;
use crate::cli::{output, progress};

/// Compares the methods, shows a summary, and returns the files to save.
pub fn run(
    args: &CodesignArgs,
    exhaustive: &Exhaustive,
    mut counted: Counted<'_>,
    proxy: Option<usize>,
    steps: usize,
) -> Result<Vec<File>, Failure> {
    let designs = exhaustive.problem().designs().len();
    let proxies: Vec<usize> = match (&args.proxy, proxy) {
        (None, _) => (0..designs).collect(),
        (Some(_), Some(proxy)) => vec![proxy],
        (Some(_), None) => vec![central(&mut counted)],
    };
    let wanted: Vec<&str> = args.plans(|| 0).iter().map(Plan::name).collect();
    let plans = |each: bool| {
        let mut plans = all(&proxies);
        plans.retain(|plan| wanted.contains(&plan.name()) && !(each && *plan == Plan::AcceleratorFirst));
        for plan in &mut plans {
            if let Plan::Adaptive { tolerance, .. } = plan {
                *tolerance = args.tolerance();
            }
        }
        plans
    };
    let asking = progress::begin(format!("{steps} x {steps} queries about each of {designs} designs, and all"), 0);
    let queries = [Query::of_each_design(exhaustive, steps), Query::of_all_designs(exhaustive, steps)];
    drop(asking);
    let scores = [(0, true), (1, false)].map(|(place, each)| {
        let plans = plans(each);
        let work = progress::begin(format!("methods and proxies asked {} queries", queries[place].len()), plans.len());
        let ask = |plan: &Plan| {
            let score = compare(exhaustive, &queries[place], steps, std::slice::from_ref(plan));
            work.advance();
            score
        };
        plans.par_iter().flat_map_iter(ask).collect::<Vec<Score>>()
    });
    if args.format == Format::Table {
        let text = summary(["each", "all"].into_iter().zip(&scores), exhaustive, args.timing);
        output::write(None, |out| out.write_all(text.as_bytes()))?;
    } else {
        let rows = [("each", &scores[0]), ("all", &scores[1])];
        let rows = rows.into_iter().flat_map(|(name, scores)| {
            scores.iter().map(move |score| results::score_row(exhaustive, name, score).to_vec())
        });
        show(args.format, &results::SCORE_COLUMNS, rows.collect())?;
    }
    if args.output.is_none() {
        return Ok(Vec::new());
    }
    let _work = progress::begin("shortlists, and adaptive search by tolerance", 0);
    let mut saved =
        vec![results::shortlists(exhaustive), results::scores(exhaustive, "methods.csv", &scores[0], &scores[1])];
    if matches!(args.method, Method::All | Method::Adaptive) {
        let curves = queries.each_ref().map(|queries| curve(exhaustive, queries, steps));
        saved.push(results::scores(exhaustive, "curve.csv", &curves[0], &curves[1]));
    }
    Ok(saved)
}

/// Both kinds of queries in one table, with a row for each method: its worst, median and best proxy.
fn summary<'a>(
    scores: impl Iterator<Item = (&'a str, &'a Vec<Score>)>,
    exhaustive: &Exhaustive,
    timing: bool,
) -> String {
    let model = exhaustive.problem().campaign().costing.model().name();
    let (mut header, mut rows) = (Vec::new(), Vec::new());
    for (queries, scores) in scores {
        let with_proxy = |score: &Score| {
            let proxy = score.plan.proxy().map(|proxy| exhaustive.problem().design(proxy).column());
            let percent = |count: usize| 100.0 * count as f64 / score.queries.max(1) as f64;
            comparison::Score {
                method: score.plan.name().to_string(),
                proxy: proxy.unwrap_or_default(),
                exact: percent(score.exact),
                unanswered: percent(score.unanswered),
                mean: score.mean_regret(),
                max: score.max_regret,
                certificate: score.max_missed,
                evaluations: score.counts.evaluations as f64,
                costs: score.counts.networks as f64,
            }
        };
        let named: Vec<_> = scores.iter().map(with_proxy).collect();
        let table = comparison::table(&named, exhaustive.distinct_evaluations() as f64);
        let mut seconds = scores
            .chunk_by(|a, b| a.plan.name() == b.plan.name())
            .map(|group| spread(group.iter().map(|score| score.seconds), Best::Least, |value| format!("{value:.3}")));
        header = [vec!["queries".to_string()], table.columns, vec!["model".to_string()]].concat();
        for row in table.rows {
            let mut row = [vec![queries.to_string()], row, vec![model.to_string()]].concat();
            row.extend(seconds.next().filter(|_| timing));
            rows.push(row);
        }
    }
    header.extend(timing.then(|| "seconds".to_string()));
    table::grid(&header, rows) + "\n"
}
