//! How the maps of an axis lie in a box: the tile of each number.

use crate::exact::axis::Span;
use crate::exact::level::Map;
/// How one map lies in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Laid {
    pub size: i32,
    pub offset: i32,
    pub count: i32,
}
impl Laid {
    pub const WHOLE: Laid = Laid { size: i32::MAX, offset: 0, count: 1 };

    pub fn new(map: Map, extent: i32) -> Laid {
        let Map { size, offset } = map;
        let short = extent - size;
        // The offset is at least 1; a division that might fail would drag a panic into firmware.
        let more = if short <= 0 { 0 } else { (short + offset - 1).checked_div(offset).unwrap_or(0) };
        // With gaps between tiles, the one that would reach the end may start past it: then it is none.
        let starts = (extent + offset - 1).checked_div(offset).unwrap_or(1).max(1);
        Laid { size, offset, count: (more + 1).min(starts) }
    }

    #[inline]
    pub fn tile(&self, of: Span, number: i32) -> Span {
        let lo = of.lo + number * self.offset;
        Span::new(lo, of.hi.min(lo.saturating_add(self.size)))
    }
}
impl Laid {
    pub fn turns(&self, clusters: i32) -> i32 {
        1 + (self.count - 1).checked_div(clusters).unwrap_or(0)
    }
}

/// How a body's and a filter's loop that both advance are nested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Joint {
    pub filter_outer: bool,
    /// Sub-clusters that the tiles of each are spread over; 1 over time.
    pub body_clusters: i32,
    pub filter_clusters: i32,
    /// Every pair of turns holds an output: so many turns of the inner loop in each of the outer one. 0 where not.
    pub inner: i32,
}
