//! An evolutionary search of grids with too many lines to examine all.
//!
//! A line is an array with an interconnect; all its buffers and off-chip bandwidths are examined together. The search
//! starts with random lines. Each further generation consists of children of two lines that have a design on the
//! front: a child takes each key from one of its parents, and then one key changes by a step or to a random value. If
//! this yields too few new lines, random ones are added.

use std::collections::BTreeSet;

use super::axes::{Axes, Place};
use super::{Explore, Part};
use crate::host::spaces::random::PythonRandom;

/// How long to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// The number of lines that are examined.
    pub lines: u64,
    /// The seed of all random decisions.
    pub seed: u64,
}

/// A generation examines this fraction (1 in 32) of the lines.
const GENERATION: u64 = 32;

/// The number of random generations before the first children.
const DRAWN: u64 = 4;

/// The number of attempts for each new line.
const ATTEMPTS: u64 = 20;

impl Explore<'_> {
    /// Searches a grid. `advance` is called for each line.
    pub fn search(&self, axes: &Axes, effort: &Effort, advance: &(dyn Fn() + Sync)) -> Part {
        let most = effort.lines.min(axes.lines());
        let generation = most.div_ceil(GENERATION);
        let mut random = PythonRandom::new(effort.seed);
        let mut known: BTreeSet<u64> = BTreeSet::new();
        let mut part = Part::new(self.objectives());
        while (known.len() as u64) < most {
            let room = generation.min(most - known.len() as u64);
            let best: BTreeSet<u64> = part.front.best().iter().map(|design| axes.line_of(design.id)).collect();
            let parents: Vec<Place> = best.into_iter().map(|line| axes.place(line)).collect();
            let mut next: BTreeSet<u64> = BTreeSet::new();
            if known.len() as u64 >= DRAWN * generation && !parents.is_empty() {
                for _ in 0..ATTEMPTS * room {
                    if next.len() as u64 == room {
                        break;
                    }
                    let line = axes.line(&child(axes, &parents, &mut random));
                    next.extend((!known.contains(&line)).then_some(line));
                }
            }
            while (next.len() as u64) < room {
                let line = axes.line(&axes.counts().map(|count| random.below(count as u32) as usize));
                next.extend((!known.contains(&line)).then_some(line));
            }
            known.extend(&next);
            let next: Vec<u64> = next.into_iter().collect();
            part = part.merge(self.part(axes, &next, advance));
        }
        part
    }
}

/// A line made of two others.
fn child(axes: &Axes, parents: &[Place], random: &mut PythonRandom) -> Place {
    let (mother, father) = (*random.choice(parents), *random.choice(parents));
    let mut child: Place = std::array::from_fn(|key| if random.below(2) == 0 { mother[key] } else { father[key] });
    let key = random.below(child.len() as u32) as usize;
    let count = axes.counts()[key];
    child[key] = match random.below(3) {
        0 => child[key].saturating_sub(1),
        1 => (child[key] + 1).min(count - 1),
        _ => random.below(count as u32) as usize,
    };
    child
}
