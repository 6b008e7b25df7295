//! One representative of each kind of step, weighted by how often the kind occurs.
//!
//! What a step moves, computes and takes depends on which loop has just advanced (those inside of it go around, those
//! outside stand still) and on the tiles of the loops: the first, one in the middle, the last. What a sub-cluster held
//! before follows from the same: it is its tile in the last step in which it had work, loops inside of the one that
//! advanced being at their last turn. Along each axis that is looked at once for all steps that have it; a step is their
//! product.
//!
//! * `turns`: the walk through the loops of a level; `lay`: these loops in a box.
//! * `along`: a step along one axis; `side`: along the axis that is spread over sub-clusters; `before`: what they held
//!   before it.
//! * `step`: a step as a product over axes. Its sub-clusters walk the level below, unless they are PEs or take an `only`
//!   step that follows from it.
//! * `moved`, `held`: what a step moves, and the outputs that stay; `kinds`: reports it.
//! * `idle`: what sub-clusters without work give away; `drain`: what is left at the end.

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

/// Elements between a buffer and the sub-clusters that it feeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    /// Read from the buffer: input, filter.
    pub read: [i64; 2],
    /// Partial sums read back.
    pub psums: i64,
    /// Outputs written to it, partial sums included.
    pub written: i64,
    /// Arriving in all sub-clusters: input, filter.
    pub arrived: [i64; 2],
    /// Outputs leaving all sub-clusters.
    pub left: i64,
    /// The largest tile of a sub-cluster: input, filter, output.
    pub tile: [i64; 3],
    /// Some cluster takes more than one step.
    pub steps: bool,
}

impl Tally {
    pub const NONE: Tally =
        Tally { read: [0; 2], psums: 0, written: 0, arrived: [0; 2], left: 0, tile: [0; 3], steps: false };
}

/// What a walk adds up.
#[derive(Clone, Debug)]
pub(super) struct Tallies {
    pub levels: [Tally; MAX_LEVELS],
    /// Outputs that leave level 1 finished. Counted only where partial sums have a width of their own.
    pub finished: i64,
    pub operations: i64,
    /// The same as a floating-point number, which does not overflow, and the most that is counted.
    pub about: f64,
    pub most: f64,
    /// Operations on inputs that are no inserted zeros.
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
    /// Adds a step with so many active PEs.
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
    /// Elements that the first step of all touches, of input and filter.
    pub first_touched: [i64; 2],
    pub pasts: Pasts,
    /// Receives what the walk reports.
    pub listener: E,
}

/// The steps of a cluster in its present box that are being walked.
pub(super) struct Steps<'a> {
    pub work: Work<'a>,
    /// How often the cluster takes these steps.
    pub weight: i64,
    pub activity: Activity,
    /// The place of the loop that advances; none in the first step.
    pub advanced: Option<usize>,
    /// The step along each axis; the loops inside of the one that advances go around.
    pub along: &'a mut Alongs,
    /// The axes that neither this level nor PEs below spread, and the one that they do; this level's where there are none.
    pub others: Vec<Axis, 6>,
    pub spread_below: Axis,
    /// Sub-clusters are divided among PEs, whose step may follow from the one here.
    pub once: bool,
    /// A step that is not yet taken, because one to come may be the same and both can be taken together: its products over
    /// `others`, and how often it occurs.
    pub waiting: Option<(Factors, Times)>,
    /// For the sub-clusters, unless they are PEs.
    pub below: Option<&'a mut Frame>,
}

impl Steps<'_> {
    /// Products over the axes that neither this level nor PEs below spread, and whether the only step of PEs may follow from the
    /// present one.
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

/// How often steps occur: where a reduction begins, so that outputs start at zero, and where it goes on. Both are looked at
/// together, for they differ in partial sums alone.
pub(super) type Times = [i64; 2];

/// One of two steps that are alike but for their partial sums. Since these take time, both are reported.
struct Variant {
    /// A reduction goes on: no output begins at zero.
    goes_on: bool,
    /// How often the cluster takes them, and how often they occur in all.
    times: i64,
    weight: i64,
    /// Partial sums among the outputs that enter sub-clusters.
    psums: i64,
    /// Active PEs.
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

    /// Reports that something takes time.
    pub fn emit(&mut self, event: &Event) {
        self.listener.event(event);
    }

    /// Notes that another kind of step is looked at.
    fn another_kind(&mut self) -> Result<(), Error> {
        self.kinds += 1;
        if self.kinds > MAX_STEP_KINDS { Err(Error::TooIrregular) } else { Ok(()) }
    }
}
