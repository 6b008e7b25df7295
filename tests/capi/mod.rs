//! The C functions return what the Rust API returns, bit for bit, and fail where it fails.

mod calls;
mod choices;
mod differential;
mod random;
mod structs;
