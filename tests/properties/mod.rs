//! Properties that must hold in MAESTRO's model for any layer, dataflow and accelerator.

mod bounds;
mod costs;
mod networks;
mod random;
mod steps;
