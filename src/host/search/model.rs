//! The cost model, asked as rarely as possible.
//!
//! By the exact model each layer is costed once under the same directives on the same accelerator (see `prices`). By the
//! reference's, a walk over the cases of a mapped layer is what costs time. [`Model`] takes one only where no walk before it tells the
//! same: for another bandwidth, for another layer that is cut into the same tiles, for an array of which the same part is at
//! work (see [`Steps`]). Everything else is a sum of known steps, exact to the last bit.

use std::collections::HashMap;
use std::rc::Rc;

use super::prices::Prices;
use crate::host::campaign::{Campaign, Costing, Objective};
use crate::host::costs::Shortage;
use crate::maestro::Mapping;
use crate::maestro::{Steps, StepsKey};
use crate::{Energy, EnergyTable, Error, Hardware, Layer};

/// What a layer costs on a design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerFigures {
    /// Cycles.
    pub cycles: u64,
    /// nJ by where they go.
    pub energy: Energy,
    /// Bytes of L1 in each PE: as much as the layer needs, or, by the exact model, the accelerator's own.
    pub l1_bytes: u64,
    /// Bytes of L2, likewise.
    pub l2_bytes: u64,
    /// Place of the dataflow that the layer takes.
    pub dataflow: usize,
}

impl LayerFigures {
    /// nJ.
    pub fn nj(&self) -> f64 {
        self.energy.total()
    }

    fn objectives(&self, objective: Objective) -> (f64, f64) {
        objective.of(self.cycles, self.nj())
    }
}

/// A layer mapped by a dataflow onto an array of some number of PEs.
struct Mapped {
    mapping: Mapping,
    occurrences: Vec<i64>,
    /// Place in `steps`.
    key: usize,
}

/// A mapped layer whose steps are known: what does not depend on bandwidths.
#[derive(Clone, Copy)]
struct Told {
    key: usize,
    energy: Energy,
    l1_bytes: u64,
    l2_bytes: u64,
}

enum Piece {
    Mapped(Box<Mapped>),
    Told(Rc<[i64]>, Told),
    Unsuited,
}

/// What is known of a layer on a design.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Unknown,
    Unsuited,
    Known(LayerFigures),
}

/// The costs of layers on designs, with every walk remembered.
pub struct Model<'a> {
    campaign: &'a Campaign,
    energies: EnergyTable,
    layers: Vec<Layer>,
    places: HashMap<Layer, usize>,
    /// Of each dataflow and number of PEs, the layers by their places.
    groups: HashMap<(usize, u32), Vec<Option<Piece>>>,
    keys: HashMap<StepsKey, usize>,
    steps: Vec<Option<Result<Steps, Error>>>,
    walks: usize,
    /// By the exact model, instead of all of these.
    prices: Option<Prices>,
}

impl<'a> Model<'a> {
    /// The dataflows and energies of a campaign; nothing is known yet. A campaign whose energies depend on the order of
    /// layers gets the reference's energies of single layers.
    pub fn new(campaign: &'a Campaign) -> Model<'a> {
        let (energies, prices) = match campaign.costing {
            Costing::Exact(energies) => (energies, Some(Prices::new(energies, campaign))),
            Costing::Maestro(energies) => (energies, None),
            Costing::MaestroCsv => (EnergyTable::REFERENCE, None),
        };
        let (layers, places) = (Vec::new(), HashMap::new());
        let (groups, keys) = (HashMap::new(), HashMap::new());
        Model { campaign, energies, layers, places, groups, keys, steps: Vec::new(), walks: 0, prices }
    }

    /// Place of a layer, by which it is asked for.
    pub fn place(&mut self, layer: &Layer) -> usize {
        let next = self.layers.len();
        let place = *self.places.entry(*layer).or_insert(next);
        if place == next {
            self.layers.push(*layer);
        }
        place
    }

    /// Evaluations of the cost model so far: costs of a layer by the exact one, walks over the cases of a mapped layer by
    /// the reference's.
    pub fn walks(&self) -> usize {
        self.prices.as_ref().map_or(self.walks, Prices::evaluations)
    }

    /// By the exact model: the buffer that a layer exceeds most, if it has been costed on the design and exceeds one; under
    /// `mixed` by the dataflow that exceeds its buffers least.
    pub(super) fn shortage(&self, layer: usize, dataflow: usize, hardware: &Hardware) -> Option<Shortage> {
        let prices = self.prices.as_ref()?;
        let dataflows = if dataflow == self.campaign.dataflows.len() { 0..dataflow } else { dataflow..dataflow + 1 };
        let short = dataflows.filter_map(|dataflow| prices.shortage(layer, dataflow, hardware));
        short.min_by(|a, b| a.excess().total_cmp(&b.excess()))
    }

    /// What a layer costs under a dataflow (one more than there are for `mixed`) on an accelerator, whatever that takes;
    /// `None` where it cannot be costed.
    pub fn cost(&mut self, layer: usize, dataflow: usize, hardware: &Hardware) -> Option<LayerFigures> {
        loop {
            match self.state(layer, dataflow, hardware) {
                State::Known(figures) => return Some(figures),
                State::Unsuited => return None,
                State::Unknown => self.walk(layer, dataflow, hardware),
            }
        }
    }

    /// What is known of a layer under a dataflow, without a walk.
    pub(super) fn state(&mut self, layer: usize, dataflow: usize, hardware: &Hardware) -> State {
        let Some(objective) = self.campaign.mixed.filter(|_| dataflow == self.campaign.dataflows.len()) else {
            return self.replay(layer, dataflow, hardware);
        };
        let mut best: Option<LayerFigures> = None;
        for dataflow in 0..dataflow {
            match self.replay(layer, dataflow, hardware) {
                State::Unknown => return State::Unknown,
                State::Unsuited => (),
                State::Known(figures) => {
                    let less = |other: LayerFigures| figures.objectives(objective) < other.objectives(objective);
                    // The first of equal ones.
                    if best.is_none_or(less) {
                        best = Some(figures);
                    }
                }
            }
        }
        best.map_or(State::Unsuited, State::Known)
    }

    /// Learns what a layer costs under a dataflow on an accelerator.
    pub(super) fn walk(&mut self, layer: usize, dataflow: usize, hardware: &Hardware) {
        let pes = hardware.pes();
        let dataflows = if dataflow == self.campaign.dataflows.len() { 0..dataflow } else { dataflow..dataflow + 1 };
        for dataflow in dataflows {
            if let Some(prices) = &mut self.prices {
                prices.learn(self.campaign, (layer, &self.layers[layer]), dataflow, hardware);
                continue;
            }
            let Piece::Mapped(mapped) = self.piece(layer, dataflow, pes) else { continue };
            let (key, mapping) = (mapped.key, mapped.mapping.clone());
            if self.steps[key].is_none() {
                self.steps[key] = Some(mapping.steps());
                self.walks += 1;
            }
        }
    }

    /// What a layer costs under a dataflow of its own on an accelerator, by steps that are known.
    fn replay(&mut self, layer: usize, dataflow: usize, hardware: &Hardware) -> State {
        if let Some(prices) = &mut self.prices {
            return prices.state(self.campaign, (layer, &self.layers[layer]), dataflow, hardware);
        }
        self.tell(layer, dataflow, hardware.pes());
        match self.groups.get(&(dataflow, hardware.pes())).and_then(|pieces| pieces[layer].as_ref()) {
            Some(Piece::Told(occurrences, told)) => match &self.steps[told.key] {
                Some(Ok(steps)) => match steps.cycles(occurrences, hardware) {
                    Ok(cycles) => {
                        let Told { energy, l1_bytes, l2_bytes, .. } = *told;
                        State::Known(LayerFigures { cycles, energy, l1_bytes, l2_bytes, dataflow })
                    }
                    Err(_) => State::Unsuited,
                },
                _ => State::Unsuited,
            },
            Some(Piece::Unsuited) => State::Unsuited,
            _ => State::Unknown,
        }
    }

    /// Turns a mapped layer whose steps have become known into what they tell.
    fn tell(&mut self, layer: usize, dataflow: usize, pes: u32) {
        let energies = self.energies;
        let Piece::Mapped(mapped) = self.piece(layer, dataflow, pes) else { return };
        let (key, has_macs) = (mapped.key, mapped.mapping.layer().kind().has_macs());
        let told = match &self.steps[key] {
            None => return,
            Some(Err(_)) => None,
            Some(Ok(steps)) => match &self.groups[&(dataflow, pes)][layer] {
                Some(Piece::Mapped(mapped)) => {
                    let traffic = steps.traffic(&mapped.mapping, &mapped.occurrences).ok();
                    traffic.map(|traffic| {
                        let energy = traffic.energy(&energies, has_macs);
                        let (l1_bytes, l2_bytes) = (traffic.l1_total(), traffic.l2_total());
                        let told = Told { key, energy, l1_bytes, l2_bytes };
                        (Rc::from(mapped.occurrences.as_slice()), told)
                    })
                }
                _ => return,
            },
        };
        let piece = told.map_or(Piece::Unsuited, |(occurrences, told)| Piece::Told(occurrences, told));
        if let Some(pieces) = self.groups.get_mut(&(dataflow, pes)) {
            pieces[layer] = Some(piece);
        }
    }

    /// A layer under a dataflow on so many PEs. Mapping it is no walk.
    fn piece(&mut self, layer: usize, dataflow: usize, pes: u32) -> &Piece {
        let (layers, campaign) = (&self.layers, self.campaign);
        let (keys, steps) = (&mut self.keys, &mut self.steps);
        let group = self.groups.entry((dataflow, pes)).or_default();
        if group.len() < layers.len() {
            group.resize_with(layers.len(), || None);
        }
        group[layer].get_or_insert_with(|| {
            let shape = &layers[layer];
            let mapping = campaign
                .directives_of(dataflow, shape, pes)
                .and_then(|directives| Mapping::new(shape, &directives, pes))
                .and_then(|mapping| Ok((mapping.occurrences()?, mapping)));
            let Ok((occurrences, mapping)) = mapping else { return Piece::Unsuited };
            let next = steps.len();
            let key = *keys.entry(mapping.steps_key()).or_insert(next);
            if key == next {
                steps.push(None);
            }
            Piece::Mapped(Box::new(Mapped { mapping, occurrences, key }))
        })
    }
}
