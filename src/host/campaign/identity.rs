//! The identity of a campaign: its parameters in the manifest, and the figures of its accelerators.

use serde_json::{Map, Value, json};

use super::{Accelerator, Campaign, Costing, MAP};
use crate::hardware::UNLIMITED;
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::{Directives, Given};
use crate::host::mapper::mappings::Wanted;
use crate::{Calibration, Dim, LayerKind, MAX_LEVELS, Noc, Widths};

/// Columns of `accelerators.csv`. The reference's model has only the first of them.
const FIGURES: [&str; 16] = [
    "accelerator",
    "pes",
    "simd_lanes",
    "noc",
    "hops",
    "offchip",
    "l1_bytes",
    "l2_bytes",
    "l1_buffers",
    "l2_buffers",
    "cluster_bytes",
    "weights_bw",
    "multicast",
    "activations",
    "bits",
    "weights_permille",
];

/// Columns of `accelerators.csv` by a cost model.
pub(super) fn columns(model: CostModel) -> &'static [&'static str] {
    match model {
        CostModel::Exact => &FIGURES,
        CostModel::Maestro => &FIGURES[..8],
    }
}

/// A record of `accelerators.csv`. A field is empty if there is no limit. If the levels of the NoC differ, the field
/// has the figures of all levels, separated by colons.
pub(super) fn figures(Accelerator { name, hardware }: &Accelerator, model: CostModel) -> Vec<String> {
    let limited = |figure: u32| if figure == UNLIMITED { String::new() } else { figure.to_string() };
    let levels = |of: &dyn Fn(Noc) -> String| {
        let mut all: Vec<String> = (0..MAX_LEVELS).map(|level| of(hardware.noc(level))).collect();
        if all.iter().all(|other| *other == all[0]) {
            all.truncate(1);
        }
        all.join(":")
    };
    let Widths { input, filter, output, psum } = hardware.widths();
    let mut record = vec![
        name.clone(),
        hardware.pes().to_string(),
        hardware.simd_lanes().to_string(),
        levels(&|noc| limited(noc.bandwidth)),
        levels(&|noc| noc.latency.to_string()),
        limited(hardware.offchip_bandwidth()),
        limited(hardware.l1_bytes()),
        limited(hardware.l2_bytes()),
        hardware.l1_buffers().factor().to_string(),
        hardware.l2_buffers().factor().to_string(),
        limited(hardware.cluster_bytes()),
        hardware.weights_bandwidth().map_or(String::new(), |bytes| bytes.to_string()),
        if hardware.multicast() { "yes" } else { "no" }.to_string(),
        hardware.activations().name().to_string(),
        format!("{input}:{filter}:{output}:{psum}"),
        hardware.weights_permille().to_string(),
    ];
    record.truncate(columns(model).len());
    record
}

/// A dataflow as JSON, with the kind of layer that it is for (null if it is for all).
fn describe_given(given: &Given, fit: bool) -> Value {
    let kind = given.kind.map(LayerKind::name);
    match &given.directives {
        Directives::Preset(tiling) => {
            let parameters = tiling.preset().parameters().iter();
            let tiles = parameters.filter_map(|parameter| Some((parameter.name, tiling.tile(parameter.name)?)));
            let tiles: Map<String, Value> = tiles.map(|(name, tile)| (name.to_string(), tile.into())).collect();
            json!({"kind": kind, "preset": tiling.preset().name(), "tiles": tiles, "fit": fit})
        }
        Directives::Listed(dataflow) => {
            json!({"kind": kind, "directives": format!("{:?}", dataflow.directives())})
        }
    }
}

/// The parameters of a campaign. Campaigns with the same parameters have the same results.
pub(super) fn describe(campaign: &Campaign) -> Map<String, Value> {
    const CRC: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);
    let hex = |digest: crc::Digest<'_, u64>| Value::from(format!("{:016x}", digest.finalize()));
    let workload = &campaign.workload;
    let mut layers = CRC.digest();
    for layer in workload.layers() {
        layers.update(layer.kind().name().as_bytes());
        for dim in Dim::ALL {
            layers.update(&layer.size(dim).unwrap_or(0).to_le_bytes());
        }
        [Dim::Y, Dim::X].iter().for_each(|dim| layers.update(&layer.stride(*dim).to_le_bytes()));
    }
    for (network, sequence) in workload.networks().iter().zip(workload.sequences()) {
        layers.update(network.as_bytes());
        layers.update(&(sequence.len() as u64).to_le_bytes());
        sequence.iter().for_each(|layer| layers.update(&layer.to_le_bytes()));
    }
    let mut accelerators = CRC.digest();
    for accelerator in &campaign.designs.accelerators {
        accelerators.update(figures(accelerator, campaign.costing.model()).join(",").as_bytes());
        accelerators.update(b"\n");
    }
    let dataflows = campaign.designs.dataflows.iter().map(|dataflow| {
        let choice = &dataflow.choice;
        let given: Vec<Value> = choice.all_given().iter().map(|given| describe_given(given, choice.fits())).collect();
        json!({"name": dataflow.name, "given": given})
    });
    let energy = match campaign.costing {
        Costing::Exact(table) | Costing::Calibrated(table, _) => json!({"total_nj": {
            "mac": table.mac, "l1": table.l1, "l2": table.l2, "offchip": table.offchip,
            "cluster": table.cluster.unwrap_or(table.l2),
        }}),
        Costing::Maestro(table) => json!({"total_nj": {"mac": table.mac, "l1": table.l1, "l2": table.l2}}),
        Costing::MaestroCsv => "maestro-csv".into(),
    };
    let mut dataflows: Vec<Value> = dataflows.collect();
    if let Some(mappings) = &campaign.designs.mappings {
        let Wanted { objective, budget, gap, .. } = mappings.wanted();
        dataflows.push(json!({"name": MAP, "objective": objective.name(), "budget": budget, "gap": gap}));
    }
    let mut map = Map::new();
    let entries: [(&str, Value); 10] = [
        ("model", campaign.costing.model().name().into()),
        ("networks", workload.networks().len().into()),
        ("layers", workload.layer_count().into()),
        ("layers_crc64", hex(layers)),
        ("accelerators", campaign.designs.accelerators.len().into()),
        ("accelerators_crc64", hex(accelerators)),
        ("dataflows", dataflows.into()),
        ("mixed", campaign.designs.mixed.map_or(Value::Null, |objective| objective.name().into())),
        ("energy", energy),
        ("calibration", campaign.costing.calibration().map_or(Value::Null, Calibration::to_json)),
    ];
    map.extend(entries.map(|(key, value)| (key.to_string(), value)));
    map
}
