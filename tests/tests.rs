//! The integration tests: one program, because linking takes longer than most of them do.
//!
//! What is tested is a module, to be run alone with `cargo test MODULE`: `NAME.rs`, or `NAME/mod.rs` where it has several
//! files. Data is in `models/`, `parity/` and `spaces/`, C in `c/`. The modules share a process: what belongs to it
//! (environment, working directory, panic hook, thread pool) is not theirs to change.

mod accelerators;
mod browser;
mod buildable;
mod c_programs;
mod calibrate;
mod calibrated;
mod campaign;
mod capi;
mod cli;
mod cli_dataflows;
mod cli_models;
mod codesign;
mod common;
mod documents;
mod estimate;
mod exact;
mod explain;
mod explore;
mod firmware;
mod firmware_package;
mod header;
mod map;
mod map_designs;
mod onnx;
mod own_networks;
mod packages;
mod parity;
mod properties;
mod report;
mod search;
mod shards;
mod shell;
mod simulator;
mod spaces;
mod structure;
mod study;
mod sweep;
mod tflite;
