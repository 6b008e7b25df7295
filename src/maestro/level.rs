//! Cluster levels: what each level maps, with the directives that a dataflow leaves out filled in.

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
    /// In time, the first tile covers the dimension.
    whole: bool,
    /// Not every tile is a full one.
    partial: bool,
    pub size: i32,
    pub offset: i32,
    /// What is left of the dimension for the last tile.
    edge: i32,
}

impl Map {
    const NONE: Map = Map::new(Dim::C, MapKind::Temporal, 0, 1);

    const fn new(dim: Dim, kind: MapKind, size: i32, offset: i32) -> Map {
        Map { dim, kind, whole: false, partial: false, size, offset, edge: 0 }
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    /// How the map's tiles lie in an extent.
    pub fn fit(&self, extent: i32) -> Fit {
        let slack = extent - self.size;
        if slack < 0 {
            return Fit { tiles: 0, rest: false };
        }
        // The offset is at least 1; a division that might fail would drag a panic into firmware.
        let steps = slack.checked_div(self.offset).unwrap_or(0);
        Fit { tiles: steps + 1, rest: slack > steps * self.offset }
    }

    /// Looks at the dimension that is to be mapped.
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

/// How the tiles of a map lie in an extent.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    /// Full tiles; 0 where the extent is smaller than one.
    pub tiles: i32,
    /// Whether a partial tile follows on the last full one.
    pub rest: bool,
}

impl Fit {
    /// Whether one tile covers the extent.
    pub fn is_one(self) -> bool {
        self.tiles == 0 || (self.tiles == 1 && !self.rest)
    }

    /// The tiles laid out over `clusters` side by side, in turns; `None` if one turn covers the extent.
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
    /// Those in which every cluster has a full tile.
    pub full: i32,
    /// Full tiles of the turn after them.
    pub left: i32,
}

type Maps = Vec<Map, MAX_MAPS, u8>;

/// One cluster level of a mapping, for a full tile of the level above.
///
/// A dimension that is mapped twice in a level is spatial if its first map is; its tiles are those of its last map.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Outermost first.
    pub maps: Maps,
    /// Sub-clusters of one cluster.
    pub clusters: i32,
    /// Sub-clusters at work in the last, partial, spatial step.
    pub edge_clusters: i32,
    /// Place of each dimension's last map; for `X'` and `Y'` that of `X` and `Y`.
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

    /// Whether a dimension is mapped over space.
    pub fn is_spatial(&self, dim: Dim) -> bool {
        self.spatial.contains(dim)
    }

    /// Elements of a sub-cluster's tile: a full one, or the last one, which may be smaller. For `X'` and `Y'`, the outputs that it
    /// yields.
    ///
    /// Strides are already in the sizes of the maps, see [`apply_stride`].
    pub fn tile(&self, dim: Dim, edge: bool) -> i32 {
        let map = self.map(dim);
        let own = if edge && map.partial { map.edge } else { map.size };
        match dim.input().filter() {
            Some(filter) if dim.input() != dim => own - self.tile(filter, edge) + 1,
            _ => own,
        }
    }

    /// Elements of a tile that the tile before it (in time or space) did not hold.
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

    /// Everything that its steps depend on. Of the outermost level, clusters that are never at work do not count, unless a
    /// dimension is mapped twice: then its state is not that of its spatial map, and steps look at all clusters.
    #[cfg(feature = "std")]
    pub fn key(&self, outermost: bool, layer: &Layer) -> LevelKey {
        let extent = |map: &Map| layer.size(map.dim).unwrap_or(0) as i32;
        let spatial = |map: &&Map| map.kind == MapKind::Spatial;
        let most = self.maps.iter().filter(spatial).map(|map| map.fit(extent(map)).tiles).max().unwrap_or(0);
        // With more clusters than tiles, every spatial map is at its edge, where only `edge_clusters` is looked at.
        let doubled = (0..).zip(&self.maps).any(|(place, map)| self.last[map.dim] != place);
        let clusters = if outermost && !doubled { self.clusters.min(most.saturating_add(1)) } else { self.clusters };
        LevelKey { clusters, edge_clusters: self.edge_clusters, maps: self.maps.clone() }
    }

    /// Measures all maps against the extents that they divide.
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
            // Of a dimension that is mapped twice, the last map counts, twice.
            let Map { size, offset, edge, .. } = *self.map(map.dim);
            i64::from([size, offset, edge, window, offset - size + edge].into_iter().fold(1, i32::max))
        });
        let volume = product(sides.chain([i64::from(self.clusters), 16]));
        volume.map(drop).ok_or(Error::Overflow { level: number })
    }
}

/// What the steps of a level depend on, see [`Level::key`].
#[cfg(feature = "std")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LevelKey {
    clusters: i32,
    edge_clusters: i32,
    maps: Maps,
}

/// Sub-clusters at work in the last spatial step.
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

/// Builds levels in place: a level is a good part of a small stack.
struct Builder<'a> {
    layer: &'a Layer,
    levels: &'a mut Levels,
    /// What the next level divides.
    extent: DimMap<i32>,
}

impl Builder<'_> {
    /// Completes a level: before its own maps those that only the level above has, after them the dimensions that neither has.
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
        // Lossless: at most as many as PEs.
        new.clusters = own.clusters as i32;
        new.measure(&self.extent, level)?;
        self.divide();
        Ok(())
    }

    /// Makes the full tile of the last level the extent of the next one.
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

/// The maps that only the level above has, as temporal ones, innermost first.
fn inherit(maps: &mut Maps, above: Option<&Level>, own: &[mapping::Map]) {
    let above = above.map_or(&[][..], |above| &above.maps);
    for (i, map) in above.iter().enumerate().rev() {
        let repeats = above.iter().take(i).any(|earlier| earlier.dim == map.dim);
        if !repeats && !own.iter().any(|own| own.dim.input() == map.dim) {
            // There is room: the level above has no more maps.
            let _ = maps.push(Map::new(map.dim, MapKind::Temporal, map.size, map.offset));
        }
    }
}

/// The dimensions that inner levels divide: those of the tensors read, and the window of a POOL.
fn reached(layer: &Layer) -> DimSet {
    let read = layer.coupled_set(Tensor::Input).union(layer.coupled_set(Tensor::Filter));
    read.union(DimSet::of(&[Dim::R, Dim::S]))
}

/// One of a level's own maps, with an output extent rewritten as the inputs that it needs.
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
    // The reference refuses to split a filter over time.
    if let (Dim::R | Dim::S, MapKind::Temporal, Some(whole)) = (dim, kind, layer.size(dim))
        && (size != whole || offset != whole)
    {
        return Err(Error::SplitFilter { level, dim, whole });
    }
    if extent[dim.input()] == 0 {
        // The level above neither maps nor reads it.
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

/// Counts tiles of `X` and `Y` in outputs, then expresses them as inputs again, so that a stride is taken into account once and for all.
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

/// The first inner level that maps a dimension which no tensor read is coupled to (`K` of a DSCONV): there the reference gives up.
#[cfg(feature = "dse")]
pub(super) fn refused_by_reference(layer: &Layer, levels: &[Level]) -> Option<Error> {
    let read = reached(layer);
    (2..).zip(levels.iter().skip(1)).find_map(|(level, maps)| {
        let map = maps.maps.iter().find(|map| !read.contains(map.dim))?;
        Some(Error::MapOfMissingDim { level, dim: map.dim })
    })
}
