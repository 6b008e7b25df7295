//! Partial mappings: tiles of level 1, ways to divide the PEs, tiles and orders of the levels below.

use std::sync::Arc;
use std::vec::Vec;

use super::super::bound::{Ends, InTile, Level, Moved, Stream, Supply};
use super::super::space::{MAX_AXES, MAX_LEVELS, Split};

/// Sizes of tiles along each axis.
pub(super) type Sizes = [u32; MAX_AXES];

/// Puts together the sizes along the first axes and along the next ones, and 1 along the rest.
pub(super) fn sizes_of(first: &[u32], next: &[u32]) -> Sizes {
    let mut sizes = [1; MAX_AXES];
    sizes.iter_mut().zip(first.iter().chain(next)).for_each(|(own, size)| *own = *size);
    sizes
}

/// Tiles of level 1, and the ways to divide the PEs that they suit.
pub(super) struct Outer {
    pub bound: f64,
    pub sizes: Sizes,
    /// Ways to divide the PEs under which level 1 is the same.
    pub ways: Vec<Way>,
    /// With three levels: all such splits. Then `ways` has a single element, whose bound holds for all of them.
    pub thirds: Option<Arc<Thirds>>,
}

/// A way to divide the PEs, for tiles of level 1.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub bound: f64,
    pub split: Split,
    /// With three levels: the tiles of levels 2 and 3 along their axes over space, if they are known.
    pub over_space: [Option<u32>; 2],
    /// Compute cycles, given the best tiles of level 2.
    pub computing: f64,
}

/// Splits into three levels that have the same level 1.
pub(super) struct Thirds {
    pub own: Vec<Split>,
    /// Splits with more, smaller clusters.
    pub more: Vec<Split>,
}

/// What is known of level 1 with given tiles, whatever the levels below do.
pub(super) struct OuterLevel {
    pub level: Level,
    pub ends: Ends,
    /// The least that a cluster takes for a tile.
    pub in_tile: InTile,
    /// The orders of the loops of level 1 that may be part of a better mapping.
    pub orders: Vec<Order>,
}

/// An order of the loops of level 1.
pub(super) struct Order {
    pub place: usize,
    pub stream: Stream,
    pub supply: Supply,
    pub moved: Moved,
}

/// Tiles of levels 2 and 3 for given tiles of level 1, and the orders of all levels.
pub(super) struct Inner {
    pub bound: f64,
    pub split: Split,
    /// Tiles of level 2 and of level 3. Before the tiles of level 3 are chosen, at most the one over space is known;
    /// 0 means that it is not.
    pub sizes: [Sizes; 2],
    pub orders: [usize; MAX_LEVELS],
}
