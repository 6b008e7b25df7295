//! 64-bit counts that notice when they overflow.

use crate::error::Error;

/// The product, if it fits. One copy of it in firmware, where it is long.
#[cfg_attr(not(feature = "std"), inline(never))]
pub(super) fn multiply(a: i64, b: i64) -> Option<i64> {
    a.checked_mul(b)
}

/// The product of all of them, if it fits.
pub(super) fn product(factors: impl IntoIterator<Item = i64>) -> Option<i64> {
    factors.into_iter().try_fold(1, multiply)
}

/// A sum. Overflow is remembered and told at the end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    value: i64,
    overflowed: bool,
}

impl Count {
    /// Adds `value` as often as it occurs.
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn add(&mut self, occurrences: i64, value: i64) {
        match multiply(occurrences, value).and_then(|more| self.value.checked_add(more)) {
            Some(sum) => self.value = sum,
            None => self.overflowed = true,
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`Error::Overflow`], also if the sum fitted again after it did not.
    pub fn get(&self, level: u8) -> Result<i64, Error> {
        if self.overflowed { Err(Error::Overflow { level }) } else { Ok(self.value) }
    }

    /// The sum, which must not be negative.
    ///
    /// # Errors
    /// [`Error::Overflow`] as in [`Count::get`], and [`Error::IllFormed`].
    pub fn unsigned(&self, level: u8) -> Result<u64, Error> {
        u64::try_from(self.get(level)?).map_err(|_| Error::IllFormed { level })
    }
}

impl From<i64> for Count {
    fn from(value: i64) -> Count {
        Count { value, overflowed: false }
    }
}

impl From<Option<i64>> for Count {
    /// `None` is an overflow.
    fn from(value: Option<i64>) -> Count {
        Count { value: value.unwrap_or(0), overflowed: value.is_none() }
    }
}
