//! What a sub-cluster held along an axis before a step.

use heapless::Vec;

use crate::error::Error;

use super::axis::{Part, distance};

/// A tile that a sub-cluster held before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Past {
    pub part: Part,
    /// Whether no output has been given away since.
    pub kept: bool,
}

/// What a sub-cluster held along an axis: its last tile, and earlier ones. An earlier tile matters if it was larger
/// than the tiles after it: then some sub-clusters of the sub-cluster have been idle since, and still hold their part
/// of the earlier tile. Earlier tiles are stored in [`Pasts`].
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    last: Past,
    /// Number of tiles, the last one included; 0 if the sub-cluster never had a tile.
    len: u8,
    earlier: u8,
}

impl History {
    /// A cut tile and a full tile for each of two levels. Earlier tiles make no difference to any sub-cluster.
    const MOST: u8 = 4;

    pub const NONE: History = History { last: Past { part: Part::ONE, kept: true }, len: 0, earlier: 0 };

    pub const fn of(part: Part, kept: bool) -> History {
        History { last: Past { part, kept }, len: 1, earlier: 0 }
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether there are no earlier tiles.
    pub const fn at_most_one(&self) -> bool {
        self.len <= 1
    }

    pub fn last(&self) -> Option<&Past> {
        (self.len > 0).then_some(&self.last)
    }

    /// The tile, if there is exactly one.
    pub fn single(&self) -> Option<&Past> {
        (self.len == 1).then_some(&self.last)
    }
}

/// The earlier tiles of all histories, as a stack.
pub(super) struct Pasts {
    earlier: Vec<Past, { Pasts::MOST }>,
}

impl Pasts {
    const MOST: usize = 64;

    pub const fn new() -> Pasts {
        Pasts { earlier: Vec::new() }
    }

    /// The present number of tiles, to which [`Pasts::forget`] can return.
    pub fn mark(&self) -> usize {
        self.earlier.len()
    }

    /// Removes the tiles that were added after a mark.
    pub fn forget(&mut self, mark: usize) {
        self.earlier.truncate(mark);
    }

    /// The tiles of a history, the latest first.
    pub fn of<'a>(&'a self, history: &'a History) -> impl Iterator<Item = &'a Past> {
        let earlier = self.earlier.iter().skip(history.earlier.into()).take(usize::from(history.len.saturating_sub(1)));
        history.last().into_iter().chain(earlier)
    }

    /// Adds an older tile to `history`, which must be the newest one, if some sub-clusters below have been idle
    /// since.
    pub fn remember(&mut self, history: &mut History, part: Part, kept: bool) -> Result<(), Error> {
        let past = Past { part, kept };
        if history.is_empty() {
            *history = History::of(part, kept);
            return Ok(());
        }
        let newest = if history.len == 1 { &history.last } else { self.earlier.last().unwrap_or(&history.last) };
        if part.points() > newest.part.points() && history.len < History::MOST {
            if history.len == 1 {
                history.earlier = self.earlier.len() as u8;
            }
            self.earlier.push(past).map_err(|_| Error::TooIrregular)?;
            history.len += 1;
        }
        Ok(())
    }

    /// A copy of a history, with each tile moved by `shift` (inputs, outputs, filter elements).
    pub fn moved(&mut self, history: &History, shift: [i32; 3]) -> Result<History, Error> {
        let mut other = *history;
        other.last.part = history.last.part.moved(shift);
        other.earlier = self.earlier.len() as u8;
        for earlier in 1..history.len {
            let place = usize::from(history.earlier) + usize::from(earlier) - 1;
            let Some(past) = self.earlier.get(place).copied() else { break };
            let past = Past { part: past.part.moved(shift), kept: past.kept };
            self.earlier.push(past).map_err(|_| Error::TooIrregular)?;
        }
        Ok(other)
    }

    /// Whether `b` is the same history as `a`, moved by `shift`.
    pub fn alike(&self, a: &History, b: &History, shift: [i32; 3]) -> bool {
        let pairs = || self.of(a).zip(self.of(b));
        a.len == b.len && pairs().all(|(a, b)| a.kept == b.kept && distance(&a.part, &b.part) == Some(shift))
    }
}
