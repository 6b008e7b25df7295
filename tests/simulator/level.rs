//! The levels of a dataflow, and the steps that the loops of a level take over a box.

use maestrino::{Dataflow, Dim, Directive, Layer, MapKind, Size};

use super::Refused;
use super::space::{AXES, Cell, Space};

/// A map with its size and offset.
#[derive(Clone, Copy, Debug)]
struct Map {
    dim: Dim,
    size: u32,
    offset: u32,
}

/// A loop: a temporal map, or the spatial maps of a level, which advance together.
#[derive(Clone, Debug)]
struct Loop {
    kind: MapKind,
    maps: Vec<Map>,
}

/// A level of clusters.
#[derive(Clone, Debug)]
pub struct Level {
    /// The number of sub-clusters.
    pub subs: usize,
    loops: Vec<Loop>,
}

/// A step of a level.
pub struct Step {
    /// The turn of each loop, outermost first.
    pub turns: Vec<usize>,
    /// The box of each sub-cluster; `None` if the sub-cluster is idle.
    pub cells: Vec<Option<Cell>>,
}

/// The levels of a dataflow on an array, outermost first.
pub fn levels(layer: &Layer, dataflow: &Dataflow, pes: u64) -> Result<Vec<Level>, Refused> {
    let mut levels = vec![Level { subs: 0, loops: Vec::new() }];
    let mut product = 1u64;
    for directive in dataflow.directives() {
        let number = levels.len();
        match *directive {
            Directive::Cluster { size } => {
                let subs = resolve(layer, size, number)?;
                product = product.saturating_mul(subs.into());
                levels.push(Level { subs: subs as usize, loops: Vec::new() });
            }
            Directive::Map { kind, size, offset, dim } => {
                layer.size(dim).ok_or(Refused::AbsentDim { level: number, dim })?;
                let map = Map { dim, size: resolve(layer, size, number)?, offset: resolve(layer, offset, number)? };
                levels[number - 1].push(number, kind, map)?;
            }
        }
    }
    levels[0].subs = (pes / product) as usize;
    if levels[0].subs == 0 {
        return Err(Refused::ClusterTooLarge);
    }
    match levels.iter().position(|level| level.spatial().is_none()) {
        Some(level) => Err(Refused::NoSpatialMap { level: level + 1 }),
        None => Ok(levels),
    }
}

/// A size for this layer. It must be at least 1.
fn resolve(layer: &Layer, size: Size, level: usize) -> Result<u32, Refused> {
    let of = match size.of {
        None => 0,
        Some(dim) => layer.size(dim).ok_or(Refused::AbsentDim { level, dim })?,
    };
    let value = i64::from(size.base) + i64::from(of);
    u32::try_from(value).ok().filter(|value| *value > 0).ok_or(Refused::Size { level, size: value })
}

impl Level {
    /// The number of loops.
    pub fn loops(&self) -> usize {
        self.loops.len()
    }

    fn spatial(&self) -> Option<usize> {
        self.loops.iter().position(|inner| inner.kind == MapKind::Spatial)
    }

    /// Appends a map. A second spatial map joins the loop of the first.
    fn push(&mut self, level: usize, kind: MapKind, map: Map) -> Result<(), Refused> {
        let mut maps = self.loops.iter().flat_map(|inner| &inner.maps);
        if maps.any(|other| other.dim.input() == map.dim.input()) {
            return Err(Refused::MappedTwice { level, dim: map.dim });
        }
        match self.spatial().filter(|_| kind == MapKind::Spatial) {
            None => self.loops.push(Loop { kind, maps: vec![map] }),
            Some(first) if self.loops[first].maps.len() == 1 => self.loops[first].maps.push(map),
            Some(_) => return Err(Refused::TooManySpatialMaps { level }),
        }
        Ok(())
    }

    /// The steps over a box that have at least one MAC, in order.
    pub fn steps(&self, space: &Space, cell: &Cell) -> Vec<Step> {
        let tiles: Vec<Vec<Vec<(u32, u32)>>> =
            self.loops.iter().map(|inner| inner.maps.iter().map(|map| map.tiles(space, cell)).collect()).collect();
        let turns: Vec<usize> = self.loops.iter().zip(&tiles).map(|(inner, tiles)| self.turns(inner, tiles)).collect();
        let mut steps = Vec::new();
        let mut at = vec![0; turns.len()];
        loop {
            let sub = |q| self.cell(space, cell, &tiles, &at, q);
            let cells: Vec<Option<Cell>> = (0..self.subs).map(sub).collect();
            if cells.iter().any(Option::is_some) {
                steps.push(Step { turns: at.clone(), cells });
            }
            if !advance(&mut at, &turns) {
                return steps;
            }
        }
    }

    /// The number of turns of a loop. Of two spatial maps, the one with more tiles counts.
    fn turns(&self, inner: &Loop, tiles: &[Vec<(u32, u32)>]) -> usize {
        let longest = tiles.iter().map(Vec::len).max().unwrap_or(0);
        match inner.kind {
            MapKind::Temporal => longest,
            MapKind::Spatial => longest.div_ceil(self.subs),
        }
    }

    /// The box of sub-cluster `q` in the turns `at`; `None` if the sub-cluster is idle.
    fn cell(
        &self,
        space: &Space,
        parent: &Cell,
        tiles: &[Vec<Vec<(u32, u32)>>],
        at: &[usize],
        q: usize,
    ) -> Option<Cell> {
        let mut cell = *parent;
        for ((inner, tiles), turn) in self.loops.iter().zip(tiles).zip(at) {
            let number = match inner.kind {
                MapKind::Temporal => *turn,
                MapKind::Spatial => turn * self.subs + q,
            };
            for (map, tiles) in inner.maps.iter().zip(tiles) {
                map.lay(space, parent, *tiles.get(number)?, &mut cell);
            }
        }
        space.narrow_outputs(&mut cell, parent);
        (cell.macs() > 0).then_some(cell)
    }
}

impl Map {
    /// The tiles of the map over a box, in coordinates of its dimension. They start at lo, lo + offset, ... until one
    /// reaches the end.
    fn tiles(&self, space: &Space, cell: &Cell) -> Vec<(u32, u32)> {
        let (lo, end) = cell.interval(self.dim);
        let (size, offset) = self.strided(space, cell);
        let mut tiles = Vec::new();
        let mut at = lo;
        while at < end {
            tiles.push((at, (at + size).min(end)));
            if at + size >= end {
                break;
            }
            at += offset;
        }
        tiles
    }

    /// Size and offset of the tiles. With a stride, a tile of inputs that holds a window is cut to whole outputs, and
    /// the next tile starts at the next output.
    fn strided(&self, space: &Space, cell: &Cell) -> (u32, u32) {
        let stride = space.layer().stride(self.dim);
        match AXES.iter().find(|axis| axis.0 == self.dim).map(|axis| cell.extent(axis.1)) {
            Some(filter) if stride > 1 && self.size >= filter => {
                let outputs = (self.size - filter) / stride + 1;
                ((outputs - 1) * stride + filter, outputs * stride)
            }
            _ => (self.size, self.offset),
        }
    }

    /// Sets the tile in a sub-cluster's box. A tile of outputs takes the inputs of the outputs' windows.
    fn lay(&self, space: &Space, parent: &Cell, (lo, hi): (u32, u32), cell: &mut Cell) {
        match AXES.iter().find(|axis| axis.2 == self.dim) {
            Some((input, filter, _)) => {
                let (stride, window) = (space.layer().stride(*input), parent.interval(*filter));
                cell.set(*input, (lo * stride + window.0, (hi - 1) * stride + window.1));
            }
            None => cell.set(self.dim, (lo, hi)),
        }
    }
}

/// Advances to the next turns. The last loop is the innermost. Returns `false` after the last turns.
fn advance(at: &mut [usize], turns: &[usize]) -> bool {
    for (turn, turns) in at.iter_mut().zip(turns).rev() {
        *turn += 1;
        if *turn < *turns {
            return true;
        }
        *turn = 0;
    }
    false
}
