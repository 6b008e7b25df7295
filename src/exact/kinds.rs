//! Kinds of steps as a walk looks at them, for whoever wants to draw or explain them and not only add them up.

use super::cluster::{JointLoop, Work};
use super::events::{Event, Step};
use super::step::Moved;
use super::time::unsigned;
use super::walk::Walk;

/// Listens to a walk. A closure listens to what takes time; who also wants to know what moves in each kind of step
/// implements the other two.
pub trait Listener {
    /// Something takes time.
    fn event(&mut self, event: &Event);

    /// The walk looks at a kind of step. The event of the step itself follows.
    fn kind(&mut self, kind: impl FnOnce() -> StepKind) {
        let _ = kind;
    }

    /// Whether steps in which different loops have advanced are to be told apart, even if they are alike otherwise. That takes
    /// the walk a little longer.
    fn tells_loops_apart(&self) -> bool {
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

/// What a walk knows of a kind of step.
pub(super) struct Kind<'a> {
    pub step: Step,
    pub moved: &'a Moved,
    pub psums: i64,
    pub times: i64,
}

impl<E: Listener> Walk<'_, E> {
    /// Tells the listener of a kind of step, in which the loop at a place has advanced and so many sub-clusters have work.
    #[inline(always)]
    pub fn tell_kind(
        &mut self,
        work: &Work<'_>,
        advanced: Option<usize>,
        kind: &Kind<'_>,
        active: impl FnOnce() -> i64,
    ) {
        let sent = self.sent(kind.moved);
        self.listener.kind(|| StepKind {
            advanced: advanced.and_then(|place| work.loop_number(place)),
            step: kind.step,
            times: unsigned(kind.times),
            read: sent.map(unsigned),
            arrived: kind.moved.arrived.map(unsigned),
            psums: unsigned(kind.psums),
            outputs: unsigned(kind.moved.given),
            active: unsigned(active()),
        });
    }
}

impl Work<'_> {
    /// The number of a loop among all of its level, those of one turn counted, by its place among those of several.
    fn loop_number(&self, place: usize) -> Option<u8> {
        let axis = self.nest.loop_axis(place)?;
        let tiles = self.nest.tiles(axis);
        let own = |&(_, &(other, is_filter)): &(u8, &(_, bool))| other == axis && tiles.moves_in(is_filter);
        let mut numbers = (0..).zip(&self.level.loops).filter(own).map(|(number, _)| number);
        match self.nest.joint(place) {
            Some(JointLoop::Inner) => numbers.nth(1),
            _ => numbers.next(),
        }
    }
}
