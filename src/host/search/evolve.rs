//! Networks and designs that evolve together, for spaces that are too large to enumerate, by NSGA-II (Deb, Pratap,
//! Agarwal and Meyarivan, 2002).

use std::collections::HashMap;

use super::memo::Memo;
use super::nsga2::{self, Genetics};
use super::pareto::Point;
use super::problem::figures_of;
use super::query::{Figures, Limits};
use crate::exact::Needs;
use crate::host::campaign::{Campaign, DesignId, DesignSpace, Takes};
use crate::host::cost_table::{Design, Shortage};
use crate::host::ids::AcceleratorId;
use crate::host::shape::kind_and_shape;
use crate::host::spaces::accuracy::Accuracy;
use crate::host::spaces::random::PythonRandom;
use crate::host::spaces::{self, Space};
use crate::{Hardware, Layer, Total};

pub use super::nsga2::{Effort, Found};

/// A network on a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The network.
    pub network: spaces::Genome,
    /// The design.
    pub design: DesignId,
}

/// What is minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// The accuracy with its sign changed, so that less is better.
    Accuracy,
    /// Cycles.
    Latency,
    /// nJ.
    Energy,
    /// um^2.
    Area,
}

impl Objective {
    /// Every objective.
    pub const ALL: [Objective; 4] = [Objective::Accuracy, Objective::Latency, Objective::Energy, Objective::Area];
}

/// The number of figures of an accelerator that a grid varies.
const AXES: usize = 8;

/// The search for good pairs of a network and a design.
///
/// ```
/// use maestrino::EnergyTable;
/// use maestrino::dataflow::presets::Preset;
/// use maestrino::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, Workload, accelerators};
/// use maestrino::host::dataflow_choice::DataflowChoice;
/// use maestrino::host::search::evolve::{CoDesign, Effort, Objective};
/// use maestrino::host::search::query::Limits;
/// use maestrino::host::spaces::Staged;
/// use maestrino::host::spaces::accuracy::Accuracy;
///
/// let choice = DataflowChoice::preset(Preset::XpWs.tiling(), false);
/// let dataflows = vec![NamedDataflow { name: "xp_ws".to_string(), choice }];
/// let accelerators = accelerators::grid("pes=64:128,noc=16,offchip=4")?;
/// let designs = DesignSpace { accelerators, dataflows, ..DesignSpace::default() };
/// let campaign = Campaign { workload: Workload::new(), designs, costing: Costing::Exact(EnergyTable::REFERENCE) };
/// let (space, objectives) = (Staged::tiny(), [Objective::Accuracy, Objective::Latency]);
/// let mut search = CoDesign::new(&space, &Accuracy::Builtin, &campaign, &objectives, Limits::NONE);
/// let found = search.search(&Effort { population: 8, generations: 2, seed: 1 }, &|| ());
/// for (objectives, candidate) in &found.front {
///     println!("score {:.2}, {} cycles: {:?}", -objectives[0], objectives[1], candidate.design);
/// }
/// # Ok::<(), String>(())
/// ```
pub struct CoDesign<'a> {
    space: &'a dyn Space,
    accuracy: &'a Accuracy,
    designs: &'a DesignSpace,
    takes: Vec<Takes>,
    model: Memo<'a>,
    objectives: Vec<Objective>,
    limits: Limits,
    /// The values of each axis, in ascending order.
    axes: [Vec<u32>; AXES],
    /// The accelerator at a point of the grid, if there is one.
    places: HashMap<[u32; AXES], AcceleratorId>,
    too_small: usize,
    nearest: Option<Misfit>,
}

/// A candidate that does not fit, and the buffer that it exceeds most.
struct Misfit {
    candidate: Candidate,
    layer: Layer,
    shortage: Shortage,
}

fn point_of(hardware: &Hardware) -> [u32; AXES] {
    let noc = hardware.noc(0);
    [
        hardware.pes(),
        noc.bandwidth,
        noc.latency,
        hardware.offchip_bandwidth(),
        hardware.simd_lanes(),
        hardware.l1_bytes(),
        hardware.l2_bytes(),
        hardware.widths().input.into(),
    ]
}

impl<'a> CoDesign<'a> {
    /// Networks of `space` on the accelerators and dataflows of `campaign`. The networks of `campaign` are ignored.
    pub fn new(
        space: &'a dyn Space,
        accuracy: &'a Accuracy,
        campaign: &'a Campaign,
        objectives: &[Objective],
        limits: Limits,
    ) -> CoDesign<'a> {
        let mut axes: [Vec<u32>; AXES] = Default::default();
        let mut places = HashMap::new();
        for (place, accelerator) in campaign.designs.accelerators.iter().enumerate() {
            let point = point_of(&accelerator.hardware);
            axes.iter_mut().zip(point).for_each(|(axis, value)| axis.push(value));
            places.entry(point).or_insert(AcceleratorId(place));
        }
        for axis in &mut axes {
            axis.sort_unstable();
            axis.dedup();
        }
        let (model, objectives) = (Memo::new(campaign), objectives.to_vec());
        let designs = &campaign.designs;
        let takes = designs.takes().collect();
        CoDesign {
            space,
            accuracy,
            designs,
            takes,
            model,
            objectives,
            limits,
            axes,
            places,
            too_small: 0,
            nearest: None,
        }
    }

    /// Searches, starting from random candidates. `advance` is called for each candidate that is evaluated.
    pub fn search(&mut self, effort: &Effort, advance: &dyn Fn()) -> Found<Candidate> {
        nsga2::search(self, effort, advance)
    }

    /// Evaluations of the cost model so far.
    pub fn walks(&self) -> usize {
        self.model.walks()
    }

    /// By the exact model: the number of candidates that did not fit the buffers of their accelerator, and what the
    /// one with the smallest shortage lacked.
    pub(crate) fn too_small(&self) -> Option<(usize, String)> {
        let Misfit { candidate, layer, shortage } = self.nearest.as_ref()?;
        let Design { accelerator, dataflow, .. } = self.designs.design(candidate.design);
        let layer = kind_and_shape(layer);
        Some((self.too_small, format!("layer {layer} under {dataflow} on {accelerator} {shortage}")))
    }

    /// Accuracy, figures and needs of a candidate; `None` if a layer cannot run or the accuracy is not known.
    pub fn figures(&mut self, candidate: &Candidate) -> Option<(f64, Figures, Needs)> {
        let accuracy = self.accuracy.of(self.space, &candidate.network).filter(|accuracy| accuracy.is_finite())?;
        let mut total = Total::NONE;
        let mut known = HashMap::new();
        let mut short: Option<(Shortage, Layer)> = None;
        for layer in self.space.layers(&candidate.network) {
            let place = self.model.place(&layer);
            let model = &mut self.model;
            let cost = *known.entry(place).or_insert_with(|| model.cost(place, candidate.design));
            let Some(cost) = cost else {
                let own = self.model.shortage(place, candidate.design)?;
                if short.is_none_or(|(other, _)| other.excess() < own.excess()) {
                    short = Some((own, layer));
                }
                continue;
            };
            total.add(cost.part()).ok()?;
        }
        if let Some((shortage, layer)) = short {
            self.too_small += 1;
            if self.nearest.as_ref().is_none_or(|nearest| shortage.excess() < nearest.shortage.excess()) {
                self.nearest = Some(Misfit { candidate: *candidate, layer, shortage });
            }
            return None;
        }
        let figures = figures_of(self.designs.hardware(candidate.design.accelerator), &total)?;
        Some((accuracy, figures, total.needs))
    }

    fn any_accelerator(&self, random: &mut PythonRandom) -> AcceleratorId {
        AcceleratorId(random.below(self.designs.accelerators.len() as u32) as usize)
    }

    /// A neighbour of an accelerator in the grid along a random axis, or a random accelerator if the grid has none
    /// there.
    fn neighbour(&self, accelerator: AcceleratorId, random: &mut PythonRandom) -> AcceleratorId {
        let varied: Vec<usize> = (0..AXES).filter(|&axis| self.axes[axis].len() > 1).collect();
        if varied.is_empty() || random.below(4) == 0 {
            return self.any_accelerator(random);
        }
        let mut point = point_of(self.designs.hardware(accelerator));
        let axis = *random.choice(&varied);
        let values = &self.axes[axis];
        let place = values.binary_search(&point[axis]).unwrap_or(0);
        let up = random.below(2) == 1;
        let next = if up { (place + 1).min(values.len() - 1) } else { place.saturating_sub(1) };
        point[axis] = values[next];
        self.places.get(&point).copied().unwrap_or_else(|| self.any_accelerator(random))
    }

    /// An accelerator that takes each figure from either parent, or the mother's if the grid does not have it.
    fn between(&self, mother: AcceleratorId, father: AcceleratorId, random: &mut PythonRandom) -> AcceleratorId {
        let of = |place: AcceleratorId| point_of(self.designs.hardware(place));
        let (mut point, other) = (of(mother), of(father));
        for (own, other) in point.iter_mut().zip(other) {
            if random.below(2) == 1 {
                *own = other;
            }
        }
        self.places.get(&point).copied().unwrap_or(mother)
    }
}

/// How far a figure exceeds its limit, as a fraction of the limit.
fn excess(figure: f64, limit: f64) -> f64 {
    if figure <= limit { 0.0 } else { (figure - limit) / limit.max(f64::MIN_POSITIVE) }
}

impl Genetics for CoDesign<'_> {
    type Genome = Candidate;

    fn random(&mut self, random: &mut PythonRandom) -> Candidate {
        Candidate {
            network: self.space.random(random),
            design: DesignId { accelerator: self.any_accelerator(random), takes: *random.choice(&self.takes) },
        }
    }

    fn offspring(&mut self, mother: &Candidate, father: &Candidate, random: &mut PythonRandom) -> Candidate {
        let mut child = *mother;
        if random.below(10) < 9 {
            child.network = self.space.cross_over(&mother.network, &father.network, random);
            child.design.accelerator = self.between(mother.design.accelerator, father.design.accelerator, random);
            child.design.takes = if random.below(2) == 1 { father.design.takes } else { mother.design.takes };
        }
        // Then mutate: one or two genes of the network, the accelerator, or the dataflow.
        if random.below(10) < 8 {
            child.network = self.space.mutate(&child.network, random);
        }
        if random.below(10) < 4 {
            child.design.accelerator = self.neighbour(child.design.accelerator, random);
        }
        if random.below(10) < 1 {
            child.design.takes = *random.choice(&self.takes);
        }
        child
    }

    fn evaluate(&mut self, candidate: &Candidate) -> Option<Point> {
        let (accuracy, figures, _) = self.figures(candidate)?;
        let objectives = self.objectives.iter().map(|objective| match objective {
            Objective::Accuracy => -accuracy,
            Objective::Latency => figures.cycles as f64,
            Objective::Energy => figures.energy,
            Objective::Area => figures.area,
        });
        let limits = &self.limits;
        let violation = excess(figures.cycles as f64, limits.latency)
            + excess(figures.energy, limits.energy)
            + excess(figures.edp(), limits.edp)
            + excess(figures.area, limits.area)
            + excess(figures.power, limits.power);
        Some(Point { objectives: objectives.collect(), violation })
    }
}
