//! The calibration of an accelerator in a blob.

use crate::Calibration;
use crate::calibration::Term;

use super::error::WireError;
use super::put::Put;
use super::take::take_fixed;

impl Calibration {
    pub(super) fn put(&self, put: &mut Put<'_>) -> Result<(), WireError> {
        let words = self.rates.iter().chain([&self.constant]);
        words.into_iter().try_for_each(|word| put.bytes(&word.to_le_bytes()))?;
        self.layer.iter().chain([&self.network]).try_for_each(|ratio| put.bytes(&ratio.to_le_bytes()))
    }

    pub(super) fn take(rest: &mut &[u8]) -> Result<Calibration, WireError> {
        let mut words = [0; Term::ALL.len() + 1];
        for word in &mut words {
            *word = u32::from_le_bytes(take_fixed(rest)?);
        }
        let mut ratios = [0; 3];
        for ratio in &mut ratios {
            *ratio = u16::from_le_bytes(take_fixed(rest)?);
        }
        let ([rates @ .., constant], [low, high, network]) = (words, ratios);
        Ok(Calibration { rates, constant, layer: [low, high], network })
    }
}
