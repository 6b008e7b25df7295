//! Cluster levels: which axis each loop advances along, and how its tiles lie in the box of a cluster.

mod described;
mod joint;

use heapless::Vec;

use crate::dataflow::MapKind;
use crate::dim::Dim;
use crate::error::Error;
use crate::limits::MAX_MAPS;

use self::joint::Joint;
use super::axis::{Axis, Part, PerAxis, Shape, Slide, Span};
use super::space::offset;

/// Sizes of a map, in elements along what it maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Map {
    size: i32,
    offset: i32,
}

/// The maps of an axis in a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct AxisMaps {
    body: Option<Map>,
    /// The body's sizes count outputs (`Y'`), not inputs.
    in_outputs: bool,
    filter: Option<Map>,
    body_spatial: bool,
    filter_spatial: bool,
}

impl AxisMaps {
    fn spatial(&self) -> bool {
        self.body_spatial || self.filter_spatial
    }

    /// Both are spatial: they advance together.
    fn together(&self) -> bool {
        self.body_spatial && self.filter_spatial
    }
}

/// A level of a mapping, the same for every box that it divides.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Sub-clusters of a cluster.
    pub clusters: i32,
    /// Its loops, outermost first: the axis, and whether it is the filter that advances. `Y` and `R` are one axis; where each has a
    /// loop of its own, the axis stands here twice.
    pub loops: Vec<(Axis, bool), MAX_MAPS>,
    pub maps: PerAxis<AxisMaps>,
    /// The axis that is spread over sub-clusters.
    spread: Option<Axis>,
    /// A second axis that is spread as well. Then both must have one tile.
    also_spread: Option<Axis>,
    /// Its sub-clusters are PEs.
    pub leaf: bool,
    /// From 1, the outermost.
    pub number: u8,
    /// The layer is a matrix product, whose rows take the place of groups.
    pub gemm: bool,
}

impl Level {
    pub fn new(number: u8, clusters: i32, gemm: bool) -> Level {
        Level {
            clusters,
            loops: Vec::new(),
            maps: PerAxis([AxisMaps::default(); 6]),
            spread: None,
            also_spread: None,
            leaf: true,
            number,
            gemm,
        }
    }

    /// Adds a map below those that are there.
    pub fn add(&mut self, kind: MapKind, size: i32, offset: i32, dim: Dim) -> Result<(), Error> {
        let level = self.number;
        let (axis, spatial) = (Axis::of(dim), kind == MapKind::Spatial);
        let maps = &mut self.maps[axis];
        let is_filter = matches!(dim, Dim::R | Dim::S);
        let slot = if is_filter { &mut maps.filter } else { &mut maps.body };
        if slot.is_some() {
            return Err(Error::RepeatedMap { level, dim });
        }
        *slot = Some(Map { size, offset });
        maps.in_outputs |= dim.input() != dim;
        if !spatial {
            return self.loops.push((axis, is_filter)).map_err(|_| Error::TooManyMaps { level });
        }
        if is_filter {
            maps.filter_spatial = true
        } else {
            maps.body_spatial = true
        }
        if self.spread.is_none() {
            self.spread = Some(axis);
            return self.loops.push((axis, is_filter)).map_err(|_| Error::TooManyMaps { level });
        }
        // A second one moves along with the first, at that one's place.
        if self.spread != Some(axis) {
            self.also_spread = Some(axis);
        }
        Ok(())
    }

    /// The axis that is spread over sub-clusters.
    pub fn spatial(&self) -> Axis {
        // Every level has one.
        self.spread.unwrap_or(Axis::N)
    }

    /// Whether two axes are spread, so that a sub-cluster has the tile of the same number along both.
    pub fn pairs_axes(&self) -> bool {
        self.also_spread.is_some()
    }

    /// Whether tiles of an axis cover every box that they may be laid over, as long as it has the whole filter. Then no box needs to
    /// be looked at.
    pub fn always_covers(&self, axis: Axis, stride: i32, filter: i32) -> bool {
        let maps = &self.maps[axis];
        let whole = maps.filter.is_none_or(|map| map.size >= filter);
        let fits = |map: Map| match axis {
            Axis::V | Axis::H if !maps.in_outputs => {
                map.size >= filter && (stride > 1 || map.offset <= map.size - filter + 1)
            }
            _ => map.offset <= map.size,
        };
        whole && !maps.together() && maps.body.is_none_or(fits)
    }

    /// Whether there is an axis whose tiles may have points in common, or have only a part of the filter.
    pub fn overlaps(&self, shape: &Shape) -> bool {
        shape.axes().any(|axis| {
            let (maps, stride) = (&self.maps[axis], shape.slides[axis].stride);
            let filter = shape.whole[axis].filter.hi;
            let body = |map: Map| match axis {
                Axis::V | Axis::H if !maps.in_outputs => map.offset <= map.size - filter && stride == 1,
                _ => map.offset < map.size,
            };
            maps.body.is_some_and(body) || maps.filter.is_some_and(|map| map.size < filter)
        })
    }

    /// Whether one tile is all of a box along an axis.
    pub fn takes_whole(&self, axis: Axis, slide: Slide, part: &Part) -> bool {
        let maps = &self.maps[axis];
        let covers = |map: Option<Map>, span: Span| map.is_none_or(|map| map.size >= span.hi - span.lo);
        let whole = !maps.in_outputs && covers(maps.body, part.inputs) && covers(maps.filter, part.filter);
        let cut = |map: Map| !slide.keeps_all(map.size, part);
        whole && (axis.is_plain() || slide.stride == 1 || !maps.body.is_some_and(cut))
    }

    /// How an axis of a box is divided.
    pub fn divide(&self, shape: &Shape, axis: Axis, part: &Part) -> Result<Tiles, Error> {
        Tiles::new(self, shape.slides[axis], axis, part)
    }
}

/// How one map lies in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Laid {
    size: i32,
    offset: i32,
    count: i32,
}

impl Laid {
    const WHOLE: Laid = Laid { size: i32::MAX, offset: 0, count: 1 };

    fn new(map: Map, extent: i32) -> Laid {
        let Map { size, offset } = map;
        let short = extent - size;
        // The offset is at least 1; a division that might fail would drag a panic into firmware.
        let more = if short <= 0 { 0 } else { (short + offset - 1).checked_div(offset).unwrap_or(0) };
        // With gaps between tiles, the one that would reach the end may start past it: then it is none.
        let starts = (extent + offset - 1).checked_div(offset).unwrap_or(1).max(1);
        Laid { size, offset, count: (more + 1).min(starts) }
    }

    #[inline]
    fn tile(&self, of: Span, number: i32) -> Span {
        let lo = of.lo + number * self.offset;
        Span::new(lo, of.hi.min(lo.saturating_add(self.size)))
    }
}

impl Laid {
    fn turns(&self, clusters: i32) -> i32 {
        1 + (self.count - 1).checked_div(clusters).unwrap_or(0)
    }
}

/// The tiles of an axis in a box. They depend on extents alone, not on where the box lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tiles {
    body: Laid,
    in_outputs: bool,
    filter: Laid,
    slide: Slide,
    /// The filter's tiles advance, alone or with the body's.
    pub filter_moves: bool,
    /// No filter slides along the axis.
    plain: bool,
    /// One tile that is all of the box.
    pub whole: bool,
    together: bool,
    /// Body and filter both advance, each in a loop of its own. Turns are counted through: all of the inner loop for each of the
    /// outer one.
    joint: Option<Joint>,
    /// Its tiles are spread over sub-clusters.
    pub spatial: bool,
    /// The first and last tile that hold an output.
    first: i32,
    pub last: i32,
    /// Sub-clusters that take a tile in each turn; 1 over time.
    pub clusters: i32,
    /// Turns of the loop.
    pub turns: i32,
    /// All tiles but the last are alike, and each is as far from the one before.
    pub regular: bool,
    /// They are regular, and the very first of them holds an output.
    simple: bool,
    /// Of such tiles, the first and the last, relative to the low ends of the box; and how far each tile is from the one before it,
    /// in inputs, outputs and filter.
    base: Part,
    cut: Part,
    shift: [i32; 3],
    /// The last tile is as large as the others.
    even: bool,
}

impl Tiles {
    /// The tiles of an axis along which there is one point: a single one.
    pub const ONE: Tiles = Tiles {
        body: Laid::WHOLE,
        in_outputs: false,
        filter: Laid::WHOLE,
        slide: Slide { stride: 1, every: 1, phase: 0 },
        filter_moves: false,
        plain: true,
        whole: true,
        together: false,
        joint: None,
        spatial: false,
        first: 0,
        last: 0,
        clusters: 1,
        turns: 1,
        regular: true,
        simple: true,
        base: Part::ONE,
        cut: Part::ONE,
        shift: [0; 3],
        even: true,
    };

    fn new(level: &Level, slide: Slide, axis: Axis, part: &Part) -> Result<Tiles, Error> {
        let maps = &level.maps[axis];
        let plain = axis.is_plain();
        if level.takes_whole(axis, slide, part) {
            let spatial = maps.spatial();
            let clusters = if spatial { level.clusters } else { 1 };
            return Ok(Tiles { spatial, clusters, plain, together: maps.together(), slide, ..Tiles::ONE });
        }
        if let (true, Some(map)) = (plain, maps.body) {
            return Ok(Tiles::plain(level, maps, Laid::new(map, part.outputs.hi - part.outputs.lo), slide, part));
        }
        let (filter_extent, stride) = (part.filter.hi - part.filter.lo, slide.stride);
        let filter = maps.filter.map_or(Laid::WHOLE, |map| Laid::new(map, filter_extent));
        let body = match maps.body {
            None => Laid::WHOLE,
            Some(map) if maps.in_outputs => Laid::new(map, part.outputs.hi - part.outputs.lo),
            Some(mut map) => {
                if stride > 1 && map.size >= filter_extent {
                    // Cut to the inputs that whole windows take.
                    let windows = (map.size - filter_extent).checked_div(stride).unwrap_or(0) + 1;
                    map.size = (windows - 1) * stride + filter_extent;
                    map.offset = windows * stride;
                }
                Laid::new(map, part.inputs.hi - part.inputs.lo)
            }
        };
        let together = maps.together();
        if !together && body.count > 1 && filter.count > 1 {
            let outer = |filter: bool| level.loops.iter().position(|entry| *entry == (axis, filter));
            let joint = Joint {
                filter_outer: outer(true) < outer(false),
                body_clusters: if maps.body_spatial { level.clusters } else { 1 },
                filter_clusters: if maps.filter_spatial { level.clusters } else { 1 },
                inner: 0,
            };
            let spatial = maps.spatial();
            let mut tiles = Tiles {
                body,
                in_outputs: maps.in_outputs,
                filter,
                slide,
                filter_moves: true,
                plain,
                whole: false,
                together: false,
                joint: Some(joint),
                spatial,
                first: 0,
                last: 0,
                clusters: if spatial { level.clusters } else { 1 },
                turns: 0,
                ..Tiles::ONE
            };
            (tiles.regular, tiles.simple) = (false, false);
            let refused = Error::SplitTogether { level: level.number, dim: level.dim(axis, false) };
            tiles.pair_up(part, level.leaf).ok_or(refused)?;
            return Ok(tiles);
        }
        let count = if together { body.count.min(filter.count) } else { body.count.max(filter.count) };
        // The map that takes several tiles decides.
        let spatial = match (body.count > 1, filter.count > 1) {
            (true, _) => maps.body_spatial,
            (false, true) => maps.filter_spatial,
            (false, false) => maps.spatial(),
        };
        let clusters = if spatial { level.clusters } else { 1 };
        let rows = slide.rows(part.outputs, part.filter);
        let aligned = part.inputs.lo == rows.lo && part.inputs.hi - rows.hi < stride;
        let apart = maps.in_outputs || body.count == 1 || body.size >= filter_extent;
        // The same sub-cluster would be idle in some boxes and have work in others.
        if maps.body_spatial && !together && body.count > 1 && level.clusters > 1 && !(aligned || maps.in_outputs) {
            return Err(Error::TooIrregular);
        }
        let alike = body.count == 1 || (aligned && apart);
        // While the window stays, each tile of the filter lies elsewhere in it. Levels below would notice.
        let still = filter.count == 1 || level.leaf;
        let regular = count == 1 || (!together && alike && still);
        let mut tiles = Tiles {
            body,
            in_outputs: maps.in_outputs,
            filter,
            slide,
            filter_moves: filter.count > 1,
            plain,
            whole: false,
            together,
            joint: None,
            spatial,
            first: 0,
            last: count - 1,
            clusters,
            turns: 1,
            regular: false,
            ..Tiles::ONE
        };
        if !apart && filter.count == 1 {
            // No tile holds a window.
            tiles.last = 0;
            let only = tiles.tile(part, 0);
            tiles.regular_if(regular, part, &only, &only);
            return Ok(tiles);
        }
        let (mut first, mut end) = (tiles.tile(part, 0), tiles.tile(part, tiles.last));
        while tiles.last > 0 && end.is_empty() {
            tiles.last -= 1;
            end = tiles.tile(part, tiles.last);
        }
        while tiles.first < tiles.last && first.is_empty() {
            tiles.first += 1;
            first = tiles.tile(part, tiles.first);
        }
        let turn = |tile: i32| tile.checked_div(clusters).unwrap_or(0);
        tiles.turns = turn(tiles.last) - turn(tiles.first) + 1;
        if tiles.first > 0 && clusters > 1 && tiles.turns > 1 {
            return Err(Error::SplitTogether { level: level.number, dim: level.dim(axis, false) });
        }
        if clusters == 1 {
            tiles.turns = tiles.last - tiles.first + 1;
        }
        tiles.regular_if(regular || tiles.goes_together(part), part, &first, &end);
        Ok(tiles)
    }

    /// Whether tiles of body and filter that advance together, all in one turn, are alike, as those of a diagonal are.
    fn goes_together(&self, part: &Part) -> bool {
        const MOST: i32 = 32;
        if !self.together || self.turns > 1 || self.first > 0 || self.last > MOST {
            return false;
        }
        let (first, second) = (self.tile(part, 0), self.tile(part, 1));
        let Some(shift) = offset(&first, &second, self.slide) else { return self.last == 0 };
        let alike = |number: &i32| {
            let by = shift.map(|shift| shift * number);
            !first.is_empty() && first.moved(by) == self.tile(part, *number)
        };
        (1..=self.last).all(|number| alike(&number))
    }

    /// Tiles of an axis without a filter.
    fn plain(level: &Level, maps: &AxisMaps, body: Laid, slide: Slide, part: &Part) -> Tiles {
        let clusters = if maps.body_spatial { level.clusters } else { 1 };
        let last = body.count - 1;
        let tile = |number: i32| {
            let span = body.tile(Span::new(0, part.outputs.hi - part.outputs.lo), number);
            Part { inputs: span, outputs: span, filter: Span::new(0, 0) }
        };
        let (base, cut) = (tile(0), tile(last));
        Tiles {
            body,
            slide,
            whole: false,
            spatial: maps.body_spatial,
            last,
            clusters,
            turns: body.turns(clusters),
            base: Part { filter: Span::ONE, ..base },
            cut: Part { filter: Span::ONE, ..cut },
            shift: [body.offset, body.offset, 0],
            even: cut.outputs.len() == base.outputs.len(),
            ..Tiles::ONE
        }
    }

    /// Notes how regular tiles lie, of which these are the first and the last.
    fn regular_if(&mut self, regular: bool, part: &Part, first: &Part, last: &Part) {
        self.regular = regular;
        self.simple = false;
        if !regular || self.first > 0 || first.is_empty() {
            return;
        }
        let lows = [-part.inputs.lo, -part.outputs.lo, -part.filter.lo];
        self.base = first.moved(lows);
        self.cut = last.moved(lows);
        let each = |first: Span, last: Span| (last.lo - first.lo).checked_div(self.last).unwrap_or(0);
        self.shift =
            [each(first.inputs, last.inputs), each(first.outputs, last.outputs), each(first.filter, last.filter)];
        self.even = self.base.is_as_large(&self.cut);
        self.simple = true;
    }

    /// One of regular tiles.
    #[inline]
    fn regular_tile(&self, part: &Part, number: i32) -> Part {
        let lows = [part.inputs.lo, part.outputs.lo, part.filter.lo];
        if number == self.last {
            return self.cut.moved(lows);
        }
        let [inputs, outputs, filter] = self.shift;
        self.base.moved([lows[0] + inputs * number, lows[1] + outputs * number, lows[2] + filter * number])
    }

    /// The first and the last of regular tiles, relative to the low ends of the box.
    pub fn ends(&self) -> Option<(&Part, &Part)> {
        self.simple.then_some((&self.base, &self.cut))
    }

    /// From one regular tile to the next, in inputs, outputs and filter.
    pub fn shift(&self) -> [i32; 3] {
        self.shift
    }

    /// Turns after which regular tiles lie on inserted zeros as before: 1 where there are none.
    pub fn period(&self) -> i32 {
        let [_, outputs, filter] = self.shift;
        self.slide.period((outputs * self.slide.stride + filter) * self.clusters)
    }

    /// Whether all sub-clusters at work in a turn have regular tiles of the same size.
    pub fn full(&self, turn: i32) -> bool {
        self.simple && (self.even || self.last >= (turn + 1) * self.clusters)
    }

    /// Whether all tiles are regular and of the same size.
    pub fn is_even(&self) -> bool {
        self.simple && self.even
    }

    /// Whether as many sub-clusters are at work in the last turn as in the first.
    pub fn last_is_full(&self) -> bool {
        self.active(self.turns - 1) == self.active(0)
    }

    /// A tile of the axis in `part`, by its number among all, also those that hold no output.
    pub fn tile(&self, part: &Part, number: i32) -> Part {
        if self.whole {
            return *part;
        }
        if self.plain {
            let span = self.body.tile(part.outputs, number);
            return Part { inputs: span, outputs: span, filter: part.filter };
        }
        self.tile_of(part, number, number)
    }

    /// A tile of body and filter, by the number of each.
    fn tile_of(&self, part: &Part, body: i32, filter: i32) -> Part {
        let of = |laid: &Laid, number: i32| if laid.count > 1 { number } else { 0 };
        let (body, filter) = (of(&self.body, body), of(&self.filter, filter));
        let filter = if self.filter.offset == 0 { part.filter } else { self.filter.tile(part.filter, filter) };
        let stride = self.slide.stride;
        let inputs = if self.body.offset == 0 {
            part.inputs
        } else if self.in_outputs {
            self.slide.rows(self.body.tile(part.outputs, body), part.filter)
        } else {
            self.body.tile(part.inputs, body)
        };
        let lo = inputs.lo - filter.lo;
        let hi = inputs.hi - filter.hi;
        let outputs = if stride == 1 {
            Span::new(lo, hi + 1)
        } else {
            Span::new((lo + stride - 1).div_euclid(stride.max(1)), hi.div_euclid(stride.max(1)) + 1)
        };
        Part { inputs, outputs: outputs.meet(part.outputs), filter }
    }

    /// The tile of sub-cluster `q` in a turn, if it has one. Over time, `q` is 0.
    #[inline]
    pub fn at(&self, part: &Part, turn: i32, q: i32) -> Option<Part> {
        if self.whole {
            return (q == 0).then_some(*part);
        }
        if self.simple {
            let number = turn * self.clusters + q;
            return (number >= 0 && number <= self.last).then(|| self.regular_tile(part, number));
        }
        self.irregular_at(part, turn, q)
    }

    #[cold]
    fn irregular_at(&self, part: &Part, turn: i32, q: i32) -> Option<Part> {
        if let Some(joint) = self.joint {
            let (outer, inner) = self.pair(part, joint, turn)?;
            return self.pair_tile(part, joint, outer, inner, q);
        }
        if self.last == 0 && self.first == 0 {
            let tile = self.tile(part, 0);
            return (q == 0 && !tile.is_empty()).then_some(tile);
        }
        let number = if self.clusters == 1 { self.first + turn } else { turn * self.clusters + q + self.skipped() };
        if number < self.first || number > self.last || (self.turns > 1 && turn >= self.turns) {
            return None;
        }
        let tile = self.tile(part, number);
        (!tile.is_empty()).then_some(tile)
    }

    /// The first and the last tile that hold an output.
    pub fn numbers(&self) -> (i32, i32) {
        (self.first, self.last)
    }

    /// The loop's turns change outputs.
    pub fn moves_outputs(&self) -> bool {
        !self.filter_moves || self.together || self.joint.is_some()
    }

    /// Whether the loop over the axis' body, or over the filter that slides along it, is the one that takes turns, or one of
    /// two.
    pub fn moves_in(&self, is_filter: bool) -> bool {
        self.turns > 1 && (self.filter_moves == is_filter || self.together || self.is_joint())
    }

    /// Tiles of turns before the first that is taken.
    fn skipped(&self) -> i32 {
        if self.first == 0 {
            return 0;
        }
        self.first - self.first.checked_rem(self.clusters).unwrap_or(0)
    }

    /// Sub-clusters at work in a turn.
    pub fn active(&self, turn: i32) -> Span {
        if let Some(joint) = self.joint {
            return Span::new(0, self.at_work(joint));
        }
        if self.clusters == 1 || self.last == 0 {
            return Span::new(0, 1);
        }
        let base = turn * self.clusters + self.skipped();
        Span::new((self.first - base).max(0), self.clusters.min(self.last + 1 - base))
    }

    /// The tiles of all sub-clusters at work in a turn.
    pub fn taken(&self, part: &Part, turn: i32) -> impl Iterator<Item = Part> {
        let active = self.active(turn);
        (active.lo..active.hi).filter_map(move |q| self.at(part, turn, q))
    }

    /// The last turn in which sub-cluster `q` is at work, if any.
    pub fn last_turn(&self, q: i32) -> Option<i32> {
        let last = self.turns - 1;
        let active = |turn: i32| turn >= 0 && q >= self.active(turn).lo && q < self.active(turn).hi;
        if active(last) {
            Some(last)
        } else if active(last - 1) {
            Some(last - 1)
        } else {
            None
        }
    }

    /// What all sub-clusters together compute in a turn.
    #[inline]
    pub fn hull(&self, part: &Part, turn: i32) -> Option<Part> {
        if self.simple && self.clusters == 1 {
            return self.at(part, turn, 0);
        }
        self.spread_hull(part, turn)
    }

    #[cfg_attr(feature = "std", inline(always))]
    fn spread_hull(&self, part: &Part, turn: i32) -> Option<Part> {
        let number = turn * self.clusters;
        if self.simple && !self.whole && (0..=self.last).contains(&number) {
            let first = self.regular_tile(part, number);
            return Some(first.to(&self.regular_tile(part, self.last.min(number + self.clusters - 1))));
        }
        let active = self.active(turn);
        let first = self.at(part, turn, active.lo)?;
        if active.hi - active.lo == 1 {
            return Some(first);
        }
        Some(first.to(&self.at(part, turn, active.hi - 1)?))
    }
}
