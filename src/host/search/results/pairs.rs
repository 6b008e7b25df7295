//! Tables of pairs of a network and a design that evolution found, or that were enumerated.

use serde::{Deserialize, Serialize};

use super::csv::{Csv, File, fits, known, or_empty, text};
use crate::host::cost_table::CostModel;
use crate::host::search::query::Figures;

/// A pair that evolution found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evolved {
    /// The configuration of the network.
    pub network: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// Name of the dataflow.
    pub dataflow: String,
    /// Accuracy, or a score.
    pub accuracy: f64,
    /// What it costs.
    pub figures: Figures,
    /// Bytes of L1 and L2 of the accelerator, where they have a limit.
    pub buffers: [Option<u32>; 2],
    /// Bytes of L1 and L2 that the network needs.
    pub needs: [u64; 2],
}

/// A pair of a front that was enumerated.
#[derive(Clone, Debug, PartialEq)]
pub struct Enumerated {
    /// The network's id.
    pub network: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// Name of the dataflow.
    pub dataflow: String,
    /// Accuracy, or a score.
    pub accuracy: f64,
    /// Cycles.
    pub cycles: u64,
    /// nJ.
    pub energy: f64,
}

/// Columns of `front.csv`.
pub const FRONT_COLUMNS: [&str; 13] = [
    "seed",
    "network",
    "accelerator",
    "dataflow",
    "accuracy",
    "cycles",
    "energy",
    "area",
    "power",
    "l1",
    "l2",
    "fits",
    "model",
];

/// A pair as the fields of [`FRONT_COLUMNS`].
pub fn front_row(model: CostModel, seed: u64, found: &Evolved) -> [String; 13] {
    let Figures { cycles, energy, area, power } = found.figures;
    let [network, accelerator, dataflow] = [&found.network, &found.accelerator, &found.dataflow].map(String::clone);
    let [accuracy, cycles, energy] = [found.accuracy, cycles as f64, energy].map(text);
    let [area, power] = [area, power].map(known);
    let [l1, l2] = found.buffers.map(or_empty);
    let fits = fits(found.needs, found.buffers.map(|own| own.map_or(u64::MAX, u64::from)));
    [
        text(seed),
        network,
        accelerator,
        dataflow,
        accuracy,
        cycles,
        energy,
        area,
        power,
        l1,
        l2,
        fits,
        text(model.name()),
    ]
}

/// What evolution found with each seed.
pub fn front(model: CostModel, found: &[(u64, Vec<Evolved>)]) -> File {
    let mut csv = Csv::new(FRONT_COLUMNS);
    let pairs = found.iter().flat_map(|(seed, found)| found.iter().map(|found| front_row(model, *seed, found)));
    pairs.for_each(|row| csv.row(row));
    csv.finish("front.csv")
}

/// The front of networks that were enumerated on all designs.
pub fn enumerated(front: &[Enumerated]) -> File {
    let mut csv = Csv::new(["id", "accelerator", "dataflow", "accuracy", "cycles", "energy"]);
    for Enumerated { network, accelerator, dataflow, accuracy, cycles, energy } in front {
        let names = [network, accelerator, dataflow].map(String::clone);
        csv.row(names.into_iter().chain([text(accuracy), text(cycles), text(energy)]));
    }
    csv.finish("enumerated.csv")
}
