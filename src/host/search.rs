//! Finding the best network and accelerator together.
