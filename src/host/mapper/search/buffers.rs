//! Lower bounds of what clusters and PEs exchange, with the buffers that are used on the way to the PEs.

use std::rc::Rc;
use std::vec::Vec;

use super::super::bound::{Cut, Exchanged, Inside, Level};
use super::super::space::{MAX_AXES, Split};
use super::memo::Fed;
use super::partial::Sizes;
use super::state::Search;

impl Search<'_> {
    /// What clusters and PEs exchange at least under any of these splits; `None` if there are no clusters or energy
    /// does not matter. For clusters of clusters, see [`Search::kept_by_pes`].
    pub(super) fn least_inside<'s>(
        &self,
        level: &Level,
        splits: impl IntoIterator<Item = &'s Split>,
        sizes: &Sizes,
    ) -> Option<Inside> {
        let (mut at_once, mut keep) = (false, [false; 2]);
        for split in splits {
            if split.levels != 2 || !self.task.needs_energy() {
                return self.kept_by_pes(split.levels, false);
            }
            // The buffer of a cluster is not used if its PEs take the whole tile at once.
            at_once = at_once || self.fits_at_once(split, 1, sizes);
            let may = self.bounds.may_keep(level.along(split.spatial[1]), split.spatial[1]);
            keep = [keep[0] | may[0], keep[1] | may[1]];
        }
        Some(Inside::at_least(!at_once, keep, None))
    }

    /// Whether the PEs may have room for a level's whole box at once, so that no buffer on the way there is used.
    pub(super) fn fits_at_once(&self, split: &Split, level: usize, sizes: &Sizes) -> bool {
        let mut once = *sizes;
        for inner in level..split.levels {
            let place = split.spatial[inner];
            let mut tiles = self.tiles(split, inner, place, once[place]).into_iter();
            let Some(tile) = tiles.find(|tile| once[place].div_ceil(*tile) <= split.ways[inner]) else { return false };
            once[place] = tile;
        }
        self.bounds.fits_l1(&once[..self.axes.len()])
    }

    /// What clusters, the clusters in them and PEs exchange at least: one option for each choice of buffers that may
    /// be used.
    pub(super) fn least_insides(
        &self,
        level: &Level,
        split: &Split,
        sizes: &Sizes,
        middle: Option<u32>,
    ) -> Vec<(Vec<Inside>, Option<Fed>)> {
        if !self.task.needs_energy() {
            return vec![(Vec::new(), None)];
        }
        // Boxes that are cut short do not use the buffers either if the PEs take them at once.
        let cut = (1..3).any(|inner| level.along(split.spatial[inner]).is_cut());
        let at_once = self.fits_at_once(split, 1, sizes);
        if let Some(kept) = self.kept_by_pes(split.levels, !cut && !at_once) {
            return vec![(vec![kept], None)];
        }
        let passed = |buffered: bool| Inside::at_least(buffered, [false; 2], None);
        if at_once {
            return vec![(vec![passed(false)], None)];
        }
        let mut insides = vec![(vec![passed(true)], Some(Fed::Outer)), (vec![passed(true); 2], Some(Fed::Both))];
        let place = split.spatial[1];
        if middle.is_none_or(|middle| sizes[place].div_ceil(middle) <= split.ways[1]) {
            insides.push((vec![passed(true)], Some(Fed::Inner)));
        }
        insides
    }

    /// With three levels and tiles that may be cut short: what clusters exchange with PEs at least. Idle PEs keep
    /// what they hold, and may still find it useful after the PEs around them have had other tiles. `None` otherwise,
    /// or if energy does not matter.
    pub(super) fn kept_by_pes(&self, levels: usize, buffered: bool) -> Option<Inside> {
        (levels == 3 && self.task.needs_energy() && !self.tiles_divide())
            .then(|| Inside::at_least(buffered, [true; 2], None))
    }

    /// What inner clusters exchange with PEs at least. The levels `above` are known, and tiles of level 2 are no
    /// smaller than `sizes`. `None` if there are no such clusters or energy does not matter.
    pub(super) fn least_leaf(
        &self,
        above: &[&Level],
        split: &Split,
        sizes: &Sizes,
        leaf: Option<u32>,
    ) -> Option<Inside> {
        let known = above.len() == 2;
        let cut = |level: &&Level| (0..self.axes.len()).any(|place| level.along(place).is_cut());
        if split.levels != 3 || !self.task.needs_energy() {
            return None;
        }
        if !self.tiles_divide() && (!known || above.iter().any(cut)) {
            return self.kept_by_pes(split.levels, false);
        }
        let at_once = self.fits_at_once(split, 2, sizes);
        let exchanged = (known && !at_once).then(|| self.exchanged(split, Fed::Known, sizes, [None, leaf]));
        Some(Inside::at_least(!at_once, [false; 2], exchanged))
    }

    /// What PEs exchange at least with the buffer that feeds them, for boxes of these `sizes`. `over_space` has the
    /// tiles of levels 2 and 3 over space, if they are known.
    pub(super) fn exchanged(&self, split: &Split, by: Fed, sizes: &Sizes, over_space: [Option<u32>; 2]) -> Exchanged {
        let cuts: heapless::Vec<_, MAX_AXES> = (0..self.axes.len())
            .map(|place| {
                let known = [1, 2].map(|level| over_space[level - 1].filter(|_| place == split.spatial[level]));
                let ways = [1, 2].map(|level| split.ways_along(level, place));
                let key = (place, sizes[place], known, split.spatial.contains(&place), ways, by);
                let found = self.memo.cuts.borrow().get(&key).cloned();
                found.unwrap_or_else(|| {
                    let cuts = Rc::from(self.cuts_of(split, by, place, sizes[place], known));
                    self.memo.cuts.borrow_mut().insert(key, Rc::clone(&cuts));
                    cuts
                })
            })
            .collect();
        let cuts: heapless::Vec<&[Cut], MAX_AXES> = cuts.iter().map(|cuts| &**cuts).collect();
        self.bounds.exchanged(&cuts)
    }

    /// Whether a tile of level 2 may be cut into tiles of this `leaf` size in level 3.
    pub(super) fn leads_to(&self, middle: u32, leaf: u32) -> bool {
        // A fixed tile is reduced to what it is cut from, so it suits every size.
        let given = self.task.frozen.is_some();
        given || (middle >= leaf && (self.any_tile || middle.is_multiple_of(leaf)))
    }

    /// The tiles that PEs may have along an axis of a box, and how each of them cuts the box.
    fn cuts_of(&self, split: &Split, by: Fed, place: usize, size: u32, [middle, leaf]: [Option<u32>; 2]) -> Vec<Cut> {
        let at_once = |level: usize, of: u32, tile: u32| of.div_ceil(tile) <= split.ways_along(level, place);
        // The tiles of level 2, and whether PEs may have a given tile in one of them.
        let middles = match (by, middle) {
            (Fed::Known, _) => vec![size],
            (_, Some(middle)) => vec![middle],
            _ => self.tiles(split, 1, place, size),
        };
        let may = |middle: u32, tile: u32| match by {
            Fed::Outer => at_once(2, middle, tile),
            Fed::Inner => at_once(1, size, middle),
            Fed::Both | Fed::Known => true,
        };
        let boxes = |tile: u32| {
            let middles = middles
                .iter()
                .copied()
                .filter(move |&middle| self.leads_to(middle, tile))
                .filter(move |&middle| may(middle, tile));
            middles.map(move |middle| if by == Fed::Outer { (1, size, middle) } else { (2, middle, tile) })
        };
        let tiles = leaf.map_or_else(|| self.tiles(split, 2, place, size), |leaf| vec![leaf.min(size)]).into_iter();
        let tiles = tiles.filter(|&tile| boxes(tile).next().is_some());
        tiles.map(|tile| self.bounds.cut(split, place, tile, boxes(tile))).collect()
    }
}
