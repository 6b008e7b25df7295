//! Random dataflows. Most leave nothing out, but their tiles overlap, are cut at the edges, and split the filter.

use maestrino::{Dataflow, Dim, Directive, Layer, MapKind, Size};

use super::random::Rng;
use super::space::AXES;

/// The choices made for a random dataflow.
struct Plan<'a> {
    layer: &'a Layer,
    /// The largest tile along each dimension so far; along `Y` and `X`, its outputs.
    tiles: [u32; 11],
    /// The maximum number of elements of a tile, and of sub-clusters of a cluster.
    most: u32,
    /// Whether tiles may overlap, may leave something out, and may split filters.
    overlaps: bool,
    gaps: bool,
    splits: bool,
}

/// A dataflow of one to four levels. `most` is the maximum number of elements of a tile, and of sub-clusters of a
/// cluster.
pub fn random_dataflow(rng: &mut Rng, layer: &Layer, most: u32) -> (String, Dataflow) {
    let levels = rng.pick(&[1, 1, 1, 2, 2, 2, 2, 3, 3, 4]);
    let tiles = Dim::ALL.map(|dim| layer.size(dim.output()).unwrap_or(1));
    let (overlaps, gaps, splits) = (rng.chance(25), rng.chance(5), rng.chance(35));
    let mut plan = Plan { layer, tiles, most, overlaps, gaps, splits };
    let mut dataflow = Dataflow::default();
    for level in 0..levels {
        let rows = if level > 0 && plan.splits && rng.chance(50) { plan.row_stationary(rng) } else { None };
        let (size, maps) = match rows {
            Some((taps, maps)) => (if rng.chance(80) { taps } else { rng.range(1, 3) }, maps),
            None => (rng.range(1, most), plan.level(rng, level)),
        };
        if level > 0 {
            dataflow.push(Directive::cluster(Size::new(size as i32))).unwrap();
        }
        for map in maps {
            dataflow.push(map).unwrap();
        }
    }
    (format!("random{levels}"), dataflow)
}

impl Plan<'_> {
    fn tile(&mut self, dim: Dim) -> &mut u32 {
        &mut self.tiles[dim as usize]
    }

    /// The maps of one level. One or two of them are spatial.
    fn level(&mut self, rng: &mut Rng, level: u32) -> Vec<Directive> {
        let mut dims: Vec<Dim> = Dim::ALL.into_iter().filter(|dim| dim.input() == *dim).collect();
        dims.retain(|dim| self.layer.size(*dim).is_some());
        rng.shuffle(&mut dims);
        let spatial = self.spatial(rng, &dims);
        let mapped = if level == 0 { 75 } else { 40 };
        dims.retain(|dim| spatial.contains(dim) || rng.chance(mapped));
        let outputs = [rng.chance(25), rng.chance(25)];
        // Tiles are laid over the box of the level above, whether or not this level splits the filter.
        let above = self.tiles;
        let map = |dim: Dim| {
            let kind = if spatial.contains(&dim) { MapKind::Spatial } else { MapKind::Temporal };
            self.map(rng, kind, dim, outputs, &above)
        };
        dims.into_iter().map(map).collect()
    }

    /// The dimensions to map over space. Filters are rare, and so are pairs, because these mostly leave gaps.
    fn spatial(&self, rng: &mut Rng, dims: &[Dim]) -> Vec<Dim> {
        let is_filter = |dim: &&Dim| matches!(dim, Dim::R | Dim::S);
        let filters = self.splits && rng.chance(30);
        let first = dims.iter().find(|dim| filters == is_filter(dim)).or(dims.first());
        let mut spatial: Vec<Dim> = first.copied().into_iter().collect();
        if rng.chance(4) {
            spatial.extend(dims.iter().find(|dim| Some(*dim) != first));
        }
        spatial
    }

    /// A map of `dim`. `outputs` says for `Y` and `X` whether they are mapped as outputs.
    fn map(&mut self, rng: &mut Rng, kind: MapKind, dim: Dim, outputs: [bool; 2], above: &[u32; 11]) -> Directive {
        let extent = *self.tile(dim);
        let filter = matches!(dim, Dim::R | Dim::S);
        if filter && (!self.splits || kind == MapKind::Temporal && rng.chance(60)) {
            return Directive::Map { kind, size: Size::of(dim), offset: Size::of(dim), dim };
        }
        // The tile takes one step or a few. Sometimes it is larger than the extent.
        let size = if rng.chance(8) { extent + rng.range(1, 2) } else { rng.range(1, extent.min(self.most)) };
        let mut offset = size;
        if self.overlaps && !filter && size > 1 && rng.chance(50) {
            offset = rng.range(1, size - 1);
        } else if self.gaps && rng.chance(50) {
            offset += 1;
        }
        *self.tile(dim) = size.min(extent);
        let number = |number: u32| Size::new(number as i32);
        match AXES.iter().position(|axis| axis.0 == dim) {
            Some(axis) if !outputs[axis] => {
                let (_, filter, _) = AXES[axis];
                let stride = self.layer.stride(dim);
                let taps = above[filter as usize];
                let more = (size - 1) * stride;
                let size = match self.layer.size(filter) {
                    Some(whole) if whole == taps => Size { base: more as i32, of: Some(filter) },
                    _ => number(more + taps),
                };
                // With a stride, the offset follows from the tile. An offset that contradicts it must not matter.
                let offset = if stride > 1 && rng.chance(30) { rng.range(1, 6) } else { offset * stride };
                Directive::Map { kind, size, offset: number(offset), dim }
            }
            Some(axis) => Directive::Map { kind, size: number(size), offset: number(offset), dim: AXES[axis].2 },
            None => Directive::Map { kind, size: number(size), offset: number(offset), dim },
        }
    }

    /// If the box holds one output, maps of input and filter rows (or columns) that move together, one in each
    /// sub-cluster.
    fn row_stationary(&mut self, rng: &mut Rng) -> Option<(u32, Vec<Directive>)> {
        let axes: Vec<_> = AXES.into_iter().filter(|axis| self.tiles[axis.0 as usize] == 1).collect();
        let (input, filter, output) = *axes.get(rng.range(0, 1) as usize).or(axes.first())?;
        let taps = *self.tile(filter);
        self.layer.size(filter)?;
        let one = |dim| Directive::spatial(Size::new(1), Size::new(1), dim);
        let mut maps = vec![one(if rng.chance(10) { output } else { input }), one(filter)];
        if rng.chance(30) {
            maps.swap(0, 1);
        }
        *self.tile(filter) = 1;
        let other = if filter == Dim::R { Dim::S } else { Dim::R };
        if rng.chance(50) {
            maps.push(Directive::temporal(Size::of(other), Size::of(other), other));
        }
        Some((taps, maps))
    }
}
