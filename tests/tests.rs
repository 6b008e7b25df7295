//! The integration tests. They are one program, because linking takes longer than most of them.
//!
//! Each topic is a module, which can be run alone with `cargo test MODULE`. It is `NAME.rs`, or `NAME/mod.rs` if it
//! has several files. Data is in `models/`, `parity/` and `spaces/`, and C code in `c/`. All modules share a process,
//! so they must not change its environment, working directory, panic hook or thread pool.

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
