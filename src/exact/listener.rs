//! What a walk reports: events to those who add up time, and kinds of steps to those who draw or explain them.

use super::events::{Event, Step};

/// Receives what a walk reports. A closure receives events only. To receive kinds of steps as well, implement the
/// other two methods.
pub trait Listener {
    /// Called for each event that takes time.
    fn event(&mut self, event: &Event);

    /// Called for each kind of step, before the event of the step itself.
    fn kind(&mut self, kind: impl FnOnce() -> StepKind) {
        let _ = kind;
    }

    /// Whether steps in which different loops have advanced are reported as different kinds, even if they are the
    /// same otherwise. The walk then takes a little longer.
    fn separates_loops(&self) -> bool {
        false
    }
}

impl<F: FnMut(&Event)> Listener for F {
    fn event(&mut self, event: &Event) {
        self(event);
    }
}

/// What one kind of step moves between a buffer and the sub-clusters that it feeds, in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct StepKind {
    /// The loop that has advanced, as an index into [`Mapping::loops`](super::Mapping::loops); the loops inside of it
    /// have begun again. `None` for the first step of a cluster with a tile of the level above.
    pub advanced: Option<u8>,
    /// The step as the timing sees it.
    pub step: Step,
    /// Number of such steps in the layer, over all clusters of the level.
    pub times: u64,
    /// Inputs and filter elements read from the buffer.
    pub read: [u64; 2],
    /// Inputs and filter elements that arrive in sub-clusters, summed over all of them.
    pub arrived: [u64; 2],
    /// Partial sums read back from the buffer.
    pub psums: u64,
    /// Outputs that leave the sub-clusters, partial sums included. The outputs that drain at the very end are not
    /// included.
    pub outputs: u64,
    /// Number of sub-clusters that have work.
    pub active: u64,
}
