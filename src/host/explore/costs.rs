//! What a network costs on the designs of a grid, with as little work as possible: a walk over each layer for each
//! array and each step of what L2 keeps, a replay of events for each interconnect, and sums for the rest.
//!
//! What a layer moves off-chip depends on the size of L2 in steps. With an L2 of a given size, the model keeps what
//! moves the least, which needs `n` bytes. Every L2 from `n` bytes to that size has room for this and for nothing
//! better, so it keeps the same. So there is one walk for each step, from the largest L2 of the grid downwards.

use std::ops::Range;

use super::axes::Axes;
use super::technology::Technology;
use crate::exact::{Cost, Counts, Cycles, Event, Mapping, Offchip, Player, Transfers};
use crate::hardware::UNLIMITED;
use crate::host::campaign::NamedDataflow;
use crate::host::campaign::grid::Key;
use crate::host::network::{LayerError, NamedLayer, Network};
use crate::{Buffering, Calibration, Energy, EnergyTable, Error, Hardware, LayerKind};

/// Designs of a plane that have the same cycles and differ only in their buffers.
pub(super) struct Class<'a> {
    /// Cycles for each off-chip bandwidth.
    pub cycles: Vec<u64>,
    /// The buffers.
    pub members: &'a [Member],
}

/// Buffers by their places on the axes.
#[derive(Clone, Copy)]
pub(super) struct Member {
    /// Place of L1.
    pub l1: usize,
    /// Place of L2.
    pub l2: usize,
    /// um^2 and mW of an L1.
    pub l1_parts: [f64; 2],
    /// um^2 and mW of L2.
    pub l2_parts: [f64; 2],
    /// nJ of the network.
    pub energy: f64,
}

/// Pairs of an L1 and an L2 of a plane that are too small. Each counts for the first buffer that is: that of
/// clusters, L1, L2.
#[derive(Clone, Copy, Default)]
pub(super) struct Misfits {
    /// Pairs of an L1 and an L2 that this buffer rules out.
    pub pairs: [u64; 3],
    /// The least bytes that are needed of each.
    pub needs: [u64; 3],
}

/// A network under some dataflows.
#[derive(Clone, Copy, Debug)]
pub struct DataflowCosts<'a> {
    /// The network.
    pub network: &'a Network,
    /// Its dataflows.
    pub dataflows: &'a [NamedDataflow],
    /// Energy, area and power of what is counted.
    pub technology: &'a Technology,
    /// The calibration that predicts cycles, if a chip was measured.
    pub calibration: Option<Calibration>,
}

/// A network on an array, and what all designs with this array have in common.
pub(super) struct Walked {
    layers: Vec<Walk>,
    /// How often each layer occurs in the network.
    times: Vec<u64>,
    /// The number of off-chip bandwidths.
    offchips: usize,
    classes: Vec<(Range<usize>, Vec<Member>)>,
    pub misfits: Misfits,
}

/// A layer on an array.
struct Walk {
    kind: LayerKind,
    events: Box<[Event]>,
    /// The steps of what L2 keeps, from the largest L2 downwards; at least one.
    steps: Vec<Step>,
    /// The step of each L2; `None` if it is too small.
    step_of: Vec<Option<usize>>,
}

struct Step {
    counts: Counts,
    /// Off-chip cycles for each bandwidth: those that run in parallel with the chip, and those that add to it.
    offchip: Vec<[u64; 2]>,
    /// The cost that a calibration starts from, without cycles on the chip.
    cost: Cost,
}

impl Step {
    fn new(counts: Counts, hardware: &Hardware, axes: &Axes) -> Result<Step, Error> {
        // The player has no events, so there is no work on the chip.
        let cost =
            |hardware: Hardware| Cost::timed(&counts, &Player::new(&hardware), &hardware, &EnergyTable::REFERENCE);
        let of = |hardware: Hardware| {
            let cycles = cost(hardware)?.offchip.map(|offchip| offchip.cycles).unwrap_or_default();
            Ok(match hardware.l2_buffers() {
                Buffering::Double => [cycles.rest, cycles.first + cycles.last],
                Buffering::Single => [0, cycles.total],
            })
        };
        let offchip = axes.along(Key::Offchip, *hardware).map(of).collect::<Result<_, Error>>()?;
        Ok(Step { offchip, cost: cost(*hardware)?, counts })
    }

    /// Cycles for each off-chip bandwidth, with `on_chip` cycles on the chip.
    fn cycles(&self, kind: LayerKind, on_chip: u64, calibration: Option<&Calibration>) -> impl Iterator<Item = u64> {
        self.offchip.iter().map(move |[beside, more]| {
            let total = on_chip.max(*beside).saturating_add(*more);
            let Some(own) = calibration else { return total };
            let cycles = Cycles { on_chip, total, ..Cycles::default() };
            let offchip = self.cost.offchip.map(|offchip| Offchip { cycles, ..offchip });
            own.cycles(kind, &Cost { offchip, ..self.cost }).unwrap_or(u64::MAX)
        })
    }
}

impl Walk {
    fn new(named: &NamedLayer, dataflow: &NamedDataflow, hardware: &Hardware, axes: &Axes) -> Result<Walk, Error> {
        let (directives, _) = dataflow.choice.dataflow(named, hardware.pes())?;
        let mapping = Mapping::new(&named.layer, &directives, hardware.pes())?;
        let sizes: Vec<u32> = axes.along(Key::L2, *hardware).map(|hardware| hardware.l2_bytes()).collect();
        let mut events = Vec::new();
        let (kind, step_of) = (named.layer.kind(), vec![None; sizes.len()]);
        let mut walk = Walk { kind, events: Box::default(), steps: Vec::new(), step_of };
        let mut end = sizes.len();
        while let Some(&largest) = sizes[..end].last() {
            let own = hardware.with_buffers(hardware.l1_bytes(), largest);
            let first = walk.steps.is_empty();
            let counts = Counts::of(&mapping, &own, |event| {
                if first {
                    events.push(*event);
                }
            })?;
            let fits = counts.offchip.is_some();
            // An L2 without a limit keeps everything, even what gains nothing, so other sizes are not like it.
            let alike = |size: &u32| largest != UNLIMITED && u64::from(*size) >= counts.needs.l2;
            let from = sizes[..end - 1].iter().rposition(|size| !alike(size)).map_or(0, |place| place + 1);
            if fits {
                walk.step_of[from..end].fill(Some(walk.steps.len()));
            }
            walk.steps.push(Step::new(counts, &own, axes)?);
            if !fits {
                break;
            }
            end = from;
        }
        walk.events = events.into();
        Ok(walk)
    }

    fn counts(&self, l2: usize) -> &Counts {
        &self.steps[self.step_of[l2].unwrap_or(0)].counts
    }

    /// Cycles on the chip.
    fn on_chip(&self, hardware: &Hardware) -> u64 {
        let mut player = Player::new(hardware);
        self.events.iter().for_each(|event| player.play(event));
        // Cycles that overflow count as the maximum.
        let cost = Cost::timed(&self.steps[0].counts, &player, hardware, &EnergyTable::REFERENCE);
        cost.map_or(u64::MAX, |cost| cost.waits.compute + cost.waits.noc_in + cost.waits.noc_out)
    }
}

impl DataflowCosts<'_> {
    /// The network under a dataflow on the array of `hardware`. Only its PEs, its bits and what no grid varies
    /// matter.
    ///
    /// # Errors
    /// A layer that cannot be mapped there.
    pub(super) fn array(&self, dataflow: usize, hardware: &Hardware, axes: &Axes) -> Result<Walked, LayerError> {
        let (distinct, places) = self.network.distinct();
        let walk = |named: &&NamedLayer| {
            let fault = |error| LayerError { layer: named.name.clone(), line: named.line, error };
            Walk::new(named, &self.dataflows[dataflow], hardware, axes).map_err(fault)
        };
        let layers = distinct.iter().map(walk).collect::<Result<Vec<_>, _>>()?;
        let mut times = vec![0; layers.len()];
        places.iter().for_each(|place| times[*place] += 1);
        let mut walked =
            Walked { layers, times, offchips: axes.offchip.len(), classes: Vec::new(), misfits: Misfits::default() };
        walked.classify(&places, self.technology, hardware, axes);
        Ok(walked)
    }

    /// The designs with the interconnect of `hardware` that fit, in classes of equal cycles. The array is that of
    /// `array`.
    pub(super) fn classes<'a>(&self, array: &'a Walked, hardware: &Hardware) -> Vec<Class<'a>> {
        if array.classes.is_empty() {
            return Vec::new();
        }
        let on_chip: Vec<u64> = array.layers.iter().map(|walk| walk.on_chip(hardware)).collect();
        let class = |(l2, members): &'a (Range<usize>, Vec<Member>)| {
            let mut cycles = vec![0u64; array.offchips];
            for ((walk, times), on_chip) in array.layers.iter().zip(&array.times).zip(&on_chip) {
                let step = &walk.steps[walk.step_of[l2.start].unwrap_or(0)];
                let own = step.cycles(walk.kind, *on_chip, self.calibration.as_ref());
                for (sum, own) in cycles.iter_mut().zip(own) {
                    *sum = sum.saturating_add(times.saturating_mul(own));
                }
            }
            Class { cycles, members }
        };
        array.classes.iter().map(class).collect()
    }
}

impl Walked {
    /// Finds the buffers that fit, and groups the sizes of L2 with which every layer keeps the same.
    fn classify(&mut self, places: &[usize], technology: &Technology, hardware: &Hardware, axes: &Axes) {
        let most =
            |need: fn(&Counts) -> u64| self.layers.iter().map(|walk| need(&walk.steps[0].counts)).max().unwrap_or(0);
        let (l1_need, cluster_need) = (most(|counts| counts.needs.l1), most(|counts| counts.needs.cluster));
        // What the smallest L2 that fits must hold, or, if none fits, what a sufficient one would hold.
        let least = |walk: &Walk| walk.steps.last().map_or(0, |step| step.counts.needs.l2);
        let needs = [cluster_need, l1_need, self.layers.iter().map(least).max().unwrap_or(0)];
        let l1s: Vec<Hardware> = axes.along(Key::L1, *hardware).collect();
        let l2s: Vec<Hardware> = axes.along(Key::L2, *hardware).collect();
        let small = |bytes: u32, need: u64| bytes != UNLIMITED && need > u64::from(bytes);
        let [all_l1, all_l2] = [l1s.len() as u64, l2s.len() as u64];
        if small(hardware.cluster_bytes(), cluster_need) {
            self.misfits = Misfits { pairs: [all_l1 * all_l2, 0, 0], needs };
            return;
        }
        let fitting: Vec<usize> = (0..l1s.len()).filter(|&place| !small(l1s[place].l1_bytes(), l1_need)).collect();
        let fits = |l2: &usize| self.layers.iter().all(|walk| walk.step_of[*l2].is_some());
        let fitting_l2: Vec<usize> = (0..l2s.len()).filter(fits).collect();
        let out = [all_l1 - fitting.len() as u64, all_l2 - fitting_l2.len() as u64];
        self.misfits = Misfits { pairs: [0, out[0] * all_l2, fitting.len() as u64 * out[1]], needs };
        // Summed in the order of the network, as an estimate does.
        let sum = |l2: usize, table: &EnergyTable| {
            let energy = |place: &usize| self.layers[*place].counts(l2).accesses.energy(table);
            places.iter().map(energy).fold(Energy::default(), |sum, more| sum + more)
        };
        let size = |bytes: u32, need: u64| if bytes == UNLIMITED { need } else { bytes.into() };
        let l1_bytes = |place: usize| size(l1s[place].l1_bytes(), l1_need);
        let moved: f64 = places.iter().map(|place| moved(&self.layers[*place].counts(0).l1, hardware)).sum();
        let noc = moved * technology.noc_energy();
        let of_l1: Vec<Energy> =
            fitting.iter().map(|&place| sum(0, &technology.energies(&l1s[place], l1_bytes(place), 0))).collect();
        let step = |l2: usize| self.layers.iter().map(move |walk| walk.step_of[l2]);
        let mut classes: Vec<(Range<usize>, Vec<Member>)> = Vec::new();
        for l2 in fitting_l2 {
            let need = self.layers.iter().map(|walk| walk.counts(l2).needs.l2).max().unwrap_or(0);
            let l2_bytes = size(l2s[l2].l2_bytes(), need);
            let of_l2 = sum(l2, &technology.energies(&l2s[l2], 0, l2_bytes));
            let member = |(&l1, of_l1): (&usize, &Energy)| {
                let [l1_parts, l2_parts] = technology.buffers(l1_bytes(l1), l2_bytes);
                let energy = Energy { l1: of_l1.l1, ..of_l2 }.total() + noc;
                Member { l1, l2, l1_parts, l2_parts, energy }
            };
            let members = fitting.iter().zip(&of_l1).map(member);
            match classes.last_mut().filter(|(range, _)| step(range.start).eq(step(l2))) {
                Some((range, known)) => {
                    range.end = l2 + 1;
                    known.extend(members);
                }
                None => classes.push((l2..l2 + 1, members.collect())),
            }
        }
        classes.retain(|(_, members)| !members.is_empty());
        self.classes = classes;
    }
}

/// Bytes that arrive at PEs or leave them.
pub(super) fn moved(l1: &Transfers, hardware: &Hardware) -> f64 {
    let widths = hardware.widths();
    let psums = u128::from(l1.psum) + u128::from(l1.output);
    let bits = u128::from(l1.input) * u128::from(widths.input)
        + u128::from(l1.filter) * u128::from(widths.filter)
        + psums * u128::from(widths.psum);
    bits as f64 / 8.0
}
