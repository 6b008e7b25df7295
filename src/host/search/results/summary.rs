//! The fields of a summary, which describe the search.

use serde_json::{Map, Value, json};

use super::csv::File;
use crate::Calibration;
use crate::host::cost_table::Costing;
use crate::host::search::evaluator::Evaluator;
use crate::host::search::exhaustive::Exhaustive;
use crate::host::search::files::SUMMARY;
use crate::host::search::fingerprint::Fingerprint;
use crate::host::search::query::Limits;

/// Names of the checksums of a [`Fingerprint`] in the summary.
const IDENTITY: [&str; 2] = ["designs_crc64", "networks_crc64"];

/// The fingerprint in a summary.
pub fn fingerprint(summary: &Map<String, Value>) -> Fingerprint {
    let [designs, networks] = IDENTITY.map(|key| summary.get(key).and_then(Value::as_str).map(String::from));
    Fingerprint { designs: designs.unwrap_or_default(), networks }
}

/// A fingerprint as fields of a summary.
pub fn identity_fields(fingerprint: &Fingerprint) -> Map<String, Value> {
    let Fingerprint { designs, networks } = fingerprint.clone();
    let known = IDENTITY.into_iter().zip([Some(designs), networks]);
    known.filter_map(|(key, crc)| Some((key.to_string(), crc?.into()))).collect()
}

/// The file of a summary.
pub fn summary(fields: &Map<String, Value>) -> File {
    (SUMMARY, format!("{:#}\n", Value::from(fields.clone())).into_bytes())
}

/// The description of a search of a list of networks on designs, for its summary.
pub fn exhaustive_fields(exhaustive: &Exhaustive, space: &str) -> Map<String, Value> {
    let problem = exhaustive.problem();
    fields(json!({
        "format": 1,
        "space": space,
        "model": problem.campaign().costing.model().name(),
        "calibration": problem.campaign().costing.calibration().map(Calibration::to_json),
        "networks": problem.networks(),
        "designs": problem.designs().len(),
        "unusable_designs": exhaustive.unusable_designs(),
        "distinct_layers": problem.layers().len(),
        "network_costs": problem.networks() * problem.designs().len(),
        "evaluations": exhaustive.distinct_evaluations(),
        "evaluations_remembered": Evaluator::walks_of_all(problem),
    }))
}

/// The description of an evolution, for its summary.
pub fn evolution_fields(space: &str, costing: &Costing) -> Map<String, Value> {
    let calibration = costing.calibration().map(Calibration::to_json);
    fields(json!({"format": 1, "space": space, "model": costing.model().name(), "calibration": calibration}))
}

/// The question of a command, for the summary: its kind (`comparison`, `constraint` or `evolution`), the command line, the finite
/// limits, and `more` fields.
pub fn asked(kind: &str, command: &str, limits: &Limits, more: Value) -> Map<String, Value> {
    let mut question = fields(json!({"version": env!("CARGO_PKG_VERSION"), "command": command}));
    let limits: Map<String, Value> = limits.named().map(|(name, limit)| (name.to_string(), limit.into())).collect();
    if !limits.is_empty() {
        question.insert("limits".to_string(), limits.into());
    }
    question.extend(fields(more));
    Map::from_iter([(kind.to_string(), question.into())])
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
