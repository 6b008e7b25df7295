//! The MAESTRO cost model for DNN accelerators: layer + dataflow + hardware -> cycles and energy.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(unsafe_code)]

pub mod analysis;
pub mod area;
pub mod cost;
pub mod dataflow;
pub mod dim;
pub mod energy;
pub mod error;
pub mod hardware;
pub mod layer;

#[cfg(feature = "std")]
pub mod host;

pub use analysis::{Accesses, Bound, Delay, MAX_MAPS, Mapping, Range, Traffic};
pub use area::Silicon;
pub use cost::Cost;
pub use dataflow::{Dataflow, Directive, MAX_DIRECTIVES, MapKind, Size};
pub use dim::{Dim, Tensor};
pub use energy::{Energy, EnergyTable};
pub use error::Error;
pub use hardware::{Hardware, MAX_LEVELS, Noc};
pub use layer::{Layer, LayerKind, MAX_EXTENT};
