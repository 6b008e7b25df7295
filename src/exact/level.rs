//! Cluster levels: the axis along which each loop advances, and the size of its tiles.

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

/// The maps of an axis in a level: one of the axis' body (`Y` or `X` if a filter slides along the axis), one of the
/// filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct AxisMaps {
    pub body: Option<Map>,
    /// Whether the body's map counts outputs (`Y'`) instead of inputs.
    pub in_outputs: bool,
    pub filter: Option<Map>,
    pub body_spatial: bool,
    pub filter_spatial: bool,
}

impl AxisMaps {
    pub fn spatial(&self) -> bool {
        self.body_spatial || self.filter_spatial
    }

    /// Whether both maps are spatial, so that they advance together.
    pub fn together(&self) -> bool {
        self.body_spatial && self.filter_spatial
    }
}

/// A level of a mapping. It is the same for every box that it divides.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Number of sub-clusters of a cluster.
    pub clusters: i32,
    /// The loops, outermost first: the axis, and whether the loop is over the filter. `Y` and `R` are one axis, which
    /// is listed twice if each of them has a loop of its own.
    pub loops: Vec<(Axis, bool), MAX_MAPS>,
    pub maps: PerAxis<AxisMaps>,
    /// The axis that is spread over sub-clusters (the first one, if there are two).
    pub spread: Option<Axis>,
    /// A second axis that is spread together with the first. Unless both have a single tile, pairs of tiles are left
    /// out.
    pub also_spread: Option<Axis>,
    /// Whether the sub-clusters are PEs.
    pub leaf: bool,
    /// The number of the level; 1 is the outermost.
    pub number: u8,
    /// Whether the layer is a matrix product. Its rows use the axis of groups.
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

    /// Adds a map inside of those already there.
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
        // A second spatial map advances with the first, in the same loop.
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

    /// Whether two axes are spread: sub-cluster q then has tile q along both.
    pub fn pairs_axes(&self) -> bool {
        self.also_spread.is_some()
    }

    /// Whether the tiles of an axis surely cover every box that has the whole filter, so that no box has to be
    /// checked.
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

    /// Whether there is an axis whose tiles may overlap, or whose tiles have only a part of the filter.
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

    /// Whether a single tile takes the whole box along an axis.
    pub fn takes_whole(&self, axis: Axis, slide: Slide, part: &Part) -> bool {
        let maps = &self.maps[axis];
        let covers = |map: Option<Map>, span: Span| map.is_none_or(|map| map.size >= span.hi - span.lo);
        let whole = !maps.in_outputs && covers(maps.body, part.inputs) && covers(maps.filter, part.filter);
        let cut = |map: Map| !slide.keeps_all(map.size, part);
        whole && (axis.is_plain() || slide.stride == 1 || !maps.body.is_some_and(cut))
    }

    /// The dimension that a loop over an axis, or over the filter that slides along the axis, advances along.
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
