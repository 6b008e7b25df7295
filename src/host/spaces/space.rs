//! The trait of spaces of networks. A network of a space is a list of choices.

use std::fmt;

use super::accuracy::linear::Term;
use super::configuration::ConfigError;
use super::random::PythonRandom;
use super::space_layer::SpaceLayer;
use crate::Layer;
use crate::host::network::{NamedLayer, Network};

/// The maximum number of genes of a genome.
pub const MAX_GENES: usize = 64;

/// A network of a space, as a list of choices: gene `i` is less than `choices()[i]` of its space. Further genes are
/// 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Genome(pub [u16; MAX_GENES]);

impl Default for Genome {
    /// The first choice everywhere.
    fn default() -> Genome {
        Genome([0; MAX_GENES])
    }
}

/// The bytes that a network needs on a microcontroller, with weights and activations of 8 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The largest amount of activations that are alive at the same time.
    pub sram: u64,
    /// Weights, and biases of 32 bits.
    pub flash: u64,
}

/// A space of networks. Functions that take a [`Genome`] expect one that the space [`contains`](Space::contains), and
/// may panic on others.
pub trait Space: Send + Sync {
    /// Its name on the command line: `nb301`.
    fn name(&self) -> &str;

    /// The number of choices of each gene, 1 to 65,536. There are at most [`MAX_GENES`] genes.
    fn choices(&self) -> &[u32];

    /// The network that the space's generator makes from this seed. By default, Python's generator draws every gene.
    fn sample(&self, seed: u32) -> Genome {
        self.random(&mut PythonRandom::new(seed.into()))
    }

    /// The number of networks that the study drew.
    fn population(&self) -> u32 {
        10_000
    }

    /// The first `count` networks of the study. The place of each is its id. By default, the id is the seed.
    fn draw(&self, count: u32) -> Vec<Genome> {
        (0..count).map(|seed| self.sample(seed)).collect()
    }

    /// The networks with these ids, in this order.
    ///
    /// # Errors
    /// The first id that no network has.
    fn with_ids(&self, ids: &[u32]) -> Result<Vec<Genome>, UnknownId> {
        Ok(ids.iter().map(|&id| self.sample(id)).collect())
    }

    /// The ids of the networks that the study costs, in the study's order.
    fn selected(&self) -> Vec<u32>;

    /// The names of the fields of a configuration as text.
    fn columns(&self) -> Vec<&str>;

    /// A configuration as text, one field for each column.
    fn fields(&self, genome: &Genome) -> Vec<String>;

    /// The inverse of [`Space::fields`].
    ///
    /// # Errors
    /// The first error, and where it is.
    fn parse_fields(&self, fields: &[&str]) -> Result<Genome, ConfigError>;

    /// Calls `visitor` with every operation and its name, in execution order.
    fn visit(&self, genome: &Genome, visitor: &mut dyn FnMut(fmt::Arguments<'_>, &SpaceLayer));

    /// Numbers that describe the network, as accuracy predictors take them.
    fn features(&self, genome: &Genome) -> Vec<f64>;

    /// The terms of the built-in score, if it is a weighted sum: `(number, value)`, without those that are 0.
    fn terms(&self, _genome: &Genome) -> Vec<Term> {
        Vec::new()
    }

    /// The score of the space, if it has one. It ranks networks as their accuracies (in percent) would, but is not an
    /// accuracy.
    fn surrogate(&self, genome: &Genome) -> Option<f64>;

    /// Multiply-accumulates of an inference, padding included.
    fn macs(&self, genome: &Genome) -> u64 {
        let mut macs = 0;
        self.visit(genome, &mut |_, op| macs += op.macs());
        macs
    }

    /// Parameters: weights, biases, factors and offsets of batch normalization.
    fn params(&self, genome: &Genome) -> u64 {
        let mut params = 0;
        self.visit(genome, &mut |_, op| params += op.params());
        params
    }

    /// The memory that a network needs on a microcontroller, if the space is made for these.
    fn memory(&self, _genome: &Genome) -> Option<Memory> {
        None
    }

    /// The number of networks; the largest `u128` if there are more.
    fn size(&self) -> u128 {
        self.choices().iter().fold(1, |size: u128, &choices| size.saturating_mul(choices.into()))
    }

    /// Whether the genome is a network of the space.
    fn contains(&self, genome: &Genome) -> bool {
        let choices = self.choices();
        let (genes, rest) = genome.0.split_at(choices.len());
        genes.iter().zip(choices).all(|(&gene, &choices)| u32::from(gene) < choices)
            && rest.iter().all(|&gene| gene == 0)
    }

    /// A genome with every gene drawn uniformly.
    fn random(&self, random: &mut PythonRandom) -> Genome {
        let mut genome = Genome::default();
        for (gene, &choices) in genome.0.iter_mut().zip(self.choices()) {
            *gene = random.below(choices) as u16;
        }
        genome
    }

    /// The genome with one gene changed, unless no gene has a second choice.
    fn mutate(&self, genome: &Genome, random: &mut PythonRandom) -> Genome {
        let choices = self.choices();
        let mut changed = *genome;
        while choices.iter().any(|&choices| choices > 1) {
            let place = random.below(choices.len() as u32) as usize;
            if choices[place] > 1 {
                let other = random.below(choices[place] - 1) as u16;
                changed.0[place] = other + u16::from(other >= genome.0[place]);
                break;
            }
        }
        changed
    }

    /// A genome whose genes come from either parent with equal probability.
    fn cross_over(&self, mother: &Genome, father: &Genome, random: &mut PythonRandom) -> Genome {
        let mut child = *mother;
        for (gene, &other) in child.0.iter_mut().zip(&father.0).take(self.choices().len()) {
            if random.below(2) == 1 {
                *gene = other;
            }
        }
        child
    }

    /// A configuration in one line: `column=field;column=field`.
    fn format(&self, genome: &Genome) -> String {
        let fields = self.columns().into_iter().zip(self.fields(genome));
        fields.map(|(column, field)| format!("{column}={field}")).collect::<Vec<_>>().join(";")
    }

    /// The inverse of [`Space::format`].
    ///
    /// # Errors
    /// The first thing that is not of the space, and where it stands.
    fn parse(&self, text: &str) -> Result<Genome, ConfigError> {
        let columns = self.columns();
        let mut fields = Vec::with_capacity(columns.len());
        for (part, column) in text.trim().split(';').zip(&columns) {
            let field = part.trim().strip_prefix(*column).and_then(|rest| rest.trim_start().strip_prefix('='));
            fields
                .push(field.ok_or_else(|| ConfigError::new(column, format!("expected '{column}=', found '{part}'")))?);
        }
        let parts = text.trim().split(';').count();
        if parts != columns.len() {
            let what =
                format!("expected {} fields separated by ';' ({}), found {parts}", columns.len(), columns.join(", "));
            return Err(ConfigError::new(columns[parts.min(columns.len() - 1)], what));
        }
        self.parse_fields(&fields)
    }

    /// The layers for the cost model, in execution order.
    fn layers(&self, genome: &Genome) -> Vec<Layer> {
        let mut layers = Vec::new();
        self.visit(genome, &mut |_, op| layers.push(op.layer()));
        layers
    }

    /// The same as a network, with their names.
    fn network(&self, genome: &Genome, name: &str) -> Network {
        let mut layers = Vec::new();
        self.visit(genome, &mut |name, op| {
            layers.push(NamedLayer { name: name.to_string(), layer: op.layer(), dataflow: None, line: None });
        });
        Network { name: name.to_string(), layers }
    }
}

/// There is no network with this id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no network of {space} has the id {id}: expected 0 to {last}")]
pub struct UnknownId {
    /// The space.
    pub space: String,
    /// The id.
    pub id: u32,
    /// The largest id.
    pub last: u32,
}

/// Ids from a built-in list.
pub(super) fn listed(text: &str) -> Vec<u32> {
    text.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect()
}
