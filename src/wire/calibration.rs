//! The calibration of an accelerator in a blob.

use crate::Calibration;
use crate::calibration::Term;

use super::WireError;
use super::put::Put;
use super::take::take;

impl Calibration {
    pub(super) fn put(&self, put: &mut Put<'_>) -> Result<(), WireError> {
        self.rates.iter().try_for_each(|rate| put.value(rate))?;
        put.value(&self.constant)?;
        self.layer.iter().chain([&self.network]).try_for_each(|ratio| put.value(ratio))
    }

    pub(super) fn take(rest: &mut &[u8]) -> Result<Calibration, WireError> {
        let mut rates = [0; Term::ALL.len()];
        for rate in &mut rates {
            *rate = take(rest)?;
        }
        Ok(Calibration { rates, constant: take(rest)?, layer: [take(rest)?, take(rest)?], network: take(rest)? })
    }
}
