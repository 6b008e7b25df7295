//! The program as a user runs it.

mod estimate;
mod help;
mod maestro;
mod names;
mod output;
mod refused;

use std::collections::HashMap;

use serde_json::Value;

use crate::common::Run;

fn json(run: Run) -> Value {
    let run = run.well();
    assert!(run.stdout.ends_with("}\n"), "{}", run.arguments);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{}: {error}", run.arguments))
}

/// The rows of a CSV, by column.
fn rows(text: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}
