//! The methods with their parameters, and how each is started.

use super::adaptive::Adaptive;
use super::counted::Counted;
use super::exhaustive::Exhaustive;
use super::methods::{AcceleratorFirst, Coupled, Method, NetworkFirst, Shortlist};
use super::transfer::Transfer;

/// A method with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plan {
    /// Every network on every design; exact.
    Coupled,
    /// The most accurate network within a budget of MACs, then the best design for it.
    NetworkFirst,
    /// The design with the least EDP for a typical network, then the best network on it.
    AcceleratorFirst,
    /// Every network on a proxy; the winners there on all designs. Contains the place of the proxy.
    SemiDecoupled(usize),
    /// The Pareto front of MACs and accuracy, on all designs.
    FlopsPareto,
    /// Every network on a proxy, and a predictor adapted to each design. Contains the place of the proxy.
    Transfer(usize),
    /// [`Adaptive`].
    Adaptive {
        /// Points of accuracy that an answer may miss.
        tolerance: f64,
        /// The most evaluations.
        budget: Option<usize>,
    },
}

/// The number of networks that [`Transfer`] measures on each target.
const TRANSFER_SAMPLES: usize = 50;

impl Plan {
    /// Its name on the command line.
    pub const fn name(&self) -> &'static str {
        match self {
            Plan::Coupled => "coupled",
            Plan::NetworkFirst => "network-first",
            Plan::AcceleratorFirst => "accelerator-first",
            Plan::SemiDecoupled(_) => "semi-decoupled",
            Plan::FlopsPareto => "flops-pareto",
            Plan::Transfer(_) => "transfer",
            Plan::Adaptive { .. } => "adaptive",
        }
    }

    /// The place of the proxy, if the method has one.
    pub const fn proxy(&self) -> Option<usize> {
        match self {
            Plan::SemiDecoupled(proxy) | Plan::Transfer(proxy) => Some(*proxy),
            _ => None,
        }
    }

    /// Starts the method. The paper's shortlist is made of `steps` x `steps` limits.
    pub fn start<'a>(&self, exhaustive: &'a Exhaustive, steps: usize) -> Box<dyn Method + 'a> {
        self.start_from(Counted::new(exhaustive), steps)
    }

    /// The same, with what was counted before.
    pub(crate) fn start_from<'a>(&self, counted: Counted<'a>, steps: usize) -> Box<dyn Method + 'a> {
        match *self {
            Plan::Coupled => Box::new(Coupled::new(counted)),
            Plan::NetworkFirst => Box::new(NetworkFirst::new(counted)),
            Plan::AcceleratorFirst => Box::new(AcceleratorFirst::new(counted)),
            Plan::SemiDecoupled(proxy) => Box::new(Shortlist::semi_decoupled(counted, proxy, steps)),
            Plan::FlopsPareto => Box::new(Shortlist::flops_pareto(counted)),
            Plan::Transfer(proxy) => Box::new(Transfer::new(counted, proxy, TRANSFER_SAMPLES)),
            Plan::Adaptive { tolerance, budget } => {
                let method = Adaptive::with_tolerance(counted.exhaustive().problem(), tolerance);
                Box::new(method.with_budget(budget.unwrap_or(usize::MAX)))
            }
        }
    }
}
