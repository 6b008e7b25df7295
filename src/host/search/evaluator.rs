//! What is known of networks on designs, exactly or as bounds.
//!
//! A network costs the sum of its layers, and needs the buffers of its most demanding layer. While the steps of some
//! layers are unknown (see [`Memo`]), the known layers give lower bounds, because no layer has a negative cost.

use super::memo::{Memo, State};
use super::problem::Problem;
use super::query::{Figures, Limits};
use crate::Energy;
use crate::host::cost_table::LayerFigures;
use crate::host::ids::LayerId;

/// What is known of a network on a design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// It cannot run: the dataflow or the array does not suit a layer, or a buffer is too small for it.
    Unusable,
    /// At least this, because of the layers whose steps are known.
    AtLeast(Figures),
    /// Exactly this.
    Exactly(Figures),
}

/// Whether a network on a design is within limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// It is within the limits, and costs this.
    Within(Figures),
    /// It is not within the limits, or cannot be costed.
    Beyond,
    /// Not known: this would take more evaluations than were allowed.
    Open,
}

/// What is known of a design. Memory is allocated when a design is first asked about, about 48 bytes for each
/// network.
#[derive(Clone, Default)]
struct Board {
    layers: Vec<State>,
    /// What is known of each network, and the number of walks at that time.
    networks: Vec<Option<(usize, Known)>>,
}

/// Exact costs of networks on designs, or bounds if fewer walks must suffice.
pub struct Evaluator<'a> {
    problem: &'a Problem,
    model: Memo<'a>,
    counts: Vec<Vec<(u32, u32)>>,
    sequences: Vec<&'a [u32]>,
    /// MACs of each layer: layers are evaluated in the order of their MACs, the largest first.
    weights: Vec<u64>,
    boards: Vec<Board>,
    replays: usize,
    sums: usize,
}

/// Lower bounds are summed in another order than exact figures, so rounding may make them too high, but by less than
/// this fraction.
const ROUNDING: f64 = 1e-9;

impl<'a> Evaluator<'a> {
    /// An evaluator that knows nothing yet.
    pub fn new(problem: &'a Problem) -> Evaluator<'a> {
        let campaign = problem.campaign();
        let mut model = Memo::new(campaign);
        for layer in problem.layers() {
            model.place(layer);
        }
        Evaluator {
            problem,
            model,
            counts: campaign.workload.counts(),
            sequences: campaign.workload.sequences().collect(),
            weights: problem.layers().iter().map(|layer| layer.macs().unwrap_or(0)).collect(),
            boards: vec![Board::default(); problem.designs().len()],
            replays: 0,
            sums: 0,
        }
    }

    /// The number of evaluations of the cost model for all layers on all designs, none of them twice: what `coupled`
    /// would take with the memory of `adaptive`.
    pub fn walks_of_all(problem: &Problem) -> usize {
        let mut evaluator = Evaluator::new(problem);
        for design in 0..problem.designs().len() {
            for layer in 0..problem.layers().len() {
                evaluator.layer(LayerId(layer), design);
            }
        }
        evaluator.walks()
    }

    /// The number of evaluations of the cost model so far, see [`Memo::walks`].
    pub fn walks(&self) -> usize {
        self.model.walks()
    }

    /// The number of pairs of a network and a design whose figures are known exactly.
    pub fn sums(&self) -> usize {
        self.sums
    }

    /// The number of costs of a layer on a design that were computed from known steps.
    pub fn replays(&self) -> usize {
        self.replays
    }

    /// The figures of a network on a design, if they are known already.
    pub fn figures_of(&self, network: usize, design: usize) -> Option<Figures> {
        match self.board(network, design) {
            Some((_, Known::Exactly(figures))) => Some(figures),
            _ => None,
        }
    }

    /// Whether a network has been found not to run on a design.
    pub fn is_unusable(&self, network: usize, design: usize) -> bool {
        matches!(self.board(network, design), Some((_, Known::Unusable)))
    }

    fn board(&self, network: usize, design: usize) -> Option<(usize, Known)> {
        self.boards[design].networks.get(network).copied().flatten()
    }

    /// What is known of a network on a design, without a walk.
    pub fn known(&mut self, network: usize, design: usize) -> Known {
        let board = &mut self.boards[design];
        if board.networks.is_empty() {
            board.layers = vec![State::Unknown; self.problem.layers().len()];
            board.networks = vec![None; self.problem.networks()];
        }
        if let Some((walks, known)) = self.board(network, design)
            && (walks == self.model.walks() || !matches!(known, Known::AtLeast(_)))
        {
            return known;
        }
        let known = self.sum(network, design);
        self.boards[design].networks[network] = Some((self.model.walks(), known));
        known
    }

    /// Whether a network on a design meets the limits, with as few walks as necessary (none if the known layers
    /// already exceed a limit). `Open` if more than `most_walks` would be needed.
    pub fn decide(&mut self, network: usize, design: usize, limits: &Limits, most_walks: usize) -> Decision {
        // Bounds only grow: one that exceeded the limits before still does.
        if let Some((_, Known::AtLeast(figures))) = self.board(network, design)
            && !limits.admit(&figures)
        {
            return Decision::Beyond;
        }
        loop {
            match self.known(network, design) {
                Known::Unusable => return Decision::Beyond,
                Known::Exactly(figures) if limits.admit(&figures) => return Decision::Within(figures),
                Known::AtLeast(figures) if limits.admit(&figures) => match self.model.walks() < most_walks {
                    true => self.learn(network, design),
                    false => return Decision::Open,
                },
                _ => return Decision::Beyond,
            }
        }
    }

    /// The figures of a layer on a design, with as many walks as necessary; `None` if it cannot be costed.
    pub fn layer(&mut self, layer: LayerId, design: usize) -> Option<LayerFigures> {
        self.model.cost(layer, self.problem.designs()[design])
    }

    /// Walks over the layer of the network with the most MACs among those whose steps are not known.
    fn learn(&mut self, network: usize, design: usize) {
        let unknown: Vec<(u32, u32)> = self.counts[network]
            .iter()
            .copied()
            .filter(|(layer, _)| self.boards[design].layers[*layer as usize] == State::Unknown)
            .collect();
        let weight = |&(layer, count): &(u32, u32)| self.weights[layer as usize].saturating_mul(u64::from(count));
        // Of equal ones, the first.
        if let Some(&(layer, _)) = unknown.iter().rev().max_by_key(|entry| weight(entry)) {
            self.model.walk(LayerId(layer as usize), self.problem.designs()[design]);
        }
    }

    /// Adds up what is known of a network's layers on a design.
    fn sum(&mut self, network: usize, design: usize) -> Known {
        let (mut cycles, mut energy, mut l1_bytes, mut l2_bytes) = (0u64, 0.0, 0, 0);
        let mut complete = true;
        for place in 0..self.counts[network].len() {
            let (layer, count) = self.counts[network][place];
            match self.layer_state(LayerId(layer as usize), design) {
                State::Unsuited => return Known::Unusable,
                State::Unknown => complete = false,
                State::Known(figures) => {
                    match figures.cycles.checked_mul(count.into()).and_then(|more| cycles.checked_add(more)) {
                        Some(sum) => cycles = sum,
                        None => return Known::Unusable,
                    }
                    energy += figures.nj() * f64::from(count);
                    l1_bytes = figures.l1_bytes.max(l1_bytes);
                    l2_bytes = figures.l2_bytes.max(l2_bytes);
                }
            }
        }
        let (area, power) = self.problem.silicon(design, l1_bytes, l2_bytes);
        if complete {
            self.sums += 1;
            let energy = self.energy(network, design).total();
            return Known::Exactly(Figures { cycles, energy, area, power });
        }
        let below = 1.0 - ROUNDING;
        Known::AtLeast(Figures { cycles, energy: energy * below, area: area * below, power: power * below })
    }

    /// Energy of a network whose layers are all known, added in execution order, as an estimate does, so that
    /// floating-point sums agree to the last bit.
    fn energy(&self, network: usize, design: usize) -> Energy {
        let layers = &self.boards[design].layers;
        let add = |sum, &layer: &u32| match &layers[layer as usize] {
            State::Known(figures) => sum + figures.energy,
            _ => sum,
        };
        self.sequences[network].iter().fold(Energy::default(), add)
    }

    /// What is known of a layer on a design.
    fn layer_state(&mut self, layer: LayerId, design: usize) -> State {
        let known = self.boards[design].layers[layer.0];
        if known != State::Unknown {
            return known;
        }
        let state = self.model.state(layer, self.problem.designs()[design]);
        self.boards[design].layers[layer.0] = state;
        self.replays += usize::from(state != State::Unknown);
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EnergyTable;
    use crate::dataflow::presets::Preset;
    use crate::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, Workload, accelerators};
    use crate::host::dataflow_choice::DataflowChoice;
    use crate::host::search::exhaustive::Exhaustive;
    use crate::host::spaces::{Nb301, Space};

    #[test]
    fn an_evaluator_agrees_with_the_campaign_bit_by_bit() {
        let space = Nb301::default();
        let ids = &space.selected()[..20];
        let mut workload = Workload::new();
        for (id, genome) in ids.iter().zip(space.with_ids(ids).unwrap()) {
            workload.push(id.to_string(), &space.layers(&genome));
        }
        let dataflow = |preset: Preset| NamedDataflow {
            name: preset.name().to_string(),
            choice: DataflowChoice::preset(preset.tiling(), false),
        };
        let designs = DesignSpace {
            accelerators: accelerators::study().into_iter().step_by(10).collect(),
            dataflows: [Preset::KcpWs, Preset::Rs, Preset::XpWs].map(dataflow).to_vec(),
            mappings: None,
            mixed: None,
        };
        let campaign = Campaign { workload, designs, costing: Costing::Maestro(EnergyTable::REFERENCE) };
        let exhaustive = Exhaustive::new(Problem::new(campaign, vec![90.0; 20], vec![1; 20]).unwrap()).unwrap();
        let mut evaluator = Evaluator::new(exhaustive.problem());
        for design in 0..exhaustive.problem().designs().len() {
            for (network, expected) in exhaustive.figures(design).iter().enumerate() {
                let decision = evaluator.decide(network, design, &Limits::NONE, usize::MAX);
                let Decision::Within(Figures { cycles, energy, .. }) = decision else { panic!("{decision:?}") };
                assert_eq!((cycles, energy.to_bits()), (expected.cycles, expected.energy.to_bits()));
            }
        }
    }
}
