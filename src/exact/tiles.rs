//! The tiles of an axis in a box: how a level divides the box among turns and sub-clusters.

mod described;
mod divide;
mod joint;
mod laid;

use super::axis::{Part, Span};
use super::slide::Slide;
use laid::{Joint, Laid};

/// The tiles of an axis in a box. They depend only on the extents of the box, not on its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tiles {
    body: Laid,
    in_outputs: bool,
    filter: Laid,
    slide: Slide,
    /// The filter's tiles advance, alone or together with the body's.
    pub filter_moves: bool,
    /// No filter slides along the axis.
    plain: bool,
    /// A single tile takes the whole box.
    pub whole: bool,
    together: bool,
    /// Body and filter both advance, each in a loop of its own. Turns are numbered consecutively: all turns of the
    /// inner loop for each turn of the outer one.
    joint: Option<Joint>,
    /// The tiles are spread over sub-clusters.
    pub spatial: bool,
    /// The first and the last tile that contain an output.
    first: i32,
    pub last: i32,
    /// Number of sub-clusters that can take a tile in each turn; 1 for a temporal map.
    pub clusters: i32,
    /// Number of turns of the loop.
    pub turns: i32,
    /// Regular tiles: all tiles but the last have the same size, and the distance from one tile to the next is always
    /// the same.
    pub regular: bool,
    /// The tiles are regular, and the first one contains an output.
    simple: bool,
    /// If `simple`: the first and the last tile, relative to the low ends of the box, and the distance from one tile
    /// to the next in inputs, outputs and filter elements.
    base: Part,
    cut: Part,
    shift: [i32; 3],
    /// The last tile has the same size as the others.
    even: bool,
}

impl Tiles {
    /// The only tile of an axis with a single point.
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

    /// The regular tile with the given number.
    #[inline]
    fn regular_tile(&self, part: &Part, number: i32) -> Part {
        let lows = [part.inputs.lo, part.outputs.lo, part.filter.lo];
        if number == self.last {
            return self.cut.moved(lows);
        }
        let [inputs, outputs, filter] = self.shift;
        self.base.moved([lows[0] + inputs * number, lows[1] + outputs * number, lows[2] + filter * number])
    }

    /// The first and the last tile, relative to the low ends of the box; `None` unless the tiles are regular.
    pub fn ends(&self) -> Option<(&Part, &Part)> {
        self.simple.then_some((&self.base, &self.cut))
    }

    /// The distance from one regular tile to the next, in inputs, outputs and filter elements.
    pub fn shift(&self) -> [i32; 3] {
        self.shift
    }

    /// The number of turns after which regular tiles lie on the inserted zeros in the same way again; 1 without
    /// inserted zeros.
    pub fn period(&self) -> i32 {
        let [_, outputs, filter] = self.shift;
        self.slide.period((outputs * self.slide.stride + filter) * self.clusters)
    }

    /// Whether all sub-clusters that have work in a turn have regular tiles of full size.
    pub fn full(&self, turn: i32) -> bool {
        self.simple && (self.even || self.last >= (turn + 1) * self.clusters)
    }

    /// Whether all tiles are regular and of the same size.
    pub fn is_even(&self) -> bool {
        self.simple && self.even
    }

    /// Whether the same sub-clusters have work in the last turn as in the first.
    pub fn last_is_full(&self) -> bool {
        self.active(self.turns - 1) == self.active(0)
    }

    /// The tile of the axis in `part` with the given number. Tiles without any output are numbered, too.
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

    /// The tile with the given numbers of the body's and of the filter's tile.
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

    /// The tile of sub-cluster `q` in a turn, if it has one. For a temporal map, `q` is 0.
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

    /// The numbers of the first and the last tile that contain an output.
    pub fn numbers(&self) -> (i32, i32) {
        (self.first, self.last)
    }

    /// Whether the outputs change from turn to turn.
    pub fn moves_outputs(&self) -> bool {
        !self.filter_moves || self.together || self.joint.is_some()
    }

    /// Whether the loop over the filter (`is_filter`) or over the body of the axis takes several turns.
    pub fn moves_in(&self, is_filter: bool) -> bool {
        self.turns > 1 && (self.filter_moves == is_filter || self.together || self.is_joint())
    }

    /// Number of tiles in the turns before the first turn that is taken.
    fn skipped(&self) -> i32 {
        if self.first == 0 {
            return 0;
        }
        self.first - self.first.checked_rem(self.clusters).unwrap_or(0)
    }

    /// The range of sub-clusters that have work in a turn.
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

    /// The tiles of all sub-clusters that have work in a turn.
    pub fn taken(&self, part: &Part, turn: i32) -> impl Iterator<Item = Part> {
        let active = self.active(turn);
        (active.lo..active.hi).filter_map(move |q| self.at(part, turn, q))
    }

    /// The last turn in which sub-cluster `q` has work, if any.
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

    /// The smallest part that contains the tiles of all sub-clusters in a turn.
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
