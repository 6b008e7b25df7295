//! The paper's methods and the baselines.
//!
//! Each method answers queries for the best network on one of several designs within limits, and counts what it asks
//! for.

use super::counted::Counted;
use super::exhaustive::Exhaustive;
use super::query::{Choice, Figures, Limits};
use crate::host::stats::Ranked;

pub use super::counted::Counts;

/// What a method answers.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Answer {
    /// The network and the design; `None` if the method found none within the limits.
    pub choice: Option<Choice>,
    /// The certificate: no network within the limits is more accurate by more than this. Without a choice it is 0 if
    /// it is proven that there is none, and infinite otherwise. `None` if the method gives no certificate.
    pub missed: Option<f64>,
}

/// A method at work.
pub trait Method {
    /// The best network on one of these designs within the limits.
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer;

    /// What the method has asked for since it was started.
    fn counts(&self) -> Counts;
}

/// Costs every network on every design: the reference that other methods try to beat.
pub(super) struct Coupled<'a> {
    counted: Counted<'a>,
    /// Designs on which all networks have been costed.
    costed: Vec<bool>,
}

impl<'a> Coupled<'a> {
    /// Counts the designs of each query when it is asked.
    pub fn new(counted: Counted<'a>) -> Coupled<'a> {
        let costed = vec![false; counted.exhaustive().problem().designs().len()];
        Coupled { counted, costed }
    }
}

impl Method for Coupled<'_> {
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer {
        for &design in designs {
            if !self.costed[design] {
                for &network in self.counted.order() {
                    self.counted.figures(network, design);
                }
                self.costed[design] = true;
            }
        }
        Answer { choice: self.counted.exhaustive().best(designs, limits), missed: Some(0.0) }
    }

    fn counts(&self) -> Counts {
        self.counted.counts()
    }
}

/// Chooses a few networks in advance, and takes the best of them.
pub(super) struct Shortlist<'a> {
    counted: Counted<'a>,
    /// By accuracy, best first.
    networks: Vec<usize>,
    /// Designs on which they have been costed.
    costed: Vec<bool>,
}

impl<'a> Shortlist<'a> {
    fn new(counted: Counted<'a>, mut networks: Vec<usize>) -> Shortlist<'a> {
        let problem = counted.exhaustive().problem();
        networks.sort_by(|&a, &b| problem.accuracy()[b].total_cmp(&problem.accuracy()[a]).then(a.cmp(&b)));
        networks.dedup();
        let costed = vec![false; problem.designs().len()];
        Shortlist { counted, networks, costed }
    }

    /// The paper's first stage: the winners on a proxy under `steps` x `steps` pairs of limits, percentiles of the proxy's
    /// own latencies and energies. Costs all networks on the proxy.
    pub fn semi_decoupled(mut counted: Counted<'a>, proxy: usize, steps: usize) -> Shortlist<'a> {
        let networks = counted.exhaustive().problem().networks();
        let figures: Vec<Figures> = (0..networks).map(|network| counted.figures(network, proxy)).collect();
        counted.order();
        let limits = Limits::grid(&figures, steps);
        let winners = limits.iter().filter_map(|limits| counted.exhaustive().best(&[proxy], limits));
        let winners = winners.map(|choice| choice.network).collect();
        Shortlist::new(counted, winners)
    }

    /// The networks for which no other is more accurate with at most as many MACs. Costs nothing.
    pub fn flops_pareto(mut counted: Counted<'a>) -> Shortlist<'a> {
        let problem = counted.exhaustive().problem();
        let mut by_macs: Vec<usize> = counted.order().to_vec();
        // Stable: of equal MACs, the most accurate comes first.
        by_macs.sort_by_key(|&network| problem.macs()[network]);
        let mut front: Vec<usize> = Vec::new();
        for network in by_macs {
            if front.last().is_none_or(|&last| problem.accuracy()[network] > problem.accuracy()[last]) {
                front.push(network);
            }
        }
        Shortlist::new(counted, front)
    }

    /// The networks, most accurate first.
    pub fn networks(&self) -> &[usize] {
        &self.networks
    }
}

impl Method for Shortlist<'_> {
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer {
        let mut best: Option<Choice> = None;
        for &design in designs {
            if !self.costed[design] {
                for &network in &self.networks {
                    self.counted.figures(network, design);
                }
                self.costed[design] = true;
            }
            let (accuracy, figures) =
                (self.counted.exhaustive().problem().accuracy(), self.counted.exhaustive().figures(design));
            for &network in &self.networks {
                let accuracy = accuracy[network];
                if best.is_some_and(|best| best.accuracy > accuracy) {
                    break;
                }
                if limits.admit(&figures[network]) {
                    best = Some(Choice { network, design, accuracy, figures: figures[network] }.or_better(best));
                }
            }
        }
        Answer { choice: best, missed: None }
    }

    fn counts(&self) -> Counts {
        self.counted.counts()
    }
}

/// The network with the median number of MACs, which decoupled methods take as typical.
fn typical(exhaustive: &Exhaustive) -> usize {
    let mut networks: Vec<usize> = (0..exhaustive.problem().networks()).collect();
    networks.sort_by_key(|&network| exhaustive.problem().macs()[network]);
    networks[networks.len() / 2]
}

/// The design on which the typical network has the least energy-delay product, if possible within the limits, and
/// what it costs there. `None` if it cannot run on any of them.
fn cheapest(counted: &mut Counted<'_>, typical: usize, designs: &[usize], limits: &Limits) -> Option<(usize, Figures)> {
    let figures = designs.iter().map(|&design| (design, counted.figures(typical, design)));
    let figures = figures.filter(|(_, figures)| figures.is_usable());
    // Of equal ones, the first.
    figures.min_by(|(_, a), (_, b)| {
        let costly = |figures: &Figures| (!limits.admit(figures), figures.edp());
        costly(a).0.cmp(&costly(b).0).then(costly(a).1.total_cmp(&costly(b).1))
    })
}

/// Chooses the network first: the most accurate one within a budget of MACs. The budget follows from the limits and
/// from the cycles and nJ that a MAC of the typical network takes on the cheapest design for it. Then chooses the
/// best design for that network.
pub(super) struct NetworkFirst<'a> {
    counted: Counted<'a>,
    typical: usize,
}

impl<'a> NetworkFirst<'a> {
    /// Chooses nothing in advance.
    pub fn new(counted: Counted<'a>) -> NetworkFirst<'a> {
        NetworkFirst { typical: typical(counted.exhaustive()), counted }
    }
}

impl Method for NetworkFirst<'_> {
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer {
        let Some((_, figures)) = cheapest(&mut self.counted, self.typical, designs, limits) else {
            return Answer::default();
        };
        let macs = self.counted.exhaustive().problem().macs();
        let budget = (limits.latency / figures.cycles as f64)
            .min(limits.energy / figures.energy)
            .min((limits.edp / figures.edp()).sqrt())
            * macs[self.typical] as f64;
        let within = |network: &&usize| macs[**network] as f64 <= budget;
        let Some(&network) = self.counted.order().iter().find(within) else { return Answer::default() };
        let accuracy = self.counted.accuracy(network);
        let mut best = None;
        for &design in designs {
            let figures = self.counted.figures(network, design);
            if limits.admit(&figures) {
                best = Some(Choice { network, design, accuracy, figures }.or_better(best));
            }
        }
        Answer { choice: best, missed: None }
    }

    fn counts(&self) -> Counts {
        self.counted.counts()
    }
}

/// Chooses the design first: the one where the typical network is cheapest. Then chooses the best network on it.
pub(super) struct AcceleratorFirst<'a> {
    counted: Counted<'a>,
    typical: usize,
}

impl<'a> AcceleratorFirst<'a> {
    /// Nothing is chosen beforehand.
    pub fn new(counted: Counted<'a>) -> AcceleratorFirst<'a> {
        AcceleratorFirst { typical: typical(counted.exhaustive()), counted }
    }
}

impl Method for AcceleratorFirst<'_> {
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer {
        let Some((design, _)) = cheapest(&mut self.counted, self.typical, designs, limits) else {
            return Answer::default();
        };
        for &network in self.counted.order() {
            self.counted.figures(network, design);
        }
        Answer { choice: self.counted.exhaustive().best(&[design], limits), missed: None }
    }

    fn counts(&self) -> Counts {
        self.counted.counts()
    }
}

/// The number of networks in the sample by which the central proxy is chosen.
const SAMPLE: usize = 50;

/// `count` networks that are spread evenly over the order by MACs.
pub(super) fn spread(exhaustive: &Exhaustive, count: usize) -> Vec<usize> {
    let mut networks: Vec<usize> = (0..exhaustive.problem().networks()).collect();
    networks.sort_by_key(|&network| exhaustive.problem().macs()[network]);
    let count = count.min(networks.len());
    (0..count).map(|place| networks[(2 * place + 1) * networks.len() / (2 * count)]).collect()
}

/// The design whose ranking of networks is closest to that of all others: the highest mean rank correlation (Spearman) of
/// latency and of energy over a sample of the networks. Of equal ones, the first.
pub(crate) fn central(counted: &mut Counted<'_>) -> usize {
    let sample = spread(counted.exhaustive(), SAMPLE);
    let designs = counted.exhaustive().problem().designs().len();
    let mut ranked = |figure: fn(&Figures) -> f64| {
        let of = |design| {
            Ranked::of(&sample.iter().map(|&network| figure(&counted.figures(network, design))).collect::<Vec<_>>())
        };
        (0..designs).map(of).collect::<Vec<_>>()
    };
    let rankings = [ranked(Figures::latency), ranked(|figures| figures.energy)];
    let mut best = (0, f64::NEG_INFINITY);
    for design in 0..designs {
        let sum: f64 = (rankings.iter())
            .flat_map(|ranked| ranked.iter().map(|other| ranked[design].spearman(other).unwrap_or(0.0)))
            .sum();
        if sum > best.1 {
            best = (design, sum);
        }
    }
    best.0
}
