//! The cost of layers on designs, asked for as rarely as possible.
//!
//! A walk over the steps of a mapped layer is what costs time. [`Memo`] takes one only where no walk before it tells the same:
//! for another bandwidth, by the reference's model also for another layer that is cut into the same tiles, and for an array of
//! which the same part is at work. Everything else plays known steps again, exact to the last bit.

use rustc_hash::FxHashMap;

use crate::host::campaign::{Campaign, DesignId, DesignSpace, Takes};
use crate::host::cost_table::{CostModel, Costing, LayerFigures, Shortage};
use crate::host::ids::{DataflowId, LayerId};
use crate::host::pricing::{Asked, Memory, Price, Refusal, memory};
use crate::{EnergyTable, Layer};

/// What is known of a layer on a design.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Unknown,
    Unsuited,
    Known(LayerFigures),
}

/// The costs of layers on designs, with every walk remembered.
pub struct Memo<'a> {
    designs: &'a DesignSpace,
    layers: Vec<Layer>,
    places: FxHashMap<Layer, LayerId>,
    memory: Box<dyn Memory>,
    model: CostModel,
}

impl<'a> Memo<'a> {
    /// The designs and energies of a campaign; nothing is known yet. A campaign whose energies depend on the order of
    /// layers gets the reference's energies of single layers.
    pub fn new(campaign: &'a Campaign) -> Memo<'a> {
        let costing = match campaign.costing {
            Costing::MaestroCsv => Costing::Maestro(EnergyTable::REFERENCE),
            costing => costing,
        };
        let (layers, places) = (Vec::new(), FxHashMap::default());
        Memo { designs: &campaign.designs, layers, places, memory: memory(costing), model: costing.model() }
    }

    /// Place of a layer, by which it is asked for.
    pub fn place(&mut self, layer: &Layer) -> LayerId {
        let next = LayerId(self.layers.len());
        let place = *self.places.entry(*layer).or_insert(next);
        if place == next {
            self.layers.push(*layer);
        }
        place
    }

    /// Walks over the steps of a mapped layer so far.
    pub fn walks(&self) -> usize {
        self.memory.walks()
    }

    /// By the exact model: the buffer that a layer exceeds most, if it is known to exceed one on a design; under `mixed` by
    /// the dataflow that exceeds its buffers least.
    pub(super) fn shortage(&mut self, layer: LayerId, design: DesignId) -> Option<Shortage> {
        let candidates = self.designs.candidates(design.takes);
        let of = |dataflow| match self.recall(layer, dataflow, design)? {
            Err(Refusal::TooSmall(short)) => short.into_iter().max_by(|a, b| a.excess().total_cmp(&b.excess())),
            _ => None,
        };
        let short = candidates.filter_map(of);
        short.min_by(|a, b| a.excess().total_cmp(&b.excess()))
    }

    /// What a layer costs on a design, whatever that takes; `None` where it cannot run.
    pub fn cost(&mut self, layer: LayerId, design: DesignId) -> Option<LayerFigures> {
        loop {
            match self.state(layer, design) {
                State::Known(figures) => return Some(figures),
                State::Unsuited => return None,
                State::Unknown => self.walk(layer, design),
            }
        }
    }

    /// What is known of a layer on a design, without a walk.
    pub(super) fn state(&mut self, layer: LayerId, design: DesignId) -> State {
        if let Takes::One(dataflow) = design.takes {
            return match self.recall(layer, dataflow, design) {
                None => State::Unknown,
                Some(Err(_)) => State::Unsuited,
                Some(Ok(price)) => State::Known(price.under(dataflow)),
            };
        }
        let objective = self.designs.objective();
        let mut best: Option<LayerFigures> = None;
        for dataflow in self.designs.candidates(design.takes) {
            match self.recall(layer, dataflow, design) {
                None => return State::Unknown,
                Some(Err(_)) => (),
                Some(Ok(price)) => {
                    let figures = price.under(dataflow);
                    let of = |figures: &LayerFigures| objective.of(figures.cycles, figures.nj());
                    // The first of equal ones.
                    if best.is_none_or(|other| of(&figures) < of(&other)) {
                        best = Some(figures);
                    }
                }
            }
        }
        best.map_or(State::Unsuited, State::Known)
    }

    /// Learns what a layer costs on a design.
    pub(super) fn walk(&mut self, layer: LayerId, design: DesignId) {
        for dataflow in self.designs.candidates(design.takes) {
            let hardware = self.designs.hardware(design.accelerator);
            self.ask(layer, dataflow, design, |memory, asked| memory.walk(asked, hardware));
        }
    }

    fn recall(&mut self, layer: LayerId, dataflow: DataflowId, design: DesignId) -> Option<Result<Price, Refusal>> {
        let designs = self.designs;
        self.ask(layer, dataflow, design, |memory, asked| memory.recall(asked, designs.hardware(design.accelerator)))
    }

    fn ask<T>(
        &mut self,
        layer: LayerId,
        dataflow: DataflowId,
        design: DesignId,
        of: impl FnOnce(&mut dyn Memory, &Asked<'_>) -> T,
    ) -> T {
        let (designs, shape) = (self.designs, &self.layers[layer.0]);
        let hardware = designs.hardware(design.accelerator);
        let directives = || designs.directives(dataflow, shape, hardware);
        let counted = designs.counted(dataflow, self.model, hardware);
        of(self.memory.as_mut(), &Asked { layer: (layer, shape), dataflow, counted, directives: &directives })
    }
}
