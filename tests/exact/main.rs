//! The exact model against the truth that `tests/truth` carries: a walk over every step of thousands of small cases.
#![cfg(feature = "std")]

mod analysis;
mod hand;
mod random;
#[path = "../simulator/mod.rs"]
mod simulator;
mod truth;
