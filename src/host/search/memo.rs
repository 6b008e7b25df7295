//! The costs of layers on designs, with as few walks as possible.
//!
//! Most of the time goes into walks over the steps of a mapped layer. [`Memo`] takes a walk only if no earlier one
//! has the same steps. The steps are the same at another bandwidth. By the reference's model they are also the same
//! for another layer that is cut into the same tiles, and on another array of which the same part works. In these
//! cases the known steps are replayed, exact to the last bit.

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
    /// A memo for the designs and energies of a campaign; nothing is known yet. If the energies of the campaign
    /// depend on the order of layers, the reference's energies of single layers are taken instead.
    pub fn new(campaign: &'a Campaign) -> Memo<'a> {
        let costing = match campaign.costing {
            Costing::MaestroCsv => Costing::Maestro(EnergyTable::REFERENCE),
            costing => costing,
        };
        let (layers, places) = (Vec::new(), FxHashMap::default());
        Memo { designs: &campaign.designs, layers, places, memory: memory(costing), model: costing.model() }
    }

    /// The place of a layer, with which other functions refer to it.
    pub fn place(&mut self, layer: &Layer) -> LayerId {
        let next = LayerId(self.layers.len());
        let place = *self.places.entry(*layer).or_insert(next);
        if place == next {
            self.layers.push(*layer);
        }
        place
    }

    /// The number of walks over the steps of a mapped layer so far.
    pub fn walks(&self) -> usize {
        self.memory.walks()
    }

    /// By the exact model: the buffer that a layer exceeds most, if it is known to exceed one on a design. Under
    /// `mixed`, this is about the dataflow that exceeds its buffers least.
    pub(super) fn shortage(&mut self, layer: LayerId, design: DesignId) -> Option<Shortage> {
        let candidates = self.designs.candidates(design.takes);
        let of = |dataflow| match self.recall(layer, dataflow, design)? {
            Err(Refusal::TooSmall(short)) => short.into_iter().max_by(|a, b| a.excess().total_cmp(&b.excess())),
            _ => None,
        };
        let short = candidates.filter_map(of);
        short.min_by(|a, b| a.excess().total_cmp(&b.excess()))
    }

    /// What a layer costs on a design, with as many walks as necessary; `None` if it cannot run.
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
                    // Of equal ones, the first.
                    if best.is_none_or(|other| of(&figures) < of(&other)) {
                        best = Some(figures);
                    }
                }
            }
        }
        best.map_or(State::Unsuited, State::Known)
    }

    /// Walks over a layer on a design, so that its cost is known.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataflow::presets::Preset;
    use crate::host::campaign::{Accelerator, NamedDataflow, Workload};
    use crate::host::dataflow_choice::DataflowChoice;
    use crate::host::ids::AcceleratorId;
    use crate::host::spaces::random::PythonRandom;
    use crate::maestro::Cost;
    use crate::{Dim, Hardware, LayerKind, Noc};

    const PRESETS: [Preset; 3] = [Preset::KcpWs, Preset::Rs, Preset::XpWs];

    fn layer(random: &mut PythonRandom) -> Layer {
        let filter = *random.choice(&[1, 3, 5]);
        let extent = filter + random.below(20);
        let (c, k) = (1 + random.below(90), 1 + random.below(90));
        let (kind, k) = if random.below(3) == 0 { (LayerKind::DsConv, 1) } else { (LayerKind::Conv, k) };
        let dims = [(Dim::K, k), (Dim::C, c), (Dim::R, filter), (Dim::S, filter), (Dim::Y, extent), (Dim::X, extent)];
        let stride = 1 + random.below(2);
        Layer::strided(kind, &dims, stride, stride).unwrap()
    }

    fn accelerator(random: &mut PythonRandom) -> Accelerator {
        let noc = Noc { bandwidth: 1 + random.below(300), latency: random.below(4) };
        let hardware = Hardware::new(8 + random.below(600)).unwrap().with_noc(noc).unwrap();
        let hardware = hardware.with_offchip_bandwidth(1 + random.below(200)).unwrap();
        Accelerator { name: String::new(), hardware: hardware.with_simd_lanes(1 + random.below(2)).unwrap() }
    }

    #[test]
    fn remembered_walks_give_what_the_cost_model_gives() {
        let mut random = PythonRandom::new(2);
        let (mut compared, mut walks) = (0, 0);
        for _ in 0..40 {
            let dataflow = |preset: Preset| NamedDataflow {
                name: preset.name().to_string(),
                choice: DataflowChoice::preset(preset.tiling(), false),
            };
            let designs = DesignSpace {
                accelerators: (0..3).map(|_| accelerator(&mut random)).collect(),
                dataflows: PRESETS.map(dataflow).to_vec(),
                mappings: None,
                mixed: None,
            };
            let costing = Costing::Maestro(EnergyTable::REFERENCE);
            let campaign = Campaign { workload: Workload::new(), designs, costing };
            let mut memo = Memo::new(&campaign);
            for _ in 0..12 {
                let layer = layer(&mut random);
                let layer_id = memo.place(&layer);
                for (place, accelerator) in campaign.designs.accelerators.iter().enumerate() {
                    for (dataflow, preset) in PRESETS.iter().enumerate() {
                        let takes = Takes::One(DataflowId(dataflow));
                        let figures = memo.cost(layer_id, DesignId { takes, accelerator: AcceleratorId(place) });
                        let directives = preset.for_kind(layer.kind()).tiling().dataflow(layer.kind()).unwrap();
                        let expected = Cost::of(&layer, &directives, &accelerator.hardware);
                        assert_eq!(figures.is_some(), expected.is_ok(), "{layer:?} {preset} {accelerator:?}");
                        let (Some(figures), Ok(cost)) = (figures, expected) else { continue };
                        assert_eq!((figures.cycles, figures.energy), (cost.delay.cycles, cost.energy));
                        let buffers = (cost.traffic.l1_total(), cost.traffic.l2_total());
                        assert_eq!((figures.l1_bytes, figures.l2_bytes), buffers);
                        compared += 1;
                    }
                }
            }
            walks += memo.walks();
        }
        assert!(compared > 800 && walks < compared, "{walks} walks for {compared} costs");
    }
}
