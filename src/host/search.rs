//! Finding the best network and accelerator together.

pub mod adaptive;
pub mod compare;
pub mod evaluator;
pub mod evolve;
pub mod files;
pub mod methods;
pub mod model;
pub mod nsga2;
pub mod pareto;
pub mod probe;
pub mod query;
pub mod task;
pub mod transfer;
pub mod truth;
