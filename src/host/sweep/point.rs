//! Points of a sweep: what a network costs on an accelerator under a dataflow, and the Pareto front of such points.

use crate::host::cost_table::CostModel;
use crate::host::estimate::Estimate;
use crate::host::network::LayerError;
use crate::host::platform::Platform;
use crate::host::search::pareto::Archive;
use crate::{Energy, Silicon};

/// A named accelerator with its clock and energies.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub platform: Platform,
}

/// A network on an accelerator under a dataflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Point<'a> {
    /// The accelerator.
    pub target: &'a Target,
    /// Name of the dataflow.
    pub dataflow: &'a str,
    /// What the network costs, or a layer that cannot be costed.
    pub outcome: Result<Outcome, LayerError>,
}

/// What a whole network costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Cycles; `None` if L2 is too small for a layer.
    pub cycles: Option<u64>,
    /// Cycles if the weights of each layer load while the layer before runs; `None` also in the reference's model.
    pub cycles_prefetched: Option<u64>,
    /// nJ; `None` if L2 is too small.
    pub energy: Option<f64>,
    /// The fraction of MAC lanes at work in the average cycle; `None` if L2 is too small.
    pub utilization: Option<f64>,
    /// Area and power with the accelerator's own buffers. Buffers without a limit, and all buffers in the reference's
    /// model, are as large as needed. `None` if the NoC has no limit.
    pub silicon: Option<Silicon>,
    /// Bytes of L1 that the most demanding layer needs in each PE.
    pub l1_need: u64,
    /// The same for the buffer of each cluster; 0 in the reference's model.
    pub cluster_need: u64,
    /// The same for L2.
    pub l2_need: u64,
    /// The names of the buffers that are too small, joined by `+`; empty if the network can run.
    pub short: String,
    /// Why it cannot run there: a sentence for each buffer.
    pub misfits: Vec<String>,
}

impl Point<'_> {
    /// The cost, if the network can run there.
    pub fn usable(&self) -> Option<&Outcome> {
        self.outcome.as_ref().ok().filter(|outcome| outcome.misfits.is_empty())
    }

    /// The time of `cycles` at its clock, in milliseconds.
    pub fn ms(&self, cycles: u64) -> f64 {
        cycles as f64 / self.target.platform.clock_mhz / 1000.0
    }

    /// The latency in milliseconds and another figure, if the network can run.
    pub(crate) fn latency_and(&self, other: Against) -> Option<[f64; 2]> {
        let outcome = self.usable()?;
        let other = match other {
            Against::Energy => outcome.energy?,
            Against::Area => outcome.silicon?.area() / 1e6,
        };
        Some([self.ms(outcome.cycles?), other])
    }
}

/// The figure that is compared with latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// nJ.
    Energy,
    /// mm^2.
    Area,
}

/// The places of the points on the Pareto front, sorted by latency: no other point is at least as good in both
/// figures; of equal points, the first counts.
pub fn front(points: &[Point<'_>], other: Against) -> Vec<usize> {
    let mut front = Archive::new();
    for (place, point) in points.iter().enumerate() {
        if let Some(figures) = point.latency_and(other) {
            front.add(figures.to_vec(), place);
        }
    }
    front.items.sort_by(|(a, _), (b, _)| a[0].total_cmp(&b[0]));
    front.items.into_iter().map(|(_, place)| place).collect()
}

impl Outcome {
    pub(super) fn of(estimate: &Estimate) -> Outcome {
        let (total, hardware) = (&estimate.total, &estimate.hardware);
        let needed = match estimate.model {
            CostModel::Exact => Silicon::of(hardware, total.needs.l1, total.needs.l2),
            CostModel::Maestro => {
                let (pes, lanes, noc) = (hardware.pes(), hardware.simd_lanes(), hardware.noc(0).bandwidth);
                Silicon::new(pes, lanes, noc, total.needs.l1, total.needs.l2)
            }
        };
        let misfits = estimate.misfits();
        let short: Vec<&str> = misfits.iter().map(|misfit| misfit.shortage.buffer.name()).collect();
        Outcome {
            cycles: total.cycles,
            cycles_prefetched: estimate.prefetched_cycles(),
            energy: estimate.energy().as_ref().map(Energy::total),
            utilization: estimate.utilization(),
            silicon: Silicon::is_known(hardware).then_some(needed),
            l1_need: total.needs.l1,
            cluster_need: total.needs.cluster,
            l2_need: total.needs.l2,
            short: short.join("+"),
            misfits: misfits.iter().map(ToString::to_string).collect(),
        }
    }
}
