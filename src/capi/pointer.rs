//! Access through pointers from C. NULL and misaligned pointers are errors.

use super::status::maestrino_fault;
use super::status::maestrino_status::{
    MAESTRINO_BAD_STRUCT_SIZE, MAESTRINO_MISALIGNED, MAESTRINO_NULL_POINTER, MAESTRINO_OUT_OF_RANGE,
};
use super::struct_size::{Growing, SIZE_MARK, size_of_struct};

/// Checks that a pointer is neither NULL nor misaligned.
pub(super) fn check<T>(pointer: *const T) -> Result<(), maestrino_fault> {
    if pointer.is_null() {
        Err(MAESTRINO_NULL_POINTER.into())
    } else if !pointer.is_aligned() {
        Err(MAESTRINO_MISALIGNED.into())
    } else {
        Ok(())
    }
}

/// The size of the caller's struct in bytes. It is larger than `T` if a newer header has added members.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to a `u32`.
pub(super) unsafe fn size<T: Growing>(pointer: *const T) -> Result<usize, maestrino_fault> {
    check(pointer)?;
    // SAFETY: as promised by the caller.
    let declared = unsafe { pointer.cast::<u32>().read() };
    let bytes = (declared ^ SIZE_MARK) as usize;
    if bytes < size_of::<T>() || bytes > usize::from(u16::MAX) {
        let wrong = maestrino_fault::new(MAESTRINO_BAD_STRUCT_SIZE);
        return Err(maestrino_fault { value: declared, limit: size_of_struct::<T>(), ..wrong });
    }
    Ok(bytes)
}

/// The struct to which a pointer points. Members that a newer header has added must be zero, because other values ask
/// for something that this library does not know.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to as many bytes as its first member says, which nobody changes for as long as
/// the reference lives.
pub(super) unsafe fn read<'a, T: Growing>(pointer: *const T) -> Result<&'a T, maestrino_fault> {
    // SAFETY: as promised by the caller.
    let bytes = unsafe { size(pointer) }?;
    // SAFETY: as promised by the caller, there are so many bytes.
    let beyond = unsafe { core::slice::from_raw_parts(pointer.add(1).cast::<u8>(), bytes - size_of::<T>()) };
    if beyond.iter().any(|byte| *byte != 0) {
        let unknown = maestrino_fault::new(MAESTRINO_BAD_STRUCT_SIZE);
        return Err(maestrino_fault { value: bytes as u32, limit: size_of::<T>() as u32, ..unknown });
    }
    // SAFETY: neither NULL nor misaligned, and large enough; the rest is promised by the caller.
    Ok(unsafe { &*pointer })
}

/// As [`read`], but NULL is allowed and becomes `None`.
///
/// # Safety
/// As [`read`].
pub(super) unsafe fn optional<'a, T: Growing>(pointer: *const T) -> Result<Option<&'a T>, maestrino_fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: as promised by the caller.
    unsafe { read(pointer) }.map(Some)
}

/// Writes a value through a pointer.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to memory for a `T` that nobody else uses.
pub(super) unsafe fn write<T>(pointer: *mut T, value: T) -> Result<(), maestrino_fault> {
    check(pointer)?;
    // SAFETY: neither NULL nor misaligned; the rest is promised by the caller.
    unsafe { pointer.write(value) };
    Ok(())
}

/// Writes a struct. Members that a newer header has added are set to zero.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to as many bytes as its first member says, which nobody else uses.
pub(super) unsafe fn give<T: Growing>(pointer: *mut T, value: T) -> Result<(), maestrino_fault> {
    // SAFETY: as promised by the caller.
    let bytes = unsafe { size(pointer.cast_const()) }?;
    // SAFETY: there are so many bytes, at least as many as a T has.
    unsafe {
        let declared = pointer.cast::<u32>().read();
        pointer.write(value);
        pointer.cast::<u32>().write(declared);
        pointer.add(1).cast::<u8>().write_bytes(0, bytes - size_of::<T>());
    }
    Ok(())
}

/// Lets `fill` set all members of a struct but its size in place, without a copy on the stack.
///
/// # Safety
/// As [`give`].
pub(super) unsafe fn fill<T: Growing>(pointer: *mut T, fill: impl FnOnce(&mut T)) -> Result<(), maestrino_fault> {
    // SAFETY: as promised by the caller.
    let bytes = unsafe { size(pointer.cast_const()) }?;
    // SAFETY: there are so many bytes. Zeroing makes the memory initialised, and any bytes are a valid T.
    unsafe {
        let declared = pointer.cast::<u32>().read();
        pointer.cast::<u8>().write_bytes(0, bytes);
        pointer.cast::<u32>().write(declared);
        fill(&mut *pointer);
    }
    Ok(())
}

/// The array of numbers to which a pointer points; `None` for NULL.
///
/// # Safety
/// The pointer is NULL, misaligned, or points to `N` numbers that nobody changes for as long as the reference lives.
pub(super) unsafe fn array<'a, const N: usize>(pointer: *const u32) -> Result<Option<&'a [u32; N]>, maestrino_fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    check(pointer)?;
    // SAFETY: neither NULL nor misaligned, an array being aligned as its elements are; the rest is promised by the caller.
    Ok(Some(unsafe { &*pointer.cast::<[u32; N]>() }))
}

/// The `length` bytes to which a pointer points.
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
