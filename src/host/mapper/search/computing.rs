//! The least work of the busiest PE, with the best tiles of the levels that are not known yet.

use super::super::space::Split;
use super::state::Search;

impl Search<'_> {
    /// The least elements along an axis that the busiest PE of a cluster computes, of a tile of level 1 with this
    /// extent.
    pub(super) fn least_in_tile(&self, split: &Split, place: usize, extent: u32) -> f64 {
        self.least_below(split, 1, place, extent)
    }

    /// The same for the box of any level.
    pub(super) fn least_below(&self, split: &Split, level: usize, place: usize, extent: u32) -> f64 {
        if (level..split.levels).all(|level| split.ways_along(level, place) == 1) {
            return f64::from(extent);
        }
        if split.levels < 3 {
            return self.least_of_tiles(split, level, place, extent);
        }
        let over_space = split.spatial.contains(&place);
        let key = (level, place, over_space, [1, 2].map(|level| split.ways_along(level, place)), extent);
        let known = self.memo.below.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let least = self.least_of_tiles(split, level, place, extent);
            self.memo.below.borrow_mut().insert(key, least);
            least
        })
    }

    fn least_of_tiles(&self, split: &Split, level: usize, place: usize, extent: u32) -> f64 {
        let folded = |tile| {
            let laid = self.bounds.laid(split, level, place, extent, tile);
            laid.folded(|extent| self.least_below(split, level + 1, place, extent))
        };
        self.tiles(split, level, place, extent).into_iter().map(folded).fold(f64::INFINITY, f64::min)
    }
}
