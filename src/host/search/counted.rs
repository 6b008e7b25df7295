//! What a method has asked for, counted.

use super::exhaustive::Exhaustive;
use super::query::Figures;

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

/// The exhaustive costs as a method sees them: what it looks at is counted once.
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

    /// The networks by accuracy, best first, which takes the accuracy of each.
    pub fn order(&mut self) -> &'a [usize] {
        if !self.ordered {
            for network in 0..self.exhaustive.problem().networks() {
                self.accuracies.insert(network);
            }
            self.ordered = true;
        }
        self.exhaustive.problem().order()
    }

    /// What needs no counting: shapes, MACs, names.
    pub fn exhaustive(&self) -> &'a Exhaustive {
        self.exhaustive
    }

    /// How much has been asked for.
    pub fn counts(&self) -> Counts {
        let Counted { networks, evaluations, accuracies, .. } = self;
        Counts { networks: networks.count(), evaluations: evaluations.count(), accuracies: accuracies.count() }
    }
}
