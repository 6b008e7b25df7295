//! The walk over a level: every kind of step that it takes, as one small value each.
//!
//! All that the model counts is added up from these: `traffic` and `delay` from those of the outermost level, the time that
//! a sub-cluster takes from those of an inner one.

use crate::dim::DimSet;
use crate::error::Error;

use super::case::Cases;
use super::mapping::Mapping;
use super::reuse::Reuse;
use super::step::Step;

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
            // On inner levels, such a step counts for nothing but the time that it takes.
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
