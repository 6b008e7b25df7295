//! The C functions tell what the Rust API tells, bit for bit, and fail where it fails.

mod calls;
mod choices;
mod differential;
mod random;
mod structs;
