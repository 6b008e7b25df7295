//! The exact model, asked once for each layer under the same directives on the same accelerator.

use std::collections::HashMap;

use super::model::{LayerFigures, State};
use crate::host::campaign::Campaign;
use crate::host::campaign::exact::{Price, Refusal, price};
use crate::host::costs::Shortage;
use crate::{Dataflow, EnergyTable, Hardware, Layer};

/// Costs of layers on designs. A layer is given by its place and itself.
pub(super) struct Prices {
    energies: EnergyTable,
    /// Of a layer under a dataflow on an accelerator, its place in `prices`; none where the dataflow does not suit it.
    places: HashMap<(usize, usize, Hardware), Option<usize>>,
    /// Of a layer on an accelerator, the directives and their places in `prices`.
    directives: HashMap<(usize, Hardware), Vec<(Dataflow, usize)>>,
    /// Those that have been worked out.
    prices: Vec<Option<Result<Price, Refusal>>>,
    evaluations: usize,
}

impl Prices {
    /// Nothing is known yet.
    pub fn new(energies: EnergyTable) -> Prices {
        let (places, directives) = (HashMap::new(), HashMap::new());
        Prices { energies, places, directives, prices: Vec::new(), evaluations: 0 }
    }

    /// How many costs of a layer have been worked out.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// Where the price of a layer is, or is to be: the same for dataflows that give it the same directives.
    fn place(
        &mut self,
        campaign: &Campaign,
        layer: (usize, &Layer),
        dataflow: usize,
        hardware: &Hardware,
    ) -> Option<usize> {
        if let Some(place) = self.places.get(&(layer.0, dataflow, *hardware)) {
            return *place;
        }
        let place = campaign.directives_of(dataflow, layer.1, hardware.pes()).ok().map(|directives| {
            let known = self.directives.entry((layer.0, *hardware)).or_default();
            match known.iter().find(|(other, _)| *other == directives) {
                Some((_, place)) => *place,
                None => {
                    known.push((directives, self.prices.len()));
                    self.prices.push(None);
                    self.prices.len() - 1
                }
            }
        });
        self.places.insert((layer.0, dataflow, *hardware), place);
        place
    }

    /// Works out what a layer costs, unless that is known.
    pub fn learn(&mut self, campaign: &Campaign, layer: (usize, &Layer), dataflow: usize, hardware: &Hardware) {
        let Some(place) = self.place(campaign, layer, dataflow, hardware) else { return };
        let known = &self.directives[&(layer.0, *hardware)];
        let directives = known.iter().find(|(_, other)| *other == place).map(|(directives, _)| directives);
        if let (None, Some(directives)) = (&self.prices[place], directives) {
            self.prices[place] = Some(price(layer.1, directives, hardware, &self.energies));
            self.evaluations += 1;
        }
    }

    /// What is known of a layer.
    pub fn state(
        &mut self,
        campaign: &Campaign,
        layer: (usize, &Layer),
        dataflow: usize,
        hardware: &Hardware,
    ) -> State {
        match self.place(campaign, layer, dataflow, hardware).map(|place| &self.prices[place]) {
            None | Some(Some(Err(_))) => State::Unsuited,
            Some(None) => State::Unknown,
            Some(Some(Ok(price))) => {
                let Price { cycles, energy, l1_bytes, l2_bytes } = *price;
                State::Known(LayerFigures { cycles, energy, l1_bytes, l2_bytes, dataflow })
            }
        }
    }

    /// The buffer that a layer exceeds most, if it is known to exceed one.
    pub fn shortage(&self, layer: usize, dataflow: usize, hardware: &Hardware) -> Option<Shortage> {
        let place = (*self.places.get(&(layer, dataflow, *hardware))?)?;
        match &self.prices[place] {
            Some(Err(Refusal::TooSmall(short))) => {
                short.iter().copied().max_by(|a, b| a.excess().total_cmp(&b.excess()))
            }
            _ => None,
        }
    }
}
