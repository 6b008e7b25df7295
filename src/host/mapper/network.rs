//! The best mapping of each layer of a network.

use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use super::{Answer, Figures, Objective, Task, best};
use crate::host::alike;
use crate::host::network::{NamedLayer, Network};
use crate::host::platform::Platform;

/// What is asked for each layer.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// What is minimized.
    pub objective: Objective,
    /// What each layer may come to at most.
    pub limits: Figures,
    /// Levels that a mapping has at most, 1 or 2.
    pub levels: usize,
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

/// Maps every layer of a network, distinct ones at the same time; the answers do not depend on the number of threads.
pub fn map(network: &Network, platform: &Platform, request: &Request) -> Mapped {
    // Whatever their own dataflows are.
    let groups = alike::groups(network.layers.iter().map(|named| named.layer));
    let places = alike::places(&groups, network.layers.len());
    let energies = platform.scaled_energies();
    let Request { objective, limits, levels, any_tile, budget, time } = *request;
    let hardware = &platform.hardware;
    let task = |layer| Task { layer, hardware, energies: &energies, objective, limits, levels, any_tile, budget, time };
    let answers = groups.par_iter().map(|group| best(&task(&network.layers[group[0]].layer))).collect();
    Mapped { answers, places }
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
