//! The layers of a blob.

use serde::Serialize;

use crate::dim::{DIM_COUNT, Dim, DimMap};
use crate::layer::{Layer, LayerKind};

use super::error::WireError;
use super::put::Put;
use super::take::{take, take_byte, take_one};

/// A name in a blob. Only [`Name::as_str`] checks whether its bytes are UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a>(pub(super) &'a [u8]);

impl<'a> Name<'a> {
    /// The name; empty if it is not UTF-8.
    pub fn as_str(self) -> &'a str {
        core::str::from_utf8(self.0).unwrap_or_default()
    }

    /// The bytes of the name.
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
    /// Name of the layer.
    pub name: Name<'a>,
    /// Shape of the layer.
    pub layer: Layer,
    /// Number of the layer's dataflow, see [`Blob::dataflow`](super::Blob::dataflow).
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

/// The bit, next to those of the given sizes, that says that zeros are inserted.
const INSERTED: u32 = 1 << DIM_COUNT;

impl BlobLayer<'_> {
    pub(super) fn put(&self, put: &mut Put<'_>) -> Result<(), WireError> {
        let BlobLayer { name, layer, dataflow } = *self;
        let given = |dim: Dim| dim.input() == dim && layer.size(dim).is_some();
        let mask = (0..).zip(Dim::ALL).fold(0, |mask, (bit, dim)| mask | u16::from(given(dim)) << bit);
        let (stride_y, stride_x) = (layer.stride(Dim::Y), layer.stride(Dim::X));
        let (inserted_y, inserted_x) = (layer.inserted(Dim::Y), layer.inserted(Dim::X));
        let plain = inserted_y == (1, 0) && inserted_x == (1, 0);
        let given_bits = mask | if plain { 0 } else { INSERTED as u16 };
        let (name, kind) = (name.as_str(), layer.kind());
        put.value(&LayerHead { name, kind, dataflow, stride_y, stride_x, given: given_bits })?;
        for dim in Dim::ALL.into_iter().filter(|&dim| given(dim)) {
            put.value(&layer.size(dim).unwrap_or(0))?;
        }
        if plain { Ok(()) } else { put.value(&[inserted_y, inserted_x]) }
    }
}

/// Iterator over the layers of a [`Blob`](super::Blob).
#[derive(Clone, Debug)]
pub struct Layers<'a> {
    all: &'a [u8],
    rest: &'a [u8],
    count: u16,
    remaining: u16,
}

impl<'a> Layers<'a> {
    /// Layers from the first of `count` on.
    pub(super) fn new(all: &'a [u8], count: u16) -> Layers<'a> {
        Layers { all, rest: all, count, remaining: count }
    }

    /// Whether nothing is left.
    pub(super) fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Position of the next layer in the blob's layers, in bytes.
    pub fn offset(&self) -> u32 {
        (self.all.len() - self.rest.len()) as u32
    }

    /// Goes to layer `index`, which begins at `offset` (see [`Layers::offset`]); `false` if there is none.
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

    pub(super) fn read(&mut self) -> Result<BlobLayer<'a>, WireError> {
        let rest = &mut self.rest;
        let name = Name(take(rest)?);
        let kind = take_one(rest, &LayerKind::ALL)?;
        let dataflow = take_byte(rest)?;
        let (stride_y, stride_x, given): (u32, u32, u32) = (take(rest)?, take(rest)?, take(rest)?);
        if given >> (DIM_COUNT + 1) != 0 {
            return Err(WireError::Malformed);
        }
        let mut sizes = DimMap::filled(0);
        for (bit, &dim) in Dim::ALL.iter().enumerate() {
            if given & (1 << bit) != 0 {
                sizes[dim] = take(rest)?;
            }
        }
        let mut layer = Layer::with_sizes(kind, sizes, stride_y, stride_x).map_err(WireError::Invalid)?;
        if given & INSERTED != 0 {
            let [(every_y, phase_y), (every_x, phase_x)] = [(take(rest)?, take(rest)?), (take(rest)?, take(rest)?)];
            let inserted = layer.with_inserted_zeros([every_y, every_x], [phase_y, phase_x]);
            layer = inserted.map_err(WireError::Invalid)?;
        }
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
