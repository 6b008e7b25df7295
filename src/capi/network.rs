//! Networks: blobs, which are read in place.

use core::ffi::c_char;

use super::dataflow::maestrino_dataflow;
use super::hardware::{maestrino_energies, maestrino_hardware};
use super::layer::maestrino_layer;
use super::pointer::{bytes, check, fill, give, read, size, write};
use super::report::{report, status_of};
use super::status::maestrino_status::MAESTRINO_END;
use super::status::{maestrino_fault, maestrino_status};
use super::struct_size::{Growing, size_of_struct};
use crate::wire::{Blob, BlobLayer};

/// A network blob that `maestrino_network_open` has checked. It refers to the caller's bytes and does not copy them.
/// Start from `MAESTRINO_INIT(maestrino_network)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_network {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_network)`.
    pub struct_size: u32,
    /// Number of layers.
    pub layer_count: u32,
    /// The blob.
    pub data: *const u8,
    /// Length of the blob in bytes.
    pub length: usize,
    /// Name of the network, not terminated; UTF-8 if it was made by `maestrino compile`.
    pub name: *const c_char,
    /// Length of the name in bytes.
    pub name_length: usize,
}

/// The position of an iteration over the layers of a network. All zero is the beginning.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_cursor {
    /// Number of the next layer.
    pub index: u32,
    /// Position of the next layer in the blob, in bytes; 0 at the beginning.
    pub offset: u32,
}

/// A layer of a network blob. Start from `MAESTRINO_INIT(maestrino_network_layer)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_network_layer {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_network_layer)`.
    pub struct_size: u32,
    /// Number of the layer's dataflow, for `maestrino_network_dataflow`.
    pub dataflow: u32,
    /// Name of the layer, not terminated, in the caller's bytes; UTF-8 if it was made by `maestrino compile`.
    pub name: *const c_char,
    /// Length of the name in bytes.
    pub name_length: usize,
    /// Shape of the layer.
    pub layer: maestrino_layer,
}

// SAFETY: it begins with its size, and any bytes are valid ones.
unsafe impl Growing for maestrino_network {}
// SAFETY: as above.
unsafe impl Growing for maestrino_network_layer {}

/// Checks a whole network blob, and prepares it for reading in place. The bytes must be neither moved nor changed.
///
/// # Safety
/// `data` is NULL or points to `length` bytes, `network` to memory for a `maestrino_network`, `fault` to a
/// `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_network_open(
    data: *const u8,
    length: usize,
    network: *mut maestrino_network,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let open = || {
        // SAFETY: as promised by the caller.
        let blob = Blob::open(unsafe { bytes(data, length) }?)?;
        let opened = maestrino_network {
            struct_size: size_of_struct::<maestrino_network>(),
            layer_count: blob.layer_count().into(),
            data,
            length,
            name: blob.name().as_bytes().as_ptr().cast(),
            name_length: blob.name().as_bytes().len(),
        };
        // SAFETY: as promised by the caller.
        unsafe { give(network, opened) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, open) }
}

impl maestrino_network {
    /// # Safety
    /// As [`bytes`].
    pub(super) unsafe fn blob<'a>(&self) -> Result<Blob<'a>, maestrino_fault> {
        // SAFETY: as promised by the caller.
        Ok(Blob::reopen(unsafe { bytes(self.data, self.length) }?)?)
    }
}

/// Reads the next layer of a network and advances the cursor. Returns `MAESTRINO_END` after the last layer. A cursor
/// starts with all zeros.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `layer` to memory for it; the bytes of the network are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_network_next(
    network: *const maestrino_network,
    cursor: *mut maestrino_cursor,
    layer: *mut maestrino_network_layer,
) -> maestrino_status {
    let next = || {
        // SAFETY: as promised by the caller.
        unsafe { size(layer.cast_const()) }?;
        check(cursor)?;
        // SAFETY: as promised by the caller.
        let (blob, at) = unsafe { (read(network)?.blob()?, cursor.read()) };
        let mut layers = blob.layers();
        if at.index != 0 && !layers.seek(at.index, at.offset) {
            return Err(MAESTRINO_END.into());
        }
        let found = layers.next().ok_or(MAESTRINO_END)??;
        let after = maestrino_cursor { index: at.index.saturating_add(1), offset: layers.offset() };
        // SAFETY: as promised by the caller.
        unsafe {
            give(layer, network_layer(&found))?;
            write(cursor, after)
        }
    };
    status_of(next())
}

pub(super) fn network_layer(layer: &BlobLayer<'_>) -> maestrino_network_layer {
    maestrino_network_layer {
        struct_size: size_of_struct::<maestrino_network_layer>(),
        dataflow: layer.dataflow.into(),
        name: layer.name.as_bytes().as_ptr().cast(),
        name_length: layer.name.as_bytes().len(),
        layer: maestrino_layer::of(&layer.layer),
    }
}

/// Reads the dataflow with the given number of a network. Returns `MAESTRINO_END` if there is none.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `dataflow` to memory for it; the bytes of the network are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_network_dataflow(
    network: *const maestrino_network,
    number: u32,
    dataflow: *mut maestrino_dataflow,
) -> maestrino_status {
    let find = || {
        // SAFETY: as promised by the caller.
        let blob = unsafe { read(network)?.blob() }?;
        let number = u8::try_from(number).map_err(|_| MAESTRINO_END)?;
        let found = blob.dataflow(number).map_err(|_| MAESTRINO_END)?;
        // SAFETY: as promised by the caller.
        unsafe { fill(dataflow, |dataflow| dataflow.set(&found)) }
    };
    status_of(find())
}

/// Reads the accelerator for which a network was compiled, including its clock.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `hardware` to memory for it; the bytes of the network are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_network_hardware(
    network: *const maestrino_network,
    hardware: *mut maestrino_hardware,
) -> maestrino_status {
    let find = || {
        // SAFETY: as promised by the caller.
        let accelerator = unsafe { read(network)?.blob() }?.accelerator()?;
        // SAFETY: as promised by the caller.
        unsafe { give(hardware, maestrino_hardware::of(&accelerator)) }
    };
    status_of(find())
}

/// Reads the energies of the accelerator for which a network was compiled.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `energies` to memory for it; the bytes of the network are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_network_energies(
    network: *const maestrino_network,
    energies: *mut maestrino_energies,
) -> maestrino_status {
    let find = || {
        // SAFETY: as promised by the caller.
        let accelerator = unsafe { read(network)?.blob() }?.accelerator()?;
        // SAFETY: as promised by the caller.
        unsafe { give(energies, maestrino_energies::of(&accelerator.energies)) }
    };
    status_of(find())
}
