//! Energy of single MACs and accesses, and of a layer, in nJ.

use crate::hardware::{Hardware, UNLIMITED};

/// Energy of each kind of event, in nJ. Replace the figures with those of your own technology.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergyTable {
    /// nJ of one multiply-accumulate.
    pub mac: f64,
    /// nJ of one L1 access (one element).
    pub l1: f64,
    /// nJ of one L2 access (one element).
    pub l2: f64,
    /// nJ of one access to a cluster buffer, in the exact model; `None`: the same as [`EnergyTable::l2`].
    pub cluster: Option<f64>,
    /// nJ of one byte transferred off-chip, in the exact model.
    pub offchip: f64,
}

/// nJ of a MAC in the reference's cost database (bfloat16, 28 nm).
pub(crate) const REFERENCE_MAC: f64 = 0.00023;
/// Energy of an L1 access in the reference, in MACs.
pub(crate) const REFERENCE_L1: f64 = 1.68;
/// Energy of an L2 access in the reference, in MACs.
pub(crate) const REFERENCE_L2: f64 = 18.61;

/// Energy of one byte transferred off-chip, in MACs.
const OFFCHIP: f64 = 200.0;

impl EnergyTable {
    /// The reference's figures: 0.00023 nJ for a MAC, 1.68 times that for an L1 access, and 18.61 times that for an
    /// L2 access. The reference does not count off-chip transfers; a byte takes 200 times the energy of a MAC
    /// (Eyeriss, ISCA 2016).
    pub const REFERENCE: EnergyTable = EnergyTable {
        mac: REFERENCE_MAC,
        l1: REFERENCE_L1 * REFERENCE_MAC,
        l2: REFERENCE_L2 * REFERENCE_MAC,
        cluster: None,
        offchip: OFFCHIP * REFERENCE_MAC,
    };
}

/// The buffer sizes, in bytes, for which the figures of an [`EnergyTable`] hold, if energies depend on sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BufferSizes {
    /// Size of an L1 whose access takes [`EnergyTable::l1`]; `None`: the energy does not depend on the size.
    pub l1: Option<u32>,
    /// The same for cluster buffers.
    pub cluster: Option<u32>,
    /// The same for L2.
    pub l2: Option<u32>,
    /// An access to a buffer that is `n` times as large takes `n` to the power of this exponent times the energy.
    pub exponent: f64,
}

impl BufferSizes {
    /// Energies do not depend on sizes. The exponent is that of a square memory array, whose lines grow with its
    /// edge.
    pub const NONE: BufferSizes = BufferSizes { l1: None, cluster: None, l2: None, exponent: 0.5 };
}

impl EnergyTable {
    /// Whether all figures are finite and none is negative.
    pub fn valid(&self) -> bool {
        // Numbers from 0 on are ordered like their bits, read as integers. The bits of negative numbers and of NaN
        // are above those of infinity.
        let valid = |nj: f64| nj.to_bits() < f64::INFINITY.to_bits();
        valid(self.mac) && valid(self.l1) && valid(self.l2) && self.cluster.is_none_or(valid) && valid(self.offchip)
    }

    /// Converts a table for buffers of `sizes` to one for the buffers of `hardware`. The energy of a buffer without a
    /// limit does not change.
    #[must_use]
    pub fn at_sizes(self, sizes: &BufferSizes, hardware: &Hardware) -> EnergyTable {
        let scaled = |nj: f64, reference: Option<u32>, bytes: u32| match reference {
            Some(reference) if bytes != UNLIMITED => {
                nj * libm::pow(f64::from(bytes.max(1)) / f64::from(reference.max(1)), sizes.exponent)
            }
            _ => nj,
        };
        EnergyTable {
            l1: scaled(self.l1, sizes.l1, hardware.l1_bytes()),
            cluster: self.cluster.map(|nj| scaled(nj, sizes.cluster, hardware.cluster_bytes())),
            l2: scaled(self.l2, sizes.l2, hardware.l2_bytes()),
            ..self
        }
    }
}

impl Default for EnergyTable {
    fn default() -> EnergyTable {
        EnergyTable::REFERENCE
    }
}

/// Energy by component, in nJ.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Energy {
    /// Multiply-accumulates.
    pub mac: f64,
    /// L1 accesses.
    pub l1: f64,
    /// L2 accesses.
    pub l2: f64,
    /// Accesses to cluster buffers; in the exact model only.
    pub cluster: f64,
    /// Transfers off-chip; in the exact model only.
    pub offchip: f64,
}

impl Energy {
    /// The sum of all components, in nJ.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energies_grow_with_buffers_where_they_have_a_size() {
        let table = EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, cluster: Some(5.0), offchip: 7.0 };
        let hardware = Hardware::new(1).unwrap().with_buffers(400, 1000).with_cluster_buffer(250);
        let sizes = BufferSizes { l1: Some(100), cluster: Some(1000), l2: None, exponent: 0.5 };
        let scaled = EnergyTable { l1: 4.0, cluster: Some(2.5), ..table };
        assert_eq!(table.at_sizes(&sizes, &hardware), scaled);
        let linear = BufferSizes { l2: Some(500), exponent: 1.0, ..sizes };
        let expected = EnergyTable { l1: 8.0, l2: 6.0, cluster: Some(1.25), ..table };
        assert_eq!(table.at_sizes(&linear, &hardware), expected);
        assert_eq!(table.at_sizes(&linear, &Hardware::new(1).unwrap()), table);
        assert_eq!(table.at_sizes(&BufferSizes::NONE, &hardware), table);
    }
}
