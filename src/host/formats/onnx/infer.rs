//! Infers what each operator outputs and does; there is a file for each family of operators. `operators.rs` lists the
//! operators.

pub mod attention;
pub mod convolution;
pub mod elementwise;
pub mod layout;
pub mod matrix;
pub mod normalization;
pub mod pooling;
pub mod recurrent;
pub mod reduction;
pub mod resize;
pub mod selection;
pub mod sequences;
pub mod shapes;
pub mod signal;
pub mod sources;
pub mod text;
