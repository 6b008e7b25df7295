//! Energy of a layer from its own counts.

use crate::analysis::Traffic;

/// Energy of each kind of event. Replace it with figures of your own technology.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergyTable {
    /// nJ of one multiply-accumulate.
    pub mac: f64,
    /// nJ of one L1 access (one element).
    pub l1: f64,
    /// nJ of one L2 access (one element).
    pub l2: f64,
}

/// nJ of a MAC in the reference's cost database (bfloat16, 28 nm).
pub(crate) const REFERENCE_MAC: f64 = 0.00023;
/// Energy of an L1 access in the reference, in MACs.
pub(crate) const REFERENCE_L1: f64 = 1.68;
/// Energy of an L2 access in the reference, in MACs.
pub(crate) const REFERENCE_L2: f64 = 18.61;

impl EnergyTable {
    /// The reference's figures: 0.00023 nJ a MAC, an L1 access 1.68 and an L2 access 18.61 times as much.
    pub const REFERENCE: EnergyTable =
        EnergyTable { mac: REFERENCE_MAC, l1: REFERENCE_L1 * REFERENCE_MAC, l2: REFERENCE_L2 * REFERENCE_MAC };

    /// The energy of a layer: the "total energy consumption" of the reference's screen output.
    ///
    /// `has_macs` tells whether the layer's operations are MACs (see [`LayerKind::has_macs`](crate::LayerKind::has_macs)).
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn total(&self, traffic: &Traffic, has_macs: bool) -> Energy {
        let (mut l1, mut l2) = (0.0, 0.0);
        for accesses in &traffic.accesses.0 {
            l1 += accesses.l1_read as f64 + accesses.l1_write as f64;
            l2 += accesses.l2_read as f64 + accesses.l2_write as f64;
        }
        let macs = if has_macs { traffic.operations as f64 } else { 0.0 };
        Energy { mac: macs * self.mac, l1: l1 * self.l1, l2: l2 * self.l2 }
    }
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
}

impl Energy {
    /// All of it, in nJ.
    pub fn total(&self) -> f64 {
        self.mac + self.l1 + self.l2
    }
}
