//! Directives resolved for a layer on an array: what each cluster level maps, and over how many sub-clusters. Both
//! cost models start from this.
//!
//! The checks here are those that do not depend on the model. Each model decides what a level does with dimensions
//! that it does not map, and with strides.

use heapless::Vec;

use crate::dataflow::{Directive, MapKind, Size, cluster_size};
use crate::dim::Dim;
use crate::error::Error;
use crate::hardware::UNLIMITED;
use crate::layer::Layer;
use crate::limits::{MAX_EXTENT, MAX_LEVELS, MAX_MAPS};

/// A map with its sizes known, in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Map {
    /// A dimension that the layer has; `X'` or `Y'` if it has `X` or `Y`.
    pub dim: Dim,
    pub kind: MapKind,
    /// Elements of a tile: 1 to [`MAX_EXTENT`].
    pub size: u32,
    /// Elements from the beginning of one tile to that of the next: 1 to [`MAX_EXTENT`].
    pub offset: u32,
}

/// One cluster level as written in its directives.
pub(crate) struct Level<'a> {
    /// The number of the level; 1 is the outermost.
    pub number: u8,
    /// Number of sub-clusters of one cluster.
    pub clusters: u32,
    /// The level's own maps as written, outermost first. One or two of them are spatial, and dimensions may be
    /// repeated.
    pub maps: &'a [Map],
}

/// A source of directives: on each call, it passes all directives to a callback, outermost first.
pub(crate) type Directives<'a> = &'a dyn Fn(&mut dyn FnMut(Directive) -> Result<(), Error>) -> Result<(), Error>;

/// Passes the levels of a dataflow for `layer` on an array of `pes` to `each`, outermost first.
///
/// Levels are passed one at a time, because a level takes a large part of a small stack.
///
/// # Errors
/// The errors of `each`, and an [`Error`] if the dataflow does not suit the layer or the array.
pub(crate) fn levels(
    layer: &Layer,
    directives: Directives<'_>,
    pes: u32,
    each: &mut dyn FnMut(&Level<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut maps: Vec<Map, MAX_MAPS, u8> = Vec::new();
    let mut clusters = outermost_clusters(layer, directives, pes)?;
    let mut number = 1;
    directives(&mut |directive| match directive {
        Directive::Cluster { size } => {
            hand_on(&Level { number, clusters, maps: &maps }, each)?;
            clusters = cluster_size(size, layer, number)?;
            maps.clear();
            number += 1;
            if usize::from(number) > MAX_LEVELS { Err(Error::TooManyLevels) } else { Ok(()) }
        }
        Directive::Map { kind, size, offset, dim } => {
            let level = number;
            let size = map_size(size, layer, dim, level)?;
            let offset = map_size(offset, layer, dim, level)?;
            if layer.size(dim.input()).is_none() {
                return Err(Error::MapOfMissingDim { level, dim });
            }
            maps.push(Map { dim, kind, size, offset }).map_err(|_| Error::TooManyMaps { level })
        }
    })?;
    if number == 1 && maps.is_empty() {
        return Err(Error::EmptyDataflow);
    }
    hand_on(&Level { number, clusters, maps: &maps }, each)
}

/// The number of outermost clusters of the array. Cluster sizes are checked level by level.
fn outermost_clusters(layer: &Layer, directives: Directives<'_>, pes: u32) -> Result<u32, Error> {
    if !(1..=UNLIMITED).contains(&pes) {
        return Err(Error::Pes(pes));
    }
    let mut needs = 1u32;
    let mut level = 1;
    let mut too_many = None;
    directives(&mut |directive| {
        if let Directive::Cluster { size } = directive {
            let size = cluster_size(size, layer, level)?;
            needs = needs.saturating_mul(size);
            if needs > pes && too_many.is_none() {
                too_many = Some((level, size));
            }
            level += 1;
        }
        Ok(())
    })?;
    match too_many {
        Some((level, size)) => Err(Error::ClusterExceedsArray { level, size, needs, pes }),
        // Every size is at least 1. `checked_div` avoids the panic of a plain division, which firmware must not
        // contain.
        None => Ok(pes.checked_div(needs).unwrap_or(0)),
    }
}

fn map_size(size: Size, layer: &Layer, dim: Dim, level: u8) -> Result<u32, Error> {
    let size = size.resolve(layer, level)?;
    if (1..=i64::from(MAX_EXTENT)).contains(&size) {
        Ok(size as u32)
    } else {
        let size = size.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        Err(Error::MapSize { level, dim, size })
    }
}

/// Passes a level on, if it has one or two spatial maps.
#[cfg_attr(not(feature = "std"), inline(never))]
fn hand_on(level: &Level<'_>, each: &mut dyn FnMut(&Level<'_>) -> Result<(), Error>) -> Result<(), Error> {
    match level.maps.iter().filter(|map| map.kind == MapKind::Spatial).count() {
        0 => Err(Error::NoSpatialMap { level: level.number }),
        // A second spatial map advances together with the first (as R with Y in row-stationary dataflows); a third
        // has no meaning.
        1 | 2 => each(level),
        _ => Err(Error::TooManySpatialMaps { level: level.number }),
    }
}
