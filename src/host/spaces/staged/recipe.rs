//! What a space of networks in stages consists of: a stem, stages and a head, their numbers fixed or free.

use serde::Deserialize;

use crate::host::spaces::space::Genome;

/// The most classes that a space may have.
pub const MAX_CLASSES: u32 = 1 << 20;

/// A space of networks in stages, as a file gives it.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub name: String,
    pub resolution: Choice,
    /// Percent of all channels but those of the input.
    pub width: Choice,
    /// What numbers of channels are multiples of.
    pub multiple: u32,
    pub input_channels: u32,
    pub classes: u32,
    /// Parameters of an output channel beside its weights: two of batch normalization, or one, a bias, where that is folded.
    pub extra: u8,
    pub stem: Stem,
    pub stages: Vec<Stage>,
    pub head: Head,
    pub score: Option<Score>,
    pub population: u32,
    pub selected: Selected,
    /// How many choices each gene has.
    pub choices: Vec<u32>,
}

impl Recipe {
    /// The network with the largest choice everywhere.
    pub fn largest(&self) -> Genome {
        let mut genome = Genome::default();
        let of_stages = self.stages.iter().flat_map(Stage::columns).flat_map(|(_, choices)| choices);
        for choice in of_stages.chain([&self.resolution, &self.width]) {
            if let Some(gene) = choice.gene {
                genome.0[gene] = choice.largest() as u16;
            }
        }
        genome
    }
}

/// A number that the file gives, or that a gene chooses.
#[derive(Clone, Debug)]
pub struct Choice {
    /// In the file's order; at least one.
    pub values: Vec<f64>,
    /// The gene, where there is more than one.
    pub gene: Option<usize>,
}

impl Choice {
    pub fn of(&self, genome: &Genome) -> f64 {
        self.values[self.gene.map_or(0, |gene| usize::from(genome.0[gene]))]
    }

    pub fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The place of the largest one.
    pub fn largest(&self) -> usize {
        (0..self.values.len()).max_by(|&a, &b| self.values[a].total_cmp(&self.values[b])).unwrap_or(0)
    }
}

/// The first convolution.
#[derive(Clone, Debug)]
pub struct Stem {
    pub channels: f64,
    pub kernel: u32,
    pub stride: u32,
}

/// Blocks of one kind, the first of which has the stride.
#[derive(Clone, Debug)]
pub struct Stage {
    pub block: Block,
    pub stride: u32,
    /// Channels of a block's middle for each of those between squeeze and excite.
    pub squeeze: Option<f64>,
    pub channels: Option<Choice>,
    /// One for all blocks or one for each, or none where the kind of block has none; so are the ratios.
    pub kernels: Vec<Choice>,
    pub ratios: Vec<Choice>,
    pub depth: Choice,
}

impl Stage {
    /// The numbers by column, in the order of the genes.
    pub fn columns(&self) -> [(&'static str, &[Choice]); 4] {
        [
            ("channels", self.channels.as_slice()),
            ("kernel_size", &self.kernels),
            ("expand_ratio", &self.ratios),
            ("depth", std::slice::from_ref(&self.depth)),
        ]
    }
}

/// Kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// Inverted bottleneck: 1 x 1 to more channels, depthwise, 1 x 1 to fewer. Without the first it is a separable
    /// convolution.
    Inverted,
    /// A convolution.
    Conv,
    /// Two convolutions and a shortcut.
    Basic,
    /// 1 x 1 to fewer channels, a convolution, 1 x 1 to more, and a shortcut.
    Bottleneck,
    /// A pooling.
    Pool,
}

/// What follows the stages, beside the mean and the classifier.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Channels of a 1 x 1 convolution before the mean.
    pub conv: Option<f64>,
    /// Those of a fully connected layer after it.
    pub linear: Option<f64>,
    /// Whether a width below 100 makes them fewer.
    pub shrinks: bool,
}

/// 100 - a M^-b for M million MACs.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    pub a: f64,
    pub b: f64,
}

/// Selected are the `first` networks of the population within these limits, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Selected {
    pub first: usize,
    pub sram: u64,
    pub flash: u64,
}
