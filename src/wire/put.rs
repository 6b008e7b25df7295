//! Writing values one after the other.

use serde::Serialize;

use super::error::WireError;

/// The buffer to which a blob is written, and the position of the next byte.
pub(super) struct Put<'b> {
    buffer: &'b mut [u8],
    at: usize,
}

impl<'b> Put<'b> {
    pub fn new(buffer: &'b mut [u8]) -> Put<'b> {
        Put { buffer, at: 0 }
    }

    pub fn value(&mut self, value: &impl Serialize) -> Result<(), WireError> {
        let free = self.buffer.get_mut(self.at..).ok_or(WireError::BufferTooSmall)?;
        self.at += postcard::to_slice(value, free).map_err(|_| WireError::BufferTooSmall)?.len();
        Ok(())
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let end = self.at.saturating_add(bytes.len());
        self.buffer.get_mut(self.at..end).ok_or(WireError::BufferTooSmall)?.copy_from_slice(bytes);
        self.at = end;
        Ok(())
    }

    pub fn counts(&mut self, counts: &[u64]) -> Result<(), WireError> {
        counts.iter().try_for_each(|count| self.value(count))
    }

    /// Number of bytes written so far.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Overwrites bytes that have been written before.
    pub fn bytes_at(&mut self, at: usize, bytes: &[u8]) -> Result<(), WireError> {
        let written = self.buffer.get_mut(at..at.saturating_add(bytes.len())).ok_or(WireError::BufferTooSmall)?;
        written.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a section: its tag, its length, and what `fill` writes.
    pub fn section(
        &mut self,
        tag: u8,
        fill: impl FnOnce(&mut Put<'b>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.bytes(&[tag])?;
        let place = self.at;
        self.bytes(&[0; 4])?;
        let start = self.at;
        fill(self)?;
        let length = u32::try_from(self.at - start).map_err(|_| WireError::TooMany)?;
        self.bytes_at(place, &length.to_le_bytes())
    }

    /// All bytes written.
    pub fn done(self) -> &'b mut [u8] {
        self.buffer.get_mut(..self.at).unwrap_or_default()
    }
}
