//! Spaces of networks in stages, such as MobileNet, MCUNet, OFA and ResNet: a first convolution, stages with blocks
//! of one kind, and a head. A file determines what is free: see [`guide::spaces`](crate::guide::spaces).
//!
//! ```text
//! file ─> recipe ─> walk (layers of a network) ─> the space
//! ```

mod file;
mod numbers;
mod recipe;
mod walk;

use std::fmt;

use super::configuration::{ConfigError, choice_of, numbers};
use super::random::PythonRandom;
use super::space::{Genome, Memory, Space, UnknownId};
use super::space_layer::SpaceLayer;
use crate::host::formats::diagnostic::ParseError;
use recipe::{Choice, MAX_CLASSES, Recipe, Score, Selected, Stage};
use walk::{Step, walk};

/// A space of networks in stages.
#[derive(Clone, Debug)]
pub struct Staged {
    recipe: Recipe,
    columns: Vec<Column>,
    /// Every network, if there are no more than the population.
    all: Vec<Genome>,
}

/// A field of a configuration.
#[derive(Clone, Debug)]
struct Column {
    name: &'static str,
    choices: Vec<Choice>,
}

impl Staged {
    /// Reads the space that a file describes, in TOML. `file` is its name, for errors.
    ///
    /// # Errors
    /// The first error, and where it is.
    pub fn read(text: &str, file: &str) -> Result<Staged, ParseError> {
        let recipe = file::read(text);
        recipe.map(Staged::new).map_err(|fault| ParseError::locate(fault, text, file))
    }

    /// The built-in space of networks for microcontrollers.
    pub fn tiny() -> Staged {
        Staged::read(include_str!("tiny.toml"), "tiny.toml").expect("the file is tested")
    }

    /// The space with this many classes.
    ///
    /// # Errors
    /// A number of classes that is 0 or above 2^20.
    pub fn with_classes(self, classes: u32) -> Result<Staged, String> {
        match classes {
            1..=MAX_CLASSES => Ok(Staged { recipe: Recipe { classes, ..self.recipe }, ..self }),
            _ => Err(format!("{classes} classes: expected 1 to {MAX_CLASSES}")),
        }
    }

    fn new(recipe: Recipe) -> Staged {
        let mut columns = vec![Column { name: "resolution", choices: vec![recipe.resolution.clone()] }];
        if recipe.width.gene.is_some() {
            columns.push(Column { name: "width", choices: vec![recipe.width.clone()] });
        }
        // A configuration has the numbers of all stages in which anything is free.
        let is_free = |choices: &[Choice]| choices.iter().any(|choice| choice.gene.is_some());
        let free: Vec<_> = recipe.stages.iter().map(Stage::columns).collect();
        let free: Vec<_> = free.iter().filter(|columns| columns.iter().any(|(_, choices)| is_free(choices))).collect();
        for column in 0..free.first().map_or(0, |columns| columns.len()) {
            let choices: Vec<Choice> = free.iter().flat_map(|columns| columns[column].1).cloned().collect();
            if is_free(&choices) {
                columns.push(Column { name: free[0][column].0, choices });
            }
        }
        let mut space = Staged { recipe, columns, all: Vec::new() };
        space.all = space.enumerate();
        space
    }

    /// Every network, if there are no more than the population. The last gene changes first.
    fn enumerate(&self) -> Vec<Genome> {
        let genomes = self.recipe.choices.iter().fold(1, |all: u64, &choices| all.saturating_mul(choices.into()));
        if genomes > self.recipe.population.into() {
            return Vec::new();
        }
        let genome = |mut number: u64| {
            let mut genome = Genome::default();
            for (gene, &choices) in genome.0.iter_mut().zip(&self.recipe.choices).rev() {
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
        self.recipe.stages.iter().all(unused)
    }
}

impl Space for Staged {
    fn name(&self) -> &str {
        &self.recipe.name
    }

    fn choices(&self) -> &[u32] {
        &self.recipe.choices
    }

    fn sample(&self, seed: u32) -> Genome {
        match self.all.len() {
            0 => self.random(&mut PythonRandom::new(seed.into())),
            count => self.all[seed as usize % count],
        }
    }

    fn population(&self) -> u32 {
        if self.all.is_empty() { self.recipe.population } else { self.all.len() as u32 }
    }

    fn draw(&self, count: u32) -> Vec<Genome> {
        let count = if self.all.is_empty() { count } else { count.min(self.population()) };
        (0..count).map(|id| self.sample(id)).collect()
    }

    fn with_ids(&self, ids: &[u32]) -> Result<Vec<Genome>, UnknownId> {
        let last = self.all.len().checked_sub(1).map_or(u32::MAX, |last| last as u32);
        match ids.iter().find(|&&id| id > last) {
            Some(&id) => Err(UnknownId { space: self.recipe.name.clone(), id, last }),
            None => Ok(ids.iter().map(|&id| self.sample(id)).collect()),
        }
    }

    /// The first networks that fit, because there is no study of such a space.
    fn selected(&self) -> Vec<u32> {
        let Selected { first, sram, flash } = self.recipe.selected;
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
        walk(&self.recipe, genome, &mut |step| {
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
        let Score { a, b } = self.recipe.score?;
        Some(100.0 - a * (self.macs(genome) as f64 / 1e6).powf(-b))
    }

    /// The input and output of a step are alive at the same time, and so is the input of its block if it is added at
    /// the end. No step works in place. What a runtime needs besides activations is not included.
    fn memory(&self, genome: &Genome) -> Option<Memory> {
        let mut memory = Memory { sram: 0, flash: 0 };
        walk(&self.recipe, genome, &mut |step| {
            if let Step::Layer { op, .. } = step {
                memory.flash += op.weights() + 4 * u64::from(op.outputs);
            }
            memory.sram = memory.sram.max(step.alive());
        });
        Some(memory)
    }

    /// Different choices for blocks that a network lacks do not make different networks.
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
        let fixed = count(&self.recipe.resolution) * count(&self.recipe.width);
        self.recipe.stages.iter().map(of_stage).fold(fixed, u128::saturating_mul)
    }
}
