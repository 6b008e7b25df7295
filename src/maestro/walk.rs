//! The walk over a level: every kind of step that it takes, as one small value each.
//!
//! All that the model tells is added up from these: `traffic` and `delay` from those of the outermost level, the time that
//! a sub-cluster takes from those of an inner one.

use crate::dim::DimSet;
use crate::error::Error;

use super::Mapping;
use super::case::Cases;
use super::reuse::Reuse;

/// What one step moves and computes, in elements, and how often such a step is taken.
///
/// Volumes fit into 64 bits: a level that would exceed them is refused when it is built.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// How often it is taken.
    pub occurrences: i64,
    /// Nothing has advanced yet: it is the first of all, and nothing overlaps its loads.
    pub first: bool,
    /// Elements of input and filter read from the buffer above.
    pub ingress: [i64; 2],
    /// Elements of output written to the buffer above.
    pub egress: i64,
    /// Operations of the busiest sub-cluster.
    pub critical_operations: i64,
    /// Operations of all sub-clusters. Only the outermost level has them, because nobody asks for those of others.
    pub operations: i64,
    /// The sub-clusters at work: the ragged one, and the others, which share a tile.
    pub subs: [Subs; 2],
}

/// Sub-clusters at work whose tiles are alike.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subs {
    /// How many: 0 where a step has none of this kind.
    pub count: i32,
    /// The dimensions along which their tile is partial; not told of PEs.
    pub partial: DimSet,
}

impl Step {
    /// Whether nothing is computed: a partial tile that is smaller than the filter.
    pub fn idle(&self) -> bool {
        self.critical_operations <= 0
    }

    /// What is partial of the tile that the reference looks into first; none if nothing is computed.
    pub fn first_tile(&self) -> Option<DimSet> {
        let [ragged, others] = self.subs;
        let first = if ragged.count > 0 { ragged } else { others };
        (!self.idle()).then_some(first.partial)
    }

    /// Sub-clusters at work.
    pub fn at_work(&self) -> i32 {
        let [ragged, others] = self.subs;
        ragged.count + others.count
    }
}

/// The steps of a level, kind by kind.
pub(super) struct Walk<'a> {
    mapping: &'a Mapping,
    /// Place of the level, 0 for the outermost.
    index: usize,
    pub cases: Cases<'a>,
    /// Whether a step has computed something.
    started: bool,
}

impl Mapping {
    /// The steps of the level at `index` for a tile that is partial along some dimensions.
    pub(super) fn walk(&self, index: usize, partial: DimSet) -> Walk<'_> {
        let above = index.checked_sub(1).and_then(|above| self.levels.get(above));
        let cases = Cases::new(&self.layer, above, partial, self.levels.get(index));
        Walk { mapping: self, index, cases, started: false }
    }

    /// Whether the sub-clusters of the level at `index` are PEs.
    pub(super) fn is_innermost(&self, index: usize) -> bool {
        index + 1 == self.levels.len()
    }
}

impl Walk<'_> {
    /// Fills in the next step; `false` after the last. In place, because stacks are small.
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn advance(&mut self, step: &mut Step) -> Result<bool, Error> {
        let Some(level) = self.mapping.levels.get(self.index).filter(|_| self.cases.advance()) else {
            return Ok(false);
        };
        let number = self.index as u8 + 1;
        let reuse = Reuse::new(&self.mapping.layer, level, number, &self.cases.state);
        step.first = reuse.is_first();
        step.occurrences = self.cases.occurrences().ok_or(Error::Overflow { level: number })?;
        reuse.measure_outputs(step);
        step.ingress = [0; 2];
        // The reference sizes buffers by the steps before the first that computes, and gives up on the same ones.
        if !step.idle() || !self.started {
            reuse.ingress(&mut step.ingress)?;
        }
        if !step.idle() {
            self.started = true;
            // Further in, such a step goes into nothing but the time that it takes.
            if self.index == 0 && (step.egress < 0 || step.ingress.iter().any(|volume| *volume < 0)) {
                return Err(Error::IllFormed { level: number });
            }
        }
        if self.index == 0 {
            step.operations = reuse.operations();
        }
        reuse.subs(!self.mapping.is_innermost(self.index), &mut step.subs);
        Ok(true)
    }
}
