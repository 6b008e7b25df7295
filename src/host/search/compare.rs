//! Methods against the truth: how often they are right, what they miss, and what they ask for.

use rayon::prelude::*;

use super::adaptive::Adaptive;
use super::methods::{AcceleratorFirst, Coupled, Method, NetworkFirst, Shortlist};
use super::probe::{Counts, Probe};
use super::query::{Choice, Figures, Limits};
use super::transfer::Transfer;
use super::truth::Truth;

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
    /// For each design, `steps` x `steps` limits on latency and energy: percentiles of the networks' figures on it.
    pub fn of_each_design(truth: &Truth, steps: usize) -> Vec<Query> {
        let designs: Vec<usize> = (0..truth.task().designs().len()).collect();
        let of = |&design: &usize| {
            let limits = Limits::grid(truth.figures(design), steps).into_iter();
            limits.map(move |limits| Query::new(truth, vec![design], limits)).collect::<Vec<_>>()
        };
        designs.par_iter().flat_map_iter(of).collect()
    }

    /// `steps` x `steps` queries about all designs together: percentiles of the least latency and the least energy that
    /// each network has on any of them.
    pub fn of_all_designs(truth: &Truth, steps: usize) -> Vec<Query> {
        let designs: Vec<usize> = (0..truth.task().designs().len()).collect();
        let least = |network: usize| {
            let figures = designs.iter().map(|&design| truth.figures(design)[network]);
            figures.fold(Figures { cycles: u64::MAX, energy: f64::INFINITY, area: 0.0, power: 0.0 }, |least, other| {
                Figures { cycles: least.cycles.min(other.cycles), energy: least.energy.min(other.energy), ..least }
            })
        };
        let figures: Vec<_> = (0..truth.task().networks()).map(least).collect();
        let limits = Limits::grid(&figures, steps);
        limits.into_par_iter().map(|limits| Query::new(truth, designs.clone(), limits)).collect()
    }

    /// A query and its answer.
    pub fn new(truth: &Truth, designs: Vec<usize>, limits: Limits) -> Query {
        let best = truth.best(&designs, &limits);
        Query { designs, limits, best }
    }
}

/// A method with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plan {
    /// [`Coupled`].
    Coupled,
    /// [`NetworkFirst`], with a reference design.
    NetworkFirst(usize),
    /// [`AcceleratorFirst`].
    AcceleratorFirst,
    /// [`Shortlist::semi_decoupled`], with a proxy.
    SemiDecoupled(usize),
    /// [`Shortlist::flops_pareto`].
    FlopsPareto,
    /// [`Transfer`], with a proxy.
    Transfer(usize),
    /// [`Adaptive`].
    Adaptive {
        /// Points of accuracy that an answer may miss.
        tolerance: f64,
        /// The most evaluations.
        budget: Option<usize>,
    },
}

/// Networks that [`Transfer`] measures on each target unless told otherwise.
pub const TRANSFER_SAMPLES: usize = 50;

impl Plan {
    /// Its name on the command line.
    pub const fn name(&self) -> &'static str {
        match self {
            Plan::Coupled => "coupled",
            Plan::NetworkFirst(_) => "network-first",
            Plan::AcceleratorFirst => "accelerator-first",
            Plan::SemiDecoupled(_) => "semi-decoupled",
            Plan::FlopsPareto => "flops-pareto",
            Plan::Transfer(_) => "transfer",
            Plan::Adaptive { .. } => "adaptive",
        }
    }

    /// The proxy, where it has one.
    pub const fn proxy(&self) -> Option<usize> {
        match self {
            Plan::SemiDecoupled(proxy) | Plan::Transfer(proxy) | Plan::NetworkFirst(proxy) => Some(*proxy),
            _ => None,
        }
    }

    /// The method, ready to be asked; `steps` x `steps` limits make the paper's shortlist.
    pub fn start<'a>(&self, probe: Probe<'a>, steps: usize) -> Box<dyn Method + 'a> {
        match *self {
            Plan::Coupled => Box::new(Coupled::new(probe)),
            Plan::NetworkFirst(reference) => Box::new(NetworkFirst::new(probe, reference)),
            Plan::AcceleratorFirst => Box::new(AcceleratorFirst::new(probe)),
            Plan::SemiDecoupled(proxy) => Box::new(Shortlist::semi_decoupled(probe, proxy, steps)),
            Plan::FlopsPareto => Box::new(Shortlist::flops_pareto(probe)),
            Plan::Transfer(proxy) => Box::new(Transfer::new(probe, proxy, TRANSFER_SAMPLES)),
            Plan::Adaptive { tolerance, budget } => {
                let method = Adaptive::with_tolerance(probe.truth().task(), tolerance);
                Box::new(method.with_budget(budget.unwrap_or(usize::MAX)))
            }
        }
    }
}

/// How a method did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The method.
    pub plan: Plan,
    /// Queries asked.
    pub queries: usize,
    /// Queries that have an answer.
    pub feasible: usize,
    /// Queries answered with a network that is as accurate as the best, or rightly with none.
    pub exact: usize,
    /// Those among the queries that have an answer.
    pub exact_feasible: usize,
    /// Queries that have an answer, to which it found none.
    pub unanswered: usize,
    /// Sum of what is missed, in points of accuracy, over the queries that it answered.
    pub regret: f64,
    /// The most that is missed in one of them.
    pub max_regret: f64,
    /// The largest certificate given; `None` without certificates.
    pub max_missed: Option<f64>,
    /// Certificates that the truth contradicts.
    pub violations: usize,
    /// What it asked for.
    pub counts: Counts,
    /// Seconds that it took, its preparation included.
    pub seconds: f64,
}

impl Score {
    /// Asks a method all queries.
    pub fn of<'a>(plan: Plan, probe: Probe<'a>, queries: &[Query], steps: usize) -> Score {
        let start = std::time::Instant::now();
        let mut method = plan.start(probe, steps);
        let mut score = Score {
            plan,
            queries: queries.len(),
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
        };
        for query in queries {
            let answer = method.answer(&query.designs, &query.limits);
            score.add(query, &answer);
        }
        score.counts = method.counts();
        score.seconds = start.elapsed().as_secs_f64();
        score
    }

    fn add(&mut self, query: &Query, answer: &super::methods::Answer) {
        self.feasible += usize::from(query.best.is_some());
        let regret = match (query.best, answer.choice) {
            (None, None) => 0.0,
            (Some(best), Some(choice)) => best.accuracy - choice.accuracy,
            // An answer where there is none would be a fault of the method.
            (Some(_), None) | (None, Some(_)) => f64::INFINITY,
        };
        if regret == 0.0 {
            self.exact += 1;
            self.exact_feasible += usize::from(query.best.is_some());
        } else if answer.choice.is_none() {
            self.unanswered += 1;
        }
        if regret.is_finite() {
            self.regret += regret;
            self.max_regret = self.max_regret.max(regret);
        }
        if let Some(missed) = answer.missed {
            self.max_missed = Some(self.max_missed.unwrap_or(0.0).max(missed));
            self.violations += usize::from(regret > missed);
        }
    }

    /// Mean of what is missed over the queries that have an answer and got one, in points of accuracy.
    pub fn mean_regret(&self) -> f64 {
        self.regret / (self.feasible - self.unanswered).max(1) as f64
    }

    /// Share of the queries answered exactly.
    pub fn exact_share(&self) -> f64 {
        self.exact as f64 / self.queries.max(1) as f64
    }
}

/// Tolerances of the curve of `adaptive`, in points of accuracy.
const TOLERANCES: [f64; 8] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

/// `adaptive` with one tolerance after the other: what a smaller certificate costs.
pub fn curve(truth: &Truth, queries: &[Query], steps: usize) -> Vec<Score> {
    let plans = TOLERANCES.map(|tolerance| Plan::Adaptive { tolerance, budget: None });
    compare(truth, queries, steps, &plans)
}

/// Asks each method all queries.
pub fn compare(truth: &Truth, queries: &[Query], steps: usize, plans: &[Plan]) -> Vec<Score> {
    let counts = truth.layer_counts();
    let probe = Probe::new(truth, &counts);
    plans.par_iter().map(|plan| Score::of(*plan, probe.clone(), queries, steps)).collect()
}

/// All methods, those with a proxy once for each of `proxies`. `coupled` comes first, `adaptive` last.
pub fn all(reference: usize, proxies: &[usize]) -> Vec<Plan> {
    let mut plans = vec![Plan::Coupled, Plan::NetworkFirst(reference), Plan::AcceleratorFirst, Plan::FlopsPareto];
    plans.extend(proxies.iter().copied().map(Plan::SemiDecoupled));
    plans.extend(proxies.iter().copied().map(Plan::Transfer));
    plans.push(Plan::Adaptive { tolerance: 0.0, budget: None });
    plans
}
