//! The best mapping of each layer of a network.

use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use super::feasible::{self, Impossible};
use super::frozen::Frozen;
use super::{Answer, Figures, Objective, Task, best};
use crate::Layer;
use crate::host::alike;
use crate::host::network::{NamedLayer, Network};
use crate::host::outline::{self, Outlines};
use crate::host::platform::Platform;

/// What is asked for each layer.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is minimized.
    pub objective: Objective,
    /// What each layer may come to at most.
    pub limits: Figures,
    /// Levels that a mapping has at most, 1 or 2.
    pub levels: usize,
    /// What is held fixed, of layers that one of them suits; for the others nothing is.
    pub frozen: Outlines,
    /// Whether tiles along dimensions over space may be of any size.
    pub any_tile: bool,
    /// Mappings of a distinct layer that are costed at most.
    pub budget: u64,
    /// How long the search for a distinct layer may take.
    pub time: Option<Duration>,
}

/// The answers for a network.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// Those of its distinct layers.
    pub answers: Vec<Answer>,
    /// For each layer of the network, the place of its answer.
    pub places: Vec<usize>,
}

/// Why a layer has no mapping: told before any search.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("layer {layer}: {why}")]
pub struct Refusal {
    /// The first layer of its shape.
    pub layer: String,
    /// Why.
    pub why: Why,
}

/// Why a layer has no mapping.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Why {
    /// What is frozen is no part of a mapping of it.
    #[error("what is frozen does not suit it: {0}")]
    Frozen(String),
    /// Nothing that is within buffers and limits.
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

/// Maps every layer of a network, distinct ones at the same time; the answers do not depend on the number of threads.
///
/// # Errors
/// Layers that have no mapping, where that is known at once.
pub fn map(network: &Network, platform: &Platform, request: &Request) -> Result<Mapped, Vec<Refusal>> {
    // Whatever their own dataflows are.
    let groups = alike::groups(network.layers.iter().map(|named| named.layer));
    let places = alike::places(&groups, network.layers.len());
    let energies = platform.scaled_energies();
    let Request { objective, limits, levels, ref frozen, any_tile, budget, time } = *request;
    let hardware = &platform.hardware;
    let (mut searches, mut refused) = (Vec::new(), Vec::new());
    for group in &groups {
        let named = &network.layers[group[0]];
        match self::frozen(frozen, &named.layer, hardware.pes()) {
            Ok(frozen) => searches.push((named, frozen)),
            Err(why) => refused.push(Refusal { layer: named.name.clone(), why: Why::Frozen(why) }),
        }
    }
    let tasks: Vec<(&str, Task<'_>)> = searches
        .iter()
        .map(|(named, frozen)| {
            let (layer, energies, frozen) = (&named.layer, &energies, frozen.as_ref());
            let task = Task { layer, hardware, energies, objective, limits, levels, frozen, any_tile, budget, time };
            (named.name.as_str(), task)
        })
        .collect();
    refused.extend(tasks.iter().filter_map(|(name, task)| {
        let why = feasible::check(task).err()?.into();
        Some(Refusal { layer: name.to_string(), why })
    }));
    if !refused.is_empty() {
        return Err(refused);
    }
    let answers = tasks.par_iter().map(|(_, task)| best(task)).collect();
    Ok(Mapped { answers, places })
}

/// What is frozen of a layer, if anything is.
fn frozen(all: &Outlines, layer: &Layer, pes: u32) -> Result<Option<Frozen>, String> {
    outline::for_layer(all, layer).map(|outline| Frozen::new(outline, layer, pes)).transpose()
}

impl Mapped {
    /// The network with the mapping that was found for each layer.
    ///
    /// # Errors
    /// The layers for which none was.
    pub fn network(&self, network: &Network) -> Result<Network, Vec<String>> {
        let dataflows: Vec<_> = self
            .answers
            .iter()
            .map(|answer| answer.found.as_ref().map(|found| Arc::new(found.dataflow.clone())))
            .collect();
        let mut layers = Vec::with_capacity(network.layers.len());
        let mut without = Vec::new();
        for (named, &place) in network.layers.iter().zip(&self.places) {
            match &dataflows[place] {
                None => without.push(named.name.clone()),
                dataflow => layers.push(NamedLayer { dataflow: dataflow.clone(), ..named.clone() }),
            }
        }
        if without.is_empty() { Ok(Network { name: network.name.clone(), layers }) } else { Err(without) }
    }
}
