//! Networks and designs evolving together, in spaces too large to enumerate.

use std::collections::HashMap;

use super::model::Model;
use super::nsga2::Problem;
use super::pareto::Point;
use super::query::{Figures, Limits};
use super::task::silicon;
use crate::host::campaign::Campaign;
use crate::host::costs::Shortage;
use crate::host::shape::kind_and_shape;
use crate::host::spaces::accuracy::Accuracy;
use crate::host::spaces::random::PythonRandom;
use crate::host::spaces::{self, Space};
use crate::{Energy, Hardware, Layer};

/// A network on a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The network.
    pub network: spaces::Genome,
    /// Place of the accelerator in the campaign.
    pub accelerator: u32,
    /// Place of the dataflow, one more than there are for `mixed`.
    pub dataflow: u32,
}

/// What is minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// What is missing to an accuracy of 0: the accuracy with its sign changed.
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

/// Figures of an accelerator that a grid varies.
const AXES: usize = 7;

/// The search for good pairs of a network and a design.
pub struct CoDesign<'a> {
    space: &'a dyn Space,
    accuracy: &'a Accuracy,
    campaign: &'a Campaign,
    model: Model<'a>,
    objectives: Vec<Objective>,
    limits: Limits,
    /// The values that each axis takes, in ascending order.
    axes: [Vec<u32>; AXES],
    /// The accelerator at a point of the grid, if there is one.
    places: HashMap<[u32; AXES], u32>,
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
    ]
}

impl<'a> CoDesign<'a> {
    /// Networks of `space` on the accelerators and dataflows of `campaign`, whose own networks do not matter.
    pub fn new(
        space: &'a dyn Space,
        accuracy: &'a Accuracy,
        campaign: &'a Campaign,
        objectives: &[Objective],
        limits: Limits,
    ) -> CoDesign<'a> {
        let mut axes: [Vec<u32>; AXES] = Default::default();
        let mut places = HashMap::new();
        for (place, accelerator) in (0..).zip(&campaign.accelerators) {
            let point = point_of(&accelerator.hardware);
            axes.iter_mut().zip(point).for_each(|(axis, value)| axis.push(value));
            places.entry(point).or_insert(place);
        }
        for axis in &mut axes {
            axis.sort_unstable();
            axis.dedup();
        }
        let (model, objectives) = (Model::new(campaign), objectives.to_vec());
        CoDesign { space, accuracy, campaign, model, objectives, limits, axes, places, too_small: 0, nearest: None }
    }

    /// Evaluations of the cost model so far, see [`Model::walks`].
    pub fn walks(&self) -> usize {
        self.model.walks()
    }

    /// By the exact model: how many candidates did not fit the buffers of their accelerator, and what the one that exceeded
    /// them least lacked.
    pub fn too_small(&self) -> Option<(usize, String)> {
        let Misfit { candidate, layer, shortage } = self.nearest.as_ref()?;
        let accelerator = &self.campaign.accelerators[candidate.accelerator as usize].name;
        let dataflow = self.campaign.dataflow_name(candidate.dataflow as usize);
        let layer = kind_and_shape(layer);
        Some((self.too_small, format!("layer {layer} under {dataflow} on {accelerator} {shortage}")))
    }

    /// Accuracy and figures of a candidate; `None` if a layer cannot run or the accuracy is not known.
    pub fn figures(&mut self, candidate: &Candidate) -> Option<(f64, Figures)> {
        let accuracy = self.accuracy.of(self.space, &candidate.network).filter(|accuracy| accuracy.is_finite())?;
        let hardware = self.campaign.accelerators[candidate.accelerator as usize].hardware;
        let mut figures = Figures::default();
        let (mut parts, mut l1_bytes, mut l2_bytes) = (Energy::default(), 0, 0);
        let mut known = HashMap::new();
        let mut short: Option<(Shortage, Layer)> = None;
        for layer in self.space.layers(&candidate.network) {
            let place = self.model.place(&layer);
            let model = &mut self.model;
            let cost = *known.entry(place).or_insert_with(|| model.cost(place, candidate.dataflow as usize, &hardware));
            let Some(cost) = cost else {
                let own = self.model.shortage(place, candidate.dataflow as usize, &hardware)?;
                if short.is_none_or(|(other, _)| other.excess() < own.excess()) {
                    short = Some((own, layer));
                }
                continue;
            };
            figures.cycles = figures.cycles.checked_add(cost.cycles)?;
            parts = parts + cost.energy;
            l1_bytes = cost.l1_bytes.max(l1_bytes);
            l2_bytes = cost.l2_bytes.max(l2_bytes);
        }
        if let Some((shortage, layer)) = short {
            self.too_small += 1;
            if self.nearest.as_ref().is_none_or(|nearest| shortage.excess() < nearest.shortage.excess()) {
                self.nearest = Some(Misfit { candidate: *candidate, layer, shortage });
            }
            return None;
        }
        figures.energy = parts.total();
        (figures.area, figures.power) = silicon(&hardware, l1_bytes, l2_bytes);
        Some((accuracy, figures))
    }

    fn dataflows(&self) -> u32 {
        (self.campaign.dataflows.len() + usize::from(self.campaign.mixed.is_some())) as u32
    }

    /// The accelerator beside another one on an axis, or a random one where the grid has none there.
    fn neighbour(&self, accelerator: u32, random: &mut PythonRandom) -> u32 {
        let count = self.campaign.accelerators.len() as u32;
        let varied: Vec<usize> = (0..AXES).filter(|&axis| self.axes[axis].len() > 1).collect();
        if varied.is_empty() || random.below(4) == 0 {
            return random.below(count);
        }
        let mut point = point_of(&self.campaign.accelerators[accelerator as usize].hardware);
        let axis = *random.choice(&varied);
        let values = &self.axes[axis];
        let place = values.binary_search(&point[axis]).unwrap_or(0);
        let up = random.below(2) == 1;
        let next = if up { (place + 1).min(values.len() - 1) } else { place.saturating_sub(1) };
        point[axis] = values[next];
        self.places.get(&point).copied().unwrap_or_else(|| random.below(count))
    }

    /// An accelerator with each figure of either parent, if the grid has it.
    fn between(&self, mother: u32, father: u32, random: &mut PythonRandom) -> u32 {
        let of = |place: u32| point_of(&self.campaign.accelerators[place as usize].hardware);
        let (mut point, other) = (of(mother), of(father));
        for (own, other) in point.iter_mut().zip(other) {
            if random.below(2) == 1 {
                *own = other;
            }
        }
        self.places.get(&point).copied().unwrap_or(mother)
    }
}

/// How far a figure is beyond its limit, as a share of it.
fn excess(figure: f64, limit: f64) -> f64 {
    if figure <= limit { 0.0 } else { (figure - limit) / limit.max(f64::MIN_POSITIVE) }
}

impl Problem for CoDesign<'_> {
    type Genome = Candidate;

    fn random(&mut self, random: &mut PythonRandom) -> Candidate {
        Candidate {
            network: self.space.random(random),
            accelerator: random.below(self.campaign.accelerators.len() as u32),
            dataflow: random.below(self.dataflows()),
        }
    }

    fn offspring(&mut self, mother: &Candidate, father: &Candidate, random: &mut PythonRandom) -> Candidate {
        let mut child = *mother;
        if random.below(10) < 9 {
            child.network = self.space.cross_over(&mother.network, &father.network, random);
            child.accelerator = self.between(mother.accelerator, father.accelerator, random);
            child.dataflow = if random.below(2) == 1 { father.dataflow } else { mother.dataflow };
        }
        // One or two genes of the network, or the accelerator, or the dataflow.
        if random.below(10) < 8 {
            child.network = self.space.mutate(&child.network, random);
        }
        if random.below(10) < 4 {
            child.accelerator = self.neighbour(child.accelerator, random);
        }
        if random.below(10) < 1 {
            child.dataflow = random.below(self.dataflows());
        }
        child
    }

    fn evaluate(&mut self, candidate: &Candidate) -> Option<Point> {
        let (accuracy, figures) = self.figures(candidate)?;
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
