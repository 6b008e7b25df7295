//! Designs that some networks cannot run on, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Campaign, DesignId, Workload};
use crate::Error;
use crate::host::costs::{Buffer, Design, Shortage};
use crate::host::ids::LayerId;
use crate::host::pricing::Refusal;
use crate::host::shape::kind_and_shape;

/// A design that some layer cannot run on, and why: a record of `unusable.csv`, which is also kept with each block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unusable {
    /// Name of the dataflow.
    pub dataflow: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// A layer that cannot run: the first that the dataflow does not suit, or else the one that exceeds a buffer most.
    pub layer: String,
    /// The first network that has it.
    pub network: String,
    /// How many distinct layers cannot run.
    pub layers: usize,
    /// How many networks cannot.
    pub networks: usize,
    /// Why the layer cannot, for people; with the layers that need most of other buffers, where these are too small as well.
    pub reason: String,
    /// How many times as large a buffer would have to be for all networks to run; `None` where that would not help.
    pub excess: Option<f64>,
}

impl Unusable {
    /// Columns of `unusable.csv`.
    pub const COLUMNS: [&str; 8] =
        ["dataflow", "accelerator", "layer", "network", "layers", "networks", "reason", "excess"];

    /// The fields as text.
    pub fn fields(&self) -> [String; 8] {
        let Unusable { dataflow, accelerator, layer, network, layers, networks, reason, excess } = self.clone();
        let excess = excess.map_or(String::new(), |excess| excess.to_string());
        [dataflow, accelerator, layer, network, layers.to_string(), networks.to_string(), reason, excess]
    }

    /// The layer, why it cannot run, and how many others cannot.
    pub fn reason(&self) -> String {
        let Unusable { layer, network, layers, networks, reason, .. } = self;
        let more = if *layers > 1 { format!(" ({layers} layers of {networks} networks)") } else { String::new() };
        format!("layer {layer} of network {network}: {reason}{more}")
    }

    /// Of designs that cannot be used, the one that lacks least.
    pub fn nearest(all: &[Unusable]) -> Option<&Unusable> {
        let excess = |unusable: &&Unusable| unusable.excess.unwrap_or(f64::INFINITY);
        all.iter().min_by(|a, b| excess(a).total_cmp(&excess(b)))
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot use {}: {}", self.dataflow, self.accelerator, self.reason())
    }
}

/// What cannot run on a design.
#[derive(Default)]
pub(super) struct Failed<'a> {
    /// Layers, in their order, and why.
    pub layers: Vec<(LayerId, &'a Refusal)>,
    /// Networks whose cycles are more than 64 bits tell.
    pub overflows: Vec<usize>,
}

impl Failed<'_> {
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty() && self.overflows.is_empty()
    }

    /// The networks that cannot run, in their order.
    pub fn networks(&self, workload: &Workload) -> Vec<usize> {
        let mut fails = vec![false; workload.layers().len()];
        self.layers.iter().for_each(|(layer, _)| fails[layer.0] = true);
        let all = workload.counts().enumerate();
        let fails = |counts: &[(u32, u32)]| counts.iter().any(|(layer, _)| fails[*layer as usize]);
        let fails = all.filter(|(network, counts)| self.overflows.binary_search(network).is_ok() || fails(counts));
        fails.map(|(network, _)| network).collect()
    }
}

/// Why some networks cannot run on a design.
pub(super) struct Why<'a> {
    pub campaign: &'a Campaign,
    pub design: DesignId,
    pub failed: &'a Failed<'a>,
}

impl Why<'_> {
    /// The same for people; `networks` is how many cannot run.
    pub fn told(&self, networks: usize) -> Unusable {
        let workload = &self.campaign.workload;
        let name = |layer: LayerId| kind_and_shape(&workload.layers()[layer.0]);
        let unsuited = self.failed.layers.iter().find_map(|(layer, refusal)| match refusal {
            Refusal::Unsuited(error) => Some((*layer, *error)),
            Refusal::TooSmall(_) => None,
        });
        let mut short = self.worst().into_iter();
        let (layer, reason, excess) = match (unsuited, short.next()) {
            (Some((layer, error)), _) => (layer, error.to_string(), None),
            (None, Some((layer, shortage))) => {
                let other = |(layer, shortage)| format!("; layer {} {shortage}", name(layer));
                let others: String = short.map(other).collect();
                (layer, format!("{shortage}{others}"), Some(shortage.excess()))
            }
            (None, None) => {
                let first =
                    self.failed.overflows.first().and_then(|&network| workload.sequences().nth(network)?.first());
                let error = Error::Overflow { level: 1 };
                (LayerId(first.map_or(0, |&layer| layer as usize)), error.to_string(), None)
            }
        };
        let has = |counts: &[(u32, u32)]| counts.iter().any(|(own, _)| *own as usize == layer.0);
        let first = workload.counts().position(has).map_or(String::new(), |first| workload.networks()[first].clone());
        let Design { dataflow, accelerator, .. } = self.campaign.designs.design(self.design);
        let layers = self.failed.layers.len().max(1);
        Unusable { dataflow, accelerator, layer: name(layer), network: first, layers, networks, reason, excess }
    }

    /// Of each buffer that is too small, the layer that needs most of it; the one that exceeds its buffer most comes first.
    fn worst(&self) -> Vec<(LayerId, Shortage)> {
        let all = self.failed.layers.iter().flat_map(|(layer, refusal)| {
            let short = match refusal {
                Refusal::TooSmall(short) => short.as_slice(),
                Refusal::Unsuited(_) => &[],
            };
            short.iter().map(move |shortage| (*layer, *shortage))
        });
        let all: Vec<(LayerId, Shortage)> = all.collect();
        let of = |buffer: Buffer| {
            let own = all.iter().rev().filter(|(_, shortage)| shortage.buffer == buffer);
            own.max_by_key(|(_, shortage)| shortage.need).copied()
        };
        let mut worst: Vec<(LayerId, Shortage)> = Buffer::ALL.into_iter().filter_map(of).collect();
        worst.sort_by(|(_, a), (_, b)| b.excess().total_cmp(&a.excess()));
        worst
    }
}
