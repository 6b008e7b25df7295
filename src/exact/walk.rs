//! The walk: analyses one representative of each kind of step, weighted by the number of steps of that kind.
//!
//! What a step moves and computes, and how long it takes, depends on which loop has just advanced (loops inside of it
//! go around, loops outside stand still) and on whether each loop is at its first tile, a middle one, or its last.
//! The same determines what a sub-cluster held before the step: its tile in the last step in which it had work, when
//! the loops inside of the one that advanced were at their last turn. Each axis is analysed by itself, once for all
//! steps that share the result; a step is the product over its axes.
//!
//! * `turns`: the walk through the loops of a level, where a reader should begin; `lay`: the loops laid over a box.
//! * `along`: a step along one axis; `side`: a step along the axis that is spread over sub-clusters; `before`: what
//!   sub-clusters held before a step.
//! * `step`: a step as a product over axes. Its sub-clusters then walk the level below, unless they are PEs or the
//!   shortcut in `only` applies.
//! * `moved`, `held`: what a step moves, and which outputs stay; `kinds`: the report of a kind of step.
//! * `idle`: what sub-clusters without work give away; `drain`: the outputs that are left after the last step.

mod along;
mod before;
mod drain;
mod held;
mod idle;
mod kinds;
mod lay;
mod moved;
mod only;
mod side;
mod step;
mod turns;

use heapless::Vec;

use crate::error::Error;
use crate::limits::{MAX_LEVELS, MAX_STEP_KINDS};

use super::along::{Along, Factors};
use super::axis::Axis;
use super::cluster::{Alongs, Frame, Work};
use super::events::Event;
use super::history::Pasts;
use super::level::Level;
use super::listener::Listener;
use super::shape::Shape;
use super::time::Clock;

/// Elements that move between a buffer and the sub-clusters that it feeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    /// Elements read from the buffer: input, filter.
    pub read: [i64; 2],
    /// Partial sums read back.
    pub psums: i64,
    /// Outputs written to the buffer, partial sums included.
    pub written: i64,
    /// Elements that arrive in sub-clusters, summed over all of them: input, filter.
    pub arrived: [i64; 2],
    /// Outputs that leave sub-clusters, summed over all of them.
    pub left: i64,
    /// Elements of the largest tile of a sub-cluster: input, filter, output.
    pub tile: [i64; 3],
    /// Whether some cluster takes more than one step.
    pub steps: bool,
}

impl Tally {
    pub const NONE: Tally =
        Tally { read: [0; 2], psums: 0, written: 0, arrived: [0; 2], left: 0, tile: [0; 3], steps: false };
}

/// The sums of a walk.
#[derive(Clone, Debug)]
pub(super) struct Tallies {
    pub levels: [Tally; MAX_LEVELS],
    /// Finished outputs that leave the sub-clusters of level 1. Counted only if partial sums have a width of their
    /// own.
    pub finished: i64,
    pub operations: i64,
    /// `operations` as a floating-point number, which does not overflow, and its upper limit.
    pub about: f64,
    pub most: f64,
    /// Operations on inputs that are not inserted zeros.
    pub on_elements: i64,
}

/// How busy a cluster is in its present box.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Activity {
    pub steps: i64,
    /// Active PEs, summed over steps.
    pub active: f64,
}

impl Activity {
    /// Adds a step with `active` PEs, which occurs `times` times.
    pub fn add(&mut self, active: f64, times: i64) {
        self.steps = self.steps.saturating_add(times);
        self.active += active * times as f64;
    }
}

/// A walk over the levels of a mapping.
pub(super) struct Walk<'a, E> {
    pub shape: &'a Shape,
    pub levels: &'a [Level],
    pub clock: &'a Clock,
    pub tallies: Tallies,
    pub kinds: u32,
    /// Elements of input and filter that the very first step touches.
    pub first_touched: [i64; 2],
    pub pasts: Pasts,
    /// Receives the reports of the walk.
    pub listener: E,
}

/// The state of the walk through the steps of a cluster in its present box.
pub(super) struct Steps<'a> {
    pub work: Work<'a>,
    /// How many times the whole walk over this box counts.
    pub weight: i64,
    pub activity: Activity,
    /// The place of the loop that advances; `None` in the first step.
    pub advanced: Option<usize>,
    /// The present step along each axis. The loops inside of the one that advances go around.
    pub along: &'a mut Alongs,
    /// The axes that neither this level nor a level of PEs directly below spreads, and the axis that the latter
    /// spreads (if there is no such level below, the axis of this level).
    pub others: Vec<Axis, 6>,
    pub spread_below: Axis,
    /// The level below divides among PEs, so that the shortcut of `only` may apply.
    pub once: bool,
    /// A step that has been put off, because a later step may be the same and both can then be counted together: its
    /// products over `others`, and how many times it occurs.
    pub waiting: Option<(Factors, Times)>,
    /// The frame of the sub-clusters' walks; `None` if they are PEs.
    pub below: Option<&'a mut Frame>,
}

impl Steps<'_> {
    /// The products over `others`, and whether the shortcut of `only` may apply to the present step.
    pub fn rest(&self) -> (Factors, bool) {
        let mut others = self.others.iter().map(|axis| &self.along[*axis]);
        let follows = |along: &Along| along.whole_below && along.as_before;
        let Some(first) = others.next() else { return (Factors::ONE, self.once) };
        others.fold((first.factors, self.once && follows(first)), |(mut rest, all), along| {
            rest.take(&along.factors);
            (rest, all && follows(along))
        })
    }
}

/// How many times a step occurs: first at the beginning of a reduction, where outputs start at zero, then where a
/// reduction goes on. Both cases are analysed together, because they differ only in partial sums.
pub(super) type Times = [i64; 2];

/// One of two steps that differ only in their partial sums. Since partial sums take time, both are reported.
struct Variant {
    /// Whether a reduction goes on, so that no output starts at zero.
    goes_on: bool,
    /// How many times the step occurs in one walk over the box, and in total.
    times: i64,
    weight: i64,
    /// Number of partial sums among the outputs that enter sub-clusters.
    psums: i64,
    /// Number of active PEs.
    active: f64,
}

impl<'a, E: Listener> Walk<'a, E> {
    pub fn new(shape: &'a Shape, levels: &'a [Level], clock: &'a Clock, listener: E) -> Walk<'a, E> {
        let tallies = Tallies {
            levels: [Tally::NONE; MAX_LEVELS],
            finished: 0,
            operations: 0,
            about: 0.0,
            most: clock.most_operations(),
            on_elements: 0,
        };
        Walk { shape, levels, clock, tallies, kinds: 0, first_touched: [0; 2], pasts: Pasts::new(), listener }
    }

    /// Reports an event that takes time.
    pub fn emit(&mut self, event: &Event) {
        self.listener.event(event);
    }

    /// Counts another kind of step against the limit.
    fn another_kind(&mut self) -> Result<(), Error> {
        self.kinds += 1;
        if self.kinds > MAX_STEP_KINDS { Err(Error::TooIrregular) } else { Ok(()) }
    }
}
