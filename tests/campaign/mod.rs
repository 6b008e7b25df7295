//! Campaigns: against estimates, against the study's figures, and as a user runs them.
#![cfg(feature = "std")]

mod estimates;
mod files;
mod resume;
mod srcc;
mod study;
