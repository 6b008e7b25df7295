//! A simulator of the exact model. It takes every step and tracks what every sub-cluster and every buffer holds.
//!
//! It follows the definition of the model (`src/guide/counted.md`) and shares no analysis with the crate, only the
//! types that describe a layer and a dataflow. Tests compare the figures that the model derives analytically with
//! those of the simulator.
//!
//! | file | what |
//! | --- | --- |
//! | `set` | sets of elements |
//! | `space` | boxes, the MACs in them and the elements that these touch |
//! | `level` | the levels of a dataflow and the steps that their loops take |
//! | `walk` | the steps of all levels: what moves on the chip |
//! | `time` | cycles of transfers and steps |
//! | `offchip` | what L2 keeps, what moves off-chip, cycles of the layer |
//! | `figures` | the figures of a layer |
//! | `text` | a case in three lines |
//! | `random`, `flows` | random cases, and their dataflows |
//!
//! # Decisions where the definition is open
//!
//! * *Moves*: if one sub-cluster gives up an output in the step in which another one computes it, the output leaves
//!   the first one (it counts among what leaves a PE) and is new in the second. It is neither written to the buffer
//!   between them nor read back from it. So writes are the outputs that were computed before and are not computed
//!   now, at inner levels as at level 1.
//! * *Idle clusters*: if outputs leave the levels below an idle cluster, that is a step without compute and ingress
//!   at each level. The slowest sub-cluster counts, not the sum.
//! * *Tiles of outputs* cover inputs, as every tile does. If the same level splits the filter, further outputs may
//!   have a window that lies in the tile, as far as the box holds the window. These are computed as well, and
//!   therefore twice.
//! * *Finished* outputs are those to which no later step of the same cluster, or of a level above, adds. Sub-clusters
//!   that work at the same time do not count as later.
//! * *Cluster buffers* hold outputs with the width of partial sums, like L1.
//! * *Inserted zeros* are in no buffer: a MAC on one reads no input from L1. Outputs of zeros alone are computed too;
//!   a mapping that leaves them out has gaps.
//! * *Clusters without work*: if the inner tiles of a cluster leave out its whole box, but other clusters cover it,
//!   the cluster holds what its box touches, as the guide says. What it held before leaves.
#![allow(dead_code)]

pub mod figures;
pub mod flows;
pub mod level;
mod offchip;
pub mod random;
mod set;
pub mod space;
pub mod text;
mod time;
mod walk;

use maestrino::{Dataflow, Dim, Layer, LayerKind};

pub use figures::Figures;
pub use offchip::{Depth, Offchip};
pub use time::Transfer as Noc;
pub use walk::{Crossing, Outputs};

use space::Space;
use walk::Walk;

/// A layer, and the zeros that are inserted between its inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimLayer {
    pub layer: Layer,
    /// Along `Y` and `X`, an input row `y` with `y % up != phase` is an inserted zero.
    pub up: [u32; 2],
    pub phase: [u32; 2],
}

impl SimLayer {
    /// Along a dimension, the distance between inputs that are not inserted zeros, and the position of the first of
    /// them.
    pub fn up(&self, dim: Dim) -> (u32, u32) {
        match dim {
            Dim::Y => (self.up[0], self.phase[0]),
            Dim::X => (self.up[1], self.phase[1]),
            _ => (1, 0),
        }
    }
}

impl From<Layer> for SimLayer {
    /// The layer without inserted zeros.
    fn from(layer: Layer) -> SimLayer {
        SimLayer { layer, up: [1, 1], phase: [0, 0] }
    }
}

/// Where inputs come from and where outputs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activations {
    OffChip,
    L2,
}

/// Widths in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    pub input: u64,
    pub filter: u64,
    pub output: u64,
    pub psum: u64,
}

impl Bits {
    /// Bits of outputs that move.
    fn outputs(&self, outputs: Outputs) -> u64 {
        outputs.finished * self.output + outputs.partial * self.psum
    }

    /// Bits that move into the sub-clusters.
    fn ingress(&self, crossing: &Crossing) -> u64 {
        crossing.read[0] * self.input + crossing.read[1] * self.filter + crossing.psum * self.psum
    }
}

/// Energy in nJ of an access of 8 bits to each part, and of a MAC of 8 x 8 bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Energies {
    pub mac: f64,
    pub l1: f64,
    pub cluster: f64,
    pub l2: f64,
    pub offchip: f64,
}

impl Default for Energies {
    fn default() -> Energies {
        let mac = 0.00023;
        Energies { mac, l1: 1.68 * mac, cluster: 18.61 * mac, l2: 18.61 * mac, offchip: 200.0 * mac }
    }
}

/// An accelerator. Sizes are in bytes, bandwidths in bytes per cycle; `None` means no limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub pes: u64,
    pub lanes: u64,
    /// The NoC of each level, outermost first. Further levels have the last one.
    pub noc: Vec<Noc>,
    pub offchip_bw: Option<u64>,
    /// The bandwidth of a separate channel for weights; `None` if there is none.
    pub weights_bw: Option<u64>,
    pub l1: Option<u64>,
    pub l2: Option<u64>,
    pub cluster_buffer: Option<u64>,
    pub activations: Activations,
    pub bits: Bits,
    pub multicast: bool,
    /// 2 for double buffers, 1 for single ones. Cluster buffers are like those of L1.
    pub l1_buffers: u64,
    pub l2_buffers: u64,
    pub energies: Energies,
}

impl Array {
    /// An array of PEs without limits: one lane, a NoC latency of one cycle, double buffers, 8 bits.
    pub fn new(pes: u64) -> Array {
        Array {
            pes,
            lanes: 1,
            noc: vec![Noc { bandwidth: None, latency: 1 }],
            offchip_bw: None,
            weights_bw: None,
            l1: None,
            l2: None,
            cluster_buffer: None,
            activations: Activations::OffChip,
            bits: Bits { input: 8, filter: 8, output: 8, psum: 8 },
            multicast: true,
            l1_buffers: 2,
            l2_buffers: 2,
            energies: Energies::default(),
        }
    }
}

/// Why a mapping is refused. Levels are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A map or a size refers to a dimension that the layer does not have.
    AbsentDim {
        level: usize,
        dim: Dim,
    },
    /// A size, an offset or a cluster is below 1.
    Size {
        level: usize,
        size: i64,
    },
    MappedTwice {
        level: usize,
        dim: Dim,
    },
    NoSpatialMap {
        level: usize,
    },
    TooManySpatialMaps {
        level: usize,
    },
    /// A cluster has more PEs than the array has.
    ClusterTooLarge,
    /// No PE performs some MACs of the layer.
    Gaps {
        useful: u64,
        layer: u64,
    },
}

/// Simulates a layer.
///
/// # Errors
/// The model refuses the mapping.
pub fn simulate(layer: &SimLayer, dataflow: &Dataflow, array: &Array) -> Result<Figures, Refused> {
    let levels = level::levels(&layer.layer, dataflow, array.pes)?;
    let space = Space::new(layer);
    let walk = Walk::new(&space, &levels, array);
    // With inserted zeros, outputs that consist of zeros alone must be computed as well.
    if walk.different_macs < space.whole().macs() {
        return Err(Refused::Gaps { useful: walk.useful_macs, layer: space.useful_macs() });
    }
    Ok(figures::figures(&space, &walk, array, &levels))
}

/// Whether layers of this kind have, or may have, a dimension.
pub fn may_have(kind: LayerKind, dim: Dim) -> bool {
    match (kind, dim) {
        (LayerKind::Gemm, _) => matches!(dim, Dim::M | Dim::N | Dim::K),
        (_, Dim::M) => false,
        (_, Dim::G) => kind == LayerKind::NgConv,
        (LayerKind::Pool | LayerKind::Eltwise, Dim::K) => false,
        _ => true,
    }
}

/// Whether operations of this kind are MACs. Other operations take time but no MAC energy.
fn has_macs(kind: LayerKind) -> bool {
    !matches!(kind, LayerKind::Pool | LayerKind::Eltwise)
}
