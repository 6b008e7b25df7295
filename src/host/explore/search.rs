//! Grids with more lines than can be looked at: local search.
//!
//! A line is an array with an interconnect; all its buffers and off-chip bandwidths are looked at together. First some lines at
//! random, then again and again those that differ by one step of one key from a line with a design on the front, until
//! nothing new is next to it: then random ones again.

use std::collections::BTreeSet;

use super::axes::Axes;
use super::costs::Costs;
use super::{Explore, Explored, Part};
use crate::host::spaces::random::PythonRandom;

/// How long to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Lines that are looked at.
    pub lines: u64,
    /// Seed of all chance.
    pub seed: u64,
}

/// Lines that are drawn at a time: a share of all.
const DRAWN: u64 = 8;

impl<C: Costs> Explore<'_, C> {
    /// Searches a grid. `advance` is called for each line.
    ///
    /// # Errors
    /// As [`Explore::whole`].
    pub fn search(&self, axes: &Axes, effort: &Effort, advance: &(dyn Fn() + Sync)) -> Result<Explored, String> {
        let most = effort.lines.min(axes.lines());
        let mut random = PythonRandom::new(effort.seed);
        let mut known = BTreeSet::new();
        let mut part = Part::new(self.objectives());
        while (known.len() as u64) < most {
            let room = most - known.len() as u64;
            let mut next = self.neighbours(axes, &mut part, &known);
            if next.is_empty() {
                next = drawn(axes, &known, room.min(most.div_ceil(DRAWN)), &mut random);
            }
            let next: Vec<u64> = next.into_iter().take(room as usize).collect();
            known.extend(&next);
            part = part.merge(self.part(axes, &next, advance));
        }
        self.explored(part)
    }

    /// Lines that are new and one step from the front, in ascending order.
    fn neighbours(&self, axes: &Axes, part: &mut Part, known: &BTreeSet<u64>) -> BTreeSet<u64> {
        let counts = axes.counts();
        let lines: BTreeSet<u64> = part.front.best().iter().map(|design| axes.line_of(design.id)).collect();
        let mut next = BTreeSet::new();
        for line in lines {
            let place = axes.place(line);
            for (key, count) in counts.into_iter().enumerate() {
                for step in [place[key].checked_sub(1), Some(place[key] + 1).filter(|step| *step < count)] {
                    let Some(step) = step else { continue };
                    let mut other = place;
                    other[key] = step;
                    let other = axes.line(&other);
                    if !known.contains(&other) {
                        next.insert(other);
                    }
                }
            }
        }
        next
    }
}

/// So many lines at random that are new.
fn drawn(axes: &Axes, known: &BTreeSet<u64>, count: u64, random: &mut PythonRandom) -> BTreeSet<u64> {
    let mut next = BTreeSet::new();
    while (next.len() as u64) < count {
        let place = axes.counts().map(|count| random.below(count as u32) as usize);
        let line = axes.line(&place);
        if !known.contains(&line) {
            next.insert(line);
        }
    }
    next
}
