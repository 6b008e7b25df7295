//! The comparison of figures that may differ by rounding.

/// The fraction of a figure that rounding may have added or taken off.
const ROUNDING: f64 = 1e-12;

/// The least value that a figure may have without its rounding errors.
pub(super) fn floor(bound: f64) -> f64 {
    bound * (1.0 - ROUNDING)
}
