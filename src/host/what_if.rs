//! What a network would cost on an accelerator with twice or half as much of some resource.

use crate::hardware::UNLIMITED;
use crate::host::estimate::Estimate;
use crate::host::platform::Platform;
use crate::host::sweep::{Point, Sweep, Target};
use crate::{Error, Hardware, MAX_LEVELS, Noc};

/// A resource of an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Processing elements.
    Pes,
    /// MAC lanes of a PE.
    Lanes,
    /// Bytes per cycle of the NoC, at every level.
    NocBandwidth,
    /// Latency of the NoC in cycles, at every level.
    NocLatency,
    /// Bytes per cycle between L2 and the outside.
    OffchipBandwidth,
    /// Bytes per cycle of the channel that weights have for themselves.
    WeightsBandwidth,
    /// Bytes of L1.
    L1,
    /// Bytes of the buffer of each cluster.
    Cluster,
    /// Bytes of L2.
    L2,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Resource; 9] = [
        Resource::Pes,
        Resource::Lanes,
        Resource::NocBandwidth,
        Resource::NocLatency,
        Resource::OffchipBandwidth,
        Resource::WeightsBandwidth,
        Resource::L1,
        Resource::Cluster,
        Resource::L2,
    ];

    /// Its name, with its unit.
    pub const fn title(self) -> &'static str {
        match self {
            Resource::Pes => "PEs",
            Resource::Lanes => "lanes of a PE",
            Resource::NocBandwidth => "NoC B/cycle",
            Resource::NocLatency => "NoC latency, cycles",
            Resource::OffchipBandwidth => "off-chip B/cycle",
            Resource::WeightsBandwidth => "weights B/cycle",
            Resource::L1 => "L1 B",
            Resource::Cluster => "cluster B",
            Resource::L2 => "L2 B",
        }
    }

    /// The amount of the resource; `None` if it has no limit. For the bandwidth of the NoC, this is that of the
    /// outermost level with a limit; for its latency, the largest of all levels.
    pub fn of(self, hardware: &Hardware) -> Option<u32> {
        let noc = |figure: fn(Noc) -> u32| (0..MAX_LEVELS).map(move |level| figure(hardware.noc(level)));
        let amount = match self {
            Resource::Pes => hardware.pes(),
            Resource::Lanes => hardware.simd_lanes(),
            Resource::NocBandwidth => noc(|noc| noc.bandwidth).find(|bandwidth| *bandwidth != UNLIMITED)?,
            Resource::NocLatency => noc(|noc| noc.latency).max().filter(|latency| *latency > 0)?,
            Resource::OffchipBandwidth => hardware.offchip_bandwidth(),
            Resource::WeightsBandwidth => hardware.weights_bandwidth()?,
            Resource::L1 => hardware.l1_bytes(),
            Resource::Cluster => hardware.cluster_bytes(),
            Resource::L2 => hardware.l2_bytes(),
        };
        (amount != UNLIMITED).then_some(amount)
    }

    /// The accelerator with this resource changed.
    fn changed(self, hardware: Hardware, change: Change) -> Result<Hardware, Error> {
        let of = |amount: u32| if amount == UNLIMITED { amount } else { change.of(amount) };
        match self {
            Resource::Pes => hardware.with_pes(of(hardware.pes())),
            Resource::Lanes => hardware.with_simd_lanes(of(hardware.simd_lanes())),
            Resource::NocBandwidth | Resource::NocLatency => (0..MAX_LEVELS).try_fold(hardware, |hardware, level| {
                let noc = hardware.noc(level);
                let noc = match self {
                    Resource::NocBandwidth => Noc { bandwidth: of(noc.bandwidth), ..noc },
                    _ => Noc { latency: change.of(noc.latency), ..noc },
                };
                hardware.with_noc_at(level, noc)
            }),
            Resource::OffchipBandwidth => hardware.with_offchip_bandwidth(of(hardware.offchip_bandwidth())),
            Resource::WeightsBandwidth => match hardware.weights_bandwidth() {
                Some(bytes) => hardware.with_weights_bandwidth(of(bytes)),
                None => Ok(hardware),
            },
            Resource::L1 => Ok(hardware.with_buffers(of(hardware.l1_bytes()), hardware.l2_bytes())),
            Resource::Cluster => Ok(hardware.with_cluster_buffer(of(hardware.cluster_bytes()))),
            Resource::L2 => Ok(hardware.with_buffers(hardware.l1_bytes(), of(hardware.l2_bytes()))),
        }
    }
}

/// A change of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Half, rounded down.
    Half,
    /// Twice.
    Twice,
}

impl Change {
    const fn of(self, amount: u32) -> u32 {
        match self {
            Change::Half => amount / 2,
            Change::Twice => {
                if amount > UNLIMITED / 2 {
                    UNLIMITED
                } else {
                    amount * 2
                }
            }
        }
    }
}

/// What a network costs, if it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Cycles and nJ.
    Runs {
        /// Cycles.
        cycles: u64,
        /// nJ.
        energy: f64,
    },
    /// Some layer does not fit a buffer.
    DoesNotFit,
    /// There is no such accelerator, or a layer cannot be mapped onto it.
    Impossible,
}

impl Outcome {
    /// The outcome of an estimate.
    pub fn of(estimate: &Estimate) -> Outcome {
        match estimate.total.cycles.zip(estimate.energy()) {
            Some((cycles, energy)) if estimate.misfits().is_empty() => Outcome::Runs { cycles, energy: energy.total() },
            _ => Outcome::DoesNotFit,
        }
    }

    fn of_point(point: &Point<'_>) -> Outcome {
        match (point.usable().and_then(|outcome| outcome.cycles.zip(outcome.energy)), &point.outcome) {
            (_, Err(_)) => Outcome::Impossible,
            (Some((cycles, energy)), _) => Outcome::Runs { cycles, energy },
            (None, _) => Outcome::DoesNotFit,
        }
    }
}

/// A resource of an accelerator, and what the network would cost with half and twice as much of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WhatIf {
    /// Which.
    pub resource: Resource,
    /// The amount that there is.
    pub amount: u32,
    /// The outcome with half of it.
    pub half: Outcome,
    /// The outcome with twice as much.
    pub twice: Outcome,
}

/// Halves and doubles every resource that has a limit. The sweep must be of one dataflow, or of the best of several
/// for each layer.
///
/// ```
/// use maestrino::dataflow::presets::Preset;
/// use maestrino::host::builtin;
/// use maestrino::host::campaign::NamedDataflow;
/// use maestrino::host::cost_table::CostModel;
/// use maestrino::host::dataflow_choice::DataflowChoice;
/// use maestrino::host::platform::Platform;
/// use maestrino::host::sweep::Sweep;
/// use maestrino::host::what_if::{Resource, what_if};
///
/// let network = builtin::network("ds_cnn").unwrap();
/// let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), true);
/// let dataflows = [NamedDataflow { name: "kcp_ws".to_string(), choice }];
/// let sweep = Sweep { network: &network, dataflows: &dataflows, mixed: None, model: CostModel::Exact };
/// let all = what_if(&sweep, &Platform::new(builtin::accelerator("eyeriss").unwrap()));
/// // PEs first: half and twice the 168 of Eyeriss.
/// assert_eq!((all[0].resource, all[0].amount), (Resource::Pes, 168));
/// ```
pub fn what_if(sweep: &Sweep<'_>, platform: &Platform) -> Vec<WhatIf> {
    let hardware = platform.hardware;
    let limited: Vec<_> =
        Resource::ALL.into_iter().filter_map(|resource| Some((resource, resource.of(&hardware)?))).collect();
    let changed = |(resource, _): &(Resource, u32)| {
        [Change::Half, Change::Twice].map(|change| resource.changed(hardware, change).ok())
    };
    let changed: Vec<[Option<Hardware>; 2]> = limited.iter().map(changed).collect();
    let target = |hardware| Target { name: String::new(), platform: Platform { hardware, ..*platform } };
    let targets: Vec<Target> = changed.iter().flatten().flatten().copied().map(target).collect();
    let points = sweep.points(&targets);
    let mut outcomes = points.iter().map(Outcome::of_point);
    let mut outcome = |changed: Option<Hardware>| changed.and_then(|_| outcomes.next()).unwrap_or(Outcome::Impossible);
    let all = limited.into_iter().zip(changed);
    all.map(|((resource, amount), [half, twice])| WhatIf {
        resource,
        amount,
        half: outcome(half),
        twice: outcome(twice),
    })
    .collect()
}
