//! The description of a space of networks in stages: a stem, stages and a head, with fixed or free numbers.

use serde::Deserialize;

use crate::host::spaces::space::Genome;

/// The maximum number of classes.
pub const MAX_CLASSES: u32 = 1 << 20;

/// A space of networks in stages, as read from a file.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub name: String,
    pub resolution: Choice,
    /// Percent of all channels except those of the input.
    pub width: Choice,
    /// All numbers of channels are multiples of this.
    pub multiple: u32,
    pub input_channels: u32,
    pub classes: u32,
    /// Parameters of an output channel in addition to its weights: 2 for batch normalization, or 1 for a bias if that
    /// is folded.
    pub extra: u8,
    pub stem: Stem,
    pub stages: Vec<Stage>,
    pub head: Head,
    pub score: Option<Score>,
    pub population: u32,
    pub selected: Selected,
    /// The number of choices of each gene.
    pub choices: Vec<u32>,
}

impl Recipe {
    /// The network with the largest choice of every number.
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
    /// The gene that chooses, if there is more than one value.
    pub gene: Option<usize>,
}

impl Choice {
    pub fn of(&self, genome: &Genome) -> f64 {
        self.values[self.gene.map_or(0, |gene| usize::from(genome.0[gene]))]
    }

    pub fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The place of the largest value.
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

/// Blocks of one kind. The first has the stride.
#[derive(Clone, Debug)]
pub struct Stage {
    pub block: Block,
    pub stride: u32,
    /// The ratio of the channels in the middle of a block to those between squeeze and excite.
    pub squeeze: Option<f64>,
    pub channels: Option<Choice>,
    /// One for all blocks, one for each block, or none if this kind of block has none. The same holds for `ratios`.
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
    /// Inverted bottleneck: 1 x 1 to more channels, depthwise, 1 x 1 to fewer. Without the first, it is a separable
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

/// What follows the stages, in addition to the mean and the classifier.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Channels of a 1 x 1 convolution before the mean.
    pub conv: Option<f64>,
    /// Channels of a fully connected layer after the mean.
    pub linear: Option<f64>,
    /// Whether a width below 100 reduces these channels.
    pub shrinks: bool,
}

/// A score of 100 - a M^-b for a network of M million MACs.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    pub a: f64,
    pub b: f64,
}

/// The selection: the first `first` networks of the population within these limits in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Selected {
    pub first: usize,
    pub sram: u64,
    pub flash: u64,
}
