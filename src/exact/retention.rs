//! What L2 keeps of each tensor, and what therefore moves off-chip.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::axis::{Axis, Part, Shape, View};
use super::cluster::Nest;
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

/// The whole of a tensor, as far as operations touch it: what L2 keeps where it has no limit.
pub(super) fn whole(shape: &Shape, tensor: Tensor) -> Retention {
    if tensor == Tensor::Filter && !shape.has_filter {
        return Retention::default();
    }
    let count = |axis: Axis| shape.count(shape.views[tensor][axis], axis, &shape.whole[axis]);
    let all: i64 = shape.axes().map(count).product();
    Retention { depth: 0, footprint: all, entering: all }
}

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
    /// The same in every turn.
    still: bool,
}

/// The tiles of an axis that decide about its sums: what all sub-clusters have in the first two turns and the last two.
struct Ends {
    first: Part,
    second: Part,
    before_last: Part,
    last: Part,
}

impl Ends {
    fn new(part: &Part, tiles: &Tiles) -> Result<Ends, Error> {
        let hull = |turn: i32| tiles.hull(part, turn).ok_or(Error::IllFormed { level: 1 });
        let end = tiles.turns - 1;
        let (first, last) = match tiles.ends() {
            // The layer begins at 0.
            Some((first, last)) if tiles.clusters == 1 => (*first, *last),
            _ => (hull(0)?, hull(end)?),
        };
        if end > 1 && tiles.ends().is_some() {
            let moved = |turns: i32| first.moved(tiles.shift().map(|shift| shift * tiles.clusters * turns));
            return Ok(Ends { first, second: moved(1), before_last: moved(end - 1), last });
        }
        let second = if end > 1 { hull(1)? } else { last };
        let before_last = match end {
            0 | 1 => first,
            2 => second,
            _ => hull(end - 1)?,
        };
        Ok(Ends { first, second, before_last, last })
    }
}

impl Sums {
    const NONE: Sums = Sums { each: 0, shared: 0, around: 0, largest: 0, whole: 0, still: false };

    /// Where turns are all the same.
    fn still(tiles: &Tiles, all: i64) -> Sums {
        let turns = i64::from(tiles.turns);
        Sums { each: turns * all, shared: (turns - 1) * all, around: all, largest: all, whole: all, still: true }
    }

    fn new(shape: &Shape, view: View, axis: Axis, tiles: &Tiles, ends: &Ends) -> Result<Sums, Error> {
        let end = i64::from(tiles.turns) - 1;
        let count = |part: &Part| shape.count(view, axis, part);
        let shared = |a: &Part, b: &Part| shape.shared(view, axis, a, b);
        let mut sums = Sums {
            each: 0,
            shared: 0,
            around: shared(&ends.first, &ends.last),
            largest: count(&ends.first),
            whole: count(&ends.first.to(&ends.last)),
            still: false,
        };
        if (tiles.regular && shape.slides[axis].every == 1) || end == 1 {
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

/// A loop of level 1 that takes several turns.
struct Loop {
    axis: Axis,
    /// How many loops are outside of it, those of one turn counted.
    place: u8,
    /// What its turns touch, by how a tensor looks at the axis; nothing of joint loops, which come in at the end.
    uncoupled: Sums,
    outputs: Sums,
    filter: Sums,
    windows: Sums,
}

impl Loop {
    /// Looks at what turns touch.
    fn add_up(&mut self, shape: &Shape, tiles: &Tiles) -> Result<(), Error> {
        let (axis, part) = (self.axis, &shape.whole[self.axis]);
        let ends = Ends::new(part, tiles)?;
        self.uncoupled = Sums::still(tiles, 1);
        self.outputs = Sums::new(shape, View::Outputs, axis, tiles, &ends)?;
        if !axis.is_plain() {
            self.windows = Sums::new(shape, View::Windows, axis, tiles, &ends)?;
            self.filter = match tiles.filter_moves {
                true => Sums::new(shape, View::Filter, axis, tiles, &ends)?,
                false => Sums::still(tiles, part.filter.len()),
            };
        }
        Ok(())
    }

    /// What its turns touch of a tensor.
    fn sums(&self, shape: &Shape, tensor: Tensor) -> &Sums {
        match shape.views[tensor][self.axis] {
            View::Uncoupled => &self.uncoupled,
            View::Outputs => &self.outputs,
            View::Filter => &self.filter,
            View::Windows => &self.windows,
        }
    }
}

/// The loops of level 1, as far as retention goes.
pub(super) struct Loops<'a> {
    shape: &'a Shape,
    nest: &'a Nest,
    /// Those of several turns, outermost first; both of joint loops.
    moving: Vec<Loop, 8>,
    /// The places of joint loops.
    joints: Vec<(Axis, Places), 2>,
    /// How many loops there are, those of one turn counted.
    deepest: u8,
}

impl<'a> Loops<'a> {
    /// None of them yet.
    pub fn new(shape: &'a Shape, level: &Level, nest: &'a Nest) -> Loops<'a> {
        Loops { shape, nest, moving: Vec::new(), joints: Vec::new(), deepest: level.loops.len() as u8 }
    }

    /// Adds those of a level.
    pub fn add(&mut self, level: &Level) -> Result<(), Error> {
        let Loops { shape, nest, .. } = *self;
        for (place, &(axis, is_filter)) in level.loops.iter().enumerate() {
            let own = nest.tiles(axis);
            let place = place as u8;
            // Of maps that advance together there is one.
            if !own.moves_in(is_filter) {
                continue;
            }
            if own.is_joint() {
                match self.joints.iter_mut().find(|(other, _)| *other == axis) {
                    Some((_, places)) => places.inner = place,
                    None => drop(self.joints.push((axis, Places { outer: place, inner: place }))),
                }
            }
            // There is room for two loops of an axis with a filter and one of another.
            let (uncoupled, outputs, filter, windows) = (Sums::NONE, Sums::NONE, Sums::NONE, Sums::NONE);
            let _ = self.moving.push(Loop { axis, place, uncoupled, outputs, filter, windows });
            if let Some(last) = self.moving.last_mut().filter(|_| !own.is_joint()) {
                last.add_up(shape, own)?;
            }
        }
        Ok(())
    }

    /// The depths at which L2 may keep a tensor: a sum of products over loops for each.
    ///
    /// What a footprint shares with the one before it is a product over axes, too: where a loop advances, those outside of it
    /// stand still, and those inside go around.
    ///
    /// Hands them on from the outermost.
    pub fn options(&self, tensor: Tensor, mut each_depth: impl FnMut(Retention)) -> Result<(), Error> {
        let Loops { shape, nest, deepest, .. } = *self;
        let whole = whole(shape, tensor);
        // The whole tensor needs no second place, so that it is an option of its own.
        each_depth(whole);
        if tensor == Tensor::Filter && !shape.has_filter {
            // Nothing of it is kept at any depth.
            each_depth(Retention { depth: deepest, ..whole });
            return Ok(());
        }
        let next_place = |passed: usize| self.moving.get(passed).map_or(deepest, |next| next.place);
        let mut joints: Vec<(Places, JointSums), 2> = Vec::new();
        for (axis, places) in &self.joints {
            let _ =
                joints.push((*places, JointSums::new(shape, shape.views[tensor][*axis], *axis, nest.tiles(*axis))?));
        }
        // Whole ones of the loops that are still inside.
        let inside: i64 = joints.iter().map(|(_, joint)| joint.outer.whole).product();
        let mut inside = if inside == 0 { 0 } else { whole.footprint.checked_div(inside).unwrap_or(0) };
        // Products over the loops outside of the depth: all turns, the largest one, and what turns share with the ones before
        // them, whichever loop advances; the same by the loop that does where joint loops come in at the end.
        let (mut each, mut largest, mut kept) = (1, 1, 0);
        let mut shared: Vec<(u8, i64), 8> = Vec::new();
        if next_place(0) > 0 {
            each_depth(Retention { depth: next_place(0), ..whole });
        }
        for (number, own_loop) in self.moving.iter().enumerate() {
            let Loop { axis, place, .. } = own_loop;
            let own = own_loop.sums(shape, tensor);
            if nest.tiles(*axis).is_joint() {
                let _ = shared.push((*place, each));
            } else {
                if !joints.is_empty() {
                    shared.iter_mut().for_each(|(_, shared)| *shared *= own.around);
                    let _ = shared.push((*place, each * own.shared));
                }
                kept = kept * own.around + each * own.shared;
                each *= own.each;
                largest *= own.largest;
                inside = inside.checked_div(own.whole).unwrap_or(0);
            }
            // A loop that stands still changes neither footprints nor what enters them: only the innermost such depth counts.
            let next = self.moving.get(number + 1).map(|next| next.sums(shape, tensor));
            if joints.is_empty() && next.is_some_and(|next| next.still) {
                continue;
            }
            let depth = next_place(number + 1);
            let mut option = Retention { depth, footprint: largest * inside, entering: each };
            for (places, own) in &joints {
                option.footprint *= own.largest(*places, depth);
                option.entering *= own.each(*places, depth);
            }
            if !joints.is_empty() {
                let along = |(advanced, shared): &(u8, i64)| {
                    let own = |(places, own): &(Places, JointSums)| own.shared(*places, depth, *advanced);
                    shared * joints.iter().map(own).product::<i64>()
                };
                kept = shared.iter().map(along).sum();
            }
            option.entering = (option.entering - kept) * inside;
            each_depth(option);
        }
        Ok(())
    }
}

/// The places of joint loops.
#[derive(Clone, Copy, Debug)]
struct Places {
    outer: u8,
    inner: u8,
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
            let mut parts = tiles.taken(whole, turn);
            let first = parts.next().ok_or(missing)?;
            parts.try_fold(first, unite)
        };
        let count = |part: &Part| shape.count(view, axis, part);
        let shared = |a: &Part, b: &Part| shape.shared(view, axis, a, b);
        let none = Sums { whole: count(whole), ..Sums::NONE };
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
