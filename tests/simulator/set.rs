//! Sets of elements of one tensor, as bit masks.

use std::ops::{BitAnd, BitOr, BitOrAssign, Sub, SubAssign};

const WORDS: usize = 16;

/// The maximum number of elements of a tensor in the simulator.
pub const MAX_ELEMENTS: usize = 64 * WORDS;

/// A set of elements, each identified by its number in the tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Set([u64; WORDS]);

impl Set {
    /// The number of elements.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Adds the elements `at + i` for every bit `i` of `mask`.
    pub fn add(&mut self, at: usize, mask: u64) {
        let (word, shift) = (at / 64, at % 64);
        self.0[word] |= mask << shift;
        if shift > 0 && mask >> (64 - shift) != 0 {
            self.0[word + 1] |= mask >> (64 - shift);
        }
    }

    /// Combines two sets word by word.
    fn zip(self, other: Set, word: impl Fn(u64, u64) -> u64) -> Set {
        let mut result = self;
        for (mine, theirs) in result.0.iter_mut().zip(other.0) {
            *mine = word(*mine, theirs);
        }
        result
    }
}

impl BitOr for Set {
    type Output = Set;
    fn bitor(self, other: Set) -> Set {
        self.zip(other, |a, b| a | b)
    }
}

impl BitAnd for Set {
    type Output = Set;
    fn bitand(self, other: Set) -> Set {
        self.zip(other, |a, b| a & b)
    }
}

impl Sub for Set {
    type Output = Set;
    fn sub(self, other: Set) -> Set {
        self.zip(other, |a, b| a & !b)
    }
}

impl BitOrAssign for Set {
    fn bitor_assign(&mut self, other: Set) {
        *self = *self | other;
    }
}

impl SubAssign for Set {
    fn sub_assign(&mut self, other: Set) {
        *self = *self - other;
    }
}

/// The MACs that have been performed, as a bit mask of any length.
pub struct Seen(Vec<u64>);

impl Seen {
    /// An empty mask for `macs` MACs.
    pub fn new(macs: u64) -> Seen {
        // A run may extend past the last MAC.
        Seen(vec![0; macs as usize / 64 + 2])
    }

    /// Adds `at + i` for every bit `i` of `run`, and returns the bits of those that were in the mask before.
    pub fn add(&mut self, at: usize, run: u64) -> u64 {
        let (word, shift) = (at / 64, at % 64);
        let both = u128::from(self.0[word]) | u128::from(self.0[word + 1]) << 64;
        let added = both | u128::from(run) << shift;
        (self.0[word], self.0[word + 1]) = (added as u64, (added >> 64) as u64);
        (both >> shift) as u64 & run
    }
}
