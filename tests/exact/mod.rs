//! The exact model against the truth that `tests/truth` carries, and against a simulator that walks over every step.

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

/// Random cases that a test looks at: `debug` where the compiler does not optimise, else `release`; the variable `CASES`
/// sets another number.
fn cases(debug: u64, release: u64) -> u64 {
    let usual = if cfg!(debug_assertions) { debug } else { release };
    std::env::var("CASES").map_or(usual, |cases| cases.parse().unwrap())
}
