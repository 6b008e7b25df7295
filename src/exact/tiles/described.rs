//! Descriptions of loops in the terms of a dataflow.

use super::Tiles;
use crate::dim::Dim;
use crate::exact::axis::Axis;
use crate::exact::level::Level;

/// The description of a loop over a box in the terms of a dataflow.
pub(in crate::exact) struct Described {
    pub dim: Dim,
    /// A second dimension that advances together with `dim`.
    pub also: Option<Dim>,
    pub spatial: bool,
    /// The tiles are ranges of outputs.
    pub in_outputs: bool,
    /// Elements from the beginning of one tile to that of the next.
    pub offset: i32,
    pub tiles: i32,
    pub turns: i32,
}

impl Level {
    /// Describes the loop along an axis, or along the filter that slides along the axis, over the box that `tiles`
    /// divide.
    pub fn laid(&self, axis: Axis, is_filter: bool, tiles: &Tiles) -> Described {
        let maps = &self.maps[axis];
        let spatial = if is_filter { maps.filter_spatial } else { maps.body_spatial };
        let also = match self.also_spread {
            _ if !spatial => None,
            _ if maps.together() => Some(self.dim(axis, !is_filter)),
            Some(other) if self.spread == Some(axis) => Some(self.dim(other, self.maps[other].filter_spatial)),
            _ => None,
        };
        let own = if is_filter { tiles.filter } else { tiles.body };
        let (count, turns) = match tiles.joint {
            Some(joint) => {
                let clusters = if is_filter { joint.filter_clusters } else { joint.body_clusters };
                (own.count, own.turns(clusters))
            }
            None if tiles.moves_in(is_filter) || own.count > 1 => (tiles.last - tiles.first + 1, tiles.turns),
            None => (1, 1),
        };
        let in_outputs = maps.in_outputs && !is_filter;
        Described { dim: self.dim(axis, is_filter), also, spatial, in_outputs, offset: own.offset, tiles: count, turns }
    }
}
