//! Costs a network on many accelerators under several dataflows, or under the best of them for each layer.
//!
//! ```text
//! layers, dataflows ─> walks, one for accelerators that differ in speeds alone ─> estimates ─> points
//! ```

mod point;

use std::sync::Arc;

use rayon::prelude::*;

use crate::host::alike;
use crate::host::campaign::{MIXED, NamedDataflow, Objective};
use crate::host::cost_table::{CostModel, LayerCost};
use crate::host::dataflow_choice::Taken;
use crate::host::estimate::Estimate;
use crate::host::network::{LayerError, NamedLayer, Network};
use crate::host::platform::Platform;
use crate::host::pricing::{Walked, counted};
use crate::{Dataflow, Energy, EnergyTable, Error, Hardware};

pub use point::{Against, Outcome, Point, Target, front};

/// A network, and the dataflows that are compared for it.
#[derive(Clone, Copy, Debug)]
pub struct Sweep<'a> {
    /// The network.
    pub network: &'a Network,
    /// The dataflows, at least one.
    pub dataflows: &'a [NamedDataflow],
    /// With an objective, each layer takes the best of the dataflows that fit, which gives a point for each
    /// accelerator. Without one, all layers take the same dataflow, which gives a point for each accelerator and
    /// dataflow.
    pub mixed: Option<Objective>,
    /// The model.
    pub model: CostModel,
}

/// Each distinct layer under each dataflow; and, for each layer of the network, the index of its distinct layer.
struct Walks {
    layers: Vec<Vec<Candidate>>,
    places: Vec<usize>,
}

/// A layer under a dataflow, and the name of the dataflow in the layer's row.
struct Candidate {
    name: Option<String>,
    walked: Result<Arc<Walked>, Error>,
}

/// The name of a dataflow, and what a layer costs under it.
type Costed = Result<(Option<String>, LayerCost), Error>;

impl<'a> Sweep<'a> {
    /// The points of the sweep, one accelerator after the other, and for each in the order of the dataflows. They do
    /// not depend on the number of threads.
    ///
    /// ```
    /// use maestrino::Hardware;
    /// use maestrino::dataflow::presets::Preset;
    /// use maestrino::host::builtin;
    /// use maestrino::host::campaign::NamedDataflow;
    /// use maestrino::host::cost_table::CostModel;
    /// use maestrino::host::dataflow_choice::DataflowChoice;
    /// use maestrino::host::platform::Platform;
    /// use maestrino::host::sweep::{Against, Sweep, Target, front};
    ///
    /// let network = builtin::network("resnet8").unwrap();
    /// let dataflows = [Preset::KcpWs, Preset::Rs].map(|preset| NamedDataflow {
    ///     name: preset.name().to_string(),
    ///     choice: DataflowChoice::preset(preset.tiling(), true),
    /// });
    /// let sweep = Sweep { network: &network, dataflows: &dataflows, mixed: None, model: CostModel::Exact };
    /// let targets = [64, 256].map(|pes| Target {
    ///     name: format!("{pes} PEs"),
    ///     platform: Platform::new(Hardware::new(pes).unwrap()),
    /// });
    /// let points = sweep.points(&targets);
    /// assert_eq!(points.len(), 4);
    /// // Latency against energy: the places of the points that no other beats in both.
    /// assert!(!front(&points, Against::Energy).is_empty());
    /// ```
    pub fn points(&self, targets: &'a [Target]) -> Vec<Point<'a>> {
        let groups = alike::groups(targets.iter().map(|target| counted(self.model, &target.platform.hardware)));
        let of_group = |group: &Vec<usize>| {
            let walks = self.walks(&targets[group[0]].platform.hardware);
            let of_target = |&place: &usize| (place, self.points_of(&walks, &targets[place]));
            group.par_iter().map(of_target).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = groups.par_iter().flat_map(of_group).collect();
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().flat_map(|(_, points)| points).collect()
    }

    /// The cost of the network on one accelerator, with each layer under the best of the dataflows that fit. If none
    /// fits, the first that can be costed is taken.
    ///
    /// # Errors
    /// As [`Estimate::new`].
    pub fn mixed(&self, target: &Target) -> Result<Estimate, Vec<LayerError>> {
        let walks = self.walks(&target.platform.hardware);
        let costs = self.costs(&walks, target);
        self.estimate(&walks, target, |layer| self.best(&costs[layer]))
    }

    /// Walks the layers. Dataflows that map a layer in the same way share a walk.
    fn walks(&self, hardware: &Hardware) -> Walks {
        let of_layer = |named: &&NamedLayer| {
            let mut known: Vec<(Dataflow, Result<Arc<Walked>, Error>)> = Vec::new();
            let mut of = |dataflow: &NamedDataflow| {
                let taken = dataflow.choice.taken(&named.layer, named.dataflow.is_some(), hardware.pes());
                let name = name(dataflow, taken);
                let directives = match dataflow.choice.dataflow(named, hardware.pes()) {
                    Ok((directives, _)) => directives.into_owned(),
                    Err(error) => return Candidate { name, walked: Err(error) },
                };
                if let Some((_, walked)) = known.iter().find(|(other, _)| *other == directives) {
                    return Candidate { name, walked: walked.clone() };
                }
                let walked = Walked::new(self.model, &named.layer, &directives, hardware).map(Arc::new);
                known.push((directives, walked.clone()));
                Candidate { name, walked }
            };
            self.dataflows.iter().map(&mut of).collect()
        };
        let (distinct, places) = self.network.distinct();
        Walks { layers: distinct.par_iter().map(of_layer).collect(), places }
    }

    /// What each distinct layer costs on an accelerator.
    fn costs(&self, walks: &Walks, target: &Target) -> Vec<Vec<Costed>> {
        let (hardware, energies) = (&target.platform.hardware, self.energies(&target.platform));
        let cost = |candidate: &Candidate| match &candidate.walked {
            Ok(walked) => walked.cost(hardware, &energies).map(|cost| (candidate.name.clone(), cost)),
            Err(error) => Err(*error),
        };
        walks.layers.iter().map(|candidates| candidates.iter().map(cost).collect()).collect()
    }

    /// The energies on an accelerator. Only in the exact model do the energies of buffers depend on their sizes.
    pub(crate) fn energies(&self, platform: &Platform) -> EnergyTable {
        match self.model {
            CostModel::Exact => platform.scaled_energies(),
            CostModel::Maestro => platform.energies,
        }
    }

    fn estimate(
        &self,
        walks: &Walks,
        target: &Target,
        cost: impl Fn(usize) -> Costed,
    ) -> Result<Estimate, Vec<LayerError>> {
        let costs = walks.places.iter().copied().map(cost);
        Estimate::of(self.network, &target.platform.hardware, self.model, costs)
    }

    fn points_of(&self, walks: &Walks, target: &'a Target) -> Vec<Point<'a>> {
        let costs = self.costs(walks, target);
        let point = |dataflow: &'a str, estimate: Result<Estimate, Vec<LayerError>>| {
            let outcome = match estimate {
                Ok(estimate) => Ok(Outcome::of(&estimate)),
                // There is at least one error.
                Err(mut errors) => Err(errors.swap_remove(0)),
            };
            Point { target, dataflow, outcome }
        };
        match self.mixed {
            Some(_) => {
                vec![point(MIXED, self.estimate(walks, target, |layer| self.best(&costs[layer])))]
            }
            None => {
                let of = |(place, dataflow): (usize, &'a NamedDataflow)| {
                    point(&dataflow.name, self.estimate(walks, target, |layer| costs[layer][place].clone()))
                };
                self.dataflows.iter().enumerate().map(of).collect()
            }
        }
    }

    /// The best candidate that fits; if none fits, the first that can be costed.
    fn best(&self, candidates: &[Costed]) -> Costed {
        let fits = |cost: &LayerCost| cost.exact().is_none_or(|cost| cost.fits.all());
        let usable = candidates.iter().flatten().filter(|(_, cost)| fits(cost) && cost.cycles().is_some());
        let figures = |(_, cost): &&(Option<String>, LayerCost)| {
            (cost.cycles().unwrap_or(u64::MAX), cost.energy().as_ref().map_or(f64::INFINITY, Energy::total))
        };
        let best = self.mixed.unwrap_or(Objective::Latency).best(usable, figures);
        match best.or_else(|| candidates.iter().flatten().next()) {
            Some(best) => Ok(best.clone()),
            None => candidates.first().cloned().unwrap_or(Err(Error::EmptyDataflow)),
        }
    }
}

/// The name of the dataflow in a layer's row: the given one, or the preset that stands in for it; `None` if the layer
/// has its own.
fn name(dataflow: &NamedDataflow, taken: Taken) -> Option<String> {
    let given = || Some(dataflow.name.clone());
    match taken {
        Taken::Own => None,
        Taken::Given(_) => given(),
        Taken::Preset(tiling) if dataflow.choice.presets().any(|given| given.preset() == tiling.preset()) => given(),
        Taken::Preset(tiling) => Some(tiling.preset().name().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataflow::presets::Preset;
    use crate::host::builtin;
    use crate::host::campaign::accelerators::grid;
    use crate::host::dataflow_choice::DataflowChoice;

    fn dataflows() -> Vec<NamedDataflow> {
        let named = |preset: Preset| {
            let choice = DataflowChoice::preset(preset.tiling(), false);
            NamedDataflow { name: preset.name().to_string(), choice }
        };
        [Preset::KcpWs, Preset::Rs, Preset::KxcOs].map(named).to_vec()
    }

    /// Accelerators that differ in everything on which a walk depends, and in everything else.
    fn targets() -> Vec<Target> {
        let grid = grid("pes=16:64,noc=8:64,hops=1:3,offchip=1:50,l1=30:200,l2=5000:7000:200000,simd=1:2").unwrap();
        let target = |(place, accelerator): (usize, crate::host::campaign::Accelerator)| {
            let platform = Platform { clock_mhz: 100.0 + place as f64, ..Platform::new(accelerator.hardware) };
            Target { name: accelerator.name, platform }
        };
        grid.into_iter().enumerate().map(target).collect()
    }

    #[test]
    fn a_point_is_an_estimate() {
        let (network, dataflows, targets) = (builtin::network("ds_cnn").unwrap(), dataflows(), targets());
        for model in [CostModel::Exact, CostModel::Maestro] {
            let points = Sweep { network: &network, dataflows: &dataflows, mixed: None, model }.points(&targets);
            let mut expected = Vec::new();
            for target in &targets {
                let Platform { hardware, energies, .. } = &target.platform;
                for NamedDataflow { name, choice } in &dataflows {
                    let estimate = Estimate::new(&network, choice, hardware, model, energies);
                    let outcome = estimate.map(|estimate| Outcome::of(&estimate)).map_err(|errors| errors[0].clone());
                    expected.push(Point { target, dataflow: name, outcome });
                }
            }
            assert!(expected == points, "{model:?}");
            let counts = [
                points.iter().filter(|point| point.usable().is_some()).count(),
                points
                    .iter()
                    .filter(|point| point.outcome.as_ref().is_ok_and(|outcome| !outcome.misfits.is_empty()))
                    .count(),
                points.iter().filter(|point| point.outcome.is_err()).count(),
            ];
            let exact = model == CostModel::Exact;
            assert!(counts[0] > 0 && (counts[1] > 0) == exact && counts[2] > 0, "{counts:?}");
        }
    }

    #[test]
    fn the_best_dataflow_of_a_layer_fits_and_costs_least() {
        let (network, dataflows, targets) = (builtin::network("ds_cnn").unwrap(), dataflows(), targets());
        let mut passed_over = 0;
        for (model, objective) in [
            (CostModel::Exact, Objective::Latency),
            (CostModel::Exact, Objective::Energy),
            (CostModel::Maestro, Objective::Edp),
        ] {
            let sweep = Sweep { network: &network, dataflows: &dataflows, mixed: Some(objective), model };
            for target in &targets {
                let Platform { hardware, energies, .. } = &target.platform;
                let Ok(mixed) = sweep.mixed(target) else { continue };
                for (row, named) in mixed.layers.iter().zip(&network.layers) {
                    let cost = |dataflow: &NamedDataflow| {
                        let (directives, _) = dataflow.choice.dataflow(named, hardware.pes()).unwrap();
                        LayerCost::of(model, &named.layer, &directives, hardware, energies).ok()
                    };
                    let all: Vec<LayerCost> = dataflows.iter().filter_map(cost).collect();
                    let figure = |cost: &LayerCost| {
                        let (cycles, nj) = (cost.cycles().unwrap() as f64, cost.energy().unwrap().total());
                        match objective {
                            Objective::Latency => cycles,
                            Objective::Energy => nj,
                            Objective::Edp => nj * cycles,
                        }
                    };
                    let fits = |cost: &&LayerCost| cost.exact().is_none_or(|cost| cost.fits.all());
                    let least_of_all =
                        all.iter().filter(|cost| cost.cycles().is_some()).map(figure).fold(f64::INFINITY, f64::min);
                    match all.iter().filter(fits).map(figure).reduce(f64::min) {
                        Some(least) => {
                            passed_over += usize::from(least_of_all < least);
                            assert!(fits(&&row.cost) && figure(&row.cost) == least);
                        }
                        None => assert_eq!(row.cost, all[0]),
                    }
                }
            }
        }
        assert!(passed_over > 0);
    }
}
