//! The cost of a network: sums over its layers, and the most that one of them needs. For either model, on any machine.

use crate::energy::Energy;
use crate::error::Error;

use crate::exact::{Cost, Fits, Needs};

/// What a layer adds to the cost of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Cycles; `None` where L2 is too small.
    pub cycles: Option<u64>,
    /// Operations performed.
    pub operations: u64,
    /// Bytes that it needs of each buffer.
    pub needs: Needs,
    /// Which buffers are large enough.
    pub fits: Fits,
    /// nJ.
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
    /// Layers.
    pub layers: u32,
    /// Layers that some buffer is too small for.
    pub misfits: u32,
    /// Cycles; `None` where L2 is too small for a layer.
    pub cycles: Option<u64>,
    /// Operations performed.
    pub operations: u64,
    /// The most that a layer needs of each buffer.
    pub needs: Needs,
    /// Which buffers are large enough for all layers.
    pub fits: Fits,
    /// nJ; without off-chip of layers for which L2 is too small.
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
    /// Counts above 64 bits.
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
