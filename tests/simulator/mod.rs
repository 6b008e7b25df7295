//! A simulator of the exact model: it takes every step and looks at what every sub-cluster and every buffer holds.
//!
//! It is written from the definition of the model alone and shares no analysis with the crate, only what describes a
//! layer and a dataflow. What the model counts by closed forms is compared with it.
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
//! # Where the definition is open
//!
//! * *Moves*: an output that one sub-cluster gives up in the step in which another computes it leaves the one (it counts
//!   among what leaves a PE) and is new in the other, but is not written to the buffer between and does not come back from it:
//!   writes are the outputs that were computed before and are not now, at inner levels as at level 1.
//! * *Idle clusters*: an egress below one is a step without compute and ingress, level by level: the most of them, no sum.
//! * *Tiles of outputs* lay inputs, as every tile: where the same level splits the filter, outputs beside the tile whose
//!   window, as far as the box holds it, lies in the tile are computed as well (and twice).
//! * *Finished* is an output to which no later step of the same cluster or of a level above adds; sub-clusters at work at
//!   the same time do not count.
//! * *Cluster buffers* hold outputs with the width of partial sums, like L1.
//! * *Inserted zeros* are in no buffer: a MAC on one reads no input from L1. Outputs of zeros alone are computed too: a mapping
//!   that leaves them out has gaps.
//! * A cluster whose inner tiles leave all of its box out, while others cover it, holds what its box touches, as the page
//!   has it; what it held before leaves.
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

/// A layer, and the zeros inserted between its inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimLayer {
    pub layer: Layer,
    /// Along `Y` and `X`: an input row `y` with `y % up != phase` is an inserted zero.
    pub up: [u32; 2],
    pub phase: [u32; 2],
}

impl SimLayer {
    /// Distance of inputs among inserted zeros along a dimension, and the first of them.
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

/// Where inputs and outputs come from and go to.
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

    /// Bits that sub-clusters get.
    fn ingress(&self, crossing: &Crossing) -> u64 {
        crossing.read[0] * self.input + crossing.read[1] * self.filter + crossing.psum * self.psum
    }
}

/// Energy of an access of 8 bits to each part, in nJ; of a MAC of 8 x 8 bits.
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

/// An accelerator. Sizes in bytes, bandwidths in bytes a cycle; none: no limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub pes: u64,
    pub lanes: u64,
    /// The NoC of each level, outermost first; levels past the last have the last one's.
    pub noc: Vec<Noc>,
    pub offchip_bw: Option<u64>,
    /// A channel of their own for weights.
    pub weights_bw: Option<u64>,
    pub l1: Option<u64>,
    pub l2: Option<u64>,
    pub cluster_buffer: Option<u64>,
    pub activations: Activations,
    pub bits: Bits,
    pub multicast: bool,
    /// 2: double buffers; 1: single ones. Those of clusters are as those of L1.
    pub l1_buffers: u64,
    pub l2_buffers: u64,
    pub energies: Energies,
}

impl Array {
    /// An array of PEs without any limit: one lane, a NoC latency of one cycle, double buffers, 8 bits.
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

/// Why a mapping is refused. Levels count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A map or a size of a dimension that the layer lacks.
    AbsentDim {
        level: usize,
        dim: Dim,
    },
    /// A size, an offset or a cluster below 1.
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
    /// A cluster has more PEs than the array.
    ClusterTooLarge,
    /// MACs of the layer that no PE performs.
    Gaps {
        useful: u64,
        layer: u64,
    },
}

/// Walks through a layer.
///
/// # Errors
/// A mapping that the model refuses.
pub fn simulate(layer: &SimLayer, dataflow: &Dataflow, array: &Array) -> Result<Figures, Refused> {
    let levels = level::levels(&layer.layer, dataflow, array.pes)?;
    let space = Space::new(layer);
    let walk = Walk::new(&space, &levels, array);
    // With inserted zeros, outputs made of zeros alone have to be computed as well.
    if walk.different_macs < space.whole().macs() {
        return Err(Refused::Gaps { useful: walk.useful_macs, layer: space.useful_macs() });
    }
    Ok(figures::figures(&space, &walk, array, &levels))
}

/// Whether layers of this kind have or may have a dimension.
pub fn may_have(kind: LayerKind, dim: Dim) -> bool {
    match (kind, dim) {
        (LayerKind::Gemm, _) => matches!(dim, Dim::M | Dim::N | Dim::K),
        (_, Dim::M) => false,
        (_, Dim::G) => kind == LayerKind::NgConv,
        (LayerKind::Pool | LayerKind::Eltwise, Dim::K) => false,
        _ => true,
    }
}

/// Whether operations of this kind are MACs; others take time but no energy of their own.
fn has_macs(kind: LayerKind) -> bool {
    !matches!(kind, LayerKind::Pool | LayerKind::Eltwise)
}
