//! The tiles of a mapping in the order of its steps, as people draw them. Costs are not counted from these: see `walk`.

use core::ops::Range;

use heapless::Vec;

use crate::MapKind;
use crate::dim::Dim;
use crate::error::Error;
use crate::limits::MAX_MAPS;

use super::axis::{Axis, Part, PerAxis, Span};
use super::level::Level;
use super::mapping::Mapping;
use super::shape::Bounds;
use super::tiles::Tiles;

/// A part of a layer: an interval of each dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile(Bounds);

/// A loop of a cluster level over a tile of the level above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// What it advances along: a dimension of the layer, `Y'` or `X'` where its tiles are of outputs.
    pub dim: Dim,
    /// A second dimension that advances along with it over space.
    pub also: Option<Dim>,
    /// Over space: one tile for each sub-cluster in a turn. Over time: one tile in a turn.
    pub kind: MapKind,
    /// Elements along `dim` of the first tile.
    pub size: u32,
    /// Elements along `dim` from the beginning of one tile to that of the next; 0 where there is one.
    pub offset: u32,
    /// Elements along `dim` of the last tile, which may be cut at the end.
    pub last: u32,
    /// Tiles that hold work.
    pub tiles: u32,
    /// Turns that it takes.
    pub turns: u32,
}

/// The steps of a cluster over a tile, in order. See [`Mapping::steps`].
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    level: &'a Level,
    of: Bounds,
    tiles: PerAxis<Tiles>,
    /// The loops of several turns, outermost first; both of an axis whose body and filter advance each by itself.
    order: Vec<Axis, MAX_MAPS>,
    turns: PerAxis<i32>,
}

impl Mapping {
    /// All of the layer: the tile that the outermost level divides.
    pub fn whole(&self) -> Tile {
        Tile(self.shape.whole)
    }

    /// Sub-clusters of a cluster of a level, 0 being the outermost: PEs at the innermost one. 0 for a level that there is not.
    pub fn sub_clusters(&self, level: usize) -> u32 {
        // Lossless: it is not negative.
        self.levels.get(level).map_or(0, |level| level.clusters.unsigned_abs())
    }

    /// The elements of a tile along a dimension. Along `Y` and `X` they are the rows and columns from the first to the last
    /// that its operations take, inserted zeros included. A dimension that the layer lacks has one.
    pub fn range(&self, tile: &Tile, dim: Dim) -> Range<u32> {
        if self.layer.size(dim.input()).is_none() {
            return 0..1;
        }
        let axis = Axis::of(dim);
        let part = &tile.0[axis];
        let Span { lo, hi } = match dim {
            Dim::R | Dim::S => part.filter,
            Dim::Y | Dim::X if !part.is_empty() => self.shape.slides[axis].rows(part.outputs, part.filter),
            _ => part.outputs,
        };
        lo.max(0).unsigned_abs()..hi.max(lo).max(0).unsigned_abs()
    }

    /// Operations of a tile: MACs, or those of a POOL or ELTWISE.
    pub fn operations(&self, tile: &Tile) -> u64 {
        self.shape.axes().fold(1u64, |product, axis| product.saturating_mul(tile.0[axis].points().unsigned_abs()))
    }

    /// The loops of a level over a tile, outermost first, those of one turn among them.
    ///
    /// # Errors
    /// A level that there is not, and [`Error::TooIrregular`].
    pub fn loops(&self, level: usize, of: &Tile) -> Result<Vec<Loop, MAX_MAPS>, Error> {
        let steps = self.steps(level, of)?;
        let mut loops = Vec::new();
        for &(axis, is_filter) in &steps.level.loops {
            // There is room for every loop.
            let _ = loops.push(steps.describe(self, axis, is_filter));
        }
        Ok(loops)
    }

    /// The steps of a level over a tile. It stands at the first one.
    ///
    /// # Errors
    /// As [`Mapping::loops`].
    pub fn steps(&self, level: usize, of: &Tile) -> Result<Steps<'_>, Error> {
        let level = self.levels.get(level).ok_or(Error::EmptyDataflow)?;
        let mut steps =
            Steps { level, of: of.0, tiles: PerAxis([Tiles::ONE; 6]), order: Vec::new(), turns: PerAxis([0; 6]) };
        for axis in self.shape.axes() {
            steps.tiles[axis] = level.divide(&self.shape, axis, &of.0[axis])?;
        }
        for &(axis, is_filter) in &level.loops {
            let tiles = &steps.tiles[axis];
            if tiles.moves_in(is_filter) && (tiles.is_joint() || !steps.order.contains(&axis)) {
                let _ = steps.order.push(axis);
            }
        }
        Ok(steps)
    }
}

impl Steps<'_> {
    /// The tile of a sub-cluster in the present step; `None` where it is idle.
    pub fn tile(&self, sub_cluster: u32) -> Option<Tile> {
        let mut tile = self.of;
        for axis in Axis::ALL {
            let tiles = &self.tiles[axis];
            let q = if tiles.spatial { i32::try_from(sub_cluster).ok()? } else { 0 };
            tile[axis] = tiles.at(&self.of[axis], self.turns[axis], q).filter(|part| !part.is_empty())?;
        }
        // Without a spatial loop of several tiles, one sub-cluster has all the work.
        let spread = Axis::ALL.into_iter().any(|axis| self.tiles[axis].spatial);
        (spread || sub_cluster == 0).then_some(Tile(tile))
    }

    /// Sub-clusters that may have work in the present step: all others are idle.
    pub fn working(&self) -> Range<u32> {
        let spread = Axis::ALL.into_iter().find(|axis| self.tiles[*axis].spatial);
        let Span { lo, hi } = spread.map_or(Span::ONE, |axis| self.tiles[axis].active(self.turns[axis]));
        lo.max(0).unsigned_abs()..hi.max(0).unsigned_abs()
    }

    /// Goes on to the next step; `false` after the last one, where it stays.
    pub fn advance(&mut self) -> bool {
        let before = self.turns;
        for place in (0..self.order.len()).rev() {
            if self.turn(place) {
                return true;
            }
        }
        self.turns = before;
        false
    }

    /// Goes on to the last step.
    pub fn end(&mut self) {
        for axis in Axis::ALL {
            self.turns[axis] = self.tiles[axis].turns - 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        let turns = |axis| self.tiles[axis].turns.unsigned_abs().into();
        Axis::ALL.into_iter().fold(1u64, |product, axis| product.saturating_mul(turns(axis)))
    }

    /// Moves the loop at a place on to its next turn. Returns `false` where it goes around to its first.
    fn turn(&mut self, place: usize) -> bool {
        let Some(&axis) = self.order.get(place) else { return false };
        let (tiles, part) = (&self.tiles[axis], &self.of[axis]);
        let turn = &mut self.turns[axis];
        if !tiles.is_joint() {
            *turn += 1;
            let goes_on = *turn < tiles.turns;
            *turn = if goes_on { *turn } else { 0 };
            return goes_on;
        }
        let groups = (0..).map_while(|outer| tiles.within(part, outer));
        let mut groups = groups.skip_while(|(_, end)| *end < *turn);
        let (start, end) = groups.next().unwrap_or((*turn, *turn));
        let inner = self.order.iter().position(|other| *other == axis) != Some(place);
        if inner {
            let goes_on = *turn < end;
            *turn = if goes_on { *turn + 1 } else { start };
            return goes_on;
        }
        let next = groups.next();
        *turn = next.map_or(0, |(start, _)| start);
        next.is_some()
    }

    fn describe(&self, mapping: &Mapping, axis: Axis, is_filter: bool) -> Loop {
        let tiles = &self.tiles[axis];
        let part = &self.of[axis];
        let laid = self.level.laid(axis, is_filter, tiles);
        let span = |part: Part| match (is_filter, laid.in_outputs || axis.is_plain()) {
            (true, _) => part.filter,
            (false, true) => part.outputs,
            (false, false) => mapping.shape.slides[axis].rows(part.outputs, part.filter),
        };
        let length = |turn: i32, q: i32| tiles.at(part, turn, q).map_or(0, |tile| span(tile).len());
        let last = tiles.turns - 1;
        let q = if tiles.spatial { tiles.active(last).hi - 1 } else { 0 };
        // Lossless: at most the extent of a dimension.
        let elements = |length: i64| length.unsigned_abs() as u32;
        let moves = tiles.moves_in(is_filter);
        Loop {
            dim: if laid.in_outputs { laid.dim.output() } else { laid.dim },
            also: laid.also,
            kind: if laid.spatial { MapKind::Spatial } else { MapKind::Temporal },
            size: elements(length(0, tiles.active(0).lo)),
            offset: if laid.tiles > 1 { laid.offset.unsigned_abs() } else { 0 },
            last: elements(length(last, q)),
            tiles: laid.tiles.unsigned_abs(),
            turns: if moves { laid.turns.unsigned_abs() } else { 1 },
        }
    }
}
