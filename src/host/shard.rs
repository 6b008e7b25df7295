//! Divides long commands among several machines. Each does a share of the work and writes one file; these are then
//! joined to what one machine would have written.
//!
//! A part is a ZIP archive, whose checksums reveal damage. It holds the command and its finished work, under the same
//! names as in the files of a command that was interrupted.

#[cfg(feature = "cli")]
mod join;
mod part;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[cfg(feature = "cli")]
pub(crate) use join::{all, join_values, pack_value};
pub use part::{About, Part, PartError};
pub(crate) use part::{Entry, alike, pack};
#[cfg(feature = "cli")]
pub(crate) use part::{directory_of, file, unpack};

/// One share of the work: part 3 of 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    part: u32,
    of: u32,
}

/// The maximum number of shares.
const MOST: u32 = 100_000;

impl Shard {
    /// All of the work.
    pub const WHOLE: Shard = Shard { part: 1, of: 1 };

    /// Whether a piece of work belongs to this share.
    pub(crate) fn takes(self, place: usize) -> bool {
        place % self.of as usize == self.part as usize - 1
    }

    /// The pieces of work of this share as one range, for work where neighbours are faster together.
    pub(crate) fn range(self, pieces: u64) -> Range<u64> {
        let of = u64::from(self.of);
        let start = |part: u64| pieces / of * part + part.min(pieces % of);
        start(u64::from(self.part) - 1)..start(u64::from(self.part))
    }

    /// The number of shares.
    pub fn of(self) -> usize {
        self.of as usize
    }

    /// The path of the part, next to the output of the whole.
    pub fn path(self, output: &Path) -> PathBuf {
        let mut name = output.as_os_str().to_os_string();
        name.push(format!(".part-{}-of-{}", self.part, self.of));
        name.into()
    }
}

/// `3/8`
impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) && of <= MOST => Ok(Shard { part, of }),
            _ => Err(format!("expected I/N, I from 1 to N, N at most {MOST}: 3/8")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}
