//! The command line of maestrino.
fn main() {}
