//! Random cases. Each case is a function of its seed.

use maestrino::dataflow::presets::Preset;
use maestrino::{Dataflow, Dim, Directive, Layer, LayerKind, MapKind, Size, Tensor};

use super::flows::random_dataflow;
use super::set::MAX_ELEMENTS;
use super::{Activations, Array, Bits, Noc, SimLayer, may_have, text};

/// A generator of random numbers (splitmix64).
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    /// A number in `lo..=hi`.
    pub fn range(&mut self, lo: u32, hi: u32) -> u32 {
        lo + (self.next() % u64::from(hi - lo + 1)) as u32
    }

    /// Returns true with a probability of `percent`.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.range(1, 100) <= percent
    }

    /// One of the choices.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.range(0, choices.len() as u32 - 1) as usize]
    }

    /// Shuffles the items.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.range(0, i as u32) as usize);
        }
    }
}

/// A layer, a dataflow and an array.
#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    /// The name of the preset, or `random` and the number of levels.
    pub class: String,
    pub layer: SimLayer,
    pub dataflow: Dataflow,
    pub array: Array,
}

impl Case {
    /// The case with this seed.
    pub fn new(seed: u64) -> Case {
        let rng = &mut Rng::new(seed);
        let kind = rng.pick(&LayerKind::ALL);
        let layer = random_layer(rng, kind);
        let (class, dataflow) = match rng.chance(40) {
            true => random_preset(rng, &layer.layer, SMALL_TILE + 1),
            false => random_dataflow(rng, &layer.layer, SMALL_TILE),
        };
        let dataflow = if rng.chance(3) { spoiled(rng, &dataflow) } else { dataflow };
        let array = random_array(rng, &layer, &dataflow);
        Case { seed, class, layer, dataflow, array }
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "seed {} ({})", self.seed, self.class)?;
        writeln!(f, "{}", text::layer(&self.layer))?;
        writeln!(f, "{}", text::dataflow(&self.dataflow))?;
        write!(f, "{}", text::array(&self.array))
    }
}

/// The maximum number of MACs of a layer.
const MAX_MACS: u64 = 2000;

/// The maximum number of elements of a tile, and of sub-clusters of a cluster.
const SMALL_TILE: u32 = 4;

/// A layer that is small enough to simulate.
pub fn random_layer(rng: &mut Rng, kind: LayerKind) -> SimLayer {
    loop {
        let layer = candidate(rng, kind);
        let elements = Tensor::ALL.map(|tensor| layer.layer.elements(tensor).unwrap_or(0));
        let small = elements.iter().all(|elements| *elements <= MAX_ELEMENTS as u64);
        let real = [Dim::Y, Dim::X].iter().all(|dim| layer.up(*dim).1 < layer.layer.size(*dim).unwrap_or(1));
        if small && real && layer.layer.operations().is_some_and(|macs| macs <= MAX_MACS) {
            return layer;
        }
    }
}

/// A layer that may be too large.
fn candidate(rng: &mut Rng, kind: LayerKind) -> SimLayer {
    let (mut up, mut phase, mut strides) = ([1, 1], [0, 0], [1, 1]);
    let mut dims = Vec::new();
    let most = rng.pick(&[2, 3, 4, 4, 7]);
    if kind == LayerKind::Gemm {
        dims.extend([Dim::M, Dim::N, Dim::K].map(|dim| (dim, rng.range(1, 2 * most))));
    } else {
        for dim in [Dim::N, Dim::G, Dim::K, Dim::C].into_iter().filter(|dim| may_have(kind, *dim)) {
            let optional = dim == Dim::N || kind == LayerKind::DsConv && dim == Dim::K;
            if !optional || rng.chance(if dim == Dim::N { 25 } else { 50 }) {
                dims.push((dim, rng.range(1, most)));
            }
        }
        let inserts = kind == LayerKind::TrConv && rng.chance(60);
        let square = rng.chance(30).then(|| rng.range(2, 4));
        for (axis, (input, filter)) in [(Dim::Y, Dim::R), (Dim::X, Dim::S)].into_iter().enumerate() {
            if inserts {
                up[axis] = rng.range(1, 3);
                phase[axis] = rng.range(0, up[axis] - 1);
            }
            if up[axis] == 1 {
                strides[axis] = square.unwrap_or(if rng.chance(60) { 1 } else { rng.range(2, 4) });
            }
            let taps = if kind == LayerKind::Eltwise { 1 } else { rng.pick(&[1, 1, 2, 3, 3, 4]) };
            let left_over = rng.range(0, strides[axis] - 1);
            let outputs = rng.range(1, most + 1);
            dims.extend([(filter, taps), (input, (outputs - 1) * strides[axis] + taps + left_over)]);
        }
    }
    let layer = Layer::strided(kind, &dims, strides[0], strides[1]).unwrap();
    SimLayer { layer, up, phase }
}

/// A preset that suits the layer's dimensions, with random tile sizes up to `most`.
pub fn random_preset(rng: &mut Rng, layer: &Layer, most: u32) -> (String, Dataflow) {
    let convolution = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|i| Preset::ALL[i]);
    let preset = match layer.kind() {
        LayerKind::Gemm => Preset::Nmk,
        _ if layer.size(Dim::K).is_some() => rng.pick(&convolution),
        _ => Preset::Dpt,
    };
    (preset.to_string(), tiled(rng, preset, layer.kind(), most))
}

/// A preset with random tile sizes, up to `most`.
pub fn tiled(rng: &mut Rng, preset: Preset, kind: LayerKind, most: u32) -> Dataflow {
    let tiling = preset
        .parameters()
        .iter()
        .fold(preset.tiling(), |tiling, parameter| tiling.with(parameter.name, rng.range(1, most)).unwrap());
    tiling.dataflow(kind).unwrap()
}

/// A dataflow with one directive changed or appended. Most of these are refused.
fn spoiled(rng: &mut Rng, dataflow: &Dataflow) -> Dataflow {
    let mut directives = dataflow.directives().to_vec();
    let number = |rng: &mut Rng| Size::new(rng.range(0, 3) as i32);
    let map = Directive::Map {
        kind: rng.pick(&[MapKind::Spatial, MapKind::Temporal]),
        size: number(rng),
        offset: number(rng),
        dim: rng.pick(&Dim::ALL),
    };
    match rng.range(0, directives.len() as u32) as usize {
        at if at == directives.len() => directives.push(map),
        at => directives[at] = map,
    }
    Dataflow::new(&directives).unwrap()
}

fn random_array(rng: &mut Rng, layer: &SimLayer, dataflow: &Dataflow) -> Array {
    let cluster = dataflow.cluster_pes(&layer.layer).unwrap_or(1);
    let pes = match rng.range(0, 99) {
        0 => (cluster - 1).max(1),
        _ => (cluster * rng.range(1, 5) + rng.range(0, cluster - 1)).min(24.max(cluster)),
    };
    let limit = |rng: &mut Rng, percent, most| rng.chance(percent).then(|| u64::from(rng.range(1, most)));
    let noc = |rng: &mut Rng| Noc { bandwidth: limit(rng, 70, 12), latency: rng.range(0, 3).into() };
    let noc = (0..rng.range(1, 3)).map(|_| noc(rng)).collect();
    let bytes: u64 = Tensor::ALL.iter().map(|tensor| layer.layer.elements(*tensor).unwrap_or(0)).sum();
    let bits = random_bits(rng);
    Array {
        lanes: rng.pick(&[1, 1, 1, 2, 3, 4]),
        noc,
        offchip_bw: limit(rng, 75, 8),
        weights_bw: limit(rng, 20, 6),
        l1: limit(rng, 15, 60),
        l2: limit(rng, 50, 2 * bytes as u32 + 8),
        cluster_buffer: limit(rng, 20, 200),
        activations: if rng.chance(15) { Activations::L2 } else { Activations::OffChip },
        bits,
        multicast: rng.chance(85),
        l1_buffers: if rng.chance(15) { 1 } else { 2 },
        l2_buffers: if rng.chance(15) { 1 } else { 2 },
        ..Array::new(pes.into())
    }
}

pub fn random_bits(rng: &mut Rng) -> Bits {
    let mut width = |usual| if rng.chance(70) { usual } else { rng.pick(&[2, 4, 8, 16, 32]) };
    let (input, filter, output) = (width(8), width(8), width(8));
    let psum = if rng.chance(50) { output } else { output * rng.pick(&[2, 4]) };
    Bits { input, filter, output, psum }
}
