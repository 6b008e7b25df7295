//! Designs that some networks cannot run on, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Campaign, DesignId, Workload};
use crate::Error;
use crate::host::cost_table::{Buffer, Design, Shortage};
use crate::host::ids::LayerId;
use crate::host::pricing::Refusal;
use crate::host::shape::kind_and_shape;

/// A design that some networks cannot run on, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unusable {
    /// Name of the dataflow.
    pub dataflow: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// The number of networks that cannot run.
    pub networks: usize,
    /// What it lacks, at least one thing. The largest shortage comes first.
    pub lacks: Vec<Lack>,
}

/// Something that a design lacks for some layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lack {
    /// What is lacking.
    pub reason: Reason,
    /// The first layer that the dataflow does not suit, or the layer that needs the most of the buffer.
    pub layer: String,
    /// The first network that has it.
    pub network: String,
    /// The number of distinct layers that cannot run for this reason.
    pub layers: usize,
    /// The number of networks with such a layer.
    pub networks: usize,
}

/// Why layers cannot run on a design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reason {
    /// The dataflow does not suit the layer or the array, with the reason.
    Unsuited(String),
    /// A buffer of the accelerator is too small, by the exact model.
    TooSmall(Shortage),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Unsuited(why) => f.write_str(why),
            Reason::TooSmall(shortage) => shortage.fmt(f),
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Lack { reason, layer, network, layers, networks } = self;
        write!(f, "layer {layer} of network {network}: {reason}")?;
        if *layers > 1 { write!(f, " ({layers} layers of {networks} networks)") } else { Ok(()) }
    }
}

impl Reason {
    /// The needed size of the buffer as a multiple of its size; infinite if a larger buffer would not help.
    fn excess(&self) -> f64 {
        match self {
            Reason::Unsuited(_) => f64::INFINITY,
            Reason::TooSmall(shortage) => shortage.excess(),
        }
    }
}

impl Unusable {
    /// Columns of `unusable.csv`.
    pub(crate) const COLUMNS: [&str; 10] =
        ["dataflow", "accelerator", "lacks", "layer", "network", "layers", "networks", "need", "have", "reason"];

    /// Rows of `unusable.csv`, one for each thing that is lacking: `dataflow`, or a buffer with the bytes that the
    /// layer needs and the bytes that there are.
    pub(crate) fn rows(&self) -> impl Iterator<Item = [String; 10]> {
        self.lacks.iter().map(|lack| {
            let Lack { reason, layer, network, layers, networks } = lack;
            let [lacks, need, have] = match reason {
                Reason::Unsuited(_) => ["dataflow".to_string(), String::new(), String::new()],
                Reason::TooSmall(Shortage { buffer, need, have }) => {
                    [buffer.name().to_string(), need.to_string(), have.to_string()]
                }
            };
            let [dataflow, accelerator, layer, network] =
                [&self.dataflow, &self.accelerator, layer, network].map(String::clone);
            let [layers, networks] = [layers, networks].map(ToString::to_string);
            [dataflow, accelerator, lacks, layer, network, layers, networks, need, have, reason.to_string()]
        })
    }

    /// A sentence with everything that it lacks.
    pub fn reason(&self) -> String {
        let lacks: Vec<String> = self.lacks.iter().map(ToString::to_string).collect();
        lacks.join("; ")
    }

    /// The largest of the needed sizes of buffers, as a multiple of their sizes; infinite if larger buffers would not
    /// help.
    pub(crate) fn excess(&self) -> f64 {
        self.lacks.iter().map(|lack| lack.reason.excess()).fold(0.0, f64::max)
    }

    /// The design that lacks least.
    pub(crate) fn nearest<'a>(all: impl IntoIterator<Item = &'a Unusable>) -> Option<&'a Unusable> {
        all.into_iter().min_by(|a, b| a.excess().total_cmp(&b.excess()))
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
    /// Networks whose cycles do not fit 64 bits.
    pub overflows: Vec<usize>,
}

impl Failed<'_> {
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty() && self.overflows.is_empty()
    }

    /// The networks that cannot run, in order.
    pub fn networks(&self, workload: &Workload) -> Vec<usize> {
        let fails = with_any(workload, self.layers.iter().map(|(layer, _)| *layer));
        let all = 0..workload.networks().len();
        all.filter(|network| fails[*network] || self.overflows.binary_search(network).is_ok()).collect()
    }
}

/// Which networks have any of these layers.
fn with_any(workload: &Workload, layers: impl Iterator<Item = LayerId>) -> Vec<bool> {
    let mut among = vec![false; workload.layers().len()];
    layers.for_each(|layer| among[layer.0] = true);
    workload.sequences().map(|layers| layers.iter().any(|layer| among[*layer as usize])).collect()
}

/// Why some networks cannot run on a design.
pub(super) struct Why<'a> {
    pub campaign: &'a Campaign,
    pub design: DesignId,
    pub failed: &'a Failed<'a>,
}

impl Why<'_> {
    /// The reasons in words. `networks` is the number of networks that cannot run.
    pub fn unusable(&self, networks: usize) -> Unusable {
        let Design { dataflow, accelerator, .. } = self.campaign.designs.design(self.design);
        let mut lacks: Vec<Lack> = self.unsuited().into_iter().collect();
        lacks.extend(Buffer::ALL.into_iter().filter_map(|buffer| self.too_small(buffer)));
        lacks.extend(self.overflow());
        lacks.sort_by(|a, b| b.reason.excess().total_cmp(&a.reason.excess()));
        Unusable { dataflow, accelerator, networks, lacks }
    }

    /// Layers that the dataflow does not suit.
    fn unsuited(&self) -> Option<Lack> {
        let unsuited = self.failed.layers.iter().filter_map(|(layer, refusal)| match refusal {
            Refusal::Unsuited(error) => Some((*layer, *error)),
            Refusal::TooSmall(_) => None,
        });
        let all: Vec<LayerId> = unsuited.clone().map(|(layer, _)| layer).collect();
        let (first, error) = unsuited.into_iter().next()?;
        Some(self.lack(first, &all, Reason::Unsuited(error.to_string())))
    }

    /// Layers that need more of a buffer than there is.
    fn too_small(&self, buffer: Buffer) -> Option<Lack> {
        let short = self.failed.layers.iter().filter_map(|(layer, refusal)| match refusal {
            Refusal::TooSmall(short) => Some((*layer, *short.iter().find(|shortage| shortage.buffer == buffer)?)),
            Refusal::Unsuited(_) => None,
        });
        let short: Vec<(LayerId, Shortage)> = short.collect();
        let all: Vec<LayerId> = short.iter().map(|(layer, _)| *layer).collect();
        // Of the layers that need the most, the first.
        let (layer, most) = *short.iter().rev().max_by_key(|(_, shortage)| shortage.need)?;
        Some(self.lack(layer, &all, Reason::TooSmall(most)))
    }

    /// Networks whose cycles exceed 64 bits, although those of each layer do not.
    fn overflow(&self) -> Option<Lack> {
        let first = *self.failed.overflows.first()?;
        let layer = LayerId(*self.campaign.workload.sequences().nth(first)?.first()? as usize);
        let reason = Reason::Unsuited(Error::Overflow { level: 1 }.to_string());
        let lack = self.lack(layer, &[layer], reason);
        let network = self.campaign.workload.networks()[first].clone();
        Some(Lack { network, networks: self.failed.overflows.len(), ..lack })
    }

    fn lack(&self, layer: LayerId, all: &[LayerId], reason: Reason) -> Lack {
        let workload = &self.campaign.workload;
        let with = |layers: &[LayerId]| with_any(workload, layers.iter().copied());
        let network = with(&[layer]).iter().position(|has| *has);
        Lack {
            reason,
            layer: kind_and_shape(&workload.layers()[layer.0]),
            network: network.map_or(String::new(), |network| workload.networks()[network].clone()),
            layers: all.len(),
            networks: with(all).iter().filter(|has| **has).count(),
        }
    }
}
