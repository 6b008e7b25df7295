//! Pointers from C: NULL and misaligned ones are errors.

use super::status::maestrino_fault;
use super::status::maestrino_status::{MAESTRINO_MISALIGNED, MAESTRINO_NULL_POINTER, MAESTRINO_OUT_OF_RANGE};

/// Whether a pointer may be used at all.
pub(super) fn check<T>(pointer: *const T) -> Result<(), maestrino_fault> {
    if pointer.is_null() {
        Err(MAESTRINO_NULL_POINTER.into())
    } else if !pointer.is_aligned() {
        Err(MAESTRINO_MISALIGNED.into())
    } else {
        Ok(())
    }
}

/// What a pointer points to.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to a `T` that nobody changes for as long as the reference lives.
pub(super) unsafe fn read<'a, T>(pointer: *const T) -> Result<&'a T, maestrino_fault> {
    check(pointer)?;
    // SAFETY: neither NULL nor misaligned; the rest is promised by the caller.
    Ok(unsafe { &*pointer })
}

/// As [`read`], but NULL is nothing.
///
/// # Safety
/// As [`read`].
pub(super) unsafe fn optional<'a, T>(pointer: *const T) -> Result<Option<&'a T>, maestrino_fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: as promised by the caller.
    unsafe { read(pointer) }.map(Some)
}

/// Writes to where a pointer points.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to memory for a `T` that nobody else uses.
pub(super) unsafe fn write<T>(pointer: *mut T, value: T) -> Result<(), maestrino_fault> {
    check(pointer)?;
    // SAFETY: neither NULL nor misaligned; the rest is promised by the caller.
    unsafe { pointer.write(value) };
    Ok(())
}

/// Lets `fill` set what a pointer points to, all of it, without a copy on the stack.
///
/// # Safety
/// As [`write`]; and any bytes are a valid `T`.
pub(super) unsafe fn fill<T>(pointer: *mut T, fill: impl FnOnce(&mut T)) -> Result<(), maestrino_fault> {
    check(pointer)?;
    // SAFETY: neither NULL nor misaligned. Zeroing makes the memory initialised, and all zero is a valid T like any bytes.
    unsafe {
        pointer.write_bytes(0, 1);
        fill(&mut *pointer);
    }
    Ok(())
}

/// The bytes from a pointer on.
///
/// # Safety
/// The pointer is NULL or points to `length` bytes that nobody changes for as long as the reference lives.
pub(super) unsafe fn bytes<'a>(pointer: *const u8, length: usize) -> Result<&'a [u8], maestrino_fault> {
    check(pointer)?;
    if isize::try_from(length).is_err() {
        return Err(MAESTRINO_OUT_OF_RANGE.into());
    }
    // SAFETY: not NULL and not longer than a slice may be; the rest is promised by the caller.
    Ok(unsafe { core::slice::from_raw_parts(pointer, length) })
}
