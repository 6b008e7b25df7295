//! The accelerator of a blob.

use crate::hardware::HARDWARE_FIGURES;
use crate::{EnergyTable, Hardware};

use super::put::Put;
use super::take::{take, take_f64};
use super::{MIN_CLOCK_HZ, WireError};

/// The accelerator that a network was compiled for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accelerator {
    /// The accelerator itself.
    pub hardware: Hardware,
    /// Hz.
    pub clock_hz: u32,
    /// nJ, of its own buffers.
    pub energies: EnergyTable,
}

impl Accelerator {
    pub(super) fn put(&self, put: &mut Put<'_>) -> Result<(), WireError> {
        self.hardware.figures().iter().try_for_each(|figure| put.value(figure))?;
        put.value(&self.clock_hz)?;
        let EnergyTable { mac, l1, l2, cluster, offchip } = self.energies;
        [mac, l1, cluster.unwrap_or(l2), l2, offchip].iter().try_for_each(|nj| put.bytes(&nj.to_le_bytes()))
    }

    pub(super) fn take(rest: &mut &[u8]) -> Result<Accelerator, WireError> {
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
        if energies.valid() { Ok(Accelerator { hardware, clock_hz, energies }) } else { Err(WireError::Malformed) }
    }
}
