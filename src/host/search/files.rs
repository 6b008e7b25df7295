//! The files that a search writes into its directory, for tables, plots and `maestrino report`.
//!
//! All files are CSV with a header unless they end in `.json`. Latencies are in cycles, energies in nJ, areas in um^2, power
//! in mW, accuracies in percent (or scores that only rank). Nothing in them depends on time or on the number of threads.
//!
//! | file | rows | columns |
//! | --- | --- | --- |
//! | `summary.json` | | what was searched: space, cost model (`exact` or `maestro`), the calibration or null, counts of networks, designs, layers, evaluations (`evaluations_remembered` by the memory of `adaptive`), pairs that evolved; where accuracies are from; of each `comparison`, `constraint` and `evolution` the command, the version of the program and what it asked; checksums of the space with its designs, and of the networks, and of each file |
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

#[cfg(feature = "plots")]
use std::path::Path;

#[cfg(feature = "plots")]
use serde_json::{Map, Value};

#[cfg(feature = "plots")]
use crate::host::directory::checksum_of;

/// The file that describes the search.
pub const SUMMARY: &str = "summary.json";

/// Every file that a search may write.
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

/// The files in a directory whose checksums are not those in the summary.
#[cfg(feature = "plots")]
pub(crate) fn damaged(directory: &Path, summary: &Map<String, Value>) -> Vec<&'static str> {
    let expected = |name: &str| summary.get(CHECKSUMS)?.get(name)?.as_str();
    let found = |name: &str| checksum_of(&directory.join(name)).ok();
    let others = NAMES.into_iter().filter(|name| *name != SUMMARY && directory.join(name).exists());
    others.filter(|name| found(name).as_deref() != expected(name)).collect()
}

/// Columns of `methods.csv`, `choices.csv` and `front.csv` that hold text; the others hold numbers, or nothing.
#[cfg(feature = "plots")]
pub(crate) const TEXT_COLUMNS: [&str; 10] =
    ["queries", "method", "proxy", "id", "accelerator", "dataflow", "feasible", "fits", "network", "model"];
