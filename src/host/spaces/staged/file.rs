//! Reads and checks the file of a space.

use serde::Deserialize;
use toml::Spanned;

use super::numbers::{Given, Number, Rule, Values, decimal, whole};
use super::recipe::{Block, Choice, Head, MAX_CLASSES, Recipe, Score, Selected, Stage, Stem};
use super::walk::{Step, walk};
use crate::host::formats::diagnostic::{Fault, quoted};
use crate::host::spaces::MAX_GENES;

const MAX_BYTES: usize = 1 << 20;
const MAX_BLOCKS: usize = 256;
/// More than any network has, and few enough that sums over networks stay within their types.
const MAX_MACS: u128 = 1 << 53;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    resolution: Given,
    width: Option<Given>,
    multiple_of: Option<Number>,
    input_channels: Option<Number>,
    classes: Option<Number>,
    #[serde(default)]
    fold_batch_norm: bool,
    population: Option<Number>,
    #[serde(default)]
    per: Per,
    // Defaults for stages that do not have their own.
    block: Option<Block>,
    kernel_size: Option<Given>,
    expand_ratio: Option<Given>,
    depth: Option<Given>,
    stem: StemTable,
    stage: Spanned<Vec<Spanned<StageTable>>>,
    #[serde(default)]
    head: HeadTable,
    #[serde(default)]
    selected: SelectedTable,
    score: Option<ScoreTable>,
}

/// Whether kernels and ratios are chosen for each stage or for each block.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Per {
    #[default]
    Stage,
    Block,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StemTable {
    channels: Number,
    kernel_size: Option<Number>,
    stride: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageTable {
    block: Option<Spanned<Block>>,
    channels: Option<Given>,
    stride: Option<Number>,
    kernel_size: Option<Given>,
    expand_ratio: Option<Given>,
    depth: Option<Given>,
    squeeze_excite: Option<Number>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadTable {
    conv: Option<Number>,
    linear: Option<Number>,
    shrinks: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SelectedTable {
    first: Option<Number>,
    sram: Option<Number>,
    flash: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoreTable {
    a: Number,
    b: Number,
}

const RESOLUTION: Rule = whole("resolution", 4096);
const WIDTH: Rule = decimal("width", 1.0, 1000.0);
const CHANNELS: Rule = whole("channels", 1 << 14);
const KERNEL_SIZE: Rule = whole("kernel_size", 31);
const EXPAND_RATIO: Rule = decimal("expand_ratio", 0.01, 64.0);
const DEPTH: Rule = whole("depth", 64);
const STRIDE: Rule = whole("stride", 16);

/// Gives a gene to each free number.
#[derive(Default)]
struct Genes {
    choices: Vec<u32>,
}

impl Genes {
    fn choice(&mut self, given: &Values) -> Result<Choice, Fault> {
        let Values { values, span } = given.clone();
        if values.len() == 1 {
            return Ok(Choice { values, gene: None });
        }
        if self.choices.len() == MAX_GENES {
            let what = format!("a network has at most {MAX_GENES} free numbers, and this is one more");
            let help = "choose kernels and ratios once for each stage (per = \"stage\"), or leave fewer of them free";
            return Err(Fault::new(span, what).help(help));
        }
        self.choices.push(values.len() as u32);
        Ok(Choice { values, gene: Some(self.choices.len() - 1) })
    }

    fn choices(&mut self, given: &[Values]) -> Result<Vec<Choice>, Fault> {
        given.iter().map(|given| self.choice(given)).collect()
    }
}

/// A stage before its genes are known.
struct Draft {
    block: Block,
    stride: u32,
    squeeze: Option<f64>,
    channels: Option<Values>,
    /// One for each choice that there will be.
    kernels: Vec<Values>,
    ratios: Vec<Values>,
    depth: Values,
}

impl Draft {
    /// Reads the stage that a table describes, and adds its maximum number of blocks to `blocks`.
    fn new(file: &File, table: &Spanned<StageTable>, blocks: &mut usize) -> Result<Draft, Fault> {
        let (span, table) = (table.span(), table.get_ref());
        let block = table.block.as_ref().map(|block| *block.get_ref()).or(file.block).unwrap_or(Block::Inverted);
        let (is_pool, is_inverted) = (block == Block::Pool, block == Block::Inverted);
        let has_ratio = is_inverted || block == Block::Bottleneck;
        for (key, given, suits) in [
            ("channels", table.channels.as_ref().map(Spanned::span), !is_pool),
            ("kernel_size", table.kernel_size.as_ref().map(Spanned::span), !is_pool),
            ("depth", table.depth.as_ref().map(Spanned::span), !is_pool),
            ("expand_ratio", table.expand_ratio.as_ref().map(Spanned::span), has_ratio),
            ("squeeze_excite", table.squeeze_excite.as_ref().map(Spanned::span), is_inverted),
        ] {
            if let (Some(at), false) = (given, suits) {
                let block = format!("{block:?}").to_lowercase();
                return Err(
                    Fault::new(at, format!("blocks of the kind `{block}` have no `{key}`")).help("leave it out")
                );
            }
        }
        let missing = |key: &str| Fault::new(span.clone(), format!("the stage has no `{key}`"));
        let depth = match table.depth.as_ref().or(file.depth.as_ref()).filter(|_| !is_pool) {
            Some(depth) => DEPTH.several(depth)?,
            None => Values::fixed(1.0),
        };
        let most = depth.most() as usize;
        *blocks += most;
        if *blocks > MAX_BLOCKS {
            let what = format!("with this stage a network may have {blocks} blocks: expected at most {MAX_BLOCKS}");
            return Err(Fault::new(span, what).help("lower the depths"));
        }
        let times = |values: Values| match file.per {
            Per::Stage => vec![values],
            Per::Block => vec![values; most],
        };
        let kernels = match table.kernel_size.as_ref().or(file.kernel_size.as_ref()) {
            _ if is_pool => Vec::new(),
            Some(kernels) => times(KERNEL_SIZE.several(kernels)?),
            None => vec![Values::fixed(3.0)],
        };
        let ratios = match table.expand_ratio.as_ref().or(file.expand_ratio.as_ref()) {
            _ if !has_ratio => Vec::new(),
            Some(ratios) => times(EXPAND_RATIO.several(ratios)?),
            None => return Err(missing("expand_ratio").help("give it here, or above for all stages")),
        };
        let channels = match &table.channels {
            Some(channels) => Some(CHANNELS.several(channels)?),
            None if is_pool => None,
            None => return Err(missing("channels").help("give those of its output")),
        };
        let squeeze = decimal("squeeze_excite", 1.0, 64.0);
        Ok(Draft {
            block,
            stride: STRIDE.one_or(table.stride.as_ref(), 1)?,
            squeeze: table.squeeze_excite.as_ref().map(|given| squeeze.one(given)).transpose()?,
            channels,
            kernels,
            ratios,
            depth,
        })
    }
}

/// The space that the text of a file describes.
pub(super) fn read(text: &str) -> Result<Recipe, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault::new(0..0, format!("a file of a space has at most {MAX_BYTES} bytes, not {}", text.len())));
    }
    let file: File = toml::from_str(text).map_err(|error| {
        // After the first line, an error message of the TOML parser says what it expected.
        let (message, rest) = error.message().split_once('\n').unwrap_or((error.message(), ""));
        let help =
            if rest.is_empty() { "see src/guide/spaces.md for what a file of a space may contain" } else { rest };
        Fault::new(error.span().unwrap_or(0..0), message).help(help)
    })?;
    check_name(&file.name)?;
    let tables = file.stage.get_ref();
    if tables.is_empty() {
        return Err(Fault::new(file.stage.span(), "there is no stage").help("give one: { channels = 16 }"));
    }
    let mut blocks = 0;
    let drafts = tables.iter().map(|table| Draft::new(&file, table, &mut blocks)).collect::<Result<Vec<_>, _>>()?;
    let resolution = RESOLUTION.several(&file.resolution)?;
    let width = file.width.as_ref().map_or(Ok(Values::fixed(100.0)), |width| WIDTH.several(width))?;
    let mut genes = Genes::default();
    let (resolution, width) = (genes.choice(&resolution)?, genes.choice(&width)?);
    let mut columns = |column: fn(&Draft) -> &[Values]| {
        drafts.iter().map(|draft| genes.choices(column(draft))).collect::<Result<Vec<_>, _>>()
    };
    let channels = columns(|draft| draft.channels.as_slice())?;
    let kernels = columns(|draft| &draft.kernels)?;
    let ratios = columns(|draft| &draft.ratios)?;
    let depths = columns(|draft| std::slice::from_ref(&draft.depth))?;
    let mut stages = Vec::with_capacity(drafts.len());
    for ((((draft, channels), kernels), ratios), depth) in
        drafts.iter().zip(channels).zip(kernels).zip(ratios).zip(depths)
    {
        let Draft { block, stride, squeeze, .. } = *draft;
        let (channels, depth) = (channels.into_iter().next(), depth.into_iter().next());
        let depth = depth.unwrap_or(Choice { values: vec![1.0], gene: None });
        stages.push(Stage { block, stride, squeeze, channels, kernels, ratios, depth });
    }
    let space = Recipe {
        name: file.name.get_ref().clone(),
        resolution,
        width,
        multiple: whole("multiple_of", 1024).one_or(file.multiple_of.as_ref(), 8)?,
        input_channels: whole("input_channels", 1024).one_or(file.input_channels.as_ref(), 3)?,
        classes: whole("classes", MAX_CLASSES).one_or(file.classes.as_ref(), 1000)?,
        extra: if file.fold_batch_norm { 1 } else { 2 },
        stem: Stem {
            channels: CHANNELS.one(&file.stem.channels)?,
            kernel: KERNEL_SIZE.one_or(file.stem.kernel_size.as_ref(), 3)?,
            stride: STRIDE.one_or(file.stem.stride.as_ref(), 1)?,
        },
        stages,
        head: file.head.read()?,
        score: file.score.as_ref().map(ScoreTable::read).transpose()?,
        population: whole("population", 100_000).one_or(file.population.as_ref(), 10_000)?,
        selected: file.selected.read()?,
        choices: genes.choices,
    };
    check_strides(&space, &file)?;
    check_sizes(&space, &file)?;
    Ok(space)
}

/// Checks the name of the space, which becomes a part of file and directory names.
fn check_name(name: &Spanned<String>) -> Result<(), Fault> {
    let text = name.get_ref();
    let suits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(suits) && !text.starts_with('.') {
        return Ok(());
    }
    let what = format!("the space cannot have the name {}", quoted(text));
    let help = "a name has 1 to 64 letters, digits, '_', '-' and '.', and does not begin with '.'";
    Err(Fault::new(name.span(), what).help(help))
}

impl HeadTable {
    fn read(&self) -> Result<Head, Fault> {
        let channels =
            |given: &Option<Number>, key| given.as_ref().map(|given| Rule { key, ..CHANNELS }.one(given)).transpose();
        Ok(Head {
            conv: channels(&self.conv, "conv")?,
            linear: channels(&self.linear, "linear")?,
            shrinks: self.shrinks.unwrap_or(true),
        })
    }
}

impl SelectedTable {
    fn read(&self) -> Result<Selected, Fault> {
        let bytes = |given: &Option<Number>, key| {
            let rule = Rule { key, least: 1.0, most: MAX_MACS as f64, whole: true };
            given.as_ref().map_or(Ok(u64::MAX), |given| Ok(rule.one(given)? as u64))
        };
        Ok(Selected {
            first: whole("first", 100_000).one_or(self.first.as_ref(), 1000)? as usize,
            sram: bytes(&self.sram, "sram")?,
            flash: bytes(&self.flash, "flash")?,
        })
    }
}

impl ScoreTable {
    fn read(&self) -> Result<Score, Fault> {
        Ok(Score { a: decimal("a", 0.0, 1e6).one(&self.a)?, b: decimal("b", 0.0, 10.0).one(&self.b)? })
    }
}

/// Checks that no stride exceeds its input at the smallest resolution.
fn check_strides(space: &Recipe, file: &File) -> Result<(), Fault> {
    let smallest = space.resolution.least() as u32;
    let stages = file.stage.get_ref().iter().map(|table| table.get_ref().stride.as_ref());
    let given = [file.stem.stride.as_ref()].into_iter().chain(stages);
    let strides = [space.stem.stride].into_iter().chain(space.stages.iter().map(|stage| stage.stride));
    let mut extent = smallest;
    for (stride, given) in strides.zip(given) {
        if stride > extent {
            let span = given.map_or(0..0, Spanned::span);
            let what = format!(
                "a stride of {stride} leaves nothing: at resolution {smallest} its input is {extent} x {extent}"
            );
            return Err(Fault::new(span, what).help("take a larger resolution, or a smaller stride here or before"));
        }
        extent = extent.div_ceil(stride);
    }
    Ok(())
}

/// Checks that the largest network can be costed.
fn check_sizes(space: &Recipe, file: &File) -> Result<(), Fault> {
    let tables = file.stage.get_ref();
    let (mut macs, mut fault) = (0, None);
    walk(space, &space.largest(), &mut |step| {
        let Step::Layer { name, op, .. } = step else { return };
        macs += u128::from(op.weights()) * u128::from(op.output_extent()).pow(2);
        if macs > MAX_MACS && fault.is_none() {
            let span = name.place.map_or(file.resolution.span(), |(stage, _)| tables[stage].span());
            let what = format!("the largest network has more than {MAX_MACS} MACs up to its layer {name}");
            fault = Some(Fault::new(span, what).help("lower resolutions, channels, widths or ratios"));
        }
    });
    fault.map_or(Ok(()), Err)
}
