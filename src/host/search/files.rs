//! What a search leaves in its directory, for tables, plots and `maestrino report`.
//!
//! All files are CSV with a header unless they end in `.json`. Latencies are in cycles, energies in nJ, areas in um^2, power
//! in mW, accuracies in percent (or scores that only rank). Nothing in them depends on time or on the number of threads.
//!
//! | file | rows | columns |
//! | --- | --- | --- |
//! | `summary.json` | | what was searched: space, cost model (`exact` or `maestro`), the calibration or null, counts of networks, designs, layers, evaluations (`evaluations_remembered` by the memory of `adaptive`), pairs that evolved; where accuracies are from; of each `comparison`, `constraint` and `evolution` the command, the version of the program and what it asked (see [`asked`]); checksums of the space with its designs, and of the networks (see [`Fingerprint`]), and of each file |
//! | `networks.csv` | a network | `pos,id,accuracy,macs` |
//! | `designs.csv` | a usable design | `design,accelerator,dataflow,pes,simd,noc,hops,offchip,l1,l2,networks` (those that can run), then `min`, `median` and `max` over the networks of `cycles_` and `energy_`, and the largest `area` and `power`; what has no limit is empty |
//! | `unusable.csv` | what a design lacks that some networks cannot run on | `dataflow,accelerator,lacks,layer,network,layers,networks,need,have,reason`: `lacks` is `l1`, `cluster` or `l2`, with the bytes that there are (`have`) and those that the most demanding layer needs, or `dataflow` where it does not suit layers or array; `layers` and `networks` cannot run for this reason |
//! | `latency.csv`, `energy.csv` | a network | `pos,id`, then a column for each design; empty where the network cannot run |
//! | `srcc_latency.csv`, `srcc_energy.csv` | a design | `design`, then its rank correlation (Spearman) with each |
//! | `fronts.csv` | a network of a design's accuracy-latency front | `design,pos,id,accuracy,cycles,energy` |
//! | `shortlist.csv` | a proxy and a number of limits | `proxy,limits,networks`: what the paper calls K and the size of P |
//! | `methods.csv` | a method, with a proxy if it has one | `queries` is `each` (about one design at a time) or `all` (about all together); how it did: see [`Score`](super::compare::Score) |
//! | `curve.csv` | a tolerance of `adaptive` | the same; `tolerance` in points |
//! | `choices.csv` | a method's answer to the constraint | `method,proxy,pos,id,accelerator,dataflow,feasible,accuracy,cycles,energy,area,power,l1,l2,fits,missed,evaluations,network_costs,accuracies,model`: `l1` and `l2` are the bytes that area and power are of, the accelerator's own or, where they have no limit, and by MAESTRO's model, what the network needs; `fits` is `yes`, or the buffers (`l1+l2`) that are too small; `area` and `power` are empty where the NoC has no limit, here and in the other files |
//! | `breakdown.csv` | a layer of the chosen network, in execution order | its shape and dataflow, `cycles,mac,l1,cluster,l2,offchip,l1_bytes,l2_bytes`: the energies of MACs, L1, buffers of clusters, L2 and off-chip in nJ; buffers as large as the layer needs, or, by the exact model, the accelerator's own |
//! | `enumerated.csv` | a pair of the front of accuracy, latency and energy of the networks on all designs | `id,accelerator,dataflow,accuracy,cycles,energy` |
//! | `front.csv` | a pair that evolution found and nothing dominates | `seed,network,accelerator,dataflow,accuracy,cycles,energy,area,power,l1,l2,fits,model`: `l1` and `l2` are the bytes of the accelerator's buffers, empty without limit; `fits` is `yes`, as by the exact model always, or the buffers that are too small |

mod answers;
mod csv;
mod pairs;
mod tables;

use std::path::Path;

use serde_json::{Map, Value, json};

use super::evaluator::Evaluator;
use super::exhaustive::Exhaustive;
use super::fingerprint::Fingerprint;
use super::query::Limits;
use crate::Calibration;
use crate::host::cost_table::Costing;
use crate::host::directory::checksum_of;

pub use answers::{Answered, CHOICE_COLUMNS, SCORE_COLUMNS, choice_row, choices, score_row, scores};
pub use pairs::{Enumerated, Evolved, FRONT_COLUMNS, enumerated, front, front_row};
pub use tables::{of_exhaustive, shortlists};

/// A file's name and its content.
pub type File = (&'static str, Vec<u8>);

/// The file that says what was searched.
pub const SUMMARY: &str = "summary.json";

/// Every file that a search may leave.
pub const NAMES: [&str; 16] = [
    SUMMARY,
    "networks.csv",
    "designs.csv",
    "unusable.csv",
    "latency.csv",
    "energy.csv",
    "srcc_latency.csv",
    "srcc_energy.csv",
    "fronts.csv",
    "shortlist.csv",
    "methods.csv",
    "curve.csv",
    "choices.csv",
    "breakdown.csv",
    "enumerated.csv",
    "front.csv",
];

/// The field of a summary with the [checksum](crate::host::directory::checksum) of each file, by name.
pub const CHECKSUMS: &str = "files_crc32";

/// The files in a directory that are not as the search left them that `summary` tells of.
pub fn damaged(directory: &Path, summary: &Map<String, Value>) -> Vec<&'static str> {
    let told = |name: &str| summary.get(CHECKSUMS)?.get(name)?.as_str();
    let is = |name: &str| checksum_of(&directory.join(name)).ok();
    let others = NAMES.into_iter().filter(|name| *name != SUMMARY && directory.join(name).exists());
    others.filter(|name| is(name).as_deref() != told(name)).collect()
}

/// Names of the checksums of an [`Fingerprint`] in the summary.
const IDENTITY: [&str; 2] = ["designs_crc64", "networks_crc64"];

/// The fingerprint that a summary tells.
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

/// What a search of a list of networks on designs was about, for its summary.
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

/// What an evolution was about, for its summary.
pub fn evolution_fields(space: &str, costing: &Costing) -> Map<String, Value> {
    let calibration = costing.calibration().map(Calibration::to_json);
    fields(json!({"format": 1, "space": space, "model": costing.model().name(), "calibration": calibration}))
}

/// What a command of this kind (`comparison`, `constraint` or `evolution`) asked, for the summary: `limits`, those that there
/// are, and whatever else there is to tell of it.
pub fn asked(kind: &str, command: &str, limits: &Limits, more: Value) -> Map<String, Value> {
    let mut told = fields(json!({"version": env!("CARGO_PKG_VERSION"), "command": command}));
    let limits: Map<String, Value> = limits.named().map(|(name, limit)| (name.to_string(), limit.into())).collect();
    if !limits.is_empty() {
        told.insert("limits".to_string(), limits.into());
    }
    told.extend(fields(more));
    Map::from_iter([(kind.to_string(), told.into())])
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Columns of [`CHOICE_COLUMNS`], [`SCORE_COLUMNS`] and [`FRONT_COLUMNS`] that hold text; the others hold numbers, or nothing.
pub const TEXT_COLUMNS: [&str; 10] =
    ["queries", "method", "proxy", "id", "accelerator", "dataflow", "feasible", "fits", "network", "model"];
