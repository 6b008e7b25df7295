//! Intermediate results that a search computes once and looks up from then on.

use std::cell::RefCell;
use std::rc::Rc;
use std::vec::Vec;

use rustc_hash::FxHashMap;

use super::super::bound::{Cut, Moved};
use super::super::space::MAX_AXES;

/// Key: level, place of the axis, whether it lies over space in any level, sub-clusters along it in levels 2 and 3,
/// extent.
pub(super) type Below = (usize, usize, bool, [u32; 2], u32);

/// Which buffer feeds the PEs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fed {
    /// The buffer of an outer cluster. The inner clusters take their tiles in one turn and use no buffer.
    Outer,
    /// The buffer of an inner cluster. The outer cluster takes its tile in one turn and uses no buffer.
    Inner,
    /// The buffer of an inner cluster. The outer cluster uses its own buffer, too.
    Both,
    /// The buffer of an inner cluster whose tile of level 2 is known.
    Known,
}

/// Key: place of the axis, the box's extent along it, the tiles of levels 2 and 3 if they are known, whether the axis
/// lies over space in any level, sub-clusters along it in levels 2 and 3, and which buffer feeds the PEs.
pub(super) type Boxed = (usize, u32, [Option<u32>; 2], bool, [u32; 2], Fed);

/// Key: turns of the loops along the first axes, 0 for the others; and the axis over space, if sizes depend on it.
pub(super) type Turned = ([u32; MAX_AXES], usize);

/// The results so far.
#[derive(Default)]
pub(super) struct Memo {
    /// For three levels: the least elements of an extent that the busiest PE computes.
    pub below: RefCell<FxHashMap<Below, f64>>,
    /// Sizes of tiles by extent and whether they may be of any size, not only divisors.
    pub tiles: RefCell<FxHashMap<(u32, bool), Vec<u32>>>,
    /// For three levels: how tiles of PEs may cut a box along an axis.
    pub cuts: RefCell<FxHashMap<Boxed, Rc<[Cut]>>>,
    /// The least that moves off-chip, by what is known of boxes; `None` if no box fits L2.
    pub boxes: RefCell<FxHashMap<Turned, Option<Moved>>>,
}
