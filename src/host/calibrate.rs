//! Makes a [`Calibration`](crate::Calibration) from cycles that were measured on a chip: a few rates with a meaning,
//! chosen by how well they predict networks that were not used to find them.
//!
//! ```text
//! measured (files) ─┐
//! networks ─────────┼─> samples ─> fit ─> validate ─> Outcome ─> chip.cal
//! exact model ──────┘
//! ```
//!
//! * `measured` reads measurements, and finds the layers to which they belong.
//! * `fit` finds rates for a set of terms.
//! * `validate` leaves out one network (or family of networks) at a time, and takes the simplest set of terms that
//!   predicts about as well as the best.
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

/// The minimum number of layers for a calibration.
pub const LEAST_LAYERS: usize = 8;

/// The number of terms of a fit that knows no dataflow: MACs of layers that sum over channels, MACs of other layers,
/// elements of outputs, and bytes of weights.
const PLAIN: usize = 4;

/// A measured layer.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Number of its network.
    pub network: usize,
    /// Its network, or the family of its network. Layers of a family are left out of a fit together.
    pub family: String,
    /// Name of the layer.
    pub layer: String,
    /// Cycles by the exact model.
    pub modeled: u64,
    /// The amount of each term.
    terms: [f64; Term::ALL.len()],
    /// The amounts of the terms that know no dataflow.
    plain: [f64; PLAIN],
    /// Cycles that were measured.
    pub measured: f64,
}

impl Sample {
    /// A measured layer with its cost by the exact model; `None` if L2 is too small for it.
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
