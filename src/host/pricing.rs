//! Prices of layers on designs, by either model, for campaigns and searches.
//!
//! ```text
//! layer, directives, PEs ─> Mapped ─> key ─> steps (one walk for each key) ─┬─> Footprint: energy and needs
//!                                                                           └─> cycles, accelerator by accelerator
//! ```
//!
//! Most of the time goes into walks over the steps of a mapped layer. Layers with equal [keys](Mapped::Key) have the
//! same steps and share a walk. Its steps are replayed for every bandwidth, and for every number of times that steps
//! are taken. [`price_all`] prices many layers at once, [`Memory`] one after the other.

pub(crate) mod exact;
pub(crate) mod maestro;
mod memory;
mod whole;

use std::hash::Hash;
use std::sync::Arc;

use rayon::prelude::*;

use crate::exact::Needs;
use crate::hardware::UNLIMITED;
use crate::host::alike;
use crate::host::cost_table::{CostModel, Costing, LayerFigures, Shortage};
use crate::host::ids::DataflowId;
use crate::maestro::Traffic;
use crate::{Dataflow, Energy, EnergyTable, Error, Hardware, Layer};

pub(crate) use memory::{Asked, Memory, memory};
pub(crate) use whole::Walked;

/// Why a layer cannot run on a design.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    Unsuited(Error),
    /// The buffers that are too small, at least one.
    TooSmall(Vec<Shortage>),
}

/// Costs of a layer that are the same on all accelerators with the same steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Footprint {
    pub energy: Energy,
    pub needs: Needs,
    /// The traffic and the number of levels of the dataflow, in the reference's model.
    pub traffic: Option<(Traffic, u8)>,
}

/// What a layer costs on a design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Price {
    pub cycles: u64,
    pub energy: Energy,
    /// Bytes of L1 and L2, see [`Footprint::price`].
    pub l1_bytes: u64,
    pub l2_bytes: u64,
}

impl Footprint {
    /// The price on an accelerator. In the exact model, buffers have the accelerator's sizes; if they have no limit,
    /// or in the reference's model, they are as large as needed.
    pub fn price(&self, cycles: u64, hardware: &Hardware) -> Price {
        let size = |given: u32, need: u64| match self.traffic {
            None if given != UNLIMITED => given.into(),
            _ => need,
        };
        Price {
            cycles,
            energy: self.energy,
            l1_bytes: size(hardware.l1_bytes(), self.needs.l1),
            l2_bytes: size(hardware.l2_bytes(), self.needs.l2),
        }
    }
}

impl Price {
    /// The price with the dataflow that the layer takes.
    pub fn under(self, dataflow: DataflowId) -> LayerFigures {
        let Price { cycles, energy, l1_bytes, l2_bytes } = self;
        LayerFigures { cycles, energy, l1_bytes, l2_bytes, dataflow }
    }
}

/// Cycles of a layer on several accelerators with the same steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lanes {
    /// Cycles; 0 if the layer cannot run.
    pub cycles: Vec<u64>,
    /// Why the layer cannot run, with the place of the accelerator, in ascending order.
    pub refusals: Vec<(usize, Refusal)>,
}

impl Lanes {
    /// Empty, with room for this number of accelerators.
    fn with_room(accelerators: usize) -> Lanes {
        Lanes { cycles: Vec::with_capacity(accelerators), refusals: Vec::new() }
    }

    fn push(&mut self, cycles: Result<u64, Refusal>) {
        let cycles = cycles.unwrap_or_else(|refusal| {
            self.refusals.push((self.cycles.len(), refusal));
            0
        });
        self.cycles.push(cycles);
    }

    /// Cycles on the accelerator in this place.
    pub fn get(&self, place: usize) -> Result<u64, &Refusal> {
        match self.refusals.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(found) => Err(&self.refusals[found].1),
            Err(_) => Ok(self.cycles[place]),
        }
    }
}

/// A layer mapped by directives, from which a walk over its steps starts. Mapping takes no walk.
pub(crate) trait Mapped: Sized + Send + Sync {
    /// Layers with equal keys have the same steps.
    type Key: Eq + Hash + Send + Sync;
    /// The result of a walk.
    type Steps: Send + Sync;

    fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, costing: &Costing) -> Result<Self, Error>;

    fn key(&self) -> Self::Key;

    fn walk(&self) -> Result<Self::Steps, Error>;

    /// Energy and needs, from its steps.
    fn price(&self, steps: &Self::Steps, energies: &EnergyTable) -> Result<Footprint, Error>;

    /// Cycles of several mapped layers that share `steps`, on accelerators that agree in what is counted: one result
    /// for each layer.
    fn play(alike: &[&Self], steps: &Self::Steps, hardware: &[Hardware]) -> Vec<Lanes>;
}

/// The part of an accelerator that the steps of layers depend on; everything else has a fixed value.
pub(crate) fn counted(model: CostModel, hardware: &Hardware) -> Hardware {
    match model {
        CostModel::Exact => hardware.counted(),
        // This cannot fail: the number of PEs is that of another accelerator.
        CostModel::Maestro => Hardware::new(hardware.pes()).unwrap_or(*hardware),
    }
}

/// What a layer costs on each of several accelerators, and why it cannot run on others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prices {
    /// `None` if the layer can run on none of them.
    pub footprint: Option<Footprint>,
    pub lanes: Lanes,
}

impl Prices {
    /// Prices of a layer that can run on none of the accelerators.
    pub fn refused(error: Error, accelerators: usize) -> Prices {
        let mut lanes = Lanes::with_room(accelerators);
        (0..accelerators).for_each(|_| lanes.push(Err(Refusal::Unsuited(error))));
        Prices { footprint: None, lanes }
    }

    /// The price on the accelerator in this place; `None` if the layer cannot run there.
    pub fn get(&self, place: usize, hardware: &Hardware) -> Option<Price> {
        Some(self.footprint?.price(self.lanes.get(place).ok()?, hardware))
    }
}

/// Prices layers under directives on accelerators that agree in what is [`counted`].
pub(crate) fn price_all(costing: &Costing, items: &[(Layer, Arc<Dataflow>)], group: &[Hardware]) -> Vec<Prices> {
    match costing.model() {
        CostModel::Exact => price_all_by::<exact::Mapped>(costing, items, group),
        CostModel::Maestro => price_all_by::<maestro::Mapped>(costing, items, group),
    }
}

fn price_all_by<M: Mapped>(costing: &Costing, items: &[(Layer, Arc<Dataflow>)], group: &[Hardware]) -> Vec<Prices> {
    let Some(first) = group.first() else { return Vec::new() };
    let map = |(layer, dataflow): &(Layer, Arc<Dataflow>)| {
        M::of(layer, dataflow, first, costing).map(|mapped| (mapped.key(), mapped))
    };
    let mapped: Vec<_> = items.par_iter().map(map).collect();
    let suited: Vec<(usize, &(M::Key, M))> =
        mapped.iter().enumerate().filter_map(|(place, item)| Some((place, item.as_ref().ok()?))).collect();
    let keys = alike::groups(suited.iter().map(|(_, (key, _))| key));
    let energies = costing.energies();
    let of_key = |places: &Vec<usize>| -> Vec<Prices> {
        let mapped: Vec<&M> = places.iter().map(|&place| &suited[place].1.1).collect();
        let refused = |error: Error| mapped.iter().map(|_| Prices::refused(error, group.len())).collect();
        match mapped[0].walk() {
            Ok(steps) => {
                let played = M::play(&mapped, &steps, group);
                let price = |(mapped, lanes): (&&M, Lanes)| match mapped.price(&steps, &energies) {
                    Ok(footprint) => Prices { footprint: Some(footprint), lanes },
                    Err(error) => Prices::refused(error, group.len()),
                };
                mapped.iter().zip(played).map(price).collect()
            }
            Err(error) => refused(error),
        }
    };
    let priced: Vec<Vec<Prices>> = keys.par_iter().map(of_key).collect();
    let refused = |item: &Result<_, Error>| item.as_ref().err().map(|error| Prices::refused(*error, group.len()));
    let mut all: Vec<Prices> = mapped.iter().map(|item| refused(item).unwrap_or_default()).collect();
    for (&place, prices) in keys.iter().flatten().zip(priced.into_iter().flatten()) {
        all[suited[place].0] = prices;
    }
    all
}
