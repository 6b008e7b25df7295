//! How the methods do against the truth.

use maestrino::host::search::compare::{Plan, Query, Score, all, compare, curve};
use maestrino::host::search::files::{self, File};
use maestrino::host::search::methods::central;
use maestrino::host::search::probe::Probe;
use maestrino::host::search::truth::Truth;

use super::args::{Args, Format, Method};
use super::show;
use crate::failure::Failure;

const COLUMNS: [&str; 12] = [
    "queries",
    "method",
    "proxies",
    "exact_%",
    "mean_regret",
    "max_regret",
    "unanswered_%",
    "certificate",
    "evaluations",
    "of_coupled_%",
    "network_costs",
    "model",
];

/// Compares, shows a summary, and returns the files.
pub fn run(
    args: &Args,
    truth: &Truth,
    mut probe: Probe<'_>,
    proxy: Option<usize>,
    steps: usize,
) -> Result<Vec<File>, Failure> {
    let designs = truth.task().designs().len();
    let proxies: Vec<usize> = match (&args.proxy, proxy) {
        (None, _) => (0..designs).collect(),
        (Some(_), Some(proxy)) => vec![proxy],
        (Some(_), None) => vec![central(&mut probe)],
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
    let queries = [Query::of_each_design(truth, steps), Query::of_all_designs(truth, steps)];
    let scores = [(0, true), (1, false)].map(|(place, each)| compare(truth, &queries[place], steps, &plans(each)));
    if args.format == Format::Table {
        let mut columns = COLUMNS.to_vec();
        columns.extend(args.timing.then_some("seconds"));
        let rows = ["each", "all"]
            .into_iter()
            .zip(&scores)
            .flat_map(|(name, scores)| summary(name, scores, truth, args.timing));
        show(args.format, &columns, rows.collect())?;
    } else {
        let rows = [("each", &scores[0]), ("all", &scores[1])];
        let rows = rows
            .into_iter()
            .flat_map(|(name, scores)| scores.iter().map(move |score| files::score_row(truth, name, score).to_vec()));
        show(args.format, &files::SCORE_COLUMNS, rows.collect())?;
    }
    if args.output.is_none() {
        return Ok(Vec::new());
    }
    let mut saved = vec![files::shortlists(truth), files::scores(truth, "methods.csv", &scores[0], &scores[1])];
    if matches!(args.method, Method::All | Method::Adaptive) {
        let curves = queries.each_ref().map(|queries| curve(truth, queries, steps));
        saved.push(files::scores(truth, "curve.csv", &curves[0], &curves[1]));
    }
    Ok(saved)
}

/// A row for each method; least, median and most over its proxies.
fn summary(queries: &str, scores: &[Score], truth: &Truth, timing: bool) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (total, model) = (truth.distinct_evaluations(), truth.task().campaign().costing.model());
    for group in scores.chunk_by(|a, b| a.plan.name() == b.plan.name()) {
        let range = |figure: &dyn Fn(&Score) -> f64, digits: usize| {
            let mut values: Vec<f64> = group.iter().map(figure).collect();
            values.sort_by(f64::total_cmp);
            let shown = [0, values.len() / 2, values.len() - 1].map(|place| format!("{:.digits$}", values[place]));
            if shown[0] == shown[2] { shown[0].clone() } else { shown.join(" / ") }
        };
        let share = |count: usize, score: &Score| 100.0 * count as f64 / score.queries.max(1) as f64;
        let certified = group.iter().all(|score| score.max_missed.is_some());
        let mut row = vec![
            queries.to_string(),
            group[0].plan.name().to_string(),
            if matches!(group[0].plan, Plan::SemiDecoupled(_) | Plan::Transfer(_)) {
                group.len().to_string()
            } else {
                String::new()
            },
            range(&|score| share(score.exact, score), 2),
            range(&Score::mean_regret, 4),
            range(&|score| score.max_regret, 3),
            range(&|score| share(score.unanswered, score), 2),
            if certified { range(&|score| score.max_missed.unwrap_or(0.0), 3) } else { "none".to_string() },
            range(&|score| score.counts.evaluations as f64, 0),
            range(&|score| 100.0 * score.counts.evaluations as f64 / total as f64, 2),
            range(&|score| score.counts.networks as f64, 0),
            model.name().to_string(),
        ];
        row.extend(timing.then(|| range(&|score| score.seconds, 3)));
        rows.push(row);
    }
    rows
}
