//! A [`Calibration`](crate::Calibration) from cycles that were measured on a chip: a few rates with a meaning, chosen by how well
//! they predict networks that they have not seen.
//!
//! ```text
//! measured (files) ─┐
//! networks ─────────┼─> samples ─> fit ─> validate ─> Outcome ─> chip.cal
//! exact model ──────┘
//! ```
//!
//! * `measured` reads what was measured, and finds the layers that were measured.
//! * `fit` finds rates for a set of terms.
//! * `validate` leaves one network (or family of them) out at a time, and takes the simplest set that is as good as any.
//! * `file` writes and reads a calibration as text.

mod file;
mod fit;
pub mod measured;
mod validate;

use crate::calibration::Term;
use crate::dim::Tensor;
use crate::{Cost, Layer};

pub use file::CalibrationError;
pub use validate::{Errors, Outcome, calibrate};

/// Layers that a calibration needs at least.
pub const LEAST_LAYERS: usize = 8;

/// What a fit works on without any dataflow: MACs of layers that sum over channels and of others, elements of outputs, and bytes
/// of weights.
const PLAIN: usize = 4;

/// A measured layer.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Number of its network.
    pub network: usize,
    /// Its network, or the family of its network: layers of one family are left out of a fit together.
    pub family: String,
    /// Name of the layer.
    pub layer: String,
    /// Cycles by the exact model.
    pub modeled: u64,
    /// How much it has of each term.
    terms: [f64; Term::ALL.len()],
    /// The same without a dataflow.
    plain: [f64; PLAIN],
    /// Cycles that were measured.
    pub measured: f64,
}

impl Sample {
    /// A measured layer with its cost by the exact model; `None` where L2 is too small for it.
    pub fn new(
        network: usize,
        family: &str,
        name: &str,
        layer: &Layer,
        weights_bits: u32,
        cost: &Cost,
        measured: f64,
    ) -> Option<Sample> {
        let terms = Term::amounts(layer.kind(), cost)?.map(|amount| amount as f64);
        let macs = layer.macs().unwrap_or(0) as f64;
        let channelwise = terms[Term::Channelwise as usize] > 0.0;
        let elements = |tensor| layer.elements(tensor).unwrap_or(0) as f64;
        let plain = [
            if channelwise { 0.0 } else { macs },
            if channelwise { macs } else { 0.0 },
            elements(Tensor::Output),
            elements(Tensor::Filter) * f64::from(weights_bits) / 8.0,
        ];
        Some(Sample {
            network,
            family: family.to_string(),
            layer: name.to_string(),
            modeled: cost.cycles()?,
            terms,
            plain,
            measured,
        })
    }
}
