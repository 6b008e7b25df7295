//! Counts what a method has asked for.

use super::exhaustive::Exhaustive;
use super::query::Figures;

/// How much a method has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Counts {
    /// Costs of a network on a design: what the paper counts. Without sharing, each takes an evaluation of every
    /// layer of the network.
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

    /// Adds an element, and returns whether it is new to the set.
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

/// The exhaustive costs as a method sees them: counts each thing that the method looks at once.
#[derive(Clone)]
pub struct Counted<'a> {
    exhaustive: &'a Exhaustive,
    networks: Set,
    evaluations: Set,
    accuracies: Set,
    /// Whether the accuracy of every network has been asked for.
    ordered: bool,
}

impl<'a> Counted<'a> {
    /// A view from which nothing has been counted yet.
    pub fn new(exhaustive: &'a Exhaustive) -> Counted<'a> {
        let (networks, designs) = (exhaustive.problem().networks(), exhaustive.problem().designs().len());
        Counted {
            exhaustive,
            networks: Set::new(networks * designs),
            evaluations: Set::new(exhaustive.distinct_evaluations()),
            accuracies: Set::new(networks),
            ordered: false,
        }
    }

    /// A view of the same costs from which nothing has been counted yet.
    #[must_use]
    pub fn fresh(&self) -> Counted<'a> {
        Counted::new(self.exhaustive)
    }

    /// What a network costs on a design.
    pub fn figures(&mut self, network: usize, design: usize) -> Figures {
        let exhaustive = self.exhaustive;
        if self.networks.insert(design * exhaustive.problem().networks() + network) {
            let evaluations = exhaustive.evaluations(design);
            for &(layer, _) in &exhaustive.layer_counts()[network] {
                for &evaluation in &evaluations[layer as usize] {
                    self.evaluations.insert(evaluation as usize);
                }
            }
        }
        exhaustive.figures(design)[network]
    }

    /// The accuracy of a network.
    pub fn accuracy(&mut self, network: usize) -> f64 {
        self.accuracies.insert(network);
        self.exhaustive.problem().accuracy()[network]
    }

    /// The networks by accuracy, the best first. This counts the accuracy of every network.
    pub fn order(&mut self) -> &'a [usize] {
        if !self.ordered {
            for network in 0..self.exhaustive.problem().networks() {
                self.accuracies.insert(network);
            }
            self.ordered = true;
        }
        self.exhaustive.problem().order()
    }

    /// The exhaustive costs themselves, for what is not counted: shapes, MACs, names.
    pub fn exhaustive(&self) -> &'a Exhaustive {
        self.exhaustive
    }

    /// The counts so far.
    pub fn counts(&self) -> Counts {
        let Counted { networks, evaluations, accuracies, .. } = self;
        Counts { networks: networks.count(), evaluations: evaluations.count(), accuracies: accuracies.count() }
    }
}
