//! Ways to divide the PEs under which level 1 is the same, and the tiles that it may have.

use std::sync::Arc;
use std::vec::Vec;

use super::super::bound::{Bounds, Laid, Level};
use super::super::space::{MAX_AXES, Split};
use super::partial::{Sizes, Thirds};
use super::state::Search;

/// Ways to divide the PEs that differ only in what lies over space in level 2.
pub(super) struct Division {
    pub splits: Vec<Split>,
    /// Ways with more clusters, which are smaller.
    pub more: Vec<Split>,
    /// Tiles along each axis.
    pub options: Vec<Vec<Choice>>,
    /// The axes in one tile, and in the smallest ones.
    pub whole: Vec<Laid>,
    pub single: Vec<Laid>,
    /// What the busiest PE computes at least along each axis, by split.
    pub least: Vec<Folded>,
    /// Ways with three levels, which are only looked at once tiles of level 1 are known: PEs of a cluster share its work at best.
    pub thirds: Option<Arc<Thirds>>,
}

/// What the busiest PE computes of an axis, by split.
pub(super) type Folded = [f64; MAX_AXES];

/// A tile along an axis.
pub(super) struct Choice {
    pub tile: u32,
    pub laid: Laid,
    /// With the best tiles of level 2.
    pub folded: Folded,
}

impl Division {
    pub fn new(search: &Search<'_>, splits: &[Split], more: Vec<Split>) -> Division {
        let bounds = &search.bounds;
        let first = &splits[0];
        let thirds = (first.levels == 3).then(|| Arc::new(Thirds { own: splits.to_vec(), more: more.clone() }));
        let (splits, more) = if thirds.is_some() { (&splits[..1], Vec::new()) } else { (splits, more) };
        let options: Vec<Vec<Choice>> = search
            .extents
            .iter()
            .enumerate()
            .map(|(place, &extent)| {
                let of = |tile| {
                    let laid = bounds.laid(first, 0, place, extent, tile);
                    let mut folded = [f64::INFINITY; MAX_AXES];
                    for (folded, split) in folded.iter_mut().zip(splits) {
                        *folded = match split.levels {
                            3 => laid.folded(f64::from),
                            _ => laid.folded(|extent| search.least_in_tile(split, place, extent)),
                        };
                    }
                    Choice { tile, laid, folded }
                };
                // What fits fewer clusters is looked at there.
                let own =
                    |tile: &u32| first.levels == 1 || place != first.spatial[0] || extent.div_ceil(*tile) > first.fewer;
                search.tiles(first, 0, place, extent).into_iter().filter(own).map(of).collect()
            })
            .collect();
        let all = |tile: &dyn Fn(u32) -> u32| -> Vec<Laid> {
            let extents = search.extents.iter().enumerate();
            let tile = |place: usize, extent| match options[place].as_slice() {
                [only] => only.tile,
                _ => tile(extent),
            };
            extents.map(|(place, &extent)| bounds.laid(first, 0, place, extent, tile(place, extent))).collect()
        };
        let least = |options: &Vec<Choice>| {
            let mut least = [f64::INFINITY; MAX_AXES];
            options.iter().for_each(|option| {
                least.iter_mut().zip(option.folded).for_each(|(least, own)| *least = least.min(own));
            });
            least
        };
        Division {
            splits: splits.to_vec(),
            more,
            least: options.iter().map(least).collect(),
            whole: all(&|extent| extent),
            single: all(&|_| 1),
            options,
            thirds,
        }
    }

    /// Level 1 with the tiles `taken` along the first axes, and `rest` along the others.
    pub fn level(&self, taken: &[usize], rest: &[Laid]) -> Level {
        let known = taken.iter().zip(&self.options).map(|(&option, options)| options[option].laid);
        Level::new(&self.splits[0], 0, known.chain(rest.iter().skip(taken.len()).copied()))
    }

    /// Sizes of tiles along the first axes, single elements along the others.
    pub fn sizes(&self, taken: &[usize]) -> Sizes {
        let mut sizes = [1; MAX_AXES];
        for ((size, options), &option) in sizes.iter_mut().zip(&self.options).zip(taken) {
            *size = options[option].tile;
        }
        sizes
    }

    pub fn levels(&self) -> usize {
        self.splits[0].levels
    }

    /// Cycles of computing at least with the tiles `taken` along the first axes, by the best split.
    pub fn computing(&self, bounds: &Bounds<'_>, taken: &[usize]) -> f64 {
        (0..self.splits.len()).map(|split| self.computing_of(bounds, taken, split)).fold(f64::INFINITY, f64::min)
    }

    pub fn computing_of(&self, bounds: &Bounds<'_>, taken: &[usize], split: usize) -> f64 {
        let known = taken.iter().zip(&self.options).map(|(&option, options)| options[option].folded[split]);
        let rest = self.least[taken.len()..].iter().map(|least| least[split]);
        let shared = if self.thirds.is_some() { f64::from(self.splits[split].cluster()) } else { 1.0 };
        bounds.computing(known.chain(rest).product::<f64>() / shared)
    }
}
