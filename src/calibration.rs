//! Cycles that a chip takes, predicted from what the exact model counts and from measurements of that chip.
//!
//! A chip does several things at the same time, and begins and ends each layer. So the time of a layer is a constant plus that of
//! the slowest of a few things, each proportional to an amount that the model counts: `constant + max over terms of rate x amount`.
//! `maestrino calibrate` finds the rates; here they are applied, in integers alone, so that a device computes the same bits as a PC.

use crate::exact::{Cost, Offchip};
use crate::layer::LayerKind;

/// What the time of a layer may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Cycles of the exact model, all in all.
    Cycles,
    /// Its cycles on the chip, of a layer that sums over channels.
    Dense,
    /// The same of one whose channels are apart: DSCONV, POOL, ELTWISE.
    Channelwise,
    /// Inputs read from L2, in elements.
    Inputs,
    /// Outputs and partial sums written to L2, in elements.
    Outputs,
    /// Weights that come from off-chip, in whole bytes.
    Weights,
}

impl Term {
    /// Every term.
    pub const ALL: [Term; 6] =
        [Term::Cycles, Term::Dense, Term::Channelwise, Term::Inputs, Term::Outputs, Term::Weights];

    /// `"cycles"`, `"dense"`, …
    pub const fn name(self) -> &'static str {
        match self {
            Term::Cycles => "cycles",
            Term::Dense => "dense",
            Term::Channelwise => "channelwise",
            Term::Inputs => "inputs",
            Term::Outputs => "outputs",
            Term::Weights => "weights",
        }
    }

    /// What a rate of this term multiplies.
    pub const fn unit(self) -> &'static str {
        match self {
            Term::Cycles => "cycles of the model",
            Term::Dense => "cycles on the chip, layers that sum over channels",
            Term::Channelwise => "cycles on the chip, layers whose channels are apart",
            Term::Inputs => "inputs read from L2",
            Term::Outputs => "outputs written to L2",
            Term::Weights => "bytes of weights from off-chip",
        }
    }

    /// How much a layer has of each; `None` where L2 is too small for it.
    pub fn amounts(kind: LayerKind, cost: &Cost) -> Option<[u64; Term::ALL.len()]> {
        let Offchip { cycles, streams, .. } = cost.offchip.as_ref()?;
        let [dense, channelwise] = match kind {
            LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => [0, cycles.on_chip],
            _ => [cycles.on_chip, 0],
        };
        let weights = streams.weights() >> 3;
        Some([cycles.total, dense, channelwise, cost.l2.input, cost.l2.output, weights])
    }
}

/// How a chip was measured to differ from the exact model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// Cycles for one of each term, in units of 1 / [`Calibration::ONE`]; 0 where the time does not follow it.
    pub rates: [u32; Term::ALL.len()],
    /// Cycles of every layer.
    pub constant: u32,
    /// Measured cycles of nine in ten layers outside of the calibration lie between these two ratios of the predicted ones, in
    /// units of 1 / [`Calibration::WHOLE`].
    pub layer: [u16; 2],
    /// Measured cycles of nine in ten whole networks are at most this ratio of the predicted ones, in the same unit.
    pub network: u16,
}

impl Calibration {
    /// Rates are in parts of it.
    pub const ONE: u32 = 1 << BITS;
    /// Ratios are in parts of it.
    pub const WHOLE: u16 = 1 << WHOLE_BITS;

    /// Predicted cycles of a layer; `None` where L2 is too small for it. They saturate: `u64::MAX` is too many.
    pub fn cycles(&self, kind: LayerKind, cost: &Cost) -> Option<u64> {
        let amounts = Term::amounts(kind, cost)?;
        let each = amounts.iter().zip(&self.rates).map(|(amount, rate)| scaled(*amount, *rate));
        Some(each.fold(0, u64::max).saturating_add(self.constant.into()))
    }

    /// The measured cycles that nine in ten layers lie between where `cycles` are predicted.
    pub fn interval(&self, cycles: u64) -> [u64; 2] {
        self.layer.map(|ratio| Calibration::times(cycles, ratio))
    }

    /// The measured cycles that nine in ten networks do not exceed where `cycles` are predicted.
    pub fn upper(&self, cycles: u64) -> u64 {
        Calibration::times(cycles, self.network)
    }

    /// The most cycles that may be predicted for a network so that [`Calibration::upper`] of them meets a deadline, in cycles.
    pub fn within(&self, deadline: u64) -> u64 {
        const MOST: u64 = (1 << (32 + BITS)) - 1;
        let below = deadline.saturating_add(1).saturating_mul(Calibration::WHOLE.into());
        (below - 1).checked_div(self.network.into()).map_or(MOST, |most| most.min(MOST))
    }

    fn times(cycles: u64, ratio: u16) -> u64 {
        scaled(cycles, u32::from(ratio) << (BITS - WHOLE_BITS))
    }
}

const BITS: u32 = 16;
const WHOLE_BITS: u32 = 10;

/// `amount x rate / 2^16`, rounded down; `u64::MAX` for amounts from `2^48` on. By products of 32 bits, which all machines have.
#[cfg_attr(not(feature = "std"), inline(never))]
fn scaled(amount: u64, rate: u32) -> u64 {
    let Ok(high) = u32::try_from(amount >> BITS) else { return u64::MAX };
    let low = amount & u64::from(Calibration::ONE - 1);
    u64::from(high) * u64::from(rate) + ((low * u64::from(rate)) >> BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn products_are_those_of_128_bits(amount: u64, rate: u32, ratio: u16, shift in 0..64u32) {
            let amount = amount >> shift;
            let expected = |exact: u128| if amount >> 48 > 0 { u64::MAX } else { exact as u64 };
            let exact = u128::from(amount) * u128::from(rate);
            proptest::prop_assert_eq!(scaled(amount, rate), expected(exact / u128::from(Calibration::ONE)));
            let exact = u128::from(amount) * u128::from(ratio);
            proptest::prop_assert_eq!(Calibration::times(amount, ratio), expected(exact / u128::from(Calibration::WHOLE)));
        }

        #[test]
        fn a_deadline_is_met_by_the_most_cycles_within_it_and_by_no_more(deadline: u64, shift in 0..64u32, network: u16) {
            let own = Calibration { rates: [0; 6], constant: 0, layer: [0; 2], network };
            let deadline = deadline >> shift;
            let most = own.within(deadline);
            proptest::prop_assert!(own.upper(most) <= deadline && (own.upper(most + 1) > deadline || deadline == u64::MAX));
        }
    }
}
