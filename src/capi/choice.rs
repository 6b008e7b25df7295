//! Choices on a device: the first of several networks that meets a deadline, and the fastest mapping of a layer.

use super::cost::MAESTRINO_NO_CYCLES;
use super::dataflow::maestrino_dataflow;
use super::hardware::maestrino_hardware;
use super::network::maestrino_network;
use super::network_cost::{Sum, accelerator_for, estimate_blob, maestrino_total};
use super::pointer::{check, fill, give, optional, read, size, write};
use super::report::{report, status_of};
use super::status::maestrino_status::*;
use super::status::{maestrino_fault, maestrino_status};
use crate::count::divide_unsigned;
use crate::total::Total;
use crate::wire::{Blob, MappingSet};

/// Chooses the first of several networks, listed best first, that fits all buffers and takes at most `deadline_us`
/// microseconds at the accelerator's clock. If a network's blob contains a calibration, `calibrated_upper_cycles` are
/// compared with the deadline.
///
/// `hardware` may be NULL for the accelerator for which each network was compiled; otherwise it is as in
/// `maestrino_estimate_network`. If no network that fits is fast enough, the status is `MAESTRINO_DEADLINE_MISSED`,
/// and `index` and `total` are those of the fastest network that fits. If no network fits, the status is
/// `MAESTRINO_DOES_NOT_FIT`, and `index` and `total` are those of the first. The whole call fails if a network before
/// the chosen one cannot be estimated on this accelerator.
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

/// The best network so far.
struct Choice {
    index: u32,
    /// The cycles that are compared with the deadline; `None` if the network does not fit.
    cycles: Option<u64>,
    total: maestrino_total,
    /// The status if this network is chosen: it shows whether the network fits and is fast enough.
    outcome: maestrino_status,
}

/// Makes the next network the best one if it fits and is fast enough, or if it is better than one that is not.
fn consider(
    blob: &Blob<'_>,
    number: u32,
    hardware: Option<&maestrino_hardware>,
    deadline_us: u64,
    best: &mut Choice,
) -> Result<(), maestrino_fault> {
    let accelerator = accelerator_for(blob, hardware)?;
    let mut sum = Sum::NONE;
    estimate_blob(blob, &accelerator, &mut sum, &mut |_, _, _| Ok(()))?;
    let [_, upper] = sum.calibrated(&accelerator);
    let cycles = accelerator.calibration.map(|_| upper).or(sum.total.cycles).filter(|_| sum.total.fits.all());
    let outcome = match cycles {
        None => MAESTRINO_DOES_NOT_FIT,
        // The calibrated cycles do not fit into 64 bits.
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

/// Chooses a mapping for a layer of a network; layers are numbered from 0. Of the mappings with which the network was
/// compiled (`maestrino compile --bandwidths`) and that fit the buffers, it is the one with the fewest cycles at the
/// bandwidths of `hardware`, and the first of several equal ones. It uses integers only. Mapping 0 is the one of
/// `maestrino_estimate_network`.
///
/// `hardware` may be NULL for that of the blob; otherwise it is as in `maestrino_estimate_network`. The status is
/// `MAESTRINO_DOES_NOT_FIT` if no mapping fits, `MAESTRINO_NO_CHOICE` if the network was compiled without a choice of
/// mappings, and `MAESTRINO_END` if there is no such layer.
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
        let accelerator = accelerator_for(&blob, hardware)?;
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

/// Reads the dataflow of one of the mappings among which `maestrino_choose_mapping` chooses. Returns `MAESTRINO_END`
/// if there is none.
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
        unsafe { fill(dataflow, |dataflow| dataflow.set(&found)) }
    };
    status_of(find())
}

/// The mappings of a layer with which the network was compiled.
fn mappings<'a>(blob: &Blob<'a>, layer: u32) -> Result<MappingSet<'a>, maestrino_fault> {
    let layer = u16::try_from(layer).ok().filter(|layer| *layer < blob.layer_count()).ok_or(MAESTRINO_END)?;
    Ok(blob.mappings(layer)?.ok_or(MAESTRINO_NO_CHOICE)?)
}

/// Computes the time of `cycles` cycles at `clock_hz`, in microseconds, rounded up. Returns `MAESTRINO_DOES_NOT_FIT`
/// for `MAESTRINO_NO_CYCLES`.
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
