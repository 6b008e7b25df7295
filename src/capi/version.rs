//! The version of the interface and the sizes of its structs, which show whether header and library belong together.

use super::cost::{maestrino_cost, maestrino_maestro_cost};
use super::dataflow::maestrino_dataflow;
use super::hardware::{maestrino_energies, maestrino_hardware};
use super::layer::maestrino_layer;
use super::network::{maestrino_network, maestrino_network_layer};
use super::network_cost::maestrino_total;
use super::status::maestrino_fault;

/// Version of this interface. It increases by one if something is added, and to the next thousand if something
/// changes.
pub const MAESTRINO_ABI_VERSION: u32 = 2001;

/// Returns the `MAESTRINO_ABI_VERSION` of the library, to be compared with that of the header.
#[unsafe(no_mangle)]
pub extern "C" fn maestrino_abi_version() -> u32 {
    MAESTRINO_ABI_VERSION
}

/// Structs whose sizes `maestrino_struct_size` returns.
#[repr(i32)]
pub enum maestrino_struct {
    /// `maestrino_layer`.
    MAESTRINO_STRUCT_LAYER = 0,
    /// `maestrino_dataflow`.
    MAESTRINO_STRUCT_DATAFLOW = 1,
    /// `maestrino_hardware`.
    MAESTRINO_STRUCT_HARDWARE = 2,
    /// `maestrino_energies`.
    MAESTRINO_STRUCT_ENERGIES = 3,
    /// `maestrino_cost`.
    MAESTRINO_STRUCT_COST = 4,
    /// `maestrino_total`.
    MAESTRINO_STRUCT_TOTAL = 5,
    /// `maestrino_network`.
    MAESTRINO_STRUCT_NETWORK = 6,
    /// `maestrino_network_layer`.
    MAESTRINO_STRUCT_NETWORK_LAYER = 7,
    /// `maestrino_fault`.
    MAESTRINO_STRUCT_FAULT = 8,
    /// `maestrino_maestro_cost`.
    MAESTRINO_STRUCT_MAESTRO_COST = 9,
}

/// Returns the size of a struct (`which` is a `maestrino_struct`) in the library, in bytes, to be compared with
/// `sizeof`; 0 for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn maestrino_struct_size(which: i32) -> u32 {
    let size = match which {
        0 => size_of::<maestrino_layer>(),
        1 => size_of::<maestrino_dataflow>(),
        2 => size_of::<maestrino_hardware>(),
        3 => size_of::<maestrino_energies>(),
        4 => size_of::<maestrino_cost>(),
        5 => size_of::<maestrino_total>(),
        6 => size_of::<maestrino_network>(),
        7 => size_of::<maestrino_network_layer>(),
        8 => size_of::<maestrino_fault>(),
        9 => size_of::<maestrino_maestro_cost>(),
        _ => 0,
    };
    size as u32
}
