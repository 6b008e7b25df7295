//! A cluster in a step of the level above, and the cluster's own loops.

use core::ops::{Index, IndexMut};

use heapless::Vec;

use super::along::{Along, Outputs, Side};
use super::axis::{Axis, Part, PerAxis, Span};
use super::groups::Group;
use super::history::{History, Past};
use super::level::Level;
use super::shape::{OutputBounds, Shape};
use super::tiles::Tiles;

/// A cluster with its tile in a step of the level above.
pub(super) struct Cluster<'a> {
    /// The step of the level above; `None` for the whole array.
    pub above: Option<&'a Step<'a>>,
    /// The cluster's tile along the axis that the level above spreads, and what it held before along this axis.
    pub member: &'a Group,
    /// The outputs that the cluster still holds from before; empty if there are none.
    pub held: OutputBounds,
    /// The cluster's outputs, along the axis that the level above spreads, that no lower sub-cluster computes. If
    /// they come back as partial sums, they come to this cluster.
    pub lowest: Span,
    /// Whether the very first step of all is under way.
    pub starting: bool,
}

impl<'a> Cluster<'a> {
    /// The whole array, whose box is the layer.
    pub const ARRAY: Cluster<'static> = Cluster {
        above: None,
        member: &Group::new(0, Part::ONE, History::NONE),
        held: OutputBounds::NONE,
        lowest: Span::NONE,
        starting: true,
    };

    /// The cluster's box along an axis.
    pub fn part(&self, shape: &Shape, axis: Axis) -> Part {
        match self.above {
            None => shape.whole[axis],
            Some(step) if axis == step.spread => self.member.now,
            Some(step) => step.along[axis].now,
        }
    }

    /// What the cluster held before along an axis.
    pub fn past(&self, axis: Axis) -> &History {
        match self.above {
            Some(step) if axis != step.spread => &step.along[axis].history,
            _ => &self.member.history,
        }
    }

    /// Whether the cluster had a tile before.
    pub fn continues(&self) -> bool {
        !self.member.history.is_empty()
    }
}

/// A step of a cluster, as its sub-clusters see it.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub cluster: &'a Cluster<'a>,
    /// The axis that is spread over sub-clusters, the step along this axis, and the step along all others.
    pub spread: Axis,
    pub side: &'a Side,
    pub along: &'a Alongs,
    /// The place of the loop that has advanced; `None` in the first step of the cluster in its present box.
    pub advanced: Option<usize>,
    /// Whether outputs of the step before may still be held: they have not all been given away since.
    pub keeps: bool,
    /// Whether a reduction goes on, so that no output is computed for the first time.
    pub goes_on: bool,
}

impl Step<'_> {
    /// Whether this is the first step of the cluster in its present box.
    pub fn enters(&self) -> bool {
        self.advanced.is_none()
    }

    /// The outputs of the step along an axis.
    pub fn outputs(&self, axis: Axis) -> &Outputs {
        if axis == self.spread { &self.side.outputs } else { &self.along[axis].outputs }
    }

    /// The outputs that `of` selects along each axis, as a box.
    pub fn bounds(&self, shape: &Shape, of: impl Fn(&Outputs) -> Span) -> OutputBounds {
        let mut bounds = OutputBounds::ONE;
        for axis in shape.axes() {
            bounds[axis] = of(self.outputs(axis));
        }
        bounds
    }

    /// Outputs of the step before that have not been given away since.
    pub fn before(&self, shape: &Shape) -> OutputBounds {
        if self.keeps { self.bounds(shape, |outputs| outputs.before) } else { OutputBounds::NONE }
    }
}

/// Runs of turns of the same kind: the first turn and the number of turns of each run.
pub(super) type Runs = Vec<(i32, i32), 3>;

/// A loop of several turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    pub axis: Axis,
    /// Whether each turn is a kind of its own.
    pub each: bool,
}

/// One of the two loops of an axis whose body and filter each advance in a loop of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JointLoop {
    Outer,
    Inner,
}

/// The loop of a level along an axis, in a box.
pub(super) struct AxisLoop {
    /// The box.
    pub now: Part,
    pub tiles: Tiles,
    /// Turns of the same kind.
    pub runs: Runs,
}

/// A box along an axis, and the tiles that divide it.
#[derive(Clone, Copy)]
pub(super) struct AxisBox<'a> {
    pub axis: Axis,
    pub now: &'a Part,
    pub tiles: &'a Tiles,
}

/// The loops of a level in a box.
pub(super) struct Nest {
    /// The loop of each axis; `None` for an axis with a single point.
    pub axes: PerAxis<Option<AxisLoop>>,
    /// The loops that take several turns, outermost first. Joint loops are two entries.
    pub order: Vec<Loop, 8>,
}

impl Nest {
    pub fn new() -> Nest {
        Nest { axes: PerAxis([None, None, None, None, None, None]), order: Vec::new() }
    }

    /// The loop along an axis.
    pub fn of(&self, axis: Axis) -> &AxisLoop {
        self.axes[axis].as_ref().unwrap_or(const { &AxisLoop { now: Part::ONE, tiles: Tiles::ONE, runs: Vec::new() } })
    }

    /// The box along an axis, and its tiles.
    pub fn on(&self, axis: Axis) -> AxisBox<'_> {
        let AxisLoop { now, tiles, .. } = self.of(axis);
        AxisBox { axis, now, tiles }
    }

    /// The box along an axis.
    pub fn now(&self, axis: Axis) -> &Part {
        &self.of(axis).now
    }

    /// The tiles of an axis.
    pub fn tiles(&self, axis: Axis) -> &Tiles {
        &self.of(axis).tiles
    }

    /// Whether the loop at a place is the outer or the inner one of joint loops.
    pub fn joint(&self, place: usize) -> Option<JointLoop> {
        let axis = self.loop_axis(place)?;
        if !self.tiles(axis).is_joint() {
            return None;
        }
        Some(if self.place(axis) == Some(place) { JointLoop::Outer } else { JointLoop::Inner })
    }

    /// The axis of the loop at a place.
    pub fn loop_axis(&self, place: usize) -> Option<Axis> {
        self.order.get(place).map(|own| own.axis)
    }

    /// The place in `order` of the loop over an axis, or of the outer one of joint loops; `None` if it takes a single
    /// turn.
    pub fn place(&self, axis: Axis) -> Option<usize> {
        self.order.iter().position(|other| other.axis == axis)
    }

    /// Whether the loop at `place`, or a loop inside of it, changes the outputs.
    pub fn moves_outputs(&self, shape: &Shape, place: usize) -> bool {
        let moves = |of: &Loop| shape.produces(of.axis) && self.tiles(of.axis).moves_outputs();
        self.order.iter().skip(place).any(moves)
    }
}

/// What the walk over a level works out for a cluster. It is kept for the next box, which usually has the same size.
pub(super) struct Frame {
    pub nest: Nest,
    /// The present step along each axis but the spatial one.
    pub along: Alongs,
    /// The only step of a cluster of PEs, if it takes a single one.
    pub once: Option<Once>,
}

/// The only step of a cluster of PEs along the axis that is spread over the PEs, and the values from which it
/// follows: the tile of the cluster (`now`), the tile that the cluster had before (`past`), and the outputs along the
/// axis that the cluster still holds (`held`).
pub(super) struct Once {
    pub now: Part,
    pub past: Option<Past>,
    pub held: Span,
    pub side: Side,
}

/// A step along each axis. An axis that has not been analysed has a single point.
pub(super) struct Alongs(PerAxis<Option<Along>>);

impl Index<Axis> for Alongs {
    type Output = Along;
    fn index(&self, axis: Axis) -> &Along {
        self.0[axis].as_ref().unwrap_or(&Along::ONE)
    }
}

impl IndexMut<Axis> for Alongs {
    fn index_mut(&mut self, axis: Axis) -> &mut Along {
        self.0[axis].get_or_insert(Along::ONE)
    }
}

impl Frame {
    pub fn new() -> Frame {
        Frame { nest: Nest::new(), along: Alongs(PerAxis([None, None, None, None, None, None])), once: None }
    }
}

/// A cluster in its present box, with the level and the loops that divide the box.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    /// The level that divides the box, and its index; 0 is the outermost.
    pub level: &'a Level,
    pub index: usize,
    pub cluster: &'a Cluster<'a>,
    pub nest: &'a Nest,
}
