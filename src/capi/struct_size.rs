//! The size with which every struct begins, by which a struct of another version of the header is noticed.

/// What `MAESTRINO_SIZE_OF_STRUCT` adds to a size, so that other numbers and memory that was never set are hardly taken for one.
pub(super) const SIZE_MARK: u32 = 0x4d53_0000;

/// What the first member of a `T` must be.
pub(super) const fn size_of_struct<T>() -> u32 {
    assert!(size_of::<T>() <= u16::MAX as usize, "the size takes 16 bits");
    SIZE_MARK | size_of::<T>() as u32
}

/// A struct that may grow at its end.
///
/// # Safety
/// It is `repr(C)`, its first member is a `u32` as of [`size_of_struct`], and any bytes are a valid one.
pub(super) unsafe trait Growing: Copy {}
