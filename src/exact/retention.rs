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
        let before_last = if end > 2 { hull(end - 1)? } else if end == 2 { second } else { first };
        let all = Part {
            inputs: first.inputs.hull(last.inputs),
            outputs: first.outputs.hull(last.outputs),
            filter: first.filter.hull(last.filter),
        };
        Ok(Ends { first, second, before_last, last, all })
    }
}

impl Sums {
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
    if tensor == Tensor::Filter && !shape.has_filter {
        // Nothing of it is kept at any depth. There is room for two.
        let _ = options.push(Retention::default());
        let _ = options.push(Retention { depth: level.loops.len() as u8, ..Retention::default() });
        return Ok(options);
    }
    let views = &shape.views[tensor];
    let mut sums: PerAxis<Option<Sums>> = PerAxis([None; 6]);
    let mut still = 1;
    for axis in shape.axes() {
        match &ends[axis] {
            Some(ends) => sums[axis] = Some(Sums::new(shape, views[axis], axis, &tiles[axis], ends)?),
            None => {
                let tile = tiles[axis].hull(&shape.whole[axis], 0).ok_or(Error::IllFormed { level: 1 })?;
                still *= shape.count(views[axis], axis, &tile);
            }
        }
    }
    // Of the loops outside: the product of sums over all turns, and what footprints share with those before them.
    let (mut each, mut shared, mut largest) = (1, 0, 1);
    let mut inside = sums;
    let mut push = |depth: usize, each: i64, shared: i64, largest: i64, inside: &PerAxis<Option<Sums>>| {
        let rest: i64 = still * inside.0.iter().flatten().map(|sums| sums.whole).product::<i64>();
        let option = Retention { depth: depth as u8, footprint: largest * rest, entering: (each - shared) * rest };
        match options.last_mut() {
            // The whole tensor needs no second place, so that it is an option of its own.
            Some(last) if last.depth > 0 && (last.footprint, last.entering) == (option.footprint, option.entering) => {
                *last = option;
            }
            // There is room for every loop.
            _ => drop(options.push(option)),
        }
    };
    push(0, each, shared, largest, &inside);
    for (place, &(axis, is_filter)) in level.loops.iter().enumerate() {
        let moves = tiles[axis].filter_moves == is_filter || tiles[axis].together();
        if let Some(own) = inside[axis].filter(|_| moves) {
            inside[axis] = None;
            shared = shared * own.around + each * own.shared;
            each *= own.each;
            largest *= own.largest;
        }
        push(place + 1, each, shared, largest, &inside);
    }
    Ok(options)
}
