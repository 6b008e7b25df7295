//! Everything about everything: what `coupled` evaluates, and what the other methods are measured against.

use std::collections::{HashMap, HashSet};

use super::evaluator::Evaluator;
use super::query::{Choice, Figures, Limits};
use super::task::{Task, TaskError};
use crate::Dataflow;
use crate::host::campaign::Unusable;
use crate::host::costs::CostTable;

/// The cost of every network on every usable design.
pub struct Truth {
    task: Task,
    table: CostTable,
    unusable: Vec<Unusable>,
    /// How many designs there were.
    all: usize,
    /// All networks of the first design first.
    figures: Vec<Figures>,
    /// Cycles and nJ of each layer, all layers of the first design first; NaN where one cannot run.
    layers: Vec<[f64; 2]>,
    /// Evaluations of the cost model that each of them takes, as numbers: layers of designs that take the same share them.
    evaluations: Vec<Box<[u32]>>,
    distinct: usize,
}

impl Truth {
    /// Costs every network on every design. Designs that cannot run any network are left out of the task; those that cannot
    /// run some are listed.
    ///
    /// # Errors
    /// [`TaskError::NoUsableDesign`] if none remains; [`TaskError::Disagreement`] if the [`Evaluator`] finds other costs than
    /// the campaign.
    pub fn new(mut task: Task) -> Result<Truth, TaskError> {
        let (table, unusable) = task.campaign().table();
        let usable: HashSet<_> = table.designs.iter().map(|design| (&*design.dataflow, &*design.accelerator)).collect();
        let names = |design| task.campaign().design(design);
        let is_usable = |design: &(usize, usize)| {
            let design = names(*design);
            usable.contains(&(&*design.dataflow, &*design.accelerator))
        };
        let designs: HashSet<_> = task.designs().iter().copied().filter(is_usable).collect();
        if designs.is_empty() {
            let reason = Unusable::nearest(&unusable).map_or(String::new(), |nearest| match nearest.excess() {
                Some(_) => format!("nearest to it: {nearest}"),
                None => format!("the first: {nearest}"),
            });
            return Err(TaskError::NoUsableDesign { reason });
        }
        let all = task.designs().len();
        task.keep_designs(|design| designs.contains(design));
        let mut numbers = Numbers::default();
        let (mut figures, mut layers, mut evaluations) = (Vec::new(), Vec::new(), Vec::new());
        let mut evaluator = Evaluator::new(&task);
        for design in 0..task.designs().len() {
            let costs = table.cycles_of(design).iter().zip(table.energy_of(design));
            for (network, (&cycles, &energy)) in costs.enumerate() {
                let disagreement = || TaskError::Disagreement {
                    network: task.names()[network].clone(),
                    design: task.design(design).column(),
                };
                // Buffers are not in the table; the rest must be the same.
                let told = evaluator.figures(network, design).unwrap_or(Figures::UNUSABLE);
                let agreed = if told.is_usable() {
                    (told.cycles, told.energy.to_bits()) == (cycles, energy.to_bits())
                } else {
                    cycles == 0 && energy.is_nan()
                };
                if !agreed {
                    return Err(disagreement());
                }
                figures.push(told);
            }
            for layer in 0..task.layers().len() {
                let told = evaluator.layer(layer, design);
                layers.push(told.map_or([f64::NAN; 2], |told| [told.cycles as f64, told.nj()]));
                evaluations.push(numbers.of(&task, layer, design));
            }
            evaluator.forget(design);
        }
        drop(evaluator);
        Ok(Truth { task, table, unusable, all, figures, layers, evaluations, distinct: numbers.next as usize })
    }

    /// The networks, and the designs that can run them.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// The same costs as a table.
    pub fn table(&self) -> &CostTable {
        &self.table
    }

    /// Designs that some networks cannot run on.
    pub fn unusable(&self) -> &[Unusable] {
        &self.unusable
    }

    /// How many designs no network can run on.
    pub fn unusable_designs(&self) -> usize {
        self.all - self.task.designs().len()
    }

    /// Distinct layers of each network, and how often they occur.
    pub fn layer_counts(&self) -> Vec<&[(u32, u32)]> {
        self.task.campaign().workload.counts().collect()
    }

    /// What each network costs on a design: [`Figures::UNUSABLE`] where it cannot run.
    pub fn figures(&self, design: usize) -> &[Figures] {
        let networks = self.task.networks();
        &self.figures[design * networks..(design + 1) * networks]
    }

    /// Cycles and nJ of each layer on a design.
    pub fn layers(&self, design: usize) -> &[[f64; 2]] {
        let layers = self.task.layers().len();
        &self.layers[design * layers..(design + 1) * layers]
    }

    /// The evaluations that each layer takes on a design.
    pub(super) fn evaluations(&self, design: usize) -> &[Box<[u32]>] {
        let layers = self.task.layers().len();
        &self.evaluations[design * layers..(design + 1) * layers]
    }

    /// Evaluations of the cost model that all of this takes if no layer is costed twice under the same directives on the
    /// same accelerator.
    pub fn distinct_evaluations(&self) -> usize {
        self.distinct
    }

    /// The best network on one of these designs that meets the limits.
    pub fn best(&self, designs: &[usize], limits: &Limits) -> Option<Choice> {
        let accuracy = self.task.accuracy();
        let mut best: Option<Choice> = None;
        for &design in designs {
            let figures = self.figures(design);
            for &network in self.task.order() {
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

/// Numbers of evaluations: one for each (layer, directives, accelerator).
#[derive(Default)]
struct Numbers {
    known: HashMap<(usize, usize), Vec<(Dataflow, u32)>>,
    next: u32,
}

impl Numbers {
    /// Those that a layer takes on a design: with `mixed`, one for each dataflow.
    fn of(&mut self, task: &Task, layer: usize, design: usize) -> Box<[u32]> {
        let campaign = task.campaign();
        let (dataflow, accelerator) = task.designs()[design];
        let mixed = dataflow == campaign.dataflows.len();
        let dataflows = if mixed { 0..dataflow } else { dataflow..dataflow + 1 };
        let pes = campaign.accelerators[accelerator].hardware.pes();
        let known = self.known.entry((layer, accelerator)).or_default();
        let directives =
            dataflows.filter_map(|dataflow| campaign.directives_of(dataflow, &task.layers()[layer], pes).ok());
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
impl Truth {
    /// A truth of made-up figures: for each design, cycles and nJ of each network.
    pub(super) fn made_up(accuracy: &[f64], macs: &[u64], designs: &[Vec<(u64, f64)>]) -> Truth {
        use crate::dataflow::presets::Preset;
        use crate::host::campaign::{Accelerator, Campaign, Costing, NamedDataflow, Workload};
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
            accelerators: (0..designs.len()).map(accelerator).collect(),
            dataflows: vec![NamedDataflow { name: "xp_ws".to_string(), choice }],
            mixed: None,
            costing: Costing::Maestro(EnergyTable::REFERENCE),
        };
        let mut truth = Truth::new(Task::new(campaign, accuracy.to_vec(), macs.to_vec()).unwrap()).unwrap();
        for (figures, &(cycles, energy)) in truth.figures.iter_mut().zip(designs.iter().flatten()) {
            *figures = Figures { cycles, energy, area: 0.0, power: 0.0 };
        }
        truth
    }
}
