//! Figures that are equal but for rounding.

/// The share of a figure that rounding may have added to it, or taken off.
const ROUNDING: f64 = 1e-12;

/// What rounding cannot have reached.
pub(super) fn floor(bound: f64) -> f64 {
    bound * (1.0 - ROUNDING)
}
