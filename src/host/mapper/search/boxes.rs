//! A lower bound of what moves off-chip when only the tiles of level 1 along the first axes are known.
//!
//! It depends on the box that all clusters take together in a turn, and on the order of loops, but not on how the
//! clusters share the box. So it is computed once for all ways to divide the PEs.

use super::super::bound::{Level, Moved};
use super::super::space::{MAX_AXES, MAX_LEVELS, Split, tiles};
use super::state::Search;

impl Search<'_> {
    /// What moves off-chip at least if the loops along the first axes take these numbers of `turns` and level 1 has
    /// the axis `spatial` over space; `None` if no box fits L2.
    pub(super) fn least_moved(&self, spatial: usize, turns: &[u32]) -> Option<Moved> {
        let mut key = ([0; MAX_AXES], if self.any_tile { 0 } else { spatial });
        key.0[..turns.len()].copy_from_slice(turns);
        if let Some(known) = self.memo.boxes.borrow().get(&key) {
            return *known;
        }
        let least = match self.extents.get(turns.len()) {
            None => self.moved_with(turns),
            Some(&extent) => self.least_moved_below(spatial, turns, extent),
        };
        self.memo.boxes.borrow_mut().insert(key, least);
        least
    }

    /// The least over all numbers of turns along the next axis, the most promising first.
    fn least_moved_below(&self, spatial: usize, turns: &[u32], extent: u32) -> Option<Moved> {
        let with = |count: u32| -> heapless::Vec<u32, MAX_AXES> { turns.iter().copied().chain([count]).collect() };
        // Along the axis over space, clusters side by side may form a box of any size.
        let any = self.any_tile || turns.len() == spatial;
        let counts = tiles(extent, any).into_iter().map(|size| extent.div_ceil(size));
        let mut nexts: Vec<(u32, f64)> =
            counts.filter_map(|count| Some((count, self.moved_with(&with(count))?.bits()))).collect();
        nexts.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut least: Option<Moved> = None;
        for (count, bits) in nexts {
            if self.bounds.moves_alike() && least.is_some_and(|least| least.bits() <= bits) {
                break;
            }
            least = match (least, self.least_moved(spatial, &with(count))) {
                (Some(least), Some(moved)) => Some(self.bounds.least_of(&least, &moved)),
                (least, moved) => least.or(moved),
            };
        }
        least
    }

    /// What moves at least with these numbers of turns along the first axes. The room in L2 is computed for the
    /// smallest boxes (single elements along the other axes), and the transfers for the largest (whole extents).
    fn moved_with(&self, turns: &[u32]) -> Option<Moved> {
        let split = Split { levels: 1, spatial: [0; MAX_LEVELS], ways: [1; MAX_LEVELS], fewer: 0 };
        let level = |others: fn(u32) -> u32| {
            let sizes = self.extents.iter().enumerate().map(|(place, &extent)| {
                let size = turns.get(place).map_or_else(|| others(extent), |&turns| extent.div_ceil(turns));
                self.bounds.laid(&split, 0, place, extent, size)
            });
            Level::new(&split, 0, sizes)
        };
        let [smallest, largest] = [level(|_| 1), level(|extent| extent)];
        let orders = &self.orders[0];
        let all = smallest
            .distinct(orders)
            .filter_map(|order| self.bounds.moved_between([&smallest, &largest], &orders[order]));
        all.reduce(|least, moved| self.bounds.least_of(&least, &moved))
    }
}
