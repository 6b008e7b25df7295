//! What L2 keeps of each tensor, and what therefore moves off-chip.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::axis::{Axis, Part, PerAxis, Shape, View};
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

/// Elements of a tensor along each axis, as far as operations touch them.
pub(super) fn extents(shape: &Shape, tensor: Tensor) -> PerAxis<i64> {
    if tensor == Tensor::Filter && !shape.has_filter {
        return PerAxis([0; 6]);
    }
    let mut extents = PerAxis([1; 6]);
    for axis in shape.axes() {
        extents[axis] = shape.count(shape.views[tensor][axis], axis, &shape.whole[axis]);
    }
    extents
}

/// The whole of a tensor, as far as operations touch it: what L2 keeps where it has no limit.
pub(super) fn whole(extents: &PerAxis<i64>) -> Retention {
    let all = extents.0.iter().product();
    Retention { depth: 0, footprint: all, entering: all }
}

/// What a loop's turns touch of a tensor along its axis.
#[derive(Clone, Copy, Debug, Default)]
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

/// Whether a tensor that looks at an axis so has the same in every turn.
fn is_still(view: View, tiles: &Tiles) -> bool {
    view == View::Uncoupled || (view == View::Filter && !tiles.filter_moves)
}

/// A loop of level 1 that takes several turns.
struct Loop {
    axis: Axis,
    /// How many loops are outside of it, those of one turn counted.
    place: u8,
    /// What all sub-clusters have in the first turn and in the last.
    first: Part,
    last: Part,
}

impl Loop {
    fn new(shape: &Shape, axis: Axis, place: u8, tiles: &Tiles) -> Option<Loop> {
        let hull = |turn: i32| tiles.hull(&shape.whole[axis], turn);
        Some(Loop { axis, place, first: hull(0)?, last: hull(tiles.turns - 1)? })
    }

    /// What its turns touch of a tensor that looks at its axis so, all of which is `whole`.
    fn sums(&self, shape: &Shape, view: View, whole: i64, tiles: &Tiles) -> Sums {
        let Loop { axis, first, last, .. } = self;
        let turns = i64::from(tiles.turns);
        if is_still(view, tiles) {
            // Once what is inside.
            return Sums { each: turns, shared: turns - 1, around: 1, largest: 1, whole: 1 };
        }
        let count = |part: &Part| shape.count(view, *axis, part);
        let shared = |a: &Part, b: &Part| shape.shared(view, *axis, a, b);
        let (one, end, around) = (count(first), count(last), shared(first, last));
        let largest = one.max(end);
        let slide = shape.slides[*axis];
        if tiles.turns == 2 {
            return Sums { each: one + end, shared: around, around, largest, whole };
        }
        if tiles.regular && slide.every == 1 && !(tiles.filter_moves && slide.stride > 1) {
            let each = (turns - 1) * one + end;
            // What they touch are intervals that go one way and leave nothing out.
            return Sums { each, shared: each - whole, around, largest, whole };
        }
        let mut sums = Sums { each: one, shared: 0, around, largest, whole };
        let mut before = *first;
        for tile in (1..tiles.turns).filter_map(|turn| tiles.hull(&shape.whole[*axis], turn)) {
            let own = count(&tile);
            sums.each += own;
            sums.largest = own.max(sums.largest);
            sums.shared += shared(&before, &tile);
            before = tile;
        }
        sums
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
    /// Those of a level.
    pub fn new(shape: &'a Shape, level: &Level, nest: &'a Nest) -> Loops<'a> {
        let deepest = level.loops.len() as u8;
        let mut loops = Loops { shape, nest, moving: Vec::new(), joints: Vec::new(), deepest };
        for (place, &(axis, is_filter)) in (0..).zip(&level.loops) {
            let own = nest.tiles(axis);
            // Of maps that advance together there is one.
            if !own.moves_in(is_filter) {
                continue;
            }
            if own.is_joint() {
                match loops.joints.iter_mut().find(|(other, _)| *other == axis) {
                    Some((_, places)) => places.inner = place,
                    None => drop(loops.joints.push((axis, Places { outer: place, inner: place }))),
                }
            }
            // There is room for two loops of an axis with a filter and one of another.
            Loop::new(shape, axis, place, own).map(|own| loops.moving.push(own));
        }
        loops
    }

    /// The depths at which L2 may keep a tensor: a sum of products over loops for each.
    ///
    /// What a footprint shares with the one before it is a product over axes, too: where a loop advances, those outside of it
    /// stand still, and those inside go around.
    ///
    /// Hands them on from the outermost.
    pub fn options(
        &self,
        tensor: Tensor,
        extents: &PerAxis<i64>,
        mut each_depth: impl FnMut(Retention),
    ) -> Result<(), Error> {
        let Loops { shape, nest, deepest, .. } = *self;
        let (views, whole) = (&shape.views[tensor], whole(extents));
        // The whole tensor needs no second place, so that it is an option of its own.
        each_depth(whole);
        let next_place = |passed: usize| self.moving.get(passed).map_or(deepest, |next| next.place);
        let mut joints: Vec<(Places, JointSums), 2> = Vec::new();
        for (axis, places) in &self.joints {
            let _ =
                joints.push((*places, JointSums::new(shape, views[*axis], *axis, nest.tiles(*axis))?));
        }
        // Whole ones of the loops that are still inside.
        let inside: i64 = joints.iter().map(|(_, joint)| joint.outer.whole).product();
        let mut inside = whole.footprint.checked_div(inside).unwrap_or(0);
        // Products over the loops outside of the depth: all turns, the largest one, and what turns share with the ones before
        // them, whichever loop advances; the same by the loop that does where joint loops come in at the end.
        let (mut each, mut largest, mut kept) = (1, 1, 0);
        let mut shared: Vec<(u8, i64), 8> = Vec::new();
        if next_place(0) > 0 {
            each_depth(Retention { depth: next_place(0), ..whole });
        }
        for (number, own_loop) in self.moving.iter().enumerate() {
            let Loop { axis, place, .. } = own_loop;
            let tiles = nest.tiles(*axis);
            if tiles.is_joint() {
                let _ = shared.push((*place, each));
            } else {
                let own = own_loop.sums(shape, views[*axis], extents[*axis], tiles);
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
            let stays = |next: &Loop| is_still(views[next.axis], nest.tiles(next.axis));
            if joints.is_empty() && self.moving.get(number + 1).is_some_and(stays) {
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
#[derive(Clone, Copy, Debug, Default)]
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
        let mut sums = JointSums::default();
        sums.outer.whole = count(whole);
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
