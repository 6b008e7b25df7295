//! Groups of splits that have the same level 1, and the tiles that it may have.

use std::sync::Arc;
use std::vec::Vec;

use super::super::bound::{Bounds, Laid, Level};
use super::super::space::{MAX_AXES, Split};
use super::partial::{Sizes, Thirds};
use super::state::Search;

/// Splits (ways to divide the PEs) that differ only in the axis over space of level 2.
pub(super) struct Division {
    pub splits: Vec<Split>,
    /// Splits with more, smaller clusters.
    pub more: Vec<Split>,
    /// The possible tiles along each axis.
    pub options: Vec<Vec<Choice>>,
    /// Each axis in one tile, and in its smallest tiles.
    pub whole: Vec<Laid>,
    pub single: Vec<Laid>,
    /// The least elements along each axis that the busiest PE computes, for each split.
    pub least: Vec<Folded>,
    /// The splits with three levels. They are examined only once the tiles of level 1 are known; until then the PEs
    /// of a cluster are assumed to share its work ideally.
    pub thirds: Option<Arc<Thirds>>,
}

/// The elements along an axis that the busiest PE computes, for each split.
pub(super) type Folded = [f64; MAX_AXES];

/// A tile along an axis.
pub(super) struct Choice {
    pub tile: u32,
    pub laid: Laid,
    /// The elements that the busiest PE computes with the best tiles of level 2, for each split.
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
                // Tiles that fit fewer clusters are searched with that split.
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

    /// Level 1 with the tiles `taken` along the first axes and the tiles `rest` along the others.
    pub fn level(&self, taken: &[usize], rest: &[Laid]) -> Level {
        let known = taken.iter().zip(&self.options).map(|(&option, options)| options[option].laid);
        Level::new(&self.splits[0], 0, known.chain(rest.iter().skip(taken.len()).copied()))
    }

    /// The sizes of the tiles along the first axes, and 1 along the others.
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

    /// A lower bound of the compute cycles with the tiles `taken` along the first axes, with the best split.
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
