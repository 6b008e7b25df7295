//! The cost of a network: sums over its layers, and the most that any layer needs. For both models, and available
//! without `std`.

use crate::energy::Energy;
use crate::error::Error;

use crate::exact::{Cost, Fits, Needs};

/// What one layer adds to the cost of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Cycles; `None` if L2 is too small.
    pub cycles: Option<u64>,
    /// Operations performed.
    pub operations: u64,
    /// Bytes that the layer needs in each buffer.
    pub needs: Needs,
    /// Which buffers are large enough.
    pub fits: Fits,
    /// Energy in nJ.
    pub energy: Energy,
}

impl From<&Cost> for Part {
    fn from(cost: &Cost) -> Part {
        let Cost { operations, needs, fits, energy, .. } = *cost;
        Part { cycles: cost.cycles(), operations, needs, fits, energy }
    }
}

/// The cost of a network, layer after layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// Number of layers.
    pub layers: u32,
    /// Number of layers for which some buffer is too small.
    pub misfits: u32,
    /// Cycles; `None` if L2 is too small for any layer.
    pub cycles: Option<u64>,
    /// Operations performed.
    pub operations: u64,
    /// The most bytes that any layer needs in each buffer.
    pub needs: Needs,
    /// Which buffers are large enough for all layers.
    pub fits: Fits,
    /// Energy in nJ. It lacks the off-chip part of layers for which L2 is too small.
    pub energy: Energy,
}

impl Total {
    /// The cost of no layers.
    pub const NONE: Total = Total {
        layers: 0,
        misfits: 0,
        cycles: Some(0),
        operations: 0,
        needs: Needs { l1: 0, cluster: 0, l2: 0 },
        fits: Fits { l1: true, cluster: true, l2: true },
        energy: Energy { mac: 0.0, l1: 0.0, l2: 0.0, cluster: 0.0, offchip: 0.0 },
    };

    /// Adds a layer.
    ///
    /// # Errors
    /// [`Error::Overflow`] if a sum does not fit into 64 bits.
    pub fn add(&mut self, part: impl Into<Part>) -> Result<(), Error> {
        self.add_part(&part.into())
    }

    fn add_part(&mut self, part: &Part) -> Result<(), Error> {
        const OVERFLOW: Error = Error::Overflow { level: 1 };
        self.layers = self.layers.checked_add(1).ok_or(OVERFLOW)?;
        self.misfits += u32::from(!part.fits.all());
        self.cycles = match self.cycles.zip(part.cycles) {
            Some((sum, own)) => Some(sum.checked_add(own).ok_or(OVERFLOW)?),
            None => None,
        };
        self.operations = self.operations.checked_add(part.operations).ok_or(OVERFLOW)?;
        let (needs, own) = (&mut self.needs, &part.needs);
        *needs = Needs { l1: needs.l1.max(own.l1), cluster: needs.cluster.max(own.cluster), l2: needs.l2.max(own.l2) };
        let (fits, own) = (&mut self.fits, &part.fits);
        *fits = Fits { l1: fits.l1 && own.l1, cluster: fits.cluster && own.cluster, l2: fits.l2 && own.l2 };
        self.energy = self.energy + part.energy;
        Ok(())
    }
}
