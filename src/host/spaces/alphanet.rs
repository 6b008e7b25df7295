//! AlphaNet: the supernet of ImageNet classifiers, drawn and laid out as in the study.
//!
//! A network has seven stages of inverted bottlenecks. The resolution is free, and so are kernel, expansion and depth
//! of the five middle stages.

use std::fmt;

use rayon::prelude::*;

use super::accuracy::{Linear, Term};
use super::configuration::{ConfigError, choice_of, numbers};
use super::space::{Genome, Space, UnknownId, listed};
use super::space_layer::{SpaceLayer, divisible};

const RESOLUTIONS: [u32; 4] = [192, 224, 256, 288];
/// The choices of the middle stages, and the fixed values of the first and the last stage.
const KERNELS: Field = Field { column: "kernel_size", legal: [3, 5, 7], first: 3, last: 3 };
const EXPANSIONS: Field = Field { column: "expand_ratio", legal: [4, 5, 6], first: 1, last: 6 };
const DEPTHS: Field = Field { column: "depth", legal: [3, 4, 6], first: 1, last: 1 };
const FIELDS: [Field; 3] = [KERNELS, EXPANSIONS, DEPTHS];

const STAGES: usize = 7;
const FREE: usize = STAGES - 2;
/// Channels of the first convolution, the stages and the last layer before the classifier.
const WIDTHS: [u32; STAGES + 2] = [16, 16, 24, 32, 64, 112, 192, 216, 1792];
const STRIDES: [u32; STAGES] = [1, 2, 2, 2, 1, 2, 1];
const SQUEEZE: [bool; STAGES] = [false, false, true, false, true, true, true];
/// The maximum number of blocks that the supernet has in each stage. Deeper configurations are cut to this.
const MAX_DEPTHS: [u32; STAGES] = [2, 5, 6, 6, 8, 8, 2];
const CHANNELS_OF_HEAD: u32 = 6 * WIDTHS[STAGES];
const CLASSES: u32 = 1000;

/// The last id. Seeds that repeat an earlier network are known up to here.
const LAST_ID: u32 = 99_999;

const CHOICES: [u32; 1 + 3 * FREE] = {
    let mut choices = [3; 1 + 3 * FREE];
    choices[0] = RESOLUTIONS.len() as u32;
    choices
};

struct Field {
    column: &'static str,
    legal: [u32; 3],
    first: u32,
    last: u32,
}

impl Field {
    /// The values of all stages.
    fn values(&self, genes: &[u16]) -> [u32; STAGES] {
        std::array::from_fn(|stage| match stage {
            0 => self.first,
            stage if stage == STAGES - 1 => self.last,
            stage => self.legal[usize::from(genes[stage - 1])],
        })
    }

    fn parse(&self, text: &str, genes: &mut [u16]) -> Result<(), ConfigError> {
        for (stage, number) in numbers(self.column, text, STAGES)?.into_iter().enumerate() {
            match stage {
                0 => choice_of(self.column, stage + 1, number, &[self.first]).map(drop)?,
                stage if stage == STAGES - 1 => {
                    choice_of(self.column, stage + 1, number, &[self.last]).map(drop)?;
                }
                stage => genes[stage - 1] = choice_of(self.column, stage + 1, number, &self.legal)?,
            }
        }
        Ok(())
    }
}

/// The space.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlphaNet;

/// The sizes that a genome chooses.
struct Config {
    resolution: u32,
    kernels: [u32; STAGES],
    expansions: [u32; STAGES],
    depths: [u32; STAGES],
}

impl Config {
    fn of(genome: &Genome) -> Config {
        let [kernels, expansions, depths] =
            std::array::from_fn(|i| FIELDS[i].values(&genome.0[1 + i * FREE..][..FREE]));
        Config { resolution: RESOLUTIONS[usize::from(genome.0[0])], kernels, expansions, depths }
    }

    /// The number of blocks of a stage.
    fn blocks(&self, stage: usize) -> u32 {
        self.depths[stage].min(MAX_DEPTHS[stage])
    }
}

/// The weights of [`Space::terms`], see `tests/spaces/surrogates.rs`.
static SURROGATE: Linear = Linear::new(include!("alphanet/surrogate.rs"));

/// The networks with these ids, each at most [`LAST_ID`]. The study drew networks from seeds 0, 1, 2... and left out
/// those that it had drawn before; an id is a place among the remaining ones. The left-out seeds are listed, so that
/// a network takes a single draw.
fn drawn(ids: impl IndexedParallelIterator<Item = u32>) -> Vec<Genome> {
    let repeated = listed(include_str!("alphanet/repeated.txt"));
    let seed = |id| repeated.iter().fold(id, |seed, &left_out| seed + u32::from(left_out <= seed));
    ids.map(|id| AlphaNet.sample(seed(id))).collect()
}

impl Space for AlphaNet {
    fn name(&self) -> &str {
        "alphanet"
    }

    fn choices(&self) -> &[u32] {
        &CHOICES
    }

    fn population(&self) -> u32 {
        9_999
    }

    fn draw(&self, count: u32) -> Vec<Genome> {
        drawn((0..count.min(LAST_ID + 1)).into_par_iter())
    }

    fn with_ids(&self, ids: &[u32]) -> Result<Vec<Genome>, UnknownId> {
        if let Some(&id) = ids.iter().find(|&&id| id > LAST_ID) {
            return Err(UnknownId { space: self.name().to_string(), id, last: LAST_ID });
        }
        Ok(drawn(ids.par_iter().copied()))
    }

    fn selected(&self) -> Vec<u32> {
        listed(include_str!("alphanet/selected.txt"))
    }

    fn columns(&self) -> Vec<&str> {
        vec!["resolution", KERNELS.column, EXPANSIONS.column, DEPTHS.column]
    }

    fn fields(&self, genome: &Genome) -> Vec<String> {
        let config = Config::of(genome);
        let text = |values: [u32; STAGES]| values.map(|value| value.to_string()).join(" ");
        let mut fields = vec![config.resolution.to_string()];
        fields.extend([config.kernels, config.expansions, config.depths].map(text));
        fields
    }

    fn parse_fields(&self, fields: &[&str]) -> Result<Genome, ConfigError> {
        let mut genome = Genome::default();
        let resolution = fields.first().copied().unwrap_or("").trim();
        genome.0[0] = choice_of("resolution", 1, resolution, &RESOLUTIONS)?;
        for (i, field) in FIELDS.iter().enumerate() {
            let text = fields.get(1 + i).copied().unwrap_or("");
            field.parse(text, &mut genome.0[1 + i * FREE..][..FREE])?;
        }
        Ok(genome)
    }

    fn visit(&self, genome: &Genome, visitor: &mut dyn FnMut(fmt::Arguments<'_>, &SpaceLayer)) {
        let config = Config::of(genome);
        let stem = SpaceLayer::conv(3, WIDTHS[0], 3, config.resolution).stride(2);
        visitor(format_args!("stem"), &stem);
        let (mut inputs, mut extent) = (WIDTHS[0], stem.output_extent());
        for stage in 0..STAGES {
            let outputs = WIDTHS[stage + 1];
            for block in 0..config.blocks(stage) {
                let (part, block) = (stage + 1, block + 1);
                let expansion = config.expansions[stage];
                let middle = divisible(f64::from(inputs * expansion), 8);
                let stride = if block == 1 { STRIDES[stage] } else { 1 };
                let spatial = SpaceLayer::depthwise(middle, config.kernels[stage], extent).stride(stride);
                let halved = spatial.output_extent();
                if inputs != outputs {
                    let shortcut = SpaceLayer::conv(inputs, outputs, 1, halved).extra(0);
                    visitor(format_args!("stage{part}_block{block}_shortcut"), &shortcut);
                }
                if expansion != 1 {
                    let expand = SpaceLayer::conv(inputs, middle, 1, extent);
                    visitor(format_args!("stage{part}_block{block}_expand"), &expand);
                }
                visitor(format_args!("stage{part}_block{block}_depthwise"), &spatial);
                if SQUEEZE[stage] {
                    let squeezed = divisible(f64::from(middle) / 4.0, 8);
                    visitor(format_args!("stage{part}_block{block}_squeeze"), &SpaceLayer::linear(middle, squeezed));
                    visitor(format_args!("stage{part}_block{block}_excite"), &SpaceLayer::linear(squeezed, middle));
                }
                visitor(
                    format_args!("stage{part}_block{block}_project"),
                    &SpaceLayer::conv(middle, outputs, 1, halved),
                );
                (inputs, extent) = (outputs, halved);
            }
        }
        visitor(format_args!("head_expand"), &SpaceLayer::conv(inputs, CHANNELS_OF_HEAD, 1, extent));
        visitor(format_args!("head_mix"), &SpaceLayer::conv(CHANNELS_OF_HEAD, WIDTHS[STAGES + 1], 1, 1).extra(0));
        visitor(format_args!("classifier"), &SpaceLayer::linear(WIDTHS[STAGES + 1], CLASSES));
    }

    /// As the authors count them: with the weights of unused shortcuts in blocks that keep the number of channels.
    fn params(&self, genome: &Genome) -> u64 {
        let config = Config::of(genome);
        let mut params = 0;
        self.visit(genome, &mut |_, op| params += op.params());
        for stage in 0..STAGES {
            let idle = config.blocks(stage) - u32::from(WIDTHS[stage] != WIDTHS[stage + 1]);
            params += u64::from(idle) * u64::from(WIDTHS[stage + 1]).pow(2);
        }
        params
    }

    /// Learned from the predictions of the published predictor.
    fn surrogate(&self, genome: &Genome) -> Option<f64> {
        Some(SURROGATE.of(self.terms(genome)))
    }

    /// A term for each choice of a gene except its first, and for each pair of such choices of different genes.
    fn terms(&self, genome: &Genome) -> Vec<Term> {
        let mut terms = Vec::new();
        let mut next = 0;
        for (gene, &choices) in CHOICES.iter().enumerate() {
            let choice = usize::from(genome.0[gene]);
            let others = choices as usize - 1;
            if choice > 0 {
                terms.push((next + choice - 1, 1.0));
            }
            next += others;
            for (before, &choices) in CHOICES[..gene].iter().enumerate() {
                let (choice_before, others_before) = (usize::from(genome.0[before]), choices as usize - 1);
                if choice > 0 && choice_before > 0 {
                    terms.push((next + (choice - 1) * others_before + choice_before - 1, 1.0));
                }
                next += others * others_before;
            }
        }
        terms
    }

    /// The 31 features of the published predictor: resolution, 9 widths, and depths, kernels and expansions of the
    /// seven stages.
    fn features(&self, genome: &Genome) -> Vec<f64> {
        let config = Config::of(genome);
        let numbers = [config.resolution].into_iter().chain(WIDTHS);
        let numbers = numbers.chain(config.depths).chain(config.kernels).chain(config.expansions);
        numbers.map(f64::from).collect()
    }
}
