//! What a layer moves, computes and needs: all that is counted of it, whatever the bandwidths.

use crate::dim::PerTensor;
use crate::energy::{Energy, EnergyTable};

/// The counts of a layer under a dataflow. They hold for every accelerator with the same PEs, L2, widths, multicast and buffering.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Counts {
    /// Operations performed, those that overlapping tiles repeat counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of level 1.
    pub steps: u64,
    /// Between L2 and the sub-clusters of level 1.
    pub l2: Transfers,
    /// Between all L1 and what is above them.
    pub l1: Transfers,
    /// How much of each buffer it needs.
    pub needs: Needs,
    /// What moves off-chip; `None` where L2 is too small.
    pub offchip: Option<Moves>,
    /// PEs at work in the average step.
    pub active_pes: f64,
    /// What takes energy.
    pub accesses: Accesses,
    /// Cluster levels of the dataflow.
    pub levels: u8,
}

/// Elements that move between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Transfers {
    /// Inputs, inwards.
    pub input: u64,
    /// Filter elements, inwards.
    pub filter: u64,
    /// Partial sums, inwards.
    pub psum: u64,
    /// Outputs, outwards, partial sums included.
    pub output: u64,
}

/// How much a layer needs of each buffer, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Needs {
    /// Of L1, in each PE.
    pub l1: u64,
    /// Of the buffer of each cluster: the most demanding level's. 0 where no cluster takes more than one step.
    pub cluster: u64,
    /// Of L2; where it does not fit, the least that would do.
    pub l2: u64,
}

/// What moves off-chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Moves {
    /// What L2 keeps of each tensor.
    pub depths: PerTensor<Depth>,
    /// Elements.
    pub transfers: Transfers,
    /// Bits, of all of them.
    pub bits: u64,
    /// The same bits, by when they move.
    pub streams: Streams,
}

/// What L2 keeps of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Depth {
    /// What the loops of level 1 inside of so many touch: 0 is the whole tensor.
    Loops(u8),
    /// All of it, from one layer to the next: it lives there.
    #[default]
    Resident,
}

/// Bits that move off-chip, by when they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Streams {
    /// Bits of activations and of weights that the first step needs.
    pub first: [u64; 2],
    /// Bits of activations and of weights that move beside the work on the chip.
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

/// What takes energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Accesses {
    /// MACs, each counted as often as the bits of its operands multiplied; 0 for a layer without.
    pub mac: u64,
    /// Bits of all L1.
    pub l1: u64,
    /// Bits of L2.
    pub l2: u64,
    /// Bits of the buffers of clusters.
    pub cluster: u64,
    /// Bits off-chip; 0 where L2 is too small.
    pub offchip: u64,
}

impl Accesses {
    /// nJ. The table is for a MAC of 8 by 8 bits and for accesses of 8 bits.
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
