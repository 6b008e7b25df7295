//! Network blobs: a network in a few hundred bytes, read in place from flash.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4 | `MSTR` |
//! | 4..6 | [`VERSION`], little endian |
//! | 6..8 | 0 |
//! | 8..12 | length of the payload, little endian |
//! | 12..16 | CRC-32 (ISO HDLC) of the payload, little endian |
//! | 16.. | the payload, in the encoding of [postcard](https://postcard.jamesmunns.com) |
//!
//! The payload is: the network's name; the number of dataflows (u8) and each as a sequence of
//! [`Directive`]s; the number of layers (u16) and each as name, [`LayerKind`],
//! number of its dataflow (u8), stride along `Y`, stride along `X` (u32 each), a u16 with a bit for each
//! [`Dim`] that is given, and the sizes of these (u32 each) in the order of [`Dim::ALL`].
//! Variants are numbered in the order of their declarations, which only ever grow at the end.

use crc::{CRC_32_ISO_HDLC, Crc, NoTable};
use serde::{Deserialize, Serialize};

use crate::dataflow::{Dataflow, Directive, MAX_DIRECTIVES, MapKind, Size};
use crate::dim::{DIM_COUNT, Dim, DimMap};
use crate::error::Error;
use crate::layer::{Layer, LayerKind};

/// Version of the encoding.
pub const VERSION: u16 = 1;

/// Dataflows that a blob may have.
pub const MAX_DATAFLOWS: usize = 8;

/// First bytes of a blob.
pub const MAGIC: [u8; 4] = *b"MSTR";
const HEADER_BYTES: usize = 16;
const CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// What can be wrong with a blob, or with what should become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// It ends too early.
    Truncated,
    /// It does not begin as a blob does.
    NotABlob,
    /// It is of another version of the encoding.
    Version(u16),
    /// Its CRC does not match.
    Corrupt,
    /// Its payload makes no sense although the CRC matches.
    Malformed,
    /// A layer or dataflow in it is invalid.
    Invalid(Error),
    /// More dataflows than [`MAX_DATAFLOWS`], or more layers than a u16 counts.
    TooMany,
    /// The buffer to write to is too small.
    BufferTooSmall,
}

impl core::fmt::Display for WireError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            WireError::Truncated => f.write_str("the network blob ends too early"),
            WireError::NotABlob => f.write_str("this is no network blob: it does not begin with MSTR"),
            WireError::Version(version) => {
                write!(f, "the network blob is of version {version}; this is version {VERSION}: compile it again")
            }
            WireError::Corrupt => f.write_str("the network blob is corrupt: its CRC does not match"),
            WireError::Malformed => f.write_str("the network blob makes no sense: compile it again"),
            WireError::Invalid(error) => write!(f, "in the network blob: {error}"),
            WireError::TooMany => write!(f, "a network blob has at most {MAX_DATAFLOWS} dataflows and 65535 layers"),
            WireError::BufferTooSmall => f.write_str("the buffer for the network blob is too small"),
        }
    }
}

impl core::error::Error for WireError {}

/// A name in a blob: UTF-8, which is looked at only where it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a>(&'a [u8]);

impl<'a> Name<'a> {
    /// The name; empty if it is not UTF-8.
    pub fn as_str(self) -> &'a str {
        core::str::from_utf8(self.0).unwrap_or_default()
    }

    /// Its bytes.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(name: &'a str) -> Name<'a> {
        Name(name.as_bytes())
    }
}

/// A layer of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobLayer<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its shape.
    pub layer: Layer,
    /// Number of its dataflow, see [`Blob::dataflow`].
    pub dataflow: u8,
}

/// The beginning of a layer, as written.
#[derive(Serialize)]
struct LayerHead<'a> {
    name: &'a str,
    kind: LayerKind,
    dataflow: u8,
    stride_y: u32,
    stride_x: u32,
    given: u16,
}

/// A network blob, checked by [`Blob::open`] and read in place.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    name: Name<'a>,
    /// Dataflows, from their count on.
    dataflows: &'a [u8],
    /// Layers, without their count.
    layers: &'a [u8],
    layer_count: u16,
}

impl<'a> Blob<'a> {
    /// Checks all of a blob: header, CRC, and every dataflow and layer in it. What follows the payload is ignored.
    ///
    /// # Errors
    /// See [`WireError`].
    pub fn open(bytes: &'a [u8]) -> Result<Blob<'a>, WireError> {
        let blob = Blob::unchecked(payload(bytes)?)?;
        let mut rest = blob.dataflows;
        let dataflow_count = take_byte(&mut rest)?;
        if usize::from(dataflow_count) > MAX_DATAFLOWS {
            return Err(WireError::TooMany);
        }
        for _ in 0..dataflow_count {
            skip_dataflow(&mut rest)?;
        }
        let mut layers = blob.layers();
        for _ in 0..blob.layer_count {
            let layer = layers.read()?;
            if layer.dataflow >= dataflow_count {
                return Err(WireError::Malformed);
            }
        }
        if layers.rest.is_empty() { Ok(blob) } else { Err(WireError::Malformed) }
    }

    /// A blob that [`Blob::open`] has accepted before, without checking it again.
    ///
    /// # Errors
    /// A blob that [`Blob::open`] would not have accepted is an error here, or when its layers are read.
    pub fn reopen(bytes: &'a [u8]) -> Result<Blob<'a>, WireError> {
        Blob::unchecked(bytes.get(HEADER_BYTES..).ok_or(WireError::Truncated)?)
    }

    fn unchecked(payload: &'a [u8]) -> Result<Blob<'a>, WireError> {
        let mut rest = payload;
        let name = Name(take(&mut rest)?);
        let dataflows = rest;
        let dataflow_count = take_byte(&mut rest)?;
        for _ in 0..dataflow_count {
            skip_dataflow(&mut rest)?;
        }
        let layer_count = u16::try_from(take::<u32>(&mut rest)?).map_err(|_| WireError::Malformed)?;
        Ok(Blob { name, dataflows, layers: rest, layer_count })
    }

    /// Name of the network.
    pub fn name(&self) -> Name<'a> {
        self.name
    }

    /// Number of layers.
    pub fn layer_count(&self) -> u16 {
        self.layer_count
    }

    /// The dataflow with that number.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none.
    pub fn dataflow(&self, number: u8) -> Result<Dataflow, WireError> {
        take_dataflow(&mut self.find(number)?)
    }

    /// Hands on the directives of the dataflow with that number, outermost first, without a copy of all of them.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none, and whatever `visit` returns.
    pub fn directives<E: From<WireError>>(
        &self,
        number: u8,
        mut visit: impl FnMut(Directive) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = self.find(number)?;
        for _ in 0..take_count(&mut rest)? {
            visit(take_directive(&mut rest)?)?;
        }
        Ok(())
    }

    /// Where the dataflow with that number begins.
    fn find(&self, number: u8) -> Result<&'a [u8], WireError> {
        let mut rest = self.dataflows;
        let count = take_byte(&mut rest)?;
        if number >= count {
            return Err(WireError::Malformed);
        }
        for _ in 0..number {
            skip_dataflow(&mut rest)?;
        }
        Ok(rest)
    }

    /// The layers, in execution order.
    pub fn layers(&self) -> Layers<'a> {
        Layers { all: self.layers, rest: self.layers, count: self.layer_count, remaining: self.layer_count }
    }
}

/// Iterator over the layers of a [`Blob`].
#[derive(Clone, Debug)]
pub struct Layers<'a> {
    all: &'a [u8],
    rest: &'a [u8],
    count: u16,
    remaining: u16,
}

impl<'a> Layers<'a> {
    /// Where in the blob's layers the next one begins, in bytes.
    pub fn offset(&self) -> u32 {
        (self.all.len() - self.rest.len()) as u32
    }

    /// Goes to layer `index`, which begins at `offset`, as told by [`Layers::offset`]; `false` if there is none.
    /// A wrong offset makes the next layer an error, or another layer than expected.
    pub fn seek(&mut self, index: u32, offset: u32) -> bool {
        let remaining = u16::try_from(index).ok().and_then(|index| self.count.checked_sub(index));
        let rest = usize::try_from(offset).ok().and_then(|offset| self.all.get(offset..));
        match (remaining, rest) {
            (Some(remaining), Some(rest)) => {
                (self.remaining, self.rest) = (remaining, rest);
                true
            }
            _ => false,
        }
    }

    fn read(&mut self) -> Result<BlobLayer<'a>, WireError> {
        let rest = &mut self.rest;
        let name = Name(take(rest)?);
        let kind = take_one(rest, &LayerKind::ALL)?;
        let dataflow = take_byte(rest)?;
        let (stride_y, stride_x, given): (u32, u32, u32) = (take(rest)?, take(rest)?, take(rest)?);
        if given >> DIM_COUNT != 0 {
            return Err(WireError::Malformed);
        }
        let mut sizes = DimMap::filled(0);
        for (bit, &dim) in Dim::ALL.iter().enumerate() {
            if given & (1 << bit) != 0 {
                sizes[dim] = take(rest)?;
            }
        }
        let layer = Layer::with_sizes(kind, sizes, stride_y, stride_x).map_err(WireError::Invalid)?;
        Ok(BlobLayer { name, layer, dataflow })
    }
}

impl<'a> Iterator for Layers<'a> {
    type Item = Result<BlobLayer<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.remaining = self.remaining.checked_sub(1)?;
        Some(self.read())
    }
}

/// Writes a blob to the beginning of `buffer` and returns it. Each layer names its dataflow by its number in `dataflows`.
///
/// # Errors
/// [`WireError::TooMany`], [`WireError::Malformed`] for a dataflow number that does not exist, and
/// [`WireError::BufferTooSmall`].
pub fn encode<'b, 'a>(
    name: &str,
    dataflows: &[Dataflow],
    layers: impl ExactSizeIterator<Item = BlobLayer<'a>>,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], WireError> {
    let layer_count = u16::try_from(layers.len()).map_err(|_| WireError::TooMany)?;
    if dataflows.len() > MAX_DATAFLOWS {
        return Err(WireError::TooMany);
    }
    let mut at = HEADER_BYTES;
    let mut put = Put { buffer, at: &mut at };
    put.value(&name)?;
    put.value(&(dataflows.len() as u8))?;
    for dataflow in dataflows {
        put.value(&dataflow.directives())?;
    }
    put.value(&layer_count)?;
    for BlobLayer { name, layer, dataflow } in layers {
        if usize::from(dataflow) >= dataflows.len() {
            return Err(WireError::Malformed);
        }
        let given = |dim: Dim| dim.input() == dim && layer.size(dim).is_some();
        let mask = (0..).zip(Dim::ALL).fold(0, |mask, (bit, dim)| mask | u16::from(given(dim)) << bit);
        let (stride_y, stride_x) = (layer.stride(Dim::Y), layer.stride(Dim::X));
        put.value(&LayerHead { name: name.as_str(), kind: layer.kind(), dataflow, stride_y, stride_x, given: mask })?;
        for dim in Dim::ALL.into_iter().filter(|&dim| given(dim)) {
            put.value(&layer.size(dim).unwrap_or(0))?;
        }
    }
    let (header, rest) = buffer.split_first_chunk_mut::<HEADER_BYTES>().ok_or(WireError::BufferTooSmall)?;
    let payload = rest.get(..at - HEADER_BYTES).ok_or(WireError::BufferTooSmall)?;
    let length = u32::try_from(payload.len()).map_err(|_| WireError::TooMany)?;
    let mut fields = MAGIC.into_iter().chain(VERSION.to_le_bytes()).chain([0; 2]);
    let mut sums = length.to_le_bytes().into_iter().chain(CRC.checksum(payload).to_le_bytes());
    for byte in header {
        *byte = fields.next().or_else(|| sums.next()).unwrap_or(0);
    }
    buffer.get(..at).ok_or(WireError::BufferTooSmall)
}

/// Writes values one behind the other.
struct Put<'b, 'c> {
    buffer: &'b mut [u8],
    at: &'c mut usize,
}

impl Put<'_, '_> {
    fn value(&mut self, value: &impl Serialize) -> Result<(), WireError> {
        let free = self.buffer.get_mut(*self.at..).ok_or(WireError::BufferTooSmall)?;
        let written = postcard::to_slice(value, free).map_err(|_| WireError::BufferTooSmall)?.len();
        *self.at += written;
        Ok(())
    }
}

/// The payload behind a header, its CRC checked.
fn payload(bytes: &[u8]) -> Result<&[u8], WireError> {
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
    if CRC.checksum(payload) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return Err(WireError::Corrupt);
    }
    Ok(payload)
}

fn take<'a, T: Deserialize<'a>>(rest: &mut &'a [u8]) -> Result<T, WireError> {
    let (value, after) = postcard::take_from_bytes(rest).map_err(|_| WireError::Malformed)?;
    *rest = after;
    Ok(value)
}

/// What `take::<u8>` reads, quicker: most of a blob is bytes.
fn take_byte(rest: &mut &[u8]) -> Result<u8, WireError> {
    let (&byte, after) = rest.split_first().ok_or(WireError::Malformed)?;
    *rest = after;
    Ok(byte)
}

/// A variant of an enumeration without fields.
fn take_one<T: Copy>(rest: &mut &[u8], variants: &[T]) -> Result<T, WireError> {
    let number = take_byte(rest)?;
    variants.get(usize::from(number)).copied().ok_or(WireError::Malformed)
}

fn take_size(rest: &mut &[u8]) -> Result<Size, WireError> {
    let base: i32 = take(rest)?;
    let of = match take_byte(rest)? {
        0 => None,
        1 => Some(take_one(rest, &Dim::ALL)?),
        _ => return Err(WireError::Malformed),
    };
    Ok(Size { base, of })
}

/// What serde's derived code would read, in a fraction of its size.
fn take_directive(rest: &mut &[u8]) -> Result<Directive, WireError> {
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
fn take_count(rest: &mut &[u8]) -> Result<u32, WireError> {
    let count: u32 = take(rest)?;
    if count == 0 || count > MAX_DIRECTIVES as u32 { Err(WireError::Malformed) } else { Ok(count) }
}

fn take_dataflow(rest: &mut &[u8]) -> Result<Dataflow, WireError> {
    let mut dataflow = Dataflow::default();
    for _ in 0..take_count(rest)? {
        dataflow.push(take_directive(rest)?).map_err(WireError::Invalid)?;
    }
    Ok(dataflow)
}

fn skip_dataflow(rest: &mut &[u8]) -> Result<(), WireError> {
    for _ in 0..take_count(rest)? {
        take_directive(rest)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataflow::presets::Preset;

    fn sample() -> (std::vec::Vec<u8>, [Dataflow; 2], [BlobLayer<'static>; 2]) {
        let dims = [(Dim::K, 64), (Dim::C, 3), (Dim::R, 7), (Dim::S, 5), (Dim::Y, 229), (Dim::X, 300), (Dim::N, 2)];
        let conv = Layer::strided(LayerKind::Conv, &dims, 2, 3).unwrap();
        let gemm = Layer::new(LayerKind::Gemm, &[(Dim::M, 9), (Dim::N, 300), (Dim::K, 70_000)]).unwrap();
        let dataflows = [Preset::KcpWs, Preset::Nmk].map(|preset| preset.tiling().dataflow(LayerKind::Conv).unwrap());
        let layers = [
            BlobLayer { name: "first".into(), layer: conv, dataflow: 0 },
            BlobLayer { name: "zweite Schicht: ß".into(), layer: gemm, dataflow: 1 },
        ];
        let mut buffer = [0; 1024];
        let blob = encode("net", &dataflows, layers.iter().copied(), &mut buffer).unwrap().to_vec();
        (blob, dataflows, layers)
    }

    #[test]
    fn a_blob_holds_what_went_in() {
        let (bytes, dataflows, layers) = sample();
        for blob in [Blob::open(&bytes).unwrap(), Blob::reopen(&bytes).unwrap()] {
            assert_eq!((blob.name().as_str(), blob.layer_count()), ("net", 2));
            let read: Result<std::vec::Vec<_>, _> = blob.layers().collect();
            assert_eq!(read.unwrap(), layers);
            assert_eq!(blob.dataflow(0).unwrap(), dataflows[0]);
            assert_eq!(blob.dataflow(1).unwrap(), dataflows[1]);
            assert_eq!(blob.dataflow(2), Err(WireError::Malformed));
        }
        let mut longer = bytes.clone();
        longer.extend([0xff; 7]);
        assert!(Blob::open(&longer).is_ok());
    }

    #[test]
    fn the_encoding_is_stable() {
        let (bytes, ..) = sample();
        assert_eq!(bytes[..12], *b"MSTR\x01\x00\x00\x00\xca\x00\x00\x00");
        assert_eq!(bytes[12..16], CRC.checksum(&bytes[16..]).to_le_bytes());
        assert_eq!(CRC.checksum(b"123456789"), 0xcbf4_3926);
        // A change here means a new VERSION.
        assert_eq!(CRC.checksum(&bytes[16..]), 1_305_420_466);
    }

    #[test]
    fn every_damage_is_noticed() {
        let (bytes, ..) = sample();
        for length in 0..bytes.len() {
            assert!(Blob::open(&bytes[..length]).is_err(), "cut to {length}");
            // Cut and sealed anew: the payload itself must be checked.
            let mut cut = bytes[..length].to_vec();
            if let Some((header, payload)) = cut.split_at_mut_checked(16) {
                header[8..12].copy_from_slice(&(payload.len() as u32).to_le_bytes());
                header[12..].copy_from_slice(&CRC.checksum(payload).to_le_bytes());
                assert!(Blob::open(&cut).is_err(), "cut to {length} and sealed");
            }
            let _ = Blob::reopen(&bytes[..length]).map(|blob| blob.layers().count());
        }
        for i in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assert!(Blob::open(&damaged).is_err(), "byte {i}");
        }
        let with = |at: usize, byte: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = byte;
            Blob::open(&bytes).unwrap_err()
        };
        assert_eq!(with(0, b'm'), WireError::NotABlob);
        assert_eq!(with(4, 9), WireError::Version(9));
        assert_eq!(with(20, 0), WireError::Corrupt);
        assert_eq!(Blob::open(&bytes[..15]).unwrap_err(), WireError::Truncated);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (bytes, dataflows, layers) = sample();
        for length in 0..bytes.len() {
            let mut buffer = vec![0; length];
            let encoded = encode("net", &dataflows, layers.iter().copied(), &mut buffer);
            assert_eq!(encoded.unwrap_err(), WireError::BufferTooSmall);
        }
        let mut buffer = [0; 1024];
        let one = &dataflows[..1];
        assert_eq!(encode("net", one, layers.iter().copied(), &mut buffer), Err(WireError::Malformed));
        let many: std::vec::Vec<_> = std::iter::repeat_n(dataflows[0].clone(), 9).collect();
        assert_eq!(encode("net", &many, layers.iter().copied(), &mut buffer), Err(WireError::TooMany));
    }
}
