//! The frame of a blob: its header with length and CRC, and the sections of its payload.

use crc::{CRC_32_ISO_HDLC, Crc};

use super::error::WireError;
use super::format::{MAGIC, VERSION};
use super::take::take_fixed;

pub(super) const HEADER_BYTES: usize = 16;

/// Bytes of a section's tag and length.
const SECTION_BYTES: usize = 5;

/// The CRC uses a table of 1 KiB. Without it, the CRC would take most of the time of opening a blob.
pub(super) const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// The header of a payload.
pub(super) fn sealed(payload: &[u8]) -> Result<[u8; HEADER_BYTES], WireError> {
    let length = u32::try_from(payload.len()).map_err(|_| WireError::TooMany)?;
    let [v0, v1] = VERSION.to_le_bytes();
    let [l0, l1, l2, l3] = length.to_le_bytes();
    let [c0, c1, c2, c3] = CRC.checksum(payload).to_le_bytes();
    let [m0, m1, m2, m3] = MAGIC;
    Ok([m0, m1, m2, m3, v0, v1, 0, 0, l0, l1, l2, l3, c0, c1, c2, c3])
}

/// The next section, if there is one: its tag and its bytes.
pub(super) fn section<'a>(rest: &mut &'a [u8]) -> Result<Option<(u8, &'a [u8])>, WireError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let [tag, l0, l1, l2, l3] = take_fixed::<SECTION_BYTES>(rest)?;
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).map_err(|_| WireError::Malformed)?;
    let (bytes, after) = rest.split_at_checked(length).ok_or(WireError::Malformed)?;
    *rest = after;
    Ok(Some((tag, bytes)))
}

/// The payload after a header, with its CRC checked.
pub(super) fn payload(bytes: &[u8]) -> Result<&[u8], WireError> {
    let (payload, sum) = framed(bytes)?;
    if CRC.checksum(payload) == sum { Ok(payload) } else { Err(WireError::Corrupt) }
}

/// The payload after a header, and the CRC that it should have.
pub(super) fn framed(bytes: &[u8]) -> Result<(&[u8], u32), WireError> {
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(WireError::Truncated)?;
    let [m0, m1, m2, m3, v0, v1, r0, r1, l0, l1, l2, l3, c0, c1, c2, c3] = *header;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(WireError::NotABlob);
    }
    let version = u16::from_le_bytes([v0, v1]);
    if version != VERSION {
        return Err(WireError::Version(version));
    }
    if [r0, r1] != [0; 2] {
        return Err(WireError::Malformed);
    }
    let length = u32::from_le_bytes([l0, l1, l2, l3]);
    let payload = usize::try_from(length).ok().and_then(|length| rest.get(..length)).ok_or(WireError::Truncated)?;
    Ok((payload, u32::from_le_bytes([c0, c1, c2, c3])))
}
