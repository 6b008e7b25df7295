//! The cost of a network.

use core::ffi::c_void;

use super::cost::{MAESTRINO_NO_CYCLES, maestrino_cost, misfits};
use super::hardware::{maestrino_energies, maestrino_hardware};
use super::network::{maestrino_network, maestrino_network_layer, network_layer};
use super::pointer::{give, optional, read, size};
use super::report::report;
use super::status::maestrino_status::{MAESTRINO_OTHER_ACCELERATOR, MAESTRINO_STOPPED};
use super::status::{maestrino_fault, maestrino_status};
use super::struct_size::{Growing, size_of_struct};
use crate::exact::{Counts, Needs, Player};
use crate::total::Total;
use crate::wire::{Accelerator, Blob, BlobLayer, Counted};
use crate::{Cost, Energy, LayerKind};

/// The cost of a network: sums over its layers, and the most that any layer needs. Start from
/// `MAESTRINO_INIT(maestrino_total)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_total {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_total)`.
    pub struct_size: u32,
    /// Number of layers.
    pub layers: u32,
    /// Buffers that are too small for some layer: bits of `maestrino_buffer`; 0 if all are large enough.
    pub misfits: u32,
    /// Number of layers for which some buffer is too small.
    pub misfit_layers: u32,
    /// Cycles of all layers, one after the other; `MAESTRINO_NO_CYCLES` if L2 is too small for any of them.
    pub cycles: u64,
    /// Operations performed.
    pub operations: u64,
    /// Bytes of L1 that the most demanding layer needs in each PE.
    pub l1_bytes: u64,
    /// Bytes that the most demanding layer needs in the buffer of each cluster.
    pub cluster_bytes: u64,
    /// Bytes of L2 that the most demanding layer needs.
    pub l2_bytes: u64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of accesses to cluster buffers.
    pub cluster_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
    /// nJ of off-chip transfers, without those of layers for which L2 is too small.
    pub offchip_nj: f64,
    /// Cycles predicted from measurements of the accelerator. `MAESTRINO_NO_CYCLES` if the blob contains no
    /// calibration, or if L2 is too small for a layer.
    pub calibrated_cycles: u64,
    /// Upper bound of the measured cycles for nine in ten networks with these `calibrated_cycles`.
    pub calibrated_upper_cycles: u64,
}

// SAFETY: it begins with its size, and any bytes are valid ones.
unsafe impl Growing for maestrino_total {}

impl maestrino_total {
    pub(super) fn of(total: &Total, [calibrated_cycles, calibrated_upper_cycles]: [u64; 2]) -> maestrino_total {
        let Needs { l1: l1_bytes, cluster: cluster_bytes, l2: l2_bytes } = total.needs;
        let Energy { mac, l1, l2, cluster, offchip } = total.energy;
        maestrino_total {
            struct_size: size_of_struct::<maestrino_total>(),
            layers: total.layers,
            misfits: misfits(total.fits),
            misfit_layers: total.misfits,
            cycles: total.cycles.unwrap_or(MAESTRINO_NO_CYCLES),
            operations: total.operations,
            l1_bytes,
            cluster_bytes,
            l2_bytes,
            mac_nj: mac,
            l1_nj: l1,
            cluster_nj: cluster,
            l2_nj: l2,
            offchip_nj: offchip,
            calibrated_cycles,
            calibrated_upper_cycles,
        }
    }
}

/// A callback that receives the cost of each layer, in execution order. Return 0 to go on, anything else to stop. It
/// must return normally: neither a C++ exception nor a longjmp may leave it.
pub type maestrino_layer_callback = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        index: u32,
        layer: *const maestrino_network_layer,
        cost: *const maestrino_cost,
    ) -> i32,
>;

/// Computes the cost of a network, layer by layer, on the accelerator for which it was compiled. The result is bit
/// for bit that of `maestrino_estimate_layer` with the dataflows of the blob, but takes a fraction of the time and
/// memory.
///
/// `hardware` may be NULL for that of the blob. It may differ from that of the blob in clock, lanes, bandwidths,
/// latencies, and in the sizes of L1 and of cluster buffers; any other difference is `MAESTRINO_OTHER_ACCELERATOR`.
/// `energies` may be NULL for those of the blob. `callback` may be NULL; `user` is passed to it. Buffers that are too
/// small are not an error: `misfits` shows them.
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
        let mut accelerator = accelerator_for(&blob, hardware)?;
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

/// The given accelerator if the counts of the blob hold for it, or that of the blob if none is given.
#[inline(never)]
pub(super) fn accelerator_for(
    blob: &Blob<'_>,
    given: Option<&maestrino_hardware>,
) -> Result<Accelerator, maestrino_fault> {
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
pub(super) struct Sum {
    pub(super) total: Total,
    /// Cycles as calibrated; `MAESTRINO_NO_CYCLES` where L2 is too small for a layer, or there is no calibration.
    calibrated: u64,
}

impl Sum {
    pub(super) const NONE: Sum = Sum { total: Total::NONE, calibrated: 0 };

    fn add(&mut self, accelerator: &Accelerator, kind: LayerKind, cost: &Cost) -> Result<(), maestrino_fault> {
        let calibrated = accelerator.calibration.as_ref().and_then(|own| own.cycles(kind, cost));
        self.calibrated = self.calibrated.saturating_add(calibrated.unwrap_or(MAESTRINO_NO_CYCLES));
        Ok(self.total.add(cost)?)
    }

    /// Calibrated cycles, and the bound below which nine in ten networks with this estimate stay.
    pub(super) fn calibrated(&self, accelerator: &Accelerator) -> [u64; 2] {
        let Some(own) = &accelerator.calibration else { return [MAESTRINO_NO_CYCLES; 2] };
        [self.calibrated, own.upper(self.calibrated)]
    }

    pub(super) fn total(&self, accelerator: &Accelerator) -> maestrino_total {
        maestrino_total::of(&self.total, self.calibrated(accelerator))
    }
}

/// Adds the costs of all layers of a blob to `sum`, and passes each layer with its cost to `visit`.
pub(super) fn estimate_blob(
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

/// Not inlined into the loop over layers, so that its stack is free while the callback runs.
#[inline(never)]
fn cost_of(counted: &mut Counted<'_>, accelerator: &Accelerator, cost: &mut Cost) -> Result<(), maestrino_fault> {
    let mut counts = Counts::default();
    let mut player = Player::new(&accelerator.hardware);
    counted.take(&mut counts, &mut |event| player.play(event))?;
    Ok(cost.time(&counts, &player, &accelerator.hardware, &accelerator.energies)?)
}

/// Passes a cost to a callback. Not inlined, so that the struct made for the callback is off the stack while layers
/// are costed.
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
