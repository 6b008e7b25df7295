//! Compares the spaces with the study's own data. `tests/spaces/README.md` says where it comes from.

mod cli;
mod data;
mod files;
mod staged;
mod study;
mod surrogates;
