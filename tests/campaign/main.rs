//! Campaigns: against estimates, against the study's figures, and as a user runs them.
#![cfg(feature = "std")]

#[path = "../common/mod.rs"]
mod common;

mod estimates;
mod files;
mod resume;
mod srcc;
mod study;
