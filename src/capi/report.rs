//! How a function ends: it returns a status, and writes what failed to the caller's fault.

use super::pointer::{give, size};
use super::status::{maestrino_fault, maestrino_status};

/// Does the work of a function, unless `fault` is neither NULL nor writable. Writes what failed to `fault` if it is
/// not NULL.
///
/// # Safety
/// As [`give`].
pub(super) unsafe fn report(
    fault: *mut maestrino_fault,
    work: impl FnOnce() -> Result<(), maestrino_fault>,
) -> maestrino_status {
    // SAFETY: as promised by the caller.
    if !fault.is_null()
        && let Err(unusable) = unsafe { size(fault.cast_const()) }
    {
        return unusable.status;
    }
    let found = match work() {
        Ok(()) => maestrino_fault::new(maestrino_status::MAESTRINO_OK),
        Err(found) => found,
    };
    // SAFETY: as promised by the caller. It fails only if there is no fault to write to.
    let _ = unsafe { give(fault, found) };
    found.status
}

/// The status of a function that takes no fault.
pub(super) fn status_of(outcome: Result<(), maestrino_fault>) -> maestrino_status {
    match outcome {
        Ok(()) => maestrino_status::MAESTRINO_OK,
        Err(fault) => fault.status,
    }
}
