//! What a layer moves, computes and needs: all counts of the exact model, which do not depend on bandwidths.

use crate::dim::PerTensor;
use crate::energy::{Energy, EnergyTable};

/// The counts of a layer under a dataflow. They hold for all accelerators with the same
/// [`Hardware::counted`](crate::Hardware::counted).
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Counts {
    /// Operations performed. Operations that overlapping tiles repeat are counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of level 1.
    pub steps: u64,
    /// Elements that move between L2 and the sub-clusters of level 1.
    pub l2: Transfers,
    /// Elements that move between all L1 and the buffers above.
    pub l1: Transfers,
    /// Bytes that the layer needs in each buffer.
    pub needs: Needs,
    /// What moves off-chip; `None` if L2 is too small.
    pub offchip: Option<Moves>,
    /// Mean number of PEs that have work in a step.
    pub active_pes: f64,
    /// Amounts that take energy.
    pub accesses: Accesses,
    /// Number of cluster levels of the dataflow.
    pub levels: u8,
}

/// Elements that move between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Transfers {
    /// Inputs that move inwards.
    pub input: u64,
    /// Filter elements that move inwards.
    pub filter: u64,
    /// Partial sums that move inwards.
    pub psum: u64,
    /// Outputs that move outwards, partial sums included.
    pub output: u64,
}

/// The size that a layer needs of each buffer, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Needs {
    /// L1 of each PE.
    pub l1: u64,
    /// The buffer of each cluster, at the most demanding level. 0 if no cluster takes more than one step.
    pub cluster: u64,
    /// L2. If the layer does not fit, the smallest L2 that would do.
    pub l2: u64,
}

/// What moves off-chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Moves {
    /// What L2 keeps of each tensor.
    pub depths: PerTensor<Depth>,
    /// Elements that move.
    pub transfers: Transfers,
    /// Bits that move, in total.
    pub bits: u64,
    /// The same bits, by when they move.
    pub streams: Streams,
}

/// What L2 keeps of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Depth {
    /// What the loops of level 1 touch that are inside of this number of outer loops; 0 is the whole tensor.
    Loops(u8),
    /// The whole tensor, which stays in L2 from one layer to the next.
    #[default]
    Resident,
}

/// Bits that move off-chip, by the time when they move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Streams {
    /// Bits of activations and of weights that the first step needs.
    pub first: [u64; 2],
    /// Bits of activations and of weights that move in parallel with the work on the chip.
    pub rest: [u64; 2],
    /// Bits of the outputs of the last step.
    pub last: u64,
}

impl Streams {
    /// Bits of weights.
    pub const fn weights(&self) -> u64 {
        self.first[1].saturating_add(self.rest[1])
    }

    /// Bits of inputs, outputs and partial sums.
    pub const fn activations(&self) -> u64 {
        self.first[0].saturating_add(self.rest[0]).saturating_add(self.last)
    }
}

/// Amounts that take energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Accesses {
    /// Sum over all MACs of the product of their operands' bits; 0 for a layer without MACs.
    pub mac: u64,
    /// Bits accessed in all L1.
    pub l1: u64,
    /// Bits accessed in L2.
    pub l2: u64,
    /// Bits accessed in cluster buffers.
    pub cluster: u64,
    /// Bits that move off-chip; 0 if L2 is too small.
    pub offchip: u64,
}

impl Accesses {
    /// The energy in nJ. The figures of the table are those of a MAC of 8 by 8 bits and of accesses of 8 bits.
    pub fn energy(&self, energies: &EnergyTable) -> Energy {
        let bytes = |bits: u64| bits as f64 / 8.0;
        Energy {
            mac: self.mac as f64 / 64.0 * energies.mac,
            l1: bytes(self.l1) * energies.l1,
            l2: bytes(self.l2) * energies.l2,
            cluster: bytes(self.cluster) * energies.cluster.unwrap_or(energies.l2),
            offchip: bytes(self.offchip) * energies.offchip,
        }
    }
}
