//! The accelerator of a blob.

use crate::hardware::figures::HARDWARE_FIGURES;
use crate::{Calibration, EnergyTable, Hardware};

use super::error::WireError;
use super::put::Put;
use super::take::{take, take_f64};

/// The slowest clock, in Hz.
const MIN_CLOCK_HZ: u32 = 1;

/// The accelerator for which a network was compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accelerator {
    /// The accelerator itself.
    pub hardware: Hardware,
    /// Clock frequency in Hz.
    pub clock_hz: u32,
    /// Energies in nJ, for the sizes of its own buffers.
    pub energies: EnergyTable,
    /// How the measured accelerator differs from the exact model, if it has been measured.
    pub calibration: Option<Calibration>,
}

impl Accelerator {
    pub(super) fn put(&self, put: &mut Put<'_>) -> Result<(), WireError> {
        self.hardware.figures().iter().try_for_each(|figure| put.value(figure))?;
        put.value(&self.clock_hz)?;
        let EnergyTable { mac, l1, l2, cluster, offchip } = self.energies;
        [mac, l1, cluster.unwrap_or(l2), l2, offchip].iter().try_for_each(|nj| put.bytes(&nj.to_le_bytes()))
    }

    /// Reads the section of the accelerator and that of its calibration, which is empty if there is none.
    pub(super) fn take(rest: &mut &[u8], calibration: &mut &[u8]) -> Result<Accelerator, WireError> {
        let mut figures = [0; HARDWARE_FIGURES];
        for figure in &mut figures {
            *figure = take(rest)?;
        }
        let hardware = Hardware::of_figures(&figures).map_err(WireError::Invalid)?;
        let clock_hz: u32 = take(rest)?;
        if clock_hz < MIN_CLOCK_HZ {
            return Err(WireError::Malformed);
        }
        let [mac, l1, cluster, l2, offchip] =
            [take_f64(rest)?, take_f64(rest)?, take_f64(rest)?, take_f64(rest)?, take_f64(rest)?];
        let energies = EnergyTable { mac, l1, l2, cluster: Some(cluster), offchip };
        let calibration = if calibration.is_empty() { None } else { Some(Calibration::take(calibration)?) };
        let accelerator = Accelerator { hardware, clock_hz, energies, calibration };
        if energies.valid() { Ok(accelerator) } else { Err(WireError::Malformed) }
    }
}
