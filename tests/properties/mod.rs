//! What must hold for any layer, dataflow and accelerator, in MAESTRO's model.

mod bounds;
mod costs;
mod networks;
mod random;
mod steps;
