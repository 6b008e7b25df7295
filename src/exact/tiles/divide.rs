//! How a level divides an axis of a box into tiles.

use super::Tiles;
use super::laid::{Joint, Laid};
use crate::error::Error;
use crate::exact::axis::{Axis, Part, Span};
use crate::exact::level::{AxisMaps, Level};
use crate::exact::shape::Shape;
use crate::exact::slide::{Slide, offset};

impl Level {
    /// The tiles into which this level divides an axis of a box.
    pub fn divide(&self, shape: &Shape, axis: Axis, part: &Part) -> Result<Tiles, Error> {
        Tiles::new(self, shape.slides[axis], axis, part)
    }
}

impl Tiles {
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
                    // Cut the tile to the inputs of whole windows.
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
        // The map with several tiles determines whether the loop is spatial.
        let spatial = match (body.count > 1, filter.count > 1) {
            (true, _) => maps.body_spatial,
            (false, true) => maps.filter_spatial,
            (false, false) => maps.spatial(),
        };
        let clusters = if spatial { level.clusters } else { 1 };
        let rows = slide.rows(part.outputs, part.filter);
        let aligned = part.inputs.lo == rows.lo && part.inputs.hi - rows.hi < stride;
        let apart = maps.in_outputs || body.count == 1 || body.size >= filter_extent;
        // Refused: the same sub-cluster would be idle in some boxes and have work in others.
        if maps.body_spatial && !together && body.count > 1 && level.clusters > 1 && !(aligned || maps.in_outputs) {
            return Err(Error::TooIrregular);
        }
        let alike = body.count == 1 || (aligned && apart);
        // While the input rows stay, each tile of the filter has another position among them, which would matter to
        // the levels below.
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
            // No tile contains a window.
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

    /// Whether tiles of body and filter that advance together, all in a single turn, are regular, as those of a
    /// diagonal are.
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

    /// Sets whether the tiles are regular and, if so, where they lie. `first` and `last` are the first and the last
    /// tile.
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
}
