//! What L2 can keep of each tensor, for each depth, and what then moves off-chip. `l2` chooses among these options.

use heapless::Vec;

use crate::count::divide_unsigned;
use crate::dim::{PerTensor, Tensor};
use crate::error::Error;

use super::along::Along;
use super::axis::{Axis, Part, PerAxis};
use super::cluster::Frame;
use super::level::Level;
use super::shape::{Coupling, Shape};
use super::tiles::Tiles;

/// An option of what L2 keeps of a tensor: what the loops of level 1 inside of a depth touch (the footprint).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Retention {
    /// Number of loops outside of the depth.
    pub depth: u8,
    /// Elements of the largest footprint.
    pub footprint: i64,
    /// Elements that enter a footprint, summed over all footprints.
    pub entering: i64,
}

/// Elements of each tensor along each axis that operations touch.
pub(super) fn extents(shape: &Shape) -> PerTensor<PerAxis<i64>> {
    let mut extents = PerTensor([PerAxis([1; 6]); 3]);
    for axis in shape.axes() {
        let counts = shape.counts(axis, &shape.whole[axis]);
        for (extents, count) in extents.0.iter_mut().zip(counts) {
            extents[axis] = count;
        }
    }
    if !shape.has_filter {
        extents[Tensor::Filter] = PerAxis([0; 6]);
    }
    extents
}

/// The option of keeping all elements of a tensor that operations touch. L2 without a limit does so.
pub(super) fn whole(extents: &PerAxis<i64>) -> Retention {
    let all = extents.0.iter().product();
    Retention { depth: 0, footprint: all, entering: all }
}

/// Elements of a tensor that the turns of a loop touch along the loop's axis.
#[derive(Clone, Copy, Debug)]
struct Sums {
    /// Summed over all turns.
    each: i64,
    /// Elements that a turn shares with the turn before, summed over all turns but the first.
    shared: i64,
    /// Elements that the first and the last turn share.
    around: i64,
    largest: i64,
    whole: i64,
}

impl Sums {
    const NONE: Sums = Sums { each: 0, shared: 0, around: 0, largest: 0, whole: 0 };
}

/// A loop of level 1 that takes several turns.
struct Loop<'a> {
    /// Number of loops outside of this loop, including those of a single turn.
    place: u8,
    axis: Axis,
    tiles: &'a Tiles,
    ends: Ends<'a>,
}

/// The source of what the first and the last turn of a loop touch.
enum Ends<'a> {
    /// The step along the loop's axis, in which the walk left the loop going around.
    Walked(&'a Along),
    /// The parts that the first and the last turn compute.
    Parts(Part, Part),
}

impl Loop<'_> {
    /// Whether all turns touch the same elements of a tensor with this coupling to the axis.
    fn stands_still(&self, coupling: Coupling) -> bool {
        coupling == Coupling::Uncoupled || (coupling == Coupling::Filter && !self.tiles.filter_moves)
    }

    /// What the turns of the loop touch of a tensor, which has `whole` elements along the whole axis.
    fn sums(&self, shape: &Shape, tensor: Tensor, whole: i64) -> Sums {
        let Loop { axis, tiles, .. } = *self;
        let (coupling, slide) = (shape.couplings[tensor][axis], shape.slides[axis]);
        let count = |part: &Part| shape.count(coupling, axis, part);
        let hull = |turn: i32| tiles.hull(&shape.whole[axis], turn);
        let end = tiles.turns - 1;
        let (first, last, around) = match &self.ends {
            Ends::Walked(Along { factors, .. }) => {
                let (first, [input, filter]) = (factors.touched[tensor as usize], factors.held);
                let last = if tiles.is_even() { first } else { hull(end).map_or(0, |last| count(&last)) };
                (first, last, [input, filter, factors.stayed][tensor as usize])
            }
            Ends::Parts(first, last) => (count(first), count(last), shape.shared(coupling, axis, first, last)),
        };
        let mut sums = Sums { around, largest: first.max(last), whole, ..Sums::NONE };
        if tiles.regular && slide.every == 1 && !(tiles.filter_moves && slide.stride > 1) {
            sums.each = i64::from(end) * first + last;
            // The turns touch intervals that advance in one direction and leave nothing out.
            sums.shared = sums.each - whole;
            return sums;
        }
        let mut before = None;
        for tile in (0..tiles.turns).filter_map(hull) {
            let own = count(&tile);
            sums.each += own;
            sums.largest = own.max(sums.largest);
            sums.shared += before.map_or(0, |before| shape.shared(coupling, axis, &before, &tile));
            before = Some(tile);
        }
        sums
    }
}

/// The loops of level 1, as retention needs them.
pub(super) struct Loops<'a> {
    shape: &'a Shape,
    frame: &'a Frame,
    /// The loops of several turns, outermost first. Joint loops are two entries.
    moving: Vec<Loop<'a>, 8>,
    /// The places of joint loops.
    joints: Vec<(Axis, Places), 2>,
    /// Number of loops, including those of a single turn.
    deepest: u8,
}

impl<'a> Loops<'a> {
    /// The loops of a level whose steps have been walked.
    pub fn new(shape: &'a Shape, level: &Level, frame: &'a Frame) -> Loops<'a> {
        let mut loops =
            Loops { shape, frame, moving: Vec::new(), joints: Vec::new(), deepest: level.loops.len() as u8 };
        for (place, &(axis, is_filter)) in (0..).zip(&level.loops) {
            let tiles = frame.nest.tiles(axis);
            // Maps that advance together are a single loop.
            if !tiles.moves_in(is_filter) {
                continue;
            }
            // The walk has left each temporal loop going around, except the outermost one, which never goes around.
            let hull = |turn: i32| tiles.hull(&shape.whole[axis], turn).unwrap_or(Part::NONE);
            let ends = match axis == level.spatial() {
                true => Ends::Parts(hull(0), hull(tiles.turns - 1)),
                false => Ends::Walked(&frame.along[axis]),
            };
            // There is room for two loops of an axis with a filter and one of another.
            let _ = loops.moving.push(Loop { place, axis, tiles, ends });
            if tiles.is_joint() {
                match loops.joints.iter_mut().find(|(other, _)| *other == axis) {
                    Some((_, places)) => places.inner = place,
                    None => drop(loops.joints.push((axis, Places { outer: place, inner: place }))),
                }
            }
        }
        loops
    }

    /// Passes on an option for each depth at which L2 may keep a tensor, the outermost depth first. Each option is a
    /// sum of products over loops.
    ///
    /// What a footprint shares with the one before is a product over axes, too: when a loop advances, the loops
    /// outside of it stand still, and those inside of it go around.
    ///
    pub fn options(
        &self,
        tensor: Tensor,
        extents: &PerAxis<i64>,
        mut each_depth: impl FnMut(Retention),
    ) -> Result<(), Error> {
        let Loops { shape, deepest, .. } = *self;
        let (couplings, whole) = (&shape.couplings[tensor], whole(extents));
        // The whole tensor needs no double buffer, so that it is an option of its own.
        each_depth(whole);
        let next_place = |passed: usize| self.moving.get(passed).map_or(deepest, |next| next.place);
        let mut joints: Vec<(Places, JointSums), 2> = Vec::new();
        for (axis, places) in &self.joints {
            let _ =
                joints.push((*places, JointSums::new(shape, couplings[*axis], *axis, self.frame.nest.tiles(*axis))?));
        }
        // `inside`: product of the whole extents of all loops inside of the depth.
        let inside: i64 = joints.iter().map(|(_, joint)| joint.outer.whole).product();
        let mut inside = divide(whole.footprint, inside);
        // Products over the loops outside of the depth: the sum over all turns (`each`), the largest turn, and what
        // turns share with the turns before (`kept`, for all advancing loops). With joint loops, which are multiplied
        // in at the end, `shared` lists the latter for each advancing loop.
        let (mut each, mut largest, mut kept) = (1, 1, 0);
        let mut shared: Vec<(u8, i64), 8> = Vec::new();
        if next_place(0) > 0 {
            each_depth(Retention { depth: next_place(0), ..whole });
        }
        for (number, own_loop) in self.moving.iter().enumerate() {
            let Loop { place, axis, tiles, .. } = own_loop;
            if tiles.is_joint() {
                let _ = shared.push((*place, each));
            } else if joints.is_empty() && own_loop.stands_still(couplings[*axis]) {
                // In all turns but the first, the footprint is kept as it is.
                let turns = i64::from(tiles.turns);
                (kept, each) = (kept + each * (turns - 1), each * turns);
            } else {
                let own = &own_loop.sums(shape, tensor, extents[*axis]);
                if !joints.is_empty() {
                    shared.iter_mut().for_each(|(_, shared)| *shared *= own.around);
                    let _ = shared.push((*place, each * own.shared));
                }
                kept = kept * own.around + each * own.shared;
                each *= own.each;
                largest *= own.largest;
                inside = divide(inside, own.whole);
            }
            // A loop that stands still changes neither the footprints nor what enters them. Of such depths, only the
            // innermost is an option.
            if joints.is_empty()
                && self.moving.get(number + 1).is_some_and(|next| next.stands_still(couplings[next.axis]))
            {
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

/// The quotient of two counts, which are not negative.
fn divide(dividend: i64, divisor: i64) -> i64 {
    divide_unsigned(dividend as u64, divisor as u64) as i64
}

/// The places of joint loops.
#[derive(Clone, Copy, Debug)]
struct Places {
    outer: u8,
    inner: u8,
}

/// What the turns of joint loops touch. `outer` is about turns of the outer loop, each with all turns of the inner
/// loop; `inner` is about pairs of an outer and an inner turn.
#[derive(Clone, Copy, Debug)]
struct JointSums {
    outer: Sums,
    /// Its `shared` is summed over advances of the inner loop.
    inner: Sums,
    /// Elements shared by the first pair of a turn of the outer loop and the last pair of the turn before, summed
    /// over all turns.
    outer_advances: i64,
    /// Elements shared by the first and the last pair of a turn of the outer loop, summed over all turns.
    inner_around: i64,
}

impl JointSums {
    /// Elements of all footprints at a depth. Loops at places below `depth` are outside.
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

    /// Elements that footprints share with those before, summed over all advances of the loop at place `advanced`.
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

    #[cold]
    fn new(shape: &Shape, coupling: Coupling, axis: Axis, tiles: &Tiles) -> Result<JointSums, Error> {
        let whole = &shape.whole[axis];
        let missing = Error::IllFormed { level: 1 };
        let unite = |a: Part, b: Part| union(shape, coupling, axis, a, b);
        let pair = |turn: i32| {
            let mut parts = tiles.taken(whole, turn);
            let first = parts.next().ok_or(missing)?;
            parts.try_fold(first, unite)
        };
        let count = |part: &Part| shape.count(coupling, axis, part);
        let shared = |a: &Part, b: &Part| shape.shared(coupling, axis, a, b);
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
fn union(shape: &Shape, coupling: Coupling, axis: Axis, a: Part, b: Part) -> Result<Part, Error> {
    let hull =
        Part { inputs: a.inputs.hull(b.inputs), outputs: a.outputs.hull(b.outputs), filter: a.filter.hull(b.filter) };
    if coupling != Coupling::Windows || a.filter == b.filter || a.outputs == b.outputs {
        return Ok(hull);
    }
    let slide = shape.slides[axis];
    if slide.stride != 1 {
        return Err(Error::TooIrregular);
    }
    let rows = slide.rows(a.outputs, a.filter).hull(slide.rows(b.outputs, b.filter));
    Ok(Part { inputs: rows, outputs: rows, filter: super::axis::Span::new(0, 1) })
}
