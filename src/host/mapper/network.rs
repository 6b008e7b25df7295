//! The best mapping of each layer of a network.

use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::feasible::{self, Impossible};
use super::frozen::Frozen;
use super::journal::{Journal, JournalError};
use super::{Answer, Figures, Objective, Task, best};
use crate::EnergyTable;
use crate::host::alike;
use crate::host::directory::checksum;
use crate::host::network::{NamedLayer, Network};
use crate::host::outline::{self, Outlines};
use crate::host::platform::Platform;
use crate::host::shard::Shard;

/// What is searched for in each layer.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is minimized.
    pub objective: Objective,
    /// Figures that the mapping of a layer must not exceed.
    pub limits: Figures,
    /// The maximum number of levels of a mapping, 1 to 3.
    pub levels: usize,
    /// The fixed parts of mappings, for the layers that one of them suits. For the others nothing is fixed.
    pub frozen: Outlines,
    /// Whether tiles along dimensions over space may be of any size.
    pub any_tile: bool,
    /// The maximum number of mappings that are costed for a distinct layer.
    pub budget: u64,
    /// The time limit of the search for a distinct layer.
    pub time: Option<Duration>,
    /// The tolerance as a fraction: see [`Task::gap`].
    pub gap: f64,
}

/// The answers for a network.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// The answers for its distinct layers.
    pub answers: Vec<Answer>,
    /// For each layer of the network, the index of its answer.
    pub places: Vec<usize>,
}

/// A layer that has no mapping, as found before any search.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("layer {layer}: {why}")]
pub struct Refusal {
    /// The name of the first layer with this shape.
    pub layer: String,
    /// Why.
    pub why: Why,
}

/// Why a layer has no mapping.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Why {
    /// The frozen dataflow does not suit the layer.
    #[error("what is frozen does not suit it: {0}")]
    Frozen(String),
    /// No mapping is within buffers and limits.
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

/// A search for the mappings of a network, after it was checked that it is possible.
#[derive(Debug)]
pub struct Search<'a> {
    /// The first layer of each shape, and what is frozen for it.
    layers: Vec<(&'a NamedLayer, Option<Frozen>)>,
    places: Vec<usize>,
    energies: EnergyTable,
    platform: &'a Platform,
    request: &'a Request,
}

impl<'a> Search<'a> {
    /// Checks the request.
    ///
    /// # Errors
    /// The layers that have no mapping, as far as that is known without a search.
    pub fn new(network: &'a Network, platform: &'a Platform, request: &'a Request) -> Result<Search<'a>, Vec<Refusal>> {
        // Layers are compared without their dataflows, which are replaced.
        let groups = alike::groups(network.layers.iter().map(|named| named.layer));
        let places = alike::places(&groups, network.layers.len());
        let (energies, pes) = (platform.scaled_energies(), platform.hardware.pes());
        let mut search = Search { layers: Vec::new(), places, energies, platform, request };
        let mut refused = Vec::new();
        for group in &groups {
            let named = &network.layers[group[0]];
            let outline = outline::for_layer(&request.frozen, &named.layer);
            let checked = match outline.map(|outline| Frozen::new(outline, &named.layer, pes)).transpose() {
                Ok(frozen) => {
                    let checked = feasible::check(&search.task(named, frozen.as_ref()));
                    search.layers.push((named, frozen));
                    checked.map_err(Why::from)
                }
                Err(why) => Err(Why::Frozen(why)),
            };
            refused.extend(checked.err().map(|why| Refusal { layer: named.name.clone(), why }));
        }
        if refused.is_empty() { Ok(search) } else { Err(refused) }
    }

    fn task<'b>(&'b self, named: &'b NamedLayer, frozen: Option<&'b Frozen>) -> Task<'b> {
        let Request { objective, limits, levels, any_tile, budget, time, gap, .. } = *self.request;
        let (layer, hardware, energies) = (&named.layer, &self.platform.hardware, &self.energies);
        Task { layer, hardware, energies, objective, limits, levels, frozen, any_tile, budget, time, gap }
    }

    /// The number of distinct layers.
    pub fn layers(&self) -> usize {
        self.layers.len()
    }

    /// Parameters that identify the search, for its journal.
    pub fn parameters(&self) -> Value {
        let crc = |of: String| checksum(of.as_bytes());
        let Request { objective, limits, levels, ref frozen, any_tile, budget, time, gap } = *self.request;
        let layers: Vec<_> = self.layers.iter().map(|(named, _)| named.layer).collect();
        json!({
            "maestrino": env!("CARGO_PKG_VERSION"),
            "layers_crc32": crc(format!("{layers:?}")),
            "accelerator_crc32": crc(format!("{:?}", self.platform.hardware)),
            "energies_crc32": crc(format!("{:?}", self.energies)),
            "objective": objective.name(),
            "limits": format!("{limits:?}"),
            "levels": levels,
            "frozen_crc32": crc(format!("{frozen:?}")),
            "any_tile": any_tile,
            "budget": budget,
            "seconds": time.map(|time| time.as_secs_f64()),
            "gap": gap,
        })
    }

    /// Maps every layer of the network, distinct layers in parallel; the answers do not depend on the number of
    /// threads. Layers that the journal has are not searched again, and new answers are added to it.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub fn run(&self, journal: Option<&Journal>) -> Result<Mapped, JournalError> {
        let places = (0..self.layers.len()).into_par_iter();
        let answers = places.map(|place| self.answer(place, journal)).collect::<Result<_, _>>()?;
        Ok(Mapped { answers, places: self.places.clone() })
    }

    /// Maps a shard of the distinct layers, and keeps the answers in the journal.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub fn run_shard(&self, journal: &Journal, shard: Shard) -> Result<(), JournalError> {
        let places = (0..self.layers.len()).into_par_iter().filter(|place| shard.takes(*place));
        places.map(|place| self.answer(place, Some(journal)).map(drop)).collect()
    }

    /// The answer for a distinct layer.
    fn answer(&self, place: usize, journal: Option<&Journal>) -> Result<Answer, JournalError> {
        let (named, frozen) = &self.layers[place];
        let task = self.task(named, frozen.as_ref());
        if let Some(known) = journal.and_then(|journal| journal.answer(place, &task)) {
            return Ok(known);
        }
        let answer = best(&task);
        journal.map_or(Ok(()), |journal| journal.keep(place, &answer))?;
        Ok(answer)
    }
}

impl Mapped {
    /// The network with the mapping that was found for each layer.
    ///
    /// # Errors
    /// The names of the layers for which no mapping was found.
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
