//! A part of the space that is fixed by a dataflow in which the rest is left open (`--freeze`).

use std::vec::Vec;

use super::space::{self, Axis, MAX_AXES, Split};
use crate::host::outline::{Level, Map, Outline};
use crate::{Dim, Layer, MapKind};

/// What is fixed of the mappings of a layer on an array. They have as many levels as this has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    axes: Vec<Axis>,
    levels: Vec<Held>,
}

/// What is fixed of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    /// The number of members of a cluster, if it is fixed.
    members: Option<u32>,
    /// What is fixed of each map, by the place of its axis.
    maps: [Fixed; MAX_AXES],
    /// Places of axes from the outermost loop inwards, if the order is fixed.
    order: Option<Vec<usize>>,
}

/// What is fixed of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fixed {
    may_be_spatial: bool,
    must_be_spatial: bool,
    tile: Option<u32>,
}

impl Fixed {
    /// A dimension that a level leaves whole, and one of which nothing is fixed.
    const WHOLE: Fixed = Fixed { may_be_spatial: false, must_be_spatial: false, tile: Some(u32::MAX) };
    const OPEN: Fixed = Fixed { may_be_spatial: true, must_be_spatial: false, tile: None };
}

impl Frozen {
    /// What an outline fixes for a layer on an array with this number of PEs.
    ///
    /// # Errors
    /// The outline does not suit this layer or array; the message says what to change.
    pub fn new(outline: &Outline, layer: &Layer, pes: u32) -> Result<Frozen, String> {
        let levels = outline.levels();
        if levels.len() > space::MAX_LEVELS {
            let most = space::MAX_LEVELS;
            return Err(format!("it has {} levels, and mappings that are searched have {most} at most", levels.len()));
        }
        let maps = || levels.iter().flat_map(|level| &level.maps);
        // A dimension of one element may be the one over space.
        let keeps = |dim: Dim| maps().any(|map| map.dim.input() == dim.input() && map.kind != Some(MapKind::Temporal));
        let axes = space::axes_with(layer, keeps);
        let mut frozen = Frozen { axes, levels: Vec::new() };
        let mut extents: Vec<Option<u32>> = frozen.axes.iter().map(|axis| Some(axis.extent)).collect();
        let mut clusters = pes;
        for (number, level) in (1..).zip(levels) {
            let what = |what: String| format!("level {number}: {what}");
            let mut held = frozen.held(level, layer, &mut extents).map_err(what)?;
            if let Some(size) = level.members {
                let size = size.resolve(layer, number).map_err(|error| error.to_string())?;
                let members = u32::try_from(size).ok().filter(|members| (1..=clusters).contains(members));
                let Some(members) = members else {
                    return Err(format!(
                        "a cluster of level {number} has {size} members, and there are {clusters} PEs for it: a size from 1 to {clusters}, \
                         or more PEs (--pes)"
                    ));
                };
                clusters /= members;
                held.members = Some(members);
            }
            frozen.levels.push(held);
        }
        if frozen.splits(pes).is_empty() {
            return Err(format!(
                "{pes} PEs cannot be divided into its clusters: write `Cluster(1, P)`, or leave them out"
            ));
        }
        Ok(frozen)
    }

    /// What is fixed of a level that cuts boxes of these extents, where they are known. `extents` then becomes the
    /// extents of its tiles.
    fn held(&self, level: &Level, layer: &Layer, extents: &mut [Option<u32>]) -> Result<Held, String> {
        let mut held = Held {
            members: None,
            maps: [if level.others { Fixed::OPEN } else { Fixed::WHOLE }; MAX_AXES],
            order: None,
        };
        let mut order = Vec::new();
        for map in &level.maps {
            let dim = map.dim;
            let Some(place) = self.axes.iter().position(|axis| axis.dim.input() == dim.input()) else {
                check_whole(map, layer)?;
                continue;
            };
            let tile = tile(map, &self.axes[place], layer, extents[place])?;
            order.push(place);
            held.maps[place] = Fixed {
                may_be_spatial: map.kind != Some(MapKind::Temporal),
                must_be_spatial: map.kind == Some(MapKind::Spatial),
                tile,
            };
        }
        let count = self.axes.len();
        for (extent, fixed) in extents.iter_mut().zip(&held.maps) {
            *extent = fixed.tile.and_then(|tile| extent.map(|extent| tile.min(extent)));
        }
        if !held.maps[..count].iter().any(|fixed| fixed.may_be_spatial) {
            return Err("nothing that it names lies over space in this layer".to_string());
        }
        if !level.others {
            // The remaining dimensions stay whole, so their loops do not turn.
            order.extend((0..count).filter(|place| !order.contains(place)).collect::<Vec<_>>());
            held.order = Some(order);
        }
        Ok(held)
    }

    /// The dimensions that its mappings cut.
    pub(super) fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The number of levels of its mappings.
    pub(super) fn levels(&self) -> usize {
        self.levels.len()
    }

    /// The ways to divide the PEs that it allows.
    pub(super) fn splits(&self, pes: u32) -> Vec<Split> {
        let (axes, levels) = (self.axes.len(), self.levels.len());
        let members = |level: usize| self.levels.get(level).and_then(|held| held.members);
        let mut splits = space::splits_into(axes, pes, levels, members);
        splits.retain(|split| {
            let may = |(held, &place): (&Held, &usize)| {
                let required = held.maps.iter().position(|fixed| fixed.must_be_spatial);
                required.map_or(held.maps[place].may_be_spatial, |required| required == place)
            };
            self.levels.iter().zip(&split.spatial).all(may)
        });
        splits
    }

    /// The size of the tiles of a level along an axis, if it is fixed. It may be larger than the extent that is cut.
    pub(super) fn tile(&self, level: usize, place: usize) -> Option<u32> {
        self.levels.get(level).and_then(|held| held.maps[place].tile)
    }

    /// The orders of loops that a level may have.
    pub(super) fn orders(&self, level: usize) -> Vec<Vec<usize>> {
        let fixed = self.levels.get(level).and_then(|held| held.order.clone());
        fixed.map_or_else(|| space::orders(&self.axes), |order| vec![order])
    }
}

/// A size in elements.
fn elements(size: crate::Size, dim: Dim, layer: &Layer) -> Result<u32, String> {
    let value = size.resolve(layer, 1).map_err(|error| error.to_string())?;
    u32::try_from(value)
        .ok()
        .filter(|value| *value > 0)
        .ok_or_else(|| format!("a size of the map of {dim} is {value} in this layer, and must be 1 or more"))
}

/// Checks that a map of a dimension that mappings do not cut, such as the filter's rows, takes all of it.
fn check_whole(map: &Map, layer: &Layer) -> Result<(), String> {
    let (dim, extent) = (map.dim, layer.size(map.dim).unwrap_or(1));
    if map.kind == Some(MapKind::Spatial) {
        return Err(format!("{dim} cannot lie over space: no tensor of this layer depends on it"));
    }
    match map.size.map(|size| elements(size, dim, layer)).transpose()? {
        Some(size) if size < extent => Err(format!(
            "the map of {dim} cuts it into tiles of {size} of {extent}; mappings that are searched leave it whole: \
             `TemporalMap(Sz({dim}),Sz({dim})) {dim}`"
        )),
        _ => Ok(()),
    }
}

/// The size of the tiles (in outputs, for `Y` and `X`) into which a map cuts an extent, if the extent is known;
/// `None` if the size is open.
fn tile(map: &Map, axis: &Axis, layer: &Layer, extent: Option<u32>) -> Result<Option<u32>, String> {
    let dim = map.dim;
    let of = |size: Option<crate::Size>| size.map(|size| elements(size, dim, layer)).transpose();
    let (mut size, mut offset) = (of(map.size)?, of(map.offset)?);
    if let Some([stride, filter, every]) = axis.slide.filter(|_| dim != axis.dim) {
        // The map is in inputs: convert it to outputs.
        if every > 1 {
            return Err(format!("the input has zeros inserted along {dim}: map {}, the outputs, instead", axis.dim));
        }
        if let Some(inputs) = size {
            let more = inputs.checked_sub(filter).ok_or_else(|| {
                format!(
                    "tiles of {inputs} along {dim} hold no output, whose window has {filter}: Sz({}) or more",
                    if dim == Dim::Y { "R" } else { "S" }
                )
            })?;
            size = Some(more / stride + 1);
        }
        if let Some(inputs) = offset {
            if inputs % stride != 0 && size != extent {
                return Err(format!(
                    "tiles along {dim} are {inputs} apart, and its stride is {stride}: a multiple of that"
                ));
            }
            offset = Some((inputs / stride).max(1));
        }
    }
    match (size, offset) {
        (Some(size), _) if extent.is_some_and(|extent| size >= extent) => Ok(extent),
        (Some(size), Some(offset)) if size != offset => Err(format!(
            "tiles of {size} along {} are {offset} apart: mappings that are searched neither overlap nor leave gaps; `?` for the offset \
             is right for every size",
            axis.dim
        )),
        (size, offset) => Ok(size.or(offset)),
    }
}
