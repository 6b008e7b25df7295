//! Reading values from the beginning of the rest of a blob.

use serde::Deserialize;

use crate::dataflow::{Dataflow, Directive, MAX_DIRECTIVES, MapKind, Size};
use crate::dim::Dim;

use super::error::WireError;

pub(super) fn take<'a, T: Deserialize<'a>>(rest: &mut &'a [u8]) -> Result<T, WireError> {
    let (value, after) = postcard::take_from_bytes(rest).map_err(|_| WireError::Malformed)?;
    *rest = after;
    Ok(value)
}

/// The same as `take::<u8>`, but faster: most of a blob is bytes.
pub(super) fn take_byte(rest: &mut &[u8]) -> Result<u8, WireError> {
    let (&byte, after) = rest.split_first().ok_or(WireError::Malformed)?;
    *rest = after;
    Ok(byte)
}

/// A variant of an enumeration without fields.
pub(super) fn take_one<T: Copy>(rest: &mut &[u8], variants: &[T]) -> Result<T, WireError> {
    let number = take_byte(rest)?;
    variants.get(usize::from(number)).copied().ok_or(WireError::Malformed)
}

pub(super) fn take_size(rest: &mut &[u8]) -> Result<Size, WireError> {
    let base: i32 = take(rest)?;
    let of = match take_byte(rest)? {
        0 => None,
        1 => Some(take_one(rest, &Dim::ALL)?),
        _ => return Err(WireError::Malformed),
    };
    Ok(Size { base, of })
}

/// Reads the same as serde's derived code, with a fraction of its code size.
pub(super) fn take_directive(rest: &mut &[u8]) -> Result<Directive, WireError> {
    match take_byte(rest)? {
        0 => {
            let kind = take_one(rest, &[MapKind::Temporal, MapKind::Spatial])?;
            let (size, offset) = (take_size(rest)?, take_size(rest)?);
            Ok(Directive::Map { kind, size, offset, dim: take_one(rest, &Dim::ALL)? })
        }
        1 => Ok(Directive::Cluster { size: take_size(rest)? }),
        _ => Err(WireError::Malformed),
    }
}

/// The number of directives of a dataflow.
pub(super) fn take_count(rest: &mut &[u8]) -> Result<u32, WireError> {
    let count: u32 = take(rest)?;
    if count == 0 || count > MAX_DIRECTIVES as u32 { Err(WireError::Malformed) } else { Ok(count) }
}

pub(super) fn take_dataflow(rest: &mut &[u8]) -> Result<Dataflow, WireError> {
    let mut dataflow = Dataflow::default();
    for _ in 0..take_count(rest)? {
        dataflow.push(take_directive(rest)?).map_err(WireError::Invalid)?;
    }
    Ok(dataflow)
}

pub(super) fn skip_dataflow(rest: &mut &[u8]) -> Result<(), WireError> {
    for _ in 0..take_count(rest)? {
        take_directive(rest)?;
    }
    Ok(())
}

/// A number of fixed length, least significant byte first.
pub(super) fn take_fixed<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], WireError> {
    let (bytes, after) = rest.split_first_chunk().ok_or(WireError::Malformed)?;
    *rest = after;
    Ok(*bytes)
}

/// The same as `take::<u64>`, in a loop of its own: most of a blob are counts, and most counts are small.
pub(super) fn take_count64(rest: &mut &[u8]) -> Result<u64, WireError> {
    let mut count = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = take_byte(rest)?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            return Err(WireError::Malformed);
        }
        count |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(count);
        }
    }
    Err(WireError::Malformed)
}

pub(super) fn take_f64(rest: &mut &[u8]) -> Result<f64, WireError> {
    Ok(f64::from_le_bytes(take_fixed(rest)?))
}
