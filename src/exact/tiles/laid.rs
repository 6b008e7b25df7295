//! Positions of the tiles of one map in an interval.

use crate::exact::axis::Span;
use crate::exact::level::Map;
/// A map laid over an interval: `count` tiles, each `offset` after the one before.
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
        // With gaps between tiles, the last tile may start past the end of the interval; such a tile does not count.
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

/// How the body's and the filter's loop are nested if both advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Joint {
    pub filter_outer: bool,
    /// Number of sub-clusters over which the body's tiles and the filter's tiles are spread; 1 for a temporal map.
    pub body_clusters: i32,
    pub filter_clusters: i32,
    /// Number of turns of the inner loop in each turn of the outer one, if every pair of turns has an output;
    /// otherwise 0.
    pub inner: i32,
}
