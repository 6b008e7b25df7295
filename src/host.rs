//! What needs an operating system: files, built-in networks, the command line.

pub mod builtin;
pub mod estimate;
pub mod formats;
pub mod network;
pub mod report;
