//! Checks that the tiles of a mapping cover the layer.

use super::axis::{Axis, Part, Span};
use super::level::Level;
use super::shape::Shape;
use super::slide::offset;
use super::spans::Spans;
use super::tiles::Tiles;
use super::time::{divide_up, unsigned};
use crate::error::Error;
use core::num::NonZeroU64;
/// Refuses a mapping that leaves iteration points out, and names the dimension.
pub(super) fn check(shape: &Shape, levels: &[Level]) -> Result<(), Error> {
    shape.axes().try_for_each(|axis| {
        let (part, stride) = (&shape.whole[axis], shape.slides[axis].stride);
        let surely = |level: &Level| !level.pairs_axes() && level.always_covers(axis, stride, part.filter.hi);
        if levels.iter().all(surely) {
            return Ok(());
        }
        match covered(shape, levels, axis, part) {
            // A box that overlaps this one may contain what this one leaves out. Then there is no gap, but the
            // mapping is too irregular: which sub-clusters have nothing to do differs from box to box.
            Err(gap @ Error::Gaps { level: number @ 2.., .. }) => {
                let filled = match levels.iter().any(Level::pairs_axes) {
                    // With paired axes, one axis alone cannot decide this.
                    true => levels.iter().take_while(|level| level.number < number).any(|level| level.overlaps(shape)),
                    false => Filled::of(shape, levels, axis).unwrap_or(false),
                };
                Err(if filled { Error::TooIrregular } else { gap })
            }
            answer => answer,
        }
    })
}
/// The outputs that the tiles of all levels together contain for one filter row.
struct Filled<'a> {
    shape: &'a Shape,
    axis: Axis,
    row: i32,
    outputs: Spans,
    /// Number of tiles visited so far.
    looked_at: u32,
}
impl Filled<'_> {
    /// Whether the tiles contain all iteration points of an axis.
    ///
    /// # Errors
    /// [`Error::TooIrregular`] if there are too many tiles to visit.
    fn of(shape: &Shape, levels: &[Level], axis: Axis) -> Result<bool, Error> {
        let whole = &shape.whole[axis];
        let mut filled = Filled { shape, axis, row: 0, outputs: Spans::default(), looked_at: 0 };
        for row in whole.filter.lo..whole.filter.hi {
            (filled.row, filled.outputs) = (row, Spans::default());
            filled.add(levels, whole)?;
            if filled.outputs.measure(Span::len) < whole.outputs.len() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn add(&mut self, levels: &[Level], part: &Part) -> Result<(), Error> {
        const MOST: u32 = 1 << 12;
        let Some((level, below)) = levels.split_first() else { return self.outputs.add(part.outputs) };
        let tiles = level.divide(self.shape, self.axis, part)?;
        for turn in 0..tiles.turns {
            for tile in tiles.taken(part, turn) {
                self.looked_at += 1;
                if self.looked_at > MOST {
                    return Err(Error::TooIrregular);
                }
                if tile.filter.lo <= self.row && self.row < tile.filter.hi {
                    self.add(below, &tile)?;
                }
            }
        }
        Ok(())
    }
}
/// Checks that the tiles of all levels cover a part of an axis.
fn covered(shape: &Shape, levels: &[Level], axis: Axis, part: &Part) -> Result<(), Error> {
    let Some((level, below)) = levels.split_first() else { return Ok(()) };
    let tiles = level.divide(shape, axis, part)?;
    if level.pairs_axes() && tiles.spatial && (tiles.numbers() != (0, 0) || tiles.is_joint()) {
        // Sub-cluster q takes tile q of both axes, so that all other pairs of tiles are never computed.
        return Err(gap(level, axis, part, &tiles, part.points() - tiles.tile(part, 0).points()));
    }
    if tiles.is_joint() {
        return joint_covered(shape, level, below, axis, part, &tiles);
    }
    let (mut points, mut previous) = (0, None::<Part>);
    let mut visit = |number: i32, times: i64| {
        let tile = tiles.tile(part, number);
        let shared = previous
            .map_or(0, |previous| tile.outputs.meet(previous.outputs).len() * tile.filter.meet(previous.filter).len());
        points += (tile.points() - shared) * times;
        if tile.is_empty() || previous.is_some_and(|previous| offset(&previous, &tile, shape.slides[axis]).is_some()) {
            previous = Some(tile);
            return Ok(());
        }
        previous = Some(tile);
        covered(shape, below, axis, &tile)
    };
    let (first, last) = tiles.numbers();
    if tiles.regular && last - first > 1 {
        visit(first, 1)?;
        visit(first + 1, i64::from(last - first - 1))?;
        // The last tile may be cut, so that it is compared with the one before it.
        previous = Some(tiles.tile(part, last - 1));
        let tile = tiles.tile(part, last);
        let shared = previous
            .map_or(0, |before| tile.outputs.meet(before.outputs).len() * tile.filter.meet(before.filter).len());
        points += tile.points() - shared;
        let alike = previous.is_some_and(|previous| offset(&previous, &tile, shape.slides[axis]).is_some());
        if !(tile.is_empty() || alike) {
            covered(shape, below, axis, &tile)?;
        }
    } else {
        (first..=last).try_for_each(|number| visit(number, 1))?;
    }
    match part.points() - points {
        0 => Ok(()),
        left_out => Err(gap(level, axis, part, &tiles, left_out)),
    }
}
/// The same if body and filter each advance in a loop of their own: checks the outputs for each filter element.
fn joint_covered(
    shape: &Shape,
    level: &Level,
    below: &[Level],
    axis: Axis,
    part: &Part,
    tiles: &Tiles,
) -> Result<(), Error> {
    let mut points = 0;
    for row in part.filter.lo..part.filter.hi {
        // Tiles come in ascending order. Each adds what lies past the tiles before.
        let mut upto = part.outputs.lo;
        let mut each = |tile: Part| {
            if tile.filter.lo <= row && row < tile.filter.hi && tile.outputs.lo <= upto {
                points += i64::from((tile.outputs.hi - upto).max(0));
                upto = upto.max(tile.outputs.hi);
            }
        };
        for turn in 0..tiles.turns {
            tiles.taken(part, turn).for_each(&mut each);
        }
    }
    if points != part.points() {
        return Err(gap(level, axis, part, tiles, part.points() - points));
    }
    for turn in 0..tiles.turns {
        for tile in tiles.taken(part, turn) {
            covered(shape, below, axis, &tile)?;
        }
    }
    Ok(())
}
fn gap(level: &Level, axis: Axis, part: &Part, tiles: &Tiles, left_out: i64) -> Error {
    // Points are converted to elements of the dimension: each element stands for as many points as the other
    // dimension has elements.
    let each = if tiles.filter_moves { part.outputs.len() } else { part.filter.len() };
    let each = NonZeroU64::new(unsigned(each)).unwrap_or(NonZeroU64::MIN);
    let along = |points: i64| u32::try_from(divide_up(unsigned(points), each)).unwrap_or(u32::MAX);
    let of = along(part.points());
    Error::Gaps { level: level.number, dim: level.dim(axis, tiles.filter_moves), of, left_out: along(left_out) }
}
