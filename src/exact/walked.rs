//! A layer whose steps have been walked.

use crate::hardware::Hardware;

use super::cluster::Frame;
use super::mapping::Mapping;
use super::time::Clock;
use super::walk::{Tallies, Tally};

/// What is known of a layer on an accelerator once its steps have been walked.
pub(super) struct Walked<'a> {
    pub mapping: &'a Mapping,
    pub hardware: &'a Hardware,
    pub clock: &'a Clock,
    pub tallies: &'a Tallies,
    /// Steps of level 1.
    pub steps: i64,
    /// PEs at work in the average one.
    pub active_pes: f64,
    /// The loops of the array, and its steps along each axis.
    pub frame: &'a Frame,
    /// Elements that the first step reads, of input and filter.
    pub first: [i64; 2],
    /// Outputs that the sub-clusters hold after the last step.
    pub last: i64,
}

impl Walked<'_> {
    /// What has moved at a level.
    pub fn tally(&self, level: usize) -> &Tally {
        self.tallies.levels.get(level).unwrap_or(&Tally::NONE)
    }
}
