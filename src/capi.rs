//! The C ABI of `include/maestrino.h`.
//!
//! Every function checks every pointer and number that it is given; what C can get wrong without us noticing (a dangling
//! pointer, a length beyond the end of a buffer) is listed under "Safety". Out-parameters come last and are written only
//! on success, but for faults and the fastest network of a missed deadline. Nothing is kept between calls.
//!
//! This module and those under it are the only ones with `unsafe`.
#![allow(non_camel_case_types)]
#![allow(unsafe_code)]

mod pointer;
mod status;
mod types;

use core::ffi::{c_char, c_void};

use crate::count::divide_unsigned;
use crate::dataflow::presets::Preset;
use crate::exact::{Counts, Player};
use crate::total::Total;
use crate::wire::{Accelerator, Blob, BlobLayer, Counted, MappingSet};
use crate::{Cost, EnergyTable, Hardware, LayerKind, Mapping, maestro};

use pointer::{bytes, check, give, optional, read, size, write};
pub use status::{maestrino_fault, maestrino_status};
pub use types::*;

use maestrino_status::*;

/// Version of this interface: it grows when something is added, and its thousands when something changes.
pub const MAESTRINO_ABI_VERSION: u32 = 2001;

/// `MAESTRINO_ABI_VERSION` of the library, to be compared with the header's.
#[unsafe(no_mangle)]
pub extern "C" fn maestrino_abi_version() -> u32 {
    MAESTRINO_ABI_VERSION
}

/// Structs whose sizes `maestrino_struct_size` tells.
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

/// Size in bytes of a struct (a `maestrino_struct`) in the library, to be compared with `sizeof`; 0 for any other number.
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

/// English text of a status, terminated and static; "unknown status" for any other number.
#[unsafe(no_mangle)]
pub extern "C" fn maestrino_status_text(status: i32) -> *const c_char {
    status::text(status)
}

/// Does the work of a function, unless `fault` cannot be written to; what failed goes there if it is not NULL.
///
/// # Safety
/// As [`give`].
unsafe fn report(fault: *mut maestrino_fault, work: impl FnOnce() -> Result<(), maestrino_fault>) -> maestrino_status {
    // SAFETY: as promised by the caller.
    if !fault.is_null()
        && let Err(unusable) = unsafe { size(fault.cast_const()) }
    {
        return unusable.status;
    }
    let found = match work() {
        Ok(()) => maestrino_fault::new(MAESTRINO_OK),
        Err(found) => found,
    };
    // SAFETY: as promised by the caller. It fails only if there is no fault to write to.
    let _ = unsafe { give(fault, found) };
    found.status
}

/// An empty layer of that kind (a `maestrino_kind`), with strides of 1.
///
/// # Safety
/// `layer` is NULL or points to memory for a `maestrino_layer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_layer_init(kind: i32, layer: *mut maestrino_layer) -> maestrino_status {
    let outcome = types::kind(kind).and_then(|_| {
        // SAFETY: as promised by the caller.
        unsafe { give(layer, maestrino_layer { kind, ..maestrino_layer::EMPTY }) }
    });
    status_of(outcome)
}

fn status_of(outcome: Result<(), maestrino_fault>) -> maestrino_status {
    match outcome {
        Ok(()) => MAESTRINO_OK,
        Err(fault) => fault.status,
    }
}

/// Multiply-accumulates of a layer by its shape; 0 for a POOL or ELTWISE. Fails if the layer is invalid.
///
/// # Safety
/// `layer` is NULL or points to a `maestrino_layer`, `macs` to an `uint64_t`, `fault` to a `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_layer_macs(
    layer: *const maestrino_layer,
    macs: *mut u64,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let count = || {
        // SAFETY: as promised by the caller.
        let layer = unsafe { read(layer) }?.layer()?;
        let count = layer.macs().ok_or(MAESTRINO_OVERFLOW)?;
        // SAFETY: as promised by the caller.
        unsafe { write(macs, count) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, count) }
}

/// An array of `pes` with one lane each, elements of a byte, double buffers, multicast, a NoC of one cycle of latency, a clock
/// of 200 MHz, and no limit on buffers and bandwidths.
///
/// # Safety
/// `hardware` is NULL or points to memory for a `maestrino_hardware`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_hardware_init(pes: u32, hardware: *mut maestrino_hardware) -> maestrino_status {
    let init = || {
        let unlimited = Hardware::new(pes)?;
        // SAFETY: as promised by the caller.
        unsafe { give(hardware, maestrino_hardware::unlimited(unlimited)) }
    };
    status_of(init())
}

/// Whether an accelerator is valid.
///
/// # Safety
/// `hardware` is NULL or points to a `maestrino_hardware`, `fault` to a `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_hardware_check(
    hardware: *const maestrino_hardware,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    // SAFETY: as promised by the caller.
    unsafe { report(fault, || read(hardware)?.hardware().map(drop)) }
}

/// The energies that are taken where none are given: MAESTRO's, and 200 MACs for a byte off-chip.
///
/// # Safety
/// `energies` is NULL or points to memory for a `maestrino_energies`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_energies_init(energies: *mut maestrino_energies) -> maestrino_status {
    // SAFETY: as promised by the caller.
    status_of(unsafe { give(energies, maestrino_energies::of(&EnergyTable::REFERENCE)) })
}

/// The dataflow of a preset (a `maestrino_preset`) for a layer; of its stand-in where it cannot map the layer's kind.
///
/// `tiles` are its tile sizes in the order that `maestrino_preset` tells, 0 for the default; NULL for all defaults. They
/// are not used for a stand-in. If `fit_pes` is not 0, clusters shrink until one fits into that many PEs.
///
/// # Safety
/// `layer` is NULL or points to a `maestrino_layer`, `tiles` to `MAESTRINO_MAX_TILES` numbers or is NULL, `dataflow` to
/// memory for a `maestrino_dataflow`, `fault` to a `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_dataflow_preset(
    preset: i32,
    layer: *const maestrino_layer,
    tiles: *const u32,
    fit_pes: u32,
    dataflow: *mut maestrino_dataflow,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let build = || {
        // SAFETY: as promised by the caller.
        let layer = unsafe { read(layer) }?.layer()?;
        // SAFETY: as promised by the caller.
        let tiles = unsafe { pointer::array::<MAESTRINO_MAX_TILES>(tiles) }?;
        let number = usize::try_from(preset).ok();
        let chosen = number.and_then(|number| Preset::ALL.get(number)).ok_or(MAESTRINO_UNKNOWN_NUMBER)?;
        let preset = chosen.for_kind(layer.kind());
        let mut tiling = preset.tiling();
        if let Some(tiles) = tiles.filter(|_| preset == *chosen) {
            for (parameter, size) in preset.parameters().iter().zip(tiles) {
                if *size != 0 {
                    tiling = tiling.with(parameter.name, *size)?;
                }
            }
        }
        if fit_pes != 0 {
            tiling = tiling.fitted(&layer, fit_pes);
        }
        let directives = tiling.dataflow(layer.kind())?;
        // SAFETY: as promised by the caller.
        unsafe { pointer::fill(dataflow, |dataflow| dataflow.set(&directives)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, build) }
}

/// Whether a dataflow suits a layer and an array of `pes`.
///
/// # Safety
/// `layer` is NULL or points to a `maestrino_layer`, `dataflow` to a `maestrino_dataflow`, `fault` to a `maestrino_fault`
/// or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_dataflow_check(
    layer: *const maestrino_layer,
    dataflow: *const maestrino_dataflow,
    pes: u32,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let map = || {
        // SAFETY: as promised by the caller.
        let (layer, dataflow) = unsafe { (read(layer)?.layer()?, read(dataflow)?) };
        dataflow.map(|directives| Mapping::of(&layer, directives, pes)).map(drop)
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, map) }
}

/// The cost of a layer under a dataflow on an accelerator. `energies` may be NULL: those of `maestrino_energies_init` then.
///
/// Buffers that are too small are no error: `misfits` tells them. This is the whole analysis: it takes tens of KiB of stack and
/// flash, and the time grows with the kinds of steps of each cluster level, multiplied with one another (32,768 at most). What
/// was compiled into a blob takes a fraction of that: `maestrino_estimate_network`.
///
/// # Safety
/// Each pointer is NULL or points to what its type says; `cost` to memory for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_estimate_layer(
    layer: *const maestrino_layer,
    dataflow: *const maestrino_dataflow,
    hardware: *const maestrino_hardware,
    energies: *const maestrino_energies,
    cost: *mut maestrino_cost,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let estimate = || {
        // SAFETY: as promised by the caller.
        let (layer, hardware) = unsafe { (read(layer)?.layer()?, read(hardware)?.hardware()?) };
        // SAFETY: as promised by the caller.
        let energies = unsafe { energy_table(energies) }?;
        // SAFETY: as promised by the caller.
        let dataflow = unsafe { read(dataflow) }?;
        let mapping = dataflow.map(|directives| Mapping::of(&layer, directives, hardware.pes()))?;
        let found = Cost::of_mapping(&mapping, &hardware, &energies)?;
        // SAFETY: as promised by the caller.
        unsafe { give(cost, maestrino_cost::of(&found)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, estimate) }
}

/// The cost of a layer in MAESTRO's model, with its faults: for comparisons with MAESTRO. It knows PEs, lanes, the outermost
/// NoC and the bandwidth off-chip, and energies of MACs, L1 and L2. The time grows with the kinds of steps of each cluster level,
/// multiplied with one another (2^23 at most; some 20 million a second on a PC).
///
/// # Safety
/// Each pointer is NULL or points to what its type says; `cost` to memory for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_maestro_estimate_layer(
    layer: *const maestrino_layer,
    dataflow: *const maestrino_dataflow,
    hardware: *const maestrino_hardware,
    energies: *const maestrino_energies,
    cost: *mut maestrino_maestro_cost,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let estimate = || {
        // SAFETY: as promised by the caller.
        let (layer, hardware) = unsafe { (read(layer)?.layer()?, read(hardware)?.hardware()?) };
        // SAFETY: as promised by the caller.
        let energies = unsafe { energy_table(energies) }?;
        // SAFETY: as promised by the caller.
        let dataflow = unsafe { read(dataflow) }?;
        let mut mapping = maestro::Mapping::unmapped(&layer);
        dataflow.map(|directives| mapping.map(directives, hardware.pes()))?;
        let mut result = maestro::Cost::default();
        result.evaluate(&mapping, &hardware, &energies)?;
        // SAFETY: as promised by the caller.
        unsafe { give(cost, maestrino_maestro_cost::of(&result)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, estimate) }
}

/// # Safety
/// As [`read`], but NULL is allowed.
unsafe fn energy_table(energies: *const maestrino_energies) -> Result<EnergyTable, maestrino_fault> {
    // SAFETY: as promised by the caller.
    match unsafe { optional(energies) }? {
        None => Ok(EnergyTable::REFERENCE),
        Some(energies) => energies.table(),
    }
}

/// Checks a network blob, all of it, and prepares it for reading in place. The bytes must stay where and as they are.
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
            struct_size: pointer::size_of_struct::<maestrino_network>(),
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
    unsafe fn blob<'a>(&self) -> Result<Blob<'a>, maestrino_fault> {
        // SAFETY: as promised by the caller.
        Ok(Blob::reopen(unsafe { bytes(self.data, self.length) }?)?)
    }
}

/// Reads the next layer of a network and moves the cursor on; `MAESTRINO_END` behind the last. A cursor starts all zero.
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

fn network_layer(layer: &BlobLayer<'_>) -> maestrino_network_layer {
    maestrino_network_layer {
        struct_size: pointer::size_of_struct::<maestrino_network_layer>(),
        dataflow: layer.dataflow.into(),
        name: layer.name.as_bytes().as_ptr().cast(),
        name_length: layer.name.as_bytes().len(),
        layer: maestrino_layer::of(&layer.layer),
    }
}

/// The dataflow of that number in a network; `MAESTRINO_END` if there is none.
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
        unsafe { pointer::fill(dataflow, |dataflow| dataflow.set(&found)) }
    };
    status_of(find())
}

/// Called with the cost of each layer, in execution order. Return 0 to go on, anything else to stop.
/// It must return: no C++ exception and no longjmp may leave it.
pub type maestrino_layer_callback = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        index: u32,
        layer: *const maestrino_network_layer,
        cost: *const maestrino_cost,
    ) -> i32,
>;

/// The accelerator that a network was compiled for, its clock among it.
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

/// The energies of the accelerator that a network was compiled for.
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

/// The cost of a network, layer after layer, on the accelerator that it was compiled for: bit for bit that of
/// `maestrino_estimate_layer` with the dataflows that the blob brings, in a fraction of its time and memory.
///
/// `hardware` may be NULL: the blob's own then. It may differ from that in clock, lanes, bandwidths, latencies, L1 and buffers
/// of clusters; with anything else it is `MAESTRINO_OTHER_ACCELERATOR`. `energies` may be NULL: the blob's own then.
/// `callback` may be NULL; `user` is handed to it. Buffers that are too small are no error: `misfits` tells them.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `total` to memory for it; the bytes of the network are there;
/// `callback` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_estimate_network(
    network: *const maestrino_network,
    hardware: *const maestrino_hardware,
    energies: *const maestrino_energies,
    callback: maestrino_layer_callback,
    user: *mut c_void,
    total: *mut maestrino_total,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let estimate = || {
        // SAFETY: as promised by the caller.
        unsafe { size(total.cast_const()) }?;
        // SAFETY: as promised by the caller.
        let (blob, hardware) = unsafe { (read(network)?.blob()?, optional(hardware)?) };
        let mut accelerator = on(&blob, hardware)?;
        // SAFETY: as promised by the caller.
        if let Some(own) = unsafe { optional(energies) }? {
            accelerator.energies = own.table()?;
        }
        let mut sum = Sum::NONE;
        estimate_blob(&blob, &accelerator, &mut sum, &mut |index, layer, cost| match callback {
            None => Ok(()),
            // SAFETY: as promised by the caller.
            Some(callback) => unsafe { call_back(callback, user, index, layer, cost) },
        })?;
        // SAFETY: as promised by the caller.
        unsafe { give(total, sum.total(&accelerator)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, estimate) }
}

/// The accelerator of a blob, or the one that is given, if the blob's counts hold for it.
#[inline(never)]
fn on(blob: &Blob<'_>, given: Option<&maestrino_hardware>) -> Result<Accelerator, maestrino_fault> {
    let mut accelerator = blob.accelerator()?;
    if let Some(given) = given {
        let (own, hardware) = (accelerator.hardware, given.hardware()?);
        if hardware.counted() != own.counted() {
            let other = maestrino_fault::new(MAESTRINO_OTHER_ACCELERATOR);
            return Err(maestrino_fault { value: hardware.pes(), limit: own.pes(), ..other });
        }
        (accelerator.hardware, accelerator.clock_hz) = (hardware, given.clock_hz);
    }
    Ok(accelerator)
}

/// What is summed over the layers of a blob.
struct Sum {
    total: Total,
    /// Cycles as calibrated; `MAESTRINO_NO_CYCLES` where L2 is too small for a layer, or there is no calibration.
    calibrated: u64,
}

impl Sum {
    const NONE: Sum = Sum { total: Total::NONE, calibrated: 0 };

    fn add(&mut self, accelerator: &Accelerator, kind: LayerKind, cost: &Cost) -> Result<(), maestrino_fault> {
        let calibrated = accelerator.calibration.as_ref().and_then(|own| own.cycles(kind, cost));
        self.calibrated = self.calibrated.saturating_add(calibrated.unwrap_or(MAESTRINO_NO_CYCLES));
        Ok(self.total.add(cost)?)
    }

    /// Cycles as calibrated, and what nine in ten networks of which so many are told stay below.
    fn calibrated(&self, accelerator: &Accelerator) -> [u64; 2] {
        let Some(own) = &accelerator.calibration else { return [MAESTRINO_NO_CYCLES; 2] };
        [self.calibrated, own.upper(self.calibrated)]
    }

    fn total(&self, accelerator: &Accelerator) -> maestrino_total {
        maestrino_total::of(&self.total, self.calibrated(accelerator))
    }
}

fn estimate_blob(
    blob: &Blob<'_>,
    accelerator: &Accelerator,
    sum: &mut Sum,
    visit: &mut dyn FnMut(u32, &BlobLayer<'_>, &Cost) -> Result<(), maestrino_fault>,
) -> Result<(), maestrino_fault> {
    let (mut counted, mut cost) = (blob.counted(), Cost::default());
    for (index, layer) in (0..).zip(blob.layers()) {
        let mut costed = || {
            cost_of(&mut counted, accelerator, &mut cost)?;
            let layer = layer.as_ref().map_err(|error| *error)?;
            sum.add(accelerator, layer.layer.kind(), &cost)?;
            visit(index, layer, &cost)
        };
        costed().map_err(|fault| maestrino_fault { layer: index, ..fault })?;
    }
    Ok(())
}

/// Kept out of the loop over layers so that its stack is free while the callback runs.
#[inline(never)]
fn cost_of(counted: &mut Counted<'_>, accelerator: &Accelerator, cost: &mut Cost) -> Result<(), maestrino_fault> {
    let mut counts = Counts::default();
    let mut player = Player::new(&accelerator.hardware);
    counted.take(&mut counts, &mut |event| player.play(event))?;
    Ok(cost.time(&counts, &player, &accelerator.hardware, &accelerator.energies)?)
}

/// Hands a cost to a callback; kept apart so that the struct made for it is off the stack while layers are costed.
///
/// # Safety
/// `callback` may be called with `user`.
#[inline(never)]
unsafe fn call_back(
    callback: unsafe extern "C" fn(*mut c_void, u32, *const maestrino_network_layer, *const maestrino_cost) -> i32,
    user: *mut c_void,
    index: u32,
    layer: &BlobLayer<'_>,
    cost: &Cost,
) -> Result<(), maestrino_fault> {
    let (layer, cost) = (network_layer(layer), maestrino_cost::of(cost));
    // SAFETY: as promised by the caller.
    match unsafe { callback(user, index, &layer, &cost) } {
        0 => Ok(()),
        _ => Err(MAESTRINO_STOPPED.into()),
    }
}

/// Chooses the first of several networks, best first, that fits all buffers and takes at most `deadline_us` at the
/// accelerator's clock; where its blob brings a calibration, by `calibrated_upper_cycles`.
///
/// `hardware` may be NULL: of each network the accelerator that it was compiled for then; else as in
/// `maestrino_estimate_network`. If none of those that fit is fast enough: `MAESTRINO_DEADLINE_MISSED`, and `index` and `total`
/// are those of the fastest that fits. If none fits: `MAESTRINO_DOES_NOT_FIT`, and they are those of the first.
/// A network before the chosen one that cannot be estimated on this accelerator fails the whole call.
///
/// # Safety
/// `networks` is NULL or points to `count` of them, all of the same size; each other pointer is NULL or points to what its type
/// says, `index` and `total` to memory for it; the bytes of the networks are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_choose_network(
    networks: *const maestrino_network,
    count: u32,
    hardware: *const maestrino_hardware,
    deadline_us: u64,
    index: *mut u32,
    total: *mut maestrino_total,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let choose = || {
        check(index)?;
        // SAFETY: as promised by the caller.
        let (_, hardware) = unsafe { (size(total.cast_const())?, optional(hardware)?) };
        if count == 0 {
            return Err(MAESTRINO_END.into());
        }
        // SAFETY: as promised by the caller. Networks of a newer header lie farther apart.
        let stride = unsafe { size(networks) }?;
        let total_of_none = maestrino_total::of(&Total::NONE, [MAESTRINO_NO_CYCLES; 2]);
        let mut best = Choice { index: 0, cycles: None, total: total_of_none, outcome: MAESTRINO_DOES_NOT_FIT };
        for number in 0..count {
            let network = networks.wrapping_byte_add(stride.wrapping_mul(number as usize));
            // SAFETY: as promised by the caller.
            let blob = unsafe { read(network)?.blob() }?;
            consider(&blob, number, hardware, deadline_us, &mut best)?;
            if best.outcome == MAESTRINO_OK {
                break;
            }
        }
        // SAFETY: as promised by the caller.
        unsafe {
            write(index, best.index)?;
            give(total, best.total)?;
        }
        if best.outcome == MAESTRINO_OK { Ok(()) } else { Err(best.outcome.into()) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, choose) }
}

/// The network that is to run as far as it is known.
struct Choice {
    index: u32,
    /// Those that the deadline is for, where it fits.
    cycles: Option<u64>,
    total: maestrino_total,
    /// Whether it fits and is fast enough.
    outcome: maestrino_status,
}

/// Takes the next network if it fits and is fast enough, or faster than one that is not.
fn consider(
    blob: &Blob<'_>,
    number: u32,
    hardware: Option<&maestrino_hardware>,
    deadline_us: u64,
    best: &mut Choice,
) -> Result<(), maestrino_fault> {
    let accelerator = on(blob, hardware)?;
    let mut sum = Sum::NONE;
    estimate_blob(blob, &accelerator, &mut sum, &mut |_, _, _| Ok(()))?;
    let [_, upper] = sum.calibrated(&accelerator);
    let cycles = accelerator.calibration.map(|_| upper).or(sum.total.cycles).filter(|_| sum.total.fits.all());
    let outcome = match cycles {
        None => MAESTRINO_DOES_NOT_FIT,
        // Calibrated, they are too many to tell.
        Some(MAESTRINO_NO_CYCLES) => return Err(MAESTRINO_OVERFLOW.into()),
        Some(cycles) if microseconds(cycles, accelerator.clock_hz)? <= deadline_us => MAESTRINO_OK,
        Some(_) => MAESTRINO_DEADLINE_MISSED,
    };
    let better = match outcome {
        MAESTRINO_OK => true,
        MAESTRINO_DEADLINE_MISSED => best.outcome == MAESTRINO_DOES_NOT_FIT || cycles < best.cycles,
        _ => number == 0,
    };
    if better {
        *best = Choice { index: number, cycles, total: sum.total(&accelerator), outcome };
    }
    Ok(())
}

/// Chooses for a layer of a network, counted from 0, the mapping that takes the fewest cycles at the bandwidths of the moment, of
/// those that the network was compiled with (`maestrino compile --bandwidths`) and that fit the buffers; the first of several.
/// By integers alone. Mapping 0 is the one that `maestrino_estimate_network` is of.
///
/// `hardware` may be NULL: the blob's own then; else as in `maestrino_estimate_network`. `MAESTRINO_DOES_NOT_FIT` if none
/// fits, `MAESTRINO_NO_CHOICE` if the network was compiled without, `MAESTRINO_END` if there is no such layer.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `mapping` and `cycles` to memory for it; the bytes of the network are
/// there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_choose_mapping(
    network: *const maestrino_network,
    layer: u32,
    hardware: *const maestrino_hardware,
    mapping: *mut u32,
    cycles: *mut u64,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let choose = || {
        check(mapping)?;
        check(cycles)?;
        // SAFETY: as promised by the caller.
        let (blob, hardware) = unsafe { (read(network)?.blob()?, optional(hardware)?) };
        let set = mappings(&blob, layer)?;
        let accelerator = on(&blob, hardware)?;
        let chosen = set.choose(&accelerator.hardware)?.ok_or(MAESTRINO_DOES_NOT_FIT)?;
        // SAFETY: as promised by the caller.
        unsafe {
            write(mapping, chosen.mapping.into())?;
            write(cycles, chosen.cycles)
        }
    };
    let choose = || choose().map_err(|fault| maestrino_fault { layer, ..fault });
    // SAFETY: as promised by the caller.
    unsafe { report(fault, choose) }
}

/// The dataflow of a mapping that `maestrino_choose_mapping` may choose for a layer; `MAESTRINO_END` if there is none.
///
/// # Safety
/// Each pointer is NULL or points to what its type says, `dataflow` to memory for it; the bytes of the network are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_network_mapping(
    network: *const maestrino_network,
    layer: u32,
    mapping: u32,
    dataflow: *mut maestrino_dataflow,
) -> maestrino_status {
    let find = || {
        // SAFETY: as promised by the caller.
        let blob = unsafe { read(network)?.blob() }?;
        let set = mappings(&blob, layer)?;
        let mapping = u8::try_from(mapping).ok().filter(|mapping| *mapping < set.count()).ok_or(MAESTRINO_END)?;
        let found = set.dataflow(mapping)?;
        // SAFETY: as promised by the caller.
        unsafe { pointer::fill(dataflow, |dataflow| dataflow.set(&found)) }
    };
    status_of(find())
}

/// The mappings that there is a choice of for a layer.
fn mappings<'a>(blob: &Blob<'a>, layer: u32) -> Result<MappingSet<'a>, maestrino_fault> {
    let layer = u16::try_from(layer).ok().filter(|layer| *layer < blob.layer_count()).ok_or(MAESTRINO_END)?;
    Ok(blob.mappings(layer)?.ok_or(MAESTRINO_NO_CHOICE)?)
}

/// The time that `cycles` take at `clock_hz`, in microseconds, rounded up; `MAESTRINO_DOES_NOT_FIT` for `MAESTRINO_NO_CYCLES`.
///
/// # Safety
/// `us` is NULL or points to memory for an `uint64_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_cycles_to_us(cycles: u64, clock_hz: u32, us: *mut u64) -> maestrino_status {
    // SAFETY: as promised by the caller.
    status_of(microseconds(cycles, clock_hz).and_then(|time| unsafe { write(us, time) }))
}

fn microseconds(cycles: u64, clock_hz: u32) -> Result<u64, maestrino_fault> {
    if cycles == MAESTRINO_NO_CYCLES {
        return Err(MAESTRINO_DOES_NOT_FIT.into());
    }
    const US_PER_S: u64 = 1_000_000;
    let clock = u64::from(clock_hz);
    if clock == 0 {
        return Err(MAESTRINO_OUT_OF_RANGE.into());
    }
    let seconds = divide_unsigned(cycles, clock);
    let rest = cycles - seconds * clock;
    // The rest is below 2^32, so that this fits into 64 bits.
    let rest = divide_unsigned(rest * US_PER_S + clock - 1, clock);
    let whole = seconds.checked_mul(US_PER_S).and_then(|whole| whole.checked_add(rest));
    whole.ok_or(MAESTRINO_OVERFLOW.into())
}

#[cfg(all(feature = "panic-handler", not(any(feature = "std", test))))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // Never reached: no function here can panic, and a test checks that no call to this is linked.
    loop {}
}
