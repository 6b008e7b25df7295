//! Compares methods with exhaustive costs: how often they are right, what they miss, and what they ask for.

use rayon::prelude::*;

use super::exhaustive::Exhaustive;
use super::methods::{Answer, Counts};
use super::query::{Choice, Figures, Limits};

pub use super::plan::Plan;

/// A query, and what `coupled` answers to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The designs to choose from.
    pub designs: Vec<usize>,
    /// The limits.
    pub limits: Limits,
    /// The best answer, if there is any.
    pub best: Option<Choice>,
}

impl Query {
    /// For each design, queries with `steps` x `steps` limits on latency and energy: percentiles of the networks'
    /// figures on it.
    pub fn of_each_design(exhaustive: &Exhaustive, steps: usize) -> Vec<Query> {
        let designs: Vec<usize> = (0..exhaustive.problem().designs().len()).collect();
        let of = |&design: &usize| {
            let limits = Limits::grid(exhaustive.figures(design), steps).into_iter();
            limits.map(move |limits| Query::new(exhaustive, vec![design], limits)).collect::<Vec<_>>()
        };
        designs.par_iter().flat_map_iter(of).collect()
    }

    /// `steps` x `steps` queries about all designs together: percentiles of the least latency and the least energy that
    /// each network has on any of them.
    pub fn of_all_designs(exhaustive: &Exhaustive, steps: usize) -> Vec<Query> {
        let designs: Vec<usize> = (0..exhaustive.problem().designs().len()).collect();
        let least = |network: usize| {
            let figures = designs.iter().map(|&design| exhaustive.figures(design)[network]);
            figures.fold(Figures { cycles: u64::MAX, energy: f64::INFINITY, area: 0.0, power: 0.0 }, |least, other| {
                Figures { cycles: least.cycles.min(other.cycles), energy: least.energy.min(other.energy), ..least }
            })
        };
        let figures: Vec<_> = (0..exhaustive.problem().networks()).map(least).collect();
        let limits = Limits::grid(&figures, steps);
        limits.into_par_iter().map(|limits| Query::new(exhaustive, designs.clone(), limits)).collect()
    }

    /// A query and its answer.
    pub fn new(exhaustive: &Exhaustive, designs: Vec<usize>, limits: Limits) -> Query {
        let best = exhaustive.best(&designs, &limits);
        Query { designs, limits, best }
    }
}

/// The score of a method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The method.
    pub plan: Plan,
    /// The number of queries.
    pub queries: usize,
    /// The number of queries that have an answer.
    pub feasible: usize,
    /// The number of queries that were answered with a network as accurate as the best, or rightly with none.
    pub exact: usize,
    /// The same among the queries that have an answer.
    pub exact_feasible: usize,
    /// The number of queries that have an answer, but got none that is within the limits.
    pub unanswered: usize,
    /// The sum of missed points of accuracy over the answered queries; never negative.
    pub regret: f64,
    /// The most points of accuracy missed in one of them.
    pub max_regret: f64,
    /// The largest certificate given; `None` without certificates.
    pub max_missed: Option<f64>,
    /// The number of answers that the exhaustive costs contradict: they exceed the limits, are not on these designs,
    /// state another accuracy, or have a wrong certificate.
    pub violations: usize,
    /// What it asked for.
    pub counts: Counts,
    /// The time in seconds, including preparation.
    pub seconds: f64,
}

impl Score {
    /// Asks a method all queries.
    fn of(plan: Plan, exhaustive: &Exhaustive, queries: &[Query], steps: usize) -> Score {
        let start = std::time::Instant::now();
        let mut method = plan.start(exhaustive, steps);
        let mut score = Score::new(plan, queries.len());
        for query in queries {
            let answer = method.answer(&query.designs, &query.limits);
            score.add(exhaustive, query, &answer);
        }
        score.counts = method.counts();
        score.seconds = start.elapsed().as_secs_f64();
        score
    }

    fn new(plan: Plan, queries: usize) -> Score {
        Score {
            plan,
            queries,
            feasible: 0,
            exact: 0,
            exact_feasible: 0,
            unanswered: 0,
            regret: 0.0,
            max_regret: 0.0,
            max_missed: None,
            violations: 0,
            counts: Counts::default(),
            seconds: 0.0,
        }
    }

    fn add(&mut self, exhaustive: &Exhaustive, query: &Query, answer: &Answer) {
        self.feasible += usize::from(query.best.is_some());
        // The exhaustive costs judge an answer, not the method's own figures.
        let holds = |choice: &Choice| {
            query.designs.contains(&choice.design)
                && query.limits.admit(&exhaustive.figures(choice.design)[choice.network])
                && exhaustive.problem().accuracy()[choice.network] == choice.accuracy
                && query.best.is_some_and(|best| best.accuracy >= choice.accuracy)
        };
        let wrong = answer.choice.is_some_and(|choice| !holds(&choice));
        let regret = match (query.best, answer.choice) {
            (None, None) => 0.0,
            (Some(best), Some(choice)) if !wrong => best.accuracy - choice.accuracy,
            _ => f64::INFINITY,
        };
        if regret == 0.0 {
            self.exact += 1;
            self.exact_feasible += usize::from(query.best.is_some());
        } else if regret.is_infinite() && query.best.is_some() {
            self.unanswered += 1;
        }
        if regret.is_finite() {
            self.regret += regret;
            self.max_regret = self.max_regret.max(regret);
        }
        if let Some(missed) = answer.missed {
            self.max_missed = Some(self.max_missed.unwrap_or(0.0).max(missed));
        }
        self.violations += usize::from(wrong || answer.missed.is_some_and(|missed| regret > missed));
    }

    /// The mean of missed points of accuracy over the queries that have an answer and got one.
    pub fn mean_regret(&self) -> f64 {
        self.regret / (self.feasible - self.unanswered).max(1) as f64
    }

    /// The fraction of the queries that were answered exactly.
    pub fn exact_share(&self) -> f64 {
        self.exact as f64 / self.queries.max(1) as f64
    }
}

/// Tolerances of the curve of `adaptive`, in points of accuracy.
const TOLERANCES: [f64; 8] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

/// Scores of `adaptive` with one tolerance after the other: what a smaller certificate costs.
pub fn curve(exhaustive: &Exhaustive, queries: &[Query], steps: usize) -> Vec<Score> {
    let plans = TOLERANCES.map(|tolerance| Plan::Adaptive { tolerance, budget: None });
    compare(exhaustive, queries, steps, &plans)
}

/// Asks each method all queries.
pub fn compare(exhaustive: &Exhaustive, queries: &[Query], steps: usize, plans: &[Plan]) -> Vec<Score> {
    plans.par_iter().map(|plan| Score::of(*plan, exhaustive, queries, steps)).collect()
}

/// All methods; those with a proxy once for each of `proxies`. `coupled` comes first, `adaptive` last.
pub fn all(proxies: &[usize]) -> Vec<Plan> {
    let mut plans = vec![Plan::Coupled, Plan::NetworkFirst, Plan::AcceleratorFirst, Plan::FlopsPareto];
    plans.extend(proxies.iter().copied().map(Plan::SemiDecoupled));
    plans.extend(proxies.iter().copied().map(Plan::Transfer));
    plans.push(Plan::Adaptive { tolerance: 0.0, budget: None });
    plans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::search::counted::Counted;
    use crate::host::search::methods::{Method, Shortlist};

    /// Networks A to E on two designs.
    fn exhaustive() -> Exhaustive {
        let designs = [
            vec![(50, 10.0), (40, 50.0), (30, 20.0), (20, 40.0), (10, 30.0)],
            vec![(10, 30.0), (20, 10.0), (30, 20.0), (40, 50.0), (50, 40.0)],
        ];
        Exhaustive::made_up(&[90.0, 85.0, 80.0, 75.0, 70.0], &[5, 4, 4, 6, 1], &designs)
    }

    fn answers(plan: Plan) -> Vec<Option<usize>> {
        let exhaustive = exhaustive();
        let mut method = plan.start(&exhaustive, 2);
        let queries = Query::of_each_design(&exhaustive, 2);
        let answer = |query: &Query| method.answer(&query.designs, &query.limits).choice.map(|choice| choice.network);
        queries.iter().map(answer).collect()
    }

    fn score(plan: Plan) -> Score {
        let exhaustive = exhaustive();
        compare(&exhaustive, &Query::of_each_design(&exhaustive, 2), 2, &[plan])[0]
    }

    const A: Option<usize> = Some(0);
    const B: Option<usize> = Some(1);
    const C: Option<usize> = Some(2);
    const D: Option<usize> = Some(3);

    /// The quartiles are 20 and 40 cycles, 20 and 40 nJ, on both designs.
    #[test]
    fn the_truth_is_what_one_finds_by_hand() {
        assert_eq!(answers(Plan::Coupled), [None, D, C, C, B, A, B, A]);
        let score = score(Plan::Coupled);
        assert_eq!((score.queries, score.feasible, score.exact, score.exact_feasible), (8, 7, 8, 7));
        assert_eq!((score.counts.networks, score.counts.accuracies), (10, 5));
    }

    /// On the first design C and D win; on the second, D is too slow, and C only within the larger latency.
    #[test]
    fn semi_decoupled_search_is_what_one_finds_by_hand() {
        assert_eq!(answers(Plan::SemiDecoupled(0)), [None, D, C, C, None, None, C, C]);
        let score = score(Plan::SemiDecoupled(0));
        assert_eq!((score.exact, score.exact_feasible, score.unanswered), (4, 3, 2));
        assert_eq!((score.mean_regret(), score.max_regret), (15.0 / 5.0, 10.0));
        // Costs all five on the proxy, and two on the other design.
        assert_eq!((score.counts.networks, score.counts.accuracies), (7, 5));
    }

    /// On the second design A and B win; on the first, A needs more than 40 cycles and B more than 40 nJ.
    #[test]
    fn another_proxy_gives_another_shortlist() {
        assert_eq!(answers(Plan::SemiDecoupled(1)), [None, None, None, None, B, A, B, A]);
        assert_eq!(score(Plan::SemiDecoupled(1)).unanswered, 3);
    }

    /// E, B and A: C has as many MACs as B and is less accurate, D has more than A.
    #[test]
    fn the_flops_front_is_what_one_finds_by_hand() {
        let exhaustive = exhaustive();
        let shortlist = Shortlist::flops_pareto(Counted::new(&exhaustive));
        assert_eq!(shortlist.networks(), [0, 1, 4]);
        assert_eq!(shortlist.counts(), Counts { networks: 0, evaluations: 0, accuracies: 5 });
    }

    /// The typical network has 4 MACs, and B comes before C. Twice its figures allow 8 MACs, half of them 2.
    #[test]
    fn budgets_of_macs_are_what_one_finds_by_hand() {
        let exhaustive = exhaustive();
        let mut method = Plan::NetworkFirst.start(&exhaustive, 2);
        let mut network = |latency, energy| {
            let choice = method.answer(&[0, 1], &Limits::of(latency, energy)).choice;
            choice.map(|choice| (choice.network, choice.design))
        };
        // C is the median: 30 cycles and 20 nJ on either design; the first is taken.
        assert_eq!(network(60.0, 40.0), Some((0, 1)));
        // Only E has few enough MACs, and only the first design runs it within the limits.
        assert_eq!(network(15.0, 40.0), Some((4, 0)));
        assert_eq!(network(15.0, 20.0), None);
        assert_eq!(network(30.0, 20.0), Some((1, 1)));
    }

    /// With the first quartile of cycles and the third of nJ as limits, D is the best on the first design. A is more
    /// accurate but too slow; E is within the limits but less accurate.
    #[test]
    fn wrong_answers_are_counted_and_gain_nothing() {
        let exhaustive = exhaustive();
        let query = &Query::of_each_design(&exhaustive, 2)[1];
        let choice = |network: usize, design: usize| {
            let accuracy = exhaustive.problem().accuracy()[network];
            // The figures that a method reports do not matter.
            Some(Choice { network, design, accuracy, figures: Figures::default() })
        };
        let flattered = choice(4, 0).map(|choice| Choice { accuracy: 75.0, ..choice });
        let inf = f64::INFINITY;
        for (choice, missed, [exact, unanswered, violations], max_regret) in [
            (choice(3, 0), Some(0.0), [1, 0, 0], 0.0),
            (choice(4, 0), None, [0, 0, 0], 5.0),
            (choice(4, 0), Some(5.0), [0, 0, 0], 5.0),
            (choice(4, 0), Some(4.0), [0, 0, 1], 5.0),
            (choice(0, 0), None, [0, 1, 1], 0.0),
            (choice(0, 0), Some(inf), [0, 1, 1], 0.0),
            (choice(1, 1), None, [0, 1, 1], 0.0),
            (flattered, None, [0, 1, 1], 0.0),
            (None, Some(inf), [0, 1, 0], 0.0),
            (None, Some(0.0), [0, 1, 1], 0.0),
        ] {
            let mut score = Score::new(Plan::Coupled, 1);
            score.add(&exhaustive, query, &Answer { choice, missed });
            let counts = [score.exact, score.unanswered, score.violations];
            assert_eq!(
                (counts, score.max_regret),
                ([exact, unanswered, violations], max_regret),
                "{choice:?} {missed:?}"
            );
            assert_eq!(score.mean_regret(), max_regret);
        }
        // An answer to a query that has none.
        let none = &Query::of_each_design(&exhaustive, 2)[0];
        let mut score = Score::new(Plan::Coupled, 1);
        score.add(&exhaustive, none, &Answer { choice: choice(4, 0), missed: None });
        assert_eq!([score.feasible, score.exact, score.unanswered, score.violations], [0, 0, 0, 1]);
    }

    #[test]
    fn ties_go_to_what_costs_less_and_then_to_what_comes_first() {
        let designs = [vec![(9, 1.0), (5, 2.0), (5, 1.0), (5, 1.0)], vec![(5, 1.0), (5, 1.0), (9, 9.0), (9, 9.0)]];
        let exhaustive = Exhaustive::made_up(&[70.0, 80.0, 80.0, 80.0], &[1, 1, 1, 1], &designs);
        let best =
            |designs: &[usize]| exhaustive.best(designs, &Limits::NONE).map(|choice| (choice.network, choice.design));
        assert_eq!(best(&[0]), Some((2, 0)));
        assert_eq!(best(&[0, 1]), Some((2, 0)));
        assert_eq!(best(&[1]), Some((1, 1)));
        assert_eq!(exhaustive.best(&[0], &Limits::of(4.0, 1.0)), None);
    }

    #[test]
    fn percentiles_lie_between_the_nearest_figures() {
        let figures: Vec<Figures> =
            [1, 2, 4, 8].map(|cycles| Figures { cycles, energy: 10.0 * cycles as f64, ..Figures::default() }).to_vec();
        let grid: Vec<(f64, f64)> =
            Limits::grid(&figures, 2).iter().map(|limits| (limits.latency, limits.energy)).collect();
        // The fractions 1/4 and 3/4 are the positions 0.75 and 2.25 among 0 to 3.
        assert_eq!(grid, [(1.75, 17.5), (1.75, 50.0), (5.0, 17.5), (5.0, 50.0)]);
        assert!(Limits::grid(&[], 2).is_empty());
    }
}
