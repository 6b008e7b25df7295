//! Tables of what methods answered, and how good the answers are.

use super::csv::{Csv, File, fits, known, or_empty, text};
use crate::host::campaign::Takes;
use crate::host::ids::LayerId;
use crate::host::search::compare::{Plan, Score};
use crate::host::search::counted::Counts;
use crate::host::search::evaluator::Evaluator;
use crate::host::search::exhaustive::Exhaustive;
use crate::host::search::methods::{Answer, Method};
use crate::host::search::problem::Problem;
use crate::host::search::query::{Choice, Limits};
use crate::{Dim, Energy};

/// Columns of `methods.csv` and `curve.csv`.
pub const SCORE_COLUMNS: [&str; 17] = [
    "queries",
    "method",
    "proxy",
    "tolerance",
    "asked",
    "feasible",
    "exact",
    "exact_share",
    "unanswered",
    "mean_regret",
    "max_regret",
    "max_missed",
    "violations",
    "evaluations",
    "network_costs",
    "accuracies",
    "model",
];

/// The scores of methods as a table. `of_each` are about one design at a time, `of_all` about all designs together.
pub fn scores(exhaustive: &Exhaustive, name: &'static str, of_each: &[Score], of_all: &[Score]) -> File {
    let mut csv = Csv::new(SCORE_COLUMNS);
    let each = of_each.iter().map(|score| ("each", score));
    for (queries, score) in each.chain(of_all.iter().map(|score| ("all", score))) {
        csv.row(score_row(exhaustive, queries, score));
    }
    csv.finish(name)
}

/// The score of a method, as the fields of [`SCORE_COLUMNS`].
pub fn score_row(exhaustive: &Exhaustive, queries: &str, score: &Score) -> [String; 17] {
    let proxy = score.plan.proxy().map(|proxy| exhaustive.problem().design(proxy).column());
    let tolerance = match score.plan {
        Plan::Adaptive { tolerance, .. } => Some(tolerance),
        _ => None,
    };
    let Counts { networks, evaluations, accuracies } = score.counts;
    [
        text(queries),
        text(score.plan.name()),
        or_empty(proxy),
        or_empty(tolerance),
        text(score.queries),
        text(score.feasible),
        text(score.exact),
        text(score.exact_share()),
        text(score.unanswered),
        text(score.mean_regret()),
        text(score.max_regret),
        or_empty(score.max_missed),
        text(score.violations),
        text(evaluations),
        text(networks),
        text(accuracies),
        text(exhaustive.problem().campaign().costing.model().name()),
    ]
}

/// A method's answer.
pub struct Answered {
    /// The method.
    pub plan: Plan,
    /// Its answer.
    pub answer: Answer,
    /// What it asked for.
    pub counts: Counts,
}

impl Answered {
    /// Asks a method.
    pub fn of(plan: Plan, method: &mut dyn Method, designs: &[usize], limits: &Limits) -> Answered {
        let answer = method.answer(designs, limits);
        Answered { plan, answer, counts: method.counts() }
    }
}

/// Columns of `choices.csv`.
pub const CHOICE_COLUMNS: [&str; 20] = [
    "method",
    "proxy",
    "pos",
    "id",
    "accelerator",
    "dataflow",
    "feasible",
    "accuracy",
    "cycles",
    "energy",
    "area",
    "power",
    "l1",
    "l2",
    "fits",
    "missed",
    "evaluations",
    "network_costs",
    "accuracies",
    "model",
];

/// An answer as the fields of [`CHOICE_COLUMNS`].
pub fn choice_row(problem: &Problem, answered: &Answered) -> [String; 20] {
    let Answered { plan, answer, counts } = answered;
    let of = |field: &dyn Fn(&Choice) -> String| answer.choice.as_ref().map_or(String::new(), field);
    let [l1, l2, fits] = answer.choice.as_ref().map_or([const { String::new() }; 3], |choice| buffers(problem, choice));
    [
        text(plan.name()),
        or_empty(plan.proxy().map(|proxy| problem.design(proxy).column())),
        of(&|choice| text(choice.network)),
        of(&|choice| problem.names()[choice.network].clone()),
        of(&|choice| problem.design(choice.design).accelerator),
        of(&|choice| problem.design(choice.design).dataflow),
        text(if answer.choice.is_some() { "yes" } else { "no" }),
        of(&|choice| text(choice.accuracy)),
        of(&|choice| text(choice.figures.cycles)),
        of(&|choice| text(choice.figures.energy)),
        of(&|choice| known(choice.figures.area)),
        of(&|choice| known(choice.figures.power)),
        l1,
        l2,
        fits,
        or_empty(answer.missed),
        text(counts.evaluations),
        text(counts.networks),
        text(counts.accuracies),
        text(problem.campaign().costing.model().name()),
    ]
}

/// The bytes of L1 and L2 from which the area and power of a choice follow, and whether the accelerator has them.
fn buffers(problem: &Problem, choice: &Choice) -> [String; 3] {
    let mut evaluator = Evaluator::new(problem);
    let sequence = problem.campaign().workload.sequences().nth(choice.network).unwrap_or_default();
    let layers = sequence.iter().filter_map(|&place| evaluator.layer(LayerId(place as usize), choice.design));
    let most = layers.fold([0, 0], |[l1, l2], layer| [layer.l1_bytes.max(l1), layer.l2_bytes.max(l2)]);
    let hardware = problem.design(choice.design).hardware;
    let own = [hardware.l1_bytes(), hardware.l2_bytes()].map(u64::from);
    let [l1, l2] = most.map(text);
    [l1, l2, fits(most, own)]
}

/// The answers to a constraint, and the layers of the best of them.
pub fn choices(problem: &Problem, all: &[Answered]) -> Vec<File> {
    let mut csv = Csv::new(CHOICE_COLUMNS);
    all.iter().for_each(|answered| csv.row(choice_row(problem, answered)));
    let best = all.iter().filter_map(|answered| answered.answer.choice).min_by(Choice::rank);
    let mut files = vec![csv.finish("choices.csv")];
    files.extend(best.map(|choice| breakdown(problem, &choice)));
    files
}

fn breakdown(problem: &Problem, choice: &Choice) -> File {
    const SHAPE: [Dim; 6] = [Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X];
    let shape = SHAPE.map(Dim::name);
    let columns = ["stride", "dataflow", "cycles", "mac", "l1", "cluster", "l2", "offchip", "l1_bytes", "l2_bytes"];
    let mut csv = Csv::new(["layer", "kind"].into_iter().chain(shape).chain(columns));
    let mut evaluator = Evaluator::new(problem);
    let sequence = problem.campaign().workload.sequences().nth(choice.network).unwrap_or_default();
    for (number, &place) in sequence.iter().enumerate() {
        let layer = &problem.layers()[place as usize];
        let Some(figures) = evaluator.layer(LayerId(place as usize), choice.design) else { continue };
        let mut row = vec![text(number), text(layer.kind())];
        row.extend(SHAPE.map(|dim| or_empty(layer.size(dim))));
        row.extend([
            text(layer.stride(Dim::Y)),
            problem.campaign().designs.name(Takes::One(figures.dataflow)).to_string(),
        ]);
        row.push(text(figures.cycles));
        let Energy { mac, l1, l2, cluster, offchip } = figures.energy;
        row.extend([mac, l1, cluster, l2, offchip].map(text));
        row.extend([text(figures.l1_bytes), text(figures.l2_bytes)]);
        csv.row(row);
    }
    csv.finish("breakdown.csv")
}
