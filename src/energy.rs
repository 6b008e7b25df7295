//! What an event costs in nJ, and where the energy of a layer goes.

/// Energy of each kind of event. Replace it with figures of your own technology.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergyTable {
    /// nJ of one multiply-accumulate.
    pub mac: f64,
    /// nJ of one L1 access (one element).
    pub l1: f64,
    /// nJ of one L2 access (one element).
    pub l2: f64,
    /// nJ of one access to the buffer of a cluster, in the exact model; `None`: as much as L2's.
    pub cluster: Option<f64>,
    /// nJ of one byte off-chip, in the exact model.
    pub offchip: f64,
}

/// nJ of a MAC in the reference's cost database (bfloat16, 28 nm).
pub(crate) const REFERENCE_MAC: f64 = 0.00023;
/// Energy of an L1 access in the reference, in MACs.
pub(crate) const REFERENCE_L1: f64 = 1.68;
/// Energy of an L2 access in the reference, in MACs.
pub(crate) const REFERENCE_L2: f64 = 18.61;

/// Energy of a byte off-chip, in MACs.
const OFFCHIP: f64 = 200.0;

impl EnergyTable {
    /// The reference's figures: 0.00023 nJ a MAC, an L1 access 1.68 and an L2 access 18.61 times as much. Off-chip, which
    /// the reference does not count, 200 times a MAC (Eyeriss, ISCA 2016).
    pub const REFERENCE: EnergyTable = EnergyTable {
        mac: REFERENCE_MAC,
        l1: REFERENCE_L1 * REFERENCE_MAC,
        l2: REFERENCE_L2 * REFERENCE_MAC,
        cluster: None,
        offchip: OFFCHIP * REFERENCE_MAC,
    };
}

impl Default for EnergyTable {
    fn default() -> EnergyTable {
        EnergyTable::REFERENCE
    }
}

/// Energy by where it goes, in nJ.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Energy {
    /// Multiply-accumulates.
    pub mac: f64,
    /// L1 accesses.
    pub l1: f64,
    /// L2 accesses.
    pub l2: f64,
    /// Accesses to the buffers of clusters; in the exact model only.
    pub cluster: f64,
    /// Transfers off-chip; in the exact model only.
    pub offchip: f64,
}

impl Energy {
    /// All of it, in nJ.
    pub fn total(&self) -> f64 {
        self.mac + self.l1 + self.l2 + self.cluster + self.offchip
    }
}

impl core::ops::Add for Energy {
    type Output = Energy;

    fn add(self, other: Energy) -> Energy {
        Energy {
            mac: self.mac + other.mac,
            l1: self.l1 + other.l1,
            l2: self.l2 + other.l2,
            cluster: self.cluster + other.cluster,
            offchip: self.offchip + other.offchip,
        }
    }
}
