//! The tiles of a mapping in the order of its steps, for drawings. Costs are not counted from these; see `walk`.

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
    /// The dimension along which the loop advances; `Y'` or `X'` if its tiles are ranges of outputs.
    pub dim: Dim,
    /// A second dimension that a spatial loop advances together with `dim`.
    pub also: Option<Dim>,
    /// A spatial loop takes one tile for each sub-cluster in a turn, a temporal loop one tile in a turn.
    pub kind: MapKind,
    /// Elements of the first tile along `dim`.
    pub size: u32,
    /// Elements along `dim` from the beginning of one tile to that of the next; 0 if there is only one tile.
    pub offset: u32,
    /// Elements of the last tile along `dim`; the last tile may be cut.
    pub last: u32,
    /// Number of tiles that have work.
    pub tiles: u32,
    /// Number of turns of the loop.
    pub turns: u32,
}

/// The steps of a cluster over a tile, in order. See [`Mapping::steps`].
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    level: &'a Level,
    of: Bounds,
    tiles: PerAxis<Tiles>,
    /// The loops of several turns, outermost first. An axis whose body and filter each advance in a loop of their own
    /// is listed twice.
    order: Vec<Axis, MAX_MAPS>,
    turns: PerAxis<i32>,
}

impl Mapping {
    /// The whole layer: the tile that the outermost level divides.
    pub fn whole(&self) -> Tile {
        Tile(self.shape.whole)
    }

    /// Number of sub-clusters of a cluster of a level, which are PEs at the innermost level. Level 0 is the
    /// outermost. Returns 0 if there is no such level.
    pub fn sub_clusters(&self, level: usize) -> u32 {
        // Lossless: it is not negative.
        self.levels.get(level).map_or(0, |level| level.clusters.unsigned_abs())
    }

    /// The elements of a tile along a dimension. Along `Y` and `X`, these are the rows and columns from the first to
    /// the last that the tile's operations use, inserted zeros included. A dimension that the layer lacks has one
    /// element.
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

    /// The loops of a level over a tile, outermost first, including loops of a single turn.
    ///
    /// # Errors
    /// An [`Error`] if there is no such level; [`Error::TooIrregular`].
    pub fn loops(&self, level: usize, of: &Tile) -> Result<Vec<Loop, MAX_MAPS>, Error> {
        let steps = self.steps(level, of)?;
        let mut loops = Vec::new();
        for &(axis, is_filter) in &steps.level.loops {
            // There is room for every loop.
            let _ = loops.push(steps.describe(self, axis, is_filter));
        }
        Ok(loops)
    }

    /// The steps of a level over a tile, beginning at the first step.
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
    /// The tile of a sub-cluster in the present step; `None` if the sub-cluster is idle.
    pub fn tile(&self, sub_cluster: u32) -> Option<Tile> {
        let mut tile = self.of;
        for axis in Axis::ALL {
            let tiles = &self.tiles[axis];
            let q = if tiles.spatial { i32::try_from(sub_cluster).ok()? } else { 0 };
            tile[axis] = tiles.at(&self.of[axis], self.turns[axis], q).filter(|part| !part.is_empty())?;
        }
        // If no tiles are spread over sub-clusters, the first sub-cluster has all the work.
        let spread = Axis::ALL.into_iter().any(|axis| self.tiles[axis].spatial);
        (spread || sub_cluster == 0).then_some(Tile(tile))
    }

    /// Sub-clusters that may have work in the present step. All others are idle.
    pub fn working(&self) -> Range<u32> {
        let spread = Axis::ALL.into_iter().find(|axis| self.tiles[*axis].spatial);
        let Span { lo, hi } = spread.map_or(Span::ONE, |axis| self.tiles[axis].active(self.turns[axis]));
        lo.max(0).unsigned_abs()..hi.max(0).unsigned_abs()
    }

    /// Goes on to the next step. At the last step, returns `false` and stays there.
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

    /// Goes to the last step.
    pub fn end(&mut self) {
        for axis in Axis::ALL {
            self.turns[axis] = self.tiles[axis].turns - 1;
        }
    }

    /// Number of steps.
    pub fn count(&self) -> u64 {
        let turns = |axis| self.tiles[axis].turns.unsigned_abs().into();
        Axis::ALL.into_iter().fold(1u64, |product, axis| product.saturating_mul(turns(axis)))
    }

    /// Moves the loop at a place on to its next turn. Returns `false` if the loop goes around to its first turn.
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
