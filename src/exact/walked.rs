//! The result of a walk, from which `evaluate` computes the counts.

use crate::hardware::Hardware;

use super::cluster::Frame;
use super::mapping::Mapping;
use super::time::Clock;
use super::walk::{Tallies, Tally};

/// The result of the walk over a layer's steps on an accelerator.
pub(super) struct Walked<'a> {
    pub mapping: &'a Mapping,
    pub hardware: &'a Hardware,
    pub clock: &'a Clock,
    pub tallies: &'a Tallies,
    /// Steps of level 1.
    pub steps: i64,
    /// Mean number of PEs that have work in such a step.
    pub active_pes: f64,
    /// The loops of the whole array, and its last step along each axis.
    pub frame: &'a Frame,
    /// Elements of input and filter that the first step reads.
    pub first: [i64; 2],
    /// Outputs that the sub-clusters hold after the last step.
    pub last: i64,
}

impl Walked<'_> {
    /// The sums of what has moved at a level.
    pub fn tally(&self, level: usize) -> &Tally {
        self.tallies.levels.get(level).unwrap_or(&Tally::NONE)
    }
}
