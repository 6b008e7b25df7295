//! Compares designs that share an array and an interconnect: which of them may be on the front, and what rules out
//! the others.
//!
//! Among designs with the same cycles, one whose energy, area and power are all at least as large as those of another
//! is ruled out once, not for each off-chip bandwidth. This compares actual figures and does not assume how they
//! grow.

use serde::{Deserialize, Serialize};

use super::axes::Axes;
use super::costs::{Class, Member};
use super::front::{Candidate, Counting, Front};
use super::limits::Limits;
use super::technology::Technology;
use crate::Hardware;
use crate::host::campaign::grid::Key;

/// The number of designs by what became of them; each design is counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Designs on which a layer cannot be mapped.
    pub unsuited: u64,
    /// Designs with a buffer that is too small: that of clusters, L1, L2.
    pub small: [u64; 3],
    /// Designs that exceed a limit of cycles, energy, area, power. If a design exceeds several, the first of energy,
    /// area and power counts, and cycles last.
    pub beyond: [u64; 4],
    /// Designs that are as fast as one with other buffers that has no more energy, area and power, as far as these
    /// count.
    pub outdone: u64,
    /// Designs that were compared in all figures.
    pub costed: u64,
}

impl Tally {
    /// The number of all designs.
    pub(crate) fn total(&self) -> u64 {
        let all = self.small.iter().chain(&self.beyond).sum::<u64>();
        self.unsuited + all + self.outdone + self.costed
    }

    pub(super) fn add(&mut self, other: &Tally) {
        self.unsuited += other.unsuited;
        self.outdone += other.outdone;
        self.costed += other.costed;
        self.small.iter_mut().zip(other.small).for_each(|(sum, more)| *sum += more);
        self.beyond.iter_mut().zip(other.beyond).for_each(|(sum, more)| *sum += more);
    }
}

/// How the designs of a plane are compared.
pub(super) struct Comparison<'a> {
    pub axes: &'a Axes,
    pub technology: &'a Technology,
    /// Which objectives count.
    pub objectives: Counting,
    pub limits: Limits,
}

/// Buffers that may be best for a class. They stand for all with the same figures.
struct Kept {
    /// Energy, area, power.
    figures: [f64; 3],
    offset: u64,
    same: u64,
}

impl Comparison<'_> {
    /// Compares the designs of a class: adds those that may be best to the front, and counts the others.
    pub fn add(&self, class: &Class<'_>, (hardware, offset): (&Hardware, u64), front: &mut Front, tally: &mut Tally) {
        let interface = |hardware: Hardware| self.technology.offchip(hardware.offchip_bandwidth());
        let interfaces: Vec<[f64; 2]> = self.axes.along(Key::Offchip, *hardware).map(interface).collect();
        // If the interface takes no area and no power, all bandwidths are compared at once.
        let free = interfaces.iter().all(|parts| *parts == [0.0; 2]);
        let together = if free { interfaces.len() } else { 1 };
        for (group, [more_area, more_power]) in interfaces.iter().step_by(together).enumerate() {
            let places = group * together..(group + 1) * together;
            let mut kept = Vec::new();
            for member in class.members {
                let Member { l1, l2, l1_parts, l2_parts, energy } = *member;
                let silicon = self.technology.silicon(hardware, l1_parts, l2_parts);
                let figures = [energy, silicon.area() + more_area, silicon.power() + more_power];
                let offset = self.axes.l1[l1].offset + self.axes.l2[l2].offset;
                match self.beyond(&figures) {
                    Some(which) => tally.beyond[which] += together as u64,
                    None if self.keep(&mut kept, figures, offset) => {}
                    None => tally.outdone += together as u64,
                }
            }
            for kept in &kept {
                self.push(&class.cycles, places.clone(), kept, offset, front, tally);
            }
        }
    }

    /// The first limit that energy, area and power exceed, by its place in a [`Tally`].
    fn beyond(&self, figures: &[f64; 3]) -> Option<usize> {
        let limits = [self.limits.energy, self.limits.area, self.limits.power];
        let over = |(figure, limit): (&f64, Option<f64>)| limit.is_some_and(|limit| *figure > limit);
        figures.iter().zip(limits).position(over).map(|place| place + 1)
    }

    /// Keeps these buffers unless kept ones are at least as good in all figures that count. Returns whether they are
    /// kept.
    fn keep(&self, kept: &mut Vec<Kept>, figures: [f64; 3], offset: u64) -> bool {
        let [_, energy, area, power, edp] = self.objectives;
        let counts = [energy || edp, area, power];
        let compare = |a: &[f64; 3], as_good: fn(&f64, &f64) -> bool| {
            (0..3).all(|place| !counts[place] || as_good(&a[place], &figures[place]))
        };
        let Some(better) = kept.iter_mut().find(|kept| compare(&kept.figures, f64::le)) else {
            kept.push(Kept { figures, offset, same: 1 });
            return true;
        };
        if compare(&better.figures, f64::eq) {
            better.same += 1;
            // Keep the figures of the first design, because figures that do not count may differ.
            if offset < better.offset {
                (better.offset, better.figures) = (offset, figures);
            }
        }
        false
    }

    /// Adds the best of several off-chip bandwidths, which differ only in cycles, to the front.
    fn push(
        &self,
        cycles: &[u64],
        places: std::ops::Range<usize>,
        kept: &Kept,
        offset: u64,
        front: &mut Front,
        tally: &mut Tally,
    ) {
        let within = |place: &usize| self.limits.cycles.is_none_or(|limit| cycles[*place] <= limit);
        let [latency, .., edp] = self.objectives;
        let offset_of = |place: usize| self.axes.offchip[place].offset;
        // (cycles if they count, offset), place, and the number of equally fast ones.
        let mut best: Option<((u64, u64), usize, u64)> = None;
        let count = places.len() as u64;
        let mut costed = 0;
        for place in places.filter(within) {
            costed += 1;
            let own = (if latency || edp { cycles[place] } else { 0 }, offset_of(place));
            best = Some(match best {
                None => (own, place, 1),
                Some((known, at, same)) if known.0 == own.0 => {
                    if known < own {
                        (known, at, same + 1)
                    } else {
                        (own, place, same + 1)
                    }
                }
                Some((known, at, same)) if known < own => (known, at, same),
                Some(_) => (own, place, 1),
            });
        }
        tally.costed += costed;
        tally.beyond[0] += count - costed;
        let Some(((_, offchip), place, same)) = best else { return };
        let [energy, area, power] = kept.figures.map(f64::to_bits);
        let id = offset + kept.offset + offchip;
        front.push(Candidate { figures: [cycles[place], energy, area, power], id, same: same * kept.same });
    }
}
