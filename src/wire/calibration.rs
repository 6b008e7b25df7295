//! The calibration of an accelerator in a blob.

use crate::Calibration;
use crate::calibration::Term;

use super::WireError;
use super::put::Put;
use super::take::take_fixed;

impl Calibration {
    pub(super) fn put(&self, put: &mut Put<'_>) -> Result<(), WireError> {
        let words = self.rates.iter().chain([&self.constant]);
        words.into_iter().try_for_each(|word| put.bytes(&word.to_le_bytes()))?;
        self.layer.iter().chain([&self.network]).try_for_each(|ratio| put.bytes(&ratio.to_le_bytes()))
    }

    pub(super) fn take(rest: &mut &[u8]) -> Result<Calibration, WireError> {
        let mut word = || take_fixed(rest).map(u32::from_le_bytes);
        let mut rates = [0; Term::ALL.len()];
        for rate in &mut rates {
            *rate = word()?;
        }
        let (constant, [a, b, c, d, e, f]) = (word()?, take_fixed(rest)?);
        let ratio = |low, high| u16::from_le_bytes([low, high]);
        Ok(Calibration { rates, constant, layer: [ratio(a, b), ratio(c, d)], network: ratio(e, f) })
    }
}
