//! The space of mappings of a layer.
//!
//! A mapping has one level, two levels (clusters of PEs), or three (clusters of clusters). A level cuts its box into
//! tiles along every dimension but the filter's rows and columns, which stay whole. Each tile size divides the extent
//! that it is cut from. The tiles of a level lie over space along one dimension and over time along the others. For
//! each number of clusters, the clusters are as large as the array allows.
//!
//! In a pair, two dimensions lie over space and move together: the PEs of a cluster divide the filter's rows (or
//! columns) among them, each with the rows of inputs that its part slides over, and their sums are added up. Such
//! clusters have one PE for each part.
//!
//! The order of the loops of a level determines which tensor is stationary. Dimensions to which the same tensors are
//! coupled form a group and stand together in a fixed order (N, Y' and X' of a convolution); the groups are tried in
//! every order.

use std::vec::Vec;

use crate::{Dataflow, Dim, Directive, Error, Layer, LayerKind, MapKind, Size, Tensor};

/// The maximum number of dimensions that a mapping cuts.
pub(crate) const MAX_AXES: usize = 7;

/// The maximum number of levels of a mapping.
pub(crate) const MAX_LEVELS: usize = 3;

/// A dimension that a mapping cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The dimension; `Y'` and `X'` of a convolution.
    pub dim: Dim,
    /// Its extent.
    pub extent: u32,
    /// Whether input, filter and output are coupled to it.
    pub(super) coupled: [bool; 3],
    /// If a filter slides along it: stride, filter extent, and the distance between inputs that are no inserted zeros
    /// (1: no zeros).
    pub(super) slide: Option<[u32; 3]>,
}

impl Axis {
    /// The least number of inputs that `outputs` neighbouring outputs touch.
    pub(super) fn inputs(&self, outputs: f64) -> f64 {
        match self.slide {
            // Inputs along the filter are counted by the axis that it slides over.
            None if self.is_window() => 1.0,
            None => outputs,
            Some([_, _, every]) if every > 1 => 0.0,
            Some([stride, filter, _]) => (outputs - 1.0) * f64::from(stride.min(filter)) + f64::from(filter),
        }
    }

    /// Whether it is the filter's rows or columns.
    pub(super) fn is_window(&self) -> bool {
        matches!(self.dim, Dim::R | Dim::S)
    }

    /// Whether inputs along this axis lie over space together with these rows or columns of the filter.
    pub(super) fn moves_with(&self, window: &Axis) -> bool {
        self.dim.input().filter() == Some(window.dim)
    }

    /// The same axis under a part of the filter with this number of rows or columns.
    pub(super) fn under(&self, filter: u32) -> Axis {
        Axis { slide: self.slide.map(|[stride, _, every]| [stride, filter, every]), ..*self }
    }
}

/// The dimensions of a layer that a mapping cuts: those with more than one element, or the first one if there are
/// none.
pub fn axes(layer: &Layer) -> Vec<Axis> {
    axes_with(layer, |_| false)
}

/// The same, and dimensions of one element for which `keeps` is true.
pub(super) fn axes_with(layer: &Layer, keeps: impl Fn(Dim) -> bool) -> Vec<Axis> {
    let dims: &[Dim] = match layer.kind() {
        LayerKind::Gemm => &[Dim::M, Dim::N, Dim::K],
        _ => &[Dim::N, Dim::G, Dim::K, Dim::C, Dim::OutY, Dim::OutX],
    };
    let axis = |&dim: &Dim| {
        let coupled = Tensor::ALL.map(|tensor| {
            let reduced = tensor == Tensor::Output && layer.kind() == LayerKind::NgConv && dim == Dim::C;
            layer.coupled(tensor).contains(&dim.input()) && !reduced
        });
        let slide =
            dim.input().filter().filter(|_| dim.input() != dim).map(|filter| {
                [layer.stride(dim.input()), layer.size(filter).unwrap_or(1), layer.inserted(dim.input()).0]
            });
        // A dimension to which no tensor is coupled does not count, such as K of a DSCONV.
        let extent = layer.size(dim).filter(|&extent| coupled.contains(&true) || (extent == 1 && keeps(dim)))?;
        Some(Axis { dim, extent, coupled, slide })
    };
    let all: Vec<Axis> = dims.iter().filter_map(axis).collect();
    let cut: Vec<Axis> = all.iter().copied().filter(|axis| axis.extent > 1 || keeps(axis.dim)).collect();
    if cut.is_empty() { all.into_iter().take(1).collect() } else { cut }
}

/// How the PEs are divided: which axis lies over space in each level, and how large clusters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    /// Levels.
    pub levels: usize,
    /// Place of the axis over space in each level.
    pub spatial: [usize; MAX_LEVELS],
    /// The number of sub-clusters in each level: of clusters, of members of each, and so on down to PEs; 1 below
    /// them.
    pub ways: [u32; MAX_LEVELS],
    /// The next smaller number of clusters, which are then larger; 0 if there is none.
    pub(super) fewer: u32,
}

impl Split {
    /// Whether these numbers of tiles over space, in levels 1 and 2, fit fewer and larger clusters. If so, the
    /// mapping is the same on those.
    pub(super) fn is_twin(&self, outer: u32, inner: u32) -> bool {
        outer <= self.fewer && inner <= self.ways[1]
    }

    /// The number of PEs of an outermost cluster.
    pub(super) fn cluster(&self) -> u32 {
        self.ways[1..].iter().product()
    }

    /// The number of sub-clusters of a level that lie along an axis.
    pub fn ways_along(&self, level: usize, place: usize) -> u32 {
        if level < self.levels && self.spatial[level] == place { self.ways[level] } else { 1 }
    }
}

/// A part of the space that is searched as a whole: the axes, and the ways to divide the PEs among them.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The dimensions that its mappings cut.
    pub axes: Vec<Axis>,
    /// Ways to divide the PEs.
    pub splits: Vec<Split>,
}

/// The parts of the space of a layer. The part with three levels comes last: it is large, and most of it is no better
/// than what is known by then.
pub(super) fn parts(layer: &Layer, pes: u32, levels: usize, any_tile: bool) -> Vec<Part> {
    let axes = axes(layer);
    let mut parts = vec![Part { splits: splits(axes.len(), pes, levels.min(2)), axes: axes.clone() }];
    if levels > 1 {
        parts.extend([Dim::R, Dim::S].into_iter().flat_map(|dim| paired(layer, &axes, dim, pes, any_tile)));
    }
    if levels > 2 {
        parts.push(Part { splits: splits_into(axes.len(), pes, 3, |_| None), axes });
    }
    parts
}

/// The parts in which clusters divide the filter's rows (or columns) among their PEs, and inputs along with them: one
/// part for each number of PEs.
fn paired(layer: &Layer, axes: &[Axis], dim: Dim, pes: u32, any_tile: bool) -> Vec<Part> {
    let zeros = [Dim::Y, Dim::X].iter().any(|dim| layer.inserted(*dim).0 > 1);
    let Some(extent) = layer.size(dim).filter(|extent| *extent > 1 && !zeros) else { return Vec::new() };
    let window =
        Axis { dim, extent, coupled: [true, layer.coupled(Tensor::Filter).contains(&dim), false], slide: None };
    let members = tiles(extent, any_tile).into_iter().map(|tile| extent.div_ceil(tile));
    let part = |members: u32| {
        let axes = [&[window], axes].concat();
        let mut splits = splits_into(axes.len(), pes, 2, |_| Some(members));
        splits.retain(|split| split.spatial[0] != 0 && split.spatial[1] == 0);
        Part { axes, splits }
    };
    members.filter(|members| (2..=pes).contains(members)).map(part).collect()
}

/// The size of the tiles of a level along an axis, if a pair leaves no choice. The filter is whole, except where it
/// lies over space, and there outputs are whole.
pub(super) fn paired_tile(axes: &[Axis], split: &Split, level: usize, place: usize, extent: u32) -> Option<u32> {
    if axes[place].is_window() {
        return Some(extent.div_ceil(split.ways_along(level, place)));
    }
    let moves = level < split.levels && axes[place].moves_with(&axes[split.spatial[level]]);
    moves.then_some(extent)
}

/// Every way to divide the PEs into up to `levels` levels.
pub fn splits(axes: usize, pes: u32, levels: usize) -> Vec<Split> {
    (1..=levels.clamp(1, MAX_LEVELS)).flat_map(|levels| splits_into(axes, pes, levels, |_| None)).collect()
}

/// Every way to divide the PEs into `levels` levels. `given` fixes the number of members of a level's clusters, if it
/// returns one.
pub(super) fn splits_into(axes: usize, pes: u32, levels: usize, given: impl Fn(usize) -> Option<u32>) -> Vec<Split> {
    let members = |level: usize, of: u32| -> Vec<u32> {
        given(level).map_or_else(|| sizes(of).into_iter().filter(|size| *size > 1).collect(), |members| vec![members])
    };
    let ways: Vec<[u32; MAX_LEVELS]> = match levels {
        1 => vec![[pes, 1, 1]],
        2 => members(1, pes).into_iter().map(|size| [pes / size, size, 1]).collect(),
        _ => match given(1) {
            Some(own) => members(2, pes / own).into_iter().map(|below| [pes / own / below, own, below]).collect(),
            None => match given(2) {
                Some(below) => members(1, pes / below).into_iter().map(|own| [pes / below / own, own, below]).collect(),
                None => {
                    let within =
                        |size: u32| members(2, size).into_iter().map(move |below| [pes / size, size / below, below]);
                    members(1, pes).into_iter().flat_map(within).collect()
                }
            },
        },
    };
    let mut splits = Vec::new();
    for alike in ways.chunk_by(|a, b| a[0] == b[0]) {
        let fewer = ways.iter().map(|ways| ways[0]).filter(|clusters| *clusters < alike[0][0]).max().unwrap_or(0);
        for place in 0..axes.pow(levels as u32) {
            // The digits of `place` in base `axes` are the axes over space, the outermost first. Levels that do not
            // exist repeat the last.
            let digit = |level: usize| place / axes.pow((levels - 1 - level.min(levels - 1)) as u32) % axes;
            let spatial = [0, 1, 2].map(digit);
            splits.extend(alike.iter().map(|&ways| Split { levels, spatial, ways, fewer }));
        }
    }
    splits
}

/// The largest cluster size for each number of clusters, the smallest first.
fn sizes(pes: u32) -> Vec<u32> {
    let mut sizes = Vec::new();
    let mut clusters = 1;
    while clusters <= pes {
        let size = pes / clusters;
        sizes.push(size);
        clusters = pes / size + 1;
        // `clusters` becomes the least number of clusters of a smaller size.
        if size == 1 {
            break;
        }
    }
    sizes.dedup();
    sizes.reverse();
    sizes
}

/// Sizes of tiles of an extent, the smallest first: its divisors, or, if `any`, the smallest size for each number of
/// tiles.
pub fn tiles(extent: u32, any: bool) -> Vec<u32> {
    if !any {
        return (1..=extent).filter(|tile| extent.is_multiple_of(*tile)).collect();
    }
    let mut tiles: Vec<u32> = (1..=extent).map(|count| extent.div_ceil(count)).collect();
    tiles.dedup();
    tiles.reverse();
    tiles
}

/// Orders of loops, each a list of places of axes from the outermost inwards.
pub fn orders(axes: &[Axis]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, axis) in axes.iter().enumerate() {
        match groups.iter_mut().find(|group| axes[group[0]].coupled == axis.coupled) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    let mut orders = Vec::new();
    permute(&mut Vec::new(), &groups, &mut orders);
    orders
}

fn permute(taken: &mut Vec<usize>, groups: &[Vec<usize>], orders: &mut Vec<Vec<usize>>) {
    if taken.len() == groups.len() {
        orders.push(taken.iter().flat_map(|&group| groups[group].iter().copied()).collect());
        return;
    }
    for group in 0..groups.len() {
        if !taken.contains(&group) {
            taken.push(group);
            permute(taken, groups, orders);
            taken.pop();
        }
    }
}

/// A mapping of the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// How the PEs are divided.
    pub split: &'a Split,
    /// Sizes of the tiles along each axis, for each level.
    pub tiles: [&'a [u32]; MAX_LEVELS],
    /// The order of loops in each level.
    pub orders: [&'a [usize]; MAX_LEVELS],
}

impl Candidate<'_> {
    /// The mapping as directives.
    ///
    /// # Errors
    /// None for a mapping of the space.
    pub fn dataflow(&self, axes: &[Axis]) -> Result<Dataflow, Error> {
        let mut dataflow = Dataflow::default();
        for level in 0..self.split.levels {
            if level > 0 {
                dataflow.push(Directive::cluster(size(self.split.ways[level])))?;
            }
            let over_space = &axes[self.split.spatial[level]];
            for &place in self.orders[level] {
                let spatial = place == self.split.spatial[level];
                if axes[place].is_window() {
                    if spatial {
                        self.push_pair(&mut dataflow, axes, level)?;
                    }
                    continue;
                }
                if axes[place].moves_with(over_space) {
                    continue;
                }
                let kind = if spatial { MapKind::Spatial } else { MapKind::Temporal };
                let tile = size(self.tiles[level][place]);
                dataflow.push(Directive::Map { kind, size: tile, offset: tile, dim: axes[place].dim })?;
            }
        }
        Ok(dataflow)
    }

    /// Adds the maps of the filter over space and of the inputs along with it.
    fn push_pair(&self, dataflow: &mut Dataflow, axes: &[Axis], level: usize) -> Result<(), Error> {
        let place = self.split.spatial[level];
        let (window, part) = (&axes[place], self.tiles[level][place]);
        // If the inputs are not mapped, a PE takes only what it needs in the exact model, but all of them in
        // MAESTRO's. So they are mapped if that can be written: if boxes have the same size and windows are one
        // apart.
        if let Some(outputs) = axes.iter().position(|axis| axis.moves_with(window)) {
            let (axis, tile) = (&axes[outputs], self.tiles[0][outputs]);
            let dense = tile == 1 || axis.slide.is_some_and(|[stride, ..]| stride == 1);
            if dense && axis.extent.is_multiple_of(tile) {
                dataflow.push(Directive::spatial(size(tile - 1 + part), size(part), axis.dim.input()))?;
            }
        }
        dataflow.push(Directive::spatial(size(part), size(part), window.dim))
    }
}

/// A [`Size`] in elements. Extents and numbers of PEs are far below 2^31.
fn size(elements: u32) -> Size {
    Size::new(i32::try_from(elements).unwrap_or(i32::MAX))
}
