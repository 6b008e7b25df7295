//! Spaces of networks in stages, as MobileNet, MCUNet, OFA and ResNet have them: a first convolution, stages of blocks of
//! one kind, a head. A file tells what is free: see [`guide::spaces`](crate::guide::spaces).

mod file;
mod numbers;
mod walk;

use std::fmt;

use super::{ConfigError, Genome, Memory, Space, SpaceLayer, UnknownId, choice_of, divisible, numbers};
use crate::host::formats::diagnostic::ParseError;
use crate::host::spaces::random::PythonRandom;
use walk::Step;

/// A space of networks in stages.
#[derive(Clone, Debug)]
pub struct Staged {
    name: String,
    resolution: Choice,
    /// Percent of all channels but those of the input.
    width: Choice,
    /// What numbers of channels are multiples of.
    multiple: u32,
    input_channels: u32,
    classes: u32,
    /// Parameters of an output channel beside its weights: those of batch normalization, or a bias where it is folded.
    extra: u8,
    stem: Stem,
    stages: Vec<Stage>,
    head: Head,
    score: Option<Score>,
    population: u32,
    selected: Selected,
    columns: Vec<Column>,
    /// How many choices each gene has.
    choices: Vec<u32>,
    /// Every network, where these are no more than the population.
    all: Vec<Genome>,
}

/// A number that the file gives, or that a gene chooses.
#[derive(Clone, Debug)]
struct Choice {
    /// In the file's order; at least one.
    values: Vec<f64>,
    /// The gene, where there is more than one.
    gene: Option<usize>,
}

impl Choice {
    fn of(&self, genome: &Genome) -> f64 {
        self.values[self.gene.map_or(0, |gene| usize::from(genome.0[gene]))]
    }

    fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The place of the largest one.
    fn largest(&self) -> usize {
        (0..self.values.len()).max_by(|&a, &b| self.values[a].total_cmp(&self.values[b])).unwrap_or(0)
    }
}

/// The first convolution.
#[derive(Clone, Debug)]
struct Stem {
    channels: f64,
    kernel: u32,
    stride: u32,
}

/// Blocks of one kind, the first of which has the stride.
#[derive(Clone, Debug)]
struct Stage {
    block: Block,
    stride: u32,
    /// Channels of a block's middle for each of those between squeeze and excite.
    squeeze: Option<f64>,
    channels: Option<Choice>,
    /// One for all blocks or one for each, or none where the kind of block has none; so are the ratios.
    kernels: Vec<Choice>,
    ratios: Vec<Choice>,
    depth: Choice,
}

impl Stage {
    /// The numbers by column, in the order of the genes.
    fn columns(&self) -> [(&'static str, &[Choice]); 4] {
        [
            ("channels", self.channels.as_slice()),
            ("kernel_size", &self.kernels),
            ("expand_ratio", &self.ratios),
            ("depth", std::slice::from_ref(&self.depth)),
        ]
    }
}

/// Kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Block {
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
struct Head {
    /// Channels of a 1 x 1 convolution before the mean.
    conv: Option<f64>,
    /// Those of a fully connected layer after it.
    linear: Option<f64>,
    /// Whether a width below 100 makes them fewer.
    shrinks: bool,
}

/// 100 - a M^-b for M million MACs.
#[derive(Clone, Copy, Debug)]
struct Score {
    a: f64,
    b: f64,
}

/// The first so many of the population within these limits, in bytes.
#[derive(Clone, Copy, Debug)]
struct Selected {
    first: usize,
    sram: u64,
    flash: u64,
}

/// A field of a configuration.
#[derive(Clone, Debug)]
struct Column {
    name: &'static str,
    choices: Vec<Choice>,
}

impl Staged {
    /// The space that a file tells, in TOML. `file` is its name, for the error.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where it stands.
    pub fn read(text: &str, file: &str) -> Result<Staged, ParseError> {
        file::read(text).map_err(|fault| ParseError::locate(fault, text, file))
    }

    /// Networks for microcontrollers.
    pub fn tiny() -> Staged {
        Staged::read(include_str!("tiny.toml"), "tiny.toml").expect("the file is tested")
    }

    /// The space with this many classes.
    ///
    /// # Errors
    /// None, or more than 2^20.
    pub fn with_classes(self, classes: u32) -> Result<Staged, String> {
        match classes {
            1..=file::MAX_CLASSES => Ok(Staged { classes, ..self }),
            _ => Err(format!("{classes} classes: expected 1 to {}", file::MAX_CLASSES)),
        }
    }

    /// Fills in what follows from the rest.
    fn finished(self) -> Staged {
        let mut columns = vec![Column { name: "resolution", choices: vec![self.resolution.clone()] }];
        if self.width.gene.is_some() {
            columns.push(Column { name: "width", choices: vec![self.width.clone()] });
        }
        // A configuration tells of the stages in which anything is free.
        let is_free = |choices: &[Choice]| choices.iter().any(|choice| choice.gene.is_some());
        let free: Vec<_> = self.stages.iter().map(Stage::columns).collect();
        let free: Vec<_> = free.iter().filter(|columns| columns.iter().any(|(_, choices)| is_free(choices))).collect();
        for column in 0..free.first().map_or(0, |columns| columns.len()) {
            let choices: Vec<Choice> = free.iter().flat_map(|columns| columns[column].1).cloned().collect();
            if is_free(&choices) {
                columns.push(Column { name: free[0][column].0, choices });
            }
        }
        let mut space = Staged { columns, ..self };
        space.all = space.enumerate();
        space
    }

    /// Every network, where these are no more than the population; the last gene changes first.
    fn enumerate(&self) -> Vec<Genome> {
        let genomes = self.choices.iter().fold(1, |all: u64, &choices| all.saturating_mul(choices.into()));
        if genomes > self.population.into() {
            return Vec::new();
        }
        let genome = |mut number: u64| {
            let mut genome = Genome::default();
            for (gene, &choices) in genome.0.iter_mut().zip(&self.choices).rev() {
                *gene = (number % u64::from(choices)) as u16;
                number /= u64::from(choices);
            }
            genome
        };
        (0..genomes).map(genome).filter(|genome| self.is_plain(genome)).collect()
    }

    /// Whether the genes of blocks that the network lacks have their first choice.
    fn is_plain(&self, genome: &Genome) -> bool {
        let unused = |stage: &Stage| {
            let depth = stage.depth.of(genome) as usize;
            let of_blocks = [&stage.kernels, &stage.ratios].into_iter().filter(|choices| choices.len() > 1);
            of_blocks
                .flat_map(move |choices| &choices[depth..])
                .all(|choice| choice.gene.is_none_or(|gene| genome.0[gene] == 0))
        };
        self.stages.iter().all(unused)
    }

    /// The network with the largest choice everywhere.
    fn largest(&self) -> Genome {
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

impl Space for Staged {
    fn name(&self) -> &str {
        &self.name
    }

    fn choices(&self) -> &[u32] {
        &self.choices
    }

    fn sample(&self, seed: u32) -> Genome {
        match self.all.len() {
            0 => self.random(&mut PythonRandom::new(seed.into())),
            count => self.all[seed as usize % count],
        }
    }

    fn population(&self) -> u32 {
        if self.all.is_empty() { self.population } else { self.all.len() as u32 }
    }

    fn draw(&self, count: u32) -> Vec<Genome> {
        let count = if self.all.is_empty() { count } else { count.min(self.population()) };
        (0..count).map(|id| self.sample(id)).collect()
    }

    fn with_ids(&self, ids: &[u32]) -> Result<Vec<Genome>, UnknownId> {
        let last = self.all.len().checked_sub(1).map_or(u32::MAX, |last| last as u32);
        match ids.iter().find(|&&id| id > last) {
            Some(&id) => Err(UnknownId { space: self.name.clone(), id, last }),
            None => Ok(ids.iter().map(|&id| self.sample(id)).collect()),
        }
    }

    /// There is no study of such a space: the first that fit.
    fn selected(&self) -> Vec<u32> {
        let Selected { first, sram, flash } = self.selected;
        let fits = |id: &u32| self.memory(&self.sample(*id)).is_some_and(|has| has.sram <= sram && has.flash <= flash);
        (0..self.population()).filter(fits).take(first).collect()
    }

    fn columns(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name).collect()
    }

    fn fields(&self, genome: &Genome) -> Vec<String> {
        let text = |choice: &Choice| choice.of(genome).to_string();
        let field = |column: &Column| column.choices.iter().map(text).collect::<Vec<_>>().join(" ");
        self.columns.iter().map(field).collect()
    }

    fn parse_fields(&self, fields: &[&str]) -> Result<Genome, ConfigError> {
        let mut genome = Genome::default();
        for (place, Column { name, choices }) in self.columns.iter().enumerate() {
            let field = fields.get(place).copied().unwrap_or("").trim();
            let found = if choices.len() == 1 { vec![field] } else { numbers(name, field, choices.len())? };
            for ((choice, text), number) in choices.iter().zip(found).zip(1..) {
                let value = choice_of(name, number, text, &choice.values)?;
                if let Some(gene) = choice.gene {
                    genome.0[gene] = value;
                }
            }
        }
        Ok(genome)
    }

    fn visit(&self, genome: &Genome, visitor: &mut dyn FnMut(fmt::Arguments<'_>, &SpaceLayer)) {
        walk::walk(self, genome, &mut |step| {
            if let Step::Layer { name, op, .. } = step {
                visitor(format_args!("{name}"), &op);
            }
        });
    }

    /// The numbers of a configuration, column by column.
    fn features(&self, genome: &Genome) -> Vec<f64> {
        self.columns.iter().flat_map(|column| &column.choices).map(|choice| choice.of(genome)).collect()
    }

    fn surrogate(&self, genome: &Genome) -> Option<f64> {
        let Score { a, b } = self.score?;
        Some(100.0 - a * (self.macs(genome) as f64 / 1e6).powf(-b))
    }

    /// Input and output of whatever works are alive at once, and the input of its block where it is added at the end;
    /// nothing works in place. What a runtime keeps beside the activations comes on top.
    fn memory(&self, genome: &Genome) -> Option<Memory> {
        let mut memory = Memory { sram: 0, flash: 0 };
        walk::walk(self, genome, &mut |step| {
            if let Step::Layer { op, .. } = step {
                memory.flash += op.weights() + 4 * u64::from(op.outputs);
            }
            memory.sram = memory.sram.max(step.alive());
        });
        Some(memory)
    }

    /// Choices of blocks that a network lacks make no other network.
    fn size(&self) -> u128 {
        let count = |choice: &Choice| choice.values.len() as u128;
        let of_stage = |stage: &Stage| {
            let with_depth = |&depth: &f64| {
                let blocks = |choices: &[Choice]| if choices.len() > 1 { depth as usize } else { choices.len() };
                [&stage.kernels, &stage.ratios]
                    .into_iter()
                    .flat_map(|choices| &choices[..blocks(choices)])
                    .fold(1, |all: u128, choice| all.saturating_mul(count(choice)))
            };
            let depths = stage.depth.values.iter().map(with_depth).fold(0, u128::saturating_add);
            stage.channels.as_ref().map_or(1, count).saturating_mul(depths)
        };
        let fixed = count(&self.resolution) * count(&self.width);
        self.stages.iter().map(of_stage).fold(fixed, u128::saturating_mul)
    }
}
