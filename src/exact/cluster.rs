//! A cluster in a step of the level above, and its own loops.

use core::ops::{Index, IndexMut};

use heapless::Vec;

use super::along::{Along, Outputs, Side};
use super::axis::{Axis, Part, PerAxis, Span};
use super::groups::Group;
use super::history::{History, Past};
use super::level::Level;
use super::shape::{OutputBounds, Shape};
use super::tiles::Tiles;

/// A cluster with the tile that it has in a step of the level above.
pub(super) struct Cluster<'a> {
    /// The step of the cluster that it is in; none for the whole array.
    pub above: Option<&'a Step<'a>>,
    /// Along the axis over which it lies beside others: its tile, and what it held before.
    pub member: &'a Group,
    /// Of its outputs, those that it still holds from before; empty where it holds none.
    pub held: OutputBounds,
    /// Of its outputs along that axis, those that no lower sub-cluster computes. If they come back as partial sums, they come to this
    /// one.
    pub lowest: Span,
    /// The very first step of all is under way.
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

    /// Its box along an axis.
    pub fn part(&self, shape: &Shape, axis: Axis) -> Part {
        match self.above {
            None => shape.whole[axis],
            Some(step) if axis == step.spread => self.member.now,
            Some(step) => step.along[axis].now,
        }
    }

    /// What it held along an axis.
    pub fn past(&self, axis: Axis) -> &History {
        match self.above {
            Some(step) if axis != step.spread => &step.along[axis].history,
            _ => &self.member.history,
        }
    }

    /// Whether it had a tile before.
    pub fn continues(&self) -> bool {
        !self.member.history.is_empty()
    }
}

/// A step of a cluster, as its sub-clusters see it.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub cluster: &'a Cluster<'a>,
    /// The axis that is spread over sub-clusters, and the step along it and along the others.
    pub spread: Axis,
    pub side: &'a Side,
    pub along: &'a Alongs,
    /// The place of the loop that has advanced; none in the first step with the cluster's present box.
    pub advanced: Option<usize>,
    /// Outputs of the step before have not been given away since.
    pub keeps: bool,
    /// A reduction goes on: no output is computed for the first time.
    pub goes_on: bool,
}

impl Step<'_> {
    /// It is the first with the cluster's present box.
    pub fn enters(&self) -> bool {
        self.advanced.is_none()
    }

    /// The outputs along an axis.
    pub fn outputs(&self, axis: Axis) -> &Outputs {
        if axis == self.spread { &self.side.outputs } else { &self.along[axis].outputs }
    }

    /// Some of its outputs as a box.
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

/// Turns of a loop that are alike: the first of them, and how many.
pub(super) type Runs = Vec<(i32, i32), 3>;

/// A loop of several turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    pub axis: Axis,
    /// Each of its turns is a kind of its own.
    pub each: bool,
}

/// One of the two loops of an axis whose body and filter advance each by itself.
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
    /// Turns that are alike.
    pub runs: Runs,
}

/// A box along an axis, and how it is divided.
#[derive(Clone, Copy)]
pub(super) struct AxisBox<'a> {
    pub axis: Axis,
    pub now: &'a Part,
    pub tiles: &'a Tiles,
}

/// The loops of a level in a box.
pub(super) struct Nest {
    /// None along which there is one point.
    pub axes: PerAxis<Option<AxisLoop>>,
    /// Those that take several turns, outermost first; both of joint loops.
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

    /// The same with its axis.
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

    /// The place of an axis' (outer) loop, if it takes several turns.
    pub fn place(&self, axis: Axis) -> Option<usize> {
        self.order.iter().position(|other| other.axis == axis)
    }

    /// Whether a loop from `place` inwards changes outputs.
    pub fn moves_outputs(&self, shape: &Shape, place: usize) -> bool {
        let moves = |of: &Loop| shape.produces(of.axis) && self.tiles(of.axis).moves_outputs();
        self.order.iter().skip(place).any(moves)
    }
}

/// What the walk over a level works out for a cluster. It is kept from one box to the next, which is mostly as large.
pub(super) struct Frame {
    pub nest: Nest,
    /// The present step along each axis but the spatial one.
    pub along: Alongs,
    /// The only step of PEs, where they take one.
    pub once: Option<Once>,
}

/// The only step of PEs along the axis that is spread over them, and what it follows from: the tile of their cluster (`now`), the
/// tile that the cluster had before (`past`), and the outputs along the axis that it still holds (`held`).
pub(super) struct Once {
    pub now: Part,
    pub past: Option<Past>,
    pub held: Span,
    pub side: Side,
}

/// A step along each axis. An axis that was not looked at has one point.
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

/// A cluster at work in its present box.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    /// The level that divides the box, and its number from 0.
    pub level: &'a Level,
    pub index: usize,
    pub cluster: &'a Cluster<'a>,
    pub nest: &'a Nest,
}
