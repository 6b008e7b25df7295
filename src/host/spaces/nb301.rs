//! NAS-Bench-301: the DARTS space of CIFAR-10 cells, drawn and laid out as in the study.
//!
//! A network stacks cells of two types, normal and reduction. A cell has four nodes. Each node adds up two operations
//! on outputs of earlier nodes or of the two cells before.

use std::fmt;

use super::accuracy::{Linear, Term};
use super::configuration::ConfigError;
use super::random::RandomState;
use super::space::{Genome, Space, listed};
use super::space_layer::SpaceLayer;

/// Operations of an edge, in the study's order.
const OPS: [Edge; 7] = [
    Edge { name: "max_pool_3x3", work: Work::Pool },
    Edge { name: "avg_pool_3x3", work: Work::Pool },
    Edge { name: "skip_connect", work: Work::Skip },
    Edge { name: "sep_conv_3x3", work: Work::Separable(3) },
    Edge { name: "sep_conv_5x5", work: Work::Separable(5) },
    Edge { name: "dil_conv_3x3", work: Work::Dilated(3) },
    Edge { name: "dil_conv_5x5", work: Work::Dilated(5) },
];

struct Edge {
    name: &'static str,
    work: Work,
}

#[derive(Clone, Copy)]
enum Work {
    Pool,
    Skip,
    Separable(u32),
    Dilated(u32),
}

const NODES: usize = 4;
const EDGES: usize = 2 * NODES;
const CELLS: [&str; 2] = ["normal", "reduce"];
/// The genes of a node: the pair of its inputs, and the two operations on them.
const GENES_OF_NODE: usize = 3;
const GENES_OF_CELL: usize = GENES_OF_NODE * NODES;

/// The choices: ordered pairs of different inputs for each node, then operations.
const CHOICES: [u32; 2 * GENES_OF_CELL] = {
    let mut choices = [OPS.len() as u32; 2 * GENES_OF_CELL];
    let mut node = 0;
    while node < 2 * NODES {
        let inputs = (node % NODES + 2) as u32;
        choices[node * GENES_OF_NODE] = inputs * (inputs - 1);
        node += 1;
    }
    choices
};

/// How cells make a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nb301Recipe {
    /// Rows and columns of the input image: 16 in the study's published figures, 32 in CIFAR-10.
    pub input_size: u32,
    /// Whether the auxiliary classifier, which only training needs, is costed too, as in the study's published
    /// figures.
    pub aux_head: bool,
    /// The number of cells. Those after one third and after two thirds of them are reduction cells.
    pub cells: u32,
    /// Channels of an operation of the first cell.
    pub width: u32,
    /// Classes.
    pub classes: u32,
}

impl Default for Nb301Recipe {
    /// The recipe for CIFAR-10: 32 x 32, no auxiliary head, 20 cells, 36 channels, 10 classes.
    fn default() -> Nb301Recipe {
        Nb301Recipe { input_size: 32, aux_head: false, cells: 20, width: 36, classes: 10 }
    }
}

/// The space, with the recipe that makes networks of cells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nb301 {
    recipe: Nb301Recipe,
}

impl Nb301 {
    /// The space with this recipe.
    ///
    /// # Errors
    /// Sizes with which there is no network; the message says what is expected.
    pub fn new(recipe: Nb301Recipe) -> Result<Nb301, String> {
        let Nb301Recipe { input_size, cells, width, classes, .. } = recipe;
        if !(4..=4096).contains(&input_size) || !input_size.is_multiple_of(4) {
            return Err(format!(
                "an input size of {input_size} does not suit: the two reduction cells halve it; expected a multiple of 4 from 4 to 4096"
            ));
        }
        for (what, value, least, most) in
            [("cells", cells, 3, 100), ("channels", width, 2, 1024), ("classes", classes, 1, 1 << 20)]
        {
            if !(least..=most).contains(&value) {
                return Err(format!("{value} {what}: expected {least} to {most}"));
            }
        }
        if !width.is_multiple_of(2) {
            return Err(format!("{width} channels: expected an even number, which the factorized reductions halve"));
        }
        Ok(Nb301 { recipe })
    }
}

/// The inputs and operations of a cell's edges.
fn edges(genome: &Genome, cell: usize) -> [(usize, usize); EDGES] {
    let mut edges = [(0, 0); EDGES];
    for node in 0..NODES {
        let genes = &genome.0[cell * GENES_OF_CELL + node * GENES_OF_NODE..][..GENES_OF_NODE];
        let [first, second] = pair(node + 2, usize::from(genes[0]));
        edges[2 * node] = (first, usize::from(genes[1]));
        edges[2 * node + 1] = (second, usize::from(genes[2]));
    }
    edges
}

/// The `number`-th ordered pair of different numbers below `count`, sorted by the first, then by the second.
fn pair(count: usize, number: usize) -> [usize; 2] {
    let (first, second) = (number / (count - 1), number % (count - 1));
    [first, second + usize::from(second >= first)]
}

/// The inverse of [`pair`].
fn pair_number(count: usize, [first, second]: [usize; 2]) -> u16 {
    (first * (count - 1) + second - usize::from(second > first)) as u16
}

impl Space for Nb301 {
    fn name(&self) -> &str {
        "nb301"
    }

    fn choices(&self) -> &[u32] {
        &CHOICES
    }

    fn sample(&self, seed: u32) -> Genome {
        let mut random = RandomState::new(seed);
        let mut genome = Genome::default();
        for node in 0..NODES {
            let ops: [u16; 4] = std::array::from_fn(|_| random.choice(OPS.len() as u32) as u16);
            for cell in 0..CELLS.len() {
                let inputs = random.permutation(node as u32 + 2);
                let genes = &mut genome.0[cell * GENES_OF_CELL + node * GENES_OF_NODE..];
                genes[0] = pair_number(node + 2, [inputs[0] as usize, inputs[1] as usize]);
                genes[1..3].copy_from_slice(&ops[2 * cell..2 * cell + 2]);
            }
        }
        genome
    }

    fn selected(&self) -> Vec<u32> {
        listed(include_str!("nb301/selected.txt"))
    }

    fn columns(&self) -> Vec<&str> {
        CELLS.to_vec()
    }

    fn fields(&self, genome: &Genome) -> Vec<String> {
        let text = |cell| edges(genome, cell).map(|(input, op)| format!("{input}:{}", OPS[op].name)).join("|");
        (0..CELLS.len()).map(text).collect()
    }

    fn parse_fields(&self, fields: &[&str]) -> Result<Genome, ConfigError> {
        let mut genome = Genome::default();
        for (cell, (column, field)) in CELLS.into_iter().zip(fields).enumerate() {
            let found = field.split('|').count();
            if found != EDGES {
                let what = format!("expected {EDGES} edges separated by '|', found {found}");
                return Err(ConfigError::new(column, what));
            }
            let mut edges = field.split('|').enumerate().map(|(place, text)| parse_edge(column, place, text));
            let mut next = || edges.next().expect("the edges are counted");
            for node in 0..NODES {
                let [(first, op1), (second, op2)] = [next()?, next()?];
                if first == second {
                    let what = format!("edges {} and {} have the same input {first}", 2 * node + 1, 2 * node + 2);
                    return Err(ConfigError::new(column, what));
                }
                let genes = &mut genome.0[cell * GENES_OF_CELL + node * GENES_OF_NODE..];
                genes[..3].copy_from_slice(&[pair_number(node + 2, [first, second]), op1, op2]);
            }
        }
        Ok(genome)
    }

    fn visit(&self, genome: &Genome, visitor: &mut dyn FnMut(fmt::Arguments<'_>, &SpaceLayer)) {
        let Nb301Recipe { input_size, aux_head, cells, width, classes } = self.recipe;
        let cell_edges = [edges(genome, 0), edges(genome, 1)];
        let mut extent = input_size;
        let mut channels = width;
        // The output channels of the cell before last and of the last cell. At first both are the stem.
        let (mut before, mut last) = (3 * width, 3 * width);
        let mut was_reduction = false;
        visitor(format_args!("stem"), &SpaceLayer::conv(3, before, 3, extent));
        for cell in 0..cells {
            let reduction = cell == cells / 3 || cell == 2 * cells / 3;
            channels *= 1 + u32::from(reduction);
            if was_reduction {
                factorized(visitor, format_args!("cell{cell}_preprocess0"), before, channels, 2 * extent);
            } else {
                visitor(format_args!("cell{cell}_preprocess0"), &SpaceLayer::conv(before, channels, 1, extent));
            }
            visitor(format_args!("cell{cell}_preprocess1"), &SpaceLayer::conv(last, channels, 1, extent));
            for (place, &(input, op)) in cell_edges[usize::from(reduction)].iter().enumerate() {
                let at = if reduction && input >= 2 { extent / 2 } else { extent };
                let name = format_args!("cell{cell}_edge{}_{}", place + 1, OPS[op].name);
                edge(visitor, name, OPS[op].work, channels, at, if reduction && input < 2 { 2 } else { 1 });
            }
            extent /= 1 + u32::from(reduction);
            (before, last, was_reduction) = (last, NODES as u32 * channels, reduction);
            if aux_head && cell == 2 * cells / 3 {
                // The auxiliary head first pools its input to 2 x 2.
                visitor(format_args!("aux_conv1"), &SpaceLayer::conv(last, 128, 1, 2).auxiliary());
                visitor(format_args!("aux_conv2"), &SpaceLayer::conv(128, 768, 2, 2).auxiliary());
                visitor(format_args!("aux_linear"), &SpaceLayer::linear(768, classes).auxiliary());
            }
        }
        visitor(format_args!("linear"), &SpaceLayer::linear(last, classes));
    }

    /// Learned from the published figures of NAS-Bench-301's own surrogate.
    fn surrogate(&self, genome: &Genome) -> Option<f64> {
        Some(SURROGATE.of(self.terms(genome)))
    }

    fn terms(&self, genome: &Genome) -> Vec<Term> {
        let mut terms = Terms::default();
        for cell in 0..CELLS.len() {
            terms_of_cell(&mut terms, &edges(genome, cell));
        }
        terms.terms
    }

    /// For each edge of the normal cell, then of the reduction cell: 1 for its operation and 0 for the six others,
    /// then its input.
    fn features(&self, genome: &Genome) -> Vec<f64> {
        let mut features = Vec::new();
        for cell in 0..CELLS.len() {
            for (input, op) in edges(genome, cell) {
                features.extend((0..OPS.len()).map(|other| f64::from(u8::from(other == op))));
                features.push(input as f64);
            }
        }
        features
    }
}

/// The weights of [`Space::terms`], see `tests/spaces/surrogates.rs`.
static SURROGATE: Linear = Linear::new(include!("nb301/surrogate.rs"));

/// Collects terms, and numbers them one after the other.
#[derive(Default)]
struct Terms {
    terms: Vec<Term>,
    next: usize,
}

impl Terms {
    fn add(&mut self, value: usize) {
        if value != 0 {
            self.terms.push((self.next, value as f64));
        }
        self.next += 1;
    }

    /// Adds `count` terms, of which that in `place` is 1.
    fn add_one_of(&mut self, count: usize, place: usize) {
        self.terms.push((self.next + place, 1.0));
        self.next += count;
    }
}

/// The terms of a cell: operations by node and input, the number of each operation and of each pair of them,
/// operations that follow each other, and the longest chains of operations and of convolutions.
fn terms_of_cell(terms: &mut Terms, edges: &[(usize, usize); EDGES]) {
    const OPERATIONS: usize = OPS.len();
    let mut counts = [0; OPERATIONS];
    let mut successions = [[0; OPERATIONS]; OPERATIONS];
    let (mut depths, mut convolutions) = ([0; NODES + 2], [0; NODES + 2]);
    for (node, pair) in edges.chunks(2).enumerate() {
        for input in 0..node + 2 {
            for operation in 0..OPERATIONS {
                terms.add(usize::from(pair.contains(&(input, operation))));
            }
        }
        for &(input, operation) in pair {
            counts[operation] += 1;
            if input >= 2 {
                edges[2 * (input - 2)..][..2].iter().for_each(|&(_, first)| successions[first][operation] += 1);
            }
            let convolves = matches!(OPS[operation].work, Work::Separable(_) | Work::Dilated(_));
            depths[node + 2] = depths[node + 2].max(depths[input] + 1);
            convolutions[node + 2] = convolutions[node + 2].max(convolutions[input] + usize::from(convolves));
        }
    }
    for (operation, &count) in counts.iter().enumerate() {
        terms.add(count);
        counts[operation..].iter().for_each(|other| terms.add(count * other));
    }
    successions.iter().flatten().for_each(|&count| terms.add(count));
    for most in [depths, convolutions] {
        terms.add_one_of(NODES + 1, most.into_iter().max().unwrap_or(0));
    }
}

/// Two 1 x 1 convolutions with stride 2, each for half of the channels. The second leaves out the first row and
/// column.
fn factorized(
    visitor: &mut dyn FnMut(fmt::Arguments<'_>, &SpaceLayer),
    name: fmt::Arguments<'_>,
    inputs: u32,
    outputs: u32,
    extent: u32,
) {
    visitor(format_args!("{name}_1"), &SpaceLayer::conv(inputs, outputs / 2, 1, extent).stride(2));
    visitor(format_args!("{name}_2"), &SpaceLayer::conv(inputs, outputs / 2, 1, extent - 1).stride(2));
}

/// The layers of an edge.
fn edge(
    visitor: &mut dyn FnMut(fmt::Arguments<'_>, &SpaceLayer),
    name: fmt::Arguments<'_>,
    work: Work,
    channels: u32,
    extent: u32,
    stride: u32,
) {
    let halved = extent.div_ceil(stride);
    // Only the pointwise convolutions are followed by batch normalization.
    match work {
        Work::Pool => (),
        Work::Skip if stride == 1 => (),
        Work::Skip => factorized(visitor, name, channels, channels, extent),
        Work::Separable(filter) => {
            let first = SpaceLayer::depthwise(channels, filter, extent).stride(stride).extra(0);
            visitor(format_args!("{name}_depthwise1"), &first);
            visitor(format_args!("{name}_pointwise1"), &SpaceLayer::conv(channels, channels, 1, halved));
            visitor(format_args!("{name}_depthwise2"), &SpaceLayer::depthwise(channels, filter, halved).extra(0));
            visitor(format_args!("{name}_pointwise2"), &SpaceLayer::conv(channels, channels, 1, halved));
        }
        Work::Dilated(filter) => {
            visitor(
                format_args!("{name}_depthwise"),
                &SpaceLayer::depthwise(channels, filter, extent).stride(stride).extra(0),
            );
            visitor(format_args!("{name}_pointwise"), &SpaceLayer::conv(channels, channels, 1, halved));
        }
    }
}

/// Parses the input and operation of the edge at `place`.
fn parse_edge(column: &str, place: usize, text: &str) -> Result<(usize, u16), ConfigError> {
    let wrong = |what: String| ConfigError::new(column, format!("edge {} is '{text}', {what}", place + 1));
    let Some((input, op)) = text.trim().split_once(':') else {
        return Err(wrong("expected INPUT:OPERATION".to_string()));
    };
    let inputs = place / 2 + 2;
    let input = input.parse().ok().filter(|&input| input < inputs);
    let input = input.ok_or_else(|| wrong(format!("whose input is not one of 0 to {}", inputs - 1)))?;
    let op = OPS
        .iter()
        .position(|known| known.name == op)
        .ok_or_else(|| wrong(format!("whose operation is not one of {}", OPS.map(|op| op.name).join(", "))))?;
    Ok((input, op as u16))
}
