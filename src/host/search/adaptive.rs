//! The method `adaptive`: evaluates only what the answer and its proof need.
//!
//! Networks are examined by accuracy, the best first. A network is given up as soon as its known layers cost more
//! than a limit allows; otherwise its heaviest unknown layer is evaluated. The first network within all limits is the
//! answer. With a tolerance, a network is left undecided if another one that is almost as accurate is known to be
//! within the limits.
//!
//! # What is proven
//!
//! A network's cycles and nJ are sums over its layers, and its buffers are their maxima (or the accelerator's own).
//! None of them is negative, and area and power never decrease with larger buffers. So the known layers give a lower
//! bound of a network, and a network that was given up exceeds a limit. Every network that is more accurate than the
//! answer was either given up or left undecided. The certificate is the accuracy of the best undecided network minus
//! that of the answer, and 0 if there is none. It does not rely on rank correlations, samples or other measurements.

use super::counted::Counts;
use super::evaluator::{Decision, Evaluator};
use super::methods::{Answer, Method};
use super::problem::Problem;
use super::query::{Choice, Limits};

/// The method, with everything that it has learned from earlier queries.
pub struct Adaptive<'a> {
    problem: &'a Problem,
    evaluator: Evaluator<'a>,
    tolerance: f64,
    most_walks: usize,
}

impl<'a> Adaptive<'a> {
    /// Gives exact answers, which miss 0 points of accuracy.
    pub fn new(problem: &'a Problem) -> Adaptive<'a> {
        Adaptive::with_tolerance(problem, 0.0)
    }

    /// Gives answers that may miss up to `tolerance` points of accuracy, in exchange for fewer evaluations.
    pub fn with_tolerance(problem: &'a Problem, tolerance: f64) -> Adaptive<'a> {
        let tolerance = tolerance.max(0.0);
        Adaptive { problem, evaluator: Evaluator::new(problem), tolerance, most_walks: usize::MAX }
    }

    /// Limits the number of evaluations. The certificates may then be larger.
    #[must_use]
    pub fn with_budget(self, evaluations: usize) -> Adaptive<'a> {
        Adaptive { most_walks: evaluations, ..self }
    }

    /// The number of costs of a layer on a design that were computed from known steps, without an evaluation.
    pub fn replays(&self) -> usize {
        self.evaluator.replays()
    }

    /// Whether every network is known not to run on any design.
    pub(crate) fn all_unusable(&self) -> bool {
        let designs = 0..self.problem.designs().len();
        let mut pairs = designs.flat_map(|design| (0..self.problem.networks()).map(move |network| (network, design)));
        pairs.all(|(network, design)| self.evaluator.is_unusable(network, design))
    }

    /// Accuracy of the best network that earlier queries have shown to be within the limits.
    fn known_best(&self, designs: &[usize], limits: &Limits) -> f64 {
        let within = |&&network: &&usize| {
            let mut known = designs.iter().filter_map(|&design| self.evaluator.figures_of(network, design));
            known.any(|figures| limits.admit(&figures))
        };
        let best = self.problem.order().iter().find(within);
        best.map_or(f64::NEG_INFINITY, |&network| self.problem.accuracy()[network])
    }
}

impl Method for Adaptive<'_> {
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer {
        let problem = self.problem;
        let enough =
            if self.tolerance > 0.0 { self.known_best(designs, limits) + self.tolerance } else { f64::NEG_INFINITY };
        let mut best: Option<Choice> = None;
        let mut undecided = f64::NEG_INFINITY;
        for &network in problem.order() {
            let accuracy = problem.accuracy()[network];
            // Equally accurate networks are examined, too: ties are broken by cost.
            if best.is_some_and(|best| best.accuracy > accuracy) {
                break;
            }
            let most_walks = if accuracy <= enough { 0 } else { self.most_walks };
            for &design in designs {
                match self.evaluator.decide(network, design, limits, most_walks) {
                    Decision::Beyond => (),
                    Decision::Open => undecided = undecided.max(accuracy),
                    Decision::Within(figures) => {
                        best = Some(Choice { network, design, accuracy, figures }.or_better(best));
                    }
                }
            }
        }
        let missed = match best {
            Some(best) => (undecided - best.accuracy).max(0.0),
            None if undecided == f64::NEG_INFINITY => 0.0,
            None => f64::INFINITY,
        };
        Answer { choice: best, missed: Some(missed) }
    }

    fn counts(&self) -> Counts {
        Counts {
            networks: self.evaluator.sums(),
            evaluations: self.evaluator.walks(),
            accuracies: self.problem.networks(),
        }
    }
}
