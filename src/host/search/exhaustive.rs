//! The cost of every network on every design: what `coupled` evaluates, and what the other methods are compared with.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::problem::{Problem, ProblemError, silicon};
use super::query::{Choice, Figures, Limits};
use crate::host::campaign::{BLOCK_COSTS, Campaign, Column, Costed, DesignId, Unusable};
use crate::host::cost_table::LayerFigures;
use crate::host::ids::{AcceleratorId, LayerId};
use crate::{Dataflow, Directive};

/// The cost of every network on every usable design.
pub struct Exhaustive {
    problem: Problem,
    unusable: Vec<Unusable>,
    /// The number of designs, with those that no network can run on.
    all: usize,
    /// The distinct layers of each network, and how often each occurs.
    counts: Vec<Vec<(u32, u32)>>,
    /// The figures of all networks on the first design, then on the second, and so on.
    figures: Vec<Figures>,
    /// Cycles and nJ of each layer, in the same order; NaN if a layer cannot run.
    layers: Vec<[f64; 2]>,
    /// The numbers of the evaluations that each layer takes on each design. Layers that need the same evaluation
    /// share its number.
    evaluations: Vec<Box<[u32]>>,
    distinct: usize,
}

/// The costs of all networks on some of the accelerators of a problem.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Costs {
    usable: Vec<Usable>,
    /// Designs that some networks cannot run on.
    unusable: Vec<(DesignId, Unusable)>,
    mappings: Vec<Known>,
}

impl Costs {
    /// Costs every network on these accelerators.
    pub fn new(problem: &Problem, accelerators: Range<usize>) -> Costs {
        let campaign = problem.campaign();
        let counts = campaign.workload.counts();
        let mut costs = Costs { usable: Vec::new(), unusable: Vec::new(), mappings: Vec::new() };
        // Costing in blocks bounds the additional memory.
        for block in campaign.blocks_of(accelerators.clone(), BLOCK_COSTS) {
            let (mut costed, _) = campaign.costed(block, true);
            let why = |costed: &mut Costed| Some((costed.design, costed.unusable.take()?));
            costs.unusable.extend(costed.iter_mut().filter_map(why));
            let usable: Vec<_> =
                costed.into_par_iter().filter_map(|costed| Usable::new(campaign, &counts, costed)).collect();
            costs.usable.extend(usable);
        }
        costs.mappings = Known::all(campaign, accelerators);
        costs
    }

    /// Joins these costs with those on other accelerators.
    #[must_use]
    pub fn with(mut self, other: Costs) -> Costs {
        self.usable.extend(other.usable);
        self.unusable.extend(other.unusable);
        self.mappings.extend(other.mappings);
        self
    }
}

impl Exhaustive {
    /// Costs every network on every design.
    ///
    /// # Errors
    /// [`ProblemError::NoUsableDesign`] if no design can run any network.
    pub fn new(problem: Problem) -> Result<Exhaustive, ProblemError> {
        let costs = Costs::new(&problem, 0..problem.campaign().designs.accelerators.len());
        Exhaustive::of(problem, costs)
    }

    /// Makes this from the costs of every network on every design. Designs that cannot run any network are removed
    /// from the problem; those that cannot run some are listed.
    ///
    /// # Errors
    /// [`ProblemError::NoUsableDesign`] if none remains.
    pub(crate) fn of(mut problem: Problem, costs: Costs) -> Result<Exhaustive, ProblemError> {
        let Costs { mut usable, mut unusable, mappings } = costs;
        mappings.into_iter().for_each(|known| known.restore(problem.campaign()));
        let counts = problem.campaign().workload.counts();
        // Costs that were read from a file may not be of this problem.
        usable.retain(|own| own.suits(&problem));
        usable.sort_by_key(|usable| usable.design);
        unusable.sort_by_key(|(design, _)| *design);
        let unusable: Vec<Unusable> = unusable.into_iter().map(|(_, why)| why).collect();
        if usable.is_empty() {
            let reason = Unusable::nearest(&unusable).map_or(String::new(), |nearest| {
                let which = if nearest.excess().is_finite() { "nearest to it" } else { "the first" };
                format!("{which}: {nearest}")
            });
            return Err(ProblemError::NoUsableDesign { reason });
        }
        let all = problem.designs().len();
        let designs: FxHashSet<DesignId> = usable.iter().map(|usable| usable.design).collect();
        problem.keep_designs(|design| designs.contains(design));
        let (mut figures, mut layers) = (Vec::new(), Vec::new());
        for own in usable {
            figures.extend(own.figures);
            layers.extend(own.layers);
        }
        let mut numbers = Numbers::default();
        let designs = 0..problem.designs().len();
        let pairs = designs.flat_map(|design| (0..problem.layers().len()).map(move |layer| (LayerId(layer), design)));
        let evaluations = pairs.map(|(layer, design)| numbers.of(&problem, layer, design)).collect();
        Ok(Exhaustive { problem, unusable, all, counts, figures, layers, evaluations, distinct: numbers.next as usize })
    }

    /// The networks, and the designs that can run them.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Designs that some networks cannot run on.
    pub fn unusable(&self) -> &[Unusable] {
        &self.unusable
    }

    /// The number of designs that no network can run on.
    pub fn unusable_designs(&self) -> usize {
        self.all - self.problem.designs().len()
    }

    /// Distinct layers of each network, and how often they occur.
    pub(super) fn layer_counts(&self) -> &[Vec<(u32, u32)>] {
        &self.counts
    }

    /// What each network costs on a design. If it cannot run, the figures are not [usable](Figures::is_usable).
    pub fn figures(&self, design: usize) -> &[Figures] {
        let networks = self.problem.networks();
        &self.figures[design * networks..(design + 1) * networks]
    }

    /// Cycles and nJ of each layer on a design.
    pub(super) fn layers(&self, design: usize) -> &[[f64; 2]] {
        let layers = self.problem.layers().len();
        &self.layers[design * layers..(design + 1) * layers]
    }

    /// The evaluations that each layer takes on a design.
    pub(super) fn evaluations(&self, design: usize) -> &[Box<[u32]>] {
        let layers = self.problem.layers().len();
        &self.evaluations[design * layers..(design + 1) * layers]
    }

    /// The number of evaluations of the cost model for all of this, if no layer is costed twice under the same
    /// directives on the same accelerator.
    pub fn distinct_evaluations(&self) -> usize {
        self.distinct
    }

    /// A sentence about the network and design that exceed the limits least, for the case that none meets them.
    pub fn nearest(&self, limits: &Limits) -> Option<String> {
        let designs = 0..self.problem.designs().len();
        let pairs = designs.flat_map(|design| (0..self.problem.networks()).map(move |network| (design, network)));
        let beyond = pairs.filter_map(|(design, network)| {
            let figures = &self.figures(design)[network];
            Some((design, network, limits.exceeded(figures).filter(|_| figures.is_usable())?))
        });
        let (design, network, exceeded) = beyond.min_by(|(.., a), (.., b)| a.times().total_cmp(&b.times()))?;
        let (name, design) = (&self.problem.names()[network], self.problem.design(design).column());
        Some(format!("network {name} on {design} comes nearest: it {exceeded}"))
    }

    /// The best network on one of these designs that meets the limits.
    pub fn best(&self, designs: &[usize], limits: &Limits) -> Option<Choice> {
        let accuracy = self.problem.accuracy();
        let mut best: Option<Choice> = None;
        for &design in designs {
            let figures = self.figures(design);
            for &network in self.problem.order() {
                let accuracy = accuracy[network];
                if best.is_some_and(|best| best.accuracy > accuracy) {
                    break;
                }
                if limits.admit(&figures[network]) {
                    best = Some(Choice { network, design, accuracy, figures: figures[network] }.or_better(best));
                }
            }
        }
        best
    }
}

/// The best mapping of a layer on an accelerator, with its gap, so that it need not be searched for again.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    layer: LayerId,
    accelerator: AcceleratorId,
    directives: Vec<Directive>,
    gap: f64,
}

impl Known {
    /// All mappings that were searched for on these accelerators.
    fn all(campaign: &Campaign, accelerators: Range<usize>) -> Vec<Known> {
        let (designs, layers) = (&campaign.designs, campaign.workload.layers());
        let Some(mappings) = &designs.mappings else { return Vec::new() };
        let pairs =
            accelerators.map(AcceleratorId).flat_map(|own| (0..layers.len()).map(move |layer| (LayerId(layer), own)));
        let known = |(layer, accelerator): (LayerId, AcceleratorId)| {
            let (dataflow, gap) = mappings.known(&layers[layer.0], designs.hardware(accelerator))?;
            Some(Known { layer, accelerator, directives: dataflow.directives().to_vec(), gap })
        };
        pairs.filter_map(known).collect()
    }

    /// Adds it to the mappings of a campaign, which then need not search for it. Ignored if the campaign has no such
    /// layer or accelerator.
    fn restore(self, campaign: &Campaign) {
        let (designs, layers) = (&campaign.designs, campaign.workload.layers());
        let accelerators = self.accelerator.0..designs.accelerators.len();
        let Some(mappings) = designs.mappings.as_ref().filter(|_| !accelerators.is_empty()) else { return };
        if let (Some(layer), Ok(dataflow)) = (layers.get(self.layer.0), Dataflow::new(&self.directives)) {
            mappings.learn(layer, designs.hardware(self.accelerator), dataflow, self.gap);
        }
    }
}

/// A design that some networks can run on.
#[derive(Debug, Serialize, Deserialize)]
struct Usable {
    design: DesignId,
    figures: Vec<Figures>,
    layers: Vec<[f64; 2]>,
}

impl Usable {
    /// Whether its design belongs to this problem, and it has figures of all networks and layers.
    fn suits(&self, problem: &Problem) -> bool {
        let lengths = [self.figures.len(), self.layers.len()];
        problem.campaign().designs.has(self.design) && lengths == [problem.networks(), problem.layers().len()]
    }

    /// `None` if no network can run. `networks` has the distinct layers of each network.
    fn new(campaign: &Campaign, networks: &[Vec<(u32, u32)>], costed: Costed) -> Option<Usable> {
        let Costed { design, column, layers, .. } = costed;
        let Column { cycles, energy } = column?;
        let hardware = campaign.designs.hardware(design.accelerator);
        let of = |network: usize| {
            if cycles[network] == 0 {
                return Figures::UNUSABLE;
            }
            let own = networks[network].iter().filter_map(|&(layer, _)| layers[layer as usize].as_ref());
            let most = |(l1, l2): (u64, u64), layer: &LayerFigures| (l1.max(layer.l1_bytes), l2.max(layer.l2_bytes));
            let (l1_bytes, l2_bytes) = own.fold((0, 0), most);
            let (area, power) = silicon(hardware, l1_bytes, l2_bytes);
            Figures { cycles: cycles[network], energy: energy[network], area, power }
        };
        let figures = (0..networks.len()).map(of).collect();
        let of_layer = |layer: &Option<LayerFigures>| layer.map_or([f64::NAN; 2], |own| [own.cycles as f64, own.nj()]);
        Some(Usable { design, figures, layers: layers.iter().map(of_layer).collect() })
    }
}

/// Gives each evaluation a number: one for each (layer, directives, accelerator).
#[derive(Default)]
struct Numbers {
    known: FxHashMap<(LayerId, AcceleratorId), Vec<(Dataflow, u32)>>,
    next: u32,
}

impl Numbers {
    /// The numbers of the evaluations that a layer takes on a design: with `mixed`, one for each dataflow.
    fn of(&mut self, problem: &Problem, layer: LayerId, design: usize) -> Box<[u32]> {
        let designs = &problem.campaign().designs;
        let DesignId { takes, accelerator } = problem.designs()[design];
        let hardware = designs.hardware(accelerator);
        let known = self.known.entry((layer, accelerator)).or_default();
        let directives = designs
            .candidates(takes)
            .filter_map(|dataflow| designs.directives(dataflow, &problem.layers()[layer.0], hardware).ok());
        let numbers = directives.map(|directives| match known.iter().find(|(other, _)| *other == directives) {
            Some((_, number)) => *number,
            None => {
                known.push((directives, self.next));
                self.next += 1;
                self.next - 1
            }
        });
        numbers.collect()
    }
}

#[cfg(test)]
impl Exhaustive {
    /// Costs of made-up figures: for each design, cycles and nJ of each network.
    pub(super) fn made_up(accuracy: &[f64], macs: &[u64], designs: &[Vec<(u64, f64)>]) -> Exhaustive {
        use crate::dataflow::presets::Preset;
        use crate::host::campaign::{Accelerator, Costing, DesignSpace, NamedDataflow, Workload};
        use crate::host::dataflow_choice::DataflowChoice;
        use crate::{Dim, EnergyTable, Hardware, Layer, LayerKind};

        let mut workload = Workload::new();
        for network in 0..accuracy.len() {
            let dims = [(Dim::K, network as u32 + 1), (Dim::C, 8)];
            workload.push(format!("network{network}"), &[Layer::new(LayerKind::Fc, &dims).unwrap()]);
        }
        let accelerator =
            |place: usize| Accelerator { name: format!("accelerator{place}"), hardware: Hardware::new(64).unwrap() };
        let choice = DataflowChoice::preset(Preset::XpWs.tiling(), false);
        let campaign = Campaign {
            workload,
            designs: DesignSpace {
                accelerators: (0..designs.len()).map(accelerator).collect(),
                dataflows: vec![NamedDataflow { name: "xp_ws".to_string(), choice }],
                mappings: None,
                mixed: None,
            },
            costing: Costing::Maestro(EnergyTable::REFERENCE),
        };
        let mut exhaustive =
            Exhaustive::new(Problem::new(campaign, accuracy.to_vec(), macs.to_vec()).unwrap()).unwrap();
        for (figures, &(cycles, energy)) in exhaustive.figures.iter_mut().zip(designs.iter().flatten()) {
            *figures = Figures { cycles, energy, area: 0.0, power: 0.0 };
        }
        exhaustive
    }
}
