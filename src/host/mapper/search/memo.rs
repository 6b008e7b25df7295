//! What a search works out once, and looks up from then on.

use std::cell::RefCell;
use std::rc::Rc;
use std::vec::Vec;

use rustc_hash::FxHashMap;

use super::super::bound::{Cut, Moved};
use super::super::space::MAX_AXES;

/// Level, place of the axis, whether it lies over space in any level, sub-clusters along it in level 2 and 3, extent.
pub(super) type Below = (usize, usize, bool, [u32; 2], u32);

/// Which buffer feeds the PEs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fed {
    /// That of an outer cluster; the inner ones take their tiles in one turn, and use no buffer.
    Outer,
    /// That of an inner cluster; the outer one takes its tile in one turn, and uses no buffer.
    Inner,
    /// That of an inner cluster; the outer one uses its own, too.
    Both,
    /// That of an inner cluster, whose tile of level 2 is known.
    Known,
}

/// Place of the axis, what a box has of it, the tiles of level 2 and 3 if they are known, whether the axis lies over space in any
/// level, sub-clusters along it in level 2 and 3, and which buffer feeds the PEs.
pub(super) type Boxed = (usize, u32, [Option<u32>; 2], bool, [u32; 2], Fed);

/// Turns of the loops along the first axes, 0 for the others; and the axis over space, where sizes depend on it.
pub(super) type Turned = ([u32; MAX_AXES], usize);

/// What has been worked out.
#[derive(Default)]
pub(super) struct Memo {
    /// What the busiest PE computes at least of what levels of mappings with three levels take of an axis.
    pub below: RefCell<FxHashMap<Below, f64>>,
    /// Sizes of tiles of an extent, and whether they need not divide it.
    pub tiles: RefCell<FxHashMap<(u32, bool), Vec<u32>>>,
    /// What PEs make of boxes of mappings with three levels along an axis.
    pub cuts: RefCell<FxHashMap<Boxed, Rc<[Cut]>>>,
    /// The least that moves off-chip by what is known of boxes; `None` where none fits L2.
    pub boxes: RefCell<FxHashMap<Turned, Option<Moved>>>,
}
