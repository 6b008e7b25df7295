//! An accelerator with figures that the core does not need for counting: clock, energies, prefetching, calibration.

use crate::energy::BufferSizes;
use crate::{Calibration, EnergyTable, Hardware};

/// An accelerator in a system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Platform {
    /// The accelerator.
    pub hardware: Hardware,
    /// MHz.
    pub clock_mhz: f64,
    /// Energies. If `sizes` has sizes of buffers, the energies of these buffers are for those sizes.
    pub energies: EnergyTable,
    /// The sizes of the buffers that `energies` are for.
    pub sizes: BufferSizes,
    /// Whether the weights of a layer load while the layer before runs.
    pub prefetch: bool,
    /// Its calibration, if its cycles were measured.
    pub calibration: Option<Calibration>,
}

/// The clock of an accelerator for which none is given, in MHz.
pub(crate) const DEFAULT_CLOCK: f64 = 200.0;

/// The clocks that are accepted, in MHz.
#[cfg(feature = "formats")]
pub(crate) const CLOCKS: std::ops::RangeInclusive<f64> = 1e-6..=1e6;

impl Platform {
    /// An accelerator at the default clock, with the reference's energies.
    pub const fn new(hardware: Hardware) -> Platform {
        Platform {
            hardware,
            clock_mhz: DEFAULT_CLOCK,
            energies: EnergyTable::REFERENCE,
            sizes: BufferSizes::NONE,
            prefetch: false,
            calibration: None,
        }
    }

    /// The energies of the accelerator's own buffers.
    pub fn scaled_energies(&self) -> EnergyTable {
        self.energies.at_sizes(&self.sizes, &self.hardware)
    }
}
