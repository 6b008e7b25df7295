//! Cluster levels: which axis each loop advances along, and how large its tiles are.

use heapless::Vec;

use crate::dataflow::MapKind;
use crate::dim::Dim;
use crate::error::Error;
use crate::limits::MAX_MAPS;

use super::axis::{Axis, Part, PerAxis, Span};
use super::shape::Shape;
use super::slide::Slide;

/// Size and offset of a map, in elements of the dimension that it maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Map {
    pub size: i32,
    pub offset: i32,
}

/// The maps of an axis in a level: of its body, which is `Y` or `X` where a filter slides, and of that filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct AxisMaps {
    pub body: Option<Map>,
    /// The body's sizes count outputs (`Y'`), not inputs.
    pub in_outputs: bool,
    pub filter: Option<Map>,
    pub body_spatial: bool,
    pub filter_spatial: bool,
}

impl AxisMaps {
    pub fn spatial(&self) -> bool {
        self.body_spatial || self.filter_spatial
    }

    /// Both are spatial: they advance together.
    pub fn together(&self) -> bool {
        self.body_spatial && self.filter_spatial
    }
}

/// A level of a mapping, the same for every box that it divides.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Sub-clusters of a cluster.
    pub clusters: i32,
    /// Its loops, outermost first: the axis, and whether it is the filter that advances. `Y` and `R` are one axis; where each has a
    /// loop of its own, the axis stands here twice.
    pub loops: Vec<(Axis, bool), MAX_MAPS>,
    pub maps: PerAxis<AxisMaps>,
    /// The axis that is spread over sub-clusters.
    pub spread: Option<Axis>,
    /// A second axis that is spread along with the first, where both have a single tile.
    pub also_spread: Option<Axis>,
    /// Its sub-clusters are PEs.
    pub leaf: bool,
    /// From 1, the outermost.
    pub number: u8,
    /// The layer is a matrix product, whose rows take the place of groups.
    pub gemm: bool,
}

impl Level {
    pub fn new(number: u8, clusters: i32, gemm: bool) -> Level {
        Level {
            clusters,
            loops: Vec::new(),
            maps: PerAxis([AxisMaps::default(); 6]),
            spread: None,
            also_spread: None,
            leaf: true,
            number,
            gemm,
        }
    }

    /// Adds a map below those that are there.
    pub fn add(&mut self, kind: MapKind, size: i32, offset: i32, dim: Dim) -> Result<(), Error> {
        let level = self.number;
        let (axis, spatial) = (Axis::of(dim), kind == MapKind::Spatial);
        let maps = &mut self.maps[axis];
        let is_filter = matches!(dim, Dim::R | Dim::S);
        let slot = if is_filter { &mut maps.filter } else { &mut maps.body };
        if slot.is_some() {
            return Err(Error::RepeatedMap { level, dim });
        }
        *slot = Some(Map { size, offset });
        maps.in_outputs |= dim.input() != dim;
        if !spatial {
            return self.loops.push((axis, is_filter)).map_err(|_| Error::TooManyMaps { level });
        }
        if is_filter {
            maps.filter_spatial = true
        } else {
            maps.body_spatial = true
        }
        if self.spread.is_none() {
            self.spread = Some(axis);
            return self.loops.push((axis, is_filter)).map_err(|_| Error::TooManyMaps { level });
        }
        // A second one moves along with the first, at that one's place.
        if self.spread != Some(axis) {
            self.also_spread = Some(axis);
        }
        Ok(())
    }

    /// The axis that is spread over sub-clusters.
    pub fn spatial(&self) -> Axis {
        // Every level has one.
        self.spread.unwrap_or(Axis::N)
    }

    /// Whether two axes are spread, so that a sub-cluster has the tile of the same number along both.
    pub fn pairs_axes(&self) -> bool {
        self.also_spread.is_some()
    }

    /// Whether the tiles of an axis cover every box that has the whole filter, so that no box needs to be looked at.
    pub fn always_covers(&self, axis: Axis, stride: i32, filter: i32) -> bool {
        let maps = &self.maps[axis];
        let whole = maps.filter.is_none_or(|map| map.size >= filter);
        let fits = |map: Map| match axis {
            Axis::V | Axis::H if !maps.in_outputs => {
                map.size >= filter && (stride > 1 || map.offset <= map.size - filter + 1)
            }
            _ => map.offset <= map.size,
        };
        whole && !maps.together() && maps.body.is_none_or(fits)
    }

    /// Whether there is an axis whose tiles may have points in common, or have only a part of the filter.
    pub fn overlaps(&self, shape: &Shape) -> bool {
        shape.axes().any(|axis| {
            let (maps, stride) = (&self.maps[axis], shape.slides[axis].stride);
            let filter = shape.whole[axis].filter.hi;
            let body = |map: Map| match axis {
                Axis::V | Axis::H if !maps.in_outputs => map.offset <= map.size - filter && stride == 1,
                _ => map.offset < map.size,
            };
            maps.body.is_some_and(body) || maps.filter.is_some_and(|map| map.size < filter)
        })
    }

    /// Whether one tile is all of a box along an axis.
    pub fn takes_whole(&self, axis: Axis, slide: Slide, part: &Part) -> bool {
        let maps = &self.maps[axis];
        let covers = |map: Option<Map>, span: Span| map.is_none_or(|map| map.size >= span.hi - span.lo);
        let whole = !maps.in_outputs && covers(maps.body, part.inputs) && covers(maps.filter, part.filter);
        let cut = |map: Map| !slide.keeps_all(map.size, part);
        whole && (axis.is_plain() || slide.stride == 1 || !maps.body.is_some_and(cut))
    }

    /// The dimension of an axis that this level maps.
    pub fn dim(&self, axis: Axis, filter: bool) -> Dim {
        match (axis, filter) {
            (Axis::N, _) => Dim::N,
            (Axis::G, _) if self.gemm => Dim::M,
            (Axis::G, _) => Dim::G,
            (Axis::K, _) => Dim::K,
            (Axis::C, _) => Dim::C,
            (Axis::V, true) => Dim::R,
            (Axis::V, false) => Dim::Y,
            (Axis::H, true) => Dim::S,
            (Axis::H, false) => Dim::X,
        }
    }
}
