//! Cluster levels: what each level maps, completed by the directives that a dataflow leaves out.

use heapless::Vec;

use crate::count::{divide, product};
use crate::dataflow::MapKind;
use crate::dim::{Dim, DimMap, DimSet, Tensor};
use crate::error::Error;
use crate::layer::Layer;
use crate::limits::{MAX_EXTENT, MAX_LEVELS, MAX_MAPS};
use crate::mapping::{self, Directives};

/// A map with its sizes known, in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Map {
    pub dim: Dim,
    pub kind: MapKind,
    /// The map is temporal, and its first tile covers the dimension.
    whole: bool,
    /// The last tile is partial.
    partial: bool,
    pub size: i32,
    pub offset: i32,
    /// Elements of the dimension that are left for the last tile.
    edge: i32,
}

impl Map {
    const NONE: Map = Map::new(Dim::C, MapKind::Temporal, 0, 1);

    const fn new(dim: Dim, kind: MapKind, size: i32, offset: i32) -> Map {
        Map { dim, kind, whole: false, partial: false, size, offset, edge: 0 }
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    /// The numbers of full and partial tiles of the map in an extent.
    pub fn fit(&self, extent: i32) -> Fit {
        let slack = extent - self.size;
        if slack < 0 {
            return Fit { tiles: 0, rest: false };
        }
        // The offset is at least 1. `checked_div` avoids the panic of a plain division, which firmware must not
        // contain.
        let steps = slack.checked_div(self.offset).unwrap_or(0);
        Fit { tiles: steps + 1, rest: slack > steps * self.offset }
    }

    /// Sets the properties of the map that depend on the extent of its dimension.
    fn measure(&mut self, extent: i32) {
        let fit = self.fit(extent);
        self.whole = self.kind == MapKind::Temporal && fit.is_one();
        self.partial = fit.rest || fit.tiles == 0;
        self.edge = extent - fit.tiles.max(1) * self.offset;
        if self.edge < 0 {
            self.edge = extent;
        }
    }
}

/// The numbers of full and partial tiles of a map in an extent.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    /// Number of full tiles; 0 if the extent is smaller than a tile.
    pub tiles: i32,
    /// Whether a partial tile follows the last full one.
    pub rest: bool,
}

impl Fit {
    /// Whether one tile covers the extent.
    pub fn is_one(self) -> bool {
        self.tiles == 0 || (self.tiles == 1 && !self.rest)
    }

    /// The turns that `clusters` sub-clusters take for the tiles; `None` if one turn covers the extent.
    pub fn turns(self, clusters: i32) -> Option<Turns> {
        if self.tiles < clusters || (self.tiles == clusters && !self.rest) {
            return None;
        }
        let full = self.tiles.checked_div(clusters).unwrap_or(0);
        Some(Turns { full, left: self.tiles - full * clusters })
    }
}

/// Turns of a spatial map.
pub(super) struct Turns {
    /// Number of turns in which every cluster has a full tile.
    pub full: i32,
    /// Number of full tiles in the turn after these.
    pub left: i32,
}

type Maps = Vec<Map, MAX_MAPS, u8>;

/// One cluster level of a mapping, for a full tile of the level above.
///
/// A dimension that is mapped twice in a level is spatial if its first map is spatial. Its tiles are those of its
/// last map.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// All maps, outermost first.
    pub maps: Maps,
    /// Number of sub-clusters of one cluster.
    pub clusters: i32,
    /// Number of sub-clusters that have work in the last, partial, spatial step.
    pub edge_clusters: i32,
    /// Index of the last map of each dimension; for `X'` and `Y'`, that of `X` and `Y`.
    last: DimMap<u8>,
    /// Dimensions whose first map is spatial.
    spatial: DimSet,
}

impl Level {
    const EMPTY: Level = Level {
        maps: Vec::new(),
        clusters: 1,
        edge_clusters: 1,
        last: DimMap::filled(u8::MAX),
        spatial: DimSet::of(&[]),
    };

    fn map(&self, dim: Dim) -> &Map {
        self.maps.get(usize::from(self.last[dim])).unwrap_or(&Map::NONE)
    }

    /// The first spatial map. Every level has one.
    pub fn first_spatial(&self) -> Option<&Map> {
        self.maps.iter().find(|map| map.kind == MapKind::Spatial)
    }

    /// Whether a dimension is mapped spatially.
    pub fn is_spatial(&self, dim: Dim) -> bool {
        self.spatial.contains(dim)
    }

    /// Elements of a sub-cluster's tile along a dimension. The tile is a full one, or with `edge` the last one, which
    /// may be smaller. For `X'` and `Y'`, the number of outputs of the tile.
    ///
    /// The sizes of the maps already account for strides, see [`apply_stride`].
    pub fn tile(&self, dim: Dim, edge: bool) -> i32 {
        let map = self.map(dim);
        let own = if edge && map.partial { map.edge } else { map.size };
        match dim.input().filter() {
            Some(filter) if dim.input() != dim => own - self.tile(filter, edge) + 1,
            _ => own,
        }
    }

    /// Elements of a tile that are not in the tile before (in time or space).
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn fresh(&self, dim: Dim, edge: bool) -> i32 {
        let map = self.map(dim);
        let is_output = dim.input() != dim;
        match edge {
            true if is_output => map.offset.min(self.tile(dim, true)),
            true => (map.offset - (map.size - map.edge)).max(0),
            false if map.whole && !is_output => 0,
            false => map.size.min(map.offset),
        }
    }

    /// Everything on which the level's steps depend. In the outermost level, clusters that never have work are left
    /// out, unless a dimension is mapped twice: then its state is not that of its spatial map, and steps use the
    /// number of all clusters.
    #[cfg(feature = "std")]
    pub fn key(&self, outermost: bool, layer: &Layer) -> LevelKey {
        let extent = |map: &Map| layer.size(map.dim).unwrap_or(0) as i32;
        let spatial = |map: &&Map| map.kind == MapKind::Spatial;
        let most = self.maps.iter().filter(spatial).map(|map| map.fit(extent(map)).tiles).max().unwrap_or(0);
        // With more clusters than tiles, every spatial map is at its edge, where only `edge_clusters` is used.
        let doubled = (0..).zip(&self.maps).any(|(place, map)| self.last[map.dim] != place);
        let clusters = if outermost && !doubled { self.clusters.min(most.saturating_add(1)) } else { self.clusters };
        LevelKey { clusters, edge_clusters: self.edge_clusters, maps: self.maps.clone() }
    }

    /// Sets everything that depends on the extents that the maps divide.
    fn measure(&mut self, extent: &DimMap<i32>, number: u8) -> Result<(), Error> {
        if let Some(first) = self.first_spatial() {
            self.edge_clusters = edge_clusters(first, extent, self.clusters);
        }
        for (place, map) in (0..).zip(&mut self.maps) {
            map.measure(extent[map.dim]);
            if self.last[map.dim] == u8::MAX && map.kind == MapKind::Spatial {
                self.spatial = self.spatial.union(DimSet::of(&[map.dim]));
            }
            self.last[map.dim] = place;
            self.last[map.dim.output()] = place;
        }
        // No volume of a step may exceed 64 bits: three kinds of members and three tensors make sums of at most nine products.
        let sides = self.maps.iter().map(|map| {
            let window = map.dim.filter().map_or(0, |filter| self.tile(filter, false));
            // If a dimension is mapped twice, its last map is taken for both.
            let Map { size, offset, edge, .. } = *self.map(map.dim);
            i64::from([size, offset, edge, window, offset - size + edge].into_iter().fold(1, i32::max))
        });
        let volume = product(sides.chain([i64::from(self.clusters), 16]));
        volume.map(drop).ok_or(Error::Overflow { level: number })
    }
}

/// Everything on which the steps of a level depend, see [`Level::key`].
#[cfg(feature = "std")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LevelKey {
    clusters: i32,
    edge_clusters: i32,
    maps: Maps,
}

/// Number of sub-clusters that have work in the last spatial step.
fn edge_clusters(map: &Map, extent: &DimMap<i32>, clusters: i32) -> i32 {
    let fit = map.fit(extent[map.dim]);
    match fit.turns(clusters) {
        // As in the reference, a partial tile at the very end is not counted here.
        Some(turns) => turns.left.max(1),
        None => (fit.tiles + i32::from(fit.rest)).max(1),
    }
}

/// The levels of a mapping, outermost first.
pub(super) type Levels = Vec<Level, MAX_LEVELS, u8>;

/// Fills `levels` with those of a dataflow for `layer` on an array of `pes`, outermost first.
pub(super) fn build(levels: &mut Levels, layer: &Layer, directives: Directives<'_>, pes: u32) -> Result<(), Error> {
    let mut builder = Builder { layer, levels, extent: DimMap::filled(0) };
    for &dim in &Dim::ALL {
        // Lossless: at most MAX_EXTENT.
        builder.extent[dim] = layer.size(dim.input()).unwrap_or(0) as i32;
    }
    mapping::levels(layer, directives, pes, &mut |own| builder.add(own))
}

/// Builds levels in place, because a level takes a large part of a small stack.
struct Builder<'a> {
    layer: &'a Layer,
    levels: &'a mut Levels,
    /// The extents that the next level divides.
    extent: DimMap<i32>,
}

impl Builder<'_> {
    /// Adds a level and completes it: before its own maps come those that only the level above has, after them the
    /// dimensions that neither level maps.
    fn add(&mut self, own: &mapping::Level<'_>) -> Result<(), Error> {
        let level = own.number;
        self.levels.push(Level::EMPTY).map_err(|_| Error::TooManyLevels)?;
        let Some((new, above)) = self.levels.split_last_mut() else { return Ok(()) };
        let above = above.last();
        inherit(&mut new.maps, above, own.maps);
        for map in own.maps {
            let map = adopt(map, self.layer, own, above, &self.extent)?;
            new.maps.push(map).map_err(|_| Error::TooManyMaps { level })?;
        }
        let reached = reached(self.layer);
        for &dim in &Dim::ALL {
            let extent = self.extent[dim];
            if reached.contains(dim) && extent != 0 && !new.maps.iter().any(|map| map.dim == dim) {
                let whole = Map::new(dim, MapKind::Temporal, extent, extent);
                new.maps.push(whole).map_err(|_| Error::TooManyMaps { level })?;
            }
        }
        apply_stride(&mut new.maps, self.layer, level)?;
        // Lossless: at most the number of PEs.
        new.clusters = own.clusters as i32;
        new.measure(&self.extent, level)?;
        self.divide();
        Ok(())
    }

    /// Makes the full tile of the last level the extents of the next level.
    fn divide(&mut self) {
        let mut sub = DimMap::filled(0);
        if let Some(level) = self.levels.last() {
            for map in level.maps.iter().rev() {
                sub[map.dim] = map.size.min(self.extent[map.dim]);
            }
        }
        self.extent = sub;
    }
}

/// Adds the maps that only the level above has, as temporal maps, innermost first.
fn inherit(maps: &mut Maps, above: Option<&Level>, own: &[mapping::Map]) {
    let above = above.map_or(&[][..], |above| &above.maps);
    for (i, map) in above.iter().enumerate().rev() {
        let repeats = above.iter().take(i).any(|earlier| earlier.dim == map.dim);
        if !repeats && !own.iter().any(|own| own.dim.input() == map.dim) {
            // There is room, because the level above has no more maps than fit.
            let _ = maps.push(Map::new(map.dim, MapKind::Temporal, map.size, map.offset));
        }
    }
}

/// The dimensions that inner levels divide: those of the input and the filter, and the window of a POOL.
fn reached(layer: &Layer) -> DimSet {
    let read = layer.coupled_set(Tensor::Input).union(layer.coupled_set(Tensor::Filter));
    read.union(DimSet::of(&[Dim::R, Dim::S]))
}

/// One of a level's own maps. A map of outputs is rewritten as one of the inputs that they need.
#[cfg_attr(not(feature = "std"), inline(never))]
fn adopt(
    map: &mapping::Map,
    layer: &Layer,
    own: &mapping::Level<'_>,
    above: Option<&Level>,
    extent: &DimMap<i32>,
) -> Result<Map, Error> {
    let &mapping::Map { dim, kind, size, offset } = map;
    let level = own.number;
    // The reference refuses to split a filter temporally.
    if let (Dim::R | Dim::S, MapKind::Temporal, Some(whole)) = (dim, kind, layer.size(dim))
        && (size != whole || offset != whole)
    {
        return Err(Error::SplitFilter { level, dim, whole });
    }
    if extent[dim.input()] == 0 {
        // The level above does not map the dimension, or does not read it.
        return Err(Error::MapOfMissingDim { level, dim });
    }
    // Lossless: at most MAX_EXTENT.
    let mut map = Map::new(dim.input(), kind, size as i32, offset as i32);
    if map.dim != dim
        && let Some(filter) = map.dim.filter()
    {
        if own.maps.iter().filter(|other| other.dim.input() == map.dim).count() > 1 {
            return Err(Error::MapOfInputAndOutput { level, dim: map.dim });
        }
        let own = own.maps.iter().rev().find(|map| map.dim == filter).map(|map| map.size as i32);
        let inherited = above.map(|above| above.tile(filter, false));
        map.size += own.or(inherited).unwrap_or(extent[filter]) - 1;
    }
    Ok(map)
}

/// Accounts for strides: converts tiles of `X` and `Y` to outputs, and back to inputs. Later code needs no strides.
fn apply_stride(maps: &mut Maps, layer: &Layer, level: u8) -> Result<(), Error> {
    for i in 0..maps.len() {
        let Some(&Map { dim, size, .. }) = maps.get(i) else { break };
        let Some(filter) = dim.filter() else { continue };
        let (stride, window) = (i64::from(layer.stride(dim)), i64::from(layer.size(filter).unwrap_or(1)));
        if stride == 1 || i64::from(size) < window {
            continue;
        }
        let outputs = divide(i64::from(size) + stride - window, stride);
        let size = outputs * stride.min(window) + (window - stride).max(0);
        let offset = outputs * if level > 1 { stride.min(window) } else { stride };
        let bounded = |value: i64| match i32::try_from(value) {
            Ok(value) if value <= 2 * MAX_EXTENT as i32 => Ok(value),
            _ => Err(Error::MapSize { level, dim, size: i32::MAX }),
        };
        if let Some(first) = maps.iter_mut().find(|map| map.dim == dim) {
            first.size = bounded(size)?;
            first.offset = bounded(offset)?;
        }
    }
    Ok(())
}

/// The error for the first inner level that maps a dimension to which neither input nor filter is coupled (`K` of a
/// DSCONV). The reference refuses such a mapping.
#[cfg(feature = "dse")]
pub(super) fn refused_by_reference(layer: &Layer, levels: &[Level]) -> Option<Error> {
    let read = reached(layer);
    (2..).zip(levels.iter().skip(1)).find_map(|(level, maps)| {
        let map = maps.maps.iter().find(|map| !read.contains(map.dim))?;
        Some(Error::MapOfMissingDim { level, dim: map.dim })
    })
}
