//! The spaces against the study's own data: `tests/spaces/README.md` tells where it comes from.
#![cfg(feature = "std")]

mod cli;
mod data;
mod files;
mod study;
mod surrogates;
