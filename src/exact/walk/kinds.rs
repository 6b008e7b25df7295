//! Reports to the listener what moves in each kind of step.

use super::Walk;
use super::moved::Moved;
use crate::exact::cluster::{JointLoop, Work};
use crate::exact::events::Step;
use crate::exact::listener::{Listener, StepKind};
use crate::exact::time::unsigned;

/// What is reported of a kind of step.
pub(super) struct Kind<'a> {
    pub step: Step,
    pub moved: &'a Moved,
    pub psums: i64,
    pub times: i64,
}

impl<E: Listener> Walk<'_, E> {
    /// Reports a kind of step. `advanced` is the place of the loop that has advanced, `active` the number of
    /// sub-clusters that have work.
    #[inline(always)]
    pub(super) fn report_kind(
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
    /// The number of a loop among all loops of the level, from its place among the loops of several turns.
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
