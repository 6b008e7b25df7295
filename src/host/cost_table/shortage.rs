//! Buffers that are too small for a layer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Cost, Hardware};

/// A buffer of an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Buffer {
    /// In each PE.
    L1,
    /// In each cluster whose members are clusters or PEs.
    Cluster,
    /// Shared by all.
    L2,
}

impl Buffer {
    /// Every buffer, from the PEs outwards.
    pub const ALL: [Buffer; 3] = [Buffer::L1, Buffer::Cluster, Buffer::L2];

    /// `"l1"`, `"cluster"` or `"l2"`.
    pub const fn name(self) -> &'static str {
        match self {
            Buffer::L1 => "l1",
            Buffer::Cluster => "cluster",
            Buffer::L2 => "l2",
        }
    }

    /// The command-line flag that sets its size.
    pub(crate) const fn flag(self) -> &'static str {
        match self {
            Buffer::L1 => "--l1",
            Buffer::Cluster => "--cluster-buffer",
            Buffer::L2 => "--l2",
        }
    }

    /// `"L1 in each PE"`, `"the buffer of each cluster"` or `"L2"`.
    pub const fn title(self) -> &'static str {
        match self {
            Buffer::L1 => "L1 in each PE",
            Buffer::Cluster => "the buffer of each cluster",
            Buffer::L2 => "L2",
        }
    }
}

/// A buffer that is too small for a layer, in the exact model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Which.
    pub buffer: Buffer,
    /// The least bytes that the layer needs.
    pub need: u64,
    /// The size of the buffer in bytes.
    pub have: u32,
}

impl Shortage {
    /// The buffers that are too small for what a layer costs.
    pub fn all(cost: &Cost, hardware: &Hardware) -> impl Iterator<Item = Shortage> {
        let (fits, needs) = (cost.fits, cost.needs);
        [
            (Buffer::L1, fits.l1, needs.l1, hardware.l1_bytes()),
            (Buffer::Cluster, fits.cluster, needs.cluster, hardware.cluster_bytes()),
            (Buffer::L2, fits.l2, needs.l2, hardware.l2_bytes()),
        ]
        .into_iter()
        .filter(|(_, fits, ..)| !fits)
        .map(|(buffer, _, need, have)| Shortage { buffer, need, have })
    }

    /// The needed size as a multiple of the buffer's size.
    pub fn excess(&self) -> f64 {
        self.need as f64 / f64::from(self.have.max(1))
    }
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "needs {} bytes of {}, and there are {}", self.need, self.buffer.title(), self.have)
    }
}
