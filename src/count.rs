//! 64-bit counts that detect overflow.

use crate::dim::Dim;
use crate::error::Error;

/// The product, if it fits into 64 bits. Not inlined in firmware, where its code is long.
#[cfg_attr(not(feature = "std"), inline(never))]
pub(crate) fn multiply(a: i64, b: i64) -> Option<i64> {
    // Most factors are 1. The code of a checked 64-bit product is long in firmware.
    if b == 1 { Some(a) } else { a.checked_mul(b) }
}

/// The quotient, rounded towards 0; 0 if the divisor is 0. Not inlined in firmware.
#[cfg_attr(not(feature = "std"), inline(never))]
pub(crate) fn divide(dividend: i64, divisor: i64) -> i64 {
    let quotient = divide_unsigned(dividend.unsigned_abs(), divisor.unsigned_abs()) as i64;
    if (dividend < 0) == (divisor < 0) { quotient } else { quotient.wrapping_neg() }
}

/// The quotient; 0 if the divisor is 0.
#[cfg(target_pointer_width = "64")]
pub(crate) fn divide_unsigned(dividend: u64, divisor: u64) -> u64 {
    dividend.checked_div(divisor).unwrap_or(0)
}

#[cfg(not(target_pointer_width = "64"))]
pub(crate) use small::divide_unsigned;

/// Division for machines without 64-bit division, where the compiler's own routine is a thousand bytes long.
#[cfg(any(test, not(target_pointer_width = "64")))]
mod small {
    /// The quotient; 0 if the divisor is 0. It is fast if both numbers fit into 32 bits, as most counts do.
    #[inline(never)]
    pub(crate) fn divide_unsigned(dividend: u64, divisor: u64) -> u64 {
        if let (Ok(dividend), Ok(divisor)) = (u32::try_from(dividend), u32::try_from(divisor)) {
            return dividend.checked_div(divisor).unwrap_or(0).into();
        }
        if divisor == 0 {
            return 0;
        }
        // Long division: bits of the dividend leave at the top, bits of the quotient enter at the bottom.
        let (mut quotient, mut rest) = (dividend, 0u64);
        for _ in 0..u64::BITS {
            let overflow = rest >> 63 != 0;
            rest = rest << 1 | quotient >> 63;
            quotient <<= 1;
            if overflow || rest >= divisor {
                rest = rest.wrapping_sub(divisor);
                quotient |= 1;
            }
        }
        quotient
    }
}

/// The product of all factors, if it fits into 64 bits.
pub(crate) fn product(factors: impl IntoIterator<Item = i64>) -> Option<i64> {
    factors.into_iter().try_fold(1, multiply)
}

/// The product of `factor` and the sizes of `dims`. Not inlined in firmware.
#[cfg_attr(not(feature = "std"), inline(never))]
pub(crate) fn volume(dims: &[Dim], factor: i64, size: &dyn Fn(Dim) -> i32) -> Count {
    let mut volume = Some(factor);
    for &dim in dims {
        volume = volume.and_then(|volume| multiply(volume, i64::from(size(dim))));
    }
    volume.into()
}

/// A sum. An overflow is remembered, as `i64::MIN`, and reported by [`Count::get`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count(i64);

impl Count {
    const OVERFLOWED: i64 = i64::MIN;

    /// Adds `value`, `occurrences` times.
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn add(&mut self, occurrences: i64, value: i64) {
        if self.0 != Count::OVERFLOWED {
            let sum = multiply(occurrences, value).and_then(|more| self.0.checked_add(more));
            *self = sum.into();
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`Error::Overflow`] if the sum has overflowed at any time, even if later terms would bring it back into range.
    pub fn get(&self, level: u8) -> Result<i64, Error> {
        if self.0 == Count::OVERFLOWED { Err(Error::Overflow { level }) } else { Ok(self.0) }
    }

    /// The sum, which must not be negative.
    ///
    /// # Errors
    /// [`Error::Overflow`] as in [`Count::get`], and [`Error::IllFormed`].
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn unsigned(&self, level: u8) -> Result<u64, Error> {
        u64::try_from(self.get(level)?).map_err(|_| Error::IllFormed { level })
    }
}

impl From<i64> for Count {
    fn from(value: i64) -> Count {
        Count(value)
    }
}

impl From<Option<i64>> for Count {
    /// `None` is an overflow.
    fn from(value: Option<i64>) -> Count {
        Count(value.unwrap_or(Count::OVERFLOWED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn both_divisions_agree(dividend: u64, divisor: u64, shifts in (0..64u32, 0..64u32)) {
            let (dividend, divisor) = (dividend >> shifts.0, divisor >> shifts.1);
            proptest::prop_assert_eq!(small::divide_unsigned(dividend, divisor), divide_unsigned(dividend, divisor));
            let (signed, by) = (dividend as i64, divisor as i64);
            proptest::prop_assert_eq!(divide(signed, by), signed.checked_div(by).unwrap_or(0));
        }
    }

    #[test]
    fn overflow_is_not_forgotten() {
        let mut count = Count::default();
        count.add(2, i64::MAX / 2);
        assert_eq!(count.get(1), Ok(i64::MAX - 1));
        count.add(1, 2);
        count.add(1, -5);
        assert_eq!(count.get(3), Err(Error::Overflow { level: 3 }));
        let mut count = Count::default();
        count.add(i64::MAX, 2);
        assert_eq!(count.unsigned(1), Err(Error::Overflow { level: 1 }));
        assert_eq!(Count::from(-1).unsigned(2), Err(Error::IllFormed { level: 2 }));
        assert_eq!(Count::from(product([3, -4])).get(1), Ok(-12));
    }
}
