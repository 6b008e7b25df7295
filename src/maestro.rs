//! MAESTRO's cost model, digit by digit: (layer, dataflow, number of PEs) -> [`Mapping`] -> traffic and delay -> [`Cost`].
//!
//! Everything that is so because the reference has it so is in here, and nothing else knows of it.
//!
//! ```text
//! level ─> case ─> mapping ─> reuse ─> walk ─┬─> traffic ─────────┬─> cost
//!                                            └─> time ─┬─> delay ─┘
//!                                                      └─> steps
//! ```
//!
//! `level` completes the directives of each cluster level, `case` enumerates the kinds of steps that its loops take, and
//! `mapping` checks both. `reuse` works out what a step moves and computes: `walk` hands out a small value, a `step`, for
//! each kind. `traffic` adds these up; `time` works out how long each takes, and `delay` adds that up. `steps` keeps what
//! was walked, for other bandwidths and for other layers. Only `time` and `delay` know bandwidths, latencies and SIMD lanes.

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
