//! Translates a dataflow into a mapping of AccelForge: nested loops, each with the shape of its tiles, and between
//! the loops the memories where tensors stay.

use std::fmt;
use std::fmt::Write as _;

use super::einsum::{Einsum, FILTER, INPUT, OUTPUT};
use crate::dataflow::MapKind;
use crate::exact::Depth;
use crate::host::platform::Platform;
use crate::mapping::{self, Level, Map};
use crate::{Cost, Dataflow, Dim, Error, Layer, Tensor};

/// Why a dataflow cannot be written as a mapping of AccelForge.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum MappingError {
    /// The dataflow does not suit the layer or the array.
    Invalid(Error),
    /// L2 is too small for the layer; the number is the bytes that it needs.
    L2(u64),
    /// Tiles along a dimension overlap or leave something out.
    Overlap(Dim),
    /// The filter is split.
    SplitFilter(Dim),
    /// A level has two dimensions over space.
    Together,
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MappingError::Invalid(error) => error.fmt(f),
            MappingError::L2(bytes) => write!(f, "L2 is too small: the mapping needs {bytes} bytes"),
            MappingError::Overlap(dim) => write!(f, "the tiles along {} are not side by side", dim.name()),
            MappingError::SplitFilter(dim) => write!(f, "it splits the filter along {}", dim.name()),
            MappingError::Together => f.write_str("two dimensions lie over space in one level"),
        }
    }
}

impl std::error::Error for MappingError {}

/// A loop of a nest.
struct Loop {
    dim: Dim,
    /// The elements in a tile. Along rows and columns, the outputs in a tile.
    tile: u32,
}

/// The loops of one cluster level.
struct Nested {
    /// The temporal loops that take more than one turn, outermost first. The number is that of the dataflow's loops
    /// outside of the loop, including those with a single turn.
    loops: Vec<(Loop, usize)>,
    /// The spatial loop, if it has more than one tile, and the number of turns that its tiles take.
    spatial: Option<(Loop, u32)>,
}

/// A whole mapping as nested loops.
pub(super) struct Nest {
    levels: Vec<Nested>,
    /// The number of sub-clusters of each level.
    pub ways: Vec<u32>,
    /// For each tensor, its depth: the number of level-1 loops outside of the part that L2 keeps.
    depths: [usize; 3],
    /// The extent of each mapped dimension in a PE.
    inside: Vec<(Dim, u32)>,
    /// Dimensions that each tensor depends on.
    coupled: [Vec<Dim>; 3],
}

const TENSORS: [Tensor; 3] = [Tensor::Input, Tensor::Filter, Tensor::Output];

impl Nest {
    pub fn new(layer: &Layer, dataflow: &Dataflow, platform: &Platform) -> Result<Nest, MappingError> {
        let hardware = &platform.hardware;
        let cost = Cost::of(layer, dataflow, hardware).map_err(MappingError::Invalid)?;
        let offchip = cost.offchip.ok_or(MappingError::L2(cost.needs.l2))?;
        let depth = |tensor: Tensor| match offchip.depths[tensor] {
            Depth::Loops(loops) => usize::from(loops),
            Depth::Resident => 0,
        };
        let mut nest = Nest {
            levels: Vec::new(),
            ways: Vec::new(),
            depths: TENSORS.map(depth),
            inside: Vec::new(),
            coupled: TENSORS.map(|tensor| layer.coupled(tensor).iter().map(|dim| dim.output()).collect()),
        };
        let mut wrong = None;
        let directives = dataflow.directives();
        mapping::levels(layer, &|add| directives.iter().try_for_each(|of| add(*of)), hardware.pes(), &mut |level| {
            match Nested::new(layer, level, &mut nest.inside) {
                Ok(nested) => nest.levels.push(nested),
                Err(error) => wrong = wrong.or(Some(error)),
            }
            nest.ways.push(level.clusters);
            Ok(())
        })
        .map_err(MappingError::Invalid)?;
        wrong.map_or(Ok(nest), Err)
    }

    /// The position among `loops` where a tensor that the innermost loop reads is stored. It is outside of the
    /// innermost loops that the tensor does not depend on, because these loops do not change it.
    fn place(&self, tensor: usize, loops: &[(Loop, usize)]) -> usize {
        let depends = |(each, _): &(Loop, usize)| self.coupled[tensor].contains(&each.dim);
        loops.iter().rposition(depends).map_or(0, |place| place + 1)
    }

    /// Writes the nest. Each memory stores each tensor.
    pub fn write(&self, text: &mut String, einsum: &Einsum) {
        text.push_str("\nmapping:\n  nodes:\n");
        storage(text, "Offchip", "I, W, O");
        for (number, Nested { loops, spatial }) in self.levels.iter().enumerate() {
            let name = memory(number, self.levels.len());
            let of_l2 = [0, 1, 2].map(|tensor| {
                let outside = loops.iter().take_while(|(_, outside)| *outside < self.depths[tensor]).count();
                (number == 0).then(|| self.place(tensor, &loops[..outside]))
            });
            let own = [0, 1, 2].map(|tensor| self.place(tensor, loops));
            // The spatial loop comes where the first tensor reaches the sub-clusters. A loop over the same dimension
            // inside of it runs in each sub-cluster, whose tiles are then adjacent.
            let parted = own.into_iter().min().max(of_l2.into_iter().flatten().max()).unwrap_or(0);
            for place in 0..=loops.len() {
                for (tensor, name_of) in [INPUT, FILTER, OUTPUT].iter().enumerate() {
                    if of_l2[tensor] == Some(place) {
                        storage(text, "L2", name_of);
                    }
                }
                let turning = |(each, _): &(Loop, usize)| spatial.as_ref().is_some_and(|(own, _)| own.dim == each.dim);
                if let (true, Some((Loop { dim, tile }, turns))) = (place == parted, spatial) {
                    let inside = loops[place..].iter().any(turning);
                    let tile = if inside { tile * turns } else { *tile };
                    let more = format!("    component: {name}\n    name: X\n");
                    Loop { dim: *dim, tile }.write(text, einsum, "!Spatial", &more);
                }
                for (tensor, name_of) in [INPUT, FILTER, OUTPUT].iter().enumerate() {
                    if own[tensor].max(parted) == place {
                        storage(text, &name, name_of);
                    }
                }
                if let Some((each, _)) = loops.get(place) {
                    let of_tile = spatial.as_ref().filter(|_| place >= parted && turning(&loops[place]));
                    of_tile.map_or(each, |(tile, _)| tile).write(text, einsum, "!Temporal", "");
                }
            }
        }
        // A PE performs its operations one by one.
        for &(_, dim, size) in &einsum.ranks {
            let inside = self.inside.iter().find(|(own, _)| *own == dim).map_or(size, |(_, inside)| *inside);
            if inside > 1 {
                Loop { dim, tile: 1 }.write(text, einsum, "!Temporal", "");
            }
        }
        text.push_str("  - !Compute\n    einsum: Layer\n    component: MAC\n");
    }
}

impl Nested {
    /// The loops of a cluster level. `extents` are the extents of its clusters along the dimensions mapped so far.
    /// They become the extents of its tiles.
    fn new(layer: &Layer, level: &Level<'_>, extents: &mut Vec<(Dim, u32)>) -> Result<Nested, MappingError> {
        let mut nested = Nested { loops: Vec::new(), spatial: None };
        let mut over_space = false;
        for (outside, map) in level.maps.iter().enumerate() {
            let dim = map.dim.output();
            let known = extents.iter().position(|(own, _)| *own == dim);
            let place = known.unwrap_or_else(|| {
                extents.push((dim, layer.size(dim).unwrap_or(1)));
                extents.len() - 1
            });
            let extent = extents[place].1;
            let tile = tile(layer, map, extent)?;
            extents[place].1 = tile;
            if matches!(dim, Dim::R | Dim::S) && tile < extent {
                return Err(MappingError::SplitFilter(dim));
            }
            let turn = match map.kind {
                MapKind::Temporal => tile,
                MapKind::Spatial if over_space => return Err(MappingError::Together),
                MapKind::Spatial => {
                    over_space = true;
                    let turn = tile.saturating_mul(level.clusters).min(extent);
                    nested.spatial = (tile < extent).then(|| (Loop { dim, tile }, extent.div_ceil(turn)));
                    turn
                }
            };
            if turn < extent {
                nested.loops.push((Loop { dim, tile: turn }, outside));
            }
        }
        Ok(nested)
    }
}

/// The extent of a tile that is cut from `extent` elements. Along rows and columns, both numbers count outputs.
fn tile(layer: &Layer, map: &Map, extent: u32) -> Result<u32, MappingError> {
    let Map { dim, size, offset, .. } = *map;
    let output = dim.output();
    if output == dim {
        let one = size >= extent;
        return if one || size == offset { Ok(size.min(extent)) } else { Err(MappingError::Overlap(dim)) };
    }
    // A tile of input rows or columns contains as many outputs as windows fit into it.
    let filter = dim.filter().and_then(|filter| layer.size(filter)).unwrap_or(1);
    let stride = layer.stride(dim);
    let outputs = size.checked_sub(filter).ok_or(MappingError::SplitFilter(dim))? / stride + 1;
    if outputs >= extent || (offset == outputs * stride) {
        Ok(outputs.min(extent))
    } else {
        Err(MappingError::Overlap(dim))
    }
}

impl Loop {
    fn write(&self, text: &mut String, einsum: &Einsum, kind: &str, more: &str) {
        // Every dimension of a layer with MACs is a rank.
        let Some(rank) = einsum.rank(self.dim) else { return };
        let tile = self.tile;
        let _ = write!(text, "  - {kind}\n    rank_variable: {rank}\n    tile_shape: {tile}\n{more}");
    }
}

/// Writes a memory node that stores tensors.
fn storage(text: &mut String, component: &str, tensors: &str) {
    let _ = write!(text, "  - !Storage\n    tensors: [{tensors}]\n    component: {component}\n");
}

/// The name of the memory of each sub-cluster of a level.
pub(super) fn memory(level: usize, levels: usize) -> String {
    if level + 1 == levels { "L1".to_string() } else { format!("Cluster{}", level + 1) }
}
