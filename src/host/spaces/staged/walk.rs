//! Walks through the layers of a network in stages, with the activations that are alive at each.

use std::fmt;

use super::recipe::{Block, Choice, Recipe, Stage};
use crate::host::spaces::space::Genome;
use crate::host::spaces::space_layer::{SpaceLayer, divisible};

/// A step of an inference.
pub(super) enum Step {
    /// A layer. `kept` is the bytes of other activations that are alive in addition to its input and output.
    Layer { name: Name, op: SpaceLayer, kept: u64 },
    /// A step that is not a layer because it has no weights, such as a pooling or an addition: the bytes of
    /// activations that are alive.
    Other(u64),
}

impl Step {
    /// The bytes of activations that are alive at the same time.
    pub fn alive(&self) -> u64 {
        match self {
            Step::Layer { op, kept, .. } => bytes(op.inputs, op.extent) + bytes(op.outputs, op.output_extent()) + kept,
            Step::Other(alive) => *alive,
        }
    }
}

/// The name of a layer.
#[derive(Clone, Copy)]
pub(super) struct Name {
    /// The stage, from 0, and its block, from 1; `None` for the stem and the head.
    pub place: Option<(usize, usize)>,
    part: &'static str,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((stage, block)) = self.place {
            write!(f, "stage{stage}_block{block}_")?;
        }
        f.write_str(self.part)
    }
}

fn bytes(channels: u32, extent: u32) -> u64 {
    u64::from(channels) * u64::from(extent).pow(2)
}

/// Calls `each` with all steps of an inference, in execution order.
pub(super) fn walk(space: &Recipe, genome: &Genome, each: &mut dyn FnMut(Step)) {
    let width = space.width.of(genome);
    let channels = |full: f64, width: f64| divisible(full * width / 100.0, space.multiple);
    let mut walk = Walk { multiple: space.multiple, extra: space.extra, place: None, each };
    let stem = SpaceLayer::conv(
        space.input_channels,
        channels(space.stem.channels, width),
        space.stem.kernel,
        space.resolution.of(genome) as u32,
    );
    let stem = stem.stride(space.stem.stride);
    walk.layer("stem", stem, 0);
    let (mut inputs, mut extent) = (stem.outputs, stem.output_extent());
    for (number, stage) in space.stages.iter().enumerate() {
        let outputs = stage.channels.as_ref().map(|full| channels(full.of(genome), width));
        for block in 0..stage.depth.of(genome) as usize {
            walk.place = Some((number, block + 1));
            let shape = Shape::of(stage, genome, block, inputs, outputs.unwrap_or(inputs), extent);
            walk.block(stage, &shape);
            (inputs, extent) = (shape.outputs, shape.halved());
        }
    }
    walk.place = None;
    let width = if space.head.shrinks { width } else { width.max(100.0) };
    if let Some(full) = space.head.conv {
        let conv = SpaceLayer::conv(inputs, channels(full, width), 1, extent);
        walk.layer("head_conv", conv, 0);
        inputs = conv.outputs;
    }
    walk.other(bytes(inputs, extent) + u64::from(inputs));
    if let Some(full) = space.head.linear {
        let outputs = channels(full, width);
        walk.linear("head_linear", inputs, outputs, 0);
        inputs = outputs;
    }
    walk.linear("classifier", inputs, space.classes, 0);
}

/// The sizes of a block.
struct Shape {
    inputs: u32,
    outputs: u32,
    extent: u32,
    kernel: u32,
    /// 1 if this kind of block has none.
    ratio: f64,
    stride: u32,
}

impl Shape {
    fn of(stage: &Stage, genome: &Genome, block: usize, inputs: u32, outputs: u32, extent: u32) -> Shape {
        let one = |choices: &[Choice]| {
            choices.get(block.min(choices.len().saturating_sub(1))).map_or(1.0, |choice| choice.of(genome))
        };
        let (kernel, ratio) = (one(&stage.kernels) as u32, one(&stage.ratios));
        Shape { inputs, outputs, extent, kernel, ratio, stride: if block == 0 { stage.stride } else { 1 } }
    }

    /// Rows and columns of the output.
    fn halved(&self) -> u32 {
        self.extent.div_ceil(self.stride)
    }

    /// Whether the input has the shape of the output, so that they can be added.
    fn is_even(&self) -> bool {
        self.stride == 1 && self.inputs == self.outputs
    }

    fn input_bytes(&self) -> u64 {
        bytes(self.inputs, self.extent)
    }

    fn output_bytes(&self) -> u64 {
        bytes(self.outputs, self.halved())
    }
}

struct Walk<'a> {
    multiple: u32,
    extra: u8,
    place: Option<(usize, usize)>,
    each: &'a mut dyn FnMut(Step),
}

impl Walk<'_> {
    fn step(&mut self, part: &'static str, op: SpaceLayer, kept: u64) {
        (self.each)(Step::Layer { name: Name { place: self.place, part }, op, kept });
    }

    /// A convolution, with its padding and batch normalization.
    fn layer(&mut self, part: &'static str, op: SpaceLayer, kept: u64) {
        self.step(part, op.extra(self.extra).padded(), kept);
    }

    fn linear(&mut self, part: &'static str, inputs: u32, outputs: u32, kept: u64) {
        self.step(part, SpaceLayer::linear(inputs, outputs), kept);
    }

    fn other(&mut self, alive: u64) {
        (self.each)(Step::Other(alive));
    }

    fn block(&mut self, stage: &Stage, shape: &Shape) {
        let &Shape { inputs, outputs, extent, kernel, ratio, stride } = shape;
        match stage.block {
            Block::Inverted => self.inverted(shape, stage.squeeze),
            Block::Conv => self.layer("conv", SpaceLayer::conv(inputs, outputs, kernel, extent).stride(stride), 0),
            Block::Basic => {
                self.layer("conv1", SpaceLayer::conv(inputs, outputs, kernel, extent).stride(stride), 0);
                self.layer("conv2", SpaceLayer::conv(outputs, outputs, kernel, shape.halved()), shape.input_bytes());
                self.shortcut(shape);
            }
            Block::Bottleneck => {
                let middle = divisible(f64::from(outputs) * ratio, self.multiple);
                self.layer("reduce", SpaceLayer::conv(inputs, middle, 1, extent), 0);
                self.layer(
                    "conv",
                    SpaceLayer::conv(middle, middle, kernel, extent).stride(stride),
                    shape.input_bytes(),
                );
                self.layer("expand", SpaceLayer::conv(middle, outputs, 1, shape.halved()), shape.input_bytes());
                self.shortcut(shape);
            }
            Block::Pool => self.other(shape.input_bytes() + shape.output_bytes()),
        }
    }

    fn inverted(&mut self, shape: &Shape, squeeze: Option<f64>) {
        let &Shape { inputs, outputs, extent, kernel, ratio, stride } = shape;
        let middle = divisible(f64::from(inputs) * ratio, self.multiple);
        let kept = if shape.is_even() { shape.input_bytes() } else { 0 };
        // The block's input is also the input of its first layer, so it does not count twice.
        let mut beside = 0;
        if middle != inputs {
            self.layer("expand", SpaceLayer::conv(inputs, middle, 1, extent), beside);
            beside = kept;
        }
        self.layer("depthwise", SpaceLayer::depthwise(middle, kernel, extent).stride(stride), beside);
        let halved = shape.halved();
        if let Some(squeeze) = squeeze {
            let squeezed = divisible(f64::from(middle) / squeeze, self.multiple);
            let scaled = bytes(middle, halved);
            self.linear("squeeze", middle, squeezed, scaled + kept);
            self.linear("excite", squeezed, middle, scaled + kept);
            self.other(2 * scaled + u64::from(middle) + kept);
        }
        self.layer("project", SpaceLayer::conv(middle, outputs, 1, halved), kept);
        if shape.is_even() {
            self.other(3 * shape.output_bytes());
        }
    }

    /// Adds the input to the output; if the shapes differ, a convolution of the input.
    fn shortcut(&mut self, shape: &Shape) {
        if !shape.is_even() {
            let shortcut = SpaceLayer::conv(shape.inputs, shape.outputs, 1, shape.extent).stride(shape.stride);
            self.layer("shortcut", shortcut, shape.output_bytes());
        }
        self.other(3 * shape.output_bytes());
    }
}
