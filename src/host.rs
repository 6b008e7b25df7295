//! What needs an operating system: files, built-in networks, the command line.

pub(crate) mod alike;
pub mod builtin;
pub mod campaign;
pub mod costs;
pub mod dataflow_choice;
pub mod directory;
pub mod estimate;
pub mod explore;
pub mod formats;
pub mod ids;
pub mod mapper;
pub mod model;
pub mod network;
pub mod performed;
pub mod platform;
pub mod population;
pub(crate) mod pricing;
pub mod printed;
pub mod report;
pub mod search;
pub mod shape;
pub mod spaces;
pub mod stats;
pub mod sweep;
pub mod tabular;
pub mod what_if;
