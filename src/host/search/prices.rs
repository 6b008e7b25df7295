//! The exact model, asked once for each layer under the same directives on accelerators that differ in speeds alone.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{LayerFigures, State};
use crate::host::campaign::Campaign;
use crate::host::costs::Shortage;
use crate::host::pricing::{Counted, Price, Refusal};
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
    /// The accelerators of a campaign by what they are counted as.
    groups: HashMap<Hardware, Arc<[Hardware]>>,
    evaluations: usize,
}

impl Prices {
    /// Nothing is known yet of the designs of a campaign.
    pub fn new(energies: EnergyTable, campaign: &Campaign) -> Prices {
        let (places, directives) = (HashMap::new(), HashMap::new());
        let mut groups: HashMap<Hardware, Vec<Hardware>> = HashMap::new();
        for accelerator in &campaign.accelerators {
            groups.entry(accelerator.hardware.counted()).or_default().push(accelerator.hardware);
        }
        let groups = groups.into_iter().map(|(counted, alike)| (counted, alike.into())).collect();
        Prices { energies, places, directives, prices: Vec::new(), groups, evaluations: 0 }
    }

    /// How many layers have been counted.
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

    /// Counts a layer, unless that is done, and tells what it costs on all accelerators that differ in speeds alone.
    pub fn learn(&mut self, campaign: &Campaign, layer: (usize, &Layer), dataflow: usize, hardware: &Hardware) {
        let Some(place) = self.place(campaign, layer, dataflow, hardware) else { return };
        if self.prices[place].is_some() {
            return;
        }
        let known = &self.directives[&(layer.0, *hardware)];
        let Some((directives, _)) = known.iter().find(|(_, other)| *other == place) else { return };
        let counted = Counted::new(layer.1, directives, hardware);
        self.evaluations += 1;
        let alike = self.groups.get(&hardware.counted()).cloned().unwrap_or_else(|| Arc::new([*hardware]));
        let others = alike.iter().filter(|other| *other != hardware);
        for hardware in others.chain([hardware]) {
            let price = match &counted {
                Ok(counted) => counted.price(hardware, &self.energies),
                Err(error) => Err(Refusal::Unsuited(*error)),
            };
            if let Some(place) = self.place(campaign, layer, dataflow, hardware) {
                self.prices[place] = Some(price);
            }
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
