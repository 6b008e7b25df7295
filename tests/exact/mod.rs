//! Compares the exact model with the cases in `tests/truth`, and with a simulator that takes every step.

mod analysis;
mod best;
mod bounded;
mod comparison;
mod differential;
mod drawn;
mod hand;
mod holds;
mod mapped;
mod nested;
mod random;
mod speeds;
mod truth;

/// The number of random cases that a test runs: `debug` in builds without optimisation, otherwise `release`. The
/// variable `CASES` sets another number.
fn cases(debug: u64, release: u64) -> u64 {
    let usual = if cfg!(debug_assertions) { debug } else { release };
    std::env::var("CASES").map_or(usual, |cases| cases.parse().unwrap())
}
