//! Reads flatbuffers from untrusted files, without their weights.
//!
//! The `flatbuffers` crate reads tables with unchecked code, which needs a verifier to run first, and both want the
//! whole file in memory. Here every access is checked against the end of the file and charged to a budget. Only the
//! pages that are touched are read: some hundred KB of a file of 1 GB.
//!
//! A table starts with the signed distance back to its vtable. The vtable has its own length, the length of the
//! table, and the offset of each field in the table (0 if the field is absent). References are unsigned distances
//! forward. All numbers are little endian.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Seek, SeekFrom};

use crate::host::model::ModelError;

/// The size of a page in bytes.
const PAGE: u64 = 1 << 14;

/// The maximum number of bytes that may be read; loading a page counts as a quarter of its length. The size of the
/// file is no bound, because many references may lead to the same place. Large real models use a hundredth of this.
const BUDGET: u64 = 1 << 25;

/// The maximum length of a string that is kept. The names of fused operators have some thousand bytes.
const MAX_STRING: u64 = 1 << 16;

/// A file that contains a flatbuffer.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A flatbuffer in a file.
pub struct Buffer<'s> {
    source: RefCell<&'s mut dyn Source>,
    pages: RefCell<Vec<Option<Box<[u8]>>>>,
    len: u64,
    budget: Cell<u64>,
}

/// A table in a flatbuffer.
#[derive(Clone, Copy)]
pub struct Table<'b> {
    buffer: &'b (dyn Bytes + 'b),
    at: u64,
    vtable: u64,
    vtable_len: u64,
}

/// A vector in a flatbuffer.
#[derive(Clone, Copy)]
pub struct Vector<'b> {
    buffer: &'b (dyn Bytes + 'b),
    at: u64,
    len: u64,
}

impl<'s> Buffer<'s> {
    /// Opens a file.
    pub fn new(source: &'s mut dyn Source) -> Result<Buffer<'s>, ModelError> {
        let len = source.seek(SeekFrom::End(0)).map_err(|error| unreadable(0, &error))?;
        // References have 32 bits. Only weights can be further away.
        let len = len.min(u64::from(u32::MAX));
        let pages = (0..len.div_ceil(PAGE)).map(|_| None).collect();
        Ok(Buffer { source: RefCell::new(source), pages: RefCell::new(pages), len, budget: Cell::new(BUDGET) })
    }

    /// Whether the file has this format identifier.
    pub fn starts_with(&self, identifier: &[u8]) -> Result<bool, ModelError> {
        let buffer: &dyn Bytes = self;
        Ok(self.len >= 8 && buffer.bytes::<4>(4)? == identifier)
    }

    /// The outermost table.
    pub fn root(&self) -> Result<Table<'_>, ModelError> {
        let buffer: &dyn Bytes = self;
        buffer.table(buffer.reference(0)?)
    }

    fn load(&self, number: u64) -> Result<(), ModelError> {
        if !matches!(self.pages.borrow().get(number as usize), Some(None)) {
            return Ok(());
        }
        let at = number * PAGE;
        self.spend(at, PAGE / 4)?;
        let mut page = vec![0; PAGE.min(self.len - at) as usize].into_boxed_slice();
        let mut source = self.source.borrow_mut();
        source.seek(SeekFrom::Start(at)).map_err(|error| unreadable(at, &error))?;
        source.read_exact(&mut page).map_err(|error| unreadable(at, &error))?;
        self.pages.borrow_mut()[number as usize] = Some(page);
        Ok(())
    }

    fn spend(&self, at: u64, cost: u64) -> Result<(), ModelError> {
        match self.budget.get().checked_sub(cost) {
            Some(rest) => {
                self.budget.set(rest);
                Ok(())
            }
            None => Err(error(at, "the file refers to more than any real model does".to_string())),
        }
    }
}

/// Checked access to bytes.
trait Bytes {
    /// The number of bytes.
    fn len(&self) -> u64;

    /// Copies the bytes from `at` on.
    fn copy(&self, at: u64, to: &mut [u8]) -> Result<(), ModelError>;
}

impl Bytes for Buffer<'_> {
    fn len(&self) -> u64 {
        self.len
    }

    fn copy(&self, at: u64, to: &mut [u8]) -> Result<(), ModelError> {
        let size = to.len() as u64;
        if at.checked_add(size).is_none_or(|end| end > self.len) {
            return Err(outside(at, self.len));
        }
        self.spend(at, size)?;
        let mut done = 0;
        while done < to.len() {
            let place = at + done as u64;
            let (page, start) = (place / PAGE, (place % PAGE) as usize);
            self.load(page)?;
            let pages = self.pages.borrow();
            let bytes = pages.get(page as usize).and_then(Option::as_deref).and_then(|page| page.get(start..));
            let bytes = bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| outside(place, self.len))?;
            let count = bytes.len().min(to.len() - done);
            to[done..done + count].copy_from_slice(&bytes[..count]);
            done += count;
        }
        Ok(())
    }
}

impl<'b> dyn Bytes + 'b {
    fn table(&'b self, at: u64) -> Result<Table<'b>, ModelError> {
        let distance = i32::from_le_bytes(self.bytes(at)?);
        let vtable = at.checked_add_signed(-i64::from(distance)).ok_or_else(|| outside(at, self.len()))?;
        let vtable_len = u64::from(u16::from_le_bytes(self.bytes(vtable)?));
        Ok(Table { buffer: self, at, vtable, vtable_len })
    }

    /// The position that the reference at `at` leads to.
    fn reference(&self, at: u64) -> Result<u64, ModelError> {
        // Both numbers have at most 32 bits, so the sum does not overflow.
        Ok(at + u64::from(u32::from_le_bytes(self.bytes(at)?)))
    }

    fn vector(&'b self, at: u64, size: u64) -> Result<Vector<'b>, ModelError> {
        let len = u64::from(u32::from_le_bytes(self.bytes(at)?));
        if at + 4 + len * size > self.len() {
            return Err(error(at, format!("a list of {len} elements does not fit into the file")));
        }
        Ok(Vector { buffer: self, at: at + 4, len })
    }

    fn bytes<const N: usize>(&self, at: u64) -> Result<[u8; N], ModelError> {
        let mut bytes = [0; N];
        self.copy(at, &mut bytes)?;
        Ok(bytes)
    }
}

impl<'b> Table<'b> {
    /// The position of a field; `None` if it is absent.
    fn field(&self, slot: u64) -> Result<Option<u64>, ModelError> {
        let entry = 4 + 2 * slot;
        if entry + 2 > self.vtable_len {
            return Ok(None);
        }
        let distance = u16::from_le_bytes(self.buffer.bytes(self.vtable + entry)?);
        Ok((distance != 0).then(|| self.at + u64::from(distance)))
    }

    fn scalar<const N: usize>(&self, slot: u64) -> Result<Option<[u8; N]>, ModelError> {
        self.field(slot)?.map(|at| self.buffer.bytes(at)).transpose()
    }

    /// A byte; 0 if it is absent.
    pub fn u8(&self, slot: u64) -> Result<u8, ModelError> {
        Ok(self.scalar::<1>(slot)?.map_or(0, u8::from_le_bytes))
    }

    /// A truth value; `default` if it is absent.
    pub fn bool(&self, slot: u64, default: bool) -> Result<bool, ModelError> {
        Ok(self.scalar::<1>(slot)?.map_or(default, |byte| byte != [0]))
    }

    /// A signed number; `default` if it is absent.
    pub fn i32(&self, slot: u64, default: i32) -> Result<i32, ModelError> {
        Ok(self.scalar(slot)?.map_or(default, i32::from_le_bytes))
    }

    /// An unsigned number; 0 if it is absent.
    pub fn u32(&self, slot: u64) -> Result<u32, ModelError> {
        Ok(self.scalar(slot)?.map_or(0, u32::from_le_bytes))
    }

    /// A table; `None` if it is absent.
    pub fn table(&self, slot: u64) -> Result<Option<Table<'b>>, ModelError> {
        let buffer = self.buffer;
        self.field(slot)?.map(|at| buffer.table(buffer.reference(at)?)).transpose()
    }

    /// A vector of elements of `size` bytes; `None` if it is absent.
    pub fn vector(&self, slot: u64, size: u64) -> Result<Option<Vector<'b>>, ModelError> {
        let buffer = self.buffer;
        self.field(slot)?.map(|at| buffer.vector(buffer.reference(at)?, size)).transpose()
    }

    /// A vector of signed numbers; empty if it is absent.
    pub fn i32s(&self, slot: u64) -> Result<Vec<i32>, ModelError> {
        let Some(vector) = self.vector(slot, 4)? else { return Ok(Vec::new()) };
        (0..vector.len).map(|i| Ok(i32::from_le_bytes(vector.buffer.bytes(vector.at + 4 * i)?))).collect()
    }

    /// A vector of tables; empty if it is absent.
    pub fn tables(&self, slot: u64) -> Result<Vec<Table<'b>>, ModelError> {
        let Some(vector) = self.vector(slot, 4)? else { return Ok(Vec::new()) };
        let buffer = vector.buffer;
        (0..vector.len).map(|i| buffer.table(buffer.reference(vector.at + 4 * i)?)).collect()
    }

    /// A string; `None` if it is absent.
    pub fn string(&self, slot: u64) -> Result<Option<String>, ModelError> {
        let Some(vector) = self.vector(slot, 1)? else { return Ok(None) };
        Ok(Some(String::from_utf8_lossy(&vector.bytes(MAX_STRING)?).into_owned()))
    }
}

impl Vector<'_> {
    /// The number of elements.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// The bytes of a vector of bytes; an error if there are more than `most`.
    pub fn bytes(&self, most: u64) -> Result<Vec<u8>, ModelError> {
        if self.len > most {
            return Err(error(self.at, format!("a list of {} bytes, where at most {most} are expected", self.len)));
        }
        let mut bytes = vec![0; self.len as usize];
        self.buffer.copy(self.at, &mut bytes)?;
        Ok(bytes)
    }
}

fn outside(at: u64, len: u64) -> ModelError {
    error(at, format!("refers to a place outside of the file, which has {len} bytes"))
}

fn error(at: u64, what: String) -> ModelError {
    let help = Some("the file is damaged or was not written completely".to_string());
    ModelError { place: Some(format!("byte {at}")), what, help }
}

fn unreadable(at: u64, error: &io::Error) -> ModelError {
    ModelError { place: Some(format!("byte {at}")), what: format!("cannot be read: {error}"), help: None }
}
