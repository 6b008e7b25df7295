//! MAESTRO's cost model, digit by digit: (layer, dataflow, number of PEs) -> [`Mapping`] -> traffic and delay -> [`Cost`].
//!
//! Everything that follows the reference only for the sake of equal figures is in this module; no other module
//! depends on it.
//!
//! ```text
//! level ─> case ─> mapping ─> reuse ─> walk ─┬─> traffic ─────────┬─> cost
//!                                            └─> time ─┬─> delay ─┘
//!                                                      └─> steps
//! ```
//!
//! `level` completes the directives of each cluster level, `case` enumerates the kinds of steps that its loops take,
//! and `mapping` checks both. `reuse` works out what a step moves and computes, and `walk` yields a small value, a
//! `step`, for each kind. `traffic` adds these up. `time` works out how long each step takes, and `delay` adds this
//! up. `steps` stores the steps of a walk, to reuse them for other bandwidths and other layers. Only `time` and
//! `delay` use bandwidths, latencies and SIMD lanes.

mod case;
mod cost;
mod delay;
mod level;
mod mapping;
mod reuse;
mod step;
#[cfg(feature = "std")]
mod steps;
mod time;
mod traffic;
mod walk;

pub use crate::limits::MAX_CASES;
pub use cost::Cost;
pub use delay::{Bound, Delay, Range};
pub use mapping::Mapping;
#[cfg(feature = "std")]
pub use steps::{OnChip, Steps, StepsKey, Times};
pub use traffic::{Accesses, Traffic};
