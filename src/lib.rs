//! How many cycles and how much energy a neural-network layer costs on a spatial accelerator under a dataflow.
//!
//! ```
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::{Cost, Dim, Hardware, Layer, LayerKind, Noc};
//!
//! // 64 filters of 3x3x3 over an image that is 226x226 with its padding, stride 2.
//! let dims = [(Dim::K, 64), (Dim::C, 3), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 226), (Dim::X, 226)];
//! let layer = Layer::strided(LayerKind::Conv, &dims, 2, 2)?;
//! let dataflow = Preset::KcpWs.tiling().dataflow(layer.kind())?;
//! let hardware = Hardware::new(256)?.with_noc(Noc { bandwidth: 64, latency: 1 })?.with_offchip_bandwidth(16)?;
//! let cost = Cost::of(&layer, &dataflow, &hardware)?;
//! assert_eq!(cost.operations, layer.macs().unwrap());
//! println!("{:?} cycles, {:.0} nJ", cost.cycles(), cost.energy.total());
//! # Ok::<(), maestrino::Error>(())
//! ```
//!
//! Begin with the [tutorial](guide::tutorial); the [guide] has all pages.
//!
//! # One way through
//!
//! ```text
//! layer ────┐                ┌─> exact:   Mapping ─> Counts and Events ─> Player ─> Cost
//! dataflow ─┼─> levels ──────┤
//! hardware ─┘                └─> maestro: Mapping ─> Traffic ─> Delay ─> Cost
//! ```
//!
//! * [`dim`], [`layer`], [`dataflow`] (with its [presets](dataflow::presets)) and [`hardware`] are what goes in.
//!   Each is validated when it is built.
//! * [`exact`] counts what a walk over every step would find: a [`Mapping`] knows layer, dataflow and PEs, its
//!   [`Counts`](exact::Counts) depend on no bandwidth, and a [`Player`](exact::Player) turns its events into cycles. [`Cost`] is all
//!   of it at once.
//! * [`maestro`] is MAESTRO's model, digit by digit. Its [`Traffic`](maestro::Traffic) does not depend on bandwidth either; its
//!   [`Delay`](maestro::Delay) is a separate step, so that a sweep over hardware reuses the rest.
//! * [`energy`] and [`area`] turn counts into nJ, um^2 and mW; [`calibration`] turns them into the cycles of a chip that was measured.
//! * `host` has what needs an operating system: networks, files, spaces, searches, reports; `cli` is the program.
//!
//! # Units
//!
//! Sizes and counts are in elements, buffers in bytes, bandwidths in bytes/cycle, delays in cycles, energies in nJ, area in um^2,
//! power in mW. An element has one byte unless [`Widths`] say otherwise; in MAESTRO's model it always has.
//!
//! # Features
//!
//! | feature | brings |
//! | --- | --- |
//! | `std` | [`host`]: networks and accelerators by name, costs of whole networks |
//! | `formats` | model files: MAESTRO's language, ONNX, TFLite, mappings of other tools, blobs |
//! | `dse` | design-space exploration: spaces of networks, campaigns, the mapper, searches, calibration; results as tables, CSV and JSON |
//! | `parquet` | results as Parquet |
//! | `plots` | results as SVG, PNG and PDF, and as pages of HTML |
//! | `cli` (default) | [`cli`], the program, with all of the above |
//! | `capi` | [`capi`], the C ABI, for firmware, too |
//!
//! Each brings those that it needs. What they cost is in the guide (`src/guide/install.md`).
//!
//! Without any the crate is `no_std`, without `alloc`, `unsafe` and panics. Capacities are constants
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
mod limits;
mod mapping;
mod total;

#[cfg(feature = "capi")]
pub mod capi;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "std")]
pub mod host;
// What PyO3 makes of it is not ours.
#[cfg(feature = "python")]
#[allow(unsafe_code, missing_docs)]
mod python;

pub use area::Silicon;
pub use calibration::Calibration;
pub use dataflow::{Dataflow, Directive, MapKind, Size};
pub use dim::{Dim, Tensor};
pub use energy::{BufferSizes, Energy, EnergyTable};
pub use error::Error;
pub use exact::{Cost, Mapping};
pub use hardware::{Activations, Buffering, Hardware, Noc, Widths};
pub use layer::{Layer, LayerKind};
pub use limits::{MAX_DIRECTIVES, MAX_EXTENT, MAX_LEVELS, MAX_MAPS, MAX_STEP_KINDS};
pub use total::{Part, Total};
