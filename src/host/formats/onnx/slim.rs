//! Makes a copy of an ONNX file without its weights, small enough to decode in memory.
//!
//! The file is walked once, field by field. Fields that shapes do not depend on (weights above all, but also
//! documentation) are skipped by seeking, so neither time nor memory depends on the size of the weights. Lengths are
//! checked against the enclosing message before anything is allocated, and a budget limits the memory that decoding
//! the copy may take.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use prost::bytes::BufMut;
use prost::encoding::{WireType, encode_key, encode_varint};

use crate::host::model::ModelError;

/// Tensors of at most this many bytes are always kept, because they may be a shape.
const SHAPE_DATA: u64 = 1 << 10;
/// Tensors of at most this many bytes are kept while there is room, because shapes may be computed from them.
const KEPT_DATA: u64 = 16 << 10;
/// The room for these tensors, in bytes.
const KEPT_DATA_IN_ALL: u64 = 8 << 20;
/// The maximum number of bytes of a name or a list of dimensions.
const LONGEST: u64 = 64 << 10;
/// The maximum number of bytes of memory that the decoded copy may take.
const MEMORY: u64 = 256 << 20;
/// An upper bound of the bytes of memory that a message or string takes besides its content, for the types in
/// `schema`.
const OBJECT: u64 = 208;
/// The maximum nesting depth of messages.
const DEEPEST: usize = 64;
/// The number of bytes of a padded length.
const LENGTH: usize = 5;

/// Messages whose fields are examined one by one.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Model,
    Opset,
    Function,
    Graph,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    Dimension,
}

/// How a field is treated.
enum Field {
    /// The field is left out.
    Skip,
    /// The field is a number.
    Number,
    /// The field is a name.
    Text,
    /// The field is a list of dimensions.
    Numbers,
    /// The field has the elements of a constant, or is an attribute of any size. It is kept if it is small.
    Data,
    /// The field is a message whose own fields are examined.
    Inside(Kind),
}

impl Kind {
    fn field(self, tag: u32) -> Field {
        use Field::{Data, Inside, Number, Numbers, Skip, Text};
        match (self, tag) {
            (Kind::Model, 1) => Number,
            (Kind::Model, 7) | (Kind::Attribute, 6) => Inside(Kind::Graph),
            (Kind::Model, 8) | (Kind::Function, 9) => Inside(Kind::Opset),
            (Kind::Model, 25) => Inside(Kind::Function),
            (Kind::Opset, 1) => Text,
            (Kind::Opset, 2) => Number,
            (Kind::Function, 1 | 4 | 5 | 10 | 13) => Text,
            (Kind::Function, 7) | (Kind::Graph, 1) => Inside(Kind::Node),
            (Kind::Function, 11) | (Kind::Node, 5) => Inside(Kind::Attribute),
            (Kind::Graph, 2) => Text,
            (Kind::Graph, 5) | (Kind::Attribute, 5) | (Kind::SparseTensor, 1) => Inside(Kind::Tensor),
            (Kind::Graph, 11..=13) => Inside(Kind::ValueInfo),
            (Kind::Graph, 15) | (Kind::Attribute, 22) => Inside(Kind::SparseTensor),
            (Kind::Node, 1..=4 | 7 | 8) => Text,
            (Kind::Attribute, 1 | 21) => Text,
            (Kind::Attribute, 2 | 3) => Number,
            (Kind::Attribute, 4 | 7 | 8) => Data,
            (Kind::Tensor, 1) | (Kind::SparseTensor, 3) => Numbers,
            (Kind::Tensor, 4 | 5 | 7 | 9..=11) => Data,
            (Kind::Tensor, 2 | 14) => Number,
            (Kind::Tensor, 8) => Text,
            (Kind::ValueInfo, 1) => Text,
            (Kind::ValueInfo, 2) => Inside(Kind::Type),
            (Kind::Type, 1) => Inside(Kind::TensorType),
            (Kind::TensorType, 1) => Number,
            (Kind::TensorType, 2) => Inside(Kind::Shape),
            (Kind::Shape, 1) => Inside(Kind::Dimension),
            (Kind::Dimension, 1) => Number,
            (Kind::Dimension, 2) => Text,
            _ => Skip,
        }
    }
}

/// The file as an encoded [`Model`](super::schema::Model), without what shapes do not depend on.
///
/// # Errors
/// The file cannot be read, or is no protobuf message. The error has the byte where that shows.
pub(super) fn slim(source: impl Read + Seek) -> Result<Vec<u8>, ModelError> {
    let mut reader = BufReader::with_capacity(64 << 10, source);
    let end = reader.seek(SeekFrom::End(0)).and_then(|end| reader.rewind().map(|()| end));
    let end = end.map_err(|error| unreadable(0, &error))?;
    let mut walk = Walk { reader, at: 0, copy: Vec::new(), memory: MEMORY, data: KEPT_DATA_IN_ALL };
    walk.message(Kind::Model, end, 0)?;
    Ok(walk.copy)
}

struct Walk<R> {
    reader: BufReader<R>,
    /// The number of bytes that have been read.
    at: u64,
    copy: Vec<u8>,
    /// The number of bytes of memory that are left.
    memory: u64,
    /// The number of bytes of small tensors that may still be kept.
    data: u64,
}

impl<R: Read + Seek> Walk<R> {
    fn message(&mut self, kind: Kind, end: u64, depth: usize) -> Result<(), ModelError> {
        if depth > DEEPEST {
            return Err(self.bad(format!("messages are nested more than {DEEPEST} deep")));
        }
        let mut numbers = 0;
        while self.at < end {
            let (tag, wire) = self.key(end)?;
            match wire {
                WireType::LengthDelimited => {
                    let length = self.length(end)?;
                    match kind.field(tag) {
                        Field::Inside(inside) => {
                            self.charge(OBJECT)?;
                            encode_key(tag, wire, &mut self.copy);
                            let start = self.copy.len();
                            self.copy.extend([0; LENGTH]);
                            self.message(inside, self.at + length, depth + 1)?;
                            self.set_length(start);
                        }
                        Field::Text | Field::Numbers if length > LONGEST => {
                            return Err(
                                self.bad(format!("field {tag} takes {length} bytes, expected at most {LONGEST}"))
                            );
                        }
                        Field::Text => {
                            self.charge(OBJECT)?;
                            self.keep(tag, length, 1)?;
                        }
                        // A byte of packed numbers may become a number of eight bytes in memory.
                        Field::Numbers => self.keep(tag, length, 9)?,
                        Field::Data if length <= SHAPE_DATA => self.keep(tag, length, 9)?,
                        Field::Data if length <= KEPT_DATA.min(self.data) => {
                            self.data -= length;
                            self.keep(tag, length, 9)?;
                        }
                        Field::Number => {
                            return Err(self.bad(format!("field {tag} is a string, expected a number")));
                        }
                        Field::Data | Field::Skip => self.skip(length)?,
                    }
                }
                WireType::Varint | WireType::ThirtyTwoBit | WireType::SixtyFourBit => {
                    numbers += 1;
                    let (bytes, length) = self.number(wire, end)?;
                    let keep = match kind.field(tag) {
                        Field::Number | Field::Numbers => true,
                        // Elements that are not packed have the same limit as packed ones.
                        Field::Data => numbers * 8 <= KEPT_DATA || kind == Kind::Attribute,
                        Field::Skip => false,
                        Field::Text | Field::Inside(_) => {
                            return Err(self.bad(format!("field {tag} is a number, expected a string or message")));
                        }
                    };
                    if keep {
                        self.charge(24)?;
                        encode_key(tag, wire, &mut self.copy);
                        self.copy.put_slice(&bytes[..length]);
                    }
                }
                WireType::StartGroup | WireType::EndGroup => {
                    return Err(self.bad(format!("field {tag} is a group, which ONNX files do not have")));
                }
            }
        }
        Ok(())
    }

    /// Copies a string of this length, or packed numbers.
    fn keep(&mut self, tag: u32, length: u64, memory_per_byte: u64) -> Result<(), ModelError> {
        self.charge(length * memory_per_byte)?;
        encode_key(tag, WireType::LengthDelimited, &mut self.copy);
        encode_varint(length, &mut self.copy);
        let copied = (&mut self.reader).take(length).read_to_end(&mut self.copy);
        self.at += length;
        match copied {
            Ok(copied) if copied as u64 == length => Ok(()),
            Ok(_) => Err(self.truncated()),
            Err(error) => Err(unreadable(self.at, &error)),
        }
    }

    fn skip(&mut self, length: u64) -> Result<(), ModelError> {
        let distance = i64::try_from(length).map_err(|_| self.bad(format!("a field of {length} bytes")))?;
        self.reader.seek_relative(distance).map_err(|error| unreadable(self.at, &error))?;
        self.at += length;
        Ok(())
    }

    fn key(&mut self, end: u64) -> Result<(u32, WireType), ModelError> {
        let start = self.at;
        let key = self.varint(end)?;
        let tag = u32::try_from(key >> 3).ok().filter(|tag| (1..1 << 29).contains(tag));
        match (tag, WireType::try_from(key & 7)) {
            (Some(tag), Ok(wire)) => Ok((tag, wire)),
            _ => Err(bad(start, format!("{key} is not the key of a field"))),
        }
    }

    fn length(&mut self, end: u64) -> Result<u64, ModelError> {
        let start = self.at;
        let length = self.varint(end)?;
        let left = end - self.at;
        if length > left {
            return Err(bad(
                start,
                format!("a field of {length} bytes where {left} are left: the file is damaged or cut"),
            ));
        }
        Ok(length)
    }

    /// Reads a number in its encoded form.
    fn number(&mut self, wire: WireType, end: u64) -> Result<([u8; 10], usize), ModelError> {
        let mut bytes = [0; 10];
        let fixed = match wire {
            WireType::ThirtyTwoBit => 4,
            WireType::SixtyFourBit => 8,
            _ => {
                let mut rest = &mut bytes[..];
                encode_varint(self.varint(end)?, &mut rest);
                let left = rest.len();
                return Ok((bytes, 10 - left));
            }
        };
        for byte in &mut bytes[..fixed] {
            *byte = self.byte(end)?;
        }
        Ok((bytes, fixed))
    }

    fn varint(&mut self, end: u64) -> Result<u64, ModelError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte(end)?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.bad("a number of more than ten bytes".to_string()))
    }

    fn byte(&mut self, end: u64) -> Result<u8, ModelError> {
        if self.at >= end {
            return Err(self.truncated());
        }
        let first = self.reader.fill_buf().map(|buffer| buffer.first().copied());
        let Some(byte) = first.map_err(|error| unreadable(self.at, &error))? else {
            return Err(self.truncated());
        };
        self.reader.consume(1);
        self.at += 1;
        Ok(byte)
    }

    /// Fills in the length of a message whose content has been copied. The length is a varint of five bytes.
    fn set_length(&mut self, start: usize) {
        let mut length = self.copy.len() - start - LENGTH;
        for (i, byte) in self.copy[start..start + LENGTH].iter_mut().enumerate() {
            *byte = (length & 0x7F) as u8 | if i + 1 < LENGTH { 0x80 } else { 0 };
            length >>= 7;
        }
    }

    fn charge(&mut self, bytes: u64) -> Result<(), ModelError> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => {
                Err(self.bad(format!("the graph alone, without its weights, takes more than {} MiB", MEMORY >> 20)))
            }
        }
    }

    fn truncated(&self) -> ModelError {
        self.bad("a field ends here: the file is damaged or cut".to_string())
    }

    fn bad(&self, what: String) -> ModelError {
        bad(self.at, what)
    }
}

fn bad(at: u64, what: String) -> ModelError {
    ModelError { place: Some(format!("byte {at}")), what: format!("not an ONNX file: {what}"), help: None }
}

fn unreadable(at: u64, error: &io::Error) -> ModelError {
    ModelError { place: Some(format!("byte {at}")), what: format!("cannot be read: {error}"), help: None }
}
