//! What L2 keeps of each tensor, and what therefore moves off-chip.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::MAX_MAPS;
use super::axis::{Axis, PerAxis, Shape, View};
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

impl Sums {
    fn new(shape: &Shape, view: View, axis: Axis, tiles: &Tiles) -> Result<Sums, Error> {
        let part = &shape.whole[axis];
        let hull = |turn: i32| tiles.hull(part, turn).ok_or(Error::IllFormed { level: 1 });
        let count = |turn: i32| hull(turn).map(|tile| shape.count(view, axis, &tile));
        let shared = |a: i32, b: i32| Ok::<_, Error>(shape.shared(view, axis, &hull(a)?, &hull(b)?));
        let last = tiles.turns - 1;
        let (first, end) = (hull(0)?, hull(last)?);
        let all = super::axis::Part {
            inputs: first.inputs.hull(end.inputs),
            outputs: first.outputs.hull(end.outputs),
            filter: first.filter.hull(end.filter),
        };
        let mut sums = Sums {
            each: 0,
            shared: 0,
            around: shared(0, last)?,
            largest: count(0)?,
            whole: shape.count(view, axis, &all),
        };
        if tiles.regular && last > 1 {
            sums.each = i64::from(last) * count(0)? + count(last)?;
            sums.shared = i64::from(last - 1) * shared(0, 1)? + shared(last - 1, last)?;
        } else {
            for turn in 0..=last {
                let own = count(turn)?;
                sums.each += own;
                sums.largest = own.max(sums.largest);
                if turn > 0 {
                    sums.shared += shared(turn - 1, turn)?;
                }
            }
        }
        Ok(sums)
    }
}

/// The depths at which L2 may keep a tensor: a sum of products over loops for each.
///
/// What a footprint shares with the one before it is a product over axes, too: where a loop advances, those outside of it
/// stand still, and those inside go around.
pub(super) fn options(shape: &Shape, level: &Level, tiles: &PerAxis<Tiles>, tensor: Tensor) -> Result<Options, Error> {
    let mut options = Options::new();
    if tensor == Tensor::Filter && !shape.has_filter {
        // Nothing of it is kept at any depth. There is room for every loop.
        for depth in 0..=level.loops.len() {
            let _ = options.push(Retention { depth: depth as u8, ..Retention::default() });
        }
        return Ok(options);
    }
    let views = &shape.views[tensor];
    let mut sums: PerAxis<Option<Sums>> = PerAxis([None; 6]);
    let mut still = 1;
    for axis in shape.axes() {
        let own = Sums::new(shape, views[axis], axis, &tiles[axis])?;
        if tiles[axis].turns > 1 { sums[axis] = Some(own) } else { still *= own.whole }
    }
    // Of the loops outside: the product of sums over all turns, and what footprints share with those before them.
    let (mut each, mut shared, mut largest) = (1, 0, 1);
    let mut inside = sums;
    let mut push = |depth: usize, each: i64, shared: i64, largest: i64, inside: &PerAxis<Option<Sums>>| {
        let rest: i64 = still * inside.0.iter().flatten().map(|sums| sums.whole).product::<i64>();
        let option = Retention { depth: depth as u8, footprint: largest * rest, entering: (each - shared) * rest };
        // There is room for every loop.
        let _ = options.push(option);
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
