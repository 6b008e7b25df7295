//! Campaigns: against estimates, against the study's figures, and as a user runs them.

mod estimates;
mod files;
mod resume;
mod srcc;
mod study;
