//! The MAESTRO cost model for DNN accelerators: how many cycles and how much energy a layer costs under a dataflow.
//!
//! ```
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::maestro::Cost;
//! use maestrino::{Dim, Hardware, Layer, LayerKind, Noc};
//!
//! // 64 filters of 3x3x3 over a padded 226x226 image, stride 2.
//! let dims = [(Dim::K, 64), (Dim::C, 3), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 226), (Dim::X, 226)];
//! let layer = Layer::strided(LayerKind::Conv, &dims, 2, 2)?;
//! let dataflow = Preset::KcpWs.tiling().dataflow(layer.kind())?;
//! let hardware = Hardware::new(256)?.with_noc(Noc { bandwidth: 64, latency: 1 })?.with_offchip_bandwidth(16)?;
//! let cost = Cost::of(&layer, &dataflow, &hardware)?;
//! assert_eq!(cost.traffic.operations, layer.macs().unwrap());
//! println!("{} cycles, {:.0} nJ, waits for {}", cost.delay.cycles, cost.energy.total(), cost.delay.bound().name());
//! # Ok::<(), maestrino::Error>(())
//! ```
//!
//! The [`guide`] has a tutorial, the model, formats and more; the exact model's [`Cost`] is what the program tells.
//!
//! # One way through
//!
//! ```text
//! layer ────┐
//! dataflow ─┼─> levels ─> maestro: Mapping ─> cases ─> steps ─┬─> Traffic ─┬─> Energy ─┐
//! hardware ─┘                                                 └─> Delay ───┴───────────┴─> Cost
//! ```
//!
//! * [`dim`], [`layer`], [`dataflow`] (with its [presets](dataflow::presets)) and [`hardware`] are what goes in.
//!   Each is validated when it is built.
//! * `mapping` resolves directives for a layer on an array: what each cluster level maps.
//! * [`maestro`] is MAESTRO's model of it, digit by digit: a [`Mapping`](maestro::Mapping) knows the layer, the dataflow and
//!   the number of PEs. Its [`Traffic`](maestro::Traffic) does not depend on bandwidth; its [`Delay`](maestro::Delay) is a
//!   separate step, so that a sweep over hardware reuses the rest.
//! * [`energy`] and [`area`] turn counts into nJ, um^2 and mW; [`calibration`] turns them into the cycles of a chip that was measured.
//! * `host` (feature `std`) has the MAESTRO language, built-in networks and accelerators, and reports.
//!
//! # Units
//!
//! Sizes and counts are in elements, one byte each; bandwidths in elements/cycle; delays in cycles; energies in nJ;
//! area in um^2; power in mW.
//!
//! # Features
//!
//! Without `std` (a default feature) the crate is `no_std`, without `alloc`, `unsafe` and panics. Capacities are constants
//! ([`MAX_LEVELS`], [`MAX_MAPS`], [`MAX_DIRECTIVES`], [`MAX_EXTENT`]); what exceeds them is an error.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(unsafe_code)]

pub mod area;
pub mod calibration;
pub mod dataflow;
pub mod dim;
pub mod energy;
pub mod error;
pub mod exact;
#[cfg(doc)]
pub mod guide;
pub mod hardware;
pub mod layer;
pub mod maestro;
pub mod wire;

/// The Rust of the README is tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod count;
mod mapping;
mod total;

#[cfg(feature = "capi")]
pub mod capi;
#[cfg(feature = "std")]
pub mod cli;
#[cfg(feature = "std")]
pub mod host;
// What PyO3 makes of it is not ours.
#[cfg(feature = "python")]
#[allow(unsafe_code, missing_docs)]
mod python;

pub use area::Silicon;
pub use calibration::Calibration;
pub use dataflow::{Dataflow, Directive, MAX_DIRECTIVES, MapKind, Size};
pub use dim::{Dim, Tensor};
pub use energy::{BufferSizes, Energy, EnergyTable};
pub use error::Error;
pub use exact::{Cost, MAX_STEP_KINDS, Mapping};
pub use hardware::{Activations, Buffering, Hardware, MAX_LEVELS, Noc, Widths};
pub use layer::{Layer, LayerKind, MAX_EXTENT};
pub use mapping::MAX_MAPS;
pub use total::{Part, Total};
