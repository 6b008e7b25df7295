//! The cost of each distinct layer under each dataflow, on a group of accelerators on which it is counted alike.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Campaign;
use crate::host::ids::{AcceleratorId, DataflowId, LayerId};
use crate::host::pricing::{Prices, price_all};
use crate::{Dataflow, Hardware, Layer};

/// What each distinct layer costs under each dataflow on a group of accelerators. A *piece* is a layer under
/// directives; dataflows that map a layer in the same way share a piece.
pub(super) struct LayerCosts {
    /// For each dataflow and then for each layer, a place in `pieces`.
    places: Vec<Vec<u32>>,
    pieces: Vec<Prices>,
    /// The number of pieces that have directives. They come first.
    priced: usize,
    pub hardware: Vec<Hardware>,
}

/// Stores equal directives only once: they are long, and most layers of a kind have the same ones.
fn shared(directives: Dataflow, known: &mut FxHashSet<Arc<Dataflow>>) -> Arc<Dataflow> {
    if let Some(known) = known.get(&directives) {
        return known.clone();
    }
    let directives = Arc::new(directives);
    known.insert(directives.clone());
    directives
}

impl LayerCosts {
    /// Costs all distinct layers on a group of accelerators.
    pub fn new(campaign: &Campaign, group: &[AcceleratorId]) -> LayerCosts {
        let designs = &campaign.designs;
        let hardware: Vec<Hardware> = group.iter().map(|&accelerator| *designs.hardware(accelerator)).collect();
        let Some(first) = hardware.first() else {
            return LayerCosts { places: Vec::new(), pieces: Vec::new(), priced: 0, hardware };
        };
        if let Some(mappings) = &designs.mappings {
            mappings.prepare(campaign.workload.layers(), first);
        }
        let mut items: Vec<(Layer, Arc<Dataflow>)> = Vec::new();
        let mut known = FxHashSet::default();
        // Errors of layers that a dataflow does not suit. They are numbered after the pieces with directives; until
        // those are counted, downwards from `u32::MAX`.
        let mut without = Vec::new();
        let mut places: Vec<Vec<u32>> = vec![Vec::new(); designs.all_dataflows()];
        for layer in campaign.workload.layers() {
            let own = items.len();
            for (dataflow, places) in places.iter_mut().enumerate() {
                let place = match designs.directives(DataflowId(dataflow), layer, first) {
                    Ok(directives) => {
                        let directives = shared(directives, &mut known);
                        match items[own..].iter().position(|(_, other)| Arc::ptr_eq(other, &directives)) {
                            Some(place) => own + place,
                            None => {
                                items.push((*layer, directives));
                                items.len() - 1
                            }
                        }
                    }
                    Err(error) => {
                        without.push(error);
                        u32::MAX as usize - (without.len() - 1)
                    }
                };
                places.push(place as u32);
            }
        }
        let mut pieces = price_all(&campaign.costing, &items, &hardware);
        let priced = pieces.len();
        for place in places.iter_mut().flatten().filter(|place| **place as usize >= priced) {
            *place = (priced + (u32::MAX - *place) as usize) as u32;
        }
        pieces.extend(without.into_iter().map(|error| Prices::refused(error, hardware.len())));
        LayerCosts { places, pieces, priced, hardware }
    }

    /// The cost of a layer under a dataflow.
    pub fn get(&self, DataflowId(dataflow): DataflowId, LayerId(layer): LayerId) -> &Prices {
        &self.pieces[self.places[dataflow][layer] as usize]
    }

    /// The number of computed costs of a layer on an accelerator.
    pub fn evaluations(&self) -> u64 {
        self.priced as u64 * self.hardware.len() as u64
    }
}
