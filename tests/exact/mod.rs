//! The exact model against the truth that `tests/truth` carries: a walk over every step of thousands of small cases.

mod analysis;
mod hand;
mod random;
mod truth;
