//! The walk over a level. It yields one small value for each kind of step.
//!
//! All counts of the model are sums over these values: `traffic` and `delay` over those of the outermost level, the
//! time of a sub-cluster over those of an inner level.

use crate::dim::DimSet;
use crate::error::Error;

use super::case::Cases;
use super::mapping::Mapping;
use super::reuse::Reuse;
use super::step::Step;

/// The steps of a level, kind by kind.
pub(super) struct Walk<'a> {
    mapping: &'a Mapping,
    /// Index of the level; 0 is the outermost.
    index: usize,
    pub cases: Cases<'a>,
    /// Whether any step has computed something.
    started: bool,
}

impl Mapping {
    /// The steps of the level at `index` for a tile that is partial along the dimensions in `partial`.
    pub(super) fn walk(&self, index: usize, partial: DimSet) -> Walk<'_> {
        let above = index.checked_sub(1).and_then(|above| self.levels.get(above));
        let cases = Cases::new(&self.layer, above, partial, self.levels.get(index));
        Walk { mapping: self, index, cases, started: false }
    }
}

impl Walk<'_> {
    /// Fills in the next step. Returns `false` after the last one. The step is filled in in place, because stacks are
    /// small.
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
        // Until a step computes something, the reference uses the ingress of idle steps to size buffers, and so may
        // refuse the mapping because of such a step.
        if !step.idle() || !self.started {
            reuse.ingress(&mut step.ingress)?;
        }
        if !step.idle() {
            self.started = true;
            // On inner levels, a step with negative volumes affects nothing but the time.
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
