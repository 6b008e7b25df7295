//! What L2 keeps of each tensor, and what therefore moves off-chip.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::MAX_MAPS;
use super::axis::{Axis, Part, PerAxis, Shape, View};
use super::level::{Level, Tiles};

/// What L2 may keep of a tensor: what the loops of level 1 inside of a depth touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Retention {
    /// Loops outside.
    pub depth: u8,
    /// Elements of the largest footprint.
    pub footprint: i64,
    /// Elements that enter footprints, over all.
    pub entering: i64,
}

/// The depths of a tensor, from the whole tensor to a single step.
pub(super) type Options = Vec<Retention, { MAX_MAPS + 1 }>;

/// What a loop's turns touch of a tensor along its axis.
#[derive(Clone, Copy, Debug)]
struct Sums {
    /// Over all turns.
    each: i64,
    /// Shared by a turn and the one before, over all turns but the first.
    shared: i64,
    /// Shared by the first and the last.
    around: i64,
    largest: i64,
    whole: i64,
}

/// The tiles of an axis that decide about its sums: what all sub-clusters have in the first two turns and the last two.
pub(super) struct Ends {
    first: Part,
    second: Part,
    before_last: Part,
    last: Part,
    all: Part,
}

impl Ends {
    fn new(part: &Part, tiles: &Tiles) -> Result<Ends, Error> {
        let hull = |turn: i32| tiles.hull(part, turn).ok_or(Error::IllFormed { level: 1 });
        let end = tiles.turns - 1;
        let (first, last) = (hull(0)?, hull(end)?);
        let second = if end > 1 { hull(1)? } else { last };
        let before_last = if end > 2 {
            hull(end - 1)?
        } else if end == 2 {
            second
        } else {
            first
        };
        let all = Part {
            inputs: first.inputs.hull(last.inputs),
            outputs: first.outputs.hull(last.outputs),
            filter: first.filter.hull(last.filter),
        };
        Ok(Ends { first, second, before_last, last, all })
    }
}

impl Sums {
    /// Of an axis of one point.
    const ONE: Sums = Sums { each: 1, shared: 1, around: 1, largest: 1, whole: 1 };

    fn new(shape: &Shape, view: View, axis: Axis, tiles: &Tiles, ends: &Ends) -> Result<Sums, Error> {
        let end = i64::from(tiles.turns) - 1;
        if view == View::Uncoupled {
            return Ok(Sums { each: end + 1, shared: end, around: 1, largest: 1, whole: 1 });
        }
        let count = |part: &Part| shape.count(view, axis, part);
        let shared = |a: &Part, b: &Part| shape.shared(view, axis, a, b);
        let mut sums = Sums {
            each: 0,
            shared: 0,
            around: shared(&ends.first, &ends.last),
            largest: count(&ends.first),
            whole: count(&ends.all),
        };
        if tiles.regular || end == 1 {
            sums.each = end * sums.largest + count(&ends.last);
            sums.shared = shared(&ends.before_last, &ends.last);
            if end > 1 {
                sums.shared += (end - 1) * shared(&ends.first, &ends.second);
            }
            sums.largest = sums.largest.max(count(&ends.last));
        } else {
            let mut before = None;
            for turn in 0..tiles.turns {
                let tile = tiles.hull(&shape.whole[axis], turn).ok_or(Error::IllFormed { level: 1 })?;
                let own = count(&tile);
                sums.each += own;
                sums.largest = own.max(sums.largest);
                sums.shared += before.map_or(0, |before| shared(&before, &tile));
                before = Some(tile);
            }
        }
        Ok(sums)
    }
}

/// The ends of the loops of level 1 that take several turns.
pub(super) fn ends(shape: &Shape, tiles: &PerAxis<Tiles>) -> Result<PerAxis<Option<Ends>>, Error> {
    let mut ends = PerAxis([const { None }; 6]);
    for axis in shape.axes() {
        if tiles[axis].turns > 1 {
            ends[axis] = Some(Ends::new(&shape.whole[axis], &tiles[axis])?);
        }
    }
    Ok(ends)
}

/// The depths at which L2 may keep a tensor: a sum of products over loops for each.
///
/// What a footprint shares with the one before it is a product over axes, too: where a loop advances, those outside of it
/// stand still, and those inside go around.
///
/// Of depths that keep and move the same only the largest is told.
pub(super) fn options(
    shape: &Shape,
    level: &Level,
    tiles: &PerAxis<Tiles>,
    ends: &PerAxis<Option<Ends>>,
    tensor: Tensor,
) -> Result<Options, Error> {
    let mut options = Options::new();
    let deepest = level.loops.len() as u8;
    if tensor == Tensor::Filter && !shape.has_filter {
        // Nothing of it is kept at any depth. There is room for two.
        let _ = options.push(Retention::default());
        let _ = options.push(Retention { depth: deepest, ..Retention::default() });
        return Ok(options);
    }
    let views = &shape.views[tensor];
    // Axes of one turn; whole ones of the loops that are still inside.
    let (mut still, mut inside) = (1, 1);
    let mut sums = PerAxis([Sums::ONE; 6]);
    let mut joints: Vec<(Axis, JointSums), 2> = Vec::new();
    for axis in shape.axes() {
        let (view, tiles) = (views[axis], &tiles[axis]);
        match &ends[axis] {
            None if view == View::Uncoupled => {}
            None => {
                let tile = tiles.hull(&shape.whole[axis], 0).ok_or(Error::IllFormed { level: 1 })?;
                still *= shape.count(view, axis, &tile);
            }
            Some(_) if tiles.is_joint() => {
                // There is room for `Y` and `X`.
                let _ = joints.push((axis, JointSums::new(shape, view, axis, tiles)?));
            }
            Some(ends) => {
                sums[axis] = Sums::new(shape, view, axis, tiles, ends)?;
                inside *= sums[axis].whole;
            }
        }
    }
    // Products over the loops outside of the depth: all turns, the largest one, and what a turn shares with the one before
    // it, by the loop that advances; without joint loops, which come in at the end.
    let (mut each, mut largest) = (1, 1);
    let mut shared: Vec<(u8, i64), MAX_MAPS> = Vec::new();
    let mut passed = PerAxis([false; 6]);
    for depth in 0..=deepest {
        if let Some(place) = depth.checked_sub(1) {
            let Some(&(axis, is_filter)) = level.loops.get(usize::from(place)) else { break };
            let tiles = &tiles[axis];
            let joint = tiles.is_joint() && ends[axis].is_some();
            let advances = tiles.together() || tiles.filter_moves == is_filter;
            if ends[axis].is_none() || !(advances || joint) {
                // A loop of one turn keeps and moves the same.
                if let Some(last) = options.last_mut().filter(|last| last.depth > 0) {
                    last.depth = depth;
                    continue;
                }
            } else if joint {
                let _ = shared.push((place, each));
            } else {
                let own = &sums[axis];
                shared.iter_mut().for_each(|(_, shared)| *shared *= own.around);
                // There is room for every loop.
                let _ = shared.push((place, each * own.shared));
                each *= own.each;
                largest *= own.largest;
                passed[axis] = true;
                inside = shape.axes().filter(|axis| !passed[*axis]).map(|axis| sums[axis].whole).product();
            }
        }
        let mut option = Retention { depth, footprint: largest, entering: each };
        let mut kept = 0;
        for (axis, own) in &joints {
            let place = Places::of(level, *axis);
            option.footprint *= own.largest(place, depth);
            option.entering *= own.each(place, depth);
        }
        for &(advanced, shared) in &shared {
            let own = |(axis, own): &(Axis, JointSums)| own.shared(Places::of(level, *axis), depth, advanced);
            kept += shared * joints.iter().map(own).product::<i64>();
        }
        option.entering = (option.entering - kept) * inside * still;
        option.footprint *= inside * still;
        match options.last_mut() {
            // The whole tensor needs no second place, so that it is an option of its own.
            Some(last) if last.depth > 0 && (last.footprint, last.entering) == (option.footprint, option.entering) => {
                *last = option;
            }
            // There is room for every loop.
            _ => drop(options.push(option)),
        }
    }
    Ok(options)
}

/// The places of joint loops.
#[derive(Clone, Copy, Debug)]
struct Places {
    outer: u8,
    inner: u8,
}

impl Places {
    fn of(level: &Level, axis: Axis) -> Places {
        let place = |filter: bool| level.loops.iter().position(|entry| *entry == (axis, filter)).unwrap_or(0) as u8;
        let (body, filter) = (place(false), place(true));
        Places { outer: body.min(filter), inner: body.max(filter) }
    }
}

/// What the turns of joint loops touch: those of the outer one with all of the inner one, and pairs of both.
#[derive(Clone, Copy, Debug)]
struct JointSums {
    outer: Sums,
    /// `shared` is over advances of the inner loop.
    inner: Sums,
    /// Shared by the first pair of a turn of the outer loop and the last pair of the turn before.
    outer_advances: i64,
    /// Shared by the first and the last pair of a turn of the outer loop, over all of them.
    inner_around: i64,
}

impl JointSums {
    /// Elements of all footprints at a depth: loops at places below it are outside.
    fn each(&self, place: Places, depth: u8) -> i64 {
        if place.outer >= depth {
            self.outer.whole
        } else if place.inner >= depth {
            self.outer.each
        } else {
            self.inner.each
        }
    }

    fn largest(&self, place: Places, depth: u8) -> i64 {
        if place.outer >= depth {
            self.outer.whole
        } else if place.inner >= depth {
            self.outer.largest
        } else {
            self.inner.largest
        }
    }

    /// Elements that footprints share with those before them, over all advances of the loop at `advanced`.
    fn shared(&self, place: Places, depth: u8, advanced: u8) -> i64 {
        use core::cmp::Ordering::{Equal, Greater, Less};
        let Places { outer, inner } = place;
        if outer >= depth {
            self.outer.whole
        } else if inner >= depth {
            match outer.cmp(&advanced) {
                Less => self.outer.each,
                Equal => self.outer.shared,
                Greater => self.outer.around,
            }
        } else {
            match (outer.cmp(&advanced), inner.cmp(&advanced)) {
                (Greater, _) => self.inner.around,
                (Equal, _) => self.outer_advances,
                (Less, Greater) => self.inner_around,
                (Less, Equal) => self.inner.shared,
                (Less, Less) => self.inner.each,
            }
        }
    }

    fn new(shape: &Shape, view: View, axis: Axis, tiles: &Tiles) -> Result<JointSums, Error> {
        let whole = &shape.whole[axis];
        let missing = Error::IllFormed { level: 1 };
        let unite = |a: Part, b: Part| union(shape, view, axis, a, b);
        let pair = |turn: i32| {
            let active = tiles.active(turn);
            let mut parts = (active.lo..active.hi).filter_map(|q| tiles.at(whole, turn, q));
            let first = parts.next().ok_or(missing)?;
            parts.try_fold(first, unite)
        };
        let count = |part: &Part| shape.count(view, axis, part);
        let shared = |a: &Part, b: &Part| shape.shared(view, axis, a, b);
        let none = Sums { each: 0, shared: 0, around: 0, largest: 0, whole: count(whole) };
        let mut sums = JointSums { outer: none, inner: none, outer_advances: 0, inner_around: 0 };
        let mut at = 0;
        let mut before: Option<(Part, Part)> = None;
        let mut first: Option<(Part, Part)> = None;
        while let Some((start, end)) = tiles.within(whole, at) {
            let begin = pair(start)?;
            let (mut all, mut last) = (begin, begin);
            for turn in start..=end {
                let own = pair(turn)?;
                if turn > start {
                    sums.inner.shared += shared(&last, &own);
                    all = unite(all, own)?;
                }
                sums.inner.each += count(&own);
                sums.inner.largest = sums.inner.largest.max(count(&own));
                last = own;
            }
            sums.inner_around += shared(&begin, &last);
            sums.outer.each += count(&all);
            sums.outer.largest = sums.outer.largest.max(count(&all));
            if let Some((before_all, before_last)) = &before {
                sums.outer.shared += shared(before_all, &all);
                sums.outer_advances += shared(before_last, &begin);
            }
            let (first_all, first_begin) = *first.get_or_insert((all, begin));
            sums.outer.around = shared(&first_all, &all);
            sums.inner.around = shared(&first_begin, &last);
            before = Some((all, last));
            at += 1;
        }
        Ok(sums)
    }
}

/// What two parts touch together, as a part.
fn union(shape: &Shape, view: View, axis: Axis, a: Part, b: Part) -> Result<Part, Error> {
    let hull =
        Part { inputs: a.inputs.hull(b.inputs), outputs: a.outputs.hull(b.outputs), filter: a.filter.hull(b.filter) };
    if view != View::Windows || a.filter == b.filter || a.outputs == b.outputs {
        return Ok(hull);
    }
    let slide = shape.slides[axis];
    if slide.stride != 1 {
        return Err(Error::TooIrregular);
    }
    let rows = slide.rows(a.outputs, a.filter).hull(slide.rows(b.outputs, b.filter));
    Ok(Part { inputs: rows, outputs: rows, filter: super::axis::Span::new(0, 1) })
}
