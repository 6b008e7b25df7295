//! Random mappings, each a function of its seed: those of the simulator's tests, and some on layers of real sizes.

use super::analysis;
use crate::simulator::flows::random_dataflow;
use crate::simulator::random::{Case, Rng, random_bits, random_preset};
use crate::simulator::{Activations, Array, Noc, SimLayer, may_have, text};
use maestrino::{Dataflow, Dim, Directive, Hardware, Layer, LayerKind, Tensor};

/// A layer, a dataflow and an accelerator.
pub struct Mapped {
    pub seed: u64,
    /// The preset, or `random` and the number of levels.
    pub class: String,
    pub sim: SimLayer,
    pub layer: Layer,
    pub dataflow: Dataflow,
    pub array: Array,
}

impl Mapped {
    /// The case with this seed. One in eight has a real size; the others are the simulator's.
    pub fn new(seed: u64) -> Mapped {
        if !seed.is_multiple_of(8) {
            let Case { seed, class, layer: sim, dataflow, array } = Case::new(seed);
            return Mapped { seed, class, layer: analysis::layer(&sim), sim, dataflow, array };
        }
        let rng = &mut Rng::new(seed);
        let sim = large_layer(rng);
        let most = rng.pick(&[4, 16, 64, 300]);
        let (class, dataflow) = match rng.chance(50) {
            true => random_preset(rng, &sim.layer, most),
            false => random_dataflow(rng, &sim.layer, most),
        };
        let cluster = dataflow.cluster_pes(&sim.layer).unwrap_or(1);
        let array = large_array(rng, &sim, cluster);
        Mapped { seed, class, layer: analysis::layer(&sim), sim, dataflow, array }
    }

    pub fn hardware(&self) -> Hardware {
        analysis::hardware(&self.array)
    }

    /// The number of elements of a tensor that operations touch. Inserted zeros are not elements.
    pub fn touched(&self, tensor: Tensor) -> u64 {
        if tensor == Tensor::Filter && self.layer.kind() != LayerKind::Eltwise {
            return self.layer.elements(tensor).unwrap();
        }
        if tensor == Tensor::Output {
            return self.layer.elements(tensor).unwrap();
        }
        self.layer.coupled(tensor).iter().map(|dim| self.rows(*dim)).product()
    }

    /// The number of rows along a dimension that some window covers.
    fn rows(&self, dim: Dim) -> u64 {
        let size = |dim| u64::from(self.layer.size(dim).unwrap());
        let Some(filter) = dim.filter() else { return size(dim) };
        let (outputs, filter, stride) = (size(dim.output()), size(filter), u64::from(self.layer.stride(dim)));
        let (every, phase) = self.layer.inserted(dim);
        match (every, filter >= stride) {
            (1, true) => (outputs - 1) * stride + filter,
            (1, false) => outputs * filter,
            // The windows slide by one over rows, some of which are inserted zeros.
            _ => (0..outputs + filter - 1).filter(|row| row % u64::from(every) == u64::from(phase)).count() as u64,
        }
    }

    /// Whether the directives show that tiles partition the layer: no tiles overlap, and filters are whole.
    pub fn partitions(&self) -> bool {
        let size = |size: maestrino::Size| i64::from(size.base) + size.of.map_or(0, |dim| self.size(dim));
        self.dataflow.directives().iter().all(|directive| match *directive {
            Directive::Cluster { .. } => true,
            Directive::Map { size: tile, offset, dim, .. } => {
                let (tile, offset) = (size(tile), size(offset));
                match dim.filter() {
                    None if matches!(dim, Dim::R | Dim::S) => tile >= self.size(dim),
                    Some(filter) if dim.input() == dim => {
                        let stride = self.layer.stride(dim);
                        tile >= self.size(filter) && (stride > 1 || offset == tile - self.size(filter) + 1)
                    }
                    _ => tile == offset,
                }
            }
        })
    }

    fn size(&self, dim: Dim) -> i64 {
        self.layer.size(dim).map_or(1, i64::from)
    }
}

impl std::fmt::Display for Mapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "seed {} ({})", self.seed, self.class)?;
        writeln!(f, "{}", text::layer(&self.sim))?;
        writeln!(f, "{}", text::dataflow(&self.dataflow))?;
        write!(f, "{}", text::array(&self.array))
    }
}

/// An extent: a small number, a power of two, a prime or any other number.
fn extent(rng: &mut Rng, most: u32) -> u32 {
    match rng.range(0, 3) {
        0 => rng.range(1, most.min(8)),
        1 => (1 << rng.range(0, 12)).min(most),
        2 => rng.pick(&[3, 7, 13, 61, 97, 127, 251, 509, 1021]).min(most),
        _ => rng.range(1, most),
    }
}

fn large_layer(rng: &mut Rng) -> SimLayer {
    let kind = rng.pick(&LayerKind::ALL);
    let (mut up, mut phase, mut strides) = ([1, 1], [0, 0], [1, 1]);
    let mut dims = Vec::new();
    if kind == LayerKind::Gemm {
        dims.extend([Dim::M, Dim::N, Dim::K].map(|dim| (dim, extent(rng, 4096))));
    } else {
        for (dim, most) in [(Dim::N, 16), (Dim::G, 32), (Dim::K, 2048), (Dim::C, 2048)] {
            let optional = dim == Dim::N || kind == LayerKind::DsConv && dim == Dim::K;
            if may_have(kind, dim) && (!optional || rng.chance(30)) {
                let most = if optional { 16 } else { most };
                dims.push((dim, extent(rng, most)));
            }
        }
        // Rare, because all turns over inserted zeros are examined one by one.
        let inserts = kind == LayerKind::TrConv && rng.chance(15);
        for (axis, (input, filter)) in [(Dim::Y, Dim::R), (Dim::X, Dim::S)].into_iter().enumerate() {
            if inserts {
                up[axis] = rng.range(1, 3);
                phase[axis] = rng.range(0, up[axis] - 1);
            }
            if up[axis] == 1 {
                strides[axis] = rng.pick(&[1, 1, 1, 2, 2, 4]);
            }
            let taps = if kind == LayerKind::Eltwise { 1 } else { rng.pick(&[1, 1, 2, 3, 3, 5, 7, 11]) };
            let outputs = extent(rng, 256) + up[axis];
            let left_over = rng.range(0, strides[axis] - 1);
            dims.extend([(filter, taps), (input, (outputs - 1) * strides[axis] + taps + left_over)]);
        }
    }
    SimLayer { layer: Layer::strided(kind, &dims, strides[0], strides[1]).unwrap(), up, phase }
}

fn large_array(rng: &mut Rng, layer: &SimLayer, cluster: u32) -> Array {
    let clusters = rng.pick(&[1, 2, 3, 8, 21, 64, 256]);
    let limit = |rng: &mut Rng, percent, most| rng.chance(percent).then(|| u64::from(rng.range(1, most)));
    let noc = |rng: &mut Rng| Noc { bandwidth: limit(rng, 80, 200), latency: rng.range(0, 4).into() };
    let noc = (0..rng.range(1, 3)).map(|_| noc(rng)).collect();
    let elements: u64 = Tensor::ALL.iter().map(|tensor| layer.layer.elements(*tensor).unwrap_or(0)).sum();
    // From very few bytes to more than everything, on a logarithmic scale.
    let l2 = ((elements * 2) >> rng.range(0, 20)).clamp(16, 1 << 30);
    Array {
        lanes: rng.pick(&[1, 1, 2, 4, 16]),
        noc,
        offchip_bw: limit(rng, 80, 64),
        weights_bw: limit(rng, 20, 64),
        l1: limit(rng, 30, 2000),
        l2: rng.chance(60).then_some(l2),
        cluster_buffer: limit(rng, 20, 20_000),
        activations: if rng.chance(15) { Activations::L2 } else { Activations::OffChip },
        bits: random_bits(rng),
        multicast: rng.chance(85),
        l1_buffers: if rng.chance(15) { 1 } else { 2 },
        l2_buffers: if rng.chance(15) { 1 } else { 2 },
        // If even one huge cluster does not fit the array, the case is refused.
        ..Array::new((u64::from(cluster) * clusters + u64::from(rng.range(0, cluster - 1))).min(1 << 24))
    }
}
