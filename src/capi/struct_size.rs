//! The size with which every struct begins. It reveals structs of another version of the header.

/// The mark that `MAESTRINO_SIZE_OF_STRUCT` adds to a size, so that other numbers and uninitialised memory are
/// unlikely to be taken for a size.
pub(super) const SIZE_MARK: u32 = 0x4d53_0000;

/// The value of the first member of a `T`: its size with the mark.
pub(super) const fn size_of_struct<T>() -> u32 {
    assert!(size_of::<T>() <= u16::MAX as usize, "the size takes 16 bits");
    SIZE_MARK | size_of::<T>() as u32
}

/// A struct that may grow at its end.
///
/// # Safety
/// It is `repr(C)`, its first member is a `u32` as in [`size_of_struct`], and any bytes are a valid value.
pub(super) unsafe trait Growing: Copy {}
