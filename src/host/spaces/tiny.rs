//! A space for microcontrollers: MobileNetV2-like networks as MCUNet searches them, from 48 x 48 pixels and a fifth of
//! the width up, so that the small ones fit 320 KB of SRAM and 1 MB of flash with weights and activations of 8 bits.
//!
//! A 3 x 3 convolution with stride 2, a separable block, six stages of inverted bottlenecks, and a classifier on the mean
//! of what the last stage yields. Free are the resolution, the width of all, and of each stage kernel, expansion and
//! depth; the last stage has one block.

use std::fmt;

use super::{ConfigError, Genome, Memory, Op, Space, choice_of, divisible_by_8, numbers};

const STAGES: usize = 6;
/// Stages whose depth is free.
const DEEP: usize = STAGES - 1;
/// 48, 64, ... 224 rows and columns of the input.
const RESOLUTIONS: [u32; 12] = [48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224];
/// Percent of the full width.
const WIDTHS: [u32; 9] = [20, 30, 40, 50, 60, 70, 80, 90, 100];
const KERNELS: [u32; 3] = [3, 5, 7];
const EXPANSIONS: [u32; 3] = [3, 4, 6];
const DEPTHS: [u32; 3] = [2, 3, 4];
/// At full width: the first convolution, the separable block, the stages.
const STEM: u32 = 32;
const SEPARABLE: u32 = 16;
const CHANNELS: [u32; STAGES] = [24, 40, 80, 96, 192, 320];
const STRIDES: [u32; STAGES] = [2, 2, 2, 1, 2, 1];

/// What a network of the selection may take, in bytes: 320 KB and 1 MB, as microcontrollers have it.
const SRAM: u64 = 320 << 10;
const FLASH: u64 = 1 << 20;

const COLUMNS: [&str; 5] = ["resolution", "width", "kernel_size", "expand_ratio", "depth"];
const KERNEL_GENES: usize = 2;
const EXPANSION_GENES: usize = KERNEL_GENES + STAGES;
const DEPTH_GENES: usize = EXPANSION_GENES + STAGES;
const CHOICES: [u32; DEPTH_GENES + DEEP] = {
    let mut choices = [3; DEPTH_GENES + DEEP];
    choices[0] = RESOLUTIONS.len() as u32;
    choices[1] = WIDTHS.len() as u32;
    choices
};

/// The space.
#[derive(Clone, Copy, Debug)]
pub struct Tiny {
    classes: u32,
}

impl Default for Tiny {
    /// With the 1,000 classes of ImageNet.
    fn default() -> Tiny {
        Tiny { classes: 1000 }
    }
}

struct Config {
    resolution: u32,
    /// Percent.
    width: u32,
    kernels: [u32; STAGES],
    expansions: [u32; STAGES],
    depths: [u32; STAGES],
}

impl Config {
    fn of(genome: &Genome) -> Config {
        let gene = |place: usize| usize::from(genome.0[place]);
        Config {
            resolution: RESOLUTIONS[gene(0)],
            width: WIDTHS[gene(1)],
            kernels: std::array::from_fn(|stage| KERNELS[gene(KERNEL_GENES + stage)]),
            expansions: std::array::from_fn(|stage| EXPANSIONS[gene(EXPANSION_GENES + stage)]),
            depths: std::array::from_fn(|stage| if stage < DEEP { DEPTHS[gene(DEPTH_GENES + stage)] } else { 1 }),
        }
    }

    /// Channels that are `full` at full width.
    fn channels(&self, full: u32) -> u32 {
        divisible_by_8(f64::from(full * self.width) / 100.0)
    }

    /// Every block, the separable one being the first of stage 0.
    fn for_each_block(&self, mut each: impl FnMut(usize, u32, Block)) {
        let mut inputs = self.channels(STEM);
        let mut extent = self.resolution / 2;
        let mut add = |stage, number, outputs, expansion, kernel, stride| {
            let block = Block { inputs, middle: inputs * expansion, outputs, extent, kernel, stride };
            each(stage, number, block);
            (inputs, extent) = (outputs, block.spatial().output_extent());
        };
        add(0, 1, self.channels(SEPARABLE), 1, 3, 1);
        for stage in 0..STAGES {
            for number in 1..=self.depths[stage] {
                let stride = if number == 1 { STRIDES[stage] } else { 1 };
                let outputs = self.channels(CHANNELS[stage]);
                add(stage + 1, number, outputs, self.expansions[stage], self.kernels[stage], stride);
            }
        }
    }
}

/// An inverted bottleneck.
#[derive(Clone, Copy)]
struct Block {
    inputs: u32,
    middle: u32,
    outputs: u32,
    extent: u32,
    kernel: u32,
    stride: u32,
}

impl Block {
    /// Batch normalization is folded into weights and biases.
    fn expand(&self) -> Option<Op> {
        (self.middle != self.inputs).then(|| Op::conv(self.inputs, self.middle, 1, self.extent).extra(1).padded())
    }

    fn spatial(&self) -> Op {
        Op::depthwise(self.middle, self.kernel, self.extent).stride(self.stride).extra(1).padded()
    }

    fn project(&self) -> Op {
        Op::conv(self.middle, self.outputs, 1, self.spatial().output_extent()).extra(1).padded()
    }

    /// Whether its input is added to its output.
    fn residual(&self) -> bool {
        self.stride == 1 && self.inputs == self.outputs
    }
}

impl Tiny {
    /// The space for this many classes.
    ///
    /// # Errors
    /// None, or more than 2^20.
    pub fn new(classes: u32) -> Result<Tiny, String> {
        match classes {
            1..=0x10_0000 => Ok(Tiny { classes }),
            _ => Err(format!("{classes} classes: expected 1 to {}", 1 << 20)),
        }
    }

    fn stem(config: &Config) -> Op {
        Op::conv(3, config.channels(STEM), 3, config.resolution).stride(2).extra(1).padded()
    }
}

impl Space for Tiny {
    fn name(&self) -> &str {
        "tiny"
    }

    fn choices(&self) -> &[u32] {
        &CHOICES
    }

    /// There is no study of this space: the first 1,000 that fit 320 KB of SRAM and 1 MB of flash.
    fn selected(&self) -> Vec<u32> {
        let fits = |seed: &u32| {
            self.memory(&self.sample(*seed)).is_some_and(|memory| memory.sram <= SRAM && memory.flash <= FLASH)
        };
        (0..self.population()).filter(fits).take(1000).collect()
    }

    fn columns(&self) -> Vec<&str> {
        COLUMNS.to_vec()
    }

    fn fields(&self, genome: &Genome) -> Vec<String> {
        let Config { resolution, width, kernels, expansions, depths } = Config::of(genome);
        let text = |values: [u32; STAGES]| values.map(|value| value.to_string()).join(" ");
        vec![resolution.to_string(), width.to_string(), text(kernels), text(expansions), text(depths)]
    }

    fn parse_fields(&self, fields: &[&str]) -> Result<Genome, ConfigError> {
        let field = |place: usize| fields.get(place).copied().unwrap_or("").trim();
        let mut genome = Genome::default();
        genome.0[0] = choice_of(COLUMNS[0], 1, field(0), &RESOLUTIONS)?;
        genome.0[1] = choice_of(COLUMNS[1], 1, field(1), &WIDTHS)?;
        for (place, first, legal) in
            [(2, KERNEL_GENES, KERNELS), (3, EXPANSION_GENES, EXPANSIONS), (4, DEPTH_GENES, DEPTHS)]
        {
            for (stage, number) in numbers(COLUMNS[place], field(place), STAGES)?.into_iter().enumerate() {
                if first == DEPTH_GENES && stage == DEEP {
                    choice_of(COLUMNS[place], stage + 1, number, &[1])?;
                } else {
                    genome.0[first + stage] = choice_of(COLUMNS[place], stage + 1, number, &legal)?;
                }
            }
        }
        Ok(genome)
    }

    fn visit(&self, genome: &Genome, visitor: &mut dyn FnMut(fmt::Arguments<'_>, &Op)) {
        let config = Config::of(genome);
        visitor(format_args!("stem"), &Tiny::stem(&config));
        config.for_each_block(|stage, number, block| {
            if let Some(expand) = block.expand() {
                visitor(format_args!("stage{stage}_block{number}_expand"), &expand);
            }
            visitor(format_args!("stage{stage}_block{number}_depthwise"), &block.spatial());
            visitor(format_args!("stage{stage}_block{number}_project"), &block.project());
        });
        visitor(format_args!("classifier"), &Op::linear(config.channels(CHANNELS[STAGES - 1]), self.classes));
    }

    /// Of the MACs alone: 100 - 86.43 M^-0.1983 for M million MACs, which is the ImageNet accuracy of the 22 published
    /// MobileNetV2 models (width 0.35 to 1.4, resolution 96 to 224) with an error of 0.7 percent points (root of the mean
    /// square). MCUNet takes MACs for the capacity of a network as well where it compares spaces that fit a device. It
    /// does not tell apart what networks do with their MACs: bring measured accuracies for that.
    fn surrogate(&self, genome: &Genome) -> f64 {
        100.0 - 86.43 * (self.macs(genome) as f64 / 1e6).powf(-0.1983)
    }

    /// Resolution, width in percent, then of the six stages kernels, expansions and depths.
    fn features(&self, genome: &Genome) -> Vec<f64> {
        let config = Config::of(genome);
        let numbers = [config.resolution, config.width].into_iter();
        numbers.chain(config.kernels).chain(config.expansions).chain(config.depths).map(f64::from).collect()
    }

    /// A layer's input and output are alive at once, and the input of its block where it is added at the end; no layer
    /// works in place. What a runtime keeps beside the activations comes on top.
    fn memory(&self, genome: &Genome) -> Option<Memory> {
        let config = Config::of(genome);
        let bytes = |channels: u32, extent: u32| u64::from(channels) * u64::from(extent).pow(2);
        let alive = |op: &Op| bytes(op.inputs, op.extent) + bytes(op.outputs, op.output_extent());
        let mut sram = alive(&Tiny::stem(&config));
        config.for_each_block(|_, _, block| {
            let kept = if block.residual() { bytes(block.inputs, block.extent) } else { 0 };
            // The input of the first layer is the block's own.
            sram = sram.max(block.expand().as_ref().map_or(0, alive));
            let kept_in_depthwise = if block.expand().is_some() { kept } else { 0 };
            sram = sram.max(alive(&block.spatial()) + kept_in_depthwise);
            sram = sram.max(alive(&block.project()) + kept);
        });
        let mut flash = 0;
        self.visit(genome, &mut |_, op| flash += op.weights() + 4 * u64::from(op.outputs));
        Some(Memory { sram, flash })
    }
}
