//! Limits of an exploration. Limits that no design of a grid can meet are refused before any walk.

use super::axes::Axes;
use super::technology::Technology;
use crate::hardware::UNLIMITED;
use crate::host::campaign::grid::Key;

/// Upper limits of the figures of a design: cycles, nJ, um^2, mW.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Limits {
    /// Cycles.
    pub cycles: Option<u64>,
    /// nJ.
    pub energy: Option<f64>,
    /// um^2.
    pub area: Option<f64>,
    /// mW.
    pub power: Option<f64>,
}

impl Limits {
    /// Refuses limits that even the smallest or the fastest design of a grid exceeds, for a network with this many operations.
    ///
    /// # Errors
    /// Which limit, and what would meet it, as a sentence.
    pub(super) fn check(&self, axes: &Axes, technology: &Technology, operations: u64) -> Result<(), String> {
        let (small, _) = axes.hardware(&[0; 6]);
        let (large, _) = axes.hardware(&axes.counts().map(|count| count - 1));
        let least = |key: Key| axes.along(key, small).next().unwrap_or(small);
        let size = |bytes: u32| if bytes == UNLIMITED { 1 } else { bytes.into() };
        // Area and power increase with every figure, so the smallest design has the least.
        let [l1, l2] = technology.buffers(size(least(Key::L1).l1_bytes()), size(least(Key::L2).l2_bytes()));
        let [area, power] = technology.offchip(least(Key::Offchip).offchip_bandwidth());
        let silicon = technology.silicon(&small, l1, l2);
        let (area, power) = (area + silicon.area(), power + silicon.power());
        let smallest = "fewer or smaller pes, noc, l1 or l2 are needed, or a larger limit";
        if let Some(limit) = self.area.filter(|limit| area > *limit) {
            return Err(format!(
                "the smallest design of the grid takes {:.4} mm^2, more than {}: {smallest}",
                area / 1e6,
                limit / 1e6
            ));
        }
        if let Some(limit) = self.power.filter(|limit| power > *limit) {
            return Err(format!("the smallest design of the grid takes {power:.4} mW, more than {limit}: {smallest}"));
        }
        let lanes = u64::from(large.pes()) * u64::from(large.simd_lanes());
        let cycles = operations.div_ceil(lanes);
        match self.cycles.filter(|limit| cycles > *limit) {
            Some(limit) => Err(format!(
                "{operations} operations take {cycles} cycles on the {lanes} lanes of the largest array, more than {limit}: more \
                 pes or simd, a faster --clock or a larger limit are needed"
            )),
            None => Ok(()),
        }
    }
}
