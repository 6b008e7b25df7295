//! Mappings of which a part is known: tiles of level 1, ways to divide the PEs, tiles and orders of the levels below.

use std::sync::Arc;
use std::vec::Vec;

use super::super::bound::{Ends, InTile, Level, Moved, Stream, Supply};
use super::super::space::{MAX_AXES, MAX_LEVELS, Split};

/// Sizes of tiles along each axis.
pub(super) type Sizes = [u32; MAX_AXES];

/// Sizes along the first axes and along the next ones, single elements along those that are left.
pub(super) fn sizes_of(first: &[u32], next: &[u32]) -> Sizes {
    let mut sizes = [1; MAX_AXES];
    sizes.iter_mut().zip(first.iter().chain(next)).for_each(|(own, size)| *own = *size);
    sizes
}

/// Tiles of level 1, and the ways to divide the PEs that they are for.
pub(super) struct Outer {
    pub bound: f64,
    pub sizes: Sizes,
    /// Ways to divide the PEs under which level 1 is the same.
    pub ways: Vec<Way>,
    /// Where there are three levels, all such ways, of which `ways` has one with the best bound there may be.
    pub thirds: Option<Arc<Thirds>>,
}

/// A way to divide the PEs, for tiles of level 1.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub bound: f64,
    pub split: Split,
    /// Of three levels: the tiles of level 2 and 3 along their axes over space, where they are known.
    pub over_space: [Option<u32>; 2],
    /// Cycles of computing, given the best tiles of level 2.
    pub computing: f64,
}

/// Ways to divide the PEs into three levels of which the first is the same.
pub(super) struct Thirds {
    pub own: Vec<Split>,
    /// Those with more clusters, which are smaller.
    pub more: Vec<Split>,
}

/// Level 1 with such tiles: what is known of it, whatever the levels below do.
pub(super) struct OuterLevel {
    pub level: Level,
    pub ends: Ends,
    /// What a cluster takes at least.
    pub in_tile: InTile,
    /// Orders of the loops of level 1 that may be part of something better.
    pub orders: Vec<Order>,
}

/// An order of the loops of level 1.
pub(super) struct Order {
    pub place: usize,
    pub stream: Stream,
    pub supply: Supply,
    pub moved: Moved,
}

/// Tiles of level 2 and 3 for tiles of level 1, and the orders of all.
pub(super) struct Inner {
    pub bound: f64,
    pub split: Split,
    /// Of level 2 and of level 3. Before tiles of level 3 are known, at most the one over space is, and 0 stands for it where it
    /// is not.
    pub sizes: [Sizes; 2],
    pub orders: [usize; MAX_LEVELS],
}
