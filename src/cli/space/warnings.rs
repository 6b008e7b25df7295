//! Prints warnings about dataflows and accelerators that do not go together.

use crate::Layer;
use crate::host::campaign::{Campaign, DesignSpace, Unusable};
use crate::host::cost_table::CostModel;

use crate::cli::{dataflow, output};

/// The maximum number of accelerators that a warning names.
const NAMED: usize = 20;

/// Warns of accelerators that dataflows cannot use, with a line for each dataflow and the reason for its first
/// accelerator.
pub fn warn_of_unusable<'a>(campaign: &Campaign, unusable: impl IntoIterator<Item = &'a Unusable>) {
    let all = campaign.workload.networks().len();
    let exact = campaign.costing.model() == CostModel::Exact;
    let partly = |unusable: &Unusable| exact && unusable.networks < all;
    let mut lines: Vec<Vec<&Unusable>> = Vec::new();
    for warned in unusable {
        let same =
            |line: &&mut Vec<&Unusable>| line[0].dataflow == warned.dataflow && partly(line[0]) == partly(warned);
        match lines.iter_mut().find(same) {
            Some(line) => line.push(warned),
            None => lines.push(vec![warned]),
        }
    }
    for line in lines {
        let (dataflow, reason) = (&line[0].dataflow, line[0].reason());
        let accelerators: Vec<&str> = line.iter().map(|unusable| unusable.accelerator.as_str()).collect();
        let named = accelerators[..accelerators.len().min(NAMED)].join(", ");
        let cannot = if partly(line[0]) { "cannot run all networks on" } else { "cannot use" };
        match accelerators.len() {
            1 => output::message(format_args!("warning: {dataflow} {cannot} {named}: {reason}")),
            count if count <= NAMED => {
                output::message(format_args!("warning: {dataflow} {cannot} {named}; the first: {reason}"))
            }
            count => output::message(format_args!(
                "warning: {dataflow} {cannot} {named} and {} more; the first: {reason}",
                count - NAMED
            )),
        }
    }
}

/// Warns of kinds of layer that a dataflow does not suit, and of tiles that overlap.
pub fn warn_of_dataflows(designs: &DesignSpace, model: CostModel, layers: &[Layer]) {
    for named in &designs.dataflows {
        let kinds = layers.iter().map(|layer| (layer.kind().name(), layer, false));
        dataflow::warn_of_others(&named.name, &named.choice, kinds);
        if let Some(first) = designs.accelerators.first() {
            dataflow::warn_of_overlaps(named, layers, &first.hardware, model);
        }
    }
}
