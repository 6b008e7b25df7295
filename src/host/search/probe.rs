//! What a method has asked for, counted.

use super::query::Figures;
use super::truth::Truth;

/// How much a method has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Counts {
    /// Costs of a network on a design: what the paper counts. Each takes an evaluation of every layer of the network
    /// where nothing is shared.
    pub networks: usize,
    /// Evaluations of the cost model: walks over the cases of a mapped layer. A method that does not share steps takes one
    /// for each distinct (layer, directives, accelerator) among the networks that it costs.
    pub evaluations: usize,
    /// Accuracies of networks.
    pub accuracies: usize,
}

/// A set of places.
#[derive(Clone)]
struct Set(Vec<u64>);

impl Set {
    fn new(size: usize) -> Set {
        Set(vec![0; size.div_ceil(64)])
    }

    /// Whether it was not in the set before.
    fn insert(&mut self, place: usize) -> bool {
        let (word, bit) = (place / 64, 1 << (place % 64));
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// The truth as a method sees it: what it looks at is counted once.
#[derive(Clone)]
pub struct Probe<'a> {
    truth: &'a Truth,
    networks: Set,
    evaluations: Set,
    accuracies: Set,
    /// Whether the accuracy of every network has been asked for.
    ordered: bool,
}

impl<'a> Probe<'a> {
    /// A probe that has not asked for anything.
    pub fn new(truth: &'a Truth) -> Probe<'a> {
        let (networks, designs) = (truth.task().networks(), truth.task().designs().len());
        Probe {
            truth,
            networks: Set::new(networks * designs),
            evaluations: Set::new(truth.distinct_evaluations()),
            accuracies: Set::new(networks),
            ordered: false,
        }
    }

    /// A probe of the same that has not asked for anything.
    #[must_use]
    pub fn fresh(&self) -> Probe<'a> {
        Probe::new(self.truth)
    }

    /// What a network costs on a design.
    pub fn figures(&mut self, network: usize, design: usize) -> Figures {
        let truth = self.truth;
        if self.networks.insert(design * truth.task().networks() + network) {
            let evaluations = truth.evaluations(design);
            for &(layer, _) in &truth.layer_counts()[network] {
                for &evaluation in &evaluations[layer as usize] {
                    self.evaluations.insert(evaluation as usize);
                }
            }
        }
        truth.figures(design)[network]
    }

    /// The accuracy of a network.
    pub fn accuracy(&mut self, network: usize) -> f64 {
        self.accuracies.insert(network);
        self.truth.task().accuracy()[network]
    }

    /// The networks by accuracy, best first, which takes the accuracy of each.
    pub fn order(&mut self) -> &'a [usize] {
        if !self.ordered {
            for network in 0..self.truth.task().networks() {
                self.accuracies.insert(network);
            }
            self.ordered = true;
        }
        self.truth.task().order()
    }

    /// What needs no counting: shapes, MACs, names.
    pub fn truth(&self) -> &'a Truth {
        self.truth
    }

    /// How much has been asked for.
    pub fn counts(&self) -> Counts {
        let Probe { networks, evaluations, accuracies, .. } = self;
        Counts { networks: networks.count(), evaluations: evaluations.count(), accuracies: accuracies.count() }
    }
}
