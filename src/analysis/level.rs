//! Cluster levels: what each level maps, with the directives that a dataflow leaves out filled in.

use heapless::Vec;

use crate::dataflow::{Dataflow, Directive, MapKind, Size, cluster_size};
use crate::dim::{Dim, DimMap, DimSet, Tensor};
use crate::error::Error;
use crate::hardware::MAX_LEVELS;
use crate::layer::{Layer, MAX_EXTENT};

/// Maps that one level may have, inherited and repeated ones counted.
pub const MAX_MAPS: usize = 12;

/// A map with its sizes known, in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Map {
    pub dim: Dim,
    pub kind: MapKind,
    pub size: i32,
    pub offset: i32,
}

impl Map {
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
    /// How a dimension is mapped.
    pub kind: DimMap<MapKind>,
    /// Elements of a sub-cluster's tile; `X'` and `Y'` are the outputs it yields.
    pub tile: DimMap<i32>,
    /// The same for the last, partial, tile.
    pub edge_tile: DimMap<i32>,
    /// Elements of a tile that the tile before it (in time or space) did not hold.
    pub fresh: DimMap<i32>,
    /// The same for the last, partial, tile.
    pub edge_fresh: DimMap<i32>,
}

impl Level {
    fn new(maps: Maps, extent: &DimMap<i32>, clusters: i32, slides: bool, number: u8) -> Result<Level, Error> {
        let mut level = Level {
            edge_clusters: edge_clusters(first_spatial(&maps, number)?, extent, clusters),
            maps,
            clusters,
            kind: DimMap::filled(MapKind::Temporal),
            tile: DimMap::filled(0),
            edge_tile: DimMap::filled(0),
            fresh: DimMap::filled(0),
            edge_fresh: DimMap::filled(0),
        };
        for map in level.maps.iter().rev() {
            level.kind[map.dim] = map.kind;
        }
        for i in 0..level.maps.len() {
            if let Some(&map) = level.maps.get(i) {
                level.measure(map, extent[map.dim]);
            }
        }
        if slides {
            level.measure_outputs();
        }
        Ok(level)
    }

    /// Tiles and fresh elements of a mapped dimension.
    fn measure(&mut self, map: Map, extent: i32) {
        let Map { dim, kind, size, offset } = map;
        let fit = map.fit(extent);
        let partial = fit.rest || fit.tiles == 0;
        let mut edge = extent - fit.tiles.max(1) * offset;
        if edge < 0 {
            edge = extent;
        }
        let whole = kind == MapKind::Temporal && extent <= size;
        self.tile[dim] = size;
        self.edge_tile[dim] = if partial { edge } else { size };
        self.fresh[dim] = if whole { 0 } else { size.min(offset) };
        self.edge_fresh[dim] = (offset - (size - edge)).max(0);
    }

    /// Outputs under a sliding filter. Strides are already in the tile sizes, see [`apply_stride`].
    fn measure_outputs(&mut self) {
        for map in &self.maps {
            if let Some(filter) = map.dim.filter() {
                let output = map.dim.output();
                self.tile[output] = self.tile[map.dim] - self.tile[filter] + 1;
                self.fresh[output] = map.offset.min(map.size);
                self.edge_tile[output] = self.edge_tile[map.dim] - self.edge_tile[filter] + 1;
                self.edge_fresh[output] = map.offset.min(self.edge_tile[output]);
            }
        }
    }
}

/// The first spatial map of a level.
fn first_spatial(maps: &Maps, level: u8) -> Result<Map, Error> {
    let mut spatial = maps.iter().filter(|map| map.kind == MapKind::Spatial);
    let first = spatial.next().ok_or(Error::NoSpatialMap { level })?;
    // A second one moves along with the first (as R with Y in row stationary dataflows); a third has no meaning.
    if spatial.nth(1).is_some() {
        return Err(Error::TooManySpatialMaps { level });
    }
    Ok(*first)
}

/// Sub-clusters at work in the last spatial step.
fn edge_clusters(map: Map, extent: &DimMap<i32>, clusters: i32) -> i32 {
    let fit = map.fit(extent[map.dim]);
    match fit.turns(clusters) {
        // As in the reference, a partial tile at the very end is not counted here.
        Some(turns) => turns.left.max(1),
        None => (fit.tiles + i32::from(fit.rest)).max(1),
    }
}

/// The levels of `dataflow` for `layer` on an array of `pes`, outermost first.
pub(super) fn levels(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<Vec<Level, MAX_LEVELS, u8>, Error> {
    if dataflow.directives().is_empty() {
        return Err(Error::EmptyDataflow);
    }
    let mut clusters = cluster_count(layer, dataflow, pes)?;
    let mut extent = DimMap::filled(0);
    for &dim in &Dim::ALL {
        // Lossless: at most MAX_EXTENT.
        extent[dim] = layer.size(dim.input()).unwrap_or(0) as i32;
    }
    let mut levels: Vec<Level, MAX_LEVELS, u8> = Vec::new();
    let mut rest = dataflow.directives();
    for number in 1.. {
        let end = rest.iter().position(|directive| matches!(directive, Directive::Cluster { .. }));
        let (own, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, &[]));
        let maps = complete(own, layer, levels.last(), &extent, number)?;
        let level = Level::new(maps, &extent, clusters, layer.slides(), number)?;
        extent = sub_extent(&level, &extent);
        levels.push(level).map_err(|_| Error::TooManyLevels)?;
        match after.split_first() {
            Some((Directive::Cluster { size }, inner)) => {
                // Lossless: at most MAX_EXTENT.
                clusters = cluster_size(*size, layer, number)? as i32;
                rest = inner;
            }
            _ => break,
        }
    }
    Ok(levels)
}

/// How many outermost clusters the array has, checked level by level.
fn cluster_count(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<i32, Error> {
    let needs = dataflow.cluster_pes(layer)?;
    let mut count = pes;
    let mut level = 1;
    for directive in dataflow.directives() {
        if let Directive::Cluster { size } = directive {
            let size = cluster_size(*size, layer, level)?;
            count = count.checked_div(size).unwrap_or(0);
            if count == 0 {
                return Err(Error::ClusterExceedsArray { level, size, needs, pes });
            }
            level += 1;
        }
    }
    i32::try_from(count).map_err(|_| Error::Pes(pes))
}

/// The maps of a level: its own, before them those that only the level above has, after them the dimensions that neither has.
fn complete(
    own: &[Directive],
    layer: &Layer,
    above: Option<&Level>,
    extent: &DimMap<i32>,
    level: u8,
) -> Result<Maps, Error> {
    let too_many = |_| Error::TooManyMaps { level };
    let mut maps = Maps::new();
    for directive in own {
        if let Directive::Map { kind, size, offset, dim } = *directive {
            let map = Map {
                dim,
                kind,
                size: map_size(size, layer, dim, level)?,
                offset: map_size(offset, layer, dim, level)?,
            };
            check_filter(map, layer, level)?;
            maps.push(map).map_err(too_many)?;
        }
    }
    if layer.slides() {
        to_input_centric(&mut maps, above, extent, level)?;
    }
    let own = maps;
    let mut maps = inherited(above, &own);
    for map in &own {
        maps.push(*map).map_err(too_many)?;
    }
    let reached = reached(layer);
    for &dim in &Dim::ALL {
        if reached.contains(dim) && extent[dim] != 0 && !maps.iter().any(|own| own.dim == dim) {
            let whole = Map { dim, kind: MapKind::Temporal, size: extent[dim], offset: extent[dim] };
            maps.push(whole).map_err(too_many)?;
        }
    }
    if let Some(map) = maps.iter().find(|map| extent[map.dim] == 0) {
        return Err(Error::MapOfMissingDim { level, dim: map.dim });
    }
    apply_stride(&mut maps, layer, level)?;
    Ok(maps)
}

/// The maps that only the level above has, as temporal ones, innermost first.
fn inherited(above: Option<&Level>, own: &Maps) -> Maps {
    let mut maps = Maps::new();
    let above = above.map_or(&[][..], |above| &above.maps);
    for (i, map) in above.iter().enumerate().rev() {
        let repeats = above.iter().take(i).any(|earlier| earlier.dim == map.dim);
        if !repeats && !own.iter().any(|own| own.dim == map.dim) {
            // There is room: the level above has no more maps.
            let _ = maps.push(Map { kind: MapKind::Temporal, ..*map });
        }
    }
    maps
}

/// The dimensions that inner levels divide: those of the tensors read, and the window of a POOL.
fn reached(layer: &Layer) -> DimSet {
    let read = DimSet::of(layer.coupled(Tensor::Input)).union(DimSet::of(layer.coupled(Tensor::Filter)));
    if layer.slides() { read.union(DimSet::of(&[Dim::R, Dim::S])) } else { read }
}

fn map_size(size: Size, layer: &Layer, dim: Dim, level: u8) -> Result<i32, Error> {
    let size = size.resolve(layer, level)?;
    if (1..=i64::from(MAX_EXTENT)).contains(&size) {
        Ok(size as i32)
    } else {
        let size = size.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        Err(Error::MapSize { level, dim, size })
    }
}

/// The reference refuses to split a filter over time.
fn check_filter(map: Map, layer: &Layer, level: u8) -> Result<(), Error> {
    if let (Dim::R | Dim::S, MapKind::Temporal, Some(whole)) = (map.dim, map.kind, layer.size(map.dim)) {
        let size = i64::from(whole);
        if i64::from(map.size) != size || i64::from(map.offset) != size {
            return Err(Error::SplitFilter { level, dim: map.dim, whole });
        }
    }
    Ok(())
}

/// Rewrites maps of `X'` and `Y'` as maps of the inputs that they need.
fn to_input_centric(maps: &mut Maps, above: Option<&Level>, extent: &DimMap<i32>, level: u8) -> Result<(), Error> {
    for (input, filter) in [(Dim::X, Dim::S), (Dim::Y, Dim::R)] {
        let output = input.output();
        if maps.iter().filter(|map| map.dim.input() == input).count() > 1 && maps.iter().any(|map| map.dim == output) {
            return Err(Error::MapOfInputAndOutput { level, dim: input });
        }
        let own = maps.iter().rev().find(|map| map.dim == filter).map(|map| map.size);
        let inherited = above.map(|above| above.tile[filter]);
        let window = own.or(inherited).unwrap_or(extent[filter]);
        if let Some(map) = maps.iter_mut().find(|map| map.dim == output) {
            map.dim = input;
            map.size += window - 1;
        }
    }
    Ok(())
}

/// Counts tiles of `X` and `Y` in outputs, then expresses them as inputs again, so that a stride is taken into account once and for all.
fn apply_stride(maps: &mut Maps, layer: &Layer, level: u8) -> Result<(), Error> {
    for i in 0..maps.len() {
        let Some(&Map { dim, size, .. }) = maps.get(i) else { break };
        let Some(filter) = dim.filter() else { continue };
        let (stride, window) = (i64::from(layer.stride(dim)), i64::from(layer.size(filter).unwrap_or(1)));
        if stride == 1 || i64::from(size) < window || !layer.slides() {
            continue;
        }
        let outputs = (i64::from(size) + stride - window).checked_div(stride).unwrap_or(0);
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

/// The full tile that a level hands to each of its sub-clusters.
fn sub_extent(level: &Level, extent: &DimMap<i32>) -> DimMap<i32> {
    let mut sub = DimMap::filled(0);
    for map in level.maps.iter().rev() {
        sub[map.dim] = map.size.min(extent[map.dim]);
    }
    sub
}

/// The first inner level that maps a dimension which no tensor read is coupled to (`K` of a DSCONV): there the reference gives up.
#[cfg(feature = "std")]
pub(super) fn refused_by_reference(layer: &Layer, levels: &[Level]) -> Option<Error> {
    let read = reached(layer);
    (2..).zip(levels.iter().skip(1)).find_map(|(level, maps)| {
        let map = maps.maps.iter().find(|map| !read.contains(map.dim))?;
        Some(Error::MapOfMissingDim { level, dim: map.dim })
    })
}
