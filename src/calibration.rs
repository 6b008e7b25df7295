//! Predicts the cycles of a real chip from the counts of the exact model and from measurements of the chip.
//!
//! A chip does several things at the same time, and takes a fixed time to begin and end each layer. So the time of a
//! layer is a constant plus the time of the slowest of a few things, each proportional to an amount that the model
//! counts: `constant + max over terms of rate x amount`. `maestrino calibrate` finds the rates. This module applies
//! them, with integers only, so that a device computes the same bits as a PC.

use crate::exact::{Cost, Offchip};
use crate::layer::LayerKind;

/// An amount to which the time of a layer may be proportional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Total cycles of the exact model.
    Cycles,
    /// On-chip cycles of the exact model, for a layer that sums over channels; 0 for others.
    Dense,
    /// On-chip cycles of the exact model, for a layer that keeps channels apart (DSCONV, POOL, ELTWISE); 0 for
    /// others.
    Channelwise,
    /// Inputs read from L2, in elements.
    Inputs,
    /// Outputs and partial sums written to L2, in elements.
    Outputs,
    /// Weights loaded from off-chip, in whole bytes.
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

    /// What the amount of this term counts, in words.
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

    /// The amount of each term for a layer; `None` if L2 is too small for the layer.
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

/// How a measured chip differs from the exact model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// Cycles for each unit of each term, in units of 1 / [`Calibration::ONE`]; 0 if the time does not depend on the
    /// term.
    pub rates: [u32; Term::ALL.len()],
    /// Cycles added for every layer.
    pub constant: u32,
    /// For nine in ten layers outside of the calibration, the ratio of measured to predicted cycles lies between
    /// these two numbers, in units of 1 / [`Calibration::WHOLE`].
    pub layer: [u16; 2],
    /// For nine in ten whole networks, the ratio of measured to predicted cycles is at most this number, in the same
    /// unit.
    pub network: u16,
}

impl Calibration {
    /// The unit of rates: a rate of `ONE` is one cycle for each unit of its term.
    pub const ONE: u32 = 1 << BITS;
    /// The unit of ratios: a ratio of `WHOLE` is 1.
    pub const WHOLE: u16 = 1 << WHOLE_BITS;

    /// Predicted cycles of a layer; `None` if L2 is too small for the layer. They saturate at `u64::MAX`.
    pub fn cycles(&self, kind: LayerKind, cost: &Cost) -> Option<u64> {
        let amounts = Term::amounts(kind, cost)?;
        let each = amounts.iter().zip(&self.rates).map(|(amount, rate)| scaled(*amount, *rate));
        Some(each.fold(0, u64::max).saturating_add(self.constant.into()))
    }

    /// The interval of measured cycles for nine in ten layers with `cycles` predicted cycles.
    pub fn interval(&self, cycles: u64) -> [u64; 2] {
        self.layer.map(|ratio| Calibration::times(cycles, ratio))
    }

    /// The measured cycles that nine in ten networks with `cycles` predicted cycles do not exceed.
    pub fn upper(&self, cycles: u64) -> u64 {
        Calibration::times(cycles, self.network)
    }

    /// The largest number of predicted cycles of a network for which [`Calibration::upper`] meets a deadline (in
    /// cycles).
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

/// `amount x rate / 2^16`, rounded down; `u64::MAX` for amounts from `2^48` on. It uses products of 32 bits, which
/// all machines have.
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
