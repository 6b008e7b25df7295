//! A cluster in a step of the level above, and its own loops.

use heapless::Vec;

use super::along::Along;
use super::axis::{Axis, Bounds, PerAxis, Shape};
use super::level::Tiles;
use super::outputs::{Arrivals, Chain};
use super::space::History;

/// A cluster in a step of the level above: its box, and what it held before.
pub(super) struct Cluster<'a> {
    pub now: Bounds,
    /// The step along each axis but one; none for the whole array.
    pub along: Option<&'a PerAxis<Along>>,
    /// Along this axis, over which it lies beside others, it held parts of its own; nothing where it never had a tile.
    pub spread: Axis,
    pub own_past: History,
    pub arrivals: Arrivals,
    pub above: Option<&'a Cluster<'a>>,
    /// The very first step of all is under way.
    pub starting: bool,
}

impl Chain for Cluster<'_> {
    fn arrivals(&self) -> Option<(&Arrivals, &dyn Chain)> {
        self.above.map(|above| (&self.arrivals, above as &dyn Chain))
    }
}

impl<'a> Cluster<'a> {
    /// The whole array, whose box is the layer.
    pub fn array(shape: &Shape) -> Cluster<'a> {
        Cluster {
            now: shape.whole,
            along: None,
            spread: Axis::N,
            own_past: History::NONE,
            arrivals: Arrivals::default(),
            above: None,
            starting: true,
        }
    }

    /// What it held along an axis.
    pub fn past(&self, axis: Axis) -> &History {
        match self.along {
            Some(along) if axis != self.spread => &along[axis].history,
            _ => &self.own_past,
        }
    }

    /// Whether it had a tile before.
    pub fn continues(&self) -> bool {
        !self.own_past.is_empty()
    }
}

/// Turns of a loop that are alike: the first of them, and how many.
pub(super) type Runs = Vec<(i32, i32), 3>;

/// The loops of a level in a box.
pub(super) struct Nest {
    pub tiles: PerAxis<Tiles>,
    /// Axes whose loops take several turns, outermost first.
    pub order: Vec<Axis, 6>,
    /// Turns of these loops that are alike; none where each is a kind of its own.
    pub runs: Vec<Option<Runs>, 6>,
}

impl Nest {
    /// The place of an axis' loop, if it takes several turns.
    pub fn place(&self, axis: Axis) -> Option<usize> {
        self.order.iter().position(|other| *other == axis)
    }
}
