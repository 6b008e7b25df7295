//! The delay of one mapping on many accelerators: what does not depend on bandwidths is worked out once.

use crate::analysis::{Mapping, Traffic};
use crate::dim::{DimSet, Tensor};
use crate::hardware::Hardware;

use super::{Step, Timed, Volumes, divide, divide_up, transfer};

/// The cases of a mapping, ready to be timed with any bandwidths, latencies and SIMD lanes.
///
/// It gives the same cycles as [`Mapping::delay`], or none: then that function has them, or the error.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Cluster levels below the outermost, inner ones first, one for each kind of tile that is handed down.
    subs: Vec<(DimSet, Sub)>,
    outermost: Sub,
    /// Bytes that half of a double buffer could exchange with the outside in a step, times two.
    offchip_bytes: i64,
}

/// The cases of a cluster level that compute something.
#[derive(Clone, Debug)]
struct Sub {
    index: usize,
    cases: Vec<Case>,
}

#[derive(Clone, Copy, Debug)]
struct Case {
    occurrences: i64,
    first: bool,
    ingress: i64,
    egress: i64,
    work: Work,
}

/// What a step computes.
#[derive(Clone, Copy, Debug)]
enum Work {
    Operations(i64),
    /// The sub-clusters with a ragged tile and the others, as places in [`Profile::subs`].
    Below([Option<usize>; 2]),
}

/// The steps of a layer on a given network-on-chip: what remains is the off-chip interface.
#[derive(Clone, Debug)]
pub struct OnChip {
    /// How often a step occurs, and how many cycles it takes.
    steps: Vec<(i64, i64)>,
    offchip_bytes: i64,
}

impl Profile {
    /// The profile of a mapping and its traffic. `None` where counts come near 64 bits, or the mapping is unsound.
    pub fn new(mapping: &Mapping, traffic: &Traffic) -> Option<Profile> {
        let bytes = |tensor| i64::try_from(traffic.l2_bytes[tensor]).ok();
        let read = bytes(Tensor::Input)?.checked_add(bytes(Tensor::Filter)?)?;
        let mut subs = Vec::new();
        let outermost = Sub::new(mapping, 0, DimSet::default(), &mut subs)?;
        let volume = |case: &Case| case.occurrences.checked_mul(case.ingress.max(case.egress));
        outermost.cases.iter().try_fold(0i64, |sum, case| sum.checked_add(volume(case)?))?;
        Some(Profile { subs, outermost, offchip_bytes: read.max(bytes(Tensor::Output)?) })
    }

    /// Its steps with the network-on-chip and the lanes of an accelerator, which must have the mapping's number of PEs.
    pub fn on_chip(&self, hardware: &Hardware) -> Option<OnChip> {
        let mut below = Vec::with_capacity(self.subs.len());
        for (_, sub) in &self.subs {
            let mut cycles = 0i64;
            for case in &sub.cases {
                let (_, step) = case.cycles(sub.index, hardware, &below)?;
                cycles = cycles.checked_add(case.occurrences.checked_mul(step)?)?;
            }
            below.push(cycles);
        }
        let mut steps: Vec<(i64, i64)> = Vec::with_capacity(self.outermost.cases.len());
        for case in &self.outermost.cases {
            let (compute, step) = case.cycles(0, hardware, &below)?;
            if compute == 0 {
                return None;
            }
            match steps.last_mut() {
                Some((occurrences, last)) if *last == step => *occurrences += case.occurrences,
                _ => steps.push((case.occurrences, step)),
            }
        }
        Some(OnChip { steps, offchip_bytes: self.offchip_bytes })
    }
}

impl OnChip {
    /// Cycles of the layer with `bandwidth` elements per cycle between L2 and the outside.
    pub fn cycles(&self, bandwidth: u32) -> Option<u64> {
        let offchip = divide(self.offchip_bytes, i64::from(bandwidth)) / 2;
        let mut cycles = 0i64;
        for &(occurrences, step) in &self.steps {
            cycles = cycles.checked_add(occurrences.checked_mul(step.max(offchip))?)?;
        }
        u64::try_from(cycles).ok().filter(|cycles| *cycles != 0)
    }
}

impl Sub {
    /// The cases of a level for a tile that is partial along `partial`, and before it the levels below.
    fn new(mapping: &Mapping, index: usize, partial: DimSet, subs: &mut Vec<(DimSet, Sub)>) -> Option<Sub> {
        let mut cases = Vec::new();
        let mut sound = Some(0i64);
        let mut visit = |step: &Step<'_>, volumes: &Volumes| {
            if volumes.idle() {
                // See `Mapping::time_sub_cluster`; the traffic of the outermost level is known to be sound.
                return if cases.is_empty() && index > 0 { step.ingress_of_both(&mut [0; 2]) } else { Ok(()) };
            }
            sound = sound.and_then(|steps| steps.checked_add(volumes.occurrences));
            match Case::new(mapping, step, volumes, subs) {
                Some(case) => cases.push(case),
                None => sound = None,
            }
            Ok(())
        };
        mapping.walk(index, partial, &mut visit).ok()?;
        sound.map(|_| Sub { index, cases })
    }
}

impl Case {
    fn new(mapping: &Mapping, step: &Step<'_>, volumes: &Volumes, subs: &mut Vec<(DimSet, Sub)>) -> Option<Case> {
        let index = usize::from(step.number - 1);
        let work = if index + 1 == mapping.levels.len() {
            Work::Operations(volumes.critical_operations)
        } else {
            let spatial = step.spatial();
            let at_work = if spatial.edge() { step.level.edge_clusters } else { step.level.clusters };
            let ragged = spatial.edge() && spatial.ragged();
            let mut below = [None; 2];
            let counts = [(true, i32::from(ragged)), (false, at_work - i32::from(ragged))];
            for (place, (ragged, count)) in below.iter_mut().zip(counts) {
                if count > 0 {
                    let partial = mapping.partial_dims(step.level, step, ragged);
                    let known = subs.iter().position(|(key, sub)| *key == partial && sub.index == index + 1);
                    *place = match known {
                        Some(known) => Some(known),
                        None => {
                            let sub = Sub::new(mapping, index + 1, partial, subs)?;
                            subs.push((partial, sub));
                            Some(subs.len() - 1)
                        }
                    };
                }
            }
            Work::Below(below)
        };
        let Volumes { occurrences, ingress, egress, .. } = *volumes;
        Some(Case { occurrences, first: step.is_first(), ingress: ingress[0].checked_add(ingress[1])?, egress, work })
    }

    /// Cycles that a step computes for, and that it takes on chip.
    fn cycles(&self, index: usize, hardware: &Hardware, below: &[i64]) -> Option<(i64, i64)> {
        let noc = hardware.noc(index);
        let compute = match self.work {
            Work::Operations(operations) => divide_up(operations, hardware.simd_lanes()),
            Work::Below(subs) => {
                subs.iter().flatten().filter_map(|&sub| below.get(sub)).fold(0, |most, c| most.max(*c))
            }
        };
        let timed = Timed {
            occurrences: self.occurrences,
            first: self.first,
            ingress: transfer(noc, self.ingress),
            egress: transfer(noc, self.egress),
            compute,
            active: 0.0,
        };
        let cycles = timed.cycles();
        (cycles != i64::MAX).then_some((compute, cycles))
    }
}
