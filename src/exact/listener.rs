//! What a walk reports: to those who add up time, and to those who draw or explain its steps.

use super::events::{Event, Step};

/// Receives what a walk reports. A closure receives what takes time; to learn also what moves in each kind of step,
/// implement the other two methods.
pub trait Listener {
    /// Something takes time.
    fn event(&mut self, event: &Event);

    /// The walk looks at a kind of step. The event of the step itself follows.
    fn kind(&mut self, kind: impl FnOnce() -> StepKind) {
        let _ = kind;
    }

    /// Whether steps in which different loops have advanced are reported as kinds of their own, even if they are alike
    /// otherwise. That takes the walk a little longer.
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
    /// The loop that has advanced, by its place in [`Mapping::loops`](super::Mapping::loops): those inside of it have begun
    /// anew. `None` for the first step of a cluster with a tile of the level above.
    pub advanced: Option<u8>,
    /// What takes time in it.
    pub step: Step,
    /// How often it occurs in the layer, over all clusters of the level.
    pub times: u64,
    /// Inputs and filter elements read from the buffer.
    pub read: [u64; 2],
    /// Inputs and filter elements that arrive in the sub-clusters, each counted for itself.
    pub arrived: [u64; 2],
    /// Partial sums read back from the buffer.
    pub psums: u64,
    /// Outputs that leave the sub-clusters, partial sums included. The ones that are there at the very end are not among them.
    pub outputs: u64,
    /// Sub-clusters that have work.
    pub active: u64,
}
